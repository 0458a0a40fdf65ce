//! The network: its rules, skills and years.

use service::Scope::{Manage, Read};

use super::callers::{EVERYBODY, NETWORK};
use crate::{
    answer::ReceiptView,
    route::{Described, get, post, put, step},
    v1::network,
};

/// Their routes.
pub(super) fn routes() -> Vec<Described> {
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
            .grave()
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
        step("/v1/years/{year}/close", "close_year", "Close a year for good", network::close_year)
            .only(Manage, NETWORK)
            .grave()
            .answers::<ReceiptView>(),
    ]
}
