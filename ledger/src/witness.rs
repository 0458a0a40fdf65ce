//! What a log and a witness say to each other: C2SP tlog-witness.
//!
//! A witness signs that it saw a head, and of each log only what goes on from what it signed before. It keeps nothing of a
//! log but the last head.

use crate::{
    Digest,
    checkpoint::{Checkpoint, hashes_text, number, parse_hashes},
    log,
    note::{Note, NoteVerdict, VerifierKey},
};

/// No proof of consistency has more hashes.
const HASHES_MOST: usize = 63;

/// A head that a witness is asked to sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submission {
    /// How many acts the log had when the witness last signed; 0 where it never did.
    pub old: u64,
    /// The hashes that show that the head goes on from there.
    pub consistency: Vec<Digest>,
    /// The head, signed by its log.
    pub note: Note,
    /// What it says.
    pub head: Checkpoint,
}

/// Why a witness does not sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// The old size is larger than the head's.
    OldIsLarger,
    /// The log is none that the witness was asked to watch.
    UnknownLog,
    /// No key of the log signed the head.
    NotSigned,
    /// The witness last signed a head of another size: this one.
    OtherSize(u64),
    /// The head does not go on from the one before.
    DoesNotGoOn,
}

impl Submission {
    /// Puts a request together for a head; `None` where it is no head.
    pub fn new(old: u64, consistency: Vec<Digest>, note: Note) -> Option<Self> {
        Some(Self { old, consistency, head: Checkpoint::parse(&note.text)?, note })
    }

    /// The request's text.
    pub fn to_text(&self) -> String {
        format!("old {}\n{}\n{}", self.old, hashes_text(&self.consistency), self.note)
    }

    /// Reads a request's text; `None` where it is none.
    pub fn parse(text: &str) -> Option<Self> {
        let (proof, note) = text.split_once("\n\n")?;
        let (old, hashes) = proof.split_once('\n').unwrap_or((proof, ""));
        let old = number(old.strip_prefix("old ")?)?;
        let consistency = parse_hashes(hashes).filter(|hashes| hashes.len() <= HASHES_MOST)?;
        Self::new(old, consistency, Note::parse(note)?)
    }

    /// Whether a witness that watches logs of these keys may sign, in the order of the standard. `last` tells the head of
    /// this log that it signed last.
    ///
    /// # Errors
    /// Why not.
    pub fn judge(&self, watched: &[VerifierKey], last: Option<&Checkpoint>) -> Result<(), Refused> {
        let own: Vec<_> = watched.iter().filter(|key| key.name == self.head.origin).collect();
        if own.is_empty() {
            return Err(Refused::UnknownLog);
        }
        let verdicts: Vec<_> = own.into_iter().map(|key| self.note.verdict(key)).collect();
        if !verdicts.contains(&NoteVerdict::Signed(None)) || verdicts.contains(&NoteVerdict::Wrong) {
            return Err(Refused::NotSigned);
        }
        if self.old > self.head.size {
            return Err(Refused::OldIsLarger);
        }
        let last_size = last.map_or(0, |last| last.size);
        if self.old != last_size {
            return Err(Refused::OtherSize(last_size));
        }
        let root = last.map_or_else(|| log::root_of(&[]), |last| last.root);
        let is_empty_as_it_should = self.head.size > 0 || self.head.root == log::root_of(&[]);
        let goes_on = log::extends((self.old, root), (self.head.size, self.head.root), &self.consistency);
        if goes_on && is_empty_as_it_should { Ok(()) } else { Err(Refused::DoesNotGoOn) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        key::PrivateKey,
        log::{consistency_path, leaf_hash, proof, root_of},
        note::Algorithm,
    };
    use std::collections::BTreeMap;

    const ORIGIN: &str = "coudemain/log";

    fn leaves(size: u64) -> Vec<Digest> {
        (0..size).map(|number| leaf_hash(&number.to_be_bytes())).collect()
    }

    fn head(size: u64, seed: u8) -> Note {
        let head = Checkpoint { origin: ORIGIN.to_owned(), size, root: root_of(&leaves(size)) };
        Note::new(head.to_text()).signed(ORIGIN, &PrivateKey::from_seed([seed; 32]))
    }

    fn asked(old: u64, size: u64, seed: u8) -> Submission {
        let tiles = BTreeMap::from([((0, 0), leaves(size))]);
        let path = if old <= size { consistency_path(old, size) } else { Vec::new() };
        Submission::new(old, proof(&path, &tiles).unwrap(), head(size, seed)).unwrap()
    }

    #[test]
    fn only_what_goes_on_is_signed() {
        let key = PrivateKey::from_seed([1; 32]).public();
        let watched = [VerifierKey { name: ORIGIN.to_owned(), algorithm: Algorithm::Ed25519, key }];
        let last = asked(0, 5, 1).head;
        let forked = Checkpoint { root: leaf_hash(b"another"), ..last.clone() };
        let with_hash = Submission { consistency: vec![leaf_hash(b"x")], ..asked(0, 5, 1) };
        let empty = |root| Note::new(Checkpoint { origin: ORIGIN.to_owned(), size: 0, root }.to_text());
        let empty =
            |root| Submission::new(0, Vec::new(), empty(root).signed(ORIGIN, &PrivateKey::from_seed([1; 32]))).unwrap();
        for (what, submission, last, expected) in [
            ("the first one", asked(0, 5, 1), None, Ok(())),
            ("the next one", asked(5, 7, 1), Some(&last), Ok(())),
            ("the same again", asked(5, 5, 1), Some(&last), Ok(())),
            ("an unknown key", asked(5, 7, 2), Some(&last), Err(Refused::NotSigned)),
            ("a larger old size", asked(9, 7, 1), Some(&last), Err(Refused::OldIsLarger)),
            ("another old size", asked(4, 7, 1), Some(&last), Err(Refused::OtherSize(5))),
            ("a size that was never signed", asked(4, 7, 1), None, Err(Refused::OtherSize(0))),
            ("going back", asked(3, 4, 1), Some(&last), Err(Refused::OtherSize(5))),
            ("a fork", asked(5, 7, 1), Some(&forked), Err(Refused::DoesNotGoOn)),
            ("a fork of the same size", asked(5, 5, 1), Some(&forked), Err(Refused::DoesNotGoOn)),
            ("a proof from nothing", with_hash, None, Err(Refused::DoesNotGoOn)),
            ("an empty log", empty(root_of(&[])), None, Ok(())),
            ("an empty log of another root", empty(leaf_hash(b"x")), None, Err(Refused::DoesNotGoOn)),
        ] {
            assert_eq!(submission.judge(&watched, last), expected, "{what}");
            assert_eq!(Submission::parse(&submission.to_text()), Some(submission), "{what}");
        }
        assert_eq!(asked(0, 5, 1).judge(&[], None), Err(Refused::UnknownLog));
    }

    #[test]
    fn a_request_has_one_form() {
        let text = asked(5, 7, 1).to_text();
        for (from, to) in [("old 5", "old 05"), ("old 5", "old +5"), ("old 5", "size 5"), ("\n\n", "\n"), ("=\n", "\n")]
        {
            assert_eq!(Submission::parse(&text.replacen(from, to, 1)), None, "{from}");
        }
        let hash = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n";
        let long = |hashes: usize| Submission::parse(&format!("old 5\n{}\n{}", hash.repeat(hashes), head(7, 1)));
        assert!(long(63).is_some());
        assert_eq!(long(64), None);
    }
}
