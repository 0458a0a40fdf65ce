//! Where a page of a list begins.

use ledger::ActNumber;
use service::{
    caller::Caller,
    problem::{Problem, Refusal},
};
use uuid::Uuid;

/// A cursor that no page of this list gave.
pub(crate) fn unreadable() -> Problem {
    Problem::new(Refusal::QueryDoesNotFit(
        "invalid value: no cursor of this list, expected the `next` of a page".to_owned(),
    ))
    .at("cursor")
}

/// The act that a page begins before.
pub(crate) fn act(caller: &Caller, cursor: Option<&str>) -> Result<Option<ActNumber>, Problem> {
    let Some(cursor) = cursor else { return Ok(None) };
    let name = Uuid::try_parse(cursor).map_err(|_| unreadable())?;
    caller.known.ids.number(name).map(|number| Some(ActNumber(number))).ok_or_else(unreadable)
}
