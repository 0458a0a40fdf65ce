//! `serve`: the HTTP service. `token`: access tokens to begin with.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use clap::{Arg, ArgAction, ArgMatches, Command, builder::PossibleValuesParser, value_parser};
use ledger::{
    Language,
    clock::{Clock, Secrets, SystemClock},
    command::{Capacity, Principal},
    keyring::Keyring,
};
use serde::Deserialize;
use service::{Config, Scope, Secret, Server};
use store::{NewToken, SystemSecrets, Writer, WriterOptions, network_uuid};

use crate::{
    args,
    failure::Failure,
    file, keys,
    report::{Align, Table},
    session::{Session, open_store, text},
};

/// The verb `serve`, with all that can be configured.
pub(crate) fn serve_command(language: Language) -> Command {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    let about = t("Le service HTTP : l'API JSON", "The HTTP service: the JSON API");
    let example = t("coudemain servir --listen 127.0.0.1:8080", "coudemain serve --listen 127.0.0.1:8080");
    let verb = args::verb("serve", "servir", about, example, language).arg(keys::keys_arg(language));
    SETTINGS.iter().fold(verb, |verb, setting| {
        let arg =
            Arg::new(setting.flag).long(setting.flag).env(setting.variable).help(t(setting.french, setting.english));
        verb.arg(match setting.kind {
            Kind::Text => arg.value_name(t("TEXTE", "TEXT")),
            Kind::Number => arg.value_name("N").value_parser(value_parser!(u32)),
            Kind::Switch => arg
                .value_name("true|false")
                .value_parser(value_parser!(bool))
                .num_args(0..=1)
                .default_missing_value("true"),
        })
    })
}

/// The verb `token`, with its own.
pub(crate) fn token_command(language: Language) -> Command {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    let create = args::verb(
        "create",
        "creer",
        t("Crée un jeton d'accès, montré une fois", "Makes an access token, shown once"),
        t(
            "coudemain token create --as ALI --scope read --scope write",
            "coudemain token create --as ALI --scope read --scope write",
        ),
        language,
    )
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
    );
    let list = args::verb(
        "list",
        "lister",
        t("Les jetons du réseau", "The network's tokens"),
        "coudemain token list",
        language,
    );
    let revoke = args::verb(
        "revoke",
        "revoquer",
        t("Révoque un jeton", "Takes a token back"),
        "coudemain token revoke 0195c3f2-…",
        language,
    )
    .arg(args::required(
        "token",
        "ID",
        t("Le nom du jeton, comme le dit « token list »", "The token's name, as “token list” shows it"),
    ));
    Command::new("token")
        .visible_alias("jeton")
        .about(t("Les jetons d'accès à l'API", "Access tokens for the API"))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands([create, list, revoke])
}

#[derive(Clone, Copy)]
enum Kind {
    Text,
    Number,
    Switch,
}

/// Something to configure: by its flag, its variable, or its name in the file, in this order.
struct Setting {
    flag: &'static str,
    variable: &'static str,
    kind: Kind,
    french: &'static str,
    english: &'static str,
}

const fn setting(
    flag: &'static str,
    variable: &'static str,
    kind: Kind,
    french: &'static str,
    english: &'static str,
) -> Setting {
    Setting { flag, variable, kind, french, english }
}

