//! Who is told of acts.

use serde_json::json;
use service::Scope::{Manage, Read};

use super::callers::{IN_CHARGE, ROLES};
use crate::{
    answer::Page,
    parts::PageQuery,
    route::{Described, delete, get, post, put},
    v1::{events, webhooks},
};

/// Their routes.
pub(super) fn routes() -> Vec<Described> {
    vec![
        get("/v1/events", "stream_events", "Acts as they happen, as server-sent events", events::stream)
            .only(Read, ROLES)
            .query::<events::Since>()
            .answers_text("text/event-stream"),
        get("/v1/webhooks", "list_webhooks", "Who is told of acts", webhooks::list)
            .only(Manage, IN_CHARGE)
            .answers::<webhooks::WebhookList>(),
        post("/v1/webhooks", "add_webhook", "Tell somebody of acts from now on", webhooks::add)
            .notes(webhooks::NOTES)
            .only(Manage, IN_CHARGE)
            .grave()
            .said_in_body()
            .body::<webhooks::AddWebhook>()
            .example(json!({ "url": "https://example.org/coudemain", "kinds": ["exchange_proposed"] }))
            .answers::<webhooks::WebhookView>(),
        get("/v1/webhooks/{webhook}", "get_webhook", "Somebody who is told of acts", webhooks::one)
            .only(Manage, IN_CHARGE)
            .tagged()
            .answers::<webhooks::WebhookView>(),
        put("/v1/webhooks/{webhook}", "set_webhook", "Let a webhook rest or go on", webhooks::set)
            .only(Manage, IN_CHARGE)
            .tagged()
            .body::<webhooks::SetWebhook>()
            .answers::<webhooks::WebhookView>(),
        delete("/v1/webhooks/{webhook}", "remove_webhook", "Forget a webhook", webhooks::remove)
            .only(Manage, IN_CHARGE),
        get(
            "/v1/webhooks/{webhook}/deliveries",
            "list_deliveries",
            "What was sent, newest first",
            webhooks::deliveries,
        )
        .only(Manage, IN_CHARGE)
        .query::<PageQuery>()
        .answers::<Page<webhooks::DeliveryView>>(),
    ]
}
