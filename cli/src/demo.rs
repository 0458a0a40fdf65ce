//! `demo`: a throw-away network with a year of help in it, to look around in.
//!
//! Everything is done as a network would do it: files are written, brought in by `import`, proposals wait for their
//! answers, and the audit says whether it all agrees.

pub(crate) mod screen;
mod cast;
mod trial;
mod view;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Datelike, Utc};
use clap::{Arg, ArgAction, ArgMatches, value_parser};
use files::{
    import::{BadLine, Kind, Options},
    invented::{Invented, InventedExchange, invent},
};
use ledger::{
    AssociationNumber, Language, Minutes,
    clock::{Clock, SystemClock},
    command::{Command, NewExchange},
    exchange::Side,
    occasion::Occasion,
    skill::SkillRef,
    state::Network,
};
use screen::Paint;
use service::Config;
use store::{Group, NetworkEntry, Store, SystemSecrets, network_uuid};
use tempfile::TempDir;
use trial::Trial;
use view::View;

use crate::{
    failure::Failure,
    import::bring_in,
    serve::{bind, until_told_to_stop},
    session::{Session, open_store},
    workbooks,
};

const NETWORK: &str = "Entraide de la Lèque";
const ASSOCIATIONS: usize = 24;
const EXCHANGES: usize = 420;
const DATABASE: &str = "demo.db";

pub(crate) fn arguments(language: Language) -> clap::Command {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    let about =
        t("Montre un réseau imaginaire et une année d'échanges", "Shows an invented network and a year of exchanges");
    clap::Command::new("demo")
        .visible_alias("essayer")
        .about(about)
        .after_help(t("Exemple : coudemain essayer", "Example: coudemain demo"))
        .arg(Arg::new("seed").long("seed").value_name("N").value_parser(value_parser!(u64)).default_value("1").help(t(
            "Un autre nombre donne un autre réseau (par défaut 1)",
            "Another number gives another network (default 1)",
        )))
        .arg(Arg::new("dir").long("dir").value_name(t("DOSSIER", "FOLDER")).help(t(
            "Le dossier où mettre la base et les fichiers (sinon un dossier temporaire)",
            "The folder for the database and the files (else a temporary one)",
        )))
        .arg(Arg::new("listen").long("listen").value_name(t("ADRESSE", "ADDRESS")).help(t(
            "L'adresse et le port des pages (par défaut 127.0.0.1:8080, ou un port libre)",
            "The address and port of the pages (default 127.0.0.1:8080, or a free port)",
        )))
        .arg(Arg::new("no-serve").long("no-serve").action(ArgAction::SetTrue).help(t(
            "Montre seulement, sans ouvrir les pages ; le dossier reste",
            "Only shows, without opening the pages; the folder stays",
        )))
}

pub(crate) async fn run(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let seed = args.get_one::<u64>("seed").copied().unwrap_or(1);
    let place = Place::find(args.get_one::<String>("dir").map(Path::new))?;
    let now = SystemClock.now();
    let year = now.with_timezone(&chrono_tz::Europe::Paris).year() - 1;
    let invented = invent(seed, year, ASSOCIATIONS, EXCHANGES);
    let session = fill(place.folder(), &invented, now, language).await?;
    let audit = session.store.audit(session.network_id, None).await?;
    let view = View::read(&session, year, &audit).await?;
    let trial = Trial::write(place.folder(), database(place.folder()), &invented, year, language)?;
    let is_ok = audit.findings.is_ok();
    let is_served = !args.get_flag("no-serve");
    let paint = Paint::for_stdout();
    crate::screen::steer((view.show(paint, language) + &trial.show(paint, language)).as_bytes())?;
    if !is_served {
        place.keep();
        return Ok(is_ok);
    }
    serve(&session.store, args.get_one::<String>("listen").map(String::as_str), language).await?;
    // Only now: a temporary folder goes away with what was tried in it.
    drop(place);
    Ok(is_ok)
}

/// Where the pages of the demo are, unless a visitor says where; where that is taken, at any free port.
const USUAL: &str = "127.0.0.1:8080";

/// Opens the pages until the visitor has seen enough.
async fn serve(store: &Store, listen: Option<&str>, language: Language) -> Result<(), Failure> {
    let workbooks = Some(workbooks::reader()?);
    let config = |listen: &str| Config {
        listen: listen.to_owned(),
        tells_requests: false,
        workbooks: workbooks.clone(),
        ..Config::default()
    };
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let bound = match listen {
        Some(listen) => bind(store, clock, config(listen), true).await,
        None => match bind(store, Arc::clone(&clock), config(USUAL), true).await {
            Ok(bound) => Ok(bound),
            Err(_) => bind(store, clock, config("127.0.0.1:0"), true).await,
        },
    };
    let (server, writer) = bound?;
    let address = server.address()?;
    say_line!(
        "{}\n\n    http://{address}\n\n{}",
        language.pick(
            "Entrez, en ouvrant cette adresse dans votre navigateur :",
            "Come in, at this address in your browser:"
        ),
        language.pick(
            "Ctrl-C termine l'essai et efface le réseau imaginaire.",
            "Ctrl-C ends the trial and removes the invented network."
        )
    );
    until_told_to_stop(server, writer).await;
    Ok(())
}

/// The folder that the demo is made in: a new temporary one, which goes away unless it is kept, or one of the
/// visitor's.
#[derive(Debug)]
enum Place {
    Temporary(TempDir),
    Visitors(PathBuf),
}

