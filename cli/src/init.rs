//! `init`: a new network, from one question.

use std::io::{BufRead, IsTerminal};
use std::path::Path;

use chrono_tz::Tz;
use clap::{Arg, ArgAction, ArgMatches, Command};
use ledger::{
    Language, Rejection,
    key::{KeyPurpose, is_domain},
    state::Network,
};
use store::{Db, NetworkEntry, NetworkKey, Store, SystemSecrets, network_uuid};

use crate::{
    arguments,
    failure::Failure,
    first_coordinator, keys, remedy,
    session::{Session, clock, open_store, text},
};

pub(crate) fn arguments(language: Language) -> Command {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    let about = t("Crée un réseau (une question : son nom)", "Makes a network (one question: its name)");
    arguments::ledger_verb(
        "init",
        "creer",
        about,
        t("coudemain creer \"Entraide du pays\"", "coudemain init \"Valley network\""),
        language,
    )
    .arg(
        Arg::new("name")
            .value_name(t("NOM", "NAME"))
            .help(t("Le nom du réseau ; sinon il est demandé", "The network's name; else it is asked for")),
    )
    .arg(Arg::new("time-zone").long("time-zone").value_name(t("FUSEAU", "ZONE")).default_value("Europe/Paris").help(t(
        "Le fuseau horaire qui dit quand un jour commence (par défaut Europe/Paris)",
        "The time zone that says when a day begins (default Europe/Paris)",
    )))
    .args([arguments::keys(language), arguments::domain(language)])
    .arg(Arg::new("another").long("another").visible_alias("un-autre").action(ArgAction::SetTrue).help(t(
        "Un réseau de plus, dans une base qui en contient déjà",
        "One more network, in a database that holds some already",
    )))
}

pub(crate) async fn run(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let url = text(args, "db");
    let zone = text(args, "time-zone");
    let time_zone = zone.parse().map_err(|_| {
        Failure::said(
            format!("fuseau horaire inconnu : « {zone} » ; Europe/Paris ou Indian/Reunion conviendrait"),
            format!("unknown time zone: “{zone}”; Europe/Paris or Indian/Reunion would fit"),
        )
    })?;
    let domain = args.get_one::<String>("domain").map(String::as_str);
    if let Some(domain) = domain.filter(|domain| !is_domain(domain)) {
        return Err(refused(&Rejection::DomainDoesNotFit(domain.to_owned())));
    }
    let name = match args.get_one::<String>("name") {
        Some(name) => name.trim().to_owned(),
        None => ask_for_name(language)?,
    };
    if name.is_empty() {
        return Err(Failure::said(
            "il faut un nom pour le réseau : coudemain creer \"Entraide du pays\"",
            "the network needs a name: coudemain init \"Valley network\"",
        ));
    }
    let store = open_store(url, true).await?;
    let before = store.networks_named(&name).await?.pop();
    if before.is_none() && !args.get_flag("another") {
        refuse_beside_others(&store, url).await?;
    }
    if let Some(domain) = domain
        && let Some(holder) = store.find_network(&NetworkKey::Domain(domain.to_owned())).await?
        && before.as_ref().is_none_or(|before| before.id != holder.id)
    {
        return Err(refused(&Rejection::DomainIsTaken(domain.to_owned())));
    }
    let clock = clock(args);
    let entry = match before {
        Some(entry) => begun(&store, entry, time_zone).await?,
        None => {
            let mut secrets = SystemSecrets::new();
            let network = Network { uuid: network_uuid(clock.now(), &mut secrets), name, time_zone };
            NetworkEntry { id: store.found(&network, &*clock, &mut secrets).await?, network }
        }
    };
    let announced = store.announced_keys(entry.id).await?;
    let domain = domain.or(announced.iter().find_map(|key| key.domain.as_deref()));
    let mut session = Session::new(store, entry, language).await?;
    session.clock = clock;
    let keyring = keys::keyring(args, &session);
    let writer = session.writer();
    for purpose in KeyPurpose::ALL {
        if !announced.iter().any(|key| key.purpose == *purpose) {
            keys::adopt(&session, &writer, &keyring, *purpose, domain).await?;
        }
    }
    writer.stop().await;
    let link = first_coordinator::offer(&session.store, session.network_id, session.clock.now()).await?;
    say_line!("{}", welcome(&session.network.name, url, keyring.folder(), language));
    if let Some(link) = link {
        say_line!("{}", first_coordinator::told_by_init(&link, language));
    }
    Ok(true)
}

