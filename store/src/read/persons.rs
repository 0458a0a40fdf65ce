//! Who persons are, as far as that is not erased, and what would go if one were.

use std::collections::{HashMap, HashSet};

use async_recursion::async_recursion as boxed;
use chrono::NaiveDate;
use sqlx::AssertSqlSafe;

use crate::{
    Store, StoreError,
    bulk::{Rows, row},
    db::{Tx, on_tx, select},
    read::registry::load_generations,
    reading::{Found, Pair, RowOf, table_row},
    schema::ColumnType::Int,
};
use ledger::{ActNumber, NetworkId, PersonNumber, clock::SecretKey, keyring::ErasedPerson, person::Identity};

/// What would go if a person were erased, counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Erasable {
    /// Texts of acts.
    pub texts: u64,
    /// Keys of commitments.
    pub keys: u64,
    /// Badges.
    pub badges: u64,
}

impl Store {
    /// Who a person is; `None` when they were erased.
    ///
    /// # Errors
    /// When the database does not answer or the row cannot be true.
    #[boxed]
    pub async fn identity(&self, network: NetworkId, person: PersonNumber) -> Result<Option<Identity>, StoreError> {
        let mut tx = self.db().begin_read().await?;
        let sql = "SELECT person, code, first_name, last_name, email, adult_on FROM person_identity \
                   WHERE network_id = $1 AND person = $2";
        let row: Option<IdentityRow> = on_tx!(&mut tx, connection => {
            sqlx::query_as(sql).bind(network.0).bind(person.0).fetch_optional(connection).await?
        });
        row.map(|row| row.read().map(|(_, identity)| identity)).transpose()
    }

    /// Who some persons are, as far as they are not erased.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn identities_of(
        &self,
        network: NetworkId,
        persons: &[PersonNumber],
    ) -> Result<Vec<(PersonNumber, Identity)>, StoreError> {
        identities_among(&mut self.db().begin_read().await?, network, persons).await
    }

    /// Who all persons are that are not erased, by number.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn identities(&self, network: NetworkId) -> Result<Vec<(PersonNumber, Identity)>, StoreError> {
        identities(&mut self.db().begin_read().await?, network).await
    }

    /// The secrets of the persons who are not erased, under which lines about them are recognised.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn line_secrets(&self, network: NetworkId) -> Result<HashMap<PersonNumber, SecretKey>, StoreError> {
        line_secrets(&mut self.db().begin_read().await?, network).await
    }

    /// The persons who were erased, as they are remembered outside of the database.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn erased(&self, network: NetworkId) -> Result<Vec<ErasedPerson>, StoreError> {
        let mut tx = self.db().begin_read().await?;
        let sql = "SELECT e.person, a.leaf_hash FROM erasure AS e JOIN act AS a \
                   ON a.network_id = e.network_id AND a.number = e.person WHERE e.network_id = $1 ORDER BY e.person";
        numbered_leaves(&mut tx, network, sql).await
    }

    /// Those who are listed as erased and not erased here, as in a database that was put back from before.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn who_came_back(
        &self,
        network: NetworkId,
        listed: &[ErasedPerson],
    ) -> Result<Vec<PersonNumber>, StoreError> {
        who_came_back(&mut self.db().begin_read().await?, network, listed).await
    }

    /// What would go if a person were erased.
    ///
    /// # Errors
    /// When the database does not answer.
    #[boxed]
    pub async fn erasable(&self, network: NetworkId, person: PersonNumber) -> Result<Erasable, StoreError> {
        let mut tx = self.db().begin_read().await?;
        Ok(Erasable {
            texts: u64::try_from(texts_that_go(&mut tx, network, person).await?.len()).unwrap_or(u64::MAX),
            keys: count(&mut tx, network, person, ERASABLE_KEYS).await?,
            badges: count(&mut tx, network, person, ERASABLE_BADGES).await?,
        })
    }
}

