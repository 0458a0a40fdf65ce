//! `passport issue`: a volunteer's passport, with a badge for each recognition that they accepted.

use std::fs;
use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, Command};
use files::{
    out,
    passport::{passport, signed_status},
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
    report::count,
    session::{Session, text},
};

pub(super) fn arguments(language: Language) -> Command {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    let about = t("Écrit le passeport et les badges d'un bénévole", "Writes a volunteer's passport and badges");
    let example = "coudemain passport issue --person V0014 --out passeport";
    arguments::ledger_verb("issue", "emettre", about, example, language)
        .arg(arguments::person(language))
        .arg(arguments::keys(language))
        .arg(
            Arg::new("out")
                .long("out")
                .required(true)
                .value_name(t("DOSSIER", "FOLDER"))
                .help(t("Le dossier où les écrire", "The folder to write them to")),
        )
        .arg(
            Arg::new("no-pdf")
                .long("no-pdf")
                .visible_alias("sans-pdf")
                .action(ArgAction::SetTrue)
                .help(t("Sans la version à lire", "Without the one to read")),
        )
}

pub(super) async fn run(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let session = Session::open(args, language).await?;
    let person = session.person(text(args, "person"))?;
    let keyring = keyring(args, &session);
    let signer = Signer::new(&session, &keyring).await?;
    let out = PathBuf::from(text(args, "out"));
    let passport = passport(&session, &keyring, &signer, person, SystemClock.now()).await?;
    fs::create_dir_all(&out)?;
    for badge in &passport.badges {
        let name = format!("badge-{}", badge.recognition);
        out::write(&out.join(format!("{name}.json")), &badge.json)?;
        out::write(&out.join(format!("{name}.svg")), &badge.svg)?;
    }
    out::write(&out.join("passport.json"), &passport.document)?;
    let is_printed = args.get_flag("no-pdf")
        || crate::pdf::passport(out.join("passport.pdf"), &passport.document, language).say(language);
    out::write(&out.join("status.json"), signed_status(&session, &signer, SystemClock.now()).await?)?;
    let badges = passport.badges.len();
    say_line!(
        "{}",
        language.pick(
            format!(
                "{} dans « {} », avec le passeport et la liste de révocation.",
                count(badges, language, ("badge", "badges"), ("", "")),
                out.display()
            ),
            format!(
                "{} in “{}”, with the passport and the status list.",
                count(badges, language, ("", ""), ("badge", "badges")),
                out.display()
            ),
        )
    );
    if passport.left_out > 0 {
        let left_out = passport.left_out;
        say_line!(
            "{}",
            language.pick(
                format!("Le passeport ne peut pas tous les porter ; les plus anciens ({left_out}) ont seulement leur propre fichier."),
                format!("The passport cannot hold them all; the oldest ({left_out}) have only files of their own."),
            )
        );
    }
    Ok(is_printed)
}
