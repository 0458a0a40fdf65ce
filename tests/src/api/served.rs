//! A served network: the real command listening, and a client that speaks to it as any other would.

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use sqlx::Connection as _;

use crate::command::{Running, Sandbox};
use crate::twins::done;

/// A network that is served, and a token of its operator.
pub(crate) struct Served {
    pub(crate) sandbox: Sandbox,
    pub(crate) address: String,
    /// The operators' own, where there is one.
    pub(crate) second_address: Option<String>,
    pub(crate) operator: String,
    pub(crate) process: Running,
}

/// What was answered.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) text: String,
    /// The body as it came.
    pub(crate) bytes: Vec<u8>,
}

impl Reply {
    /// A header, by its name in small letters.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// A field of the answer as text.
    pub(crate) fn field(&self, name: &str) -> String {
        match &self.json()[name] {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        }
    }

    /// The last part of the problem's type.
    pub(crate) fn problem(&self) -> String {
        self.field("type").trim_start_matches("/problems/").to_owned()
    }

    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{self:?}");
        self
    }
}

/// A request that is put together.
pub(crate) struct Call<'a> {
    address: &'a str,
    method: &'a str,
    path: String,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Call<'_> {
    pub(crate) fn token(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// With this key; each request has one of its own otherwise.
    pub(crate) fn key(self, key: &str) -> Self {
        self.header("idempotency-key", key)
    }

    pub(crate) fn json(mut self, body: &Value) -> Self {
        self.body = body.to_string().into_bytes();
        self.header("content-type", "application/json")
    }

    pub(crate) fn body(mut self, media_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self.header("content-type", media_type)
    }

    /// The bytes that go over the wire.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut head =
            format!("{} {} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n", self.method, self.path, self.address);
        for (name, value) in &self.headers {
            write!(head, "{name}: {value}\r\n").unwrap();
        }
        if self.method != "GET" && !self.headers.iter().any(|(name, _)| name == "idempotency-key") {
            write!(head, "idempotency-key: {}\r\n", new_key()).unwrap();
        }
        if !self.headers.iter().any(|(name, _)| name == "content-length") {
            write!(head, "content-length: {}\r\n", self.body.len()).unwrap();
        }
        head.push_str("\r\n");
        let mut bytes = head.into_bytes();
        bytes.extend(&self.body);
        bytes
    }

    pub(crate) fn send(self) -> Reply {
        self.try_send().unwrap_or_else(|error| panic!("{} {}: {error}", self.method, self.path))
    }

    pub(crate) fn try_send(&self) -> std::io::Result<Reply> {
        exchange(self.address, &self.bytes())
    }
}

/// Sends bytes and reads what comes back until the connection closes.
pub(crate) fn exchange(address: &str, bytes: &[u8]) -> std::io::Result<Reply> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_mins(1)))?;
    // Whoever is refused early may find the connection closed while it still writes.
    let written = stream.write_all(bytes);
    let mut answer = Vec::new();
    let read = stream.read_to_end(&mut answer);
    if answer.is_empty() {
        written?;
        read?;
        return Err(std::io::ErrorKind::UnexpectedEof.into());
    }
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").map_or(answer.len(), |end| end + 4);
    let bytes = answer.split_off(end);
    let (head, body) = (String::from_utf8_lossy(&answer), String::from_utf8_lossy(&bytes));
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok()).unwrap_or_default();
    let headers: Vec<_> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_lowercase(), value.trim().to_owned()))
        .collect();
    let is_chunked = headers.iter().any(|(name, value)| name == "transfer-encoding" && value == "chunked");
    let text = if is_chunked { unchunked(&body) } else { body.into_owned() };
    Ok(Reply { status, headers, text, bytes })
}

fn unchunked(body: &str) -> String {
    let (mut rest, mut text) = (body, String::new());
    while let Some((size, after)) = rest.split_once("\r\n") {
        let size = usize::from_str_radix(size.trim(), 16).unwrap_or(0);
        if size == 0 {
            break;
        }
        text.push_str(after.get(..size).unwrap_or_default());
        rest = after.get(size + 2..).unwrap_or_default();
    }
    text
}

