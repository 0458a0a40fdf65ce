//! A page as a person without a screen has it: what it says, where it leads, what it asks for; and what is wrong with
//! how it is written.

use std::collections::BTreeSet;

use html5ever::tendril::TendrilSink as _;
use html5ever::{ParseOpts, parse_document};
use markup5ever_rcdom::{Handle, NodeData, RcDom};

use super::looking::plain;

/// A page that came.
#[derive(Clone, Debug, Default)]
pub(crate) struct Page {
    pub(crate) language: String,
    pub(crate) title: String,
    /// What is read, from top to bottom: `# ` before headings, `[links]`, `<buttons>`, fields with what stands in them.
    pub(crate) text: String,
    pub(crate) headings: Vec<(u8, String)>,
    pub(crate) links: Vec<Link>,
    pub(crate) forms: Vec<Form>,
    /// Addresses of what the page brings along: styles, scripts, pictures, the manifest.
    pub(crate) assets: Vec<String>,
    /// Where a form is wanted that is not there, a script stands in the page, a name is given twice, and the like.
    pub(crate) faults: Vec<String>,
}

#[derive(Clone, Debug)]
pub(crate) struct Link {
    pub(crate) text: String,
    pub(crate) address: String,
}

/// A form, with what stands in it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Form {
    pub(crate) action: String,
    pub(crate) is_post: bool,
    pub(crate) fields: Vec<Field>,
    pub(crate) buttons: Vec<Button>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Button {
    pub(crate) text: String,
    pub(crate) name: String,
    pub(crate) value: String,
    /// Where it sends the form instead of where the form says.
    pub(crate) action: Option<String>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Field {
    pub(crate) name: String,
    /// What it is called for those who do not see it.
    pub(crate) label: String,
    pub(crate) kind: Kind,
    pub(crate) value: String,
    /// What may be chosen: the value and the text.
    pub(crate) options: Vec<(String, String)>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Kind {
    #[default]
    Text,
    Hidden,
    Radio {
        is_chosen: bool,
    },
    Tick {
        is_ticked: bool,
    },
    Select,
    File,
}

impl Page {
    pub(crate) fn read(html: &str) -> Self {
        let dom = parse_document(RcDom::default(), ParseOpts::default()).one(html);
        let mut reader = Reader { labels: labels(&dom.document), ..Reader::default() };
        reader.children(&dom.document, &Place::default());
        reader.end_line();
        reader.page.faults.extend(dom.errors.borrow().iter().map(|error| format!("the HTML is not sound: {error}")));
        reader.page
    }
}

/// Where in the page something stands.
#[derive(Clone, Debug, Default)]
struct Place {
    form: Option<usize>,
}

#[derive(Default)]
struct Reader {
    page: Page,
    line: String,
    seen: BTreeSet<String>,
    labels: Vec<(String, String)>,
}

const BLOCKS: [&str; 35] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "caption",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "header",
    "hr",
    "label",
    "legend",
    "li",
    "main",
    "nav",
    "ol",
    "output",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tr",
    "ul",
];

const UNREAD: [&str; 6] = ["head", "script", "style", "template", "datalist", "svg"];

impl Reader {
    fn children(&mut self, node: &Handle, place: &Place) {
        for child in node.children.borrow().iter() {
            match &child.data {
                NodeData::Text { contents } => self.say(&contents.borrow()),
                NodeData::Element { name, .. } => self.element(&name.local, child, place),
                NodeData::Document
                | NodeData::Doctype { .. }
                | NodeData::Comment { .. }
                | NodeData::ProcessingInstruction { .. } => self.children(child, place),
            }
        }
    }

    fn element(&mut self, name: &str, node: &Handle, place: &Place) {
        self.look_at(name, node);
        if UNREAD.contains(&name) {
            if name == "svg" {
                self.say(&format!("({})", attribute(node, "aria-label").unwrap_or_default()));
            } else if name == "head" {
                self.head(node);
            }
            return;
        }
        if attribute(node, "hidden").is_some() {
            return;
        }
        let mut place = place.clone();
        let is_block = BLOCKS.contains(&name);
        if is_block {
            self.end_line();
        }
        match name {
            "small" => self.line.push(' '),
            "html" => self.page.language = attribute(node, "lang").unwrap_or_default(),
            "h1" | "h2" | "h3" | "h4" => {
                let level = name.as_bytes()[1] - b'0';
                self.page.headings.push((level, text(node)));
                self.line = format!("{} ", "#".repeat(level.into()));
            }
            "li" => "- ".clone_into(&mut self.line),
            "br" => self.end_line(),
            "td" | "th" => self.line.push_str(if self.line.is_empty() { "" } else { " | " }),
            "form" => place.form = Some(self.form(node)),
            "a" => return self.link(node),
            "button" => return self.button(node, &place),
            "input" | "select" | "textarea" => return self.field(name, node, &place),
            _ => {}
        }
        self.children(node, &place);
        if is_block {
            self.end_line();
        }
    }

    /// What may not stand in any page.
    fn look_at(&mut self, name: &str, node: &Handle) {
        if let Some(id) = attribute(node, "id")
            && !self.seen.insert(id.clone())
        {
            self.page.faults.push(format!("#{id} is there twice"));
        }
        for (attribute, _) in attributes(node) {
            if attribute == "style" || attribute.starts_with("on") {
                self.page.faults.push(format!("{attribute} on <{name}>, which the page's own policy forbids"));
            }
        }
        let is_bare = (name == "script" && attribute(node, "src").is_none()) || name == "style";
        if is_bare {
            self.page.faults.push(format!("<{name}> within the page, which its own policy forbids"));
        }
        if name == "img" && attribute(node, "alt").is_none() {
            self.page.faults.push("<img> without a word for those who do not see it".to_owned());
        }
        let is_asset = ["script", "img", "source"].contains(&name);
        self.page.assets.extend(is_asset.then(|| attribute(node, "src")).flatten());
    }

    fn head(&mut self, head: &Handle) {
        self.page.title = find(head, "title").map(|title| text(&title)).unwrap_or_default();
        for child in head.children.borrow().iter() {
            if let NodeData::Element { name, .. } = &child.data {
                self.look_at(&name.local, child);
                let is_brought = &*name.local == "link" && attribute(child, "rel").is_none_or(|rel| rel != "alternate");
                self.page.assets.extend(is_brought.then(|| attribute(child, "href")).flatten());
            }
        }
    }

    fn form(&mut self, node: &Handle) -> usize {
        self.page.forms.push(Form {
            action: attribute(node, "action").unwrap_or_default(),
            is_post: attribute(node, "method").is_some_and(|method| method.eq_ignore_ascii_case("post")),
            ..Form::default()
        });
        self.page.forms.len() - 1
    }

    fn link(&mut self, node: &Handle) {
        let shown = name_of(node, &[]);
        self.line.push_str(&format!("[{shown}]"));
        if shown.is_empty() {
            self.page.faults.push("a link that says nothing".to_owned());
        }
        match attribute(node, "href") {
            Some(address) => self.page.links.push(Link { text: shown, address }),
            None => self.page.faults.push(format!("the link “{shown}” leads nowhere")),
        }
    }

    fn button(&mut self, node: &Handle, place: &Place) {
        let shown = name_of(node, &[]);
        self.line.push_str(&format!("<{shown}> "));
        if shown.is_empty() {
            self.page.faults.push("a button that says nothing".to_owned());
        }
        if attribute(node, "type").is_some_and(|kind| kind == "button") {
            return;
        }
        let button = Button {
            text: shown,
            name: attribute(node, "name").unwrap_or_default(),
            value: attribute(node, "value").unwrap_or_default(),
            action: attribute(node, "formaction"),
        };
        match place.form {
            Some(form) => self.page.forms[form].buttons.push(button),
            None => self.page.faults.push(format!("the button “{}” belongs to no form", button.text)),
        }
    }

    fn field(&mut self, element: &str, node: &Handle, place: &Place) {
        let field = self.field_of(element, node);
        let shown = if attribute(node, "type").is_some_and(|kind| kind == "password") { "…" } else { &field.value };
        let spoken = attribute(node, "aria-label").map(|label| format!("{label}: ")).unwrap_or_default();
        match field.kind {
            Kind::Hidden => {}
            Kind::Text | Kind::Select | Kind::File => self.line.push_str(&format!(" {spoken}[{shown}] ")),
            Kind::Radio { is_chosen } => {
                self.end_line();
                self.line.push_str(if is_chosen { "(•) " } else { "( ) " });
            }
            Kind::Tick { is_ticked } => {
                self.end_line();
                self.line.push_str(if is_ticked { "[x] " } else { "[ ] " });
            }
        }
        if field.label.is_empty() && field.kind != Kind::Hidden {
            self.page.faults.push(format!("the field “{}” has no name that is read out", field.name));
        }
        match place.form {
            Some(form) => self.page.forms[form].fields.push(field),
            None => self.page.faults.push(format!("the field “{}” belongs to no form", field.name)),
        }
    }

    fn field_of(&self, element: &str, node: &Handle) -> Field {
        let kind = attribute(node, "type").unwrap_or_default();
        let is_checked = attribute(node, "checked").is_some();
        // A choice that says nothing is sent as "on".
        let unsaid = if ["radio", "checkbox"].contains(&kind.as_str()) { "on" } else { "" };
        let mut field = Field {
            name: attribute(node, "name").unwrap_or_default(),
            label: name_of(node, &self.labels),
            value: attribute(node, "value").unwrap_or_else(|| unsaid.to_owned()),
            kind: match (element, kind.as_str()) {
                ("select", _) => Kind::Select,
                (_, "hidden") => Kind::Hidden,
                (_, "radio") => Kind::Radio { is_chosen: is_checked },
                (_, "checkbox") => Kind::Tick { is_ticked: is_checked },
                (_, "file") => Kind::File,
                _ => Kind::Text,
            },
            options: Vec::new(),
        };
        if element == "textarea" {
            field.value = raw(node);
        } else if element == "select" {
            let mut chosen = None;
            for option in all(node, "option") {
                let shown = text(&option);
                let value = attribute(&option, "value").unwrap_or_else(|| shown.clone());
                if attribute(&option, "selected").is_some() || chosen.is_none() {
                    chosen = Some(value.clone());
                }
                field.options.push((value, shown));
            }
            field.value = chosen.unwrap_or_default();
        }
        field
    }

    fn say(&mut self, words: &str) {
        let begins = words.starts_with(char::is_whitespace);
        let said = plain(words);
        if (begins || said.is_empty()) && !self.line.is_empty() && !self.line.ends_with(' ') {
            self.line.push(' ');
        }
        self.line.push_str(&said);
        if !said.is_empty() && words.ends_with(char::is_whitespace) {
            self.line.push(' ');
        }
    }

    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        let line = line.trim();
        if !line.is_empty() && line != "-" {
            self.page.text.push_str(&plain(line));
            self.page.text.push('\n');
        }
    }
}

