//! Many rows in one statement, on both databases.
//!
//! A statement per row costs ten times one for all. PostgreSQL takes one array a column and unnests them; SQLite
//! takes a list of `VALUES` of one of a few lengths, so that its prepared statements are few, in which the rows that
//! are left over stay unbound, are NULL, and are left out. Either way the rows stand in the statement as a table `r`,
//! and the rest of the SQL is the same.

use std::fmt::Write as _;

use chrono::NaiveDate;
use sqlx::{AssertSqlSafe, postgres::PgArguments, sqlite::SqliteArguments};
use uuid::Uuid;

use super::{
    StoreError,
    db::Tx,
    schema::{ColumnType, Table},
};

/// No statement carries more rows: memory stays bounded however large the batch.
const ROWS_MOST: usize = 512;
/// A table with more rows than this is written alone, [`ROWS_MOST`] at a time.
const TOGETHER_MOST: usize = 8_192;
/// The lengths of a list of `VALUES` on SQLite: few enough to keep every statement prepared, and close enough that
/// little is left unbound.
const SQLITE_LENGTHS: [usize; 16] = [1, 2, 4, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, ROWS_MOST];

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
    ($($value:expr),+ $(,)?) => { vec![$($crate::store::bulk::Value::from($value)),+] };
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
                    let sql =
                        sql.replace("$1", &network.to_string()).replace("{rows}", &self.source_for_sqlite(rows.len()));
                    let mut arguments = SqliteArguments::default();
                    add_values(&mut arguments, rows)?;
                    let query = sqlx::query_as_with(AssertSqlSafe(sql), arguments);
                    found.extend(query.fetch_all(&mut **transaction).await?);
                }
                Tx::Postgres(transaction) => {
                    let sql = sql.replace("{rows}", &self.source_for_postgres(2));
                    let mut arguments = PgArguments::default();
                    add(&mut arguments, network)?;
                    self.add_arrays(&mut arguments, rows)?;
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
                    // Whatever fails undoes the whole transaction: SQLite need not be able to undo this statement alone.
                    let sql = sql.replacen("INSERT INTO", "INSERT OR FAIL INTO", 1);
                    let sql = sql.replace("{rows}", &self.source_for_sqlite(rows.len()));
                    let mut arguments = SqliteArguments::default();
                    add_values(&mut arguments, rows)?;
                    sqlx::query_with(AssertSqlSafe(sql), arguments).execute(&mut **transaction).await?;
                }
                Tx::Postgres(transaction) => {
                    let sql = sql.replace("{rows}", &self.source_for_postgres(1));
                    let mut arguments = PgArguments::default();
                    self.add_arrays(&mut arguments, rows)?;
                    sqlx::query_with(AssertSqlSafe(sql), arguments).execute(&mut **transaction).await?;
                }
            }
        }
        Ok(())
    }

    /// The parameters have no names: SQLite looks a name up by going through all of them.
    fn source_for_sqlite(&self, rows: usize) -> String {
        let length = SQLITE_LENGTHS.into_iter().find(|length| *length >= rows).unwrap_or(ROWS_MOST);
        let width = self.types.len();
        let mut source = String::from("(SELECT ");
        for index in 0..width {
            let _ = write!(source, "{}column{} AS c{index}", if index == 0 { "" } else { ", " }, index + 1);
        }
        source.push_str(" FROM (VALUES ");
        let row = format!("({})", vec!["?"; width].join(","));
        source.push_str(&vec![row; length].join(","));
        source.push_str(") WHERE column1 IS NOT NULL) AS r");
        source
    }

    fn source_for_postgres(&self, first_parameter: usize) -> String {
        let mut arrays = String::new();
        let mut columns = String::new();
        for (index, column) in self.types.iter().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            let sql_type = match column {
                ColumnType::Int => "bigint",
                ColumnType::Text => "text",
                ColumnType::Bytes => "bytea",
                ColumnType::Uuid => "uuid",
                ColumnType::Date => "date",
            };
            let _ = write!(arrays, "{comma}${}::{sql_type}[]", first_parameter + index);
            let _ = write!(columns, "{comma}c{index}");
        }
        format!("unnest({arrays}) AS r({columns})")
    }

    fn add_arrays(&self, arguments: &mut PgArguments, rows: &[Vec<Value>]) -> Result<(), StoreError> {
        for (index, column) in self.types.iter().enumerate() {
            let values = rows.iter().map(|row| &row[index]);
            match column {
                ColumnType::Int => {
                    add(
                        arguments,
                        values
                            .map(|value| if let Value::Int(it) = value { Some(*it) } else { None })
                            .collect::<Vec<_>>(),
                    )?;
                }
                ColumnType::Text => {
                    add(
                        arguments,
                        values
                            .map(|value| if let Value::Text(it) = value { Some(it.as_str()) } else { None })
                            .collect::<Vec<_>>(),
                    )?;
                }
                ColumnType::Bytes => {
                    add(
                        arguments,
                        values
                            .map(|value| if let Value::Bytes(it) = value { Some(it.as_slice()) } else { None })
                            .collect::<Vec<_>>(),
                    )?;
                }
                ColumnType::Date => {
                    add(
                        arguments,
                        values
                            .map(|value| if let Value::Date(it) = value { Some(*it) } else { None })
                            .collect::<Vec<_>>(),
                    )?;
                }
                ColumnType::Uuid => {
                    add(
                        arguments,
                        values
                            .map(|value| if let Value::Uuid(it) = value { Some(*it) } else { None })
                            .collect::<Vec<_>>(),
                    )?;
                }
            }
        }
        Ok(())
    }
}

