//! Persons, the associations they belong to, and their roles.

use std::collections::HashMap;

use axum::{extract::State, http::Uri};
use chrono::NaiveDate;
use ledger::{
    command::Command,
    person::{Identity, Person, PersonRef, Role},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use service::{
    App,
    caller::Caller,
    mailer::role,
    misfit::Misfit,
    persons,
    problem::{Problem, Refusal},
    sign_in::invitation,
    writing::AnswerToKeep,
};
use store::Change;
use uuid::Uuid;

use super::me::{HeldRole, held_roles};
use crate::{
    answer::{Answer, again, created, json as json_answer, page, receipt, rows_for},
    extract::{ForWhom, Keyed, NamesAssociations, Nothing, Path, Query},
    parts::{AtMost, PageSize},
};

/// A person.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Person")]
pub(crate) struct PersonView {
    id: Uuid,
    /// The code under which the network's files know them; absent once they are forgotten.
    code: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    email: Option<String>,
    /// The day on which they come of age, if they were a minor when they were added.
    adult_on: Option<NaiveDate>,
    /// The associations they belong to.
    associations: Vec<Uuid>,
    roles: Vec<HeldRole>,
}

/// Which persons to list.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListPersons {
    /// Of this association. Delegates see their own association's alone.
    association: Option<Uuid>,
    /// With this code.
    code: Option<AtMost<200>>,
    /// The `next` of the page before.
    cursor: Option<Uuid>,
    /// How many items at most.
    limit: Option<PageSize>,
}

pub(crate) async fn list(
    State(app): State<App>,
    mut caller: Caller,
    uri: Uri,
    Query(query): Query<ListPersons>,
) -> Answer {
    caller.registry = caller.known.refreshed(&app.store).await?;
    let mut of = caller.sight().only()?;
    if let Some(name) = query.association {
        let wanted = caller.member(&app.store, name).await?.number;
        caller.check_concerns(wanted)?;
        of = Some(wanted);
    }
    let after = query.cursor.map(|name| caller.queried(name, "cursor")).transpose()?.unwrap_or(0);
    let identities: HashMap<_, _> = app.store.identities(caller.known.id).await?.into_iter().collect();
    let fits = |person: &&Person| {
        person.number.0 > after
            && of.is_none_or(|of| person.concerns(of))
            && query.code.as_ref().is_none_or(|code| identities.get(&person.number).is_some_and(|it| it.code == **code))
    };
    let rows: Vec<Person> =
        caller.registry.persons().filter(fits).take(rows_for(query.limit) as usize).cloned().collect();
    let cursor = |person: &Person| caller.name(person.number.0).to_string();
    page(&uri, rows, query.limit, cursor, |person| Ok(show(&caller, &person, identities.get(&person.number))))
}

fn show(caller: &Caller, person: &Person, identity: Option<&Identity>) -> PersonView {
    let identity = identity.cloned();
    let associations = persons::seen_associations(caller, person);
    PersonView {
        id: caller.name(person.number.0),
        code: identity.as_ref().map(|it| it.code.clone()),
        first_name: identity.as_ref().and_then(|it| it.first_name.clone()),
        last_name: identity.as_ref().and_then(|it| it.last_name.clone()),
        email: identity.and_then(|it| it.email),
        adult_on: person.adult_on,
        associations: associations.into_iter().map(|association| caller.name(association.0)).collect(),
        roles: held_roles(caller, &persons::seen_roles(caller, person)),
    }
}

pub(crate) async fn one(State(app): State<App>, mut caller: Caller, Path(name): Path<Uuid>) -> Answer {
    caller.registry = caller.known.refreshed(&app.store).await?;
    let person = persons::find_seen(&app.store, &mut caller, name).await?;
    let identities = app.store.identities(caller.known.id).await?;
    let identity = identities.iter().find(|(number, _)| *number == person.number).map(|(_, identity)| identity);
    Ok(json_answer(200, &show(&caller, &person, identity)))
}

/// A person to add, or all that is said of one from now on.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPerson {
    /// A short code, unique in the network.
    #[schemars(length(min = 1, max = 200))]
    code: String,
    #[schemars(length(min = 1, max = 200))]
    first_name: Option<String>,
    #[schemars(length(min = 1, max = 200))]
    last_name: Option<String>,
    #[schemars(length(min = 1, max = 200))]
    email: Option<String>,
    /// The day on which a minor comes of age. Nothing is issued to them before without a guardian's consent.
    adult_on: Option<NaiveDate>,
}

