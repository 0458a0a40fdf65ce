//! What every face must agree on about recognitions: who may see one.

use ledger::{ActNumber, PersonNumber};
use store::{Page, RecognitionFilter, RecognitionLine};
use uuid::Uuid;

use crate::{
    acting::Sight,
    app::App,
    caller::Caller,
    problem::{Problem, Refusal},
};

/// Which recognitions the caller may list: their association's, or all; and their own, whoever gave them.
///
/// # Errors
/// When they speak for nobody and are no person.
pub fn seen(
    caller: &Caller,
    person: Option<PersonNumber>,
    page: Page<ActNumber>,
) -> Result<RecognitionFilter, Problem> {
    let filter = RecognitionFilter { person, page, ..Default::default() };
    match caller.sight() {
        Sight::All => Ok(filter),
        Sight::Of(own) => Ok(RecognitionFilter { association: Some(own), ..filter }),
        Sight::None => {
            let own = caller.person().ok_or_else(|| Problem::new(Refusal::RoleDoesNotAllow))?;
            Ok(RecognitionFilter { person: Some(own), ..filter })
        }
    }
}

/// The recognition of that name, if the caller may see it.
///
/// # Errors
/// When there is none, it is others', or the database does not answer.
pub async fn find(app: &App, caller: &Caller, name: Uuid) -> Result<RecognitionLine, Problem> {
    let number = ActNumber(caller.found(name)?);
    let filter = RecognitionFilter { recognition: Some(number), page: Page::newest(1), ..Default::default() };
    let found = app.store.recognition_page(caller.known.id, filter).await?.pop().ok_or_else(Problem::not_found)?;
    let is_seen = match caller.sight() {
        Sight::All => true,
        Sight::Of(own) => found.recognition.association == own,
        Sight::None => caller.person() == Some(found.recognition.person),
    };
    if is_seen { Ok(found) } else { Err(Problem::new(Refusal::BelongsToOthers)) }
}
