//! A page in a real browser, and the person before it: they find things by the names that a screen reader says, tap
//! where a finger would, and what that costs them is counted.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::mpsc::Receiver;
use std::{fs, thread};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Value, json};

use super::chromium::{PATIENCE, chromium, text};
use super::looking::plain;

/// How much larger than usual somebody reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Magnified {
    Not,
    /// The whole page to twice its size, as browsers do at a desk: half as many CSS pixels fit.
    Page,
    /// The letters alone to twice theirs, as it is set on phones.
    Letters,
}

/// How a person looks at pages.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Eyes {
    /// Pixels of the screen; of CSS, unless the page is magnified.
    pub(crate) width: u32,
    pub(crate) magnified: Magnified,
    /// As `Accept-Language` says it.
    pub(crate) language: &'static str,
    pub(crate) in_the_dark: bool,
    pub(crate) without_script: bool,
    /// Whatever is tapped is reached and pressed with the keyboard alone.
    pub(crate) without_mouse: bool,
}

impl Eyes {
    pub(crate) const PHONE: Self = Self {
        width: 390,
        magnified: Magnified::Not,
        language: "fr",
        in_the_dark: false,
        without_script: false,
        without_mouse: false,
    };
    pub(crate) const DESK: Self = Self { width: 1280, ..Self::PHONE };

    pub(crate) fn in_the_dark(self) -> Self {
        Self { in_the_dark: true, ..self }
    }

    pub(crate) fn without_script(self) -> Self {
        Self { without_script: true, ..self }
    }

    pub(crate) fn reading(self, language: &'static str) -> Self {
        Self { language, ..self }
    }

    fn height(self) -> u64 {
        if self.is_phone() { 844 } else { 900 }
    }

    fn is_phone(self) -> bool {
        self.width < 700
    }
}

/// What a person on a page has done, and what that costs.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Effort {
    /// Buttons, links, choices and fields that were touched.
    pub(crate) taps: u32,
    pub(crate) keys: u32,
}

impl Effort {
    /// A second and a half for a tap, three tenths for a key.
    pub(crate) fn tenths_of_seconds(self) -> u32 {
        self.taps * 15 + self.keys * 3
    }
}

/// Something that can be tapped or written into, as a screen reader tells it.
#[derive(Clone, Debug)]
pub(crate) struct Thing {
    pub(crate) role: String,
    pub(crate) name: String,
    node: i64,
}

/// A key that is no letter.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Key {
    Tab,
    Enter,
    Space,
    Down,
    Delete,
}

/// One page of one person.
pub(crate) struct Tab {
    pub(crate) effort: Effort,
    /// `http://` and the address, to which all that is asked for has to go; `file://` where only files are opened.
    origin: String,
    eyes: Eyes,
    profile: String,
    session: String,
    happened: Receiver<Value>,
    loads: u32,
    /// What is wrong with what the pages did by themselves.
    complaints: Vec<String>,
    /// For the name of the picture of what failed.
    name: String,
}

const TAPPED: [&str; 8] = ["button", "link", "radio", "checkbox", "DisclosureTriangle", "switch", "tab", "menuitem"];
const WRITTEN: [&str; 6] = ["textbox", "searchbox", "spinbutton", "combobox", "Date", "ComboBoxSelect"];

impl Tab {
    /// A fresh browser before a service; the name is for pictures of what failed.
    pub(crate) fn before(address: &str, name: &str, eyes: Eyes) -> Self {
        Self::of(format!("http://{address}"), name, eyes)
    }

    /// A fresh browser before the files of this machine alone.
    pub(crate) fn of_file(name: &str, eyes: Eyes) -> Self {
        Self::of("file://".to_owned(), name, eyes)
    }

    fn of(origin: String, name: &str, eyes: Eyes) -> Self {
        let (profile, happened) = chromium().profile(eyes.language).unwrap_or_else(|why| panic!("{why}"));
        let session = chromium().page(&profile).unwrap_or_else(|why| panic!("{why}"));
        let kinds = (if eyes.is_phone() { "phone" } else { "desk" }, if eyes.in_the_dark { "dark" } else { "light" });
        let name = format!("{name}-{}-{}-{}", kinds.0, eyes.language, kinds.1);
        let tab = Self {
            effort: Effort::default(),
            origin,
            eyes,
            profile,
            session,
            happened,
            loads: 0,
            complaints: Vec::new(),
            name,
        };
        for domain in ["Page", "Network", "Runtime", "Log", "DOM"] {
            tab.order(&format!("{domain}.enable"), json!({}));
        }
        tab.look();
        tab
    }

