//! Persons, found by a part of their name or by their code; and the form for a new one.

use askama::Template;
use axum::{extract::State, http::StatusCode};
use ledger::{
    command::Command,
    name,
    person::{Identity, Person},
};
use service::{App, caller::Caller, problem::Problem};

use super::one::{field_of, identity, identity_fields, roles_in_words};
use crate::{
    answer::{Answer, page, page_with, see},
    form::{Filled, Misfits, sentence_of},
    frame::{Asking, Frame, full_name},
    step_form::{Sent, StepForm},
};

/// So many are shown; whoever is not among them is found by another letter of their name.
const SHOWN: usize = 60;

/// A person.
#[derive(Debug)]
struct Row {
    address: String,
    name: String,
    code: String,
    /// What they are, and where they belong.
    about: String,
}

#[derive(Template)]
#[template(path = "persons.html")]
struct List {
    frame: Frame,
    misfits: Misfits,
    rows: Vec<Row>,
    name: String,
    has_more: bool,
    form: StepForm,
}

async fn lay(app: &App, caller: &mut Caller, asking: &Asking, sent: Option<Sent<'_>>) -> Result<List, Problem> {
    caller.registry = caller.known.refreshed(&app.store).await?;
    let frame = Frame::around(app, caller, asking).await?;
    let wanted = asking.parameter("name").unwrap_or_default();
    let words = name::fold(&wanted);
    let words: Vec<&str> = words.split(' ').filter(|word| !word.is_empty()).collect();
    let identities = app.store.identities(caller.known.id).await?;
    let is_meant = |identity: &Identity| {
        let text = format!(" {} {}", name::fold(&full_name(identity)), name::fold(&identity.code));
        words.iter().all(|word| text.contains(&format!(" {word}")))
    };
    // Whoever speaks for somebody comes first, where nobody is looked for.
    let has_role = |person: &Person| !person.roles.is_empty();
    let mut meant: Vec<(&Person, &Identity)> = identities
        .iter()
        .filter(|(_, identity)| is_meant(identity))
        .filter_map(|(number, identity)| Some((caller.registry.person(*number)?, identity)))
        .collect();
    meant.sort_by_cached_key(|(person, identity)| (!has_role(person), name::fold(&full_name(identity))));
    let row = |(person, identity): &(&Person, &Identity)| Row {
        address: frame.under(&format!("/persons/{}", caller.name(person.number.0))),
        name: full_name(identity),
        code: identity.code.clone(),
        about: about(caller, &frame, person),
    };
    let rows = meant.iter().take(SHOWN).map(row).collect();
    let keys = ["person-new-title", "person-new-then", "person-new"];
    let form = StepForm::new(&frame, "new", frame.under("/persons"), keys);
    let form = identity_fields(form, &frame, &Identity::default(), None).sent(sent);
    Ok(List {
        misfits: sent.map(|sent| sent.misfits.clone()).unwrap_or_default(),
        rows,
        name: wanted,
        has_more: meant.len() > SHOWN,
        form,
        frame,
    })
}

/// What a person is, and where they belong: "délégué de Chorale".
fn about(caller: &Caller, frame: &Frame, person: &Person) -> String {
    let roles = roles_in_words(caller, frame, person);
    let belongs = person
        .associations
        .iter()
        .filter(|association| !person.roles.iter().any(|role| role.association() == Some(**association)))
        .map(|association| caller.name_of(*association));
    roles.into_iter().chain(belongs).collect::<Vec<_>>().join(", ")
}

/// The page.
pub(crate) async fn show(State(app): State<App>, mut caller: Caller, asking: Asking) -> Answer {
    page(&lay(&app, &mut caller, &asking, None).await?)
}

/// Adds somebody.
pub(crate) async fn add(State(app): State<App>, mut caller: Caller, asking: Asking, filled: Filled) -> Answer {
    let asked = filled.asked()?;
    let frame = Frame::around(&app, &caller, &asking).await?;
    let mut misfits = Misfits::default();
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if let Some(identity) = identity(&filled, &frame, &mut misfits) {
        match app.write(&caller, &asked, Command::AddPerson(identity)).await {
            Ok(made) => {
                return see(&frame.under(&format!("/persons/{}?said=said-person", caller.name(made.act.0))));
            }
            Err(problem) => {
                misfits.add(field_of(&problem), sentence_of(&frame, &problem));
                status = problem.status();
            }
        }
    }
    let sent = Sent { word: "new", filled: &filled, misfits: &misfits };
    page_with(status, &lay(&app, &mut caller, &asking, Some(sent)).await?)
}
