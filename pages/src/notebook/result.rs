//! What the notebook comes to: three numbers first, then a card for each difference.

use askama::Template;
use axum::{extract::State, http::StatusCode};
use files::reconcile::{form::Form, questions::open_names, report::Report};
use ledger::{Language, Minutes};
use service::{
    App,
    caller::Caller,
    notebook::{self, Comparison, Laid, NotCompared, Said},
    problem::{Problem, Refusal},
};

use super::{
    cards::{Card, Table, place},
    letter::{Partner, partners},
    piles::{Pile, Piles, Thing, Told},
    reader::{reader, to_what_is_open},
};
use crate::{
    answer::{Answer, page, page_with, see, to_keep},
    frame::{Asking, Frame},
    home::own,
};

/// So many cards are shown on a page.
const CARDS: usize = 50;
/// So many lines that agree.
const AGREED: usize = 100;
/// So many partners.
const PARTNERS: usize = 60;

#[derive(Template)]
#[template(path = "notebook_result.html")]
struct Outcome {
    frame: Frame,
    name: String,
    year: i32,
    reading: String,
    /// "187 lignes d'accord, 6 à corriger, 3 associations à appeler."
    sentence: String,
    hours: String,
    notes: Vec<String>,
    questions: Vec<String>,
    /// That some names leave open who is meant.
    open_names: Option<String>,
    to_correct: Shown<Card>,
    waiting: Shown<Card>,
    ours: Shown<Card>,
    partners: Vec<Partner>,
    partners_left: Option<String>,
    agreed_count: String,
    agreed: Shown<Agreed>,
    opens_agreed: bool,
}

/// What of a list is shown, and where the rest of it is.
#[derive(Debug)]
struct Shown<T> {
    all: usize,
    items: Vec<T>,
    before: Option<String>,
    after: Option<String>,
}

/// A line that agrees.
#[derive(Debug)]
struct Agreed {
    name: String,
    place: String,
    wrote: String,
    says: String,
    address: Option<String>,
    reference: String,
}

#[derive(Template)]
#[template(path = "notebook_wait.html")]
struct Wait {
    frame: Frame,
    name: String,
    next: String,
}

/// What the notebook comes to.
pub(crate) async fn result(State(app): State<App>, caller: Caller, asking: Asking) -> Answer {
    let frame = Frame::around(&app, &caller, &asking).await?;
    let Some(laid) = notebook::laid(&app, &caller, own(&caller)?).await? else {
        return see(&frame.under("/notebook"));
    };
    let is_new = asking.parameter("laid").is_some_and(|laid| laid == "now");
    if is_new && laid.is_long {
        // Browsers show this one until the next one has come.
        return page(&Wait { next: frame.under("/notebook/result?laid=long"), name: laid.name, frame });
    }
    let page_of = match compared(&app, &caller, &asking, frame.clone(), laid).await {
        Ok(page_of) => page_of,
        Err(left) => return to_what_is_open(&frame, left),
    };
    let compared = &page_of.comparison.compared;
    let is_certain = compared.read.questions.is_empty() && open_names(compared).is_empty();
    if asking.parameter("laid").is_some() && !is_certain {
        return see(&frame.under("/notebook/reading"));
    }
    page(&page_of.lay(None))
}

/// What the page is made from.
pub(super) struct Page<'a> {
    pub(super) caller: &'a Caller,
    pub(super) asking: &'a Asking,
    pub(super) frame: Frame,
    pub(super) comparison: Comparison,
    pub(super) said: Said,
    pub(super) reading: String,
    pub(super) name: String,
}

impl Page<'_> {
    /// The page once more, with why what a card asked for was not done.
    pub(super) fn again(self, status: StatusCode, refused: (&str, &str)) -> Answer {
        page_with(status, &self.lay(Some(refused)))
    }

    fn lay(self, refused: Option<(&str, &str)>) -> Outcome {
        let Self { caller, asking, frame, comparison, said, reading, name } = self;
        let Comparison { compared, asks } = &comparison;
        let report = Report::new(compared, std::path::Path::new(&name), frame.language(), "");
        let piles = Piles::new(report, compared, &said.mistakes);
        let mut partners = partners(&frame, &piles);
        let sentence = sentence(&frame, &piles, partners.len());
        let table = Table { caller, frame: &frame, piles: &piles, asks, partners: &partners };
        let address = |field: &str, from: usize| frame.under(&format!("/notebook/result?{field}={from}"));
        let cards = |pile, field: &'static str| {
            // A card that says why nothing was done is shown, wherever it lies.
            let refused_at = refused.and_then(|(name, _)| piles.on(pile).position(|it| piles.name(it) == name));
            let from = refused_at.map_or_else(|| from(asking, field), |at| at / CARDS * CARDS);
            let mut shown = shown(piles.on(pile), (from, CARDS), &|from| address(field, from), |it| table.card(it));
            let names: Vec<String> = shown.items.iter().map(|card| card.name.clone()).collect();
            for (at, card) in shown.items.iter_mut().enumerate() {
                card.next = names.get(at + 1).or(names.get(at.wrapping_sub(1))).cloned().unwrap_or_default();
                card.from = if field == "from" { from } else { 0 };
                card.refused = refused.filter(|(name, _)| *name == card.name).map(|(_, why)| why.to_owned());
            }
            shown
        };
        let (to_correct, waiting, ours) =
            (cards(Pile::ToCorrect, "from"), cards(Pile::Waiting, "waiting"), cards(Pile::Ours, "ours"));
        let told = |thing| agreed(caller, &frame, &piles, thing);
        let agreed =
            shown(piles.on(Pile::Agreed), (from(asking, "agreed"), AGREED), &|from| address("agreed", from), told);
        let hours = hours(&frame, piles.report.totals.notebook, piles.report.totals.ledger);
        let some = |key: &str, count: usize| (count > 0).then(|| frame.say(key, &[("count", count.into())]));
        let partners_left = some("notebook-partners-left", partners.len().saturating_sub(PARTNERS));
        partners.truncate(PARTNERS);
        Outcome {
            year: compared.year.0,
            sentence,
            hours,
            notes: compared.notes.clone(),
            questions: compared.read.questions.clone(),
            open_names: some("notebook-open-names", open_names(compared).len()),
            agreed_count: frame.say("notebook-agreed", &[("count", agreed.all.into())]),
            opens_agreed: asking.parameter("agreed").is_some(),
            to_correct,
            waiting,
            ours,
            partners,
            partners_left,
            agreed,
            reading,
            name: name.clone(),
            frame: frame.clone(),
        }
    }
}

