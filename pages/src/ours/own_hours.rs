//! Hours that an association's people give to it themselves: the list, and one more.

use askama::Template;
use axum::{extract::State, http::StatusCode};
use files::date;
use ledger::{
    Minutes, PersonNumber,
    command::Command,
    contribution::{Contribution, Nature},
    words::capitalised,
};
use service::{App, caller::Caller, problem::Problem};
use store::{ContributionView, Page};

use crate::{
    answer::{Answer, page, page_with, see},
    form::{Filled, Misfits, as_sentence, sentence_of},
    frame::{Asking, Frame, full_name},
    home::own,
};

/// So many are shown.
const SHOWN: u32 = 50;

/// Something to choose.
#[derive(Debug)]
struct Choice {
    value: String,
    label: String,
    is_chosen: bool,
}

/// Hours that somebody gave.
#[derive(Debug)]
struct Given {
    name: String,
    hours: String,
    about: String,
}

#[derive(Template)]
#[template(path = "own_hours.html")]
struct OwnHours {
    frame: Frame,
    misfits: Misfits,
    persons: Vec<Choice>,
    natures: Vec<Choice>,
    minutes: String,
    service_date: String,
    last_day: String,
    given: Vec<Given>,
}

async fn lay(
    app: &App,
    caller: &Caller,
    asking: &Asking,
    filled: &Filled,
    misfits: Misfits,
) -> Result<OwnHours, Problem> {
    let own = own(caller)?;
    let frame = Frame::around(app, caller, asking).await?;
    let people = super::roster::people(app, caller, own).await?;
    let name = |person: PersonNumber| {
        let found = people.iter().find(|(known, _)| known.number == person);
        found.map_or_else(|| frame.t("exchange-somebody"), |(_, identity)| full_name(identity))
    };
    let views = app.store.own_hours(caller.known.id, own, Page::newest(SHOWN)).await?;
    let given = views.iter().map(|view: &ContributionView| Given {
        name: name(view.person),
        hours: frame.hours(view.minutes),
        about: format!("{} · {}", frame.date(view.service_date), view.nature.in_words(frame.language())),
    });
    let person = |(person, identity): &(ledger::person::Person, ledger::person::Identity)| {
        let value = caller.name(person.number.0).to_string();
        Choice { is_chosen: filled.is("person", &value), label: full_name(identity), value }
    };
    let nature = |nature: &Nature| {
        let value = nature.as_str().to_owned();
        let label = capitalised(nature.in_words(frame.language()));
        Choice { is_chosen: filled.is("nature", &value), label, value }
    };
    Ok(OwnHours {
        persons: people.iter().filter(|(person, _)| person.associations.contains(&own)).map(person).collect(),
        natures: Nature::ALL.iter().map(nature).collect(),
        minutes: filled.get("minutes").to_owned(),
        service_date: filled.said("service_date").map_or_else(|| frame.today.to_string(), str::to_owned),
        last_day: frame.today.to_string(),
        given: given.collect(),
        misfits,
        frame,
    })
}

/// The page.
pub(crate) async fn show(State(app): State<App>, caller: Caller, asking: Asking) -> Answer {
    page(&lay(&app, &caller, &asking, &Filled::default(), Misfits::default()).await?)
}

/// One more.
pub(crate) async fn add(State(app): State<App>, caller: Caller, asking: Asking, filled: Filled) -> Answer {
    let own = own(&caller)?;
    let asked = filled.asked()?;
    let language = asking.language;
    let frame = Frame::around(&app, &caller, &asking).await?;
    let mut misfits = Misfits::default();
    let person = filled.get("person").parse().ok().and_then(|name| caller.ids().number(name).ok()).map(PersonNumber);
    if person.is_none() {
        misfits.add("person", frame.t("us-person-missing"));
    }
    let minutes = Minutes::parse(filled.get("minutes"));
    if let Err(error) = &minutes {
        misfits.add("minutes", as_sentence(&error.in_words(language)));
    }
    let service_date = date::parse(filled.get("service_date"));
    if let Err(error) = &service_date {
        misfits.add("service_date", as_sentence(&error.in_words(language)));
    }
    let nature = Nature::ALL.iter().copied().find(|nature| filled.is("nature", nature.as_str()));
    let (Some(person), Ok(minutes), Ok(service_date)) = (person, minutes, service_date) else {
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &lay(&app, &caller, &asking, &filled, misfits).await?);
    };
    let contribution = Contribution { person, minutes, nature: nature.unwrap_or(Nature::Operational) };
    let command = Command::GiveOwnHours { association: own, service_date, skill: None, contribution };
    match app.write(&caller, &asked, command).await {
        Ok(_) => see(&frame.under("/us/hours?said=said-who")),
        Err(problem) => {
            let field = match problem.field().unwrap_or_default().rsplit('.').next() {
                Some("minutes") => "minutes",
                Some("service_date" | "date") => "service_date",
                Some("person") => "person",
                _ => "form",
            };
            misfits.add(field, sentence_of(&frame, &problem));
            page_with(problem.status(), &lay(&app, &caller, &asking, &filled, misfits).await?)
        }
    }
}
