//! `exchange propose`: one side says that help was given.

use clap::{Arg, ArgAction, ArgMatches};
use ledger::{
    Language,
    command::{Capacity, Command, NewExchange},
    exchange::Side,
    skill::SkillRef,
};
use store::SameHelp;

use super::show;
use crate::{
    arguments,
    capacity::{self, May, acting},
    failure::Failure,
    session::{Session, text},
    typed::{self, optional},
};

pub(super) fn arguments(language: Language) -> clap::Command {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    let about = t("Note une aide, que l'autre côté confirmera", "Notes help, for the other side to confirm");
    let example = t(
        "coudemain echange proposer --giver Chorale --receiver Fanfare --duration \"4 x 2h\" --date 14/03/2026 --as ALI",
        "coudemain exchange propose --giver Choir --receiver Band --duration \"4 x 2h\" --date 2026-03-14 --as ALI",
    );
    let side = |name: &'static str, alias: &'static str, help: &'static str| {
        Arg::new(name).long(name).visible_alias(alias).required(true).value_name("ASSOCIATION").help(help)
    };
    let free = |name: &'static str, alias: &'static str, value: &'static str, help: &'static str| {
        Arg::new(name).long(name).visible_alias(alias).value_name(value).help(help)
    };
    arguments::ledger_verb("propose", "proposer", about, example, language)
        .arg(side("giver", "donneur", t("L'association qui a aidé", "The association that helped")))
        .arg(side("receiver", "receveur", t("L'association qui a été aidée", "The association that was helped")))
        .arg(typed::duration(language).required(true))
        .arg(typed::day(language).required(true))
        .arg(free("skill", "competence", t("COMPÉTENCE", "SKILL"), t("La compétence", "The skill")))
        .arg(free("memo", "remarque", t("TEXTE", "TEXT"), t("Une remarque", "A remark")))
        .arg(free(
            "reference",
            "numero",
            t("RÉFÉRENCE", "REFERENCE"),
            t("Sa référence, si elle en a une", "Its reference, if it has one"),
        ))
        .arg(capacity::argument(language))
        .arg(Arg::new("again").long("again").visible_alias("encore").action(ArgAction::SetTrue).help(t(
            "La même aide a bien eu lieu une fois de plus ce jour-là",
            "The same help did happen once more on that day",
        )))
}

pub(super) async fn run(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let session = Session::open(args, language).await?;
    let giver = session.association(text(args, "giver"))?.number;
    let receiver = session.association(text(args, "receiver"))?.number;
    let by = acting(&session, args, &[giver, receiver], &[May::Side, May::Coordinator])?;
    let skill = match optional(args, "skill") {
        None => None,
        Some(name) => Some(SkillRef::Number(session.skill(&name)?)),
    };
    let exchange = NewExchange {
        giver,
        receiver,
        minutes: typed::read_minutes(args, "duration")?.unwrap_or_default(),
        service_date: typed::read_day(args, "date")?.unwrap_or_default(),
        skill,
        reference: optional(args, "reference"),
        memo: optional(args, "memo"),
        contributions: Vec::new(),
        replaces: None,
    };
    if !args.get_flag("again") {
        refuse_the_same(&session, &exchange).await?;
    }
    let side = if by.capacity == Capacity::Association(receiver) { Side::Receiver } else { Side::Giver };
    let receipt = typed::submit(&session, by, None, Command::Propose { side, exchange, evidence: None }).await?;
    let Some(number) = receipt.exchange else { return Ok(true) };
    if let Some(view) = session.store.exchange(session.network_id, number).await? {
        say_line!("{}", show::in_words(&session, &view));
    }
    Ok(true)
}

/// The same help on the same day is noted twice by mistake more often than it happens.
async fn refuse_the_same(session: &Session, new: &NewExchange) -> Result<(), Failure> {
    let NewExchange { service_date, giver, receiver, minutes, .. } = *new;
    let help = SameHelp { service_date, giver, receiver, minutes };
    let same = session.store.same_help(session.network_id, help).await?;
    let Some(same) = same else { return Ok(()) };
    let same = show::named(&same);
    Err(Failure::said(
        format!(
            "la même aide est déjà notée ce jour-là : {same} ; rien n'a été écrit. Si elle a eu lieu deux fois : --again"
        ),
        format!(
            "the same help is noted on that day already: {same}; nothing was written. If it happened twice: --again"
        ),
    ))
}
