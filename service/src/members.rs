//! What every face must agree on about members: which version of one somebody has seen, and how it is reached.

use ledger::{
    AssociationNumber,
    association::{Association, Contact},
    policy::Limits,
};
use store::Change;

use crate::{app::App, asked::Asked, caller::Caller, problem::Problem, writing::AnswerToKeep};

/// Says how a member is reached.
///
/// # Errors
/// When the key was used for another request, or the database does not answer.
pub async fn set_contact(
    app: &App,
    caller: &Caller,
    asked: &Asked,
    member: AssociationNumber,
    contact: Contact,
) -> Result<(), Problem> {
    let answer = AnswerToKeep { status: 200, body: &serde_json::Value::Null };
    app.keep(caller, asked, &Change::SetContact(member, contact), answer).await?;
    Ok(())
}

/// What tells one version of a member from another: its state, names, registrations and limits.
pub fn version(member: &Association) -> String {
    let mut version = format!("member {}", member.state);
    for name in &member.names {
        let since = name.since.map_or_else(String::new, |since| since.to_string());
        version.push_str(&format!("\0name\0{}\0{since}\0{}", name.name, name.is_current));
    }
    for identifier in &member.identifiers {
        version.push_str(&format!("\0{}\0{}", identifier.kind(), identifier.value()));
    }
    if let Some(Limits { soft_floor, hard_floor, soft_ceiling, hard_ceiling }) = member.limits {
        let limits = [soft_floor, hard_floor, soft_ceiling, hard_ceiling];
        let limits = limits.map(|limit| limit.map_or_else(String::new, |limit| limit.get().to_string()));
        version.push_str(&format!("\0limits\0{}", limits.join("\0")));
    }
    version
}
