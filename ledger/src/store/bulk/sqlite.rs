//! Rows for SQLite: lists of `VALUES`.

use std::fmt::Write as _;

use sqlx::{AssertSqlSafe, SqliteConnection, sqlite::SqliteArguments};

use super::{ALWAYS, Change, ROWS_MOST, Rows, TableRows, Value, add, list};
use crate::{
    Digest, NetworkId,
    store::{StoreError, schema::ColumnType},
};

/// The lengths of a list of `VALUES`: few enough to keep every statement prepared, and close enough that little is left
/// unbound.
const LENGTHS: [usize; 16] = [1, 2, 4, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, ROWS_MOST];

/// So few rows go in one journey: each combination of lengths is a text to prepare.
const ONE_JOURNEY_MOST: usize = 32;

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

pub(super) async fn write_all(connection: &mut SqliteConnection, tables: Vec<TableRows>) -> Result<(), StoreError> {
    if goes_in_one_journey(tables.iter().map(|table| table.rows.len())) {
        let mut text = Text::default();
        for table in tables {
            text.table(table)?;
        }
        return text.execute(connection).await;
    }
    for mut table in tables {
        let mut rows = std::mem::take(&mut table.rows).into_iter();
        while rows.len() > 0 {
            let mut arguments = SqliteArguments::default();
            let sql = insert(&table, rows.len().min(ROWS_MOST));
            add_values(&mut arguments, rows.by_ref().take(ROWS_MOST))?;
            sqlx::query_with(AssertSqlSafe(sql), arguments).execute(&mut *connection).await?;
        }
    }
    Ok(())
}

pub(super) fn goes_in_one_journey(rows: impl Iterator<Item = usize>) -> bool {
    rows.sum::<usize>() <= ONE_JOURNEY_MOST
}

/// A whole transaction. It begins with a statement that changes nothing where the log has that root; elsewhere it would
/// make the head's number of acts NULL, which the table refuses, and nothing that comes after it is done.
pub(super) fn alone(change: Change, network: NetworkId, builds_on: Digest) -> Result<Text, StoreError> {
    let mut text = Text::default();
    text.statements.push_str("BEGIN IMMEDIATE; UPDATE head SET next_act = NULL WHERE network_id = ? AND root <> ?;");
    add(&mut text.arguments, network.0)?;
    add(&mut text.arguments, builds_on.0.to_vec())?;
    let Change { head, tables, deletion } = change;
    for table in std::iter::once(head).chain(tables) {
        text.table(table)?;
    }
    if !deletion.rows.rows.is_empty() {
        let sql = deletion.sql(ALWAYS);
        text.over(deletion.rows, &sql)?;
    }
    text.statements.push_str("COMMIT");
    Ok(text)
}

/// Runs what [`alone`] made; tells whether the log had the root.
pub(super) async fn write_alone(connection: &mut SqliteConnection, text: Text) -> Result<bool, StoreError> {
    const MOVED: &str = "1299";
    let written = text.execute(&mut *connection).await;
    if written.is_err() {
        // This fails only where no transaction has begun, or what failed has undone it.
        let _ = sqlx::query("ROLLBACK").execute(connection).await;
    }
    match written {
        Err(StoreError::Database(sqlx::Error::Database(error))) if error.code().as_deref() == Some(MOVED) => Ok(false),
        written => written.map(|()| true),
    }
}

/// Statements that go as one text, with their arguments.
#[derive(Default)]
pub(crate) struct Text {
    statements: String,
    arguments: SqliteArguments,
}

impl Text {
    fn table(&mut self, mut table: TableRows) -> Result<(), StoreError> {
        let rows = std::mem::take(&mut table.rows);
        self.push(&insert(&table, rows.len()), table.table.columns.len(), rows)
    }

    fn over(&mut self, rows: Rows, sql: &str) -> Result<(), StoreError> {
        let sql = sql.replace("{rows}", &source(&rows.types, rows.rows.len()));
        self.push(&sql, rows.types.len(), rows.rows)
    }

    fn push(&mut self, sql: &str, width: usize, rows: Vec<Vec<Value>>) -> Result<(), StoreError> {
        self.statements.extend([sql, ";"]);
        // What the next statement binds begins where this one's list ends.
        let unbound = std::iter::repeat_n(vec![Value::Null; width], length(rows.len()) - rows.len());
        add_values(&mut self.arguments, rows.into_iter().chain(unbound))
    }

    async fn execute(self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        sqlx::query_with(AssertSqlSafe(self.statements), self.arguments).execute(connection).await?;
        Ok(())
    }
}

/// Whatever fails undoes the whole transaction: SQLite need not be able to undo one statement alone.
fn insert(table: &TableRows, rows: usize) -> String {
    table.insert(&source(&table.types(), rows), ALWAYS).replacen("INSERT INTO", "INSERT OR FAIL INTO", 1)
}

/// The parameters have no names: SQLite looks a name up by going through all of them.
fn source(types: &[ColumnType], rows: usize) -> String {
    let columns = list(types, |text, index, _| {
        let _ = write!(text, "column{} AS c{index}", index + 1);
    });
    let row = format!("({}),", list(types, |text, _, _| text.push('?')));
    let values = row.repeat(length(rows));
    let values = values.trim_end_matches(',');
    format!("(SELECT {columns} FROM (VALUES {values}) WHERE column1 IS NOT NULL) AS r")
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
