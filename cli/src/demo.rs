mod generate;
pub(crate) mod random;
pub(crate) mod screen;

use clap::ArgMatches;
use ledger::Language;

use crate::failure::Failure;

pub(crate) async fn run(_args: &ArgMatches, _language: Language) -> Result<bool, Failure> {
    Ok(true)
}
