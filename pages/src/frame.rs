//! What surrounds every page: its language, who is signed in and for whom they act, and what was just said.

use axum::{extract::FromRequestParts, http::request::Parts};
use chrono::NaiveDate;
use ledger::{Language, Minutes, command::Principal, person::Identity, words::capitalised};
use service::{
    App, Part, Place,
    acting::Acting,
    caller::{Caller, parts_of},
    dates,
    problem::Problem,
    words::{Value, Words},
};

use crate::{
    assets, door,
    tabs::{Tab, tabs},
    words::words,
};

/// A name in which whoever is signed in may act, one tap away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hat {
    /// What the addresses of its pages begin with.
    pub(crate) base: String,
    /// For whom: an association's name, or the network's.
    pub(crate) name: String,
    /// As what, a word of the frame.
    pub(crate) part: &'static str,
    /// Whether it is worn on this page.
    pub(crate) is_worn: bool,
}

/// What surrounds a page.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    words: &'static Words,
    prefix: String,
    /// What was asked for, without the network's prefix.
    address: String,
    /// The network's name.
    pub(crate) network: String,
    /// What whoever is signed in is called.
    pub(crate) person: Option<String>,
    /// Their name for programs: a phone keeps what it could not send in it.
    pub(crate) who: Option<String>,
    /// In which names they may act.
    pub(crate) hats: Vec<Hat>,
    /// What the form on the page is told by when it is sent.
    pub(crate) once: String,
    /// The network's day.
    pub(crate) today: NaiveDate,
    /// What was just done, a sentence's key.
    said: Option<&'static str>,
}

/// What may have been done just before a page is shown; only these are said.
const SAID: &[&str] = &[
    "said-letters",
    "said-signed-out",
    "said-noted",
    "said-noted-several",
    "said-yes",
    "said-almost",
    "said-no",
    "said-withdrawn",
    "said-correct",
    "said-kept",
    "said-reversed",
    "said-who",
    "said-changed",
    "said-all",
    "said-kept-contact",
    "said-role",
    "said-session-ended",
    "said-sessions-ended",
    "said-card-ended",
    "said-released",
    "said-confirmed",
    "said-settled",
    "said-dismissed",
    "said-noted-for",
    "said-recorded",
    "said-contact",
    "said-member",
    "said-member-added",
    "said-roster-changed",
    "said-person",
    "said-rules",
    "said-rules-changed",
    "said-transferred",
    "said-application-admitted",
    "said-application-admitted-tell",
    "said-application-refused",
    "said-application-refused-tell",
    "said-application-before",
    "said-waiting-added",
    "said-waiting-dropped",
    "said-waiting-before",
    "said-link-ended",
    "said-signed-up",
    "said-recognised",
    "said-recognition-withdrawn",
    "said-recognition-accepted",
    "said-recognition-declined",
    "said-recognition-given-back",
    "said-notebook-read",
    "said-notebook-proposed",
    "said-notebook-ours",
    "said-notebook-not-ours",
    "said-notebook-forgotten",
    "said-notebook-unlearned",
    "said-notebook-gone",
    "said-notebook-other",
    "said-notebook-changed",
];

impl Frame {
    /// Around what is told without asking anything of the database.
    pub(crate) fn bare(language: Language, place: &Place, address: &str) -> Self {
        Self {
            words: words(language),
            prefix: place.prefix(),
            address: address.to_owned(),
            network: String::new(),
            person: None,
            who: None,
            hats: Vec::new(),
            once: String::new(),
            today: NaiveDate::default(),
            said: None,
        }
    }

    /// Around a page of whoever calls.
    ///
    /// # Errors
    /// When the database does not answer.
    pub(crate) async fn around(app: &App, caller: &Caller, asking: &Asking) -> Result<Self, Problem> {
        let identity = match caller.person() {
            Some(person) => app.store.identity(caller.known.id, person).await?,
            None => None,
        };
        let frame = Self::bare(asking.language, &asking.place, &asking.address);
        Ok(Self {
            network: caller.known.network.name.clone(),
            person: identity.as_ref().map(called),
            who: caller.person().map(|person| caller.name(person.0).to_string()),
            hats: hats(caller, &frame.address),
            once: app.new_name().to_string(),
            today: caller.known.network.day_of(app.now()),
            said: asking.said(),
            ..frame
        })
    }

    /// Around a page that anybody may open, of the network that lives here.
    ///
    /// # Errors
    /// When none does, or the database does not answer.
    pub(crate) async fn for_anybody(app: &App, asking: &Asking) -> Result<Self, Problem> {
        let known = asking.place.network(app).await?;
        let frame = Self::bare(asking.language, &asking.place, &asking.address);
        Ok(Self {
            network: known.network.name.clone(),
            once: app.new_name().to_string(),
            today: known.network.day_of(app.now()),
            said: asking.said(),
            ..frame
        })
    }

    /// A sentence.
    pub(crate) fn t(&self, key: &str) -> String {
        self.words.say(key, &[])
    }

    /// A sentence with what it is told with.
    pub(crate) fn say(&self, key: &str, with: &[(&str, Value<'_>)]) -> String {
        self.words.say(key, with)
    }

    /// The language.
    pub(crate) fn language(&self) -> Language {
        self.words.language()
    }

    /// The language's tag.
    pub(crate) fn lang(&self) -> &'static str {
        self.language().as_str()
    }

    /// The other language's tag.
    pub(crate) fn other_lang(&self) -> &'static str {
        self.language().pick("en", "fr")
    }

    /// An address on this network.
    pub(crate) fn to(&self, path: &str) -> String {
        format!("{}{path}", self.prefix)
    }

