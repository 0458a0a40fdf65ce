//! An association's first page: note help, what waits for an answer, and where one stands.

use askama::Template;
use axum::extract::State;
use ledger::{AssociationNumber, Minutes, account::Account};
use service::{
    App,
    acting::Acting,
    caller::Caller,
    problem::{Problem, Refusal},
};
use store::{ExchangeFilter, Page};

use crate::{
    answer::{Answer, page},
    exchange::Told,
    frame::{Asking, Frame},
};

/// So many exchanges that wait are shown; the others on their own page.
const WAITING_MOST: u32 = 5;
/// So many of the last ones.
const LAST_MOST: u32 = 5;

#[derive(Template)]
#[template(path = "home.html")]
struct Home {
    frame: Frame,
    waiting: Vec<Told>,
    stand: Stand,
    last: Vec<Told>,
}

/// Where an association stands.
#[derive(Debug)]
pub(crate) struct Stand {
    /// In words.
    pub(crate) sentence: String,
    /// What that means, in a few words.
    pub(crate) meaning: String,
    /// The figures behind it.
    pub(crate) figures: String,
    /// How long the bars of what was given and received are, of 300.
    pub(crate) bars: [u64; 2],
}

impl Stand {
    /// Where it stands after so much.
    pub(crate) fn new(frame: &Frame, balance: Minutes, given: Minutes, received: Minutes) -> Self {
        let (sentence, meaning) = if balance.is_zero() {
            (frame.t("stand-even"), "stand-even-means")
        } else {
            let hours = frame.hours(Minutes::new(balance.get().saturating_abs()));
            let (key, meaning) = if balance.is_positive() {
                ("stand-given", "stand-given-means")
            } else {
                ("stand-received", "stand-received-means")
            };
            (frame.say(key, &[("hours", hours.into())]), meaning)
        };
        let most = given.unsigned_abs().max(received.unsigned_abs()).max(1);
        let bar = |minutes: Minutes| minutes.unsigned_abs().saturating_mul(300) / most;
        let figures = [("given", frame.hours(given).into()), ("received", frame.hours(received).into())];
        Self {
            sentence,
            meaning: frame.t(meaning),
            figures: frame.say("stand-figures", &figures),
            bars: [bar(given), bar(received)],
        }
    }
}

/// The association for which a caller acts.
///
/// # Errors
/// When they act for none.
pub(crate) fn own(caller: &Caller) -> Result<AssociationNumber, Problem> {
    match caller.acting {
        Acting::Association(own) => Ok(own),
        Acting::Coordinator | Acting::Auditor | Acting::Mediator | Acting::Oneself => {
            Err(Problem::new(Refusal::RoleDoesNotAllow))
        }
    }
}

/// The page.
pub(crate) async fn show(State(app): State<App>, caller: Caller, asking: Asking) -> Answer {
    let own = own(&caller)?;
    let frame = Frame::around(&app, &caller, &asking).await?;
    let network = caller.known.id;
    let told = |view: &store::ExchangeView| Told::new(&app, &caller, &frame, own, view);
    let filter = ExchangeFilter { waiting_for: Some(own), page: Page::newest(WAITING_MOST), ..Default::default() };
    let waiting: Vec<_> = app.store.exchange_views(network, &filter).await?.iter().map(told).collect();
    // What waits stands above.
    let read = LAST_MOST + WAITING_MOST;
    let filter = ExchangeFilter { association: Some(own), page: Page::newest(read), ..Default::default() };
    let last = app.store.exchange_views(network, &filter).await?;
    let last = last.iter().map(told).filter(|told| !told.waits_for_us).take(LAST_MOST as usize).collect();
    let head = app.standings.of(network, Account::Association(own)).await;
    let head = head.map_err(|error| Problem::of_store(&error))?;
    let stand = Stand::new(&frame, head.balance, head.given, head.received);
    page(&Home { waiting, stand, last, frame })
}
