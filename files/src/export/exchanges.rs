//! The posted exchanges as `import exchanges` reads them, or as a spreadsheet of the reader's country opens them.
//!
//! One line an exchange whose postings stand in the accounts: confirmed, or confirmed with a correction asked for.
//! Reversed ones are left out, and so are those that wait or were never posted: brought into an empty network, the
//! file makes the same balances of help given and received. What the columns after the remark say is for people; the
//! import does not need it.

use std::io::{self, Write};

use ledger::{Language, Minutes};
use store::ExchangeLine;

use crate::{error::FileError, network::OpenNetwork, table::harmless};

/// A byte order mark, by which spreadsheets know that it is UTF-8.
const MARK: &str = "\u{feff}";
const COLUMNS: [&str; 8] = ["reference", "date", "giver", "receiver", "duration", "skill", "memo", "state"];

/// For whom the table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// For programs: commas, English names of columns, the same in every language.
    ForPrograms,
    /// For a spreadsheet in that language: French has semicolons, decimal commas and French headings. Hours stand twice,
    /// as a duration that is exact, and as a number to reckon with.
    ForSpreadsheet(Language),
}

impl Form {
    fn headings(self) -> Vec<&'static str> {
        match self {
            Self::ForPrograms => COLUMNS.to_vec(),
            Self::ForSpreadsheet(Language::English) => {
                let [before @ .., state] = COLUMNS;
                [before.as_slice(), &["in hours", state]].concat()
            }
            Self::ForSpreadsheet(Language::French) => vec![
                "référence",
                "date",
                "a aidé",
                "a été aidée",
                "durée",
                "compétence",
                "remarque",
                "en heures",
                "état",
            ],
        }
    }

    fn cells(self, network: &OpenNetwork, exchange: &ExchangeLine) -> Vec<String> {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let date = match self {
            Self::ForSpreadsheet(Language::French) => exchange.service_date.format("%d/%m/%Y"),
            Self::ForPrograms | Self::ForSpreadsheet(Language::English) => exchange.service_date.format("%Y-%m-%d"),
        };
        let minutes = exchange.minutes.get();
        let mut cells = vec![
            text(&exchange.reference),
            date.to_string(),
            network.name_of(exchange.giver),
            network.name_of(exchange.receiver),
            format!("{}h{:02}", minutes / 60, minutes % 60),
            text(&exchange.skill),
            text(&exchange.memo),
        ];
        match self {
            Self::ForPrograms => cells.push(exchange.state.to_string()),
            Self::ForSpreadsheet(language) => {
                cells.push(decimal_hours(exchange.minutes, language));
                cells.push(exchange.state.in_words(language).to_owned());
            }
        }
        cells.iter().map(|cell| harmless(cell).into_owned()).collect()
    }
}

/// Writes them all.
pub async fn write(network: &OpenNetwork, form: Form, out: &mut impl Write) -> Result<(), FileError> {
    let mut settings = csv::WriterBuilder::new();
    if let Form::ForSpreadsheet(language) = form {
        out.write_all(MARK.as_bytes())?;
        settings.delimiter(language.pick(b';', b',')).terminator(csv::Terminator::CRLF);
    }
    let mut file = settings.from_writer(out);
    file.write_record(form.headings()).map_err(as_io)?;
    for exchange in network.store.exchanges(network.network_id, false).await? {
        if exchange.state.is_posted() {
            file.write_record(form.cells(network, &exchange)).map_err(as_io)?;
        }
    }
    Ok(file.flush()?)
}

/// Hours as a spreadsheet of that language reads a number, to hundredths.
pub(super) fn decimal_hours(minutes: Minutes, language: Language) -> String {
    let hours = minutes.to_hours().to_string();
    language.pick(hours.replace('.', ","), hours)
}

/// The writer's own error keeps its kind, so that a closed pipe is known for what it is.
fn as_io(error: csv::Error) -> io::Error {
    let words = error.to_string();
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        _ => io::Error::other(words),
    }
}
