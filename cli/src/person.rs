//! `person`: who may act, and what the ledger holds of somebody, handed to them or erased.

mod mentions;
mod roles;

use std::path::Path;

use clap::{Arg, ArgAction, ArgMatches, Command};
use files::{known_of::known_of, out};
use ledger::{
    Language, PersonNumber,
    clock::{Clock as _, SystemClock},
    command::{self, By, Request},
    keyring::Keyring,
    occasion::Occasion,
};
use store::{Erasable, Swept};

use crate::{
    arguments,
    failure::Failure,
    for_ever,
    keys::keyring,
    report::count,
    session::{Session, text},
    typed::optional,
    verb::{self, Verb},
};

const VERBS: [Verb; 5] = [
    Verb { arguments: roles::list_arguments, run: |args, language| Box::pin(roles::list(args, language)) },
    Verb { arguments: roles::grant_arguments, run: |args, language| Box::pin(roles::grant(args, language)) },
    Verb { arguments: roles::revoke_arguments, run: |args, language| Box::pin(roles::revoke(args, language)) },
    Verb { arguments: export_arguments, run: |args, language| Box::pin(export(args, language)) },
    Verb { arguments: erase_arguments, run: |args, language| Box::pin(erase_verb(args, language)) },
];

pub(crate) fn arguments(language: Language) -> Command {
    let about = language
        .pick("Les personnes : rôles, et ce que le registre en sait", "Persons: roles, and what the ledger knows");
    verb::group("person", "personne", about, &VERBS, language)
}

pub(crate) async fn run(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    verb::run(&VERBS, args, language).await
}

fn export_arguments(language: Language) -> Command {
    let about = language.pick(
        "Tout ce que le registre sait d'une personne, pour le lui remettre",
        "All that the ledger knows of a person, to hand to them",
    );
    let example = "coudemain person export --person V0014 --out V0014.json";
    arguments::ledger_verb("export", "remettre", about, example, language)
        .arg(arguments::person(language))
        .arg(arguments::out(language))
}

async fn export(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let session = Session::open(args, language).await?;
    let number = session.person(text(args, "person"))?;
    let document = known_of(&session, number).await?;
    match args.get_one::<String>("out") {
        Some(name) => out::write(Path::new(name), document)?,
        None => crate::screen::hand_out(&document),
    }
    Ok(true)
}

/// Erases again who stands in the list beside the keys and is back in the ledger, as a backup of before has them.
pub(crate) async fn erase_who_came_back(session: &Session, keyring: &Keyring) -> Result<(), Failure> {
    let back = session.store.who_came_back(session.network_id, &keyring.erased()?).await?;
    if !back.is_empty() {
        erase(session, &back).await?;
        session.store.sweep().await?;
    }
    Ok(())
}

/// The request that erases a person.
pub(crate) fn erasure(by: By, person: PersonNumber) -> Request {
    Occasion::Erasure(person).request(by, command::Command::ErasePerson { person })
}

/// Has the ledger erase these persons.
async fn erase(session: &Session, persons: &[PersonNumber]) -> Result<(), Failure> {
    let writer = session.writer();
    for &person in persons {
        let request = erasure(session.by, person);
        writer.submit(session.network_id, request).await.map_err(|error| session.said(error))?;
    }
    writer.stop().await;
    Ok(())
}

/// Keeps a list of who is erased beside the keys, so that restoring an older backup does not bring them back.
async fn note_erased(session: &Session, keyring: &Keyring) -> Result<(), Failure> {
    Ok(keyring.note_erased(session.store.erased(session.network_id).await?)?)
}

fn erase_arguments(language: Language) -> Command {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    let about = t(
        "Efface qui est une personne ; ses minutes restent, sous un numéro",
        "Erases who a person is; their minutes stay, under a number",
    );
    arguments::ledger_verb("erase", "effacer", about, "coudemain person erase --person V0014 --yes", language)
        .arg(arguments::person(language))
        .arg(arguments::keys(language))
        .arg(Arg::new("revoke").long("revoke").visible_alias("revoquer").action(ArgAction::SetTrue).help(t(
            "Révoque aussi les badges et les attestations d'heures qui lui ont été remis",
            "Revokes the badges and the records of hours that were made for them, too",
        )))
        .arg(Arg::new("mentions").long("mentions").visible_alias("textes").value_name(t("NUMÉROS", "NUMBERS")).help(t(
            "Efface aussi ces textes qui en parlent peut-être, par leurs numéros (1,3), « tous » ou « aucun » ; sans --yes, ils sont montrés",
            "Erases these texts that may speak of them, too, by their numbers (1,3), “all” or “none”; without --yes they are shown",
        )))
        .arg(Arg::new("yes").long("yes").visible_alias("oui").action(ArgAction::SetTrue).help(t(
            "Efface vraiment ; sans cela, montre seulement ce qui le serait",
            "Really erases; without it, only shows what would be",
        )))
}

