//! Acts from before keys and digests were hidden: they had them in plain text, with codes and references in them, or such
//! that a guess could be tried. Once, as the database is opened or put back, they get those that they would have today.
//!
//! No leaf says either, so that the log stays what it is. The database itself allows this change alone, and of no act
//! from the one on that `network_secret` names for lines: when all are hidden that is the first one, and nothing may
//! change any more.

use std::collections::HashMap;

use crate::{
    StoreError,
    bulk::{Known, TableRows, row},
    db::{Tx, on_tx, select},
    directory,
    read::{
        acts::acts_of_keys,
        network::{lock_head, read_secrets},
        persons::line_secrets,
    },
    reading::{RowOf, table_row},
    schema::ACT,
    secrets::SystemSecrets,
};
use ledger::{
    ActNumber, Digest, NetworkId, PersonNumber,
    brought_in::hidden_key,
    clock::{SecretKey, Secrets as _},
    command::Key,
    keyed::{NetworkSecrets, RequestSecret},
};

/// Hides what the acts of a network have in plain text; how many those are.
///
/// What was asked is recognised when it is asked again, unless somebody was erased since: then nothing tells any more what
/// any of these acts was asked by, as after every erasure.
pub(crate) async fn hide(tx: &mut Tx, network: NetworkId) -> Result<u64, StoreError> {
    let sql = "SELECT since FROM network_secret WHERE network_id = $1 AND purpose = 'lines' AND since > 0";
    let has_former_keys = !select::<(i64,)>(tx, network, sql).await?.is_empty();
    let mut hidden = 0;
    if has_former_keys {
        // Whoever writes meanwhile waits; whoever hid them meanwhile left none.
        lock_head(tx, network).await?;
        let secrets = read_secrets(tx, network).await?;
        hidden = hide_until(tx, network, &secrets).await?;
    }
    directory::note_hidden_keys(tx, network).await?;
    Ok(hidden)
}

async fn hide_until(tx: &mut Tx, network: NetworkId, secrets: &NetworkSecrets) -> Result<u64, StoreError> {
    let mut drawn = SystemSecrets::new();
    let is_anybody_erased =
        !select::<(i64,)>(tx, network, "SELECT person FROM erasure WHERE network_id = $1 LIMIT 1").await?.is_empty();
    // Kept nowhere: what is hidden under it nobody recognises.
    let thrown_away = RequestSecret { key: drawn.key(), ..secrets.requests };
    let requests = if is_anybody_erased { thrown_away } else { secrets.requests };
    let secrets = NetworkSecrets { requests, ..*secrets };
    let mut hiding = Hiding { network, secrets, of_acts: secrets_of_acts(tx, network).await?, drawn, hidden: 0 };
    let mut after = ActNumber(-1);
    while let Some(last) = hiding.hide_some(tx, after).await? {
        after = last;
    }
    for (purpose, is_wanted) in [("lines", true), ("requests", !is_anybody_erased)] {
        let sql = "UPDATE network_secret SET since = 0 WHERE network_id = $1 AND purpose = $2";
        if is_wanted {
            on_tx!(&mut *tx, connection => {
                sqlx::query(sql).bind(network.0).bind(purpose).execute(connection).await.map(|_| ())?;
            });
        }
    }
    Ok(hiding.hidden)
}

/// The secrets of the persons whose hours acts post, as far as those are not erased: a file's line is about one person.
async fn secrets_of_acts(tx: &mut Tx, network: NetworkId) -> Result<HashMap<ActNumber, SecretKey>, StoreError> {
    let of_persons = line_secrets(tx, network).await?;
    let sql = "SELECT act, person FROM contribution WHERE network_id = $1 AND line = 0";
    let rows: Vec<(i64, i64)> = select(tx, network, sql).await?;
    let known = |(act, person)| Some((ActNumber(act), *of_persons.get(&PersonNumber(person))?));
    Ok(rows.into_iter().filter_map(known).collect())
}

