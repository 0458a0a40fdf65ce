//! One file that holds everything, and the way back from it.

use std::fs::{File, OpenOptions};
use std::io;

use clap::ArgMatches;
use ledger::{
    Language,
    store::{Store, StoreError},
};

use crate::{
    failure::Failure,
    session::{Session, text},
};

/// `backup FILE`: writes beside the file first, so that a name never holds half a backup.
pub(crate) async fn run(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let session = Session::open(args, language).await?;
    let name = text(args, "file");
    let unfinished = format!("{name}.part");
    if std::path::Path::new(name).exists() {
        return Err(Failure::said(
            format!("« {name} » existe déjà ; choisissez un autre nom"),
            format!("“{name}” exists already; choose another name"),
        ));
    }
    let file =
        OpenOptions::new().write(true).create(true).truncate(true).open(&unfinished).map_err(about(&unfinished))?;
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
    println!(
        "{}",
        language.pick(
            format!("Sauvegarde faite : {} actes, {} lignes, dans « {name} ».", summary.acts, summary.rows),
            format!("Backup made: {} acts, {} rows, in “{name}”.", summary.acts, summary.rows),
        )
    );
    Ok(true)
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
    let is_new = url.strip_prefix("sqlite://").is_some_and(|path| !std::path::Path::new(path).exists());
    let store = Store::open(url, true).await?;
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
    println!(
        "{}",
        language.pick(
            format!("Restauré : {} actes, {} lignes.", summary.acts, summary.rows),
            format!("Restored: {} acts, {} rows.", summary.acts, summary.rows),
        )
    );
    let mut is_ok = true;
    for entry in store.networks().await? {
        let report = store.audit(entry.id).await?;
        is_ok &= report.findings.is_ok();
        println!("{}", crate::audit::verdict(&entry.network.name, &report, language));
    }
    Ok(is_ok)
}

fn about(name: &str) -> impl Fn(io::Error) -> Failure {
    let name = name.to_owned();
    move |error| match error.kind() {
        io::ErrorKind::NotFound => Failure::said(format!("pas de fichier « {name} »"), format!("no file “{name}”")),
        _ => Failure::Store(StoreError::File(error)),
    }
}
