//! Webhooks: whom to tell of acts, and what came of it.

use axum::{extract::State, http::Uri};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::{DateTime, Utc};
use ledger::act::ActKind;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use service::{
    App,
    acting::Sight,
    caller::Caller,
    calling,
    problem::{Problem, Refusal},
    writing::AnswerToKeep,
};
use store::{Change, Delivery, NewWebhook, Page, Webhook, WebhookState};
use uuid::Uuid;

use crate::{
    answer::{Answer, NOTHING_TO_KEEP, again, json as json_answer, nothing, page, rows_for, tagged},
    cursor,
    extract::{ForWhom, IfMatch, Keyed, NamesAssociations, Nothing, Path, Query},
    parts::{PageQuery, Word},
};

/// What the OpenAPI document says of adding a webhook.
pub(crate) const NOTES: &str = "An association has 10 webhooks at most, and so has the network itself; all together have \
200, those at rest too. One more is answered 409 `too-many-webhooks`.";

/// Somebody who is told of acts.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Webhook")]
pub(crate) struct WebhookView {
    id: Uuid,
    url: String,
    /// The kinds of acts that it is told of; empty for all. It is always told of `log_reopened`.
    kinds: Vec<String>,
    /// The association whose acts it is told of; absent for all of the network's.
    association: Option<Uuid>,
    /// `active`, `paused`, or `failing` after too many failures in a row.
    state: String,
    /// The number of the first act that it has not been told of; after a loss, of the act that tells of it.
    next_number: i64,
    /// Failures in a row.
    failures: i64,
    created_at: DateTime<Utc>,
    /// The key of its signatures; shown once, and absent when the same request is repeated.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
}

fn show(caller: &Caller, webhook: Webhook) -> WebhookView {
    WebhookView {
        id: webhook.webhook,
        url: webhook.url,
        kinds: webhook.kinds.iter().map(ToString::to_string).collect(),
        association: webhook.association.map(|association| caller.name(association.0)),
        state: webhook.state.as_str().to_owned(),
        next_number: webhook.next_act.0,
        failures: webhook.failures,
        created_at: webhook.created_at,
        secret: None,
    }
}

fn tag(webhook: &Webhook) -> String {
    format!("v{}", webhook.version)
}

/// The caller's webhooks.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct WebhookList {
    /// Oldest first.
    items: Vec<WebhookView>,
}

pub(crate) async fn list(State(app): State<App>, caller: Caller) -> Answer {
    let webhooks = app.store.webhooks(caller.known.id).await?.into_iter();
    let own = webhooks.filter(|webhook| is_seen(&caller, webhook));
    Ok(json_answer(200, &WebhookList { items: own.map(|webhook| show(&caller, webhook)).collect() }))
}

/// The webhook in an address, if it is the caller's.
async fn find(app: &App, caller: &Caller, name: Uuid) -> Result<Webhook, Problem> {
    let webhooks = app.store.webhooks(caller.known.id).await?;
    let webhook = webhooks.into_iter().find(|webhook| webhook.webhook == name).ok_or_else(Problem::not_found)?;
    if is_seen(caller, &webhook) { Ok(webhook) } else { Err(Problem::new(Refusal::BelongsToOthers)) }
}

/// A webhook that is told of all acts is the network's.
fn is_seen(caller: &Caller, webhook: &Webhook) -> bool {
    match webhook.association {
        None => caller.sight() == Sight::All,
        Some(association) => caller.sight().takes_in(association),
    }
}

pub(crate) async fn one(State(app): State<App>, caller: Caller, Path(name): Path<Uuid>) -> Answer {
    let webhook = find(&app, &caller, name).await?;
    let tag = tag(&webhook);
    Ok(tagged(&show(&caller, webhook), &tag))
}

/// Somebody to tell of acts from now on.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AddWebhook {
    /// Where to send: `https`, public.
    #[schemars(length(min = 1, max = 500))]
    url: String,
    /// The kinds of acts; all unless said.
    #[serde(default)]
    #[schemars(length(max = 50))]
    kinds: Vec<Word<ActKind>>,
    /// The association whose acts it is told of; for the coordinator, all of the network's unless said.
    association: Option<Uuid>,
}

impl NamesAssociations for AddWebhook {
    fn associations(&self) -> Vec<Uuid> {
        self.association.into_iter().collect()
    }
}

