//! The HTTP service, through a real socket, on both databases.

mod access;
mod bad_input;
mod bounds;
pub(crate) mod events;
mod exchanges;
mod faults;
mod lost;
mod people;
mod recognised;
mod rights;
pub(crate) mod served;
mod settings;
mod story;
mod subjects;
