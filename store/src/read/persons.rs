//! What the ledger holds of one person: their hours, what was recognised in them, their badges, who they are.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use crate::{
    Store, StoreError,
    bulk::{Rows, row},
    db::{Tx, on_tx, select},
    error::impossible,
    read::recognitions::{RecognitionRow, recognition_from},
    schema::ColumnType::Int,
};
use ledger::{
    ActNumber, AssociationNumber, Minutes, NetworkId, PersonNumber, SkillNumber,
    clock::{SecretKey, Secrets},
    contribution::Nature,
    person::Identity,
    recognition::Recognition,
    status_list::{PLACES, StatusList},
    year::Year,
};

/// A recognition with what was said in free words, where that is still kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecognitionLine {
    /// The recognition.
    pub recognition: Recognition,
    /// In which setting.
    pub context: Option<String>,
    /// What was done.
    pub activities: Option<String>,
}

/// Minutes that a person gave, as one line of an act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HoursLine {
    /// The act that posted it.
    pub act: ActNumber,
    /// Its line among the act's contributions.
    pub line: usize,
    /// For which association.
    pub association: AssociationNumber,
    /// Whom it helped; `None` for one's own association.
    pub helped: Option<AssociationNumber>,
    /// With which skill.
    pub skill: Option<SkillNumber>,
    /// In which quality.
    pub nature: Nature,
    /// When.
    pub service_date: NaiveDate,
    /// How long; negative when it takes something back.
    pub minutes: Minutes,
    /// The key that opens the leaf's commitment to the person, unless it was erased.
    pub key: Option<SecretKey>,
    /// The act's leaf.
    pub leaf: String,
}

/// A badge that was made for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadgeRow {
    /// The recognition that it is about.
    pub recognition: ActNumber,
    /// Its name outside of any database.
    pub id: Uuid,
    /// Its place in the status list.
    pub status: u32,
    /// The signed bytes.
    pub bytes: Vec<u8>,
}

/// A row of table `person_identity`.
#[derive(FromRow)]
pub(crate) struct IdentityRow {
    person: i64,
    code: String,
    first_name: Option<String>,
    last_name: Option<String>,
    email: Option<String>,
    adult_on: Option<NaiveDate>,
}

impl IdentityRow {
    pub(crate) fn read(self) -> (PersonNumber, Identity) {
        let Self { person, code, first_name, last_name, email, adult_on } = self;
        (PersonNumber(person), Identity { code, first_name, last_name, email, adult_on })
    }
}

type HoursRow = (i64, i64, i64, Option<i64>, Option<i64>, String, NaiveDate, i64, Option<Vec<u8>>, String);

