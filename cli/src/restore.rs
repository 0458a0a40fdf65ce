//! `restore`: the way back from a backup, on either kind of database.
//!
//! What the backup does not know is asked before anything is written: how far the log was published, and who was erased
//! since. It is done together with the restoring, or nothing is.

use std::fs::File;
use std::path::Path;

use clap::{Arg, ArgMatches, Command};
use ledger::{
    Language,
    clock::Clock,
    command::{By, LostHead},
    key::KeyPurpose,
    keyring::Keyring,
    note::Note,
};
use store::{BackupSummary, Db, Ended, HeadStanding, NetworkEntry, RestoredNetwork, Restoring, Store, WriteError};

use crate::{
    arguments,
    audit::verdict,
    backup::{about, told},
    came_back::{self, Listed},
    failure::Failure,
    head::{self, Shown},
    keys,
    log::reopen::{self, is_loss},
    report::count,
    session::{clock, open_store, text},
    vault::{self, Unlocked},
};

pub(crate) fn arguments(language: Language) -> Command {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    arguments::ledger_verb(
        "restore",
        "restaurer",
        t("Remplit une base vide depuis une sauvegarde", "Fills an empty database from a backup"),
        t(
            "coudemain restaurer reseau.sauvegarde --db postgres://localhost/reseau --point point.txt",
            "coudemain restore network.backup --db postgres://localhost/network --head head.txt",
        ),
        language,
    )
    .arg(arguments::required("file", t("FICHIER", "FILE"), t("La sauvegarde", "The backup")))
    .args(vault::arguments(language))
    .arg(head::argument(language))
    .arg(Arg::new("erased").long("erased").visible_alias("effaces").value_name(t("FICHIER", "FILE")).help(t(
        "Qui a été effacé depuis : la liste erased.txt, ou une sauvegarde plus récente",
        "Who was erased since: the list erased.txt, or a later backup",
    )))
}

/// What whoever restores brings beside the backup.
struct Brought {
    unlocked: Option<Unlocked>,
    shown: Shown,
    listed: Listed,
}

/// What was done for a network before anybody saw it.
struct Settled {
    network: RestoredNetwork,
    /// The log's end that was lost, if it was.
    lost: Option<LostHead>,
    /// A head that was shown, and from which the log goes on.
    kept: Option<Note>,
    erased: came_back::Erased,
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
    let with_keys = args.get_flag("with-keys");
    let brought = Brought {
        unlocked: if with_keys { Some(Unlocked::read(args, name, language)?) } else { None },
        shown: head::read(args).await?,
        listed: came_back::read(args)?,
    };
    let url = text(args, "db");
    let file_made = Db::file_of(url).filter(|path| !Path::new(path).exists());
    let store = open_store(url, true).await?;
    let restored = restore(args, &store, &mut file, brought, language).await;
    let (summary, keys, settled) = match restored {
        Ok(restored) => restored,
        Err(failure) => {
            store.close().await;
            // An empty database where there was none would only be in the way.
            if let Some(path) = file_made {
                let _ = std::fs::remove_file(path);
            }
            return Err(failure);
        }
    };
    tell(args, &summary, keys, language);
    let mut is_ok = true;
    for settled in settled {
        is_ok &= settled.erased.is_whole();
        finish(args, &store, &settled, language).await?;
        let NetworkEntry { id, network } = settled.network.entry;
        let report = store.audit(id, None).await?;
        is_ok &= report.findings.is_ok();
        say_line!("{}", verdict(&network.name, &report, language));
    }
    Ok(is_ok)
}

/// All that stands or falls together: the rows, what is settled for each network, and the keys.
async fn restore(
    args: &ArgMatches,
    store: &Store,
    file: &mut File,
    brought: Brought,
    language: Language,
) -> Result<(BackupSummary, Option<usize>, Vec<Settled>), Failure> {
    let clock = clock(args);
    let mut restoring = store.begin_restoring(file, clock.now()).await?;
    let networks = restoring.networks().await?;
    let uuids: Vec<_> = networks.iter().map(|network| network.entry.network.uuid).collect();
    if let Some(failure) = brought.shown.of_none(&uuids) {
        return Err(failure);
    }
    let is_alone = networks.len() == 1;
    let mut settled = Vec::with_capacity(networks.len());
    for network in networks {
        let keyring = Keyring::new(&keys::folder(args), network.entry.network.uuid);
        settled.push(settle(&mut restoring, network, (&keyring, is_alone), &brought, (&*clock, language)).await?);
    }
    let folder = keys::folder(args);
    let keys = brought.unlocked.map(|unlocked| unlocked.put_back(&folder)).transpose()?;
    for Settled { network, kept, .. } in &settled {
        if let Some(note) = kept {
            Keyring::new(&folder, network.entry.network.uuid).keep_checkpoint(note)?;
        }
    }
    let summary = restoring.summary.clone();
    restoring.commit().await?;
    Ok((summary, keys, settled))
}

