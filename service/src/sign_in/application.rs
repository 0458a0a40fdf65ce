//! Associations that ask to join the network: what they say of themselves is seen by its coordinator alone, who admits or
//! refuses them. Nothing of it is public before, and nothing stands in the ledger.

use ledger::{
    ActNumber, AssociationNumber, Identifier, IdentifierKind, Language, PersonNumber,
    association::{AssociationKind, Contact, MembershipState, NewAssociation},
    command::Command,
    occasion::{AdmissionStep, Occasion},
    person::{PersonRef, Role},
};
use store::{Application, ApplicationState, Asker, Change, Kept, NewApplication, Once};
use uuid::Uuid;

use super::newcomer::{self, Newcomer};
use crate::{
    app::App,
    asked::Asked,
    caller::Caller,
    directory::Known,
    mail::{Letter, Part, Recipient},
    place,
    problem::{Problem, Refusal},
    source::Source,
};

/// What becomes of what somebody asks who is not in yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// It waits for an answer.
    Taken,
    /// So many wait already that it was not taken.
    TooMany,
}

/// Keeps what an association asks.
///
/// # Errors
/// When the form was sent with something else before, or the database does not answer.
pub async fn ask(
    app: &App,
    source: Source,
    known: &Known,
    asked: &Asked,
    application: NewApplication,
) -> Result<Heard, Problem> {
    // Whoever fills the coordinator's list waits longer each time.
    tokio::time::sleep(app.guesses.try_at(&format!("applications to {}", known.id), source)).await;
    take(app, known, asked, "application", &Change::Apply(application)).await
}

/// Keeps what somebody asks who is not in yet, once.
pub(super) async fn take(
    app: &App,
    known: &Known,
    asked: &Asked,
    scope: &str,
    change: &Change,
) -> Result<Heard, Problem> {
    let once = Once {
        scope: scope.to_owned(),
        key: asked.key.clone(),
        request: asked.digest,
        status: 204,
        body: String::new(),
    };
    match app.store.keep(known.id, &once, change, app.now()).await? {
        Kept::Done | Kept::Repeated(_) => Ok(Heard::Taken),
        Kept::OtherRequest => Err(Problem::new(Refusal::KeyWasUsedForAnotherRequest)),
        Kept::Full | Kept::Stale => Ok(Heard::TooMany),
    }
}

/// How somebody was told what became of what they asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// A letter is on its way.
    ByLetter,
    /// Nobody has told them: they gave no address, or no letters leave.
    NotYet,
}

/// What was done about an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decided {
    /// The association is a member, and whoever asked speaks for it.
    Admitted {
        /// The association.
        association: AssociationNumber,
        /// Whether whoever asked knows.
        told: Told,
    },
    /// It is refused.
    Refused(Told),
    /// Somebody else had decided.
    Before,
}

/// Admits an association, under that name: it becomes a member, and whoever asked its delegate and administrator. What was
/// begun and not ended is gone on with, under the name that it was begun with.
///
/// # Errors
/// When the ledger refuses, and then nothing has happened; or the database does not answer.
pub async fn admit(app: &App, caller: &Caller, application: &Application, name: &str) -> Result<Decided, Problem> {
    let asked = &application.asked;
    if !app.store.begin_admission(caller.known.id, asked.application).await? {
        return Ok(Decided::Before);
    }
    let admission = Admission { newcomer: Newcomer { app, known: &caller.known, by: caller.by()? }, asked };
    let association = match admission.association(name).await {
        Ok(association) => association,
        // Where nobody knows whether the ledger has it, nobody may refuse it.
        Err(problem) if problem.status().is_client_error() => {
            app.store.give_admission_up(caller.known.id, asked.application).await?;
            return Err(problem);
        }
        Err(problem) => return Err(problem),
    };
    let person = admission.person().await?;
    let person_ref = PersonRef::Number(person);
    admission.ask(AdmissionStep::Membership, Command::Enrol { person: person_ref, association }).await?;
    for (step, role) in [
        (AdmissionStep::Delegate, Role::Delegate(association)),
        (AdmissionStep::Administrator, Role::Administrator(association)),
    ] {
        admission.ask(step, Command::GrantRole { person, role }).await?;
    }
    // Whoever ended it tells them, and nobody else.
    if !app.store.end_admission(caller.known.id, asked.application).await? {
        return Ok(Decided::Before);
    }
    let registry = caller.known.refreshed(&app.store).await?;
    let name = registry.association(association).map_or(name, |member| member.name());
    let way_in = format!("{}/sign-in", place::prefix_of(&app.store, caller.known.id).await?);
    let letter = |address| admitted(asked, address, &caller.known.network.name, name, &app.postman.link(&way_in));
    Ok(Decided::Admitted { association, told: tell(app, &asked.asker, letter) })
}

