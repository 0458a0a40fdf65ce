//! Why the database could not do what it was asked, and how people are told.

use std::io::ErrorKind;

use chrono::{DateTime, Utc};

use ledger::{Language, leaf::Unsealable, loaded::NotLoaded, trouble};

/// SQLite's kinds of errors, each of which has several codes: `SQLITE_READONLY`, `SQLITE_IOERR`, `SQLITE_CANTOPEN`.
const READ_ONLY: u32 = 8;
const IO_ERROR: u32 = 10;
const CANNOT_OPEN: u32 = 14;

/// Why the database could not do what it was asked.
#[derive(Debug)]
pub enum StoreError {
    /// An address that is neither `sqlite://FILE` nor `postgres://…`.
    UnreadableUrl(String),
    /// No file of that name.
    NoSuchFile(String),
    /// The database was written by a newer program.
    DatabaseIsNewer {
        /// The migration that this program does not know.
        database: i64,
        /// The last one that it knows.
        program: i64,
    },
    /// The schema could not be brought up to date.
    Migration(String),
    /// The schema is an older one than this program's, and where the database is nothing can be written.
    OlderAndReadOnly {
        /// The last migration that the database has.
        database: i64,
        /// The last one that the program knows.
        program: i64,
    },
    /// What was written last stands in a write-ahead log beside the database that cannot be read where nothing can be
    /// written.
    LastWritesAreAside(String),
    /// A file of the database was deleted, moved or replaced while it was open: this one.
    FileIsAnother(String),
    /// The database holds no network.
    NoNetwork,
    /// The database holds several networks, and none was named.
    SeveralNetworks(Vec<String>),
    /// No network of that name.
    UnknownNetwork(String),
    /// A row that cannot be true.
    ImpossibleRow {
        /// Its table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// Its key within the network.
        key: String,
        /// What is wrong with it.
        problem: String,
    },
    /// A decision needed something that was not read before it: a fault of ours, and nobody's answer. Nothing was posted.
    NotLoaded(NotLoaded),
    /// A value that could not be written or read.
    Encoding(String),
    /// A backup that is damaged, of another kind, or meets a database that is not empty.
    Backup(BackupProblem),
    /// The clock is too far ahead to be believed. Nothing was written.
    ClockIsAhead(ClockDoubt),
    /// A file could not be read or written.
    File(std::io::Error),
    /// The driver's own error.
    Database(sqlx::Error),
}

/// Why the clock may be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClockDoubt {
    /// It is more than a year past the last act that was recorded in any network of the database.
    LastAct {
        /// What the clock shows.
        now: DateTime<Utc>,
        /// When that was recorded.
        last_act: DateTime<Utc>,
    },
    /// It is more than a day past the clock of the database's server.
    Database {
        /// What the clock shows.
        now: DateTime<Utc>,
        /// What the other one shows.
        database: DateTime<Utc>,
    },
    /// The last act was recorded at an instant that is still to come: this clock is behind, or another one was ahead.
    Behind {
        /// What the clock shows.
        now: DateTime<Utc>,
        /// When that was recorded.
        last_act: DateTime<Utc>,
    },
}

impl ClockDoubt {
    /// It in a sentence.
    pub fn in_words(self, language: Language) -> String {
        let day = |at: DateTime<Utc>| at.format(language.pick("%d/%m/%Y", "%Y-%m-%d"));
        match self {
            Self::LastAct { now, last_act } => language.pick(
                format!(
                    "l'horloge de cette machine est au {}, plus d'un an après la dernière écriture ({})",
                    day(now),
                    day(last_act)
                ),
                format!(
                    "this machine's clock shows {}, more than a year past what was written last ({})",
                    day(now),
                    day(last_act)
                ),
            ),
            Self::Database { now, database } => language.pick(
                format!(
                    "l'horloge de cette machine est au {}, celle du serveur PostgreSQL au {}",
                    day(now),
                    day(database)
                ),
                format!(
                    "this machine's clock shows {}, that of the PostgreSQL server {}",
                    day(now),
                    day(database)
                ),
            ),
            Self::Behind { now, last_act } => language.pick(
                format!(
                    "la dernière écriture est datée du {}, et l'horloge de cette machine est au {} : elle retarde, ou une \
                     autre avançait alors",
                    day(last_act),
                    day(now)
                ),
                format!(
                    "what was written last is dated {}, and this machine's clock shows {}: it is behind, or another one \
                     was ahead then",
                    day(last_act),
                    day(now)
                ),
            ),
        }
    }
}

