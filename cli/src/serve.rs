//! `serve`: the HTTP service.

use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::{Arg, ArgMatches, Command, value_parser};
use files::error::FileError;
use ipnet::IpNet;
use ledger::{Language, clock::Clock, keyring::Keyring, trouble};
use serde::Deserialize;
use service::{
    Config, Origins, Server,
    mail::{Route, RouteProblem},
};
use store::{Store, Writer};

use crate::{
    arguments,
    failure::Failure,
    first_coordinator, keys,
    person::erase_who_came_back,
    session::{Session, clock, open_store, text, writer},
    workbooks,
};

/// All that can be configured.
pub(crate) fn arguments(language: Language) -> Command {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    let about = t("Le service HTTP : les pages et l'API JSON", "The HTTP service: the pages and the JSON API");
    let example = t("coudemain servir --listen 127.0.0.1:8080", "coudemain serve --listen 127.0.0.1:8080");
    let verb = arguments::ledger_verb("serve", "servir", about, example, language).arg(arguments::keys(language));
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

pub(crate) async fn run(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let Settings { config, has_pages } = configuration(args)?;
    let store = open_store(text(args, "db"), false).await?;
    if store.db().is_read_only() {
        return Err(Failure::said(
            "rien ne peut être écrit là où est la base : le service n'y aurait rien à faire",
            "nothing can be written where the database is: the service could do nothing there",
        ));
    }
    let networks = store.networks().await?;
    if networks.is_empty() {
        return Err(store::StoreError::NoNetwork.into());
    }
    if let Some(keys) = &config.keys {
        for entry in networks {
            let keyring = Keyring::new(keys, entry.uuid);
            // A key that others can read must not sign.
            store.can_sign(entry.id, &keyring).await?;
            // Whoever was cut off while restoring may have left somebody back who is erased.
            if !keyring.erased()?.is_empty() {
                let network = store.network_numbered(entry.id).await?.ok_or(store::StoreError::NoNetwork)?;
                erase_who_came_back(&Session::new(store.clone(), network, language).await?, &keyring).await?;
            }
        }
    }
    let clock = clock(args);
    store.check_clock(&*clock).await?;
    let (public_url, sends_mail) = (config.public_url.clone(), config.mail.is_some());
    let (server, writer) = bind(&store, Arc::clone(&clock), config, has_pages).await?;
    let address = server.address()?;
    say_line!("{} http://{address}", language.pick("Coudemain écoute sur", "Coudemain listens on"));
    if let Some(address) = server.operators_address()? {
        say_line!("{} http://{address}", language.pick("Pour qui l'exploite :", "For operators:"));
    }
    if has_pages {
        let base = public_url.unwrap_or_else(|| format!("http://{address}"));
        first_coordinator::offer_all(&store, &base, sends_mail, &*clock, language).await;
    }
    until_told_to_stop(server, writer).await;
    Ok(true)
}

/// Takes the addresses that are configured.
pub(crate) async fn bind(
    store: &Store,
    clock: Arc<dyn Clock>,
    config: Config,
    has_pages: bool,
) -> Result<(Server, Writer), Failure> {
    let writer = writer(store, Arc::clone(&clock));
    let mut faces = vec![api::face()];
    if has_pages {
        faces.push(pages::face());
    }
    let bound = Server::bind(store.clone(), writer.clone(), clock, config, faces).await;
    let server = bound.map_err(|(listen, error)| {
        let why = |language| trouble::in_words(&error, language);
        Failure::said(
            format!("impossible d'écouter sur {listen} : {}", why(Language::French)),
            format!("cannot listen on {listen}: {}", why(Language::English)),
        )
    })?;
    Ok((server, writer))
}

/// Serves until the process is told to stop.
pub(crate) async fn until_told_to_stop(server: Server, writer: Writer) {
    server.run(told_to_stop()).await;
    // Everything that was taken is answered; only then does the writer end.
    // Whoever is held up by somebody else's lock is not waited for longer.
    let _ = tokio::time::timeout(Duration::from_secs(5), writer.stop()).await;
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
const SETTINGS: [Setting; 22] = [
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
        "health-listen",
        "COUDEMAIN_HEALTH_LISTEN",
        Kind::Text,
        "Une seconde adresse, pour la surveillance et pour qui l'exploite (aucune)",
        "A second address, for health checks and operators (none)",
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
        "write-seconds",
        "COUDEMAIN_WRITE_SECONDS",
        Kind::Number,
        "Secondes pour prendre un peu d'une réponse, au plus (10)",
        "Seconds to take some of an answer at most (10)",
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
        "peer-connections-most",
        "COUDEMAIN_PEER_CONNECTIONS_MOST",
        Kind::Number,
        "Connexions à la fois d'une même adresse, sauf de cette machine ; 0 : sans limite (256)",
        "Connections at once of one address, except from this machine; 0: no limit (256)",
    ),
    setting(
        "cors-origins",
        "COUDEMAIN_CORS_ORIGINS",
        Kind::Text,
        "Origines de pages web admises, entre virgules, ou * (aucune)",
        "Origins of web pages let in, between commas, or * (none)",
    ),
    setting(
        "session-hours",
        "COUDEMAIN_SESSION_HOURS",
        Kind::Number,
        "Heures d'une session (12)",
        "Hours of a session (12)",
    ),
    setting(
        "fresh-minutes",
        "COUDEMAIN_FRESH_MINUTES",
        Kind::Number,
        "Minutes après lesquelles une étape grave redemande le mot de passe (15)",
        "Minutes after which a grave step asks for the password again (15)",
    ),
    setting(
        "trusted-proxies",
        "COUDEMAIN_TRUSTED_PROXIES",
        Kind::Text,
        "Mandataires crus sur l'origine d'une demande (X-Forwarded-For), entre virgules : 127.0.0.1, 10.0.0.0/8 (aucun)",
        "Proxies believed about where a request comes from (X-Forwarded-For), between commas: 127.0.0.1, 10.0.0.0/8 (none)",
    ),
    setting(
        "mail",
        "COUDEMAIN_MAIL",
        Kind::Text,
        "Par où partent les messages : smtp://nom:secret@hote:port, smtps://…, ou folder:DOSSIER (nulle part)",
        "On which way letters leave: smtp://user:secret@host:port, smtps://…, or folder:DIR (none)",
    ),
    setting(
        "mail-from",
        "COUDEMAIN_MAIL_FROM",
        Kind::Text,
        "De qui ils viennent : heures@exemple.fr, ou Entraide du pays <heures@exemple.fr>",
        "From whom they come: heures@example.org, or Entraide du pays <heures@example.org>",
    ),
    setting(
        "mail-seconds",
        "COUDEMAIN_MAIL_SECONDS",
        Kind::Number,
        "Secondes laissées au serveur pour prendre un message, au plus (30)",
        "Seconds for the server to take a letter at most (30)",
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
    setting(
        "no-pages",
        "COUDEMAIN_NO_PAGES",
        Kind::Switch,
        "Sans les pages pour les personnes : l'API seule (non)",
        "Without the pages for people: the API alone (no)",
    ),
];

/// The settings of a TOML file, under the names of the flags.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct File {
    listen: Option<String>,
    health_listen: Option<String>,
    public_url: Option<String>,
    keys: Option<String>,
    body_most: Option<u32>,
    batch_body_most: Option<u32>,
    request_seconds: Option<u32>,
    arrival_seconds: Option<u32>,
    write_seconds: Option<u32>,
    rate: Option<u32>,
    connections_most: Option<u32>,
    peer_connections_most: Option<u32>,
    cors_origins: Option<String>,
    session_hours: Option<u32>,
    fresh_minutes: Option<u32>,
    trusted_proxies: Option<String>,
    mail: Option<String>,
    mail_from: Option<String>,
    mail_seconds: Option<u32>,
    private_webhooks: Option<bool>,
    log_requests: Option<bool>,
    no_pages: Option<bool>,
}

/// What is configured.
struct Settings {
    config: Config,
    /// Whether people have pages, beside the API for programs.
    has_pages: bool,
}

fn configuration(args: &ArgMatches) -> Result<Settings, Failure> {
    let file = match args.get_one::<String>("config") {
        None => File::default(),
        Some(path) => {
            let text = std::fs::read_to_string(path);
            let text = text.map_err(|error| FileError::system(path.as_ref(), &error))?;
            toml::from_str(&text).map_err(|error| FileError::about(path.as_ref(), |_| error.to_string()))?
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
    let proxies = words("trusted-proxies", file.trusted_proxies).unwrap_or_default();
    let proxies = proxies.split(',').map(str::trim).filter(|one| !one.is_empty());
    let origins = Origins::parse(&words("cors-origins", file.cors_origins).unwrap_or_default());
    let cors_origins = origins.map_err(|found| {
        Failure::said(
            format!(
                "cors-origins : « {found} » n'est pas une origine ; https://hote (sans rien après) ou * conviendrait"
            ),
            format!("cors-origins: “{found}” is no origin; https://host (with nothing after it) or * would fit"),
        )
    })?;
    let has_pages = !is("no-pages", file.no_pages, false);
    let public_url = words("public-url", file.public_url);
    let mail = match words("mail", file.mail) {
        None => None,
        Some(way) => {
            let patience = time("mail-seconds", file.mail_seconds, Duration::from_secs(30));
            Some(route(&way, words("mail-from", file.mail_from), public_url.as_deref(), patience)?)
        }
    };
    let config = Config {
        listen: words("listen", file.listen).unwrap_or(default.listen),
        health_listen: words("health-listen", file.health_listen),
        body_most: size("body-most", file.body_most, default.body_most),
        batch_body_most: size("batch-body-most", file.batch_body_most, default.batch_body_most),
        request_timeout: time("request-seconds", file.request_seconds, default.request_timeout),
        arrival_timeout: time("arrival-seconds", file.arrival_seconds, default.arrival_timeout),
        write_timeout: time("write-seconds", file.write_seconds, default.write_timeout),
        rate_per_second: number("rate", file.rate).unwrap_or(default.rate_per_second),
        connections_most: size("connections-most", file.connections_most, default.connections_most).max(1),
        peer_connections_most: size("peer-connections-most", file.peer_connections_most, default.peer_connections_most),
        cors_origins,
        private_webhooks: is("private-webhooks", file.private_webhooks, default.private_webhooks),
        session_hours: number("session-hours", file.session_hours).unwrap_or(default.session_hours),
        fresh_minutes: number("fresh-minutes", file.fresh_minutes).unwrap_or(default.fresh_minutes).max(1),
        trusted_proxies: proxies.map(proxy).collect::<Result<_, _>>()?,
        tells_requests: is("log-requests", file.log_requests, default.tells_requests),
        public_url,
        mail,
        keys: Some(words("keys", file.keys).map_or_else(|| keys::folder(args), PathBuf::from)),
        workbooks: Some(workbooks::reader()?),
    };
    Ok(Settings { config, has_pages })
}

/// On which way letters leave. What stands in `way` may be secret, and is not shown.
fn route(way: &str, from: Option<String>, public_url: Option<&str>, patience: Duration) -> Result<Route, Failure> {
    let Some(from) = from else {
        return Err(Failure::said(
            "--mail demande --mail-from : l'adresse d'où viennent les messages",
            "--mail asks for --mail-from: the address that letters come from",
        ));
    };
    if public_url.is_none() {
        return Err(Failure::said(
            "--mail demande --public-url : sans elle, les liens des messages ne mèneraient nulle part",
            "--mail asks for --public-url: without it the links in letters would lead nowhere",
        ));
    }
    Route::parse(way, &from, patience).map_err(|problem| match problem {
        RouteProblem::NoWay => Failure::said(
            "--mail : smtp://nom:secret@hote:port, smtps://… ou folder:DOSSIER conviendrait (dans le nom et le secret, @ \
             s'écrit %40 et deux-points %3A)",
            "--mail: smtp://user:secret@host:port, smtps://… or folder:DIR would fit (within user and secret, @ is written \
             %40 and a colon %3A)",
        ),
        RouteProblem::NoSender => Failure::said(
            format!("--mail-from : « {from} » n'est pas une adresse ; heures@exemple.fr conviendrait"),
            format!("--mail-from: “{from}” is no address; heures@example.org would fit"),
        ),
        RouteProblem::NoCertificates => Failure::said(
            "--mail : les certificats de cette machine ne se laissent pas lire",
            "--mail: this machine's certificates cannot be read",
        ),
        RouteProblem::NoFolder => Failure::said(
            "--mail : ce dossier ne peut pas être fait",
            "--mail: that folder cannot be made",
        ),
    })
}

/// An address, or all that begin alike.
fn proxy(text: &str) -> Result<IpNet, Failure> {
    let read = text.parse().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
    read.map_err(|_| {
        Failure::said(
            format!("--trusted-proxies : « {text} » n'est pas une adresse ; 127.0.0.1 ou 10.0.0.0/8 conviendraient"),
            format!("--trusted-proxies: “{text}” is no address; 127.0.0.1 or 10.0.0.0/8 would fit"),
        )
    })
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
