//! Letters about what happened: which are due, what they say, and what their links do.
//!
//! [`run`] reads the acts as webhooks are told of them: from a place of its own in each network, under a lease, written down
//! together with the letters that they make due. So nothing is left out, nothing is told that did not happen, and a letter
//! leaves twice only where the process ended between its leaving and the note of it; then it bears the same Message-ID.
//! What a letter says is found out as it leaves: what was answered meanwhile is not asked any more. Without mail nothing
//! runs, and [`unreached`] has what somebody should be told on paper or by telephone.
//!
//! | letter | to whom |
//! | --- | --- |
//! | a proposal, an amendment, a correction asked for | the delegates and administrators who have to answer, with a link |
//! | a confirmation, dissent, withdrawal, decision, reversal | those of the sides that did not say so themselves |
//! | a confirmation by a link | those of the side that answered too, with a link to say that it was not them |
//! | dissent | mediators of neither side |
//! | a reminder after 7, 21 and 45 days | those who have to answer |
//! | several of these at once, about one association | one letter, which names them all |
//! | a role | whoever is given it by somebody else, with the way in |
//! | a digest | whoever chose one, over all memberships |

mod sentences;
mod occasion;
pub mod recipient;
pub mod role;
pub mod action_link;
pub mod unsubscribing;
mod letters;
pub mod unreached;
mod digest;
mod due;
mod gathering;
mod turns;

pub use turns::{run, see_to_all};
