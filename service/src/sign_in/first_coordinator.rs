//! A network's first coordinator: a link on the terminal of whoever set the network up lets them say who they are.

use chrono::{DateTime, TimeDelta, Utc};
use ledger::{
    NetworkId,
    command::{By, Command},
    occasion::Occasion,
    person::{Identity, Role},
};
use store::{Store, StoreError};

use super::{
    address,
    coming::{Coming, Entered},
    device::Device,
    newcomer::{self, Newcomer},
};
use crate::{
    app::App,
    directory::Known,
    misfit::{Fits, Found, Misfit},
    problem::{Problem, Refusal},
    secret::{self, Secret},
};

/// So long the link works.
const HOURS: i64 = 48;

/// A new link's secret, where nobody who acts for the network can sign in.
///
/// # Errors
/// When the database does not answer.
pub async fn offer(
    store: &Store,
    network: NetworkId,
    sends_mail: bool,
    random: [u8; 32],
    now: DateTime<Utc>,
) -> Result<Option<Secret>, StoreError> {
    if store.can_a_coordinator_sign_in(network, sends_mail, now).await? {
        return Ok(None);
    }
    let secret = Secret::new(network, random);
    store.add_founding_link(network, secret.digest, now + TimeDelta::hours(HOURS), now).await?;
    Ok(Some(secret))
}

/// Whether a link works in that network.
///
/// # Errors
/// When the database does not answer.
pub async fn works(app: &App, known: &Known, secret: &str) -> Result<bool, Problem> {
    let is_here = secret::network_of(secret) == Some(known.id);
    Ok(is_here && app.store.founding_link_works(known.id, secret::digest(secret), app.now()).await?)
}

/// Who somebody says they are.
#[derive(Debug, Clone)]
pub struct WhoTheyAre {
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// E-mail address.
    pub email: String,
}

/// Makes whoever follows the link the network's coordinator, and lets them in.
///
/// # Errors
/// When what they say does not fit, the ledger refuses, or the database does not answer.
pub async fn appoint(
    app: &App,
    known: &Known,
    secret: &str,
    who: &WhoTheyAre,
    device: Device,
) -> Result<Entered, Problem> {
    if !works(app, known, secret).await? {
        return Ok(Entered::DoesNotWork);
    }
    let identity = identity(who)?;
    let link = secret::digest(secret);
    let newcomer = Newcomer { app, known, by: By::OPERATOR };
    let person = newcomer.add(Occasion::FirstCoordinator(&link), &identity).await?;
    let role = Command::GrantRole { person, role: Role::Coordinator };
    newcomer.submit(Occasion::FirstCoordinatorRole(person).request(By::OPERATOR, role)).await?;
    let writing = Coming::In(device).writing(app, known, person, None);
    if app.store.use_founding_link(known.id, link, &writing.opens(), app.now()).await? {
        writing.done(app, known).await
    } else {
        Ok(Entered::DoesNotWork)
    }
}

fn identity(who: &WhoTheyAre) -> Result<Identity, Problem> {
    let email = address::read(&who.email).ok_or_else(|| {
        let why = Misfit::Value { found: Found::NoAddress, fits: Some(Fits::Address) };
        Problem::new(Refusal::BodyDoesNotFit(why)).at("email")
    })?;
    let said = |text: &str, field: &str| {
        let text = text.trim().to_owned();
        let why = || Misfit::Length { found: 0, fits: Fits::CharactersAtLeast(1) };
        if text.is_empty() { Err(Problem::new(Refusal::BodyDoesNotFit(why())).at(field)) } else { Ok(text) }
    };
    let (first_name, last_name) = (said(&who.first_name, "first_name")?, said(&who.last_name, "last_name")?);
    Ok(newcomer::identity(&first_name, &last_name, Some(email), None))
}
