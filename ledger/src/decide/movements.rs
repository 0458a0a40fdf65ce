//! Transfers, balances and years.

use chrono::NaiveDate;

use super::{
    answer::Refusal,
    judge::{Judge, check_minutes},
};
use crate::{
    AssociationNumber, Minutes, Rejection,
    account::{Account, Movements},
    act::{Outcome, TextField},
    association::MembershipState,
    command::Capacity,
    transfer::TransferReason,
    year::Year,
};

impl Judge<'_, '_> {
    pub(super) fn transfer(
        &mut self,
        from: Option<AssociationNumber>,
        to: Option<AssociationNumber>,
        minutes: Minutes,
        reason: TransferReason,
        decision: Option<&str>,
    ) -> Result<Outcome, Refusal> {
        // A member passes on its own hours; the fund's are the coordinator's to grant.
        match self.request.by.capacity {
            Capacity::Coordinator => {}
            Capacity::Association(association) if from == Some(association) => {}
            Capacity::Association(_) | Capacity::Mediator | Capacity::Oneself => {
                return Err(Rejection::OnlyForTheCoordinator.into());
            }
        }
        for association in [from, to].into_iter().flatten() {
            self.association_in(association, &[MembershipState::Active, MembershipState::Suspended])?;
        }
        if from == to {
            return Err(Rejection::AssociationsMustDiffer.into());
        }
        let fits = match reason {
            TransferReason::Gift => from.is_some(),
            TransferReason::Dues => from.is_some() && to.is_none(),
            TransferReason::Grant => from.is_none() && to.is_some(),
            TransferReason::Departure | TransferReason::Merger | TransferReason::Opening => false,
        };
        if !fits {
            return Err(Rejection::TransferDoesNotFit(reason).into());
        }
        check_minutes(minutes)?;
        if reason == TransferReason::Grant && decision.is_none() {
            return Err(Rejection::TextIsMissing("decision").into());
        }
        let mut outcome = self.hard_limited(self.booking(self.today), from, to, minutes, reason)?;
        if let Some(decision) = decision {
            outcome.texts.push(self.text(TextField::Decision, decision)?);
        }
        Ok(outcome)
    }

    pub(super) fn bring_in_balance(
        &mut self,
        association: AssociationNumber,
        minutes: Minutes,
        date: NaiveDate,
    ) -> Result<Outcome, Refusal> {
        self.check_coordinator()?;
        self.association_in(association, &[MembershipState::Active, MembershipState::Suspended])?;
        let amount = if minutes.is_negative() { minutes.checked_neg() } else { Some(minutes) };
        let amount = amount.ok_or(Rejection::MinutesOutOfRange(minutes))?;
        check_minutes(amount).map_err(|_| Rejection::MinutesOutOfRange(minutes))?;
        self.check_date(date)?;
        let year = Year::of(date);
        if self.state.is_closed(year) {
            return Err(Rejection::YearIsClosed(year).into());
        }
        let (from, to) = TransferReason::Opening.posting_kinds();
        let account = Account::Association(association);
        let movements = Movements::pair((Account::Opening, from), (account, to), minutes);
        self.refused_past_hard(date, &movements.ok_or(Rejection::MinutesOutOfRange(minutes))?)
    }

    fn hard_limited(
        &self,
        booked: NaiveDate,
        from: Option<AssociationNumber>,
        to: Option<AssociationNumber>,
        minutes: Minutes,
        reason: TransferReason,
    ) -> Result<Outcome, Refusal> {
        let account = |association: Option<AssociationNumber>| association.map_or(Account::Fund, Account::Association);
        let kinds = reason.posting_kinds();
        let movements = Movements::pair((account(from), kinds.0), (account(to), kinds.1), minutes);
        self.refused_past_hard(booked, &movements.ok_or(Rejection::MinutesOutOfRange(minutes))?)
    }

    /// Posts hours that are passed on: hard limits refuse, since nobody's help would be lost.
    fn refused_past_hard(&self, booked: NaiveDate, movements: &Movements) -> Result<Outcome, Refusal> {
        let postings = self.postings(movements)?;
        let met = self.limits_met(&postings)?;
        if !met.hard.is_empty() {
            return Err(Rejection::HardLimitIsPassed(met.hard).into());
        }
        Ok(Outcome { booked: Some(booked), postings, limits_met: met.soft, ..Outcome::default() })
    }

    /// Posts a departing member's balance to the fund, or into the member that it merges with. Leaving is the
    /// coordinator's decision, with a reason: no limit stands against it, but whoever decides has to know that one is
    /// passed.
    pub(super) fn departure(
        &self,
        association: AssociationNumber,
        into: Option<AssociationNumber>,
        past_limits: bool,
    ) -> Result<Outcome, Refusal> {
        let account = Account::Association(association);
        let balance = self.state.account(account)?.balance;
        if balance.is_zero() {
            return Ok(Outcome::default());
        }
        let (to, reason) = match into {
            Some(into) => (Account::Association(into), TransferReason::Merger),
            None => (Account::Fund, TransferReason::Departure),
        };
        let kinds = reason.posting_kinds();
        let movements = Movements::pair((account, kinds.0), (to, kinds.1), balance);
        let postings = self.postings(&movements.ok_or(Rejection::BalanceOutOfRange(account))?)?;
        let met = self.limits_met(&postings)?;
        if !met.hard.is_empty() && !past_limits {
            return Err(Rejection::DepartureIsPastLimits(met.hard).into());
        }
        let (overridden, limits_met) = (met.hard, met.soft);
        Ok(Outcome { booked: Some(self.booking(self.today)), postings, overridden, limits_met, ..Outcome::default() })
    }

    pub(super) fn close_year(&self, year: Year) -> Result<Outcome, Refusal> {
        self.check_coordinator()?;
        if self.state.is_closed(year) {
            return Err(Rejection::YearIsClosedAlready(year).into());
        }
        let asked = self.state.closing(year)?;
        if let Some(open) = asked.open_before {
            return Err(Rejection::EarlierYearIsOpen(open).into());
        }
        if year >= Year::of(self.today) {
            return Err(Rejection::YearIsNotOver(year).into());
        }
        Ok(Outcome { closing: Some(asked.closing), ..Outcome::default() })
    }
}
