//! The idempotency keys of what files ask for: lines that are brought in, a notebook that is compared.
//!
//! The same line twice adds nothing, whoever brings it. So its key is made of what it says, and stays in the act that it
//! became for ever; what could betray somebody is hidden under a secret of the network, and what names a person under a
//! secret of that person. Whoever is erased takes theirs along, and nothing tells any more which lines were about them.
//! Another spelling would let an old file enter again: the table below the code holds every one.

use chrono::NaiveDate;

use crate::{
    ActNumber, AssociationNumber, Digest, ExchangeNumber,
    clock::SecretKey,
    command::{By, Command, Key, Request},
    keyed::{NetworkSecrets, keyed},
    log,
    skill::Framework,
};

/// What a file asks for, by what makes it the only one of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BroughtIn<'a> {
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
    /// A member, by its folded name.
    Member(&'a str),
    /// A person whom the register does not know, under a key that was drawn for them. That they were brought in before
    /// is seen by their code, as long as they are not erased.
    Person(SecretKey),
    /// An association of a person's that the register does not know, likewise.
    Membership(SecretKey),
    /// A skill, by its folded name.
    Skill(&'a str),
    /// A skill is put beside an entry of a public list. This may be said, changed, and said again.
    Alignment {
        /// The skill's folded name.
        skill: &'a str,
        /// The list.
        framework: Framework,
        /// The number of the act that would come next: what it counts tells one time from another.
        next: ActNumber,
    },
    /// A balance.
    Balance(AssociationNumber),
    /// An exchange that has a reference.
    ReferencedExchange(&'a str),
    /// An exchange that has none.
    Exchange(NamelessLine),
    /// Hours that a person gave.
    Contribution {
        /// The line.
        line: NamelessLine,
        /// The secret of the person.
        of: SecretKey,
    },
    /// A part of what makes the ledger say what a line says, under a key that was drawn for it: whether there is anything
    /// to correct is seen by what stands.
    Update(SecretKey),
    /// A notebook's line that the ledger lacks is proposed to the other side.
    Proposal {
        /// When help was given.
        service_date: NaiveDate,
        /// What the line says.
        content: &'a str,
        /// The how many-eth line this is that says so.
        occurrence: u32,
    },
    /// What a notebook's line says otherwise is asked to be corrected.
    Correction {
        /// Which exchange.
        exchange: ExchangeNumber,
        /// What the notebook says, as the other side reads it.
        reason: &'a str,
    },
}

/// A file's line that has no name of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NamelessLine {
    /// The line's date.
    pub date: NaiveDate,
    /// A digest of what it says.
    pub content: Digest,
    /// The how many-eth line this is that says so.
    pub occurrence: u32,
}

/// What of a key everybody may read, and what is hidden.
struct Hiding {
    /// The kind of line, and its date where it has one: keys that grow with time are found faster.
    shown: String,
    hidden: String,
    secret: SecretKey,
}

impl BroughtIn<'_> {
    /// The key, in a network with these secrets.
    pub fn key(&self, secrets: &NetworkSecrets) -> Key {
        self.keyed_by(match self.parts(secrets) {
            Ok(shown) => shown,
            Err(Hiding { shown, hidden, secret }) => {
                format!("{shown}:{:.32}", keyed(secret, &[b"line\0", hidden.as_bytes()]).to_hex())
            }
        })
    }

    /// The key that an act may have from before keys were hidden; `None` where there is none.
    pub fn former_key(&self, secrets: &NetworkSecrets) -> Option<Key> {
        // Asked for every line of a file, and for nothing where keys were always hidden.
        if secrets.lines_since.0 == 0 {
            return None;
        }
        self.parts(secrets).err().map(|hiding| self.keyed_by(hiding.hidden))
    }

    /// A request whose key says all there is to it.
    pub fn request(&self, secrets: &NetworkSecrets, by: By, command: Command) -> Request {
        let key = self.key(secrets);
        Request {
            digest: log::leaf_hash(key.key.as_bytes()),
            key,
            by,
            seen: None,
            generation: None,
            long_ago: false,
            command,
        }
    }

    /// A request whose key says which one it is, and a digest what it asks for.
    pub fn request_about(&self, secrets: &NetworkSecrets, digest: Digest, by: By, command: Command) -> Request {
        Request { key: self.key(secrets), digest, by, seen: None, generation: None, long_ago: false, command }
    }

    fn keyed_by(&self, key: String) -> Key {
        let scope = match self {
            Self::Proposal { .. } | Self::Correction { .. } => "reconcile",
            Self::File { .. }
            | Self::Member(_)
            | Self::Person(_)
            | Self::Membership(_)
            | Self::Skill(_)
            | Self::Alignment { .. }
            | Self::Balance(_)
            | Self::ReferencedExchange(_)
            | Self::Exchange(_)
            | Self::Contribution { .. }
            | Self::Update(_) => "import",
        };
        Key { scope: scope.to_owned(), key }
    }

    /// The key itself, where everybody may read it, or what it is made of.
    fn parts(&self, secrets: &NetworkSecrets) -> Result<String, Hiding> {
        let NetworkSecrets { lines, lines_since: _, requests } = secrets;
        let hiding = |shown: String, hidden: String, secret: &SecretKey| Err(Hiding { shown, hidden, secret: *secret });
        match self {
            // A file may be about one person alone: it is recognised until somebody is erased.
            Self::File { digest, lines, first } => {
                hiding("file".to_owned(), format!("file:{digest}:{lines}:{first}"), &requests.key)
            }
            Self::Member(name) => Ok(format!("association:{name}")),
            Self::Person(drawn) => Ok(format!("person:{}", drawn_key(*drawn))),
            Self::Update(drawn) => Ok(format!("update:{}", drawn_key(*drawn))),
            Self::Membership(drawn) => Ok(format!("membership:{}", drawn_key(*drawn))),
            Self::Skill(name) => Ok(format!("skill:{name}")),
            Self::Alignment { skill, framework, next } => Ok(format!("alignment:{skill}:{framework}:{next}")),
            Self::Balance(association) => Ok(format!("balance:{association}")),
            Self::ReferencedExchange(reference) => {
                hiding("exchange".to_owned(), format!("exchange:{reference}"), lines)
            }
            Self::Exchange(line) => hiding(format!("exchange:{}", line.date), line.text("exchange"), lines),
            Self::Contribution { line, of } => {
                hiding(format!("contribution:{}", line.date), line.text("contribution"), of)
            }
            Self::Proposal { service_date, content, occurrence } => {
                let hidden = format!("propose:{service_date}:{content}:{occurrence}");
                hiding(format!("propose:{service_date}"), hidden, lines)
            }
            Self::Correction { exchange, reason } => {
                hiding(format!("correct:{exchange}"), format!("correct:{exchange}:{reason}"), lines)
            }
        }
    }
}

