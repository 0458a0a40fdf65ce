//! What every face must agree on about recognitions: who may see one, in whom an association may recognise something, and
//! what it is told of them.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use ledger::{ActNumber, Minutes, PersonNumber, command::Command, person::Identity, recognition::Recognition};
use store::{ExchangeView, Page, Receipt, RecognitionFilter, RecognitionLine};
use uuid::Uuid;

use crate::{
    acting::Sight,
    app::App,
    asked::Asked,
    badges,
    caller::Caller,
    persons,
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

/// Somebody who helped, and how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Helper {
    /// Who.
    pub person: PersonNumber,
    /// How long, in this exchange.
    pub minutes: Minutes,
}

/// Those in whom the caller's association may recognise what it saw of them in an exchange: it was helped, the help counts,
/// and they took part. The ledger decides by the same. `None` where nothing is theirs to recognise, whoever took part.
///
/// # Errors
/// When the database does not answer or a row cannot be true.
pub async fn helpers(app: &App, caller: &Caller, view: &ExchangeView) -> Result<Option<Vec<Helper>>, Problem> {
    let exchange = &view.exchange;
    if caller.sight() != Sight::Of(exchange.terms.receiver) || !exchange.state.is_posted() {
        return Ok(None);
    }
    let mut sums: BTreeMap<PersonNumber, Minutes> = BTreeMap::new();
    for told in app.store.contributions_to(caller.known.id, exchange).await? {
        let sum = sums.entry(told.person).or_default();
        // What does not fit into a number is an exchange that the ledger never took.
        *sum = sum.checked_add(told.minutes).ok_or_else(|| Problem::new(Refusal::Fault))?;
    }
    let helpers = sums.into_iter().map(|(person, minutes)| Helper { person, minutes });
    Ok(Some(helpers.filter(|helper| helper.minutes.is_positive()).collect()))
}

/// What the caller is told that some persons are called: of their own people the whole name, of those who helped them as
/// much as people say to each other. Whoever is erased, or has no name, is not among them.
///
/// # Errors
/// When the database does not answer or a row cannot be true.
pub async fn names(
    app: &App,
    caller: &Caller,
    whose: &[PersonNumber],
) -> Result<HashMap<PersonNumber, String>, Problem> {
    let known = app.store.identities_of(caller.known.id, whose).await?;
    let name = |(number, identity): (PersonNumber, Identity)| {
        let is_ours = caller.registry.person(number).is_some_and(|person| persons::is_seen(caller, person));
        let last = identity.last_name.as_deref().filter(|last| !last.is_empty());
        let last = if is_ours { last.map(str::to_owned) } else { last.and_then(initial) };
        let names: Vec<_> = [identity.first_name, last].into_iter().flatten().collect();
        (!names.is_empty()).then(|| (number, names.join(" ")))
    };
    Ok(known.into_iter().filter_map(name).collect())
}

/// "M."
fn initial(name: &str) -> Option<String> {
    name.chars().next().map(|letter| format!("{}.", letter.to_uppercase()))
}

/// Accepts a recognition for the caller; its badge is made at once, where the keys are here.
///
/// # Errors
/// When the ledger refuses, or nothing is known to be written.
pub async fn accept(
    app: &App,
    caller: &Caller,
    asked: &Asked,
    recognition: &Recognition,
    guardian: Option<String>,
) -> Result<Receipt, Problem> {
    let command = Command::AcceptRecognition { recognition: recognition.number, guardian };
    let receipt = app.write(caller, asked, command).await?;
    badges::make_soon(app, &caller.known, recognition.person).await;
    Ok(receipt)
}

/// The day until which a parent or guardian has to consent to what is recognised in the caller; `None` for an adult.
pub fn guardian_until(caller: &Caller, today: NaiveDate) -> Option<NaiveDate> {
    caller.registry.person(caller.person()?)?.minor_until(today)
}