impl Store {
    /// Who a person is; `None` when they were erased.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn identity(&self, network: NetworkId, person: PersonNumber) -> Result<Option<Identity>, StoreError> {
        let mut tx = self.db().begin_read().await?;
        let sql = "SELECT person, code, first_name, last_name, email, adult_on FROM person_identity \
                   WHERE network_id = $1 AND person = $2";
        let row: Option<IdentityRow> = on_tx!(&mut tx, connection => {
            sqlx::query_as(sql).bind(network.0).bind(person.0).fetch_optional(connection).await?
        });
        Ok(row.map(|row| row.read().1))
    }

    /// What was recognised, in whom and by whom; of one person alone when asked.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    pub async fn recognitions(
        &self,
        network: NetworkId,
        person: Option<PersonNumber>,
    ) -> Result<Vec<RecognitionLine>, StoreError> {
        let mut tx = self.db().begin_read().await?;
        let sql = "SELECT recognition, person, association, exchange, skill, level, state FROM recognition \
                   WHERE network_id = $1 ORDER BY recognition";
        let rows: Vec<RecognitionRow> = select(&mut tx, network, sql).await?;
        let found = rows.into_iter().map(recognition_from).collect::<Result<Vec<_>, _>>()?;
        let mut lines = Vec::new();
        for recognition in found.into_iter().filter(|found| person.is_none_or(|person| found.person == person)) {
            let context = text(&mut tx, network, recognition.number, "context").await?;
            let activities = text(&mut tx, network, recognition.number, "activities").await?;
            lines.push(RecognitionLine { recognition, context, activities });
        }
        Ok(lines)
    }

    /// All the hours that a person gave, in the order of the acts; those that were taken back stand with their
    /// opposite.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    pub async fn hours_of(&self, network: NetworkId, person: PersonNumber) -> Result<Vec<HoursLine>, StoreError> {
        let mut tx = self.db().begin_read().await?;
        let rows = Rows::new(&[Int], vec![row![person.0]]);
        let sql = "SELECT c.act, c.line, c.association, e.receiver, c.skill, c.nature, c.service_date, c.minutes, \
                   k.key, a.leaf FROM {rows} CROSS JOIN contribution AS c \
                   JOIN act AS a ON a.network_id = c.network_id AND a.number = c.act \
                   LEFT JOIN exchange AS e ON e.network_id = c.network_id AND e.exchange = c.exchange \
                   LEFT JOIN person_key AS k ON k.network_id = c.network_id AND k.act = c.act AND k.line = c.line \
                   WHERE c.network_id = $1 AND c.person = r.c0 ORDER BY c.act, c.line";
        rows.select::<HoursRow>(&mut tx, network.0, sql).await?.into_iter().map(hours_from).collect()
    }

    /// How many persons gave time in a year of service, in all and by nature, with their minutes.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    pub async fn volunteers(
        &self,
        network: NetworkId,
        year: Year,
    ) -> Result<(u64, Vec<(Nature, u64, i64)>), StoreError> {
        let mut tx = self.db().begin_read().await?;
        let day = |month, day| NaiveDate::from_ymd_opt(year.0, month, day).unwrap_or_default();
        let (first, last) = (day(1, 1), day(12, 31));
        let all = "SELECT count(DISTINCT person) FROM contribution WHERE network_id = $1 \
                   AND service_date >= $2 AND service_date <= $3";
        let (all,): (i64,) = on_tx!(&mut tx, connection => {
            sqlx::query_as(all).bind(network.0).bind(first).bind(last).fetch_one(connection).await?
        });
        let sql = "SELECT nature, count(DISTINCT person), cast(sum(minutes) AS bigint) FROM contribution \
                   WHERE network_id = $1 AND service_date >= $2 AND service_date <= $3 GROUP BY nature ORDER BY nature";
        let rows: Vec<(String, i64, i64)> = on_tx!(&mut tx, connection => {
            sqlx::query_as(sql).bind(network.0).bind(first).bind(last).fetch_all(connection).await?
        });
        let natures = rows.into_iter().map(|(nature, persons, minutes)| {
            let wrong = |error: ledger::UnknownWord| impossible("contribution", &nature, error.to_string());
            Ok((Nature::try_from(nature.as_str()).map_err(wrong)?, u64::try_from(persons).unwrap_or_default(), minutes))
        });
        Ok((u64::try_from(all).unwrap_or_default(), natures.collect::<Result<_, StoreError>>()?))
    }

    /// The badges that were made for a person.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    pub async fn badges_of(&self, network: NetworkId, person: PersonNumber) -> Result<Vec<BadgeRow>, StoreError> {
        let mut tx = self.db().begin_read().await?;
        let sql = "SELECT recognition, id, status, bytes FROM badge WHERE network_id = $1 AND person = $2 \
                   ORDER BY recognition";
        let rows: Vec<(i64, Uuid, i64, Vec<u8>)> = on_tx!(&mut tx, connection => {
            sqlx::query_as(sql).bind(network.0).bind(person.0).fetch_all(connection).await?
        });
        rows.into_iter()
            .map(|(recognition, id, status, bytes)| {
                let status = u32::try_from(status)
                    .map_err(|_| impossible("badge", recognition, "a place out of range".to_owned()))?;
                Ok(BadgeRow { recognition: ActNumber(recognition), id, status, bytes })
            })
            .collect()
    }

    /// Draws a place in the status list that was never given.
    ///
    /// # Errors
    /// When the database does not answer, or the list is full.
    pub async fn draw_status(
        &self,
        network: NetworkId,
        at: DateTime<Utc>,
        secrets: &mut dyn Secrets,
    ) -> Result<u32, StoreError> {
        let mut tx = self.db().begin_write().await?;
        let sql = "INSERT INTO credential_status (network_id, position, issued_at) VALUES ($1, $2, $3) \
                   ON CONFLICT DO NOTHING";
        for _ in 0..1_000 {
            let [a, b, c, d, ..] = secrets.key().0;
            let place = u32::from_be_bytes([a, b, c, d]) % PLACES;
            let written = on_tx!(&mut tx, connection => {
                sqlx::query(sql).bind(network.0).bind(i64::from(place)).bind(at.timestamp_micros())
                    .execute(connection).await?.rows_affected()
            });
            if written == 1 {
                tx.commit().await?;
                return Ok(place);
            }
        }
        Err(impossible("credential_status", network.0, "the status list is full".to_owned()))
    }

    /// Keeps a badge that was signed.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn keep_badge(
        &self,
        network: NetworkId,
        person: PersonNumber,
        badge: &BadgeRow,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut tx = self.db().begin_write().await?;
        let sql = "INSERT INTO badge (network_id, recognition, person, id, issued_at, status, bytes) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7)";
        on_tx!(&mut tx, connection => {
            sqlx::query(sql).bind(network.0).bind(badge.recognition.0).bind(person.0).bind(badge.id)
                .bind(at.timestamp_micros()).bind(i64::from(badge.status)).bind(badge.bytes.clone())
                .execute(connection).await.map(|_| ())?;
        });
        tx.commit().await
    }

    /// Revokes every badge that was made for a person.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn revoke_badges(
        &self,
        network: NetworkId,
        person: PersonNumber,
        at: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        let mut tx = self.db().begin_write().await?;
        let sql = "UPDATE credential_status SET revoked_at = $3 WHERE network_id = $1 AND revoked_at IS NULL \
                   AND position IN (SELECT status FROM badge WHERE network_id = $1 AND person = $2)";
        let revoked = on_tx!(&mut tx, connection => {
            sqlx::query(sql).bind(network.0).bind(person.0).bind(at.timestamp_micros())
                .execute(connection).await?.rows_affected()
        });
        tx.commit().await?;
        Ok(revoked)
    }

    /// What is revoked at this moment: what was revoked by name, and the badges of what was taken back.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    pub async fn status_list(&self, network: NetworkId) -> Result<StatusList, StoreError> {
        let mut tx = self.db().begin_read().await?;
        let sql = "SELECT s.position FROM credential_status AS s \
                   LEFT JOIN badge AS b ON b.network_id = s.network_id AND b.status = s.position \
                   LEFT JOIN recognition AS n ON n.network_id = b.network_id AND n.recognition = b.recognition \
                   WHERE s.network_id = $1 AND (s.revoked_at IS NOT NULL OR n.state = 'withdrawn')";
        let mut list = StatusList::default();
        for (place,) in select::<(i64,)>(&mut tx, network, sql).await? {
            let place = u32::try_from(place);
            list.revoke(place.map_err(|_| impossible("credential_status", network.0, "out of range".to_owned()))?);
        }
        Ok(list)
    }

    /// The persons who were erased.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn erased(&self, network: NetworkId) -> Result<Vec<PersonNumber>, StoreError> {
        let mut tx = self.db().begin_read().await?;
        let sql = "SELECT person FROM erasure WHERE network_id = $1 ORDER BY person";
        let rows: Vec<(i64,)> = select(&mut tx, network, sql).await?;
        Ok(rows.into_iter().map(|(person,)| PersonNumber(person)).collect())
    }

    /// What would go if a person were erased, counted: texts, keys of commitments, badges.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn erasable(&self, network: NetworkId, person: PersonNumber) -> Result<[u64; 3], StoreError> {
        let mut tx = self.db().begin_read().await?;
        let rows = Rows::new(&[Int], vec![row![person.0]]);
        let mut counts = [0; 3];
        for (count, sql) in counts.iter_mut().zip([
            "SELECT count(*) FROM {rows} CROSS JOIN act_text AS t JOIN act AS a ON a.network_id = t.network_id \
             AND a.number = t.act WHERE t.network_id = $1 AND (a.principal = 'person:' || cast(r.c0 AS text) \
             OR t.act IN (SELECT k.act FROM person_key AS k WHERE k.network_id = $1 AND k.person = r.c0) \
             OR (t.field = 'memo' AND t.act IN (SELECT c.exchange FROM contribution AS c \
             WHERE c.network_id = $1 AND c.person = r.c0 UNION ALL SELECT p.exchange FROM proposed_contribution AS p \
             WHERE p.network_id = $1 AND p.person = r.c0)) OR (t.field = 'identity' AND t.act = r.c0))",
            "SELECT count(*) FROM {rows} CROSS JOIN (SELECT k.network_id, k.person FROM person_key AS k UNION ALL \
             SELECT p.network_id, p.person FROM proposed_contribution AS p) AS k \
             WHERE k.network_id = $1 AND k.person = r.c0",
            "SELECT count(*) FROM {rows} CROSS JOIN badge AS b WHERE b.network_id = $1 AND b.person = r.c0",
        ]) {
            let found = rows.select::<(i64,)>(&mut tx, network.0, sql).await?;
            *count = found.first().and_then(|(count,)| u64::try_from(*count).ok()).unwrap_or_default();
        }
        Ok(counts)
    }
}

