//! Sessions: signing in with e-mail and password, and out.

use chrono::{DateTime, TimeDelta, Utc};
use ledger::{PersonNumber, command::Principal};
use store::{Credential, NetworkKey, NewToken, StoreError};
use uuid::Uuid;

use super::{invitation::folded, password};
use crate::{
    app::App,
    caller::Caller,
    directory::Known,
    problem::{Problem, Refusal},
    rule::Scope,
    secret::{self, Secret},
};

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

/// Signs in; in that network, where the address may be known to several.
///
/// # Errors
/// When the address or the password is wrong, or was tried too often.
pub async fn sign_in(app: &App, email: &str, password: String, network: Option<Uuid>) -> Result<Session, Problem> {
    let email = folded(email);
    // Guessing is slowed down for each address, whether anybody signs in with it or not.
    app.guesses.take(bucket(&email)).map_err(|seconds| Problem::new(Refusal::TooManyRequests(seconds)))?;
    let known = match network {
        Some(network) => app.directory.find(&app.store, &NetworkKey::Uuid(network)).await?,
        None => match app.store.network_of_address(&email).await? {
            Some(network) => app.directory.network(&app.store, network).await?,
            None => None,
        },
    };
    let credential = match &known {
        Some(known) => app.store.credential(known.id, &email).await?,
        None => None,
    };
    let (person, hash) = credential.map(|Credential { person, hash }| (person, hash)).unzip();
    let is_right = password::is_right(password, hash).await;
    match known.zip(person).filter(|_| is_right) {
        Some((known, person)) => open(app, &known, person).await,
        None => Err(Problem::new(Refusal::SignInFailed)),
    }
}

/// Where guesses at an address are counted.
fn bucket(email: &str) -> Uuid {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&secret::digest(email).0[..16]);
    Uuid::from_bytes(bytes)
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
    };
    app.store.add_token(known.id, &token, now).await?;
    let registry = known.registry(&app.store).await?;
    let person = known.fingerprint.ids(registry.generations()).shown(person.0);
    Ok(Session { token: token.token, secret, expires_at, person })
}

/// Ends the caller's session; a token that is none stays.
///
/// # Errors
/// When the database does not answer.
pub async fn sign_out(app: &App, caller: &Caller) -> Result<(), StoreError> {
    if caller.access.is_session {
        app.store.revoke_token(caller.known.id, caller.access.token, app.now()).await?;
        app.tokens.forget();
    }
    Ok(())
}
