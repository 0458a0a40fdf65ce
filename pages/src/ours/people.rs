//! One of an association's people: what they may do for it, given and taken back by its administrator.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use ledger::{
    AssociationNumber,
    command::Command,
    person::{Person, Role},
};
use service::{App, caller::Caller, mailer::role, persons, problem::Problem};
use uuid::Uuid;

use super::roster::{is_in_charge, roles_in_words};
use crate::{
    answer::{Answer, page, page_with, see},
    form::{Filled, Misfits, sentence_of},
    frame::{Asking, Frame, full_name},
    home::own,
};

/// A role that can be given or taken back.
#[derive(Debug)]
struct Change {
    /// The form's value: the role, and whether it is to be held.
    value: &'static str,
    /// What the button says.
    word: &'static str,
}

#[derive(Template)]
#[template(path = "person.html")]
struct One {
    frame: Frame,
    misfits: Misfits,
    address: String,
    name: String,
    email: Option<String>,
    roles: String,
    changes: Vec<Change>,
}

async fn lay(app: &App, caller: &mut Caller, asking: &Asking, name: Uuid, misfits: Misfits) -> Result<One, Problem> {
    let own = own(caller)?;
    let person = persons::find_seen(&app.store, caller, name).await?;
    let frame = Frame::around(app, caller, asking).await?;
    let identity = app.store.identity(caller.known.id, person.number).await?;
    let is_in_charge = is_in_charge(caller, own);
    Ok(One {
        address: frame.under(&format!("/us/people/{name}")),
        name: identity.as_ref().map_or_else(|| frame.t("exchange-somebody"), full_name),
        email: identity.and_then(|identity| identity.email),
        roles: roles_in_words(&frame, &person, own),
        changes: if is_in_charge { changes(&person, own) } else { Vec::new() },
        misfits,
        frame,
    })
}

fn changes(person: &Person, own: AssociationNumber) -> Vec<Change> {
    let holds = |role| person.roles.contains(&role);
    let delegate = if holds(Role::Delegate(own)) {
        Change { value: "delegate-no", word: "us-no-delegate" }
    } else {
        Change { value: "delegate-yes", word: "us-make-delegate" }
    };
    let administrator = if holds(Role::Administrator(own)) {
        Change { value: "administrator-no", word: "us-no-administrator" }
    } else {
        Change { value: "administrator-yes", word: "us-make-administrator" }
    };
    vec![delegate, administrator]
}

/// The page.
pub(crate) async fn show(
    State(app): State<App>,
    mut caller: Caller,
    Path((_, name)): Path<(String, Uuid)>,
    asking: Asking,
) -> Answer {
    page(&lay(&app, &mut caller, &asking, name, Misfits::default()).await?)
}

/// Gives a role, or takes it back. The last administrator keeps theirs: the ledger says so.
pub(crate) async fn give(
    State(app): State<App>,
    mut caller: Caller,
    Path((_, name)): Path<(String, Uuid)>,
    asking: Asking,
    filled: Filled,
) -> Answer {
    let own = own(&caller)?;
    let asked = filled.asked()?;
    let person = persons::find_seen(&app.store, &mut caller, name).await?.number;
    let (role, is_given) = match filled.get("role") {
        "delegate-yes" => (Role::Delegate(own), true),
        "delegate-no" => (Role::Delegate(own), false),
        "administrator-yes" => (Role::Administrator(own), true),
        "administrator-no" => (Role::Administrator(own), false),
        _ => return Err(Problem::not_found()),
    };
    let result = if is_given {
        role::grant(&app, &caller, &asked, person, role).await
    } else {
        app.write(&caller, &asked, Command::RevokeRole { person, role }).await
    };
    match result {
        Ok(_) => {
            let prefix = asking.place.prefix();
            see(&format!("{prefix}/a/{}/us?said=said-role", caller.name(own.0)))
        }
        Err(problem) => {
            let frame = Frame::around(&app, &caller, &asking).await?;
            let mut misfits = Misfits::default();
            misfits.add("role", sentence_of(&frame, &problem));
            let status = if problem.status().is_server_error() { problem.status() } else { StatusCode::CONFLICT };
            page_with(status, &lay(&app, &mut caller, &asking, name, misfits).await?)
        }
    }
}
