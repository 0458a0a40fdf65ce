//! Which member somebody means who types a name: in any case, with accents or without, by a part of it, its initials or
//! its commune.

use std::collections::BTreeMap;

use ledger::{
    AssociationNumber,
    association::{Association, MembershipState},
    name,
    registry::Registry,
};
use store::MemberPlace;

/// So many are offered where several are meant.
const OFFERED_MOST: usize = 6;

/// Whom a text means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Meant {
    /// This member.
    One(AssociationNumber),
    /// One of these.
    OneOf(Vec<AssociationNumber>),
    /// Nobody; these are called somewhat like it.
    Nobody(Vec<AssociationNumber>),
}

/// The members with whom help may be exchanged, by name.
pub(crate) fn partners(registry: &Registry, own: AssociationNumber) -> Vec<&Association> {
    let mut partners = taking_part(registry);
    partners.retain(|member| member.number != own);
    partners
}

/// The members between which help may be exchanged, by name.
pub(crate) fn taking_part(registry: &Registry) -> Vec<&Association> {
    let takes_part =
        |member: &&Association| [MembershipState::Active, MembershipState::Suspended].contains(&member.state);
    let mut members: Vec<_> = registry.associations().filter(takes_part).collect();
    members.sort_by_cached_key(|member| name::fold(member.name()));
    members
}

/// Finds whom a text means among members.
pub(crate) fn find(wanted: &str, members: &[&Association], places: &BTreeMap<AssociationNumber, MemberPlace>) -> Meant {
    let wanted = name::fold(wanted);
    let words: Vec<&str> = wanted.split(' ').filter(|word| !word.is_empty()).collect();
    let commune = |member: &Association| {
        places.get(&member.number).and_then(|place| place.commune.as_deref()).map(name::fold).unwrap_or_default()
    };
    let is_called = |member: &Association| {
        name::fold(member.name()) == wanted || member.former_names().any(|former| name::fold(former) == wanted)
    };
    let has_every_word = |member: &Association| {
        let text = format!(" {} {}", name::fold(member.name()), commune(member));
        !words.is_empty() && words.iter().all(|word| text.contains(&format!(" {word}")))
    };
    let has_initials = |member: &Association| words.len() == 1 && initials(member.name()).contains(&wanted);
    let tests: [&dyn Fn(&Association) -> bool; 3] = [&is_called, &has_initials, &has_every_word];
    for test in tests {
        let found: Vec<_> = members.iter().filter(|member| test(member)).map(|member| member.number).collect();
        match found.as_slice() {
            [] => {}
            [one] => return Meant::One(*one),
            several => return Meant::OneOf(several.iter().take(OFFERED_MOST).copied().collect()),
        }
    }
    let near = name::nearest(&wanted, members.iter().map(|member| member.name()), OFFERED_MOST);
    let number = |near: &str| members.iter().find(|member| member.name() == near).map(|member| member.number);
    Meant::Nobody(near.into_iter().filter_map(number).collect())
}

/// What a name is shortened to: the first letters of all its words, and of those that are no articles.
fn initials(text: &str) -> Vec<String> {
    let folded = name::fold(text);
    let words = || folded.split(' ');
    let first = |words: Vec<&str>| words.iter().filter_map(|word| word.chars().next()).collect::<String>();
    let whole = words()
        .filter(|word| !["a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les"].contains(word));
    let both = [first(words().collect()), first(whole.collect())];
    both.into_iter().filter(|initials| initials.len() > 1).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_shortened_with_their_articles_and_without() {
        assert_eq!(initials("Amicale des pompiers de Vitré"), ["adpdv", "apv"]);
        assert_eq!(initials("Judo-club"), ["jc", "jc"]);
        assert_eq!(initials("Chorale"), Vec::<String>::new());
    }
}
