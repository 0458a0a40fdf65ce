//! `token`: access tokens to begin with.

use chrono::TimeDelta;
use clap::{Arg, ArgAction, ArgMatches, Command, builder::PossibleValuesParser, value_parser};
use ledger::{
    Language,
    clock::{Clock as _, Secrets as _, SystemClock},
    command::{Capacity, Principal},
};
use service::{Scope, Secret};
use store::{NewToken, SystemSecrets, network_uuid};

use crate::{
    arguments,
    failure::Failure,
    report::{Align, Table, count, day},
    session::{Session, text},
    verb::{self, Verb},
};

const VERBS: [Verb; 3] = [
    Verb { arguments: create_arguments, run: |args, language| Box::pin(create(args, language)) },
    Verb { arguments: list_arguments, run: |args, language| Box::pin(list(args, language)) },
    Verb { arguments: revoke_arguments, run: |args, language| Box::pin(revoke(args, language)) },
];

pub(crate) fn arguments(language: Language) -> Command {
    let about = language.pick("Les jetons d'accès à l'API", "Access tokens for the API");
    verb::group("token", "jeton", about, &VERBS, language)
}

pub(crate) async fn run(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    verb::run(&VERBS, args, language).await
}

fn create_arguments(language: Language) -> Command {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    let about = t("Crée un jeton d'accès, montré une fois", "Makes an access token, shown once");
    let example = "coudemain token create --as ALI --scope read --scope write";
    arguments::ledger_verb("create", "creer", about, example, language)
        .arg(
            Arg::new("scope")
                .long("scope")
                .value_name("read|write|manage")
                .value_parser(PossibleValuesParser::new(["read", "write", "manage"]))
                .action(ArgAction::Append)
                .help(t(
                    "Ce que le jeton permet ; plusieurs fois (sinon tout)",
                    "What the token allows; several times (else all)",
                )),
        )
        .arg(
            Arg::new("label")
                .long("label")
                .value_name(t("TEXTE", "TEXT"))
                .default_value("coudemain token create")
                .help(t("Ce qui le fera reconnaître", "What it will be known by")),
        )
        .arg(
            Arg::new("days")
                .long("days")
                .visible_alias("jours")
                .value_name("N")
                .value_parser(value_parser!(u32))
                .default_value("365")
                .help(t("Combien de jours il vaut (365)", "How many days it holds (365)")),
        )
}

async fn create(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let session = Session::open(args, language).await?;
    let mut secrets = SystemSecrets::new();
    let now = SystemClock.now();
    let secret = Secret::new(session.network_id, secrets.key().0);
    let asked: Vec<&str> = args.get_many::<String>("scope").unwrap_or_default().map(String::as_str).collect();
    let scopes: Vec<_> =
        Scope::ALL.map(Scope::as_str).into_iter().filter(|scope| asked.is_empty() || asked.contains(scope)).collect();
    let days = i64::from(args.get_one::<u32>("days").copied().unwrap_or(365));
    let token = NewToken {
        token: network_uuid(now, &mut secrets),
        secret: secret.digest,
        is_session: false,
        principal: session.by.principal,
        scopes: scopes.join(" "),
        acting_for: None,
        label: text(args, "label").to_owned(),
        expires_at: Some(now + TimeDelta::days(days)),
        made_with: None,
        idle_seconds: None,
        handed_out_for: None,
    };
    session.store.add_token(session.network_id, &token, now).await?;
    debug_assert!(matches!(session.by.capacity, Capacity::Coordinator));
    // The token alone goes to the output, so that a script can take it from there.
    say_line!("{}", secret.text);
    let days = count(days, language, ("jour", "jours"), ("day", "days"));
    warn_line!(
        "{}",
        language.pick(
            format!("Jeton {} ({}), {days}. Il n'est montré qu'une fois.", token.token, token.scopes),
            format!("Token {} ({}), {days}. It is shown only once.", token.token, token.scopes),
        )
    );
    Ok(true)
}

fn list_arguments(language: Language) -> Command {
    let about = language.pick("Les jetons du réseau", "The network's tokens");
    arguments::ledger_verb("list", "lister", about, "coudemain token list", language)
}

async fn list(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    let session = Session::open(args, language).await?;
    let mut table = Table::new(&[
        (t("Nom", "Name"), Align::Left),
        (t("Qui", "Who"), Align::Left),
        (t("Permet", "Allows"), Align::Left),
        (t("Expire", "Runs out"), Align::Left),
        (t("Dernier emploi", "Last use"), Align::Left),
        (t("Libellé", "Label"), Align::Left),
    ]);
    let on = |at: Option<chrono::DateTime<chrono::Utc>>| {
        at.map_or("-".to_owned(), |at| day(session.network.day_of(at), language))
    };
    for token in session.store.tokens(session.network_id).await?.into_iter().filter(|token| token.revoked_at.is_none())
    {
        let who = match token.principal {
            Principal::Operator => "operator".to_owned(),
            Principal::Person(person) => language.pick(format!("personne n° {person}"), format!("person {person}")),
        };
        let cells =
            [token.token.to_string(), who, token.scopes, on(token.expires_at), on(token.last_used_at), token.label];
        table.row(cells.into());
    }
    say!("{table}");
    Ok(true)
}

fn revoke_arguments(language: Language) -> Command {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    let about = t("Révoque un jeton", "Takes a token back");
    arguments::ledger_verb("revoke", "revoquer", about, "coudemain token revoke 0195c3f2-…", language).arg(
        arguments::required(
            "token",
            "ID",
            t("Le nom du jeton, comme le dit « jeton lister »", "The token's name, as “token list” shows it"),
        ),
    )
}

async fn revoke(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let session = Session::open(args, language).await?;
    let wanted = text(args, "token");
    let unknown = || Failure::said(format!("pas de jeton « {wanted} »"), format!("no token “{wanted}”"));
    let name = wanted.parse().map_err(|_| unknown())?;
    let is_revoked = session.store.revoke_token(session.network_id, name, SystemClock.now()).await?;
    if is_revoked { Ok(true) } else { Err(unknown()) }
}
