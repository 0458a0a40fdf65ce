//! `key`: the network's keys, where they are, and how one takes the place of another.

use std::path::{Path, PathBuf};

use clap::{Arg, ArgMatches, Command};
use ledger::{
    Language,
    clock::Secrets,
    command::{self, Key, Request},
    key::{AnnouncedKey, KeyPurpose, PrivateKey},
    keyring::Keyring,
    log,
};
use serde_json::json;
use store::{SystemSecrets, Writer};

use crate::{
    args,
    failure::Failure,
    file, remedy,
    report::{Align, Table, print_json},
    session::{Session, text, wants_json},
};

/// Where the keys are: named, or beside the database.
pub(crate) fn keys_arg(language: Language) -> Arg {
    Arg::new("keys").long("keys").env("COUDEMAIN_KEYS").value_name(language.pick("DOSSIER", "FOLDER")).help(
        language.pick(
            "Le dossier des clés (ou COUDEMAIN_KEYS ; sinon à côté de la base)",
            "The folder of keys (or COUDEMAIN_KEYS; else beside the database)",
        ),
    )
}

/// The domain that a network is known by.
pub(crate) fn domain_arg(language: Language) -> Arg {
    Arg::new("domain").long("domain").visible_alias("domaine").value_name(language.pick("DOMAINE", "DOMAIN")).help(
        language.pick(
            "Le nom de domaine sous lequel le réseau publie ses clés (did:web)",
            "The domain name under which the network publishes its keys (did:web)",
        ),
    )
}

pub(crate) fn args(language: Language) -> Command {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    let inner = |name: &'static str, alias: &'static str, about: &'static str, example: &'static str| {
        args::verb(name, alias, about, example, language).arg(keys_arg(language))
    };
    Command::new("key")
        .visible_alias("cle")
        .about(t("Les clés qui signent", "The keys that sign"))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands([
            inner(
                "list",
                "lister",
                t("Les clés annoncées, et où elles sont", "The announced keys, and where they are"),
                "coudemain key list",
            )
            .arg(args::format(language)),
            inner(
                "rotate",
                "remplacer",
                t(
                    "Fait une nouvelle clé ; ce que l'ancienne a signé reste valable",
                    "Makes a new key; what the old one signed stays valid",
                ),
                "coudemain key rotate --purpose credential",
            )
            .arg(
                Arg::new("purpose")
                    .long("purpose")
                    .visible_alias("usage")
                    .value_name("credential|checkpoint")
                    .value_parser(clap::builder::PossibleValuesParser::new(["credential", "checkpoint", "both"]))
                    .default_value("both")
                    .help(t(
                        "Ce que la clé signe : relevés et badges, points de contrôle, ou les deux",
                        "What the key signs: statements and badges, checkpoints, or both",
                    )),
            )
            .arg(domain_arg(language)),
            inner(
                "export-public",
                "exporter",
                t(
                    "Le document public des clés (did.json), à publier",
                    "The public document of keys (did.json), to publish",
                ),
                "coudemain key export-public --out did.json",
            )
            .arg(
                Arg::new("out")
                    .long("out")
                    .value_name(t("FICHIER", "FILE"))
                    .help(t("Le fichier à écrire (sinon l'écran)", "The file to write (else the screen)")),
            ),
        ])
}

/// The folder of all keys that go with a database.
pub(crate) fn folder(args: &ArgMatches) -> PathBuf {
    if let Some(folder) = args.get_one::<String>("keys") {
        return PathBuf::from(folder);
    }
    match text(args, "db").strip_prefix("sqlite:") {
        Some(file) => Path::new(file.trim_start_matches("//")).with_extension("keys"),
        None => PathBuf::from("coudemain.keys"),
    }
}

/// The keys of the network that a session is about.
pub(crate) fn keyring(args: &ArgMatches, session: &Session) -> Keyring {
    Keyring::new(&folder(args), session.network.uuid)
}

pub(crate) async fn run(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    match args.subcommand() {
        Some(("rotate", verb)) => rotate(verb, language).await,
        Some(("export-public", verb)) => export_public(verb, language).await,
        Some((_, verb)) => list(verb, language).await,
        None => Ok(true),
    }
}

