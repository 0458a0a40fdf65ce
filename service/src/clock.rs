//! Looks whether the clock agrees with what was written, for as long as the service runs: whoever runs it should hear of
//! it before a year is closed too soon.

use std::time::Duration;

use ledger::Language;

use crate::{
    app::App,
    operation::{logs, moment::instant},
};

const PAUSE: Duration = Duration::from_mins(1);

/// Keeps what speaks against the clock to be told where the service says how it is.
pub async fn run(app: App) {
    loop {
        let began = instant();
        match app.store.clock_doubts(app.now()).await {
            Ok(doubts) => {
                if !doubts.is_empty() && app.clock_doubts().is_empty() {
                    for doubt in &doubts {
                        logs::fault(&doubt.in_words(Language::English));
                    }
                }
                app.note_clock_doubts(doubts);
            }
            Err(error) if error.is_passing() => {}
            Err(error) => logs::fault(&error.in_words(Language::English)),
        }
        // However many networks there are, to look after them takes a tenth of the time.
        tokio::time::sleep(PAUSE.max(9 * began.elapsed())).await;
    }
}
