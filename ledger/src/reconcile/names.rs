//! Whose name is this? People write their partners from memory: without accents, in capitals, cut short, two letters
//! swapped, under a name that is no longer used.
//!
//! What is certain is looked up. What is not gives several candidates, each with what believing it costs; the
//! exchanges then decide between them. A name that is like none is left alone.

use std::collections::{BTreeMap, HashMap};

use strsim::osa_distance;

use super::notebook::WrittenName;
use crate::{
    Identifier, IdentifierKind,
    lines::Party,
    name::{fold, similarity},
    text_enum::text_enum,
};

text_enum! {
    /// How sure it is who is meant.
    pub enum Certainty {
        /// By a registration number.
        Identifier => "identifier",
        /// By the name itself, whatever its case and accents.
        Exact => "exact",
        /// By a name that the member bore before.
        Former => "former",
        /// By a name that somebody confirmed.
        Alias => "alias",
        /// By a name with a slip in it, or cut short, that fits one member alone.
        Likely => "likely",
        /// Several members may be meant.
        Unclear => "unclear",
        /// Nobody bears a name like it.
        Unknown => "unknown",
    }
}

impl Certainty {
    /// Whether nothing is guessed.
    pub const fn is_certain(self) -> bool {
        matches!(self, Self::Identifier | Self::Exact | Self::Former | Self::Alias)
    }
}

/// Who a written name may stand for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResolvedName {
    /// How sure that is.
    pub certainty: Certainty,
    /// The members it may be, each with the cost of believing so, best first. For an unknown name, those whose names
    /// are a little like it.
    pub candidates: Vec<(u32, u32)>,
    /// Whether it is the notebook's own association.
    pub is_own: bool,
}

/// What believing in a slip, or in a name cut short, costs: far less than a day's difference.
const SLIP: u32 = 10;
const CUT_SHORT: u32 = 12;
const CUT_AND_SLIP: u32 = 25;
const ACRONYM: u32 = 40;
const TWO_SLIPS: u32 = 35;
/// From here on, only an exchange that agrees in all else makes it believable.
pub(super) const DOUBTFUL: u32 = 60;

/// The least similarity, per mille, of a doubtful candidate.
const ALIKE: u32 = 600;
/// The least similarity that is worth showing to a person.
const SHOWN: u32 = 450;
const MOST_CANDIDATES: usize = 6;

/// Beyond so many bytes a text is nobody's name with a slip: looking for one takes the square of its length.
const LONGEST_GUESSED: usize = 400;

/// How many names are compared with every member, letter by letter: beyond that, a file is not a notebook.
const MOST_COMPARED: usize = 1000;

/// Words that people put before a name or leave out.
const OPENERS: [&str; 8] = ["les", "le", "la", "l", "association", "asso", "assoc", "ass"];
const SMALL: [&str; 9] = ["de", "du", "des", "la", "le", "les", "l", "d", "et"];

/// Looks names up among the members of a network.
#[derive(Debug)]
pub struct Resolver<'a> {
    members: &'a [Party],
    own: Vec<String>,
    identifiers: HashMap<&'a Identifier, u32>,
    /// By squeezed name.
    full: HashMap<String, Vec<(u32, Certainty)>>,
    /// By the squeezed beginning of a name, whole words.
    beginnings: HashMap<String, Vec<u32>>,
    acronyms: HashMap<String, Vec<u32>>,
    compared: usize,
}

impl<'a> Resolver<'a> {
    /// A resolver for the members other than `own`, which keeps the notebook.
    pub fn new(own: &Party, members: &'a [Party], aliases: &[(String, u32)]) -> Self {
        let mut resolver = Self {
            members,
            own: own.former_names.iter().chain([&own.name]).map(|name| squeezed(&fold(name))).collect(),
            identifiers: HashMap::new(),
            full: HashMap::new(),
            beginnings: HashMap::new(),
            acronyms: HashMap::new(),
            compared: 0,
        };
        for (place, member) in (0_u32..).zip(members) {
            resolver.identifiers.extend(member.identifiers.iter().map(|identifier| (identifier, place)));
            resolver.add(place, &member.name, Certainty::Exact);
            for former in &member.former_names {
                resolver.add(place, former, Certainty::Former);
            }
        }
        for (alias, place) in aliases {
            let squeezed = squeezed(&fold(alias));
            resolver.full.entry(squeezed).or_default().insert(0, (*place, Certainty::Alias));
        }
        resolver
    }

