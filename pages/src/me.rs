//! A person's own page: the hours that they gave, where, and what was recognised in them.

mod hours;
mod known;
mod recognised;

pub(crate) use hours::show as hours;
pub(crate) use known::take as known;
pub(crate) use recognised::{answer, badge, show as recognitions};

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::State;
use chrono::Datelike;
use ledger::{AssociationNumber, Minutes};
use service::{
    App,
    caller::Caller,
    problem::{Problem, Refusal},
    recognitions as of_service,
};
use store::{HoursLine, Page, RecognitionLine};

use crate::{
    answer::{Answer, page},
    frame::{Asking, Frame},
    recognition::{Making, Reader, Told},
};

/// Hours given for one association in one year.
#[derive(Debug)]
struct Given {
    association: String,
    hours: String,
    /// To whom, and with which skills.
    about: String,
}

/// A year.
#[derive(Debug)]
struct Year {
    name: i32,
    hours: String,
    given: Vec<Given>,
}

#[derive(Template)]
#[template(path = "me.html")]
struct Me {
    frame: Frame,
    /// Where they belong.
    belongs: Option<String>,
    total: Option<String>,
    years: Vec<Year>,
    /// The last that was recognised, and how many wait for an answer.
    recognised: Vec<Told>,
    offered: usize,
}

/// So much of what was recognised is shown.
const RECOGNISED_MOST: u32 = 20;

/// The page.
pub(crate) async fn show(State(app): State<App>, caller: Caller, asking: Asking) -> Answer {
    let person = caller.person().ok_or_else(|| Problem::new(Refusal::RoleDoesNotAllow))?;
    let frame = Frame::around(&app, &caller, &asking).await?;
    let lines = app.store.hours_of(caller.known.id, person).await?;
    let total = Minutes::new(lines.iter().map(|line| line.minutes.get()).sum());
    let filter = of_service::seen(&caller, None, Page::newest(RECOGNISED_MOST))?;
    let recognised = app.store.recognition_page(caller.known.id, filter).await?;
    let making = Making::of(&app, &caller).await?;
    let told = |line: &RecognitionLine| Told::new(&caller, &frame, line, (Reader::Volunteer, making));
    let recognised: Vec<Told> = recognised.iter().map(told).collect();
    let belongs = caller.registry.person(person).map(|person| &person.associations);
    let names = belongs.into_iter().flatten().map(|association| caller.name_of(*association));
    let names = names.collect::<Vec<_>>().join(", ");
    page(&Me {
        belongs: (!names.is_empty()).then(|| frame.say("me-belongs", &[("names", names.into())])),
        total: (!lines.is_empty()).then(|| frame.say("me-total", &[("hours", frame.hours(total).into())])),
        years: years(&frame, &caller, &lines),
        offered: recognised.iter().filter(|told| told.may_be_accepted).count(),
        recognised,
        frame,
    })
}

fn years(frame: &Frame, caller: &Caller, lines: &[HoursLine]) -> Vec<Year> {
    let mut by_year: BTreeMap<i32, BTreeMap<AssociationNumber, Vec<&HoursLine>>> = BTreeMap::new();
    for line in lines {
        by_year.entry(line.service_date.year()).or_default().entry(line.association).or_default().push(line);
    }
    let sum = |lines: &[&HoursLine]| Minutes::new(lines.iter().map(|line| line.minutes.get()).sum());
    let year = |(year, by_association): (&i32, &BTreeMap<AssociationNumber, Vec<&HoursLine>>)| {
        let all: Vec<&HoursLine> = by_association.values().flatten().copied().collect();
        let given = by_association.iter().map(|(association, lines)| Given {
            association: caller.name_of(*association),
            hours: frame.hours(sum(lines)),
            about: about(frame, caller, lines),
        });
        Year { name: *year, hours: frame.hours(sum(&all)), given: given.collect() }
    };
    by_year.iter().rev().map(year).collect()
}

/// Whom it helped and with what, each once.
fn about(frame: &Frame, caller: &Caller, lines: &[&HoursLine]) -> String {
    let mut helped: Vec<(String, Vec<&str>)> = Vec::new();
    for line in lines {
        let skill = line.skill.and_then(|skill| caller.registry.skills().iter().find(|known| known.number == skill));
        let name = line.helped.map_or_else(|| frame.t("me-own"), |helped| caller.name_of(helped));
        let place = helped.iter().position(|(known, _)| *known == name).unwrap_or(helped.len());
        if place == helped.len() {
            helped.push((name, Vec::new()));
        }
        let skills = &mut helped[place].1;
        if let Some(skill) = skill.map(|skill| skill.name.as_str()).filter(|skill| !skills.contains(skill)) {
            skills.push(skill);
        }
    }
    let told = |(name, skills): &(String, Vec<&str>)| match skills.as_slice() {
        [] => name.clone(),
        skills => format!("{name} ({})", skills.join(", ")),
    };
    helped.iter().map(told).collect::<Vec<_>>().join(" · ")
}
