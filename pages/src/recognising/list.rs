//! What an association recognised, newest first.

use askama::Template;
use axum::extract::State;
use ledger::ActNumber;
use service::{App, caller::Caller, recognitions};
use store::{Page, RecognitionLine};

use crate::{
    answer::{Answer, page},
    frame::{Asking, Frame},
    recognition::{Making, Reader, Told},
};

/// So many are shown.
const SHOWN: u32 = 30;

/// A line of the list.
#[derive(Debug)]
struct Line {
    address: String,
    /// In whom.
    name: String,
    told: Told,
}

#[derive(Template)]
#[template(path = "recognitions.html")]
struct List {
    frame: Frame,
    lines: Vec<Line>,
    older: Option<String>,
    note: Option<String>,
}

/// The page.
pub(crate) async fn show(State(app): State<App>, caller: Caller, asking: Asking) -> Answer {
    let frame = Frame::around(&app, &caller, &asking).await?;
    let before = asking.parameter("before").and_then(|name| name.parse().ok());
    let before = before.and_then(|name| caller.ids().number(name).ok()).map(ActNumber);
    let filter = recognitions::seen(&caller, None, Page { before, most: SHOWN + 1 })?;
    let mut lines = app.store.recognition_page(caller.known.id, filter).await?;
    let is_more = lines.len() > SHOWN as usize;
    lines.truncate(SHOWN as usize);
    let older = lines
        .last()
        .filter(|_| is_more)
        .map(|line| frame.under(&format!("/us/recognitions?before={}", caller.name(line.recognition.number.0))));
    let persons: Vec<_> = lines.iter().map(|line| line.recognition.person).collect();
    let names = recognitions::names(&app, &caller, &persons).await?;
    let making = Making::of(&app, &caller).await?;
    let line = |line: &RecognitionLine| {
        let told = Told::new(&caller, &frame, line, (Reader::Association, making));
        let name = names.get(&line.recognition.person).cloned();
        Line {
            address: frame.under(&format!("/us/recognitions/{}", told.name)),
            name: name.unwrap_or_else(|| frame.t("recognise-somebody")),
            told,
        }
    };
    page(&List { lines: lines.iter().map(line).collect(), older, note: making.note(&frame), frame })
}