/// The labels that name their field, each with its field's id; those around a field are found from there.
fn labels(document: &Handle) -> Vec<(String, String)> {
    let label = |label: &Handle| Some((attribute(label, "for")?, text(label)));
    all(document, "label").iter().filter_map(label).collect()
}

/// What something is called: by `aria-label`, by its label, or by what stands in it.
fn name_of(node: &Handle, labels: &[(String, String)]) -> String {
    if let Some(label) = attribute(node, "aria-label") {
        return plain(&label);
    }
    if let Some(id) = attribute(node, "id")
        && let Some((_, label)) = labels.iter().find(|(of, _)| *of == id)
    {
        return label.clone();
    }
    let around = ancestors(node).into_iter().find(|it| is(it, "label"));
    around.map_or_else(|| if is(node, "select") { String::new() } else { text(node) }, |label| text(&label))
}

fn ancestors(node: &Handle) -> Vec<Handle> {
    let mut found = Vec::new();
    let mut next = node.clone();
    loop {
        let parent = next.parent.take();
        next.parent.set(parent.clone());
        let Some(above) = parent.and_then(|parent| parent.upgrade()) else { return found };
        found.push(above.clone());
        next = above;
    }
}

fn is(node: &Handle, element: &str) -> bool {
    matches!(&node.data, NodeData::Element { name, .. } if &*name.local == element)
}

