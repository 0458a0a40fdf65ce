//! Access tokens: random, shown once, kept as a hash.

use axum::extract::State;
use chrono::{DateTime, TimeDelta, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use service::{
    App, Scope, Secret,
    acting::Acting,
    caller::Caller,
    misfit::{Fits, Misfit},
    problem::{Problem, Refusal},
    token::only_for,
    writing::AnswerToKeep,
};
use store::{AccessToken, Change, NewToken, StoreError};
use uuid::Uuid;

use crate::{
    answer::{Answer, NOTHING_TO_KEEP, again, json as json_answer, nothing},
    extract::{Keyed, Nothing, Path},
};

/// The longest label, in characters.
const LABEL_MOST: usize = 200;
/// So long a token holds unless said.
const DAYS: u32 = 365;
/// So long a token holds at most.
const DAYS_MOST: u32 = 3_650;

/// A token.
#[derive(Debug, Serialize, JsonSchema)]
#[expect(clippy::struct_field_names, reason = "as in the JSON")]
pub(crate) struct Token {
    id: Uuid,
    /// What its owner calls it.
    label: String,
    /// Whether it is a person's session.
    is_session: bool,
    /// What it is good for.
    scopes: Vec<&'static str>,
    /// The one name in which it acts, if it has only one.
    acting_for: Option<String>,
    created_at: Option<DateTime<Utc>>,
    expires_at: Option<DateTime<Utc>>,
    /// When it was last used, to the minute.
    last_used_at: Option<DateTime<Utc>>,
    revoked_at: Option<DateTime<Utc>>,
    /// The token itself; shown once, and absent when the same request is repeated.
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
}

/// The caller's tokens.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct TokenList {
    /// Oldest first.
    items: Vec<Token>,
}

pub(crate) async fn list(State(app): State<App>, caller: Caller) -> Answer {
    let tokens = app.store.tokens(caller.known.id).await?;
    let own = tokens.into_iter().filter(|token| token.principal == caller.access.principal);
    Ok(json_answer(200, &TokenList { items: own.map(|token| show(&caller, token)).collect::<Result<_, _>>()? }))
}

fn show(caller: &Caller, token: AccessToken) -> Result<Token, StoreError> {
    let acting_for = only_for(&token)?.map(|acting| acting.shown(caller.ids()));
    Ok(Token {
        id: token.token,
        is_session: token.is_session,
        scopes: Scope::read(&token.scopes).into_iter().map(Scope::as_str).collect(),
        acting_for,
        created_at: Some(token.created_at),
        expires_at: token.expires_at,
        last_used_at: token.last_used_at,
        revoked_at: token.revoked_at,
        label: token.label,
        token: None,
    })
}

/// A token to make, for the caller's own use.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MakeToken {
    /// What it is for, in words.
    #[schemars(length(min = 1, max = 200))]
    label: String,
    /// What it is to be good for: no more than the caller's own token.
    #[schemars(length(min = 1, max = 3))]
    scopes: Vec<ScopeName>,
    /// The one name in which it is to act: `coordinator`, `mediator`, `auditor`, `association:ID`, or `oneself`.
    #[schemars(length(max = 64))]
    acting_for: Option<String>,
    /// How many days it holds; 365 unless said, and no longer than the token that it is made with. Taking that one back
    /// takes this one back.
    #[schemars(range(min = 1, max = 3650))]
    days: Option<u32>,
}

/// The scopes.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ScopeName {
    /// Reading.
    Read,
    /// Everyday writing.
    Write,
    /// Who takes part, and under which rules.
    Manage,
}

impl ScopeName {
    const fn scope(self) -> Scope {
        match self {
            Self::Read => Scope::Read,
            Self::Write => Scope::Write,
            Self::Manage => Scope::Manage,
        }
    }
}

