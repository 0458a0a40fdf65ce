//! The link on the terminal with which a network's first coordinator says who they are.

use chrono::{DateTime, Utc};
use ledger::{
    Language, NetworkId,
    clock::{Clock, Secrets as _},
};
use service::{place, sign_in::first_coordinator};
use store::{Store, StoreError, SystemSecrets};

/// Where `serve` listens unless it is told otherwise.
const USUAL_BASE: &str = "http://127.0.0.1:8080";
/// In a database with more networks than this, each was made by somebody whom `init` gave a link.
const NETWORKS_MOST: usize = 10;

/// The path of a new link, where nobody who acts for the network can sign in.
pub(crate) async fn offer(store: &Store, network: NetworkId, now: DateTime<Utc>) -> Result<Option<String>, StoreError> {
    offered(store, network, false, now).await
}

async fn offered(
    store: &Store,
    network: NetworkId,
    sends_mail: bool,
    now: DateTime<Utc>,
) -> Result<Option<String>, StoreError> {
    let random = SystemSecrets::new().key().0;
    let Some(secret) = first_coordinator::offer(store, network, sends_mail, random, now).await? else {
        return Ok(None);
    };
    Ok(Some(format!("{}/first/{}", place::prefix_of(store, network).await?, secret.text)))
}

/// What `init` says of it.
pub(crate) fn told_by_init(path: &str, language: Language) -> String {
    language.pick(
        format!(
            "\nPour coordonner ce réseau dans les pages, lancez « coudemain servir », puis ouvrez d'ici deux jours :\n  \
             {USUAL_BASE}{path}"
        ),
        format!(
            "\nTo coordinate this network in the pages, run “coudemain serve”, then open within two days:\n  \
             {USUAL_BASE}{path}"
        ),
    )
}

/// Says on the terminal with which links networks get their first coordinators. A service goes on without it.
pub(crate) async fn offer_all(store: &Store, base: &str, sends_mail: bool, clock: &dyn Clock, language: Language) {
    let told = async {
        let networks = store.networks().await?;
        for entry in networks.iter().filter(|_| networks.len() <= NETWORKS_MOST) {
            if let Some(path) = offered(store, entry.id, sends_mail, clock.now()).await? {
                let begin = language.pick("Pour coordonner", "To coordinate");
                say_line!("{begin} {} : {}{path}", entry.slug, base.trim_end_matches('/'));
            }
        }
        Ok::<_, StoreError>(())
    };
    if let Err(error) = told.await {
        warn_line!("{}", error.in_words(language));
    }
}
