//! Every route, and who may take it: the table that the router, the guard and the OpenAPI document are made of.

use serde_json::json;

use crate::{
    answer::{Page, ReceiptView},
    events::stream,
    openapi,
    operation::health,
    route::{
        Part::{self, Administrator, Auditor, Coordinator, Delegate, Mediator},
        Route,
        Scope::{Manage, Read, Write},
        delete, get, post, put,
    },
    v1::{
        associations as members, balances, batch, exchanges, hours, log, mandates, me, network, notices,
        parts::PageQuery, persons, sessions, tokens, transfers, webhooks,
    },
};

const EVERYBODY: &[Part] = &[Delegate, Administrator, Coordinator, Mediator, Auditor];
const SIDES: &[Part] = &[Delegate, Administrator];
const SIDES_OR_NETWORK: &[Part] = &[Delegate, Administrator, Coordinator];
const IN_CHARGE: &[Part] = &[Administrator, Coordinator];
const NETWORK: &[Part] = &[Coordinator];
const WATCHERS: &[Part] = &[Coordinator, Auditor];
const SEES_MEMBERS: &[Part] = &[Delegate, Administrator, Coordinator, Auditor];

/// Every route.
pub fn routes() -> Vec<Route> {
    let mut routes = operation();
    routes.extend(people());
    routes.extend(associations());
    routes.extend(exchanges_routes());
    routes.extend(hours_routes());
    routes.extend(network_routes());
    routes.extend(event_routes());
    routes.extend(log_routes());
    routes
}

fn operation() -> Vec<Route> {
    vec![
        get("/healthz", "is_alive", "Whether the process lives", health::live).answers::<health::Health>(),
        get("/readyz", "is_ready", "Whether the process can work", health::ready).answers::<health::Health>(),
        get("/metrics", "metrics", "Counters, for Prometheus", health::metrics).answers_text("text/plain"),
        get("/openapi.json", "openapi", "This document", openapi::serve)
            .answers::<serde_json::Map<String, serde_json::Value>>(),
    ]
}

fn people() -> Vec<Route> {
    vec![
        get("/v1/me", "who_am_i", "Who the caller is and may do", me::me).only(Read, EVERYBODY).answers::<me::Me>(),
        post("/v1/sessions", "sign_in", "Sign in with e-mail and password", sessions::sign_in)
            .unkeyed()
            .body::<sessions::SignIn>()
            .example(json!({ "email": "alice@example.org", "password": "correct horse battery" }))
            .answers::<sessions::Session>(),
        delete("/v1/sessions/current", "sign_out", "Sign out", sessions::sign_out)
            .unkeyed()
            .only(Read, EVERYBODY)
            .status(204),
        post("/v1/invitations/accept", "accept_invitation", "Choose a password", sessions::accept)
            .unkeyed()
            .body::<sessions::Accept>()
            .status(204),
        get("/v1/tokens", "list_tokens", "The caller's tokens", tokens::list)
            .only(Manage, EVERYBODY)
            .answers::<tokens::TokenList>(),
        post("/v1/tokens", "make_token", "Make a token for the caller's own use", tokens::add)
            .only(Manage, EVERYBODY)
            .body::<tokens::MakeToken>()
            .example(json!({ "label": "Tableur de la trésorière", "scopes": ["read"] }))
            .answers::<tokens::Token>(),
        delete("/v1/tokens/{token}", "revoke_token", "Take a token back", tokens::revoke)
            .only(Manage, EVERYBODY)
            .status(204),
        get("/v1/persons", "list_persons", "Persons", persons::list)
            .only(Read, SEES_MEMBERS)
            .query::<persons::ListPersons>()
            .answers::<Page<persons::PersonView>>(),
        get("/v1/persons/{person}", "get_person", "A person", persons::one)
            .only(Read, SEES_MEMBERS)
            .answers::<persons::PersonView>(),
        post("/v1/persons", "add_person", "Add a person", persons::add)
            .only(Manage, NETWORK)
            .body::<persons::NewPerson>()
            .example(json!({ "code": "ALI", "first_name": "Alice", "email": "alice@example.org" }))
            .answers::<ReceiptView>(),
        post("/v1/persons/{person}/memberships", "enrol_person", "Say where a person belongs", persons::enrol)
            .only(Manage, IN_CHARGE)
            .status(200)
            .body::<persons::Membership>()
            .answers::<ReceiptView>(),
        post("/v1/persons/{person}/roles", "set_role", "Give a role, or take it back", persons::set_role)
            .only(Manage, IN_CHARGE)
            .status(200)
            .body::<persons::SetRole>()
            .answers::<ReceiptView>(),
        post("/v1/persons/{person}/invitations", "invite_person", "Let a person choose a password", persons::invite)
            .only(Manage, IN_CHARGE)
            .answers::<persons::Invitation>(),
    ]
}

