//! How names of associations and skills are compared: people write them from memory.
//!
//! [`fold`] says when two spellings are the same name, [`similarity`] how far apart two names are,
//! [`nearest`] what somebody may have meant, and [`is_close`] whether a new name is probably an old
//! one misspelt. All in whole numbers, so that every machine gives the same answer.

use std::cmp::Reverse;

use strsim::osa_distance;
use unicode_normalization::{
    UnicodeNormalization as _,
    char::{decompose_compatible, is_combining_mark},
};

use crate::printable::{is_mark, without_marks};

/// The least similarity at which [`nearest`] offers a name, in per mille like all that follow.
const NEAR: u32 = 500;

/// The least likeness at which two words are one word with slips in it.
const SAME_WORD: u32 = 700;

/// The least likeness at which [`is_close`] takes two words for the same.
const CLOSE_WORD: u32 = 850;

/// The likeness of a word and its beginning, as in `comptabilite` and `compta`.
const ABBREVIATION: u32 = CLOSE_WORD;
const SHORTEST_ABBREVIATION: u32 = 4;

/// Words that tell no name from another.
const SMALL_WORDS: [&str; 9] = ["de", "du", "des", "la", "le", "les", "l", "d", "et"];

/// The form under which two spellings of one name are equal: lower case, without accents and
/// ligatures, with one space wherever there were spaces, apostrophes, hyphens or punctuation.
///
/// ```
/// use ledger::name::fold;
/// assert_eq!(fold("  L'Œuvre d’Argentré-du-Plessis "), "l oeuvre d argentre du plessis");
/// ```
pub fn fold(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    let mut push = |c: char| match c {
        'œ' => folded.push_str("oe"),
        'æ' => folded.push_str("ae"),
        'ß' => folded.push_str("ss"),
        _ if c.is_alphanumeric() => folded.push(c),
        // What nobody sees parts no word.
        _ if is_combining_mark(c) || is_mark(c) || folded.is_empty() || folded.ends_with(' ') => {}
        _ => folded.push(' '),
    };
    for c in name.chars() {
        decompose_compatible(c, |part| part.to_lowercase().for_each(&mut push));
    }
    folded.truncate(folded.trim_end().len());
    folded
}

/// A name as it is kept: letters and their accents in one (NFC), nothing that nobody sees, one plain space between two
/// words whatever stood there, line ends included.
///
/// ```
/// use ledger::name::tidy;
/// assert_eq!(tidy(" Chloe\u{301}\u{a0} \n Hervé\u{200b} "), "Chloé Hervé");
/// ```
pub fn tidy(name: &str) -> String {
    let composed: String = without_marks(name).nfc().collect();
    composed.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The form under which two spellings of what a person is known by are equal: an address in small letters, anything
/// else [`fold`]ed.
pub fn person_key(code: &str) -> String {
    if code.contains('@') { tidy(code).to_lowercase() } else { fold(code) }
}

/// A text with letters and their accents in one (NFC), and nothing that nobody sees.
pub fn composed(text: &str) -> String {
    without_marks(text).nfc().collect()
}

/// A network's name as it stands in an address: its [`fold`]ed words in small letters and digits of ASCII, joined by
/// hyphens, 40 characters at most. A name that has none of them is called `reseau`.
///
/// ```
/// use ledger::name::slug;
/// assert_eq!(slug("Entraide d’Œuvres du pays de Vitré"), "entraide-d-oeuvres-du-pays-de-vitre");
/// assert_eq!(slug("助け合い"), "reseau");
/// ```
pub fn slug(name: &str) -> String {
    const LONGEST: usize = 40;
    let mut slug = String::new();
    for word in fold(name).split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        // A word is left out rather than cut, unless it is the first.
        if !slug.is_empty() && slug.len().saturating_add(1).saturating_add(word.len()) > LONGEST {
            break;
        }
        if !slug.is_empty() {
            slug.push('-');
        }
        slug.extend(word.chars().take(LONGEST));
    }
    if slug.is_empty() { "reseau".to_owned() } else { slug }
}

