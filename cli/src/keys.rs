//! `key`: the network's keys, where they are, and how one takes the place of another.

use std::path::{Path, PathBuf};

use clap::{Arg, ArgMatches, Command, builder::PossibleValuesParser};
use files::out;
use ledger::{
    Language,
    clock::Secrets,
    command, content,
    key::{AnnouncedKey, KeyPurpose, PrivateKey, former_domains},
    keyring::Keyring,
    occasion::Occasion,
    successor,
};
use serde_json::json;
use store::{Db, SealError, SystemSecrets, Writer};

use crate::{
    arguments,
    failure::Failure,
    remedy,
    report::{Align, Table, day, print_json},
    session::{Session, text, wants_json},
    verb::{self, Verb},
};

const VERBS: [Verb; 3] = [
    Verb { arguments: list_arguments, run: |args, language| Box::pin(list(args, language)) },
    Verb { arguments: rotate_arguments, run: |args, language| Box::pin(rotate(args, language)) },
    Verb { arguments: export_public_arguments, run: |args, language| Box::pin(export_public(args, language)) },
];

pub(crate) fn arguments(language: Language) -> Command {
    verb::group("key", "cle", language.pick("Les clés qui signent", "The keys that sign"), &VERBS, language)
}

pub(crate) async fn run(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    verb::run(&VERBS, args, language).await
}

/// The folder of all keys that go with a database.
pub(crate) fn folder(args: &ArgMatches) -> PathBuf {
    if let Some(folder) = args.get_one::<String>("keys") {
        return PathBuf::from(folder);
    }
    let beside = match Db::file_of(text(args, "db")) {
        Some(file) => beside_file(Path::new(file)),
        None => PathBuf::from("coudemain.keys"),
    };
    // Whole, so that whoever is told of it from elsewhere finds it.
    std::path::absolute(&beside).unwrap_or(beside)
}

/// Beside the name by which the file is called, unless the folder stands beside the file that a link leads to.
fn beside_file(file: &Path) -> PathBuf {
    let beside = file.with_extension("keys");
    let led_to = file.canonicalize().map(|file| file.with_extension("keys"));
    led_to.ok().filter(|led_to| !beside.exists() && led_to.exists()).unwrap_or(beside)
}

/// The keys of the network that a session is about.
pub(crate) fn keyring(args: &ArgMatches, session: &Session) -> Keyring {
    Keyring::new(&folder(args), session.network.uuid)
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
    let public = key.public();
    let digest = content::adopted_key(&public, domain);
    let command = command::Command::AdoptKey { purpose, key: public, domain: domain.map(str::to_owned) };
    let request = Occasion::KeyAdoption(&public).request_about(digest, session.by, command);
    writer.submit(session.network_id, request).await.map_err(|error| session.said(error))?;
    Ok(key)
}

fn rotate_arguments(language: Language) -> Command {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    let about = t(
        "Fait une nouvelle clé ; ce que l'ancienne a signé reste valable",
        "Makes a new key; what the old one signed stays valid",
    );
    let example = "coudemain key rotate --purpose credential";
    arguments::ledger_verb("rotate", "remplacer", about, example, language)
        .arg(arguments::keys(language))
        .arg(
            Arg::new("purpose")
                .long("purpose")
                .visible_alias("usage")
                .value_name("credential|checkpoint")
                .value_parser(PossibleValuesParser::new(["credential", "checkpoint", "both"]))
                .default_value("both")
                .help(t(
                    "Ce que la clé signe : relevés et badges, points de contrôle, ou les deux",
                    "What the key signs: statements and badges, checkpoints, or both",
                )),
        )
        .arg(arguments::domain(language))
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
    let is_signed = sign_change(&session, &keyring, wanted != "credential").await?;
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
    Ok(is_signed)
}

/// The head after a change names the new keys, signed with the old one as well: whoever knows that one alone learns of them.
async fn sign_change(session: &Session, keyring: &Keyring, is_of_log: bool) -> Result<bool, Failure> {
    let language = session.language;
    // Where the log's own key stays, it is the old one.
    let signatures = if is_of_log { 2 } else { 1 };
    match session.store.sign_head(session.network_id, keyring, session.clock.now()).await {
        Ok(signed) if successor::names_any(&signed.note) && signed.note.signatures.len() >= signatures => say_line!(
            "{}",
            language.pick(
                "Un point signé avec l'ancienne clé annonce la nouvelle : « coudemain cle exporter » le donne avec les clés.",
                "A head signed with the old key names the new one: “coudemain key export-public” hands it out with the keys.",
            )
        ),
        Ok(_) => say_line!(
            "{}",
            language.pick(
                "L'ancienne clé n'est pas ici, ou n'avait rien signé : rien n'annonce la nouvelle à qui ne connaît que l'ancienne.",
                "The old key is not here, or had signed nothing: nothing tells those who know it alone of the new one.",
            )
        ),
        Err(SealError::Store(error)) => return Err(error.into()),
        Err(error) => {
            say_line!("{}", remedy::of_seal(&error, language));
            return Ok(false);
        }
    }
    Ok(true)
}

fn list_arguments(language: Language) -> Command {
    let about = language.pick("Les clés annoncées, et où elles sont", "The announced keys, and where they are");
    arguments::ledger_verb("list", "lister", about, "coudemain key list", language)
        .arg(arguments::keys(language))
        .arg(arguments::format(language))
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
            day(session.network.day_of(key.since), language),
            key.until.map(|until| day(session.network.day_of(until), language)).unwrap_or_default(),
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

fn export_public_arguments(language: Language) -> Command {
    let about = language.pick(
        "Le document public des clés (did.json), à publier",
        "The public document of keys (did.json), to publish",
    );
    let example = "coudemain key export-public --out did.json";
    arguments::ledger_verb("export-public", "exporter", about, example, language)
        .arg(arguments::keys(language))
        .arg(
            Arg::new("domain")
                .long("domain")
                .visible_alias("domaine")
                .value_name(language.pick("DOMAINE", "DOMAIN"))
                .help(language.pick(
                    "Sous ce nom de domaine, que le réseau a ou a eu (sinon le sien)",
                    "Under this domain name, which the network has or had (else its own)",
                )),
        )
        .arg(arguments::out(language))
}

async fn export_public(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let session = Session::open(args, language).await?;
    let document = match args.get_one::<String>("domain") {
        Some(domain) => of_domain(&session, domain).await?,
        None => session.store.public_keys(session.network_id).await?,
    };
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    match args.get_one::<String>("out") {
        Some(name) => out::write(Path::new(name), text.as_bytes())?,
        None => crate::screen::hand_out(text.as_bytes()),
    }
    Ok(true)
}

/// The document under a domain that the network has or had.
async fn of_domain(session: &Session, domain: &str) -> Result<serde_json::Value, Failure> {
    if let Some(document) = session.store.public_keys_of_domain(session.network_id, domain).await? {
        return Ok(document);
    }
    let keys = session.store.announced_keys(session.network_id).await?;
    let present = keys.iter().rfind(|key| key.purpose == KeyPurpose::Credential).and_then(|key| key.domain.as_deref());
    let names: Vec<&str> = present.into_iter().chain(former_domains(&keys)).collect();
    let names = names.join(", ");
    Err(if names.is_empty() {
        Failure::said("ce réseau n'a jamais eu de nom de domaine", "this network never had a domain name")
    } else {
        Failure::said(
            format!("ce réseau n'a pas eu le nom « {domain} » ; conviendrait : {names}"),
            format!("this network did not have the name “{domain}”; this would fit: {names}"),
        )
    })
}
