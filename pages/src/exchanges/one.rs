//! One exchange: what it says, what was said about it, and what its reader may do.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use ledger::{
    AssociationNumber, ExchangeNumber, Minutes, PersonNumber,
    account::Account,
    evidence::Witness,
    exchange::{ExchangeState, Side},
};
use service::{
    App,
    caller::Caller,
    exchanges,
    problem::{Problem, Refusal},
    recognitions,
};
use store::ExchangeView;
use uuid::Uuid;

use super::step::Step;
use crate::{
    answer::{Answer, page, page_with, see},
    exchange::{Told, field_of, take_step},
    form::{Filled, Misfits, sentence_of},
    frame::{Asking, Frame, full_name},
    home::{Stand, own},
    thread::{Said, thread},
};

/// A person who may have done it.
#[derive(Debug)]
struct Helper {
    field: String,
    name: String,
    value: String,
}

#[derive(Template)]
#[template(path = "exchange.html")]
struct One {
    frame: Frame,
    misfits: Misfits,
    told: Told,
    is_given: bool,
    state: ExchangeState,
    /// Steps that are open to the reader.
    open: Vec<Step>,
    /// The step whose form is opened.
    opened: Option<Step>,
    minutes: String,
    service_date: String,
    last_day: String,
    reason: String,
    /// Where the reader stands now, and would stand without this exchange.
    before: String,
    after: String,
    /// Who did it, as far as it was told.
    helped: Vec<(String, String)>,
    /// Where one recognises what was seen of those who helped.
    recognise: Option<String>,
    /// Whether that could be done, once they were told.
    is_nobody_told: bool,
    /// What was said about it.
    thread: Vec<Said>,
    helpers: Vec<Helper>,
    replaced: Option<String>,
    /// The exchange that stands in its place.
    replacement: Option<String>,
    /// Where it is noted anew, once it is undone.
    again: String,
    /// The network's name of it, for whoever wants proof.
    name: Uuid,
}

impl One {
    fn title(&self) -> String {
        let key = if self.is_given { "exchange-title-given" } else { "exchange-title-received" };
        self.frame.say(key, &[("partner", self.told.partner.as_str().into())])
    }

    /// Whether a step is open to the reader.
    fn may(&self, step: &str) -> bool {
        Step::read(step).is_some_and(|step| self.open.contains(&step))
    }

    /// Whether the form of a step is opened.
    fn opens(&self, step: &str) -> bool {
        self.opened.is_some() && self.opened == Step::read(step)
    }

    /// What happens next.
    fn next(&self) -> Option<String> {
        if self.told.waits_for_us {
            return None;
        }
        let with = [("partner", self.told.partner.as_str().into())];
        let key = match self.state {
            ExchangeState::Proposed => "exchange-next-proposed",
            ExchangeState::Contested => return Some(self.frame.t("exchange-next-contested")),
            ExchangeState::Held => return Some(self.frame.t("exchange-next-held")),
            ExchangeState::CorrectionRequested => "exchange-next-correction",
            ExchangeState::Confirmed
            | ExchangeState::Reversed
            | ExchangeState::Withdrawn
            | ExchangeState::Dismissed => {
                return None;
            }
        };
        Some(self.frame.say(key, &with))
    }

    /// Whether what really happened is still to be noted.
    fn is_to_be_noted_again(&self) -> bool {
        self.state == ExchangeState::Reversed && self.replacement.is_none()
    }

    fn is_posted(&self) -> bool {
        self.state.is_posted()
    }
}

/// What the page is made from.
struct Table<'a> {
    app: &'a App,
    caller: &'a Caller,
    frame: Frame,
    own: AssociationNumber,
    view: ExchangeView,
}

