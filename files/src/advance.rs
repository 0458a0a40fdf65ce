//! How far long work has got.

/// So many of so many are done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Advance {
    /// How many are done.
    pub done: usize,
    /// How many there are.
    pub all: usize,
}

/// Whoever wants to know how far long work has got; asked to be quick about it.
pub type OnAdvance<'a> = &'a (dyn Fn(Advance) + Sync);
