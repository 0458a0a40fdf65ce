//! Signing in and out, for people: e-mail and password, after an invitation.

use std::sync::Arc;

use axum::{Extension, extract::State};
use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use service::{
    App,
    caller::Caller,
    sign_in::{
        invitation::{self, Accepted},
        session,
    },
    source::Source,
    token::Access,
};
use uuid::Uuid;

use crate::{
    answer::{Answer, json, nothing},
    extract::Json,
};

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

pub(crate) async fn sign_in(State(app): State<App>, source: Source, Json(body): Json<SignIn>) -> Answer {
    let made = session::sign_in(&app, source, &body.email, body.password, body.network).await?;
    Ok(json(
        201,
        &Session { id: made.token, token: made.secret.text, expires_at: made.expires_at, person: made.person },
    ))
}

pub(crate) async fn sign_out(State(app): State<App>, Extension(access): Extension<Arc<Access>>) -> Answer {
    session::sign_out(&app, &access).await?;
    Ok(nothing())
}

/// The password of whoever holds a session, once more.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignInAgain {
    #[schemars(length(min = 1, max = 200))]
    password: String,
}

pub(crate) async fn sign_in_again(
    State(app): State<App>,
    source: Source,
    caller: Caller,
    Json(body): Json<SignInAgain>,
) -> Answer {
    session::sign_in_again(&app, source, &caller, body.password).await?;
    Ok(nothing())
}

/// An invitation that is followed.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Accept {
    /// What stands in the link after `#`.
    #[schemars(length(min = 1, max = 200))]
    secret: String,
    /// The address to sign in with; for somebody who has one already, that one.
    #[schemars(length(min = 3, max = 200), pattern(r"^[^@\s]+@[^@\s]+$"))]
    email: String,
    /// The password to sign in with: ten characters at least.
    #[schemars(length(min = 10, max = 200))]
    password: String,
}

pub(crate) async fn accept(State(app): State<App>, Json(body): Json<Accept>) -> Answer {
    let Accept { secret, email, password } = body;
    invitation::accept(&app, Accepted { secret, email, password }).await?;
    Ok(nothing())
}
