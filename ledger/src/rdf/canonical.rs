//! Names for nameless nodes that depend on nothing but what is said of them: RDF Dataset Canonicalization (RDFC-1.0).
//!
//! Written here because its cost has to be bounded while it runs: to tell nodes apart of which the same is said, every
//! order of them may have to be tried, and how many orders that comes to is not to be seen beforehand. Each step is
//! counted, and whoever builds a document to keep its reader busy is refused after a fixed number of them.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

use oxrdf::{Dataset, GraphNameRef, NamedOrBlankNodeRef, QuadRef, TermRef};
use sha2::{Digest as _, Sha256};

use crate::Digest;

/// So many steps are taken for one document: hashes made, lines and names put in them. Credentials of ours take a few
/// hundred.
pub(super) const WORK_MOST: u64 = 20_000;

/// More work than any document is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooMuchWork;

/// The steps that were taken.
#[derive(Debug, Default)]
pub(super) struct Work(u64);

impl Work {
    fn step(&mut self) -> Result<(), TooMuchWork> {
        self.steps_for(1)
    }

    /// A step for each of so many things.
    fn steps_for(&mut self, count: usize) -> Result<(), TooMuchWork> {
        // More than can be counted is more than is allowed.
        self.0 = self.0.saturating_add(u64::try_from(count).unwrap_or(u64::MAX));
        if self.0 > WORK_MOST { Err(TooMuchWork) } else { Ok(()) }
    }

    /// How many there were.
    #[cfg(test)]
    pub(super) fn taken(&self) -> u64 {
        self.0
    }
}

/// The statements of a dataset under canonical names, sorted, a line each.
pub(super) fn nquads(dataset: &Dataset, work: &mut Work) -> Result<String, TooMuchWork> {
    let graph = Graph::of(dataset);
    let names = graph.canonical_names(work)?;
    let name_of = |node: usize| names.get(node).unwrap_or_default();
    let mut lines: Vec<String> = graph.quads.iter().map(|quad| quad.line(&name_of)).collect();
    lines.sort_unstable();
    Ok(lines.concat())
}

/// A part of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    /// Written as it is.
    Written(String),
    /// A nameless node, by its place.
    Nameless(usize),
}

#[derive(Debug)]
struct Quad {
    subject: Part,
    predicate: String,
    object: Part,
    /// `None` in the default graph.
    graph: Option<Part>,
}

impl Quad {
    fn line<'a>(&self, name_of: &dyn Fn(usize) -> &'a str) -> String {
        let mut line = String::new();
        let mut put = |part: &Part| {
            let _ = match part {
                Part::Written(text) => write!(line, "{text} "),
                Part::Nameless(node) => write!(line, "_:{} ", name_of(*node)),
            };
        };
        put(&self.subject);
        put(&Part::Written(self.predicate.clone()));
        put(&self.object);
        if let Some(graph) = &self.graph {
            put(graph);
        }
        line + ".\n"
    }

    /// The nameless nodes in it, with the letter of their place.
    fn nameless(&self) -> impl Iterator<Item = (char, usize)> {
        let places = [('s', Some(&self.subject)), ('o', Some(&self.object)), ('g', self.graph.as_ref())];
        places.into_iter().filter_map(|(place, part)| match part? {
            Part::Nameless(node) => Some((place, *node)),
            Part::Written(_) => None,
        })
    }
}

/// Names in the order in which they were given.
#[derive(Debug, Clone)]
struct Names {
    prefix: &'static str,
    given: HashMap<usize, String>,
    order: Vec<usize>,
}

impl Names {
    fn new(prefix: &'static str) -> Self {
        Self { prefix, given: HashMap::new(), order: Vec::new() }
    }

    fn get(&self, node: usize) -> Option<&str> {
        self.given.get(&node).map(String::as_str)
    }

    /// The name of a node, a new one where it has none.
    fn give(&mut self, node: usize) -> &str {
        let (prefix, count) = (self.prefix, self.order.len());
        self.given.entry(node).or_insert_with(|| {
            self.order.push(node);
            format!("{prefix}{count}")
        })
    }
}

/// What was found by following the statements around a node.
struct Followed {
    hash: String,
    names: Names,
}

#[derive(Debug, Default)]
struct Graph {
    quads: Vec<Quad>,
    /// The statements in which each nameless node stands.
    around: Vec<Vec<usize>>,
}

impl Graph {
    fn of(dataset: &Dataset) -> Self {
        let mut graph = Self::default();
        let mut places = HashMap::new();
        for (index, quad) in dataset.iter().enumerate() {
            let quad = graph.read(quad, &mut places);
            for (_, node) in quad.nameless() {
                if let Some(around) = graph.around.get_mut(node)
                    && around.last() != Some(&index)
                {
                    around.push(index);
                }
            }
            graph.quads.push(quad);
        }
        graph
    }

