//! Signs the heads of the log while the service runs, so that no act goes a day without standing under a signature; and
//! has those badges made that somebody waits for.

use std::{collections::HashMap, time::Duration};

use chrono::TimeDelta;
use ledger::{Language, NetworkId, keyring::Keyring};
use store::SealError;
use uuid::Uuid;

use crate::{
    app::App,
    badges,
    operation::{logs, moment::instant},
    witnesses,
};

/// How often it is looked whether a signature is due.
const PAUSE: Duration = Duration::from_mins(1);
/// A witness that did not sign is asked again after so long.
const ASKED_AGAIN_AFTER: TimeDelta = TimeDelta::minutes(10);

/// Looks after every network whose key is in the folder, for as long as the service runs.
pub async fn run(app: App) {
    let Some(keys) = app.config.keys.clone() else { return };
    let mut asked = HashMap::new();
    loop {
        let began = instant();
        match app.store.networks().await {
            Ok(networks) => {
                for entry in networks {
                    let keyring = Keyring::new(&keys, entry.uuid);
                    badges::make_due(&app, &keyring, entry.id, entry.uuid).await;
                    let is_new = sign(&app, &keyring, entry.id, entry.uuid).await;
                    let last = asked.get(&entry.id).filter(|_| !is_new);
                    if last.is_none_or(|last| app.now() - *last > ASKED_AGAIN_AFTER) {
                        asked.insert(entry.id, app.now());
                        tokio::spawn(ask_witnesses(app.clone(), keyring, entry.id, entry.uuid));
                    }
                }
            }
            Err(error) => logs::fault(&error.in_words(Language::English)),
        }
        // However many networks there are, to look after them takes a tenth of the time.
        tokio::time::sleep(PAUSE.max(9 * began.elapsed())).await;
    }
}

/// Whether there is a new signature.
async fn sign(app: &App, keyring: &Keyring, network: NetworkId, uuid: Uuid) -> bool {
    match app.store.sign_when_due(network, keyring, app.now()).await {
        Ok(None) => return false,
        Ok(Some(signed)) => {
            logs::event(&format!("signed the log of {uuid} at {} acts", signed.head.size));
            return true;
        }
        Err(SealError::Store(error)) if error.is_passing() => {}
        Err(error) => logs::fault(&format!("the log of {uuid} was not signed: {}", error.in_words(Language::English))),
    }
    false
}

/// Asks those witnesses about the last head who have not signed it; one that takes its time keeps no other network waiting.
async fn ask_witnesses(app: App, keyring: Keyring, network: NetworkId, uuid: Uuid) {
    let asked = async {
        if keyring.asked_witnesses()?.is_none() {
            return Ok(None);
        }
        let Some(signed) = app.store.signed_heads(network, 1).await?.into_iter().next() else { return Ok(None) };
        witnesses::ask(&app.store, network, &keyring, signed, app.now()).await.map(Some)
    };
    match asked.await {
        Ok(asked) => {
            for (witness, why) in asked.into_iter().flat_map(|asked| asked.missing) {
                let why = why.in_words(Language::English);
                logs::event(&format!("{witness} did not witness the log of {uuid}: {why}"));
            }
        }
        Err(SealError::Store(error)) if error.is_passing() => {}
        Err(error) => {
            logs::fault(&format!("the witnesses of {uuid} were not asked: {}", error.in_words(Language::English)));
        }
    }
}
