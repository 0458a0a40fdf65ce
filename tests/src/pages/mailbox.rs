//! The folder into which a service puts its letters, read as whoever gets them would.

use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// A folder with letters.
pub(crate) struct Mailbox(PathBuf);

impl Mailbox {
    pub(crate) fn at(folder: &Path) -> Self {
        Self(folder.to_owned())
    }

    /// What the letters say as text, each after its subject and addressees, in the order in which they were sent.
    pub(crate) fn read(&self) -> Vec<String> {
        let files = fs::read_dir(&self.0).unwrap().map(|entry| entry.unwrap().path());
        let mut files: Vec<_> = files.filter(|path| path.extension().is_some_and(|end| end == "eml")).collect();
        files.sort();
        files.iter().map(|file| text_of(&fs::read_to_string(file).unwrap())).collect()
    }
}

/// The head of a letter, and its part that is plain text.
fn text_of(letter: &str) -> String {
    let letter = letter.replace("\r\n", "\n");
    let (head, _) = letter.split_once("\n\n").unwrap();
    let (_, part) = letter.split_once("Content-Type: text/plain").unwrap();
    let (part_head, body) = part.split_once("\n\n").unwrap();
    let body = body.split("\n--").next().unwrap();
    let body = if part_head.contains("quoted-printable") {
        unquoted(body)
    } else if part_head.contains("base64") {
        String::from_utf8(STANDARD.decode(body.replace('\n', "")).unwrap()).unwrap()
    } else {
        body.to_owned()
    };
    format!("{head}\n\n{body}")
}

/// Quoted-printable (RFC 2045) as text.
fn unquoted(body: &str) -> String {
    let body = body.replace("=\n", "");
    let (mut bytes, mut rest) = (Vec::new(), body.as_bytes());
    while let [first, after @ ..] = rest {
        let hex = (*first == b'=').then(|| std::str::from_utf8(after.get(..2)?).ok()).flatten();
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).unwrap()
}
