//! Signed notes: a few lines of text with signatures below, that a person can read and any program check.
//!
//! The form is C2SP signed-note: the text, an empty line, then `— NAME BASE64` for each signature. A witness's
//! signature is C2SP tlog-cosignature: it also says when the witness saw the text.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use sha2::{Digest as _, Sha256};

use crate::key::{PrivateKey, PublicKey};

/// What kind of signature a key makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// Plain Ed25519 over the text.
    Ed25519,
    /// Ed25519 over the text and an instant: a witness's cosignature, version 1.
    Cosignature,
}

impl Algorithm {
    const fn byte(self) -> u8 {
        match self {
            Self::Ed25519 => 1,
            Self::Cosignature => 4,
        }
    }
}

/// A key for checking notes, with the name of its owner: `reseau.example/log+ce7fc07f+AepK…`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifierKey {
    /// The owner's name.
    pub name: String,
    /// What it signs.
    pub algorithm: Algorithm,
    /// The key.
    pub key: PublicKey,
}

impl VerifierKey {
    /// Reads a verifier key; `None` where the name, the hash or the key does not fit.
    pub fn parse(text: &str) -> Option<Self> {
        let (name, rest) = text.trim().split_once('+')?;
        let (id, key) = rest.split_once('+')?;
        let bytes = STANDARD.decode(key).ok()?;
        let (kind, key) = bytes.split_first()?;
        let algorithm = [Algorithm::Ed25519, Algorithm::Cosignature].into_iter().find(|it| it.byte() == *kind)?;
        let key = PublicKey::from_bytes(key.try_into().ok()?)?;
        let verifier = Self { name: name.to_owned(), algorithm, key };
        (is_name(name) && id.len() == 8 && u32::from_str_radix(id, 16) == Ok(verifier.id())).then_some(verifier)
    }

    /// The key's number, which its signatures bear: the beginning of a hash of name, kind and key.
    pub fn id(&self) -> u32 {
        let hash = Sha256::new()
            .chain_update(&self.name)
            .chain_update([b'\n', self.algorithm.byte()])
            .chain_update(self.key.bytes())
            .finalize();
        u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]])
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes: Vec<u8> = std::iter::once(self.algorithm.byte()).chain(self.key.bytes()).collect();
        write!(f, "{}+{:08x}+{}", self.name, self.id(), STANDARD.encode(bytes))
    }
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(|letter: char| letter.is_whitespace() || letter == '+')
}

/// A text with its signatures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The text, which ends with a line end.
    pub text: String,
    /// Who signed it.
    pub signatures: Vec<NoteSignature>,
}

/// One signature of a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteSignature {
    /// The signer's name.
    pub name: String,
    /// The number of the signer's key.
    pub id: u32,
    /// The signature; a cosignature begins with its instant.
    pub bytes: Vec<u8>,
}

/// What a key has to say of a note.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoteVerdict {
    /// The note bears no signature of that key.
    NotSigned,
    /// It bears one that does not fit the text.
    Wrong,
    /// It bears one that fits; a witness's says when, in seconds since 1970.
    Signed(Option<u64>),
}

impl Note {
    /// An unsigned text. It must end with a line end.
    pub fn new(text: String) -> Self {
        Self { text, signatures: Vec::new() }
    }

    /// Reads a note; `None` where it has not the form of one. Nothing is said of its signatures yet.
    pub fn parse(note: &str) -> Option<Self> {
        let split = note.rfind("\n\n")?;
        let (text, below) = (note.get(..=split)?, note.get(split.checked_add(2)?..)?);
        if text.contains(|letter: char| letter.is_control() && letter != '\n') || !below.ends_with('\n') {
            return None;
        }
        let signatures = below.lines().map(|line| {
            let (name, signature) = line.strip_prefix("— ")?.split_once(' ')?;
            let bytes = STANDARD.decode(signature).ok()?;
            let (id, bytes) = bytes.split_at_checked(4)?;
            let id = u32::from_be_bytes(id.try_into().ok()?);
            (is_name(name) && !bytes.is_empty()).then(|| NoteSignature {
                name: name.to_owned(),
                id,
                bytes: bytes.to_vec(),
            })
        });
        let signatures = signatures.collect::<Option<Vec<_>>>()?;
        (!signatures.is_empty() && signatures.len() <= 100).then(|| Self { text: text.to_owned(), signatures })
    }

    /// Adds a signature under that name.
    #[must_use]
    pub fn signed(mut self, name: &str, key: &PrivateKey) -> Self {
        let verifier = VerifierKey { name: name.to_owned(), algorithm: Algorithm::Ed25519, key: key.public() };
        let bytes = key.sign(self.text.as_bytes()).to_vec();
        self.signatures.push(NoteSignature { name: name.to_owned(), id: verifier.id(), bytes });
        self
    }

    /// Adds a witness's cosignature: that it saw the text at that instant, in seconds since 1970.
    #[must_use]
    pub fn cosigned(mut self, name: &str, key: &PrivateKey, at: u64) -> Self {
        let verifier = VerifierKey { name: name.to_owned(), algorithm: Algorithm::Cosignature, key: key.public() };
        let signature = key.sign(self.as_witnessed(at).as_bytes());
        let bytes = at.to_be_bytes().into_iter().chain(signature).collect();
        self.signatures.push(NoteSignature { name: name.to_owned(), id: verifier.id(), bytes });
        self
    }