    fn add(&mut self, place: u32, name: &str, certainty: Certainty) {
        let folded = fold(name);
        for form in forms(&folded) {
            let known = self.full.entry(squeezed(form)).or_default();
            if !known.iter().any(|(other, _)| *other == place) {
                known.push((place, certainty));
            }
            for beginning in beginnings(form) {
                let known = self.beginnings.entry(squeezed(beginning)).or_default();
                if known.last() != Some(&place) {
                    known.push(place);
                }
            }
        }
        let initials = initials(&folded);
        if initials.chars().count() >= 2 {
            self.acronyms.entry(initials).or_default().push(place);
        }
    }

    /// Who a written name may stand for.
    pub fn resolve(&mut self, written: &WrittenName) -> ResolvedName {
        let certain = |place: u32, certainty| ResolvedName { certainty, candidates: vec![(place, 0)], is_own: false };
        let inside = written.text.split(|c: char| !c.is_ascii_alphanumeric()).filter_map(any_identifier);
        let by_identifier =
            written.identifier.iter().cloned().chain(inside).find_map(|found| self.identifiers.get(&found).copied());
        if let Some(place) = by_identifier {
            return certain(place, Certainty::Identifier);
        }
        let folded = fold(&written.text);
        let squeezed_name = squeezed(&folded);
        if let Some(known) = self.full.get(&squeezed_name) {
            // The member that is called so now comes before one that was once called so; an alias before both.
            let rank = |certainty: Certainty| match certainty {
                Certainty::Alias => 0,
                Certainty::Exact => 1,
                Certainty::Identifier
                | Certainty::Former
                | Certainty::Likely
                | Certainty::Unclear
                | Certainty::Unknown => 2,
            };
            let best = known.iter().map(|(_, certainty)| rank(*certainty)).min();
            let best: Vec<_> = known.iter().filter(|(_, certainty)| Some(rank(*certainty)) == best).collect();
            return match best.as_slice() {
                [(place, certainty)] => certain(*place, *certainty),
                several => ResolvedName {
                    certainty: Certainty::Unclear,
                    candidates: several.iter().map(|(place, _)| (*place, 0)).collect(),
                    is_own: false,
                },
            };
        }
        if self.own.contains(&squeezed_name) {
            return ResolvedName { certainty: Certainty::Unknown, candidates: Vec::new(), is_own: true };
        }
        if folded.len() > LONGEST_GUESSED {
            return ResolvedName { certainty: Certainty::Unknown, candidates: Vec::new(), is_own: false };
        }
        self.guess(&written.text, &folded)
    }

    /// Names with a slip, or cut short, or both; else names that are a little alike.
    fn guess(&mut self, text: &str, folded: &str) -> ResolvedName {
        let mut found: BTreeMap<u32, u32> = BTreeMap::new();
        for form in forms(folded) {
            let written = squeezed(form);
            let mut look = |name: &str, whole: u32, cut: u32| {
                self.full.get(name).into_iter().flatten().for_each(|(place, _)| cheapest(&mut found, *place, whole));
                self.beginnings.get(name).into_iter().flatten().for_each(|place| cheapest(&mut found, *place, cut));
            };
            look(&written, 0, CUT_SHORT);
            for swapped in swaps(&written) {
                look(&swapped, SLIP, CUT_AND_SLIP);
            }
        }
        if found.is_empty() {
            let letters: String = text.chars().filter(|c| c.is_alphanumeric()).collect();
            let bearers = self.acronyms.get(&letters.to_lowercase()).into_iter().flatten();
            bearers.for_each(|place| cheapest(&mut found, *place, ACRONYM));
        }
        if found.is_empty() && self.compared < MOST_COMPARED && !folded.is_empty() {
            self.compared = self.compared.saturating_add(1);
            found = self.near(folded);
            if found.is_empty() {
                return self.alike(text);
            }
        }
        let mut candidates: Vec<(u32, u32)> = found.into_iter().collect();
        candidates.sort_unstable_by_key(|(place, cost)| (*cost, *place));
        let certainty = match candidates.len() {
            0 => Certainty::Unknown,
            1 => Certainty::Likely,
            _ => Certainty::Unclear,
        };
        ResolvedName { certainty, candidates, is_own: false }
    }

