//! The sealed log: an RFC 6962 Merkle tree over a network's acts. What lies above the leaves' own hashes is kept in
//! tiles of 256.
//!
//! Leaf *n* is the hash of act *n*. Changing, removing or inserting an act changes the root; a root that outsiders
//! have noted can be shown to contain an act (inclusion) and to be a beginning of any later root (consistency).
//! Every proof is a list of subtree hashes, and every subtree hash is computed from one tile or a few.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use sha2::{Digest as _, Sha256};

use crate::Digest;

/// How many hashes a full tile holds, as in C2SP tlog-tiles.
pub const TILE_WIDTH: usize = 256;

/// Which tile of its level a hash stands in.
const fn tile_index(hash: u64) -> u64 {
    hash / 256
}

/// Its place in that tile; so many hashes the last tile of a level has that is not full.
const fn place_in_tile(hash: u64) -> u64 {
    hash % 256
}

/// 2 to the power of a level, which is less than 64.
const fn leaves_under(level: u32) -> u64 {
    1_u64.wrapping_shl(level)
}

/// The hash of a leaf: SHA-256(0x00 ‖ data), RFC 6962, section 2.1.
pub fn leaf_hash(data: &[u8]) -> Digest {
    Digest(Sha256::new().chain_update([0]).chain_update(data).finalize().into())
}

/// The hash of a node: SHA-256(0x01 ‖ left ‖ right), RFC 6962, section 2.1.
pub fn node_hash(left: Digest, right: Digest) -> Digest {
    Digest(Sha256::new().chain_update([1]).chain_update(left.0).chain_update(right.0).finalize().into())
}

/// The root of the tree over these leaf hashes. The empty tree's is SHA-256 of nothing.
pub fn root_of(leaves: &[Digest]) -> Digest {
    let Some(largest) = leaves.len().checked_ilog2() else { return Digest(Sha256::digest([]).into()) };
    // The logarithm of a length is below the width of one.
    let (perfect, rest) = leaves.split_at(1_usize.wrapping_shl(largest));
    let left = perfect_root(perfect);
    if rest.is_empty() { left } else { node_hash(left, root_of(rest)) }
}

fn perfect_root(hashes: &[Digest]) -> Digest {
    if let [one] = hashes {
        return *one;
    }
    let (left, right) = hashes.split_at(hashes.len() / 2);
    node_hash(perfect_root(left), perfect_root(right))
}

/// A tile's place: its level, 0 at the leaves, and its index in that level.
pub type TilePlace = (u8, u64);

/// How many hashes a tile has in a tree of that size.
pub fn width_in(size: u64, (level, index): TilePlace) -> usize {
    let hashes = size.checked_shr(u32::from(level).saturating_mul(8)).unwrap_or_default();
    let of_tile = hashes.saturating_sub(index.saturating_mul(256)).min(256);
    usize::try_from(of_tile).unwrap_or(TILE_WIDTH)
}

/// The tree's right edge: all that is needed to append to it and to tell its root.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Edge {
    size: u64,
    /// The last tile of each level, if it is not full.
    partial: Vec<PartialTile>,
    /// Tiles above the leaves that were filled since the changed ones were last taken, and of how many levels the last
    /// one has changed.
    filled: BTreeMap<TilePlace, Vec<Digest>>,
    touched: usize,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct PartialTile {
    hashes: Vec<Digest>,
    /// The roots of the perfect subtrees that they make, largest first.
    roots: Vec<Digest>,
}

impl PartialTile {
    fn push(&mut self, mut hash: Digest) {
        self.hashes.push(hash);
        for _ in 0..self.hashes.len().trailing_zeros() {
            hash = self.roots.pop().map_or(hash, |left| node_hash(left, hash));
        }
        self.roots.push(hash);
    }
}

impl Edge {
    /// The places of the tiles that are not full in a tree of that size.
    pub fn places(size: u64) -> Vec<TilePlace> {
        let mut places = Vec::new();
        let mut count = size;
        for level in 0.. {
            if count == 0 {
                break;
            }
            if place_in_tile(count) > 0 {
                places.push((level, tile_index(count)));
            }
            count = tile_index(count);
        }
        places
    }

