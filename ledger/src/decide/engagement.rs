//! Decisions about who gave their time, and about taking back what was posted.

use chrono::NaiveDate;

use super::{Judge, check_minutes};
use crate::{
    ActNumber, AssociationNumber, ExchangeNumber, Rejection, SkillNumber,
    account::{Account, Movements, PostingKind},
    act::{Contributed, Outcome, TextField},
    association::MembershipState::{Active, Suspended},
    command::Capacity,
    contribution::Contribution,
    exchange::{Exchange, ExchangeState},
    skill::SkillRef,
};

/// What contributions post in book engagement: each person's record against what their association engaged.
pub(super) fn movements(contributions: &[Contributed]) -> Movements {
    contributions.iter().fold(Movements::default(), |movements, contributed| {
        let kind = PostingKind::from(contributed.nature);
        let person = (Account::Person(contributed.person), kind);
        let engaged = (Account::Engaged(contributed.association), kind);
        movements.and(Movements::pair(engaged, person, contributed.minutes).unwrap_or_default())
    })
}

impl Judge<'_, '_> {
    pub(super) fn tell_contributions(
        &mut self,
        number: ExchangeNumber,
        contributions: &[Contribution],
    ) -> Result<Outcome, Rejection> {
        let exchange = self.exchange(number)?;
        let terms = exchange.terms;
        self.check_acts_for(terms.giver)?;
        if !exchange.state.is_posted() {
            return Err(Rejection::ExchangeIsNotOpenToThat { exchange: number, state: exchange.state });
        }
        if contributions.is_empty() {
            return Err(Rejection::TextIsMissing("contributions"));
        }
        let told = self.state.contributed(number).unwrap_or(terms.minutes);
        self.check_contributions(terms.giver, contributions, told, terms.minutes)?;
        let contributions = self.contributed(terms.giver, Some(number), terms.skill, terms.service_date, contributions);
        self.engaged(Some(exchange), terms.service_date, contributions)
    }

    pub(super) fn give_own_hours(
        &mut self,
        association: AssociationNumber,
        service_date: NaiveDate,
        skill: Option<&SkillRef>,
        contribution: &Contribution,
    ) -> Result<Outcome, Rejection> {
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
            _ => self.check_coordinator(),
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
    ) -> Result<Outcome, Rejection> {
        let postings = self.postings(&movements(&contributions))?;
        Ok(Outcome {
            exchange,
            booked: Some(self.booking(service_date)),
            postings,
            contributions,
            ..Outcome::default()
        })
    }

    pub(super) fn reverse(&mut self, target: ActNumber, reason: &str) -> Result<Outcome, Rejection> {
        if let Some(exchange) = self.state.exchanges.get(&ExchangeNumber(target.0)) {
            return self.reverse_exchange(*exchange, reason);
        }
        self.check_coordinator()?;
        let posted = self.state.reversible.get(&target).ok_or(Rejection::NothingToReverse(target))?;
        if posted.is_reversed {
            return Err(Rejection::IsReversed(target));
        }
        // Contributions told of an exchange go with it: once it is reversed, there is nothing left to take back.
        let exchange = posted.contributions.iter().find_map(|contributed| contributed.exchange);
        let exchange = exchange.and_then(|number| self.state.exchanges.get(&number)).copied();
        if exchange.is_some_and(|exchange| exchange.state == ExchangeState::Reversed) {
            return Err(Rejection::IsReversed(target));
        }
        let contributions = self.taken_back(&posted.contributions);
        let movements = posted.negation.clone().and(movements(&contributions));
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
    pub(super) fn taken_back(&mut self, told: &[Contributed]) -> Vec<Contributed> {
        let mut net: Vec<Contributed> = Vec::new();
        for contributed in told {
            let same = net.iter_mut().find(|other| {
                (other.person, other.nature, other.skill) == (contributed.person, contributed.nature, contributed.skill)
            });
            match same {
                Some(other) => other.minutes = other.minutes.checked_add(contributed.minutes).unwrap_or(other.minutes),
                None => net.push(*contributed),
            }
        }
        net.retain(|contributed| !contributed.minutes.is_zero());
        for contributed in &mut net {
            contributed.minutes = contributed.minutes.checked_neg().unwrap_or_default();
            contributed.key = self.key();
        }
        net
    }
}
