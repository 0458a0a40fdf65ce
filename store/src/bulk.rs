//! Many rows in one statement, on both databases.
//!
//! A statement per row costs ten times one for all. PostgreSQL takes arrays and unnests them: rows to write come as one
//! array of the table's own row type, which costs it a tenth of what one array a column does. SQLite takes a list of
//! `VALUES` of one of a few lengths, so that its prepared statements are few, in which the rows that are left over stay
//! unbound, are NULL, and are left out. Either way the rows stand in the statement as a table `r`, and the rest of the
//! SQL is the same.

use chrono::NaiveDate;
use sqlx::{AssertSqlSafe, Postgres, Sqlite, postgres::PgArguments};
use uuid::Uuid;

use crate::{
    StoreError,
    db::{Db, Tx, WriterTurns},
    schema::{ColumnType, Table},
    turn::Turns,
};
use ledger::{Digest, NetworkId};

mod postgres;
mod sqlite;

/// No statement carries more rows: memory stays bounded however large the batch.
const ROWS_MOST: usize = 512;
/// A condition that keeps SQLite from reading `ON CONFLICT` as that of a join.
const ALWAYS: &str = "true";

/// A value of one row.
#[derive(Debug, Clone)]
pub(crate) enum Value {
    Null,
    Int(i64),
    Text(String),
    Bytes(Vec<u8>),
    Date(NaiveDate),
    Uuid(Uuid),
}

macro_rules! value_from {
    ($($type:ty => |$value:ident| $body:expr,)+) => {$(
        impl From<$type> for Value {
            fn from($value: $type) -> Self { $body }
        }
    )+};
}

value_from! {
    i64 => |value| Self::Int(value),
    i32 => |value| Self::Int(value.into()),
    u32 => |value| Self::Int(value.into()),
    bool => |value| Self::Int(value.into()),
    String => |value| Self::Text(value),
    &str => |value| Self::Text(value.to_owned()),
    Vec<u8> => |value| Self::Bytes(value),
    NaiveDate => |value| Self::Date(value),
    Uuid => |value| Self::Uuid(value),
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// A row: a value for each column.
macro_rules! row {
    ($($value:expr),+ $(,)?) => { vec![$($crate::bulk::Value::from($value)),+] };
}
pub(crate) use row;

/// Rows with typed columns, ready to stand in a statement as the table `r` with columns `c0`, `c1`…. The first column
/// is never NULL.
#[derive(Debug)]
pub(crate) struct Rows {
    types: Vec<ColumnType>,
    rows: Vec<Vec<Value>>,
}

impl Rows {
    pub(crate) fn new(types: &[ColumnType], rows: Vec<Vec<Value>>) -> Self {
        Self { types: types.to_vec(), rows }
    }

    /// The same rows, a statement's worth at a time.
    fn in_chunks(self) -> impl Iterator<Item = Self> {
        let mut rows = self.rows.into_iter();
        std::iter::from_fn(move || {
            let some: Vec<_> = rows.by_ref().take(ROWS_MOST).collect();
            (!some.is_empty()).then(|| Self { types: self.types.clone(), rows: some })
        })
    }

    /// Reads what a statement selects about these rows. `{rows}` in the SQL stands for them; parameter `$1` is the
    /// network, the rows follow it.
    pub(crate) async fn select<T>(&self, tx: &mut Tx, network: i64, sql: &str) -> Result<Vec<T>, StoreError>
    where
        T: Send + Unpin,
        T: for<'r> sqlx::FromRow<'r, sqlx::sqlite::SqliteRow> + for<'r> sqlx::FromRow<'r, sqlx::postgres::PgRow>,
    {
        let mut found = Vec::new();
        for rows in self.rows.chunks(ROWS_MOST) {
            match tx {
                Tx::Sqlite(transaction) => {
                    // Values are bound by their place alone, which leaves no place for the network's number.
                    let sql = sql.replace("$1", &network.to_string());
                    let (sql, arguments) = sqlite::over(&self.types, rows, &sql)?;
                    let query = sqlx::query_as_with(AssertSqlSafe(sql), arguments);
                    found.extend(query.fetch_all(&mut **transaction).await?);
                }
                Tx::Postgres(transaction) => {
                    let (sql, arguments) = postgres::over(&self.types, rows, sql, network)?;
                    let query = sqlx::query_as_with(AssertSqlSafe(sql), arguments);
                    found.extend(query.fetch_all(&mut **transaction).await?);
                }
            }
        }
        Ok(found)
    }

    /// Runs a statement over these rows, in which `{rows}` stands for them.
    pub(crate) async fn execute(&self, tx: &mut Tx, sql: &str) -> Result<(), StoreError> {
        for rows in self.rows.chunks(ROWS_MOST) {
            match tx {
                Tx::Sqlite(transaction) => {
                    let (sql, arguments) = sqlite::over(&self.types, rows, sql)?;
                    sqlx::query_with(AssertSqlSafe(sql), arguments).execute(&mut **transaction).await?;
                }
                Tx::Postgres(transaction) => {
                    let mut together = postgres::Together::default();
                    together.over(&self.types, rows, sql)?;
                    together.execute(transaction).await?;
                }
            }
        }
        Ok(())
    }
}

/// What becomes of a row whose key is in the table already.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Known {
    /// There is none, or it is an error.
    Never,
    /// It stays as it is.
    Stays,
    /// These columns get the new values.
    Changes(&'static [&'static str]),
}

