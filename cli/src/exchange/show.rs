//! `exchange list` and `exchange show`: which exchanges there are, and where one stands.

use chrono::NaiveDate;
use clap::{Arg, ArgMatches, Command, builder::PossibleValuesParser, value_parser};
use ledger::{
    AssociationNumber, Language, Minutes,
    command::Principal,
    exchange::{Awaited, ExchangeState, Terms},
    person::Role,
    year::Year,
};
use serde_json::json;
use store::{ExchangeFilter, ExchangeLine, ExchangeView, Page};

use crate::{
    arguments,
    failure::Failure,
    report::{Align, Table, day, print_json},
    session::{Session, text, wants_json},
};

/// So many are shown unless more are asked for.
const SHOWN: u32 = 50;

pub(super) fn list_arguments(language: Language) -> Command {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    let about = t("Les échanges, les plus récents d'abord", "The exchanges, newest first");
    let states = ExchangeState::ALL.iter().map(|state| state.as_str());
    arguments::ledger_verb("list", "lister", about, "coudemain exchange list --state proposed", language)
        .arg(arguments::format(language))
        .arg(arguments::association(language))
        .arg(arguments::year(language))
        .arg(
            Arg::new("state")
                .long("state")
                .visible_alias("etat")
                .value_name(t("ÉTAT", "STATE"))
                .value_parser(PossibleValuesParser::new(states))
                .help(t(
                    "Dans cet état : proposed (proposé), contested (contesté), held (en attente), confirmed (confirmé)…",
                    "In this state: proposed, contested, held, confirmed…",
                )),
        )
        .arg(
            Arg::new("limit")
                .long("limit")
                .visible_alias("nombre")
                .value_name("N")
                .value_parser(value_parser!(u32).range(1..=100_000))
                .help(t("Combien au plus (50)", "How many at most (50)")),
        )
}

pub(super) async fn list(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let session = Session::open(args, language).await?;
    let wanted = args.get_one::<String>("association").map(|wanted| session.association(wanted)).transpose()?;
    let association = seen(&session, wanted.map(|found| found.number))?;
    let state = args.get_one::<String>("state").and_then(|state| ExchangeState::try_from(state.as_str()).ok());
    let most = args.get_one::<u32>("limit").copied().unwrap_or(SHOWN);
    let filter = ExchangeFilter {
        association,
        states: state.into_iter().collect(),
        year: args.get_one::<i32>("year").map(|year| Year(*year)),
        // One more, to know whether there are more.
        page: Page::newest(most.saturating_add(1)),
        ..ExchangeFilter::default()
    };
    let mut views = session.store.exchange_views(session.network_id, &filter).await?;
    let has_more = views.len() > most as usize;
    views.truncate(most as usize);
    if wants_json(args) {
        print_json(&views.iter().map(|view| as_json(&session, view)).collect())?;
        return Ok(true);
    }
    if views.is_empty() {
        say_line!("{}", language.pick("Aucun échange ne correspond.", "No exchange fits."));
        return Ok(true);
    }
    say!("{}", as_table(&session, views.iter().map(Listed::from)));
    if has_more {
        say_line!(
            "{}",
            language.pick(
                "… et d'autres, plus anciens ; --limit N en montre plus",
                "… and others, older; --limit N shows more"
            )
        );
    }
    Ok(true)
}

pub(super) fn one_arguments(language: Language) -> Command {
    let about = language.pick("Où en est un échange", "Where an exchange stands");
    arguments::ledger_verb("show", "montrer", about, "coudemain exchange show 2025-00002", language)
        .arg(reference(language))
        .arg(arguments::format(language))
}

pub(super) async fn one(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let session = Session::open(args, language).await?;
    let view = session.exchange(text(args, "exchange")).await?;
    let terms = view.exchange.terms;
    let sides = [terms.giver, terms.receiver];
    if !sides.into_iter().any(|side| seen(&session, Some(side)).is_ok()) {
        return Err(belongs_to_others());
    }
    let replacement = session.store.replacement_of(session.network_id, &view.exchange).await?;
    if wants_json(args) {
        let mut told = as_json(&session, &view);
        if let Some(replacement) = &replacement {
            told["replaced_by"] = json!(named(replacement));
        }
        print_json(&told)?;
        return Ok(true);
    }
    say_line!("{}", in_words(&session, &view));
    if let Some(replacement) = &replacement {
        let stands = in_words(&session, replacement);
        say_line!("{}", language.pick(format!("À sa place : {stands}"), format!("In its place: {stands}")));
    }
    if let Some(awaited) = view.exchange.waits_for() {
        let whom = match awaited {
            Awaited::Giver => session.name_of(terms.giver),
            Awaited::Receiver => session.name_of(terms.receiver),
            Awaited::Mediator | Awaited::Coordinator => awaited.in_words(language).to_owned(),
        };
        let since = day(session.network.day_of(view.spoken_at), language);
        say_line!(
            "{}",
            language.pick(format!("Attend {whom} depuis le {since}."), format!("Waits for {whom} since {since}."))
        );
    }
    if let Some(memo) = &view.memo {
        say_line!("{memo}");
    }
    Ok(true)
}

