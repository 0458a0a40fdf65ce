//! The posted exchanges as `import exchanges` reads them.
//!
//! One line an exchange whose postings stand in the accounts: confirmed, or confirmed with a correction asked for.
//! Reversed ones are left out, and so are those that wait or were never posted: brought into an empty network, the
//! file makes the same balances of help given and received. What the last column says is for people; the import
//! does not need it.

use std::io::{self, Write};

use chrono::NaiveDate;
use store::ExchangeLine;

use crate::{error::FileError, network::OpenNetwork, table::harmless};

const HEADER: [&str; 8] = ["reference", "date", "giver", "receiver", "duration", "skill", "memo", "state"];

/// Writes them all.
pub async fn write(network: &OpenNetwork, out: &mut impl Write) -> Result<(), FileError> {
    let mut file = csv::Writer::from_writer(out);
    file.write_record(HEADER).map_err(as_io)?;
    for exchange in network.store.exchanges(network.network_id, false).await? {
        if exchange.state.is_posted() {
            let cells = cells(network, &exchange);
            file.write_record(cells.iter().map(|cell| harmless(cell).into_owned())).map_err(as_io)?;
        }
    }
    Ok(file.flush()?)
}

fn cells(network: &OpenNetwork, exchange: &ExchangeLine) -> [String; 8] {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let minutes = exchange.minutes.get();
    [
        text(&exchange.reference),
        iso(exchange.service_date),
        network.name_of(exchange.giver),
        network.name_of(exchange.receiver),
        format!("{}h{:02}", minutes / 60, minutes % 60),
        text(&exchange.skill),
        text(&exchange.memo),
        exchange.state.to_string(),
    ]
}

fn iso(date: NaiveDate) -> String {
    date.format("%Y-%m-%d").to_string()
}

/// The writer's own error keeps its kind, so that a closed pipe is known for what it is.
fn as_io(error: csv::Error) -> io::Error {
    let words = error.to_string();
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        _ => io::Error::other(words),
    }
}
