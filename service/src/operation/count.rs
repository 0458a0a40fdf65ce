//! Counts of what there is now, by whose it is.

use std::collections::HashMap;
use std::hash::Hash;

/// One less of that one's; whoever has none is forgotten.
pub(crate) fn one_less<K: Hash + Eq>(counts: &mut HashMap<K, usize>, key: &K) {
    if let Some(count) = counts.get_mut(key) {
        *count -= 1;
        if *count == 0 {
            counts.remove(key);
        }
    }
}
