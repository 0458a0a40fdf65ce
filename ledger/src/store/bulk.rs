//! Many rows in one statement, on both databases.
//!
//! A statement per row costs ten times one for all. PostgreSQL takes arrays and unnests them: rows to write come as one
//! array of the table's own row type, which costs it a tenth of what one array a column does. SQLite takes a list of
//! `VALUES` of one of a few lengths, so that its prepared statements are few, in which the rows that are left over stay
//! unbound, are NULL, and are left out. Either way the rows stand in the statement as a table `r`, and the rest of the
//! SQL is the same.

use std::fmt::Write as _;

use chrono::NaiveDate;
use sqlx::{
    AssertSqlSafe, Encode, PgConnection, Postgres, SqliteConnection, Type,
    encode::IsNull,
    error::BoxDynError,
    postgres::{PgArgumentBuffer, PgArguments, PgBindIterExt, PgTypeInfo, types::Oid},
    sqlite::SqliteArguments,
};
use uuid::Uuid;

use super::{
    StoreError,
    db::Tx,
    schema::{ColumnType, Table},
};

/// No statement carries more rows: memory stays bounded however large the batch.
const ROWS_MOST: usize = 512;
/// A table with more rows than this is written alone to PostgreSQL, so many at a time.
const TOGETHER_MOST: usize = 8_192;
/// The lengths of a list of `VALUES` on SQLite: few enough to keep every statement prepared, and close enough that
/// little is left unbound.
const SQLITE_LENGTHS: [usize; 16] = [1, 2, 4, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, ROWS_MOST];

/// So few rows go to SQLite in one journey: each combination of lengths is a text to prepare.
const ONE_JOURNEY_MOST: usize = 32;

fn sqlite_length(rows: usize) -> usize {
    SQLITE_LENGTHS.into_iter().find(|length| *length >= rows).unwrap_or(ROWS_MOST)
}

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
                    add_values(&mut arguments, rows.iter().cloned())?;
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
                    let sql = self.for_sqlite(sql, rows.len());
                    let mut arguments = SqliteArguments::default();
                    add_values(&mut arguments, rows.iter().cloned())?;
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

    /// Whatever fails undoes the whole transaction: SQLite need not be able to undo one statement alone.
    fn for_sqlite(&self, sql: &str, rows: usize) -> String {
        let sql = sql.replacen("INSERT INTO", "INSERT OR FAIL INTO", 1);
        sql.replace("{rows}", &self.source_for_sqlite(rows))
    }

    /// The parameters have no names: SQLite looks a name up by going through all of them.
    fn source_for_sqlite(&self, rows: usize) -> String {
        let width = self.types.len();
        let mut source = String::from("(SELECT ");
        for index in 0..width {
            let _ = write!(source, "{}column{} AS c{index}", if index == 0 { "" } else { ", " }, index + 1);
        }
        source.push_str(" FROM (VALUES ");
        let row = format!("({})", vec!["?"; width].join(","));
        source.push_str(&vec![row; sqlite_length(rows)].join(","));
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

    fn into_rows(self) -> Rows {
        let types: Vec<_> = self.table.columns.iter().map(|(_, column)| *column).collect();
        Rows::new(&types, self.rows)
    }

    /// The statements that write the rows to SQLite, each put together when it is asked for.
    fn into_statements(self) -> impl Iterator<Item = Result<(String, SqliteArguments), StoreError>> {
        let sql = insert(self.table, self.known);
        let mut rows = self.into_rows();
        let mut left = std::mem::take(&mut rows.rows).into_iter();
        std::iter::from_fn(move || {
            let some: Vec<_> = left.by_ref().take(ROWS_MOST).collect();
            let statement = |some: Vec<Vec<Value>>| {
                let sql = rows.for_sqlite(&sql, some.len());
                let mut arguments = SqliteArguments::default();
                add_values(&mut arguments, some)?;
                Ok((sql, arguments))
            };
            (!some.is_empty()).then(|| statement(some))
        })
    }
}

fn insert(table: &Table, known: Known) -> String {
    let names: Vec<_> = table.columns.iter().map(|(name, _)| *name).collect();
    let values: Vec<_> = (0..names.len()).map(|index| format!("r.c{index}")).collect();
    // `true` keeps SQLite from reading `ON CONFLICT` as a join's condition.
    let end = match known {
        Known::Never => String::new(),
        Known::Stays => " ON CONFLICT DO NOTHING".to_owned(),
        Known::Changes(columns) => {
            let set: Vec<_> = columns.iter().map(|column| format!("{column} = excluded.{column}")).collect();
            format!(" ON CONFLICT ({}) DO UPDATE SET {}", table.key, set.join(", "))
        }
    };
    format!(
        "INSERT INTO {} ({}) SELECT {} FROM {{rows}} WHERE true{end}",
        table.name,
        names.join(", "),
        values.join(", ")
    )
}

/// Writes several tables, no row of which depends on another, in one journey to the database and back where that is
/// possible.
pub(crate) async fn write_all(tx: &mut Tx, mut tables: Vec<TableRows>) -> Result<(), StoreError> {
    tables.retain(|table| !table.rows.is_empty());
    match tx {
        Tx::Sqlite(transaction) if tables.iter().map(|table| table.rows.len()).sum::<usize>() <= ONE_JOURNEY_MOST => {
            write_in_one_journey(transaction, tables).await
        }
        Tx::Sqlite(transaction) => write_in_turn(transaction, tables).await,
        Tx::Postgres(transaction) => {
            let large: Vec<_> = tables.extract_if(.., |table| table.rows.len() > TOGETHER_MOST).collect();
            write_at_once(transaction, tables.iter().map(|table| (table, table.rows.as_slice()))).await?;
            for table in &large {
                for rows in table.rows.chunks(TOGETHER_MOST) {
                    write_at_once(transaction, std::iter::once((table, rows))).await?;
                }
            }
            Ok(())
        }
    }
}