impl From<NewPerson> for Identity {
    fn from(NewPerson { code, first_name, last_name, email, adult_on }: NewPerson) -> Self {
        Self { code, first_name, last_name, email, adult_on }
    }
}

pub(crate) async fn add(State(app): State<App>, caller: Caller, Keyed { asked, body }: Keyed<NewPerson>) -> Answer {
    let made = app.write(&caller, &asked, Command::AddPerson(body.into())).await?;
    Ok(created(&caller, &made, "/v1/persons"))
}

pub(crate) async fn correct(
    State(app): State<App>,
    mut caller: Caller,
    Path(name): Path<Uuid>,
    Keyed { asked, body }: Keyed<NewPerson>,
) -> Answer {
    let person = persons::find(&app.store, &mut caller, name).await?.number;
    let made = app.write(&caller, &asked, Command::CorrectPerson { person, identity: body.into() }).await?;
    Ok(receipt(200, &caller, &made))
}

/// Where a person belongs.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Membership {
    association: Uuid,
}

pub(crate) async fn enrol(
    State(app): State<App>,
    mut caller: Caller,
    Path(name): Path<Uuid>,
    Keyed { asked, body }: Keyed<Membership>,
) -> Answer {
    let person = PersonRef::Number(persons::find(&app.store, &mut caller, name).await?.number);
    let association = caller.association_in(body.association, "association")?;
    let made = app.write(&caller, &asked, Command::Enrol { person, association }).await?;
    Ok(receipt(200, &caller, &made))
}

/// A role to give or to take back.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetRole {
    role: RoleName,
    /// The association, for a delegate or an administrator.
    association: Option<Uuid>,
    /// Whether the person is to hold the role: `false` takes it back.
    #[serde(default = "yes")]
    is_held: bool,
}

const fn yes() -> bool {
    true
}

/// The roles.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RoleName {
    Delegate,
    Administrator,
    Coordinator,
    Mediator,
    Auditor,
}

impl RoleName {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Delegate => "delegate",
            Self::Administrator => "administrator",
            Self::Coordinator => "coordinator",
            Self::Mediator => "mediator",
            Self::Auditor => "auditor",
        }
    }
}

impl NamesAssociations for SetRole {
    fn associations(&self) -> Vec<Uuid> {
        self.association.into_iter().collect()
    }
}

pub(crate) async fn set_role(
    State(app): State<App>,
    Path(name): Path<Uuid>,
    ForWhom { mut caller, asked, body }: ForWhom<SetRole>,
) -> Answer {
    // Whose people they are not learns no more than that.
    let person = persons::find_seen(&app.store, &mut caller, name).await?.number;
    let about = body.association.map(|name| caller.association_in(name, "association")).transpose()?;
    let role = Role::from_parts(body.role.as_str(), about).ok_or_else(|| {
        let why = match about {
            Some(_) => Misfit::UnknownField { name: "association".to_owned(), fits: &["role", "is_held"] },
            None => Misfit::MissingField("association"),
        };
        Problem::new(Refusal::BodyDoesNotFit(why)).at("association")
    })?;
    let made = if body.is_held {
        role::grant(&app, &caller, &asked, person, role).await?
    } else {
        app.write(&caller, &asked, Command::RevokeRole { person, role }).await?
    };
    Ok(receipt(200, &caller, &made))
}

/// An invitation: a link with which a person chooses a password.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Invitation {
    id: Uuid,
    person: Uuid,
    expires_at: chrono::DateTime<chrono::Utc>,
    /// What stands in the link; shown once, and absent when the same request is repeated.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
    /// The link; shown once.
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<String>,
}

pub(crate) async fn invite(
    State(app): State<App>,
    mut caller: Caller,
    Path(name): Path<Uuid>,
    Keyed { asked, .. }: Keyed<Nothing>,
) -> Answer {
    let person = persons::find(&app.store, &mut caller, name).await?;
    invitation::check_may_invite(&app, &caller, &person).await?;
    let (invitation, secret) = invitation::new(&app, &caller, &person);
    let mut shown = Invitation {
        id: invitation.invitation,
        person: name,
        expires_at: invitation.expires_at,
        secret: None,
        link: None,
    };
    let without_secret = json!(shown);
    let answer = AnswerToKeep { status: 201, body: &without_secret };
    match app.keep(&caller, &asked, &Change::AddInvitation(invitation), answer).await? {
        Some(earlier) => Ok(again(earlier)),
        None => {
            shown.link = Some(invitation::link(&app, &secret));
            shown.secret = Some(secret.text);
            Ok(json_answer(201, &shown))
        }
    }
}