/// Refuses an association, for a reason that it is told.
///
/// # Errors
/// When the database does not answer.
pub async fn refuse(app: &App, caller: &Caller, application: &Application, reason: &str) -> Result<Decided, Problem> {
    let (asked, by) = (&application.asked, caller.access.principal);
    if !app.store.refuse_application(caller.known.id, asked.application, reason, by, app.now()).await? {
        return Ok(match &application.state {
            // Sent twice.
            ApplicationState::Refused { reason: before, by: who, .. } if before == reason && *who == by => {
                Decided::Refused(if can_be_told(app, &asked.asker) { Told::ByLetter } else { Told::NotYet })
            }
            ApplicationState::Refused { .. } | ApplicationState::Waiting | ApplicationState::Admitting => {
                Decided::Before
            }
        });
    }
    let letter = |address| refused(asked, address, &caller.known.network.name, reason);
    Ok(Decided::Refused(tell(app, &asked.asker, letter)))
}

/// Whether a letter can tell somebody.
pub fn can_be_told(app: &App, asker: &Asker) -> bool {
    app.postman.is_set() && asker.email.is_some()
}

fn tell(app: &App, asker: &Asker, letter: impl FnOnce(String) -> Letter) -> Told {
    match &asker.email {
        Some(address) if app.postman.send(letter(address.clone())) => Told::ByLetter,
        Some(_) | None => Told::NotYet,
    }
}

/// An association on its way in.
struct Admission<'a> {
    newcomer: Newcomer<'a>,
    asked: &'a NewApplication,
}

impl Admission<'_> {
    fn occasion(&self, step: AdmissionStep) -> Occasion<'static> {
        Occasion::Admission { request: self.asked.application, step }
    }

    /// Asks for one of its acts, and finds it where it was asked before.
    async fn ask(&self, step: AdmissionStep, command: Command) -> Result<ActNumber, Problem> {
        let request = self.occasion(step).request(self.newcomer.by, command);
        self.newcomer.submit(request).await.map(|receipt| receipt.act)
    }

    async fn association(&self, name: &str) -> Result<AssociationNumber, Problem> {
        let asked = self.asked;
        let rna = asked.rna.as_deref().and_then(|rna| Identifier::from_parts(IdentifierKind::Rna, rna).ok());
        let new = NewAssociation {
            name: name.to_owned(),
            former_names: Vec::new(),
            kind: AssociationKind::Association,
            state: MembershipState::Active,
            identifiers: rna.into_iter().collect(),
            commune: asked.commune.clone(),
            insee: None,
            member_since: None,
            contact: Contact {
                name: Some(full_name(&asked.asker)),
                email: asked.asker.email.clone(),
                phone: asked.asker.phone.clone(),
                paper_only: false,
            },
        };
        let act = self.ask(AdmissionStep::Association, Command::AddAssociation(new)).await?;
        Ok(AssociationNumber(act.0))
    }

    /// Whoever asked: the only one in the network with that address, or somebody new.
    async fn person(&self) -> Result<PersonNumber, Problem> {
        let Newcomer { app, known, .. } = &self.newcomer;
        let Asker { first_name, last_name, email, .. } = &self.asked.asker;
        if let Some(address) = email {
            let registry = known.refreshed(&app.store).await?;
            let mut persons = app.store.persons_at_address(known.id, address).await?;
            persons.retain(|person| registry.person(*person).is_some());
            // Asked again after the acts were written, it is whoever was added then, under the same key.
            let is_being_added =
                !app.store.acts_of_keys(known.id, &[self.occasion(AdmissionStep::Person).key()]).await?.is_empty();
            if let ([only], false) = (persons.as_slice(), is_being_added) {
                return Ok(*only);
            }
        }
        let identity = newcomer::identity(first_name, last_name, email.clone(), None);
        self.newcomer.add(self.occasion(AdmissionStep::Person), &identity).await
    }
}

