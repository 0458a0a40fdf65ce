//! What the association's validator of the citizen-engagement account looks for: the hours of each volunteer who sat on a
//! governing body or led others, in a calendar year and in this association alone.
//!
//! The names are those that the association's people read beside its hours already; what somebody gives elsewhere
//! concerns them and those others.

use askama::Template;
use axum::extract::State;
use files::export::valuation::Accounts;
use ledger::{
    valuation::{CEC_IN_ALL, CEC_IN_ONE, CecLine},
    year::Year,
};
use service::{App, caller::Caller, opened, problem::Problem};

use super::{figures::hours_alone, period::Period};
use crate::{
    answer::{Answer, page, to_keep},
    form::{Filled, Misfits},
    frame::{Asking, Frame},
    home::own,
};

/// A volunteer.
#[derive(Debug)]
struct Engaged {
    name: String,
    hours: String,
    /// How far that goes.
    about: String,
}

#[derive(Template)]
#[template(path = "engagement.html")]
struct Engagement {
    frame: Frame,
    period: Period,
    year: Year,
    /// The year after it.
    next: String,
    engaged: Vec<Engaged>,
    /// Where the file is.
    file: String,
}

async fn read(app: &App, caller: &Caller, asking: &Asking) -> Result<(Frame, Period, Year, Accounts), Problem> {
    let own = own(caller)?;
    let frame = Frame::around(app, caller, asking).await?;
    let mut filled = Filled::in_address(asking);
    // It goes by calendar year, whatever else an address says.
    filled.set("from", "");
    filled.set("to", "");
    let at = (&frame, "/accounts/engagement");
    let period = Period::read(app, caller, own, at, &filled, &mut Misfits::default()).await?;
    let year = period.year().unwrap_or(Year::of(frame.today));
    let days = year.days().ok_or_else(Problem::not_found)?;
    let accounts = hours_alone(app, caller, own, days, &frame).await?;
    Ok((frame, period, year, accounts))
}

/// The page.
pub(crate) async fn show(State(app): State<App>, caller: Caller, asking: Asking) -> Answer {
    let (frame, period, year, accounts) = read(&app, &caller, &asking).await?;
    let mut lines: Vec<&CecLine> = accounts.engaged().unwrap_or_default().iter().collect();
    lines.sort_by_key(|line| std::cmp::Reverse(line.here));
    let engaged = lines.into_iter().map(|line| one(&frame, &accounts, line)).collect();
    let file = frame.under(&format!("/accounts/engagement/file?year={year}"));
    page(&Engagement { engaged, file, next: (year.0 + 1).to_string(), year, period, frame })
}

fn one(frame: &Frame, accounts: &Accounts, line: &CecLine) -> Engaged {
    let (code, name) = accounts.person(line.person);
    let is_known = !name.is_empty() || code != line.person.to_string();
    let name = match (is_known, name.is_empty()) {
        (false, _) => frame.t("exchange-somebody"),
        (true, true) => code,
        (true, false) => name,
    };
    let about = frame.t(if line.here >= CEC_IN_ALL {
        "engagement-200"
    } else if line.here >= CEC_IN_ONE {
        "engagement-100"
    } else {
        "engagement-below"
    });
    Engaged { name, hours: frame.hours(line.here), about }
}

/// The same as a table for a spreadsheet.
pub(crate) async fn file(State(app): State<App>, caller: Caller, asking: Asking) -> Answer {
    let (_, _, year, accounts) = read(&app, &caller, &asking).await?;
    let bytes = accounts.cec().map_err(|error| opened::fault_of(&error))?.unwrap_or_default();
    to_keep(bytes, "text/csv; charset=utf-8", &format!("engagement-citoyen-{year}.csv"))
}