    /// Puts an edge together from the tiles at [`Edge::places`]; `None` when one is missing or has another width.
    pub fn new(size: u64, tiles: &BTreeMap<TilePlace, Vec<Digest>>) -> Option<Self> {
        let mut edge = Self { size, ..Self::default() };
        let mut count = size;
        for level in 0.. {
            if count == 0 {
                break;
            }
            let width = usize::try_from(place_in_tile(count)).ok()?;
            let mut tile = PartialTile::default();
            if width > 0 {
                let hashes = tiles.get(&(level, tile_index(count))).filter(|hashes| hashes.len() == width)?;
                for hash in hashes {
                    tile.push(*hash);
                }
            }
            edge.partial.push(tile);
            count = tile_index(count);
        }
        Some(edge)
    }

    /// How many leaves the tree has.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Appends a leaf.
    pub fn append(&mut self, leaf: Digest) {
        // No log ever has 2⁶⁴ leaves, and none of them has nine levels.
        self.size = self.size.wrapping_add(1);
        let (mut level, mut hash, mut count) = (0_u8, leaf, self.size);
        loop {
            let place = usize::from(level);
            if self.partial.len() == place {
                self.partial.push(PartialTile::default());
            }
            level = level.wrapping_add(1);
            self.touched = self.touched.max(usize::from(level));
            let tile = &mut self.partial[place];
            tile.push(hash);
            if tile.hashes.len() < TILE_WIDTH {
                break;
            }
            let PartialTile { hashes, roots } = std::mem::take(tile);
            // A full tile is one perfect subtree.
            hash = roots[0];
            count = tile_index(count);
            if place > 0 {
                self.filled.insert((level.wrapping_sub(1), count.wrapping_sub(1)), hashes);
            }
        }
    }

    /// The tree's root.
    pub fn root(&self) -> Digest {
        let subtrees = self.partial.iter().flat_map(|tile| tile.roots.iter().rev()).copied();
        subtrees.reduce(|right, left| node_hash(left, right)).unwrap_or_else(|| root_of(&[]))
    }

    /// The tiles above the leaves that are to be written: those filled since the last time, and what has changed of the
    /// right edge. Hashes of leaves stand beside the leaves.
    pub fn take_changed(&mut self) -> BTreeMap<TilePlace, Vec<Digest>> {
        let mut changed = std::mem::take(&mut self.filled);
        let touched = std::mem::take(&mut self.touched);
        for (level, index) in Self::places(self.size) {
            if level > 0 && usize::from(level) < touched {
                changed.insert((level, index), self.partial[usize::from(level)].hashes.clone());
            }
        }
        changed
    }
}

/// The subtrees whose hashes prove that leaf `index` is in the tree of that size, in the order of RFC 6962, 2.1.1.
pub fn inclusion_path(index: u64, size: u64) -> Vec<Range<u64>> {
    let (mut low, mut high) = (0, size);
    let mut path = Vec::new();
    while let Some(middle) = middle(low, high) {
        if index < middle {
            path.push(middle..high);
            high = middle;
        } else {
            path.push(low..middle);
            low = middle;
        }
    }
    path.reverse();
    path
}

/// The subtrees whose hashes prove that the tree of size `old` is the beginning of the one of size `new`, in the
/// order of RFC 6962, 2.1.2. Empty when the two are equal or the old one is empty.
pub fn consistency_path(old: u64, new: u64) -> Vec<Range<u64>> {
    if old == 0 || old == new {
        return Vec::new();
    }
    let (mut low, mut high) = (0, new);
    let mut path = Vec::new();
    while high != old {
        // Only what is no part of the new tree is never reached.
        let Some(middle) = middle(low, high) else { return Vec::new() };
        if old <= middle {
            path.push(middle..high);
            high = middle;
        } else {
            path.push(low..middle);
            low = middle;
        }
    }
    // The old tree itself is known to whoever checks, and needs no hash when it is one whole subtree from the start.
    if low != 0 {
        path.push(low..high);
    }
    path.reverse();
    path
}

/// Where a tree over a range of leaves is split in two: after the largest power of two smaller than their number.
/// `None` for a single leaf, or none.
fn middle(low: u64, high: u64) -> Option<u64> {
    let all_but_one = high.checked_sub(low)?.checked_sub(1)?;
    low.checked_add(leaves_under(all_but_one.checked_ilog2()?))
}

