//! The idempotency keys of what files ask for: lines that are brought in, a notebook that is compared.
//!
//! The same line twice adds nothing, whoever brings it. So its key is made of what it says, and stays in the act that it
//! became for ever; what could betray somebody is hidden under a secret of the network, and what names a person under a
//! secret of that person. Whoever is erased takes theirs along, and nothing tells any more which lines were about them.
//! Another spelling would let an old file enter again: the table below the code holds every one. Acts from before keys
//! were hidden had the text itself: [`hidden_key`] says what becomes of it.

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
            Err(Hiding { shown, hidden, secret }) => hidden_text(&shown, &hidden, secret),
        })
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
            Self::Proposal { .. } | Self::Correction { .. } => RECONCILE,
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
            | Self::Update(_) => IMPORT,
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

/// Whose keys these are: whoever brings a file in, or compares one.
const IMPORT: &str = "import";
const RECONCILE: &str = "reconcile";

/// What an act's key becomes that is from before keys were hidden: the one that its line has today, so that the line goes
/// on to be recognised. `None` where everybody may read it, or where a caller chose it.
///
/// `of` is the secret of the person whom the act is about; where they were erased there is none, and a key that was
/// `drawn` stands in its place. So it does for persons and memberships, which are recognised by codes.
pub fn hidden_key(former: &Key, secrets: &NetworkSecrets, of: Option<SecretKey>, drawn: SecretKey) -> Option<Hidden> {
    let text = former.key.as_str();
    let (kind, said) = text.split_once(':').unwrap_or((text, ""));
    let first = said.split(':').next().unwrap_or_default();
    let key = match (former.scope.as_str(), kind) {
        (IMPORT, "association" | "skill" | "alignment" | "balance") => return None,
        (IMPORT, "file") => hidden_text(kind, text, secrets.requests.key),
        (IMPORT, "exchange") => {
            let shown = day_of_line(said).map_or_else(|| kind.to_owned(), |day| format!("{kind}:{day}"));
            hidden_text(&shown, text, secrets.lines)
        }
        (IMPORT, "contribution") => match of {
            Some(secret) => hidden_text(&format!("{kind}:{first}"), text, secret),
            None => format!("{kind}:{first}:{}", drawn_key(drawn)),
        },
        (RECONCILE, "propose" | "correct") => hidden_text(&format!("{kind}:{first}"), text, secrets.lines),
        (IMPORT, "person" | "membership") => format!("{kind}:{}", drawn_key(drawn)),
        (IMPORT | RECONCILE, _) => format!("earlier:{}", drawn_key(drawn)),
        _ => return None,
    };
    // What a notebook asks for is all in its key, see `BroughtIn::request`.
    let digest = (former.scope == RECONCILE).then(|| log::leaf_hash(key.as_bytes()));
    Some(Hidden { key: Key { scope: former.scope.clone(), key }, digest })
}

/// What the key of an act from before keys were hidden becomes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hidden {
    /// The key.
    pub key: Key,
    /// The digest of the same request today, where the key says all there is to it.
    pub digest: Option<Digest>,
}

/// The date in the former key of a line that has no name of its own; a reference has another form.
fn day_of_line(said: &str) -> Option<NaiveDate> {
    let [day, content, occurrence] = said.split(':').collect::<Vec<_>>().try_into().ok()?;
    let is_digest = content.len() == 32 && content.chars().all(|letter| letter.is_ascii_hexdigit());
    let is_number = occurrence.parse::<u32>().is_ok();
    day.parse().ok().filter(|_| is_digest && is_number)
}

/// What everybody may read of a key, and of the rest what only whoever has the secret recognises.
fn hidden_text(shown: &str, hidden: &str, secret: SecretKey) -> String {
    format!("{shown}:{:.32}", keyed(secret, &[b"line\0", hidden.as_bytes()]).to_hex())
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
                let former = case.parts(&SECRETS).err().map(|hiding| format!(" (was {})", hiding.hidden));
                format!("{scope} {key}{}", former.unwrap_or_default())
            })
            .collect();
        // What an act has from before keys were hidden becomes the same.
        for case in &cases {
            let Err(hiding) = case.parts(&SECRETS) else { continue };
            let hidden = hidden_key(&case.keyed_by(hiding.hidden), &SECRETS, Some(of), of).unwrap();
            let request = case.request(&SECRETS, By::OPERATOR, Command::AddSkill { name: "Caisse".to_owned() });
            assert_eq!(hidden.key, request.key);
            assert_eq!(hidden.digest.unwrap_or(request.digest), request.digest);
        }
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
    fn what_former_keys_say_of_persons_is_gone_and_what_everybody_may_read_stays() {
        let of = SecretKey([3; 32]);
        let hidden = |scope: &str, key: &str| {
            let former = Key { scope: scope.to_owned(), key: key.to_owned() };
            hidden_key(&former, &SECRETS, None, of).map(|hidden| hidden.key.key)
        };
        let drawn = "99570d6b928f8bed6d9d66b3e57ce3fc";
        for (scope, key, becomes) in [
            ("import", "person:ZOE", Some(format!("person:{drawn}"))),
            ("import", "membership:ZOE:4", Some(format!("membership:{drawn}"))),
            // Whose they were is erased.
            (
                "import",
                "contribution:2026-03-12:000102030405060708090a0b0c0d0e0f:1",
                Some(format!("contribution:2026-03-12:{drawn}")),
            ),
            ("import", "something else", Some(format!("earlier:{drawn}"))),
            ("import", "association:l atelier", None),
            ("import", "skill:caisse", None),
            ("import", "alignment:caisse:ROME:7", None),
            ("import", "balance:4", None),
            ("operator", "found", None),
            ("api:person:5", "exchange:K-1", None),
        ] {
            assert_eq!(hidden(scope, key), becomes, "{scope} {key}");
        }
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
