//! Rows for PostgreSQL: arrays, which it unnests.

use std::fmt::Write as _;

use sqlx::{
    Arguments as _, AssertSqlSafe, Encode, PgConnection, Postgres, Type,
    encode::IsNull,
    error::BoxDynError,
    postgres::{PgArgumentBuffer, PgArguments, PgBindIterExt, PgTypeInfo, types::Oid},
};

use crate::{
    StoreError,
    bulk::rows::{ALWAYS, BatchChange, IS_KEY_BESIDE, TableRows, Value, add, list},
    schema::{ColumnType, Table},
};
use ledger::{Digest, NetworkId};

/// A table with more rows than this is written alone, so many at a time.
const TOGETHER_MOST: usize = 8_192;

/// A statement over rows, an array a column. `{rows}` in the SQL stands for them; parameter `$1` is the network.
pub(super) fn over(
    types: &[ColumnType],
    rows: &[Vec<Value>],
    sql: &str,
    network: i64,
) -> Result<(String, PgArguments), StoreError> {
    let mut arguments = PgArguments::default();
    add(&mut arguments, network)?;
    let source = source(types, arguments.len() + 1);
    add_arrays(&mut arguments, types, rows)?;
    Ok((sql.replace("{rows}", &source), arguments))
}

/// Writes tables of a network, in one statement where none is too long.
pub(super) async fn write_all(connection: &mut PgConnection, tables: &[TableRows]) -> Result<(), StoreError> {
    let Some(network) = tables.first().map(|table| table.network) else { return Ok(()) };
    let (large, small): (Vec<_>, Vec<_>) = tables.iter().partition(|table| table.rows.len() > TOGETHER_MOST);
    let mut together = Together::of(network)?;
    for table in small {
        together.table(table, &table.rows, ALWAYS, "")?;
    }
    together.execute(connection).await?;
    for table in large {
        for rows in table.rows.chunks(TOGETHER_MOST) {
            let mut together = Together::of(network)?;
            together.table(table, rows, ALWAYS, "")?;
            together.execute(connection).await?;
        }
    }
    Ok(())
}

pub(super) fn goes_in_one_statement(rows: impl Iterator<Item = usize>) -> bool {
    rows.max().is_none_or(|most| most <= TOGETHER_MOST)
}

/// The head comes first, and takes its lock: whoever else builds on the same root waits there. Where it has moved
/// meanwhile, all the rest finds no head, and does nothing. The statement counts the heads that it found.
pub(super) fn alone(change: &BatchChange, builds_on: Digest) -> Result<(String, PgArguments), StoreError> {
    const HEAD_THERE: &str = "EXISTS (SELECT FROM part1)";
    let BatchChange { head, tables, deletion, keys } = change;
    let mut together = Together::of(head.network)?;
    add(&mut together.arguments, builds_on.0.to_vec())?;
    let mut end = " WHERE head.root = $2".to_owned();
    if !keys.rows.is_empty() {
        end.extend([" AND NOT ", &together.about(&keys.types, &keys.rows, IS_KEY_BESIDE)?]);
    }
    together.table(head, &head.rows, ALWAYS, &(end + " RETURNING 1"))?;
    for table in tables {
        together.table(table, &table.rows, HEAD_THERE, "")?;
    }
    if !deletion.rows.rows.is_empty() {
        together.over(&deletion.rows.types, &deletion.rows.rows, &deletion.sql(HEAD_THERE))?;
    }
    Ok(together.select("count(*) FROM part1"))
}

/// Statements about one network that go as one, with their arguments: `part1`, `part2`…
///
/// The network is the first argument and stands in each of them as such, however many rows say it too: whoever keeps
/// networks in different places knows from it where the whole statement goes.
pub(super) struct Together {
    parts: Vec<String>,
    arguments: PgArguments,
}

impl Together {
    pub(super) fn of(network: NetworkId) -> Result<Self, StoreError> {
        let mut arguments = PgArguments::default();
        add(&mut arguments, network.0)?;
        Ok(Self { parts: Vec::new(), arguments })
    }

