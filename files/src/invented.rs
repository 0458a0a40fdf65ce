//! Invents a network and a year of help between its associations, to look around in.
//!
//! The same seed always invents the same year. Everything here is made up: the towns are on no map, the INSEE codes
//! and identifiers have the right form but have not been given to anyone.

mod year;
mod words;
mod draw;

pub use draw::invent;
pub use words::{Gender, may_be_called};
pub use year::{Invented, InventedAssociation, InventedContribution, InventedExchange, InventedPerson};
