//! Members: who takes part, under which names and limits.

use axum::{extract::State, http::Uri};
use chrono::NaiveDate;
use ledger::{
    AssociationNumber, Identifier, IdentifierKind, InseeCode,
    association::{self, AssociationKind, Contact, Description, MembershipState, NewAssociation},
    command::{Command, Seen},
    name,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use service::{
    App,
    asked::Asked,
    caller::Caller,
    members,
    problem::Problem,
    rules,
    writing::{AnswerToKeep, Tagged},
};
use store::{Change, MemberPlace};
use uuid::Uuid;

use crate::{
    answer::{Answer, again, created, json as json_answer, page, receipt, rows_for, tagged},
    cursor,
    extract::{IfMatch, Keyed, Query},
    member::{Fresh, Member, OwnMember},
    parts::{AtMost, LimitsPart, PageQuery, PageSize, Word, tag_of},
};

/// A member.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Association {
    id: Uuid,
    name: String,
    /// Names that it bore before.
    former_names: Vec<String>,
    kind: Word<AssociationKind>,
    state: Word<MembershipState>,
    /// Its registrations.
    identifiers: Vec<IdentifierPart>,
    /// The limits in force for it.
    limits: LimitsPart,
    /// Whether these are its own and not the policy's.
    has_own_limits: bool,
    commune: Option<String>,
    insee: Option<String>,
    member_since: Option<NaiveDate>,
    /// How to reach it; for itself, the coordinator and auditors, where one member is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    contact: Option<ContactPart>,
}

/// A registration.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Identifier")]
#[serde(deny_unknown_fields)]
pub(crate) struct IdentifierPart {
    kind: Word<IdentifierKind>,
    /// As its register writes it; a court register as `court|volume|folio`.
    #[schemars(length(min = 1, max = 200))]
    value: String,
}

impl IdentifierPart {
    fn read(&self) -> Result<Identifier, Problem> {
        Identifier::from_parts(self.kind.0, &self.value).map_err(|error| Problem::of_words(&error, "identifiers"))
    }

    fn of(identifier: &Identifier) -> Self {
        Self { kind: Word(identifier.kind()), value: identifier.value() }
    }
}

/// How to reach a member. Kept where it can be erased.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Contact")]
#[serde(deny_unknown_fields)]
pub(crate) struct ContactPart {
    /// A person's name.
    #[schemars(length(max = 200))]
    name: Option<String>,
    #[schemars(length(max = 200))]
    email: Option<String>,
    #[schemars(length(max = 50))]
    phone: Option<String>,
    /// Whether it has no computer and wants everything on paper.
    #[serde(default)]
    paper_only: bool,
}

impl From<ContactPart> for Contact {
    fn from(part: ContactPart) -> Self {
        Self { name: part.name, email: part.email, phone: part.phone, paper_only: part.paper_only }
    }
}

/// Which members to list.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListAssociations {
    /// In this state.
    state: Option<Word<MembershipState>>,
    /// With these letters in a present or former name; case and accents do not count.
    name: Option<AtMost<200>>,
    /// With this registration.
    identifier: Option<AtMost<200>>,
    /// The `next` of the page before.
    cursor: Option<Uuid>,
    /// How many items at most.
    limit: Option<PageSize>,
}

pub(crate) async fn list(
    State(app): State<App>,
    mut caller: Caller,
    uri: Uri,
    Query(query): Query<ListAssociations>,
) -> Answer {
    caller.registry = caller.known.refreshed(&app.store).await?;
    let after = query.cursor.map(|name| caller.queried(name, "cursor")).transpose()?.unwrap_or(0);
    let wanted = query.name.as_deref().map(name::fold);
    let identifier = query.identifier.as_deref().map(|text| text.replace(' ', "").to_uppercase());
    let fits = |member: &&association::Association| {
        member.number.0 > after
            && query.state.is_none_or(|state| state.0 == member.state)
            && wanted
                .as_deref()
                .is_none_or(|wanted| member.names.iter().any(|dated| name::fold(&dated.name).contains(wanted)))
            && identifier.as_deref().is_none_or(|wanted| {
                member.identifiers.iter().any(|identifier| identifier.value().replace(' ', "").to_uppercase() == wanted)
            })
    };
    let rows: Vec<_> =
        caller.registry.associations().filter(fits).take(rows_for(query.limit) as usize).cloned().collect();
    let places = app.store.member_places(caller.known.id).await?;
    let cursor = |member: &association::Association| caller.name(member.number.0).to_string();
    page(&uri, rows, query.limit, cursor, |member| show(&caller, &member, places.get(&member.number), None))
}