/// What can be told of a fault beyond the words of the driver or of the operating system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// There is no room left where the database or the file is.
    DiskIsFull,
    /// Where the database or the file is nothing can be written.
    DiskIsReadOnly,
    /// The disk does not do what it is told.
    DiskFails,
    /// The file of a database cannot be opened.
    FileDoesNotOpen,
    /// The file is no database.
    NotADatabase,
    /// The server has no database of that name.
    NoSuchDatabase,
    /// The database does not answer.
    OutOfReach,
}

/// What is wrong with a backup or the database it should go to.
#[derive(Debug)]
pub enum BackupProblem {
    /// The file is no backup.
    NotABackup,
    /// The file ends too early.
    Truncated,
    /// A line has more bytes than any that was ever written: so many.
    LineIsTooLong(u64),
    /// A table's rows do not have the digest that the file promises.
    Damaged(String),
    /// The file was made by a newer program.
    Newer(i64),
    /// The database holds networks already.
    DatabaseIsNotEmpty,
}

impl From<NotLoaded> for StoreError {
    fn from(error: NotLoaded) -> Self {
        Self::NotLoaded(error)
    }
}

impl From<Unsealable> for StoreError {
    fn from(error: Unsealable) -> Self {
        Self::Encoding(error.to_string())
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error)
    }
}

impl From<std::io::Error> for StoreError {
    fn from(error: std::io::Error) -> Self {
        Self::File(error)
    }
}

impl std::fmt::Display for StoreError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.in_words(Language::English))
    }
}

impl std::error::Error for StoreError {}

impl StoreError {
    /// Whether the same work may succeed if it is tried again: another writer was faster, or the connection was lost.
    pub fn is_passing(&self) -> bool {
        let Self::Database(error) = self else { return false };
        let sqlx::Error::Database(error) = error else {
            return matches!(error, sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::WorkerCrashed);
        };
        match error.code().as_deref() {
            // PostgreSQL: serialisation failure, deadlock, connection lost, server stopping or starting.
            Some("40001" | "40P01" | "57P01" | "57P02" | "57P03" | "57P05") => true,
            Some(code) if code.len() == 5 && code.starts_with("08") => true,
            // SQLite: busy, locked, busy with recovery, busy with a snapshot.
            Some("5" | "6" | "261" | "517") => true,
            _ => false,
        }
    }

    /// Whether somebody else is writing, who has not been waited for long enough.
    pub(crate) fn is_busy(&self) -> bool {
        self.has_code(&["5", "6", "261", "517"])
    }

    /// Whether an SQLite file cannot be opened as one that is written to.
    pub(crate) fn is_closed_to_writing(&self) -> bool {
        self.is_of_sqlite(CANNOT_OPEN) || self.is_of_sqlite(READ_ONLY)
    }

    /// Whether no connection was had in time: what waited that long does not wait again.
    pub(crate) fn is_out_of_reach(&self) -> bool {
        matches!(self, Self::Database(sqlx::Error::PoolTimedOut))
    }

    /// Whether a row was refused because there is one with its key.
    pub(crate) fn is_known_key(&self) -> bool {
        matches!(self, Self::Database(sqlx::Error::Database(error)) if error.is_unique_violation())
    }

    /// Whether the database's own code for what happened is one of these.
    fn has_code(&self, codes: &[&str]) -> bool {
        let Self::Database(sqlx::Error::Database(error)) = self else { return false };
        error.code().is_some_and(|code| codes.contains(&&*code))
    }

    /// Whether SQLite's code for what happened is one of this kind: the lower eight bits tell.
    fn is_of_sqlite(&self, kind: u32) -> bool {
        let Self::Database(sqlx::Error::Database(error)) = self else { return false };
        let code = error.code().and_then(|code| code.parse::<u32>().ok());
        // PostgreSQL's have five characters, and where all are digits they begin with another one than SQLite's.
        code.is_some_and(|code| code < 10_000 && code & 0xFF == kind)
    }

