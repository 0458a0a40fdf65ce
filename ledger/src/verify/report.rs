//! What was found out about a file: each thing that was looked at, and what it came to.

use crate::{Language, note::Note, printable::is_unreadable};

/// What kind of thing was checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A network's statement of an association's year.
    Statement,
    /// The same before the year is closed.
    ProvisionalStatement,
    /// An Open Badge.
    Badge,
    /// A list of what was revoked.
    StatusList,
    /// Any other credential.
    Credential,
    /// A signed head of a log.
    Checkpoint,
    /// A proof that an act is in a log.
    InclusionProof,
    /// A proof that a log goes on from an earlier head.
    ConsistencyProof,
    /// Several credentials in one document.
    Passport,
    /// The keys of a network.
    KeyDocument,
    /// An act of a log, as it was sealed.
    Act,
    /// Nothing that this program knows.
    Unknown,
}

impl Kind {
    /// The kind for people.
    pub const fn in_words(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Statement, Language::French) => "relevé annuel",
            (Self::Statement, Language::English) => "annual statement",
            (Self::ProvisionalStatement, Language::French) => "relevé provisoire",
            (Self::ProvisionalStatement, Language::English) => "provisional statement",
            (Self::Badge, Language::French) => "reconnaissance (Open Badge)",
            (Self::Badge, Language::English) => "recognition (Open Badge)",
            (Self::StatusList, Language::French) => "liste de révocation",
            (Self::StatusList, Language::English) => "status list",
            (Self::Credential, Language::French) => "attestation",
            (Self::Credential, Language::English) => "credential",
            (Self::Checkpoint, Language::French) => "point de contrôle du journal",
            (Self::Checkpoint, Language::English) => "checkpoint of the log",
            (Self::InclusionProof, Language::French) => "preuve d'inclusion dans le journal",
            (Self::InclusionProof, Language::English) => "proof of inclusion in the log",
            (Self::ConsistencyProof, Language::French) => "preuve de cohérence du journal",
            (Self::ConsistencyProof, Language::English) => "proof of consistency of the log",
            (Self::Passport, Language::French) => "passeport",
            (Self::Passport, Language::English) => "passport",
            (Self::KeyDocument, Language::French) => "liste de clés",
            (Self::KeyDocument, Language::English) => "list of keys",
            (Self::Act, Language::French) => "acte du journal",
            (Self::Act, Language::English) => "act of the log",
            (Self::Unknown, Language::French) => "fichier inconnu",
            (Self::Unknown, Language::English) => "unknown file",
        }
    }
}

/// What a check came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// It holds.
    Holds,
    /// It cannot be known from what is at hand.
    Unknown,
    /// It does not hold.
    Fails,
}

/// Somebody of whom it was not said that they are trusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stranger {
    /// Whoever signed a document, by their DID: it is its own list of keys.
    Key(String),
    /// A domain, whose keys stand in a document that the one who checks has from it.
    Domain(String),
    /// The log, by its key.
    Log,
    /// Nobody: it bears no signature, and leads to none.
    Nobody,
}

/// What is to be concluded of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Conclusion {
    /// Nothing in it is wrong, and whoever signed it is trusted.
    Trusted,
    /// Nothing in it is wrong, and it was signed by somebody of whom nobody said that they are trusted: whoever forges it
    /// signs it so, too.
    Stranger,
    /// It does not hold.
    Fails,
}

impl Conclusion {
    /// The stable text form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Trusted => "trusted",
            Self::Stranger => "stranger",
            Self::Fails => "fails",
        }
    }
}

/// What has become of a document, where that says more than that it does not hold. The loudest comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Headline {
    /// Two histories of one log were signed.
    TwoHistories,
    /// Whoever issued it took it back.
    Revoked,
    /// Another one took its place.
    Superseded,
    /// Its time is over.
    Expired,
    /// It was handed out before its figures were final.
    Provisional,
}

