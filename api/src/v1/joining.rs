//! Coming to belong to an association: codes that persons give to it, and links that it gives to persons.

use axum::extract::State;
use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use service::{
    App,
    caller::Caller,
    problem::Problem,
    sign_in::joining::{self, HandedOut, Lasting},
    source::Source,
    writing::AnswerToKeep,
};
use store::{Change, Joining};
use uuid::Uuid;

use crate::{
    answer::{Answer, NOTHING_TO_KEEP, again, json as json_answer, nothing, receipt},
    extract::{Keyed, Nothing, Path},
    member::{Member, OwnMember},
};

/// The association that a person wants to belong to.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewCode {
    association: Uuid,
}

/// A code that a person gives to an association, for it to enrol them.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct JoiningCode {
    id: Uuid,
    association: Uuid,
    expires_at: DateTime<Utc>,
    /// The code; shown once, and absent when the same request is repeated.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
}

pub(crate) async fn add_code(
    State(app): State<App>,
    mut caller: Caller,
    Keyed { asked, body }: Keyed<NewCode>,
) -> Answer {
    let number = caller.association_in(body.association, "association")?;
    let association = caller.member(&app.store, caller.name(number.0)).await?.number;
    let HandedOut { joining, secret } = joining::code(&app, &caller, association)?;
    let mut shown =
        JoiningCode { id: joining.joining, association: body.association, expires_at: joining.expires_at, code: None };
    let without_code = json!(shown);
    let answer = AnswerToKeep { status: 201, body: &without_code };
    match app.keep(&caller, &asked, &Change::AddJoining(joining), answer).await? {
        Some(earlier) => Ok(again(earlier)),
        None => {
            shown.code = Some(secret);
            Ok(json_answer(201, &shown))
        }
    }
}

/// A code that a person gave.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GivenCode {
    /// As it was given; case and hyphens do not count.
    #[schemars(length(min = 1, max = 50))]
    code: String,
}

/// A person who belongs to an association from now on.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Enrolled {
    person: Uuid,
    /// The act that says so.
    act: Uuid,
}

pub(crate) async fn use_code(
    State(app): State<App>,
    source: Source,
    OwnMember(Member { caller, association }): OwnMember,
    Keyed { asked, body }: Keyed<GivenCode>,
) -> Answer {
    if let Some(earlier) = app.earlier(&caller, &asked).await? {
        return Ok(again(earlier));
    }
    let used = joining::use_code(&app, source, &caller, &asked, association.number, &body.code).await?;
    let shown = Enrolled { person: caller.name(used.person.0), act: caller.name(used.receipt.act.0) };
    let answer = AnswerToKeep { status: 200, body: &json!(shown) };
    app.keep(&caller, &asked, &Change::EndJoining(used.joining), answer).await?;
    Ok(json_answer(200, &shown))
}

/// A link with which persons say that they belong to an association.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct JoiningLink {
    id: Uuid,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    /// Since when it no longer works, where it was taken back.
    ended_at: Option<DateTime<Utc>>,
    /// What stands in the link; shown once, and absent when the same request is repeated.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
    /// The link; shown once.
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<String>,
}

/// An association's links.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct JoiningLinks {
    items: Vec<JoiningLink>,
}

pub(crate) async fn add_link(
    State(app): State<App>,
    OwnMember(Member { caller, association }): OwnMember,
    Keyed { asked, .. }: Keyed<Nothing>,
) -> Answer {
    let HandedOut { joining, secret } = joining::link(&app, &caller, association.number, Lasting::Link);
    let mut shown = JoiningLink {
        id: joining.joining,
        created_at: app.now(),
        expires_at: joining.expires_at,
        ended_at: None,
        secret: None,
        link: None,
    };
    let without_secret = json!(shown);
    let answer = AnswerToKeep { status: 201, body: &without_secret };
    match app.keep(&caller, &asked, &Change::AddJoining(joining), answer).await? {
        Some(earlier) => Ok(again(earlier)),
        None => {
            shown.link = Some(joining::address(&app, &secret));
            shown.secret = Some(secret);
            Ok(json_answer(201, &shown))
        }
    }
}

pub(crate) async fn links(State(app): State<App>, OwnMember(Member { caller, association }): OwnMember) -> Answer {
    let links = app.store.joining_links(caller.known.id, association.number).await?;
    let show = |link: Joining| JoiningLink {
        id: link.joining,
        created_at: link.created_at,
        expires_at: link.expires_at,
        ended_at: link.ended_at,
        secret: None,
        link: None,
    };
    Ok(json_answer(200, &JoiningLinks { items: links.into_iter().map(show).collect() }))
}

pub(crate) async fn end_link(
    State(app): State<App>,
    mut caller: Caller,
    Path((association, link)): Path<(Uuid, Uuid)>,
    Keyed { asked, .. }: Keyed<Nothing>,
) -> Answer {
    let association = caller.member(&app.store, association).await?.number;
    caller.check_concerns(association)?;
    let links = app.store.joining_links(caller.known.id, association).await?;
    if !links.iter().any(|found| found.joining == link) {
        return Err(Problem::not_found());
    }
    app.keep(&caller, &asked, &Change::EndJoining(link), NOTHING_TO_KEEP).await?;
    Ok(nothing())
}

/// A link that a person follows.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FollowedLink {
    /// What stands in the link after `#`.
    #[schemars(length(min = 1, max = 200))]
    secret: String,
}

pub(crate) async fn use_link(
    State(app): State<App>,
    caller: Caller,
    Keyed { asked, body }: Keyed<FollowedLink>,
) -> Answer {
    let made = joining::use_link(&app, &caller, &asked, &body.secret).await?;
    Ok(receipt(200, &caller, &made))
}
