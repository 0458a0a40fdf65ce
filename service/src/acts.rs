//! What every face must agree on about acts: whom one concerns, and who may see it.

use chrono::{DateTime, Utc};
use ledger::{ActNumber, AssociationNumber, leaf::Leaf};
use store::{ActRow, StoreError};
use uuid::Uuid;

use crate::{app::App, caller::Caller, problem::Problem};

/// The associations that an act concerns.
pub fn concerned(leaf: &Leaf<'_>) -> Vec<AssociationNumber> {
    let mut numbers: Vec<i64> = leaf.postings.iter().map(|posting| posting.account).filter(|one| *one > 0).collect();
    if let Some(exchange) = &leaf.exchange {
        numbers.extend([exchange.giver, exchange.receiver]);
    }
    if let Some(member) = &leaf.member {
        numbers.push(member.number);
    }
    numbers.extend(leaf.contributions.iter().map(|contribution| contribution.association));
    numbers.extend(leaf.role.as_ref().and_then(|role| role.association));
    numbers.sort_unstable();
    numbers.dedup();
    numbers.into_iter().map(AssociationNumber).collect()
}

/// An act's sealed text, read.
///
/// # Errors
/// When it cannot be read.
pub fn leaf(row: &ActRow) -> Result<Leaf<'_>, StoreError> {
    Leaf::parse(&row.leaf).map_err(|_| impossible(row, "leaf"))
}

/// When an act was recorded.
///
/// # Errors
/// When that is no instant.
pub fn recorded_at(row: &ActRow) -> Result<DateTime<Utc>, StoreError> {
    DateTime::from_timestamp_micros(row.recorded_at).ok_or_else(|| impossible(row, "recorded_at"))
}

/// What is said of an act's row that cannot be true.
pub fn impossible(row: &ActRow, column: &str) -> StoreError {
    StoreError::ImpossibleRow { table: "act", id: row.number.to_string(), problem: column.to_owned() }
}

/// The act of that name, if it concerns the caller.
///
/// # Errors
/// When there is none, it is others', or the database does not answer.
pub async fn find(app: &App, caller: &Caller, name: Uuid) -> Result<ActRow, Problem> {
    let number = caller.known.ids.number(name).map(ActNumber).ok_or_else(Problem::not_found)?;
    let row = app.store.acts_from(caller.known.id, number, 1).await?.pop();
    let row = row.filter(|row| row.number == number.0).ok_or_else(Problem::not_found)?;
    let concerned = concerned(&leaf(&row)?);
    caller.check_concerns_one_of(&concerned)?;
    Ok(row)
}
