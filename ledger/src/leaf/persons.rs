//! What an act says of persons, in lines of their own: one is shown without the others, and without the act.
//!
//! The text of such a leaf has lines. The first is what the log seals: the act's digest and the root over the persons'
//! lines. The second is the act with all that is about nobody in particular, and a salt, without which its hash says
//! nothing. Each of the others is about one person; the commitment to them, under a key that was drawn for it, keeps
//! anybody from guessing what stands behind the line's hash. The hashes stand in a tree of RFC 6962, sorted, and filled
//! up to a power of two with hashes of nothing: a line's place says neither how many persons took part nor who came
//! first.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    commitment::{act_salt, commitment},
    form::{Leaf, Unreadable, Unsealable, VERSION},
    parts::{AboutPart, ContributionPart, HexDigest},
};
use crate::{
    Digest,
    act::Act,
    clock::SecretKey,
    log::{self, inclusion_path, leaf_hash, root_of},
};

/// What the log seals of an act that is about persons.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    /// The RFC 6962 leaf hash of the act's text.
    act: HexDigest,
    network: Uuid,
    number: i64,
    /// The root over the persons' lines.
    persons: HexDigest,
    v: u8,
}

impl Head {
    /// What is sealed of an act with this text, and of these persons' lines.
    fn of(leaf: &Leaf<'_>, salt: HexDigest, act: &str, lines: &[impl AsRef<str>]) -> Self {
        Self {
            act: HexDigest(leaf_hash(act.as_bytes())),
            network: leaf.network,
            number: leaf.number,
            persons: HexDigest(root_of(&places(lines, salt.0))),
            v: VERSION,
        }
    }
}

/// So many places a tree of persons' lines has at least.
const PLACES_LEAST: usize = 4;

impl<'a> Leaf<'a> {
    /// The canonical text, as it is stored; [`hash_of`] says what the log has of it.
    ///
    /// # Errors
    /// When it cannot be written, which no leaf's fails to be: nothing is sealed in its place.
    pub fn into_text(self) -> Result<String, Unsealable> {
        match self.v {
            1 => serde_json::to_string(&self),
            _ => text_of(self),
        }
        .map_err(Unsealable::Json)
    }

    /// Reads a leaf back. Only the canonical form is accepted by whoever compares hashes.
    ///
    /// # Errors
    /// What is wrong with the text: a version, a kind or a part that is not known, what its version cannot have, or
    /// lines that are not those that it sealed.
    pub fn parse(text: &'a str) -> Result<Self, Unreadable> {
        read(text)
    }
}

/// A person's line of a leaf, shown alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// What the log sealed.
    pub leaf: String,
    /// The line.
    pub line: String,
    /// The hashes that lead from it to the root over the persons' lines, in hexadecimal digits.
    pub path: Vec<String>,
    /// Its place in that tree, from 0.
    pub place: u64,
    /// How many places the tree has.
    pub places: u64,
}

/// What the log seals of a leaf's text: all of it, or the first of its lines.
pub fn sealed_text(text: &str) -> &str {
    text.split_once('\n').map_or(text, |(head, _)| head)
}

/// What stands beside it in a leaf's text: the act, and each person's line.
pub fn parts_beside_seal(text: &str) -> impl Iterator<Item = &str> {
    text.split('\n').skip(1)
}

/// The hash of a leaf in the log.
pub fn hash_of(text: &str) -> Digest {
    leaf_hash(sealed_text(text).as_bytes())
}

impl Line {
    /// One of the lines of a leaf's text, from 0; `None` when there is none of that number, or the text is no leaf.
    pub fn of(text: &str, number: usize) -> Option<Self> {
        let mut lines = text.split('\n');
        let (head, act) = (lines.next()?, lines.next()?);
        let lines: Vec<_> = lines.collect();
        let salt = serde_json::from_str::<Leaf<'_>>(act).ok()?.salt?;
        let line = *lines.get(number)?;
        let hashes = places(&lines, salt.0);
        let place = hashes.iter().position(|hash| *hash == leaf_hash(line.as_bytes()))?;
        let (place, places) = (u64::try_from(place).ok()?, u64::try_from(hashes.len()).ok()?);
        let subtree = |range: std::ops::Range<u64>| {
            let range = usize::try_from(range.start).ok()?..usize::try_from(range.end).ok()?;
            Some(root_of(hashes.get(range)?).to_hex())
        };
        let path = inclusion_path(place, places).into_iter().map(subtree).collect::<Option<_>>()?;
        Some(Self { leaf: head.to_owned(), line: line.to_owned(), path, place, places })
    }

    /// What the line says of somebody's minutes, where it is one that the leaf sealed.
    pub fn contribution(&self) -> Option<ContributionPart<'_>> {
        let head: Head = serde_json::from_str(&self.leaf).ok()?;
        let path: Vec<_> = self.path.iter().map(|hash| Digest::from_hex(hash)).collect::<Option<_>>()?;
        let is_sealed = head.v == VERSION
            && log::includes(head.persons.0, self.places, self.place, leaf_hash(self.line.as_bytes()), &path);
        if is_sealed { serde_json::from_str(&self.line).ok() } else { None }
    }
}