/// A key that nothing is told by.
fn drawn_key(drawn: SecretKey) -> String {
    format!("{:.32}", keyed(drawn, &[b"key"]).to_hex())
}

impl NamelessLine {
    fn text(&self, kind: &str) -> String {
        let Self { date, content, occurrence } = self;
        format!("{kind}:{date}:{:.32}:{occurrence}", content.to_hex())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keyed::RequestSecret;

    const SECRETS: NetworkSecrets = NetworkSecrets {
        lines: SecretKey([1; 32]),
        lines_since: ActNumber(5),
        requests: RequestSecret { since: ActNumber(0), key: SecretKey([2; 32]) },
    };

    #[test]
    fn keys_never_change() {
        let date: NaiveDate = "2026-03-12".parse().unwrap();
        let digest = Digest(std::array::from_fn(|index| u8::try_from(index).unwrap()));
        let line = NamelessLine { date, content: digest, occurrence: 2 };
        let (association, next, of) = (AssociationNumber(4), ActNumber(7), SecretKey([3; 32]));
        let exchange = ExchangeNumber(13);
        let cases = [
            BroughtIn::File { digest, lines: 3, first: "exchange:K-1" },
            BroughtIn::Member("l atelier"),
            BroughtIn::Person(of),
            BroughtIn::Membership(of),
            BroughtIn::Skill("caisse"),
            BroughtIn::Alignment { skill: "caisse", framework: Framework::Rome, next },
            BroughtIn::Balance(association),
            BroughtIn::ReferencedExchange("K-1"),
            BroughtIn::Exchange(line),
            BroughtIn::Contribution { line, of },
            BroughtIn::Update(of),
            BroughtIn::Proposal { service_date: date, content: "2026-03-12:4:5:150:Caisse", occurrence: 1 },
            BroughtIn::Correction { exchange, reason: "Notre carnet dit : 2 h." },
        ];
        let shown: Vec<_> = cases
            .iter()
            .map(|case| {
                let Key { scope, key } = case.key(&SECRETS);
                let former = case.former_key(&SECRETS).map(|former| format!(" (was {})", former.key));
                format!("{scope} {key}{}", former.unwrap_or_default())
            })
            .collect();
        insta::assert_snapshot!(shown.join("\n"), @r"
        import file:2ccb020fea0833c84854b829cd33f705 (was file:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f:3:exchange:K-1)
        import association:l atelier
        import person:99570d6b928f8bed6d9d66b3e57ce3fc
        import membership:99570d6b928f8bed6d9d66b3e57ce3fc
        import skill:caisse
        import alignment:caisse:ROME:7
        import balance:4
        import exchange:21bdca545242da126c17239b63f9fa19 (was exchange:K-1)
        import exchange:2026-03-12:cc13d0a59e1d8e077aa1c5a27d52862d (was exchange:2026-03-12:000102030405060708090a0b0c0d0e0f:2)
        import contribution:2026-03-12:dbcaeb428e2d9a7d139422e4b9ce47da (was contribution:2026-03-12:000102030405060708090a0b0c0d0e0f:2)
        import update:99570d6b928f8bed6d9d66b3e57ce3fc
        reconcile propose:2026-03-12:2162efcc9399ffc2fc7149fa0dc05f03 (was propose:2026-03-12:2026-03-12:4:5:150:Caisse:1)
        reconcile correct:13:8dcd0337831ffdb76242200df878f43d (was correct:13:Notre carnet dit : 2 h.)
        ");
    }

    #[test]
    fn a_line_is_the_same_under_the_same_secrets_alone() {
        let line = BroughtIn::ReferencedExchange("K-1");
        let others = NetworkSecrets { lines: SecretKey([4; 32]), ..SECRETS };
        assert_eq!(line.key(&SECRETS), line.key(&SECRETS));
        assert_ne!(line.key(&SECRETS), line.key(&others));
        // What hides requests is another one after an erasure, and lines stay what they are.
        let erased = RequestSecret { since: ActNumber(9), key: SecretKey([5; 32]) };
        assert_eq!(line.key(&SECRETS), line.key(&NetworkSecrets { requests: erased, ..SECRETS }));
    }
}
