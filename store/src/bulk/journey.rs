//! Journeys to the database and back, as few as can be.

use sqlx::{AssertSqlSafe, Postgres, Sqlite, postgres::PgArguments};

use crate::{
    StoreError,
    bulk::{
        postgres,
        rows::{ALWAYS, BatchChange, Deletion, ROWS_MOST, Rows, TableRows},
        sqlite,
    },
    db::{Db, Tx, WriterTurns},
    turn::Turns,
};
use ledger::{Digest, NetworkId};

impl Rows {
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

    /// Runs a statement over these rows, in which `{rows}` stands for them, and before that `{network}` for their network.
    pub(crate) async fn execute(&self, tx: &mut Tx, network: NetworkId, sql: &str) -> Result<(), StoreError> {
        for rows in self.rows.chunks(ROWS_MOST) {
            match tx {
                Tx::Sqlite(transaction) => {
                    let mut text = sqlite::Text::default();
                    text.over(network, &self.types, rows.to_vec(), sql)?;
                    text.execute(transaction).await?;
                }
                Tx::Postgres(transaction) => {
                    let mut together = postgres::Together::of(network)?;
                    together.over(&self.types, rows, sql)?;
                    together.execute(transaction).await?;
                }
            }
        }
        Ok(())
    }
}

impl TableRows {
    /// Writes all rows; nothing happens when there are none.
    pub(crate) async fn write(self, tx: &mut Tx) -> Result<(), StoreError> {
        write_all(tx, vec![self]).await
    }
}

impl Deletion {
    pub(crate) async fn run(&self, tx: &mut Tx) -> Result<(), StoreError> {
        self.rows.execute(tx, self.network, &self.sql(ALWAYS)).await
    }
}

/// Writes several tables of a network, no row of which depends on another, in one journey to the database and back where that is
/// possible.
pub(super) async fn write_all(tx: &mut Tx, mut tables: Vec<TableRows>) -> Result<(), StoreError> {
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
                match sqlite::write_alone(&mut turn.connection, texts).await {
                    Ok(had_the_root) => {
                        turn.confirm()?;
                        turn.leave();
                        Ok(had_the_root)
                    }
                    Err(error) => {
                        // Where a disk failed, nobody knows what became of the transaction.
                        if !error.is_known_key() {
                            turn.lose();
                        }
                        Err(error)
                    }
                }
            }
            Self::Postgres(turns, sql, arguments) => {
                let mut turn = turns.next().await?;
                let query = sqlx::query_as_with(AssertSqlSafe(sql), arguments);
                let written: Result<(i64,), _> = query.fetch_one(&mut *turn.connection).await;
                match written.map_err(StoreError::from) {
                    Ok((heads,)) => {
                        turn.leave();
                        Ok(heads == 1)
                    }
                    Err(error) if error.is_passing() => {
                        turn.lose();
                        Err(error)
                    }
                    Err(error) => Err(error),
                }
            }
        }
    }
}

impl BatchChange {
    /// Whether [`BatchChange::alone`] can write it.
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
