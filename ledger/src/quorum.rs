//! Which witnesses have to have seen a signed head before it is believed: a policy file of C2SP tlog-policy.
//!
//! ```
//! use ledger::quorum::Quorum;
//! let none = "# whoever signs is believed alone\nquorum none\n";
//! assert!(Quorum::parse(none).is_ok());
//! ```
//!
//! A network that shows two histories has to find as many witnesses for each, and each of them signs one alone. So whoever
//! holds one document only need not take its network's word.

use std::str::SplitAsciiWhitespace;

use chrono::{DateTime, Utc};

use crate::{
    Language,
    integrity::CLOCK_TOLERANCE,
    note::{Algorithm, Note, NoteVerdict, VerifierKey},
};

/// No policy has more lines.
const LINES_MOST: usize = 10_000;
/// The rule that demands nobody.
const NONE: &str = "none";

/// A policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quorum {
    /// The logs that it is about; any log where none is named.
    pub logs: Vec<VerifierKey>,
    /// The witnesses that it knows.
    pub witnesses: Vec<Witness>,
    groups: Vec<Group>,
    /// Who has to have seen a head; nobody where it demands none.
    demanded: Option<Member>,
}

/// A witness that a policy knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witness {
    /// What the policy calls it.
    pub name: String,
    /// Its key.
    pub key: VerifierKey,
    /// Where it is asked, if that is said.
    pub url: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Group {
    name: String,
    least: usize,
    members: Vec<Member>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Member {
    Witness(usize),
    Group(usize),
}

/// Why a policy cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyFault {
    /// In which line, from 1; the last one where something is missing.
    pub line: usize,
    why: Why,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Why {
    UnknownWord(String),
    Incomplete(String),
    TooMuch(String),
    NoLogKey(String),
    NoWitnessKey(String),
    KeyTwice(String),
    NameTwice(String),
    UnknownName(String),
    MemberTwice(String),
    NoThreshold(String, usize),
    QuorumTwice,
    NoQuorum,
    TooLong,
}

impl PolicyFault {
    /// The fault in a sentence.
    pub fn in_words(&self, language: Language) -> String {
        let line = self.line;
        let (french, english) = match &self.why {
            Why::UnknownWord(found) => (
                format!("« {found} » ne commence aucune règle ; log, witness, group ou quorum conviendrait"),
                format!("“{found}” begins no rule; log, witness, group or quorum would fit"),
            ),
            Why::Incomplete(found) => {
                (format!("il manque quelque chose après « {found} »"), format!("something is missing after “{found}”"))
            }
            Why::TooMuch(found) => (format!("« {found} » est de trop"), format!("“{found}” is too much")),
            Why::NoLogKey(found) => (
                format!("« {found} » n'est pas la clé d'un journal : nom+empreinte+clé, Ed25519"),
                format!("“{found}” is no log's key: name+hash+key, Ed25519"),
            ),
            Why::NoWitnessKey(found) => (
                format!("« {found} » n'est pas la clé d'un témoin : nom+empreinte+clé, Ed25519 (cosignature/v1)"),
                format!("“{found}” is no witness's key: name+hash+key, Ed25519 (cosignature/v1)"),
            ),
            Why::KeyTwice(found) => {
                (format!("la clé « {found} » y est déjà"), format!("the key “{found}” is there already"))
            }
            Why::NameTwice(found) => {
                (format!("le nom « {found} » est déjà pris"), format!("the name “{found}” is taken already"))
            }
            Why::UnknownName(found) => (
                format!("« {found} » n'est ni un témoin ni un groupe des lignes d'avant"),
                format!("“{found}” is no witness and no group of the lines before"),
            ),
            Why::MemberTwice(found) => {
                (format!("« {found} » est déjà d'un groupe"), format!("“{found}” is in a group already"))
            }
            Why::NoThreshold(found, members) => (
                format!("« {found} » ne dit pas combien ; all, any ou un nombre de 1 à {members} conviendrait"),
                format!("“{found}” does not say how many; all, any or a number from 1 to {members} would fit"),
            ),
            Why::QuorumTwice => {
                ("il y a déjà une ligne quorum".to_owned(), "there is a quorum line already".to_owned())
            }
            Why::NoQuorum => (
                "il manque une ligne quorum : « quorum none » ne demanderait personne".to_owned(),
                "a quorum line is missing: “quorum none” would demand nobody".to_owned(),
            ),
            Why::TooLong => ("ce fichier est trop long".to_owned(), "this file is too long".to_owned()),
        };
        language.pick(format!("ligne {line} : {french}"), format!("line {line}: {english}"))
    }
}

impl Quorum {
    /// Reads a policy.
    ///
    /// # Errors
    /// The first line that does not fit.
    pub fn parse(text: &str) -> Result<Self, PolicyFault> {
        let mut policy = Self { logs: Vec::new(), witnesses: Vec::new(), groups: Vec::new(), demanded: None };
        let mut is_said = false;
        let mut last = 0;
        for (line, text) in (1..).zip(text.lines()) {
            last = line;
            let at = |why| PolicyFault { line, why };
            if line > LINES_MOST {
                return Err(at(Why::TooLong));
            }
            let mut words = text.split_ascii_whitespace();
            let Some(rule) = words.next().filter(|word| !word.starts_with('#')) else { continue };
            match rule {
                "log" => policy.log(&mut words),
                "witness" => policy.witness(&mut words),
                "group" => policy.group(&mut words),
                "quorum" if is_said => Err(Why::QuorumTwice),
                "quorum" => {
                    is_said = true;
                    policy.quorum(&mut words)
                }
                _ => Err(Why::UnknownWord(rule.to_owned())),
            }
            .map_err(at)?;
            if let Some(more) = words.next() {
                return Err(at(Why::TooMuch(more.to_owned())));
            }
        }
        if is_said { Ok(policy) } else { Err(PolicyFault { line: last, why: Why::NoQuorum }) }
    }

    fn log(&mut self, words: &mut SplitAsciiWhitespace<'_>) -> Result<(), Why> {
        let text = word(words, "log")?;
        let key = VerifierKey::parse(text).filter(|key| key.algorithm == Algorithm::Ed25519);
        let key = key.ok_or_else(|| Why::NoLogKey(text.to_owned()))?;
        if self.logs.iter().any(|log| log.key == key.key) {
            return Err(Why::KeyTwice(text.to_owned()));
        }
        self.logs.push(key);
        // Its address is for whoever asks it; nobody here does.
        let _ = words.next();
        Ok(())
    }

    fn witness(&mut self, words: &mut SplitAsciiWhitespace<'_>) -> Result<(), Why> {
        let name = self.new_name(word(words, "witness")?)?;
        let text = word(words, &name)?;
        let key = VerifierKey::parse(text).filter(|key| key.algorithm == Algorithm::Cosignature);
        let key = key.ok_or_else(|| Why::NoWitnessKey(text.to_owned()))?;
        if self.witnesses.iter().any(|witness| witness.key.key == key.key) {
            return Err(Why::KeyTwice(text.to_owned()));
        }
        self.witnesses.push(Witness { name, key, url: words.next().map(str::to_owned) });
        Ok(())
    }

    fn group(&mut self, words: &mut SplitAsciiWhitespace<'_>) -> Result<(), Why> {
        let name = self.new_name(word(words, "group")?)?;
        let least = word(words, &name)?;
        let mut members = Vec::new();
        for named in words {
            let member = self.member(named)?;
            let is_taken = self.groups.iter().any(|group| group.members.contains(&member));
            if is_taken || members.contains(&member) {
                return Err(Why::MemberTwice(named.to_owned()));
            }
            members.push(member);
        }
        if members.is_empty() {
            return Err(Why::Incomplete(least.to_owned()));
        }
        let number = match least {
            "all" => Some(members.len()),
            "any" => Some(1),
            // One number has one spelling.
            _ => least.parse().ok().filter(|number: &usize| number.to_string() == least),
        };
        let fits = number.filter(|number| (1..=members.len()).contains(number));
        let least = fits.ok_or_else(|| Why::NoThreshold(least.to_owned(), members.len()))?;
        self.groups.push(Group { name, least, members });
        Ok(())
    }

    fn quorum(&mut self, words: &mut SplitAsciiWhitespace<'_>) -> Result<(), Why> {
        let name = word(words, "quorum")?;
        self.demanded = if name == NONE { None } else { Some(self.member(name)?) };
        Ok(())
    }

    fn member(&self, name: &str) -> Result<Member, Why> {
        let witness = self.witnesses.iter().position(|witness| witness.name == name).map(Member::Witness);
        let group = || self.groups.iter().position(|group| group.name == name).map(Member::Group);
        witness.or_else(group).ok_or_else(|| Why::UnknownName(name.to_owned()))
    }

    fn new_name(&self, name: &str) -> Result<String, Why> {
        let is_taken = name == NONE || self.member(name).is_ok();
        if is_taken { Err(Why::NameTwice(name.to_owned())) } else { Ok(name.to_owned()) }
    }

    /// Whether those who cosigned a head are enough. A cosignature of the future counts for nothing.
    pub fn is_met_by(&self, note: &Note, now: DateTime<Utc>) -> bool {
        let Some(demanded) = self.demanded else { return true };
        let seen: Vec<bool> = self.witnesses.iter().map(|witness| has_seen(note, &witness.key, now)).collect();
        let mut groups: Vec<bool> = Vec::new();
        let is_met = |groups: &[bool], member: &Member| match member {
            Member::Witness(place) => seen.get(*place).copied().unwrap_or_default(),
            Member::Group(place) => groups.get(*place).copied().unwrap_or_default(),
        };
        // A group names those before it alone.
        for group in &self.groups {
            let met = group.members.iter().filter(|member| is_met(&groups, member)).count();
            groups.push(met >= group.least);
        }
        is_met(&groups, &demanded)
    }

    /// Whether it is a log that the policy is about that signed a head.
    pub fn is_about(&self, note: &Note) -> bool {
        let is_by = |log: &VerifierKey| {
            note.text.lines().next() == Some(log.name.as_str()) && note.verdict(log) == NoteVerdict::Signed(None)
        };
        self.logs.is_empty() || self.logs.iter().any(is_by)
    }

    /// The witnesses that cosigned a head, and those that did not.
    pub fn witnesses_of(&self, note: &Note, now: DateTime<Utc>) -> (Vec<&Witness>, Vec<&Witness>) {
        self.witnesses.iter().partition(|witness| has_seen(note, &witness.key, now))
    }
}

fn word<'a>(words: &mut SplitAsciiWhitespace<'a>, after: &str) -> Result<&'a str, Why> {
    words.next().ok_or_else(|| Why::Incomplete(after.to_owned()))
}

