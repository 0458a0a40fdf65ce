//! Networks of a database, and where their acts have got to.

use async_recursion::async_recursion as boxed;
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use crate::{
    Store, StoreError,
    db::{Tx, on_tx, select},
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
    /// The networks of this database.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn networks(&self) -> Result<Vec<NetworkEntry>, StoreError> {
        let sql = "SELECT network_id, uuid, name, time_zone FROM network ORDER BY network_id";
        let mut tx = self.db().begin_read().await?;
        let rows: Vec<NetworkRow> = on_tx!(&mut tx, connection => sqlx::query_as(sql).fetch_all(connection).await?);
        rows.into_iter().map(NetworkRow::read).collect()
    }

    /// The network of that name or UUID; without a name, the only one.
    ///
    /// # Errors
    /// When there is none, or several and none was named.
    #[boxed]
    pub async fn network(&self, wanted: Option<&str>) -> Result<NetworkEntry, StoreError> {
        let mut networks = self.networks().await?;
        if let Some(wanted) = wanted {
            let position = networks.iter().position(|entry| {
                ledger::name::fold(&entry.network.name) == ledger::name::fold(wanted)
                    || entry.network.uuid.to_string() == wanted
            });
            return position
                .map(|position| networks.swap_remove(position))
                .ok_or_else(|| StoreError::UnknownNetwork(wanted.to_owned()));
        }
        match networks.len() {
            0 => Err(StoreError::NoNetwork),
            1 => Ok(networks.remove(0)),
            _ => Err(StoreError::SeveralNetworks(networks.into_iter().map(|entry| entry.network.name).collect())),
        }
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
        let sql = "SELECT cast(max(version) AS bigint) FROM _sqlx_migrations";
        let mut tx = self.db().begin_read().await?;
        let (version,): (i64,) = on_tx!(&mut tx, connection => sqlx::query_as(sql).fetch_one(connection).await?);
        Ok(version == migrations::newest())
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
    let sql = "SELECT network_id, uuid, name, time_zone FROM network WHERE network_id = $1";
    let row: Option<NetworkRow> = on_tx!(tx, connection => {
        sqlx::query_as(sql).bind(network.0).fetch_optional(connection).await?
    });
    Ok(row.ok_or(StoreError::NoNetwork)?.read()?.network)
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
