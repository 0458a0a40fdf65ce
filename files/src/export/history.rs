//! All that moved an association's balance, as a spreadsheet opens it.

use ledger::{Language, account::Account};
use store::HistoryLine;

use super::exchanges::decimal_hours;
use crate::table::harmless;

/// A byte order mark, by which spreadsheets know that it is UTF-8.
const MARK: &str = "\u{feff}";

/// The lines as a CSV file in the reader's language: semicolons and decimal commas for French, and no cell that a
/// spreadsheet would take for a formula.
pub fn csv(lines: &[HistoryLine], language: Language, name: &dyn Fn(Account) -> String) -> String {
    let separator = language.pick(';', ',');
    let headings = language.pick(
        ["date", "date de l'aide", "référence", "quoi", "avec", "compétence", "remarque", "heures", "solde en heures"],
        ["date", "date of help", "reference", "what", "with", "skill", "remark", "hours", "balance in hours"],
    );
    let mut text = MARK.to_owned();
    let mut row = |cells: Vec<String>| {
        text.push_str(&cells.join(&separator.to_string()));
        text.push_str("\r\n");
    };
    row(headings.map(|heading| cell(heading, separator)).to_vec());
    for line in lines {
        let maybe = |text: &Option<String>| cell(text.as_deref().unwrap_or_default(), separator);
        row(vec![
            line.booked.to_string(),
            line.service_date.map(|date| date.to_string()).unwrap_or_default(),
            maybe(&line.reference),
            cell(line.kind.in_words(language), separator),
            cell(&line.counterparty.map(name).unwrap_or_default(), separator),
            maybe(&line.skill),
            maybe(&line.memo),
            decimal_hours(line.minutes, language),
            decimal_hours(line.balance, language),
        ]);
    }
    text
}

/// A text as a cell: in quotes where it needs them, and behind an apostrophe where a spreadsheet would reckon with it.
fn cell(text: &str, separator: char) -> String {
    let text = harmless(text);
    let is_cut = text.contains([separator, '"', '\n', '\r']);
    if is_cut { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.into_owned() }
}

#[cfg(test)]
mod tests {
    use ledger::Minutes;

    use super::*;

    #[test]
    fn no_cell_is_a_formula_or_breaks_its_row() {
        for (text, written) in [
            ("Chorale", "Chorale"),
            ("=1+1", "'=1+1"),
            ("@home", "'@home"),
            ("a;b", "\"a;b\""),
            ("say \"a\"\nb", "\"say \"\"a\"\"\nb\""),
        ] {
            assert_eq!(cell(text, ';'), written, "{text}");
        }
        assert_eq!(decimal_hours(Minutes::new(-150), Language::French), "-2,50");
    }
}
