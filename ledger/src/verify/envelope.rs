//! Signed documents attached to PDFs, and what else can be said of such a file without drawing its pages.

use std::io::Read as _;

use flate2::read::ZlibDecoder;

/// Why no document was found inside a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EnvelopeProblem {
    /// The PDF has no attachment.
    NoAttachment,
    /// The attachment ends too early, or cannot be unpacked.
    DamagedAttachment,
    /// The PDF has several documents attached: one reader would show this one, another that one.
    SeveralAttachments,
    /// The image holds no badge.
    NoBadge,
    /// The image holds several.
    SeveralBadges,
    /// The image declares names of its own, by which any text can stand for any other.
    DeclaresNames,
    /// The file is cut short.
    Truncated,
}

impl EnvelopeProblem {
    /// The problem in a French sentence.
    pub const fn french(self) -> &'static str {
        match self {
            Self::NoAttachment => "ce PDF ne porte pas de document signé en pièce jointe ; demandez l'original",
            Self::DamagedAttachment => "la pièce jointe de ce PDF est abîmée",
            Self::SeveralAttachments => {
                "ce PDF porte plusieurs documents signés en pièce jointe ; un seul conviendrait"
            }
            Self::SeveralBadges => "cette image contient plusieurs badges ; un seul conviendrait",
            Self::NoBadge => "cette image ne contient pas de badge",
            Self::DeclaresNames => "cette image définit ses propres noms (DOCTYPE) ; aucun réseau n'en dessine ainsi",
            Self::Truncated => "ce fichier est tronqué",
        }
    }

    /// The problem in an English sentence.
    pub const fn english(self) -> &'static str {
        match self {
            Self::NoAttachment => "this PDF has no signed document attached; ask for the original",
            Self::DamagedAttachment => "the attachment of this PDF is damaged",
            Self::SeveralAttachments => "this PDF has several signed documents attached; one alone would fit",
            Self::SeveralBadges => "this image holds several badges; one alone would fit",
            Self::NoBadge => "this image holds no badge",
            Self::DeclaresNames => "this image declares names of its own (DOCTYPE); no network draws one so",
            Self::Truncated => "this file is cut short",
        }
    }
}

/// All that is unpacked of a file takes no more bytes.
const UNPACKED_MOST: u64 = 64 << 20;
/// So many places where an attachment may begin are looked at; a file of ours has one or two.
const ATTACHMENTS_MOST: usize = 100;
/// The dictionary of a stream ends before so many bytes.
const DICTIONARY_MOST: usize = 16 * 1024;

/// A PDF with what is attached to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pdf {
    /// The signed document: the only embedded file that is JSON.
    pub(super) signed: Vec<u8>,
    /// How many other files are embedded.
    pub(super) others: usize,
    /// How often it was changed after it was made: each time something is added behind its end.
    pub(super) updates: usize,
    /// The first thing in it that no network puts there, by its name in PDF.
    pub(super) foreign: Option<&'static str>,
}

/// What a PDF for reading has no need of: programs, forms, and what they hide behind.
const FOREIGN: [&str; 9] =
    ["/JavaScript", "/JS", "/OpenAction", "/AA", "/Launch", "/AcroForm", "/RichMedia", "/Encrypt", "/SubmitForm"];

impl Pdf {
    /// Reads a PDF as far as its attachments.
    pub(super) fn read(pdf: &[u8]) -> Result<Self, EnvelopeProblem> {
        const END: &[u8] = b"%%EOF";
        let tail = &pdf[pdf.len().saturating_sub(1_024)..];
        if find(tail, END).is_none() {
            return Err(EnvelopeProblem::Truncated);
        }
        let is_json = |bytes: &[u8]| bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{');
        let (signed, others) = attachments(pdf, is_json)?;
        let updates = count(pdf, END).saturating_sub(1);
        let foreign = FOREIGN.into_iter().find(|name| has_name(pdf, name.as_bytes()));
        Ok(Self { signed, others, updates, foreign })
    }
}

fn count(bytes: &[u8], wanted: &[u8]) -> usize {
    let (mut count, mut rest) = (0_usize, bytes);
    while let Some(place) = find(rest, wanted) {
        count = count.saturating_add(1);
        rest = rest.get(place.saturating_add(wanted.len())..).unwrap_or_default();
    }
    count
}

/// Whether a name stands in a file, whole: `/JS` is not in `/JSON`.
fn has_name(bytes: &[u8], name: &[u8]) -> bool {
    let mut rest = bytes;
    while let Some(place) = find(rest, name) {
        rest = rest.get(place.saturating_add(name.len())..).unwrap_or_default();
        if !rest.first().is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'_' | b'.')) {
            return true;
        }
    }
    false
}

