//! How the keys of a network follow each other: the first head that is signed after a change names the keys in use, and
//! bears the signature of the key before beside that of the one that follows it.
//!
//! Whoever knows the old key alone learns from such a head which keys followed. The names stand in the text that both
//! signed, as extension lines of the checkpoint: a signature that somebody adds to a head makes nobody a successor.

use crate::{
    checkpoint::Checkpoint,
    generation::names_up_to,
    key::Issuer,
    note::{Note, NoteVerdict, VerifierKey},
};

/// What an extension line begins with.
const LINE: &str = "successor ";
/// No head names more keys.
const LINES_MOST: usize = 16;

/// A key that is named as one in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Successor {
    /// It signs the log's heads.
    Log(VerifierKey),
    /// It signs statements and badges.
    Issuer(Issuer),
}

impl Successor {
    /// Its line in the text of a head.
    pub fn line(&self) -> String {
        match self {
            Self::Log(key) => format!("{LINE}{key}\n"),
            Self::Issuer(issuer) => format!("{LINE}{}\n", issuer.method()),
        }
    }

    fn read(line: &str) -> Option<Self> {
        let name = line.strip_prefix(LINE)?;
        let log = VerifierKey::parse(name).map(Self::Log);
        log.or_else(|| Issuer::from_method(name).map(Self::Issuer))
    }
}

/// The keys that a head names, where a key signed it under a name of that log, of now or of before a loss.
pub fn named_by(key: &VerifierKey, note: &Note) -> Vec<Successor> {
    let Some(head) = Checkpoint::parse(&note.text) else { return Vec::new() };
    let names = names_up_to(&head.origin);
    if !names.contains(&key.name) || note.verdict(key) != NoteVerdict::Signed(None) {
        return Vec::new();
    }
    let named = note.text.lines().skip(3).take(LINES_MOST).filter_map(Successor::read);
    named
        .filter(|named| match named {
            Successor::Log(next) => names.contains(&next.name),
            Successor::Issuer(_) => true,
        })
        .collect()
}

/// Whether a head names keys that follow others.
pub fn names_any(note: &Note) -> bool {
    note.text.lines().skip(3).any(|line| Successor::read(line).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Digest, key::PrivateKey, note::Algorithm};

    #[test]
    fn a_key_follows_another_only_where_that_one_signed_its_name() {
        let [old, new, other] = [1, 2, 3].map(|seed| PrivateKey::from_seed([seed; 32]));
        let verifier = |name: &str, key: &PrivateKey| VerifierKey {
            name: name.to_owned(),
            algorithm: Algorithm::Ed25519,
            key: key.public(),
        };
        let log = "coudemain/00000000-0000-0000-0000-000000000001";
        let later = format!("{log}/2");
        let next = [
            Successor::Log(verifier(&later, &new)),
            Successor::Issuer(Issuer::new(new.public(), Some("reseau.example"))),
            Successor::Issuer(Issuer::new(new.public(), None)),
        ];
        let head = Checkpoint { origin: later.clone(), size: 3, root: Digest([7; 32]) };
        let lines: String = next.iter().map(Successor::line).collect();
        let text = head.to_text() + &lines;
        let note = Note::new(text.clone()).signed(&later, &new).signed(log, &old);
        assert_eq!(Checkpoint::parse(&note.text), Some(head.clone()));
        assert_eq!(named_by(&verifier(log, &old), &note), next);
        assert_eq!(named_by(&verifier(&later, &old), &note), [], "it did not sign under that name");
        assert_eq!(named_by(&verifier(log, &other), &note), []);
        assert!(names_any(&note) && !names_any(&Note::new(head.to_text()).signed(log, &old)));
        // Whoever adds their own signature is named by nobody, and a key of another log names nothing of this one.
        let added = Note::new(head.to_text()).signed(log, &old).signed(&later, &other);
        assert_eq!(named_by(&verifier(log, &old), &added), []);
        let foreign = Note::new(text).signed("coudemain/another", &other);
        assert_eq!(named_by(&verifier("coudemain/another", &other), &foreign), []);
        // Nor does a log name the key of another one.
        let outside = Successor::Log(verifier("coudemain/another", &new)).line();
        let outside = Note::new(head.to_text() + &outside).signed(log, &old);
        assert_eq!(named_by(&verifier(log, &old), &outside), []);
    }
}
