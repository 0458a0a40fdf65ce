//! Exchanges, from the first word to the last correction.

use serde_json::json;
use service::{
    Part::{Administrator, Coordinator, Delegate, Mediator, Oneself},
    Scope::{Read, Write},
};

use super::callers::{EVERYBODY, NETWORK, ROLES, SEES_PERSONS, SIDES, SIDES_OR_NETWORK};
use crate::{
    answer::{Page, ReceiptView},
    parts::Reason,
    route::{Described, get, post, step},
    v1::{batch, exchanges, recognitions, steps, thread, waiting},
};

/// Their routes.
pub(super) fn routes() -> Vec<Described> {
    [exchanges(), recognised()].into_iter().flatten().collect()
}

/// Competences that were seen in them.
fn recognised() -> Vec<Described> {
    vec![
        get("/v1/recognitions", "list_recognitions", "What was recognised, newest first", recognitions::list)
            .only(Read, SEES_PERSONS)
            .query::<recognitions::ListRecognitions>()
            .answers::<Page<recognitions::Recognition>>(),
        get("/v1/recognitions/{recognition}", "get_recognition", "A recognition", recognitions::one)
            .only(Read, SEES_PERSONS)
            .answers::<recognitions::Recognition>(),
        post(
            "/v1/exchanges/{exchange}/recognitions",
            "recognise",
            "Recognise a competence in somebody who helped",
            recognitions::recognise,
        )
        .only(Write, SIDES_OR_NETWORK)
        .body::<recognitions::NewRecognition>()
        .answers::<ReceiptView>(),
        step(
            "/v1/recognitions/{recognition}/accept",
            "accept_recognition",
            "Accept what was recognised in oneself",
            recognitions::accept,
        )
        .only(Write, &[Oneself, Coordinator])
        .body::<recognitions::Accept>()
        .example(json!({}))
        .answers::<ReceiptView>(),
        step(
            "/v1/recognitions/{recognition}/withdraw",
            "withdraw_recognition",
            "Take a recognition back, or decline it",
            recognitions::withdraw,
        )
        .only(Write, &[Delegate, Administrator, Coordinator, Oneself])
        .body::<Reason>()
        .answers::<ReceiptView>(),
    ]
}

#[expect(clippy::too_many_lines, reason = "a table, one entry a route")]
fn exchanges() -> Vec<Described> {
    vec![
        get("/v1/exchanges", "list_exchanges", "Exchanges, newest first", exchanges::list)
            .only(Read, ROLES)
            .query::<exchanges::ListExchanges>()
            .answers::<Page<exchanges::Exchange>>(),
        get("/v1/exchanges/{exchange}", "get_exchange", "An exchange, and who gave the time", exchanges::one)
            .only(Read, ROLES)
            .tagged()
            .answers::<exchanges::Exchange>(),
        get("/v1/exchanges/{exchange}/thread", "get_thread", "What was said about an exchange", thread::read)
            .only(Read, ROLES)
            .answers::<thread::Thread>(),
        get(
            "/v1/waiting",
            "what_waits",
            "What waits for whom: answers, corrections, decisions, recognitions",
            waiting::read,
        )
        .only(Read, EVERYBODY)
        .answers::<waiting::WaitingList>(),
        post("/v1/exchanges", "propose_exchange", "Say that help was given or received", exchanges::propose)
            .only(Write, SIDES_OR_NETWORK)
            .dated()
            .said_in_body()
            .body::<exchanges::ProposedExchange>()
            .example(exchanges::example())
            .answers::<ReceiptView>(),
        step("/v1/exchanges/batch", "propose_exchanges", "Many exchanges at once", batch::exchanges)
            .notes(batch::NOTES)
            .only(Write, SIDES_OR_NETWORK)
            .dated()
            .query::<batch::HowToTake>()
            .body::<Vec<exchanges::ProposedExchange>>()
            .body_types(&["application/json", "application/x-ndjson"])
            .example(json!([exchanges::example()]))
            .answers::<Vec<batch::LineAnswer>>(),
        step("/v1/exchanges/{exchange}/confirm", "confirm_exchange", "The other side agrees", steps::confirm)
            .only(Write, SIDES_OR_NETWORK)
            .tagged()
            .body::<steps::Confirm>()
            .example(json!({}))
            .answers::<ReceiptView>(),
        step(
            "/v1/exchanges/{exchange}/amend",
            "amend_exchange",
            "The other side would agree to other terms",
            steps::amend,
        )
        .only(Write, SIDES)
        .dated()
        .tagged()
        .body::<steps::Amend>()
        .example(json!({ "minutes": 360, "service_date": "2026-03-14" }))
        .answers::<ReceiptView>(),
        step("/v1/exchanges/{exchange}/contest", "contest_exchange", "The other side disagrees", steps::contest)
            .only(Write, SIDES)
            .tagged()
            .body::<Reason>()
            .answers::<ReceiptView>(),
        step(
            "/v1/exchanges/{exchange}/withdraw",
            "withdraw_exchange",
            "The side that proposed takes it back",
            steps::withdraw,
        )
        .only(Write, SIDES)
        .tagged()
        .answers::<ReceiptView>(),
        step("/v1/exchanges/{exchange}/dismiss", "dismiss_exchange", "Close without posting", steps::dismiss)
            .only(Write, &[Coordinator, Mediator])
            .tagged()
            .body::<Reason>()
            .answers::<ReceiptView>(),
        step(
            "/v1/exchanges/{exchange}/settle",
            "settle_exchange",
            "A mediator decides that it happened",
            steps::settle,
        )
        .only(Write, &[Mediator])
        .tagged()
        .body::<steps::Settle>()
        .answers::<ReceiptView>(),
        step("/v1/exchanges/{exchange}/release", "release_exchange", "Post what was held", steps::release)
            .only(Write, NETWORK)
            .tagged()
            .body::<Reason>()
            .answers::<ReceiptView>(),
        step(
            "/v1/exchanges/{exchange}/request-correction",
            "request_correction",
            "Say that what was posted is wrong",
            steps::request_correction,
        )
        .only(Write, SIDES)
        .tagged()
        .body::<Reason>()
        .answers::<ReceiptView>(),
        step("/v1/exchanges/{exchange}/keep", "keep_exchange", "Answer a request for correction with no", steps::keep)
            .only(Write, SIDES_OR_NETWORK)
            .tagged()
            .body::<Reason>()
            .answers::<ReceiptView>(),
        step("/v1/exchanges/{exchange}/reverse", "reverse_exchange", "Negate all that it posted", steps::reverse)
            .only(Write, SIDES_OR_NETWORK)
            .tagged()
            .body::<Reason>()
            .answers::<ReceiptView>(),
        step(
            "/v1/exchanges/{exchange}/contributions",
            "tell_contributions",
            "Say afterwards who gave the time",
            steps::tell,
        )
        .only(Write, SIDES_OR_NETWORK)
        .tagged()
        .body::<steps::Tell>()
        .answers::<ReceiptView>(),
    ]
}
