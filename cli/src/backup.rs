//! One file that holds everything, and the way back from it.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

use clap::ArgMatches;
use ledger::{Language, PersonNumber};
use store::{NetworkEntry, Store, StoreError};

use crate::{
    failure::Failure,
    file,
    session::{Session, open_store, text},
    vault,
};

/// `backup FILE`: writes beside the file first, so that a name never holds half a backup.
pub(crate) async fn run(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let session = Session::open(args, language).await?;
    let name = text(args, "file");
    let unfinished = format!("{name}.part");
    file::is_free(Path::new(name))?;
    let file = for_the_owner_alone(&unfinished).map_err(about(&unfinished))?;
    let written = session.store.backup(&file).await;
    let summary = match written.and_then(|summary| Ok(file.sync_all().map(|()| summary)?)) {
        Ok(summary) => summary,
        Err(error) => {
            // What is half written helps nobody; the first error is the one to report.
            let _ = std::fs::remove_file(&unfinished);
            return Err(error.into());
        }
    };
    std::fs::rename(&unfinished, name).map_err(about(name))?;
    if args.get_flag("with-keys") {
        let networks: Vec<_> = session.store.networks().await?.iter().map(|entry| entry.network.uuid).collect();
        let files = vault::lock(args, name, &networks, language)?;
        let vault = vault::beside(name);
        say_line!(
            "{}",
            language.pick(
                format!("Clés chiffrées : {files} fichiers, dans « {vault} ». Sans la phrase secrète, personne ne peut les rouvrir."),
                format!("Keys encrypted: {files} files, in “{vault}”. Without the passphrase nobody can open them again."),
            )
        );
    }
    say_line!(
        "{}",
        language.pick(
            format!("Sauvegarde faite : {} actes, {} lignes, dans « {name} ».", summary.acts, summary.rows),
            format!("Backup made: {} acts, {} rows, in “{name}”.", summary.acts, summary.rows),
        )
    );
    Ok(true)
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

/// `restore FILE`: fills an empty database, then audits what it holds.
pub(crate) async fn restore(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let name = text(args, "file");
    let file = File::open(name).map_err(about(name))?;
    if file.metadata().is_ok_and(|metadata| metadata.is_dir()) {
        return Err(Failure::said(
            format!("« {name} » est un dossier ; il faut une sauvegarde"),
            format!("“{name}” is a folder; it takes a backup"),
        ));
    }
    let url = text(args, "db");
    let is_new = url.strip_prefix("sqlite://").is_some_and(|path| !Path::new(path).exists());
    let store = open_store(url, true).await?;
    let summary = match store.restore(file).await {
        Ok(summary) => summary,
        Err(error) => {
            store.close().await;
            // An empty database where there was none would only be in the way.
            if let (true, Some(path)) = (is_new, url.strip_prefix("sqlite://")) {
                let _ = std::fs::remove_file(path);
            }
            return Err(error.into());
        }
    };
    say_line!(
        "{}",
        language.pick(
            format!("Restauré : {} actes, {} lignes.", summary.acts, summary.rows),
            format!("Restored: {} acts, {} rows.", summary.acts, summary.rows),
        )
    );
    if args.get_flag("with-keys") {
        let files = vault::unlock(args, name, language)?;
        let folder = crate::keys::folder(args);
        say_line!(
            "{}",
            language.pick(
                format!("Clés remises : {files} fichiers, dans « {} ».", folder.display()),
                format!("Keys put back: {files} files, in “{}”.", folder.display()),
            )
        );
    }
    let mut is_ok = true;
    for entry in store.networks().await? {
        settle(args, &store, &entry, language).await?;
        let report = store.audit(entry.id, None).await?;
        is_ok &= report.findings.is_ok();
        say_line!("{}", crate::audit::verdict(&entry.network.name, &report, language));
    }
    Ok(is_ok)
}

/// What an older backup forgot: who was erased since, and that more was signed.
async fn settle(args: &ArgMatches, store: &Store, entry: &NetworkEntry, language: Language) -> Result<(), Failure> {
    let session = Session::new(store.clone(), entry.clone(), language).await?;
    let keyring = crate::keys::keyring(args, &session);
    let known = store.erased(entry.id).await?;
    let is_known = |person: &i64| session.registry.person(PersonNumber(*person)).is_some();
    let is_back = |person: &i64| !known.iter().any(|known| known.0 == *person) && is_known(person);
    let brought_back: Vec<_> = keyring.erased()?.into_iter().filter(is_back).collect();
    if !brought_back.is_empty() {
        crate::person::erase_again(&session, &brought_back).await?;
        say_line!(
            "{}",
            language.pick(
                format!("{} personnes effacées depuis cette sauvegarde le sont de nouveau.", brought_back.len()),
                format!("{} persons erased since that backup are erased again.", brought_back.len()),
            )
        );
    }
    if let Some(told) = crate::log::reopen_if_behind(&session, &keyring).await? {
        say_line!("{told}");
    }
    Ok(())
}

fn about(name: &str) -> impl Fn(io::Error) -> Failure {
    let name = name.to_owned();
    move |error| match error.kind() {
        io::ErrorKind::NotFound => Failure::said(format!("pas de fichier « {name} »"), format!("no file “{name}”")),
        _ => Failure::Store(StoreError::File(error)),
    }
}