/// The texts that are erased with a person: act and field. None of the lists is made anew for each text: that took hours in
/// a ledger of a million acts.
pub(crate) async fn texts_that_go(
    tx: &mut Tx,
    network: NetworkId,
    person: PersonNumber,
) -> Result<HashSet<(i64, String)>, StoreError> {
    let mut texts = HashSet::new();
    for sql in ERASABLE_TEXTS {
        let rows: Vec<(i64, String)> = on_tx!(&mut *tx, connection => {
            sqlx::query_as(sql).bind(network.0).bind(person.0).fetch_all(connection).await?
        });
        texts.extend(rows);
    }
    Ok(texts)
}

/// As `ERASING` has them, in `write/sealing.rs`.
const ERASABLE_TEXTS: [&str; 4] = [
    "SELECT t.act, t.field FROM act_text AS t WHERE t.network_id = $1 AND EXISTS (SELECT 1 FROM act AS a \
     WHERE a.network_id = $1 AND a.number = t.act AND a.principal = 'person:' || cast($2 AS text))",
    "SELECT t.act, t.field FROM act_text AS t WHERE t.network_id = $1 AND t.act IN (SELECT k.act FROM person_key AS k \
     WHERE k.network_id = $1 AND k.person = $2)",
    "SELECT t.act, t.field FROM act_text AS t WHERE t.network_id = $1 AND t.field = 'memo' AND t.act IN (SELECT c.exchange \
     FROM contribution AS c WHERE c.network_id = $1 AND c.person = $2 AND c.exchange IS NOT NULL UNION ALL \
     SELECT p.exchange FROM proposed_contribution AS p WHERE p.network_id = $1 AND p.person = $2)",
    "SELECT t.act, t.field FROM act_text AS t WHERE t.network_id = $1 AND t.field = 'identity' AND t.act = $2",
];
const ERASABLE_KEYS: &str = "SELECT count(*) FROM \
     (SELECT k.act FROM person_key AS k WHERE k.network_id = $1 AND k.person = $2 UNION ALL \
     SELECT p.exchange FROM proposed_contribution AS p WHERE p.network_id = $1 AND p.person = $2) AS k";
const ERASABLE_BADGES: &str = "SELECT count(*) FROM badge AS b WHERE b.network_id = $1 AND b.person = $2";

async fn count(tx: &mut Tx, network: NetworkId, person: PersonNumber, sql: &'static str) -> Result<u64, StoreError> {
    let (count,): (i64,) = on_tx!(tx, connection => {
        sqlx::query_as(sql).bind(network.0).bind(person.0).fetch_one(connection).await?
    });
    // What is counted is never below zero.
    Ok(count.unsigned_abs())
}

/// The secrets of the persons who are not erased.
///
/// The key of the commitment to who somebody is goes when they are erased, and was drawn for them alone. Where it was said
/// anew, the former one is gone.
pub(crate) async fn line_secrets(
    tx: &mut Tx,
    network: NetworkId,
) -> Result<HashMap<PersonNumber, SecretKey>, StoreError> {
    let sql = "SELECT p.person, t.act, t.key FROM person_identity AS p LEFT JOIN act_text AS t \
               ON t.network_id = p.network_id AND t.act = p.person AND t.field = 'identity' WHERE p.network_id = $1";
    let mut rows: Vec<(i64, Option<i64>, Option<Vec<u8>>)> = select(tx, network, sql).await?;
    let corrected: Vec<_> = rows.iter().filter(|(_, act, _)| act.is_none()).map(|(person, ..)| row![*person]).collect();
    if !corrected.is_empty() {
        let sql = "SELECT k.person, t.act, t.key FROM {rows} CROSS JOIN person_key AS k JOIN act_text AS t \
                   ON t.network_id = k.network_id AND t.act = k.act AND t.field = 'identity' \
                   WHERE k.network_id = $1 AND k.person = r.c0 ORDER BY t.act";
        rows.extend(Rows::new(&[Int], corrected).select(tx, network.0, sql).await?);
    }
    let read = |(person, act, key): (i64, Option<i64>, Option<Vec<u8>>)| {
        let row = RowOf("act_text", Pair(act?, "identity"));
        Some(row.secret("key", &key?).map(|key| (PersonNumber(person), key)))
    };
    rows.into_iter().filter_map(read).collect()
}

