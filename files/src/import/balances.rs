//! Balances from before the ledger.

use chrono::NaiveDate;
use ledger::{AssociationNumber, Minutes, brought_in::BroughtIn, command::Command};
use store::{BalanceBroughtIn, StoreError};

use super::{
    otherwise::{Difference, Otherwise, quoted},
    plan::{Plan, show_date},
};
use crate::{remedy::Remedy, table::Row};

/// A line per association, with the day at which its balance holds.
pub(super) async fn read(plan: &mut Plan<'_>) -> Result<(), StoreError> {
    let standing = plan.network.store.balances_brought_in(plan.network.network_id).await?;
    for row in &plan.table.rows {
        match balance(plan, row) {
            Ok(balance) if standing.contains_key(&balance.association) => {
                correct(plan, row.line, &balance, &standing[&balance.association]);
            }
            // A balance of zero is what an account begins with.
            Ok(Balance { minutes, .. }) if minutes.is_zero() => plan.known_lines += 1,
            Ok(Balance { association, minutes, date: said }) => {
                let date = said.or(plan.options.balances_of);
                if let Some(date) = date
                    && !plan.is_meant(row.line, date)
                {
                    continue;
                }
                if date.is_none() {
                    // What is in the ledger already may stay as it is.
                    plan.objections.insert(row.line, without_date(plan));
                }
                let content = [minutes.get().to_string(), said.map(|date| date.to_string()).unwrap_or_default()];
                let date = date.unwrap_or_else(|| plan.network.today());
                let command = Command::BringInBalance { association, minutes, date };
                plan.ask(row.line, &BroughtIn::Balance(association), &[&content[0], &content[1]], command);
            }
            Err(problem) => plan.problem(row.line, problem),
        }
    }
    Ok(())
}

/// Holds a line against the balances that were brought in and stand: they say the same, or are taken back for another.
fn correct(plan: &mut Plan<'_>, line: u64, said: &Balance, standing: &[BalanceBroughtIn]) {
    let language = plan.language();
    let known = Minutes::sum(standing.iter().map(|known| known.minutes)).unwrap_or_default();
    let since = standing.iter().map(|known| known.date).max().unwrap_or_else(|| plan.network.today());
    let date = said.date.or(plan.options.balances_of).unwrap_or(since);
    let minutes = |minutes: Minutes| minutes.display(language).to_string();
    let differences: Vec<_> = [
        Difference::between(("solde", "balance"), minutes(known), minutes(said.minutes)),
        Difference::between(("date", "date"), show_date(since, language), show_date(date, language)),
    ]
    .into_iter()
    .flatten()
    .collect();
    if differences.is_empty() {
        plan.known_lines += 1;
        return;
    }
    if !said.minutes.is_zero() && !plan.is_meant(line, date) {
        return;
    }
    let reason = plan.reason(line);
    let mut mends: Vec<_> =
        standing.iter().map(|known| Command::Reverse { target: known.act, reason: reason.clone() }).collect();
    if !said.minutes.is_zero() {
        mends.push(Command::BringInBalance { association: said.association, minutes: said.minutes, date });
    }
    let name = quoted(&plan.network.name_of(said.association), language);
    let what = language.pick(format!("le solde repris de {name}"), format!("the balance brought in for {name}"));
    plan.tell_otherwise(Otherwise { line, what, differences, mends });
}

/// What a line says.
struct Balance {
    association: AssociationNumber,
    minutes: Minutes,
    /// The day, where the line says it.
    date: Option<NaiveDate>,
}

fn without_date(plan: &Plan<'_>) -> String {
    let remedy = plan.remedy(Remedy::DateBalances);
    plan.language().pick(
        format!("à quelle date vaut ce solde ? Remplissez la colonne « date » ; {remedy}"),
        format!("at which day does this balance hold? Fill in the column “date”; {remedy}"),
    )
}

fn balance(plan: &mut Plan<'_>, row: &Row) -> Result<Balance, String> {
    let association = plan.association(row, "association")?;
    let date = if plan.filled(row, "date").is_some() { Some(plan.date(row, "date")?) } else { None };
    // Unlike help, a balance may be below zero.
    let minutes = Minutes::parse_signed(plan.cell(row, "balance")).map_err(|error| error.in_words(plan.language()))?;
    Ok(Balance { association, minutes, date })
}