/// Rows to write into one table.
#[derive(Debug)]
pub(crate) struct TableRows {
    table: &'static Table,
    known: Known,
    rows: Vec<Vec<Value>>,
}

impl TableRows {
    pub(crate) fn new(table: &'static Table, known: Known) -> Self {
        Self { table, known, rows: Vec::new() }
    }

    pub(crate) fn push(&mut self, row: Vec<Value>) {
        debug_assert_eq!(row.len(), self.table.columns.len(), "{}", self.table.name);
        self.rows.push(row);
    }

    /// Writes all rows; nothing happens when there are none.
    pub(crate) async fn write(self, tx: &mut Tx) -> Result<(), StoreError> {
        write_all(tx, vec![self]).await
    }

    /// The statement that inserts, where a condition holds; `source` stands for the rows.
    fn insert(&self, source: &str, condition: &str) -> String {
        let Table { name, columns, key } = self.table;
        let names = list(columns, |text, _, (name, _)| text.push_str(name));
        let mut sql = format!("INSERT INTO {name} ({names}) SELECT r.* FROM {source} WHERE {condition}");
        match self.known {
            Known::Never => {}
            Known::Stays => sql.push_str(" ON CONFLICT DO NOTHING"),
            Known::Changes(columns) => {
                let changes = list(columns, |text, _, column| text.extend([column, " = excluded.", column]));
                sql.extend([" ON CONFLICT (", key, ") DO UPDATE SET ", &changes]);
            }
        }
        sql
    }
}

/// Items one after the other, with commas between them.
fn list<T>(items: &[T], mut write: impl FnMut(&mut String, usize, &T)) -> String {
    let mut text = String::new();
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            text.push_str(", ");
        }
        write(&mut text, index, item);
    }
    text
}

/// The rows of a network to delete from a table: those in which a column holds one of these numbers.
#[derive(Debug)]
pub(crate) struct Deletion {
    table: &'static str,
    column: &'static str,
    rows: Rows,
}

impl Deletion {
    pub(crate) fn new(
        (table, column): (&'static str, &'static str),
        network: NetworkId,
        numbers: impl IntoIterator<Item = i64>,
    ) -> Self {
        let rows = numbers.into_iter().map(|number| row![number, network.0]).collect();
        Self { table, column, rows: Rows::new(&[ColumnType::Int, ColumnType::Int], rows) }
    }

