//! One database behind two drivers: the same SQL text and the same code for SQLite and PostgreSQL.

use std::ops::{Deref, DerefMut};
use std::str::FromStr;
use std::time::Duration;

use sqlx::migrate::MigrateError;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Database, FromRow, Postgres, Sqlite, SqliteConnection};

use crate::{
    StoreError, migrations,
    turn::{InTurn, Right, Turns},
};
use ledger::NetworkId;

/// An open database.
///
/// Reading and writing have connections of their own: on SQLite a connection's cached pages are worth nothing once
/// another connection has written, so that the one that writes must always be the same.
#[derive(Debug, Clone)]
pub struct Db {
    read: Pool,
    write: Write,
    /// For the writers alone: however many others read, they do not wait. Each holds a connection only while it reads
    /// and decides, and never waits for another one meanwhile.
    ahead: Pool,
}

/// On PostgreSQL so many networks are written at once; the others wait for their turn. That is the better part of the
/// connections that a server takes unless it is told otherwise (100), and enough for two processes; they are only opened
/// as they are needed.
const WRITERS_MOST: u32 = 32;

/// How writes go in.
#[derive(Debug, Clone)]
enum Write {
    /// All take turns.
    Sqlite(Turns<Sqlite>),
    /// The writers take turns on connections of their own: where a head is locked, they may wait for long. What is
    /// kept beside the ledger need not.
    Postgres { kept: PgPool, writers: Turns<Postgres> },
}

/// Where the writers take their turns.
pub(crate) enum WriterTurns<'a> {
    Sqlite(&'a Turns<Sqlite>),
    Postgres(&'a Turns<Postgres>),
}

/// Connections to one of the two databases.
#[derive(Debug, Clone)]
enum Pool {
    /// A file beside the program.
    Sqlite(SqlitePool),
    /// A server.
    Postgres(PgPool),
}

/// Runs one body for whichever driver is inside: both arms compile the same code.
macro_rules! on {
    ($pool:expr, $inner:pat => $body:expr) => {
        match $pool {
            $crate::db::Pool::Sqlite($inner) => $body,
            $crate::db::Pool::Postgres($inner) => $body,
        }
    };
}

/// The same for a transaction, which hands its body a connection.
macro_rules! on_tx {
    ($tx:expr, $connection:ident => $body:expr) => {
        match $tx {
            $crate::db::Tx::Sqlite(transaction) => {
                let $connection = &mut **transaction;
                $body
            }
            $crate::db::Tx::Postgres(transaction) => {
                let $connection = &mut **transaction;
                $body
            }
        }
    };
}
pub(crate) use on_tx;

/// An open transaction.
pub(crate) enum Tx {
    Sqlite(TxOf<Sqlite>),
    Postgres(TxOf<Postgres>),
}

/// A transaction; whoever took a turn for it has the right to write.
pub(crate) struct TxOf<DB: Database> {
    transaction: sqlx::Transaction<'static, DB>,
    /// Given up last: whoever comes next finds the transaction ended.
    right: Option<Right>,
}

impl<DB: Database> Deref for TxOf<DB> {
    type Target = DB::Connection;

    fn deref(&self) -> &DB::Connection {
        &self.transaction
    }
}

impl<DB: Database> DerefMut for TxOf<DB> {
    fn deref_mut(&mut self) -> &mut DB::Connection {
        &mut self.transaction
    }
}

impl<DB: Database> TxOf<DB> {
    const fn without_a_turn(transaction: sqlx::Transaction<'static, DB>) -> Self {
        Self { transaction, right: None }
    }

    fn in_turn((transaction, right): InTurn<DB>) -> Self {
        Self { transaction, right: Some(right) }
    }

    async fn commit(self) -> Result<(), StoreError> {
        let Self { transaction, right } = self;
        transaction.commit().await?;
        drop(right);
        Ok(())
    }
}

impl Tx {
    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(tx) => tx.commit().await,
            Self::Postgres(tx) => tx.commit().await,
        }
    }
}

