//! Balances from before the ledger.

use ledger::{Minutes, brought_in::BroughtIn, command::Command};

use super::plan::Plan;
use crate::table::Row;

/// A line per association; without a date, the balance holds today.
pub(super) fn read(plan: &mut Plan<'_>) {
    for row in &plan.table.rows {
        let read = balance(plan, row);
        match read {
            Ok(Some(command)) => {
                let Command::BringInBalance { association, minutes, date } = &command else { continue };
                if !plan.is_meant(row.line, *date) {
                    continue;
                }
                let asked = BroughtIn::Balance(*association);
                let date = plan.cell(row, "date").to_owned();
                let content = [minutes.get().to_string(), date];
                plan.ask(row.line, &asked, &[&content[0], &content[1]], command);
            }
            // A balance of zero is what an account begins with.
            Ok(None) => plan.known_lines += 1,
            Err(problem) => plan.problem(row.line, problem),
        }
    }
}

fn balance(plan: &mut Plan<'_>, row: &Row) -> Result<Option<Command>, String> {
    let association = plan.association(row, "association")?;
    let date = if plan.filled(row, "date").is_some() { plan.date(row, "date")? } else { plan.network.today() };
    // Unlike help, a balance may be below zero.
    let minutes = Minutes::parse_signed(plan.cell(row, "balance")).map_err(|error| error.in_words(plan.language()))?;
    Ok((!minutes.is_zero()).then_some(Command::BringInBalance { association, minutes, date }))
}
