//! The write path, in the order of a batch's life.

pub(crate) mod queue;
pub(crate) mod load;
pub(crate) mod decide;
pub(crate) mod sealing;
pub(crate) mod rows;
pub(crate) mod writer;
