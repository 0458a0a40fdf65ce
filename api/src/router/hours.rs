//! Hours that are no exchange: given to one's own association, passed on, offered; and the acts behind all.

use service::Scope::{Read, Write};

use super::callers::{EVERYBODY, NETWORK, ROLES, SEES_MEMBERS, SIDES_OR_NETWORK, WATCHERS};
use crate::{
    answer::{Page, ReceiptView},
    parts::{PageQuery, Reason},
    route::{Described, get, post, put, step},
    v1::{acts, balances, exchanges, hours, notices, transfers},
};

/// Their routes.
pub(super) fn routes() -> Vec<Described> {
    vec![
        get("/v1/associations/{association}/hours", "list_hours", "Hours given to one's own association", hours::list)
            .only(Read, SEES_MEMBERS)
            .query::<PageQuery>()
            .answers::<Page<exchanges::Contributed>>(),
        post("/v1/associations/{association}/hours", "give_hours", "Hours given to one's own association", hours::add)
            .only(Write, SIDES_OR_NETWORK)
            .dated()
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
            .said_in_body()
            .body::<transfers::NewTransfer>()
            .answers::<ReceiptView>(),
        get("/v1/acts", "list_acts", "What the ledger accepted, newest first", acts::list)
            .only(Read, WATCHERS)
            .query::<acts::ListActs>()
            .answers::<Page<acts::ActView>>(),
        get("/v1/acts/{act}", "get_act", "An act, its postings and its sealed text", acts::one)
            .only(Read, ROLES)
            .answers::<acts::ActView>(),
        step(
            "/v1/acts/{act}/reverse",
            "reverse_act",
            "Negate a transfer, a balance brought in, or hours",
            acts::reverse,
        )
        .only(Write, NETWORK)
        .body::<Reason>()
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
            .said_in_body()
            .body::<notices::NewNotice>()
            .answers::<notices::NoticeView>(),
        put("/v1/notices/{notice}", "change_notice", "Change or close an offer or a need", notices::change)
            .only(Write, SIDES_OR_NETWORK)
            .tagged()
            .body::<notices::ChangedNotice>()
            .answers::<notices::NoticeView>(),
    ]
}
