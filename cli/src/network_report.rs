//! `statement report`: two pages for elected officials on what the network was worth in a year.

use std::path::Path;

use clap::{Arg, ArgMatches, Command};
use files::{network_report::signed, out, signer::Signer};
use ledger::{
    Language,
    clock::{Clock as _, SystemClock},
    year::Year,
};
use rust_decimal::Decimal;

use crate::{
    arguments,
    failure::Failure,
    keys::keyring,
    session::{Session, text},
};

pub(crate) fn arguments(language: Language) -> Command {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    let about =
        t("Le bilan du réseau pour les élus, en deux pages", "The network's year for elected officials, in two pages");
    let example = t(
        "coudemain releve bilan --year 2025 --out bilan.pdf",
        "coudemain statement report --year 2025 --out report.pdf",
    );
    arguments::ledger_verb("report", "bilan", about, example, language)
        .arg(arguments::keys(language))
        .arg(arguments::year(language).required(true))
        .arg(Arg::new("out").long("out").required(true).value_name(t("FICHIER", "FILE")).help(t(
            "Le PDF à écrire ; le document signé prend le même nom en .json",
            "The PDF to write; the signed document takes the same name with .json",
        )))
        .arg(
            Arg::new("rate")
                .long("rate")
                .visible_alias("taux")
                .value_name("€/H")
                .help(t("Le taux horaire, si le réseau veut des euros", "The hourly rate, if the network wants euros")),
        )
}

pub(crate) async fn run(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let session = Session::open(args, language).await?;
    let year = Year(args.get_one::<i32>("year").copied().unwrap_or_default());
    let rate = args.get_one::<String>("rate").map(|rate| hourly_rate(rate)).transpose()?;
    let out = Path::new(text(args, "out"));
    let signer = Signer::new(&session, &keyring(args, &session)).await?;
    let bytes = signed(&session, &signer, year, rate, SystemClock.now()).await?;
    out::write(&out.with_extension("json"), &bytes)?;
    let is_printed = crate::pdf::network_report(out.with_extension("pdf"), &bytes, language).say(language);
    say_line!(
        "{}",
        language.pick(
            format!(
                "Bilan {year} du réseau dans « {} », avec son document signé (.json).",
                out.with_extension("pdf").display()
            ),
            format!(
                "The network's report {year} in “{}”, with its signed document (.json).",
                out.with_extension("pdf").display()
            ),
        )
    );
    Ok(is_printed)
}

fn hourly_rate(written: &str) -> Result<Decimal, Failure> {
    let rate: Option<Decimal> = written.replace(',', ".").parse().ok();
    rate.filter(|rate| *rate > Decimal::ZERO && *rate < Decimal::from(1_000)).ok_or_else(|| {
        Failure::said(
            format!("--rate : « {written} » n'est pas un taux horaire ; 12,02 conviendrait"),
            format!("--rate: “{written}” is no hourly rate; 12.02 would fit"),
        )
    })
}