    /// What is known of a fault of the driver or of a file.
    pub fn trouble(&self) -> Option<Trouble> {
        match self {
            Self::File(error) if matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded) => {
                Some(Trouble::DiskIsFull)
            }
            Self::File(error) if error.kind() == ErrorKind::ReadOnlyFilesystem => Some(Trouble::DiskIsReadOnly),
            // SQLite's SQLITE_FULL and PostgreSQL's disk_full.
            Self::Database(_) if self.has_code(&["13", "53100"]) => Some(Trouble::DiskIsFull),
            // PostgreSQL's read_only_sql_transaction: a stand-by, most likely.
            Self::Database(_) if self.is_of_sqlite(READ_ONLY) || self.has_code(&["25006"]) => {
                Some(Trouble::DiskIsReadOnly)
            }
            Self::Database(_) if self.is_of_sqlite(CANNOT_OPEN) => Some(Trouble::FileDoesNotOpen),
            // PostgreSQL's io_error, and SQLite's many SQLITE_IOERR.
            Self::Database(_) if self.has_code(&["58030"]) || self.is_of_sqlite(IO_ERROR) => Some(Trouble::DiskFails),
            Self::Database(_) if self.has_code(&["26"]) => Some(Trouble::NotADatabase),
            Self::Database(_) if self.has_code(&["3D000"]) => Some(Trouble::NoSuchDatabase),
            Self::Database(sqlx::Error::PoolTimedOut | sqlx::Error::Io(_)) => Some(Trouble::OutOfReach),
            Self::UnreadableUrl(_)
            | Self::NoSuchFile(_)
            | Self::DatabaseIsNewer { .. }
            | Self::Migration(_)
            | Self::OlderAndReadOnly { .. }
            | Self::LastWritesAreAside(_)
            | Self::FileIsAnother(_)
            | Self::NoNetwork
            | Self::SeveralNetworks(_)
            | Self::UnknownNetwork(_)
            | Self::ImpossibleRow { .. }
            | Self::Encoding(_)
            | Self::NotLoaded(_)
            | Self::Backup(_)
            | Self::ClockIsAhead(_)
            | Self::File(_)
            | Self::Database(_) => None,
        }
    }

    /// The error in a sentence.
    pub fn in_words(&self, language: Language) -> String {
        match language {
            Language::French => self.in_french(),
            Language::English => self.in_english(),
        }
    }

    fn in_french(&self) -> String {
        match self {
            Self::UnreadableUrl(url) => {
                format!(
                    "adresse de base de données illisible : « {url} » ; sqlite://FICHIER ou postgres://… conviendrait"
                )
            }
            Self::NoSuchFile(file) => format!("pas de base de données « {file} »"),
            Self::DatabaseIsNewer { database, program } => format!(
                "cette base vient d'une version plus récente du programme (schéma {database}, connu jusqu'à {program}) ; mettez le programme à jour"
            ),
            Self::Migration(problem) => format!("le schéma de la base n'a pas pu être mis à jour : {problem}"),
            Self::OlderAndReadOnly { database, program } => format!(
                "cette base a un schéma plus ancien ({database}, celui du programme est {program}), et rien ne peut être écrit là où elle est"
            ),
            Self::LastWritesAreAside(file) => format!(
                "les dernières écritures sont à part, dans « {file}-wal », et ne se lisent pas là où rien ne peut être écrit"
            ),
            Self::FileIsAnother(file) => format!(
                "« {file} » a été supprimé, déplacé ou remplacé pendant que la base était ouverte ; rien n'y est plus lu ni écrit"
            ),
            Self::NoNetwork => "cette base ne contient aucun réseau".to_owned(),
            Self::SeveralNetworks(names) => {
                format!("cette base contient plusieurs réseaux : {}", names.join(", "))
            }
            Self::UnknownNetwork(name) => format!("pas de réseau « {name} » dans cette base"),
            Self::ImpossibleRow { table, column, key, problem } => {
                format!("table {table}, ligne {key}, colonne {column} : {problem}")
            }
            Self::NotLoaded(needed) => format!("erreur interne, rien n'a été écrit : {needed}"),
            Self::Encoding(problem) => format!("valeur impossible à écrire ou à lire : {problem}"),
            Self::Backup(problem) => match problem {
                BackupProblem::NotABackup => "ce fichier n'est pas une sauvegarde de Coudemain".to_owned(),
                BackupProblem::Truncated => "cette sauvegarde est incomplète : le fichier s'arrête trop tôt".to_owned(),
                BackupProblem::LineIsTooLong(most) => {
                    format!("cette sauvegarde est abîmée : une ligne de plus de {most} octets")
                }
                BackupProblem::Damaged(table) => format!("cette sauvegarde est abîmée : table {table}"),
                BackupProblem::Newer(version) => {
                    format!(
                        "cette sauvegarde vient d'une version plus récente (forme {version}) ; mettez le programme à jour"
                    )
                }
                BackupProblem::DatabaseIsNotEmpty => {
                    "la base de destination contient déjà un réseau ; il faut une base vide".to_owned()
                }
            },
            Self::ClockIsAhead(lead) => lead.in_words(Language::French),
            Self::File(error) => match self.trouble() {
                Some(trouble) => trouble.in_words(Language::French).to_owned(),
                None => format!("fichier : {}", trouble::in_words(error, Language::French)),
            },
            Self::Database(error) => match self.trouble() {
                Some(trouble) => trouble.in_words(Language::French).to_owned(),
                None => format!("base de données : {error}"),
            },
        }
    }

    fn in_english(&self) -> String {
        match self {
            Self::UnreadableUrl(url) => {
                format!("unreadable database address: “{url}”; sqlite://FILE or postgres://… would fit")
            }
            Self::NoSuchFile(file) => format!("no database “{file}”"),
            Self::DatabaseIsNewer { database, program } => format!(
                "this database comes from a newer program (schema {database}, known up to {program}); update the program"
            ),
            Self::Migration(problem) => format!("the database's schema could not be brought up to date: {problem}"),
            Self::OlderAndReadOnly { database, program } => format!(
                "this database has an older schema ({database}, the program's is {program}), and nothing can be written where it is"
            ),
            Self::LastWritesAreAside(file) => {
                format!("the last writes stand aside, in “{file}-wal”, and cannot be read where nothing can be written")
            }
            Self::FileIsAnother(file) => format!(
                "“{file}” was deleted, moved or replaced while the database was open; nothing is read or written there any more"
            ),
            Self::NoNetwork => "this database holds no network".to_owned(),
            Self::SeveralNetworks(names) => {
                format!("this database holds several networks: {}", names.join(", "))
            }
            Self::UnknownNetwork(name) => format!("no network “{name}” in this database"),
            Self::ImpossibleRow { table, column, key, problem } => {
                format!("table {table}, row {key}, column {column}: {problem}")
            }
            Self::NotLoaded(needed) => format!("internal error, nothing was written: {needed}"),
            Self::Encoding(problem) => format!("a value that cannot be written or read: {problem}"),
            Self::Backup(problem) => match problem {
                BackupProblem::NotABackup => "this file is no Coudemain backup".to_owned(),
                BackupProblem::Truncated => "this backup is incomplete: the file ends too early".to_owned(),
                BackupProblem::LineIsTooLong(most) => {
                    format!("this backup is damaged: a line of more than {most} bytes")
                }
                BackupProblem::Damaged(table) => format!("this backup is damaged: table {table}"),
                BackupProblem::Newer(version) => {
                    format!("this backup comes from a newer program (form {version}); update the program")
                }
                BackupProblem::DatabaseIsNotEmpty => {
                    "the database to restore into holds a network already; it takes an empty one".to_owned()
                }
            },
            Self::ClockIsAhead(lead) => lead.in_words(Language::English),
            Self::File(error) => match self.trouble() {
                Some(trouble) => trouble.in_words(Language::English).to_owned(),
                None => format!("file: {}", trouble::in_words(error, Language::English)),
            },
            Self::Database(error) => match self.trouble() {
                Some(trouble) => trouble.in_words(Language::English).to_owned(),
                None => format!("database: {error}"),
            },
        }
    }
}

impl Trouble {
    /// The fault in a sentence.
    pub fn in_words(self, language: Language) -> &'static str {
        match self {
            Self::DiskIsFull => language.pick("le disque est plein", "the disk is full"),
            Self::DiskIsReadOnly => {
                language.pick("rien ne peut être écrit à cet endroit", "nothing can be written in that place")
            }
            Self::DiskFails => {
                language.pick("le disque ne répond pas comme il devrait", "the disk does not do its work")
            }
            Self::FileDoesNotOpen => {
                language.pick("le fichier de la base ne s'ouvre pas", "the database's file does not open")
            }
            Self::NotADatabase => language
                .pick("ce fichier n'est pas une base de données de Coudemain", "this file is no database of Coudemain"),
            Self::NoSuchDatabase => language.pick(
                "le serveur PostgreSQL n'a pas de base de ce nom",
                "the PostgreSQL server has no database of that name",
            ),
            Self::OutOfReach => language.pick("la base de données ne répond pas", "the database does not answer"),
        }
    }
}
