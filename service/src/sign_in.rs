//! How people come by a session: an invitation and a password, a mail, a paper card, a link on the terminal, a door of the
//! demo's; what becomes of the sessions; and how people come to belong to an association.

pub mod address;
pub mod letters;
pub mod password;

mod reach;

pub mod invitation;

pub mod device;
pub mod session;

pub mod coming;
pub mod by_mail;
pub mod card;

mod newcomer;

pub mod first_coordinator;
pub mod demo;

pub mod joining;
pub mod application;
pub mod sign_up;