pub(crate) async fn add(State(app): State<App>, caller: Caller, Keyed { asked, body }: Keyed<MakeToken>) -> Answer {
    let length = body.label.trim().chars().count();
    if !(1..=LABEL_MOST).contains(&length) {
        let why = Misfit::Length { found: length, fits: Fits::CharactersBetween(1, LABEL_MOST) };
        return Err(Problem::new(Refusal::BodyDoesNotFit(why)).at("label"));
    }
    let mut scopes: Vec<Scope> = body.scopes.iter().map(|scope| scope.scope()).collect();
    scopes.sort_unstable();
    scopes.dedup();
    if scopes.is_empty() {
        let why = Misfit::Length { found: 0, fits: Fits::Scope };
        return Err(Problem::new(Refusal::BodyDoesNotFit(why)).at("scopes").fits(Scope::ALL.map(Scope::as_str)));
    }
    if let Some(missing) = scopes.iter().find(|scope| !caller.access.scopes.contains(scope)) {
        return Err(Problem::new(Refusal::ScopeIsMissing(missing.as_str())).at("scopes"));
    }
    let acting_for = match body.acting_for.as_deref() {
        None => caller.access.only_for,
        Some(text) => {
            let not_held = || Problem::new(Refusal::ActingForIsNotHeld);
            let acting = Acting::read(text, caller.ids()).map_err(|unnamed| Problem::of_unnamed(unnamed, not_held));
            let acting =
                acting.and_then(|acting| if caller.may_act_for(acting) { Ok(acting) } else { Err(not_held()) });
            Some(acting.map_err(|problem| problem.at("acting_for"))?)
        }
    };
    let secret = Secret::new(caller.known.id, app.random());
    let now = app.now();
    // What is made with a token ends with it; what is made in a session of the owner's own lasts.
    let (made_with, end) = match &*caller.access {
        access if access.makes_what_lasts() => (None, None),
        access => (Some(access.token), access.expires_at),
    };
    let asked_end = now + TimeDelta::days(i64::from(body.days.unwrap_or(DAYS).clamp(1, DAYS_MOST)));
    let token = NewToken {
        token: app.new_name(),
        secret: secret.digest,
        is_session: false,
        principal: caller.access.principal,
        scopes: scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(" "),
        acting_for: acting_for.map(Acting::stored),
        label: body.label,
        expires_at: Some(end.map_or(asked_end, |end| end.min(asked_end))),
        made_with,
        idle_seconds: None,
        handed_out_for: None,
    };
    let mut shown = Token {
        id: token.token,
        label: token.label.clone(),
        is_session: false,
        scopes: scopes.into_iter().map(Scope::as_str).collect(),
        acting_for: acting_for.map(|acting| acting.shown(caller.ids())),
        created_at: Some(now),
        expires_at: token.expires_at,
        last_used_at: None,
        revoked_at: None,
        token: None,
    };
    let without_token = json!(shown);
    let answer = AnswerToKeep { status: 201, body: &without_token };
    match app.keep(&caller, &asked, &Change::AddToken(token), answer).await? {
        Some(earlier) => Ok(again(earlier)),
        None => {
            shown.token = Some(secret.text);
            Ok(json_answer(201, &shown))
        }
    }
}

pub(crate) async fn revoke(
    State(app): State<App>,
    caller: Caller,
    Path(name): Path<Uuid>,
    Keyed { asked, .. }: Keyed<Nothing>,
) -> Answer {
    let tokens = app.store.tokens(caller.known.id).await?;
    let token = tokens.into_iter().find(|token| token.token == name).ok_or_else(Problem::not_found)?;
    // The coordinator may take anybody's back.
    if token.principal != caller.access.principal && caller.acting != Acting::Coordinator {
        return Err(Problem::not_found());
    }
    if token.revoked_at.is_none() {
        app.keep(&caller, &asked, &Change::RevokeToken(name), NOTHING_TO_KEEP).await?;
    }
    app.tokens.forget();
    Ok(nothing())
}
