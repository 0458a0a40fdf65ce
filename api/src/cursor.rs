//! Where a page of a list begins.

use ledger::ActNumber;
use service::{
    caller::Caller,
    misfit::{Fits, Found, Misfit},
    problem::{Problem, Refusal},
};
use uuid::Uuid;

/// A cursor that no page of this list gave.
pub(crate) fn unreadable() -> Problem {
    let why = Misfit::Value { found: Found::NoCursor, fits: Some(Fits::Cursor) };
    Problem::new(Refusal::QueryDoesNotFit(why)).at("cursor")
}

/// The act that a page begins before.
pub(crate) fn act(caller: &Caller, cursor: Option<&str>) -> Result<Option<ActNumber>, Problem> {
    let Some(cursor) = cursor else { return Ok(None) };
    let name = Uuid::try_parse(cursor).map_err(|_| unreadable())?;
    let number = caller.ids().number(name);
    let number = number.map_err(|unnamed| Problem::of_unnamed(unnamed, unreadable).at("cursor"))?;
    Ok(Some(ActNumber(number)))
}
