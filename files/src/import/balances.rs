//! Balances from before the ledger.

use ledger::{Language, Minutes, MinutesError, brought_in::BroughtIn, command::Command};

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
    let minutes = signed(plan.cell(row, "balance"), plan.language())?;
    Ok((!minutes.is_zero()).then_some(Command::BringInBalance { association, minutes, date }))
}

/// A duration with a sign: unlike help, a balance may be negative.
fn signed(text: &str, language: Language) -> Result<Minutes, String> {
    let unsigned = text.trim().strip_prefix(['-', '−', '–']);
    let minutes = Minutes::parse(unsigned.unwrap_or(text)).map_err(|error: MinutesError| error.in_words(language))?;
    Ok(if unsigned.is_some() { Minutes::new(-minutes.get()) } else { minutes })
}