/// A key that no request of this process had.
pub(crate) fn new_key() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    format!("test-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

impl Served {
    /// A fresh network, served.
    pub(crate) fn fresh(sandbox: Sandbox) -> Self {
        Self::with(sandbox, "")
    }

    /// The same, with more words on the command line.
    pub(crate) fn with(sandbox: Sandbox, words: &str) -> Self {
        done(&sandbox.run("init 'Entraide du pays'"));
        let operator = token(&sandbox, "");
        let (process, mut addresses) = serve_on(&sandbox, words, 1 + words.matches("--health-listen").count());
        let address = addresses.remove(0);
        Self { sandbox, address, second_address: addresses.pop(), operator, process }
    }

    pub(crate) fn call(&self, method: &'static str, path: &str) -> Call<'_> {
        Call { address: &self.address, method, path: path.to_owned(), headers: Vec::new(), body: Vec::new() }
    }

    pub(crate) fn get(&self, token: &str, path: &str) -> Reply {
        self.call("GET", path).token(token).send()
    }

    pub(crate) fn post(&self, token: &str, path: &str, body: &Value) -> Reply {
        self.call("POST", path).token(token).json(body).send()
    }

    pub(crate) fn put(&self, token: &str, path: &str, body: &Value) -> Reply {
        self.call("PUT", path).token(token).json(body).send()
    }

    /// A new member; returns its name.
    pub(crate) fn association(&self, name: &str) -> String {
        self.post(&self.operator, "/v1/associations", &json!({ "name": name })).expect(201).field("id")
    }

    /// A person of an association with a role in it or in the network; returns their name and a token.
    pub(crate) fn person(&self, code: &str, role: &str, association: Option<&str>) -> (String, String) {
        let person = self.enrolled(code, association);
        self.give_role(&person, role, association);
        (person, token(&self.sandbox, &format!("--as {code}")))
    }

    /// A person without a role, perhaps of an association; returns their name and a token.
    pub(crate) fn volunteer(&self, code: &str, association: Option<&str>) -> (String, String) {
        let person = self.enrolled(code, association);
        (person, token(&self.sandbox, &format!("--as {code}")))
    }

    /// A person, perhaps of an association; returns their name.
    pub(crate) fn enrolled(&self, code: &str, association: Option<&str>) -> String {
        let person = self.post(&self.operator, "/v1/persons", &json!({ "code": code })).expect(201).field("id");
        if let Some(association) = association {
            let body = json!({ "association": association });
            self.post(&self.operator, &format!("/v1/persons/{person}/memberships"), &body).expect(200);
        }
        person
    }

    /// A webhook of whoever shows the token, and no other: there is room for few.
    pub(crate) fn only_webhook(&self, token: &str, body: &Value) -> String {
        let webhooks = self.get(&self.operator, "/v1/webhooks").expect(200).json();
        for webhook in webhooks["items"].as_array().unwrap() {
            let path = format!("/v1/webhooks/{}", webhook["id"].as_str().unwrap());
            self.call("DELETE", &path).token(&self.operator).send().expect(204);
        }
        self.post(token, "/v1/webhooks", body).expect(201).field("id")
    }

    pub(crate) fn give_role(&self, person: &str, role: &str, association: Option<&str>) {
        let body = json!({ "role": role, "association": association });
        self.post(&self.operator, &format!("/v1/persons/{person}/roles"), &body).expect(200);
    }

    /// An exchange proposed by the token's association; returns its name.
    pub(crate) fn propose(&self, token: &str, giver: &str, receiver: &str, minutes: i64) -> String {
        let body = json!({ "giver": giver, "receiver": receiver, "minutes": minutes, "service_date": "2026-03-14" });
        self.post(token, "/v1/exchanges", &body).expect(201).field("id")
    }

    pub(crate) fn balance(&self, association: &str) -> i64 {
        let reply = self.get(&self.operator, &format!("/v1/associations/{association}/balance")).expect(200);
        reply.json()["minutes"].as_i64().unwrap()
    }

    /// Everything holds.
    pub(crate) fn assert_sound(&self) {
        let audit = self.sandbox.run("audit");
        assert_eq!(audit.code, Some(0), "{audit}");
    }
}

/// A token from the command line.
pub(crate) fn token(sandbox: &Sandbox, words: &str) -> String {
    let run = sandbox.run(&format!("token create {words}"));
    assert_eq!(run.code, Some(0), "{run}");
    run.stdout.trim().to_owned()
}

/// Starts the service on a free port; returns it with its address.
pub(crate) fn serve(sandbox: &Sandbox, words: &str) -> (Running, String) {
    let (process, mut addresses) = serve_on(sandbox, words, 1);
    (process, addresses.remove(0))
}

/// Starts the service; returns it with so many addresses that it tells.
fn serve_on(sandbox: &Sandbox, words: &str, addresses: usize) -> (Running, Vec<String>) {
    let rate = if words.contains("--rate") { "" } else { "--rate 0" };
    let mut process = sandbox.spawn(&format!("serve --listen 127.0.0.1:0 --log-requests false {rate} {words}"));
    let mut said = BufReader::new(process.stdout.take().unwrap());
    let mut told = Vec::new();
    while told.len() < addresses {
        let mut line = String::new();
        said.read_line(&mut line).unwrap();
        let Some((_, address)) = line.trim().split_once("http://") else {
            let mut why = String::new();
            let _ = process.stderr.take().unwrap().read_to_string(&mut why);
            panic!("The service does not start: {line}{why}");
        };
        told.push(address.to_owned());
    }
    (process, told)
}

/// Tries until it holds, for fifteen seconds at least.
#[track_caller]
pub(crate) fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    for _ in 0..300 {
        if holds() {
            return;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("{what}");
}

/// What somebody does behind the program's back.
pub(crate) fn by_hand(database: &str, sql: &'static str) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        if database.starts_with("postgres") {
            let mut connection = sqlx::PgConnection::connect(database).await.unwrap();
            sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
        } else {
            let mut connection = sqlx::SqliteConnection::connect(database).await.unwrap();
            sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
            connection.close().await.unwrap();
        }
    });
}
