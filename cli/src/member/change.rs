//! `member rename`, `contact`, `limits`, `suspend`, `admit`: what changes about a member that stays.

use clap::{Arg, ArgAction, ArgMatches};
use ledger::{
    Language, Minutes,
    association::{Association, Contact, MembershipState},
    command::{Command, Principal, Seen},
    log,
    policy::Limits,
};
use store::{Change, Kept, Once, SystemSecrets, network_uuid};

use super::show::{contact_in_words, limits_in_words, member};
use crate::{
    arguments,
    capacity::{self, May, acting},
    failure::Failure,
    session::{Session, text},
    typed,
};

pub(super) fn rename_arguments(language: Language) -> clap::Command {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    let about = t("Donne un autre nom ; l'ancien reste connu", "Gives another name; the old one stays known");
    let example = t(
        "coudemain adherent renommer \"Chorale de Janzé\" \"Chœur de Janzé\"",
        "coudemain member rename \"Village choir\" \"Valley choir\"",
    );
    verb("rename", "renommer", about, example, language)
        .arg(arguments::required("name", t("NOM", "NAME"), t("Le nouveau nom", "The new name")))
        .arg(
            Arg::new("since")
                .long("since")
                .visible_alias("depuis")
                .value_name("DATE")
                .help(t("Le premier jour du nouveau nom (sinon aujourd'hui)", "The new name's first day (else today)")),
        )
}

pub(super) async fn rename(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let session = Session::open(args, language).await?;
    let known = session.association(text(args, "member"))?.clone();
    let since = typed::read_day(args, "since")?.unwrap_or_else(|| session.today());
    let (before, name) = (known.name().to_owned(), text(args, "name").to_owned());
    let command = Command::RenameAssociation { association: known.number, name: name.clone(), since };
    change(&session, args, known, command).await?;
    say_line!(
        "{}",
        language.pick(format!("« {before} » s'appelle « {name} »."), format!("“{before}” is called “{name}”."))
    );
    Ok(true)
}

pub(super) fn contact_arguments(language: Language) -> clap::Command {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    let about = t("Qui appeler : montre, ou change ce qui est dit", "Whom to call: shows it, or changes what is said");
    let example = t(
        "coudemain adherent joindre \"Chorale de Janzé\" --phone \"02 99 00 00 00\"",
        "coudemain member contact \"Village choir\" --phone \"01632 960000\"",
    );
    let said = |name: &'static str, alias: &'static str, value: &'static str, help: &'static str| {
        Arg::new(name).long(name).visible_alias(alias).value_name(value).help(help)
    };
    verb("contact", "joindre", about, example, language)
        .arg(said("name", "nom", t("NOM", "NAME"), t("La personne à appeler", "The person to call")))
        .arg(said("email", "courriel", t("ADRESSE", "ADDRESS"), t("Son courriel", "Their e-mail address")))
        .arg(said("phone", "telephone", t("NUMÉRO", "NUMBER"), t("Son téléphone", "Their telephone number")))
        .arg(said("paper", "papier", t("oui|non", "yes|no"), t("Tout sur papier", "Everything on paper")).value_parser(
            clap::builder::PossibleValuesParser::new([
                clap::builder::PossibleValue::new("yes").alias("oui"),
                clap::builder::PossibleValue::new("no").alias("non"),
            ]),
        ))
}

pub(super) async fn contact(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let session = Session::open(args, language).await?;
    let known = session.association(text(args, "member"))?;
    // No act: nothing of it is decided by the ledger, so that whoever may is asked for here.
    let by = acting(&session, args, &[known.number], &[May::Side, May::Coordinator])?;
    let before = session.store.contact(session.network_id, known.number).await?.unwrap_or_default();
    let said = |name: &str, before: Option<String>| match typed::optional(args, name) {
        // An empty text takes back what was said.
        Some(said) => Some(said.trim().to_owned()).filter(|said| !said.is_empty()),
        None => before,
    };
    let paper_only = match typed::optional(args, "paper").as_deref() {
        Some("yes" | "oui") => true,
        Some(_) => false,
        None => before.paper_only,
    };
    let after = Contact {
        name: said("name", before.name.clone()),
        email: said("email", before.email.clone()),
        phone: said("phone", before.phone.clone()),
        paper_only,
    };
    if after != before {
        keep(&session, by.principal, Change::SetContact(known.number, after.clone())).await?;
    }
    let words = contact_in_words(&after, language);
    let words = if words.is_empty() { language.pick("rien n'est dit", "nothing is said").to_owned() } else { words };
    say_line!("{}{} {words}", known.name(), language.pick(" :", ":"));
    Ok(true)
}

/// Writes what is no act.
async fn keep(session: &Session, principal: Principal, change: Change) -> Result<(), Failure> {
    let key = format!("typed:{}", network_uuid(session.clock.now(), &mut SystemSecrets::new()));
    let once = Once {
        scope: ledger::occasion::scope_of_caller(principal),
        request: log::leaf_hash(key.as_bytes()),
        key,
        status: 200,
        body: "null".to_owned(),
    };
    match session.store.keep(session.network_id, &once, &change, session.clock.now()).await? {
        Kept::Done | Kept::Repeated(_) => Ok(()),
        Kept::OtherRequest | Kept::Stale | Kept::Full => Err(Failure::said(
            "quelqu'un l'a changé entre-temps ; relancez la même commande",
            "somebody changed it meanwhile; run the same command again",
        )),
    }
}

