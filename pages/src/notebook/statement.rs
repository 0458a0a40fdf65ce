//! A statement that somebody was given, against the ledger. It is read, shown and forgotten.

use askama::Template;
use axum::{extract::Request, extract::State, http::StatusCode};
use files::reconcile::statement::Comparison;
use ledger::Minutes;
use service::{App, caller::Caller, deposit::Deposit, received};

use super::{
    lay::{File, first, given, stopped},
    reader::reader,
};
use crate::{
    answer::{Answer, page, page_with, see},
    form::Misfits,
    frame::{Asking, Frame},
};

#[derive(Template)]
#[template(path = "notebook_statement.html")]
struct Checked {
    frame: Frame,
    compared: Comparison,
}

impl Checked {
    /// Each figure: what it counts, what the statement says, and what the ledger says where that is something else.
    fn figures(&self) -> Vec<(&str, String, Option<String>)> {
        let hours = |minutes: i64| self.frame.hours(Minutes::new(minutes));
        let figures = self.compared.figures().map(|figure| {
            let ledger = || self.frame.say("given-statement-ledger-says", &[("hours", hours(figure.known).into())]);
            (figure.name.as_str(), hours(figure.stated), (!figure.agrees()).then(ledger))
        });
        figures.collect()
    }

    fn verdict(&self) -> String {
        self.frame.t(if self.compared.is_clean() { "given-statement-agrees" } else { "given-statement-differs" })
    }

    fn sentences(&self) -> Vec<(bool, String)> {
        self.compared.sentences(self.frame.language())
    }
}

/// A statement that somebody chose.
pub(crate) async fn check(State(app): State<App>, caller: Caller, asking: Asking, request: Request) -> Answer {
    let frame = Frame::around(&app, &caller, &asking).await?;
    let mut misfits = Misfits::default();
    let status = match given(&app, &frame, request, File::Statement).await? {
        Err((sentence, status)) => {
            misfits.add(File::Statement.field(), sentence);
            status
        }
        Ok(Deposit { name, bytes, .. }) => {
            match received::check(&app, &caller, reader(&caller, &frame)?, name, bytes).await {
                Ok(compared) => return page(&Checked { frame, compared }),
                Err(left) => {
                    let why = left.open()?.in_words(frame.language());
                    misfits.add(File::Statement.field(), stopped(&why));
                    StatusCode::UNPROCESSABLE_ENTITY
                }
            }
        }
    };
    page_with(status, &first(&app, &caller, frame, misfits).await?)
}

/// Whoever comes back to its address chooses it again: it was not kept.
pub(crate) async fn again(State(app): State<App>, caller: Caller, asking: Asking) -> Answer {
    let frame = Frame::around(&app, &caller, &asking).await?;
    see(&frame.under("/notebook#statement"))
}
