//! The first page of a network that the demo made: what this is, and as whom one may look around.

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, header},
    response::Response,
};
use ledger::{PersonNumber, person::Role};
use service::{
    App,
    directory::Known,
    problem::Problem,
    sign_in::{demo, device::Device},
};
use store::{DemoPersona, Persona};

use crate::{
    answer::{Answer, page, see_with},
    door,
    form::Filled,
    frame::{Asking, Frame, full_name},
};

/// Somebody as whom one may look around.
#[derive(Debug)]
struct Part {
    word: &'static str,
    /// What they would do first.
    does: String,
    name: String,
    /// Their association, or the network.
    of: String,
    title: String,
}

#[derive(Template)]
#[template(path = "demo.html")]
struct Door {
    frame: Frame,
    parts: Vec<Part>,
}

/// The page; nothing where the network was not made by the demo.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn door(app: &App, known: &Known, asking: &Asking) -> Result<Option<Response>, Problem> {
    let personas = demo::personas(app, known).await?;
    if personas.is_empty() {
        return Ok(None);
    }
    let frame = Frame::for_anybody(app, asking).await?;
    let mut parts = Vec::new();
    for persona in personas {
        parts.push(part(app, known, &frame, persona).await?);
    }
    page(&Door { parts, frame }).map(Some)
}

async fn part(app: &App, known: &Known, frame: &Frame, cast: DemoPersona) -> Result<Part, Problem> {
    let registry = known.registry(&app.store).await?;
    let identity = app.store.identity(known.id, cast.person).await?;
    let person = registry.person(cast.person);
    let role = person.and_then(|person| person.roles.iter().find_map(|role: &Role| role.association()));
    let association = role.or_else(|| match cast.persona {
        Persona::Volunteer => person.and_then(|person| person.associations.first().copied()),
        Persona::Delegate | Persona::OtherDelegate | Persona::Treasurer | Persona::Coordinator | Persona::Mediator => {
            None
        }
    });
    let named = association.and_then(|number| registry.association(number));
    let (title, does) = match cast.persona {
        Persona::Delegate => ("demo-delegate", "demo-delegate-does"),
        Persona::OtherDelegate => ("demo-other-delegate", "demo-other-delegate-does"),
        Persona::Treasurer => ("demo-treasurer", "demo-treasurer-does"),
        Persona::Coordinator => ("demo-coordinator", "demo-coordinator-does"),
        Persona::Mediator => ("demo-mediator", "demo-mediator-does"),
        Persona::Volunteer => ("demo-volunteer", "demo-volunteer-does"),
    };
    Ok(Part {
        word: cast.persona.as_str(),
        does: frame.t(does),
        name: identity.as_ref().map(full_name).unwrap_or_default(),
        of: named.map_or_else(|| known.network.name.clone(), |association| association.name().to_owned()),
        title: frame.t(title),
    })
}

/// Lets a visitor in.
pub(crate) async fn enter(State(app): State<App>, asking: Asking, headers: HeaderMap, filled: Filled) -> Answer {
    let known = asking.place.network(&app).await?;
    let persona = Persona::try_from(filled.get("persona")).map_err(|_| Problem::not_found())?;
    let browser = headers.get(header::USER_AGENT).and_then(|text| text.to_str().ok()).unwrap_or_default();
    let visitor = demo::enter(&app, &known, persona, Device::of(browser)).await?;
    let base = match persona {
        Persona::Coordinator => "/c".to_owned(),
        Persona::Mediator => "/m".to_owned(),
        Persona::Volunteer => "/me".to_owned(),
        Persona::Delegate | Persona::OtherDelegate | Persona::Treasurer => {
            home_of(&app, &known, visitor.person).await?
        }
    };
    let prefix = asking.place.prefix();
    see_with(&format!("{prefix}{base}"), &door::opening(&asking.place, &visitor.session.secret.text))
}

/// The first page of the association for which somebody speaks.
async fn home_of(app: &App, known: &Known, person: PersonNumber) -> Result<String, Problem> {
    let registry = known.registry(&app.store).await?;
    let person = registry.person(person);
    let association = person.and_then(|person| person.roles.iter().find_map(|role| role.association()));
    let ids = known.fingerprint.ids(registry.generations());
    Ok(association.map_or_else(|| "/me".to_owned(), |number| format!("/a/{}", ids.shown(number.0))))
}
