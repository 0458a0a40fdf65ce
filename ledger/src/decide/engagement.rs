//! Decisions about who gave their time, and about taking back what was posted.

use chrono::NaiveDate;

use super::{
    answer::Refusal,
    judge::{Judge, check_minutes},
};
use crate::{
    ActNumber, AssociationNumber, ExchangeNumber, Minutes, Rejection, SkillNumber,
    account::{Account, Movements, PostingKind},
    act::{Contributed, Outcome, TextField},
    association::MembershipState::{Active, Suspended},
    command::Capacity,
    contribution::Contribution,
    exchange::{Exchange, ExchangeState},
    skill::SkillRef,
    state::KnownExchange,
};

/// What contributions post in book engagement: each person's record against what their association engaged.
pub(super) fn movements(contributions: &[Contributed]) -> Result<Movements, Rejection> {
    contributions.iter().try_fold(Movements::default(), |movements, contributed| {
        let kind = PostingKind::from(contributed.nature);
        let person = (Account::Person(contributed.person), kind);
        let engaged = (Account::Engaged(contributed.association), kind);
        let pair = Movements::pair(engaged, person, contributed.minutes);
        Ok(movements.and(pair.ok_or(Rejection::MinutesOutOfRange(contributed.minutes))?))
    })
}

/// All that contributions say of one exchange; told and taken back, they may add up to nothing.
pub(super) fn sum(contributions: &[Contributed]) -> Result<Minutes, Rejection> {
    contributions.iter().try_fold(Minutes::ZERO, |sum, contributed| {
        sum.checked_add(contributed.minutes).ok_or(Rejection::MinutesOutOfRange(contributed.minutes))
    })
}

impl Judge<'_, '_> {
    pub(super) fn tell_contributions(
        &mut self,
        number: ExchangeNumber,
        contributions: &[Contribution],
    ) -> Result<Outcome, Refusal> {
        let KnownExchange { exchange, told, .. } = self.exchange(number)?;
        let terms = exchange.terms;
        self.check_acts_for(terms.giver)?;
        if !exchange.state.is_posted() {
            return Err(Rejection::ExchangeIsNotOpenToThat { exchange: number, state: exchange.state }.into());
        }
        if contributions.is_empty() {
            return Err(Rejection::TextIsMissing("contributions").into());
        }
        self.check_contributions(terms.giver, contributions, sum(told)?, terms.minutes)?;
        let contributions = self.contributed(terms.giver, Some(number), terms.skill, terms.service_date, contributions);
        self.engaged(Some(*exchange), terms.service_date, contributions)
    }

    pub(super) fn give_own_hours(
        &mut self,
        association: AssociationNumber,
        service_date: NaiveDate,
        skill: Option<&SkillRef>,
        contribution: &Contribution,
    ) -> Result<Outcome, Refusal> {
        self.check_acts_for(association)?;
        self.association_in(association, &[Active, Suspended])?;
        let skill = self.skill(skill)?;
        self.check_contribution(association, contribution)?;
        self.check_date(service_date)?;
        let contributions =
            self.contributed(association, None, skill, service_date, std::slice::from_ref(contribution));
        self.engaged(None, service_date, contributions)
    }

    /// The request is made for that association, or by the coordinator.
    fn check_acts_for(&self, association: AssociationNumber) -> Result<(), Rejection> {
        match self.request.by.capacity {
            Capacity::Association(own) if own == association => Ok(()),
            Capacity::Association(_) | Capacity::Coordinator | Capacity::Mediator | Capacity::Oneself => {
                self.check_coordinator()
            }
        }
    }

    /// Somebody of that association, for more than no time.
    pub(super) fn check_contribution(
        &self,
        association: AssociationNumber,
        contribution: &Contribution,
    ) -> Result<(), Rejection> {
        check_minutes(contribution.minutes)?;
        if self.person(contribution.person)?.associations.contains(&association) {
            Ok(())
        } else {
            Err(Rejection::PersonIsNotEnrolled(contribution.person, association))
        }
    }

    /// Gives each contribution a key of its own, so that each person can be forgotten alone.
    pub(super) fn contributed(
        &mut self,
        association: AssociationNumber,
        exchange: Option<ExchangeNumber>,
        skill: Option<SkillNumber>,
        service_date: NaiveDate,
        contributions: &[Contribution],
    ) -> Vec<Contributed> {
        let mut contributed = Vec::with_capacity(contributions.len());
        for &Contribution { person, minutes, nature } in contributions {
            let key = self.key();
            contributed.push(Contributed { person, association, exchange, minutes, nature, skill, service_date, key });
        }
        contributed
    }

    fn engaged(
        &self,
        exchange: Option<Exchange>,
        service_date: NaiveDate,
        contributions: Vec<Contributed>,
    ) -> Result<Outcome, Refusal> {
        let postings = self.postings(&movements(&contributions)?)?;
        Ok(Outcome {
            exchange,
            booked: Some(self.booking(service_date)),
            postings,
            contributions,
            ..Outcome::default()
        })
    }

    pub(super) fn reverse(&mut self, target: ActNumber, reason: &str) -> Result<Outcome, Refusal> {
        if let Some(known) = self.state.exchange(ExchangeNumber(target.0))? {
            return self.reverse_exchange(known, reason);
        }
        self.check_coordinator()?;
        let posted = self.state.reversible(target)?.ok_or(Rejection::NothingToReverse(target))?;
        if posted.is_reversed {
            return Err(Rejection::IsReversed(target).into());
        }
        // Contributions told of an exchange go with it: once it is reversed, there is nothing left to take back.
        let told_of = posted.contributions.iter().find_map(|contributed| contributed.exchange);
        let exchange = told_of.map(|number| self.exchange(number)).transpose()?.map(|known| known.exchange);
        if exchange.is_some_and(|exchange| exchange.state == ExchangeState::Reversed) {
            return Err(Rejection::IsReversed(target).into());
        }
        let contributions = self.taken_back(&posted.contributions)?;
        let movements = posted.negation.clone().and(movements(&contributions)?);
        Ok(Outcome {
            exchange,
            booked: Some(self.booking(posted.booked)),
            postings: self.postings(&movements)?,
            contributions,
            texts: vec![self.text(TextField::Reason, reason)?],
            ..Outcome::default()
        })
    }

    /// The same contributions with the opposite sign; what was told and taken back already cancels out.
    pub(super) fn taken_back(&mut self, told: &[Contributed]) -> Result<Vec<Contributed>, Rejection> {
        let out_of_range = |minutes: Minutes| Rejection::MinutesOutOfRange(minutes);
        let mut net: Vec<Contributed> = Vec::new();
        for contributed in told {
            let same = net.iter_mut().find(|other| {
                (other.person, other.nature, other.skill) == (contributed.person, contributed.nature, contributed.skill)
            });
            match same {
                Some(other) => {
                    let sum = other.minutes.checked_add(contributed.minutes);
                    other.minutes = sum.ok_or_else(|| out_of_range(contributed.minutes))?;
                }
                None => net.push(*contributed),
            }
        }
        net.retain(|contributed| !contributed.minutes.is_zero());
        for contributed in &mut net {
            let minutes = contributed.minutes;
            contributed.minutes = minutes.checked_neg().ok_or_else(|| out_of_range(minutes))?;
            contributed.key = self.key();
        }
        Ok(net)
    }
}
