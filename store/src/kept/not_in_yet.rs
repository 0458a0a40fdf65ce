//! Who asks to come in: associations that want to join the network, and people who want to belong to one of its
//! associations. What they say of themselves stands here until somebody decides, and nowhere else.

use async_recursion::async_recursion as boxed;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use crate::{
    Store, StoreError,
    db::{Tx, on_tx},
    kept::tokens::{self, Opens},
    principal::principal_text,
    reading::{Found, RowOf, table_row},
};
use ledger::{AssociationNumber, Digest, Language, NetworkId, command::Principal};

/// So many associations may wait for an answer, and so many people: whoever wants to fill the table is stopped.
const WAITING_MOST: i64 = 200;
/// So long a refusal is remembered, in days.
const REFUSAL_KEPT_DAYS: i64 = 365;

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asker {
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// E-mail address, as it is compared.
    pub email: Option<String>,
    /// Telephone number, as it was typed.
    pub phone: Option<String>,
    /// The language they asked in.
    pub language: Language,
}

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

/// Somebody who asks to belong to an association.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSignUp {
    /// Their request's name.
    pub sign_up: Uuid,
    /// SHA-256 of the secret in the letter with which they prove their address; `None` where somebody has to add them.
    pub secret: Option<Digest>,
    /// The link that they followed.
    pub joining: Uuid,
    /// The association.
    pub association: AssociationNumber,
    /// Who they are.
    pub asker: Asker,
    /// The day on which they come of age, where it is to come.
    pub adult_on: Option<NaiveDate>,
    /// Until when they may prove it, or be added.
    pub expires_at: DateTime<Utc>,
}

/// A request to belong to an association.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignUp {
    /// What was asked.
    pub asked: NewSignUp,
    /// When.
    pub asked_at: DateTime<Utc>,
}