    fn read(&mut self, quad: QuadRef<'_>, places: &mut HashMap<String, usize>) -> Quad {
        let mut nameless = |name: &str| {
            let next = self.around.len();
            let place = *places.entry(name.to_owned()).or_insert(next);
            if place == next {
                self.around.push(Vec::new());
            }
            Part::Nameless(place)
        };
        let subject = match quad.subject {
            NamedOrBlankNodeRef::BlankNode(node) => nameless(node.as_str()),
            NamedOrBlankNodeRef::NamedNode(node) => Part::Written(node.to_string()),
        };
        let object = match quad.object {
            TermRef::BlankNode(node) => nameless(node.as_str()),
            TermRef::NamedNode(node) => Part::Written(node.to_string()),
            TermRef::Literal(literal) => Part::Written(literal.to_string()),
        };
        let graph = match quad.graph_name {
            GraphNameRef::BlankNode(node) => Some(nameless(node.as_str())),
            GraphNameRef::NamedNode(node) => Some(Part::Written(node.to_string())),
            GraphNameRef::DefaultGraph => None,
        };
        Quad { subject, predicate: quad.predicate.to_string(), object, graph }
    }

    /// Step by step as section 4.4 says.
    fn canonical_names(&self, work: &mut Work) -> Result<Names, TooMuchWork> {
        let first = (0..self.around.len()).map(|node| self.first_hash(node, work)).collect::<Result<Vec<_>, _>>()?;
        let mut by_hash: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (node, hash) in first.iter().enumerate() {
            by_hash.entry(hash).or_default().push(node);
        }
        let mut search = Search { graph: self, first: &first, canonical: Names::new("c14n"), work };
        for nodes in by_hash.values() {
            if let [only] = nodes.as_slice() {
                search.canonical.give(*only);
            }
        }
        for nodes in by_hash.values().filter(|nodes| nodes.len() > 1) {
            let mut found = Vec::new();
            for node in nodes {
                if search.canonical.get(*node).is_none() {
                    let mut names = Names::new("b");
                    names.give(*node);
                    found.push(search.follow(*node, names)?);
                }
            }
            found.sort_by(|one, other| one.hash.cmp(&other.hash));
            for node in found.iter().flat_map(|found| &found.names.order) {
                search.canonical.give(*node);
            }
        }
        Ok(search.canonical)
    }

    /// The hash of what is said of a node, its neighbours all called alike (section 4.6).
    fn first_hash(&self, node: usize, work: &mut Work) -> Result<String, TooMuchWork> {
        let mut lines = Vec::new();
        for quad in self.quads_around(node) {
            work.step()?;
            lines.push(quad.line(&|other| if other == node { "a" } else { "z" }));
        }
        lines.sort_unstable();
        Ok(hash(&lines.concat()))
    }

    fn quads_around(&self, node: usize) -> impl Iterator<Item = &Quad> {
        let around = self.around.get(node).map(Vec::as_slice).unwrap_or_default();
        around.iter().filter_map(|index| self.quads.get(*index))
    }
}

/// The search for an order of nodes that only their neighbours tell apart.
struct Search<'a> {
    graph: &'a Graph,
    first: &'a [String],
    canonical: Names,
    work: &'a mut Work,
}

impl Search<'_> {
    /// The hash of all that can be reached from a node, in the smallest of all orders (section 4.8).
    fn follow(&mut self, node: usize, mut names: Names) -> Result<Followed, TooMuchWork> {
        let graph = self.graph;
        let mut related: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for quad in graph.quads_around(node) {
            for (place, other) in quad.nameless().filter(|(_, other)| *other != node) {
                let hash = self.related_hash(other, quad, &names, place)?;
                related.entry(hash).or_default().push(other);
            }
        }
        let mut data = String::new();
        for (hash, mut nodes) in related {
            data.push_str(&hash);
            nodes.sort_unstable();
            let mut chosen: Option<(String, Names)> = None;
            loop {
                let smallest = chosen.as_ref().map(|(path, _)| path.as_str());
                if let Some(found) = self.path(&nodes, &names, smallest)? {
                    chosen = Some(found);
                }
                if !next_order(&mut nodes) {
                    break;
                }
            }
            if let Some((path, after)) = chosen {
                data.push_str(&path);
                names = after;
            }
        }
        Ok(Followed { hash: hash(&data), names })
    }

    /// What this order of neighbours comes to; nothing where it is past the smallest that is known.
    fn path(
        &mut self,
        nodes: &[usize],
        names: &Names,
        smallest: Option<&str>,
    ) -> Result<Option<(String, Names)>, TooMuchWork> {
        let is_past = |path: &str| smallest.is_some_and(|smallest| path.len() >= smallest.len() && path > smallest);
        // Trying an order takes a copy of all names.
        self.work.steps_for(names.order.len())?;
        let (mut path, mut names, mut to_follow) = (String::new(), names.clone(), Vec::new());
        for node in nodes {
            self.work.step()?;
            path.push_str("_:");
            match self.canonical.get(*node) {
                Some(name) => path.push_str(name),
                None => {
                    if names.get(*node).is_none() {
                        to_follow.push(*node);
                    }
                    path.push_str(names.give(*node));
                }
            }
            if is_past(&path) {
                return Ok(None);
            }
        }
        for node in to_follow {
            let followed = self.follow(node, names.clone())?;
            let _ = write!(path, "_:{}<{}>", names.give(node), followed.hash);
            names = followed.names;
            if is_past(&path) {
                return Ok(None);
            }
        }
        let is_smallest = smallest.is_none_or(|smallest| path.as_str() < smallest);
        Ok(is_smallest.then_some((path, names)))
    }

    /// How a neighbour looks from a node (section 4.7).
    fn related_hash(&mut self, node: usize, quad: &Quad, names: &Names, place: char) -> Result<String, TooMuchWork> {
        self.work.step()?;
        let mut input = String::from(place);
        if place != 'g' {
            input.push_str(&quad.predicate);
        }
        match self.canonical.get(node).or_else(|| names.get(node)) {
            Some(name) => {
                input.push_str("_:");
                input.push_str(name);
            }
            None => input.push_str(self.first.get(node).map(String::as_str).unwrap_or_default()),
        }
        Ok(hash(&input))
    }
}

