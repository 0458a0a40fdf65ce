//! Signing in and out, for people: e-mail and password, after an invitation.

use std::sync::LazyLock;

use argon2::{
    Argon2,
    password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};
use axum::extract::State;
use chrono::{DateTime, TimeDelta, Utc};
use ledger::command::Principal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{Change, Kept, NewToken, Once};
use tokio::sync::Semaphore;
use uuid::Uuid;

use crate::{
    answer::{Answer, json, nothing},
    app::App,
    extract::Json,
    misfit::{Fits, Found, Misfit},
    problem::{Problem, Refusal},
    who::{Caller, Tokens},
};

/// The shortest password, in characters.
const PASSWORD_LEAST: usize = 10;

/// A hash takes 19 MiB and some 30 ms of a core: two at a time leave the service its memory and time.
static HASHING: Semaphore = Semaphore::const_new(2);

/// A person's session.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Session {
    id: Uuid,
    /// The bearer token of the session; shown once.
    token: String,
    expires_at: DateTime<Utc>,
    person: Uuid,
}

/// Who signs in.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignIn {
    #[schemars(length(min = 3, max = 200))]
    email: String,
    #[schemars(length(min = 1, max = 200))]
    password: String,
    /// Which network, where the service has several.
    network: Option<Uuid>,
}

pub(crate) async fn sign_in(State(app): State<App>, Json(body): Json<SignIn>) -> Answer {
    let failed = || Problem::new(Refusal::SignInFailed);
    let email = fold(&body.email);
    // Guessing is slowed down for each address, whether anybody signs in with it or not.
    app.guesses
        .take(Uuid::from_slice(&Tokens::digest(&email).0[..16]).unwrap_or_default())
        .map_err(|seconds| Problem::new(Refusal::TooManyRequests(seconds)))?;
    let networks = app.directory.all(&app.store).await?;
    let mut found = None;
    for known in networks.iter().filter(|known| body.network.is_none_or(|wanted| wanted == known.network.uuid)) {
        if let Some((person, hash)) = app.store.credential(known.id, &email).await? {
            found = Some((known, person, hash));
            break;
        }
    }
    // Without such an address a hash is checked all the same, so that nobody learns who signs in here.
    let hash = found.as_ref().map_or_else(|| nobody().to_owned(), |(_, _, hash)| hash.clone());
    let is_right = verify(body.password, hash).await;
    let Some((known, person, _)) = found.filter(|_| is_right) else { return Err(failed()) };
    let text = Tokens::text(known.id, app.random());
    let now = app.now();
    let token = NewToken {
        token: app.new_name(),
        secret: Tokens::digest(&text),
        is_session: true,
        principal: Principal::Person(person),
        scopes: "read write manage".to_owned(),
        acting_for: None,
        label: "session".to_owned(),
        expires_at: Some(now + TimeDelta::hours(i64::from(app.config.session_hours))),
    };
    app.store.add_token(known.id, &token, now).await?;
    let expires_at = token.expires_at.unwrap_or(now);
    Ok(json(201, &Session { id: token.token, token: text, expires_at, person: known.ids.name(person.0) }))
}

pub(crate) async fn sign_out(State(app): State<App>, caller: Caller) -> Answer {
    if caller.access.is_session {
        app.store.revoke_token(caller.known.id, caller.access.token, app.now()).await?;
        app.tokens.forget();
    }
    Ok(nothing())
}

/// An invitation that is followed.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Accept {
    /// What stands in the link after `#`.
    #[schemars(length(min = 1, max = 200))]
    secret: String,
    /// The address to sign in with.
    #[schemars(length(min = 3, max = 200), pattern(r"^[^@\s]+@[^@\s]+$"))]
    email: String,
    /// The password to sign in with: ten characters at least.
    #[schemars(length(min = 10, max = 200))]
    password: String,
}

pub(crate) async fn accept(State(app): State<App>, Json(body): Json<Accept>) -> Answer {
    let broken = || Problem::new(Refusal::InvitationDoesNotWork);
    if body.password.chars().count() < PASSWORD_LEAST {
        let found = body.password.chars().count();
        let why = Misfit::Length { found, fits: Fits::CharactersAtLeast(PASSWORD_LEAST) };
        return Err(Problem::new(Refusal::BodyDoesNotFit(why)).at("password"));
    }
    let email = fold(&body.email);
    let has_host = email.split_once('@').is_some_and(|(user, host)| !user.is_empty() && !host.is_empty());
    if !has_host || email.contains(char::is_whitespace) {
        let why = Misfit::Value { found: Found::NoAddress, fits: Some(Fits::Address) };
        return Err(Problem::new(Refusal::BodyDoesNotFit(why)).at("email"));
    }
    let network = crate::who::network_of(&body.secret).ok_or_else(broken)?;
    let known = app.directory.network(&app.store, network).await?.ok_or_else(broken)?;
    let secret = Tokens::digest(&body.secret);
    if !app.store.invitation_works(known.id, secret, app.now()).await? {
        return Err(broken());
    }
    let hash = hash(body.password, app.random()).await?;
    // The link itself makes the request one of its kind.
    let once = Once {
        scope: "invitation".to_owned(),
        key: secret.to_hex(),
        request: Tokens::digest(&email),
        status: 204,
        body: String::new(),
    };
    let change = Change::UseInvitation { secret, email, hash };
    match app.store.keep(known.id, &once, &change, app.now()).await? {
        Kept::Done => Ok(nothing()),
        Kept::Stale => Err(Problem::new(Refusal::EmailIsTaken).at("email")),
        Kept::Repeated { .. } | Kept::OtherRequest => Err(broken()),
    }
}

/// Addresses are compared without case.
fn fold(email: &str) -> String {
    email.trim().to_lowercase()
}

async fn hash(password: String, salt: [u8; 32]) -> Result<String, Problem> {
    let fault = || Problem::new(Refusal::Fault);
    let _turn = HASHING.acquire().await.map_err(|_| fault())?;
    let hashed = tokio::task::spawn_blocking(move || {
        Argon2::default().hash_password_with_salt(password.as_bytes(), &salt[..16]).map(|hash| hash.to_string())
    });
    hashed.await.map_err(|_| fault())?.map_err(|_| fault())
}

async fn verify(password: String, hash: String) -> bool {
    let Ok(_turn) = HASHING.acquire().await else { return false };
    let verified = tokio::task::spawn_blocking(move || {
        let hash = PasswordHash::new(&hash).ok()?;
        Argon2::default().verify_password(password.as_bytes(), &hash).ok()
    });
    verified.await.is_ok_and(|verified| verified.is_some())
}

/// A hash that no password has been told of.
fn nobody() -> &'static str {
    static NOBODY: LazyLock<String> = LazyLock::new(|| {
        let hash = Argon2::default().hash_password_with_salt(b"nobody signs in so", b"0123456789abcdef");
        hash.map(|hash| hash.to_string()).unwrap_or_default()
    });
    &NOBODY
}
