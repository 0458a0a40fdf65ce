//! What a decision may look at: what was asked for, and what was found there.
//!
//! Nothing reads as "there is none" because nobody has looked. Whoever fills a state says of each thing that a request
//! touches what it is, or that there is nothing; what was not asked for at all is [`NotLoaded`], which is no answer to
//! anybody's request but a fault of the loader.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::fmt;
use std::hash::Hash;

use crate::{ActNumber, AssociationNumber, ExchangeNumber, PersonNumber, SkillNumber, account::Account, year::Year};

/// Things by their keys, as far as they were asked for.
#[derive(Debug, Clone)]
pub struct Loaded<K, V> {
    /// `None` where there is nothing.
    found: HashMap<K, Option<V>>,
    /// Whether all there is stands here, so that what does not is known not to be.
    is_whole: bool,
}

impl<K, V> Default for Loaded<K, V> {
    /// Nothing was asked for.
    fn default() -> Self {
        Self { found: HashMap::new(), is_whole: false }
    }
}

impl<K: Eq + Hash, V> Loaded<K, V> {
    /// All there is, which is nothing yet.
    pub fn whole() -> Self {
        Self { found: HashMap::new(), is_whole: true }
    }

    /// Whether it is known what there is under that key.
    pub fn is_known<Q: Eq + Hash + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.is_whole || self.found.contains_key(key)
    }

    /// What is under that key, or that there is nothing; `None` when nobody has looked.
    pub fn look_up<Q: Eq + Hash + ?Sized>(&self, key: &Q) -> Option<Option<&V>>
    where
        K: Borrow<Q>,
    {
        self.found.get(key).map(Option::as_ref).or(self.is_whole.then_some(None))
    }

    /// What is there to be changed, if anything is.
    pub(crate) fn get_mut<Q: Eq + Hash + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        self.found.get_mut(key).and_then(Option::as_mut)
    }

    /// Says what is there.
    pub fn insert(&mut self, key: K, value: V) {
        self.found.insert(key, Some(value));
    }

    /// Says that it was looked for, and is nothing where it is not known to be something.
    pub fn insert_nothing(&mut self, key: K) {
        self.found.entry(key).or_insert(None);
    }

    /// Takes back what was said of other keys than these.
    pub(crate) fn retain(&mut self, mut is_kept: impl FnMut(&K) -> bool) {
        self.found.retain(|key, _| is_kept(key));
    }

    /// Takes back all that was said.
    pub fn clear(&mut self) {
        self.found.clear();
    }

    /// What was found, in no order.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.found.iter().filter_map(|(key, value)| Some((key, value.as_ref()?)))
    }

    /// How many keys are remembered.
    pub fn len(&self) -> usize {
        self.found.len()
    }

    /// Whether no key is remembered.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }
}

impl<K: Eq + Hash, V> Extend<(K, V)> for Loaded<K, V> {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, all: I) {
        self.found.extend(all.into_iter().map(|(key, value)| (key, Some(value))));
    }
}

/// What a decision needed and nobody had looked up. The batch fails: nothing is posted and nobody is told that a
/// request is at fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotLoaded {
    /// Which network it is, and where its days begin.
    Network,
    /// The secrets of the network.
    Secrets,
    /// Where an account stands.
    Account(Account),
    /// Whether there is such an exchange, and what it is.
    Exchange(ExchangeNumber),
    /// Whether such an act posted something that can be reversed.
    Reversible(ActNumber),
    /// Whether there is such a recognition, and what it is.
    Recognition(ActNumber),
    /// Whether another exchange bears that reference.
    Reference(String),
    /// How far the references of that year have been given.
    ReferenceCounter(i32),
    /// Whether another network is known by that domain.
    Domain(String),
    /// What closing that year commits to.
    YearClosing(Year),
    /// Whether that association has exchanges waiting.
    OpenExchanges(AssociationNumber),
    /// A member that an accepted act is about.
    Member(AssociationNumber),
    /// A person that an accepted act is about.
    Person(PersonNumber),
    /// A skill that an accepted act is about.
    Skill(SkillNumber),
    /// Whom or what an accepted act is about.
    Subject(ActNumber),
}

impl fmt::Display for NotLoaded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("decided on what was not loaded: ")?;
        match self {
            Self::Network => f.write_str("the network"),
            Self::Secrets => f.write_str("the network's secrets"),
            Self::Account(account) => write!(f, "account {} of book {}", account.number(), account.book()),
            Self::Exchange(number) => write!(f, "exchange {number}"),
            Self::Reversible(act) => write!(f, "what act {act} posted"),
            Self::Recognition(number) => write!(f, "recognition {number}"),
            Self::Reference(reference) => write!(f, "who bears the reference “{reference}”"),
            Self::ReferenceCounter(year) => write!(f, "how far the references of {year} have been given"),
            Self::Domain(domain) => write!(f, "whose domain “{domain}” is"),
            Self::YearClosing(year) => write!(f, "what closing the year {year} commits to"),
            Self::OpenExchanges(association) => write!(f, "the open exchanges of association {association}"),
            Self::Member(association) => write!(f, "association {association}"),
            Self::Person(person) => write!(f, "person {person}"),
            Self::Skill(skill) => write!(f, "skill {skill}"),
            Self::Subject(act) => write!(f, "what act {act} is about"),
        }
    }
}

impl std::error::Error for NotLoaded {}
