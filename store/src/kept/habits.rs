//! What somebody said about an association's notebooks, kept so that nobody has to say it twice.

use async_recursion::async_recursion as boxed;

use crate::{
    Store, StoreError,
    db::on_tx,
    reading::{Pair, RowOf},
};
use ledger::{AssociationNumber, NetworkId, UnknownWord};

/// What a habit is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HabitKind {
    /// A name under which the notebook knows somebody.
    Alias,
    /// What a column holds.
    Map,
}

impl HabitKind {
    /// The stable text form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Alias => "alias",
            Self::Map => "map",
        }
    }
}

impl TryFrom<&str> for HabitKind {
    type Error = UnknownWord;

    fn try_from(text: &str) -> Result<Self, UnknownWord> {
        match text {
            "alias" => Ok(Self::Alias),
            "map" => Ok(Self::Map),
            other => Err(UnknownWord { found: other.to_owned(), expected: &["alias", "map"] }),
        }
    }
}

/// What is remembered about an association's notebooks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NotebookHabit {
    /// What it is about.
    pub kind: HabitKind,
    /// What stands in the notebook.
    pub written: String,
    /// What it means.
    pub meaning: String,
}

impl Store {
    /// What is remembered about an association's notebooks, sorted.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn notebook_habits(
        &self,
        network: NetworkId,
        association: AssociationNumber,
    ) -> Result<Vec<NotebookHabit>, StoreError> {
        let mut tx = self.db().begin_read().await?;
        let sql = "SELECT kind, written, meaning FROM notebook_habit WHERE network_id = $1 AND association = $2";
        let rows: Vec<(String, String, String)> = on_tx!(&mut tx, connection => {
            sqlx::query_as(sql).bind(network.0).bind(association.0).fetch_all(connection).await?
        });
        let read = |(kind, written, meaning): (String, String, String)| {
            let kind = RowOf("notebook_habit", Pair(association, &written)).word("kind", &kind)?;
            Ok(NotebookHabit { kind, written, meaning })
        };
        let mut habits: Vec<_> = rows.into_iter().map(read).collect::<Result<_, StoreError>>()?;
        habits.sort_unstable();
        Ok(habits)
    }

    /// Remembers something about an association's notebooks; what was said of the same before is replaced.
    ///
    /// # Errors
    /// When the database does not answer.
    #[boxed]
    pub async fn keep_notebook_habits(
        &self,
        network: NetworkId,
        association: AssociationNumber,
        habits: &[NotebookHabit],
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO notebook_habit (network_id, association, kind, written, meaning) \
                   VALUES ($1, $2, $3, $4, $5) \
                   ON CONFLICT (network_id, association, kind, written) DO UPDATE SET meaning = excluded.meaning";
        let mut tx = self.db().begin_write().await?;
        for NotebookHabit { kind, written, meaning } in habits {
            on_tx!(&mut tx, connection => {
                sqlx::query(sql)
                    .bind(network.0)
                    .bind(association.0)
                    .bind(kind.as_str())
                    .bind(written)
                    .bind(meaning)
                    .execute(connection)
                    .await?;
            });
        }
        tx.commit().await
    }

    /// Forgets things about an association's notebooks.
    ///
    /// # Errors
    /// When the database does not answer.
    #[boxed]
    pub async fn forget_notebook_habits(
        &self,
        network: NetworkId,
        association: AssociationNumber,
        habits: &[NotebookHabit],
    ) -> Result<(), StoreError> {
        let sql =
            "DELETE FROM notebook_habit WHERE network_id = $1 AND association = $2 AND kind = $3 AND written = $4";
        let mut tx = self.db().begin_write().await?;
        for NotebookHabit { kind, written, .. } in habits {
            on_tx!(&mut tx, connection => {
                sqlx::query(sql)
                    .bind(network.0)
                    .bind(association.0)
                    .bind(kind.as_str())
                    .bind(written)
                    .execute(connection)
                    .await?;
            });
        }
        tx.commit().await
    }
}
