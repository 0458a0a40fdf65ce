//! Hours that persons give to their own association.

use axum::{extract::State, http::Uri};
use chrono::NaiveDate;
use ledger::{command::Command, skill::SkillRef};
use schemars::JsonSchema;
use serde::Deserialize;
use service::App;
use store::{ContributionView, Page};
use uuid::Uuid;

use super::exchanges::{NewContribution, show_contribution};
use crate::{
    answer::{Answer, page, receipt, rows_for},
    cursor,
    extract::{Keyed, Query},
    member::{Member, OwnMember},
    parts::PageQuery,
};

/// Hours given to one's own association.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewHours {
    /// Who, how long, in which quality.
    contribution: NewContribution,
    /// When; not in the future.
    service_date: NaiveDate,
    /// With which skill of the catalogue.
    skill: Option<Uuid>,
}

pub(crate) async fn add(
    State(app): State<App>,
    OwnMember(Member { caller, association }): OwnMember,
    Keyed { asked, body }: Keyed<NewHours>,
) -> Answer {
    let association = association.number;
    let skill = body.skill.map(|skill| caller.skill_in(skill, "skill")).transpose()?;
    let command = Command::GiveOwnHours {
        association,
        service_date: body.service_date,
        skill: skill.map(SkillRef::Number),
        contribution: body.contribution.read(&caller, "contribution")?,
    };
    let made = app.write(&caller, &asked, command).await?;
    Ok(receipt(201, &caller, &made))
}

pub(crate) async fn list(
    State(app): State<App>,
    OwnMember(Member { caller, association }): OwnMember,
    uri: Uri,
    Query(query): Query<PageQuery>,
) -> Answer {
    let association = association.number;
    let before = cursor::act(&caller, query.cursor.as_deref())?;
    let rows = app.store.own_hours(caller.known.id, association, Page { before, most: rows_for(query.limit) }).await?;
    let cursor = |view: &ContributionView| caller.name(view.act.0).to_string();
    page(&uri, rows, query.limit, cursor, |view| Ok(show_contribution(&caller, &view)))
}