struct Hiding {
    network: NetworkId,
    secrets: NetworkSecrets,
    of_acts: HashMap<ActNumber, SecretKey>,
    drawn: SystemSecrets,
    hidden: u64,
}

impl Hiding {
    /// Hides what the next acts have, and tells the last of them.
    async fn hide_some(&mut self, tx: &mut Tx, after: ActNumber) -> Result<Option<ActNumber>, StoreError> {
        const ACTS_AT_ONCE: i64 = 2_000;
        let sql = "SELECT number, key_scope, key, request, kind, recorded_at, principal, leaf, leaf_hash FROM act \
                   WHERE network_id = $1 AND number > $2 AND number < $3 ORDER BY number LIMIT $4";
        let rows: Vec<FormerAct> = on_tx!(&mut *tx, connection => sqlx::query_as(sql)
            .bind(self.network.0)
            .bind(after.0)
            .bind(self.secrets.lines_since.0)
            .bind(ACTS_AT_ONCE)
            .fetch_all(connection)
            .await?);
        let Some(last) = rows.last().map(|row| ActNumber(row.number)) else { return Ok(None) };
        let (mut changed, mut kept) = (Vec::with_capacity(rows.len()), Vec::with_capacity(rows.len()));
        for row in rows {
            // What is no digest is the audit's to name: it keeps nobody from the rest.
            if let Ok(digest) = RowOf("act", row.number).digest("request", &row.request) {
                let key = Key { scope: row.key_scope.clone(), key: row.key.clone() };
                changed.push(self.hidden(ActNumber(row.number), key, digest));
                kept.push(row);
            }
        }
        self.draw_where_taken(tx, &mut changed).await?;
        self.hidden += u64::try_from(changed.len()).unwrap_or(u64::MAX);
        // Written as if they were new: so each is found by its number, where a joined update reads all acts for each part.
        let mut rows = TableRows::new(&ACT, self.network, Known::Changes(&["key", "request"]));
        for ((act, key, request), row) in changed.into_iter().zip(kept) {
            let FormerAct { kind, recorded_at, principal, leaf, leaf_hash, .. } = row;
            let (network, request) = (self.network.0, request.0.to_vec());
            rows.push(row![network, act.0, kind, recorded_at, principal, key.scope, key.key, request, leaf, leaf_hash]);
        }
        rows.write(tx).await?;
        Ok(Some(last))
    }

    /// What an act gets in place of its key and the digest of its request.
    fn hidden(&mut self, act: ActNumber, former: Key, digest: Digest) -> (ActNumber, Key, Digest) {
        let of = self.of_acts.get(&act).copied();
        let hidden = hidden_key(&former, &self.secrets, of, self.drawn.key());
        let digest = hidden.as_ref().and_then(|hidden| hidden.digest).unwrap_or(digest);
        let key = hidden.map_or(former, |hidden| hidden.key);
        (act, key, self.secrets.requests.hidden(digest))
    }

    /// No two acts have one key. A line that came in before and again after keys were hidden is known by the later one.
    async fn draw_where_taken(
        &mut self,
        tx: &mut Tx,
        changed: &mut [(ActNumber, Key, Digest)],
    ) -> Result<(), StoreError> {
        let taken = acts_of_keys(tx, self.network, changed.iter().map(|(_, key, _)| key)).await?;
        let taken: HashMap<Key, ActNumber> = taken.into_iter().map(|(key, used)| (key, used.act)).collect();
        for (act, key, _) in changed {
            if taken.get(key).is_some_and(|by| by != act) {
                key.key = format!("earlier:{}", Digest(self.drawn.key().0).to_hex());
            }
        }
        Ok(())
    }
}

table_row! {
    struct FormerAct {
        number: i64,
        key_scope: String,
        key: String,
        request: Vec<u8>,
        kind: String,
        recorded_at: i64,
        principal: String,
        leaf: String,
        leaf_hash: Vec<u8>,
    }
}