fn show(
    caller: &Caller,
    member: &association::Association,
    place: Option<&MemberPlace>,
    contact: Option<ContactPart>,
) -> Result<Association, Problem> {
    let limits = caller.registry.limits(member.number).ok_or_else(Problem::not_found)?;
    let MemberPlace { commune, insee, member_since } = place.cloned().unwrap_or_default();
    Ok(Association {
        id: caller.name(member.number.0),
        name: member.name().to_owned(),
        former_names: member.former_names().map(str::to_owned).collect(),
        kind: Word(member.kind),
        state: Word(member.state),
        identifiers: member.identifiers.iter().map(IdentifierPart::of).collect(),
        limits: limits.into(),
        has_own_limits: member.limits.is_some(),
        commune,
        insee,
        member_since,
        contact,
    })
}

fn tag(member: &association::Association) -> String {
    tag_of(&members::version(member))
}

pub(crate) async fn one(State(app): State<App>, Fresh(Member { caller, association: member }): Fresh) -> Answer {
    let places = app.store.member_places(caller.known.id).await?;
    let contact = if caller.check_concerns(member.number).is_ok() {
        let contact = app.store.contact(caller.known.id, member.number).await?.unwrap_or_default();
        let Contact { name, email, phone, paper_only } = contact;
        Some(ContactPart { name, email, phone, paper_only })
    } else {
        None
    };
    Ok(tagged(&show(&caller, &member, places.get(&member.number), contact)?, &tag(&member)))
}

/// A new member.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AddAssociation {
    #[schemars(length(min = 1, max = 200))]
    name: String,
    /// Names that it bore before.
    #[serde(default)]
    #[schemars(length(max = 20))]
    former_names: Vec<String>,
    /// `association` unless said.
    kind: Option<Word<AssociationKind>>,
    /// `applicant`, or `active` to admit it at once; `active` unless said.
    state: Option<Word<MembershipState>>,
    #[serde(default)]
    #[schemars(length(max = 10))]
    identifiers: Vec<IdentifierPart>,
    #[schemars(length(max = 200))]
    commune: Option<String>,
    /// The commune's INSEE code.
    #[schemars(length(max = 5))]
    insee: Option<String>,
    member_since: Option<NaiveDate>,
    #[serde(default)]
    contact: Option<ContactPart>,
}

pub(crate) async fn add(
    State(app): State<App>,
    caller: Caller,
    Keyed { asked, body }: Keyed<AddAssociation>,
) -> Answer {
    let identifiers = body.identifiers.iter().map(IdentifierPart::read).collect::<Result<_, _>>()?;
    let insee = body.insee.as_deref().map(InseeCode::parse).transpose();
    let command = Command::AddAssociation(NewAssociation {
        name: body.name,
        former_names: body.former_names,
        kind: body.kind.map_or(AssociationKind::Association, |kind| kind.0),
        state: body.state.map_or(MembershipState::Active, |state| state.0),
        identifiers,
        commune: body.commune,
        insee: insee.map_err(|error| Problem::of_words(&error, "insee"))?,
        member_since: body.member_since,
        contact: body.contact.map(Contact::from).unwrap_or_default(),
    });
    let made = app.write(&caller, &asked, command).await?;
    Ok(created(&caller, &made, "/v1/associations"))
}

/// Asks the ledger to change a member.
async fn change(
    app: &App,
    Member { caller, association: member }: Member,
    asked: &Asked,
    IfMatch(tags): &IfMatch,
    command: impl FnOnce(AssociationNumber) -> Command,
) -> Answer {
    let number = member.number;
    let now = async {
        let registry = caller.known.refreshed(&app.store).await?;
        let member = registry.association(number).cloned().ok_or_else(Problem::not_found)?;
        Ok(Tagged { tag: tag(&member), version: Seen::Member(Box::new(member)) })
    };
    let seen = app.seen(&caller, asked, tags, now).await?;
    let made = app.write_having_seen(&caller, asked, command(number), seen).await?;
    Ok(receipt(200, &caller, &made))
}

/// Another name.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rename {
    #[schemars(length(min = 1, max = 200))]
    name: String,
    /// The new name's first day; today unless said.
    since: Option<NaiveDate>,
}

pub(crate) async fn rename(
    State(app): State<App>,
    member: Member,
    if_match: IfMatch,
    Keyed { asked, body }: Keyed<Rename>,
) -> Answer {
    let today = member.caller.known.network.day_of(app.now());
    let since = body.since.unwrap_or(today);
    let command = |association| Command::RenameAssociation { association, name: body.name, since };
    change(&app, member, &asked, &if_match, command).await
}

pub(crate) async fn identify(
    State(app): State<App>,
    member: Member,
    if_match: IfMatch,
    Keyed { asked, body }: Keyed<IdentifierPart>,
) -> Answer {
    let identifier = body.read()?;
    let command = |association| Command::IdentifyAssociation { association, identifier };
    change(&app, member, &asked, &if_match, command).await
}

