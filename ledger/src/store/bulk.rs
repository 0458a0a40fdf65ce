//! Many rows in one statement, on both databases.
//!
//! A statement per row costs ten times one for all. PostgreSQL takes one array a column and unnests them; SQLite
//! takes one JSON text and reads it with `json_each`. Either way the rows stand in the statement as a table `r`,
//! and the rest of the SQL is the same.

use std::fmt::Write as _;

use chrono::NaiveDate;
use sqlx::{AssertSqlSafe, postgres::PgArguments, query::Query, sqlite::SqliteArguments};
use uuid::Uuid;

use super::{
    StoreError,
    db::Tx,
    schema::{ColumnType, Table},
};

/// No statement carries more rows: memory stays bounded however large the batch.
const ROWS_MOST: usize = 2_000;

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

/// Rows with typed columns, ready to stand in a statement as the table `r` with columns `c0`, `c1`….
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
                    let sql = sql.replace("{rows}", &self.source_for_sqlite(2));
                    let query = sqlx::query_as(AssertSqlSafe(sql)).bind(network).bind(self.json(rows)?);
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
                    let sql = sql.replace("{rows}", &self.source_for_sqlite(1));
                    let query: Query<'_, _, SqliteArguments> = sqlx::query(AssertSqlSafe(sql)).bind(self.json(rows)?);
                    query.execute(&mut **transaction).await?;
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

    fn source_for_sqlite(&self, parameter: usize) -> String {
        let mut columns = String::new();
        for (index, column) in self.types.iter().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            let _ = match column {
                ColumnType::Bytes | ColumnType::Uuid => write!(columns, "{comma}unhex(value->>{index}) AS c{index}"),
                ColumnType::Int | ColumnType::Text | ColumnType::Date => {
                    write!(columns, "{comma}value->>{index} AS c{index}")
                }
            };
        }
        format!("(SELECT {columns} FROM json_each(${parameter})) AS r")
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

    /// The rows as JSON arrays. Written by hand, since it is the hot path; texts are escaped by `serde_json`.
    fn json(&self, rows: &[Vec<Value>]) -> Result<String, StoreError> {
        let mut json = Vec::with_capacity(rows.len() * self.types.len() * 12);
        json.push(b'[');
        for (row_index, row) in rows.iter().enumerate() {
            json.extend_from_slice(if row_index == 0 { b"[" } else { b",[" });
            for (index, value) in row.iter().enumerate() {
                if index > 0 {
                    json.push(b',');
                }
                match value {
                    Value::Null => json.extend_from_slice(b"null"),
                    Value::Int(number) => write_json(&mut json, number)?,
                    Value::Text(text) => write_json(&mut json, text)?,
                    Value::Bytes(bytes) => write_hex(&mut json, bytes),
                    Value::Uuid(uuid) => write_hex(&mut json, uuid.as_bytes()),
                    Value::Date(date) => write_json(&mut json, date)?,
                }
            }
            json.push(b']');
        }
        json.push(b']');
        String::from_utf8(json).map_err(|error| StoreError::Encoding(error.to_string()))
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
        let sql = insert_sql(self.table, self.on_conflict);
        let types: Vec<_> = self.table.columns.iter().map(|(_, column)| *column).collect();
        Rows::new(&types, self.rows).execute(tx, &sql).await
    }
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

fn write_json<T: serde::Serialize>(json: &mut Vec<u8>, value: &T) -> Result<(), StoreError> {
    serde_json::to_writer(json, value).map_err(|error| StoreError::Encoding(error.to_string()))
}

fn write_hex(json: &mut Vec<u8>, bytes: &[u8]) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    json.push(b'"');
    for byte in bytes {
        json.push(DIGITS[usize::from(byte >> 4)]);
        json.push(DIGITS[usize::from(byte & 15)]);
    }
    json.push(b'"');
}

fn add<'q, T>(arguments: &mut PgArguments, value: T) -> Result<(), StoreError>
where
    T: sqlx::Encode<'q, sqlx::Postgres> + sqlx::Type<sqlx::Postgres>,
{
    use sqlx::Arguments as _;
    arguments.add(value).map_err(|error| StoreError::Encoding(error.to_string()))
}
