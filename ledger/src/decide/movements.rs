//! Numbering movements in their accounts, and what limits say of them; transfers, balances and years.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{Decision, Judge, check_minutes};
use crate::{
    AssociationNumber, Minutes, Rejection,
    account::{Account, Book, Movements, Posting},
    act::{Outcome, TextField},
    association::MembershipState,
    command::{Capacity, Command},
    policy::{LimitVerdict, Limits},
    state::State,
    transfer::TransferReason,
    year::Year,
};

/// Numbers movements in their accounts.
pub(super) fn post(state: &State, movements: &Movements) -> Result<Vec<Posting>, Rejection> {
    let mut postings: Vec<Posting> = Vec::new();
    for movement in movements.iter() {
        let account = movement.account;
        let same = postings.iter().rev().find(|posting| posting.movement.account == account);
        let before = same.map_or_else(|| state.account(account), |posting| posting.after);
        let after = before.after(movement).ok_or(Rejection::BalanceOutOfRange(account))?;
        postings.push(Posting { movement: *movement, after });
    }
    Ok(postings)
}

/// The limits in force for an account.
pub(super) fn limits_of(state: &State, account: Account) -> Limits {
    match account {
        Account::Association(association) => state.registry.limits(association),
        Account::Fund => Limits::FUND,
        Account::Opening | Account::Engaged(_) | Account::Person(_) => Limits::NONE,
    }
}

/// The accounts that a group takes past a hard limit, and past a soft one, by the net of all that it posts.
/// Reversals do not count: they are never blocked.
pub(super) fn net_limits_met(after: &State, decisions: &[Decision]) -> (Vec<Account>, Vec<Account>) {
    let mut net: BTreeMap<Account, Minutes> = BTreeMap::new();
    for decision in decisions {
        let Decision::New(act) = decision else { continue };
        if matches!(act.command, Command::Reverse { .. }) {
            continue;
        }
        for posting in &act.outcome.postings {
            if posting.movement.account.book() == Book::Exchange {
                let sum = net.entry(posting.movement.account).or_default();
                *sum = sum.checked_add(posting.movement.minutes).unwrap_or(*sum);
            }
        }
    }
    let (mut hard, mut soft) = (Vec::new(), Vec::new());
    for (account, net) in net {
        let balance = after.account(account).balance;
        let before = balance.checked_sub(net).unwrap_or(balance);
        match limits_of(after, account).judge(before, balance) {
            LimitVerdict::Within => {}
            LimitVerdict::PastSoft => soft.push(account),
            LimitVerdict::PastHard => hard.push(account),
        }
    }
    (hard, soft)
}

impl Judge<'_, '_> {
    pub(super) fn transfer(
        &mut self,
        from: Option<AssociationNumber>,
        to: Option<AssociationNumber>,
        minutes: Minutes,
        reason: TransferReason,
        decision: Option<&str>,
    ) -> Result<Outcome, Rejection> {
        // A member passes on its own hours; the fund's are the coordinator's to grant.
        match self.request.by.capacity {
            Capacity::Coordinator => {}
            Capacity::Association(association) if from == Some(association) => {}
            Capacity::Association(_) | Capacity::Mediator | Capacity::Oneself => {
                return Err(Rejection::OnlyForTheCoordinator);
            }
        }
        for association in [from, to].into_iter().flatten() {
            self.association_in(association, &[MembershipState::Active, MembershipState::Suspended])?;
        }
        if from == to {
            return Err(Rejection::AssociationsMustDiffer);
        }
        let fits = match reason {
            TransferReason::Gift => from.is_some(),
            TransferReason::Dues => from.is_some() && to.is_none(),
            TransferReason::Grant => from.is_none() && to.is_some(),
            TransferReason::Departure | TransferReason::Merger | TransferReason::Opening => false,
        };
        if !fits {
            return Err(Rejection::TransferDoesNotFit(reason));
        }
        check_minutes(minutes)?;
        if reason == TransferReason::Grant && decision.is_none() {
            return Err(Rejection::TextIsMissing("decision"));
        }
        let mut outcome = self.hard_limited(self.today, from, to, minutes, reason)?;
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
    ) -> Result<Outcome, Rejection> {
        self.check_coordinator()?;
        self.association_in(association, &[MembershipState::Active, MembershipState::Suspended])?;
        let amount = if minutes.is_negative() { minutes.checked_neg() } else { Some(minutes) };
        let amount = amount.ok_or(Rejection::MinutesOutOfRange(minutes))?;
        check_minutes(amount).map_err(|_| Rejection::MinutesOutOfRange(minutes))?;
        self.check_date(date)?;
        let year = Year::of(date);
        if self.state.is_closed(year) {
            return Err(Rejection::YearIsClosed(year));
        }
        let (from, to) = TransferReason::Opening.posting_kinds();
        let movements = Movements::pair((Account::Opening, from), (Account::Association(association), to), minutes);
        self.refused_past_hard(date, movements)
    }