/// What a member is and where it sits, in the place of all that was said of it before.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Describe {
    kind: Word<AssociationKind>,
    #[schemars(length(max = 200))]
    commune: Option<String>,
    /// The commune's INSEE code.
    #[schemars(length(max = 5))]
    insee: Option<String>,
    member_since: Option<NaiveDate>,
}

pub(crate) async fn describe(
    State(app): State<App>,
    member: Member,
    if_match: IfMatch,
    Keyed { asked, body: Describe { kind, commune, insee, member_since } }: Keyed<Describe>,
) -> Answer {
    let insee = insee.as_deref().map(InseeCode::parse).transpose();
    let insee = insee.map_err(|error| Problem::of_words(&error, "insee"))?;
    // How it is reached has a route of its own.
    let contact = app.store.contact(member.caller.known.id, member.association.number).await?.unwrap_or_default();
    let description = Description { kind: kind.0, commune, insee, member_since, contact };
    let command = |association| Command::DescribeAssociation { association, description };
    change(&app, member, &asked, &if_match, command).await
}

/// Another state.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetState {
    /// `active` admits an applicant or takes a suspended member back; `suspended` suspends one.
    state: Word<MembershipState>,
    /// Why.
    #[schemars(length(min = 1, max = 2000))]
    reason: String,
}

pub(crate) async fn set_state(
    State(app): State<App>,
    member: Member,
    if_match: IfMatch,
    Keyed { asked, body: SetState { state, reason } }: Keyed<SetState>,
) -> Answer {
    let command = |association| Command::SetMembership { association, state: state.0, reason };
    change(&app, member, &asked, &if_match, command).await
}

/// Leaving.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Leave {
    /// The member that it merges with, which takes its balance over; else the solidarity fund does.
    into: Option<Uuid>,
    /// Why.
    #[schemars(length(min = 1, max = 2000))]
    reason: String,
    /// Whether it is meant even where the balance that it leaves takes the fund, or the other member, past a hard limit;
    /// `false` unless said.
    #[serde(default)]
    past_limits: bool,
}

pub(crate) async fn leave(
    State(app): State<App>,
    member: Member,
    if_match: IfMatch,
    Keyed { asked, body: Leave { into, reason, past_limits } }: Keyed<Leave>,
) -> Answer {
    let into = into.map(|into| member.caller.association_in(into, "into")).transpose()?;
    let command = |association| Command::Leave { association, into, reason, past_limits };
    change(&app, member, &asked, &if_match, command).await
}

/// Limits of one member.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetLimits {
    /// Its own limits; `null` for the policy's.
    limits: Option<LimitsPart>,
    /// The decision behind them: "AG du 12 mars".
    #[schemars(length(min = 1, max = 2000))]
    decision: String,
}

pub(crate) async fn set_limits(
    State(app): State<App>,
    member: Member,
    if_match: IfMatch,
    Keyed { asked, body: SetLimits { limits, decision } }: Keyed<SetLimits>,
) -> Answer {
    let limits = limits.map(Into::into);
    let command = |association| Command::SetLimits { association, limits, decision };
    change(&app, member, &asked, &if_match, command).await
}

/// Limits that a member has or had.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct LimitsVersion {
    /// The act that set them.
    act: Uuid,
    at: chrono::DateTime<chrono::Utc>,
    /// Its own limits; `null` where the policy's hold again.
    limits: Option<LimitsPart>,
    /// The decision behind them; absent once that is erased.
    decision: Option<String>,
}

pub(crate) async fn limits_history(
    State(app): State<App>,
    OwnMember(Member { caller, association }): OwnMember,
    uri: Uri,
    Query(query): Query<PageQuery>,
) -> Answer {
    let before = cursor::act(&caller, query.cursor.as_deref())?;
    let wanted = store::Page { before, most: rows_for(query.limit) };
    let versions = rules::limits_history(&app.store, caller.known.id, association.number, wanted).await?;
    let show = |version: rules::LimitsVersion| LimitsVersion {
        act: caller.name(version.act.0),
        at: version.set_at,
        limits: version.limits.map(LimitsPart::from),
        decision: version.decision,
    };
    page(&uri, versions, query.limit, |version| caller.name(version.act.0).to_string(), |version| Ok(show(version)))
}

pub(crate) async fn set_contact(
    State(app): State<App>,
    OwnMember(Member { caller, association }): OwnMember,
    Keyed { asked, body }: Keyed<ContactPart>,
) -> Answer {
    let member = association.number;
    let answer = json!({ "id": caller.name(member.0) });
    let change = Change::SetContact(member, body.into());
    let answer = AnswerToKeep { status: 200, body: &answer };
    Ok(match app.keep(&caller, &asked, &change, answer).await? {
        Some(earlier) => again(earlier),
        None => json_answer(answer.status, answer.body),
    })
}

/// The name of what was changed.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Changed {
    id: Uuid,
}