    /// An address under the name in which the reader acts here.
    pub(crate) fn under(&self, path: &str) -> String {
        let base = self.hat().map_or("", |hat| hat.base.as_str());
        format!("{}{base}{path}", self.prefix)
    }

    /// The address of this page, to come back to.
    pub(crate) fn here(&self) -> &str {
        &self.address
    }

    /// The address of an asset.
    #[expect(clippy::unused_self, reason = "templates reach it through the frame")]
    pub(crate) fn asset(&self, name: &str) -> String {
        assets::address(name)
    }

    /// The name in which the reader acts on this page.
    pub(crate) fn hat(&self) -> Option<&Hat> {
        self.hats.iter().find(|hat| hat.is_worn)
    }

    /// What stands at the top: for whom one acts, else the network, else ourselves.
    pub(crate) fn heading(&self) -> &str {
        let hat = self.hat().map(|hat| hat.name.as_str());
        let names = [hat.unwrap_or_default(), &self.network];
        names.into_iter().find(|name| !name.is_empty()).unwrap_or("Coudemain")
    }

    /// What stands beneath it: the network, or as what one acts for it.
    pub(crate) fn beneath(&self) -> Option<String> {
        if self.heading() != self.network {
            return Some(self.network.clone()).filter(|name| !name.is_empty());
        }
        self.hat().map(|hat| capitalised(&self.t(hat.part)))
    }

    /// What was just done.
    pub(crate) fn just_said(&self) -> Option<String> {
        self.said.map(|key| self.t(key))
    }

    /// A duration.
    pub(crate) fn hours(&self, minutes: Minutes) -> String {
        minutes.display(self.language()).to_string()
    }

    /// A day with its name.
    pub(crate) fn day(&self, date: NaiveDate) -> String {
        dates::long(date, self.today, self.language())
    }

    /// A day without its name.
    pub(crate) fn date(&self, date: NaiveDate) -> String {
        dates::without_name(date, self.today, self.language())
    }

    /// A day that is kept for years.
    pub(crate) fn date_and_year(&self, date: NaiveDate) -> String {
        dates::without_name(date, NaiveDate::MIN, self.language())
    }

    /// The pages that are always at hand.
    pub(crate) fn tabs(&self) -> Vec<Tab> {
        let base = self.hat().map_or("", |hat| hat.base.as_str());
        let tabs = tabs(base, self.address.split('?').next().unwrap_or_default());
        tabs.into_iter().map(|tab| Tab { address: self.to(&tab.address), ..tab }).collect()
    }
}

/// What somebody is called: by their first name, else by their code.
fn called(identity: &Identity) -> String {
    identity.first_name.clone().or_else(|| identity.last_name.clone()).unwrap_or_else(|| identity.code.clone())
}

/// What somebody is called among their own: by first and last name, else by their code.
pub(crate) fn full_name(identity: &Identity) -> String {
    let names = [identity.first_name.as_deref(), identity.last_name.as_deref()];
    let name = names.into_iter().flatten().collect::<Vec<_>>().join(" ");
    if name.is_empty() { identity.code.clone() } else { name }
}

/// The names in which a caller may act, the widest first; who is nobody else's delegate acts as themselves.
pub(crate) fn hats(caller: &Caller, address: &str) -> Vec<Hat> {
    let mut hats: Vec<Hat> = Vec::new();
    for held in parts_of(caller.access.principal, &caller.registry) {
        let (base, name, part) = match (held.acting, held.part) {
            (Acting::Association(number), part) => {
                let word = if part == Part::Administrator { "hat-administrator" } else { "hat-delegate" };
                (format!("/a/{}", caller.name(number.0)), caller.name_of(number), word)
            }
            (Acting::Coordinator, _) => ("/c".to_owned(), caller.known.network.name.clone(), "hat-coordinator"),
            (Acting::Mediator, _) => ("/m".to_owned(), caller.known.network.name.clone(), "hat-mediator"),
            (Acting::Oneself, _) => ("/me".to_owned(), String::new(), "hat-oneself"),
            // Whoever reads everything has the API and the audit; what is theirs as a person they find as themselves.
            (Acting::Auditor, _) => continue,
        };
        match hats.iter_mut().find(|hat| hat.base == base) {
            Some(hat) if part == "hat-administrator" => hat.part = part,
            Some(_) => {}
            None => {
                let is_worn = address == base
                    || address.starts_with(&format!("{base}/"))
                    || address.starts_with(&format!("{base}?"));
                hats.push(Hat { base, name, part, is_worn });
            }
        }
    }
    if caller.access.principal == Principal::Operator {
        hats.retain(|hat| hat.base == "/c");
    }
    hats
}

/// What a request for a page says of itself.
#[derive(Debug, Clone)]
pub(crate) struct Asking {
    /// The language it is answered in.
    pub(crate) language: Language,
    /// Where the reader is.
    pub(crate) place: Place,
    /// What is asked for, with its query and without the network's prefix.
    pub(crate) address: String,
}

impl Asking {
    /// A parameter of the address, as it was written.
    pub(crate) fn parameter(&self, name: &str) -> Option<String> {
        let query = self.address.split_once('?')?.1;
        form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    }

    fn said(&self) -> Option<&'static str> {
        let said = self.parameter("said")?;
        SAID.iter().copied().find(|key| *key == said)
    }
}

impl FromRequestParts<App> for Asking {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Problem> {
        Ok(Self {
            language: door::language(&parts.headers),
            place: parts.extensions.get().cloned().unwrap_or_default(),
            address: parts.uri.path_and_query().map(ToString::to_string).unwrap_or_default(),
        })
    }
}
