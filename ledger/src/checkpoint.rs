//! Heads of the log that outsiders can hold on to, and proofs that hang from them.
//!
//! A checkpoint is C2SP tlog-checkpoint: three lines, signed as a [`Note`]. Whoever keeps one can be shown that an act
//! is in the log ([`InclusionProof`], C2SP tlog-proof) and that a later log begins with the one they know.

use std::fmt::Write as _;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value;

use crate::{Digest, log, note::Note};

/// The head of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log.
    pub origin: String,
    /// How many acts it holds.
    pub size: u64,
    /// The root over them.
    pub root: Digest,
}

impl Checkpoint {
    /// The text to be signed.
    pub fn to_text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, STANDARD.encode(self.root.0))
    }

    /// Reads a checkpoint's text. Lines after the third are extensions, which may say anything.
    pub fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        let origin = lines.next().filter(|origin| !origin.is_empty())?;
        let size = lines.next().and_then(number)?;
        let root = lines.next().and_then(hash)?;
        Some(Self { origin: origin.to_owned(), size, root })
    }
}

/// A decimal number in its one spelling.
pub(crate) fn number(text: &str) -> Option<u64> {
    text.parse().ok().filter(|number: &u64| number.to_string() == text)
}

fn hash(text: &str) -> Option<Digest> {
    STANDARD.decode(text).ok()?.try_into().ok().map(Digest)
}

/// A proof that an act is in the log, with the checkpoint that it leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InclusionProof {
    /// The act's number.
    pub index: u64,
    /// The hashes, in the order of RFC 6962.
    pub hashes: Vec<Digest>,
    /// The signed head.
    pub checkpoint: Note,
}

const FIRST_LINE: &str = "c2sp.org/tlog-proof@v1";

impl InclusionProof {
    /// The proof's text.
    pub fn to_text(&self) -> String {
        let mut text = format!("{FIRST_LINE}\nindex {}\n", self.index);
        for hash in &self.hashes {
            let _ = writeln!(text, "{}", STANDARD.encode(hash.0));
        }
        let _ = write!(text, "\n{}", self.checkpoint);
        text
    }

    /// Reads a proof's text; an `extra` line is passed over.
    pub fn parse(text: &str) -> Option<Self> {
        let (head, checkpoint) = text.split_once("\n\n")?;
        let mut lines = head.lines().peekable();
        if lines.next() != Some(FIRST_LINE) {
            return None;
        }
        lines.next_if(|line| line.starts_with("extra "));
        let index = number(lines.next()?.strip_prefix("index ")?)?;
        let hashes = lines.map(hash).collect::<Option<Vec<_>>>()?;
        Some(Self { index, hashes, checkpoint: Note::parse(checkpoint)? })
    }

    /// Whether the leaf stands in the checkpoint's tree. Who signed the checkpoint is another question.
    pub fn holds(&self, leaf: &[u8]) -> bool {
        let Some(head) = Checkpoint::parse(&self.checkpoint.text) else { return false };
        log::includes(head.root, head.size, self.index, log::leaf_hash(leaf), &self.hashes)
    }
}

/// Hashes of a proof, a line each.
pub fn hashes_text(hashes: &[Digest]) -> String {
    hashes.iter().map(|hash| STANDARD.encode(hash.0) + "\n").collect()
}

/// Reads hashes, a line each.
pub fn parse_hashes(text: &str) -> Option<Vec<Digest>> {
    text.lines().map(hash).collect()
}

/// The hashes of a proof of consistency in a file: a line each, or as a network's service answers, with the size and the
/// root of the log that it leads to. `None` when the file is none.
pub(crate) fn consistency_in(bytes: &[u8], document: Option<&Value>) -> Option<Vec<Digest>> {
    if let Some(members) = document.and_then(Value::as_object) {
        let is_one = members.len() == 3 && ["size", "root", "hashes"].iter().all(|name| members.contains_key(*name));
        let hashes = members.get("hashes").filter(|_| is_one)?.as_array()?;
        return hashes.iter().map(|text| hash(text.as_str()?)).collect();
    }
    let text = std::str::from_utf8(bytes).ok()?;
    parse_hashes(text).filter(|hashes| !hashes.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::note::{NoteVerdict, VerifierKey};

    macro_rules! sample {
        ($name:literal) => {
            include_str!(concat!("../vectors/sample-tlog-1000/", $name))
        };
    }

    #[test]
    fn the_sample_logs_proofs_are_judged_rightly() {
        let proof = InclusionProof::parse(sample!("123.tlog-proof")).unwrap();
        assert_eq!(proof.to_text(), sample!("123.tlog-proof"));
        assert!(proof.holds(sample!("leaf-123").as_bytes()));
        assert!(!proof.holds(sample!("leaf-bad").as_bytes()));
        let vkey = VerifierKey::parse(sample!("vkey")).unwrap();
        assert_eq!(proof.checkpoint.verdict(&vkey), NoteVerdict::Signed(None));
        let bad = InclusionProof::parse(sample!("bad.tlog-proof")).unwrap();
        assert!(!bad.holds(sample!("leaf-bad").as_bytes()));

        let head = |text: &str| Checkpoint::parse(&Note::parse(text).unwrap().text).unwrap();
        let (old, new) = (head(sample!("ckpt-700.txt")), head(sample!("ckpt-1000.txt")));
        let hashes = parse_hashes(sample!("consistency.txt")).unwrap();
        assert!(log::extends((old.size, old.root), (new.size, new.root), &hashes));
        assert!(!log::extends((old.size, new.root), (new.size, new.root), &hashes));
    }

    #[test]
    fn any_byte_of_a_proof_counts() {
        let vkey = VerifierKey::parse(sample!("vkey")).unwrap();
        let text = sample!("123.tlog-proof");
        for index in 0..text.len() {
            let mut bytes = text.as_bytes().to_vec();
            bytes[index] ^= 0x01;
            let Ok(changed) = String::from_utf8(bytes) else { continue };
            let holds = InclusionProof::parse(&changed).is_some_and(|proof| {
                proof.holds(sample!("leaf-123").as_bytes())
                    && matches!(proof.checkpoint.verdict(&vkey), NoteVerdict::Signed(_))
            });
            assert!(!holds, "byte {index}");
        }
    }
}
