//! How people come by a session: an invitation, a password, and signing in with it.

pub mod password;

pub mod invitation;
pub mod session;
