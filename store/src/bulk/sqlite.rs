//! Rows for SQLite: lists of `VALUES`.

use std::fmt::Write as _;

use sqlx::{AssertSqlSafe, SqliteConnection, sqlite::SqliteArguments};

use crate::{
    StoreError,
    bulk::rows::{ALWAYS, BatchChange, IS_KEY_BESIDE, ROWS_MOST, TableRows, Value, add, list},
    schema::ColumnType,
};
use ledger::{Digest, NetworkId};

/// The lengths of a list of `VALUES`: few enough to keep every statement prepared, and close enough that little is left
/// unbound.
const LENGTHS: [usize; 16] = [1, 2, 4, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, ROWS_MOST];

/// So few rows go in one journey, and beside many, so few of a table: each combination of lengths is a text to prepare.
const ONE_JOURNEY_MOST: usize = 32;
const FEW: usize = 2;

fn length(rows: usize) -> usize {
    LENGTHS.into_iter().find(|length| *length >= rows).unwrap_or(ROWS_MOST)
}

/// A statement over rows, for which `{rows}` stands.
pub(super) fn over(
    types: &[ColumnType],
    rows: &[Vec<Value>],
    sql: &str,
) -> Result<(String, SqliteArguments), StoreError> {
    let mut arguments = SqliteArguments::default();
    add_values(&mut arguments, rows.iter().cloned())?;
    Ok((sql.replace("{rows}", &source(types, rows.len())), arguments))
}

/// Writes tables, in one journey where they are small.
pub(super) async fn write_all(connection: &mut SqliteConnection, tables: Vec<TableRows>) -> Result<(), StoreError> {
    for text in texts(Text::default(), tables)? {
        text.execute(connection).await?;
    }
    Ok(())
}

/// A whole transaction, which is not written where the log has another root than this.
pub(super) fn alone(change: BatchChange, builds_on: Digest) -> Result<Vec<Text>, StoreError> {
    let BatchChange { head, tables, deletion, keys } = change;
    let network = head.network;
    let mut first = Text { statements: "BEGIN IMMEDIATE;".to_owned(), ..Text::default() };
    first.head(head, builds_on)?;
    // Fails as a head with another root does.
    let sql = format!("UPDATE head SET next_act = NULL WHERE network_id = {{network}} AND {IS_KEY_BESIDE}");
    for rows in keys.in_chunks() {
        first.over(network, &rows.types, rows.rows, &sql)?;
    }
    let sql = deletion.sql(ALWAYS);
    for rows in deletion.rows.in_chunks() {
        first.over(deletion.network, &rows.types, rows.rows, &sql)?;
    }
    let mut texts = texts(first, tables)?;
    if let Some(last) = texts.last_mut() {
        last.statements.push_str("COMMIT");
    }
    Ok(texts)
}

/// Runs what [`alone`] made; tells whether the log had the root.
pub(super) async fn write_alone(connection: &mut SqliteConnection, texts: Vec<Text>) -> Result<bool, StoreError> {
    const HAS_NO_NUMBER: &str = "NOT NULL constraint failed: head.next_act";
    for text in texts {
        let Err(error) = text.execute(&mut *connection).await else { continue };
        // This fails only where no transaction has begun, or what failed has undone it.
        let _ = sqlx::query("ROLLBACK").execute(connection).await;
        let had_another_root = matches!(
            &error,
            StoreError::Database(sqlx::Error::Database(error)) if error.message() == HAS_NO_NUMBER
        );
        return if had_another_root { Ok(false) } else { Err(error) };
    }
    Ok(true)
}

/// The texts that write tables, the first of which has begun: one for all that is small, and one for each table that is
/// not, in so many parts as it needs.
fn texts(mut first: Text, tables: Vec<TableRows>) -> Result<Vec<Text>, StoreError> {
    let is_small = tables.iter().map(|table| table.rows.len()).sum::<usize>() <= ONE_JOURNEY_MOST;
    let mut others = Vec::new();
    for mut table in tables {
        if is_small || table.rows.len() <= FEW {
            first.table(table)?;
            continue;
        }
        let mut rows = std::mem::take(&mut table.rows).into_iter();
        while rows.len() > 0 {
            let mut text = Text::default();
            text.rows(&table, rows.by_ref().take(ROWS_MOST).collect())?;
            others.push(text);
        }
    }
    if !first.statements.is_empty() {
        others.insert(0, first);
    }
    Ok(others)
}