impl Headline {
    /// The stable text form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TwoHistories => "two_histories",
            Self::Revoked => "revoked",
            Self::Superseded => "superseded",
            Self::Expired => "expired",
            Self::Provisional => "provisional",
        }
    }

    /// The headline for people.
    pub const fn in_words(self, language: Language) -> &'static str {
        let (french, english) = match self {
            Self::TwoHistories => (
                "ALERTE : deux histoires du même journal ont été signées. Gardez ces fichiers et montrez-les à d'autres.",
                "ALARM: two histories of one log were signed. Keep these files, and show them to others.",
            ),
            Self::Revoked => (
                "RÉVOQUÉ : le réseau l'a repris, ou remplacé par un autre.",
                "REVOKED: the network took it back, or put another one in its place.",
            ),
            Self::Superseded => (
                "REMPLACÉ : un relevé plus récent compte à sa place.",
                "SUPERSEDED: a later statement counts in its place.",
            ),
            Self::Expired => ("EXPIRÉ : il ne vaut plus.", "EXPIRED: it holds no longer."),
            Self::Provisional => (
                "PROVISOIRE : l'exercice n'est pas clos, les chiffres peuvent changer.",
                "PROVISIONAL: the year is not closed, the figures may change.",
            ),
        };
        match language {
            Language::French => french,
            Language::English => english,
        }
    }
}

/// A sentence as it is shown: what others wrote into it takes no line of its own, and steers nothing.
fn in_line(sentence: String) -> String {
    if !sentence.contains(|letter: char| is_unreadable(letter) || letter == '\n' || letter == '\t') {
        return sentence;
    }
    let mut line = String::new();
    for letter in sentence.chars() {
        if is_unreadable(letter) || letter == '\n' || letter == '\t' {
            line.extend(letter.escape_unicode());
        } else {
            line.push(letter);
        }
    }
    line
}

/// So much of a name that others wrote is shown.
const NAME_MOST: usize = 120;

/// A name that others wrote, as it may stand in a sentence.
pub(super) fn name_in_line(name: &str) -> String {
    let mut shown: String = name.chars().take(NAME_MOST).collect();
    if name.chars().nth(NAME_MOST).is_some() {
        shown.push('…');
    }
    in_line(shown)
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What it came to.
    pub verdict: Verdict,
    /// A stable name for scripts.
    pub name: &'static str,
    /// Whom it would take to be trusted for the verdict to be known.
    pub stranger: Option<Stranger>,
    /// What it makes of the document, where that has a word of its own.
    pub headline: Option<Headline>,
    french: String,
    english: String,
}

impl Check {
    /// The check in a sentence.
    pub fn in_words(&self, language: Language) -> &str {
        match language {
            Language::French => &self.french,
            Language::English => &self.english,
        }
    }
}

/// Something that a badge says in its signed part, to be held against what is drawn or printed around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fact {
    /// Whose it is.
    Holder,
    /// What is recognised.
    Competence,
    /// How far it goes.
    Level,
    /// Who recognises it.
    RecognisedBy,
    /// When.
    Date,
}

impl Fact {
    /// The stable text form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Holder => "holder",
            Self::Competence => "competence",
            Self::Level => "level",
            Self::RecognisedBy => "recognised_by",
            Self::Date => "date",
        }
    }

    /// The fact's name for people.
    pub const fn in_words(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Holder, Language::French) => "à qui",
            (Self::Holder, Language::English) => "whose",
            (Self::Competence, Language::French) => "compétence",
            (Self::Competence, Language::English) => "competence",
            (Self::Level, Language::French) => "niveau",
            (Self::Level, Language::English) => "level",
            (Self::RecognisedBy, Language::French) => "reconnue par",
            (Self::RecognisedBy, Language::English) => "recognised by",
            (Self::Date, Language::French) => "le",
            (Self::Date, Language::English) => "on",
        }
    }
}

/// What was found out about one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// What it is.
    pub kind: Kind,
    /// What it says it is about: a title, in the words of whoever signed it.
    pub title: String,
    /// What was looked at, in order.
    pub checks: Vec<Check>,
    /// What a badge says in its signed part, each on one line.
    pub facts: Vec<(Fact, String)>,
    /// The signed document, when there is one: what is to be believed if everything holds.
    pub document: Option<serde_json::Value>,
    /// The reports on what it contains.
    pub parts: Vec<Report>,
    /// The heads in it that a known key of their log signed.
    pub(super) heads: Vec<Note>,
}