/// The same table stands in the README.
const SETTINGS: [Setting; 13] = [
    setting(
        "config",
        "COUDEMAIN_CONFIG",
        Kind::Text,
        "Un fichier TOML avec les réglages ci-dessous",
        "A TOML file with the settings below",
    ),
    setting(
        "listen",
        "COUDEMAIN_LISTEN",
        Kind::Text,
        "L'adresse et le port (127.0.0.1:8080)",
        "The address and port (127.0.0.1:8080)",
    ),
    setting(
        "public-url",
        "COUDEMAIN_PUBLIC_URL",
        Kind::Text,
        "L'adresse publique, pour les liens d'invitation",
        "The public address, for invitation links",
    ),
    setting(
        "body-most",
        "COUDEMAIN_BODY_MOST",
        Kind::Number,
        "Octets d'une demande, au plus (262144)",
        "Bytes of a request at most (262144)",
    ),
    setting(
        "batch-body-most",
        "COUDEMAIN_BATCH_BODY_MOST",
        Kind::Number,
        "Octets d'un lot, au plus (16777216)",
        "Bytes of a batch at most (16777216)",
    ),
    setting(
        "request-seconds",
        "COUDEMAIN_REQUEST_SECONDS",
        Kind::Number,
        "Secondes pour répondre, au plus (30)",
        "Seconds to answer at most (30)",
    ),
    setting(
        "arrival-seconds",
        "COUDEMAIN_ARRIVAL_SECONDS",
        Kind::Number,
        "Secondes pour recevoir une demande, au plus (10)",
        "Seconds for a request to arrive at most (10)",
    ),
    setting(
        "rate",
        "COUDEMAIN_RATE",
        Kind::Number,
        "Demandes par seconde et par jeton ; 0 : sans limite (100)",
        "Requests a second and token; 0: no limit (100)",
    ),
    setting(
        "connections-most",
        "COUDEMAIN_CONNECTIONS_MOST",
        Kind::Number,
        "Connexions à la fois (1024)",
        "Connections at once (1024)",
    ),
    setting(
        "cors-origins",
        "COUDEMAIN_CORS_ORIGINS",
        Kind::Text,
        "Origines de pages web admises, entre virgules (aucune)",
        "Origins of web pages let in, between commas (none)",
    ),
    setting(
        "session-hours",
        "COUDEMAIN_SESSION_HOURS",
        Kind::Number,
        "Heures d'une session (12)",
        "Hours of a session (12)",
    ),
    setting(
        "private-webhooks",
        "COUDEMAIN_PRIVATE_WEBHOOKS",
        Kind::Switch,
        "Permet les webhooks vers des adresses privées et en http (non)",
        "Lets webhooks lead to private addresses and plain http (no)",
    ),
    setting(
        "log-requests",
        "COUDEMAIN_LOG_REQUESTS",
        Kind::Switch,
        "Une ligne de journal par demande (oui)",
        "A log line for every request (yes)",
    ),
];

/// The settings of a TOML file, under the names of the flags.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct File {
    listen: Option<String>,
    public_url: Option<String>,
    keys: Option<String>,
    body_most: Option<u32>,
    batch_body_most: Option<u32>,
    request_seconds: Option<u32>,
    arrival_seconds: Option<u32>,
    rate: Option<u32>,
    connections_most: Option<u32>,
    cors_origins: Option<String>,
    session_hours: Option<u32>,
    private_webhooks: Option<bool>,
    log_requests: Option<bool>,
}

fn configuration(args: &ArgMatches) -> Result<Config, Failure> {
    let file = match args.get_one::<String>("config") {
        None => File::default(),
        Some(path) => {
            let text = std::fs::read_to_string(path);
            let text = text.map_err(|error| file::about(path.as_ref(), |language| file::in_words(&error, language)))?;
            toml::from_str(&text).map_err(|error| file::about(path.as_ref(), |_| error.to_string()))?
        }
    };
    let default = Config::default();
    let words = |flag: &str, said: Option<String>| args.get_one::<String>(flag).cloned().or(said);
    let number = |flag: &str, said: Option<u32>| args.get_one::<u32>(flag).copied().or(said);
    let size = |flag: &str, said: Option<u32>, usual: usize| number(flag, said).map_or(usual, |bytes| bytes as usize);
    let time = |flag: &str, said: Option<u32>, usual: Duration| {
        number(flag, said).map_or(usual, |seconds| Duration::from_secs(seconds.max(1).into()))
    };
    let is =
        |flag: &str, said: Option<bool>, usual: bool| args.get_one::<bool>(flag).copied().or(said).unwrap_or(usual);
    let origins = words("cors-origins", file.cors_origins).unwrap_or_default();
    Ok(Config {
        listen: words("listen", file.listen).unwrap_or(default.listen),
        body_most: size("body-most", file.body_most, default.body_most),
        batch_body_most: size("batch-body-most", file.batch_body_most, default.batch_body_most),
        request_timeout: time("request-seconds", file.request_seconds, default.request_timeout),
        arrival_timeout: time("arrival-seconds", file.arrival_seconds, default.arrival_timeout),
        rate_per_second: number("rate", file.rate).unwrap_or(default.rate_per_second),
        connections_most: size("connections-most", file.connections_most, default.connections_most).max(1),
        cors_origins: origins.split(',').map(str::trim).filter(|one| !one.is_empty()).map(str::to_owned).collect(),
        private_webhooks: is("private-webhooks", file.private_webhooks, default.private_webhooks),
        session_hours: number("session-hours", file.session_hours).unwrap_or(default.session_hours),
        tells_requests: is("log-requests", file.log_requests, default.tells_requests),
        public_url: words("public-url", file.public_url),
        keys: Some(words("keys", file.keys).map_or_else(|| keys::folder(args), PathBuf::from)),
    })
}

