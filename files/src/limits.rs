//! What is said of an account past its limit: which limit, where the account stands, and since when.

use chrono::NaiveDate;
use ledger::{
    Language, Minutes,
    account::Account,
    policy::{Limits, Passed},
};
use store::StoreError;

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
    let days = network.store.days(network.network_id, account).await?;
    let (name, language) = (network.account_name(account), network.language);
    let Some(Past { balance, limit, since }) = since(&days, limits) else { return Ok(name) };
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

/// The first of the last days in a row at whose end the account was past the limit that it is past now; `moved` is by how
/// much each day moved it, in their order.
fn since(moved: &[(NaiveDate, Minutes)], limits: Limits) -> Option<Past> {
    let ends = moved.iter().scan(0, |balance, (day, minutes)| {
        *balance += minutes.get();
        Some((*day, *balance))
    });
    let ends: Vec<(NaiveDate, i64)> = ends.collect();
    let balance = Minutes::new(ends.last().map_or(0, |(_, balance)| *balance));
    let passed = limits.passed_by(balance)?;
    let is_past = |balance: i64| match passed {
        Passed::Floor(floor) => balance < floor.get(),
        Passed::Ceiling(ceiling) => balance > ceiling.get(),
    };
    let in_a_row = ends.iter().rev().take_while(|(_, balance)| is_past(*balance));
    let (since, _) = in_a_row.last()?;
    let (Passed::Floor(limit) | Passed::Ceiling(limit)) = passed;
    Some(Past { balance, limit, since: *since })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_past_its_limit_since_the_day_on_which_it_last_went_past() {
        let limits = Limits { soft_floor: Some(Minutes::new(-100)), ..Limits::NONE };
        let day = |day: &str, minutes: i64| (day.parse().unwrap(), Minutes::new(minutes));
        let mut moved = vec![day("2025-01-01", -101), day("2025-02-01", 60), day("2025-03-01", -90)];
        let told = |moved: &[(NaiveDate, Minutes)]| {
            since(moved, limits).map(|past| (past.balance.get(), past.since.to_string()))
        };
        assert_eq!(told(&moved), Some((-131, "2025-03-01".to_owned())));
        moved.push(day("2025-03-02", 31));
        assert_eq!(told(&moved), None, "exactly at the limit");
        moved.push(day("2025-03-03", -1));
        moved.push(day("2025-03-04", -1));
        assert_eq!(told(&moved), Some((-102, "2025-03-03".to_owned())));
    }
}
