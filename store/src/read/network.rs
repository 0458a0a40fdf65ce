//! Networks of a database, and where their acts have got to.

use std::collections::BTreeMap;

use async_recursion::async_recursion as boxed;
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use crate::{
    Store, StoreError,
    db::{Tx, on_tx, select},
    directory::{self, NetworkKey},
    migrations,
    reading::{Found, RowOf, table_row},
};
use ledger::{
    ActNumber, Digest, NetworkId,
    keyed::{NetworkSecrets, RequestSecret},
    state::{Head, Network},
};

/// A network of a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NetworkEntry {
    /// Its number in this database.
    pub id: NetworkId,
    /// What it is called, and where its days begin.
    pub network: Network,
}

impl Store {
    /// A network by its number.
    ///
    /// # Errors
    /// When the database does not answer or the row cannot be true.
    #[boxed]
    pub async fn network_numbered(&self, network: NetworkId) -> Result<Option<NetworkEntry>, StoreError> {
        entry(&mut self.db().begin_read().await?, network).await
    }

    /// A network by what outsiders know it by.
    ///
    /// # Errors
    /// When the database does not answer or the row cannot be true.
    #[boxed]
    pub async fn find_network(&self, key: &NetworkKey) -> Result<Option<NetworkEntry>, StoreError> {
        let mut tx = self.db().begin_read().await?;
        match directory::find(&mut tx, key).await? {
            Some(network) => entry(&mut tx, network).await,
            None => Ok(None),
        }
    }

    /// The network that a person means: by its UUID, its name, however it is spelt, or its slug; without a word, the only
    /// one there is.
    ///
    /// # Errors
    /// When there is none, or several and none was named.
    #[boxed]
    pub async fn network(&self, wanted: Option<&str>) -> Result<NetworkEntry, StoreError> {
        let mut tx = self.db().begin_read().await?;
        let found = match wanted {
            Some(wanted) => named(&mut tx, wanted).await?.ok_or_else(|| StoreError::UnknownNetwork(wanted.to_owned())),
            None => only(&mut tx).await,
        };
        entry(&mut tx, found?).await?.ok_or(StoreError::NoNetwork)
    }

    /// The networks of the database that bear that name, however it is spelt.
    ///
    /// # Errors
    /// When the database does not answer.
    #[boxed]
    pub async fn networks_named(&self, name: &str) -> Result<Vec<NetworkEntry>, StoreError> {
        let mut tx = self.db().begin_read().await?;
        let mut found = Vec::new();
        for listed in directory::named(&mut tx, name).await? {
            found.extend(entry(&mut tx, listed.id).await?);
        }
        Ok(found)
    }

    /// Where a network's acts have got to, and the root of its log.
    ///
    /// # Errors
    /// When the database does not answer or the row cannot be true.
    #[boxed]
    pub async fn head(&self, network: NetworkId) -> Result<(Head, Digest), StoreError> {
        read_head(&mut self.db().begin_read().await?, network).await
    }

    /// What hides the network's keys and digests.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn secrets(&self, network: NetworkId) -> Result<NetworkSecrets, StoreError> {
        read_secrets(&mut self.db().begin_read().await?, network).await
    }

    /// Whether the schema is the one that this program knows: another process may have brought it further.
    ///
    /// # Errors
    /// When the database does not answer.
    #[boxed]
    pub async fn is_current(&self) -> Result<bool, StoreError> {
        Ok(self.db().schema().await? == migrations::newest())
    }
}

async fn named(tx: &mut Tx, wanted: &str) -> Result<Option<NetworkId>, StoreError> {
    if let Ok(uuid) = wanted.parse() {
        return directory::find(tx, &NetworkKey::Uuid(uuid)).await;
    }
    match directory::named(tx, wanted).await?.as_slice() {
        [] => directory::find(tx, &NetworkKey::Slug(wanted.to_owned())).await,
        [only] => Ok(Some(only.id)),
        several => Err(StoreError::SeveralNetworks(several.iter().map(|entry| entry.slug.clone()).collect())),
    }
}

async fn only(tx: &mut Tx) -> Result<NetworkId, StoreError> {
    // Whoever has more of them knows what they are called.
    const SHOWN_MOST: u32 = 20;
    match directory::first(tx, SHOWN_MOST + 1).await?.as_slice() {
        [] => Err(StoreError::NoNetwork),
        [only] => Ok(*only),
        several => {
            let mut names = Vec::new();
            for (network, _) in several.iter().zip(0..SHOWN_MOST) {
                names.push(read_network(tx, *network).await?.name);
            }
            if several.len() > names.len() {
                names.push("…".to_owned());
            }
            Err(StoreError::SeveralNetworks(names))
        }
    }
}

