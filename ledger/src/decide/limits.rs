//! Which limits are in force, and what movements and groups of them meet.

use std::collections::BTreeMap;

use super::answer::{LimitsMet, Refusal};
use crate::{
    Minutes, Rejection,
    account::{Account, Book, Posting},
    act::Act,
    command::Command,
    loaded::NotLoaded,
    policy::{LimitVerdict, Limits},
    state::State,
};

/// What postings meet, each for itself.
pub(super) fn of_postings(before: &State, postings: &[Posting]) -> Result<LimitsMet, NotLoaded> {
    let mut met = LimitsMet::default();
    for posting in postings {
        let account = posting.movement.account;
        let balance = before.account(account)?.balance;
        met.note(account, in_force(before, account)?.judge(balance, posting.after.balance));
    }
    Ok(met)
}

/// The net of what a group posts. Reversals do not count: they are never blocked.
#[derive(Debug, Default)]
pub(super) struct Net {
    by_account: BTreeMap<Account, Minutes>,
    /// An account whose sum no balance can hold.
    out_of_range: Option<Account>,
}

impl Net {
    pub(super) fn add(&mut self, act: &Act) {
        if matches!(act.command, Command::Reverse { .. }) {
            return;
        }
        for posting in &act.outcome.postings {
            let account = posting.movement.account;
            if account.book() == Book::Exchange {
                let sum = self.by_account.entry(account).or_default();
                match sum.checked_add(posting.movement.minutes) {
                    Some(more) => *sum = more,
                    None => self.out_of_range = Some(account),
                }
            }
        }
    }

    /// What it meets, on a state that it has led to.
    pub(super) fn met(&self, after: &State) -> Result<LimitsMet, Refusal> {
        if let Some(account) = self.out_of_range {
            return Err(Rejection::BalanceOutOfRange(account).into());
        }
        let mut met = LimitsMet::default();
        for (account, net) in &self.by_account {
            let balance = after.account(*account)?.balance;
            let before = balance.checked_sub(*net).ok_or(Rejection::BalanceOutOfRange(*account))?;
            met.note(*account, in_force(after, *account)?.judge(before, balance));
        }
        Ok(met)
    }
}

/// The limits in force for an account.
fn in_force(state: &State, account: Account) -> Result<Limits, NotLoaded> {
    match account {
        Account::Association(association) => state.registry.limits(association).ok_or(NotLoaded::Member(association)),
        Account::Fund => Ok(Limits::FUND),
        Account::Opening | Account::Engaged(_) | Account::Person(_) => Ok(Limits::NONE),
    }
}

impl LimitsMet {
    fn note(&mut self, account: Account, verdict: LimitVerdict) {
        match verdict {
            LimitVerdict::Within => {}
            LimitVerdict::PastSoft => self.soft.push(account),
            LimitVerdict::PastHard => self.hard.push(account),
        }
    }
}
