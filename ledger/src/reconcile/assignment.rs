//! The cheapest way to give each line at most one exchange, and each exchange to at most one line.
//!
//! Lines are added one after the other; each takes the shortest augmenting path (Dijkstra over reduced costs), which
//! keeps the pairing of all lines so far the cheapest there is. Leaving a line alone has a price, so a path never
//! goes further than that price: in a notebook of a hundred thousand lines each search stays among a few neighbours.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

/// A line that wants an exchange.
#[derive(Debug, Clone, Default)]
pub(super) struct Wish {
    /// The price of leaving it alone.
    pub(super) alone: i64,
    /// The exchanges it could have, and the cost of each, not negative.
    pub(super) edges: Vec<(u32, i64)>,
}

/// For each wish, the exchange that it gets.
pub(super) fn assign(wishes: &[Wish]) -> Vec<Option<u32>> {
    let mut search = Search {
        wishes,
        exchange_of: vec![None; wishes.len()],
        wish_of: HashMap::new(),
        wish_price: vec![0; wishes.len()],
        exchange_price: HashMap::new(),
    };
    for wish in 0..wishes.len() {
        search.add(wish);
    }
    search.exchange_of
}

struct Search<'a> {
    wishes: &'a [Wish],
    exchange_of: Vec<Option<u32>>,
    wish_of: HashMap<u32, usize>,
    /// Dual prices: no edge costs less than the prices at its two ends.
    wish_price: Vec<i64>,
    exchange_price: HashMap<u32, i64>,
}

/// Where a path can go next: to an exchange, or to leaving a wish alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stop {
    Alone(usize),
    Exchange(u32),
}

impl Search<'_> {
    fn add(&mut self, first: usize) {
        let mut open: BinaryHeap<Reverse<(i64, Stop)>> = BinaryHeap::new();
        // The least distance of each exchange so far, and the wish it is reached from.
        let mut reached: HashMap<u32, (i64, usize)> = HashMap::new();
        let mut closed: HashMap<u32, i64> = HashMap::new();
        let mut visited: Vec<(usize, i64)> = vec![(first, 0)];
        self.look_from(first, 0, &mut open, &mut reached);
        let (end, length) = loop {
            let Some(Reverse((distance, stop))) = open.pop() else { return };
            let exchange = match stop {
                Stop::Alone(_) => break (stop, distance),
                Stop::Exchange(exchange) => exchange,
            };
            if reached.get(&exchange).is_none_or(|(least, _)| *least < distance) {
                continue;
            }
            let Some(&holder) = self.wish_of.get(&exchange) else { break (stop, distance) };
            if closed.insert(exchange, distance).is_some() {
                continue;
            }
            visited.push((holder, distance));
            self.look_from(holder, distance, &mut open, &mut reached);
        };
        for (wish, distance) in visited {
            let price = &mut self.wish_price[wish];
            *price = price.saturating_add(length.saturating_sub(distance));
        }
        for (exchange, distance) in closed {
            let price = self.exchange_price.entry(exchange).or_default();
            *price = price.saturating_sub(length.saturating_sub(distance));
        }
        self.augment(first, end, &reached);
    }

    fn look_from(
        &self,
        wish: usize,
        distance: i64,
        open: &mut BinaryHeap<Reverse<(i64, Stop)>>,
        reached: &mut HashMap<u32, (i64, usize)>,
    ) {
        let Wish { alone, edges } = &self.wishes[wish];
        let base = distance.saturating_sub(self.wish_price[wish]);
        open.push(Reverse((base.saturating_add(*alone), Stop::Alone(wish))));
        for (exchange, cost) in edges {
            if self.exchange_of[wish] == Some(*exchange) {
                continue;
            }
            // An exchange that nobody has wanted yet has no price.
            let price = self.exchange_price.get(exchange).copied().unwrap_or(0);
            let there = base.saturating_add(*cost).saturating_sub(price);
            let is_nearer = reached.get(exchange).is_none_or(|(least, _)| there < *least);
            if is_nearer {
                reached.insert(*exchange, (there, wish));
                open.push(Reverse((there, Stop::Exchange(*exchange))));
            }
        }
    }

    /// Hands the exchanges along the path over, from its end back to the first wish.
    fn augment(&mut self, first: usize, end: Stop, reached: &HashMap<u32, (i64, usize)>) {
        let mut handed = match end {
            Stop::Exchange(exchange) => Some(exchange),
            Stop::Alone(wish) => {
                let freed = self.exchange_of[wish].take();
                if wish == first {
                    return;
                }
                freed
            }
        };
        while let Some(exchange) = handed {
            let Some((_, wish)) = reached.get(&exchange) else { return };
            handed = self.exchange_of[*wish].replace(exchange);
            self.wish_of.insert(exchange, *wish);
            if *wish == first {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn price(wishes: &[Wish], given: &[Option<u32>]) -> i64 {
        let cost = |wish: &Wish, exchange: Option<u32>| match exchange {
            None => wish.alone,
            Some(exchange) => wish.edges.iter().find(|(to, _)| *to == exchange).map(|(_, cost)| *cost).unwrap(),
        };
        wishes.iter().zip(given).map(|(wish, given)| cost(wish, *given)).sum()
    }

    /// The least price, by trying everything.
    fn least(wishes: &[Wish], taken: &mut Vec<u32>) -> i64 {
        let Some((wish, rest)) = wishes.split_first() else { return 0 };
        let mut best = wish.alone + least(rest, taken);
        for (exchange, cost) in &wish.edges {
            if !taken.contains(exchange) {
                taken.push(*exchange);
                best = best.min(cost + least(rest, taken));
                taken.pop();
            }
        }
        best
    }

    proptest! {
        #[test]
        fn nothing_is_cheaper(
            wishes in prop::collection::vec(
                (0_i64..60, prop::collection::btree_map(0_u32..6, 0_i64..50, 0..5)), 0..7)
        ) {
            let wishes: Vec<_> = wishes
                .into_iter()
                .map(|(alone, edges)| Wish { alone, edges: edges.into_iter().collect() })
                .collect();
            let given = assign(&wishes);
            let mut taken: Vec<_> = given.iter().flatten().collect();
            taken.sort_unstable();
            taken.dedup();
            prop_assert_eq!(taken.len(), given.iter().flatten().count());
            prop_assert_eq!(price(&wishes, &given), least(&wishes, &mut Vec::new()));
        }
    }

    #[test]
    fn a_chain_of_a_hundred_thousand_is_no_matter() {
        // Every line would like its left neighbour's exchange a little better; that one line goes without is cheaper
        // than that all the others do without theirs.
        let wishes: Vec<_> = (0..100_000_u32)
            .map(|at| Wish { alone: 400, edges: vec![(at.saturating_sub(1), 100), (at, 101)] })
            .collect();
        let given = assign(&wishes);
        assert_eq!(given.iter().flatten().count(), 99_999);
    }
}
