//! Exchanges: what they are, which there are, and the first word about one.

use axum::{extract::State, http::Uri};
use chrono::NaiveDate;
use ledger::{
    ExchangeNumber, Minutes, SkillNumber,
    command::{Command, NewExchange},
    contribution::{Contribution, Nature},
    evidence::{Evidence, EvidenceKind, Witness},
    exchange::{Awaited, ExchangeState, Side},
    skill::SkillRef,
    year::Year,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use service::{
    App,
    acting::Acting,
    caller::Caller,
    exchanges,
    misfit::Misfit,
    problem::{Problem, Refusal},
};
use store::{ContributionView, ExchangeFilter, ExchangeView, Page};
use uuid::Uuid;

use crate::{
    answer::{Answer, created, page, rows_for, tagged},
    extract::{ForWhom, NamesAssociations, Path, Query},
    parts::{AtMost, PageSize, Word, tag_of},
};

/// An exchange: help that one association gave another.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Exchange {
    /// Its name.
    id: Uuid,
    /// What people call it; absent once that is erased.
    reference: Option<String>,
    /// The association that helped.
    giver: Uuid,
    giver_name: String,
    /// The association that was helped.
    receiver: Uuid,
    receiver_name: String,
    /// Person-minutes: four people for two hours are 480.
    minutes: i64,
    /// When help was given.
    service_date: NaiveDate,
    /// Which skill; absent when it took none in particular.
    skill: Option<Uuid>,
    skill_name: Option<String>,
    /// A remark.
    memo: Option<String>,
    state: Word<ExchangeState>,
    /// The side that spoke last.
    spoken_by: Word<Side>,
    /// Who has to act: `giver`, `receiver`, `coordinator`, `mediator`, or nobody.
    waiting_for: Option<&'static str>,
    /// Whether it waits for longer than the network's rules want.
    is_overdue: bool,
    /// When it was first recorded.
    recorded_at: chrono::DateTime<chrono::Utc>,
    /// The act that posted it.
    posted_in: Option<Uuid>,
    /// A reversed exchange that this one stands in for.
    replaces: Option<Uuid>,
    /// The exchange that stands in for this one, which was reversed; told where one exchange is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    replaced_by: Option<Uuid>,
    /// Who gave the time; told where one exchange is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    contributions: Option<Vec<Contributed>>,
}

/// Who gave how much.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Contributed {
    /// The act that posted it.
    act: Uuid,
    person: Uuid,
    association: Uuid,
    /// Negative when taken back.
    minutes: i64,
    nature: Word<Nature>,
    skill: Option<Uuid>,
    service_date: NaiveDate,
}

pub(crate) fn show_contribution(caller: &Caller, view: &ContributionView) -> Contributed {
    Contributed {
        act: caller.name(view.act.0),
        person: caller.name(view.person.0),
        association: caller.name(view.association.0),
        minutes: view.minutes.get(),
        nature: Word(view.nature),
        skill: view.skill.map(|skill| caller.name(skill.0)),
        service_date: view.service_date,
    }
}

/// A person's part in an exchange.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewContribution {
    /// Who; a member of the giver.
    person: Uuid,
    /// How long, in minutes.
    #[schemars(range(min = 1, max = 10_000_000))]
    minutes: i64,
    /// In which quality; `operational` unless said.
    nature: Option<Word<Nature>>,
}

impl NewContribution {
    pub(crate) fn read(&self, caller: &Caller, field: &str) -> Result<Contribution, Problem> {
        Ok(Contribution {
            person: caller.person_in(self.person, &format!("{field}.person"))?,
            minutes: Minutes::new(self.minutes),
            nature: self.nature.map_or(Nature::Operational, |nature| nature.0),
        })
    }
}

/// Everybody's part in an exchange.
pub(crate) fn read_contributions(
    contributions: &[NewContribution],
    caller: &Caller,
) -> Result<Vec<Contribution>, Problem> {
    let read = |(index, part): (usize, &NewContribution)| part.read(caller, &format!("contributions[{index}]"));
    contributions.iter().enumerate().map(read).collect()
}

/// How the network knows.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EvidencePart {
    pub(crate) kind: Word<EvidenceKind>,
    /// The number of a slip, the date of a message.
    #[schemars(length(min = 1, max = 200))]
    pub(crate) reference: Option<String>,
}

/// An exchange that works once its names are replaced.
pub(crate) fn example() -> Value {
    json!({
        "giver": "0d3b2f6a-7c41-8e52-8000-00000000000c",
        "receiver": "0d3b2f6a-7c41-8e52-8000-00000000000f",
        "minutes": 480,
        "service_date": "2026-03-14",
        "memo": "Montage du chapiteau, quatre personnes"
    })
}

