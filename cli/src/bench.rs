//! `bench`: how many exchanges a second this machine and this database really write.
//!
//! The load goes through one [`Writer`], as everything does, into networks that are founded for it (one, unless more are
//! asked for), in a throw-away file unless a database is named: other networks of a database are left alone. At the end
//! the database has to hold as many acts as were acknowledged.

mod load;
mod client;

use std::sync::Arc;
use std::time::Duration;

use clap::{Arg, ArgAction, ArgMatches, parser::ValueSource, value_parser};
use ledger::{
    AssociationNumber, Language,
    association::{AssociationKind, Contact, MembershipState, NewAssociation},
    clock::{Clock, SystemClock},
    command::{By, Command, Request},
    log,
    occasion::Occasion,
    state::Network,
};
use serde_json::json;
use store::{Group, Store, SystemSecrets, Writer, network_uuid};
use tokio::task::JoinSet;

use crate::{
    arguments,
    demo::screen::grouped,
    failure::Failure,
    report::{Align, Table, print_json},
    session::{open_store, text, wants_json, writer},
};
use client::{Client, Tally};
use load::{Ground, Load, now};

/// What came of it.
#[derive(Debug)]
struct Measured {
    tally: Tally,
    took: Duration,
    /// Acts that the database has more than before.
    written: u64,
}

pub(crate) fn arguments(language: Language) -> clap::Command {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    let number = |name: &'static str, default: &'static str, help: &'static str| {
        Arg::new(name)
            .long(name)
            .value_name("N")
            .value_parser(value_parser!(u64).range(1..))
            .default_value(default)
            .help(help)
    };
    arguments::ledger_verb(
        "bench",
        "mesurer",
        t(
            "Mesure l'écriture, dans un fichier jetable ou, avec --db, dans un réseau à part de cette base",
            "Measures writing, in a throw-away file or, with --db, in a network of its own in that database",
        ),
        "coudemain bench --clients 64 --seconds 10 --db sqlite://bench.db",
        language,
    )
    .arg(arguments::format(language))
    .arg(number("clients", "64", t("Combien d'appelants à la fois (64)", "How many callers at once (64)")))
    .arg(number("seconds", "10", t("Combien de secondes (10)", "How many seconds (10)")))
    .arg(number("batch", "1", t("Combien d'échanges par appel (1)", "How many exchanges a call (1)")))
    .arg(number(
        "associations",
        "1000",
        t("Entre combien d'associations (1000)", "Between how many associations (1000)"),
    ))
    .arg(number("networks", "1", t("Dans combien de réseaux à la fois (1)", "In how many networks at once (1)")))
    .arg(
        Arg::new("hot")
            .long("hot")
            .action(ArgAction::SetTrue)
            .help(t("La moitié du trafic sur une seule association", "Half of all traffic on one association")),
    )
}

pub(crate) async fn run(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let load = Load::read(args)?;
    // Where nobody names a database, nobody means theirs: a bench's network would stay in it.
    let is_named = args.value_source("db") != Some(ValueSource::DefaultValue);
    let throw_away = if is_named { None } else { Some(tempfile::tempdir()?) };
    let url = throw_away.as_ref().map_or_else(
        || text(args, "db").to_owned(),
        |folder| format!("sqlite://{}", folder.path().join("bench.db").display()),
    );
    let store = open_store(&url, true).await?;
    let measured = measure(&store, load).await;
    let database = if store.db().is_sqlite() { "sqlite" } else { "postgres" };
    if let Some(folder) = throw_away {
        store.close().await;
        folder.close()?;
    }
    let (name, measured) = measured?;
    if wants_json(args) {
        print_json(&as_json(load, &measured, database))?;
    } else {
        if !is_named {
            say_line!(
                "{}",
                language.pick(
                    "Mesuré dans un fichier jetable, effacé depuis ; --db mesure une base à vous.",
                    "Measured in a throw-away file, removed since; --db measures a database of yours.",
                )
            );
        }
        say!("{}", as_text(load, &name, &measured, database, language));
    }
    let is_whole = measured.is_whole();
    let verdict = verdict(&measured, language);
    if !is_whole {
        warn_line!("{verdict}");
    } else if !wants_json(args) {
        say_line!("{verdict}");
    }
    Ok(is_whole)
}

impl Measured {
    /// Whether what was acknowledged is what was written.
    fn is_whole(&self) -> bool {
        self.written == self.tally.exchanges
    }

    fn per_second(&self) -> u64 {
        let micros = u64::try_from(self.took.as_micros()).unwrap_or(u64::MAX).max(1);
        self.tally.exchanges.saturating_mul(1_000_000) / micros
    }
}

/// The name of the network, or of the first one, and what was measured.
async fn measure(store: &Store, load: Load) -> Result<(String, Measured), Failure> {
    let writer = writer(store, Arc::new(SystemClock));
    let mut grounds = Vec::new();
    for number in 1..=load.networks {
        grounds.push(prepare(store, &writer, number, load.associations).await?);
    }
    let before = acts_in(store, &grounds).await?;
    let began = now();
    let until = began + Duration::from_secs(load.seconds);
    let mut clients = JoinSet::new();
    for (number, ground) in (0..load.clients).zip(grounds.iter().cycle()) {
        clients.spawn(Client::new(number, load, ground.clone()).call_until(until, writer.clone()));
    }
    let mut tally = Tally::default();
    while let Some(finished) = clients.join_next().await {
        let finished = finished.map_err(|error| Failure::said(error.to_string(), error.to_string()))?;
        tally.add(finished?);
    }
    let took = now() - began;
    tally.micros.sort_unstable();
    writer.stop().await;
    let written = u64::try_from(acts_in(store, &grounds).await? - before).unwrap_or_default();
    let name = grounds.into_iter().next().map(|ground| ground.name).unwrap_or_default();
    Ok((name, Measured { tally, took, written }))
}