    /// Goes on looking at the page otherwise: its size and its colours change, and not what was asked for.
    pub(crate) fn look_with(&mut self, eyes: Eyes) {
        self.eyes = Eyes { width: eyes.width, magnified: eyes.magnified, in_the_dark: eyes.in_the_dark, ..self.eyes };
        self.look_again();
    }

    fn look_again(&self) {
        let eyes = self.eyes;
        self.set_height(eyes.height());
        let scheme = if eyes.in_the_dark { "dark" } else { "light" };
        let feature = json!({ "name": "prefers-color-scheme", "value": scheme });
        self.order("Emulation.setEmulatedMedia", json!({ "features": [feature] }));
        let letters = if eyes.magnified == Magnified::Letters { 32 } else { 16 };
        self.order("Page.setFontSizes", json!({ "fontSizes": { "standard": letters, "fixed": letters } }));
    }

    fn look(&self) {
        let eyes = self.eyes;
        self.look_again();
        let version = chromium().order(None, "Browser.getVersion", &json!({})).unwrap_or_else(|why| panic!("{why}"));
        let agent = json!({ "userAgent": version["userAgent"], "acceptLanguage": eyes.language });
        self.order("Emulation.setUserAgentOverride", agent);
        self.order("Emulation.setScriptExecutionDisabled", json!({ "value": eyes.without_script }));
    }

    fn set_height(&self, height: u64) {
        let is_phone = self.eyes.is_phone();
        let times = if self.eyes.magnified == Magnified::Page { 2 } else { 1 };
        let width = self.eyes.width / times;
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": times, "mobile": is_phone });
        self.order("Emulation.setDeviceMetricsOverride", size);
    }

    /// Looks at the page on a screen as high as it is, so that what stays at its foot covers nothing.
    pub(crate) fn seeing_all<T>(&self, look: impl FnOnce(&Self) -> T) -> T {
        let height = self.eval("document.documentElement.scrollHeight").as_u64();
        self.set_height(height.unwrap_or_default() + 100);
        let seen = look(self);
        self.set_height(self.eyes.height());
        seen
    }

    /// Goes to an address of the service, and waits until it is there.
    #[track_caller]
    pub(crate) fn open(&mut self, path: &str) {
        let before = self.loads();
        let went = self.order("Page.navigate", json!({ "url": format!("{}{path}", self.origin) }));
        assert!(went["errorText"].is_null(), "{path}: {}", went["errorText"]);
        self.wait_for_load(before);
    }

    /// A cookie that the person got otherwise, as `name=value`.
    pub(crate) fn bring(&self, cookie: &str) {
        let (name, value) = cookie.split_once('=').expect("A cookie has a name.");
        self.order("Network.setCookie", json!({ "name": name, "value": value, "url": self.origin, "httpOnly": true }));
    }

    /// The path of the page.
    pub(crate) fn path(&self) -> String {
        text(&json!({ "path": self.eval("location.pathname + location.search") }), "path")
    }

    /// The addresses of the pages that are open in this browser, this one among them.
    pub(crate) fn addresses_beside(&self) -> Vec<String> {
        let open = chromium().order(None, "Target.getTargets", &json!({})).unwrap_or_else(|why| panic!("{why}"));
        let targets = open["targetInfos"].as_array().expect("Targets are listed.");
        let is_here = |target: &&Value| target["browserContextId"] == self.profile && target["type"] == "page";
        targets.iter().filter(is_here).map(|target| text(target, "url")).collect()
    }

    /// Comes back to this page from one that was opened beside it.
    pub(crate) fn come_back(&self) {
        self.order("Page.bringToFront", json!({}));
    }

    /// Taps what has this name, or the one thing whose name begins so.
    #[track_caller]
    pub(crate) fn tap(&mut self, name: &str) {
        let thing = self.find(&TAPPED, name);
        self.touch(&thing);
    }

