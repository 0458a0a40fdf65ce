//! Persons, the associations they belong to, and their roles.

use std::collections::HashMap;

use axum::{extract::State, http::Uri};
use chrono::{NaiveDate, TimeDelta};
use ledger::{
    PersonNumber,
    command::Command,
    person::{Identity, Person, PersonRef, Role},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Change, NewInvitation};
use uuid::Uuid;

use super::{
    me::{HeldRole, roles_of},
    parts::{AtMost, PageSize},
};
use crate::{
    answer::{Answer, created, json as json_answer, kept, page, receipt, rows_for},
    app::App,
    extract::{Keyed, Path, Query},
    misfit::Misfit,
    problem::{Problem, Refusal},
    who::{Caller, Tokens},
};

/// So long an invitation works.
const INVITATION_DAYS: i64 = 14;

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
    let mut of = caller.association();
    if let Some(name) = query.association {
        let wanted = caller.member(&app, name).await?.number;
        caller.check_concerns(wanted)?;
        of = Some(wanted);
    }
    let after = query.cursor.map(|name| caller.queried(name, "cursor")).transpose()?.unwrap_or(0);
    let identities: HashMap<_, _> = app.store.identities(caller.known.id).await?.into_iter().collect();
    let fits = |person: &&Person| {
        person.number.0 > after
            && of.is_none_or(|of| concerns(person, of))
            && query.code.as_ref().is_none_or(|code| identities.get(&person.number).is_some_and(|it| it.code == **code))
    };
    let rows: Vec<Person> =
        caller.registry.persons().filter(fits).take(rows_for(query.limit) as usize).cloned().collect();
    let cursor = |person: &Person| caller.name(person.number.0).to_string();
    Ok(page(&uri, rows, query.limit, cursor, |person| show(&caller, &person, identities.get(&person.number))))
}

fn concerns(person: &Person, association: ledger::AssociationNumber) -> bool {
    person.associations.contains(&association)
        || person.roles.iter().any(|role| role.association() == Some(association))
}

/// What another association's roles are concerns that association alone.
fn show(caller: &Caller, person: &Person, identity: Option<&Identity>) -> PersonView {
    let identity = identity.cloned();
    let sees = |about: Option<ledger::AssociationNumber>| caller.association().is_none_or(|own| about == Some(own));
    let associations = person.associations.iter().filter(|association| sees(Some(**association)));
    let associations = associations.map(|association| caller.name(association.0)).collect();
    let seen = Person {
        roles: person.roles.iter().copied().filter(|role| sees(role.association())).collect(),
        ..person.clone()
    };
    PersonView {
        id: caller.name(person.number.0),
        code: identity.as_ref().map(|it| it.code.clone()),
        first_name: identity.as_ref().and_then(|it| it.first_name.clone()),
        last_name: identity.as_ref().and_then(|it| it.last_name.clone()),
        email: identity.and_then(|it| it.email),
        adult_on: person.adult_on,
        associations,
        roles: roles_of(caller, &seen),
    }
}

/// The person in an address, if they concern the caller.
async fn find(app: &App, caller: &mut Caller, name: Uuid) -> Result<Person, Problem> {
    let number = caller.known.ids.number(name).map(PersonNumber).ok_or_else(Problem::not_found)?;
    if caller.registry.person(number).is_none() {
        caller.registry = caller.known.refreshed(&app.store).await?;
    }
    caller.registry.person(number).cloned().ok_or_else(Problem::not_found)
}

pub(crate) async fn one(State(app): State<App>, mut caller: Caller, Path(name): Path<Uuid>) -> Answer {
    caller.registry = caller.known.refreshed(&app.store).await?;
    let person = find(&app, &mut caller, name).await?;
    if caller.association().is_some_and(|own| !concerns(&person, own)) {
        return Err(Problem::new(Refusal::BelongsToOthers));
    }
    let identities = app.store.identities(caller.known.id).await?;
    let identity = identities.iter().find(|(number, _)| *number == person.number).map(|(_, identity)| identity);
    Ok(json_answer(200, &show(&caller, &person, identity)))
}

/// A person to add.
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

pub(crate) async fn add(State(app): State<App>, caller: Caller, Keyed { asked, body }: Keyed<NewPerson>) -> Answer {
    let NewPerson { code, first_name, last_name, email, adult_on } = body;
    let command = Command::AddPerson(Identity { code, first_name, last_name, email, adult_on });
    let made = app.write(&caller, &asked, command).await?;
    Ok(created(&caller, &made, "/v1/persons"))
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
    let person = PersonRef::Number(find(&app, &mut caller, name).await?.number);
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

pub(crate) async fn set_role(
    State(app): State<App>,
    mut caller: Caller,
    Path(name): Path<Uuid>,
    Keyed { asked, body }: Keyed<SetRole>,
) -> Answer {
    let person = find(&app, &mut caller, name).await?.number;
    let about = body.association.map(|name| caller.association_in(name, "association")).transpose()?;
    let role = Role::from_parts(body.role.as_str(), about).ok_or_else(|| {
        let why = match about {
            Some(_) => Misfit::UnknownField { name: "association".to_owned(), fits: &["role", "is_held"] },
            None => Misfit::MissingField("association"),
        };
        Problem::new(Refusal::BodyDoesNotFit(why)).at("association")
    })?;
    let command = if body.is_held { Command::GrantRole { person, role } } else { Command::RevokeRole { person, role } };
    let made = app.write(&caller, &asked, command).await?;
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
    Keyed { asked, .. }: Keyed<crate::extract::Nothing>,
) -> Answer {
    let person = find(&app, &mut caller, name).await?;
    let is_ours = match caller.association() {
        None => true,
        // An administrator invites whom only their own association has given roles to.
        Some(own) => concerns(&person, own) && person.roles.iter().all(|role| role.association() == Some(own)),
    };
    if !is_ours {
        return Err(Problem::new(Refusal::BelongsToOthers));
    }
    let secret = Tokens::text(caller.known.id, app.random());
    let invitation = NewInvitation {
        invitation: app.new_name(),
        secret: Tokens::digest(&secret),
        person: person.number,
        principal: caller.access.principal,
        expires_at: app.now() + TimeDelta::days(INVITATION_DAYS),
    };
    let mut shown = Invitation {
        id: invitation.invitation,
        person: name,
        expires_at: invitation.expires_at,
        secret: None,
        link: None,
    };
    let without_secret = json!(shown);
    match app.keep(&caller, &asked, &Change::AddInvitation(invitation), 201, &without_secret).await? {
        Some((status, body)) => Ok(kept(status, body)),
        None => {
            let base = app.config.public_url.as_deref().unwrap_or_default().trim_end_matches('/');
            shown.link = Some(format!("{base}/invitation#{secret}"));
            shown.secret = Some(secret);
            Ok(json_answer(201, &shown))
        }
    }
}
