//! `transfer`: hours passed on without help, from a member to another one, to the solidarity fund, or from it.

use clap::{Arg, ArgMatches};
use ledger::{AssociationNumber, Language, account::Account, command::Command, transfer::TransferReason};

use crate::{
    arguments,
    capacity::{self, May, acting},
    failure::Failure,
    session::{Session, text},
    typed,
    verb::{self, Verb},
};

const VERBS: [Verb; 3] = [
    Verb { arguments: gift_arguments, run: |args, language| Box::pin(run_for(TransferReason::Gift, args, language)) },
    Verb { arguments: dues_arguments, run: |args, language| Box::pin(run_for(TransferReason::Dues, args, language)) },
    Verb { arguments: grant_arguments, run: |args, language| Box::pin(run_for(TransferReason::Grant, args, language)) },
];

pub(crate) fn arguments(language: Language) -> clap::Command {
    let about = language.pick(
        "Des heures passées sans aide : dons, cotisations, aides du fonds",
        "Hours passed on without help: gifts, dues, grants",
    );
    verb::group("transfer", "transfert", about, &VERBS, language)
}

pub(crate) async fn run(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    verb::run(&VERBS, args, language).await
}

fn gift_arguments(language: Language) -> clap::Command {
    let about = language.pick(
        "Une association donne des heures à une autre, ou au fonds",
        "An association gives hours to another, or to the fund",
    );
    let example = language.pick(
        "coudemain transfert donner --from \"Chorale de Janzé\" --to \"Fanfare de Retiers\" --duration 5h",
        "coudemain transfer give --from \"Village choir\" --to \"Town band\" --duration 5h",
    );
    let to = language.pick("L'association qui reçoit ; sinon le fonds", "The association that receives; else the fund");
    transfer("give", "donner", about, example, language).arg(from(language)).arg(side("to", "vers", to))
}

fn dues_arguments(language: Language) -> clap::Command {
    let about = language
        .pick("Une association cotise au fonds de solidarité", "An association pays dues to the solidarity fund");
    let example = language.pick(
        "coudemain transfert cotiser --from \"Chorale de Janzé\" --duration 2h",
        "coudemain transfer dues --from \"Village choir\" --duration 2h",
    );
    transfer("dues", "cotiser", about, example, language).arg(from(language))
}

fn grant_arguments(language: Language) -> clap::Command {
    let about = language
        .pick("Le fonds de solidarité aide une association", "The solidarity fund grants hours to an association");
    let example = language.pick(
        "coudemain transfert aider --to \"Chorale de Janzé\" --duration 5h --decision \"conseil du 3 mars\"",
        "coudemain transfer grant --to \"Village choir\" --duration 5h --decision \"board of 3 March\"",
    );
    let to = language.pick("L'association qui reçoit", "The association that receives");
    transfer("grant", "aider", about, example, language)
        .arg(side("to", "vers", to).required(true))
        .mut_arg("decision", |decision| decision.required(true))
}

fn transfer(
    name: &'static str,
    alias: &'static str,
    about: &'static str,
    example: &'static str,
    language: Language,
) -> clap::Command {
    arguments::ledger_verb(name, alias, about, example, language)
        .arg(typed::duration(language).required(true))
        .arg(typed::decision(language))
        .arg(capacity::argument(language))
}

fn from(language: Language) -> Arg {
    side("from", "de", language.pick("L'association qui donne", "The association that gives")).required(true)
}

fn side(name: &'static str, alias: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).visible_alias(alias).value_name("ASSOCIATION").help(help)
}

async fn run_for(reason: TransferReason, args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let session = Session::open(args, language).await?;
    let side = |name: &str| -> Result<Option<AssociationNumber>, Failure> {
        // Not every verb has both sides.
        match args.try_get_one::<String>(name).ok().flatten() {
            Some(wanted) => Ok(Some(session.association(wanted)?.number)),
            None => Ok(None),
        }
    };
    let (from, to) = (side("from")?, side("to")?);
    let about: Vec<_> = from.into_iter().collect();
    let may: &[May] = if from.is_some() { &[May::Side, May::Coordinator] } else { &[May::Coordinator] };
    let by = acting(&session, args, &about, may)?;
    let minutes = typed::read_minutes(args, "duration")?.unwrap_or_default();
    let decision = typed::optional(args, "decision").filter(|_| !text(args, "decision").is_empty());
    typed::submit(&session, by, None, Command::Transfer { from, to, minutes, reason, decision }).await?;
    let name = |side: Option<AssociationNumber>| session.account_name(side.map_or(Account::Fund, Account::Association));
    let hours = minutes.display(language);
    say_line!("{} → {}{} {hours} ({}).", name(from), name(to), language.pick(" :", ":"), reason.in_words(language));
    Ok(true)
}