    fn hard_limited(
        &self,
        booked: NaiveDate,
        from: Option<AssociationNumber>,
        to: Option<AssociationNumber>,
        minutes: Minutes,
        reason: TransferReason,
    ) -> Result<Outcome, Rejection> {
        let account = |association: Option<AssociationNumber>| association.map_or(Account::Fund, Account::Association);
        let kinds = reason.posting_kinds();
        self.refused_past_hard(booked, Movements::pair((account(from), kinds.0), (account(to), kinds.1), minutes))
    }

    /// Posts hours that are passed on: hard limits refuse, since nobody's help would be lost.
    fn refused_past_hard(&self, booked: NaiveDate, movements: Option<Movements>) -> Result<Outcome, Rejection> {
        let postings = self.postings(&movements.unwrap_or_default())?;
        let (past_hard, limits_met) = self.limits_met(&postings);
        if !past_hard.is_empty() {
            return Err(Rejection::HardLimitIsPassed(past_hard));
        }
        Ok(Outcome { booked: Some(booked), postings, limits_met, ..Outcome::default() })
    }

    /// Posts a departing member's balance to the fund, or into the member that it merges with. Leaving is the
    /// coordinator's decision, with a reason: no limit stands against it.
    pub(super) fn departure(
        &self,
        association: AssociationNumber,
        into: Option<AssociationNumber>,
    ) -> Result<Outcome, Rejection> {
        let balance = self.state.account(Account::Association(association)).balance;
        if balance.is_zero() {
            return Ok(Outcome::default());
        }
        let (to, reason) = match into {
            Some(into) => (Account::Association(into), TransferReason::Merger),
            None => (Account::Fund, TransferReason::Departure),
        };
        let kinds = reason.posting_kinds();
        let movements = Movements::pair((Account::Association(association), kinds.0), (to, kinds.1), balance);
        let postings = self.postings(&movements.unwrap_or_default())?;
        let (overridden, limits_met) = self.limits_met(&postings);
        Ok(Outcome { booked: Some(self.today), postings, overridden, limits_met, ..Outcome::default() })
    }

    pub(super) fn close_year(&self, year: Year) -> Result<Outcome, Rejection> {
        self.check_coordinator()?;
        if self.state.is_closed(year) {
            return Err(Rejection::YearIsClosedAlready(year));
        }
        let open_since = match (self.state.head.closed_through, self.state.head.first_year) {
            (Some(closed), _) => Some(closed.next()),
            (None, first) => first,
        };
        if let Some(open_since) = open_since
            && open_since < year
        {
            return Err(Rejection::EarlierYearIsOpen(open_since));
        }
        if year >= Year::of(self.today) {
            return Err(Rejection::YearIsNotOver(year));
        }
        Ok(Outcome { closing: self.state.closing, ..Outcome::default() })
    }
}