pub(crate) async fn add(State(app): State<App>, ForWhom { caller, asked, body }: ForWhom<AddWebhook>) -> Answer {
    let association = match body.association {
        Some(name) => {
            let association = caller.association_in(name, "association")?;
            caller.check_concerns(association)?;
            Some(association)
        }
        None => caller.sight().only()?,
    };
    calling::address(&body.url, app.config.private_webhooks)
        .map_err(|why| Problem::new(Refusal::UrlDoesNotFit(why)).at("url"))?;
    let (head, _) = app.store.head(caller.known.id).await?;
    let secret = format!("whsec_{}", STANDARD.encode(app.random()));
    let kinds: Vec<_> = body.kinds.iter().map(|kind| kind.0).collect();
    let webhook = NewWebhook {
        webhook: app.new_name(),
        url: body.url,
        secret: secret.clone(),
        kinds,
        association,
        principal: caller.access.principal,
        next_act: head.next,
    };
    let mut shown = WebhookView {
        id: webhook.webhook,
        url: webhook.url.clone(),
        kinds: webhook.kinds.iter().map(ToString::to_string).collect(),
        association: association.map(|association| caller.name(association.0)),
        state: WebhookState::Active.as_str().to_owned(),
        next_number: webhook.next_act.0,
        failures: 0,
        created_at: app.now(),
        secret: None,
    };
    let without_secret = json!(shown);
    let answer = AnswerToKeep { status: 201, body: &without_secret };
    match app.keep(&caller, &asked, &Change::AddWebhook(webhook), answer).await? {
        Some(earlier) => Ok(again(earlier)),
        None => {
            shown.secret = Some(secret);
            Ok(json_answer(201, &shown))
        }
    }
}

/// Whether a webhook is to be told.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetWebhook {
    /// `false` lets it rest; `true` lets it go on from where it was, also after failures.
    is_active: bool,
}

pub(crate) async fn set(
    State(app): State<App>,
    caller: Caller,
    Path(name): Path<Uuid>,
    IfMatch(tags): IfMatch,
    Keyed { asked, body: SetWebhook { is_active } }: Keyed<SetWebhook>,
) -> Answer {
    let webhook = find(&app, &caller, name).await?;
    if let Some(earlier) = app.earlier(&caller, &asked).await? {
        return Ok(again(earlier));
    }
    tags.check(&tag(&webhook))?;
    let change = Change::SetWebhook { webhook: name, is_active, version: webhook.version };
    let state = if is_active { WebhookState::Active } else { WebhookState::Paused };
    let shown = json!(WebhookView { failures: 0, ..show(&caller, Webhook { state, ..webhook }) });
    match app.keep(&caller, &asked, &change, AnswerToKeep { status: 200, body: &shown }).await? {
        Some(earlier) => Ok(again(earlier)),
        None => {
            app.tell_followers();
            Ok(json_answer(200, &shown))
        }
    }
}

pub(crate) async fn remove(
    State(app): State<App>,
    caller: Caller,
    Path(name): Path<Uuid>,
    Keyed { asked, .. }: Keyed<Nothing>,
) -> Answer {
    if let Some(earlier) = app.earlier(&caller, &asked).await? {
        return Ok(again(earlier));
    }
    find(&app, &caller, name).await?;
    app.keep(&caller, &asked, &Change::RemoveWebhook(name), NOTHING_TO_KEEP).await?;
    Ok(nothing())
}

/// What was sent, and what came of it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Delivery")]
pub(crate) struct DeliveryView {
    /// The act that it told of; also the `webhook-id`.
    act: Uuid,
    /// How often it was tried.
    attempts: i64,
    is_delivered: bool,
    /// The last status that was answered.
    status: Option<i64>,
    /// What went wrong the last time.
    problem: Option<String>,
    tried_at: DateTime<Utc>,
}

pub(crate) async fn deliveries(
    State(app): State<App>,
    caller: Caller,
    uri: Uri,
    Path(name): Path<Uuid>,
    Query(query): Query<PageQuery>,
) -> Answer {
    find(&app, &caller, name).await?;
    let before = cursor::act(&caller, query.cursor.as_deref())?;
    let rows = app.store.deliveries(caller.known.id, name, Page { before, most: rows_for(query.limit) }).await?;
    let show = |delivery: Delivery| {
        Ok(DeliveryView {
            act: caller.name(delivery.act.0),
            attempts: delivery.attempts,
            is_delivered: delivery.is_delivered,
            status: delivery.status.map(i64::from),
            problem: delivery.problem,
            tried_at: delivery.tried_at,
        })
    };
    page(&uri, rows, query.limit, |delivery| caller.name(delivery.act.0).to_string(), show)
}
