//! `close`: closes a year for good, saying first what waits and is not counted.

use std::io::{BufRead as _, IsTerminal as _};
use std::path::Path;

use clap::{Arg, ArgAction, ArgMatches};
use ledger::{Language, Minutes, command::Command, key::KeyPurpose, occasion::Occasion, year::Year};
use serde_json::json;
use store::{ExchangeLine, SealError, WriteError};

use crate::{
    arguments,
    exchange::{Listed, as_table},
    failure::Failure,
    report::{Table, count, print_json},
    screen::warn,
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
    .arg(Arg::new("yes").long("yes").visible_alias("oui").action(ArgAction::SetTrue).help(t(
        "Clôt sans demander de taper l'année (c'est aussi le cas hors d'un terminal)",
        "Closes without asking to type the year (as where there is no terminal)",
    )))
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
    let closed = session.store.head(session.network_id).await?.0.closed_through;
    let unsettled = unsettled(&session, year, closed).await?;
    let (corrections, waiting) = unsettled.iter().partition::<Vec<_>, _>(|line| line.state.is_posted());
    let year_end = YearEnd { year, given: given(&session, year).await?, waiting, corrections };
    let was_closed = closed.is_some_and(|last| year <= last);
    let (is_preview, wants_json) = (args.get_flag("preview"), wants_json(args));
    let asks = !is_preview && !was_closed && !args.get_flag("yes") && std::io::stdin().is_terminal();
    if is_preview || asks {
        rehearse(&session, year).await?;
    }
    if asks {
        warn_line!("{}", year_end.unsettled_in_words(&session));
        if !year_end.is_confirmed(language)? {
            return Err(Failure::said(
                format!("rien n'a été clos : pour clore l'exercice, il faut taper {year}"),
                format!("nothing was closed: to close the year, type {year}"),
            ));
        }
    }
    let mut is_printed = true;
    if is_preview {
        if let Some(out) = args.get_one::<String>("out") {
            is_printed = write_provisional(args, &session, year, out).await?;
        }
    } else {
        close(args, &session, year).await?;
    }
    let is_closed = !is_preview || was_closed;
    if wants_json {
        print_json(&year_end.as_json(&session, is_closed))?;
        return Ok(is_printed);
    }
    if !asks {
        say!("{}", year_end.unsettled_in_words(&session));
    }
    say_line!("{}", year_end.conclusion(is_preview, was_closed, language));
    Ok(is_printed)
}

/// Whether the ledger's rules let the year be closed, before anybody is asked to.
async fn rehearse(session: &Session, year: Year) -> Result<(), Failure> {
    let request = Occasion::YearClosing(year).request(session.by, Command::CloseYear { year });
    let rehearsal = session.store.rehearse(session.network_id, std::slice::from_ref(&request), &*session.clock).await?;
    match rehearsal.rejections.into_iter().next() {
        Some(rejected) => Err(session.said(WriteError::Rejected(rejected.rejection)).into()),
        None => Ok(()),
    }
}

/// Writes provisional statements; whether what is to be printed was.
async fn write_provisional(args: &ArgMatches, session: &Session, year: Year, out: &str) -> Result<bool, Failure> {
    let language = session.language;
    let written = crate::statement::provisional(args, session, year, None, Path::new(out)).await?;
    let is_printed = written.outcome.say(language);
    let written = count(
        written.count,
        language,
        ("relevé provisoire écrit", "relevés provisoires écrits"),
        ("provisional statement written", "provisional statements written"),
    );
    warn_line!("{written}{} {out}", language.pick(" :", ":"));
    Ok(is_printed)
}

/// A year that ends: what it comes to, and what is not settled.
struct YearEnd<'a> {
    year: Year,
    given: Minutes,
    /// Waits for somebody, and is not counted.
    waiting: Vec<&'a ExchangeLine>,
    /// Is counted, and somebody asks for a correction.
    corrections: Vec<&'a ExchangeLine>,
}

