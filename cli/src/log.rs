//! `log`: signed heads of the sealed log, and proofs that hang from them.

mod mirror;
pub(crate) mod reopen;
mod witnesses;

use std::path::Path;

use clap::{Arg, ArgMatches, Command, value_parser};
use files::out;
use ledger::{
    ActNumber, Language,
    checkpoint::hashes_text,
    note::{Note, VerifierKey},
};
use store::HeadProof;

use crate::{
    arguments,
    failure::Failure,
    report::count,
    session::{Session, text},
    verb::{self, Verb},
};

pub(crate) use witnesses::{sign_and_ask, sign_and_try_to_ask};

use witnesses::sign;

const VERBS: [Verb; 8] = [
    Verb { arguments: checkpoint_arguments, run: |args, language| Box::pin(checkpoint(args, language)) },
    Verb { arguments: inclusion_arguments, run: |args, language| Box::pin(inclusion(args, language)) },
    Verb { arguments: consistency_arguments, run: |args, language| Box::pin(consistency(args, language)) },
    Verb { arguments: cosign_arguments, run: |args, language| Box::pin(cosign(args, language)) },
    Verb { arguments: witnesses::arguments, run: |args, language| Box::pin(witnesses::run(args, language)) },
    Verb { arguments: witnesses::watch_arguments, run: |args, language| Box::pin(witnesses::watch(args, language)) },
    Verb { arguments: mirror::arguments, run: |args, language| Box::pin(mirror::run(args, language)) },
    Verb { arguments: reopen::arguments, run: |args, language| Box::pin(reopen::run(args, language)) },
];

pub(crate) fn arguments(language: Language) -> Command {
    let about = language
        .pick("Le journal scellé : ce qu'un tiers peut en vérifier", "The sealed log: what outsiders can check of it");
    verb::group("log", "journal", about, &VERBS, language)
}

pub(crate) async fn run(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    verb::run(&VERBS, args, language).await
}

/// A verb that signs or proves, and hands it out.
fn proving(
    name: &'static str,
    alias: &'static str,
    about: &'static str,
    example: &'static str,
    language: Language,
) -> Command {
    arguments::ledger_verb(name, alias, about, example, language)
        .arg(arguments::keys(language))
        .arg(arguments::out(language))
}

fn number(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name).value_name("N").required(true).value_parser(value_parser!(u64)).help(help)
}

fn checkpoint_arguments(language: Language) -> Command {
    let about = language.pick("Signe l'état du journal", "Signs the head of the log");
    proving("checkpoint", "point", about, "coudemain log checkpoint --out point.txt", language)
}

async fn checkpoint(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let session = Session::open(args, language).await?;
    let signed = sign_and_ask(args, &session).await?;
    hand_out(args, &signed.note.to_string())
}

fn inclusion_arguments(language: Language) -> Command {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    let about = t("Prouve qu'un acte est dans le journal", "Proves that an act is in the log");
    proving("inclusion", "acte", about, "coudemain log inclusion 12 --out 12.tlog-proof", language)
        .arg(number("act", t("Le numéro de l'acte", "The act's number")))
        .arg(Arg::new("leaf").long("leaf").value_name(t("FICHIER", "FILE")).help(t(
            "Écrit aussi l'acte lui-même, tel qu'il est scellé",
            "Writes the act itself, too, as it is sealed",
        )))
}

async fn inclusion(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let session = Session::open(args, language).await?;
    let act = i64::try_from(args.get_one::<u64>("act").copied().unwrap_or_default()).unwrap_or(i64::MAX);
    let Some(sealed) = session.store.act(session.network_id, ActNumber(act)).await? else {
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
        out::write(Path::new(name), sealed.text.as_bytes())?;
    }
    hand_out(args, &proof.to_text())
}

fn consistency_arguments(language: Language) -> Command {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    let about =
        t("Prouve que le journal prolonge un état plus ancien", "Proves that the log goes on from an older head");
    proving("consistency", "suite", about, "coudemain log consistency 700", language)
        .arg(number("old", t("Combien d'actes avait l'état plus ancien", "How many acts the older head had")))
}

async fn consistency(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let session = Session::open(args, language).await?;
    let old = args.get_one::<u64>("old").copied().unwrap_or_default();
    let signed = sign(args, &session).await?;
    if old == 0 || old > signed.head.size {
        let size = signed.head.size;
        let acts = |language| count(size, language, ("acte", "actes"), ("act", "acts"));
        return Err(Failure::said(
            format!("le journal a {} ; de 1 à {size} conviendrait", acts(Language::French)),
            format!("the log has {}; 1 to {size} would fit", acts(Language::English)),
        ));
    }
    let hashes = session.store.consistency_between(session.network_id, old, signed.head.size).await?;
    hand_out(args, &hashes_text(&hashes))
}

fn cosign_arguments(language: Language) -> Command {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    let about = t("Ajoute la signature d'un témoin à un point signé", "Adds a witness's signature to a signed head");
    proving("cosign", "temoin", about, "coudemain log cosign point.txt --witness witness.vkey", language)
        .arg(arguments::required("file", t("FICHIER", "FILE"), t("Le point cosigné", "The cosigned head")))
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
        )
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

/// Writes to the named file, or to the screen.
fn hand_out(args: &ArgMatches, text: &str) -> Result<bool, Failure> {
    match args.get_one::<String>("out") {
        Some(name) => out::write(Path::new(name), text.as_bytes())?,
        None => crate::screen::hand_out(text.as_bytes()),
    }
    Ok(true)
}
