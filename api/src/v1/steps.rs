//! Steps in an exchange's life, from the other side's answer to the last correction.

use axum::{
    extract::{FromRequestParts, State},
    http::request::Parts,
};
use chrono::NaiveDate;
use ledger::{
    ActNumber, ExchangeNumber, Minutes,
    command::{Command, Seen},
    evidence::Witness,
};
use schemars::JsonSchema;
use serde::Deserialize;
use service::{
    App,
    acting::Acting,
    asked::{Asked, SeenTags},
    caller::Caller,
    exchanges,
    problem::{Problem, Refusal},
    writing::Tagged,
};
use uuid::Uuid;

use super::exchanges::{EvidencePart, NewContribution, evidence_of, read_contributions, tag};
use crate::{
    answer::{Answer, receipt},
    extract::{IfMatch, Keyed, Nothing, Path},
    parts::Reason,
};

/// Who takes a step, with which exchange, and what they have seen of it.
#[derive(Debug)]
pub(crate) struct Step {
    caller: Caller,
    name: Uuid,
    tags: SeenTags,
}

impl FromRequestParts<App> for Step {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let caller = Caller::from_request_parts(parts, app).await?;
        let Path(name) = Path::<Uuid>::from_request_parts(parts, app).await?;
        let IfMatch(tags) = IfMatch::from_request_parts(parts, app).await?;
        Ok(Self { caller, name, tags })
    }
}

/// Carries out a step in an exchange's life.
async fn step(
    app: &App,
    Step { caller, name, tags }: Step,
    asked: &Asked,
    command: impl FnOnce(ExchangeNumber) -> Command,
) -> Answer {
    let number = caller.found(name)?;
    let now = async {
        let view = exchanges::find(app, &caller, name).await?;
        Ok(Tagged { tag: tag(&caller, &view), version: Seen::Exchange(Box::new(view.exchange)) })
    };
    let seen = app.seen(&caller, asked, &tags, now).await?;
    let made = app.write_having_seen(&caller, asked, command(ExchangeNumber(number)), seen).await?;
    Ok(receipt(200, &caller, &made))
}

/// The other side agrees.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Confirm {
    /// For the coordinator, who confirms in a member's stead: why.
    #[schemars(length(min = 1, max = 2000))]
    reason: Option<String>,
    /// How the network knows; for an association `both_sides`, or `mandate` where it confirms in its partner's stead.
    evidence: Option<EvidencePart>,
}

pub(crate) async fn confirm(
    State(app): State<App>,
    on: Step,
    Keyed { asked, body: Confirm { reason, evidence } }: Keyed<Confirm>,
) -> Answer {
    let witness = match on.caller.acting {
        Acting::Association(_) => Witness::Side,
        Acting::Coordinator | Acting::Mediator | Acting::Auditor => Witness::Coordinator,
        Acting::Oneself => return Err(Problem::new(Refusal::RoleDoesNotAllow)),
    };
    let evidence = evidence_of(witness, evidence)?;
    let command = |exchange| Command::Confirm { exchange, evidence, reason };
    step(&app, on, &asked, command).await
}

/// The other side would agree to other minutes or another date.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Amend {
    /// The minutes it would agree to.
    #[schemars(range(min = 1, max = 10_000_000))]
    minutes: i64,
    /// The date it would agree to.
    service_date: NaiveDate,
}

pub(crate) async fn amend(
    State(app): State<App>,
    on: Step,
    Keyed { asked, body: Amend { minutes, service_date } }: Keyed<Amend>,
) -> Answer {
    let command = |exchange| Command::Amend { exchange, minutes: Minutes::new(minutes), service_date };
    step(&app, on, &asked, command).await
}

/// A mediator decides that it happened.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settle {
    /// With how many minutes.
    #[schemars(range(min = 1, max = 10_000_000))]
    minutes: i64,
    /// Why.
    #[schemars(length(min = 1, max = 2000))]
    reason: String,
}

pub(crate) async fn settle(
    State(app): State<App>,
    on: Step,
    Keyed { asked, body: Settle { minutes, reason } }: Keyed<Settle>,
) -> Answer {
    let command = |exchange| Command::Settle { exchange, minutes: Minutes::new(minutes), reason };
    step(&app, on, &asked, command).await
}

pub(crate) async fn withdraw(State(app): State<App>, on: Step, Keyed { asked, .. }: Keyed<Nothing>) -> Answer {
    step(&app, on, &asked, |exchange| Command::Withdraw { exchange }).await
}

macro_rules! steps_with_a_reason {
    ($($name:ident => $command:ident,)+) => {$(
        pub(crate) async fn $name(
            State(app): State<App>,
            on: Step,
            Keyed { asked, body: Reason { reason } }: Keyed<Reason>,
        ) -> Answer {
            step(&app, on, &asked, |exchange| Command::$command { exchange, reason }).await
        }
    )+};
}

steps_with_a_reason! {
    contest => Contest,
    dismiss => Dismiss,
    release => Release,
    request_correction => RequestCorrection,
    keep => Keep,
}

pub(crate) async fn reverse(
    State(app): State<App>,
    on: Step,
    Keyed { asked, body: Reason { reason } }: Keyed<Reason>,
) -> Answer {
    let command = |exchange: ExchangeNumber| Command::Reverse { target: ActNumber(exchange.0), reason };
    step(&app, on, &asked, command).await
}

/// Who gave the time, told afterwards.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tell {
    /// Who and how long.
    #[schemars(length(min = 1, max = 200))]
    contributions: Vec<NewContribution>,
}

pub(crate) async fn tell(State(app): State<App>, on: Step, Keyed { asked, body }: Keyed<Tell>) -> Answer {
    let contributions = read_contributions(&body.contributions, &on.caller)?;
    let command = |exchange| Command::TellContributions { exchange, contributions };
    step(&app, on, &asked, command).await
}
