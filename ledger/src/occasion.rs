//! The idempotency keys of what is asked without a caller who chose one: by the command line, by the store.
//!
//! What can happen once bears one name, so that asking twice does nothing twice. A key stays in the act that it became
//! for ever: nothing in it is personal, and the table below the code holds every spelling. What files ask for has keys of
//! its own, see [`crate::brought_in`].

use uuid::Uuid;

use crate::{
    ActNumber, Digest, ExchangeNumber, PersonNumber,
    command::{By, Command, Key, Principal, Request},
    key::PublicKey,
    log,
    text_enum::text_enum,
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
    /// The network's first coordinator is added, with that link.
    FirstCoordinator(&'a Digest),
    /// They are given their role.
    FirstCoordinatorRole(PersonNumber),
    /// Somebody who asked to come in is let in: an association, or a person.
    Admission {
        /// The name of what they asked.
        request: Uuid,
        /// Which of the acts that it takes.
        step: AdmissionStep,
    },
    /// Somebody types a command: each time another one, since the same may well be meant twice.
    Typed(Uuid),
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

text_enum! {
    /// An act that it takes to let an association or a person in.
    pub enum AdmissionStep {
        /// The association becomes a member.
        Association => "association",
        /// The person is added.
        Person => "person",
        /// They belong to the association.
        Membership => "membership",
        /// They become its delegate.
        Delegate => "delegate",
        /// They become its administrator.
        Administrator => "administrator",
    }
}

impl Occasion<'_> {
    /// The key.
    pub fn key(&self) -> Key {
        Key { scope: "operator".to_owned(), key: self.text() }
    }

    /// A request whose key says all there is to it.
    pub fn request(&self, by: By, command: Command) -> Request {
        self.request_about(log::leaf_hash(self.text().as_bytes()), by, command)
    }

    /// A request whose key says which one it is, and a digest what it asks for.
    pub fn request_about(&self, digest: Digest, by: By, command: Command) -> Request {
        Request { key: self.key(), digest, by, seen: None, generation: None, long_ago: false, command }
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
            Self::FirstCoordinator(link) => format!("coordinator:{}", link.to_hex()),
            Self::FirstCoordinatorRole(person) => format!("coordinator-role:{person}"),
            Self::Admission { request, step } => format!("admission:{request}:{}", step.as_str()),
            Self::Typed(name) => format!("typed:{name}"),
            Self::DemoProposal(reference) => format!("demo:{reference}"),
            Self::BenchMember(number) => format!("bench:member:{number:09}"),
            Self::BenchExchange { client, asked } => format!("bench:{client:06}:{asked:012}"),
        }
    }
}

/// What the scopes of callers of the service begin with.
const OF_CALLERS: &str = "api:";

/// Whose keys the ones that a caller of the service chooses are.
pub fn scope_of_caller(principal: Principal) -> String {
    match principal {
        Principal::Operator => format!("{OF_CALLERS}operator"),
        Principal::Person(person) => format!("{OF_CALLERS}person:{person}"),
    }
}

impl Key {
    /// Whether a caller of the service chose it: one of those names one thing of theirs, be it an act or not.
    pub fn is_of_caller(&self) -> bool {
        self.scope.starts_with(OF_CALLERS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::PrivateKey;

    #[test]
    fn keys_never_change() {
        let public = PrivateKey::from_seed([7; 32]).public();
        let (act, person, exchange) = (ActNumber(7), PersonNumber(5), ExchangeNumber(13));
        let link = Digest([7; 32]);
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
            (Occasion::FirstCoordinator(&link), "operator", &format!("coordinator:{}", "07".repeat(32))),
            (Occasion::FirstCoordinatorRole(person), "operator", "coordinator-role:5"),
            (
                Occasion::Admission { request: Uuid::nil(), step: AdmissionStep::Association },
                "operator",
                "admission:00000000-0000-0000-0000-000000000000:association",
            ),
            (Occasion::Typed(Uuid::nil()), "operator", "typed:00000000-0000-0000-0000-000000000000"),
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
        assert_eq!(
            digest(Occasion::YearClosing(Year(2026))),
            "864e512456d159a3a7a8f76c2821d1c47120fca599f73fc7436bc4adc2c5003a"
        );
    }
}