/// Which exchange.
pub(super) fn reference(language: Language) -> Arg {
    let (name, help) =
        language.pick(("RÉFÉRENCE", "La référence de l'échange"), ("REFERENCE", "The exchange's reference"));
    arguments::required("exchange", name, help)
}

/// The association whose exchanges are shown: whoever has no role of the network sees their own association's alone.
fn seen(session: &Session, wanted: Option<AssociationNumber>) -> Result<Option<AssociationNumber>, Failure> {
    let Principal::Person(person) = session.by.principal else { return Ok(wanted) };
    let roles = session.registry.person(person).map(|person| person.roles.as_slice()).unwrap_or_default();
    if roles.iter().any(|role| matches!(role, Role::Coordinator | Role::Mediator | Role::Auditor)) {
        return Ok(wanted);
    }
    let mut own: Vec<_> = roles.iter().filter_map(|role| role.association()).collect();
    own.dedup();
    match (wanted, own.as_slice()) {
        (Some(wanted), own) if own.contains(&wanted) => Ok(Some(wanted)),
        (None, [only]) => Ok(Some(*only)),
        (None, [_, ..]) => Err(Failure::said(
            "cette personne parle pour plusieurs associations ; dites laquelle avec --association",
            "this person speaks for several associations; say which with --association",
        )),
        (Some(_) | None, _) => Err(belongs_to_others()),
    }
}

fn belongs_to_others() -> Failure {
    Failure::said(
        "cela concerne d'autres associations que celle de cette personne",
        "this concerns other associations than this person's",
    )
}

/// “2025-00002 : Chorale → Fanfare, 2 h 30, le 14/03/2025 : confirmé”.
pub(super) fn in_words(session: &Session, view: &ExchangeView) -> String {
    let (terms, language) = (view.exchange.terms, session.language);
    let (giver, receiver) = (session.name_of(terms.giver), session.name_of(terms.receiver));
    let (minutes, date) = (terms.minutes.display(language), day(terms.service_date, language));
    let (named, state) = (named(view), view.exchange.state.in_words(language));
    language.pick(
        format!("{named} : {giver} → {receiver}, {minutes}, le {date} : {state}."),
        format!("{named}: {giver} → {receiver}, {minutes}, on {date}: {state}."),
    )
}

/// What people call it; its number where that is erased.
pub(super) fn named(view: &ExchangeView) -> String {
    view.reference.clone().unwrap_or_else(|| format!("n° {}", view.exchange.number))
}

fn as_json(session: &Session, view: &ExchangeView) -> serde_json::Value {
    let terms = view.exchange.terms;
    json!({
        "reference": view.reference,
        "state": view.exchange.state.as_str(),
        "service_date": terms.service_date.to_string(),
        "giver": session.name_of(terms.giver),
        "receiver": session.name_of(terms.receiver),
        "minutes": terms.minutes.get(),
        "skill": terms.skill.map(|skill| session.skill_name(skill)),
        "memo": view.memo,
        "waiting_for": view.exchange.waits_for().map(Awaited::as_str),
        "since": session.network.day_of(view.spoken_at).to_string(),
    })
}

/// What a line of a table says of an exchange.
pub(crate) struct Listed {
    reference: String,
    service_date: NaiveDate,
    giver: AssociationNumber,
    receiver: AssociationNumber,
    minutes: Minutes,
    state: ExchangeState,
}

impl From<&ExchangeView> for Listed {
    fn from(view: &ExchangeView) -> Self {
        let Terms { giver, receiver, minutes, service_date, .. } = view.exchange.terms;
        Self { reference: named(view), service_date, giver, receiver, minutes, state: view.exchange.state }
    }
}

impl From<&ExchangeLine> for Listed {
    fn from(line: &ExchangeLine) -> Self {
        let ExchangeLine { giver, receiver, minutes, service_date, state, .. } = *line;
        Self { reference: line.reference.clone().unwrap_or_default(), service_date, giver, receiver, minutes, state }
    }
}

/// A line an exchange.
pub(crate) fn as_table(session: &Session, exchanges: impl Iterator<Item = Listed>) -> Table {
    let language = session.language;
    let mut table = Table::new(&[
        (language.pick("Référence", "Reference"), Align::Left),
        ("Date", Align::Left),
        (language.pick("A aidé", "Helped"), Align::Left),
        (language.pick("A été aidée", "Was helped"), Align::Left),
        (language.pick("Durée", "Duration"), Align::Right),
        (language.pick("État", "State"), Align::Left),
    ]);
    for Listed { reference, service_date, giver, receiver, minutes, state } in exchanges {
        table.row(vec![
            reference,
            day(service_date, language),
            session.name_of(giver),
            session.name_of(receiver),
            minutes.display(language).to_string(),
            state.in_words(language).to_owned(),
        ]);
    }
    table
}
