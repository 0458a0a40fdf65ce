//! Recognitions as the database holds them.

use crate::{StoreError, error::impossible};
use ledger::{
    ActNumber, AssociationNumber, ExchangeNumber, PersonNumber, SkillNumber,
    recognition::{Level, Recognition, RecognitionState},
};

pub(crate) type RecognitionRow = (i64, i64, i64, i64, i64, String, String);

pub(crate) fn recognition_from(row: RecognitionRow) -> Result<Recognition, StoreError> {
    let (number, person, association, exchange, skill, level, state) = row;
    let wrong = |error: ledger::UnknownWord| impossible("recognition", number, error.to_string());
    Ok(Recognition {
        number: ActNumber(number),
        person: PersonNumber(person),
        association: AssociationNumber(association),
        exchange: ExchangeNumber(exchange),
        skill: SkillNumber(skill),
        level: Level::try_from(level.as_str()).map_err(wrong)?,
        state: RecognitionState::try_from(state.as_str()).map_err(wrong)?,
    })
}
