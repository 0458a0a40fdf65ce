//! How to reach an association, as its administrator says it.

use askama::Template;
use axum::{extract::State, http::StatusCode};
use ledger::association::Contact;
use service::{App, caller::Caller, writing::AnswerToKeep};
use store::Change;

use crate::{
    answer::{Answer, page, page_with, see},
    form::{Filled, Misfits},
    frame::{Asking, Frame},
    home::own,
};

/// No line of a contact is longer.
const LENGTH_MOST: usize = 200;

#[derive(Template)]
#[template(path = "contact.html")]
struct ContactPage {
    frame: Frame,
    misfits: Misfits,
    contact: Contact,
}

/// The form.
pub(crate) async fn edit(State(app): State<App>, caller: Caller, asking: Asking) -> Answer {
    let contact = app.store.contact(caller.known.id, own(&caller)?).await?.unwrap_or_default();
    let frame = Frame::around(&app, &caller, &asking).await?;
    page(&ContactPage { misfits: Misfits::default(), contact, frame })
}

/// What was filled in.
pub(crate) async fn save(State(app): State<App>, caller: Caller, asking: Asking, filled: Filled) -> Answer {
    let own = own(&caller)?;
    let asked = filled.asked()?;
    let frame = Frame::around(&app, &caller, &asking).await?;
    let mut misfits = Misfits::default();
    let mut line = |field: &str| {
        let text = filled.said(field)?;
        if let Some(sentence) = misfit(&frame, text) {
            misfits.add(field, sentence);
        }
        Some(text.to_owned())
    };
    let contact = Contact {
        name: line("name"),
        email: line("email"),
        phone: line("phone"),
        paper_only: filled.is("paper_only", "yes"),
    };
    if contact.email.as_deref().is_some_and(|email| email.split('@').count() != 2 || email.contains(' ')) {
        misfits.add("email", frame.t("us-email-misfit"));
    }
    if !misfits.is_empty() {
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &ContactPage { misfits, contact, frame });
    }
    let change = Change::SetContact(own, contact);
    let body = serde_json::Value::Null;
    app.keep(&caller, &asked, &change, AnswerToKeep { status: 200, body: &body }).await?;
    see(&frame.under("/us?said=said-kept-contact"))
}

fn misfit(frame: &Frame, text: &str) -> Option<String> {
    let length = text.chars().count();
    if length > LENGTH_MOST {
        let with = [("found", length.into()), ("most", LENGTH_MOST.into())];
        return Some(frame.say("us-line-too-long", &with));
    }
    let letter = ledger::printable::unreadable_in(text)?;
    Some(frame.say("us-line-unreadable", &[("sign", letter.escape_unicode().to_string().into())]))
}
