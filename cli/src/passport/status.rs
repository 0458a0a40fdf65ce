//! `passport status`: the signed list of what is revoked.

use std::path::Path;

use clap::{Arg, ArgMatches, Command};
use files::{out, passport::signed_status, signer::Signer};
use ledger::{
    Language,
    clock::{Clock as _, SystemClock},
};

use crate::{
    arguments,
    failure::Failure,
    keys::keyring,
    session::{Session, text},
};

pub(super) fn arguments(language: Language) -> Command {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    let about = t("Signe la liste de ce qui est révoqué, à publier", "Signs the list of what is revoked, to publish");
    arguments::ledger_verb("status", "revocations", about, "coudemain passport status --out status.json", language)
        .arg(arguments::keys(language))
        .arg(
            Arg::new("out")
                .long("out")
                .required(true)
                .value_name(t("FICHIER", "FILE"))
                .help(t("Le fichier à écrire", "The file to write")),
        )
}

pub(super) async fn run(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let session = Session::open(args, language).await?;
    let signer = Signer::new(&session, &keyring(args, &session)).await?;
    let out = text(args, "out");
    out::write(Path::new(out), signed_status(&session, &signer, SystemClock.now()).await?)?;
    say_line!(
        "{}",
        language.pick(
            format!("Liste signée dans « {out} » : publiez-la, elle ne dit que ce qui vaut à cette date."),
            format!("List signed in “{out}”: publish it, it says only what holds at this date."),
        )
    );
    Ok(true)
}
