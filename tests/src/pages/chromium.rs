//! A real browser: Debian's Chromium, told what to do over a pipe, in its own protocol (CDP).
//!
//! The whole process shares one, and each test has a profile of its own in it, without cookies, caches or workers of
//! another. `WebDriver` would lead through another server to the same protocol, in which darkness, a cut network and
//! scripts that are switched off have to be said all the same; and its usual client has `serde_json` keep the order of
//! keys in all that is built with it, so that the tests would try another program than the one that is handed out.
//!
//! Nothing outlives the process: a small shell starts the browser and removes its folder afterwards, and the browser
//! ends when the pipe closes, however we end.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{ChildStdin, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, OnceLock};
use std::time::Duration;
use std::{env, thread};

use serde_json::{Value, json};

use crate::packages;

/// What nothing in the browser should take: it is asked for what stands on a loopback, by two cores that do much else.
pub(super) const PATIENCE: Duration = Duration::from_mins(1);

/// Starts the browser on the pipe that is its standard input and output here, and clears up when it has ended.
const KEEPER: &str = r#"
trap '' HUP INT TERM PIPE
folder=$(mktemp -d) || exit
"$@" --user-data-dir="$folder" --remote-debugging-pipe about:blank 3<&0 4>&1 </dev/null >/dev/null 2>&1
rm -rf "$folder"
"#;

/// As little as can be of what a browser does by itself. It runs without a sandbox, which root cannot have: it reads
/// nothing but our own pages.
const WORDS: [&str; 12] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--hide-scrollbars",
    // Nobody but the machine itself can be reached, whatever a page asks for.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
];

/// The browser that the tests of this process share.
pub(super) fn chromium() -> &'static Chromium {
    static CHROMIUM: OnceLock<Result<Chromium, String>> = OnceLock::new();
    // The outcome is kept either way, so that a machine without a browser says so in every test at once.
    CHROMIUM.get_or_init(Chromium::start).as_ref().unwrap_or_else(|why| panic!("{why}"))
}

/// The running browser.
pub(super) struct Chromium {
    orders: Mutex<ChildStdin>,
    next: AtomicU64,
    answers: Mutex<HashMap<u64, Sender<Result<Value, String>>>>,
    profiles: Mutex<HashMap<String, Profile>>,
    listeners: Mutex<HashMap<String, Sender<Value>>>,
}

/// What is kept of a test's profile, by its name.
struct Profile {
    events: Sender<Value>,
    /// What its workers say of themselves: the browser's name and the language.
    agent: Value,
}

impl Chromium {
    fn start() -> Result<Self, String> {
        let mut keeper = Command::new("sh")
            .args(["-c", KEEPER, "keeper"])
            .arg(program()?)
            .args(WORDS)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            // Out of reach of the Ctrl-C that stops `cargo test`.
            .process_group(0)
            .spawn()
            .map_err(|error| format!("Chromium's keeper could not start: {error}"))?;
        let orders = keeper.stdin.take().expect("The keeper's input is a pipe.");
        let said = keeper.stdout.take().expect("The keeper's output is a pipe.");
        let chromium = Self {
            orders: Mutex::new(orders),
            next: AtomicU64::new(1),
            answers: Mutex::default(),
            profiles: Mutex::default(),
            listeners: Mutex::default(),
        };
        thread::spawn(move || listen(said));
        Ok(chromium)
    }

    /// Gives an order, to the browser or within a session, and waits until it is done.
    pub(super) fn order(&self, session: Option<&str>, method: &str, parameters: &Value) -> Result<Value, String> {
        let (sender, answer) = channel();
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        self.answers.lock().unwrap().insert(number, sender);
        self.say(number, session, method, parameters);
        answer.recv_timeout(PATIENCE).unwrap_or_else(|why| Err(format!("Chromium does not answer: {why}")))
    }

    /// A profile of one test's own, whose person reads a language; with what happens in it.
    pub(super) fn profile(&self, language: &str) -> Result<(String, Receiver<Value>), String> {
        static WATCHED: OnceLock<Result<Value, String>> = OnceLock::new();
        // Workers stand still until they are watched.
        let workers = json!({
            "autoAttach": true, "waitForDebuggerOnStart": true, "flatten": true,
            "filter": [{ "type": "service_worker" }],
        });
        WATCHED.get_or_init(|| self.order(None, "Target.setAutoAttach", &workers)).clone()?;
        let made = self.order(None, "Target.createBrowserContext", &json!({}))?;
        let name = text(&made, "browserContextId");
        let (events, happened) = channel();
        let version = self.order(None, "Browser.getVersion", &json!({}))?;
        let agent = json!({ "userAgent": version["userAgent"], "acceptLanguage": language });
        let profile = Profile { events, agent };
        self.profiles.lock().unwrap().insert(name.clone(), profile);
        Ok((name, happened))
    }