/// How alike two names are, from 0 to 1000 per mille; 1000 only if they [`fold`] the same.
///
/// Half of it is the letters that may stay when one name is typed over into the other, which
/// forgives slips and words run together; half is the words of each that are found in the other,
/// long words weighing more, which forgives words left out or put elsewhere.
pub fn similarity(a: &str, b: &str) -> u32 {
    Name::new(&fold(a)).similarity(&Name::new(&fold(b)), 0)
}

/// The candidates most like what is wanted, best first and at most so many, without those that
/// have little in common with it. Equally good ones are in the order of their names.
pub fn nearest<'a>(wanted: &str, candidates: impl Iterator<Item = &'a str>, at_most: usize) -> Vec<&'a str> {
    let wanted = fold(wanted);
    let wanted = Name::new(&wanted);
    let score = |name| wanted.similarity(&Name::new(&fold(name)), NEAR);
    let scored = candidates.map(|name| (Reverse(score(name)), name));
    let mut near: Vec<_> = scored.filter(|(Reverse(score), _)| *score > 0).collect();
    near.sort_unstable();
    let names = near.into_iter().map(|(_, name)| name);
    names.take(at_most).collect()
}

/// Whether one name is probably the other misspelt or abbreviated: they fold the same but for
/// spaces, or agree word by word with at most a slip or a cut in each.
///
/// A word more or less makes another name, and so does another number: `Comptabilité générale` is not `Comptabilité`, nor
/// `École 2` `École 1`.
pub fn is_close(a: &str, b: &str) -> bool {
    let (a, b) = (seen(&fold(a)), seen(&fold(b)));
    let figures = |name: &str| name.chars().filter(char::is_ascii_digit).collect::<String>();
    if figures(&a) != figures(&b) {
        return false;
    }
    let (a, b) = (Name::new(&a), Name::new(&b));
    let letters = |name: &Name<'_>| name.whole.folded.replace(' ', "");
    let mut pairs = a.words.iter().zip(&b.words);
    let is_same_length = a.words.len() == b.words.len() && !a.words.is_empty();
    letters(&a) == letters(&b) || (is_same_length && pairs.all(|(a, b)| a.likeness(b) >= CLOSE_WORD))
}

/// A folded text as the eye takes it: letters of other alphabets that look like Latin ones are those.
///
/// Of the confusable characters of Unicode Technical Standard 39 those that a French keyboard's neighbours have.
fn seen(folded: &str) -> String {
    const OTHERS: &str = "авеёкмнорстухіїјѕһԁԛԝӏαβεζηικμνορτυχ";
    const LATIN: &str = "abeekmhopctyxiijshdqwlabezhikmnoptyx";
    let latin = |letter: char| OTHERS.chars().zip(LATIN.chars()).find(|(other, _)| *other == letter);
    folded.chars().map(|letter| latin(letter).map_or(letter, |(_, latin)| latin)).collect()
}

/// A folded name, and those of its words that tell it from others.
struct Name<'a> {
    whole: Text<'a>,
    words: Vec<Text<'a>>,
}

impl<'a> Name<'a> {
    fn new(folded: &'a str) -> Self {
        let words = folded.split(' ').filter(|word| !SMALL_WORDS.contains(word));
        Self { whole: Text::new(folded), words: words.map(Text::new).collect() }
    }

    /// The similarity in per mille, or 0 if it is less than `least`.
    fn similarity(&self, other: &Self, least: u32) -> u32 {
        if self.whole.folded == other.whole.folded {
            return 1000;
        }
        let (mine, theirs) = (self.found_in(other), other.found_in(self));
        // Names are cut short more often than made up: what is all there counts for more.
        let words = mine.max(theirs).midpoint(mine.midpoint(theirs));
        let enough = least.saturating_mul(2).saturating_sub(words);
        let similarity = words.midpoint(self.whole.letters_kept(&other.whole, enough));
        if similarity < least { 0 } else { similarity }
    }

