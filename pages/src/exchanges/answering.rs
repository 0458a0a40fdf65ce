//! All that waits for an association's answer, to be answered in one go: each line is seen, and can be left out.

use askama::Template;
use axum::{extract::State, http::StatusCode};
use ledger::{
    Minutes,
    command::{Command, Seen},
    evidence::Evidence,
    exchange::ExchangeState,
};
use service::{App, caller::Caller, exchanges, problem::Problem};
use store::{ExchangeFilter, ExchangeView, Page};
use uuid::Uuid;

use crate::{
    answer::{Answer, page, page_with, see},
    exchange::{Told, seen},
    form::{Filled, Misfits, sentence_of},
    frame::{Asking, Frame},
    home::own,
};

/// So many are answered at once.
const MOST: u32 = 60;

#[derive(Template)]
#[template(path = "answer.html")]
struct Waiting {
    frame: Frame,
    misfits: Misfits,
    proposals: Vec<Line>,
    /// Requests for correction, each answered on its own page.
    corrections: Vec<Told>,
}

/// A line that waits.
#[derive(Debug)]
struct Line {
    told: Told,
    name: Uuid,
    is_ticked: bool,
}

async fn lay(
    app: &App,
    caller: &Caller,
    asking: &Asking,
    filled: Option<&Filled>,
    misfits: Misfits,
) -> Result<Waiting, Problem> {
    let own = own(caller)?;
    let frame = Frame::around(app, caller, asking).await?;
    let filter = ExchangeFilter { waiting_for: Some(own), page: Page::newest(MOST), ..Default::default() };
    let views = app.store.exchange_views(caller.known.id, &filter).await?;
    let told = |view: &ExchangeView| Told::new(app, caller, &frame, own, view);
    let line = |view: &ExchangeView| {
        let name = caller.name(view.exchange.number.0);
        let is_ticked = filled.is_none_or(|filled| filled.is("exchange", &name.to_string()));
        Line { told: told(view), name, is_ticked }
    };
    let is_proposal = |view: &&ExchangeView| view.exchange.state == ExchangeState::Proposed;
    let proposals = views.iter().filter(is_proposal).map(line).collect();
    let corrections = views.iter().filter(|view| !is_proposal(view)).map(told).collect();
    Ok(Waiting { misfits, proposals, corrections, frame })
}

/// The page.
pub(crate) async fn show_waiting(State(app): State<App>, caller: Caller, asking: Asking) -> Answer {
    page(&lay(&app, &caller, &asking, None, Misfits::default()).await?)
}

/// Says yes to all that is ticked. What cannot be confirmed any more is said, and the others are confirmed.
pub(crate) async fn answer_all(State(app): State<App>, caller: Caller, asking: Asking, filled: Filled) -> Answer {
    let asked = filled.asked()?;
    let frame = Frame::around(&app, &caller, &asking).await?;
    let mut misfits = Misfits::default();
    let mut confirmed = Minutes::ZERO;
    let mut ticked = 0_usize;
    for name in filled.all("exchange").filter_map(|text| Uuid::try_parse(text).ok()) {
        ticked += 1;
        let view = exchanges::find(&app, &caller, name).await?;
        // A key of its own, made of the form's and of the exchange's name, however the others are ticked.
        let number = usize::try_from(view.exchange.number.0).unwrap_or_default();
        let asked = service::asked::Asked { digest: view_digest(name), ..asked.part(number) };
        let is_known = !app.store.acts_of_keys(caller.known.id, &[asked.key_of(&caller)]).await?.is_empty();
        let is_as_seen = filled.get(&format!("seen-{name}")) == seen(&view);
        let told = Told::new(&app, &caller, &frame, own(&caller)?, &view);
        if !is_known && !is_as_seen {
            misfits.add("form", frame.say("answer-changed", &[("partner", told.partner.as_str().into())]));
            continue;
        }
        let command = Command::Confirm { exchange: view.exchange.number, evidence: Evidence::BOTH_SIDES, reason: None };
        let seen = (!is_known).then(|| Seen::Exchange(Box::new(view.exchange)));
        match app.write_having_seen(&caller, &asked, command, seen).await {
            Ok(_) => confirmed = confirmed.checked_add(view.exchange.terms.minutes).unwrap_or(confirmed),
            Err(problem) => misfits.add("form", format!("{} : {}", told.partner, sentence_of(&frame, &problem))),
        }
    }
    if ticked == 0 {
        misfits.add("form", frame.t("answer-none-ticked"));
    }
    if misfits.is_empty() {
        return see(&frame.under("?said=said-all"));
    }
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &lay(&app, &caller, &asking, Some(&filled), misfits).await?)
}

/// What is asked of one line of the form, whatever else is ticked.
fn view_digest(name: Uuid) -> ledger::Digest {
    ledger::log::leaf_hash(format!("confirm {name}").as_bytes())
}
