//! One database behind two drivers: the same SQL text and the same code for SQLite and PostgreSQL.

use std::str::FromStr;
use std::time::Duration;

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};

use super::StoreError;

static SQLITE: Migrator = sqlx::migrate!("../migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("../migrations/postgres");

/// A pool of connections to one of the two databases.
#[derive(Debug, Clone)]
pub enum Db {
    /// A file beside the program.
    Sqlite(SqlitePool),
    /// A server.
    Postgres(PgPool),
}

/// Runs one body for whichever driver is inside: both arms compile the same code.
macro_rules! on {
    ($db:expr, $inner:pat => $body:expr) => {
        match $db {
            $crate::store::db::Db::Sqlite($inner) => $body,
            $crate::store::db::Db::Postgres($inner) => $body,
        }
    };
}
pub(crate) use on;

/// The same for a transaction, which hands its body a connection.
macro_rules! on_tx {
    ($tx:expr, $connection:ident => $body:expr) => {
        match $tx {
            $crate::store::db::Tx::Sqlite(transaction) => {
                let $connection = &mut **transaction;
                $body
            }
            $crate::store::db::Tx::Postgres(transaction) => {
                let $connection = &mut **transaction;
                $body
            }
        }
    };
}
pub(crate) use on_tx;

/// An open transaction.
pub(crate) enum Tx {
    Sqlite(sqlx::Transaction<'static, sqlx::Sqlite>),
    Postgres(sqlx::Transaction<'static, sqlx::Postgres>),
}

impl Tx {
    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(transaction) => transaction.commit().await?,
            Self::Postgres(transaction) => transaction.commit().await?,
        }
        Ok(())
    }
}

impl Db {
    /// Opens a database and brings its schema up to date.
    ///
    /// `sqlite://FILE` (made if absent when `create` says so), `sqlite::memory:` is not offered since every
    /// connection would see another one; `postgres://…`.
    ///
    /// # Errors
    /// When the address is unreadable, nobody answers, or the database is newer than this program.
    pub async fn open(url: &str, create: bool) -> Result<Self, StoreError> {
        let db = if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let options = PgConnectOptions::from_str(url).map_err(|_| StoreError::UnreadableUrl(url.to_owned()))?;
            let pool = PgPoolOptions::new().max_connections(8).acquire_timeout(Duration::from_secs(10));
            Self::Postgres(pool.connect_with(options).await?)
        } else if let Some(file) = url.strip_prefix("sqlite:") {
            let file = file.trim_start_matches("//");
            if file.is_empty() || file.starts_with(':') {
                return Err(StoreError::UnreadableUrl(url.to_owned()));
            }
            if !create && !std::path::Path::new(file).exists() {
                return Err(StoreError::NoSuchFile(file.to_owned()));
            }
            Self::Sqlite(open_sqlite(file, create).await?)
        } else {
            return Err(StoreError::UnreadableUrl(url.to_owned()));
        };
        db.migrate().await?;
        Ok(db)
    }

    async fn migrate(&self) -> Result<(), StoreError> {
        let migrated = match self {
            Self::Sqlite(pool) => SQLITE.run(pool).await,
            Self::Postgres(pool) => POSTGRES.run(pool).await,
        };
        migrated.map_err(|error| match error {
            MigrateError::VersionMissing(version) => {
                let known = SQLITE.iter().map(|migration| migration.version).max().unwrap_or_default();
                StoreError::DatabaseIsNewer { database: version, program: known }
            }
            MigrateError::Execute(error) => StoreError::from(error),
            other => StoreError::Migration(other.to_string()),
        })
    }

    /// A transaction that will write: on SQLite it takes the database's one write lock at once, since a lock taken
    /// half-way can fail where no waiting helps.
    pub(crate) async fn begin_write(&self) -> Result<Tx, StoreError> {
        Ok(match self {
            Self::Sqlite(pool) => Tx::Sqlite(pool.begin_with("BEGIN IMMEDIATE").await?),
            Self::Postgres(pool) => Tx::Postgres(pool.begin_with("BEGIN").await?),
        })
    }

    /// A transaction that reads one unmoving picture of the whole database.
    pub(crate) async fn begin_read(&self) -> Result<Tx, StoreError> {
        Ok(match self {
            Self::Sqlite(pool) => Tx::Sqlite(pool.begin_with("BEGIN").await?),
            Self::Postgres(pool) => {
                Tx::Postgres(pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY").await?)
            }
        })
    }

    /// Closes every connection; on SQLite this empties the write-ahead log into the file.
    pub async fn close(&self) {
        on!(self, pool => pool.close().await);
    }
}

async fn open_sqlite(file: &str, create: bool) -> Result<SqlitePool, StoreError> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(create)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(Duration::from_secs(10))
        // Without it, REPLACE would delete rows without asking the triggers that forbid it.
        .pragma("recursive_triggers", "ON")
        .pragma("cache_size", "-131072")
        .pragma("wal_autocheckpoint", "16000")
        .pragma("temp_store", "MEMORY");
    Ok(SqlitePoolOptions::new()
        .max_connections(4)
        .acquire_timeout(Duration::from_secs(10))
        .connect_with(options)
        .await?)
}