/// What somebody who asks is called.
pub fn full_name(asker: &Asker) -> String {
    format!("{} {}", asker.first_name, asker.last_name)
}

fn admitted(asked: &NewApplication, address: String, network: &str, name: &str, way_in: &str) -> Letter {
    let language = asked.asker.language;
    let t = |french: &str, english: &str| language.pick(french, english).to_owned();
    let parts = vec![
        hello(&asked.asker),
        Part::Text(language.pick(
            format!(
                "«\u{a0}{name}\u{a0}» fait maintenant partie de «\u{a0}{network}\u{a0}». Vous parlez pour elle\u{a0}: \
                 vous notez l’aide donnée et reçue, répondez aux autres, et pouvez confier ce rôle à d’autres de chez vous."
            ),
            format!(
                "“{name}” is now part of “{network}”. You speak for it: you note help given and received, answer the \
                 others, and may hand this role to others of yours."
            ),
        )),
        Part::Button { words: t("Entrer avec cette adresse e-mail", "Enter with this e-mail address"), address: way_in.to_owned() },
    ];
    letter(
        asked.application,
        "admitted",
        (address, &asked.asker),
        parts,
        language.pick(format!("{name} est admise\u{a0}: {network}"), format!("{name} is admitted: {network}")),
    )
}

fn refused(asked: &NewApplication, address: String, network: &str, reason: &str) -> Letter {
    let (language, name) = (asked.asker.language, &asked.name);
    let t = |french: &str, english: &str| language.pick(french, english).to_owned();
    let parts = vec![
        hello(&asked.asker),
        Part::Text(language.pick(
            format!(
                "La coordination de «\u{a0}{network}\u{a0}» n’a pas admis «\u{a0}{name}\u{a0}». Voici pourquoi, dans ses \
                 mots\u{a0}:"
            ),
            format!("The coordinator of “{network}” has not admitted “{name}”. Here is why, in their words:"),
        )),
        Part::List(vec![reason.to_owned()]),
        Part::Text(t(
            "Vous pouvez lui écrire ou l’appeler, et demander de nouveau. Ce que vous aviez écrit n’est public nulle part, et \
             sera effacé dans un an au plus.",
            "You may write to them or call them, and ask again. What you wrote is public nowhere, and is erased within a \
             year.",
        )),
    ];
    letter(
        asked.application,
        "refused",
        (address, &asked.asker),
        parts,
        language
            .pick(format!("Réponse à votre demande\u{a0}: {network}"), format!("Answer to your request: {network}")),
    )
}

fn hello(asker: &Asker) -> Part {
    let name = &asker.first_name;
    Part::Text(asker.language.pick(format!("Bonjour {name},"), format!("Hello {name},")))
}

fn letter(request: Uuid, what: &str, (address, asker): (String, &Asker), parts: Vec<Part>, subject: String) -> Letter {
    let language: Language = asker.language;
    let to = Recipient { name: Some(full_name(asker)), address };
    Letter { id: format!("{what}-{request}"), to, language, subject, parts, headers: Vec::new() }
}
