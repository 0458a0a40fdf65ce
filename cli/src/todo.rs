//! `todo`: what waits, and for whom.

use chrono::{DateTime, Utc};
use clap::{ArgMatches, Command};
use ledger::{
    AssociationNumber, Language,
    command::Principal,
    exchange::{Awaited, ExchangeState},
    person::Role,
};
use serde_json::json;
use store::{ExchangeFilter, ExchangeView, Page};

use crate::{
    arguments,
    failure::Failure,
    report::{Align, Table, count, day, print_json},
    session::{Session, wants_json},
};

/// More than anybody answers in a day; of more it is said that there are more.
const MOST: u32 = 1_000;

pub(crate) fn arguments(language: Language) -> Command {
    let about = language.pick("Ce qui attend, et qui doit répondre", "What waits, and who has to answer");
    arguments::ledger_verb("todo", "a-faire", about, "coudemain todo --as ALI", language)
        .arg(arguments::format(language))
        .arg(arguments::association(language))
}

pub(crate) async fn run(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let session = Session::open(args, language).await?;
    let wanted = args.get_one::<String>("association").map(|wanted| session.association(wanted)).transpose()?;
    let wanted = wanted.map(|found| found.number);
    let sight = Sight::of(&session);
    let states = ExchangeState::ALL.iter().copied();
    let filter = ExchangeFilter {
        association: wanted,
        states: states.filter(|state| state.is_open() || *state == ExchangeState::CorrectionRequested).collect(),
        page: Page::newest(MOST),
        ..ExchangeFilter::default()
    };
    let views = session.store.exchange_views(session.network_id, &filter).await?;
    let is_full = views.len() == MOST as usize;
    let mut waiting: Vec<_> = views.into_iter().filter_map(|view| Waits::new(&session, view)).collect();
    waiting.retain(|waits| sight.takes_in(waits) && waits.concerns(wanted));
    waiting.sort_by_key(|waits| waits.view.spoken_at);
    if wants_json(args) {
        print_json(&waiting.iter().map(|waits| waits.as_json(&session)).collect())?;
        return Ok(true);
    }
    if waiting.is_empty() {
        say_line!("{}", language.pick("Rien n'attend.", "Nothing waits."));
        return Ok(true);
    }
    let late = waiting.iter().filter(|waits| waits.is_overdue).count();
    say!("{}", as_table(&session, &waiting));
    let counted = count(
        waiting.len(),
        language,
        ("échange attend une réponse", "échanges attendent une réponse"),
        ("exchange waits for an answer", "exchanges wait for an answer"),
    );
    say_line!("\n{counted}, {}.", language.pick(format!("dont {late} en retard"), format!("{late} of them overdue")));
    if is_full {
        say_line!("{}", language.pick("D'autres, plus anciens, ne sont pas montrés.", "Others, older, are not shown."));
    }
    Ok(true)
}

/// An exchange that waits for somebody.
struct Waits {
    view: ExchangeView,
    whom: Whom,
    is_overdue: bool,
}

/// For whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whom {
    Association(AssociationNumber),
    Mediator,
    Coordinator,
}

impl Waits {
    fn new(session: &Session, view: ExchangeView) -> Option<Self> {
        let terms = view.exchange.terms;
        let whom = match view.exchange.waits_for()? {
            Awaited::Giver => Whom::Association(terms.giver),
            Awaited::Receiver => Whom::Association(terms.receiver),
            Awaited::Mediator => Whom::Mediator,
            Awaited::Coordinator => Whom::Coordinator,
        };
        let is_overdue = view.exchange.is_overdue(view.spoken_at, session.registry.policy(), session.clock.now());
        Some(Self { view, whom, is_overdue })
    }

    /// Whether it waits for that association, where one is asked about.
    fn concerns(&self, wanted: Option<AssociationNumber>) -> bool {
        wanted.is_none_or(|wanted| self.whom == Whom::Association(wanted))
    }

