//! The network: its rules, its catalogue of skills, its years.

use axum::extract::State;
use chrono::Datelike;
use ledger::{
    SkillNumber,
    command::{Command, Seen},
    policy,
    skill::{Alignment, Framework, SkillRef},
    year::Year,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use service::{App, caller::Caller, problem::Problem, rules, writing::Tagged};
use uuid::Uuid;

use crate::{
    answer::{Answer, json, receipt, tagged},
    extract::{IfMatch, Keyed, Nothing, Path},
    parts::{LimitsPart, Word, tag_of},
};

/// The network that the token opens.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Network {
    /// Its name outside of any database; the log's addresses bear it.
    id: Uuid,
    name: String,
    /// Where its days begin.
    time_zone: &'static str,
    /// How many members are active.
    active_associations: usize,
}

pub(crate) async fn network(State(app): State<App>, caller: Caller) -> Answer {
    let registry = caller.known.refreshed(&app.store).await?;
    let is_active =
        |member: &&ledger::association::Association| member.state == ledger::association::MembershipState::Active;
    let network = &caller.known.network;
    Ok(json(
        200,
        &Network {
            id: network.uuid,
            name: network.name.clone(),
            time_zone: network.time_zone.name(),
            active_associations: registry.associations().filter(is_active).count(),
        },
    ))
}

/// The rules in force.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Policy")]
pub(crate) struct PolicyView {
    /// The act that adopted them; absent for the rules that a network begins with.
    act: Option<Uuid>,
    /// Exchanges are whole multiples of so many minutes.
    step_minutes: u32,
    /// After so many days without an answer a proposal is overdue. It is never confirmed by silence.
    answer_within_days: u32,
    /// Limits of every association that has none of its own.
    limits: LimitsPart,
    /// The decision behind them; absent where there is none or it is erased.
    decision: Option<String>,
}

fn show_policy(act: Option<Uuid>, policy: &policy::Policy, decision: Option<String>) -> PolicyView {
    PolicyView {
        act,
        step_minutes: policy.step_minutes,
        answer_within_days: policy.answer_within_days,
        limits: policy.limits.into(),
        decision,
    }
}

async fn versions(app: &App, caller: &Caller) -> Result<Vec<PolicyView>, Problem> {
    let versions = rules::versions(&app.store, caller.known.id).await?;
    let show = |version: rules::RulesVersion| {
        let act = version.adopted.map(|(act, _)| caller.name(act.0));
        show_policy(act, &version.policy, version.decision)
    };
    Ok(versions.into_iter().map(show).collect())
}

fn policy_tag(policy: &PolicyView) -> String {
    let act = policy.act.map_or_else(|| "none".to_owned(), |act| act.to_string());
    tag_of(&format!("policy {act}"))
}

pub(crate) async fn policy(State(app): State<App>, caller: Caller) -> Answer {
    let policy = versions(&app, &caller).await?.swap_remove(0);
    Ok(tagged(&policy, &policy_tag(&policy)))
}

/// Every version of the rules.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct PolicyHistory {
    /// Newest first.
    items: Vec<PolicyView>,
}

pub(crate) async fn policy_history(State(app): State<App>, caller: Caller) -> Answer {
    Ok(json(200, &PolicyHistory { items: versions(&app, &caller).await? }))
}

/// Rules to adopt.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPolicy {
    #[schemars(range(min = 1, max = 1440))]
    step_minutes: u32,
    #[schemars(range(min = 1, max = 3650))]
    answer_within_days: u32,
    limits: LimitsPart,
    /// The decision behind them: "AG du 12 mars".
    #[schemars(length(min = 1, max = 2000))]
    decision: String,
}

pub(crate) async fn adopt_policy(
    State(app): State<App>,
    caller: Caller,
    IfMatch(tags): IfMatch,
    Keyed { asked, body }: Keyed<NewPolicy>,
) -> Answer {
    let rules = |step_minutes, limits: LimitsPart, answer_within_days| policy::Policy {
        step_minutes,
        limits: limits.into(),
        answer_within_days,
    };
    let now = async {
        let newest = versions(&app, &caller).await?.swap_remove(0);
        let tag = policy_tag(&newest);
        let newest = rules(newest.step_minutes, newest.limits, newest.answer_within_days);
        Ok(Tagged { tag, version: Seen::Policy(Box::new(newest)) })
    };
    let seen = app.seen(&caller, &asked, &tags, now).await?;
    let policy = rules(body.step_minutes, body.limits, body.answer_within_days);
    let command = Command::AdoptPolicy { policy, decision: body.decision };
    let made = app.write_having_seen(&caller, &asked, command, seen).await?;
    Ok(receipt(200, &caller, &made))
}

