//! `restore`: the way back from a backup, on either kind of database.

use std::fs::File;
use std::path::Path;

use clap::{ArgMatches, Command};
use ledger::{
    Language,
    clock::{Clock as _, SystemClock},
};
use store::{Db, Ended, NetworkEntry, Store, StoreError};

use crate::{
    arguments,
    audit::verdict,
    backup::{about, told},
    failure::Failure,
    keys::{self, keyring},
    log::reopen_if_behind,
    person::erase_who_came_back,
    report::count,
    session::{Session, open_store, text},
    vault,
};

pub(crate) fn arguments(language: Language) -> Command {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    arguments::ledger_verb(
        "restore",
        "restaurer",
        t("Remplit une base vide depuis une sauvegarde", "Fills an empty database from a backup"),
        t(
            "coudemain restaurer reseau.sauvegarde --db postgres://localhost/reseau",
            "coudemain restore network.backup --db postgres://localhost/network",
        ),
        language,
    )
    .arg(arguments::required("file", t("FICHIER", "FILE"), t("La sauvegarde", "The backup")))
    .args(vault::arguments(language))
}

/// Fills an empty database, then audits what it holds.
pub(crate) async fn run(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let name = text(args, "file");
    let mut file = File::open(name).map_err(about(name))?;
    if file.metadata().is_ok_and(|metadata| metadata.is_dir()) {
        return Err(Failure::said(
            format!("« {name} » est un dossier ; il faut une sauvegarde"),
            format!("“{name}” is a folder; it takes a backup"),
        ));
    }
    let url = text(args, "db");
    let file_made = Db::file_of(url).filter(|path| !Path::new(path).exists());
    let store = open_store(url, true).await?;
    let summary = match store.restore(&mut file, SystemClock.now()).await {
        Ok(summary) => summary,
        Err(error) => {
            store.close().await;
            // An empty database where there was none would only be in the way.
            if let Some(path) = file_made {
                let _ = std::fs::remove_file(path);
            }
            return Err(error.into());
        }
    };
    say_line!(
        "{}",
        language.pick(
            format!("Restauré : {}.", told(&summary, language)),
            format!("Restored: {}.", told(&summary, language)),
        )
    );
    if let Some(told) = told_of_ended(summary.ended, language) {
        say_line!("{told}");
    }
    if args.get_flag("with-keys") {
        let files = vault::unlock(args, name, language)?;
        let files = count(files, language, ("fichier", "fichiers"), ("file", "files"));
        let folder = keys::folder(args);
        say_line!(
            "{}",
            language.pick(
                format!("Clés remises : {files}, dans « {} ».", folder.display()),
                format!("Keys put back: {files}, in “{}”.", folder.display()),
            )
        );
    }
    let mut is_ok = true;
    for listed in store.networks().await? {
        let entry = store.network_numbered(listed.id).await?.ok_or(StoreError::NoNetwork)?;
        settle(args, &store, &entry, language).await?;
        let report = store.audit(entry.id, None).await?;
        is_ok &= report.findings.is_ok();
        say_line!("{}", verdict(&entry.network.name, &report, language));
    }
    Ok(is_ok)
}

/// What was ended, since it may have been taken back after the backup was made.
fn told_of_ended(ended: Ended, language: Language) -> Option<String> {
    let Ended { tokens, sessions, links, webhooks } = ended;
    let tokens = count(tokens, language, ("jeton", "jetons"), ("token", "tokens"));
    let sessions = count(sessions, language, ("connexion", "connexions"), ("session", "sessions"));
    let links = count(links, language, ("lien ou code", "liens et codes"), ("link or code", "links and codes"));
    let webhooks = count(webhooks, language, ("webhook", "webhooks"), ("webhook", "webhooks"));
    (ended != Ended::default()).then(|| {
        language.pick(
            format!(
                "Fermés, car ils ont pu l'être depuis la sauvegarde : {tokens}, {sessions}, {links} ; en pause : \
                 {webhooks}. « coudemain jeton creer » fait un nouveau jeton."
            ),
            format!(
                "Ended, since they may have been after the backup: {tokens}, {sessions}, {links}; resting: {webhooks}. \
                 “coudemain token create” makes a new token."
            ),
        )
    })
}

/// What an older backup forgot: who was erased since, and that more was signed.
async fn settle(args: &ArgMatches, store: &Store, entry: &NetworkEntry, language: Language) -> Result<(), Failure> {
    let session = Session::new(store.clone(), entry.clone(), language).await?;
    let keyring = keyring(args, &session);
    // First of all: whatever is written before the log is open again has the name of something lost.
    if let Some(told) = reopen_if_behind(&session, &keyring).await? {
        say_line!("{told}");
    }
    if !keyring.has_list_of_erased() {
        say_line!(
            "{}",
            language.pick(
                "Aucune liste de personnes effacées (erased.txt) n'est près des clés : qui a été effacé depuis cette sauvegarde est de nouveau là. Si vous avez cette liste, posez-la près des clés et restaurez encore.",
                "No list of erased persons (erased.txt) is beside the keys: whoever was erased since that backup is there again. If you have that list, put it beside the keys and restore once more.",
            )
        );
    }
    let back = erase_who_came_back(&session, &keyring).await?;
    if back > 0 {
        let again = count(
            back,
            language,
            (
                "personne effacée depuis cette sauvegarde l'est de nouveau.",
                "personnes effacées depuis cette sauvegarde le sont de nouveau.",
            ),
            ("person erased since that backup is erased again.", "persons erased since that backup are erased again."),
        );
        say_line!("{again}");
    }
    Ok(())
}