/// Puts nodes into the next order, by size; tells whether there was one.
fn next_order(nodes: &mut [usize]) -> bool {
    let Some(pivot) = nodes.windows(2).rposition(|pair| matches!(pair, [one, other] if one < other)) else {
        return false;
    };
    let (_, rest) = nodes.split_at_mut(pivot);
    let Some((first, rest)) = rest.split_first_mut() else { return false };
    if let Some(larger) = rest.iter_mut().rev().find(|node| **node > *first) {
        std::mem::swap(first, larger);
    }
    rest.reverse();
    true
}

fn hash(text: &str) -> String {
    Digest(Sha256::digest(text).into()).to_hex()
}

#[cfg(test)]
mod tests {
    use oxrdf::{
        BlankNode, GraphName, NamedNode, Quad as TheirQuad,
        dataset::{CanonicalizationAlgorithm, CanonicalizationHashAlgorithm},
    };

    use super::*;

    /// What an implementation by others makes of the same.
    fn by_others(dataset: &Dataset) -> String {
        let mut dataset = dataset.clone();
        let hash_algorithm = CanonicalizationHashAlgorithm::Sha256;
        dataset.canonicalize(CanonicalizationAlgorithm::Rdfc10 { hash_algorithm });
        let mut lines: Vec<String> = dataset.iter().map(|quad| format!("{quad} .\n")).collect();
        lines.sort_unstable();
        lines.concat()
    }

    fn agrees(dataset: &Dataset, what: &str) {
        let ours = nquads(dataset, &mut Work::default()).unwrap();
        assert_eq!(ours, by_others(dataset), "{what}");
    }

    fn node(name: usize) -> BlankNode {
        BlankNode::new(format!("x{name}")).unwrap()
    }

    /// Every way in which four nameless nodes can point at each other, and some with more to them.
    #[test]
    fn names_are_those_that_another_implementation_gives() {
        let predicates = ["https://example.org/p", "https://example.org/q"].map(|it| NamedNode::new(it).unwrap());
        for edges in 0..1_usize << 12 {
            let (mut plain, mut mixed) = (Dataset::new(), Dataset::new());
            let pairs = (0..4).flat_map(|from| (0..4).filter(move |to| *to != from).map(move |to| (from, to)));
            for (place, (from, to)) in pairs.enumerate().filter(|(place, _)| edges >> place & 1 == 1) {
                let graph = GraphName::DefaultGraph;
                plain.insert(&TheirQuad::new(node(from), predicates[0].clone(), node(to), graph.clone()));
                // The same again, with two kinds of arrows, some of them in a graph that is a node, too.
                let graph = if place % 5 == 0 { GraphName::from(node(to)) } else { graph };
                mixed.insert(&TheirQuad::new(node(from), predicates[place % 2].clone(), node(to), graph));
            }
            agrees(&plain, &format!("{edges:012b}"));
            if edges % 3 == 0 {
                agrees(&mixed, &format!("{edges:012b}, mixed"));
            }
        }
    }

    /// Two triangles and a hexagon have the same neighbours everywhere, and are not the same.
    #[test]
    fn what_looks_alike_from_near_is_told_apart() {
        let predicate = NamedNode::new("https://example.org/p").unwrap();
        let ring = |nodes: &[usize], dataset: &mut Dataset| {
            for (from, to) in nodes.iter().zip(nodes.iter().cycle().skip(1)) {
                dataset.insert(&TheirQuad::new(node(*from), predicate.clone(), node(*to), GraphName::DefaultGraph));
            }
        };
        let (mut triangles, mut hexagon) = (Dataset::new(), Dataset::new());
        ring(&[0, 1, 2], &mut triangles);
        ring(&[3, 4, 5], &mut triangles);
        ring(&[0, 3, 1, 4, 2, 5], &mut hexagon);
        agrees(&triangles, "triangles");
        agrees(&hexagon, "hexagon");
        let canonical = |dataset: &Dataset| nquads(dataset, &mut Work::default()).unwrap();
        assert_ne!(canonical(&triangles), canonical(&hexagon));
    }
}