#[expect(clippy::too_many_lines, reason = "a table, one entry a route")]
fn associations() -> Vec<Route> {
    vec![
        get("/v1/associations", "list_associations", "Members", members::list)
            .only(Read, EVERYBODY)
            .query::<members::ListAssociations>()
            .answers::<Page<members::Association>>(),
        get("/v1/associations/{association}", "get_association", "A member", members::one)
            .only(Read, EVERYBODY)
            .tagged()
            .answers::<members::Association>(),
        post("/v1/associations", "add_association", "Admit a member, or note that it applies", members::add)
            .only(Manage, NETWORK)
            .body::<members::AddAssociation>()
            .example(json!({ "name": "Chorale de Janzé", "identifiers": [{ "kind": "rna", "value": "W353012345" }] }))
            .answers::<ReceiptView>(),
        put("/v1/associations/{association}/name", "rename_association", "Give a member another name", members::rename)
            .only(Manage, NETWORK)
            .tagged()
            .body::<members::Rename>()
            .answers::<ReceiptView>(),
        put(
            "/v1/associations/{association}/identifiers",
            "identify_association",
            "Tell an identifier, in the place of the last one of that kind",
            members::identify,
        )
        .only(Manage, NETWORK)
        .tagged()
        .body::<members::IdentifierPart>()
        .example(json!({ "kind": "siren", "value": "116979006" }))
        .answers::<ReceiptView>(),
        put(
            "/v1/associations/{association}/state",
            "set_association_state",
            "Admit, suspend, take back",
            members::set_state,
        )
        .only(Manage, NETWORK)
        .tagged()
        .body::<members::SetState>()
        .example(json!({ "state": "suspended", "reason": "Assurance échue" }))
        .answers::<ReceiptView>(),
        post(
            "/v1/associations/{association}/leave",
            "leave",
            "A member leaves, or merges with another",
            members::leave,
        )
        .only(Manage, NETWORK)
        .status(200)
        .tagged()
        .body::<members::Leave>()
        .answers::<ReceiptView>(),
        put("/v1/associations/{association}/contact", "set_contact", "Say how to reach a member", members::set_contact)
            .only(Manage, IN_CHARGE)
            .body::<members::ContactPart>()
            .answers::<members::Changed>(),
        put(
            "/v1/associations/{association}/limits",
            "set_limits",
            "Give a member limits of its own",
            members::set_limits,
        )
        .only(Manage, NETWORK)
        .tagged()
        .body::<members::SetLimits>()
        .example(json!({ "limits": { "hard_floor": -6000 }, "decision": "AG du 12 mars" }))
        .answers::<ReceiptView>(),
        get(
            "/v1/associations/{association}/limits/history",
            "list_limits",
            "Limits that a member has or had",
            members::limits_history,
        )
        .only(Read, SEES_MEMBERS)
        .query::<PageQuery>()
        .answers::<Page<members::LimitsVersion>>(),
        get(
            "/v1/associations/{association}/mandates",
            "list_mandates",
            "Who may confirm in a member's stead, and in whose stead it may",
            mandates::list,
        )
        .only(Read, SEES_MEMBERS)
        .answers::<mandates::Mandates>(),
        put(
            "/v1/associations/{association}/mandates",
            "set_mandate",
            "Let a partner confirm in a member's stead, or no longer",
            mandates::set,
        )
        .only(Manage, IN_CHARGE)
        .body::<mandates::SetMandate>()
        .answers::<ReceiptView>(),
        get(
            "/v1/associations/{association}/balance",
            "get_balance",
            "Where a member stands, now or at a day",
            balances::one,
        )
        .only(Read, EVERYBODY)
        .query::<balances::AtDay>()
        .answers::<balances::Balance>(),
        get(
            "/v1/associations/{association}/entries",
            "list_entries",
            "What moved a member's balance, newest first",
            balances::entries,
        )
        .only(Read, EVERYBODY)
        .query::<PageQuery>()
        .answers::<Page<balances::EntryView>>(),
        get(
            "/v1/associations/{association}/months",
            "list_months",
            "What moved a member's balance, by month",
            balances::months,
        )
        .only(Read, EVERYBODY)
        .answers::<balances::Months>(),
        post(
            "/v1/associations/{association}/opening",
            "bring_in_balance",
            "Bring in a balance from before the ledger",
            balances::bring_in,
        )
        .only(Manage, NETWORK)
        .body::<balances::OpeningBalance>()
        .answers::<ReceiptView>(),
    ]
}

