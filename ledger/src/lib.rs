//! The Coudemain ledger: hours given and received between associations, in double entry, that cannot lose or
//! invent a minute.
//!
//! Read the modules in the order below: values first, then who takes part, what happens, what becomes of a request,
//! and what outsiders can check.

// A minute that overflows, wraps or is rounded away is a minute invented or lost, and a variant that falls under `_` is
// one that nobody has thought of. Tests may count as they like.
#![cfg_attr(
    not(test),
    warn(
        clippy::arithmetic_side_effects,
        clippy::as_conversions,
        clippy::float_arithmetic,
        clippy::wildcard_enum_match_arm
    )
)]

mod text_enum;

pub mod printable;
pub mod clock;
mod id;
mod language;
pub mod trouble;
mod identifier;
mod minutes;
pub mod name;
pub mod log;
pub mod tile;
pub mod keyed;
pub mod generation;

pub mod mandate;
pub mod policy;
pub mod association;
pub mod person;
pub mod skill;

pub mod contribution;
pub mod account;
pub mod evidence;
pub mod exchange;
pub mod key;
pub mod recognition;
pub mod transfer;
pub mod valuation;
pub mod headcount;
pub mod year;

pub mod command;
pub mod act;
pub mod words;
pub mod loaded;
pub mod registry;
mod rejection;
pub mod state;

pub mod touched;

pub mod decide;

pub mod leaf;

pub mod lines;
pub mod reconcile;

pub mod content;
pub mod occasion;
pub mod brought_in;

pub mod json;
pub mod note;

pub mod checkpoint;
pub mod successor;
pub mod witness;

pub mod statement;

pub mod audit;

mod rdf;

pub mod integrity;
pub mod quorum;
pub mod keyring;
pub mod witnessing;
pub mod status_list;

pub mod badge;

pub mod verify;

pub use id::{ActNumber, AssociationNumber, Digest, ExchangeNumber, NetworkId, PersonNumber, SkillNumber};
pub use identifier::{CourtRegister, Identifier, IdentifierError, IdentifierKind, InseeCode, Rna, Siren, Siret};
pub use language::Language;
pub use minutes::{Minutes, MinutesError};
pub use rejection::Rejection;
pub use text_enum::UnknownWord;
pub use words::{Names, account_name};
