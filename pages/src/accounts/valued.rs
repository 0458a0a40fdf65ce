//! The hours of a period line by line, in euros where somebody says at which rate, with their entry and the wording of
//! the annex; and the same to take away.

use askama::Template;
use axum::{extract::State, http::StatusCode};
use chrono::NaiveDate;
use files::{
    error::FileError,
    export::valuation::{Accounts, rates, workbook},
};
use ledger::{
    AssociationNumber,
    valuation::{EntryLine, VOLUNTEERS_DEBIT, ValuedLine},
    words::capitalised,
};
use service::{
    App,
    accounts::{self, NotTold},
    caller::Caller,
    opened,
    problem::Problem,
};

use super::{period::Period, wish::Wish};
use crate::{
    answer::{Answer, page_with, see, to_keep},
    form::{Filled, Misfits},
    frame::{Asking, Frame},
    home::own,
};

/// Hours of one nature and skill.
#[derive(Debug)]
struct Line {
    what: String,
    hours: String,
    /// In euros, and how that comes about.
    euros: Option<(String, String)>,
}

/// One side of the entry.
#[derive(Debug)]
struct Entered {
    account: &'static str,
    name: String,
    euros: String,
    /// On which side it stands.
    side: String,
}

/// What is told of the days.
#[derive(Debug)]
struct Told {
    title: String,
    lines: Vec<Line>,
    hours: String,
    euros: Option<String>,
    entry: Vec<Entered>,
    annex: Vec<String>,
    notes: Vec<String>,
    /// Where the files are.
    workbook: String,
    table: String,
    paheko: Option<(String, String)>,
}

#[derive(Template)]
#[template(path = "accounts.html")]
struct Valued {
    frame: Frame,
    misfits: Misfits,
    period: Period,
    wish: Wish,
    /// What the minimum wage is known to be on the last day.
    known_rate: Option<String>,
    told: Option<Told>,
}

/// What was asked for, and what it comes to where it fits.
struct Read {
    frame: Frame,
    own: AssociationNumber,
    misfits: Misfits,
    period: Period,
    wish: Wish,
    accounts: Option<Accounts>,
}

async fn read(app: &App, caller: &Caller, asking: &Asking) -> Result<Read, Problem> {
    let own = own(caller)?;
    let frame = Frame::around(app, caller, asking).await?;
    let filled = Filled::in_address(asking);
    let mut misfits = Misfits::default();
    let period = Period::read(app, caller, own, (&frame, "/accounts"), &filled, &mut misfits).await?;
    let wish = Wish::read(&frame, &filled, &mut misfits);
    let mut accounts = None;
    if let (Some(days), Some(rates)) = (period.days, wish.rates()) {
        let asked = accounts::Wish { days, rates, with_governance: wish.with_governance };
        match accounts::read(app, caller, own, asked, frame.language()).await {
            Ok(read) => accounts = Some(read),
            Err(NotTold::TooMuch) => misfits.add("rate", frame.t("accounts-too-much")),
            Err(NotTold::Problem(problem)) => return Err(problem),
        }
    }
    Ok(Read { frame, own, misfits, period, wish, accounts })
}

/// The page.
pub(crate) async fn show(State(app): State<App>, caller: Caller, asking: Asking) -> Answer {
    let Read { frame, own, misfits, period, wish, accounts } = read(&app, &caller, &asking).await?;
    let status = if misfits.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let told = accounts.zip(period.days).map(|(accounts, days)| tell(&frame, own, &accounts, days, &wish));
    let known_rate = period.days.and_then(|(_, last)| known_rate(&frame, last));
    page_with(status, &Valued { told, known_rate, misfits, period, wish, frame })
}

fn known_rate(frame: &Frame, day: NaiveDate) -> Option<String> {
    let rate = rates::minimum_wage_on(day)?;
    let figure = rate.hourly.to_string();
    let figure = frame.language().pick(figure.replace('.', ","), figure);
    let with = [("rate", figure.into()), ("since", frame.date_and_year(rate.since).into())];
    Some(frame.say("accounts-known-rate", &with))
}