/// An exchange to propose; or, by the coordinator with evidence and without `proposed_by`, one that both sides agreed on
/// elsewhere.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProposedExchange {
    /// The association that helped.
    giver: Uuid,
    /// The association that was helped.
    receiver: Uuid,
    /// Person-minutes: four people for two hours are 480. A multiple of the network's step.
    #[schemars(range(min = 1, max = 10_000_000))]
    minutes: i64,
    /// When help was given; not in the future.
    service_date: NaiveDate,
    /// Which skill of the catalogue.
    skill: Option<Uuid>,
    /// The reference that it comes with; otherwise the ledger gives the next free one.
    #[schemars(length(min = 1, max = 64))]
    reference: Option<String>,
    /// A remark. Kept where it can be erased.
    #[schemars(length(max = 2000))]
    memo: Option<String>,
    /// Who gave the time, where that is known already.
    #[serde(default)]
    #[schemars(length(max = 200))]
    contributions: Vec<NewContribution>,
    /// A reversed exchange that this one stands in for.
    replaces: Option<Uuid>,
    /// For the coordinator: the side that proposes; `giver` unless said.
    proposed_by: Option<Word<Side>>,
    /// For the coordinator: how the network knows. With `proposed_by`, that this side said so, and the other one still has
    /// to answer; without it, that both sides agreed on it elsewhere, and the exchange is recorded.
    evidence: Option<EvidencePart>,
}

impl ProposedExchange {
    /// The command that this becomes in the caller's name.
    pub(crate) fn command(self, caller: &Caller) -> Result<Command, Problem> {
        let giver = caller.association_in(self.giver, "giver")?;
        let receiver = caller.association_in(self.receiver, "receiver")?;
        let skill = self.skill.map(|skill| caller.skill_in(skill, "skill")).transpose()?;
        let replaces = self.replaces.map(|name| caller.number(name, "replaces")).transpose()?;
        let contributions = read_contributions(&self.contributions, caller)?;
        let exchange = NewExchange {
            giver,
            receiver,
            minutes: Minutes::new(self.minutes),
            service_date: self.service_date,
            skill: skill.map(SkillRef::Number),
            reference: self.reference,
            memo: self.memo,
            contributions,
            replaces: replaces.map(ExchangeNumber),
        };
        match (caller.acting, self.evidence) {
            (Acting::Oneself, _) => Err(Problem::new(Refusal::RoleDoesNotAllow)),
            (Acting::Association(_), Some(_)) => {
                Err(Problem::rejected(ledger::Rejection::OnlyForTheCoordinator, &caller.registry).at("evidence"))
            }
            (Acting::Association(own), None) => {
                let side = if own == receiver { Side::Receiver } else { Side::Giver };
                Ok(Command::Propose { side, exchange, evidence: None })
            }
            (Acting::Coordinator | Acting::Mediator | Acting::Auditor, part) => {
                let evidence = part.map(|part| evidence_of(Witness::Coordinator, Some(part))).transpose()?;
                match (self.proposed_by, evidence) {
                    (None, Some(evidence)) => Ok(Command::Record { exchange, evidence }),
                    (side, evidence) => {
                        let side = side.map_or(Side::Giver, |side| side.0);
                        Ok(Command::Propose { side, exchange, evidence })
                    }
                }
            }
        }
    }
}

/// How the network knows, from somebody who may say so.
pub(crate) fn evidence_of(witness: Witness, part: Option<EvidencePart>) -> Result<Evidence, Problem> {
    let Some(part) = part else { return Ok(Evidence { kind: witness.usual(), reference: None, line: None }) };
    if witness.evidence().contains(&part.kind.0) {
        return Ok(Evidence { kind: part.kind.0, reference: part.reference, line: None });
    }
    let fits = witness.evidence().iter().map(|kind| kind.as_str()).collect();
    Err(Problem::new(Refusal::BodyDoesNotFit(Misfit::UnknownWord { found: None, fits })).at("evidence.kind"))
}

impl NamesAssociations for ProposedExchange {
    fn associations(&self) -> Vec<Uuid> {
        vec![self.giver, self.receiver]
    }
}

pub(crate) async fn propose(
    State(app): State<App>,
    ForWhom { caller, asked, body }: ForWhom<ProposedExchange>,
) -> Answer {
    let command = body.command(&caller)?;
    let made = app.write(&caller, &asked, command).await?;
    Ok(created(&caller, &made, "/v1/exchanges"))
}

