//! Signed documents inside other files: attached to a PDF, baked into an SVG image.

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

/// How often a PDF was changed after it was made: each time something is added behind its end.
pub(super) fn pdf_updates(pdf: &[u8]) -> usize {
    const END: &[u8] = b"%%EOF";
    let mut count: usize = 0;
    let mut rest = pdf;
    while let Some(place) = find(rest, END) {
        count = count.saturating_add(1);
        rest = rest.get(place.saturating_add(END.len())..).unwrap_or_default();
    }
    count.saturating_sub(1)
}

/// The JSON document that is attached to a PDF: the only embedded file that is one.
///
/// # Errors
/// As `EnvelopeProblem` says.
pub fn from_pdf(pdf: &[u8]) -> Result<Vec<u8>, EnvelopeProblem> {
    let tail = &pdf[pdf.len().saturating_sub(1_024)..];
    if find(tail, b"%%EOF").is_none() {
        return Err(EnvelopeProblem::Truncated);
    }
    attachment(pdf, |bytes| bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{'))
}

/// The only embedded file of a PDF that pleases.
///
/// Streams stand outside of object streams, so that their dictionaries can be found in the file as it is
/// (ISO 32000-1, 7.3.8 and 7.11.4).
///
/// # Errors
/// As `EnvelopeProblem` says.
fn attachment(pdf: &[u8], pleases: impl Fn(&[u8]) -> bool) -> Result<Vec<u8>, EnvelopeProblem> {
    const NAME: &[u8] = b"/EmbeddedFile";
    let mut rest = pdf;
    let mut unpacked_most = UNPACKED_MOST;
    let mut problem = EnvelopeProblem::NoAttachment;
    let mut only: Option<Vec<u8>> = None;
    for _ in 0..ATTACHMENTS_MOST {
        let Some((before, after)) = find(rest, NAME).and_then(|place| rest.split_at_checked(place)) else {
            return only.ok_or(problem);
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

/// The badge that is baked into an SVG image (Open Badges 3.0, section 5.3.2.1).
///
/// # Errors
/// As `EnvelopeProblem` says.
pub fn from_svg(svg: &str) -> Result<String, EnvelopeProblem> {
    if !svg.trim_end().ends_with('>') || !svg.contains("</svg>") {
        return Err(EnvelopeProblem::Truncated);
    }
    let (_, credential) = svg.split_once("<openbadges:credential").ok_or(EnvelopeProblem::NoBadge)?;
    let (_, inside) = credential.split_once('>').ok_or(EnvelopeProblem::NoBadge)?;
    let (inside, after) = inside.split_once("</openbadges:credential>").ok_or(EnvelopeProblem::Truncated)?;
    if after.contains("<openbadges:credential") {
        return Err(EnvelopeProblem::SeveralBadges);
    }
    let inside = inside.trim();
    match inside.strip_prefix("<![CDATA[").and_then(|inside| inside.strip_suffix("]]>")) {
        Some(json) => Ok(json.to_owned()),
        None if inside.starts_with('{') => Ok(inside.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")),
        None => Err(EnvelopeProblem::NoBadge),
    }
}