    /// Members whose name, or its beginning, is a few slips away: one in eight letters, at most three.
    fn near(&self, folded: &str) -> BTreeMap<u32, u32> {
        let written = squeezed(folded);
        let most = (written.chars().count() / 8).min(2).saturating_add(1);
        let mut found = BTreeMap::new();
        let mut least = usize::MAX;
        for (place, member) in (0_u32..).zip(self.members) {
            for name in member.former_names.iter().chain([&member.name]) {
                let folded = fold(name);
                let whole = forms(&folded).map(|form| slips(&written, &squeezed(form), most)).min();
                let cut =
                    forms(&folded).flat_map(beginnings).map(|start| slips(&written, &squeezed(start), most)).min();
                let whole = whole.filter(|slips| *slips <= most).map(|slips| (slips, SLIP));
                let cut = cut.filter(|slips| *slips <= most).map(|slips| (slips, CUT_AND_SLIP));
                if let Some((slips, base)) = whole.into_iter().chain(cut).min() {
                    least = least.min(slips);
                    let each = TWO_SLIPS.saturating_sub(SLIP);
                    let more = u32::try_from(slips.saturating_sub(1)).unwrap_or(u32::MAX);
                    let cost = base.saturating_add(each.saturating_mul(more));
                    found
                        .entry(place)
                        .and_modify(|known: &mut (u32, usize)| *known = (*known).min((cost, slips)))
                        .or_insert((cost, slips));
                }
            }
        }
        // A name that is fewer slips away leaves no doubt for the others.
        found.into_iter().filter(|(_, (_, slips))| *slips == least).map(|(place, (cost, _))| (place, cost)).collect()
    }

    /// Members whose names are a little like it: doubtful, or only worth showing.
    fn alike(&self, text: &str) -> ResolvedName {
        let score = |member: &Party| {
            member.former_names.iter().chain([&member.name]).map(|name| similarity(text, name)).max().unwrap_or(0)
        };
        let scored = (0_u32..).zip(self.members).map(|(place, member)| (place, score(member)));
        let mut scored: Vec<_> = scored.filter(|(_, score)| *score >= SHOWN).collect();
        scored.sort_unstable_by_key(|(place, score)| (std::cmp::Reverse(*score), *place));
        scored.truncate(MOST_CANDIDATES);
        let best = scored.first().map_or(0, |(_, score)| *score);
        let cost = |score: u32| DOUBTFUL.saturating_add(1000_u32.saturating_sub(score) / 10);
        if best < ALIKE {
            let candidates = scored.into_iter().map(|(place, score)| (place, cost(score))).collect();
            return ResolvedName { certainty: Certainty::Unknown, candidates, is_own: false };
        }
        let near_best = scored.into_iter().filter(|(_, score)| score.saturating_add(100) >= best);
        let candidates = near_best.map(|(place, score)| (place, cost(score))).collect();
        ResolvedName { certainty: Certainty::Unclear, candidates, is_own: false }
    }
}

fn cheapest(found: &mut BTreeMap<u32, u32>, place: u32, cost: u32) {
    found.entry(place).and_modify(|known| *known = cost.min(*known)).or_insert(cost);
}

/// A folded name, and the same without the article or the word "association" before it.
fn forms(folded: &str) -> impl Iterator<Item = &str> {
    let without = folded.split_once(' ').filter(|(first, rest)| OPENERS.contains(first) && !rest.is_empty());
    std::iter::once(folded).chain(without.map(|(_, rest)| rest))
}

/// The beginnings of a folded name that end with a word that tells something, the whole name left out.
fn beginnings(folded: &str) -> impl Iterator<Item = &str> {
    let ends = folded.match_indices(' ').map(|(at, _)| folded.get(..at).unwrap_or_default());
    ends.filter(|start| {
        let is_telling = |word: &str| !SMALL.contains(&word) && word.len() > 1;
        start.len() >= 3 && start.split(' ').any(|word| is_telling(word) && !OPENERS.contains(&word))
    })
}

fn squeezed(folded: &str) -> String {
    folded.chars().filter(|c| *c != ' ').collect()
}

/// The first letters of the words that tell something.
fn initials(folded: &str) -> String {
    folded.split(' ').filter(|word| !SMALL.contains(word)).filter_map(|word| word.chars().next()).collect()
}

/// The text with each two neighbours swapped in turn.
fn swaps(text: &str) -> impl Iterator<Item = String> {
    let letters: Vec<char> = text.chars().collect();
    (1..letters.len()).filter_map(move |at| {
        let mut swapped = letters.clone();
        let before = at.saturating_sub(1);
        swapped.swap(before, at);
        (swapped[before] != swapped[at]).then(|| swapped.into_iter().collect())
    })
}

/// How many slips lie between two texts; anything over `most` counts as too many.
fn slips(a: &str, b: &str, most: usize) -> usize {
    if a.len().abs_diff(b.len()) > most.saturating_mul(2) { usize::MAX } else { osa_distance(a, b) }
}

fn any_identifier(word: &str) -> Option<Identifier> {
    if word.len() < 9 || !word.bytes().skip(1).any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    [IdentifierKind::Rna, IdentifierKind::Siren, IdentifierKind::Siret]
        .into_iter()
        .find_map(|kind| Identifier::from_parts(kind, word).ok())
}