/// A skill of the catalogue.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Skill {
    id: Uuid,
    name: String,
    /// What it is in public lists of competences.
    alignments: Vec<AlignmentView>,
}

/// A skill as an entry of a public list.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct AlignmentView {
    framework: Word<Framework>,
    #[serde(flatten)]
    entry: Entry,
}

/// An entry of a public list.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Entry {
    /// Its code: ESCO's URI, or ROME's `M1203`.
    #[schemars(length(min = 1, max = 200))]
    code: String,
    /// Its name in the list.
    #[schemars(length(min = 1, max = 200))]
    name: String,
    /// An address that shows it.
    #[schemars(length(min = 1, max = 2000))]
    url: String,
    /// The version of the list.
    #[schemars(length(min = 1, max = 200))]
    version: String,
}

impl From<&Alignment> for Entry {
    fn from(Alignment { code, name, url, version }: &Alignment) -> Self {
        Self { code: code.clone(), name: name.clone(), url: url.clone(), version: version.clone() }
    }
}

/// What a skill is in a public list.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AlignSkill {
    /// Which list.
    framework: Word<Framework>,
    /// The entry; `null` takes it back.
    entry: Option<Entry>,
}

pub(crate) async fn align_skill(
    State(app): State<App>,
    caller: Caller,
    Path(name): Path<Uuid>,
    Keyed { asked, body: AlignSkill { framework, entry } }: Keyed<AlignSkill>,
) -> Answer {
    let skill = SkillRef::Number(SkillNumber(caller.found(name)?));
    let alignment = entry.map(|Entry { code, name, url, version }| Alignment { code, name, url, version });
    let command = Command::AlignSkill { skill, framework: framework.0, alignment };
    let made = app.write(&caller, &asked, command).await?;
    Ok(receipt(200, &caller, &made))
}

/// The catalogue.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Skills {
    items: Vec<Skill>,
}

pub(crate) async fn skills(State(app): State<App>, caller: Caller) -> Answer {
    let registry = caller.known.refreshed(&app.store).await?;
    let show = |skill: &ledger::skill::Skill| {
        let alignments = skill.alignments.iter();
        let view = |(framework, entry): (&Framework, &Alignment)| AlignmentView {
            framework: Word(*framework),
            entry: entry.into(),
        };
        Skill { id: caller.name(skill.number.0), name: skill.name.clone(), alignments: alignments.map(view).collect() }
    };
    Ok(json(200, &Skills { items: registry.skills().iter().map(show).collect() }))
}

/// A skill to add.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewSkill {
    #[schemars(length(min = 1, max = 200))]
    name: String,
}

pub(crate) async fn add_skill(
    State(app): State<App>,
    caller: Caller,
    Keyed { asked, body }: Keyed<NewSkill>,
) -> Answer {
    let made = app.write(&caller, &asked, Command::AddSkill { name: body.name }).await?;
    Ok(receipt(201, &caller, &made))
}

/// A year.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct YearView {
    year: i32,
    /// Whether it still takes postings.
    is_open: bool,
    /// The act that closed it.
    closed_in: Option<Uuid>,
}

/// The network's years.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Years {
    /// Oldest first: from the first with postings to this one. A year is open until it is closed, for good.
    items: Vec<YearView>,
}

pub(crate) async fn years(State(app): State<App>, caller: Caller) -> Answer {
    let (head, _) = app.store.head(caller.known.id).await?;
    let closed = app.store.closed_years(caller.known.id).await?;
    let this = caller.known.network.day_of(app.now()).year();
    let first = [head.first_year, closed.first().map(|closed| closed.year)];
    let first = first.into_iter().flatten().map(|year| year.0).min().unwrap_or(this);
    let show = |year: i32| {
        let act = closed.iter().find(|closed| closed.year.0 == year).map(|closed| caller.name(closed.act.0));
        let is_open = head.closed_through.is_none_or(|last| Year(year) > last);
        YearView { year, is_open, closed_in: act }
    };
    Ok(json(200, &Years { items: (first.min(this)..=this).map(show).collect() }))
}

pub(crate) async fn close_year(
    State(app): State<App>,
    caller: Caller,
    Path(year): Path<i32>,
    Keyed { asked, .. }: Keyed<Nothing>,
) -> Answer {
    let made = app.write(&caller, &asked, Command::CloseYear { year: Year(year) }).await?;
    Ok(receipt(200, &caller, &made))
}
