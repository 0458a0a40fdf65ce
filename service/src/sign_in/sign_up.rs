//! How people come into the network by themselves: with an association's link, in a message or on a poster. Whoever has an
//! e-mail address proves it with a letter, and is in; the others are added by the coordinator, and get a card.
//!
//! To belong to an association gives nobody a say in it: its administrator gives roles. The link is the association's word
//! that it takes people in, and it can be taken back.

use chrono::{NaiveDate, TimeDelta};
use ledger::{
    PersonNumber,
    command::{By, Capacity, Command, Principal},
    occasion::{AdmissionStep, Occasion},
    person::PersonRef,
};
use store::{Asker, Change, Joining, NewSignUp, SignUp};

use super::{
    application::{self, Heard},
    coming::{Coming, Entered},
    device::Device,
    newcomer::{self, Newcomer},
};
use crate::{
    app::App,
    asked::Asked,
    caller::Caller,
    directory::Known,
    mail::{Letter, Part, Recipient},
    operation::logs,
    place,
    problem::Problem,
    secret::{self, Secret},
    source::Source,
};

/// So long somebody may prove their address.
const PROOF_DAYS: i64 = 3;
/// So long the letter lets somebody in who has the address already: as long as one that they asked for to sign in with.
const KNOWN_MINUTES: i64 = 20;
/// So long somebody without an address waits to be added.
const WAITING_DAYS: i64 = 60;
/// So many letters go to an address within an hour, and so many from the network.
const LETTERS_TO_ADDRESS_MOST: i64 = 3;
const LETTERS_OF_NETWORK_MOST: i64 = 60;

/// Where the letter leads.
const PAGE: &str = "/sign-up/letter/";

/// What becomes of what somebody asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// They prove their address with the letter that is on its way.
    LookAtMail,
    /// Somebody adds them.
    Waits,
    /// So many wait already that it was not taken.
    TooMany,
}

/// Who wants to belong to an association.
#[derive(Debug, Clone)]
pub struct Wanting {
    /// Who they are.
    pub asker: Asker,
    /// The day on which they come of age, where it is to come.
    pub adult_on: Option<NaiveDate>,
}

/// Keeps what somebody asks who followed that link, and has the letter sent with which they prove their address. Known and
/// unknown addresses are answered alike.
///
/// # Errors
/// When the form was sent with something else before, or the database does not answer.
pub async fn ask(
    app: &App,
    source: Source,
    known: &Known,
    asked: &Asked,
    (joining, wanting): (&Joining, Wanting),
) -> Result<Outcome, Problem> {
    tokio::time::sleep(app.guesses.try_at(&format!("sign-ups to {}", known.id), source)).await;
    let Wanting { asker, adult_on } = wanting;
    let proves = application::can_be_told(app, &asker);
    let secret = proves.then(|| Secret::new(known.id, app.random()));
    let days = if proves { PROOF_DAYS } else { WAITING_DAYS };
    let new = NewSignUp {
        sign_up: app.new_name(),
        secret: secret.as_ref().map(|secret| secret.digest),
        joining: joining.joining,
        association: joining.association,
        asker,
        adult_on,
        expires_at: app.now() + TimeDelta::days(days),
    };
    let address = new.asker.email.clone().unwrap_or_default();
    let lately = app.store.sign_ups_lately(known.id, &address, app.now()).await?;
    if application::take(app, known, asked, "sign-up", &Change::SignUp(new.clone())).await? == Heard::TooMany {
        return Ok(Outcome::TooMany);
    }
    let Some(secret) = secret else { return Ok(Outcome::Waits) };
    if lately.of_address >= LETTERS_TO_ADDRESS_MOST || lately.of_network >= LETTERS_OF_NETWORK_MOST {
        logs::event("a letter to sign up with was not sent: many were within an hour");
    } else if app.store.sign_up_of_letter(known.id, secret.digest, app.now()).await?.is_some() {
        // What was sent twice is kept once, and its letter sent once.
        let link = format!("{}{PAGE}{}", place::prefix_of(&app.store, known.id).await?, secret.text);
        let registry = known.registry(&app.store).await?;
        let association = registry.association(joining.association).map(|member| member.name().to_owned());
        let names = (known.network.name.as_str(), association.unwrap_or_default());
        app.postman.send(letter(&new, address, (names.0, &names.1), &app.postman.link(&link)));
    }
    Ok(Outcome::LookAtMail)
}

