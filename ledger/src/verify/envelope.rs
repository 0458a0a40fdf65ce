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
    /// The image holds no badge.
    NoBadge,
    /// The file is cut short.
    Truncated,
}

impl EnvelopeProblem {
    /// The problem in a French sentence.
    pub const fn french(self) -> &'static str {
        match self {
            Self::NoAttachment => "ce PDF ne porte pas de document signé en pièce jointe ; demandez l'original",
            Self::DamagedAttachment => "la pièce jointe de ce PDF est abîmée",
            Self::NoBadge => "cette image ne contient pas de badge",
            Self::Truncated => "ce fichier est tronqué",
        }
    }

    /// The problem in an English sentence.
    pub const fn english(self) -> &'static str {
        match self {
            Self::NoAttachment => "this PDF has no signed document attached; ask for the original",
            Self::DamagedAttachment => "the attachment of this PDF is damaged",
            Self::NoBadge => "this image holds no badge",
            Self::Truncated => "this file is cut short",
        }
    }
}

/// No attachment of ours is larger once unpacked.
const ATTACHMENT_MOST: u64 = 64 << 20;

/// The JSON document that is attached to a PDF: the first embedded file that is one.
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

/// The first embedded file of a PDF that pleases.
///
/// Streams stand outside of object streams, so that their dictionaries can be found in the file as it is
/// (ISO 32000-1, 7.3.8 and 7.11.4).
///
/// # Errors
/// As `EnvelopeProblem` says.
pub fn attachment(pdf: &[u8], pleases: impl Fn(&[u8]) -> bool) -> Result<Vec<u8>, EnvelopeProblem> {
    let mut rest = pdf;
    let mut is_damaged = false;
    while let Some(place) = find(rest, b"/EmbeddedFile") {
        let after = rest.get(place..).and_then(|rest| rest.strip_prefix(b"/EmbeddedFile")).unwrap_or_default();
        let before = rest.get(..place).unwrap_or_default();
        rest = after;
        // `/EmbeddedFiles`, the name tree, is something else.
        if after.first().is_some_and(u8::is_ascii_alphanumeric) {
            continue;
        }
        match stream(before, after) {
            Some(bytes) if pleases(&bytes) => return Ok(bytes),
            Some(_) => {}
            None => is_damaged = true,
        }
    }
    Err(if is_damaged { EnvelopeProblem::DamagedAttachment } else { EnvelopeProblem::NoAttachment })
}

/// The unpacked stream whose dictionary lies around this place.
fn stream(before: &[u8], after: &[u8]) -> Option<Vec<u8>> {
    let start = find(after, b"stream")?;
    let object = rfind(before, b"obj")?;
    let dictionary = [before.get(object..)?, after.get(..start)?].concat();
    let body = after.get(start..)?.strip_prefix(b"stream")?;
    let body = body.strip_prefix(b"\r\n").or_else(|| body.strip_prefix(b"\n"))?;
    let raw = match length(&dictionary) {
        Some(length) => body.get(..length)?,
        None => body.get(..find(body, b"endstream")?)?,
    };
    if find(&dictionary, b"/FlateDecode").is_none() {
        return Some(raw.to_vec());
    }
    let mut bytes = Vec::new();
    ZlibDecoder::new(raw).take(ATTACHMENT_MOST).read_to_end(&mut bytes).ok()?;
    Some(bytes)
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
    let (inside, _) = inside.split_once("</openbadges:credential>").ok_or(EnvelopeProblem::Truncated)?;
    let inside = inside.trim();
    match inside.strip_prefix("<![CDATA[").and_then(|inside| inside.strip_suffix("]]>")) {
        Some(json) => Ok(json.to_owned()),
        None if inside.starts_with('{') => Ok(inside.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")),
        None => Err(EnvelopeProblem::NoBadge),
    }
}
