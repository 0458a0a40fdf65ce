//! One request: climbs the ladder, and applies what comes of it.

use chrono::{DateTime, Utc};

use super::{
    answer::{Decision, Refusal, told_apart},
    judge::{Judge, LimitMode},
};
use crate::{
    Rejection,
    act::{Act, Outcome},
    clock::Secrets,
    command::{Command, Request},
    keyed::Recognised,
    loaded::NotLoaded,
    state::State,
};

/// What the world outside supplies to a decision.
pub struct Outside<'a> {
    /// The present instant.
    pub now: DateTime<Utc>,
    /// Fresh keys for commitments.
    pub secrets: &'a mut dyn Secrets,
}

/// Decides one request and, if it is accepted, applies it to the state. A rejection, the first on the ladder, leaves the
/// state as it was.
///
/// # Errors
/// When something that the decision needs was not loaded. The state is then of no more use.
pub fn decide(
    state: &mut State,
    request: &Request,
    outside: &mut Outside<'_>,
) -> Result<Result<Decision, Rejection>, NotLoaded> {
    let decided = told_apart(decision(state, request, LimitMode::EachAct, outside))?;
    if let Ok(decision) = &decided {
        apply(state, decision)?;
    }
    Ok(decided)
}

pub(super) fn apply(state: &mut State, decision: &Decision) -> Result<(), NotLoaded> {
    match decision {
        Decision::New(act) => state.apply(act),
        Decision::Repeated(_) => Ok(()),
    }
}

/// Climbs the ladder for one request.
pub(super) fn decision(
    state: &State,
    request: &Request,
    mode: LimitMode,
    outside: &mut Outside<'_>,
) -> Result<Decision, Refusal> {
    if let Some((digest, act)) = state.keys.get(&request.key) {
        let secrets = state.secrets.ok_or(NotLoaded::Secrets)?;
        return match secrets.requests.recognise(*digest, *act, request.digest) {
            Recognised::Same => Ok(Decision::Repeated(*act)),
            Recognised::Another => Err(Rejection::KeyWasUsedForAnotherRequest { act: *act }.into()),
            Recognised::Forgotten => Err(Rejection::KeyWasUsedBeforeAnErasure { act: *act }.into()),
        };
    }
    if state.keys_beside.contains(&request.key) {
        return Err(Rejection::KeyWasUsedBeside.into());
    }
    let mut judge = Judge::new(state, request, mode, outside.now, outside.secrets)?;
    judge.check_generation()?;
    judge.check_capacity()?;
    judge.check_seen()?;
    let outcome = outcome(&mut judge, &request.command)?;
    let secrets = outcome.secrets.or(state.secrets).ok_or(NotLoaded::Secrets)?;
    Ok(Decision::New(Box::new(Act {
        number: judge.number(),
        at: judge.at,
        key: request.key.clone(),
        digest: secrets.requests.hidden(request.digest),
        by: request.by,
        group: None,
        command: request.command.clone(),
        outcome,
    })))
}

fn outcome(judge: &mut Judge<'_, '_>, command: &Command) -> Result<Outcome, Refusal> {
    Ok(match command {
        Command::FoundNetwork { name, .. } => judge.found(name)?,
        Command::ReceiveFile { name, digest, lines: _ } => judge.receive_file(name, *digest)?,
        Command::AddAssociation(new) => judge.add_association(new)?,
        Command::RenameAssociation { association, name, .. } => judge.rename_association(*association, name)?,
        Command::SetMembership { association, state, reason } => judge.set_membership(*association, *state, reason)?,
        Command::Leave { association, into, reason, past_limits } => {
            judge.leave(*association, *into, reason, *past_limits)?
        }
        Command::AddPerson(identity) => judge.add_person(identity)?,
        Command::Enrol { person, association } => judge.enrol(person, *association)?,
        Command::GrantRole { person, role } => judge.grant_role(*person, *role)?,
        Command::RevokeRole { person, role } => judge.revoke_role(*person, *role)?,
        Command::IdentifyAssociation { association, identifier } => {
            judge.identify_association(*association, identifier)?
        }
        Command::DescribeAssociation { association, description } => {
            judge.describe_association(*association, description)?
        }
        Command::CorrectPerson { person, identity } => judge.correct_person(*person, identity)?,
        Command::AddSkill { name } => judge.add_skill(name)?,
        Command::AlignSkill { skill, framework, alignment } => {
            judge.align_skill(skill, *framework, alignment.as_ref())?
        }
        Command::AdoptPolicy { policy, decision } => judge.adopt_policy(policy, decision)?,
        Command::SetLimits { association, limits, decision } => judge.set_limits(*association, *limits, decision)?,
        Command::SetMandate { association, partner, mandate } => judge.set_mandate(*association, *partner, *mandate)?,
        Command::Propose { side, exchange, evidence } => judge.propose(*side, exchange, evidence.as_ref())?,
        Command::Record { exchange, evidence } => judge.record(exchange, evidence)?,
        Command::Confirm { exchange, evidence, reason } => judge.confirm(*exchange, evidence, reason.as_deref())?,
        Command::Amend { exchange, minutes, service_date } => judge.amend(*exchange, *minutes, *service_date)?,
        Command::Contest { exchange, reason } => judge.contest(*exchange, reason)?,
        Command::Withdraw { exchange } => judge.withdraw(*exchange)?,
        Command::Dismiss { exchange, reason } => judge.dismiss(*exchange, reason)?,
        Command::Settle { exchange, minutes, reason } => judge.settle(*exchange, *minutes, reason)?,
        Command::Release { exchange, reason } => judge.release(*exchange, reason)?,
        Command::RequestCorrection { exchange, reason } => judge.request_correction(*exchange, reason)?,
        Command::Keep { exchange, reason } => judge.keep(*exchange, reason)?,
        Command::Reverse { target, reason } => judge.reverse(*target, reason)?,
        Command::TellContributions { exchange, contributions } => judge.tell_contributions(*exchange, contributions)?,
        Command::GiveOwnHours { association, service_date, skill, contribution } => {
            judge.give_own_hours(*association, *service_date, skill.as_ref(), contribution)?
        }
        Command::Transfer { from, to, minutes, reason, decision } => {
            judge.transfer(*from, *to, *minutes, *reason, decision.as_deref())?
        }
        Command::BringInBalance { association, minutes, date } => {
            judge.bring_in_balance(*association, *minutes, *date)?
        }
        Command::CloseYear { year } => judge.close_year(*year)?,
        Command::AdoptKey { domain, .. } => judge.adopt_key(domain.as_deref())?,
        Command::IssueStatements { year, statements } => judge.issue_statements(*year, statements)?,
        Command::Recognise { exchange, person, skill, level, context, activities } => {
            judge.recognise(*exchange, *person, skill.as_ref(), *level, context, activities)?
        }
        Command::AcceptRecognition { recognition, guardian } => {
            judge.accept_recognition(*recognition, guardian.as_deref())?
        }
        Command::WithdrawRecognition { recognition, reason } => judge.withdraw_recognition(*recognition, reason)?,
        Command::ErasePerson { person } => judge.erase_person(*person)?,
        Command::ReopenLog { lost } => judge.reopen_log(lost)?,
    })
}