#[expect(clippy::too_many_lines, reason = "a table, one entry a route")]
fn exchanges_routes() -> Vec<Route> {
    vec![
        get("/v1/exchanges", "list_exchanges", "Exchanges, newest first", exchanges::list)
            .only(Read, EVERYBODY)
            .query::<exchanges::ListExchanges>()
            .answers::<Page<exchanges::Exchange>>(),
        get("/v1/exchanges/{exchange}", "get_exchange", "An exchange, and who gave the time", exchanges::one)
            .only(Read, EVERYBODY)
            .tagged()
            .answers::<exchanges::Exchange>(),
        post("/v1/exchanges", "propose_exchange", "Say that help was given or received", exchanges::propose)
            .only(Write, SIDES_OR_NETWORK)
            .body::<exchanges::ProposedExchange>()
            .example(openapi::example_exchange())
            .answers::<ReceiptView>(),
        post("/v1/exchanges/batch", "propose_exchanges", "Many exchanges at once", batch::exchanges)
            .only(Write, SIDES_OR_NETWORK)
            .status(200)
            .query::<batch::HowToTake>()
            .body::<Vec<exchanges::ProposedExchange>>()
            .body_types(&["application/json", "application/x-ndjson"])
            .example(json!([openapi::example_exchange()]))
            .answers::<Vec<batch::LineAnswer>>(),
        post("/v1/exchanges/{exchange}/confirm", "confirm_exchange", "The other side agrees", exchanges::confirm)
            .only(Write, SIDES_OR_NETWORK)
            .status(200)
            .tagged()
            .body::<exchanges::Confirm>()
            .example(json!({}))
            .answers::<ReceiptView>(),
        post(
            "/v1/exchanges/{exchange}/amend",
            "amend_exchange",
            "The other side would agree to other terms",
            exchanges::amend,
        )
        .only(Write, SIDES)
        .status(200)
        .tagged()
        .body::<exchanges::Amend>()
        .example(json!({ "minutes": 360, "service_date": "2026-03-14" }))
        .answers::<ReceiptView>(),
        post("/v1/exchanges/{exchange}/contest", "contest_exchange", "The other side disagrees", exchanges::contest)
            .only(Write, SIDES)
            .status(200)
            .tagged()
            .body::<crate::v1::parts::Reason>()
            .answers::<ReceiptView>(),
        post(
            "/v1/exchanges/{exchange}/withdraw",
            "withdraw_exchange",
            "The side that proposed takes it back",
            exchanges::withdraw,
        )
        .only(Write, SIDES)
        .status(200)
        .tagged()
        .answers::<ReceiptView>(),
        post("/v1/exchanges/{exchange}/dismiss", "dismiss_exchange", "Close without posting", exchanges::dismiss)
            .only(Write, &[Coordinator, Mediator])
            .status(200)
            .tagged()
            .body::<crate::v1::parts::Reason>()
            .answers::<ReceiptView>(),
        post(
            "/v1/exchanges/{exchange}/settle",
            "settle_exchange",
            "A mediator decides that it happened",
            exchanges::settle,
        )
        .only(Write, &[Mediator])
        .status(200)
        .tagged()
        .body::<exchanges::Settle>()
        .answers::<ReceiptView>(),
        post("/v1/exchanges/{exchange}/release", "release_exchange", "Post what was held", exchanges::release)
            .only(Write, NETWORK)
            .status(200)
            .tagged()
            .body::<crate::v1::parts::Reason>()
            .answers::<ReceiptView>(),
        post(
            "/v1/exchanges/{exchange}/request-correction",
            "request_correction",
            "Say that what was posted is wrong",
            exchanges::request_correction,
        )
        .only(Write, SIDES)
        .status(200)
        .tagged()
        .body::<crate::v1::parts::Reason>()
        .answers::<ReceiptView>(),
        post(
            "/v1/exchanges/{exchange}/keep",
            "keep_exchange",
            "Answer a request for correction with no",
            exchanges::keep,
        )
        .only(Write, SIDES_OR_NETWORK)
        .status(200)
        .tagged()
        .body::<crate::v1::parts::Reason>()
        .answers::<ReceiptView>(),
        post("/v1/exchanges/{exchange}/reverse", "reverse_exchange", "Negate all that it posted", exchanges::reverse)
            .only(Write, SIDES_OR_NETWORK)
            .status(200)
            .tagged()
            .body::<crate::v1::parts::Reason>()
            .answers::<ReceiptView>(),
        post(
            "/v1/exchanges/{exchange}/contributions",
            "tell_contributions",
            "Say afterwards who gave the time",
            exchanges::tell,
        )
        .only(Write, SIDES_OR_NETWORK)
        .status(200)
        .tagged()
        .body::<exchanges::Tell>()
        .answers::<ReceiptView>(),
    ]
}