/// The letter. It says nothing that whoever asked has written: whose address it is may not have asked.
fn letter(new: &NewSignUp, address: String, (network, association): (&str, &str), link: &str) -> Letter {
    let language = new.asker.language;
    let t = |french: &str, english: &str| language.pick(french, english).to_owned();
    let parts = vec![
        Part::Text(t("Bonjour,", "Hello,")),
        Part::Text(language.pick(
            format!(
                "Vous avez demandé à rejoindre «\u{a0}{association}\u{a0}», qui fait partie de «\u{a0}{network}\u{a0}». Il \
                 reste à confirmer, dans les trois jours\u{a0}:"
            ),
            format!(
                "You have asked to join “{association}”, which is part of “{network}”. One step is left, within three days:"
            ),
        )),
        Part::Button { words: t("Confirmer et entrer", "Confirm and enter"), address: link.to_owned() },
        Part::Small(t(
            "Vous n’avez rien demandé\u{a0}? Ne faites rien\u{a0}: sans ce lien rien ne se passe, et votre adresse est \
             oubliée dans trois jours.",
            "You asked for nothing? Do nothing: without this link nothing happens, and your address is forgotten within \
             three days.",
        )),
    ];
    Letter {
        id: format!("sign-up-{}", new.sign_up),
        to: Recipient { name: None, address },
        language,
        subject: language.pick(format!("Confirmez\u{a0}: {association}"), format!("Please confirm: {association}")),
        parts,
        headers: Vec::new(),
    }
}

/// What somebody asked whose letter bears that secret, and who has the address already; nothing where it does not work.
///
/// # Errors
/// When the database does not answer.
pub async fn of_letter(app: &App, known: &Known, secret: &str) -> Result<Option<(SignUp, Vec<PersonNumber>)>, Problem> {
    if secret::network_of(secret) != Some(known.id) {
        return Ok(None);
    }
    let found = app.store.sign_up_of_letter(known.id, secret::digest(secret), app.now()).await?;
    let Some(sign_up) = found else { return Ok(None) };
    let links = app.store.joining_links(known.id, sign_up.asked.association).await?;
    let still_works = |link: &Joining| link.joining == sign_up.asked.joining && link.ended_at.is_none();
    if !links.iter().any(still_works) {
        return Ok(None);
    }
    let registry = known.refreshed(&app.store).await?;
    let address = sign_up.asked.asker.email.as_deref().unwrap_or_default();
    let mut persons = app.store.persons_at_address(known.id, address).await?;
    persons.retain(|person| registry.person(*person).is_some());
    Ok(Some((sign_up, persons)))
}

/// Lets somebody in who has proved their address: as that person, where it is one who has it, else as somebody new.
///
/// # Errors
/// When the ledger refuses, or the database does not answer.
pub async fn enter(
    app: &App,
    known: &Known,
    secret: &str,
    person: Option<PersonNumber>,
    device: Device,
) -> Result<Entered, Problem> {
    let Some((sign_up, persons)) = of_letter(app, known, secret).await? else { return Ok(Entered::DoesNotWork) };
    let is_late = app.now() - sign_up.asked_at > TimeDelta::minutes(KNOWN_MINUTES);
    if person.is_some_and(|person| is_late || !persons.contains(&person)) {
        return Ok(Entered::DoesNotWork);
    }
    let oneself = |person| By { principal: Principal::Person(person), capacity: Capacity::Oneself };
    let person = let_in(&Newcomer { app, known, by: By::OPERATOR }, &sign_up, person, oneself).await?;
    let writing = Coming::In(device).writing(app, known, person, None);
    let ended = app.store.end_sign_up(known.id, sign_up.asked.sign_up, Some(&writing.opens()), app.now()).await?;
    if ended { writing.done(app, known).await } else { Ok(Entered::DoesNotWork) }
}

/// Adds somebody who waits, in a coordinator's name.
///
/// # Errors
/// When the ledger refuses, or the database does not answer.
pub async fn add(app: &App, caller: &Caller, sign_up: &SignUp) -> Result<PersonNumber, Problem> {
    let by = caller.by()?;
    let person = let_in(&Newcomer { app, known: &caller.known, by }, sign_up, None, |_| by).await?;
    app.store.end_sign_up(caller.known.id, sign_up.asked.sign_up, None, app.now()).await?;
    Ok(person)
}

/// Writes somebody's acts: who they are, if they are new, and that they belong to the association, which `says` whoever may.
async fn let_in(
    newcomer: &Newcomer<'_>,
    sign_up: &SignUp,
    known_person: Option<PersonNumber>,
    says: impl FnOnce(PersonNumber) -> By,
) -> Result<PersonNumber, Problem> {
    let NewSignUp { sign_up: request, association, asker, adult_on, .. } = &sign_up.asked;
    let person = match known_person {
        Some(person) => person,
        None => {
            let Asker { first_name, last_name, email, .. } = asker;
            let identity = newcomer::identity(first_name, last_name, email.clone(), *adult_on);
            newcomer.add(Occasion::Admission { request: *request, step: AdmissionStep::Person }, &identity).await?
        }
    };
    let registry = newcomer.known.refreshed(&newcomer.app.store).await?;
    let belongs = registry.person(person).is_some_and(|person| person.associations.contains(association));
    if !belongs {
        let enrol = Command::Enrol { person: PersonRef::Number(person), association: *association };
        let occasion = Occasion::Admission { request: *request, step: AdmissionStep::Membership };
        newcomer.submit(occasion.request(says(person), enrol)).await?;
    }
    Ok(person)
}