pub(crate) async fn serve(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let config = configuration(args)?;
    let store = open_store(text(args, "db"), false).await?;
    let networks = store.networks().await?;
    if networks.is_empty() {
        return Err(store::StoreError::NoNetwork.into());
    }
    if let Some(keys) = &config.keys {
        for entry in networks {
            // A key that others can read must not sign.
            store.can_sign(entry.id, &Keyring::new(keys, entry.network.uuid)).await?;
        }
    }
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let writer =
        Writer::start(store.clone(), Arc::clone(&clock), Box::new(SystemSecrets::new()), WriterOptions::default());
    let listen = config.listen.clone();
    let server = Server::bind(store.clone(), writer.clone(), clock, config, api::face()).await.map_err(|error| {
        Failure::said(
            format!("impossible d'écouter sur {listen} : {error}"),
            format!("cannot listen on {listen}: {error}"),
        )
    })?;
    let address = server.address()?;
    say_line!("{} http://{address}", language.pick("Coudemain écoute sur", "Coudemain listens on"));
    server.run(told_to_stop()).await;
    // Everything that was taken is answered; only then does the writer end.
    // A stream that does not end in time keeps its hold on the writer, but asks it for nothing.
    let _ = tokio::time::timeout(Duration::from_secs(5), writer.stop()).await;
    Ok(true)
}

/// Ctrl-C, or what a service manager sends.
async fn told_to_stop() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            return;
        }
    }
    // Without signals there is no way but to be killed.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

pub(crate) async fn token(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    match args.subcommand() {
        Some(("create", verb)) => create(verb, language).await,
        Some(("list", verb)) => list(verb, language).await,
        Some(("revoke", verb)) => revoke(verb, language).await,
        _ => Ok(true),
    }
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
    };
    session.store.add_token(session.network_id, &token, now).await?;
    debug_assert!(matches!(session.by.capacity, Capacity::Coordinator));
    // The token alone goes to the output, so that a script can take it from there.
    say_line!("{}", secret.text);
    warn_line!(
        "{}",
        language.pick(
            format!("Jeton {} ({}), {days} jours. Il n'est montré qu'une fois.", token.token, token.scopes),
            format!("Token {} ({}), {days} days. It is shown only once.", token.token, token.scopes),
        )
    );
    Ok(true)
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
    let day = |at: Option<chrono::DateTime<chrono::Utc>>| at.map_or("-".to_owned(), |at| at.date_naive().to_string());
    for token in session.store.tokens(session.network_id).await?.into_iter().filter(|token| token.revoked_at.is_none())
    {
        let who = match token.principal {
            Principal::Operator => "operator".to_owned(),
            Principal::Person(person) => language.pick(format!("personne n° {person}"), format!("person {person}")),
        };
        let cells =
            [token.token.to_string(), who, token.scopes, day(token.expires_at), day(token.last_used_at), token.label];
        table.row(cells.into());
    }
    say!("{table}");
    Ok(true)
}

async fn revoke(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let session = Session::open(args, language).await?;
    let wanted = text(args, "token");
    let unknown = || Failure::said(format!("pas de jeton « {wanted} »"), format!("no token “{wanted}”"));
    let name = wanted.parse().map_err(|_| unknown())?;
    let is_revoked = session.store.revoke_token(session.network_id, name, SystemClock.now()).await?;
    if is_revoked { Ok(true) } else { Err(unknown()) }
}
