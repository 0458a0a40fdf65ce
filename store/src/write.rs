//! The write path, in the order of a batch's life.
//!
//! A batch is decided in memory and written in one transaction. What it is decided on is what the last batch left there,
//! mostly without a lock and without reading. Each batch builds on a root of the log: what writes it does so only where
//! the log still has that root, which says that what was in memory is what is in the database. So is an idempotency key
//! that nobody has seen left to the table's own index. Since only the root counts, a batch may be decided before the one
//! that it builds on is written.
//!
//! What the database turns back is decided again the careful way: lock the network's head row, read, decide, write,
//! commit; what is read after the lock cannot change before the commit. That is also how a process begins.
//!
//! ```text
//!                          a batch leaves the queue
//!                                     │
//!         memory is warm, nothing in it is solitary, no careful batches are left?
//!                   │ yes                                        │ no
//!                   ▼                                            │
//!           decided AHEAD ─────── fails: memory is let go ──────►│
//!                   │                                            │
//!     everyday, no repeats, small enough                         │
//!     for one transaction of its own?                            │
//!           │ yes            │ no                                ▼
//!           ▼                ▼                       UNDER THE LOCK: lock the head,
//!     written ALONE    locks the head,               read what memory lacks, decide,
//!     where the root   writes where the              write, commit
//!     is still there   root is still there               │          ▲        │
//!           │                │                           │          │        │ a passing fault: again,
//!           │                ├── another root, or a key  │          │◄───────┤ a bounded number of times
//!           ├────────────────┤   used before: memory is  │          │        │
//!           │                │   let go, and so many ────│──────────┤        │ another fault: each work
//!           │                │   batches are careful     │          │◄───────┘ as a batch by itself, so that
//!           │                ├── a fault ────────────────│──────────┘          only the culprit fails
//!           ▼                ▼                           ▼
//!                       committed, and everybody is answered
//! ```
//!
//! While an everyday batch is written, whether it was decided ahead or under the lock, the next one is decided ahead,
//! where enough wait for it. It goes the way of all that is decided ahead when its turn comes; if the one before it
//! fails, it is put back and decided anew.
//!
//! A request that the rules forbid is answered with its rejection and changes nothing for the others. What a decision
//! needs and nobody loaded fails its request, and nothing is posted.

#![cfg_attr(not(test), warn(clippy::as_conversions, clippy::float_arithmetic, clippy::wildcard_enum_match_arm))]

pub(crate) mod asking;
pub(crate) mod queue;
pub(crate) mod memory;
pub(crate) mod load;
pub(crate) mod decide;
pub(crate) mod members;
pub(crate) mod sealing;
pub(crate) mod rows;
pub(crate) mod commit;
pub(crate) mod writer;
pub(crate) mod found;