/// How many acts these networks have.
async fn acts_in(store: &Store, grounds: &[Ground]) -> Result<i64, Failure> {
    let mut acts = 0;
    for ground in grounds {
        acts += store.head(ground.network).await?.0.next.0;
    }
    Ok(acts)
}

/// Founds a network and admits its members.
async fn prepare(store: &Store, writer: &Writer, number: u64, associations: u64) -> Result<Ground, Failure> {
    const GROUP_MOST: usize = 1_000;
    let mut secrets = SystemSecrets::new();
    let founded_at = SystemClock.now();
    let which = if number == 1 { String::new() } else { format!(", {number}") };
    let name = format!("bench {}{which}", founded_at.format("%Y-%m-%d %H:%M:%S"));
    let uuid = network_uuid(founded_at, &mut secrets);
    let network = Network { uuid, name: name.clone(), time_zone: chrono_tz::UTC };
    let network = store.found(&network, &SystemClock, &mut secrets).await?;
    let requests: Vec<_> = (1..=associations).map(admission).collect();
    let mut members = Vec::new();
    for requests in requests.chunks(GROUP_MOST) {
        let group = Group { requests: requests.to_vec().into(), override_reason: None };
        let receipts = writer.submit_group(network, group).await?;
        members.extend(receipts.into_iter().map(|receipt| AssociationNumber(receipt.act.0)));
    }
    Ok(Ground { network, name, members, today: founded_at.date_naive() })
}

fn admission(number: u64) -> Request {
    let name = format!("Association {number:06}");
    let digest = log::leaf_hash(name.as_bytes());
    let member = NewAssociation {
        name,
        former_names: Vec::new(),
        kind: AssociationKind::Association,
        state: MembershipState::Active,
        identifiers: Vec::new(),
        commune: None,
        insee: None,
        member_since: None,
        contact: Contact::default(),
    };
    Occasion::BenchMember(number).request_about(digest, By::OPERATOR, Command::AddAssociation(member))
}

fn as_json(load: Load, measured: &Measured, database: &str) -> serde_json::Value {
    let tally = &measured.tally;
    let millis = |per_mille| f64::from(tally.micros_at(per_mille)) / 1_000.0;
    json!({
        "database": database,
        "clients": load.clients,
        "batch": load.batch,
        "associations": load.associations,
        "networks": load.networks,
        "hot": load.is_hot,
        "seconds": (measured.took.as_secs_f64() * 1_000.0).round() / 1_000.0,
        "exchanges": tally.exchanges,
        "per_second": measured.per_second(),
        "calls": tally.micros.len(),
        "busy": tally.busy,
        "latency_ms": {
            "p50": millis(500),
            "p90": millis(900),
            "p99": millis(990),
            "p999": millis(999),
            "max": millis(1_000),
        },
    })
}

fn as_text(load: Load, name: &str, measured: &Measured, database: &str, language: Language) -> String {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    let number = |number: u64| grouped(number, language);
    let tally = &measured.tally;
    let seconds = format!("{:.1} s", measured.took.as_secs_f64());
    let mut facts = Table::new(&[("", Align::Left), ("", Align::Right)]);
    for (name, value) in [
        (t("Base", "Database"), database.to_owned()),
        (t("Appelants", "Callers"), number(load.clients)),
        (t("Échanges par appel", "Exchanges a call"), number(load.batch)),
        (t("Associations", "Associations"), number(load.associations)),
        (t("Réseaux", "Networks"), number(load.networks)),
        (t("Une association très active", "One very busy association"), t_yes(load.is_hot, language)),
        (t("Durée", "Duration"), language.pick(seconds.replace('.', ","), seconds)),
        (t("Échanges", "Exchanges"), number(tally.exchanges)),
        (t("Échanges par seconde", "Exchanges a second"), number(measured.per_second())),
        (t("Appels", "Calls"), number(tally.micros.len() as u64)),
        (t("Appels à refaire, trop de monde", "Calls to repeat, too busy"), number(tally.busy)),
    ] {
        facts.row(vec![name.to_owned(), value]);
    }
    let mut latency = Table::new(&[
        (t("Attente d'un appel, en ms", "A call's wait, in ms"), Align::Left),
        (t("médiane", "median"), Align::Right),
        ("90 %", Align::Right),
        ("99 %", Align::Right),
        (t("99,9 %", "99.9 %"), Align::Right),
        (t("la pire", "worst"), Align::Right),
    ]);
    let millis = [500, 900, 990, 999, 1_000].map(|per_mille| {
        let millis = format!("{:.1}", f64::from(tally.micros_at(per_mille)) / 1_000.0);
        language.pick(millis.replace('.', ","), millis)
    });
    latency.row(std::iter::once(String::new()).chain(millis).collect());
    format!("{name}{facts}\n{latency}\n")
}

fn t_yes(is_so: bool, language: Language) -> String {
    let word = if is_so { language.pick("oui", "yes") } else { language.pick("non", "no") };
    word.to_owned()
}

fn verdict(measured: &Measured, language: Language) -> String {
    let acknowledged = grouped(measured.tally.exchanges, language);
    let written = grouped(measured.written, language);
    if measured.is_whole() {
        language.pick(
            format!(
                "✓ {acknowledged} échanges accusés, {written} actes écrits : rien ne manque, rien n'est en double."
            ),
            format!("✓ {acknowledged} exchanges acknowledged, {written} acts written: none missing, none twice."),
        )
    } else {
        language.pick(
            format!("✗ {acknowledged} échanges accusés, mais {written} actes écrits."),
            format!("✗ {acknowledged} exchanges acknowledged, but {written} acts written."),
        )
    }
}
