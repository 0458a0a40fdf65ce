//! Persons as the coordinator keeps them: found by name or code, one with their roles and associations, and a new one.

mod one;

mod list;

pub(crate) use list::{add, show as list};
pub(crate) use one::{show as one, take as step};
