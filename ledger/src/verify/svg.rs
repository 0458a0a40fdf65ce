//! Images in which a badge is baked: the one element that holds it, and what is written in the picture around it.
//!
//! An image is read as XML, as far as that takes to know what is an element: what stands in a comment, in an attribute or
//! in a text only looks like one.

use std::collections::HashSet;

use super::envelope::{EnvelopeProblem, from_pdf};

/// The namespace of a baked badge (Open Badges 3.0, section 5.3.2.1).
const NAMESPACE: &str = "https://purl.imsglobal.org/ob/v3p0";
/// No image of a badge nests its elements so deep, nor binds so many prefixes in one.
const DEPTH_MOST: usize = 100;
const PREFIXES_MOST: usize = 20;

/// An image with the badge that is baked into it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Image {
    /// The badge's text.
    pub(super) credential: String,
    /// What is written in the picture, in order.
    pub(super) writing: Vec<String>,
}

/// The badge that is baked into an SVG image.
///
/// # Errors
/// As `EnvelopeProblem` says.
pub fn from_svg(svg: &str) -> Result<String, EnvelopeProblem> {
    Image::read(svg).map(|image| image.credential)
}

/// The signed document in a PDF or an image, if the bytes are one that holds it.
pub(super) fn signed_in(bytes: &[u8]) -> Option<Vec<u8>> {
    if bytes.starts_with(b"%PDF-") {
        return from_pdf(bytes).ok();
    }
    let text = std::str::from_utf8(bytes).ok()?;
    if !text.trim_start_matches('\u{feff}').trim_start().starts_with('<') {
        return None;
    }
    from_svg(text).ok().map(String::into_bytes)
}

impl Image {
    /// Reads an image.
    pub(super) fn read(svg: &str) -> Result<Self, EnvelopeProblem> {
        let mut reading = Reading::default();
        let mut rest = svg;
        while let Some((text, markup)) = rest.split_once('<') {
            reading.text(&decoded(text)?);
            rest = reading.markup(markup)?;
        }
        reading.text(&decoded(rest)?);
        if !reading.open.is_empty() || !reading.has_root {
            return Err(EnvelopeProblem::Truncated);
        }
        let mut found = reading.found.into_iter();
        match (found.next(), found.next()) {
            (Some(one), None) if one.trim_start().starts_with('{') => {
                Ok(Self { credential: one.trim().to_owned(), writing: reading.writing })
            }
            (_, Some(_)) => Err(EnvelopeProblem::SeveralBadges),
            (Some(_) | None, None) => Err(EnvelopeProblem::NoBadge),
        }
    }
}

/// An element that is open.
struct Open<'a> {
    name: &'a str,
    /// The prefixes that it binds to the namespace of badges, or to another one.
    prefixes: Vec<(&'a str, bool)>,
    is_badge: bool,
}

#[derive(Default)]
struct Reading<'a> {
    open: Vec<Open<'a>>,
    has_root: bool,
    /// The texts of the elements that hold badges.
    found: Vec<String>,
    writing: Vec<String>,
}