const LIMITS: [(&str, &str, &str, &str); 4] = [
    ("soft-floor", "plancher-souple", "En dessous, on est averti", "Below it there is a warning"),
    (
        "hard-floor",
        "plancher-dur",
        "En dessous, rien n'est compté sans décision",
        "Below it nothing counts without a decision",
    ),
    ("soft-ceiling", "plafond-souple", "Au-dessus, on est averti", "Above it there is a warning"),
    (
        "hard-ceiling",
        "plafond-dur",
        "Au-dessus, rien n'est compté sans décision",
        "Above it nothing counts without a decision",
    ),
];

/// How far a balance may go: each limit as hours, or as nothing.
pub(crate) fn limit_arguments(language: Language) -> [Arg; 4] {
    LIMITS.map(|(name, alias, french, english)| {
        Arg::new(name)
            .long(name)
            .visible_alias(alias)
            .allow_hyphen_values(true)
            .value_name(language.pick("DURÉE|aucun", "DURATION|none"))
            .help(language.pick(french, english))
    })
}

/// The limits that are said, in the place of those before.
pub(crate) fn read_limits(args: &ArgMatches, before: Limits) -> Result<Limits, Failure> {
    let read = |name: &str, before: Option<Minutes>| match args.get_one::<String>(name).map(String::as_str) {
        None => Ok(before),
        Some("aucun" | "none") => Ok(None),
        Some(_) => typed::read_signed_minutes(args, name),
    };
    Ok(Limits {
        soft_floor: read("soft-floor", before.soft_floor)?,
        hard_floor: read("hard-floor", before.hard_floor)?,
        soft_ceiling: read("soft-ceiling", before.soft_ceiling)?,
        hard_ceiling: read("hard-ceiling", before.hard_ceiling)?,
    })
}

pub(super) fn limits_arguments(language: Language) -> clap::Command {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    let about = t("Jusqu'où le solde d'un adhérent peut aller", "How far a member's balance may go");
    let example = t(
        "coudemain adherent limites \"Chorale de Janzé\" --soft-floor -60h --decision \"AG du 12 mars\"",
        "coudemain member limits \"Village choir\" --soft-floor -60h --decision \"AGM of 12 March\"",
    );
    verb("limits", "limites", about, example, language)
        .args(limit_arguments(language))
        .arg(typed::decision(language).required(true))
        .arg(Arg::new("of-network").long("of-network").visible_alias("du-reseau").action(ArgAction::SetTrue).help(t(
            "Plus de limites propres : celles du réseau valent",
            "No limits of its own any more: the network's hold",
        )))
}

pub(super) async fn limits(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let session = Session::open(args, language).await?;
    let known = session.association(text(args, "member"))?.clone();
    let of_network = session.registry.policy().limits;
    let after =
        if args.get_flag("of-network") { None } else { Some(read_limits(args, known.limits.unwrap_or(of_network))?) };
    let decision = text(args, "decision").to_owned();
    let (name, command) =
        (known.name().to_owned(), Command::SetLimits { association: known.number, limits: after, decision });
    change(&session, args, known, command).await?;
    let words = limits_in_words(after.unwrap_or(of_network), language);
    say_line!("{name}{} {words}.", language.pick(" :", ":"));
    Ok(true)
}

pub(super) fn suspend_arguments(language: Language) -> clap::Command {
    let about = language
        .pick("Suspend un adhérent : il ne propose plus rien", "Suspends a member: it proposes nothing any more");
    let example = language.pick(
        "coudemain adherent suspendre \"Chorale de Janzé\" --reason \"sans nouvelles depuis un an\"",
        "coudemain member suspend \"Village choir\" --reason \"not heard of for a year\"",
    );
    verb("suspend", "suspendre", about, example, language).arg(typed::reason(language).required(true))
}

pub(super) async fn suspend(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    set_state(args, MembershipState::Suspended, language).await
}

pub(super) fn admit_arguments(language: Language) -> clap::Command {
    let about = language.pick(
        "Admet un candidat, ou reprend un adhérent suspendu",
        "Admits an applicant, or takes a suspended member back",
    );
    let example = language.pick(
        "coudemain adherent admettre \"Chorale de Janzé\" --reason \"conseil du 3 mars\"",
        "coudemain member admit \"Village choir\" --reason \"board of 3 March\"",
    );
    verb("admit", "admettre", about, example, language).arg(typed::reason(language).required(true))
}

pub(super) async fn admit(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    set_state(args, MembershipState::Active, language).await
}

async fn set_state(args: &ArgMatches, state: MembershipState, language: Language) -> Result<bool, Failure> {
    let session = Session::open(args, language).await?;
    let known = session.association(text(args, "member"))?.clone();
    let name = known.name().to_owned();
    let reason = text(args, "reason").to_owned();
    let command = Command::SetMembership { association: known.number, state, reason };
    change(&session, args, known, command).await?;
    say_line!("{name}{} {}.", language.pick(" :", ":"), state.in_words(language));
    Ok(true)
}

pub(super) fn verb(
    name: &'static str,
    alias: &'static str,
    about: &'static str,
    example: &'static str,
    language: Language,
) -> clap::Command {
    arguments::ledger_verb(name, alias, about, example, language)
        .arg(member(language))
        .arg(capacity::argument(language))
}

/// Asks the ledger to change a member, which is meant as it was read.
pub(super) async fn change(
    session: &Session,
    args: &ArgMatches,
    known: Association,
    command: Command,
) -> Result<(), Failure> {
    let by = acting(session, args, &[known.number], &[May::Coordinator])?;
    typed::submit(session, by, Some(Seen::Member(Box::new(known))), command).await?;
    Ok(())
}
