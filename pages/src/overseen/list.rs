//! All exchanges of the network, newest first, with filters; for a mediator, those that are contested.

use askama::Template;
use axum::extract::State;
use ledger::{AssociationNumber, ExchangeNumber, exchange::ExchangeState, name, words::capitalised, year::Year};
use service::{App, caller::Caller, exchanges, problem::Problem};
use store::{ExchangeFilter, Page};

use super::told::Told;
use crate::{
    answer::{Answer, page},
    form::Choice,
    frame::{Asking, Frame},
};

/// So many are shown on a page.
const SHOWN: u32 = 50;

#[derive(Template)]
#[template(path = "overseen_list.html")]
struct List {
    frame: Frame,
    shown: Vec<Told>,
    members: Vec<Choice>,
    years: Vec<Choice>,
    states: Vec<Choice>,
    reference: String,
    is_filtered: bool,
    /// The address of the older ones.
    older: Option<String>,
}

/// What the address asks for.
struct Filters {
    association: String,
    year: String,
    state: String,
    reference: String,
}

impl Filters {
    fn of(asking: &Asking) -> Self {
        let parameter = |name| asking.parameter(name).unwrap_or_default().trim().to_owned();
        Self {
            association: parameter("association"),
            year: parameter("year"),
            state: parameter("state"),
            reference: parameter("reference"),
        }
    }

    fn filter(&self, caller: &Caller) -> ExchangeFilter {
        let number = |text: &str| text.parse().ok().and_then(|name| caller.ids().number(name).ok());
        ExchangeFilter {
            association: number(&self.association).map(AssociationNumber),
            year: self.year.parse().ok().filter(|year| (1900..=9999).contains(year)).map(Year),
            states: ExchangeState::ALL.iter().copied().filter(|state| state.as_str() == self.state).collect(),
            reference: Some(self.reference.clone()).filter(|reference| !reference.is_empty()),
            ..ExchangeFilter::default()
        }
    }

    fn query(&self, before: &str) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        let pairs = [
            ("association", self.association.as_str()),
            ("year", &self.year),
            ("state", &self.state),
            ("reference", &self.reference),
            ("before", before),
        ];
        query.extend_pairs(pairs.into_iter().filter(|(_, value)| !value.is_empty())).finish()
    }
}

/// The coordinator's page.
pub(crate) async fn show(State(app): State<App>, caller: Caller, asking: Asking) -> Answer {
    let frame = Frame::around(&app, &caller, &asking).await?;
    let filters = Filters::of(&asking);
    let before = asking.parameter("before").and_then(|name| name.parse().ok());
    let before = before.and_then(|name| caller.ids().number(name).ok()).map(ExchangeNumber);
    let filter = ExchangeFilter { page: Page { before, most: SHOWN + 1 }, ..filters.filter(&caller) };
    let (shown, last) = read(&app, &caller, &frame, &filter).await?;
    let older =
        last.map(|last| frame.under(&format!("/exchanges?{}", filters.query(&caller.name(last.0).to_string()))));
    let mut members: Vec<_> = caller.registry.associations().collect();
    members.sort_by_cached_key(|member| name::fold(member.name()));
    let members =
        members.iter().map(|member| Choice::of(&caller.name(member.number.0), &member.name(), &filters.association));
    let this_year = chrono::Datelike::year(&frame.today);
    let years = (0..6).map(|back| this_year - back).map(|year| Choice::of(&year, &year, &filters.year));
    let states = ExchangeState::ALL
        .iter()
        .map(|state| Choice::of(state, &capitalised(state.in_words(frame.language())), &filters.state));
    page(&List {
        members: members.collect(),
        years: years.collect(),
        states: states.collect(),
        reference: filters.reference.clone(),
        is_filtered: !filters.query("").is_empty(),
        shown,
        older,
        frame,
    })
}

#[derive(Template)]
#[template(path = "contested.html")]
struct ContestedList {
    frame: Frame,
    shown: Vec<Told>,
}

/// The mediator's page.
pub(crate) async fn contested(State(app): State<App>, caller: Caller, asking: Asking) -> Answer {
    let frame = Frame::around(&app, &caller, &asking).await?;
    let mut filter = ExchangeFilter { page: Page::newest(SHOWN), ..ExchangeFilter::default() };
    exchanges::only_waiting(&mut filter, &caller, app.now());
    let (shown, _) = read(&app, &caller, &frame, &filter).await?;
    page(&ContestedList { shown, frame })
}

/// The exchanges of a page, and the last of them where there are older ones.
async fn read(
    app: &App,
    caller: &Caller,
    frame: &Frame,
    filter: &ExchangeFilter,
) -> Result<(Vec<Told>, Option<ExchangeNumber>), Problem> {
    let mut views = app.store.exchange_views(caller.known.id, filter).await?;
    let is_more = views.len() > SHOWN as usize;
    views.truncate(SHOWN as usize);
    let last = views.last().filter(|_| is_more).map(|view| view.exchange.number);
    Ok((views.iter().map(|view| Told::new(caller, frame, view, app.now())).collect(), last))
}
