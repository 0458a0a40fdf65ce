//! All exchanges of an association, newest first, with filters.

use askama::Template;
use axum::extract::State;
use ledger::{AssociationNumber, ExchangeNumber, SkillNumber, exchange::ExchangeState, year::Year};
use service::{App, caller::Caller};
use store::{ExchangeFilter, Page};

use crate::{
    answer::{Answer, page},
    exchange::Told,
    form::Choice,
    frame::{Asking, Frame},
    home::own,
    partner,
};

/// So many are shown on a page.
const SHOWN: u32 = 50;

#[derive(Template)]
#[template(path = "exchanges.html")]
struct List {
    frame: Frame,
    shown: Vec<Told>,
    partners: Vec<Choice>,
    skills: Vec<Choice>,
    years: Vec<Choice>,
    states: Vec<Choice>,
    is_filtered: bool,
    /// The address of the older ones.
    older: Option<String>,
}

/// What the address asks for.
struct Filters {
    partner: String,
    skill: String,
    year: String,
    state: String,
}

impl Filters {
    fn of(asking: &Asking) -> Self {
        let parameter = |name| asking.parameter(name).unwrap_or_default();
        Self {
            partner: parameter("partner"),
            skill: parameter("skill"),
            year: parameter("year"),
            state: parameter("state"),
        }
    }

    fn filter(&self, caller: &Caller, own: AssociationNumber) -> ExchangeFilter {
        let number = |text: &str| text.parse().ok().and_then(|name| caller.ids().number(name).ok());
        ExchangeFilter {
            association: Some(own),
            partner: number(&self.partner).map(AssociationNumber),
            skill: number(&self.skill).map(SkillNumber),
            year: self.year.parse().ok().filter(|year| (1900..=9999).contains(year)).map(Year),
            states: ExchangeState::ALL.iter().copied().filter(|state| state.as_str() == self.state).collect(),
            ..ExchangeFilter::default()
        }
    }

    fn query(&self, before: &str) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        let pairs = [
            ("partner", self.partner.as_str()),
            ("skill", &self.skill),
            ("year", &self.year),
            ("state", &self.state),
            ("before", before),
        ];
        query.extend_pairs(pairs.into_iter().filter(|(_, value)| !value.is_empty())).finish()
    }
}

/// The page.
pub(crate) async fn show(State(app): State<App>, caller: Caller, asking: Asking) -> Answer {
    let own = own(&caller)?;
    let frame = Frame::around(&app, &caller, &asking).await?;
    let filters = Filters::of(&asking);
    let before = asking.parameter("before").and_then(|name| name.parse().ok());
    let before = before.and_then(|name| caller.ids().number(name).ok()).map(ExchangeNumber);
    let filter = ExchangeFilter { page: Page { before, most: SHOWN + 1 }, ..filters.filter(&caller, own) };
    let views = app.store.exchange_views(caller.known.id, &filter).await?;
    let is_more = views.len() > SHOWN as usize;
    let views = views.get(..views.len().min(SHOWN as usize)).unwrap_or_default();
    let older = views.last().filter(|_| is_more).map(|view| {
        let query = filters.query(&caller.name(view.exchange.number.0).to_string());
        frame.under(&format!("/exchanges?{query}"))
    });
    let shown = views.iter().map(|view| Told::new(&app, &caller, &frame, own, view)).collect();
    page(&choices(&frame, &caller, own, &filters, shown, older))
}

fn choices(
    frame: &Frame,
    caller: &Caller,
    own: AssociationNumber,
    filters: &Filters,
    shown: Vec<Told>,
    older: Option<String>,
) -> List {
    let partners = partner::partners(&caller.registry, own);
    let partners =
        partners.iter().map(|member| Choice::of(&caller.name(member.number.0), &member.name(), &filters.partner));
    let skills = caller.registry.skills().iter();
    let skills = skills.map(|skill| Choice::of(&caller.name(skill.number.0), &skill.name, &filters.skill));
    let this_year = chrono::Datelike::year(&frame.today);
    let years = (0..6).map(|back| this_year - back);
    let years = years.map(|year| Choice::of(&year, &year, &filters.year));
    let states = ExchangeState::ALL.iter();
    let states = states.map(|state| {
        let word = ledger::words::capitalised(state.in_words(frame.language()));
        Choice::of(state, &word, &filters.state)
    });
    List {
        shown,
        partners: partners.collect(),
        skills: skills.collect(),
        years: years.collect(),
        states: states.collect(),
        is_filtered: !filters.query("").is_empty(),
        older,
        frame: frame.clone(),
    }
}