/// Which exchanges to list.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListExchanges {
    /// With this association on one side. Delegates see their own association's alone.
    association: Option<Uuid>,
    /// In this state.
    state: Option<Word<ExchangeState>>,
    /// With a service date of this year.
    #[schemars(range(min = 1900, max = 9999))]
    year: Option<i32>,
    /// With this skill.
    skill: Option<Uuid>,
    /// With exactly this reference.
    reference: Option<AtMost<64>>,
    /// Only what waits for the one who asks.
    waiting_for_me: Option<bool>,
    /// The `next` of the page before.
    cursor: Option<Uuid>,
    /// How many items at most.
    limit: Option<PageSize>,
}

pub(crate) async fn list(
    State(app): State<App>,
    mut caller: Caller,
    uri: Uri,
    Query(query): Query<ListExchanges>,
) -> Answer {
    let mut filter = ExchangeFilter {
        association: caller.sight().only()?,
        states: query.state.map(|state| state.0).into_iter().collect(),
        year: query.year.map(Year),
        reference: query.reference.as_deref().map(str::to_owned),
        page: Page {
            before: query.cursor.map(|name| caller.queried(name, "cursor")).transpose()?.map(ExchangeNumber),
            most: rows_for(query.limit),
        },
        ..ExchangeFilter::default()
    };
    if let Some(name) = query.association {
        let wanted = caller.member(&app.store, name).await?.number;
        caller.check_concerns(wanted)?;
        filter.association = Some(wanted);
    }
    if let Some(name) = query.skill {
        filter.skill = Some(SkillNumber(caller.queried(name, "skill")?));
    }
    if query.waiting_for_me == Some(true) {
        exchanges::only_waiting(&mut filter, &caller, app.now());
    }
    let rows = app.store.exchange_views(caller.known.id, &filter).await?;
    let cursor = |view: &ExchangeView| caller.name(view.exchange.number.0).to_string();
    page(&uri, rows, query.limit, cursor, |view| Ok(show(&app, &caller, view)))
}

pub(crate) async fn one(State(app): State<App>, caller: Caller, Path(name): Path<Uuid>) -> Answer {
    let view = exchanges::find(&app, &caller, name).await?;
    let told = app.store.contributions_to(caller.known.id, &view.exchange).await?;
    let told = told.iter().map(|contribution| show_contribution(&caller, contribution)).collect();
    let replacement = app.store.replacement_of(caller.known.id, &view.exchange).await?;
    let replaced_by = replacement.map(|replacement| caller.name(replacement.exchange.number.0));
    let tag = tag(&caller, &view);
    let shown = Exchange { contributions: Some(told), replaced_by, ..show(&app, &caller, view) };
    Ok(tagged(&shown, &tag))
}

/// Made of the acts' names, since after a loss other acts bear their numbers.
pub(crate) fn tag(caller: &Caller, view: &ExchangeView) -> String {
    let exchange = &view.exchange;
    let spoken = caller.name(exchange.spoken_in.0);
    let posted = exchange.posted_in.map(|act| caller.name(act.0)).unwrap_or_default();
    tag_of(&format!("exchange {} {} {spoken} {posted}", exchange.number, exchange.state))
}

fn show(app: &App, caller: &Caller, view: ExchangeView) -> Exchange {
    let is_overdue = exchanges::is_overdue(&view, caller, app.now());
    let ExchangeView { exchange, reference, memo, recorded_at, spoken_at: _ } = view;
    let terms = exchange.terms;
    let skill = terms.skill.and_then(|skill| caller.registry.skills().iter().find(|known| known.number == skill));
    Exchange {
        id: caller.name(exchange.number.0),
        reference,
        giver: caller.name(terms.giver.0),
        giver_name: caller.name_of(terms.giver),
        receiver: caller.name(terms.receiver.0),
        receiver_name: caller.name_of(terms.receiver),
        minutes: terms.minutes.get(),
        service_date: terms.service_date,
        skill: terms.skill.map(|skill| caller.name(skill.0)),
        skill_name: skill.map(|skill| skill.name.clone()),
        memo,
        state: Word(exchange.state),
        spoken_by: Word(exchange.spoken_by),
        waiting_for: exchange.waits_for().map(Awaited::as_str),
        is_overdue,
        recorded_at,
        posted_in: exchange.posted_in.map(|act| caller.name(act.0)),
        replaces: exchange.replaces.map(|replaced| caller.name(replaced.0)),
        replaced_by: None,
        contributions: None,
    }
}