impl Table<'_> {
    fn side(&self) -> Side {
        self.view.exchange.terms.side_of(self.own).unwrap_or(Side::Giver)
    }

    /// The page, as its forms are filled in.
    async fn lay(self, filled: &Filled, misfits: Misfits, opened: Option<Step>) -> Result<One, Problem> {
        let Self { app, caller, frame, own, view } = &self;
        let thread = thread(app, caller, frame, view).await?;
        let network = caller.known.id;
        let exchange = view.exchange;
        let side = self.side();
        let head = app.standings.of(network, Account::Association(*own)).await;
        let head = head.map_err(|error| Problem::of_store(&error))?;
        let without = match side {
            Side::Giver => head.balance.checked_sub(exchange.terms.minutes),
            Side::Receiver => head.balance.checked_add(exchange.terms.minutes),
        };
        let stand = |balance| Stand::new(frame, balance, head.given, head.received).sentence;
        let told = app.store.contributions_to(network, &exchange).await?;
        let numbers: Vec<PersonNumber> = told.iter().map(|line| line.person).collect();
        let named = app.store.identities_of(network, &numbers).await?;
        let name = |person: PersonNumber| {
            let identity = named.iter().find(|(number, _)| *number == person);
            identity.map_or_else(|| frame.t("exchange-somebody"), |(_, identity)| full_name(identity))
        };
        // Who did it is the giver's to know; the other side reads how many.
        let helped = if side == Side::Giver {
            told.iter().map(|line| (name(line.person), frame.hours(line.minutes))).collect()
        } else {
            Vec::new()
        };
        let steps =
            [Step::Yes, Step::Almost, Step::No, Step::Withdraw, Step::Correct, Step::Keep, Step::Reverse, Step::Who];
        let left = Minutes::sum(told.iter().map(|line| line.minutes))
            .and_then(|told| exchange.terms.minutes.checked_sub(told))
            .is_some_and(Minutes::is_positive);
        let is_open = |step: &Step| step.is_open_to(side, view) && (*step != Step::Who || left);
        let open: Vec<Step> = steps.into_iter().filter(is_open).collect();
        let helpers = if open.contains(&Step::Who) { self.helpers(filled).await? } else { Vec::new() };
        let minutes = filled.said("minutes").map_or_else(|| frame.hours(exchange.terms.minutes), str::to_owned);
        let service_date =
            filled.said("service_date").map_or_else(|| exchange.terms.service_date.to_string(), str::to_owned);
        let address = |number: ExchangeNumber| frame.under(&format!("/exchanges/{}", caller.name(number.0)));
        let replacement = app.store.replacement_of(network, &exchange).await?;
        let ours_to_recognise = recognitions::helpers(app, caller, view).await?;
        let may_recognise = ours_to_recognise.as_ref().is_some_and(|helpers| !helpers.is_empty());
        Ok(One {
            told: Told::new(app, caller, frame, *own, view),
            is_given: side == Side::Giver,
            state: exchange.state,
            open,
            opened,
            minutes,
            service_date,
            last_day: frame.today.to_string(),
            reason: filled.get("reason").to_owned(),
            before: stand(head.balance),
            after: stand(without.unwrap_or(head.balance)),
            helped,
            recognise: may_recognise.then(|| format!("{}/recognise", address(exchange.number))),
            is_nobody_told: ours_to_recognise.is_some_and(|helpers| helpers.is_empty()),
            thread,
            helpers,
            replaced: exchange.replaces.map(address),
            replacement: replacement.map(|view| address(view.exchange.number)),
            again: frame.under(&format!(
                "/note?partner={}&side={side}&replaces={}",
                caller.name(exchange.terms.association(side.other()).0),
                caller.name(exchange.number.0),
            )),
            name: caller.name(exchange.number.0),
            misfits,
            frame: self.frame.clone(),
        })
    }

    async fn helpers(&self, filled: &Filled) -> Result<Vec<Helper>, Problem> {
        let ours = self.caller.registry.persons().filter(|person| person.associations.contains(&self.own));
        let ours: Vec<_> = ours.map(|person| person.number).take(80).collect();
        let named = self.app.store.identities_of(self.caller.known.id, &ours).await?;
        let mut helpers: Vec<Helper> = named
            .iter()
            .map(|(number, identity)| {
                let field = format!("minutes-{}", self.caller.name(number.0));
                Helper { value: filled.get(&field).to_owned(), name: full_name(identity), field }
            })
            .collect();
        helpers.sort_by_cached_key(|helper| ledger::name::fold(&helper.name));
        Ok(helpers)
    }
}

async fn set<'a>(app: &'a App, caller: &'a Caller, asking: &Asking, name: Uuid) -> Result<Table<'a>, Problem> {
    let own = own(caller)?;
    let view = exchanges::find(app, caller, name).await?;
    Ok(Table { frame: Frame::around(app, caller, asking).await?, app, caller, own, view })
}

/// The page.
pub(crate) async fn show(
    State(app): State<App>,
    caller: Caller,
    Path((_, name)): Path<(String, Uuid)>,
    asking: Asking,
) -> Answer {
    let table = set(&app, &caller, &asking, name).await?;
    let opened = asking.parameter("answer").and_then(|word| Step::read(&word));
    page(&table.lay(&Filled::default(), Misfits::default(), opened).await?)
}

/// A step that its reader takes.
pub(crate) async fn take(
    State(app): State<App>,
    caller: Caller,
    Path((_, name, step)): Path<(String, Uuid, String)>,
    asking: Asking,
    filled: Filled,
) -> Answer {
    let step = Step::read(&step).ok_or_else(Problem::not_found)?;
    let asked = filled.asked()?;
    let table = set(&app, &caller, &asking, name).await?;
    let mut misfits = Misfits::default();
    let command =
        step.command(table.view.exchange.number, &filled, (&caller, &table.frame), Witness::Side, &mut misfits);
    let Some(command) = command else {
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &table.lay(&filled, misfits, Some(step)).await?);
    };
    let address = |said: &str| table.frame.under(&format!("/exchanges/{name}?said={said}"));
    let written = take_step(&app, &caller, (&asked, &filled), &table.view, command).await;
    match written {
        Ok(_) => see(&address(step.said())),
        // What they saw is no longer so: what there is now comes first.
        Err(problem) if matches!(problem.refusal(), Refusal::ChangedMeanwhile) => see(&address("said-changed")),
        Err(problem) => {
            let mut misfits = Misfits::default();
            misfits.add(field_of(&problem), sentence_of(&table.frame, &problem));
            page_with(problem.status(), &table.lay(&filled, misfits, Some(step)).await?)
        }
    }
}
