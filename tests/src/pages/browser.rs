//! A person with the plainest of browsers, over HTTP: they read what they are shown, follow the links and submit the
//! forms that stand there, and keep cookies. Whatever they write goes where the page's form sends it, or nowhere.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::looking::plain;
use super::page::{Field, Form, Kind, Page};
use crate::api::served::{Reply, exchange};

pub(crate) struct Browser {
    address: String,
    language: &'static str,
    /// By name and path.
    cookies: BTreeMap<(String, String), String>,
    /// What the field for a file was given: a name, and what is in it.
    chosen: Option<(String, Vec<u8>)>,
    /// Where the person is.
    pub(crate) path: String,
    pub(crate) reply: Reply,
    pub(crate) page: Page,
}

impl Browser {
    /// A browser without cookies, before a service, that has not been anywhere yet.
    pub(crate) fn before(address: &str, language: &'static str) -> Self {
        let reply = Reply { status: 0, headers: Vec::new(), text: String::new(), bytes: Vec::new() };
        let (path, page) = ("/".to_owned(), Page::default());
        Self { address: address.to_owned(), language, cookies: BTreeMap::new(), chosen: None, path, reply, page }
    }

    /// Goes to an address, wherever that leads; a page, or what else is there, with any status.
    pub(crate) fn open(&mut self, path: &str) -> &mut Self {
        let path = resolved(&self.path, path);
        let reply = self.ask("GET", &path, None);
        self.arrive(path, reply);
        self
    }

    /// Follows the one link of this text, or whose text begins so.
    #[track_caller]
    pub(crate) fn follow(&mut self, text: &str) -> &mut Self {
        let texts: Vec<_> = self.page.links.iter().map(|link| link.text.clone()).collect();
        let address = self.page.links[self.one("link", text, &texts)].address.clone();
        self.open(&address)
    }

    /// Writes into the field of this label; where it is to be chosen from a list, chooses.
    #[track_caller]
    pub(crate) fn write(&mut self, label: &str, value: &str) -> &mut Self {
        let path = self.path.clone();
        let field = self.field(label, |kind| matches!(kind, Kind::Text | Kind::Select));
        if field.kind == Kind::Select {
            let chosen = field.options.iter().find(|(_, text)| plain(text) == plain(value));
            let Some((chosen, _)) = chosen else {
                panic!("“{value}” is not among {:?} on {path}", field.options);
            };
            field.value = chosen.clone();
        } else {
            value.clone_into(&mut field.value);
        }
        self
    }

    /// Chooses or ticks what bears this label.
    #[track_caller]
    pub(crate) fn choose(&mut self, label: &str) -> &mut Self {
        let field = self.field(label, |kind| matches!(kind, Kind::Radio { .. } | Kind::Tick { .. }));
        if let Kind::Tick { is_ticked } = &mut field.kind {
            *is_ticked = !*is_ticked;
            return self;
        }
        let chosen = field.clone();
        for other in self.page.forms.iter_mut().flat_map(|form| &mut form.fields) {
            if let Kind::Radio { is_chosen } = &mut other.kind
                && other.name == chosen.name
            {
                *is_chosen = other.value == chosen.value;
            }
        }
        self
    }

    /// Chooses a file in the field of this label.
    #[track_caller]
    pub(crate) fn attach(&mut self, label: &str, name: &str, bytes: impl Into<Vec<u8>>) -> &mut Self {
        name.clone_into(&mut self.field(label, |kind| kind == Kind::File).value);
        self.chosen = Some((name.to_owned(), bytes.into()));
        self
    }

    /// Submits the form of the one button of this text, or whose text begins so.
    #[track_caller]
    pub(crate) fn press(&mut self, text: &str) -> &mut Self {
        let every = self.page.forms.iter().enumerate();
        let every: Vec<_> = every.flat_map(|(form, it)| (0..it.buttons.len()).map(move |at| (form, at))).collect();
        let texts: Vec<_> = every.iter().map(|(form, at)| self.page.forms[*form].buttons[*at].text.clone()).collect();
        let (form, at) = every[self.one("button", text, &texts)];
        let form = self.page.forms[form].clone();
        self.submit(&form, at)
    }

