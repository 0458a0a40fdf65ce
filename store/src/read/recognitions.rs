//! What was recognised in persons, with what was said of it in free words.

use async_recursion::async_recursion as boxed;
use chrono::{DateTime, Utc};
use sqlx::AssertSqlSafe;

use crate::{
    Store, StoreError,
    db::{on_tx, select},
    read::page::Page,
    reading::{RowOf, table_row},
};
use ledger::{
    ActNumber, AssociationNumber, ExchangeNumber, NetworkId, PersonNumber, SkillNumber, recognition::Recognition,
};

/// A recognition with what was said in free words, where that is still kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecognitionLine {
    /// The recognition.
    pub recognition: Recognition,
    /// When it was said.
    pub at: DateTime<Utc>,
    /// In which setting.
    pub context: Option<String>,
    /// What was done.
    pub activities: Option<String>,
    /// Whether a badge was made of it.
    pub has_badge: bool,
}

impl Store {
    /// What was recognised, in whom and by whom, in the order in which it was said; of one person alone when asked.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn recognitions(
        &self,
        network: NetworkId,
        person: Option<PersonNumber>,
    ) -> Result<Vec<RecognitionLine>, StoreError> {
        let which = which([("person", person.map(|person| person.0))]);
        let sql = format!("{TOLD} WHERE r.network_id = $1{which} ORDER BY r.recognition");
        let mut tx = self.db().begin_read().await?;
        let rows: Vec<ToldRow> = on_tx!(&mut tx, connection => {
            sqlx::query_as(AssertSqlSafe(sql)).bind(network.0).fetch_all(connection).await?
        });
        rows.into_iter().map(ToldRow::read).collect()
    }

    /// What was recognised, newest first: by this association, in this person.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn recognition_page(
        &self,
        network: NetworkId,
        filter: RecognitionFilter,
    ) -> Result<Vec<RecognitionLine>, StoreError> {
        let which = which([
            ("recognition", filter.recognition.map(|number| number.0)),
            ("association", filter.association.map(|number| number.0)),
            ("person", filter.person.map(|number| number.0)),
            ("exchange", filter.exchange.map(|number| number.0)),
        ]);
        let sql = format!(
            "{TOLD} WHERE r.network_id = $1 AND r.recognition < $2{which} ORDER BY r.recognition DESC LIMIT $3"
        );
        let mut tx = self.db().begin_read().await?;
        let rows: Vec<ToldRow> = on_tx!(&mut tx, connection => sqlx::query_as(AssertSqlSafe(sql))
            .bind(network.0)
            .bind(filter.page.before_number(|number| number.0))
            .bind(i64::from(filter.page.most))
            .fetch_all(connection)
            .await?);
        rows.into_iter().map(ToldRow::read).collect()
    }

    /// In whom something is recognised and accepted of which no badge was made; those who are erased have no name to put
    /// on one.
    ///
    /// # Errors
    /// When the database does not answer.
    #[boxed]
    pub async fn who_awaits_badges(&self, network: NetworkId) -> Result<Vec<PersonNumber>, StoreError> {
        let mut tx = self.db().begin_read().await?;
        let sql = "SELECT DISTINCT r.person FROM recognition AS r \
                   JOIN person_identity AS i ON i.network_id = r.network_id AND i.person = r.person \
                   LEFT JOIN badge AS b ON b.network_id = r.network_id AND b.recognition = r.recognition \
                   WHERE r.network_id = $1 AND r.state = 'accepted' AND b.recognition IS NULL ORDER BY r.person";
        Ok(select::<(i64,)>(&mut tx, network, sql).await?.into_iter().map(|(person,)| PersonNumber(person)).collect())
    }
}

/// What is told of a recognition, from its own row and from those of what was said of it and made of it.
const TOLD: &str = "SELECT r.recognition, r.person, r.association, r.exchange, r.skill, r.level, r.state, \
     s.recorded_at, c.text AS context, a.text AS activities, b.recognition AS badge FROM recognition AS r \
     JOIN act AS s ON s.network_id = r.network_id AND s.number = r.recognition \
     LEFT JOIN act_text AS c ON c.network_id = r.network_id AND c.act = r.recognition AND c.field = 'context' \
     LEFT JOIN act_text AS a ON a.network_id = r.network_id AND a.act = r.recognition AND a.field = 'activities' \
     LEFT JOIN badge AS b ON b.network_id = r.network_id AND b.recognition = r.recognition";

/// The conditions that columns have these numbers. Numbers alone enter the text.
fn which<const COUNT: usize>(columns: [(&str, Option<i64>); COUNT]) -> String {
    let condition = |(column, number): (&str, Option<i64>)| Some(format!(" AND r.{column} = {}", number?));
    columns.into_iter().filter_map(condition).collect()
}

/// Which recognitions to show.
#[derive(Debug, Clone, Copy, Default)]
pub struct RecognitionFilter {
    /// Only this one.
    pub recognition: Option<ActNumber>,
    /// By this association.
    pub association: Option<AssociationNumber>,
    /// In this person.
    pub person: Option<PersonNumber>,
    /// In this exchange.
    pub exchange: Option<ExchangeNumber>,
    /// So many of them.
    pub page: Page<ActNumber>,
}

table_row! {
    /// The same, with what was said.
    struct ToldRow {
        recorded_at: i64,
        context: Option<String>,
        activities: Option<String>,
        badge: Option<i64>,
        ..recognition: RecognitionRow,
    }
}

impl ToldRow {
    fn read(self) -> Result<RecognitionLine, StoreError> {
        let Self { recorded_at, context, activities, badge, recognition } = self;
        let at = RowOf("act", recognition.recognition).instant("recorded_at", recorded_at)?;
        Ok(RecognitionLine { recognition: recognition.read()?, at, context, activities, has_badge: badge.is_some() })
    }
}

table_row! {
    /// A row of table `recognition`.
    pub(crate) struct RecognitionRow {
        recognition: i64,
        person: i64,
        association: i64,
        exchange: Option<i64>,
        skill: i64,
        level: String,
        state: String,
    }
}

impl RecognitionRow {
    pub(crate) fn read(self) -> Result<Recognition, StoreError> {
        let row = RowOf("recognition", self.recognition);
        Ok(Recognition {
            number: ActNumber(self.recognition),
            person: PersonNumber(self.person),
            association: AssociationNumber(self.association),
            exchange: self.exchange.map(ExchangeNumber),
            skill: SkillNumber(self.skill),
            level: row.word("level", &self.level)?,
            state: row.word("state", &self.state)?,
        })
    }
}