fn all(node: &Handle, element: &str) -> Vec<Handle> {
    let mut found = Vec::new();
    for child in node.children.borrow().iter() {
        if is(child, element) {
            found.push(child.clone());
        }
        found.extend(all(child, element));
    }
    found
}

fn find(node: &Handle, element: &str) -> Option<Handle> {
    all(node, element).into_iter().next()
}

fn attributes(node: &Handle) -> Vec<(String, String)> {
    let NodeData::Element { attrs, .. } = &node.data else { return Vec::new() };
    attrs.borrow().iter().map(|it| (it.name.local.to_string(), it.value.to_string())).collect()
}

fn attribute(node: &Handle, name: &str) -> Option<String> {
    attributes(node).into_iter().find(|(found, _)| found == name).map(|(_, value)| value)
}

/// What stands in an element, as it is written.
fn raw(node: &Handle) -> String {
    let mut written = String::new();
    for child in node.children.borrow().iter() {
        match &child.data {
            NodeData::Text { contents } => written.push_str(&contents.borrow()),
            NodeData::Element { .. } if is(child, "input") || is(child, "select") || is(child, "textarea") => {}
            NodeData::Element { .. } => {
                let is_apart = BLOCKS.iter().any(|block| is(child, block)) || is(child, "br") || is(child, "small");
                written.push_str(if is_apart { " " } else { "" });
                written.push_str(&raw(child));
            }
            NodeData::Document
            | NodeData::Doctype { .. }
            | NodeData::Comment { .. }
            | NodeData::ProcessingInstruction { .. } => {}
        }
    }
    written
}

/// What is read of an element, without the fields in it.
fn text(node: &Handle) -> String {
    plain(&raw(node))
}
