//! Forgets the notebooks that lay on a page for an hour, or whose session has ended.

use std::time::Duration;

use ledger::Language;

use crate::{
    app::App,
    notebook::KEPT,
    operation::{logs, moment::instant},
};

const PAUSE: Duration = Duration::from_mins(1);

/// Does so every minute; first of all, since whoever stops a service does not stop the hour.
pub async fn run(app: App) {
    loop {
        let began = instant();
        match sweep(&app).await {
            Err(error) if !error.is_passing() => logs::fault(&error.in_words(Language::English)),
            Ok(()) | Err(_) => {}
        }
        // However many networks there are, to look after them takes a tenth of the time.
        tokio::time::sleep(PAUSE.max(9 * began.elapsed())).await;
    }
}

async fn sweep(app: &App) -> Result<(), store::StoreError> {
    let mut forgotten = 0;
    for entry in app.store.networks().await? {
        forgotten += app.store.sweep_notebooks(entry.id, app.now() - KEPT, app.now()).await?;
    }
    if forgotten > 0 { app.store.settle().await } else { Ok(()) }
}
