//! What associations offer and need. No acts: they are written and rewritten freely.

use axum::{extract::State, http::Uri};
use chrono::{DateTime, NaiveDate, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use service::{
    App,
    asked::Asked,
    caller::Caller,
    misfit::{Fits, Misfit},
    problem::{Problem, Refusal},
    writing::AnswerToKeep,
};
use store::{Change, Notice, Page};
use uuid::Uuid;

use crate::{
    answer::{Answer, again, json as json_answer, page, rows_for, tagged},
    extract::{ForWhom, IfMatch, Keyed, NamesAssociations, Path, Query},
    parts::PageSize,
};

/// Whether something is offered or needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum NoticeKind {
    Offer,
    Need,
}

impl From<NoticeKind> for store::NoticeKind {
    fn from(kind: NoticeKind) -> Self {
        match kind {
            NoticeKind::Offer => Self::Offer,
            NoticeKind::Need => Self::Need,
        }
    }
}

impl From<store::NoticeKind> for NoticeKind {
    fn from(kind: store::NoticeKind) -> Self {
        match kind {
            store::NoticeKind::Offer => Self::Offer,
            store::NoticeKind::Need => Self::Need,
        }
    }
}

/// Something that an association offers or needs.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "Notice")]
pub(crate) struct NoticeView {
    id: Uuid,
    kind: NoticeKind,
    association: Uuid,
    association_name: String,
    skill: Option<Uuid>,
    description: String,
    /// Its last day; absent while it stands.
    until: Option<NaiveDate>,
    is_open: bool,
    created_at: DateTime<Utc>,
}

fn show(caller: &Caller, notice: &Notice) -> NoticeView {
    NoticeView {
        id: notice.notice,
        kind: notice.kind.into(),
        association: caller.name(notice.association.0),
        association_name: caller.name_of(notice.association),
        skill: notice.skill.map(|skill| caller.name(skill.0)),
        description: notice.description.clone(),
        until: notice.until,
        is_open: notice.is_open,
        created_at: notice.created_at,
    }
}

/// Which offers and needs to list.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListNotices {
    /// Only offers, or only needs.
    kind: Option<NoticeKind>,
    /// The `next` of the page before.
    cursor: Option<Uuid>,
    /// How many items at most.
    limit: Option<PageSize>,
}

pub(crate) async fn list(State(app): State<App>, caller: Caller, uri: Uri, Query(query): Query<ListNotices>) -> Answer {
    let asked = Page { before: query.cursor, most: rows_for(query.limit) };
    let rows = app.store.notices(caller.known.id, query.kind.map(Into::into), asked).await?;
    page(&uri, rows, query.limit, |notice| notice.notice.to_string(), |notice| Ok(show(&caller, &notice)))
}

fn tag(notice: &Notice) -> String {
    format!("v{}", notice.version)
}

pub(crate) async fn one(State(app): State<App>, caller: Caller, Path(name): Path<Uuid>) -> Answer {
    let notice = app.store.notice(caller.known.id, name).await?.ok_or_else(Problem::not_found)?;
    Ok(tagged(&show(&caller, &notice), &tag(&notice)))
}

/// Something to offer or to ask for.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewNotice {
    kind: NoticeKind,
    /// Whose it is; for the coordinator, who may write for any. Else the caller's own.
    association: Option<Uuid>,
    /// With which skill of the catalogue.
    skill: Option<Uuid>,
    #[schemars(length(min = 1, max = 2000))]
    description: String,
    /// Its last day.
    until: Option<NaiveDate>,
}

impl NamesAssociations for NewNotice {
    fn associations(&self) -> Vec<Uuid> {
        self.association.into_iter().collect()
    }
}

pub(crate) async fn add(State(app): State<App>, ForWhom { mut caller, asked, body }: ForWhom<NewNotice>) -> Answer {
    let association = match (body.association, caller.sight().only()?) {
        (Some(name), _) => caller.association_in(name, "association")?,
        (None, Some(own)) => own,
        (None, None) => {
            let why = Misfit::MissingField("association");
            return Err(Problem::new(Refusal::BodyDoesNotFit(why)).at("association"));
        }
    };
    caller.check_concerns(association)?;
    check_known(&app, &mut caller, association).await?;
    let notice = Notice {
        notice: app.new_name(),
        kind: body.kind.into(),
        association,
        skill: skill_of(&app, &mut caller, body.skill).await?,
        description: described(body.description)?,
        until: body.until,
        is_open: true,
        version: 1,
        created_at: app.now(),
    };
    let shown = json!(show(&caller, &notice));
    let answer = AnswerToKeep { status: 201, body: &shown };
    write(&app, &caller, &asked, Change::AddNotice(notice), answer).await
}

async fn check_known(app: &App, caller: &mut Caller, association: ledger::AssociationNumber) -> Result<(), Problem> {
    if caller.registry.association(association).is_none() {
        caller.registry = caller.known.refreshed(&app.store).await?;
    }
    match caller.registry.association(association) {
        Some(_) => Ok(()),
        None => Err(Problem::new(Refusal::NameIsUnknown).at("association")),
    }
}

async fn skill_of(app: &App, caller: &mut Caller, name: Option<Uuid>) -> Result<Option<ledger::SkillNumber>, Problem> {
    let Some(name) = name else { return Ok(None) };
    let number = caller.skill_in(name, "skill")?;
    let knows = |caller: &Caller| caller.registry.skills().iter().any(|skill| skill.number == number);
    if !knows(caller) {
        caller.registry = caller.known.refreshed(&app.store).await?;
    }
    if knows(caller) { Ok(Some(number)) } else { Err(Problem::new(Refusal::NameIsUnknown).at("skill")) }
}

fn described(text: String) -> Result<String, Problem> {
    let length = text.trim().chars().count();
    if (1..=2_000).contains(&length) {
        return Ok(text);
    }
    let why = Misfit::Length { found: length, fits: Fits::CharactersBetween(1, 2_000) };
    Err(Problem::new(Refusal::BodyDoesNotFit(why)).at("description"))
}

async fn write(app: &App, caller: &Caller, asked: &Asked, change: Change, answer: AnswerToKeep<'_>) -> Answer {
    Ok(match app.keep(caller, asked, &change, answer).await? {
        Some(earlier) => again(earlier),
        None => json_answer(answer.status, answer.body),
    })
}

/// What an offer or a need is to say from now on.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangedNotice {
    skill: Option<Uuid>,
    #[schemars(length(min = 1, max = 2000))]
    description: String,
    until: Option<NaiveDate>,
    /// `false` takes it off the list.
    is_open: bool,
}

pub(crate) async fn change(
    State(app): State<App>,
    mut caller: Caller,
    Path(name): Path<Uuid>,
    IfMatch(tags): IfMatch,
    Keyed { asked, body }: Keyed<ChangedNotice>,
) -> Answer {
    let notice = app.store.notice(caller.known.id, name).await?.ok_or_else(Problem::not_found)?;
    caller.check_concerns(notice.association)?;
    if let Some(earlier) = app.earlier(&caller, &asked).await? {
        return Ok(again(earlier));
    }
    tags.check(&tag(&notice))?;
    let notice = Notice {
        skill: skill_of(&app, &mut caller, body.skill).await?,
        description: described(body.description)?,
        until: body.until,
        is_open: body.is_open,
        ..notice
    };
    let shown = json!(show(&caller, &notice));
    let answer = AnswerToKeep { status: 200, body: &shown };
    write(&app, &caller, &asked, Change::ChangeNotice(notice), answer).await
}