    /// What a key has to say of this note.
    pub fn verdict(&self, verifier: &VerifierKey) -> NoteVerdict {
        let is_theirs = |signature: &&NoteSignature| signature.name == verifier.name && signature.id == verifier.id();
        let Some(signature) = self.signatures.iter().find(is_theirs) else { return NoteVerdict::NotSigned };
        let fits = match verifier.algorithm {
            Algorithm::Ed25519 => signature
                .bytes
                .as_slice()
                .try_into()
                .is_ok_and(|bytes| verifier.key.verifies(self.text.as_bytes(), bytes))
                .then_some(None),
            Algorithm::Cosignature => self.cosigned_at(verifier, &signature.bytes).map(Some),
        };
        fits.map_or(NoteVerdict::Wrong, NoteVerdict::Signed)
    }

    /// When the witness signed, if it did (C2SP tlog-cosignature). One that does not say when is none.
    fn cosigned_at(&self, verifier: &VerifierKey, bytes: &[u8]) -> Option<u64> {
        let (time, signature) = bytes.split_at_checked(8)?;
        let time = u64::from_be_bytes(time.try_into().ok()?);
        let is_time = time > 0 && i64::try_from(time).is_ok();
        let fits = verifier.key.verifies(self.as_witnessed(time).as_bytes(), signature.try_into().ok()?);
        (is_time && fits).then_some(time)
    }

    /// What a witness signs.
    fn as_witnessed(&self, at: u64) -> String {
        format!("cosignature/v1\ntime {at}\n{}", self.text)
    }
}

impl fmt::Display for NoteSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes: Vec<u8> = self.id.to_be_bytes().into_iter().chain(self.bytes.iter().copied()).collect();
        writeln!(f, "— {} {}", self.name, STANDARD.encode(bytes))
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|signature| signature.fmt(f))
    }
}

#[cfg(test)]
mod tests {
    use signed_note::{StandardVerifier, Verifier as _};

    use super::*;

    const VKEY: &str = include_str!("../vectors/sample-tlog-1000/vkey");
    const WITNESS: &str = include_str!("../vectors/sample-tlog-1000/witness.vkey");
    const COSIGNED: &str = include_str!("../vectors/sample-tlog-1000/ckpt-1000.cosigned.txt");

    #[test]
    fn the_sample_log_and_its_witness_are_recognised() {
        let note = Note::parse(COSIGNED).unwrap();
        assert_eq!(note.to_string(), COSIGNED);
        assert_eq!(note.verdict(&VerifierKey::parse(VKEY).unwrap()), NoteVerdict::Signed(None));
        let witness = VerifierKey::parse(WITNESS).unwrap();
        assert_eq!(witness.algorithm, Algorithm::Cosignature);
        assert!(matches!(note.verdict(&witness), NoteVerdict::Signed(Some(1_700_000_000..))));
        assert_eq!(witness.to_string(), WITNESS.trim());
    }

    #[test]
    fn any_byte_of_a_note_counts() {
        let verifier = VerifierKey::parse(VKEY).unwrap();
        let note = include_str!("../vectors/sample-tlog-1000/ckpt-1000.txt");
        for index in 0..note.len() {
            for flip in [0x01, 0x20] {
                let mut bytes = note.as_bytes().to_vec();
                bytes[index] ^= flip;
                let Ok(changed) = String::from_utf8(bytes) else { continue };
                let verdict = Note::parse(&changed).map(|note| note.verdict(&verifier));
                // The last character of base64 has bits that mean nothing; the decoder refuses those.
                assert!(!matches!(verdict, Some(NoteVerdict::Signed(_))), "byte {index} of\n{changed}");
            }
        }
    }

    #[test]
    fn a_witness_says_when_it_saw_a_text() {
        let key = PrivateKey::from_seed([4; 32]);
        let name = "witness.example";
        let witness = VerifierKey { name: name.to_owned(), algorithm: Algorithm::Cosignature, key: key.public() };
        let seen = |at| Note::new("coudemain/test\n12\nroot\n".to_owned()).cosigned(name, &key, at);
        assert_eq!(seen(1_764_000_000).verdict(&witness), NoteVerdict::Signed(Some(1_764_000_000)));
        assert_eq!(Note::parse(&seen(7).to_string()), Some(seen(7)));
        // A timestamp is more than 0 and has 63 bits.
        assert_eq!(seen(0).verdict(&witness), NoteVerdict::Wrong);
        assert_eq!(seen(1 << 63).verdict(&witness), NoteVerdict::Wrong);
        // The key signs no text without an instant.
        let plain = VerifierKey { algorithm: Algorithm::Ed25519, ..witness };
        assert_eq!(seen(7).verdict(&plain), NoteVerdict::NotSigned);
    }

    #[test]
    fn others_accept_what_we_sign() {
        let key = PrivateKey::from_seed([3; 32]);
        let name = "coudemain/test";
        let note = Note::new("coudemain/test\n12\nroot\n".to_owned()).signed(name, &key);
        let verifier = VerifierKey { name: name.to_owned(), algorithm: Algorithm::Ed25519, key: key.public() };
        assert_eq!(VerifierKey::parse(&verifier.to_string()), Some(verifier.clone()));
        let theirs = StandardVerifier::new(&verifier.to_string()).unwrap();
        assert_eq!(theirs.key_id(), verifier.id());
        let parsed = signed_note::Note::from_bytes(note.to_string().as_bytes()).unwrap();
        let verifiers = signed_note::VerifierList::new(vec![Box::new(theirs)]);
        assert_eq!(parsed.verify(&verifiers).unwrap().0.len(), 1);
    }
}
