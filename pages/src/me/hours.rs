//! One's own hours of a year, each with its exchange, and what they come to by nature and by skill.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::State;
use chrono::Datelike;
use ledger::{Minutes, contribution::Nature, words::capitalised};
use service::{
    App,
    caller::Caller,
    problem::{Problem, Refusal},
};
use store::HoursLine;

use crate::{
    answer::{Answer, page},
    frame::{Asking, Frame},
};

/// A line.
#[derive(Debug)]
struct Line {
    /// Whom it helped.
    whom: String,
    /// "2 h", "repris 2 h".
    amount: String,
    /// Day, for whom, skill, nature, exchange.
    about: String,
}

/// What some hours come to.
#[derive(Debug)]
struct Sum {
    name: String,
    hours: String,
}

/// Another year.
#[derive(Debug)]
struct Other {
    name: i32,
    address: String,
}

#[derive(Template)]
#[template(path = "own_lines.html")]
struct Hours {
    frame: Frame,
    year: i32,
    total: String,
    natures: Vec<Sum>,
    skills: Vec<Sum>,
    lines: Vec<Line>,
    others: Vec<Other>,
}

/// The page of the year that is asked for, else of the last one.
pub(crate) async fn show(State(app): State<App>, caller: Caller, asking: Asking) -> Answer {
    let person = caller.person().ok_or_else(|| Problem::new(Refusal::RoleDoesNotAllow))?;
    let frame = Frame::around(&app, &caller, &asking).await?;
    let mut lines = app.store.hours_of(caller.known.id, person).await?;
    let mut years: Vec<i32> = lines.iter().map(|line| line.service_date.year()).collect();
    years.sort_unstable();
    years.dedup();
    let asked = asking.parameter("year").and_then(|year| year.parse().ok()).filter(|year| years.contains(year));
    let year = asked.or(years.last().copied()).unwrap_or_else(|| frame.today.year());
    lines.retain(|line| line.service_date.year() == year);
    lines.sort_by_key(|line| std::cmp::Reverse((line.service_date, line.act)));
    let others = years.iter().rev().filter(|other| **other != year);
    let others = others.map(|name| Other { name: *name, address: frame.to(&format!("/me/hours?year={name}")) });
    page(&Hours {
        year,
        total: frame.hours(Minutes::new(lines.iter().map(|line| line.minutes.get()).sum())),
        natures: sums(&frame, &lines, |line| Some(capitalised(line.nature.in_words(frame.language())))),
        skills: sums(&frame, &lines, |line| skill_of(&caller, line).map(|skill| capitalised(&skill))),
        lines: lines.iter().map(|one| line(&frame, &caller, one)).collect(),
        others: others.collect(),
        frame,
    })
}

/// What the lines come to, by what is said of each; the most first, and nothing that was all taken back.
fn sums(frame: &Frame, lines: &[HoursLine], name: impl Fn(&HoursLine) -> Option<String>) -> Vec<Sum> {
    let mut by_name: BTreeMap<String, i64> = BTreeMap::new();
    for line in lines {
        if let Some(name) = name(line) {
            *by_name.entry(name).or_default() += line.minutes.get();
        }
    }
    let mut sums: Vec<_> = by_name.into_iter().filter(|(_, minutes)| *minutes != 0).collect();
    sums.sort_by_key(|(_, minutes)| -minutes);
    sums.into_iter().map(|(name, minutes)| Sum { name, hours: frame.hours(Minutes::new(minutes)) }).collect()
}

fn skill_of(caller: &Caller, line: &HoursLine) -> Option<String> {
    let known = caller.registry.skills().iter().find(|known| Some(known.number) == line.skill);
    known.map(|known| known.name.clone())
}

fn line(frame: &Frame, caller: &Caller, line: &HoursLine) -> Line {
    let hours = frame.hours(Minutes::new(line.minutes.get().saturating_abs()));
    let amount =
        if line.minutes.get() < 0 { frame.say("me-hours-taken-back", &[("hours", hours.into())]) } else { hours };
    let for_whom =
        line.helped.map(|_| frame.say("me-hours-for", &[("association", caller.name_of(line.association).into())]));
    let nature = (line.nature != Nature::Operational).then(|| line.nature.in_words(frame.language()).to_owned());
    let reference =
        line.reference.as_deref().map(|reference| frame.say("me-hours-exchange", &[("reference", reference.into())]));
    let about = [Some(frame.date(line.service_date)), for_whom, skill_of(caller, line), nature, reference];
    Line {
        whom: caller.name_of(line.helped.unwrap_or(line.association)),
        amount,
        about: about.into_iter().flatten().collect::<Vec<_>>().join(" · "),
    }
}
