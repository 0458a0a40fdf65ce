//! Sessions: signing in with e-mail and password, and out.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use ledger::{PersonNumber, command::Principal};
use store::{Credential, NetworkKey, NewToken};
use uuid::Uuid;

use super::{invitation::folded, password};
use crate::{
    app::App,
    caller::Caller,
    directory::Known,
    operation::moment::instant,
    problem::{Problem, Refusal},
    rule::Scope,
    secret::Secret,
    source::Source,
    token::Access,
};

/// In so many networks at most an address is tried.
const NETWORKS_MOST: u32 = 8;
/// A wrong password is told no earlier: how long it took says nothing of how many networks know the address.
const WRONG_AFTER: Duration = Duration::from_millis(400);

/// A person's new session.
#[derive(Debug)]
pub struct Session {
    /// Its name.
    pub token: Uuid,
    /// What opens it; shown once.
    pub secret: Secret,
    /// Until when it holds.
    pub expires_at: DateTime<Utc>,
    /// Who signed in: their name.
    pub person: Uuid,
}

/// Signs in; in that network, where one is named. Where the same address and password sign in to several, whoever has
/// given them is asked which one is meant, and nobody else.
///
/// # Errors
/// When the address or the password is wrong, or both are right in several networks.
pub async fn sign_in(
    app: &App,
    source: Source,
    email: &str,
    password: String,
    network: Option<Uuid>,
) -> Result<Session, Problem> {
    let email = folded(email);
    let mut right = try_password(app, source, &email, password, network).await?;
    match (right.pop(), right.as_slice()) {
        (None, _) => Err(Problem::new(Refusal::SignInFailed)),
        (Some((known, person)), []) => open(app, &known, person).await,
        (Some((last, _)), others) => {
            let networks: Vec<_> = others.iter().map(|(known, _)| known).chain([&last]).collect();
            let names = networks.iter().map(|known| known.network.name.clone()).collect();
            let fits = networks.iter().map(|known| known.network.uuid.to_string());
            Err(Problem::new(Refusal::SayWhichNetwork(names)).at("network").fits(fits))
        }
    }
}

/// The networks in which that address signs in with that password, and who it is there.
async fn try_password(
    app: &App,
    source: Source,
    email: &str,
    password: String,
    network: Option<Uuid>,
) -> Result<Vec<(Arc<Known>, PersonNumber)>, Problem> {
    tokio::time::sleep(app.guesses.try_at(email, source)).await;
    let began = instant();
    let mut candidates = Vec::new();
    match network {
        Some(network) => candidates.extend(app.directory.find(&app.store, &NetworkKey::Uuid(network)).await?),
        None => {
            for network in app.store.networks_of_address(email, NETWORKS_MOST).await? {
                candidates.extend(app.directory.network(&app.store, network).await?);
            }
        }
    }
    let mut right = Vec::new();
    let mut is_nobody_asked = true;
    for known in candidates {
        let Some(Credential { person, hash }) = app.store.credential(known.id, email).await? else { continue };
        is_nobody_asked = false;
        if password::is_right(password.clone(), Some(hash)).await {
            right.push((known, person));
        }
    }
    if is_nobody_asked {
        password::is_right(password, None).await;
    }
    if right.is_empty() {
        tokio::time::sleep(WRONG_AFTER.saturating_sub(began.elapsed())).await;
    } else {
        app.guesses.was_right(email, source);
    }
    Ok(right)
}

async fn open(app: &App, known: &Known, person: PersonNumber) -> Result<Session, Problem> {
    let secret = Secret::new(known.id, app.random());
    let now = app.now();
    let expires_at = now + TimeDelta::hours(i64::from(app.config.session_hours));
    let token = NewToken {
        token: app.new_name(),
        secret: secret.digest,
        is_session: true,
        principal: Principal::Person(person),
        scopes: Scope::ALL.map(Scope::as_str).join(" "),
        acting_for: None,
        label: "session".to_owned(),
        expires_at: Some(expires_at),
        made_with: None,
    };
    app.store.add_token(known.id, &token, now).await?;
    let registry = known.registry(&app.store).await?;
    let person = known.fingerprint.ids(registry.generations()).shown(person.0);
    Ok(Session { token: token.token, secret, expires_at, person })
}

/// Whoever holds a session gives their password again, as grave steps ask for.
///
/// # Errors
/// When the password is wrong, or what the caller shows is no session.
pub async fn sign_in_again(app: &App, source: Source, caller: &Caller, password: String) -> Result<(), Problem> {
    let failed = || Problem::new(Refusal::SignInFailed).at("password");
    let person = caller.person().filter(|_| caller.access.is_session).ok_or_else(failed)?;
    let email = app.store.address_of(caller.known.id, person).await?.ok_or_else(failed)?;
    let right = try_password(app, source, &email, password, Some(caller.known.network.uuid)).await?;
    if !right.iter().any(|(_, found)| *found == person) {
        return Err(failed());
    }
    app.store.note_signed_in(caller.known.id, caller.access.token, app.now()).await?;
    app.tokens.forget();
    Ok(())
}

/// Ends a session, whoever holds it; a token that is none stays.
///
/// # Errors
/// When the database does not answer.
pub async fn sign_out(app: &App, access: &Access) -> Result<(), Problem> {
    if access.is_session {
        app.store.revoke_token(access.network, access.token, app.now()).await?;
        app.tokens.forget();
    }
    Ok(())
}
