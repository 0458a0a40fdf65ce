//! The instants between which durations are measured.

use std::time::Instant;

/// The instant from which a duration is measured.
pub fn instant() -> Instant {
    #[expect(
        clippy::disallowed_methods,
        reason = "how long a request takes, and how old a memory is, is measured here"
    )]
    Instant::now()
}