    /// A page in the profile; returns the session with it.
    pub(super) fn page(&self, profile: &str) -> Result<String, String> {
        let wanted = json!({ "url": "about:blank", "browserContextId": profile });
        let target = self.order(None, "Target.createTarget", &wanted)?;
        let attach = json!({ "targetId": target["targetId"], "flatten": true });
        let session = text(&self.order(None, "Target.attachToTarget", &attach)?, "sessionId");
        let events = self.profiles.lock().unwrap()[profile].events.clone();
        self.listeners.lock().unwrap().insert(session.clone(), events);
        Ok(session)
    }

    /// Forgets a profile with all that it kept.
    pub(super) fn let_go(&self, profile: &str, session: &str) {
        // A browser that has ended has forgotten it too.
        let _ = self.order(None, "Target.disposeBrowserContext", &json!({ "browserContextId": profile }));
        self.profiles.lock().unwrap().remove(profile);
        self.listeners.lock().unwrap().remove(session);
    }

    fn say(&self, number: u64, session: Option<&str>, method: &str, parameters: &Value) {
        let mut order = json!({ "id": number, "method": method, "params": parameters });
        if let Some(session) = session {
            order["sessionId"] = session.into();
        }
        // Where the browser has ended, nobody answers either, and that is told.
        let _ = self.orders.lock().unwrap().write_all(format!("{order}\0").as_bytes());
    }

    fn hear(&self, mut message: Value) {
        if let Some(number) = message["id"].as_u64() {
            let asker = self.answers.lock().unwrap().remove(&number);
            let answer = match message.get("error") {
                Some(error) => Err(error.to_string()),
                None => Ok(message["result"].take()),
            };
            // Orders to workers are nobody's to wait for.
            let _ = asker.map(|asker| asker.send(answer));
        } else if message["method"] == "Target.attachedToTarget" {
            self.greet(&message["params"]);
        } else if let Some(session) = message["sessionId"].as_str() {
            let listener = self.listeners.lock().unwrap().get(session).cloned();
            // A test that is over does not listen any more.
            let _ = listener.map(|listener| listener.send(message));
        }
    }

    fn known(&self, profile: &str) -> Option<(Sender<Value>, Value)> {
        let profiles = self.profiles.lock().unwrap();
        profiles.get(profile).map(|profile| (profile.events.clone(), profile.agent.clone()))
    }

    /// A service worker has begun: it is watched like its page, and let run.
    fn greet(&self, attached: &Value) {
        let (worker, target) = (text(attached, "sessionId"), &attached["targetInfo"]);
        if target["type"] != "service_worker" {
            return;
        }
        let Some((events, agent)) = self.known(&text(target, "browserContextId")) else { return };
        self.listeners.lock().unwrap().insert(worker.clone(), events);
        for (method, parameters) in [
            ("Network.enable", json!({})),
            ("Runtime.enable", json!({})),
            ("Network.setUserAgentOverride", agent),
            ("Runtime.runIfWaitingForDebugger", json!({})),
        ] {
            self.say(self.next.fetch_add(1, Ordering::Relaxed), Some(&worker), method, &parameters);
        }
    }
}

/// Hands on what the browser says, until it ends.
fn listen(said: ChildStdout) {
    for message in BufReader::new(said).split(0) {
        let Ok(message) = message else { break };
        let message = serde_json::from_slice(&message).expect("Chromium speaks JSON.");
        chromium().hear(message);
    }
    // Whoever waits for an answer is told that there is none.
    chromium().answers.lock().unwrap().clear();
}

/// A field as text; empty where there is none.
pub(super) fn text(value: &Value, field: &str) -> String {
    value[field].as_str().unwrap_or_default().to_owned()
}

/// The browser, which is installed if need be.
fn program() -> Result<PathBuf, String> {
    let find = || {
        let path = env::var_os("PATH").unwrap_or_default();
        env::split_paths(&path).map(|folder| folder.join("chromium")).find(|program| program.is_file())
    };
    let missing = "These tests need Chromium, which was not found. Install it (on Debian: apt-get install chromium).";
    match find() {
        Some(program) => Ok(program),
        None => packages::install("chromium", missing)
            .and_then(|()| find().ok_or_else(|| "Chromium was installed but is not found.".to_owned())),
    }
}
