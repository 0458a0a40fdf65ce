//! What is said of an account past its limit: which limit, where the account stands, and since when.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use ledger::{
    Language, Minutes,
    account::Account,
    policy::{Limits, Passed},
};
use store::{HistoryLine, StoreError};

use crate::{network::OpenNetwork, text::more};

/// So many accounts are shown.
const SHOWN: usize = 10;

/// What is worth knowing of accounts that a request took past their soft limits: “limite souple dépassée : Chorale (solde
/// −41 h, limite −40 h, depuis le 14/03/2025)”; nothing where there are none.
///
/// # Errors
/// When the database does not answer.
pub async fn soft_limits_passed(network: &OpenNetwork, accounts: &[Account]) -> Result<Option<String>, StoreError> {
    let language = network.language;
    let mut shown = Vec::new();
    for account in accounts.iter().take(SHOWN) {
        shown.push(shown_past(network, *account).await?);
    }
    let Some(_) = shown.first() else { return Ok(None) };
    let names = shown.join(", ");
    let names = match accounts.len().saturating_sub(SHOWN) {
        0 => names,
        unshown => format!("{names} {} {}", language.pick("et", "and"), more(unshown, language)),
    };
    Ok(Some(format!("{} {names}", soft_limit_passed(language))))
}

/// How such a note begins.
pub fn soft_limit_passed(language: Language) -> &'static str {
    language.pick("limite souple dépassée :", "soft limit passed:")
}

/// An account's name, with where it stands; the name alone of one that is within its limits again.
async fn shown_past(network: &OpenNetwork, account: Account) -> Result<String, StoreError> {
    let limits = match account {
        Account::Association(number) => network.registry.limits(number).unwrap_or(Limits::NONE),
        Account::Fund => Limits::FUND,
        Account::Opening | Account::Engaged(_) | Account::Person(_) => Limits::NONE,
    };
    let history = network.store.history(network.network_id, account).await?;
    let (name, language) = (network.account_name(account), network.language);
    let Some(Past { balance, limit, since }) = since(&history, limits) else { return Ok(name) };
    let (balance, limit) = (balance.display(language), limit.display(language));
    let day = language.pick(since.format("%d/%m/%Y"), since.format("%Y-%m-%d"));
    Ok(language.pick(
        format!("{name} (solde {balance}, limite {limit}, depuis le {day})"),
        format!("{name} (balance {balance}, limit {limit}, since {day})"),
    ))
}

/// An account past a limit.
#[derive(Debug, PartialEq, Eq)]
struct Past {
    balance: Minutes,
    limit: Minutes,
    since: NaiveDate,
}

/// The first of the last days in a row at whose end the account was past the limit that it is past now.
fn since(history: &[HistoryLine], limits: Limits) -> Option<Past> {
    let mut days: BTreeMap<NaiveDate, i64> = BTreeMap::new();
    for line in history {
        *days.entry(line.booked).or_default() += line.minutes.get();
    }
    let mut balance = 0;
    for sum in days.values_mut() {
        balance += *sum;
        *sum = balance;
    }
    let balance = Minutes::new(balance);
    let passed = limits.passed_by(balance)?;
    let is_past = |balance: i64| match passed {
        Passed::Floor(floor) => balance < floor.get(),
        Passed::Ceiling(ceiling) => balance > ceiling.get(),
    };
    let in_a_row = days.iter().rev().take_while(|(_, balance)| is_past(**balance));
    let (since, _) = in_a_row.last()?;
    let (Passed::Floor(limit) | Passed::Ceiling(limit)) = passed;
    Some(Past { balance, limit, since: *since })
}

#[cfg(test)]
mod tests {
    use ledger::{ActNumber, account::PostingKind};

    use super::*;

    fn line(day: &str, minutes: i64) -> HistoryLine {
        HistoryLine {
            sequence: 0,
            act: ActNumber(0),
            booked: day.parse().unwrap(),
            service_date: None,
            kind: PostingKind::Given,
            counterparty: None,
            minutes: Minutes::new(minutes),
            balance: Minutes::ZERO,
            exchange: None,
            reference: None,
            skill: None,
            memo: None,
        }
    }

    #[test]
    fn an_account_is_past_its_limit_since_the_day_on_which_it_last_went_past() {
        let limits = Limits { soft_floor: Some(Minutes::new(-100)), ..Limits::NONE };
        // Recorded in another order than that of days.
        let mut history = vec![line("2025-03-01", -90), line("2025-01-01", -101), line("2025-02-01", 60)];
        let told =
            |history: &[HistoryLine]| since(history, limits).map(|past| (past.balance.get(), past.since.to_string()));
        assert_eq!(told(&history), Some((-131, "2025-03-01".to_owned())));
        history.push(line("2025-03-02", 31));
        assert_eq!(told(&history), None, "exactly at the limit");
        history.push(line("2025-03-03", -1));
        history.push(line("2025-03-04", -1));
        assert_eq!(told(&history), Some((-102, "2025-03-03".to_owned())));
    }
}
