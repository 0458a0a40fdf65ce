//! Those who are not in yet: associations that ask to join, people who follow an association's link; and who answers them.

mod asker;

pub(crate) mod applications;
pub(crate) mod apply;
pub(crate) mod links;
pub(crate) mod sign_up;
pub(crate) mod own_yes;
pub(crate) mod waiting;
