//! Signs the heads of the log while the service runs, so that no act goes a day without standing under a signature.

use std::{path::Path, time::Duration};

use ledger::{Language, NetworkId, keyring::Keyring};
use store::SealError;
use uuid::Uuid;

use crate::{
    app::App,
    operation::{logs, moment::instant},
};

/// How often it is looked whether a signature is due.
const PAUSE: Duration = Duration::from_mins(1);

/// Looks after every network whose key is in the folder, for as long as the service runs.
pub async fn run(app: App) {
    let Some(keys) = app.config.keys.clone() else { return };
    loop {
        let began = instant();
        match app.store.networks().await {
            Ok(networks) => {
                for entry in networks {
                    sign(&app, &keys, entry.id, entry.uuid).await;
                }
            }
            Err(error) => logs::fault(&error.in_words(Language::English)),
        }
        // However many networks there are, to look after them takes a tenth of the time.
        tokio::time::sleep(PAUSE.max(9 * began.elapsed())).await;
    }
}

async fn sign(app: &App, keys: &Path, network: NetworkId, uuid: Uuid) {
    let keyring = Keyring::new(keys, uuid);
    match app.store.sign_when_due(network, &keyring, app.now()).await {
        Ok(None) => {}
        Ok(Some(signed)) => logs::event(&format!("signed the log of {uuid} at {} acts", signed.head.size)),
        Err(SealError::Store(error)) if error.is_passing() => {}
        Err(error) => logs::fault(&format!("the log of {uuid} was not signed: {}", error.in_words(Language::English))),
    }
}