fn hours_routes() -> Vec<Route> {
    vec![
        get("/v1/associations/{association}/hours", "list_hours", "Hours given to one's own association", hours::list)
            .only(Read, SEES_MEMBERS)
            .query::<PageQuery>()
            .answers::<Page<exchanges::Contributed>>(),
        post("/v1/associations/{association}/hours", "give_hours", "Hours given to one's own association", hours::add)
            .only(Write, SIDES_OR_NETWORK)
            .body::<hours::NewHours>()
            .answers::<ReceiptView>(),
        get("/v1/balances", "list_balances", "Where every account stands, now or at a day", balances::all)
            .only(Read, WATCHERS)
            .query::<balances::AtDay>()
            .answers::<balances::Balances>(),
        get("/v1/transfers", "list_transfers", "Gifts, dues and grants, newest first", transfers::list)
            .only(Read, SEES_MEMBERS)
            .query::<PageQuery>()
            .answers::<Page<transfers::Transfer>>(),
        post("/v1/transfers", "transfer", "Pass hours on without help", transfers::add)
            .only(Write, SIDES_OR_NETWORK)
            .body::<transfers::NewTransfer>()
            .answers::<ReceiptView>(),
        get("/v1/acts", "list_acts", "What the ledger accepted, newest first", balances::acts)
            .only(Read, WATCHERS)
            .query::<balances::ListActs>()
            .answers::<Page<balances::ActView>>(),
        get("/v1/acts/{act}", "get_act", "An act, its postings and its sealed text", balances::act)
            .only(Read, EVERYBODY)
            .answers::<balances::ActView>(),
        post(
            "/v1/acts/{act}/reverse",
            "reverse_act",
            "Negate a transfer, a balance brought in, or hours",
            balances::reverse_act,
        )
        .only(Write, NETWORK)
        .status(200)
        .body::<crate::v1::parts::Reason>()
        .answers::<ReceiptView>(),
        get("/v1/notices", "list_notices", "Offers and needs, newest first", notices::list)
            .only(Read, EVERYBODY)
            .query::<notices::ListNotices>()
            .answers::<Page<notices::NoticeView>>(),
        get("/v1/notices/{notice}", "get_notice", "An offer or a need", notices::one)
            .only(Read, EVERYBODY)
            .tagged()
            .answers::<notices::NoticeView>(),
        post("/v1/notices", "add_notice", "Offer something, or ask for it", notices::add)
            .only(Write, SIDES_OR_NETWORK)
            .body::<notices::NewNotice>()
            .answers::<notices::NoticeView>(),
        put("/v1/notices/{notice}", "change_notice", "Change or close an offer or a need", notices::change)
            .only(Write, SIDES_OR_NETWORK)
            .tagged()
            .body::<notices::ChangedNotice>()
            .answers::<notices::NoticeView>(),
    ]
}