impl<'a> Reading<'a> {
    /// Reads what stands behind `<`; returns what comes after it.
    fn markup(&mut self, markup: &'a str) -> Result<&'a str, EnvelopeProblem> {
        let until = |text: &'a str, end: &str| text.split_once(end).ok_or(EnvelopeProblem::Truncated);
        if let Some(comment) = markup.strip_prefix("!--") {
            return Ok(until(comment, "-->")?.1);
        }
        if let Some(data) = markup.strip_prefix("![CDATA[") {
            let (text, rest) = until(data, "]]>")?;
            self.text(text);
            return Ok(rest);
        }
        if let Some(instruction) = markup.strip_prefix('?') {
            return Ok(until(instruction, "?>")?.1);
        }
        if markup.starts_with('!') {
            // Whoever declares names of their own can make any text of them.
            let (declared, rest) = until(markup, ">")?;
            return if declared.contains('[') { Err(EnvelopeProblem::DeclaresNames) } else { Ok(rest) };
        }
        if let Some(end) = markup.strip_prefix('/') {
            let (name, rest) = until(end, ">")?;
            let closed = self.open.pop().filter(|open| open.name == name.trim_end());
            return closed.map(|_| rest).ok_or(EnvelopeProblem::Truncated);
        }
        self.element(markup)
    }

    fn element(&mut self, markup: &'a str) -> Result<&'a str, EnvelopeProblem> {
        let is_end = |letter: char| letter.is_whitespace() || letter == '/' || letter == '>';
        let length = markup.find(is_end).ok_or(EnvelopeProblem::Truncated)?;
        let (name, mut rest) = markup.split_at_checked(length).ok_or(EnvelopeProblem::Truncated)?;
        if !is_name(name) || self.open.len() >= DEPTH_MOST || (self.open.is_empty() && self.has_root) {
            return Err(EnvelopeProblem::Truncated);
        }
        let mut element = Open { name, prefixes: Vec::new(), is_badge: false };
        let mut attributes = HashSet::new();
        let is_empty = loop {
            let is_apart = rest.starts_with(char::is_whitespace);
            rest = rest.trim_start();
            if let Some(after) = rest.strip_prefix("/>") {
                rest = after;
                break true;
            }
            if let Some(after) = rest.strip_prefix('>') {
                rest = after;
                break false;
            }
            let (attribute, value, after) = attribute(rest).ok_or(EnvelopeProblem::Truncated)?;
            rest = after;
            // What no browser draws is damaged.
            if !is_apart || !attributes.insert(attribute) {
                return Err(EnvelopeProblem::Truncated);
            }
            let text = decoded(value)?;
            if element.prefixes.len() >= PREFIXES_MOST {
                return Err(EnvelopeProblem::DeclaresNames);
            }
            if let Some(prefix) = attribute.strip_prefix("xmlns:") {
                element.prefixes.push((prefix, value == NAMESPACE));
            } else if attribute == "xmlns" {
                element.prefixes.push(("", value == NAMESPACE));
            } else if attribute == "aria-label" {
                self.write(&text);
            }
        };
        self.has_root = true;
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        let scopes = std::iter::once(&element).chain(self.open.iter().rev());
        let bound = scopes.flat_map(|open| &open.prefixes).find(|(bound, _)| *bound == prefix);
        element.is_badge = local == "credential" && bound.is_some_and(|(_, is_of_badges)| *is_of_badges);
        if element.is_badge {
            self.found.push(String::new());
        }
        if !is_empty {
            self.open.push(element);
        }
        Ok(rest)
    }

    /// A text belongs to the badge that is open around it, or to what can be read in the picture.
    fn text(&mut self, text: &str) {
        match self.open.last() {
            Some(open) if open.is_badge => {
                if let Some(found) = self.found.last_mut() {
                    found.push_str(text);
                }
            }
            Some(open) if !matches!(open.name, "style" | "script" | "metadata") => self.write(text),
            Some(_) | None => {}
        }
    }

    fn write(&mut self, text: &str) {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if !text.is_empty() {
            self.writing.push(text);
        }
    }
}

/// An attribute with its value, and what comes behind it.
fn attribute(text: &str) -> Option<(&str, &str, &str)> {
    let (name, rest) = text.split_once('=')?;
    let (name, rest) = (name.trim_end(), rest.trim_start());
    let quote = rest.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let (value, rest) = rest.strip_prefix(quote)?.split_once(quote)?;
    (is_name(name) && !value.contains('<')).then_some((name, value, rest))
}

/// Whether an element or an attribute can be called so.
fn is_name(name: &str) -> bool {
    let may_begin = |letter: char| letter.is_alphabetic() || matches!(letter, '_' | ':');
    name.starts_with(may_begin)
        && name.chars().all(|letter| may_begin(letter) || letter.is_numeric() || matches!(letter, '-' | '.' | '·'))
}

/// A text without the escapes that every XML knows: any other one would have to be declared.
fn decoded(text: &str) -> Result<String, EnvelopeProblem> {
    let (mut decoded, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once('&') {
        let (name, after) = after.split_once(';').ok_or(EnvelopeProblem::Truncated)?;
        decoded.push_str(before);
        decoded.push(letter_of(name).ok_or(EnvelopeProblem::Truncated)?);
        rest = after;
    }
    Ok(decoded + rest)
}

fn letter_of(escape: &str) -> Option<char> {
    let number = |digits: &str, radix| u32::from_str_radix(digits, radix).ok().and_then(char::from_u32);
    match escape {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let digits = escape.strip_prefix('#')?;
            digits.strip_prefix('x').map_or_else(|| number(digits, 10), |digits| number(digits, 16))
        }
    }
}