    /// Inserts rows of a table where a condition holds. `end` ends the statement.
    fn table(&mut self, table: &TableRows, rows: &[Vec<Value>], condition: &str, end: &str) -> Result<(), StoreError> {
        add(&mut self.arguments, Records { table: table.table, rows })?;
        let source = format!("unnest(${}::{}[]) AS r", self.arguments.len(), table.table.name);
        let values = list(table.table.columns, |text, index, (name, _)| match index {
            0 => text.push_str("$1"),
            _ => text.extend(["r.", name]),
        });
        self.push(&(table.insert(&values, &source, condition) + end));
        Ok(())
    }

    /// Does something about rows, for which `{rows}` stands.
    pub(super) fn over(&mut self, types: &[ColumnType], rows: &[Vec<Value>], sql: &str) -> Result<(), StoreError> {
        let sql = self.about(types, rows, sql)?;
        self.push(&sql);
        Ok(())
    }

    /// SQL about the network, for which `{network}` stands, and rows, for which `{rows}` does.
    fn about(&mut self, types: &[ColumnType], rows: &[Vec<Value>], sql: &str) -> Result<String, StoreError> {
        let source = source(types, self.arguments.len() + 1);
        add_arrays(&mut self.arguments, types, rows)?;
        Ok(sql.replace("{network}", "$1").replace("{rows}", &source))
    }

    fn push(&mut self, sql: &str) {
        self.parts.push(format!("part{} AS ({sql})", self.parts.len() + 1));
    }

    fn select(self, what: &str) -> (String, PgArguments) {
        (format!("WITH {} SELECT {what}", self.parts.join(", ")), self.arguments)
    }

    pub(super) async fn execute(self, connection: &mut PgConnection) -> Result<(), StoreError> {
        if !self.parts.is_empty() {
            let (sql, arguments) = self.select("1");
            sqlx::query_with(AssertSqlSafe(sql), arguments).execute(connection).await?;
        }
        Ok(())
    }
}

fn source(types: &[ColumnType], first_parameter: usize) -> String {
    let arrays = list(types, |text, index, column| {
        let sql_type = match column {
            ColumnType::Int => "bigint",
            ColumnType::Text => "text",
            ColumnType::Bytes => "bytea",
            ColumnType::Uuid => "uuid",
            ColumnType::Date => "date",
        };
        let _ = write!(text, "${}::{sql_type}[]", first_parameter + index);
    });
    let columns = list(types, |text, index, _| text.extend(["c", &index.to_string()]));
    format!("unnest({arrays}) AS r({columns})")
}

fn add_arrays(arguments: &mut PgArguments, types: &[ColumnType], rows: &[Vec<Value>]) -> Result<(), StoreError> {
    for (index, column) in types.iter().enumerate() {
        let values = rows.iter().map(|row| &row[index]);
        match column {
            ColumnType::Int => {
                add_array(arguments, values, |value| if let Value::Int(it) = value { Some(*it) } else { None })
            }
            ColumnType::Text => {
                add_array(arguments, values, |value| if let Value::Text(it) = value { Some(it.as_str()) } else { None })
            }
            ColumnType::Bytes => {
                add_array(
                    arguments,
                    values,
                    |value| if let Value::Bytes(it) = value { Some(it.as_slice()) } else { None },
                )
            }
            ColumnType::Date => {
                add_array(arguments, values, |value| if let Value::Date(it) = value { Some(*it) } else { None })
            }
            ColumnType::Uuid => {
                add_array(arguments, values, |value| if let Value::Uuid(it) = value { Some(*it) } else { None })
            }
        }?;
    }
    Ok(())
}

fn add_array<'a, T>(
    arguments: &mut PgArguments,
    values: impl Iterator<Item = &'a Value>,
    of_type: impl Fn(&'a Value) -> Option<T>,
) -> Result<(), StoreError>
where
    Vec<Option<T>>: Encode<'a, Postgres> + Type<Postgres>,
{
    add(arguments, values.map(of_type).collect::<Vec<_>>())
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
