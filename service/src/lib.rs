//! What every request shares, whichever face it comes to.
//!
//! A face hands its routes in ([`route::Face`]) and never looks at another's. A request passes [`layers`], then the
//! [`guard`] of its route, which finds out who calls ([`caller::Caller`]); its handler asks the ledger's one writer
//! ([`writing`]) or reads the store. What two faces must agree on stands here, one file a subject.

pub mod language;
pub mod words;
pub mod dates;
pub mod source;
pub mod operation;
pub mod calling;
pub mod id;

pub mod misfit;

mod rejection;

pub mod refusal;

pub mod problem;

pub mod mail;

pub mod config;
pub mod directory;
pub mod former;
pub mod standings;
mod credential_key;
pub mod status_lists;

pub mod acting;
pub mod rule;
pub mod secret;
pub mod token;

pub mod caller;
pub mod choice;

pub mod asked;
pub mod bodies;
pub mod seats;

pub mod app;
pub mod sent;
pub mod deposit;
pub mod writing;
pub mod opened;
pub mod place;

pub mod acts;
pub mod exchanges;
pub mod members;
pub mod persons;
pub mod rules;
pub mod transfers;
pub mod morning;
pub mod waiting;
pub mod badges;
pub mod recognitions;
pub mod notebook;
pub mod received;
pub mod accounts;
pub mod statements;

pub mod connections;
pub mod doors;
pub mod guard;
pub mod route;

pub mod sign_in;

pub mod events;
pub mod mailer;
pub mod clock;
pub mod health;
pub mod witnesses;
pub mod signing;
pub mod settling;
pub mod forgetting;

pub mod layers;

mod open_files;
mod socket;

pub mod server;

pub use app::App;
pub use config::{Config, Origins};
pub use place::Place;
pub use route::Face;
pub use rule::{Content, Part, Rule, Scope};
pub use secret::Secret;
pub use server::Server;