/// A new network beside others is seldom meant: of an address that is still in the environment nobody thinks.
async fn refuse_beside_others(store: &Store, url: &str) -> Result<(), Failure> {
    let there = store.networks().await?;
    let Some(first) = there.first() else { return Ok(()) };
    let named = store.network_numbered(first.id).await?.map_or_else(|| first.slug.clone(), |entry| entry.network.name);
    let (french, english) = match there.len() - 1 {
        0 => (format!("« {named} »"), format!("“{named}”")),
        1 => (format!("« {named} » et un autre réseau"), format!("“{named}” and another network")),
        more => (format!("« {named} » et {more} autres réseaux"), format!("“{named}” and {more} other networks")),
    };
    Err(Failure::said(
        format!(
            "la base {url} contient déjà {french} ; rien n'a été écrit. Pour un réseau à part : --db FICHIER ; pour un \
             réseau de plus dans cette base : --another"
        ),
        format!(
            "the database {url} holds {english} already; nothing was written. For a network apart: --db FILE; for one \
             more in this database: --another"
        ),
    ))
}

/// A network of that name that is there already, if it was left half made: founded, and not all of its keys announced.
async fn begun(store: &Store, entry: NetworkEntry, time_zone: Tz) -> Result<NetworkEntry, Failure> {
    let announced = store.announced_keys(entry.id).await?;
    let Network { name, time_zone: zone, .. } = &entry.network;
    if KeyPurpose::ALL.iter().all(|purpose| announced.iter().any(|key| key.purpose == *purpose)) {
        return Err(Failure::said(
            format!("cette base contient déjà le réseau « {name} » ; rien n'a été changé"),
            format!("this database holds the network “{name}” already; nothing was changed"),
        ));
    }
    if *zone != time_zone {
        return Err(Failure::said(
            format!(
                "la création de « {name} » a commencé sous un autre fuseau horaire : --time-zone {zone} l'achèverait"
            ),
            format!("the making of “{name}” began under another time zone: --time-zone {zone} would complete it"),
        ));
    }
    Ok(entry)
}

/// What the ledger would refuse once the network is there, said before.
fn refused(rejection: &Rejection) -> Failure {
    let sentence = |language| remedy::of_rejection(rejection, language, &|number| number.to_string());
    Failure::said(sentence(Language::French), sentence(Language::English))
}

/// The one question. Where nobody can answer, there is no name.
fn ask_for_name(language: Language) -> Result<String, Failure> {
    if std::io::stdin().is_terminal() {
        say!("{}", language.pick("Comment s'appelle votre réseau ? ", "What is your network called? "));
        crate::screen::flush();
    }
    let mut name = String::new();
    std::io::stdin().lock().read_line(&mut name)?;
    Ok(name.trim().to_owned())
}

fn welcome(name: &str, url: &str, keys: &Path, language: Language) -> String {
    let keys = keys.display();
    let kept = match Db::file_of(url) {
        Some(file) => {
            language.pick(
                format!("Tout est dans le fichier « {file} ». Mettez-en une copie ailleurs chaque semaine :\n  coudemain sauvegarder AAAA-MM-JJ.sauvegarde"),
                format!("Everything is in the file “{file}”. Put a copy elsewhere every week:\n  coudemain backup YYYY-MM-DD.backup"),
            )
        }
        None => language.pick(
            "Tout est dans la base PostgreSQL. « coudemain sauvegarder FICHIER » en fait une copie indépendante."
                .to_owned(),
            "Everything is in the PostgreSQL database. “coudemain backup FILE” makes an independent copy.".to_owned(),
        ),
    };
    language.pick(
        format!(
            "Le réseau « {name} » est créé. {kept}\nLes clés qui signeront relevés et badges sont dans « {keys} » : que personne d'autre ne les lise, et gardez-en une copie chiffrée :\n  coudemain sauvegarder AAAA-MM-JJ.sauvegarde --with-keys\n\nEnsuite, avec vos fichiers :\n  coudemain importer adherents associations.csv --dry-run\n  coudemain importer echanges echanges.csv --dry-run\n  coudemain soldes"
        ),
        format!(
            "The network “{name}” is made. {kept}\nThe keys that will sign statements and badges are in “{keys}”: let nobody else read them, and keep an encrypted copy:\n  coudemain backup YYYY-MM-DD.backup --with-keys\n\nNext, with your files:\n  coudemain import associations associations.csv --dry-run\n  coudemain import exchanges exchanges.csv --dry-run\n  coudemain balance"
        ),
    )
}
