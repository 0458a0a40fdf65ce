//! The statements that were signed for an association, and the signed document of each.

use askama::Template;
use axum::extract::{Path, State};
use ledger::Minutes;
use service::{
    App,
    caller::Caller,
    statements::{self, Handed},
};

use super::standing::{standing, stood};
use crate::{
    answer::{Answer, page, to_keep},
    frame::{Asking, Frame},
    home::own,
};

/// A statement in the list.
#[derive(Debug)]
struct Listed {
    title: String,
    address: String,
    about: String,
    /// Where the association stood at the end of the year.
    stood: String,
    standing: Option<String>,
}

#[derive(Template)]
#[template(path = "statements.html")]
struct List {
    frame: Frame,
    listed: Vec<Listed>,
}

/// The list.
pub(crate) async fn show(State(app): State<App>, caller: Caller, asking: Asking) -> Answer {
    let frame = Frame::around(&app, &caller, &asking).await?;
    let handed = statements::of(&app, &caller, own(&caller)?).await?;
    page(&List { listed: handed.iter().map(|handed| listed(&frame, handed)).collect(), frame })
}

fn listed(frame: &Frame, handed: &Handed) -> Listed {
    let figures = &handed.figures;
    let hours = |minutes| frame.hours(Minutes::new(minutes));
    let with = [
        ("number", handed.number.as_str().into()),
        ("given", hours(figures.given_minutes).into()),
        ("received", hours(figures.received_minutes).into()),
    ];
    Listed {
        title: frame.say("statements-of-year", &[("year", handed.year.to_string().into())]),
        address: frame.under(&format!("/statements/{}", handed.number)),
        about: frame.say("statements-about", &with),
        stood: stood(frame, figures),
        standing: standing(frame, handed),
    }
}

/// The signed document, byte by byte.
pub(crate) async fn file(State(app): State<App>, caller: Caller, Path((_, number)): Path<(String, String)>) -> Answer {
    let handed = statements::find(&app, &caller, own(&caller)?, &number).await?;
    to_keep(handed.bytes, "application/json", &format!("releve-{}.json", handed.number))
}