fn from(asking: &Asking, field: &str) -> usize {
    asking.parameter(field).and_then(|text| text.parse().ok()).unwrap_or(0)
}

/// The part of a list that begins at a place.
fn shown<T>(
    things: impl Iterator<Item = Thing>,
    (from, most): (usize, usize),
    address: &dyn Fn(usize) -> String,
    tell: impl Fn(Thing) -> T,
) -> Shown<T> {
    let things: Vec<Thing> = things.collect();
    // A list may have become shorter since its reader was shown it.
    let from = if from < things.len() { from } else { 0 };
    let end = things.len().min(from + most);
    Shown {
        all: things.len(),
        items: things[from..end].iter().map(|thing| tell(*thing)).collect(),
        before: (from > 0).then(|| address(from.saturating_sub(most))),
        after: (end < things.len()).then(|| address(end)),
    }
}

fn sentence(frame: &Frame, piles: &Piles<'_>, partners: usize) -> String {
    let counted = |key: &str, count: usize| frame.say(key, &[("count", count.into())]);
    let mut parts = vec![
        counted("notebook-agreed", piles.on(Pile::Agreed).count()),
        counted("notebook-to-correct", piles.on(Pile::ToCorrect).count()),
        counted("notebook-to-call", partners),
    ];
    let waiting = piles.on(Pile::Waiting).count();
    if waiting > 0 {
        parts.push(counted("notebook-that-wait", waiting));
    }
    format!("{}.", parts.join(", "))
}

fn hours(frame: &Frame, [given, received]: [i64; 2], [ledger_given, ledger_received]: [i64; 2]) -> String {
    let hours = |minutes: i64| frame.hours(Minutes::new(minutes));
    let with = [
        ("given", hours(given).into()),
        ("received", hours(received).into()),
        ("ledger_given", hours(ledger_given).into()),
        ("ledger_received", hours(ledger_received).into()),
    ];
    frame.say("notebook-hours", &with)
}

fn agreed(caller: &Caller, frame: &Frame, piles: &Piles<'_>, thing: Thing) -> Agreed {
    let name = piles.name(thing);
    match piles.tell(thing) {
        Told::Row(line) => Agreed {
            name,
            place: place(frame, line.line, line.sheet.as_deref()),
            address: line.exchange.map(|number| frame.under(&format!("/exchanges/{}", caller.name(number)))),
            reference: line.reference.unwrap_or_default(),
            wrote: line.text,
            says: line.explanation,
        },
        Told::Absent(missing) => Agreed {
            name,
            place: String::new(),
            address: None,
            reference: missing.reference,
            wrote: String::new(),
            says: missing.explanation,
        },
    }
}

/// All of it as a table for a spreadsheet, as the command writes it.
pub(crate) async fn report(State(app): State<App>, caller: Caller, asking: Asking) -> Answer {
    let frame = Frame::around(&app, &caller, &asking).await?;
    let Some(laid) = notebook::laid(&app, &caller, own(&caller)?).await? else {
        return see(&frame.under("/notebook"));
    };
    let name = laid.name.clone();
    let comparison = match notebook::compare(&app, &caller, laid, reader(&caller, &frame)?).await {
        Ok(comparison) => comparison,
        Err(left) => return to_what_is_open(&frame, left),
    };
    let language = frame.language();
    let text = app.bodies.with_notebook(move || written(&comparison, &name, language)).await??;
    to_keep(text, "text/csv; charset=utf-8", "rapprochement.csv")
}

fn written(comparison: &Comparison, name: &str, language: Language) -> Result<Vec<u8>, Problem> {
    let report = Report::new(&comparison.compared, std::path::Path::new(name), language, "");
    let mut text = Vec::new();
    Form::Csv.write(&report, language, &mut text).map_err(|_| Problem::new(Refusal::Fault))?;
    Ok(text)
}

/// The notebook on the page and what it comes to now.
pub(super) async fn compared<'a>(
    app: &App,
    caller: &'a Caller,
    asking: &'a Asking,
    frame: Frame,
    laid: Laid,
) -> Result<Page<'a>, NotCompared> {
    let (reading, name, said) = (laid.reading.clone(), laid.name.clone(), laid.said.clone());
    let comparison = notebook::compare(app, caller, laid, reader(caller, &frame)?).await?;
    Ok(Page { caller, asking, frame, comparison, said, reading, name })
}
