//! `close`: closes a year for good, saying first what waits and is not counted.

use std::path::Path;

use chrono::Datelike;
use clap::{Arg, ArgAction, ArgMatches};
use ledger::{Language, Minutes, command::Command, key::KeyPurpose, occasion::Occasion, year::Year};
use serde_json::json;
use store::{ExchangeLine, SealError, Store, WriteError};

use crate::{
    arguments,
    failure::Failure,
    report::{Align, Table, count, print_json},
    session::{Session, wants_json},
};

pub(crate) fn arguments(language: Language) -> clap::Command {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    arguments::ledger_verb(
        "close",
        "clore",
        t("Clôt un exercice, pour de bon", "Closes a year, for good"),
        t("coudemain clore --year 2025", "coudemain close --year 2025"),
        language,
    )
    .arg(arguments::format(language))
    .arg(arguments::year(language).required(true))
    .arg(
        Arg::new("preview")
            .long("preview")
            .visible_alias("apercu")
            .action(ArgAction::SetTrue)
            .help(t("Montre seulement ce qui serait clos", "Only shows what would be closed")),
    )
    .args([
        arguments::keys(language),
        Arg::new("out").long("out").requires("preview").value_name(t("DOSSIER", "FOLDER")).help(t(
            "Avec --preview : le dossier où écrire des relevés provisoires, à relire par les adhérents",
            "With --preview: the folder for provisional statements, for members to object to",
        )),
        Arg::new("no-pdf").long("no-pdf").visible_alias("sans-pdf").action(ArgAction::SetTrue).help(t(
            "Les documents signés seuls, sans leur version à lire",
            "The signed documents alone, without the ones to read",
        )),
    ])
}

pub(crate) async fn run(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let session = Session::open(args, language).await?;
    let year = Year(args.get_one::<i32>("year").copied().unwrap_or_default());
    let waiting = waiting(&session.store, &session, year).await?;
    let given = given(&session, year).await?;
    let is_preview = args.get_flag("preview");
    let mut is_printed = true;
    let was_closed = session.store.head(session.network_id).await?.0.closed_through.is_some_and(|last| year <= last);
    if is_preview {
        let request = Occasion::YearClosing(year).request(session.by, Command::CloseYear { year });
        let rehearsal =
            session.store.rehearse(session.network_id, std::slice::from_ref(&request), &*session.clock).await?;
        if let Some(rejected) = rehearsal.rejections.into_iter().next() {
            return Err(session.said(WriteError::Rejected(rejected.rejection)).into());
        }
        if let Some(out) = args.get_one::<String>("out") {
            let written = crate::statement::provisional(args, &session, year, None, Path::new(out)).await?;
            is_printed = written.outcome.say(language);
            let written = count(
                written.count,
                language,
                ("relevé provisoire écrit", "relevés provisoires écrits"),
                ("provisional statement written", "provisional statements written"),
            );
            warn_line!("{written}{} {out}", language.pick(" :", ":"));
        }
    } else {
        close(args, &session, year).await?;
    }
    if wants_json(args) {
        print_json(&json!({
            "year": year.0,
            "closed": !is_preview || was_closed,
            "given_minutes": given.get(),
            "not_counted": waiting.iter().map(|line| as_json(&session, line)).collect::<Vec<_>>(),
        }))?;
        return Ok(is_printed);
    }
    if !waiting.is_empty() {
        let counted = count(
            waiting.len(),
            language,
            ("échange attend et n'est pas compté", "échanges attendent et ne sont pas comptés"),
            ("exchange waits and is not counted", "exchanges wait and are not counted"),
        );
        say_line!("{counted}{}", language.pick(" :", ":"));
        say_line!("{}", as_table(&session, &waiting));
    }
    let hours = given.display(language);
    say_line!("{}", match (is_preview, was_closed) {
        (true, false) => language.pick(
            format!("L'exercice {year} serait clos avec {hours} données. Rien n'a été écrit ; sans --preview, il est clos pour de bon."),
            format!("The year {year} would be closed with {hours} given. Nothing was written; without --preview it is closed for good."),
        ),
        (_, true) => language.pick(format!("L'exercice {year} était déjà clos ({hours} données)."), format!("The year {year} was closed already ({hours} given).")),
        (false, false) => language.pick(
            format!("L'exercice {year} est clos : {hours} données. Toute modification se verra."),
            format!("The year {year} is closed: {hours} given. Any change will show."),
        ),
    });
    Ok(is_printed)
}

/// Closes the year, and signs the log's head where the network has announced a key for that: the key has to be at hand
/// before anything is closed, and the log one that can be signed.
async fn close(args: &ArgMatches, session: &Session, year: Year) -> Result<(), Failure> {
    let signs = has_key(args, session).await?;
    if signs {
        session.store.check_goes_on(session.network_id, &crate::keys::keyring(args, session)).await?;
    }
    let writer = session.writer();
    let request = Occasion::YearClosing(year).request(session.by, Command::CloseYear { year });
    let result = writer.submit(session.network_id, request).await;
    writer.stop().await;
    result.map_err(|error| session.said(error))?;
    if signs {
        crate::log::sign(args, session).await?;
    }
    Ok(())
}

/// Whether the network has announced a key for the log's heads; it is then usable, or this fails.
async fn has_key(args: &ArgMatches, session: &Session) -> Result<bool, Failure> {
    match session.store.key_in_use(session.network_id, KeyPurpose::Checkpoint).await {
        Err(SealError::NoKey(_)) => Ok(false),
        Err(error) => Err(error.into()),
        Ok(in_use) => {
            crate::keys::keyring(args, session).load(KeyPurpose::Checkpoint, in_use.key)?;
            Ok(true)
        }
    }
}

/// What happened in the year and waits for somebody.
async fn waiting(store: &Store, session: &Session, year: Year) -> Result<Vec<ExchangeLine>, Failure> {
    let mut open = store.exchanges(session.network_id, true).await?;
    open.retain(|line| line.service_date.year() == year.0);
    Ok(open)
}

/// The hours that the year's balance sheets show as given.
async fn given(session: &Session, year: Year) -> Result<Minutes, Failure> {
    let years = session.store.account_years(session.network_id, year).await?;
    let given = years.iter().filter_map(|account| account.totals.get(&ledger::account::PostingKind::Given));
    Ok(Minutes::sum(given.copied()).unwrap_or_default())
}

fn as_json(session: &Session, line: &ExchangeLine) -> serde_json::Value {
    json!({
        "reference": line.reference,
        "state": line.state.as_str(),
        "date": line.service_date.to_string(),
        "giver": session.name_of(line.giver),
        "receiver": session.name_of(line.receiver),
        "minutes": line.minutes.get(),
    })
}

fn as_table(session: &Session, lines: &[ExchangeLine]) -> Table {
    let language = session.language;
    let mut table = Table::new(&[
        (language.pick("Référence", "Reference"), Align::Left),
        ("Date", Align::Left),
        (language.pick("A aidé", "Helped"), Align::Left),
        (language.pick("A été aidée", "Was helped"), Align::Left),
        (language.pick("Durée", "Duration"), Align::Right),
        (language.pick("État", "State"), Align::Left),
    ]);
    for line in lines {
        table.row(vec![
            line.reference.clone().unwrap_or_default(),
            language.pick(line.service_date.format("%d/%m/%Y"), line.service_date.format("%Y-%m-%d")).to_string(),
            session.name_of(line.giver),
            session.name_of(line.receiver),
            line.minutes.display(language).to_string(),
            line.state.in_words(language).to_owned(),
        ]);
    }
    table
}