/// Rows to write into one table.
#[derive(Debug)]
pub(crate) struct TableRows {
    table: &'static Table,
    /// What to do with a row whose key is there already; empty for an error.
    on_conflict: &'static str,
    rows: Vec<Vec<Value>>,
}

impl TableRows {
    pub(crate) fn new(table: &'static Table, on_conflict: &'static str) -> Self {
        Self { table, on_conflict, rows: Vec::new() }
    }

    pub(crate) fn push(&mut self, row: Vec<Value>) {
        debug_assert_eq!(row.len(), self.table.columns.len(), "{}", self.table.name);
        self.rows.push(row);
    }

    /// Writes all rows; nothing happens when there are none.
    pub(crate) async fn write(self, tx: &mut Tx) -> Result<(), StoreError> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let (sql, rows) = self.into_insert();
        rows.execute(tx, &sql).await
    }

    fn into_insert(self) -> (String, Rows) {
        let types: Vec<_> = self.table.columns.iter().map(|(_, column)| *column).collect();
        (insert_sql(self.table, self.on_conflict), Rows::new(&types, self.rows))
    }
}

/// Writes several tables, no row of which depends on another: on PostgreSQL in one statement, since each one is a
/// journey to the server and back.
pub(crate) async fn write_all(tx: &mut Tx, tables: Vec<TableRows>) -> Result<(), StoreError> {
    let mut together = Vec::new();
    for table in tables {
        match tx {
            Tx::Postgres(_) if !table.rows.is_empty() && table.rows.len() <= TOGETHER_MOST => {
                together.push(table.into_insert());
            }
            _ => table.write(tx).await?,
        }
    }
    let Tx::Postgres(transaction) = tx else { return Ok(()) };
    let Some((last, before)) = together.split_last() else { return Ok(()) };
    let mut arguments = PgArguments::default();
    let mut parameter = 1;
    let mut place = |(sql, rows): &(String, Rows)| {
        let sql = sql.replace("{rows}", &rows.source_for_postgres(parameter));
        parameter += rows.types.len();
        rows.add_arrays(&mut arguments, &rows.rows).map(|()| sql)
    };
    let mut sql = String::new();
    for (index, insert) in before.iter().enumerate() {
        let joint = if index == 0 { "WITH" } else { "," };
        let _ = write!(sql, "{joint} w{index} AS ({})", place(insert)?);
    }
    let _ = write!(sql, " {}", place(last)?);
    sqlx::query_with(AssertSqlSafe(sql), arguments).execute(&mut **transaction).await?;
    Ok(())
}

/// `WHERE true` keeps SQLite from reading `ON CONFLICT` as a join's condition.
fn insert_sql(table: &Table, on_conflict: &str) -> String {
    let names: Vec<_> = table.columns.iter().map(|(name, _)| *name).collect();
    let values: Vec<_> = (0..names.len()).map(|index| format!("r.c{index}")).collect();
    format!(
        "INSERT INTO {} ({}) SELECT {} FROM {{rows}} WHERE true {on_conflict}",
        table.name,
        names.join(", "),
        values.join(", ")
    )
}

fn add_values(arguments: &mut SqliteArguments, rows: &[Vec<Value>]) -> Result<(), StoreError> {
    for value in rows.iter().flatten() {
        match value {
            Value::Null => add(arguments, None::<i64>)?,
            Value::Int(number) => add(arguments, *number)?,
            Value::Text(text) => add(arguments, text.as_str())?,
            Value::Bytes(bytes) => add(arguments, bytes.as_slice())?,
            Value::Date(date) => add(arguments, *date)?,
            Value::Uuid(uuid) => add(arguments, *uuid)?,
        }
    }
    Ok(())
}

fn add<'q, A, T>(arguments: &mut A, value: T) -> Result<(), StoreError>
where
    A: sqlx::Arguments,
    T: sqlx::Encode<'q, A::Database> + sqlx::Type<A::Database>,
{
    arguments.add(value).map_err(|error| StoreError::Encoding(error.to_string()))
}