/// What an older backup forgot: that more was signed, and who was erased since.
async fn settle(
    restoring: &mut Restoring,
    network: RestoredNetwork,
    (keyring, is_alone): (&Keyring, bool),
    brought: &Brought,
    (clock, language): (&dyn Clock, Language),
) -> Result<Settled, Failure> {
    let id = network.entry.id;
    let (lost, kept) = end_of_log(restoring, &network, keyring, brought, language).await?;
    // First of all: whatever is written before the log is open again has the name of something lost.
    if let Some(lost) = &lost {
        restoring.carry_out(id, reopen::request(By::OPERATOR, lost), clock).await?;
    }
    let uuid = network.entry.network.uuid;
    let mut listed = keyring.erased()?;
    // The list that was locked with the keys is as old as the backup, and says nothing of what came after it.
    let mut has_list = keyring.has_list_of_erased();
    if let Some(unlocked) = &brought.unlocked {
        listed.extend(unlocked.erased(uuid)?);
    }
    let asked = if has_list || brought.listed.is_given() || network.persons == 0 {
        None
    } else {
        came_back::ask(&network.entry.network.name, language)?
    };
    for more in [Some(&brought.listed), asked.as_ref()].into_iter().flatten() {
        has_list |= more.is_given();
        listed.extend(more.of(uuid, is_alone));
    }
    let mut erased = came_back::Erased { listed, has_list, ..Default::default() };
    for person in restoring.who_came_back(id, &erased.listed).await? {
        match restoring.carry_out(id, crate::person::erasure(By::OPERATOR, person), clock).await {
            Ok(()) => erased.count += 1,
            Err(WriteError::Rejected(rejection)) => erased.refused.push((person, rejection)),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(Settled { network, lost, kept, erased })
}

/// What was lost of a network's log, and the head that was shown where nothing was.
async fn end_of_log(
    restoring: &mut Restoring,
    network: &RestoredNetwork,
    keyring: &Keyring,
    brought: &Brought,
    language: Language,
) -> Result<(Option<LostHead>, Option<Note>), Failure> {
    let NetworkEntry { id, network: known } = &network.entry;
    // Without a key for it nothing can have been signed.
    if !network.keys.iter().any(|key| key.purpose == KeyPurpose::Checkpoint) {
        return Ok((None, None));
    }
    let of_vault = brought.unlocked.as_ref().and_then(|unlocked| unlocked.last_head(known.uuid));
    let beside_keys = keyring.last_checkpoint()?.map(|(head, _)| head);
    let (mut losses, mut is_kept) = (Vec::new(), false);
    for (head, is_last) in [(&of_vault, false), (&beside_keys, true)] {
        let Some(head) = head else { continue };
        let standing = restoring.standing_of(*id, head).await?;
        is_kept |= is_last && (is_loss(standing) || standing == HeadStanding::GoesOn);
        losses.extend(is_loss(standing).then(|| head::lost(head)));
    }
    let mut asked = None;
    if brought.shown.of(known.uuid).is_none() && !brought.shown.is_unknown && !is_kept {
        // A script says nothing: what nobody shows is not known, and no log is forked by that.
        let answer = head::ask(&known.name, language).await?;
        asked = Some(answer.unwrap_or_else(Shown::unknown));
    }
    let shown = asked.as_ref().unwrap_or(&brought.shown);
    let last = shown.of(known.uuid);
    if let Some(last) = last {
        losses.extend(last.lost(restoring.standing_of(*id, &last.head).await?, &network.keys)?);
    }
    if let Some(lost) = head::latest(losses) {
        return Ok((Some(lost), None));
    }
    // What is kept beside the keys is known.
    if last.is_none() && shown.is_unknown && !is_kept {
        return Ok((Some(head::lost_unknown(&network.head)), None));
    }
    Ok((None, last.filter(|last| last.is_later_than(beside_keys.as_ref())).map(|last| last.note.clone())))
}

/// What was restored.
fn tell(args: &ArgMatches, summary: &BackupSummary, keys: Option<usize>, language: Language) {
    say_line!(
        "{}",
        language.pick(
            format!("Restauré : {}.", told(summary, language)),
            format!("Restored: {}.", told(summary, language)),
        )
    );
    if let Some(told) = told_of_ended(summary.ended, language) {
        say_line!("{told}");
    }
    if let Some(files) = keys {
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

/// What stands outside of the database follows it: the new log's head, the list of who is erased, and the bytes.
async fn finish(args: &ArgMatches, store: &Store, settled: &Settled, language: Language) -> Result<(), Failure> {
    let NetworkEntry { id, network } = &settled.network.entry;
    let keyring = Keyring::new(&keys::folder(args), network.uuid);
    if let Some(lost) = &settled.lost {
        say_line!("{}", reopen::told(lost, &settled.network.head, language));
        // Whoever said so knows.
        if lost.root.is_none() && !args.contains_id("head") {
            say_line!(
                "{}",
                language.pick(
                    "Si quelqu'un a le dernier point signé, restaurez plutôt dans une base vide, avec --point FICHIER.",
                    "Where somebody has the last signed head, restore into an empty database instead, with --head FILE.",
                )
            );
        }
        if store.can_sign(*id, &keyring).await? {
            store.sign_head(*id, &keyring, clock(args).now()).await?;
        } else {
            say_line!(
                "{}",
                language.pick(
                    "Sa clé n'est pas ici : quand elle y sera, « coudemain journal point » le signera.",
                    "Its key is not here: once it is, “coudemain log checkpoint” signs it.",
                )
            );
        }
    }
    if !settled.erased.listed.is_empty() {
        keyring.note_erased(settled.erased.listed.iter().copied())?;
        keyring.note_erased(store.erased(*id).await?)?;
    }
    if settled.erased.count > 0 {
        store.sweep().await?;
    }
    for told in settled.erased.told(settled.network.persons, language) {
        say_line!("{told}");
    }
    Ok(())
}
