//! Associations that ask to join the network. What they say of themselves stands here until somebody decides, and nowhere
//! else.

use async_recursion::async_recursion as boxed;
use chrono::{DateTime, TimeDelta, Utc};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use crate::{
    Store, StoreError,
    db::{Tx, on_tx},
    kept::askers::{Asker, AskerRow, too_many},
    principal::principal_text,
    reading::{Found, RowOf, table_row},
};
use ledger::{NetworkId, command::Principal};

/// So long a refusal is remembered, in days.
const REFUSAL_KEPT_DAYS: i64 = 365;

/// An association that asks to join.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewApplication {
    /// Its request's name.
    pub application: Uuid,
    /// The association's name.
    pub name: String,
    /// Its number in the national register of associations, if it has one.
    pub rna: Option<String>,
    /// Where it is.
    pub commune: Option<String>,
    /// Who asks for it.
    pub asker: Asker,
    /// What it says of itself.
    pub remark: Option<String>,
}

/// What has become of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ApplicationState {
    /// Nobody has decided.
    Waiting,
    /// It is admitted, and being written into the ledger.
    Admitting,
    /// It is refused.
    Refused {
        /// Why.
        reason: String,
        /// By whom.
        by: Principal,
        /// When.
        at: DateTime<Utc>,
    },
}

/// A request to join.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Application {
    /// What was asked.
    pub asked: NewApplication,
    /// When.
    pub asked_at: DateTime<Utc>,
    /// What has become of it.
    pub state: ApplicationState,
}

impl Store {
    /// The requests of associations that wait, the oldest first, and those that were refused within a year.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn applications(&self, network: NetworkId) -> Result<Vec<Application>, StoreError> {
        let sql = format!("SELECT {APPLICATION} FROM application WHERE network_id = $1 ORDER BY application");
        let mut tx = self.db().begin_read().await?;
        let rows: Vec<ApplicationRow> = on_tx!(&mut tx, connection => {
            sqlx::query_as(AssertSqlSafe(sql)).bind(network.0).fetch_all(connection).await?
        });
        rows.into_iter().map(ApplicationRow::read).collect()
    }

    /// One of them.
    ///
    /// # Errors
    /// When the database does not answer or the row cannot be true.
    #[boxed]
    pub async fn application(&self, network: NetworkId, name: Uuid) -> Result<Option<Application>, StoreError> {
        let sql = format!("SELECT {APPLICATION} FROM application WHERE network_id = $1 AND application = $2");
        let mut tx = self.db().begin_read().await?;
        let row: Option<ApplicationRow> = on_tx!(&mut tx, connection => {
            sqlx::query_as(AssertSqlSafe(sql)).bind(network.0).bind(name).fetch_optional(connection).await?
        });
        row.map(ApplicationRow::read).transpose()
    }

    /// One is being admitted: from now on nobody refuses it. `false` where it is refused or gone.
    ///
    /// # Errors
    /// When the database does not answer.
    #[boxed]
    pub async fn begin_admission(&self, network: NetworkId, application: Uuid) -> Result<bool, StoreError> {
        let sql = "UPDATE application SET state = 'admitting' WHERE network_id = $1 AND application = $2 \
                   AND state <> 'refused'";
        self.change_one(network, application, sql).await
    }

    /// It is not admitted after all: the ledger would not have it.
    ///
    /// # Errors
    /// When the database does not answer.
    #[boxed]
    pub async fn give_admission_up(&self, network: NetworkId, application: Uuid) -> Result<bool, StoreError> {
        let sql = "UPDATE application SET state = 'waiting' WHERE network_id = $1 AND application = $2 \
                   AND state = 'admitting'";
        self.change_one(network, application, sql).await
    }

    /// It is in: what it said of itself has its place in the ledger, and is kept here no longer. `false` where somebody else
    /// had ended it.
    ///
    /// # Errors
    /// When the database does not answer.
    #[boxed]
    pub async fn end_admission(&self, network: NetworkId, application: Uuid) -> Result<bool, StoreError> {
        let sql = "DELETE FROM application WHERE network_id = $1 AND application = $2";
        self.change_one(network, application, sql).await
    }

    /// Refuses one. `false` where it was refused before, is being admitted, or is gone.
    ///
    /// # Errors
    /// When the database does not answer.
    #[boxed]
    pub async fn refuse_application(
        &self,
        network: NetworkId,
        application: Uuid,
        reason: &str,
        by: Principal,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE application SET state = 'refused', reason = $3, principal = $4, decided_at = $5 \
                   WHERE network_id = $1 AND application = $2 AND state = 'waiting'";
        let mut tx = self.db().begin_write().await?;
        let changed = on_tx!(&mut tx, connection => sqlx::query(sql)
            .bind(network.0)
            .bind(application)
            .bind(reason)
            .bind(principal_text(by))
            .bind(now.timestamp_micros())
            .execute(connection)
            .await?
            .rows_affected());
        tx.commit().await?;
        Ok(changed > 0)
    }

    async fn change_one(&self, network: NetworkId, name: Uuid, sql: &'static str) -> Result<bool, StoreError> {
        let mut tx = self.db().begin_write().await?;
        let changed = on_tx!(&mut tx, connection => {
            sqlx::query(sql).bind(network.0).bind(name).execute(connection).await?.rows_affected()
        });
        tx.commit().await?;
        Ok(changed > 0)
    }
}