/// Takes the network's lock, so that nobody else decides until the transaction ends, and reads its head.
pub(crate) async fn lock_head(tx: &mut Tx, network: NetworkId) -> Result<(Head, Digest), StoreError> {
    // On SQLite `BEGIN IMMEDIATE` has taken the lock already.
    let row: Option<HeadRow> = match tx {
        Tx::Sqlite(transaction) => {
            let sql = format!("SELECT {HEAD_COLUMNS} FROM head WHERE network_id = $1");
            sqlx::query_as(AssertSqlSafe(sql)).bind(network.0).fetch_optional(&mut **transaction).await?
        }
        Tx::Postgres(transaction) => {
            let sql = format!("SELECT {HEAD_COLUMNS} FROM head WHERE network_id = $1 FOR UPDATE");
            sqlx::query_as(AssertSqlSafe(sql)).bind(network.0).fetch_optional(&mut **transaction).await?
        }
    };
    row.ok_or(StoreError::NoNetwork)?.read(network)
}

pub(crate) async fn read_head(tx: &mut Tx, network: NetworkId) -> Result<(Head, Digest), StoreError> {
    let sql = format!("SELECT {HEAD_COLUMNS} FROM head WHERE network_id = $1");
    let row: Option<HeadRow> = on_tx!(tx, connection => {
        sqlx::query_as(AssertSqlSafe(sql)).bind(network.0).fetch_optional(connection).await?
    });
    row.ok_or(StoreError::NoNetwork)?.read(network)
}

/// What hides the network's keys and digests.
pub(crate) async fn read_secrets(tx: &mut Tx, network: NetworkId) -> Result<NetworkSecrets, StoreError> {
    let sql = "SELECT purpose, since, secret FROM network_secret WHERE network_id = $1";
    let rows: Vec<(String, i64, Vec<u8>)> = select(tx, network, sql).await?;
    let of = |purpose: &str| {
        let row = RowOf("network_secret", network);
        let found = rows.iter().find(|(of, ..)| of == purpose);
        let (_, since, secret) = found.ok_or_else(|| row.wrong("purpose", format_args!("none hides the {purpose}")))?;
        Ok::<_, StoreError>((ActNumber(*since), row.secret("secret", secret)?))
    };
    let ((lines_since, lines), (since, key)) = (of("lines")?, of("requests")?);
    Ok(NetworkSecrets { lines, lines_since, requests: RequestSecret { since, key } })
}

pub(crate) async fn read_network(tx: &mut Tx, network: NetworkId) -> Result<Network, StoreError> {
    Ok(entry(tx, network).await?.ok_or(StoreError::NoNetwork)?.network)
}

pub(crate) async fn entry(tx: &mut Tx, network: NetworkId) -> Result<Option<NetworkEntry>, StoreError> {
    let sql = "SELECT network_id, uuid, name, time_zone FROM network WHERE network_id = $1";
    let row: Option<NetworkRow> = on_tx!(tx, connection => {
        sqlx::query_as(sql).bind(network.0).fetch_optional(connection).await?
    });
    row.map(NetworkRow::read).transpose()
}

table_row! {
    struct NetworkRow {
        network_id: i64,
        uuid: Found<Uuid>,
        name: String,
        time_zone: String,
    }
}

impl NetworkRow {
    fn read(self) -> Result<NetworkEntry, StoreError> {
        let row = RowOf("network", self.network_id);
        let time_zone = self.time_zone.parse().map_err(|problem| row.wrong("time_zone", problem))?;
        let network = Network { uuid: row.found("uuid", self.uuid)?, name: self.name, time_zone };
        Ok(NetworkEntry { id: NetworkId(self.network_id), network })
    }
}

/// The last number of each year whose references are not the ones being given now: of those the head knows better.
pub(crate) async fn reference_counters(tx: &mut Tx, network: NetworkId) -> Result<BTreeMap<i32, i64>, StoreError> {
    let sql = "SELECT year, last FROM reference_counter WHERE network_id = $1";
    let rows: Vec<(i64, i64)> = select(tx, network, sql).await?;
    rows.into_iter().map(|(year, last)| Ok((RowOf("reference_counter", year).number("year", year)?, last))).collect()
}

const HEAD_COLUMNS: &str =
    "next_act, last_at, registry_act, reference_year, reference_last, first_year, closed_through, root";

table_row! {
    struct HeadRow {
        next_act: i64,
        last_at: i64,
        registry_act: i64,
        reference_year: i64,
        reference_last: i64,
        first_year: Option<i64>,
        closed_through: Option<i64>,
        root: Vec<u8>,
    }
}

impl HeadRow {
    fn read(self, network: NetworkId) -> Result<(Head, Digest), StoreError> {
        let row = RowOf("head", network);
        let head = Head {
            next: ActNumber(self.next_act),
            last_at: row.instant("last_at", self.last_at)?,
            registry_act: ActNumber(self.registry_act),
            reference: (row.number("reference_year", self.reference_year)?, self.reference_last),
            first_year: self.first_year.map(|year| row.year("first_year", year)).transpose()?,
            closed_through: self.closed_through.map(|year| row.year("closed_through", year)).transpose()?,
        };
        Ok((head, row.digest("root", &self.root)?))
    }
}