    /// How much of this name's words is found in the other's, weighed by their letters.
    fn found_in(&self, other: &Self) -> u32 {
        let best = |word: &Text<'_>| other.words.iter().map(|other| word.likeness(other)).max();
        let (mut found, mut all) = (0_u32, 0_u32);
        for word in &self.words {
            found = found.saturating_add(word.length.saturating_mul(best(word).unwrap_or(0)));
            all = all.saturating_add(word.length);
        }
        found.checked_div(all).unwrap_or(0)
    }
}

/// A folded text, with what tells quickly that two texts have little in common.
struct Text<'a> {
    folded: &'a str,
    length: u32,
    /// One bit for each letter that occurs; some share a bit, which makes the test weaker.
    letters: u32,
}

impl<'a> Text<'a> {
    fn new(folded: &'a str) -> Self {
        let (mut length, mut letters) = (0_u32, 0);
        for c in folded.chars() {
            length = length.saturating_add(1);
            letters |= 1_u32.wrapping_shl(u32::from(c));
        }
        Self { folded, length, letters }
    }

    /// How alike two words are, in per mille; 0 if they are not the same word at all.
    fn likeness(&self, other: &Self) -> u32 {
        let begins =
            |short: &Self, long: &Self| short.length >= SHORTEST_ABBREVIATION && long.folded.starts_with(short.folded);
        if self.folded == other.folded {
            1000
        } else if begins(self, other) || begins(other, self) {
            ABBREVIATION
        } else {
            self.letters_kept(other, SAME_WORD)
        }
    }

