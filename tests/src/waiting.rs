//! What waits for whom: the store's SQL, which repeats the domain's rules so that it can page, held against them.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use chrono::{DateTime, TimeDelta, Utc};
use ledger::command::Command;
use ledger::evidence::Evidence;
use ledger::exchange::{Awaited, ExchangeState, Side};
use ledger::policy::Policy;
use ledger::{AssociationNumber, ExchangeNumber};
use store::{ExchangeFilter, ExchangeView, Page};

use crate::ledger_on::{Database, Ledger, day, delegate, exchange, noon};

#[tokio::test(flavor = "multi_thread")]
async fn a_list_shows_what_waits_for_whoever_asks() {
    for database in Database::tried() {
        let ledger = Ledger::fresh(database).await;
        let [giver, receiver] = [ledger.association("Chorale").await, ledger.association("Fanfare").await];
        let help = |minutes| exchange(giver, receiver, minutes, day(2025, 2, 1));
        let propose = async |minutes| {
            let proposed =
                ledger.done(Command::Propose { side: Side::Giver, exchange: help(minutes), evidence: None }).await;
            ExchangeNumber(proposed.0)
        };
        let [open, contested, settled] = [propose(15).await, propose(30).await, propose(45).await];
        let member = ledger.person("P1", &[receiver]).await;
        ledger.grant(member, ledger::person::Role::Delegate(receiver)).await;
        let answer = delegate(member, receiver);
        let reason = || "pas ce jour-là".to_owned();
        ledger.done_by(answer, Command::Contest { exchange: contested, reason: reason() }).await;
        let confirm = Command::Confirm { exchange: settled, evidence: Evidence::BOTH_SIDES, reason: None };
        ledger.done_by(answer, confirm).await;
        ledger.done_by(answer, Command::RequestCorrection { exchange: settled, reason: reason() }).await;

        let waiting: Vec<_> = views(&ledger, ExchangeFilter::default()).await;
        let waiting: Vec<_> = waiting.iter().map(|view| view.exchange.waits_for()).collect();
        assert_eq!(waiting, [Some(Awaited::Giver), Some(Awaited::Mediator), Some(Awaited::Receiver)]);
        // At the very instant when the last day ends nothing is late.
        let policy = Policy::default();
        let days = TimeDelta::days(i64::from(policy.answer_within_days));
        for (late, after) in [(vec![], TimeDelta::zero()), (vec![open], TimeDelta::microseconds(1))] {
            let now = noon(2025, 3, 1) + days + after;
            let found = views(&ledger, for_the_coordinator(&policy, now)).await;
            assert_eq!(found.iter().map(|view| view.exchange.number).collect::<Vec<_>>(), late, "{ledger:?}");
        }
        assert_eq!(first_disagreement(&ledger, &[giver.0, receiver.0], noon(2025, 3, 1)).await, None);
        ledger.assert_sound().await;
    }
}

/// Where a list of the store's is another one than the domain's rule makes of all exchanges. `now` is about when the
/// last act was recorded.
pub(crate) async fn first_disagreement(ledger: &Ledger, associations: &[i64], now: DateTime<Utc>) -> Option<String> {
    let all = views(ledger, ExchangeFilter::default()).await;
    for association in associations.iter().copied().map(AssociationNumber) {
        let filter = ExchangeFilter { waiting_for: Some(association), ..ExchangeFilter::default() };
        let found = views(ledger, filter).await;
        let is_so = |view: &&ExchangeView| view.exchange.waits_for_association(association);
        if found.iter().ne(all.iter().filter(is_so)) {
            return Some(format!("{ledger:?}: what waits for {association} is not {found:?}"));
        }
    }
    let states = ExchangeState::ALL.iter().copied().filter(|state| state.waits_for_a_mediator()).collect();
    let found = views(ledger, ExchangeFilter { states, ..ExchangeFilter::default() }).await;
    if found.iter().ne(all.iter().filter(|view| view.exchange.waits_for() == Some(Awaited::Mediator))) {
        return Some(format!("{ledger:?}: what waits for a mediator is not {found:?}"));
    }
    for (answer_within_days, later) in [(0, 0), (1, 0), (7, 3), (30, 0), (30, 31), (u32::MAX, 0)] {
        let policy = Policy { answer_within_days, ..Policy::default() };
        let now = now + TimeDelta::days(later);
        let found = views(ledger, for_the_coordinator(&policy, now)).await;
        let is_so = |view: &&ExchangeView| view.exchange.is_for_the_coordinator(view.spoken_at, &policy, now);
        if found.iter().ne(all.iter().filter(is_so)) {
            return Some(format!(
                "{ledger:?}: the coordinator's list after {answer_within_days} days is not {found:?}"
            ));
        }
    }
    None
}

fn for_the_coordinator(policy: &Policy, now: DateTime<Utc>) -> ExchangeFilter {
    ExchangeFilter { held_or_proposed_before: Some(policy.overdue_before(now)), ..ExchangeFilter::default() }
}

async fn views(ledger: &Ledger, filter: ExchangeFilter) -> Vec<ExchangeView> {
    let filter = ExchangeFilter { page: Page::newest(100_000), ..filter };
    ledger.store.exchange_views(ledger.network, &filter).await.unwrap()
}
