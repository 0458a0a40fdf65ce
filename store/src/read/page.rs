//! How long lists are read: newest first, a page at a time, by key.

/// A page of a list that is read newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page<Key> {
    /// Only what is older than this; from the newest on where there is none.
    pub before: Option<Key>,
    /// So many at most.
    pub most: u32,
}

impl<Key> Default for Page<Key> {
    /// Nothing at all.
    fn default() -> Self {
        Self::newest(0)
    }
}

impl<Key> Page<Key> {
    /// From the newest on.
    pub const fn newest(most: u32) -> Self {
        Self { before: None, most }
    }
}

impl<Key: Copy> Page<Key> {
    /// The number before which the page begins, as a statement compares it.
    pub(crate) fn before_number(self, number: fn(Key) -> i64) -> i64 {
        self.before.map_or(i64::MAX, number)
    }
}