impl Report {
    pub(crate) fn new(kind: Kind) -> Self {
        Self {
            kind,
            title: String::new(),
            checks: Vec::new(),
            facts: Vec::new(),
            document: None,
            parts: Vec::new(),
            heads: Vec::new(),
        }
    }

    /// Whether nothing fails. What is unknown does not fail.
    pub fn holds(&self) -> bool {
        self.verdict() != Verdict::Fails
    }

    /// The worst of all verdicts.
    pub fn verdict(&self) -> Verdict {
        let own = self.checks.iter().map(|check| check.verdict).max();
        let parts = self.parts.iter().map(Report::verdict).max();
        own.max(parts).unwrap_or(Verdict::Unknown)
    }

    /// What is to be concluded. A key that is known by nobody, or not said to be trusted, comes before what else remains to
    /// be known.
    pub fn conclusion(&self) -> Conclusion {
        let own = if self.checks.iter().any(|check| check.verdict == Verdict::Fails) {
            Conclusion::Fails
        } else if self.checks.iter().any(|check| check.stranger.is_some()) {
            Conclusion::Stranger
        } else {
            Conclusion::Trusted
        };
        self.parts.iter().map(Self::conclusion).fold(own, Ord::max)
    }

    /// What stands above all else: what has become of the document, where nothing else speaks against it. Two histories
    /// of one log are told whatever else is wrong.
    pub fn headline(&self) -> Option<Headline> {
        let all = || self.checks.iter().chain(self.parts.iter().flat_map(|part| &part.checks));
        let told = all().filter_map(|check| check.headline).min();
        if told == Some(Headline::TwoHistories) {
            return told;
        }
        let has_other_faults = all().any(|check| check.verdict == Verdict::Fails && check.headline.is_none());
        // What a part of it has come to is said at the part.
        if has_other_faults { None } else { self.checks.iter().filter_map(|check| check.headline).min() }
    }

    /// Says what makes the document something that has a word of its own.
    pub(super) fn say_headline(
        &mut self,
        verdict: Verdict,
        headline: Headline,
        name: &'static str,
        french: impl Into<String>,
        english: impl Into<String>,
    ) {
        self.say(verdict, name, french, english);
        if let Some(check) = self.checks.last_mut() {
            check.headline = Some(headline);
        }
    }

    pub(crate) fn say(
        &mut self,
        verdict: Verdict,
        name: &'static str,
        french: impl Into<String>,
        english: impl Into<String>,
    ) {
        let (french, english) = (in_line(french.into()), in_line(english.into()));
        self.checks.push(Check { verdict, name, stranger: None, headline: None, french, english });
    }

    /// Says what would be known if somebody were trusted.
    pub(super) fn say_stranger(
        &mut self,
        stranger: Stranger,
        name: &'static str,
        french: impl Into<String>,
        english: impl Into<String>,
    ) {
        let (french, english) = (in_line(french.into()), in_line(english.into()));
        self.checks.push(Check {
            verdict: Verdict::Unknown,
            name,
            stranger: Some(stranger),
            headline: None,
            french,
            english,
        });
    }

    /// What comes before all else.
    pub(super) fn say_first(&mut self, verdict: Verdict, name: &'static str, french: String, english: String) {
        self.checks.insert(0, Check { verdict, name, stranger: None, headline: None, french, english });
    }

    pub(crate) fn judge(&mut self, holds: bool, name: &'static str, if_so: (&str, &str), if_not: (&str, &str)) -> bool {
        let (french, english) = if holds { if_so } else { if_not };
        self.say(if holds { Verdict::Holds } else { Verdict::Fails }, name, french, english);
        holds
    }

    pub(super) fn unreadable(french: impl Into<String>, english: impl Into<String>) -> Self {
        let mut report = Self::new(Kind::Unknown);
        report.say(Verdict::Fails, "form", french, english);
        report
    }
}
