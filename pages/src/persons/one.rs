//! One person: what they are in the network, and what the coordinator gives or takes back.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use chrono::NaiveDate;
use ledger::{
    AssociationNumber,
    association::MembershipState,
    command::Command,
    name,
    person::{Identity, Person, PersonRef, Role},
    words::capitalised,
};
use service::{App, caller::Caller, mailer::role, persons, problem::Problem};
use uuid::Uuid;

use crate::{
    answer::{Answer, page, page_with, see},
    form::{Choice, Filled, Misfits, sentence_of},
    frame::{Asking, Frame, full_name},
    reach::Link,
    step_form::{Kind, Sent, StepForm, day},
};

#[derive(Template)]
#[template(path = "kept_person.html")]
struct One {
    frame: Frame,
    misfits: Misfits,
    name: String,
    /// Their code; nothing once they are forgotten.
    code: Option<String>,
    email: Option<Link>,
    adult_on: Option<String>,
    roles: Vec<String>,
    associations: Vec<Link>,
    /// Where a paper card is printed for them.
    card: String,
    forms: Vec<StepForm>,
}

/// The roles, without the associations that some are about.
const ROLES: [&str; 5] = ["delegate", "administrator", "coordinator", "mediator", "auditor"];

/// A person's roles: "délégué de Chorale".
pub(super) fn roles_in_words(caller: &Caller, frame: &Frame, person: &Person) -> Vec<String> {
    person.roles.iter().map(|role| role_in_words(caller, frame, *role)).collect()
}

fn role_in_words(caller: &Caller, frame: &Frame, role: Role) -> String {
    let word = role.in_words(frame.language());
    match role.association() {
        Some(association) => {
            frame.say("person-role-of", &[("role", word.into()), ("name", caller.name_of(association).into())])
        }
        None => word.to_owned(),
    }
}

async fn set(app: &App, caller: &mut Caller, name: Uuid) -> Result<(Person, Option<Identity>), Problem> {
    caller.registry = caller.known.refreshed(&app.store).await?;
    let person = persons::find(&app.store, caller, name).await?;
    let identity = app.store.identity(caller.known.id, person.number).await?;
    Ok((person, identity))
}

async fn lay(
    app: &App,
    caller: &mut Caller,
    asking: &Asking,
    name: Uuid,
    sent: Option<Sent<'_>>,
) -> Result<One, Problem> {
    let (person, identity) = set(app, caller, name).await?;
    let frame = Frame::around(app, caller, asking).await?;
    let forgotten = || frame.t("person-forgotten");
    let email = identity.as_ref().and_then(|identity| identity.email.clone());
    let association = |association: &AssociationNumber| Link {
        address: frame.under(&format!("/members/{}", caller.name(association.0))),
        label: caller.name_of(*association),
    };
    let mut forms = forms(caller, &frame, &person, name, sent);
    forms.extend(identity.as_ref().map(|identity| {
        let keys = ["person-correct-title", "person-correct-then", "person-correct"];
        let form = StepForm::new(&frame, "correct", frame.under(&format!("/persons/{name}/correct")), keys);
        identity_fields(form, &frame, identity, person.adult_on).sent(sent)
    }));
    Ok(One {
        misfits: sent.map(|sent| sent.misfits.clone()).unwrap_or_default(),
        name: identity.as_ref().map_or_else(forgotten, full_name),
        code: identity.map(|identity| identity.code),
        email: email.map(|email| Link { address: format!("mailto:{email}"), label: email }),
        adult_on: person.adult_on.filter(|day| *day > frame.today).map(|day| frame.date(day)),
        roles: roles_in_words(caller, &frame, &person).iter().map(|role| capitalised(role)).collect(),
        associations: person.associations.iter().map(association).collect(),
        card: frame.under(&format!("/cards?person={name}")),
        forms,
        frame,
    })
}

fn forms(caller: &Caller, frame: &Frame, person: &Person, name: Uuid, sent: Option<Sent<'_>>) -> Vec<StepForm> {
    let form =
        |word: &'static str, keys| StepForm::new(frame, word, frame.under(&format!("/persons/{name}/{word}")), keys);
    let mut members: Vec<_> =
        caller.registry.associations().filter(|member| member.state != MembershipState::Left).collect();
    members.sort_by_cached_key(|member| name::fold(member.name()));
    let choices = |chosen: &str| {
        members.iter().map(|member| Choice::of(&caller.name(member.number.0), &member.name(), chosen)).collect()
    };
    let own = person.associations.first().map(|own| caller.name(own.0).to_string()).unwrap_or_default();
    let roles = ROLES.map(|word| {
        let role = Role::from_parts(word, None).or_else(|| Role::from_parts(word, Some(AssociationNumber(0))));
        let label = role.map_or(word, |role| role.in_words(frame.language()));
        Choice::of(&word, &capitalised(label), "")
    });
    let grant = form("grant", ["person-grant-title", "person-grant-then", "person-grant"])
        .list("role", frame.t("person-role"), roles.into())
        .list("association", frame.t("person-role-association"), choices(&own))
        .hint(frame.t("person-role-association-hint"));
    let enrol = form("enrol", ["person-enrol-title", "person-enrol-then", "person-enrol"]).list(
        "association",
        frame.t("oversee-association"),
        choices(""),
    );
    let held: Vec<_> = person
        .roles
        .iter()
        .map(|role| Choice::of(&written(*role), &capitalised(&role_in_words(caller, frame, *role)), ""))
        .collect();
    let revoke = (!held.is_empty()).then(|| {
        form("revoke", ["person-revoke-title", "person-revoke-then", "person-revoke"]).list(
            "role",
            frame.t("person-role"),
            held,
        )
    });
    let forms = [Some(grant), revoke, Some(enrol)];
    forms.into_iter().flatten().map(|form| form.sent(sent)).collect()
}