impl YearEnd<'_> {
    /// What is not settled, with what that means; nothing where all is.
    fn unsettled_in_words(&self, session: &Session) -> String {
        let language = session.language;
        let colon = language.pick(" :", ":");
        let mut text = String::new();
        if !self.waiting.is_empty() {
            let counted = count(
                self.waiting.len(),
                language,
                ("échange attend et n'est pas compté", "échanges attendent et ne sont pas comptés"),
                ("exchange waits and is not counted", "exchanges wait and are not counted"),
            );
            text += &format!("{counted}{colon}\n{}\n", table_of(session, &self.waiting));
        }
        if !self.corrections.is_empty() {
            let counted = count(
                self.corrections.len(),
                language,
                (
                    "échange est compté, mais une correction est demandée ; une fois l'exercice clos, elle compterait \
                     à la date du jour",
                    "échanges sont comptés, mais une correction est demandée ; une fois l'exercice clos, elle compterait \
                     à la date du jour",
                ),
                (
                    "exchange is counted, but a correction is asked for; once the year is closed it would count on \
                     the day it is made",
                    "exchanges are counted, but a correction is asked for; once the year is closed it would count on \
                     the day it is made",
                ),
            );
            text += &format!("{counted}{colon}\n{}\n", table_of(session, &self.corrections));
        }
        text
    }

    /// Whether somebody at the terminal types the year: what is closed never opens again.
    fn is_confirmed(&self, language: Language) -> Result<bool, Failure> {
        let (year, hours) = (self.year, self.given.display(language));
        warn(format_args!(
            "{}",
            language.pick(
                format!("L'exercice {year} compte {hours} données. Clos, il ne se rouvre jamais. Tapez {year} pour le clore : "),
                format!("The year {year} counts {hours} given. Once closed it never opens again. Type {year} to close it: "),
            )
        ));
        let mut typed = String::new();
        std::io::stdin().lock().read_line(&mut typed)?;
        Ok(typed.trim() == year.to_string())
    }

    fn conclusion(&self, is_preview: bool, was_closed: bool, language: Language) -> String {
        let (year, hours) = (self.year, self.given.display(language));
        match (is_preview, was_closed) {
            (true, false) => language.pick(
                format!("L'exercice {year} serait clos avec {hours} données. Rien n'a été écrit ; sans --preview, il est clos pour de bon."),
                format!("The year {year} would be closed with {hours} given. Nothing was written; without --preview it is closed for good."),
            ),
            (_, true) => language.pick(
                format!("L'exercice {year} était déjà clos ({hours} données)."),
                format!("The year {year} was closed already ({hours} given)."),
            ),
            (false, false) => language.pick(
                format!("L'exercice {year} est clos : {hours} données. Toute modification se verra."),
                format!("The year {year} is closed: {hours} given. Any change will show."),
            ),
        }
    }

    fn as_json(&self, session: &Session, is_closed: bool) -> serde_json::Value {
        let all = |lines: &[&ExchangeLine]| lines.iter().map(|line| as_json(session, line)).collect::<Vec<_>>();
        json!({
            "year": self.year.0,
            "closed": is_closed,
            "given_minutes": self.given.get(),
            "not_counted": all(&self.waiting),
            "correction_requested": all(&self.corrections),
        })
    }
}

/// Closes the year, and signs the log's head where the network has announced a key for that: the key has to be at hand
/// before anything is closed, and the log one that can be signed. The witnesses are asked about it; whoever does not answer
/// is named, and keeps no year open.
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
        crate::log::sign_and_try_to_ask(args, session).await?;
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

/// What happened in the year, or in one that would close with it, and is not settled: it waits for somebody, or is
/// counted and somebody asks for a correction.
async fn unsettled(session: &Session, year: Year, closed: Option<Year>) -> Result<Vec<ExchangeLine>, Failure> {
    let mut lines = session.store.exchanges(session.network_id, true).await?;
    lines.retain(|line| {
        let of = Year::of(line.service_date);
        of == year || (of < year && closed.is_none_or(|closed| of > closed))
    });
    Ok(lines)
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

fn table_of(session: &Session, lines: &[&ExchangeLine]) -> Table {
    as_table(session, lines.iter().map(|line| Listed::from(*line)))
}