/// Whether a witness cosigned a head, by now.
pub fn has_seen(note: &Note, witness: &VerifierKey, now: DateTime<Utc>) -> bool {
    let NoteVerdict::Signed(Some(at)) = note.verdict(witness) else { return false };
    let at = i64::try_from(at).ok().and_then(|at| DateTime::from_timestamp(at, 0));
    at.is_some_and(|at| at.signed_duration_since(now) <= CLOCK_TOLERANCE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::PrivateKey;

    fn key(seed: u8) -> PrivateKey {
        PrivateKey::from_seed([seed; 32])
    }

    fn verifier(name: &str, algorithm: Algorithm, seed: u8) -> VerifierKey {
        VerifierKey { name: name.to_owned(), algorithm, key: key(seed).public() }
    }

    fn witness(seed: u8) -> VerifierKey {
        verifier(&format!("w{seed}.example"), Algorithm::Cosignature, seed)
    }

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    /// The example of the standard, with two levels of groups.
    fn example() -> String {
        let log = verifier("log", Algorithm::Ed25519, 1);
        let mut text = format!("# the example\nlog {log} https://log.example/\n\n");
        for seed in 11..14 {
            text += &format!("\twitness X{seed}  {} https://w.example\n", witness(seed));
        }
        text += "group X-witnesses 2 X11 X12 X13\n";
        for seed in 21..24 {
            text += &format!("witness Y{seed} {}\n", witness(seed));
        }
        text + "group Y-witnesses any Y21 Y22 Y23\ngroup X-and-Y all X-witnesses Y-witnesses\nquorum X-and-Y\n"
    }

    #[test]
    fn so_many_of_these_witnesses_are_demanded() {
        let policy = Quorum::parse(&example()).unwrap();
        assert_eq!((policy.logs.len(), policy.witnesses.len()), (1, 6));
        assert_eq!(policy.witnesses[0].url.as_deref(), Some("https://w.example"));
        let now = 1_764_000_000;
        let head = |seeds: &[u8], time| {
            let note = Note::new("log\n1\nroot\n".to_owned()).signed("log", &key(1));
            seeds.iter().fold(note, |note, seed| note.cosigned(&witness(*seed).name, &key(*seed), time))
        };
        let seen = u64::try_from(now).unwrap();
        for (seeds, expected) in [
            (&[][..], false),
            (&[11, 12], false),
            (&[11, 21], false),
            (&[11, 13, 22], true),
            (&[11, 12, 13, 21, 22, 23], true),
            (&[21, 22, 23], false),
        ] {
            assert_eq!(policy.is_met_by(&head(seeds, seen), at(now)), expected, "{seeds:?}");
            // What a witness says to have seen tomorrow it has not seen.
            assert!(!policy.is_met_by(&head(seeds, seen + 86_400), at(now)), "{seeds:?}");
        }
        assert!(policy.is_about(&head(&[], seen)));
        assert!(!policy.is_about(&Note::new("log\n1\nroot\n".to_owned()).signed("log", &key(2))));
        let two = head(&[11, 22], seen);
        let (have, lack) = policy.witnesses_of(&two, at(now));
        assert_eq!((have.len(), lack.len()), (2, 4));
        let nobody = Quorum::parse("quorum none").unwrap();
        assert!(nobody.is_met_by(&head(&[], seen), at(now)));
    }

    #[test]
    fn a_policy_that_cannot_be_read_says_where_and_what_would_fit() {
        let (log, one, two) = (verifier("log", Algorithm::Ed25519, 1), witness(2), witness(3));
        let cases = [
            (String::new(), "ligne 0 : il manque une ligne quorum"),
            (format!("log {log}\n"), "ligne 1 : il manque une ligne quorum"),
            ("temoin X\nquorum none\n".to_owned(), "ligne 1 : « temoin » ne commence aucune règle"),
            ("log\nquorum none\n".to_owned(), "ligne 1 : il manque quelque chose après « log »"),
            (format!("log {one}\n"), "n'est pas la clé d'un journal"),
            (format!("witness A {log}\n"), "n'est pas la clé d'un témoin"),
            (format!("witness A {one}x\n"), "n'est pas la clé d'un témoin"),
            (format!("witness A {one}\nwitness B {one}\n"), "ligne 2 : la clé"),
            (format!("log {log}\nlog {log}\n"), "ligne 2 : la clé"),
            (format!("witness A {one}\nwitness A {two}\n"), "ligne 2 : le nom « A » est déjà pris"),
            (format!("witness none {one}\n"), "le nom « none » est déjà pris"),
            (format!("witness A {one}\ngroup G 1 B\n"), "« B » n'est ni un témoin ni un groupe"),
            (format!("witness A {one}\ngroup G 1 G\n"), "« G » n'est ni un témoin ni un groupe"),
            (format!("witness A {one}\ngroup G any A A\n"), "« A » est déjà d'un groupe"),
            (format!("witness A {one}\ngroup G any A\ngroup H any A\n"), "« A » est déjà d'un groupe"),
            (format!("witness A {one}\ngroup G 2 A\n"), "« 2 » ne dit pas combien ; all, any ou un nombre de 1 à 1"),
            (format!("witness A {one}\ngroup G 0 A\n"), "« 0 » ne dit pas combien"),
            (format!("witness A {one}\ngroup G 01 A\n"), "« 01 » ne dit pas combien"),
            (format!("witness A {one}\ngroup G any\n"), "il manque quelque chose après « any »"),
            ("quorum none\nquorum none\n".to_owned(), "ligne 2 : il y a déjà une ligne quorum"),
            ("quorum none more\n".to_owned(), "« more » est de trop"),
            ("quorum G\n".to_owned(), "« G » n'est ni un témoin ni un groupe"),
        ];
        for (text, sentence) in cases {
            let fault = Quorum::parse(&text).unwrap_err().in_words(Language::French);
            assert!(fault.contains(sentence), "{text}{fault}");
        }
    }
}