fn tell(frame: &Frame, own: AssociationNumber, accounts: &Accounts, days: (NaiveDate, NaiveDate), wish: &Wish) -> Told {
    let (minutes, euros) = accounts.total(own).unwrap_or_default();
    let is_valued = accounts.has_rates() && !minutes.is_zero();
    let (from, to) = (frame.date_and_year(days.0), frame.date_and_year(days.1));
    let address = |kind: &str| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        let days = [("from", days.0.to_string()), ("to", days.1.to_string()), ("as", kind.to_owned())];
        frame.under(&format!("/accounts/file?{}", query.extend_pairs(days).extend_pairs(wish.query()).finish()))
    };
    let day = [("day", to.as_str().into())];
    Told {
        title: frame.say("accounts-period", &[("from", from.into()), ("to", to.as_str().into())]),
        lines: accounts.valuation().lines.iter().map(|line| one(frame, accounts, line)).collect(),
        hours: frame.hours(minutes),
        euros: is_valued.then(|| accounts.money(euros)),
        entry: accounts.valuation().entries().iter().map(|side| entered(frame, accounts, side)).collect(),
        annex: accounts.annex(),
        notes: accounts.notes(),
        workbook: address("xlsx"),
        table: address("csv"),
        paheko: is_valued.then(|| (address("paheko"), frame.say("accounts-paheko-hint", &day))),
    }
}

fn one(frame: &Frame, accounts: &Accounts, line: &ValuedLine) -> Line {
    let nature = capitalised(line.nature.in_words(frame.language()));
    let euros = line.value.as_ref().map(|(rate, euros)| {
        let with = [("rate", accounts.money(rate.hourly).into()), ("source", rate.method.as_str().into())];
        (accounts.money(*euros), frame.say("accounts-at-rate", &with))
    });
    Line { what: format!("{nature} · {}", accounts.skill(line.skill)), hours: frame.hours(line.minutes), euros }
}

fn entered(frame: &Frame, accounts: &Accounts, line: &EntryLine) -> Entered {
    let (name, side, euros) = match line.account {
        VOLUNTEERS_DEBIT => ("accounts-864", "accounts-debit", line.debit),
        _ => ("accounts-875", "accounts-credit", line.credit),
    };
    Entered { account: line.account, name: frame.t(name), euros: accounts.money(euros), side: frame.t(side) }
}

/// The same as a file. What does not fit is said on the page.
pub(crate) async fn file(State(app): State<App>, caller: Caller, asking: Asking) -> Answer {
    let Read { frame, misfits, period, wish, accounts, .. } = read(&app, &caller, &asking).await?;
    let kind = asking.parameter("as").unwrap_or_default();
    let (Some(accounts), Some((from, to)), true) = (accounts, period.days, misfits.is_empty()) else {
        let mut query = form_urlencoded::Serializer::new(String::new());
        let days = [("from", period.from.as_str()), ("to", &period.to)];
        return see(
            &frame.under(&format!("/accounts?{}", query.extend_pairs(days).extend_pairs(wish.query()).finish()))
        );
    };
    let name = format!("benevolat-{}-{}", from.format("%Y%m%d"), to.format("%Y%m%d"));
    let fault = |error: FileError| opened::fault_of(&error);
    match kind.as_str() {
        "xlsx" => {
            let bytes = app.bodies.aside(move || workbook::bytes(&accounts)).await?.map_err(fault)?;
            to_keep(bytes, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", &format!("{name}.xlsx"))
        }
        "paheko" => match accounts.paheko().map_err(fault)? {
            Some(bytes) => to_keep(bytes, "text/csv; charset=utf-8", &format!("{name}-paheko.csv")),
            // Without a rate there is no entry.
            None => Err(Problem::not_found()),
        },
        _ => to_keep(accounts.lines().map_err(fault)?, "text/csv; charset=utf-8", &format!("{name}.csv")),
    }
}