    /// Submits a form as if this button of it had been pressed.
    #[track_caller]
    pub(crate) fn submit(&mut self, form: &Form, button: usize) -> &mut Self {
        let button = form.buttons.get(button).cloned().unwrap_or_default();
        let mut values = sent(form);
        values.extend((!button.name.is_empty()).then_some((button.name, button.value)));
        let path = resolved(&self.path, &button.action.unwrap_or_else(|| form.action.clone()));
        if form.fields.iter().any(|field| field.kind == Kind::File) {
            let chosen = self.chosen.take().unwrap_or_default();
            let body = parts(&values, &chosen);
            let reply = self.send("POST", &path, Some((&format!("multipart/form-data; boundary={BOUNDARY}"), &body)));
            // A file that is only looked at changes nothing, and is told of at once.
            assert!([200, 303].contains(&reply.status) || (400..500).contains(&reply.status), "POST {path}: {reply:?}");
            self.arrive(path, reply);
            return self;
        }
        let values: Vec<_> =
            values.iter().map(|(name, value)| format!("{}={}", escaped(name), escaped(value))).collect();
        let values = values.join("&");
        if !form.is_post {
            let (path, _) = path.split_once('?').unwrap_or((&path, ""));
            return self.open(&format!("{path}?{values}"));
        }
        let reply = self.ask("POST", &path, Some(&values));
        // What was done is told by the page that follows, so that nothing is done twice; what did not fit, at once.
        let is_told = (400..500).contains(&reply.status) || reply.status == 503;
        assert!(reply.status == 303 || is_told, "POST {path}: {reply:?}");
        self.arrive(path, reply);
        self
    }

    /// The page came with this status.
    #[track_caller]
    pub(crate) fn expect(&mut self, status: u16) -> &mut Self {
        assert_eq!(self.reply.status, status, "{}\n{}", self.path, self.page.text);
        self
    }

    /// The page says this somewhere.
    #[track_caller]
    pub(crate) fn reads(&mut self, words: &str) -> &mut Self {
        assert!(self.page.text.contains(&plain(words)), "{} does not say “{words}”:\n{}", self.path, self.page.text);
        self
    }

    /// A cookie that the person got otherwise, as `name=value`.
    pub(crate) fn bring(&mut self, cookie: &str) {
        let (name, value) = cookie.split_once('=').expect("A cookie has a name.");
        self.cookies.insert((name.to_owned(), "/".to_owned()), value.to_owned());
    }

    /// The cookies of another page of the same browser.
    pub(crate) fn bring_all(&mut self, other: &Self) {
        self.cookies.clone_from(&other.cookies);
    }

    /// The cookies that go with a request, as another browser may bring them.
    pub(crate) fn cookies(&self) -> Vec<String> {
        self.cookies.iter().map(|((name, _), value)| format!("{name}={value}")).collect()
    }

    /// A request with a form, or without.
    pub(crate) fn ask(&mut self, method: &str, path: &str, form: Option<&str>) -> Reply {
        self.send(method, path, form.map(|form| ("application/x-www-form-urlencoded", form.as_bytes())))
    }

    fn send(&mut self, method: &str, path: &str, body: Option<(&str, &[u8])>) -> Reply {
        let request = self.request(method, path, body);
        let reply = exchange(&self.address, &request);
        let reply = reply.unwrap_or_else(|error| panic!("{method} {path}: {error}"));
        for (_, cookie) in reply.headers.iter().filter(|(name, _)| name == "set-cookie") {
            self.keep(cookie);
        }
        reply
    }

    /// The bytes of a request are put together here, to send it otherwise than this browser would.
    pub(crate) fn request(&self, method: &str, path: &str, body: Option<(&str, &[u8])>) -> Vec<u8> {
        let mut head = format!("{method} {path} HTTP/1.1\r\nhost: {0}\r\nconnection: close\r\n", self.address);
        write!(head, "accept: text/html\r\naccept-language: {}\r\n", self.language).unwrap();
        let fitting = self.cookies.iter().filter(|((_, below), _)| path.starts_with(below.as_str()));
        let cookies: Vec<_> = fitting.map(|((name, _), value)| format!("{name}={value}")).collect();
        if !cookies.is_empty() {
            write!(head, "cookie: {}\r\n", cookies.join("; ")).unwrap();
        }
        if let Some((kind, body)) = body {
            let origin = &self.address;
            write!(head, "origin: http://{origin}\r\nsec-fetch-site: same-origin\r\nsec-fetch-mode: navigate\r\n")
                .unwrap();
            write!(head, "content-type: {kind}\r\ncontent-length: {}\r\n", body.len()).unwrap();
        }
        let mut request = format!("{head}\r\n").into_bytes();
        request.extend_from_slice(body.map(|(_, body)| body).unwrap_or_default());
        request
    }

