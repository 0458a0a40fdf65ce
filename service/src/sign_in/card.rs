//! Paper cards for whoever has no mail: twelve letters, for one person, that open a session once.
//!
//! Whoever prints a card could use it themselves. So it goes no further than an invitation: the coordinator prints one for
//! anybody, an association's administrator for whoever belongs to it alone and does not sign in by themselves; whether they
//! still may is asked again when it is used; and what it opened ends as soon as the person is given a role that its printer
//! could not give. Whose card it was finds it among what became of their access.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use ledger::{PersonNumber, person::Person};
use store::{Card, Change, NewCard};
use uuid::Uuid;

use super::{
    coming::{Coming, Entered},
    letters,
    reach::{Reach, signs_in},
};
use crate::{
    acting::Sight, app::App, asked::Asked, caller::Caller, directory::Known, operation::moment::instant,
    problem::Problem, source::Source, writing::AnswerToKeep,
};

/// So many days a card works.
const DAYS: i64 = 30;
/// What its letters are good for.
const CARD: &str = "card";
/// A wrong card is told no earlier than this.
const WRONG_AFTER: Duration = Duration::from_millis(400);

/// A card that is to be put on paper.
#[derive(Debug)]
pub struct Printed {
    /// For whom.
    pub person: PersonNumber,
    /// Its letters, in groups; told once.
    pub letters: String,
    /// Until when it works.
    pub expires_at: DateTime<Utc>,
}

/// Makes cards for these persons, in the caller's name. Nothing is given where the same was asked before: letters are told
/// once.
///
/// # Errors
/// When the caller may not hand one of them a card, or the database does not answer.
pub async fn print(
    app: &App,
    caller: &Caller,
    asked: &Asked,
    persons: &[Person],
) -> Result<Option<Vec<Printed>>, Problem> {
    let reach = Reach::of_caller(caller)?;
    let expires_at = app.now() + TimeDelta::days(DAYS);
    let (mut cards, mut printed) = (Vec::new(), Vec::new());
    for person in persons {
        reach.takes_in(person, signs_in(app, &caller.known, person).await?)?;
        let letters = letters::draw(app.random());
        cards.push(NewCard {
            card: app.new_name(),
            secret: letters::digest(CARD, &letters),
            person: person.number,
            principal: caller.access.principal,
            expires_at,
        });
        printed.push(Printed { person: person.number, letters, expires_at });
    }
    let answer = AnswerToKeep { status: 200, body: &serde_json::Value::Null };
    let earlier = app.keep(caller, asked, &Change::AddCards(cards), answer).await?;
    Ok(earlier.is_none().then_some(printed))
}

/// For whom the caller may print a card.
///
/// # Errors
/// When for nobody, or the database does not answer.
pub async fn may_be_printed_for(app: &App, caller: &Caller) -> Result<Vec<Person>, Problem> {
    let reach = Reach::of_caller(caller)?;
    let sign_in = app.store.who_sign_in(caller.known.id).await?;
    let persons = caller.registry.persons();
    let is_taken_in = |person: &&Person| reach.takes_in(person, sign_in.contains(&person.number)).is_ok();
    Ok(persons.filter(is_taken_in).cloned().collect())
}

/// The card with these letters.
///
/// # Errors
/// When the database does not answer.
pub async fn of_letters(app: &App, known: &Known, typed: &str) -> Result<Option<Card>, Problem> {
    Ok(app.store.card(known.id, letters::digest(CARD, typed)).await?)
}

/// The cards that were printed and have not run out, as far as the caller sees whom they are for.
///
/// # Errors
/// When the database does not answer.
pub async fn list(app: &App, caller: &Caller) -> Result<Vec<Card>, Problem> {
    let cards = app.store.cards(caller.known.id, app.now()).await?;
    let is_seen = |card: &Card| match caller.sight() {
        Sight::All => true,
        Sight::Of(own) => caller.registry.person(card.person).is_some_and(|person| person.concerns(own)),
        Sight::None => false,
    };
    Ok(cards.into_iter().filter(is_seen).collect())
}

/// Takes a card back.
///
/// # Errors
/// When there is none of that name that the caller sees, or the database does not answer.
pub async fn take_back(app: &App, caller: &Caller, asked: &Asked, card: Uuid) -> Result<(), Problem> {
    if !list(app, caller).await?.iter().any(|found| found.card == card) {
        return Err(Problem::not_found());
    }
    let answer = AnswerToKeep { status: 204, body: &serde_json::Value::Null };
    app.keep(caller, asked, &Change::EndCard(card), answer).await?;
    Ok(())
}

/// Comes in with a card, whose letters are typed as they stand on it or come from its square.
///
/// # Errors
/// When the database does not answer.
pub async fn enter(
    app: &App,
    source: Source,
    known: &Known,
    typed: &str,
    coming: Coming<'_>,
) -> Result<Entered, Problem> {
    let guessed = format!("cards of {}", known.id);
    tokio::time::sleep(app.guesses.try_at(&guessed, source)).await;
    let began = instant();
    let entered = try_letters(app, known, typed, coming).await?;
    match entered {
        Entered::In(_) | Entered::Again | Entered::Who(_) => app.guesses.was_right(&guessed, source),
        Entered::DoesNotWork => tokio::time::sleep(WRONG_AFTER.saturating_sub(began.elapsed())).await,
    }
    Ok(entered)
}

async fn try_letters(app: &App, known: &Known, typed: &str, coming: Coming<'_>) -> Result<Entered, Problem> {
    let card = of_letters(app, known, typed).await?;
    let Some(card) = card.filter(|card| card.works_at(app.now())) else { return Ok(Entered::DoesNotWork) };
    let registry = known.refreshed(&app.store).await?;
    let Some(person) = registry.person(card.person) else { return Ok(Entered::DoesNotWork) };
    let signs_in = signs_in(app, known, person).await?;
    let mut reaches = Reach::of_principal(card.principal, &registry).into_iter();
    let Some(reach) = reaches.find(|reach| reach.takes_in(person, signs_in).is_ok()) else {
        return Ok(Entered::DoesNotWork);
    };
    let person = match coming.who(&[card.person], None) {
        Ok(person) => person,
        Err(entered) => return Ok(entered),
    };
    let writing = coming.writing(app, known, person, Some(reach.handed_out_for()));
    if app.store.use_card(known.id, card.card, &writing.opens(), app.now()).await? {
        writing.done(app, known).await
    } else {
        Ok(Entered::DoesNotWork)
    }
}