/// Who all persons are that are not erased, by number.
pub(crate) async fn identities(tx: &mut Tx, network: NetworkId) -> Result<Vec<(PersonNumber, Identity)>, StoreError> {
    let sql = "SELECT person, code, first_name, last_name, email, adult_on FROM person_identity \
               WHERE network_id = $1 ORDER BY person";
    select::<IdentityRow>(tx, network, sql).await?.into_iter().map(IdentityRow::read).collect()
}

/// Who these persons are, as far as they are not erased, by number.
pub(crate) async fn identities_among(
    tx: &mut Tx,
    network: NetworkId,
    persons: &[PersonNumber],
) -> Result<Vec<(PersonNumber, Identity)>, StoreError> {
    if persons.is_empty() {
        return Ok(Vec::new());
    }
    // Only numbers enter the text.
    let numbers: Vec<_> = persons.iter().map(|person| person.0.to_string()).collect();
    let sql = format!(
        "SELECT person, code, first_name, last_name, email, adult_on FROM person_identity WHERE network_id = $1 \
         AND person IN ({}) ORDER BY person",
        numbers.join(", ")
    );
    let rows: Vec<IdentityRow> = on_tx!(tx, connection => {
        sqlx::query_as(AssertSqlSafe(sql)).bind(network.0).fetch_all(connection).await?
    });
    rows.into_iter().map(IdentityRow::read).collect()
}

table_row! {
    struct IdentityRow {
        person: i64,
        code: String,
        first_name: Option<String>,
        last_name: Option<String>,
        email: Option<String>,
        adult_on: Option<Found<NaiveDate>>,
    }
}

impl IdentityRow {
    fn read(self) -> Result<(PersonNumber, Identity), StoreError> {
        let Self { person, code, first_name, last_name, email, adult_on } = self;
        let adult_on = RowOf("person_identity", person).maybe_found("adult_on", adult_on)?;
        Ok((PersonNumber(person), Identity { code, first_name, last_name, email, adult_on }))
    }
}

/// Those who are listed as erased and not erased here.
pub(crate) async fn who_came_back(
    tx: &mut Tx,
    network: NetworkId,
    listed: &[ErasedPerson],
) -> Result<Vec<PersonNumber>, StoreError> {
    if listed.is_empty() {
        return Ok(Vec::new());
    }
    let sql = "SELECT p.person, a.leaf_hash FROM person_identity AS p JOIN act AS a \
               ON a.network_id = p.network_id AND a.number = p.person WHERE p.network_id = $1 ORDER BY p.person";
    let here = numbered_leaves(tx, network, sql).await?;
    let numbers: HashSet<_> = listed.iter().map(|erased| erased.number).collect();
    let is_listed = |here: &ErasedPerson| {
        let is_here =
            |erased: &ErasedPerson| here.leaf.is_some_and(|leaf| erased.is(here.number, here.generation, leaf));
        numbers.contains(&here.number) && listed.iter().any(is_here)
    };
    Ok(here.into_iter().filter(is_listed).map(|person| person.number).collect())
}

/// How many persons are named.
pub(crate) async fn named_persons(tx: &mut Tx, network: NetworkId) -> Result<u64, StoreError> {
    let sql = "SELECT count(*) FROM person_identity WHERE network_id = $1";
    let named = select::<(i64,)>(tx, network, sql).await?.into_iter().map(|(count,)| count).next().unwrap_or_default();
    RowOf("person_identity", network).number("person", named)
}

/// Persons with the leaf that added each, and its generation.
async fn numbered_leaves(tx: &mut Tx, network: NetworkId, sql: &'static str) -> Result<Vec<ErasedPerson>, StoreError> {
    let rows: Vec<(i64, Vec<u8>)> = select(tx, network, sql).await?;
    let generations = load_generations(tx, network).await?;
    let read = |(person, leaf): (i64, Vec<u8>)| {
        Ok(ErasedPerson {
            generation: generations.of(ActNumber(person)),
            number: PersonNumber(person),
            leaf: Some(RowOf("act", person).digest("leaf_hash", &leaf)?),
        })
    };
    rows.into_iter().map(read).collect()
}
