//! One exchange as the coordinator or a mediator reads it: both sides, how they are reached and where they stand, what
//! was said, and what can be decided. Each decision shows what it changes before it is taken, and who is told.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use ledger::{
    AssociationNumber, ExchangeNumber, Minutes,
    account::{Account, AccountHead},
    command::Principal,
    exchange::{Exchange, ExchangeState, Side},
};
use service::{
    App,
    acting::Acting,
    caller::Caller,
    exchanges, morning,
    problem::{Problem, Refusal},
};
use store::ExchangeView;
use uuid::Uuid;

use super::{
    step::{Moves, Step},
    told::Told,
};
use crate::{
    answer::{Answer, page, page_with, see},
    balance, evidence,
    exchange::take_step,
    form::{Choice, Filled, Misfits, sentence_of},
    frame::{Asking, Frame, full_name},
    limits,
    reach::Reach,
    thread::{Said, thread},
};

/// A side, and how it is reached.
#[derive(Debug)]
struct SideView {
    name: String,
    /// Its page; only the coordinator has one.
    address: Option<String>,
    reach: Reach,
    stands: String,
}

/// A decision that can be taken.
#[derive(Debug)]
struct Form {
    word: &'static str,
    step: Step,
    title: String,
    then: String,
    button: String,
    is_opened: bool,
    /// Where each side stands now, and would stand.
    changes: Vec<balance::Change>,
    reason: String,
}

impl Form {
    fn asks_evidence(&self) -> bool {
        self.step == Step::Confirm
    }

    fn asks_minutes(&self) -> bool {
        self.step == Step::Settle
    }

    fn changes_nothing(&self) -> bool {
        self.step.moves() == Moves::Nothing
    }
}

#[derive(Template)]
#[template(path = "overseen.html")]
struct One {
    frame: Frame,
    misfits: Misfits,
    told: Told,
    sides: Vec<SideView>,
    /// Who said what stands there now: as what, and their name.
    speaker: Option<(String, String)>,
    /// What was said about it.
    thread: Vec<Said>,
    /// The limits that hold it, and the decisions behind them.
    limits: Vec<String>,
    /// Why its reader may not decide, where they might have expected to.
    not_yours: Option<String>,
    forms: Vec<Form>,
    minutes: String,
    evidence: Vec<Choice>,
    evidence_reference: String,
    replaced: Option<String>,
    replacement: Option<String>,
    list: String,
    name: Uuid,
}

/// What the page is made from.
struct Table<'a> {
    app: &'a App,
    caller: &'a Caller,
    frame: Frame,
    view: ExchangeView,
}

