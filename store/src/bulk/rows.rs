//! What is to be written, deleted or asked about, and the SQL of it that both databases share.

use chrono::NaiveDate;
use uuid::Uuid;

use crate::{
    StoreError,
    schema::{ColumnType, Table},
};
use ledger::NetworkId;

/// No statement carries more rows: memory stays bounded however large the batch.
pub(super) const ROWS_MOST: usize = 512;
/// A condition that keeps SQLite from reading `ON CONFLICT` as that of a join.
pub(super) const ALWAYS: &str = "true";

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
    pub(super) types: Vec<ColumnType>,
    pub(super) rows: Vec<Vec<Value>>,
}

impl Rows {
    pub(crate) fn new(types: &[ColumnType], rows: Vec<Vec<Value>>) -> Self {
        Self { types: types.to_vec(), rows }
    }

    /// The same rows, a statement's worth at a time.
    pub(super) fn in_chunks(self) -> impl Iterator<Item = Self> {
        let mut rows = self.rows.into_iter();
        std::iter::from_fn(move || {
            let some: Vec<_> = rows.by_ref().take(ROWS_MOST).collect();
            (!some.is_empty()).then(|| Self { types: self.types.clone(), rows: some })
        })
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

/// Rows of one network to write into one table.
#[derive(Debug)]
pub(crate) struct TableRows {
    pub(super) table: &'static Table,
    pub(super) network: NetworkId,
    known: Known,
    pub(super) rows: Vec<Vec<Value>>,
}

impl TableRows {
    pub(crate) fn new(table: &'static Table, network: NetworkId, known: Known) -> Self {
        Self { table, network, known, rows: Vec::new() }
    }

    pub(crate) fn push(&mut self, row: Vec<Value>) {
        debug_assert_eq!(row.len(), self.table.columns.len(), "{}", self.table.name);
        debug_assert!(matches!(row[0], Value::Int(network) if network == self.network.0), "{}", self.table.name);
        self.rows.push(row);
    }

    /// The statement that inserts, where a condition holds; `source` stands for the rows, `values` for what is taken of
    /// each.
    pub(super) fn insert(&self, values: &str, source: &str, condition: &str) -> String {
        let Table { name, columns, key } = self.table;
        let names = list(columns, |text, _, (name, _)| text.push_str(name));
        let mut sql = format!("INSERT INTO {name} ({names}) SELECT {values} FROM {source} WHERE {condition}");
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
pub(super) fn list<T>(items: &[T], mut write: impl FnMut(&mut String, usize, &T)) -> String {
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
    pub(super) network: NetworkId,
    pub(super) rows: Rows,
}

impl Deletion {
    pub(crate) fn new(
        (table, column): (&'static str, &'static str),
        network: NetworkId,
        numbers: impl IntoIterator<Item = i64>,
    ) -> Self {
        let rows = numbers.into_iter().map(|number| row![number]).collect();
        Self { table, column, network, rows: Rows::new(&[ColumnType::Int], rows) }
    }

    pub(super) fn sql(&self, condition: &str) -> String {
        let Self { table, column, .. } = self;
        format!(
            "DELETE FROM {table} WHERE network_id = {{network}} AND {column} IN (SELECT r.c0 FROM {{rows}}) AND {condition}"
        )
    }
}

/// What a batch changes.
#[derive(Debug)]
pub(crate) struct BatchChange {
    /// The network's head after.
    pub(crate) head: TableRows,
    /// Rows of other tables, none of which depends on another.
    pub(crate) tables: Vec<TableRows>,
    /// What is deleted, none of which is among those rows.
    pub(crate) deletion: Deletion,
    /// Keys, each with its scope, that only what is written here may have, and nothing beside it.
    pub(crate) keys: Rows,
}

/// Tells whether one of the keys is in use beside the ledger; `{network}` and, after it, `{rows}` stand for the network and
/// the keys.
pub(super) const IS_KEY_BESIDE: &str = "EXISTS (SELECT 1 FROM (SELECT {network} AS network_id) AS w CROSS JOIN \
                                        {rows} CROSS JOIN answer AS n WHERE n.network_id = w.network_id \
                                        AND n.scope = r.c0 AND n.key = r.c1)";

pub(super) fn add<'q, A, T>(arguments: &mut A, value: T) -> Result<(), StoreError>
where
    A: sqlx::Arguments,
    T: sqlx::Encode<'q, A::Database> + sqlx::Type<A::Database>,
{
    arguments.add(value).map_err(|error| StoreError::Encoding(error.to_string()))
}