impl Place {
    fn find(wanted: Option<&Path>) -> Result<Self, Failure> {
        let Some(folder) = wanted else {
            return Ok(Self::Temporary(tempfile::Builder::new().prefix("coudemain-demo-").tempdir()?));
        };
        fs::create_dir_all(folder).map_err(|error| about(folder, &error))?;
        let taken = Invented::FILES.into_iter().chain([DATABASE, trial::MISTAKES]);
        if let Some(taken) = taken.map(|name| folder.join(name)).find(|file| file.exists()) {
            let taken = taken.display();
            return Err(Failure::said(
                format!("« {taken} » existe déjà ; choisissez un dossier vide"),
                format!("“{taken}” exists already; choose an empty folder"),
            ));
        }
        Ok(Self::Visitors(fs::canonicalize(folder)?))
    }

    fn folder(&self) -> &Path {
        match self {
            Self::Temporary(folder) => folder.path(),
            Self::Visitors(folder) => folder,
        }
    }

    /// Leaves everything there for the visitor to look around in.
    fn keep(self) {
        if let Self::Temporary(folder) = self {
            let _ = folder.keep();
        }
    }
}

/// Founds the network and brings in what was invented.
async fn fill(folder: &Path, invented: &Invented, now: DateTime<Utc>, language: Language) -> Result<Session, Failure> {
    invented.write_csv(folder).map_err(|error| about(folder, &error))?;
    let store = open_store(&database(folder), true).await?;
    let mut secrets = SystemSecrets::new();
    let uuid = network_uuid(now, &mut secrets);
    let network = Network { uuid, name: NETWORK.to_owned(), time_zone: chrono_tz::Europe::Paris };
    let network_id = store.found(&network, &SystemClock, &mut secrets).await?;
    let entry = NetworkEntry { id: network_id, network };
    let mut session = Session::new(store, entry, language).await?;
    let kinds = [Kind::Associations, Kind::Persons, Kind::Exchanges, Kind::Contributions];
    for (kind, file) in kinds.into_iter().zip(Invented::FILES) {
        let summary = bring_in(&mut session, kind, &folder.join(file), &Options::default(), None).await?;
        if let Some(BadLine { line, why }) = summary.bad_lines.first() {
            return Err(Failure::said(format!("{file}, ligne {line} : {why}"), format!("{file}, line {line}: {why}")));
        }
    }
    propose(&session, invented).await?;
    // Anew, with everybody who was brought in.
    let entry = NetworkEntry { id: network_id, network: session.network.clone() };
    let session = Session::new(session.store.clone(), entry, language).await?;
    cast::cast(&session, now.with_timezone(&chrono_tz::Europe::Paris).date_naive()).await?;
    Ok(session)
}

/// Lets the givers propose what nobody has confirmed yet.
async fn propose(session: &Session, invented: &Invented) -> Result<(), Failure> {
    let mut requests = Vec::new();
    for proposal in &invented.proposals {
        let number = |association: usize| {
            session.association(&invented.associations[association].name).map(|association| association.number)
        };
        let exchange = new_exchange(proposal, number(proposal.giver)?, number(proposal.receiver)?, session);
        let occasion = Occasion::DemoProposal(&proposal.reference);
        requests.push(occasion.request(session.by, Command::Propose { side: Side::Giver, exchange, evidence: None }));
    }
    let writer = session.writer();
    let proposed =
        writer.submit_group(session.network_id, Group { requests: requests.into(), override_reason: None }).await;
    writer.stop().await;
    proposed?;
    Ok(())
}

fn new_exchange(
    proposal: &InventedExchange,
    giver: AssociationNumber,
    receiver: AssociationNumber,
    session: &Session,
) -> NewExchange {
    let skill = SkillRef::Name(proposal.skill.to_owned()).find(session.registry.skills());
    NewExchange {
        giver,
        receiver,
        minutes: Minutes::new(proposal.minutes),
        service_date: proposal.date,
        skill: skill.map(SkillRef::Number),
        reference: Some(proposal.reference.clone()),
        memo: Some(proposal.memo.to_owned()),
        contributions: Vec::new(),
        replaces: None,
    }
}

/// The file of the database; by its name alone it can be opened, too.
fn database(folder: &Path) -> String {
    folder.join(DATABASE).display().to_string()
}

fn about(path: &Path, error: &std::io::Error) -> Failure {
    Failure::of_file(path.display(), error)
}

#[cfg(test)]
mod tests {
    use store::AuditReport;

    use super::*;

    /// Everything above the commands, and what the audit says.
    async fn shown(folder: &Path, seed: u64, language: Language) -> (String, AuditReport) {
        let invented = invent(seed, 2025, ASSOCIATIONS, EXCHANGES);
        let session = fill(folder, &invented, SystemClock.now(), language).await.unwrap();
        let audit = session.store.audit(session.network_id, None).await.unwrap();
        let view = View::read(&session, 2025, &audit).await.unwrap();
        Trial::write(folder, database(folder), &invented, 2025, language).unwrap();
        (view.show(Paint::NONE, language), audit)
    }

    #[tokio::test]
    async fn every_demo_agrees_and_fits_the_terminal() {
        for (seed, language) in [(1, Language::French), (1, Language::English), (7, Language::French)] {
            let folder = tempfile::tempdir().unwrap();
            let (text, audit) = shown(folder.path(), seed, language).await;
            assert!(audit.findings.is_ok(), "{:?}", audit.findings);
            let wide: Vec<_> = text.lines().filter(|line| line.chars().count() > 80).collect();
            assert!(wide.is_empty(), "{wide:#?}");
            assert!((28..=40).contains(&text.lines().count()), "{text}");
        }
    }

    #[test]
    fn nobodys_files_are_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Place::find(Some(folder.path())).is_ok());
        fs::write(folder.path().join("persons.csv"), "mine").unwrap();
        let failure = Place::find(Some(folder.path())).unwrap_err();
        assert!(failure.in_words(Language::English).contains("persons.csv"));
    }
}
