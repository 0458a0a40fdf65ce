//! The first page: choose a file; what lies here already, and what is remembered of earlier ones.

use askama::Template;
use axum::{
    extract::{Request, State},
    http::StatusCode,
};
use files::{
    cells::CellsError,
    notebook::{Field, Mapping},
};
use service::{
    App,
    caller::Caller,
    deposit::{self, Deposit, NotTaken},
    notebook::{self, BYTES_MOST, NotLaid},
    problem::Problem,
};
use store::{HabitKind, NotebookHabit};

use crate::{
    answer::{Answer, page, page_with, see},
    form::{Misfits, sentence_of},
    frame::{Asking, Frame},
    home::own,
};

#[derive(Template)]
#[template(path = "notebook.html")]
pub(super) struct First {
    frame: Frame,
    misfits: Misfits,
    /// The file that lies here, and how many minutes it still does.
    laid: Option<(String, String)>,
    habits: Vec<Habit>,
}

/// Something that is remembered of the association's notebooks.
#[derive(Debug)]
struct Habit {
    written: String,
    sentence: String,
}

impl First {
    fn megabytes(&self) -> String {
        self.frame.say("notebook-takes", &[("megabytes", (BYTES_MOST >> 20).into())])
    }
}

/// What is chosen on this page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum File {
    /// A notebook.
    Notebook,
    /// A statement that the network handed out.
    Statement,
}

impl File {
    /// The field of the page where it is chosen.
    pub(super) const fn field(self) -> &'static str {
        match self {
            Self::Notebook => "file",
            Self::Statement => "statement",
        }
    }
}

/// The file that somebody chose, or why there is none.
pub(super) async fn given(
    app: &App,
    frame: &Frame,
    request: Request,
    file: File,
) -> Result<Result<Deposit, (String, StatusCode)>, Problem> {
    let megabytes = ("megabytes", (BYTES_MOST >> 20).into());
    Ok(match deposit::read(app, request, BYTES_MOST).await {
        Err(NotTaken::Problem(problem)) => return Err(problem),
        Err(NotTaken::TooLarge) => {
            let key = match file {
                File::Notebook => "notebook-too-large",
                File::Statement => "given-statement-too-large",
            };
            Err((frame.say(key, &[megabytes]), StatusCode::PAYLOAD_TOO_LARGE))
        }
        Err(NotTaken::Broken) => Err((frame.t("notebook-broken"), StatusCode::UNPROCESSABLE_ENTITY)),
        Ok(Deposit { name, .. }) if name.is_empty() => {
            Err((frame.t("notebook-no-file"), StatusCode::UNPROCESSABLE_ENTITY))
        }
        Ok(deposit) => Ok(deposit),
    })
}

pub(super) async fn first(app: &App, caller: &Caller, frame: Frame, misfits: Misfits) -> Result<First, Problem> {
    let own = own(caller)?;
    let laid = notebook::laid(app, caller, own).await?;
    let laid = laid.map(|laid| {
        let left = frame.say("notebook-lies-for", &[("minutes", laid.minutes_left.into())]);
        (laid.name, left)
    });
    let habits = notebook::remembered(app, caller, own).await?;
    let habits =
        habits.iter().map(|habit| Habit { written: habit.written.clone(), sentence: remembered(&frame, habit) });
    Ok(First { laid, habits: habits.collect(), misfits, frame })
}

fn remembered(frame: &Frame, NotebookHabit { kind, written, meaning }: &NotebookHabit) -> String {
    let written = written.as_str();
    match kind {
        HabitKind::Alias => {
            frame.say("notebook-remembers-name", &[("written", written.into()), ("name", meaning.as_str().into())])
        }
        HabitKind::Map => {
            let mapping = Mapping::parse(&format!("{written}={meaning}"));
            let meaning = mapping.map_or_else(|| meaning.clone(), |mapping| meant(frame, &mapping));
            frame.say("notebook-remembers-column", &[("written", written.into()), ("meaning", meaning.into())])
        }
    }
}

/// What a column means, in words.
pub(super) fn meant(frame: &Frame, mapping: &Mapping) -> String {
    meaning_in_words(frame, mapping.field, &mapping.meaning())
}

/// The same of a meaning as mappings write it.
pub(super) fn meaning_in_words(frame: &Frame, field: Field, meaning: &str) -> String {
    let word = frame.t(match field {
        Field::Date => "notebook-means-date",
        Field::Partner => "notebook-means-partner",
        Field::Duration => "notebook-means-duration",
        Field::Direction => "notebook-means-direction",
        Field::Given => "notebook-means-given",
        Field::Received => "notebook-means-received",
        Field::People => "notebook-means-people",
        Field::Skill => "notebook-means-skill",
        Field::Identifier => "notebook-means-identifier",
        Field::Giver => "notebook-means-giver",
        Field::Receiver => "notebook-means-receiver",
        Field::Start => "notebook-means-start",
        Field::End => "notebook-means-end",
        Field::Ignored => "notebook-means-nothing",
    });
    match meaning.split_once(' ') {
        Some((_, "minutes")) => frame.say("notebook-in-minutes", &[("meaning", word.into())]),
        Some((_, "hours")) => frame.say("notebook-in-hours", &[("meaning", word.into())]),
        _ => word,
    }
}

/// The page.
pub(crate) async fn show(State(app): State<App>, caller: Caller, asking: Asking) -> Answer {
    let frame = Frame::around(&app, &caller, &asking).await?;
    page(&first(&app, &caller, frame, Misfits::default()).await?)
}

/// A file that somebody chose.
pub(crate) async fn lay(State(app): State<App>, caller: Caller, asking: Asking, request: Request) -> Answer {
    let frame = Frame::around(&app, &caller, &asking).await?;
    let own = own(&caller)?;
    let mut misfits = Misfits::default();
    let status = match given(&app, &frame, request, File::Notebook).await? {
        Err((sentence, status)) => {
            misfits.add(File::Notebook.field(), sentence);
            status
        }
        Ok(Deposit { once, name, bytes }) => {
            // The same form twice lays the same file there, under the same name.
            let reading = if once.is_empty() { app.new_name().to_string() } else { once };
            match notebook::lay(&app, &caller, own, (&reading, &name), bytes).await {
                Ok(()) => return see(&frame.under("/notebook/result?laid=now")),
                Err(not_laid) => {
                    let (sentence, status) = why(&frame, &name, not_laid);
                    misfits.add("file", sentence);
                    status
                }
            }
        }
    };
    page_with(status, &first(&app, &caller, frame, misfits).await?)
}

fn why(frame: &Frame, name: &str, not_laid: NotLaid) -> (String, StatusCode) {
    let about = |why: &str| frame.say("notebook-about", &[("name", name.into()), ("why", why.into())]);
    match not_laid {
        // What the system says of our own program helps nobody who reads a page.
        NotLaid::Cells(CellsError::NoReader(_)) => {
            (about(&frame.t("notebook-no-workbooks")), StatusCode::UNPROCESSABLE_ENTITY)
        }
        NotLaid::Cells(error) => (about(&stopped(&error.in_words(frame.language()))), StatusCode::UNPROCESSABLE_ENTITY),
        NotLaid::TooLong => (about(&frame.t("notebook-too-long")), StatusCode::UNPROCESSABLE_ENTITY),
        NotLaid::Problem(problem) => (sentence_of(frame, &problem), problem.status()),
    }
}

/// A clause with its stop, begun as it is written.
pub(super) fn stopped(clause: &str) -> String {
    if clause.ends_with(['.', '?', '!']) { clause.to_owned() } else { format!("{clause}.") }
}