async fn erase_verb(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let session = Session::open(args, language).await?;
    let keyring = keyring(args, &session);
    // Whoever was cut off in between has erased somebody of whom the list does not know.
    note_erased(&session, &keyring).await?;
    let number = session.person(text(args, "person"))?;
    let Erasable { texts, keys, badges } = session.store.erasable(session.network_id, number).await?;
    let is_real = args.get_flag("yes");
    let identity = session.store.identity(session.network_id, number).await?;
    let mentions = match &identity {
        Some(identity) => session.store.mentions(session.network_id, number, identity).await?,
        None => Vec::new(),
    };
    let chosen = mentions::chosen(optional(args, "mentions").as_deref(), &mentions)?;
    let left = for_ever::left_of(&session, identity.as_ref()).await?;
    let (mut revoked, mut swept) = (0, None);
    if is_real && !mentions.is_empty() && !args.contains_id("mentions") {
        // Once they are erased, nothing tells any more by which words to look for them.
        say!("{}", mentions::in_words(&session, &mentions, &chosen, false));
        warn_line!("{}", mentions::to_be_chosen(language));
        return Ok(false);
    }
    if is_real {
        if args.get_flag("revoke") {
            let now = SystemClock.now();
            revoked = session.store.revoke_badges(session.network_id, number, now).await?;
            session.store.revoke_records(session.network_id, number, now).await?;
        }
        session.store.erase_mentions(session.network_id, &chosen).await?;
        erase(&session, &[number]).await?;
        note_erased(&session, &keyring).await?;
        swept = Some(session.store.sweep().await?);
    }
    let verb = if is_real {
        language.pick("Effacé", "Erased")
    } else {
        language.pick("Serait effacé (ajoutez --yes)", "Would be erased (add --yes)")
    };
    let texts = count(texts, language, ("texte libre", "textes libres"), ("free text", "free texts"));
    let keys = count(keys, language, ("clé d'engagement", "clés d'engagement"), ("commitment key", "commitment keys"));
    let badges = count(badges, language, ("badge gardé", "badges gardés"), ("badge", "badges"));
    let revoked = count(revoked, language, ("révoqué", "révoqués"), ("of them revoked", "of them revoked"));
    say_line!(
        "{}",
        language.pick(
            format!("{verb} : nom, courriel, code, appartenances et rôles ; {texts} ; {keys} ; {badges} ici, dont {revoked}.\nRestent : ses minutes, sous le n° {number}, le journal et les relevés, qui se vérifient toujours. Pensez aux sauvegardes plus anciennes et aux fichiers d'origine."),
            format!("{verb}: name, e-mail, code, memberships and roles; {texts}; {keys}; {badges} kept here, {revoked}.\nWhat stays: their minutes, under number {number}, the log and the statements, which still verify. Think of older backups and of the files they came from."),
        )
    );
    say!("{}{left}", mentions::in_words(&session, &mentions, &chosen, is_real));
    if let Some(swept) = swept {
        say_line!("{}", left_in_bytes(swept, language));
    }
    Ok(true)
}

/// Where bytes of what was erased may still be.
fn left_in_bytes(swept: Swept, language: Language) -> &'static str {
    match swept {
        Swept::Clean => language.pick(
            "Le fichier de la base a été réécrit : aucun octet n'en garde la trace.",
            "The database's file was written anew: none of its bytes tells of it.",
        ),
        Swept::StillRead => language.pick(
            "Le fichier de la base a été réécrit, mais quelqu'un le lit encore (le service ?) : d'anciens octets restent dans le fichier -wal jusqu'à ce qu'il s'arrête.",
            "The database's file was written anew, but somebody still reads it (the service?): old bytes stay in the -wal file until it stops.",
        ),
        Swept::OnServer => language.pick(
            "PostgreSQL garde les anciennes lignes dans ses fichiers jusqu'à son prochain VACUUM, et dans ses archives (WAL, sauvegardes) aussi longtemps qu'elles sont gardées.",
            "PostgreSQL keeps the old rows in its files until its next VACUUM, and in its archives (WAL, backups) as long as those are kept.",
        ),
    }
}
