//! Members, their limits, mandates and accounts.

use serde_json::json;
use service::Scope::{Manage, Read};

use super::callers::{EVERYBODY, IN_CHARGE, NETWORK, ROLES, SEES_MEMBERS};
use crate::{
    answer::{Page, ReceiptView},
    parts::PageQuery,
    route::{Described, get, post, put, step},
    v1::{associations as members, balances, mandates},
};

/// Their routes.
#[expect(clippy::too_many_lines, reason = "a table, one entry a route")]
pub(super) fn routes() -> Vec<Described> {
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
            "/v1/associations/{association}/description",
            "describe_association",
            "Say anew what a member is and where it sits",
            members::describe,
        )
        .only(Manage, NETWORK)
        .tagged()
        .body::<members::Describe>()
        .example(json!({ "kind": "association", "commune": "Janzé", "insee": "35136", "member_since": "2019-03-01" }))
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
        step(
            "/v1/associations/{association}/leave",
            "leave",
            "A member leaves, or merges with another",
            members::leave,
        )
        .only(Manage, NETWORK)
        .grave()
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
        .only(Read, ROLES)
        .query::<balances::AtDay>()
        .answers::<balances::Balance>(),
        get(
            "/v1/associations/{association}/entries",
            "list_entries",
            "What moved a member's balance, newest first",
            balances::entries,
        )
        .only(Read, ROLES)
        .query::<PageQuery>()
        .answers::<Page<balances::EntryView>>(),
        get(
            "/v1/associations/{association}/months",
            "list_months",
            "What moved a member's balance, by month",
            balances::months,
        )
        .only(Read, ROLES)
        .answers::<balances::Months>(),
        get(
            "/v1/associations/{association}/positions",
            "list_positions",
            "What a member gave each of its partners, and received",
            balances::positions,
        )
        .only(Read, ROLES)
        .answers::<balances::Positions>(),
        post(
            "/v1/associations/{association}/opening",
            "bring_in_balance",
            "Bring in a balance from before the ledger",
            balances::bring_in,
        )
        .only(Manage, NETWORK)
        .dated()
        .body::<balances::OpeningBalance>()
        .answers::<ReceiptView>(),
    ]
}
