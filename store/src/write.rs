//! The write path, in the order of a batch's life.
//!
//! A network has a desk while somebody asks for it: a queue, what is in memory of it, and a task that works off the one
//! with the other. Desks know nothing of each other. They share the room in which requests wait, of which none takes
//! all, and the database's connections, for which they wait in turn: one on SQLite, a bounded number on PostgreSQL, where
//! a batch that waits for its network's locked head holds up one of them and nobody else. A desk at which nobody has
//! asked for a while ([`network_writer::WriterOptions::idle_most`]) is closed by its task, and its memory is let go; the
//! next one who asks opens it again, and its first batch goes the careful way.
//!
//! ```text
//!     submit ──► room? ──► desk of network 1: queue ──► batch ──┐
//!                  │       desk of network 2: queue ──► batch ──┼──► a connection, in turn ──► the database
//!                  │       …                                    │
//!                  └─ no: Busy                                  └──► none asks any more: closed
//! ```
//!
//! A batch is decided in memory and written in one transaction. What it is decided on is what the last batch left there,
//! mostly without a lock and without reading. Each batch builds on a root of the log: what writes it does so only where
//! the log still has that root, which says that what was in memory is what is in the database. So is an idempotency key
//! that nobody has seen left to the table's own index. Since only the root counts, a batch may be decided before the one
//! that it builds on is written.
//!
//! What the database turns back is decided again the careful way: lock the network's head row, read, decide, write,
//! commit; what is read after the lock cannot change before the commit. That is also how a desk begins.
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
//! A group too large to stand in memory with all that becomes of it has a batch to itself, under the lock, and is decided
//! and written in pieces ([`pieces`]).
//!
//! While an everyday batch is written, whether it was decided ahead or under the lock, the next one is decided ahead,
//! where enough wait for it. It goes the way of all that is decided ahead when its turn comes; if the one before it
//! fails, it is put back and decided anew.
//!
//! A request that the rules forbid is answered with its rejection and changes nothing for the others. What a decision
//! needs and nobody loaded fails its request, and nothing is posted.

pub(crate) mod asking;
pub(crate) mod room;
pub(crate) mod queue;
pub(crate) mod desks;
pub(crate) mod memory;
pub(crate) mod load;
pub(crate) mod believing;
pub(crate) mod decide;
pub(crate) mod access;
pub(crate) mod members;
pub(crate) mod sealing;
pub(crate) mod rows;
pub(crate) mod commit;
pub(crate) mod pieces;
pub(crate) mod network_writer;
pub(crate) mod writer;
pub(crate) mod found;
