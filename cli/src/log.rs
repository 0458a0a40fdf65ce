//! `log`: signed heads of the sealed log, and proofs that hang from them.

use std::path::Path;

use clap::{Arg, ArgMatches, Command, value_parser};
use ledger::{
    ActNumber, Language,
    checkpoint::hashes_text,
    clock::{Clock as _, SystemClock},
    command::{self, LostHead},
    keyring::Keyring,
    log as sealed,
    note::{Note, VerifierKey},
    occasion::Occasion,
};
use store::HeadProof;

use crate::{
    args,
    failure::Failure,
    file,
    keys::{keyring, keys_arg},
    session::{Session, text},
};

#[expect(clippy::too_many_lines, reason = "a table of verbs")]
pub(crate) fn args(language: Language) -> Command {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    let inner = |name: &'static str, alias: &'static str, about: &'static str, example: &'static str| {
        args::verb(name, alias, about, example, language).arg(keys_arg(language)).arg(out(language))
    };
    let number = |name: &'static str, help: &'static str| {
        Arg::new(name).value_name("N").required(true).value_parser(value_parser!(u64)).help(help)
    };
    Command::new("log")
        .visible_alias("journal")
        .about(t(
            "Le journal scellé : ce qu'un tiers peut en vérifier",
            "The sealed log: what outsiders can check of it",
        ))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands([
            inner(
                "checkpoint",
                "point",
                t("Signe l'état du journal", "Signs the head of the log"),
                "coudemain log checkpoint --out point.txt",
            ),
            inner(
                "inclusion",
                "acte",
                t("Prouve qu'un acte est dans le journal", "Proves that an act is in the log"),
                "coudemain log inclusion 12 --out 12.tlog-proof",
            )
            .arg(number("act", t("Le numéro de l'acte", "The act's number")))
            .arg(Arg::new("leaf").long("leaf").value_name(t("FICHIER", "FILE")).help(t(
                "Écrit aussi l'acte lui-même, tel qu'il est scellé",
                "Writes the act itself, too, as it is sealed",
            ))),
            inner(
                "consistency",
                "suite",
                t(
                    "Prouve que le journal prolonge un état plus ancien",
                    "Proves that the log goes on from an older head",
                ),
                "coudemain log consistency 700",
            )
            .arg(number("old", t("Combien d'actes avait l'état plus ancien", "How many acts the older head had"))),
            inner(
                "cosign",
                "temoin",
                t("Ajoute la signature d'un témoin à un point signé", "Adds a witness's signature to a signed head"),
                "coudemain log cosign point.txt --witness witness.vkey",
            )
            .arg(args::required("file", t("FICHIER", "FILE"), t("Le point cosigné", "The cosigned head")))
            .arg(
                Arg::new("witness")
                    .long("witness")
                    .visible_alias("cle-du-temoin")
                    .required(true)
                    .value_name(t("CLÉ", "KEY"))
                    .help(t(
                        "La clé du témoin, ou un fichier qui la contient",
                        "The witness's key, or a file that holds it",
                    )),
            ),
            inner(
                "reopen",
                "rouvrir",
                t(
                    "Après une restauration trop ancienne : ouvre un nouveau journal qui nomme le perdu",
                    "After too old a restore: opens a new log that names the lost one",
                ),
                "coudemain log reopen",
            ),
        ])
}

fn out(language: Language) -> Arg {
    Arg::new("out")
        .long("out")
        .value_name(language.pick("FICHIER", "FILE"))
        .help(language.pick("Le fichier à écrire (sinon l'écran)", "The file to write (else the screen)"))
}

pub(crate) async fn run(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    match args.subcommand() {
        Some(("checkpoint", verb)) => checkpoint(verb, language).await,
        Some(("inclusion", verb)) => inclusion(verb, language).await,
        Some(("consistency", verb)) => consistency(verb, language).await,
        Some(("cosign", verb)) => cosign(verb, language).await,
        Some(("reopen", verb)) => reopen(verb, language).await,
        _ => Ok(true),
    }
}

/// Signs the head as it is.
pub(crate) async fn sign(args: &ArgMatches, session: &Session) -> Result<HeadProof, Failure> {
    let keyring = keyring(args, session);
    Ok(session.store.sign_head(session.network_id, &keyring, SystemClock.now()).await?)
}

async fn checkpoint(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let session = Session::open(args, language).await?;
    let signed = sign(args, &session).await?;
    hand_out(args, &signed.note.to_string())
}

