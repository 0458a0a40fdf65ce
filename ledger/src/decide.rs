//! Decides what becomes of a request: `(state, request) → act`, or why not.
//!
//! Everything is checked before anything changes. The checks form a ladder, climbed in the order of [`crate::Rejection`]:
//! the key, who asks, what it is about, the limits. Past the last rung nothing can fail. Neither a database nor a
//! clock nor chance is asked: what they would say is an argument.
//!
//! What was not loaded is never taken for absent: a decision that needed it is none, and
//! [`crate::loaded::NotLoaded`] says what it was.

mod answer;
mod limits;

mod judge;

mod engagement;
mod exchanges;
mod members;
mod movements;
mod proofs;

mod one;
mod group;
#[cfg(test)]
mod tests;

pub use answer::{Decision, LimitsMet, Rehearsal, RejectedRequest};
pub use group::{GroupSum, Tally, decide_group};
pub use one::{Outside, decide};