/// One text with a statement for each table, which share their arguments.
async fn write_in_one_journey(transaction: &mut SqliteConnection, tables: Vec<TableRows>) -> Result<(), StoreError> {
    let mut arguments = SqliteArguments::default();
    let mut statements = String::new();
    for table in tables {
        let sql = insert(table.table, table.known);
        let rows = table.into_rows();
        let unbound = sqlite_length(rows.rows.len()) - rows.rows.len();
        let _ = write!(statements, "{};", rows.for_sqlite(&sql, rows.rows.len()));
        let unbound = std::iter::repeat_n(vec![Value::Null; rows.types.len()], unbound);
        add_values(&mut arguments, rows.rows.into_iter().chain(unbound))?;
    }
    sqlx::query_with(AssertSqlSafe(statements), arguments).execute(transaction).await?;
    Ok(())
}

/// One statement after the other.
async fn write_in_turn(transaction: &mut SqliteConnection, tables: Vec<TableRows>) -> Result<(), StoreError> {
    for statement in tables.into_iter().flat_map(TableRows::into_statements) {
        let (sql, arguments) = statement?;
        sqlx::query_with(AssertSqlSafe(sql), arguments).execute(&mut *transaction).await?;
    }
    Ok(())
}

/// One statement that writes rows of several tables.
async fn write_at_once(
    transaction: &mut PgConnection,
    tables: impl Iterator<Item = (&TableRows, &[Vec<Value>])>,
) -> Result<(), StoreError> {
    let mut arguments = PgArguments::default();
    let mut parts = Vec::new();
    for (index, (TableRows { table, known, .. }, rows)) in tables.enumerate() {
        let columns: Vec<_> = (0..table.columns.len()).map(|index| format!("c{index}")).collect();
        let source = format!("unnest(${}::{}[]) AS r({})", index + 1, table.name, columns.join(", "));
        let insert = insert(table, *known).replace("{rows}", &source);
        parts.push(format!("new{index} AS ({insert})"));
        add(&mut arguments, Records { table, rows })?;
    }
    if parts.is_empty() {
        return Ok(());
    }
    let sql = format!("WITH {} SELECT 1", parts.join(", "));
    sqlx::query_with(AssertSqlSafe(sql), arguments).execute(transaction).await?;
    Ok(())
}

/// Rows of a table, as PostgreSQL takes an array of its row type.
struct Records<'a> {
    table: &'static Table,
    rows: &'a [Vec<Value>],
}

impl Type<Postgres> for Records<'_> {
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_name("record[]")
    }
}

impl Encode<'_, Postgres> for Records<'_> {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        self.rows.iter().map(|values| Record { table: self.table, values }).bind_iter().encode(buffer)
    }

    fn produces(&self) -> Option<PgTypeInfo> {
        Some(PgTypeInfo::array_of(self.table.name))
    }
}

/// A row of a table, as PostgreSQL takes a value of its row type: how many columns, and of each its type, its length
/// and its value.
struct Record<'a> {
    table: &'static Table,
    values: &'a [Value],
}

impl Type<Postgres> for Record<'_> {
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_name("record")
    }
}

impl Encode<'_, Postgres> for Record<'_> {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        buffer.extend(i32::try_from(self.values.len())?.to_be_bytes());
        for ((_, column), value) in self.table.columns.iter().zip(self.values) {
            buffer.extend(column.oid().0.to_be_bytes());
            let length_at = buffer.len();
            buffer.extend((-1_i32).to_be_bytes());
            let is_null = match value {
                Value::Null => IsNull::Yes,
                Value::Int(number) => Encode::<Postgres>::encode_by_ref(number, buffer)?,
                Value::Text(text) => Encode::<Postgres>::encode_by_ref(text, buffer)?,
                Value::Bytes(bytes) => Encode::<Postgres>::encode_by_ref(bytes, buffer)?,
                Value::Date(date) => Encode::<Postgres>::encode_by_ref(date, buffer)?,
                Value::Uuid(uuid) => Encode::<Postgres>::encode_by_ref(uuid, buffer)?,
            };
            if !is_null.is_null() {
                let length = i32::try_from(buffer.len() - length_at - 4)?;
                buffer[length_at..length_at + 4].copy_from_slice(&length.to_be_bytes());
            }
        }
        Ok(IsNull::No)
    }

    fn produces(&self) -> Option<PgTypeInfo> {
        Some(PgTypeInfo::with_name(self.table.name))
    }
}

impl ColumnType {
    /// PostgreSQL's number for the type: those of its own types never change.
    const fn oid(self) -> Oid {
        Oid(match self {
            Self::Int => 20,
            Self::Text => 25,
            Self::Bytes => 17,
            Self::Uuid => 2950,
            Self::Date => 1082,
        })
    }
}

fn add_values(arguments: &mut SqliteArguments, rows: impl IntoIterator<Item = Vec<Value>>) -> Result<(), StoreError> {
    for value in rows.into_iter().flatten() {
        match value {
            Value::Null => add(arguments, None::<i64>)?,
            Value::Int(number) => add(arguments, number)?,
            Value::Text(text) => add(arguments, text)?,
            Value::Bytes(bytes) => add(arguments, bytes)?,
            Value::Date(date) => add(arguments, date)?,
            Value::Uuid(uuid) => add(arguments, uuid)?,
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
