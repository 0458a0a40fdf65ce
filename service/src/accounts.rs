//! An association's hours for its annual accounts, as the association itself reads them.
//!
//! What they come to is computed in `files`, where the command has it from, too; what its volunteers gave elsewhere is
//! left out, since it concerns others.

use chrono::{Datelike as _, NaiveDate};
use files::{
    error::FileError,
    export::valuation::{Accounts, Basis, Whose},
    remedy::Remedy,
};
use ledger::{AssociationNumber, Language, valuation::Rates, year::Year};

use crate::{app::App, caller::Caller, opened, problem::Problem};

/// What an association wants to know of its hours.
#[derive(Debug)]
pub struct Wish {
    /// The first and the last service date.
    pub days: (NaiveDate, NaiveDate),
    /// What an hour is worth; none for hours alone.
    pub rates: Rates,
    /// Whether time in governing bodies is valued, too.
    pub with_governance: bool,
}

/// Why nothing was told.
#[derive(Debug)]
pub enum NotTold {
    /// The rate is such that the euros are beyond what is counted.
    TooMuch,
    /// Something that is told as everywhere.
    Problem(Problem),
}

impl From<Problem> for NotTold {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

/// The hours of an association, for itself.
///
/// # Errors
/// When they cannot be added up, or the database does not answer.
pub async fn read(
    app: &App,
    caller: &Caller,
    own: AssociationNumber,
    wish: Wish,
    language: Language,
) -> Result<Accounts, NotTold> {
    let network = opened::network(app, caller, language, no_remedy).await?;
    let Wish { days, rates, with_governance } = wish;
    let basis = Basis { days, whose: Whose::Own(own), rates, with_governance };
    Accounts::read(&network, &basis).await.map_err(|error| match error {
        FileError::TooManyHours => NotTold::TooMuch,
        error => NotTold::Problem(opened::fault_of(&error)),
    })
}

/// Nothing is asked that something else would help against.
const fn no_remedy(_: Remedy, _: Language) -> &'static str {
    ""
}

/// The years in which an association gave time, the newest first; so many at most.
///
/// # Errors
/// When the database does not answer.
pub async fn years(app: &App, caller: &Caller, own: AssociationNumber, most: usize) -> Result<Vec<Year>, Problem> {
    let days = app.store.days_of_work(caller.known.id, own).await?;
    let years = days.map(|(first, last)| (first.year()..=last.year()).rev().take(most).map(Year).collect());
    Ok(years.unwrap_or_default())
}
