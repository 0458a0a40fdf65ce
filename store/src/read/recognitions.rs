//! What was recognised in persons, with what was said of it in free words.

use std::collections::HashMap;

use async_recursion::async_recursion as boxed;
use sqlx::AssertSqlSafe;

use crate::{
    Store, StoreError,
    db::{on_tx, select},
    read::page::Page,
    reading::{RowOf, table_row},
};
use ledger::{
    ActNumber, AssociationNumber, ExchangeNumber, NetworkId, PersonNumber, SkillNumber, act::TextField,
    recognition::Recognition,
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

impl Store {
    /// What was recognised, in whom and by whom; of one person alone when asked.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn recognitions(
        &self,
        network: NetworkId,
        person: Option<PersonNumber>,
    ) -> Result<Vec<RecognitionLine>, StoreError> {
        let mut tx = self.db().begin_read().await?;
        let sql = "SELECT recognition, person, association, exchange, skill, level, state FROM recognition \
                   WHERE network_id = $1 ORDER BY recognition";
        let found = select::<RecognitionRow>(&mut tx, network, sql).await?;
        let sql = "SELECT act, field, text FROM act_text WHERE network_id = $1 AND field IN ('context', 'activities')";
        let mut texts: HashMap<(i64, TextField), String> = HashMap::new();
        for (act, field, text) in select::<(i64, String, String)>(&mut tx, network, sql).await? {
            texts.insert((act, RowOf("act_text", act).word("field", &field)?), text);
        }
        let mut lines = Vec::new();
        for recognition in found {
            let recognition = recognition.read()?;
            if person.is_some_and(|person| recognition.person != person) {
                continue;
            }
            let mut text = |field| texts.remove(&(recognition.number.0, field));
            let (context, activities) = (text(TextField::Context), text(TextField::Activities));
            lines.push(RecognitionLine { recognition, context, activities });
        }
        Ok(lines)
    }
}

impl Store {
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
        let mut which = String::new();
        // Numbers alone enter the text.
        for (column, number) in [
            ("recognition", filter.recognition.map(|number| number.0)),
            ("association", filter.association.map(|number| number.0)),
            ("person", filter.person.map(|number| number.0)),
        ] {
            which.extend(number.map(|number| format!(" AND r.{column} = {number}")));
        }
        let sql = format!(
            "SELECT r.recognition, r.person, r.association, r.exchange, r.skill, r.level, r.state, \
             c.text AS context, a.text AS activities FROM recognition AS r \
             LEFT JOIN act_text AS c ON c.network_id = r.network_id AND c.act = r.recognition AND c.field = 'context' \
             LEFT JOIN act_text AS a ON a.network_id = r.network_id AND a.act = r.recognition \
             AND a.field = 'activities' WHERE r.network_id = $1 AND r.recognition < $2{which} \
             ORDER BY r.recognition DESC LIMIT $3"
        );
        let mut tx = self.db().begin_read().await?;
        let rows: Vec<ToldRow> = on_tx!(&mut tx, connection => sqlx::query_as(AssertSqlSafe(sql))
            .bind(network.0)
            .bind(filter.page.before_number(|number| number.0))
            .bind(i64::from(filter.page.most))
            .fetch_all(connection)
            .await?);
        let line = |row: ToldRow| {
            let ToldRow { recognition, context, activities } = row;
            Ok(RecognitionLine { recognition: recognition.read()?, context, activities })
        };
        rows.into_iter().map(line).collect()
    }
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
    /// So many of them.
    pub page: Page<ActNumber>,
}

table_row! {
    /// The same, with what was said.
    struct ToldRow {
        context: Option<String>,
        activities: Option<String>,
        ..recognition: RecognitionRow,
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
