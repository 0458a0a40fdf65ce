//! `passport status`: the signed list of what is revoked.

use std::path::{Path, PathBuf};

use clap::{Arg, ArgMatches, Command};
use files::{
    out,
    passport::{signed_status, signed_status_of_former_domains},
    signer::Signer,
};
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
    let (out, now) = (text(args, "out"), SystemClock.now());
    out::write(Path::new(out), signed_status(&session, &signer, now).await?)?;
    say_line!(
        "{}",
        language.pick(
            format!("Liste signée dans « {out} » : publiez-la, elle ne dit que ce qui vaut à cette date."),
            format!("List signed in “{out}”: publish it, it says only what holds at this date."),
        )
    );
    for (domain, list) in signed_status_of_former_domains(&session, &signer, now).await? {
        let out = beside(Path::new(out), &domain);
        out::write(&out, list)?;
        let out = out.display();
        say_line!(
            "{}",
            language.pick(
                format!("La même sous l'ancien nom {domain}, pour les badges remis alors : « {out} »."),
                format!("The same under the former name {domain}, for badges that were made then: “{out}”."),
            )
        );
    }
    Ok(true)
}

/// `status-old.example.json` beside `status.json`.
fn beside(out: &Path, domain: &str) -> PathBuf {
    let stem = out.file_stem().unwrap_or_default().to_string_lossy();
    let end = out.extension().map(|end| format!(".{}", end.to_string_lossy())).unwrap_or_default();
    out.with_file_name(format!("{stem}-{domain}{end}"))
}
