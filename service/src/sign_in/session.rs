//! Sessions: signing in with e-mail and password, and out; and which ones somebody has.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use ledger::{PersonNumber, command::Principal};
use store::{AccessToken, Credential, HandedOutFor, NetworkKey, NewToken, Opens};
use uuid::Uuid;

use super::{address::folded, device::Device, password};
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

/// So many days after its last use a session at a device ends.
const IDLE_DAYS: u32 = 30;

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
        (Some((known, person)), []) => Opening::of_program(app, &known, person).open(app, &known).await,
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

/// A session that is about to be opened.
#[derive(Debug)]
pub(super) struct Opening {
    token: NewToken,
    secret: Secret,
    person: PersonNumber,
    expires_at: DateTime<Utc>,
}

impl Opening {
    /// For programs: it ends after so many hours, used or not.
    fn of_program(app: &App, known: &Known, person: PersonNumber) -> Self {
        let hours = TimeDelta::hours(i64::from(app.config.session_hours));
        Self::new(app, known, person, "session".to_owned(), hours)
    }

    /// For somebody at a device: it ends once it has not been used for long.
    pub(super) fn at_device(app: &App, known: &Known, person: PersonNumber, device: Device) -> Self {
        let mut opening = Self::new(app, known, person, device.stored(), TimeDelta::days(IDLE_DAYS.into()));
        opening.token.idle_seconds = Some(IDLE_DAYS * 24 * 60 * 60);
        opening
    }

    fn new(app: &App, known: &Known, person: PersonNumber, label: String, lasts: TimeDelta) -> Self {
        let secret = Secret::new(known.id, app.random());
        let expires_at = app.now() + lasts;
        let token = NewToken {
            token: app.new_name(),
            secret: secret.digest,
            is_session: true,
            principal: Principal::Person(person),
            scopes: Scope::ALL.map(Scope::as_str).join(" "),
            acting_for: None,
            label,
            expires_at: Some(expires_at),
            made_with: None,
            idle_seconds: None,
            handed_out_for: None,
        };
        Self { token, secret, person, expires_at }
    }

    /// With a card, that whoever printed it did for these.
    #[must_use]
    pub(super) fn handed_out_for(mut self, whom: HandedOutFor) -> Self {
        self.token.handed_out_for = Some(whom);
        self
    }

    /// What is written to open it.
    pub(super) fn opens(&self) -> Opens {
        Opens::Session(self.token.clone())
    }

    /// The session, once it is written.
    pub(super) async fn opened(self, app: &App, known: &Known) -> Result<Session, Problem> {
        let Self { token: NewToken { token, .. }, secret, person, expires_at } = self;
        let registry = known.registry(&app.store).await?;
        let person = known.fingerprint.ids(registry.generations()).shown(person.0);
        Ok(Session { token, secret, expires_at, person })
    }

    /// Writes it, where nothing else is written with it.
    pub(super) async fn open(self, app: &App, known: &Known) -> Result<Session, Problem> {
        app.store.add_token(known.id, &self.token, app.now()).await?;
        self.opened(app, known).await
    }
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

/// A session that somebody has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Its name.
    pub session: Uuid,
    /// Where it was opened.
    pub device: Device,
    /// When.
    pub opened_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    pub used_at: Option<DateTime<Utc>>,
    /// Whether it was opened with a paper card, which somebody printed.
    pub is_with_card: bool,
    /// Whether it is the one in which they ask.
    pub is_this: bool,
}

/// The sessions that the caller has, the last used first; none for who is no person.
///
/// # Errors
/// When the database does not answer.
pub async fn held(app: &App, caller: &Caller) -> Result<Vec<Held>, Problem> {
    let Some(person) = caller.person() else { return Ok(Vec::new()) };
    let sessions = app.store.sessions_of(caller.known.id, person, app.now()).await?;
    let held = |session: AccessToken| Held {
        session: session.token,
        device: Device::from_stored(&session.label),
        opened_at: session.created_at,
        used_at: session.last_used_at,
        is_with_card: session.handed_out_for.is_some(),
        is_this: session.token == caller.access.token,
    };
    let mut held: Vec<Held> = sessions.into_iter().map(held).collect();
    held.sort_by_key(|session| std::cmp::Reverse((session.is_this, session.used_at.unwrap_or(session.opened_at))));
    Ok(held)
}

/// Ends one of the caller's sessions; one that has ended stays so.
///
/// # Errors
/// When the caller has none of that name, or the database does not answer.
pub async fn end(app: &App, caller: &Caller, session: Uuid) -> Result<(), Problem> {
    if !held(app, caller).await?.iter().any(|held| held.session == session) {
        return Err(Problem::not_found());
    }
    app.store.revoke_token(caller.known.id, session, app.now()).await?;
    app.tokens.forget();
    Ok(())
}

/// Ends all of the caller's sessions but the one in which they ask.
///
/// # Errors
/// When the database does not answer.
pub async fn end_others(app: &App, caller: &Caller) -> Result<(), Problem> {
    for other in held(app, caller).await?.into_iter().filter(|held| !held.is_this) {
        app.store.revoke_token(caller.known.id, other.session, app.now()).await?;
    }
    app.tokens.forget();
    Ok(())
}
