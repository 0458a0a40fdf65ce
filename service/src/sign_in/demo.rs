//! The door of a network that the demo made: one tap, and one is whoever one wants to look around as. No other network has
//! it: whether there is one stands in the database, and not in how the service was started.

use ledger::PersonNumber;
use store::{DemoPersona, Persona};

use super::{
    device::Device,
    session::{Opening, Session},
};
use crate::{app::App, directory::Known, problem::Problem};

/// As whom a visitor may look around: as nobody, where the demo did not make the network.
///
/// # Errors
/// When the database does not answer.
pub async fn personas(app: &App, known: &Known) -> Result<Vec<DemoPersona>, Problem> {
    Ok(app.store.demo_personas(known.id).await?)
}

/// A visitor who was let in.
#[derive(Debug)]
pub struct Visitor {
    /// As whom.
    pub person: PersonNumber,
    /// Their session.
    pub session: Session,
}

/// Lets a visitor in.
///
/// # Errors
/// When the network was not made by the demo or has nobody for that part, or the database does not answer.
pub async fn enter(app: &App, known: &Known, persona: Persona, device: Device) -> Result<Visitor, Problem> {
    let found = personas(app, known).await?.into_iter().find(|found| found.persona == persona);
    let person = found.ok_or_else(Problem::not_found)?.person;
    let session = Opening::at_device(app, known, person, device).open(app, known).await?;
    Ok(Visitor { person, session })
}
