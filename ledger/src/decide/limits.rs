//! Which limits are in force, and what movements and groups of them meet.

use std::collections::BTreeMap;

use super::answer::{Decision, LimitsMet, Refusal};
use crate::{
    Minutes, Rejection,
    account::{Account, Book, Posting},
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

/// What a group meets by the net of all that it posts. Reversals do not count: they are never blocked.
pub(super) fn of_net(after: &State, decisions: &[Decision]) -> Result<LimitsMet, Refusal> {
    let mut net: BTreeMap<Account, Minutes> = BTreeMap::new();
    for decision in decisions {
        let Decision::New(act) = decision else { continue };
        if matches!(act.command, Command::Reverse { .. }) {
            continue;
        }
        for posting in &act.outcome.postings {
            let account = posting.movement.account;
            if account.book() == Book::Exchange {
                let sum = net.entry(account).or_default();
                *sum = sum.checked_add(posting.movement.minutes).ok_or(Rejection::BalanceOutOfRange(account))?;
            }
        }
    }
    let mut met = LimitsMet::default();
    for (account, net) in net {
        let balance = after.account(account)?.balance;
        let before = balance.checked_sub(net).ok_or(Rejection::BalanceOutOfRange(account))?;
        met.note(account, in_force(after, account)?.judge(before, balance));
    }
    Ok(met)
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
