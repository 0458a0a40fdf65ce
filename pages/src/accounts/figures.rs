//! The figures that forms for subsidies ask for: volunteers, hours, full-time equivalents, and how each is counted.

use askama::Template;
use axum::{extract::State, http::StatusCode};
use chrono::NaiveDate;
use files::export::valuation::Accounts;
use ledger::{
    AssociationNumber,
    contribution::Nature,
    headcount::{FULL_TIME_HOURS, Headcount, Headed, is_voluntary},
    valuation::Rates,
    words::capitalised,
};
use service::{
    App,
    accounts::{self, NotTold},
    caller::Caller,
    problem::{Problem, Refusal},
};

use super::period::Period;
use crate::{
    answer::{Answer, page_with},
    form::{Filled, Misfits},
    frame::{Asking, Frame},
    home::own,
};

/// Those who gave time in one quality.
#[derive(Debug)]
struct Quality {
    name: String,
    hours: String,
    about: String,
}

/// What is told of the days.
#[derive(Debug)]
struct Told {
    title: String,
    volunteers: u64,
    hours: String,
    full_time: String,
    /// In which quality volunteers gave their time.
    qualities: Vec<Quality>,
    /// Who is no volunteer.
    others: Vec<Quality>,
    untold: Option<String>,
    computed: String,
}

#[derive(Template)]
#[template(path = "figures.html")]
struct Figures {
    frame: Frame,
    misfits: Misfits,
    period: Period,
    told: Option<Told>,
}

impl Figures {
    fn divisor(&self) -> String {
        let hours = FULL_TIME_HOURS.to_string();
        let grouped = hours
            .split_at_checked(hours.len().saturating_sub(3))
            .map(|(thousands, rest)| format!("{thousands}{}{rest}", self.frame.language().pick("\u{202f}", ",")));
        let divisor = grouped.unwrap_or(hours);
        self.frame.say("figures-full-time-how", &[("divisor", divisor.into())])
    }
}

/// The page.
pub(crate) async fn show(State(app): State<App>, caller: Caller, asking: Asking) -> Answer {
    let own = own(&caller)?;
    let frame = Frame::around(&app, &caller, &asking).await?;
    let filled = Filled::in_address(&asking);
    let mut misfits = Misfits::default();
    let period = Period::read(&app, &caller, own, (&frame, "/accounts/figures"), &filled, &mut misfits).await?;
    let told = match period.days {
        None => None,
        Some(days) => Some(tell(&frame, own, &hours_alone(&app, &caller, own, days, &frame).await?, days)),
    };
    let status = if misfits.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    page_with(status, &Figures { told, misfits, period, frame })
}

/// An association's hours, without euros.
pub(super) async fn hours_alone(
    app: &App,
    caller: &Caller,
    own: AssociationNumber,
    days: (NaiveDate, NaiveDate),
    frame: &Frame,
) -> Result<Accounts, Problem> {
    let wish = accounts::Wish { days, rates: Rates::default(), with_governance: true };
    accounts::read(app, caller, own, wish, frame.language()).await.map_err(|not_told| match not_told {
        // The ledger takes no hours beyond what is counted: where they are there, something is wrong.
        NotTold::TooMuch => Problem::new(Refusal::Fault),
        NotTold::Problem(problem) => problem,
    })
}

fn tell(frame: &Frame, own: AssociationNumber, accounts: &Accounts, days: (NaiveDate, NaiveDate)) -> Told {
    let none = Headcount::default();
    let count = accounts.headcount().get(&own).unwrap_or(&none);
    let qualities = |wanted: bool| {
        let such = count.by_nature.iter().filter(|(nature, _)| is_voluntary(**nature) == wanted);
        such.map(|(nature, headed)| quality(frame, *nature, headed)).collect()
    };
    let (from, to) = (frame.date_and_year(days.0), frame.date_and_year(days.1));
    let untold = accounts.untold(own);
    let acts = usize::try_from(accounts.acts()).unwrap_or_default();
    Told {
        title: frame.say("accounts-period", &[("from", from.into()), ("to", to.into())]),
        volunteers: count.volunteers.persons,
        hours: frame.hours(count.volunteers.minutes),
        full_time: full_time(frame, &count.volunteers),
        qualities: qualities(true),
        others: qualities(false),
        untold: (!untold.is_zero()).then(|| frame.say("figures-untold", &[("hours", frame.hours(untold).into())])),
        computed: frame.say("figures-computed", &[("count", acts.into())]),
    }
}

fn full_time(frame: &Frame, headed: &Headed) -> String {
    let figure = headed.full_time_equivalents().to_string();
    frame.language().pick(figure.replace('.', ","), figure)
}

fn quality(frame: &Frame, nature: Nature, headed: &Headed) -> Quality {
    let persons = usize::try_from(headed.persons).unwrap_or_default();
    Quality {
        name: capitalised(nature.in_words(frame.language())),
        hours: frame.hours(headed.minutes),
        about: frame.say("figures-persons", &[("count", persons.into()), ("full", full_time(frame, headed).into())]),
    }
}