impl Db {
    /// Opens a database and brings its schema up to date.
    ///
    /// `sqlite://FILE` or `FILE` (made if absent when `create` says so), `sqlite::memory:` is not offered since every
    /// connection would see another one; `postgres://…`.
    ///
    /// # Errors
    /// When the address is unreadable, nobody answers, or the database is newer than this program.
    pub async fn open(url: &str, create: bool) -> Result<Self, StoreError> {
        let db = if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let options = PgConnectOptions::from_str(url).map_err(|_| StoreError::UnreadableUrl(url.to_owned()))?;
            // So the server's lists and logs tell the program from others who are in its database.
            let options = match options.get_application_name() {
                Some(_) => options,
                None => options.application_name("coudemain"),
            };
            // A server that does not answer within two seconds is out of reach: callers are told so, and come again.
            let pool = |most| PgPoolOptions::new().max_connections(most).acquire_timeout(Duration::from_secs(2));
            let kept = pool(2).connect_with(options.clone()).await?;
            let writers = Turns::new(pool(WRITERS_MOST).connect_lazy_with(options.clone()));
            // A writer decides anew where a connection turns out to be lost: it need not ask before.
            let ahead = pool(4).test_before_acquire(false).connect_lazy_with(options.clone());
            let read = Pool::Postgres(pool(6).connect_lazy_with(options));
            Self { read, write: Write::Postgres { kept, writers }, ahead: Pool::Postgres(ahead) }
        } else if let Some(file) = url.strip_prefix("sqlite:").or_else(|| (!url.contains(':')).then_some(url)) {
            let file = file.trim_start_matches("//");
            if file.is_empty() || file.starts_with(':') {
                return Err(StoreError::UnreadableUrl(url.to_owned()));
            }
            if !create && !std::path::Path::new(file).exists() {
                return Err(StoreError::NoSuchFile(file.to_owned()));
            }
            let options = sqlite_options(file).create_if_missing(create);
            // A file is not lost as a server is: whether it is still there need not be asked before each use.
            let pool = |most| {
                let pool = SqlitePoolOptions::new().max_connections(most).test_before_acquire(false);
                pool.acquire_timeout(Duration::from_secs(10))
            };
            let write = pool(1).connect_with(options.clone().pragma("cache_size", "-131072")).await?;
            let options = options.pragma("cache_size", "-4096");
            let ahead = Pool::Sqlite(pool(1).connect_lazy_with(options.clone()));
            let write = Write::Sqlite(Turns::new(write));
            Self { read: Pool::Sqlite(pool(4).connect_lazy_with(options)), write, ahead }
        } else {
            return Err(StoreError::UnreadableUrl(url.to_owned()));
        };
        db.migrate().await?;
        Ok(db)
    }

    async fn migrate(&self) -> Result<(), StoreError> {
        let migrated = match &self.write {
            Write::Sqlite(turns) => {
                let mut turn = turns.next().await?;
                migrate_file(&mut turn.connection).await
            }
            Write::Postgres { kept, .. } => migrations::postgres().run(kept).await,
        };
        migrated.map_err(|error| {
            if let MigrateError::VersionMissing(version) = error {
                StoreError::DatabaseIsNewer { database: version, program: migrations::newest() }
            } else if let MigrateError::Execute(error) = error {
                StoreError::from(error)
            } else {
                StoreError::Migration(error.to_string())
            }
        })
    }

    /// A transaction that will write what is kept beside the ledger: on SQLite it takes the database's one write lock
    /// at once, since a lock taken half-way can fail where no waiting helps.
    pub(crate) async fn begin_write(&self) -> Result<Tx, StoreError> {
        Ok(match &self.write {
            Write::Sqlite(turns) => Tx::Sqlite(TxOf::in_turn(turns.begin_in_time("BEGIN IMMEDIATE").await?)),
            Write::Postgres { kept, .. } => Tx::Postgres(TxOf::without_a_turn(kept.begin_with("BEGIN").await?)),
        })
    }

    /// The same for a writer, which was waited for before it began to wait: it does until it is its turn.
    pub(crate) async fn begin_batch(&self) -> Result<Tx, StoreError> {
        Ok(match &self.write {
            Write::Sqlite(turns) => Tx::Sqlite(TxOf::in_turn(turns.begin("BEGIN IMMEDIATE").await?)),
            Write::Postgres { writers, .. } => Tx::Postgres(TxOf::in_turn(writers.begin("BEGIN").await?)),
        })
    }

    /// A transaction that reads one unmoving picture of the whole database.
    pub(crate) async fn begin_read(&self) -> Result<Tx, StoreError> {
        Self::begin_read_on(&self.read).await
    }

    /// The same for a writer, which does not wait for others who read.
    pub(crate) async fn begin_read_ahead(&self) -> Result<Tx, StoreError> {
        Self::begin_read_on(&self.ahead).await
    }

    /// Where a writer sends what is a transaction by itself.
    pub(crate) const fn writer_turns(&self) -> WriterTurns<'_> {
        match &self.write {
            Write::Sqlite(turns) => WriterTurns::Sqlite(turns),
            Write::Postgres { writers, .. } => WriterTurns::Postgres(writers),
        }
    }

    async fn begin_read_on(pool: &Pool) -> Result<Tx, StoreError> {
        Ok(match pool {
            Pool::Sqlite(pool) => Tx::Sqlite(TxOf::without_a_turn(pool.begin_with("BEGIN").await?)),
            Pool::Postgres(pool) => {
                let begun = pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY").await?;
                Tx::Postgres(TxOf::without_a_turn(begun))
            }
        })
    }

    /// Closes every connection; on SQLite this empties the write-ahead log into the file.
    pub async fn close(&self) {
        match &self.write {
            Write::Sqlite(turns) => turns.close().await,
            Write::Postgres { kept, writers } => {
                writers.close().await;
                kept.close().await;
            }
        }
        on!(&self.read, pool => pool.close().await);
        on!(&self.ahead, pool => pool.close().await);
    }

    /// Whether this is SQLite, for whoever says which database is used.
    pub fn is_sqlite(&self) -> bool {
        matches!(self.write, Write::Sqlite(_))
    }
}

/// Runs a statement whose one parameter is the network.
pub(crate) async fn select<T>(tx: &mut Tx, network: NetworkId, sql: &'static str) -> Result<Vec<T>, StoreError>
where
    T: Send + Unpin,
    T: for<'r> FromRow<'r, sqlx::sqlite::SqliteRow> + for<'r> FromRow<'r, sqlx::postgres::PgRow>,
{
    Ok(on_tx!(tx, connection => sqlx::query_as(sql).bind(network.0).fetch_all(connection).await?))
}

/// Nothing keeps two processes from migrating one file at once: whoever fails looks again whether it is done.
async fn migrate_file(connection: &mut SqliteConnection) -> Result<(), MigrateError> {
    let steps = migrations::sqlite();
    let mut tries = 5;
    loop {
        match steps.run(&mut *connection).await {
            Err(MigrateError::Execute(_) | MigrateError::ExecuteMigration(..)) if tries > 0 => {
                tries -= 1;
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            migrated => return migrated,
        }
    }
}

fn sqlite_options(file: &str) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(file)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(Duration::from_secs(10))
        // Without it, REPLACE would delete rows without asking the triggers that forbid it.
        .pragma("recursive_triggers", "ON")
        // A statement for each table and each length of its list of rows.
        .statement_cache_capacity(400)
        .pragma("wal_autocheckpoint", "16000")
        .pragma("temp_store", "MEMORY")
}