impl Table<'_> {
    async fn lay(self, filled: &Filled, misfits: Misfits, opened: Option<Step>) -> Result<One, Problem> {
        let Self { app, caller, frame, view } = &self;
        let (network, exchange) = (caller.known.id, view.exchange);
        let sides = exchanges::sides(&exchange);
        let accounts = sides.map(Account::Association);
        let heads = app.store.standings(network, &accounts).await?;
        let head = |account: Account| heads.get(&account).copied().unwrap_or_default();
        let standings: BTreeMap<_, _> =
            sides.into_iter().zip(accounts).map(|(side, account)| (side, head(account))).collect();
        let contacts = app.store.contacts_of(network, &sides).await?;
        let is_coordinator = caller.acting == Acting::Coordinator;
        let side = |association| {
            let name = caller.name_of(association);
            let address = frame.under(&format!("/members/{}", caller.name(association.0)));
            SideView {
                stands: balance::of(frame, standings.get(&association).copied().unwrap_or_default().balance),
                reach: Reach::new(frame, contacts.get(&association).cloned().unwrap_or_default()),
                address: is_coordinator.then_some(address),
                name,
            }
        };
        let spoken = app.store.act(network, exchange.spoken_in).await?;
        let principal = spoken.map(|act| act.principal);
        let limits = if exchange.state == ExchangeState::Held {
            morning::held_by(app, caller, &exchange, &standings).await?
        } else {
            Vec::new()
        };
        let not_yours = self.not_yours(principal);
        let forms = self.forms(filled, opened, &standings, not_yours.is_some());
        let address = |number: ExchangeNumber| frame.under(&format!("/exchanges/{}", caller.name(number.0)));
        let replacement = app.store.replacement_of(network, &exchange).await?;
        Ok(One {
            told: Told::new(caller, frame, view, app.now()),
            sides: sides.map(side).into(),
            speaker: self.speaker(principal).await?,
            thread: thread(app, caller, frame, view).await?,
            limits: limits.iter().map(|limit| limits::passed(frame, caller, limit)).collect(),
            not_yours,
            forms,
            minutes: filled.said("minutes").map_or_else(|| frame.hours(exchange.terms.minutes), str::to_owned),
            evidence: evidence::choices(frame, filled),
            evidence_reference: filled.get("evidence_reference").to_owned(),
            replaced: exchange.replaces.filter(|_| is_coordinator).map(address),
            replacement: replacement.filter(|_| is_coordinator).map(|view| address(view.exchange.number)),
            list: frame.under(if is_coordinator { "/exchanges" } else { "" }),
            name: caller.name(exchange.number.0),
            misfits,
            frame: self.frame.clone(),
        })
    }

    /// Why the reader may not decide: they noted it themselves for one side, or they belong to one.
    fn not_yours(&self, principal: Option<Principal>) -> Option<String> {
        let Self { caller, frame, view, .. } = self;
        let exchange = &view.exchange;
        let own = caller.person()?;
        match caller.acting {
            Acting::Coordinator => {
                let is_asked = exchange.state == ExchangeState::Proposed && principal == Some(Principal::Person(own));
                is_asked.then(|| frame.t("oversee-noted-by-yourself"))
            }
            Acting::Mediator => {
                let person = caller.registry.person(own)?;
                let side = exchanges::sides(exchange).into_iter().find(|side| person.concerns(*side))?;
                Some(frame.say("oversee-belongs-to-side", &[("name", caller.name_of(side).into())]))
            }
            Acting::Auditor | Acting::Association(_) | Acting::Oneself => None,
        }
    }

    fn forms(
        &self,
        filled: &Filled,
        opened: Option<Step>,
        standings: &BTreeMap<AssociationNumber, AccountHead>,
        is_not_theirs: bool,
    ) -> Vec<Form> {
        let Self { caller, frame, view, .. } = self;
        let exchange = &view.exchange;
        let is_left = |step: Step| match caller.acting {
            Acting::Coordinator => !is_not_theirs || step != Step::Confirm,
            Acting::Mediator | Acting::Auditor | Acting::Association(_) | Acting::Oneself => !is_not_theirs,
        };
        let open =
            Step::ALL.into_iter().filter(|(step, _)| step.is_open_to(caller.acting, exchange.state) && is_left(*step));
        let form = |(step, word): (Step, &'static str)| {
            let [title, then, button, _] = step.said();
            let changes = [Side::Giver, Side::Receiver].map(|side| {
                let association = exchange.terms.association(side);
                let before = standings.get(&association).copied().unwrap_or_default().balance;
                let after = balance_after(step.moves(), before, exchange, side);
                balance::Change::new(frame, caller.name_of(association), before, after)
            });
            let hours = frame.hours(exchange.terms.minutes);
            Form {
                word,
                step,
                title: frame.t(title),
                then: frame.say(then, &[("hours", hours.into())]),
                button: frame.t(button),
                is_opened: opened == Some(step),
                changes: changes.into(),
                reason: if opened == Some(step) { filled.get("reason").to_owned() } else { String::new() },
            }
        };
        open.map(form).collect()
    }

    /// Who said what stands there now, and what that was.
    async fn speaker(&self, principal: Option<Principal>) -> Result<Option<(String, String)>, Problem> {
        let Some(Principal::Person(person)) = principal else { return Ok(None) };
        let identity = self.app.store.identity(self.caller.known.id, person).await?;
        let is_complaint = self.view.exchange.state == ExchangeState::CorrectionRequested;
        let said = if is_complaint { "oversee-asked-by" } else { "oversee-speaker" };
        Ok(identity.as_ref().map(|identity| (self.frame.t(said), full_name(identity))))
    }
}

/// Where a side would stand.
fn balance_after(moves: Moves, before: Minutes, exchange: &Exchange, side: Side) -> Minutes {
    let after = match moves {
        Moves::Posts => morning::balance_after(before, exchange, side),
        Moves::TakesBack => morning::balance_after(before, exchange, side.other()),
        Moves::Nothing => None,
    };
    after.unwrap_or(before)
}

async fn set<'a>(app: &'a App, caller: &'a Caller, asking: &Asking, name: Uuid) -> Result<Table<'a>, Problem> {
    let view = exchanges::find(app, caller, name).await?;
    Ok(Table { frame: Frame::around(app, caller, asking).await?, app, caller, view })
}

/// The page.
pub(crate) async fn show(State(app): State<App>, caller: Caller, Path(name): Path<Uuid>, asking: Asking) -> Answer {
    let table = set(&app, &caller, &asking, name).await?;
    page(&table.lay(&Filled::default(), Misfits::default(), None).await?)
}

/// A decision that its reader takes.
pub(crate) async fn take(
    State(app): State<App>,
    caller: Caller,
    Path((name, step)): Path<(Uuid, String)>,
    asking: Asking,
    filled: Filled,
) -> Answer {
    let step = Step::read(&step).ok_or_else(Problem::not_found)?;
    let asked = filled.asked()?;
    let table = set(&app, &caller, &asking, name).await?;
    let mut misfits = Misfits::default();
    let Some(command) = step.command(table.view.exchange.number, &filled, &table.frame, &mut misfits) else {
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &table.lay(&filled, misfits, Some(step)).await?);
    };
    let told = Told::new(&caller, &table.frame, &table.view, app.now());
    let written = take_step(&app, &caller, (&asked, &filled), &table.view, command).await;
    let [.., said] = step.said();
    match written {
        Ok(_) => see(&format!("{}?said={said}", told.address)),
        Err(problem) if matches!(problem.refusal(), Refusal::ChangedMeanwhile) => {
            see(&format!("{}?said=said-changed", told.address))
        }
        Err(problem) => {
            let field = match problem.field().unwrap_or_default() {
                "minutes" => "minutes",
                "reason" => "reason",
                "evidence" => "evidence_reference",
                _ => "form",
            };
            let mut misfits = Misfits::default();
            misfits.add(field, sentence_of(&table.frame, &problem));
            page_with(problem.status(), &table.lay(&filled, misfits, Some(step)).await?)
        }
    }
}