    pub(crate) async fn run(&self, tx: &mut Tx) -> Result<(), StoreError> {
        self.rows.execute(tx, &self.sql(ALWAYS)).await
    }

    fn sql(&self, condition: &str) -> String {
        let Self { table, column, .. } = self;
        format!("DELETE FROM {table} WHERE ({column}, network_id) IN (SELECT r.c0, r.c1 FROM {{rows}}) AND {condition}")
    }
}

/// Writes several tables, no row of which depends on another, in one journey to the database and back where that is
/// possible.
pub(crate) async fn write_all(tx: &mut Tx, mut tables: Vec<TableRows>) -> Result<(), StoreError> {
    tables.retain(|table| !table.rows.is_empty());
    match tx {
        Tx::Sqlite(transaction) => sqlite::write_all(transaction, tables).await,
        Tx::Postgres(transaction) => postgres::write_all(transaction, &tables).await,
    }
}

/// A transaction of its own, ready to be sent: on PostgreSQL, and where it is small, in one journey to the database and
/// back.
pub(crate) enum Alone {
    Sqlite(Turns<Sqlite>, Vec<sqlite::Text>),
    Postgres(Turns<Postgres>, String, PgArguments),
}

impl Alone {
    /// Writes; tells whether the log had the root that this builds on. If not, nothing is written.
    pub(crate) async fn write(self) -> Result<bool, StoreError> {
        match self {
            Self::Sqlite(turns, texts) => {
                let mut turn = turns.next().await?;
                let had_the_root = sqlite::write_alone(&mut turn.connection, texts).await?;
                turn.leave();
                Ok(had_the_root)
            }
            Self::Postgres(turns, sql, arguments) => {
                let mut turn = turns.next().await?;
                let query = sqlx::query_as_with(AssertSqlSafe(sql), arguments);
                let (heads,): (i64,) = query.fetch_one(&mut *turn.connection).await?;
                turn.leave();
                Ok(heads == 1)
            }
        }
    }
}

/// What a batch changes.
#[derive(Debug)]
pub(crate) struct Change {
    /// The network's head after.
    pub(crate) head: TableRows,
    /// Rows of other tables, none of which depends on another.
    pub(crate) tables: Vec<TableRows>,
    /// What is deleted, none of which is among those rows.
    pub(crate) deletion: Deletion,
}

impl Change {
    /// Whether [`Change::alone`] can write it.
    pub(crate) fn can_stand_alone(&self, db: &Db) -> bool {
        let rows = self.tables.iter().map(|table| table.rows.len()).chain([self.deletion.rows.rows.len()]);
        db.is_sqlite() || postgres::goes_in_one_statement(rows)
    }

    /// The transaction that writes it where the log still has the root that it builds on.
    pub(crate) fn alone(mut self, db: &Db, builds_on: Digest) -> Result<Alone, StoreError> {
        self.tables.retain(|table| !table.rows.is_empty());
        Ok(match db.writer_turns() {
            WriterTurns::Sqlite(turns) => Alone::Sqlite(turns.clone(), sqlite::alone(self, builds_on)?),
            WriterTurns::Postgres(turns) => {
                let (sql, arguments) = postgres::alone(&self, builds_on)?;
                Alone::Postgres(turns.clone(), sql, arguments)
            }
        })
    }

    /// Writes it in a transaction.
    pub(crate) async fn write(self, tx: &mut Tx) -> Result<(), StoreError> {
        let mut tables = self.tables;
        tables.insert(0, self.head);
        write_all(tx, tables).await?;
        self.deletion.run(tx).await
    }
}

fn add<'q, A, T>(arguments: &mut A, value: T) -> Result<(), StoreError>
where
    A: sqlx::Arguments,
    T: sqlx::Encode<'q, A::Database> + sqlx::Type<A::Database>,
{
    arguments.add(value).map_err(|error| StoreError::Encoding(error.to_string()))
}
