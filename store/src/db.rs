//! One database behind two drivers: the same SQL text and the same code for SQLite and PostgreSQL.

use std::cmp::Ordering;
use std::fs;
use std::ops::{Deref, DerefMut};
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use sqlx::migrate::MigrateError;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _, Database, FromRow, Postgres, Sqlite, SqliteConnection};

use crate::{
    StoreError,
    file::{self, DatabaseFile},
    migrations,
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
    /// Where it is on SQLite.
    file: Option<Arc<DatabaseFile>>,
    /// Nothing can be written where it is.
    is_read_only: bool,
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
        right.map_or(Ok(()), |mut right| right.confirm())
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

/// What is left in the bytes of a database once its erased rows were swept away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Swept {
    /// Nothing: the file was written anew, and the log beside it is empty.
    Clean,
    /// What it was is in the log beside the file until whoever reads it has gone; then nothing.
    StillRead,
    /// A server's files, until it has cleared up, and its archives, as long as they are kept.
    OnServer,
}

impl Db {
    /// The file that a database's address names, where it is one: `sqlite://FILE`, or the file alone. A name with a
    /// colon is a file's where it begins as a path does.
    pub fn file_of(url: &str) -> Option<&str> {
        let is_path = !url.contains(':') || url.starts_with(['/', '.']);
        match url.strip_prefix("sqlite:") {
            Some(file) => Some(file.strip_prefix("//").unwrap_or(file)),
            None => is_path.then_some(url),
        }
    }