/// The fields for who somebody is.
pub(super) fn identity_fields(
    form: StepForm,
    frame: &Frame,
    identity: &Identity,
    adult_on: Option<NaiveDate>,
) -> StepForm {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let adult_on = adult_on.map(|day| day.to_string()).unwrap_or_default();
    form.field(Kind::Line, "first_name", frame.t("person-first-name"), &text(&identity.first_name))
        .field(Kind::Line, "last_name", frame.t("person-last-name"), &text(&identity.last_name))
        .field(Kind::Line, "code", frame.t("person-code"), &identity.code)
        .hint(frame.t("person-code-hint"))
        .field(Kind::Line, "email", frame.t("person-email"), &text(&identity.email))
        .field(Kind::Day, "adult_on", frame.t("person-adult-on"), &adult_on)
        .hint(frame.t("person-adult-on-hint"))
}

/// Who somebody is, as a form says it.
pub(super) fn identity(filled: &Filled, frame: &Frame, misfits: &mut Misfits) -> Option<Identity> {
    let said = |field| filled.said(field).map(str::to_owned);
    let code = said("code");
    if code.is_none() {
        misfits.add("code", frame.t("person-code-missing"));
    }
    let adult_on = filled.said("adult_on").is_some().then(|| day("adult_on", filled, frame, misfits));
    misfits.is_empty().then_some(())?;
    Some(Identity {
        code: code?,
        first_name: said("first_name"),
        last_name: said("last_name"),
        email: said("email"),
        adult_on: adult_on.flatten(),
    })
}

/// The field of these that a problem is about.
pub(super) fn field_of(problem: &Problem) -> &'static str {
    match problem.field().unwrap_or_default() {
        "code" => "code",
        "first_name" => "first_name",
        "last_name" => "last_name",
        "email" => "email",
        "adult_on" => "adult_on",
        "role" => "role",
        "association" => "association",
        _ => "form",
    }
}

/// A role that somebody holds, as a form sends it.
fn written(role: Role) -> String {
    match role.association() {
        Some(association) => format!("{}:{association}", role.as_str()),
        None => role.as_str().to_owned(),
    }
}

/// The page.
pub(crate) async fn show(State(app): State<App>, mut caller: Caller, Path(name): Path<Uuid>, asking: Asking) -> Answer {
    page(&lay(&app, &mut caller, &asking, name, None).await?)
}

/// Gives a role or takes one back, says where somebody belongs, or anew who they are.
pub(crate) async fn take(
    State(app): State<App>,
    mut caller: Caller,
    Path((name, word)): Path<(Uuid, String)>,
    asking: Asking,
    filled: Filled,
) -> Answer {
    let asked = filled.asked()?;
    let (person, _) = set(&app, &mut caller, name).await?;
    let frame = Frame::around(&app, &caller, &asking).await?;
    let mut misfits = Misfits::default();
    let command = match word.as_str() {
        "grant" => granted(&caller, &frame, &person, &filled, &mut misfits),
        "revoke" => revoked(&frame, &person, &filled, &mut misfits),
        "enrol" => association(&caller, &frame, &filled, &mut misfits)
            .map(|association| Command::Enrol { person: PersonRef::Number(person.number), association }),
        "correct" => identity(&filled, &frame, &mut misfits)
            .map(|identity| Command::CorrectPerson { person: person.number, identity }),
        _ => return Err(Problem::not_found()),
    };
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if let Some(command) = command {
        let result = match command {
            Command::GrantRole { person, role } => role::grant(&app, &caller, &asked, person, role).await,
            command => app.write(&caller, &asked, command).await,
        };
        match result {
            Ok(_) => return see(&frame.under(&format!("/persons/{name}?said=said-person"))),
            Err(problem) => {
                misfits.add(field_of(&problem), sentence_of(&frame, &problem));
                status = problem.status();
            }
        }
    }
    let sent = Sent { word: &word, filled: &filled, misfits: &misfits };
    page_with(status, &lay(&app, &mut caller, &asking, name, Some(sent)).await?)
}

fn association(caller: &Caller, frame: &Frame, filled: &Filled, misfits: &mut Misfits) -> Option<AssociationNumber> {
    let number = filled.get("association").parse().ok().and_then(|name| caller.ids().number(name).ok());
    if number.is_none() {
        misfits.add("association", frame.t("note-who-is-missing"));
    }
    number.map(AssociationNumber)
}

fn granted(caller: &Caller, frame: &Frame, person: &Person, filled: &Filled, misfits: &mut Misfits) -> Option<Command> {
    let word = filled.get("role");
    if !ROLES.contains(&word) {
        misfits.add("role", frame.t("person-role-missing"));
        return None;
    }
    // A role of the network is about no association, whatever stands in the list beside.
    let of_network = Role::from_parts(word, None);
    let role = match of_network {
        Some(role) => role,
        None => Role::from_parts(word, Some(association(caller, frame, filled, misfits)?))?,
    };
    Some(Command::GrantRole { person: person.number, role })
}

fn revoked(frame: &Frame, person: &Person, filled: &Filled, misfits: &mut Misfits) -> Option<Command> {
    let role = person.roles.iter().copied().find(|role| filled.is("role", &written(*role)));
    if role.is_none() {
        misfits.add("role", frame.t("person-role-missing"));
    }
    Some(Command::RevokeRole { person: person.number, role: role? })
}