/// The salt of an act that is about persons.
pub(super) fn salt_of(act: &Act) -> Option<HexDigest> {
    let about = act.outcome.person.map(|(_, key)| key);
    let first = about.or_else(|| act.outcome.contributions.first().map(|contributed| contributed.key));
    first.map(|key| HexDigest(act_salt(key)))
}

/// The text of a leaf of version 2.
fn text_of(mut leaf: Leaf<'_>) -> Result<String, serde_json::Error> {
    let Some(salt) = leaf.salt else { return serde_json::to_string(&leaf) };
    let about = leaf.person.take().map(|person| AboutPart {
        person,
        recognition: leaf.recognition.take(),
        role: leaf.role.take(),
    });
    let contributions = std::mem::take(&mut leaf.contributions);
    let lines = about.iter().map(serde_json::to_string).chain(contributions.iter().map(serde_json::to_string));
    let lines: Vec<String> = lines.collect::<Result<_, _>>()?;
    let act = serde_json::to_string(&leaf)?;
    let mut text = serde_json::to_string(&Head::of(&leaf, salt, &act, &lines))?;
    for line in std::iter::once(&act).chain(&lines) {
        text.push('\n');
        text.push_str(line);
    }
    Ok(text)
}

/// Reads a leaf of either version.
fn read(text: &str) -> Result<Leaf<'_>, Unreadable> {
    let mut lines = text.split('\n');
    let (Some(first), Some(act)) = (lines.next(), lines.next()) else {
        let leaf: Leaf<'_> = serde_json::from_str(text)?;
        return match leaf.v {
            1 => check_first_version(&leaf).map(|()| leaf),
            VERSION => check_without_persons(&leaf, &[("salt", leaf.salt.is_some())]).map(|()| leaf),
            other => Err(Unreadable::Version(other)),
        };
    };
    let head: Head = serde_json::from_str(first)?;
    let mut leaf: Leaf<'_> = serde_json::from_str(act)?;
    for version in [head.v, leaf.v] {
        if version != VERSION {
            return Err(Unreadable::Version(version));
        }
    }
    let salt = leaf.salt.ok_or(Unreadable::NotSealed("an act without its salt"))?;
    check_without_persons(&leaf, &[])?;
    let lines: Vec<_> = lines.collect();
    let sealed = Head::of(&leaf, salt, act, &lines);
    if head != sealed {
        return Err(Unreadable::NotSealed(if head.persons == sealed.persons { "the act" } else { "a person's line" }));
    }
    let mut lines = lines.into_iter();
    if leaf.kind.is_about_somebody() {
        let about: AboutPart<'_> = serde_json::from_str(lines.next().unwrap_or_default())?;
        leaf.person = Some(about.person);
        leaf.recognition = about.recognition;
        leaf.role = about.role;
    }
    leaf.contributions = lines.map(serde_json::from_str).collect::<Result<_, _>>()?;
    Ok(leaf)
}

/// The places of the tree over persons' lines.
fn places(lines: &[impl AsRef<str>], salt: Digest) -> Vec<Digest> {
    let count = lines.len().next_power_of_two().max(PLACES_LEAST);
    let nothing = |place: usize| leaf_hash(&commitment(SecretKey(salt.0), "nobody", &place.to_string()).0);
    let there = lines.iter().map(|line| leaf_hash(line.as_ref().as_bytes()));
    let mut hashes: Vec<_> = there.chain((lines.len()..count).map(nothing)).collect();
    hashes.sort_unstable();
    hashes
}

fn check_first_version(leaf: &Leaf<'_>) -> Result<(), Unreadable> {
    let of_contribution =
        |part: &ContributionPart<'_>| [("booked", part.booked.is_some()), ("receiver", part.receiver.is_some())];
    let later = [
        ("salt", leaf.salt.is_some()),
        ("recognition without exchange", leaf.recognition.as_ref().is_some_and(|part| part.exchange.is_none())),
        ("lost log without root", leaf.lost_log.as_ref().is_some_and(|part| part.root.is_none())),
        ("file without digest", leaf.file.as_ref().is_some_and(|part| part.digest.is_none())),
    ];
    refuse(1, later.into_iter().chain(leaf.contributions.iter().flat_map(of_contribution)))
}

/// In version 2 persons stand in lines of their own. `nor` is what the leaf cannot have besides.
fn check_without_persons(leaf: &Leaf<'_>, nor: &[(&'static str, bool)]) -> Result<(), Unreadable> {
    let about_persons = [
        ("contributions", !leaf.contributions.is_empty()),
        ("person", leaf.person.is_some()),
        ("recognition", leaf.recognition.is_some()),
        ("role", leaf.role.is_some()),
    ];
    refuse(VERSION, about_persons.iter().chain(nor).copied())
}

fn refuse(version: u8, mut parts: impl Iterator<Item = (&'static str, bool)>) -> Result<(), Unreadable> {
    match parts.find(|(_, is_there)| *is_there) {
        Some((part, _)) => Err(Unreadable::OutOfPlace { version, part }),
        None => Ok(()),
    }
}