    /// The share of letters that stay when one text is typed over into the other, in per mille,
    /// or 0 if that is less than `least`. A letter added, dropped or changed, or two neighbours
    /// swapped, is one slip.
    fn letters_kept(&self, other: &Self, least: u32) -> u32 {
        let longest = self.length.max(other.length);
        let kept = |slips: u32| {
            let letters = longest.saturating_sub(slips).saturating_mul(1000);
            letters.checked_div(longest).filter(|kept| *kept >= least)
        };
        // Each letter that the other lacks costs a slip: cheap to count, and mostly enough to know.
        let missing = (self.letters & !other.letters).count_ones();
        let added = (other.letters & !self.letters).count_ones();
        let fewest_slips = missing.max(added).max(self.length.abs_diff(other.length));
        if kept(fewest_slips).is_none() {
            return 0;
        }
        let slips = osa_distance(self.folded, other.folded);
        kept(u32::try_from(slips).unwrap_or(longest)).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SKILLS: &str = "Accueil du public|Animation enfance|Bricolage|Communication|\
        Comptabilité|Conduite de véhicule|Couture|Cuisine collective|\
        Formation aux premiers secours|Gestion de la paie|Informatique|Jardinage|\
        Logistique d'événement|Montage de dossier de subvention|Médiation numérique|\
        Photographie|Secrétariat|Sonorisation|Soutien scolaire|Traduction";

    const ASSOCIATIONS: [&str; 12] = [
        "Amis du patrimoine de Val-d'Izé",
        "Atelier vélo de Louvigné-de-Bais",
        "Café associatif de La Guerche-de-Bretagne",
        "Club de handball de Saint-Gravé",
        "Judo-club de Louvigné-de-Bais",
        "Les Arts plastiques de Val-d'Izé",
        "Les Cinéma itinérant de Val-d'Izé",
        "Ludothèque de La Guerche-de-Bretagne",
        "Pêcheurs de La Guerche-de-Bretagne",
        "Randonneurs de Vitré",
        "Ressourcerie de Vitré",
        "Théâtre amateur de Vitré",
    ];

    #[test]
    fn spellings_fold_to_one() {
        let cases = [
            ("", ""),
            (" !? ", ""),
            ("École de musique", "ecole de musique"),
            ("ÉCOLE  DE\u{a0}MUSIQUE", "ecole de musique"),
            ("E\u{301}cole", "ecole"),
            ("Cœur d’Æther", "coeur d aether"),
            ("Val-d'Izé (35)", "val d ize 35"),
            ("« L'Œuvre »", "l oeuvre"),
            ("Judo - club", "judo club"),
        ];
        for (name, folded) in cases {
            assert_eq!(fold(name), folded, "{name}");
        }
    }

    #[test]
    fn the_nearest_name_is_the_one_meant() {
        let cases = [
            ("Ressourcerie", "Ressourcerie de Vitré"),
            ("RESSOURCERIE DE VITRE", "Ressourcerie de Vitré"),
            ("Pêcheur sde La Guerche", "Pêcheurs de La Guerche-de-Bretagne"),
            ("Judo-club d eLouvigné-de-Bais", "Judo-club de Louvigné-de-Bais"),
            ("Arts plastiques Val d'Izé", "Les Arts plastiques de Val-d'Izé"),
            ("Hand Saint-Gravé", "Club de handball de Saint-Gravé"),
            ("Handball club de St Gravé", "Club de handball de Saint-Gravé"),
            ("Amis du patrimione", "Amis du patrimoine de Val-d'Izé"),
            ("Theatre Vitré", "Théâtre amateur de Vitré"),
        ];
        for (written, meant) in cases {
            assert_eq!(nearest(written, ASSOCIATIONS.into_iter(), 3).first(), Some(&meant), "{written}");
        }
        for stranger in ["", "de la", "Pétanque de Fougères", "Croix-Rouge"] {
            assert!(nearest(stranger, ASSOCIATIONS.into_iter(), 3).is_empty(), "{stranger}");
        }
    }

    #[test]
    fn equally_good_names_come_in_order() {
        let names = ["Club 3", "Club 2", "club 1", "Club 4"];
        assert_eq!(nearest("Club", names.into_iter(), 3), ["Club 2", "Club 3", "Club 4"]);
    }

    #[test]
    fn close_names_are_slips_and_abbreviations() {
        let close = [
            ("Comptabilité", "comptabilite"),
            ("Comptabilité", "Compta"),
            ("Jardinnage", "Jardinage"),
            ("Informatqiue", "Informatique"),
            ("Médiation numér.", "Mediation numérique"),
            ("Gestoin paie", "Gestion de la paie"),
            ("Soutienscolaire", "Soutien scolaire"),
            ("Photo", "Photographie"),
            ("Logistique évènement", "Logistique d'événement"),
        ];
        let apart = [
            ("Comptabilité", "Comptabilité générale"),
            ("Comptabilité", "Com"),
            ("Couture", "Culture"),
            ("Permis B", "Permis C"),
            ("Anglais niveau 1", "Anglais niveau 2"),
            ("La", "Le"),
            ("", "Bricolage"),
        ];
        for (a, b) in close {
            assert!(is_close(a, b) && is_close(b, a), "{a} / {b}");
        }
        for (a, b) in apart {
            assert!(!is_close(a, b) && !is_close(b, a), "{a} / {b}");
        }
    }

    #[test]
    fn the_skills_of_the_catalogue_are_not_close() {
        let skills: Vec<_> = SKILLS.split('|').collect();
        assert_eq!(skills.len(), 20);
        for (place, a) in skills.iter().enumerate() {
            for b in &skills[..place] {
                assert!(!is_close(a, b), "{a} / {b}");
            }
        }
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(name in "\\PC{0,20}") {
            prop_assert_eq!(fold(&fold(&name)), fold(&name));
        }

        #[test]
        fn similarity_has_no_direction(a in "[a-eé '-]{0,12}", b in "[a-eé '-]{0,12}") {
            prop_assert_eq!(similarity(&a, &b), similarity(&b, &a));
            prop_assert_eq!(similarity(&a, &b) == 1000, fold(&a) == fold(&b));
        }
    }
}
