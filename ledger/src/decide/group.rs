//! Requests that stand or fall together, decided at once or piece by piece.
//!
//! Each act of a group says which acts it came with, and the first of them which limits they pass together. Both are known
//! when the last one is decided: a group that is too large to be held in memory is tallied up first, and decided again as
//! it is written.

use std::ops::ControlFlow;

use super::{
    answer::{Decision, LimitsMet, RejectedRequest, told_apart},
    judge::{LimitMode, TEXT_MOST, check_text},
    limits::Net,
    one::{Outside, apply, decide, decision},
};
use crate::{
    ActNumber, Rejection,
    act::{Act, Text, TextField},
    command::Request,
    loaded::NotLoaded,
    state::State,
};

/// A group on its way: what the requests that were decided so far come to.
#[derive(Debug, Default)]
pub struct Tally {
    /// How many requests it has been asked.
    asked: usize,
    /// The first and the last of their acts.
    acts: Option<(ActNumber, ActNumber)>,
    net: Net,
}

/// What a whole group comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupSum {
    acts: Option<(ActNumber, ActNumber)>,
    met: LimitsMet,
}

/// Decides requests that stand or fall together. Limits are checked on the net of them all. The first request that is
/// rejected leaves the state as it was.
///
/// With `override_reason`, hard limits that the group passes are noted with that reason on its first act, instead
/// of rejecting it.
///
/// # Errors
/// When something that a decision needs was not loaded. The state is then of no more use.
pub fn decide_group(
    state: &mut State,
    requests: &[Request],
    override_reason: Option<&str>,
    outside: &mut Outside<'_>,
) -> Result<Result<Vec<Decision>, RejectedRequest>, NotLoaded> {
    let rejected = |index, rejection| RejectedRequest { index, rejection };
    if let Some(index) = requests.iter().position(|request| request.command.stands_alone()) {
        let [alone] = requests else { return Ok(Err(rejected(index, Rejection::StandsAlone))) };
        let decided = decide(state, alone, outside)?;
        return Ok(decided.map(|decision| vec![decision]).map_err(|rejection| rejected(0, rejection)));
    }
    let before = state.clone();
    let mut tally = Tally::default();
    let decided = match tally.decide(state, requests, outside)? {
        Ok(mut decisions) => tally.sum(state, override_reason)?.map(|sum| {
            sum.seal(&mut decisions, override_reason, outside);
            decisions
        }),
        Err(first) => Err(first),
    };
    if decided.is_err() {
        *state = before;
    }
    Ok(decided)
}

impl Tally {
    /// Decides the next requests of the group, each on what the ones before it left, up to the first that is rejected.
    ///
    /// # Errors
    /// When something that a decision needs was not loaded.
    pub fn decide(
        &mut self,
        state: &mut State,
        requests: &[Request],
        outside: &mut Outside<'_>,
    ) -> Result<Result<Vec<Decision>, RejectedRequest>, NotLoaded> {
        let mut first = None;
        let decisions = self.in_turn(state, requests, outside, |rejected| {
            first = Some(rejected);
            ControlFlow::Break(())
        })?;
        Ok(first.map_or(Ok(decisions), Err))
    }

    /// The same, leaving out the ones that are rejected, which are returned.
    ///
    /// # Errors
    /// When something that a decision needs was not loaded.
    pub fn rehearse(
        &mut self,
        state: &mut State,
        requests: &[Request],
        outside: &mut Outside<'_>,
    ) -> Result<Vec<RejectedRequest>, NotLoaded> {
        let mut all = Vec::new();
        self.in_turn(state, requests, outside, |rejected| {
            all.push(rejected);
            ControlFlow::Continue(())
        })?;
        Ok(all)
    }

    /// What they all come to, on the state that they have led to. Where not one request is at fault but all of them
    /// together, the first is told. Past a hard limit a group needs a reason.
    ///
    /// # Errors
    /// When an account was not loaded.
    pub fn sum(
        &self,
        state: &State,
        override_reason: Option<&str>,
    ) -> Result<Result<GroupSum, RejectedRequest>, NotLoaded> {
        let sum = self.limits_met(state)?.and_then(|met| {
            match override_reason {
                _ if met.hard.is_empty() => {}
                Some(reason) => check_text("reason", reason, TEXT_MOST)?,
                None => return Err(Rejection::HardLimitIsPassed(met.hard)),
            }
            Ok(GroupSum { acts: self.acts, met })
        });
        Ok(sum.map_err(|rejection| RejectedRequest { index: 0, rejection }))
    }

    /// The limits past which they all take accounts, on the state that they have led to.
    ///
    /// # Errors
    /// When an account was not loaded.
    pub fn limits_met(&self, state: &State) -> Result<Result<LimitsMet, Rejection>, NotLoaded> {
        told_apart(self.net.met(state))
    }

    /// Whoever is told of a rejection says whether it goes on.
    fn in_turn(
        &mut self,
        state: &mut State,
        requests: &[Request],
        outside: &mut Outside<'_>,
        mut reject: impl FnMut(RejectedRequest) -> ControlFlow<()>,
    ) -> Result<Vec<Decision>, NotLoaded> {
        let mut decisions = Vec::with_capacity(requests.len());
        for (index, request) in (self.asked..).zip(requests) {
            match told_apart(decision(state, request, LimitMode::WholeGroup, outside))? {
                Ok(decision) => {
                    apply(state, &decision)?;
                    if let Decision::New(act) = &decision {
                        self.acts = Some((self.acts.map_or(act.number, |(first, _)| first), act.number));
                        self.net.add(act);
                    }
                    decisions.push(decision);
                }
                Err(rejection) => {
                    if reject(RejectedRequest { index, rejection }).is_break() {
                        break;
                    }
                }
            }
        }
        self.asked = self.asked.saturating_add(requests.len());
        Ok(decisions)
    }
}

impl GroupSum {
    /// Tells each new act which acts it comes with, and the first of the group which limits they pass together.
    pub fn seal(&self, decisions: &mut [Decision], override_reason: Option<&str>, outside: &mut Outside<'_>) {
        let new = decisions.iter_mut().filter_map(|decision| match decision {
            Decision::New(act) => Some(&mut **act),
            Decision::Repeated(_) => None,
        });
        for act in new {
            act.group = self.acts;
            if self.acts.is_some_and(|(first, _)| first == act.number) {
                self.seal_first(act, override_reason, outside);
            }
        }
    }

    fn seal_first(&self, first: &mut Act, override_reason: Option<&str>, outside: &mut Outside<'_>) {
        let LimitsMet { hard, soft } = self.met.clone();
        if let (false, Some(reason)) = (hard.is_empty(), override_reason) {
            let key = outside.secrets.key();
            first.outcome.texts.push(Text { field: TextField::Override, text: reason.trim().to_owned(), key });
        }
        first.outcome.overridden = hard;
        first.outcome.limits_met = soft;
    }
}
