//! `passport revoke`: the records of hours that a volunteer took away are taken back.

use clap::{ArgMatches, Command};
use ledger::{
    Language,
    clock::{Clock as _, SystemClock},
};

use crate::{
    arguments,
    failure::Failure,
    report::count,
    session::{Session, text},
};

pub(super) fn arguments(language: Language) -> Command {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    let about = t(
        "Reprend les attestations d'heures remises à une personne ; ses badges restent",
        "Takes back the records of hours that a person took away; their badges stay",
    );
    arguments::ledger_verb("revoke", "revoquer", about, "coudemain passport revoke --person V0014", language)
        .arg(arguments::person(language))
}

pub(super) async fn run(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let session = Session::open(args, language).await?;
    let person = session.person(text(args, "person"))?;
    let revoked = session.store.revoke_records(session.network_id, person, SystemClock.now()).await?;
    let revoked = usize::try_from(revoked).unwrap_or(usize::MAX);
    let french = count(revoked, language, ("attestation reprise", "attestations reprises"), ("", ""));
    let english = count(revoked, language, ("", ""), ("record taken back", "records taken back"));
    say_line!(
        "{}",
        language.pick(
            format!("{french}. Publiez la liste à jour : coudemain passeport revocations --out status.json"),
            format!("{english}. Publish the new list: coudemain passport status --out status.json"),
        )
    );
    Ok(true)
}
