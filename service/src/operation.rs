//! What the app counts, tells and limits while the service runs.

pub mod moment;
pub(crate) mod count;

pub mod logs;
pub mod metrics;
pub mod rate;
pub mod guesses;
