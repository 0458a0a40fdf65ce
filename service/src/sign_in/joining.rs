//! How persons come to belong to an association without the coordinator: they give it a code, or follow a link of its.
//! Either way it is the person who says yes, and what the association sees of them begins then.

use chrono::TimeDelta;
use ledger::{
    AssociationNumber, Digest, PersonNumber,
    association::MembershipState,
    command::{By, Capacity, Command, Key, Principal, Request},
    person::{PersonRef, Role},
    registry::Registry,
};
use store::{Joining, NewJoining, Receipt};
use uuid::Uuid;

use super::letters;
use crate::{
    app::App,
    asked::Asked,
    caller::Caller,
    directory::Known,
    problem::{Problem, Refusal},
    secret::{self, Secret},
    source::Source,
};

/// So long a code or a link works.
const DAYS: i64 = 14;
/// So long one works that hangs on a wall.
const POSTER_DAYS: i64 = 180;
/// What a code's letters are good for.
const CODE: &str = "joining";

/// What is handed out once.
pub struct HandedOut {
    /// What is kept of it.
    pub joining: NewJoining,
    /// The code, or what stands in the link after `#`.
    pub secret: String,
}

/// What a poster's letters are good for.
const POSTER: &str = "poster";

/// How long a link is to last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lasting {
    /// As long as a message is read.
    Link,
    /// As long as a poster hangs.
    Poster,
}

/// A code with which the caller lets an association enrol them.
///
/// # Errors
/// When the caller is no person.
pub fn code(app: &App, caller: &Caller, association: AssociationNumber) -> Result<HandedOut, Problem> {
    let person = caller.person().ok_or_else(|| Problem::new(Refusal::RoleDoesNotAllow))?;
    let secret = letters::draw(app.random());
    let joining = NewJoining { person: Some(person), ..new(app, caller, association, letters::digest(CODE, &secret)) };
    Ok(HandedOut { joining, secret })
}

/// A link with which persons of the network say that they belong to an association.
pub fn link(app: &App, caller: &Caller, association: AssociationNumber, lasting: Lasting) -> HandedOut {
    let (digest, secret, days) = match lasting {
        Lasting::Link => {
            let secret = Secret::new(caller.known.id, app.random());
            (secret.digest, secret.text, DAYS)
        }
        // Somebody types it.
        Lasting::Poster => {
            let letters = letters::draw(app.random());
            (letters::digest(POSTER, &letters), letters, POSTER_DAYS)
        }
    };
    let expires_at = app.now() + TimeDelta::days(days);
    HandedOut { joining: NewJoining { expires_at, ..new(app, caller, association, digest) }, secret }
}

/// The address of such a link.
pub fn address(app: &App, secret: &str) -> String {
    app.config.link("joining", secret)
}

fn new(app: &App, caller: &Caller, association: AssociationNumber, secret: Digest) -> NewJoining {
    NewJoining {
        joining: app.new_name(),
        secret,
        association,
        person: None,
        principal: caller.access.principal,
        expires_at: app.now() + TimeDelta::days(DAYS),
    }
}

/// What came of a code.
#[derive(Debug)]
pub struct Used {
    /// The code's name.
    pub joining: Uuid,
    /// Who gave it.
    pub person: PersonNumber,
    /// What the ledger answered.
    pub receipt: Receipt,
}

/// Enrols whoever gave the association that code. Whoever asks twice is answered twice the same.
///
/// # Errors
/// When it is no code for this association that works, or the ledger refuses.
pub async fn use_code(
    app: &App,
    source: Source,
    caller: &Caller,
    asked: &Asked,
    association: AssociationNumber,
    code: &str,
) -> Result<Used, Problem> {
    let broken = || Problem::new(Refusal::JoiningDoesNotWork).at("code");
    // Where guesses are counted: an association's, whoever makes them.
    let guessed = format!("codes of {} {association}", caller.known.id);
    tokio::time::sleep(app.guesses.try_at(&guessed, source)).await;
    let found = app.store.joining(caller.known.id, letters::digest(CODE, code)).await?;
    let found = found.filter(|found| found.association == association);
    let joining = found.ok_or_else(broken)?;
    let person = joining.person.ok_or_else(broken)?;
    app.guesses.was_right(&guessed, source);
    let principal = Principal::Person(person);
    // The person says it, and once: the code itself makes the request one of its kind.
    let code = format!("joining-{}", joining.joining);
    let enrol = Command::Enrol { person: PersonRef::Number(person), association };
    let request = Request {
        digest: secret::digest(&code),
        key: Key { scope: ledger::occasion::scope_of_caller(principal), key: code },
        by: By { principal, capacity: Capacity::Oneself },
        ..asked.request(caller, enrol)?
    };
    let is_repeat = !app.store.acts_of_keys(caller.known.id, std::slice::from_ref(&request.key)).await?.is_empty();
    if !joining.works_at(app.now()) && !is_repeat {
        return Err(broken());
    }
    let receipt = app.submit(caller, request).await?;
    Ok(Used { joining: joining.joining, person, receipt })
}

/// Says for the caller that they belong to the association whose link it is.
///
/// # Errors
/// When the link does not work, whoever made it no longer may, or the ledger refuses.
pub async fn use_link(app: &App, caller: &Caller, asked: &Asked, secret: &str) -> Result<Receipt, Problem> {
    let broken = || Problem::new(Refusal::JoiningDoesNotWork).at("secret");
    let person = caller.person().ok_or_else(|| Problem::new(Refusal::RoleDoesNotAllow))?;
    let joining = link_that_works(app, &caller.known, secret).await?.ok_or_else(broken)?;
    let association = joining.association;
    app.write(caller, asked, Command::Enrol { person: PersonRef::Number(person), association }).await
}

/// The link of that secret, or of a poster's letters, if it works.
///
/// # Errors
/// When the database does not answer.
pub async fn link_that_works(app: &App, known: &Known, secret: &str) -> Result<Option<Joining>, Problem> {
    let digest = match secret::network_of(secret) {
        Some(network) if network == known.id => secret::digest(secret),
        Some(_) => return Ok(None),
        None => letters::digest(POSTER, secret),
    };
    let found = app.store.joining(known.id, digest).await?;
    let Some(joining) = found.filter(|joining| joining.person.is_none() && joining.works_at(app.now())) else {
        return Ok(None);
    };
    let registry = known.refreshed(&app.store).await?;
    let is_member =
        registry.association(joining.association).is_some_and(|member| member.state == MembershipState::Active);
    Ok(Some(joining).filter(|joining| is_member && is_held(joining, &registry)))
}

/// Whether whoever made a link may still say who belongs to its association.
fn is_held(joining: &Joining, registry: &Registry) -> bool {
    match joining.principal {
        Principal::Operator => true,
        Principal::Person(person) => registry.person(person).is_some_and(|person| {
            let in_charge = [Role::Coordinator, Role::Administrator(joining.association)];
            in_charge.iter().any(|role| person.roles.contains(role))
        }),
    }
}
