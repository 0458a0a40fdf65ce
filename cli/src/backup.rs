//! `backup`: one file that holds everything.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

use age::secrecy::SecretString;
use clap::{ArgMatches, Command};
use files::out;
use ledger::{Language, keyring::Keyring};
use store::BackupSummary;
use uuid::Uuid;

use crate::{
    arguments,
    failure::Failure,
    keys,
    report::count,
    session::{Session, text},
    vault,
};

pub(crate) fn arguments(language: Language) -> Command {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    arguments::ledger_verb(
        "backup",
        "sauvegarder",
        t("Met toute la base dans un fichier", "Puts the whole database into a file"),
        t("coudemain sauvegarder reseau.sauvegarde", "coudemain backup network.backup"),
        language,
    )
    .arg(arguments::required(
        "file",
        t("FICHIER", "FILE"),
        t("Le fichier à écrire ; il ne doit pas exister", "The file to write; it must not exist"),
    ))
    .args(vault::arguments(language))
}

/// Writes beside the file first, so that a name never holds half a backup. What keeps the keys from being locked is found
/// before anything is written.
pub(crate) async fn run(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let session = Session::open(args, language).await?;
    let name = text(args, "file");
    let unfinished = format!("{name}.part");
    out::is_free(Path::new(name))?;
    let locked = if args.get_flag("with-keys") { Some(keys_to_lock(args, &session, language).await?) } else { None };
    let file = for_the_owner_alone(&unfinished).map_err(about(&unfinished))?;
    let written = session.store.backup(&mut &file).await;
    let summary = match written.and_then(|summary| Ok(file.sync_all().map(|()| summary)?)) {
        Ok(summary) => summary,
        Err(error) => {
            // What is half written helps nobody; the first error is the one to report.
            let _ = std::fs::remove_file(&unfinished);
            return Err(error.into());
        }
    };
    std::fs::rename(&unfinished, name).map_err(about(name))?;
    // Where the database takes no writes, nobody learns of it there; the backup is whole all the same.
    let _ = session.store.note_backup(session.clock.now()).await;
    if let Some((networks, passphrase)) = locked {
        let files = vault::lock(args, name, &networks, passphrase)?;
        let vault = vault::beside(name);
        let files = count(files, language, ("fichier", "fichiers"), ("file", "files"));
        say_line!(
            "{}",
            language.pick(
                format!(
                    "Clés chiffrées : {files}, dans « {vault} ». Sans la phrase secrète, personne ne peut les rouvrir."
                ),
                format!("Keys encrypted: {files}, in “{vault}”. Without the passphrase nobody can open them again."),
            )
        );
    }
    let told = told(&summary, language);
    say_line!(
        "{}",
        language.pick(
            format!("Sauvegarde faite : {told}, dans « {name} »."),
            format!("Backup made: {told}, in “{name}”."),
        )
    );
    Ok(true)
}

/// The networks whose keys are locked beside a backup, and the passphrase. Where a network's keys are here, none of those
/// in use may be missing: who restores it one day would look for it in vain.
async fn keys_to_lock(
    args: &ArgMatches,
    session: &Session,
    language: Language,
) -> Result<(Vec<Uuid>, SecretString), Failure> {
    let networks = session.store.networks().await?;
    for network in &networks {
        let keyring = Keyring::new(&keys::folder(args), network.uuid);
        let announced = session.store.announced_keys(network.id).await?;
        for key in announced.iter().filter(|key| key.until.is_none() && keyring.folder().exists()) {
            keyring.load(key.purpose, key.key)?;
        }
    }
    let networks: Vec<_> = networks.into_iter().map(|network| network.uuid).collect();
    let passphrase = vault::to_lock(args, &networks, language)?;
    Ok((networks, passphrase))
}

/// What a backup holds: “41 acts, 312 rows”.
pub(crate) fn told(summary: &BackupSummary, language: Language) -> String {
    let acts = count(summary.acts, language, ("acte", "actes"), ("act", "acts"));
    format!("{acts}, {}", count(summary.rows, language, ("ligne", "lignes"), ("row", "rows")))
}

/// A new file that nobody else may read: a backup holds names and addresses.
fn for_the_owner_alone(name: &str) -> io::Result<File> {
    // What an interrupted backup left behind might be open to others.
    match std::fs::remove_file(name) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(name)
}

/// What is wrong with a backup, its name first.
pub(crate) fn about(name: &str) -> impl Fn(io::Error) -> Failure {
    let name = name.to_owned();
    move |error| match error.kind() {
        io::ErrorKind::NotFound => Failure::said(format!("pas de fichier « {name} »"), format!("no file “{name}”")),
        _ => Failure::Store(store::StoreError::File(error)),
    }
}