    fn whom_in_words(&self, session: &Session) -> String {
        match self.whom {
            Whom::Association(number) => session.name_of(number),
            Whom::Mediator => Awaited::Mediator.in_words(session.language).to_owned(),
            Whom::Coordinator => Awaited::Coordinator.in_words(session.language).to_owned(),
        }
    }

    /// What there is to do, as the verb that does it.
    fn to_do(&self, language: Language) -> &'static str {
        match self.view.exchange.state {
            ExchangeState::Proposed => language.pick("confirmer, modifier ou contester", "confirm, amend or contest"),
            ExchangeState::CorrectionRequested => language.pick("annuler ou maintenir", "reverse or keep"),
            ExchangeState::Contested => language.pick("trancher ou classer", "settle or dismiss"),
            ExchangeState::Held => language.pick("libérer ou classer", "release or dismiss"),
            ExchangeState::Confirmed
            | ExchangeState::Reversed
            | ExchangeState::Withdrawn
            | ExchangeState::Dismissed => "",
        }
    }

    fn as_json(&self, session: &Session) -> serde_json::Value {
        let terms = self.view.exchange.terms;
        json!({
            "reference": self.view.reference,
            "state": self.view.exchange.state.as_str(),
            "waiting_for": self.view.exchange.waits_for().map(Awaited::as_str),
            "whom": self.whom_in_words(session),
            "since": since(session, self.view.spoken_at).to_string(),
            "is_overdue": self.is_overdue,
            "service_date": terms.service_date.to_string(),
            "giver": session.name_of(terms.giver),
            "receiver": session.name_of(terms.receiver),
            "minutes": terms.minutes.get(),
        })
    }
}

fn since(session: &Session, at: DateTime<Utc>) -> chrono::NaiveDate {
    session.network.day_of(at)
}

/// What whoever asks sees: the operator and the network's coordinator and auditors all, others what waits for them.
struct Sight {
    sees_all: bool,
    is_mediator: bool,
    own: Vec<AssociationNumber>,
}

impl Sight {
    fn of(session: &Session) -> Self {
        let Principal::Person(person) = session.by.principal else {
            return Self { sees_all: true, is_mediator: false, own: Vec::new() };
        };
        let roles = session.registry.person(person).map(|person| person.roles.as_slice()).unwrap_or_default();
        Self {
            sees_all: roles.iter().any(|role| matches!(role, Role::Coordinator | Role::Auditor)),
            is_mediator: roles.contains(&Role::Mediator),
            own: roles.iter().filter_map(|role| role.association()).collect(),
        }
    }

    fn takes_in(&self, waits: &Waits) -> bool {
        let is_theirs = match waits.whom {
            Whom::Association(number) => self.own.contains(&number),
            Whom::Mediator => self.is_mediator,
            Whom::Coordinator => false,
        };
        self.sees_all || is_theirs
    }
}

fn as_table(session: &Session, waiting: &[Waits]) -> Table {
    let language = session.language;
    let mut table = Table::new(&[
        (language.pick("Référence", "Reference"), Align::Left),
        (language.pick("Attend", "Waits for"), Align::Left),
        (language.pick("Depuis", "Since"), Align::Left),
        (language.pick("A aidé", "Helped"), Align::Left),
        (language.pick("A été aidée", "Was helped"), Align::Left),
        (language.pick("Durée", "Duration"), Align::Right),
        (language.pick("À faire", "To do"), Align::Left),
    ]);
    for waits in waiting {
        let terms = waits.view.exchange.terms;
        let late = if waits.is_overdue { language.pick(" (en retard)", " (overdue)") } else { "" };
        table.row(vec![
            waits.view.reference.clone().unwrap_or_default(),
            waits.whom_in_words(session),
            format!("{}{late}", day(since(session, waits.view.spoken_at), language)),
            session.name_of(terms.giver),
            session.name_of(terms.receiver),
            terms.minutes.display(language).to_string(),
            waits.to_do(language).to_owned(),
        ]);
    }
    table
}