/// What was asked by people lately.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SignUpsLately {
    /// In the network, in the last hour.
    pub of_network: i64,
    /// With the same address, in the last hour.
    pub of_address: i64,
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

    /// It is in: what it said of itself has its place in the ledger, and is kept here no longer.
    ///
    /// # Errors
    /// When the database does not answer.
    #[boxed]
    pub async fn end_admission(&self, network: NetworkId, application: Uuid) -> Result<bool, StoreError> {
        let sql = "DELETE FROM application WHERE network_id = $1 AND application = $2 AND state = 'admitting'";
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

    /// The people who wait for somebody to add them, the oldest first.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn waiting_sign_ups(&self, network: NetworkId, now: DateTime<Utc>) -> Result<Vec<SignUp>, StoreError> {
        let sql = format!(
            "SELECT {SIGN_UP} FROM sign_up WHERE network_id = $1 AND secret IS NULL AND expires_at > $2 ORDER BY sign_up"
        );
        let mut tx = self.db().begin_read().await?;
        let rows: Vec<SignUpRow> = on_tx!(&mut tx, connection => sqlx::query_as(AssertSqlSafe(sql))
            .bind(network.0).bind(now.timestamp_micros()).fetch_all(connection).await?);
        rows.into_iter().map(SignUpRow::read).collect()
    }

    /// One of them.
    ///
    /// # Errors
    /// When the database does not answer or the row cannot be true.
    #[boxed]
    pub async fn waiting_sign_up(&self, network: NetworkId, name: Uuid) -> Result<Option<SignUp>, StoreError> {
        let sql = format!("SELECT {SIGN_UP} FROM sign_up WHERE network_id = $1 AND sign_up = $2 AND secret IS NULL");
        let mut tx = self.db().begin_read().await?;
        let row: Option<SignUpRow> = on_tx!(&mut tx, connection => {
            sqlx::query_as(AssertSqlSafe(sql)).bind(network.0).bind(name).fetch_optional(connection).await?
        });
        row.map(SignUpRow::read).transpose()
    }

    /// Whoever proves their address with the letter whose secret has that SHA-256, if it still works.
    ///
    /// # Errors
    /// When the database does not answer or the row cannot be true.
    #[boxed]
    pub async fn sign_up_of_letter(
        &self,
        network: NetworkId,
        secret: Digest,
        now: DateTime<Utc>,
    ) -> Result<Option<SignUp>, StoreError> {
        let sql = format!("SELECT {SIGN_UP} FROM sign_up WHERE network_id = $1 AND secret = $2 AND expires_at > $3");
        let mut tx = self.db().begin_read().await?;
        let row: Option<SignUpRow> = on_tx!(&mut tx, connection => sqlx::query_as(AssertSqlSafe(sql))
            .bind(network.0).bind(secret.0.to_vec()).bind(now.timestamp_micros()).fetch_optional(connection).await?);
        row.map(SignUpRow::read).transpose()
    }

    /// What people asked lately, in the network and with that address.
    ///
    /// # Errors
    /// When the database does not answer.
    #[boxed]
    pub async fn sign_ups_lately(
        &self,
        network: NetworkId,
        address: &str,
        now: DateTime<Utc>,
    ) -> Result<SignUpsLately, StoreError> {
        let sql = "SELECT count(*), count(CASE WHEN email = $2 THEN 1 END) FROM sign_up \
                   WHERE network_id = $1 AND asked_at > $3";
        let hour_ago = (now - TimeDelta::hours(1)).timestamp_micros();
        let mut tx = self.db().begin_read().await?;
        let (of_network, of_address): (i64, i64) = on_tx!(&mut tx, connection => {
            sqlx::query_as(sql).bind(network.0).bind(address).bind(hour_ago).fetch_one(connection).await?
        });
        Ok(SignUpsLately { of_network, of_address })
    }

    /// Somebody is in: what they asked is kept no longer, and a session is opened where they proved who they are. `false`
    /// where it was done before.
    ///
    /// # Errors
    /// When the database does not answer.
    #[boxed]
    pub async fn end_sign_up(
        &self,
        network: NetworkId,
        sign_up: Uuid,
        opens: Option<&Opens>,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let mut tx = self.db().begin_write().await?;
        let sql = "DELETE FROM sign_up WHERE network_id = $1 AND sign_up = $2";
        let found = on_tx!(&mut tx, connection => {
            sqlx::query(sql).bind(network.0).bind(sign_up).execute(connection).await?.rows_affected()
        });
        if found == 0 {
            return Ok(false);
        }
        if let Some(opens) = opens
            && tokens::open(&mut tx, network, opens, now).await? == 0
        {
            return Ok(false);
        }
        tx.commit().await?;
        Ok(true)
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
pub(crate) async fn apply(
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
    let (waiting,): (i64,) = on_tx!(&mut *tx, connection => {
        sqlx::query_as(sql).bind(network.0).fetch_one(connection).await?
    });
    if waiting >= WAITING_MOST {
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

/// Keeps what somebody asks, and forgets those who did not come back. Returns 0 where too many wait.
pub(crate) async fn sign_up(
    tx: &mut Tx,
    network: NetworkId,
    new: &NewSignUp,
    now: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let sql = "DELETE FROM sign_up WHERE network_id = $1 AND expires_at <= $2";
    on_tx!(&mut *tx, connection => {
        sqlx::query(sql).bind(network.0).bind(now.timestamp_micros()).execute(connection).await.map(|_| ())?;
    });
    let sql = "SELECT count(*) FROM sign_up WHERE network_id = $1";
    let (waiting,): (i64,) = on_tx!(&mut *tx, connection => {
        sqlx::query_as(sql).bind(network.0).fetch_one(connection).await?
    });
    if waiting >= WAITING_MOST {
        return Ok(0);
    }
    let sql = "INSERT INTO sign_up (network_id, sign_up, secret, joining, association, first_name, last_name, email, \
               phone, adult_on, language, asked_at, expires_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    Ok(on_tx!(tx, connection => sqlx::query(sql)
        .bind(network.0)
        .bind(new.sign_up)
        .bind(new.secret.map(|secret| secret.0.to_vec()))
        .bind(new.joining)
        .bind(new.association.0)
        .bind(&new.asker.first_name)
        .bind(&new.asker.last_name)
        .bind(&new.asker.email)
        .bind(&new.asker.phone)
        .bind(new.adult_on)
        .bind(new.asker.language.as_str())
        .bind(now.timestamp_micros())
        .bind(new.expires_at.timestamp_micros())
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
        first_name: String,
        last_name: String,
        email: Option<String>,
        phone: Option<String>,
        remark: Option<String>,
        language: String,
        asked_at: i64,
        state: String,
        reason: Option<String>,
        principal: Option<String>,
        decided_at: Option<i64>,
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
        let asker = Asker {
            first_name: self.first_name,
            last_name: self.last_name,
            email: self.email,
            phone: self.phone,
            language: row.word("language", &self.language)?,
        };
        let asked = NewApplication {
            application,
            name: self.name,
            rna: self.rna,
            commune: self.commune,
            asker,
            remark: self.remark,
        };
        Ok(Application { asked, asked_at: row.instant("asked_at", self.asked_at)?, state })
    }
}

const SIGN_UP: &str = "sign_up, secret, joining, association, first_name, last_name, email, phone, adult_on, language, \
                       asked_at, expires_at";

table_row! {
    struct SignUpRow {
        sign_up: Found<Uuid>,
        secret: Option<Vec<u8>>,
        joining: Found<Uuid>,
        association: i64,
        first_name: String,
        last_name: String,
        email: Option<String>,
        phone: Option<String>,
        adult_on: Option<Found<NaiveDate>>,
        language: String,
        asked_at: i64,
        expires_at: i64,
    }
}

impl SignUpRow {
    fn read(self) -> Result<SignUp, StoreError> {
        let sign_up = RowOf("sign_up", "without a name").found("sign_up", self.sign_up)?;
        let row = RowOf("sign_up", sign_up);
        let asker = Asker {
            first_name: self.first_name,
            last_name: self.last_name,
            email: self.email,
            phone: self.phone,
            language: row.word("language", &self.language)?,
        };
        let asked = NewSignUp {
            sign_up,
            secret: self.secret.map(|secret| row.digest("secret", &secret)).transpose()?,
            joining: row.found("joining", self.joining)?,
            association: AssociationNumber(self.association),
            asker,
            adult_on: row.maybe_found("adult_on", self.adult_on)?,
            expires_at: row.instant("expires_at", self.expires_at)?,
        };
        Ok(SignUp { asked, asked_at: row.instant("asked_at", self.asked_at)? })
    }
}