async fn text(
    tx: &mut Tx,
    network: NetworkId,
    act: ActNumber,
    field: &'static str,
) -> Result<Option<String>, StoreError> {
    let sql = "SELECT text FROM act_text WHERE network_id = $1 AND act = $2 AND field = $3";
    let found: Option<(String,)> = on_tx!(tx, connection => {
        sqlx::query_as(sql).bind(network.0).bind(act.0).bind(field).fetch_optional(connection).await?
    });
    Ok(found.map(|(text,)| text))
}

fn hours_from(row: HoursRow) -> Result<HoursLine, StoreError> {
    let (act, line, association, helped, skill, nature, service_date, minutes, key, leaf) = row;
    let wrong = |problem: String| impossible("contribution", format!("{act} {line}"), problem);
    let key = key.map(|key| key.try_into().map(SecretKey).map_err(|_| wrong("key is not 32 bytes".to_owned())));
    Ok(HoursLine {
        act: ActNumber(act),
        line: usize::try_from(line).map_err(|error| wrong(error.to_string()))?,
        association: AssociationNumber(association),
        helped: helped.map(AssociationNumber),
        skill: skill.map(SkillNumber),
        nature: Nature::try_from(nature.as_str()).map_err(|error| wrong(error.to_string()))?,
        service_date,
        minutes: Minutes::new(minutes),
        key: key.transpose()?,
        leaf,
    })
}