    /// Taps what leads to another page, and waits until it is there.
    #[track_caller]
    pub(crate) fn follow(&mut self, name: &str) {
        let before = self.loads();
        self.tap(name);
        self.wait_for_load(before);
    }

    /// The same, of several things of one name the one in the line that says this.
    #[track_caller]
    pub(crate) fn follow_in(&mut self, line: &str, name: &str) {
        let before = self.loads();
        let (line, name) = (plain(line), plain(name));
        let of_line = "function () {
            let line;
            for (let it = this; (it = it?.closest('li, article, tr')); it = it.parentElement) line = it;
            return line?.innerText ?? '';
        }";
        let things = self.things().into_iter().filter(|thing| thing.name.starts_with(&name));
        let fitting: Vec<_> = things
            .filter(|thing| self.on(thing.node, of_line).as_str().is_some_and(|text| plain(text).contains(&line)))
            .collect();
        let [thing] = &fitting[..] else {
            panic!("{} things are called “{name}” beside “{line}”: {}", fitting.len(), self.text());
        };
        self.touch(thing);
        self.wait_for_load(before);
    }

    /// Chooses from a list that unfolds, by its words: what a browser then draws is none of the page's.
    #[track_caller]
    pub(crate) fn choose(&mut self, name: &str, option: &str) {
        let thing = self.find(&WRITTEN, name);
        if self.eyes.without_mouse {
            self.walk(&thing);
        } else {
            self.effort.taps += 1;
            self.on(thing.node, "function () { this.focus(); }");
        }
        self.type_in(option);
        let chosen = self.on(thing.node, "function () { return this.selectedOptions[0].text; }");
        let chosen = plain(chosen.as_str().unwrap_or_default());
        assert!(chosen.starts_with(&plain(option)), "“{chosen}” is chosen, and not “{option}”");
    }

    /// Writes into the field of this name, in place of what stands there.
    #[track_caller]
    pub(crate) fn write(&mut self, name: &str, text: &str) {
        let thing = self.find(&WRITTEN, name);
        if self.eyes.without_mouse {
            self.walk(&thing);
            self.clear();
        } else {
            self.touch(&thing);
            self.on(thing.node, "function () { this.select?.(); }");
        }
        self.type_in(text);
    }

    /// Chooses a file in the page's field for one, as whoever uses the system's own window does: what a browser draws there
    /// is none of the page's.
    #[track_caller]
    pub(crate) fn attach(&self, path: &std::path::Path) {
        let document = self.order("DOM.getDocument", json!({}));
        let field = json!({ "nodeId": document["root"]["nodeId"], "selector": "input[type=file]" });
        let field = self.order("DOM.querySelector", field);
        self.order("DOM.setFileInputFiles", json!({ "nodeId": field["nodeId"], "files": [path] }));
    }

    /// Empties the field in which the cursor stands.
    pub(crate) fn clear(&mut self) {
        self.eval("document.activeElement.select()");
        self.press(Key::Delete);
    }

    /// Letters, wherever the cursor stands.
    pub(crate) fn type_in(&mut self, text: &str) {
        for letter in text.chars() {
            self.effort.keys += 1;
            self.order("Input.dispatchKeyEvent", json!({ "type": "keyDown", "text": letter.to_string() }));
            self.order("Input.dispatchKeyEvent", json!({ "type": "keyUp" }));
        }
    }

    pub(crate) fn press(&mut self, key: Key) {
        let (name, code, text) = match key {
            Key::Tab => ("Tab", 9, ""),
            Key::Enter => ("Enter", 13, "\r"),
            Key::Space => (" ", 32, " "),
            Key::Down => ("ArrowDown", 40, ""),
            Key::Delete => ("Delete", 46, ""),
        };
        self.effort.keys += 1;
        let kind = if text.is_empty() { "rawKeyDown" } else { "keyDown" };
        for kind in [kind, "keyUp"] {
            let mut event = json!({ "type": kind, "key": name, "code": name.trim(), "windowsVirtualKeyCode": code });
            if kind == "keyDown" {
                event["text"] = text.into();
            }
            self.order("Input.dispatchKeyEvent", event);
        }
    }

    /// Presses a key that leads to another page, and waits until it is there.
    pub(crate) fn press_and_follow(&mut self, key: Key) {
        let before = self.loads();
        self.press(key);
        self.wait_for_load(before);
    }

    /// Goes with the tabulator to what has this name (or begins so), as somebody without a mouse does; among radios,
    /// of which only one is on the way, with the arrows.
    #[track_caller]
    pub(crate) fn walk_to(&mut self, name: &str) {
        let wanted = self.find(&[TAPPED.as_slice(), &WRITTEN].concat(), name);
        self.walk(&wanted);
    }

    #[track_caller]
    fn walk(&mut self, wanted: &Thing) {
        let look = format!("function () {{ const hiddenBy = {HIDDEN_BY}; {FOCUS} }}");
        for _ in 0..300 {
            let here = self.on(wanted.node, &look);
            // What has the focus is not hidden under something else.
            assert!(here["hidden"].is_null(), "{} has the focus and is hidden by {}", here["name"], here["hidden"]);
            if here["isThere"] == true {
                return;
            }
            self.press(if here["isInGroup"] == true { Key::Down } else { Key::Tab });
        }
        panic!("{} cannot be reached with the keyboard", wanted.name);
    }

    /// All that can be read on the page now.
    pub(crate) fn text(&self) -> String {
        plain(self.eval("document.body.innerText").as_str().unwrap_or_default())
    }

    /// The page says this somewhere.
    #[track_caller]
    pub(crate) fn reads(&self, words: &str) {
        let text = self.text();
        assert!(text.contains(&plain(words)), "{} does not say “{words}”: {text}", self.path());
    }

    /// Whether a thing of this name is there.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.things().iter().any(|thing| thing.name == name)
    }

    /// Everything that can be tapped or written into.
    pub(crate) fn things(&self) -> Vec<Thing> {
        let tree = self.order("Accessibility.getFullAXTree", json!({}));
        let nodes = tree["nodes"].as_array().expect("The tree has nodes.");
        let roles = [TAPPED.as_slice(), &WRITTEN].concat();
        let thing = |node: &Value| {
            let role = text(&node["role"], "value");
            let number = node["backendDOMNodeId"].as_i64()?;
            let is_one = !node["ignored"].as_bool().unwrap_or_default() && roles.contains(&role.as_str());
            is_one.then(|| Thing { role, name: plain(&text(&node["name"], "value")), node: number })
        };
        nodes.iter().filter_map(thing).collect()
    }

    #[track_caller]
    fn find(&self, roles: &[&str], name: &str) -> Thing {
        let name = plain(name);
        let things = self.things();
        let mut fitting: Vec<_> = things.iter().filter(|it| roles.contains(&it.role.as_str())).collect();
        let is_exact = fitting.iter().any(|thing| thing.name == name);
        fitting.retain(|thing| if is_exact { thing.name == name } else { thing.name.starts_with(&name) });
        if let [thing] = fitting[..] {
            return thing.clone();
        }
        let shown = things.iter().fold(String::new(), |mut shown, thing| {
            writeln!(shown, "  {} “{}”", thing.role, thing.name).unwrap();
            shown
        });
        panic!("{} things are called “{name}” on {}, among\n{shown}", fitting.len(), self.path());
    }

    /// Taps in the middle of a thing, where it has to be on top; or walks there and presses a key.
    #[track_caller]
    fn touch(&mut self, thing: &Thing) {
        if self.eyes.without_mouse {
            self.walk(thing);
            self.press(if thing.role == "link" { Key::Enter } else { Key::Space });
            return;
        }
        self.on(thing.node, "function () { this.scrollIntoView({ block: 'center', behavior: 'instant' }); }");
        let hidden = self.on(thing.node, HIDDEN_BY);
        assert!(hidden.is_null(), "{} is hidden by {hidden}", thing.name);
        let place = self.on(thing.node, MIDDLE);
        self.effort.taps += 1;
        for kind in ["mouseMoved", "mousePressed", "mouseReleased"] {
            self.order(
                "Input.dispatchMouseEvent",
                json!({ "type": kind, "x": place["x"], "y": place["y"], "button": "left", "clickCount": 1 }),
            );
        }
    }

    /// Runs a function on an element.
    fn on(&self, node: i64, function: &str) -> Value {
        let object = self.order("DOM.resolveNode", json!({ "backendNodeId": node }));
        let call = json!({
            "objectId": object["object"]["objectId"], "functionDeclaration": function, "returnByValue": true,
        });
        value(&self.order("Runtime.callFunctionOn", call))
    }

    /// The value of an expression in the page, waited for where it is a promise.
    pub(crate) fn eval(&self, expression: &str) -> Value {
        let ask = json!({ "expression": expression, "returnByValue": true, "awaitPromise": true });
        value(&self.order("Runtime.evaluate", ask))
    }

    /// Tries until it holds, for as long as [`PATIENCE`] has.
    #[track_caller]
    pub(crate) fn eventually(&mut self, what: &str, mut holds: impl FnMut(&mut Self) -> bool) {
        let pause = std::time::Duration::from_millis(50);
        for _ in 0..PATIENCE.as_millis() / pause.as_millis() {
            if holds(self) {
                return;
            }
            thread::sleep(pause);
        }
        panic!("{what}: {:?}", self.complaints());
    }

    /// Has the page know that there is no network, or that it is back; nothing that the page itself asks for comes through.
    pub(crate) fn tell_cut_off(&self, is_cut_off: bool) {
        let network = json!({ "offline": is_cut_off, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
        self.order("Network.emulateNetworkConditions", network);
    }

    /// Looks at the page as it is printed: in the width of an A4, between margins of 8 mm.
    pub(crate) fn on_paper<T>(&self, look: impl FnOnce(&Self) -> T) -> T {
        self.order("Emulation.setEmulatedMedia", json!({ "media": "print" }));
        let size = json!({ "width": 733, "height": 1062, "deviceScaleFactor": 1, "mobile": false });
        self.order("Emulation.setDeviceMetricsOverride", size);
        let seen = look(self);
        self.order("Emulation.setEmulatedMedia", json!({ "media": "" }));
        self.look_again();
        seen
    }

    /// On how many sheets of A4 the page is printed.
    pub(crate) fn sheets(&self) -> usize {
        let paper = json!({ "paperWidth": 8.27, "paperHeight": 11.69, "preferCSSPageSize": true });
        let printed = BASE64.decode(text(&self.order("Page.printToPDF", paper), "data"));
        let printed = printed.expect("Printed pages come in base64.");
        // A document names each of its pages so, and the list of them in the plural.
        let page = b"/Type /Page";
        printed.windows(page.len() + 1).filter(|bytes| bytes.starts_with(page) && bytes.last() != Some(&b's')).count()
    }

    /// Taps what is a file to keep, and reads it.
    #[track_caller]
    pub(crate) fn download(&mut self, name: &str, file: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        let keep = json!({
            "behavior": "allow", "downloadPath": folder.path(), "browserContextId": self.profile,
        });
        chromium().order(None, "Browser.setDownloadBehavior", &keep).unwrap_or_else(|why| panic!("{why}"));
        self.tap(name);
        let path = folder.path().join(file);
        self.eventually("the file has arrived", |_| path.exists());
        fs::read_to_string(path).unwrap()
    }

    /// Gives files to the field of this id.
    pub(crate) fn give(&self, id: &str, files: &[PathBuf]) {
        let field = self.order("Runtime.evaluate", json!({ "expression": format!("document.getElementById('{id}')") }));
        self.order("DOM.setFileInputFiles", json!({ "objectId": field["result"]["objectId"], "files": files }));
    }

    /// Has the processor take so many times as long.
    pub(crate) fn slow_down(&self, times: u32) {
        self.order("Emulation.setCPUThrottlingRate", json!({ "rate": times }));
    }

    /// A picture of the whole page among what the build leaves; returns where it is.
    pub(crate) fn picture(&self, name: &str) -> PathBuf {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("pages");
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join(format!("{name}.png"));
        fs::write(&path, self.png()).unwrap();
        path
    }

    /// The whole page as a picture.
    pub(crate) fn png(&self) -> Vec<u8> {
        let size = &self.order("Page.getLayoutMetrics", json!({}))["cssContentSize"];
        let clip = json!({ "x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1 });
        let taken = self.order("Page.captureScreenshot", json!({ "captureBeyondViewport": true, "clip": clip }));
        BASE64.decode(text(&taken, "data")).expect("Pictures come in base64.")
    }

    #[track_caller]
    #[expect(clippy::needless_pass_by_value, reason = "each order's parameters are made for it")]
    fn order(&self, method: &str, parameters: Value) -> Value {
        let done = chromium().order(Some(&self.session), method, &parameters);
        done.unwrap_or_else(|why| panic!("{method}: {why}"))
    }

    fn loads(&mut self) -> u32 {
        self.notice_all();
        self.loads
    }

    #[track_caller]
    fn wait_for_load(&mut self, before: u32) {
        while self.loads == before {
            match self.happened.recv_timeout(PATIENCE) {
                Ok(event) => self.notice(&event),
                Err(why) => panic!("no page came: {why}"),
            }
        }
        // What the page asks for besides, and what it complains of, was told before it had loaded.
        self.notice_all();
    }

    fn notice_all(&mut self) {
        while let Ok(event) = self.happened.try_recv() {
            self.notice(&event);
        }
    }

    fn notice(&mut self, event: &Value) {
        let told = &event["params"];
        match event["method"].as_str().unwrap_or_default() {
            "Page.loadEventFired" => self.loads += 1,
            "Network.requestWillBeSent" => {
                let url = text(&told["request"], "url");
                let is_ours = url.strip_prefix(&self.origin).is_some_and(|rest| rest.starts_with('/'));
                if !is_ours && !url.starts_with("data:") && !url.starts_with("blob:") {
                    self.complaints.push(format!("{url} is asked for"));
                }
            }
            "Runtime.exceptionThrown" => self.complaints.push(told["exceptionDetails"].to_string()),
            // What the policy of the page forbids is told here; that an answer is no 200 is as well, and no fault.
            "Log.entryAdded" if told["entry"]["level"] == "error" && told["entry"]["source"] != "network" => {
                self.complaints.push(told["entry"].to_string());
            }
            _ => {}
        }
    }

    /// What is wrong so far with what the pages did by themselves.
    pub(crate) fn complaints(&mut self) -> &[String] {
        self.notice_all();
        &self.complaints
    }

    /// Ends the visit: nothing was asked of others, and no script stumbled.
    pub(crate) fn close(mut self) {
        self.notice_all();
        assert_eq!(self.complaints, Vec::<String>::new());
    }
}

impl Drop for Tab {
    fn drop(&mut self) {
        if thread::panicking() {
            eprintln!("what was seen at the end: {}", self.picture(&self.name).display());
        }
        chromium().let_go(&self.profile, &self.session);
    }
}

/// What a call in the page came to; what it threw is a failure.
#[track_caller]
fn value(answer: &Value) -> Value {
    assert!(answer["exceptionDetails"].is_null(), "{}", answer["exceptionDetails"]);
    answer["result"].get("value").cloned().unwrap_or(Value::Null)
}

/// Where a thing is tapped; a choice is drawn by its label.
const MIDDLE: &str = "function () {
    const isHidden = this.getBoundingClientRect().width < 8 && this.labels?.length;
    const box = (isHidden ? this.labels[0] : this).getClientRects()[0];
    return { x: box.left + box.width / 2, y: box.top + box.height / 2 };
}";

/// Where the focus is, as seen by what is walked to: there, among the choices of which it is one, or elsewhere.
const FOCUS: &str = "
    const here = document.activeElement;
    if (!here || here === document.body) return {};
    const isInGroup = this.type === 'radio' && here.type === 'radio' && here.name === this.name;
    return { isThere: here === this, isInGroup, hidden: hiddenBy.call(here), name: here.outerHTML.slice(0, 100) };";

/// What lies over the middle of a thing, or null.
const HIDDEN_BY: &str = "function () {
    const isHidden = this.getBoundingClientRect().width < 8 && this.labels?.length;
    const shown = isHidden ? this.labels[0] : this;
    const box = shown.getClientRects()[0];
    if (!box) return 'nothing: it is not drawn';
    const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    if (!top) return 'the edge of the window';
    return shown.contains(top) || top.closest('label')?.control === this ? null : top.outerHTML.slice(0, 200);
}";
