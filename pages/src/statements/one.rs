//! One statement on the screen: its figures as they were signed, and how anybody checks them.

use askama::Template;
use axum::extract::{Path, State};
use chrono::NaiveDate;
use ledger::{
    Minutes,
    account::PostingKind,
    contribution::Nature,
    exchange::ExchangeState,
    statement::{CountPart, Figures},
    words::{capitalised, known_by},
};
use service::{
    App,
    caller::Caller,
    dates,
    statements::{self, Handed},
};

use super::standing::{standing, stood};
use crate::{
    answer::{Answer, page},
    frame::{Asking, Frame},
    home::own,
};

/// A figure with its name.
#[derive(Debug)]
struct Figure {
    name: String,
    hours: String,
}

/// What was given and received in a month, with a partner, or with a skill.
#[derive(Debug)]
struct Both {
    name: String,
    about: String,
    /// Reversals, where there are some.
    corrected: Option<String>,
}

#[derive(Template)]
#[template(path = "statement.html")]
struct One {
    frame: Frame,
    title: String,
    about: String,
    stood: String,
    standing: Option<String>,
    supersedes: Option<String>,
    sheet: Vec<Figure>,
    closing: String,
    months: Vec<Both>,
    partners: Vec<Both>,
    skills: Vec<Both>,
    volunteers: Vec<Figure>,
    known_by: Vec<String>,
    not_counted: Vec<String>,
    sha256: String,
    file: String,
    verifier: String,
}

/// The page.
pub(crate) async fn show(
    State(app): State<App>,
    caller: Caller,
    Path((_, number)): Path<(String, String)>,
    asking: Asking,
) -> Answer {
    let frame = Frame::around(&app, &caller, &asking).await?;
    let handed = statements::find(&app, &caller, own(&caller)?, &number).await?;
    page(&told(frame, &handed, &caller.name_of(own(&caller)?)))
}

fn told(frame: Frame, handed: &Handed, name_now: &str) -> One {
    let figures = &handed.figures;
    let words = Words { frame: &frame };
    let day = handed.signed_at.map(|at| frame.date_and_year(at.date_naive())).unwrap_or_default();
    let about = frame.say("statement-about", &[("number", handed.number.as_str().into()), ("day", day.into())]);
    // It bears the name that the association had.
    let about = if figures.name == name_now { about } else { format!("{} · {about}", figures.name) };
    One {
        title: frame.say("statements-of-year", &[("year", handed.year.to_string().into())]),
        about,
        stood: stood(&frame, figures),
        standing: standing(&frame, handed),
        supersedes: figures
            .supersedes
            .as_ref()
            .map(|before| frame.say("statement-supersedes", &[("number", before.number.as_str().into())])),
        sheet: words.sheet(figures),
        closing: words.hours(figures.closing_minutes),
        months: words.months(figures),
        partners: figures
            .partners
            .iter()
            .map(|part| {
                words.both(part.name.clone(), [part.given_minutes, part.received_minutes, part.correction_minutes])
            })
            .collect(),
        skills: figures
            .skills
            .iter()
            .map(|part| {
                let name = part.name.clone().unwrap_or_else(|| frame.t("exchange-any-skill"));
                words.both(name, [part.given_minutes, part.received_minutes, part.correction_minutes])
            })
            .collect(),
        volunteers: figures.volunteers.iter().map(|part| words.nature(&part.nature, part.minutes)).collect(),
        known_by: figures
            .known_by
            .iter()
            .map(|part| words.counted(part, &known_by(&part.kind, frame.language())))
            .collect(),
        not_counted: figures.not_counted.iter().map(|part| words.counted(part, &words.waiting(&part.kind))).collect(),
        sha256: handed.sha256.clone(),
        file: frame.under(&format!("/statements/{}/file", handed.number)),
        verifier: frame.to(&format!("/verify#sha256={}", handed.sha256)),
        frame,
    }
}

/// A statement's parts in the words of the page.
struct Words<'a> {
    frame: &'a Frame,
}

impl Words<'_> {
    fn hours(&self, minutes: i64) -> String {
        self.frame.hours(Minutes::new(minutes))
    }

    /// From the balance before the year to the one after it; what did not occur is left out.
    fn sheet(&self, figures: &Figures) -> Vec<Figure> {
        let figure = |name: String, minutes: i64, sign: &str| {
            let sign = if minutes == 0 { "" } else { sign };
            Figure { name, hours: format!("{sign}{}", self.hours(minutes)) }
        };
        let mut sheet = vec![
            figure(self.frame.t("statement-opening"), figures.opening_minutes, ""),
            figure(self.frame.t("statement-given"), figures.given_minutes, "+"),
            figure(self.frame.t("statement-received"), figures.received_minutes, "−"),
        ];
        let language = self.frame.language();
        sheet.extend(figures.movements.iter().map(|part| {
            let kind = PostingKind::try_from(part.kind.as_str());
            let name = kind.map_or_else(|_| part.kind.clone(), |kind| kind.in_words_of_several(language).to_owned());
            figure(capitalised(&name), part.minutes, if part.minutes > 0 { "+" } else { "" })
        }));
        sheet
    }

    fn months(&self, figures: &Figures) -> Vec<Both> {
        let month = |number: u8| {
            let day = NaiveDate::from_ymd_opt(figures.year, number.into(), 1).unwrap_or_default();
            capitalised(dates::month(day, self.frame.language()))
        };
        let months = figures.months.iter().filter(|part| part.given_minutes != 0 || part.received_minutes != 0);
        months.map(|part| self.both(month(part.month), [part.given_minutes, part.received_minutes, 0])).collect()
    }

    fn both(&self, name: String, [given, received, corrected]: [i64; 3]) -> Both {
        let with = [("given", self.hours(given).into()), ("received", self.hours(received).into())];
        let corrected =
            (corrected != 0).then(|| self.frame.say("statement-corrected", &[("hours", self.hours(corrected).into())]));
        Both { name, about: self.frame.say("position-figures", &with), corrected }
    }

    fn nature(&self, nature: &str, minutes: i64) -> Figure {
        let known = Nature::try_from(nature).map(|known| known.in_words(self.frame.language()));
        Figure { name: capitalised(known.unwrap_or(nature)), hours: self.hours(minutes) }
    }

    fn counted(&self, part: &CountPart, kind: &str) -> String {
        let exchanges = usize::try_from(part.exchanges).unwrap_or_default();
        let with = [("count", exchanges.into()), ("hours", self.hours(part.minutes).into())];
        format!("{} · {}", capitalised(kind), self.frame.say("statement-exchanges", &with))
    }

    fn waiting(&self, state: &str) -> String {
        let known = ExchangeState::try_from(state).map(|known| known.in_words_of_several(self.frame.language()));
        known.unwrap_or(state).to_owned()
    }
}