    fn arrive(&mut self, path: String, mut reply: Reply) {
        let mut path = path;
        for _ in 0..10 {
            if ![301, 302, 303, 307, 308].contains(&reply.status) {
                break;
            }
            path = resolved(&path, reply.header("location").expect("A redirection leads somewhere."));
            reply = self.ask("GET", &path, None);
        }
        assert!(reply.status < 300 || reply.status >= 400, "{path} leads nowhere: {reply:?}");
        let is_page = reply.header("content-type").is_some_and(|kind| kind.starts_with("text/html"));
        self.page = if is_page { Page::read(&reply.text) } else { Page::default() };
        (self.path, self.reply) = (path, reply);
    }

    fn keep(&mut self, cookie: &str) {
        let (pair, rest) = cookie.split_once(';').unwrap_or((cookie, ""));
        let (name, value) = pair.split_once('=').expect("A cookie has a name.");
        let words: Vec<_> = rest.split(';').map(|word| word.trim().to_lowercase()).collect();
        let path = words.iter().find_map(|word| word.strip_prefix("path=")).unwrap_or("/").to_owned();
        let key = (name.trim().to_owned(), path);
        if words.iter().any(|word| word == "max-age=0") {
            self.cookies.remove(&key);
        } else {
            self.cookies.insert(key, value.to_owned());
        }
    }

    #[track_caller]
    fn field(&mut self, label: &str, is_such: impl Fn(Kind) -> bool) -> &mut Field {
        let every: Vec<_> = (self.page.forms.iter().enumerate())
            .flat_map(|(form, it)| it.fields.iter().enumerate().map(move |(at, field)| (form, at, field)))
            .filter(|(_, _, field)| is_such(field.kind))
            .map(|(form, at, field)| (form, at, field.label.clone()))
            .collect();
        let labels: Vec<_> = every.iter().map(|(_, _, label)| label.clone()).collect();
        let (form, at, _) = every[self.one("field", label, &labels)];
        &mut self.page.forms[form].fields[at]
    }

    /// The place of the one that is called so, or else of the one that begins so.
    #[track_caller]
    fn one(&self, what: &str, name: &str, names: &[String]) -> usize {
        let name = plain(name);
        let is_exact = names.contains(&name);
        let fits = |it: &String| if is_exact { *it == name } else { it.starts_with(&name) };
        let found: Vec<_> = names.iter().enumerate().filter(|(_, it)| fits(it)).map(|(at, _)| at).collect();
        match found[..] {
            [at] => at,
            _ => panic!("{} times a {what} “{name}” on {}:\n{}", found.len(), self.path, self.page.text),
        }
    }
}

/// What parts the fields of a form that has a file.
pub(crate) const BOUNDARY: &str = "----coudemain";

/// A form with a file, as it travels.
pub(crate) fn parts(values: &[(String, String)], (name, bytes): &(String, Vec<u8>)) -> Vec<u8> {
    let mut body = String::new();
    for (field, value) in values {
        write!(body, "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n").unwrap();
    }
    let about = format!("content-disposition: form-data; name=\"file\"; filename=\"{name}\"");
    write!(body, "--{BOUNDARY}\r\n{about}\r\ncontent-type: application/octet-stream\r\n\r\n").unwrap();
    let mut body = body.into_bytes();
    body.extend_from_slice(bytes);
    body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
    body
}

/// The names and values that a browser sends of a form.
fn sent(form: &Form) -> Vec<(String, String)> {
    let is_sent = |field: &&Field| {
        let is_left_out = matches!(field.kind, Kind::Radio { is_chosen: false } | Kind::Tick { is_ticked: false });
        !field.name.is_empty() && !is_left_out && field.kind != Kind::File
    };
    form.fields.iter().filter(is_sent).map(|field| (field.name.clone(), field.value.clone())).collect()
}

/// An address that stands in a page, from where the page is.
fn resolved(page: &str, address: &str) -> String {
    let address = address.split('#').next().unwrap_or_default();
    if address.is_empty() {
        return page.to_owned();
    }
    if address.starts_with('/') {
        return address.to_owned();
    }
    let (path, _) = page.split_once('?').unwrap_or((page, ""));
    if address.starts_with('?') {
        return format!("{path}{address}");
    }
    let (folder, _) = path.rsplit_once('/').unwrap_or(("", path));
    format!("{folder}/{address}")
}

/// As the fields of a form travel.
fn escaped(text: &str) -> String {
    text.bytes().fold(String::new(), |mut escaped, byte| {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'*' => escaped.push(byte.into()),
            b' ' => escaped.push('+'),
            _ => write!(escaped, "%{byte:02X}").unwrap(),
        }
        escaped
    })
}
