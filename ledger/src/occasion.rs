//! The idempotency keys of what is asked without a caller who chose one: by the command line, by the lines of a file
//! that is brought in, by a notebook that is compared, by the store.
//!
//! What can happen once bears one name, so that asking twice does nothing twice. A key stays in the act that it became
//! for ever, and another spelling would let an old file enter again: the table below the code holds every one.

use chrono::NaiveDate;
use sha2::{Digest as _, Sha256};

use crate::{
    ActNumber, AssociationNumber, Digest, ExchangeNumber, PersonNumber,
    command::{By, Command, Key, Principal, Request},
    key::PublicKey,
    log,
    skill::Framework,
    year::Year,
};

/// What is asked for, by what makes it the only one of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occasion<'a> {
    /// The network is founded.
    Founding,
    /// It adopts a key.
    KeyAdoption(&'a PublicKey),
    /// A year is closed.
    YearClosing(Year),
    /// Statements of a year are handed out, from this number on.
    StatementIssue {
        /// Which year.
        year: Year,
        /// The first one's number within the year.
        first: u32,
    },
    /// The log goes on under another name, after one of which more was signed than is left.
    LogReopening {
        /// The lost log's name.
        origin: &'a str,
        /// How many acts were signed.
        size: u64,
    },
    /// A competence is recognised.
    Recognition {
        /// Where it was seen.
        exchange: ExchangeNumber,
        /// Whose it is.
        person: PersonNumber,
        /// The skill's name as it was asked for; empty for the exchange's own.
        skill: &'a str,
    },
    /// A recognition is accepted.
    Acceptance(ActNumber),
    /// A recognition is taken back.
    Withdrawal(ActNumber),
    /// A person is erased.
    Erasure(PersonNumber),
    /// A file is received.
    File {
        /// SHA-256 of its bytes.
        digest: Digest,
        /// How many of its lines enter.
        lines: u64,
        /// The key of the first one. The same file may come again for what its first time left out: what is new in it
        /// tells the two apart.
        first: &'a str,
    },
    /// A file's line about a member, by its folded name.
    MemberLine(&'a str),
    /// A file's line about a person, by their code.
    PersonLine(&'a str),
    /// A person of that code takes part in an association.
    MembershipLine {
        /// The code.
        code: &'a str,
        /// The association.
        association: AssociationNumber,
    },
    /// A skill that a file names, by its folded name.
    SkillLine(&'a str),
    /// A skill is put beside an entry of a public list. This may be said, changed, and said again.
    AlignmentLine {
        /// The skill's folded name.
        skill: &'a str,
        /// The list.
        framework: Framework,
        /// The number of the act that would come next: what it counts tells one time from another.
        next: ActNumber,
    },
    /// A balance is brought in.
    BalanceLine(AssociationNumber),
    /// An exchange that has a reference.
    ReferencedExchangeLine(&'a str),
    /// An exchange that has none.
    ExchangeLine(NamelessLine),
    /// Hours that a person gave.
    ContributionLine(NamelessLine),
    /// A notebook's line that the ledger lacks is proposed to the other side.
    NotebookProposal {
        /// When help was given.
        service_date: NaiveDate,
        /// What the line says.
        content: &'a str,
        /// The how many-eth line this is that says so.
        occurrence: u32,
    },
    /// What a notebook's line says otherwise is asked to be corrected.
    NotebookCorrection {
        /// Which exchange.
        exchange: ExchangeNumber,
        /// What the notebook says, as the other side reads it.
        reason: &'a str,
    },
    /// The invented network proposes an exchange, by its reference.
    DemoProposal(&'a str),
    /// A member of the network under load.
    BenchMember(u64),
    /// What a client of the network under load asks.
    BenchExchange {
        /// Which client.
        client: u64,
        /// How many it asked before.
        asked: u64,
    },
}

/// A file's line that has no name of its own: its date comes first, so that keys grow with time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NamelessLine {
    /// The line's date.
    pub date: NaiveDate,
    /// A digest of what it says.
    pub content: Digest,
    /// The how many-eth line this is that says so.
    pub occurrence: u32,
}

impl Occasion<'_> {
    /// The key.
    pub fn key(&self) -> Key {
        let scope = match self.scope() {
            Scope::Operator => "operator",
            Scope::Import => "import",
            Scope::Reconciliation => "reconcile",
        };
        Key { scope: scope.to_owned(), key: self.text() }
    }

    /// A request whose key says all there is to it.
    pub fn request(&self, by: By, command: Command) -> Request {
        let text = self.text();
        let digest = match self.scope() {
            Scope::Operator | Scope::Import => log::leaf_hash(text.as_bytes()),
            Scope::Reconciliation => Digest(Sha256::digest(text.as_bytes()).into()),
        };
        self.request_about(digest, by, command)
    }

    /// A request whose key says which one it is, and a digest what it asks for.
    pub fn request_about(&self, digest: Digest, by: By, command: Command) -> Request {
        Request { key: self.key(), digest, by, seen: None, generation: None, command }
    }

    fn text(&self) -> String {
        match self {
            Self::Founding => "found".to_owned(),
            Self::KeyAdoption(key) => format!("key:{key}"),
            Self::YearClosing(year) => format!("close:{year}"),
            Self::StatementIssue { year, first } => format!("statements:{year}:{first}"),
            Self::LogReopening { origin, size } => format!("reopen:{origin}:{size}"),
            Self::Recognition { exchange, person, skill } => format!("recognise:{exchange}:{person}:{skill}"),
            Self::Acceptance(recognition) => format!("accept:{recognition}"),
            Self::Withdrawal(recognition) => format!("withdraw:{recognition}"),
            Self::Erasure(person) => format!("erase:{person}"),
            Self::File { digest, lines, first } => format!("file:{digest}:{lines}:{first}"),
            Self::MemberLine(name) => format!("association:{name}"),
            Self::PersonLine(code) => format!("person:{code}"),
            Self::MembershipLine { code, association } => format!("membership:{code}:{association}"),
            Self::SkillLine(name) => format!("skill:{name}"),
            Self::AlignmentLine { skill, framework, next } => format!("alignment:{skill}:{framework}:{next}"),
            Self::BalanceLine(association) => format!("balance:{association}"),
            Self::ReferencedExchangeLine(reference) => format!("exchange:{reference}"),
            Self::ExchangeLine(line) => line.text("exchange"),
            Self::ContributionLine(line) => line.text("contribution"),
            Self::NotebookProposal { service_date, content, occurrence } => {
                format!("propose:{service_date}:{content}:{occurrence}")
            }
            Self::NotebookCorrection { exchange, reason } => format!("correct:{exchange}:{reason}"),
            Self::DemoProposal(reference) => format!("demo:{reference}"),
            Self::BenchMember(number) => format!("bench:member:{number:09}"),
            Self::BenchExchange { client, asked } => format!("bench:{client:06}:{asked:012}"),
        }
    }

    fn scope(&self) -> Scope {
        match self {
            Self::Founding
            | Self::KeyAdoption(_)
            | Self::YearClosing(_)
            | Self::StatementIssue { .. }
            | Self::LogReopening { .. }
            | Self::Recognition { .. }
            | Self::Acceptance(_)
            | Self::Withdrawal(_)
            | Self::Erasure(_)
            | Self::DemoProposal(_)
            | Self::BenchMember(_)
            | Self::BenchExchange { .. } => Scope::Operator,
            Self::File { .. }
            | Self::MemberLine(_)
            | Self::PersonLine(_)
            | Self::MembershipLine { .. }
            | Self::SkillLine(_)
            | Self::AlignmentLine { .. }
            | Self::BalanceLine(_)
            | Self::ReferencedExchangeLine(_)
            | Self::ExchangeLine(_)
            | Self::ContributionLine(_) => Scope::Import,
            Self::NotebookProposal { .. } | Self::NotebookCorrection { .. } => Scope::Reconciliation,
        }
    }
}

impl NamelessLine {
    fn text(&self, kind: &str) -> String {
        let Self { date, content, occurrence } = self;
        format!("{kind}:{date}:{:.32}:{occurrence}", content.to_hex())
    }
}

/// Whose keys the ones that a caller of the service chooses are.
pub fn scope_of_caller(principal: Principal) -> String {
    match principal {
        Principal::Operator => "api:operator".to_owned(),
        Principal::Person(person) => format!("api:person:{person}"),
    }
}

/// Whose keys these are.
enum Scope {
    /// Whoever can open the database.
    Operator,
    /// An import: whoever runs it, the same lines twice add nothing.
    Import,
    /// A comparison: whoever asks, the same line twice asks once.
    Reconciliation,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::PrivateKey;

    #[test]
    fn keys_never_change() {
        let date: NaiveDate = "2026-03-12".parse().unwrap();
        let digest = Digest(std::array::from_fn(|index| u8::try_from(index).unwrap()));
        let line = NamelessLine { date, content: digest, occurrence: 2 };
        let public = PrivateKey::from_seed([7; 32]).public();
        let (act, person, exchange) = (ActNumber(7), PersonNumber(5), ExchangeNumber(13));
        let association = AssociationNumber(4);
        let cases = [
            (Occasion::Founding, "operator", "found"),
            (Occasion::KeyAdoption(&public), "operator", "key:z6MkvDqGT54cXesYGvABpF1UapVNwjCqRcafi4Px6Thv5T3Z"),
            (Occasion::YearClosing(Year(2026)), "operator", "close:2026"),
            (Occasion::StatementIssue { year: Year(2026), first: 12 }, "operator", "statements:2026:12"),
            (
                Occasion::LogReopening { origin: "coudemain.example/x", size: 40 },
                "operator",
                "reopen:coudemain.example/x:40",
            ),
            (Occasion::Recognition { exchange, person, skill: "Caisse" }, "operator", "recognise:13:5:Caisse"),
            (Occasion::Recognition { exchange, person, skill: "" }, "operator", "recognise:13:5:"),
            (Occasion::Acceptance(act), "operator", "accept:7"),
            (Occasion::Withdrawal(act), "operator", "withdraw:7"),
            (Occasion::Erasure(person), "operator", "erase:5"),
            (
                Occasion::File { digest, lines: 3, first: "exchange:K-1" },
                "import",
                "file:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f:3:exchange:K-1",
            ),
            (Occasion::MemberLine("l atelier"), "import", "association:l atelier"),
            (Occasion::PersonLine("B-1"), "import", "person:B-1"),
            (Occasion::MembershipLine { code: "B-1", association }, "import", "membership:B-1:4"),
            (Occasion::SkillLine("caisse"), "import", "skill:caisse"),
            (
                Occasion::AlignmentLine { skill: "caisse", framework: Framework::Rome, next: act },
                "import",
                "alignment:caisse:ROME:7",
            ),
            (Occasion::BalanceLine(association), "import", "balance:4"),
            (Occasion::ReferencedExchangeLine("K-1"), "import", "exchange:K-1"),
            (Occasion::ExchangeLine(line), "import", "exchange:2026-03-12:000102030405060708090a0b0c0d0e0f:2"),
            (Occasion::ContributionLine(line), "import", "contribution:2026-03-12:000102030405060708090a0b0c0d0e0f:2"),
            (
                Occasion::NotebookProposal { service_date: date, content: "2026-03-12:4:5:150:Caisse", occurrence: 1 },
                "reconcile",
                "propose:2026-03-12:2026-03-12:4:5:150:Caisse:1",
            ),
            (
                Occasion::NotebookCorrection { exchange, reason: "Notre carnet dit : 2 h." },
                "reconcile",
                "correct:13:Notre carnet dit : 2 h.",
            ),
            (Occasion::DemoProposal("P-1"), "operator", "demo:P-1"),
            (Occasion::BenchMember(12), "operator", "bench:member:000000012"),
            (Occasion::BenchExchange { client: 3, asked: 45 }, "operator", "bench:000003:000000000045"),
        ];
        for (occasion, scope, key) in cases {
            assert_eq!(occasion.key(), Key { scope: scope.to_owned(), key: key.to_owned() });
        }
        assert_eq!(scope_of_caller(Principal::Operator), "api:operator");
        assert_eq!(scope_of_caller(Principal::Person(person)), "api:person:5");
    }

    #[test]
    fn digests_of_what_a_key_says_all_about_never_change() {
        let command = || Command::CloseYear { year: Year(2026) };
        let digest = |occasion: Occasion<'_>| occasion.request(By::OPERATOR, command()).digest.to_hex();
        let correction = Occasion::NotebookCorrection { exchange: ExchangeNumber(13), reason: "r" };
        assert_eq!(
            digest(Occasion::YearClosing(Year(2026))),
            "864e512456d159a3a7a8f76c2821d1c47120fca599f73fc7436bc4adc2c5003a"
        );
        assert_eq!(digest(correction), "0d60386e1014f8601473c05958ed08360c1212f1ef7930388ac6952aa8a0cd89");
    }
}