async fn inclusion(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let session = Session::open(args, language).await?;
    let act = i64::try_from(args.get_one::<u64>("act").copied().unwrap_or_default()).unwrap_or(i64::MAX);
    let found = session.store.leaves(session.network_id, ActNumber(act), 1).await?;
    let Some((_, leaf)) = found.into_iter().find(|(number, _)| number.0 == act) else {
        return Err(Failure::said(format!("pas d'acte n° {act}"), format!("no act {act}")));
    };
    let last = session.store.signed_heads(session.network_id, 1).await?.into_iter().next();
    let is_under = |signed: &HeadProof| signed.head.size > act.unsigned_abs();
    let signed = match last.filter(is_under) {
        Some(signed) => signed,
        None => sign(args, &session).await?,
    };
    let proof = session.store.inclusion_under(session.network_id, ActNumber(act), &signed).await?;
    if let Some(name) = args.get_one::<String>("leaf") {
        file::write(Path::new(name), leaf.as_bytes())?;
    }
    hand_out(args, &proof.to_text())
}

async fn consistency(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let session = Session::open(args, language).await?;
    let old = args.get_one::<u64>("old").copied().unwrap_or_default();
    let signed = sign(args, &session).await?;
    if old == 0 || old > signed.head.size {
        let size = signed.head.size;
        return Err(Failure::said(
            format!("le journal a {size} actes ; de 1 à {size} conviendrait"),
            format!("the log has {size} acts; 1 to {size} would fit"),
        ));
    }
    let hashes = session.store.consistency_between(session.network_id, old, signed.head.size).await?;
    hand_out(args, &hashes_text(&hashes))
}

async fn cosign(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let session = Session::open(args, language).await?;
    let named = text(args, "witness");
    let witness = std::fs::read_to_string(named).unwrap_or_else(|_| named.to_owned());
    let witness = VerifierKey::parse(&witness).ok_or_else(|| {
        Failure::said(format!("« {named} » n'est pas la clé d'un témoin"), format!("“{named}” is no witness's key"))
    })?;
    let name = text(args, "file");
    let note = std::fs::read_to_string(name)?;
    let note = Note::parse(&note).ok_or_else(|| {
        Failure::said(format!("« {name} » n'est pas un point signé"), format!("“{name}” is no signed head"))
    })?;
    let signed = session.store.add_cosignature(session.network_id, &note, &witness).await?;
    hand_out(args, &signed.note.to_string())
}

async fn reopen(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let session = Session::open(args, language).await?;
    match reopen_if_behind(&session, &keyring(args, &session)).await? {
        Some(told) => say_line!("{told}"),
        None => {
            return Err(Failure::said(
                "rien n'est perdu : le journal n'est pas en retard sur le dernier point signé",
                "nothing is lost: the log has not fallen behind the last signed head",
            ));
        }
    }
    Ok(true)
}

/// When more was signed than the log holds, it goes on under the next name; the first act there names the lost head.
pub(crate) async fn reopen_if_behind(session: &Session, keyring: &Keyring) -> Result<Option<String>, Failure> {
    let (head, _) = session.store.head(session.network_id).await?;
    let size = head.log_size();
    let Some((lost, _)) = keyring.last_checkpoint()? else { return Ok(None) };
    let name = session.store.log_key(session.network_id).await?.name;
    if lost.origin != name || lost.size <= size {
        return Ok(None);
    }
    let writer = session.writer();
    let occasion = Occasion::LogReopening { origin: &lost.origin, size: lost.size };
    let lost_head = LostHead { origin: lost.origin.clone(), size: lost.size, root: lost.root };
    let request = occasion.request(session.by, command::Command::ReopenLog { lost: lost_head });
    writer.submit(session.network_id, request).await.map_err(|error| session.said(error))?;
    writer.stop().await;
    let signed = session.store.sign_head(session.network_id, keyring, SystemClock.now()).await?;
    let (origin, signed_acts, missing) = (signed.head.origin, lost.size, lost.size - size);
    Ok(Some(session.language.pick(
        format!("Un nouveau journal est ouvert, {origin} : son premier acte nomme l'ancien, dont {signed_acts} actes étaient signés et {missing} manquent."),
        format!("A new log is open, {origin}: its first act names the old one, of which {signed_acts} acts were signed and {missing} are missing."),
    )))
}

/// Writes to the named file, or to the screen.
fn hand_out(args: &ArgMatches, text: &str) -> Result<bool, Failure> {
    match args.get_one::<String>("out") {
        Some(name) => file::write(Path::new(name), text.as_bytes())?,
        None => say!("{text}"),
    }
    Ok(true)
}