/// The perfect subtrees that make up a range of leaves: level and index of each, from the left.
fn perfect_subtrees(range: &Range<u64>) -> Vec<(u32, u64)> {
    let mut subtrees = Vec::new();
    let mut low = range.start;
    while low < range.end {
        let level = range.end.wrapping_sub(low).ilog2();
        subtrees.push((level, low.wrapping_shr(level)));
        low = low.wrapping_add(leaves_under(level));
    }
    subtrees
}

/// The tiles from which the hashes of these subtrees can be computed.
pub fn tiles_of(path: &[Range<u64>]) -> BTreeSet<TilePlace> {
    let subtrees = path.iter().flat_map(perfect_subtrees);
    subtrees.map(|(level, index)| tile_of(level, index).0).collect()
}

/// The tile that holds a perfect subtree, and where in the tile its hashes stand.
fn tile_of(level: u32, index: u64) -> (TilePlace, Range<usize>) {
    // A tile is eight levels high.
    let inner = level % 8;
    let first = index.wrapping_shl(inner);
    // What no memory has room for is in no tile.
    let offset = usize::try_from(place_in_tile(first)).unwrap_or(usize::MAX);
    let place = (u8::try_from(level / 8).unwrap_or(u8::MAX), tile_index(first));
    (place, offset..offset.saturating_add(1_usize.wrapping_shl(inner)))
}

/// The hashes of these subtrees: the proof itself. `None` when a tile is missing or too short.
pub fn proof(path: &[Range<u64>], tiles: &BTreeMap<TilePlace, Vec<Digest>>) -> Option<Vec<Digest>> {
    let subtree = |(level, index)| {
        let (place, hashes) = tile_of(level, index);
        tiles.get(&place)?.get(hashes).map(perfect_root)
    };
    let range = |range: &Range<u64>| {
        let mut joined = None;
        for hash in perfect_subtrees(range).into_iter().rev().map(subtree) {
            let hash = hash?;
            joined = Some(joined.map_or(hash, |right| node_hash(hash, right)));
        }
        joined
    };
    path.iter().map(range).collect()
}

/// Whether the proof shows that leaf `index` is in the tree of that size and root (RFC 9162, section 2.1.3.2).
pub fn includes(root: Digest, size: u64, index: u64, leaf: Digest, proof: &[Digest]) -> bool {
    if index >= size || proof.len() != inclusion_path(index, size).len() {
        return false;
    }
    let mut hash = leaf;
    for (range, sibling) in inclusion_path(index, size).iter().zip(proof) {
        hash = if range.start > index { node_hash(hash, *sibling) } else { node_hash(*sibling, hash) };
    }
    hash == root
}

/// Whether the proof shows that the tree of size and root `old` is the beginning of `new` (RFC 9162, 2.1.4.2).
pub fn extends(old: (u64, Digest), new: (u64, Digest), proof: &[Digest]) -> bool {
    let ((old_size, old_root), (new_size, new_root)) = (old, new);
    if old_size > new_size {
        return false;
    }
    if old_size == 0 || old_size == new_size {
        return proof.is_empty() && (old_size == 0 || old_root == new_root);
    }
    let path = consistency_path(old_size, new_size);
    if path.len() != proof.len() {
        return false;
    }
    // The first hash is the old tree's rightmost whole subtree: the old root itself where that is all of it.
    let starts_with_old = path.first().is_some_and(|range| range.start >= old_size);
    let (mut steps, start) = (path.iter().zip(proof), old_root);
    let (mut old_hash, mut new_hash) = if starts_with_old {
        (start, start)
    } else {
        match steps.next() {
            Some((_, hash)) => (*hash, *hash),
            None => return false,
        }
    };
    for (range, hash) in steps {
        if range.start < old_size {
            old_hash = node_hash(*hash, old_hash);
            new_hash = node_hash(*hash, new_hash);
        } else {
            new_hash = node_hash(new_hash, *hash);
        }
    }
    old_hash == old_root && new_hash == new_root
}

#[cfg(test)]
mod tests {
    use tlog_tiles::tlog;

    use super::*;

    fn leaves(size: u64) -> Vec<Digest> {
        (0..size).map(|number| leaf_hash(&number.to_be_bytes())).collect()
    }