fn network_routes() -> Vec<Route> {
    vec![
        get("/v1/network", "get_network", "The network", network::network)
            .only(Read, EVERYBODY)
            .answers::<network::Network>(),
        get("/v1/policy", "get_policy", "The rules in force", network::policy)
            .only(Read, EVERYBODY)
            .tagged()
            .answers::<network::PolicyView>(),
        get("/v1/policy/history", "list_policies", "Every version of the rules", network::policy_history)
            .only(Read, EVERYBODY)
            .answers::<network::PolicyHistory>(),
        put("/v1/policy", "adopt_policy", "Put new rules in force", network::adopt_policy)
            .only(Manage, NETWORK)
            .tagged()
            .body::<network::NewPolicy>()
            .answers::<ReceiptView>(),
        get("/v1/skills", "list_skills", "The catalogue of skills", network::skills)
            .only(Read, EVERYBODY)
            .answers::<network::Skills>(),
        post("/v1/skills", "add_skill", "Add a skill", network::add_skill)
            .only(Manage, NETWORK)
            .body::<network::NewSkill>()
            .answers::<ReceiptView>(),
        put(
            "/v1/skills/{skill}/alignments",
            "align_skill",
            "Say what a skill is in ESCO or ROME, or no longer",
            network::align_skill,
        )
        .only(Manage, NETWORK)
        .body::<network::AlignSkill>()
        .answers::<ReceiptView>(),
        get("/v1/years", "list_years", "Years, open or closed", network::years)
            .only(Read, EVERYBODY)
            .answers::<network::Years>(),
        post("/v1/years/{year}/close", "close_year", "Close a year for good", network::close_year)
            .only(Manage, NETWORK)
            .status(200)
            .answers::<ReceiptView>(),
    ]
}

fn event_routes() -> Vec<Route> {
    vec![
        get("/v1/events", "stream_events", "Acts as they happen, as server-sent events", stream::events)
            .only(Read, EVERYBODY)
            .query::<stream::Since>()
            .answers_text("text/event-stream"),
        get("/v1/webhooks", "list_webhooks", "Who is told of acts", webhooks::list)
            .only(Manage, IN_CHARGE)
            .answers::<webhooks::WebhookList>(),
        post("/v1/webhooks", "add_webhook", "Tell somebody of acts from now on", webhooks::add)
            .only(Manage, IN_CHARGE)
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
            .only(Manage, IN_CHARGE)
            .status(204),
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

fn log_routes() -> Vec<Route> {
    vec![
        get("/v1/networks/{network}/log", "log_head", "The head of the sealed log", log::head)
            .answers::<log::LogHead>(),
        get("/v1/networks/{network}/log/inclusion", "log_inclusion", "Proof that an act is in the log", log::inclusion)
            .query::<log::WhichAct>()
            .answers::<log::Proof>(),
        get(
            "/v1/networks/{network}/log/consistency",
            "log_consistency",
            "Proof that an earlier log is the beginning of this one",
            log::consistency,
        )
        .query::<log::WhichSize>()
        .answers::<log::Proof>(),
        get("/v1/networks/{network}/log/checkpoint", "log_checkpoint", "The last signed head", log::checkpoint)
            .answers_text("text/plain"),
        get("/v1/networks/{network}/did.json", "network_keys", "The network's public keys", log::keys)
            .answers::<serde_json::Map<String, serde_json::Value>>(),
        get("/.well-known/did.json", "domain_keys", "The keys of the network of this domain", log::keys_of_domain)
            .absent_sometimes()
            .answers::<serde_json::Map<String, serde_json::Value>>(),
        // C2SP tlog-tiles: an index past 999 has several groups of digits, and a tile that is not full its width.
        get("/v1/networks/{network}/log/tile/{level}/{end}", "log_tile", "A tile of the log's hashes", log::tile)
            .answers_text("application/octet-stream"),
        get(
            "/v1/networks/{network}/log/tile/{level}/{first}/{end}",
            "log_tile_2",
            "A tile with one more group in its address",
            log::tile_of_two,
        )
        .answers_text("application/octet-stream"),
        get(
            "/v1/networks/{network}/log/tile/{level}/{first}/{second}/{end}",
            "log_tile_3",
            "A tile with two more groups in its address",
            log::tile_of_three,
        )
        .answers_text("application/octet-stream"),
    ]
}
