//! What was recognised in persons, with what was said of it in free words.

use std::collections::HashMap;

use async_recursion::async_recursion as boxed;

use crate::{
    Store, StoreError,
    db::select,
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
