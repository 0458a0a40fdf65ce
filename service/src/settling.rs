//! Keeps what was written lately in the database's own file, for as long as the service runs: whoever copies that file,
//! though `backup` is the way, then lacks minutes and not weeks.

use std::time::Duration;

use ledger::Language;

use crate::{app::App, operation::logs};

const PAUSE: Duration = Duration::from_mins(2);

/// Does so every few minutes.
pub async fn run(app: App) {
    loop {
        tokio::time::sleep(PAUSE).await;
        match app.store.settle().await {
            Err(error) if !error.is_passing() => logs::fault(&error.in_words(Language::English)),
            Ok(()) | Err(_) => {}
        }
    }
}
