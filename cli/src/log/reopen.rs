//! `log reopen`: a log whose end was lost goes on under another name, and its first act names what was lost.
//!
//! Whether anything was lost tells the last head that was published: the one beside the keys, or one that somebody shows.
//! Where nobody knows it, the first act says so.

use std::path::Path;

use clap::{Arg, ArgMatches, Command};
use files::out;
use ledger::{
    Language,
    checkpoint::Checkpoint,
    clock::{Clock as _, SystemClock},
    command::{self, By, LostHead, Request},
    generation::{generation_of, origin},
    key::KeyPurpose,
    keyring::Keyring,
    occasion::Occasion,
};
use store::HeadStanding;

use crate::{
    arguments,
    failure::Failure,
    head::{self, Shown},
    keys::keyring,
    report::count,
    session::Session,
};

pub(super) fn arguments(language: Language) -> Command {
    let about = language.pick(
        "Après une perte : ouvre un nouveau journal qui nomme ce qui est perdu, ou dit qu'on ne le sait pas",
        "After a loss: opens a new log that names what was lost, or says that nobody knows",
    );
    arguments::ledger_verb("reopen", "rouvrir", about, "coudemain log reopen --head point.txt", language)
        .arg(arguments::keys(language))
        .arg(head::argument(language))
        .arg(Arg::new("out").long("out").value_name(language.pick("FICHIER", "FILE")).help(language.pick(
            "Écrit dans ce fichier le dernier point signé, celui du nouveau journal s'il s'en ouvre un",
            "Writes the last signed head to this file, the new log's where one opens",
        )))
}

pub(super) async fn run(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let session = Session::open(args, language).await?;
    let keyring = keyring(args, &session);
    let shown = head::read(args).await?;
    // Without the key the new log's first head could not be signed, and nothing is written.
    let verifier = session.store.log_key(session.network_id).await?;
    keyring.load(KeyPurpose::Checkpoint, verifier.key)?;
    let (head, root) = session.store.head(session.network_id).await?;
    let left = Checkpoint { origin: verifier.name, size: head.log_size(), root };
    let told = match found(&session, &keyring, &left, shown).await? {
        Some(lost) => {
            let writer = session.writer();
            let request = request(session.by, &lost);
            writer.submit(session.network_id, request).await.map_err(|error| session.said(error))?;
            writer.stop().await;
            told(&lost, &left, language)
        }
        None => language
            .pick(
                "Rien n'est perdu : le journal prolonge ce point, et son dernier point est de nouveau gardé près des clés.",
                "Nothing is lost: the log goes on from that head, and its last head is kept beside the keys again.",
            )
            .to_owned(),
    };
    let signed = session.store.sign_head(session.network_id, &keyring, SystemClock.now()).await?;
    say_line!("{told}");
    if let Some(name) = args.get_one::<String>("out") {
        out::write(Path::new(name), signed.note.to_string())?;
    }
    Ok(true)
}

/// What was lost; `None` where the log goes on from a head that is shown, which then is kept.
async fn found(
    session: &Session,
    keyring: &Keyring,
    left: &Checkpoint,
    mut shown: Shown,
) -> Result<Option<LostHead>, Failure> {
    let (store, network) = (&session.store, session.network_id);
    if let Some(failure) = shown.of_none(&[session.network.uuid]) {
        return Err(failure);
    }
    let kept = keyring.last_checkpoint()?.map(|(head, _)| head);
    let kept_standing = match &kept {
        Some(kept) => Some(store.standing_of(network, kept).await?),
        None => None,
    };
    let of_kept = kept.as_ref().zip(kept_standing).filter(|(_, standing)| is_loss(*standing));
    let mut losses: Vec<LostHead> = of_kept.map(|(kept, _)| head::lost(kept)).into_iter().collect();
    if shown.of(session.network.uuid).is_none() && !shown.is_unknown && losses.is_empty() {
        let was_signed = !store.signed_heads(network, 1).await?.is_empty();
        if kept.is_some() || !was_signed {
            return Err(Failure::said(
                "rien n'est perdu : le journal n'est pas en retard sur le dernier point signé",
                "nothing is lost: the log has not fallen behind the last signed head",
            ));
        }
        // It was deleted: that is a loss like any other.
        let name = &session.network.name;
        shown = head::ask(name, session.language).await?.ok_or_else(|| head::not_shown(name))?;
    }
    let last = shown.of(session.network.uuid);
    if let Some(last) = last {
        let standing = store.standing_of(network, &last.head).await?;
        losses.extend(last.lost(standing, &store.announced_keys(network).await?)?);
    } else if losses.is_empty() {
        return Ok(Some(head::lost_unknown(left)));
    }
    let lost = head::latest(losses);
    if let Some(last) = last.filter(|last| lost.is_none() && last.is_later_than(kept.as_ref())) {
        keyring.keep_checkpoint(&last.note)?;
    }
    Ok(lost)
}

/// Whether a head that was kept says that acts were lost.
pub(crate) const fn is_loss(standing: HeadStanding) -> bool {
    match standing {
        HeadStanding::FellBehind | HeadStanding::Forked | HeadStanding::OfLater => true,
        HeadStanding::GoesOn | HeadStanding::OfEarlier | HeadStanding::OfAnother => false,
    }
}

/// The request that opens the next log.
pub(crate) fn request(by: By, lost: &LostHead) -> Request {
    let occasion = Occasion::LogReopening { origin: &lost.origin, size: lost.size };
    occasion.request(by, command::Command::ReopenLog { lost: lost.clone() })
}

/// What is told of a log that was opened again, of which that much was left.
pub(crate) fn told(lost: &LostHead, left: &Checkpoint, language: Language) -> String {
    let network = lost.origin.split('/').nth(1).and_then(|uuid| uuid.parse().ok()).unwrap_or_default();
    let name = origin(network, generation_of(&lost.origin).saturating_add(1));
    let signed = count(
        lost.size,
        language,
        ("acte était signé", "actes étaient signés"),
        ("act was signed", "acts were signed"),
    );
    if lost.root.is_none() {
        let acts = count(left.size, language, ("acte", "actes"), ("act", "acts"));
        return language.pick(
            format!("Un nouveau journal est ouvert, {name} : son premier acte dit que la fin de l'ancien est inconnue. Il en reste {acts}."),
            format!("A new log is open, {name}: its first act says that the end of the old one is unknown. {acts} of it are left."),
        );
    }
    if generation_of(&lost.origin) > generation_of(&left.origin) {
        return language.pick(
            format!("Un nouveau journal est ouvert, {name} : son premier acte nomme {}, dont {signed} et qui s'est ouvert après cette sauvegarde.", lost.origin),
            format!("A new log is open, {name}: its first act names {}, of which {signed} and which was opened after this backup.", lost.origin),
        );
    }
    if lost.size <= left.size {
        return language.pick(
            format!("Un nouveau journal est ouvert, {name} : son premier acte nomme l'ancien, dont {signed} et que celui-ci ne prolonge pas."),
            format!("A new log is open, {name}: its first act names the old one, of which {signed} and from which this one does not go on."),
        );
    }
    let missing = lost.size.saturating_sub(left.size);
    let missing = count(missing, language, ("manque", "manquent"), ("is missing", "are missing"));
    language.pick(
        format!("Un nouveau journal est ouvert, {name} : son premier acte nomme l'ancien, dont {signed} et {missing}."),
        format!("A new log is open, {name}: its first act names the old one, of which {signed} and {missing}."),
    )
}