/// Statements that go as one text, with their arguments.
#[derive(Default)]
pub(crate) struct Text {
    statements: String,
    arguments: SqliteArguments,
    /// How many values the last list still has room for: what a next one binds begins after them.
    unbound: usize,
}

impl Text {
    /// Writes the head, where the log has this root. Where it has another one, the head would be left without a number of
    /// acts, which the table refuses.
    fn head(&mut self, mut head: TableRows, builds_on: Digest) -> Result<(), StoreError> {
        // Of two assignments to a column the last one counts.
        let guard = ", next_act = CASE WHEN head.root = ? THEN excluded.next_act END";
        let sql = insert(&head, head.rows.len()) + guard;
        self.push(&sql, head.table.columns.len(), std::mem::take(&mut head.rows))?;
        add(&mut self.arguments, builds_on.0.to_vec())
    }

    fn table(&mut self, mut table: TableRows) -> Result<(), StoreError> {
        let rows = std::mem::take(&mut table.rows);
        self.rows(&table, rows)
    }

    /// Writes rows of a table.
    fn rows(&mut self, table: &TableRows, rows: Vec<Vec<Value>>) -> Result<(), StoreError> {
        self.push(&insert(table, rows.len()), table.table.columns.len(), rows)
    }

    /// Does something about rows of a network, for which `{network}` and, after it, once, `{rows}` stand.
    pub(super) fn over(
        &mut self,
        network: NetworkId,
        types: &[ColumnType],
        rows: Vec<Vec<Value>>,
        sql: &str,
    ) -> Result<(), StoreError> {
        self.leave_unbound()?;
        for _ in sql.matches("{network}") {
            add(&mut self.arguments, network.0)?;
        }
        let sql = sql.replace("{network}", "?").replace("{rows}", &source(types, rows.len()));
        self.push(&sql, types.len(), rows)
    }

    fn push(&mut self, sql: &str, width: usize, rows: Vec<Vec<Value>>) -> Result<(), StoreError> {
        self.leave_unbound()?;
        self.statements.extend([sql, ";"]);
        self.unbound = width * (length(rows.len()) - rows.len());
        add_values(&mut self.arguments, rows)
    }

    /// Goes on behind the room that the last list still has.
    fn leave_unbound(&mut self) -> Result<(), StoreError> {
        let unbound = std::mem::take(&mut self.unbound);
        add_values(&mut self.arguments, [vec![Value::Null; unbound]])
    }

    pub(super) async fn execute(self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        sqlx::query_with(AssertSqlSafe(self.statements), self.arguments).execute(connection).await?;
        Ok(())
    }
}

/// Whatever fails undoes the whole transaction: SQLite need not be able to undo one statement alone.
fn insert(table: &TableRows, rows: usize) -> String {
    let source =
        format!("(SELECT * FROM ({}) WHERE column1 IS NOT NULL) AS r", values(table.table.columns.len(), rows));
    table.insert("r.*", &source, ALWAYS).replacen("INSERT INTO", "INSERT OR FAIL INTO", 1)
}

fn source(types: &[ColumnType], rows: usize) -> String {
    let columns = list(types, |text, index, _| {
        let _ = write!(text, "column{} AS c{index}", index + 1);
    });
    format!("(SELECT {columns} FROM ({}) WHERE column1 IS NOT NULL) AS r", values(types.len(), rows))
}

/// The parameters have no names: SQLite looks a name up by going through all of them.
fn values(width: usize, rows: usize) -> String {
    let row = format!("(?{}),", ",?".repeat(width - 1));
    format!("VALUES {}", row.repeat(length(rows)).trim_end_matches(','))
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
