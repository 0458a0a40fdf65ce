//! `licences`: under which licence the program is, and the notices of those whose work it carries.

use clap::{ArgMatches, Command};
use ledger::Language;

use crate::failure::Failure;

/// Made by a test, which also says how to make it anew: `tests/src/notices.rs`.
const THIRD_PARTIES: &str = include_str!("../third-parties.txt");

pub(crate) fn arguments(language: Language) -> Command {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    Command::new("licences")
        .visible_alias("licenses")
        .about(t(
            "La licence du programme, et les mentions de ceux dont il contient le travail",
            "The program's licence, and the notices of those whose work it carries",
        ))
        .after_help(t("Exemple : coudemain licences | less", "Example: coudemain licences | less"))
}

// The signature is that of every verb.
#[expect(clippy::unnecessary_wraps, reason = "a verb may fail, this one does not")]
pub(crate) fn run(_args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    say_line!(
        "{}\n",
        language.pick(
            "Coudemain est sous licence EUPL-1.2 : https://joinup.ec.europa.eu/collection/eupl",
            "Coudemain is under the licence EUPL-1.2: https://joinup.ec.europa.eu/collection/eupl",
        )
    );
    say!("{THIRD_PARTIES}");
    Ok(true)
}