/// Keeps what an association asks, and forgets refusals of long ago. Returns 0 where too many wait.
pub(crate) async fn add(
    tx: &mut Tx,
    network: NetworkId,
    new: &NewApplication,
    now: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let sql = "DELETE FROM application WHERE network_id = $1 AND state = 'refused' AND decided_at <= $2";
    let long_ago = (now - TimeDelta::days(REFUSAL_KEPT_DAYS)).timestamp_micros();
    on_tx!(&mut *tx, connection => {
        sqlx::query(sql).bind(network.0).bind(long_ago).execute(connection).await.map(|_| ())?;
    });
    let sql = "SELECT count(*) FROM application WHERE network_id = $1 AND state <> 'refused'";
    if too_many(tx, network, sql).await? {
        return Ok(0);
    }
    let sql = "INSERT INTO application (network_id, application, name, rna, commune, first_name, last_name, email, \
               phone, remark, language, asked_at, state) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'waiting')";
    Ok(on_tx!(tx, connection => sqlx::query(sql)
        .bind(network.0)
        .bind(new.application)
        .bind(&new.name)
        .bind(&new.rna)
        .bind(&new.commune)
        .bind(&new.asker.first_name)
        .bind(&new.asker.last_name)
        .bind(&new.asker.email)
        .bind(&new.asker.phone)
        .bind(&new.remark)
        .bind(new.asker.language.as_str())
        .bind(now.timestamp_micros())
        .execute(connection)
        .await?
        .rows_affected()))
}

const APPLICATION: &str = "application, name, rna, commune, first_name, last_name, email, phone, remark, language, \
                           asked_at, state, reason, principal, decided_at";

table_row! {
    struct ApplicationRow {
        application: Found<Uuid>,
        name: String,
        rna: Option<String>,
        commune: Option<String>,
        remark: Option<String>,
        asked_at: i64,
        state: String,
        reason: Option<String>,
        principal: Option<String>,
        decided_at: Option<i64>,
        ..asker: AskerRow,
    }
}

impl ApplicationRow {
    fn read(self) -> Result<Application, StoreError> {
        let application = RowOf("application", "without a name").found("application", self.application)?;
        let row = RowOf("application", application);
        let state = match (self.state.as_str(), self.reason, self.principal, self.decided_at) {
            ("waiting", None, None, None) => ApplicationState::Waiting,
            ("admitting", None, None, None) => ApplicationState::Admitting,
            ("refused", Some(reason), Some(principal), Some(at)) => ApplicationState::Refused {
                reason,
                by: row.principal("principal", &principal)?,
                at: row.instant("decided_at", at)?,
            },
            _ => return Err(row.wrong("state", "what else is known of the decision does not go with it")),
        };
        let asked = NewApplication {
            application,
            name: self.name,
            rna: self.rna,
            commune: self.commune,
            asker: self.asker.read(&row)?,
            remark: self.remark,
        };
        Ok(Application { asked, asked_at: row.instant("asked_at", self.asked_at)?, state })
    }
}