/// The JSON document that is attached to a PDF: the only embedded file that is one.
///
/// # Errors
/// As `EnvelopeProblem` says.
pub fn from_pdf(pdf: &[u8]) -> Result<Vec<u8>, EnvelopeProblem> {
    Pdf::read(pdf).map(|pdf| pdf.signed)
}

/// The only embedded file of a PDF that pleases, and how many others there are.
///
/// Streams stand outside of object streams, so that their dictionaries can be found in the file as it is
/// (ISO 32000-1, 7.3.8 and 7.11.4).
///
/// # Errors
/// As `EnvelopeProblem` says.
fn attachments(pdf: &[u8], pleases: impl Fn(&[u8]) -> bool) -> Result<(Vec<u8>, usize), EnvelopeProblem> {
    const NAME: &[u8] = b"/EmbeddedFile";
    let mut rest = pdf;
    let mut unpacked_most = UNPACKED_MOST;
    let mut problem = EnvelopeProblem::NoAttachment;
    let mut only: Option<Vec<u8>> = None;
    let mut others: usize = 0;
    for _ in 0..ATTACHMENTS_MOST {
        let Some((before, after)) = find(rest, NAME).and_then(|place| rest.split_at_checked(place)) else {
            return only.map(|only| (only, others)).ok_or(problem);
        };
        rest = after.strip_prefix(NAME).unwrap_or_default();
        // `/EmbeddedFiles`, the name tree, is something else.
        if rest.first().is_some_and(u8::is_ascii_alphanumeric) {
            continue;
        }
        match stream(before, rest, unpacked_most) {
            Some(found) if pleases(&found.bytes) => {
                unpacked_most = unpacked_most.saturating_sub(u64::try_from(found.bytes.len()).unwrap_or(u64::MAX));
                rest = found.rest;
                if only.as_ref().is_some_and(|only| *only != found.bytes) {
                    return Err(EnvelopeProblem::SeveralAttachments);
                }
                only = Some(found.bytes);
            }
            Some(found) => {
                others = others.saturating_add(1);
                if found.bytes.is_empty() {
                    problem = EnvelopeProblem::DamagedAttachment;
                }
                unpacked_most = unpacked_most.saturating_sub(u64::try_from(found.bytes.len()).unwrap_or(u64::MAX));
                rest = found.rest;
            }
            None => problem = EnvelopeProblem::DamagedAttachment,
        }
    }
    Err(problem)
}

/// A stream that was unpacked, and what comes behind it.
struct Stream<'a> {
    bytes: Vec<u8>,
    rest: &'a [u8],
}

/// The unpacked stream whose dictionary lies around this place.
fn stream<'a>(before: &[u8], after: &'a [u8], unpacked_most: u64) -> Option<Stream<'a>> {
    let start = find(after.get(..DICTIONARY_MOST.min(after.len()))?, b"stream")?;
    let before = before.get(before.len().saturating_sub(DICTIONARY_MOST)..)?;
    let object = rfind(before, b"obj")?;
    let dictionary = [before.get(object..)?, after.get(..start)?].concat();
    let body = after.get(start..)?.strip_prefix(b"stream")?;
    let body = body.strip_prefix(b"\r\n").or_else(|| body.strip_prefix(b"\n"))?;
    let end = match length(&dictionary) {
        Some(length) => length,
        // Where no stream ends any more, nothing is left to look for.
        None => match find(body, b"endstream") {
            Some(end) => end,
            None => return Some(Stream { bytes: Vec::new(), rest: b"" }),
        },
    };
    let (raw, rest) = body.split_at_checked(end)?;
    let mut bytes = Vec::new();
    if find(&dictionary, b"/FlateDecode").is_none() {
        raw.take(unpacked_most).read_to_end(&mut bytes).ok()?;
    } else {
        ZlibDecoder::new(raw).take(unpacked_most).read_to_end(&mut bytes).ok()?;
    }
    Some(Stream { bytes, rest })
}

/// The length that a dictionary says outright; `None` when it refers to another object.
fn length(dictionary: &[u8]) -> Option<usize> {
    let place = find(dictionary, b"/Length ")?;
    let text = std::str::from_utf8(dictionary.get(place..)?.strip_prefix(b"/Length ")?).ok()?;
    let digits = text.split(|letter: char| !letter.is_ascii_digit()).next()?;
    let rest = text.get(digits.len()..)?.trim_start();
    let is_reference = rest.starts_with(|letter: char| letter.is_ascii_digit());
    if is_reference { None } else { digits.parse().ok() }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

fn rfind(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).rposition(|window| window == wanted)
}