    /// Opens a database and brings its schema up to date.
    ///
    /// `sqlite://FILE` or `FILE` (made if absent when `create` says so), `sqlite::memory:` is not offered since every
    /// connection would see another one; `postgres://…`. Where a file cannot be written it is opened to be read.
    ///
    /// # Errors
    /// When the address is unreadable, nobody answers, or the database is newer than this program; where nothing can be
    /// written also when it is older, or its last writes cannot be read there.
    pub async fn open(url: &str, create: bool) -> Result<Self, StoreError> {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let options = PgConnectOptions::from_str(url).map_err(|_| StoreError::UnreadableUrl(url.to_owned()))?;
            let db = Self::on_server(options).await?;
            db.migrate().await?;
            Ok(db)
        } else if let Some(file) = Self::file_of(url) {
            if file.is_empty() || file.starts_with(':') {
                return Err(StoreError::UnreadableUrl(url.to_owned()));
            }
            Self::open_file(file, create).await
        } else {
            Err(StoreError::UnreadableUrl(url.to_owned()))
        }
    }

    async fn on_server(options: PgConnectOptions) -> Result<Self, StoreError> {
        // So the server's lists and logs tell the program from others who are in its database.
        let options = match options.get_application_name() {
            Some(_) => options,
            None => options.application_name("coudemain"),
        };
        // A server that does not answer within two seconds is out of reach: callers are told so, and come again.
        let pool = |most| PgPoolOptions::new().max_connections(most).acquire_timeout(Duration::from_secs(2));
        let kept = pool(2).connect_with(options.clone()).await?;
        let writers = Turns::new(pool(WRITERS_MOST).connect_lazy_with(options.clone()), None);
        // A writer decides anew where a connection turns out to be lost: it need not ask before.
        let ahead = Pool::Postgres(pool(4).test_before_acquire(false).connect_lazy_with(options.clone()));
        let read = Pool::Postgres(pool(6).connect_lazy_with(options));
        let write = Write::Postgres { kept, writers };
        Ok(Self { read, write, ahead, file: None, is_read_only: false })
    }

    async fn open_file(file: &str, create: bool) -> Result<Self, StoreError> {
        if create {
            // An empty file is an empty database, and what SQLite keeps beside it is as private. What cannot be made here
            // SQLite cannot open, and says so.
            let mut options = fs::OpenOptions::new();
            options.write(true).create_new(true);
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            let _ = options.open(file);
        } else if !Path::new(file).exists() {
            return Err(StoreError::NoSuchFile(file.to_owned()));
        }
        let opened = async {
            let db = Self::on_file(file, sqlite_options(file)).await?;
            db.migrate().await.map(|()| db)
        };
        match opened.await {
            // Whoever only reads needs no more.
            Err(error) if error.is_closed_to_writing() && !create => {
                let db = Self { is_read_only: true, ..Self::on_file(file, options_to_read(file)?).await? };
                db.check_schema().await?;
                Ok(db)
            }
            opened => opened,
        }
    }

    async fn on_file(path: &str, options: SqliteConnectOptions) -> Result<Self, StoreError> {
        // A file is not lost as a server is: whether it is still there its own watch tells.
        let pool = |most| {
            let pool = SqlitePoolOptions::new().max_connections(most).test_before_acquire(false);
            pool.acquire_timeout(Duration::from_secs(10))
        };
        let Ok(file) = DatabaseFile::at(path).map(Arc::new) else {
            // Why it does not open SQLite says best.
            options.connect().await?.close().await?;
            return Err(StoreError::NoSuchFile(path.to_owned()));
        };
        let read = options.clone().pragma("cache_size", "-4096");
        let [ahead, read] = [(1, read.clone()), (4, read)].map(|(most, options)| {
            Pool::Sqlite(
                pool(most)
                    .before_acquire(|connection, _| {
                        let is_fit = !connection.is_in_transaction();
                        Box::pin(async move { Ok(is_fit) })
                    })
                    .connect_lazy_with(options),
            )
        });
        let [opened, used] = [Arc::clone(&file), Arc::clone(&file)];
        let write = pool(1)
            .after_connect(move |_, _| {
                opened.was_opened();
                Box::pin(async { Ok(()) })
            })
            .before_acquire(move |connection, _| {
                // What was to be undone and could not be, because SQLite had done so already, is never begun again by the
                // driver; and what was opened while the disk was read-only stays so.
                let (is_open, is_in_doubt) = (connection.is_in_transaction(), used.was_in_doubt());
                Box::pin(async move { Ok(!is_open && (!is_in_doubt || can_write(connection).await)) })
            })
            // More is not faster: the system has the file's pages in memory as well.
            .connect_with(options.pragma("cache_size", "-32768"))
            .await?;
        let write = Write::Sqlite(Turns::new(write, Some(Arc::clone(&file))));
        Ok(Self { read, write, ahead, file: Some(file), is_read_only: false })
    }

    /// Puts what was written lately into the file itself, where the database is one: a plain copy of it then lacks little.
    pub(crate) async fn settle(&self) -> Result<(), StoreError> {
        match &self.write {
            Write::Sqlite(turns) if !self.is_read_only => turns.shorten_log().await,
            Write::Sqlite(_) | Write::Postgres { .. } => Ok(()),
        }
    }

    /// Takes away what erased rows leave behind in the bytes; what stays where is told.
    pub(crate) async fn sweep(&self) -> Result<Swept, StoreError> {
        Ok(match &self.write {
            Write::Sqlite(turns) if turns.rewrite().await? => Swept::Clean,
            Write::Sqlite(_) => Swept::StillRead,
            Write::Postgres { .. } => Swept::OnServer,
        })
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

    /// Where the schema cannot be brought up to date, it has to be.
    async fn check_schema(&self) -> Result<(), StoreError> {
        let (database, program) = (self.schema().await?, migrations::newest());
        match database.cmp(&program) {
            Ordering::Equal => Ok(()),
            Ordering::Less => Err(StoreError::OlderAndReadOnly { database, program }),
            Ordering::Greater => Err(StoreError::DatabaseIsNewer { database, program }),
        }
    }

    /// The last migration that the database has.
    pub(crate) async fn schema(&self) -> Result<i64, StoreError> {
        let sql = "SELECT cast(max(version) AS bigint) FROM _sqlx_migrations";
        let mut tx = self.begin_read().await?;
        let (version,): (i64,) = on_tx!(&mut tx, connection => sqlx::query_as(sql).fetch_one(connection).await?);
        Ok(version)
    }

    /// Tries whether there is room for a batch beside a file; of a server's disk only the server knows.
    pub(crate) async fn try_room(&self) -> Result<(), StoreError> {
        let Some(file) = self.file.clone() else { return Ok(()) };
        file.check()?;
        let tried = tokio::task::spawn_blocking(move || file.try_room()).await;
        Ok(tried.map_err(std::io::Error::other)??)
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
        self.begin_read_on(&self.read).await
    }

    /// The same for a writer, which does not wait for others who read.
    pub(crate) async fn begin_read_ahead(&self) -> Result<Tx, StoreError> {
        self.begin_read_on(&self.ahead).await
    }

    /// Where a writer sends what is a transaction by itself.
    pub(crate) const fn writer_turns(&self) -> WriterTurns<'_> {
        match &self.write {
            Write::Sqlite(turns) => WriterTurns::Sqlite(turns),
            Write::Postgres { writers, .. } => WriterTurns::Postgres(writers),
        }
    }

    async fn begin_read_on(&self, pool: &Pool) -> Result<Tx, StoreError> {
        if let Some(file) = &self.file {
            file.check()?;
        }
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
            Write::Sqlite(turns) => {
                if self.file.as_ref().is_some_and(|file| file.is_lost()) {
                    turns.empty_log().await;
                }
                turns.close().await;
            }
            Write::Postgres { kept, writers } => {
                writers.close().await;
                kept.close().await;
            }
        }
        on!(&self.read, pool => pool.close().await);
        on!(&self.ahead, pool => pool.close().await);
    }

    /// Whether nothing can be written where the database is.
    pub fn is_read_only(&self) -> bool {
        self.is_read_only
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

/// Whether a connection can write: SQLite opens what is write-protected all the same, and that does not pass.
async fn can_write(connection: &mut SqliteConnection) -> bool {
    let nothing = "UPDATE _sqlx_migrations SET version = version WHERE false";
    let tried = sqlx::query(nothing).execute(connection).await.map_err(StoreError::from);
    !tried.is_err_and(|error| error.is_closed_to_writing())
}

/// How a file is read where nothing can be written.
///
/// Somebody else may be at work in it where there is shared memory beside it: then what they hold is respected. Else
/// nobody is, and the file stays as it is.
fn options_to_read(file: &str) -> Result<SqliteConnectOptions, StoreError> {
    let beside = |ending| fs::metadata(file::beside(Path::new(file), ending)).ok();
    let options = SqliteConnectOptions::new().filename(file).read_only(true).pragma("temp_store", "MEMORY");
    match (beside("-wal").map_or(0, |log| log.len()), beside("-shm")) {
        (_, Some(_)) => Ok(options),
        (0, None) => Ok(options.immutable(true)),
        (_, None) => Err(StoreError::LastWritesAreAside(file.to_owned())),
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
