//! How people come by a session: an invitation, a password, and signing in with it; and how they come to belong to an
//! association.

pub mod password;

pub mod invitation;
pub mod session;

pub mod joining;