    /// All tiles of a tree, and its edge.
    fn grown(size: u64) -> (Edge, BTreeMap<TilePlace, Vec<Digest>>) {
        let mut edge = Edge::default();
        let leaves = leaves(size);
        for leaf in &leaves {
            edge.append(*leaf);
        }
        let mut tiles = edge.take_changed();
        tiles.extend((0..).zip(leaves.chunks(TILE_WIDTH)).map(|(index, hashes)| ((0, index), hashes.to_vec())));
        (edge, tiles)
    }

    /// The same tree in an implementation by others.
    fn others(size: u64) -> Vec<tlog::Hash> {
        let mut stored: Vec<tlog::Hash> = Vec::new();
        for number in 0..size {
            let hashes = tlog::stored_hashes(number, &number.to_be_bytes(), &Stored(&stored)).unwrap();
            stored.extend(hashes);
        }
        stored
    }

    struct Stored<'a>(&'a [tlog::Hash]);
    impl tlog::HashReader for Stored<'_> {
        fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<tlog::Hash>, tlog_tiles::Error> {
            Ok(indexes.iter().map(|index| self.0[usize::try_from(*index).unwrap()]).collect())
        }
    }

    #[test]
    fn roots_and_proofs_agree_with_another_implementation() {
        const MOST: u64 = 600;
        let stored = others(MOST);
        let all = leaves(MOST);
        for size in [1, 2, 3, 5, 8, 255, 256, 257, 300, 511, 512, 513, MOST] {
            let (edge, tiles) = grown(size);
            let root = edge.root();
            assert_eq!(root, root_of(&all[..usize::try_from(size).unwrap()]), "root of {size}");
            assert_eq!(root.0, tlog::tree_hash(size, &Stored(&stored)).unwrap().0, "root of {size}");
            for index in (0..size).step_by(7).chain([size - 1]) {
                let path = inclusion_path(index, size);
                let ours = proof(&path, &tiles).unwrap();
                let theirs = tlog::prove_record(size, index, &Stored(&stored)).unwrap();
                assert_eq!(
                    ours.iter().map(|hash| hash.0).collect::<Vec<_>>(),
                    theirs.iter().map(|hash| hash.0).collect::<Vec<_>>(),
                    "{index} in {size}"
                );
                let leaf = all[usize::try_from(index).unwrap()];
                assert!(includes(root, size, index, leaf, &ours));
                assert!(!includes(root, size, index, leaf_hash(b"another"), &ours));
            }
            for old in (1..=size).step_by(11).chain([size]) {
                let ours = proof(&consistency_path(old, size), &tiles).unwrap();
                let theirs = tlog::prove_tree(size, old, &Stored(&stored)).unwrap();
                assert_eq!(
                    ours.iter().map(|hash| hash.0).collect::<Vec<_>>(),
                    theirs.iter().map(|hash| hash.0).collect::<Vec<_>>(),
                    "{old} to {size}"
                );
                let old_root = grown(old).0.root();
                assert!(extends((old, old_root), (size, root), &ours), "{old} to {size}");
                assert!(!extends((old, root_of(&[])), (size, root), &ours), "{old} to {size}");
            }
        }
    }

    #[test]
    fn an_edge_is_put_together_again_from_its_tiles() {
        for size in [0, 1, 255, 256, 257, 1_000, 70_000] {
            let (edge, tiles) = grown(size);
            let mut again = Edge::new(size, &tiles).unwrap();
            assert_eq!(again.root(), edge.root(), "{size}");
            let mut grown_on = edge;
            grown_on.append(leaf_hash(b"next"));
            again.append(leaf_hash(b"next"));
            assert_eq!(again.root(), grown_on.root());
        }
        assert_eq!(Edge::new(3, &BTreeMap::new()), None);
    }

    #[test]
    fn only_tiles_that_changed_are_written() {
        let mut edge = Edge::default();
        let mut kept = BTreeMap::new();
        for (size, leaf) in (1..).zip(leaves(70_000)) {
            edge.append(leaf);
            let changed = edge.take_changed();
            assert_eq!(changed.len(), usize::from(size % 256 == 0) + usize::from(size == 65_536), "{size}");
            kept.extend(changed);
        }
        let mut above_the_leaves = grown(70_000).1;
        above_the_leaves.retain(|(level, _), _| *level > 0);
        assert_eq!(kept, above_the_leaves);
    }
}