/// Makes a key, puts it into a file, and has the ledger announce it.
pub(crate) async fn adopt(
    session: &Session,
    writer: &Writer,
    keyring: &Keyring,
    purpose: KeyPurpose,
    domain: Option<&str>,
) -> Result<PrivateKey, Failure> {
    let key = PrivateKey::from_seed(SystemSecrets::new().key().0);
    keyring.add(purpose, &key)?;
    let name = format!("key:{}", key.public());
    let request = Request {
        digest: log::leaf_hash(format!("{name} {domain:?}").as_bytes()),
        key: Key { scope: "operator".to_owned(), key: name },
        by: session.by,
        seen: None,
        command: command::Command::AdoptKey { purpose, key: key.public(), domain: domain.map(str::to_owned) },
    };
    writer.submit(session.network_id, request).await.map_err(|error| session.said(error))?;
    Ok(key)
}

async fn rotate(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let session = Session::open(args, language).await?;
    let keyring = keyring(args, &session);
    let wanted = text(args, "purpose");
    let purposes = KeyPurpose::ALL.iter().filter(|purpose| wanted == "both" || purpose.as_str() == wanted);
    let before = session.store.announced_keys(session.network_id).await?;
    let domain = match args.get_one::<String>("domain") {
        Some(domain) => Some(domain.clone()),
        None => before.iter().rev().find_map(|key| key.domain.clone()),
    };
    let writer = session.writer();
    for purpose in purposes {
        let key = adopt(&session, &writer, &keyring, *purpose, domain.as_deref()).await?;
        say_line!(
            "{}",
            language.pick(
                format!("Nouvelle clé ({}) : {}", purpose.in_words(language), key.public()),
                format!("New key ({}): {}", purpose.in_words(language), key.public()),
            )
        );
    }
    writer.stop().await;
    say_line!(
        "{}",
        language.pick(
            format!(
                "Elle est dans « {} ». Gardez-en une copie chiffrée : coudemain sauvegarder FICHIER --with-keys",
                keyring.folder().display()
            ),
            format!(
                "It is in “{}”. Keep an encrypted copy: coudemain backup FILE --with-keys",
                keyring.folder().display()
            ),
        )
    );
    Ok(true)
}

async fn list(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let session = Session::open(args, language).await?;
    let keyring = keyring(args, &session);
    let keys = session.store.announced_keys(session.network_id).await?;
    let state = |key: &AnnouncedKey| match keyring.load(key.purpose, key.key) {
        Ok(_) => Ok(()),
        Err(error) => Err(remedy::of_keyring(&error, language)),
    };
    if wants_json(args) {
        let keys: Vec<_> = keys
            .iter()
            .map(|key| {
                json!({
                    "purpose": key.purpose.as_str(), "key": key.key.multibase(), "did": key.issuer().did,
                    "fingerprint": key.key.fingerprint(), "since": key.since.to_rfc3339(),
                    "until": key.until.map(|until| until.to_rfc3339()), "act": key.act.0,
                    "private_key_is_here": state(key).is_ok(),
                })
            })
            .collect();
        print_json(&json!({ "folder": keyring.folder().display().to_string(), "keys": keys }))?;
        return Ok(true);
    }
    let mut table = Table::new(&[
        (language.pick("Signe", "Signs"), Align::Left),
        (language.pick("Empreinte", "Fingerprint"), Align::Left),
        (language.pick("Depuis", "Since"), Align::Left),
        (language.pick("Jusqu'à", "Until"), Align::Left),
        (language.pick("Connue sous", "Known as"), Align::Left),
    ]);
    for key in &keys {
        table.row(vec![
            key.purpose.in_words(language).to_owned(),
            key.key.fingerprint(),
            key.since.format("%Y-%m-%d").to_string(),
            key.until.map(|until| until.format("%Y-%m-%d").to_string()).unwrap_or_default(),
            key.issuer().did,
        ]);
    }
    say_line!("{table}");
    let mut is_ok = true;
    for problem in keys.iter().filter(|key| key.until.is_none()).filter_map(|key| state(key).err()) {
        is_ok = false;
        say_line!("{problem}");
    }
    Ok(is_ok)
}

async fn export_public(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let session = Session::open(args, language).await?;
    let document = public_document(&session).await?;
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    match args.get_one::<String>("out") {
        Some(name) => file::write(Path::new(name), text.as_bytes())?,
        None => say!("{text}"),
    }
    Ok(true)
}

/// The document that outsiders pin: the keys of credentials, and the one of the log.
pub(crate) async fn public_document(session: &Session) -> Result<serde_json::Value, Failure> {
    Ok(session.store.public_keys(session.network_id).await?)
}
