//! How the service is to behave.

use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;

/// How the service is to behave.
#[derive(Debug, Clone)]
pub struct Config {
    /// The address and port to listen on.
    pub listen: String,
    /// Another one, with connections of its own for health checks and operators.
    pub health_listen: Option<String>,
    /// No body has more bytes, except a batch's.
    pub body_most: usize,
    /// No batch has more bytes.
    pub batch_body_most: usize,
    /// A request that takes longer is answered with 503.
    pub request_timeout: Duration,
    /// Headers and bodies have so long to arrive.
    pub arrival_timeout: Duration,
    /// A caller has so long to take some of an answer.
    pub write_timeout: Duration,
    /// How many requests a second a token may make, over ten seconds; 0 for as many as it likes.
    pub rate_per_second: u32,
    /// How many connections are open at once; beyond them operators alone are answered.
    pub connections_most: usize,
    /// How many of them one address may have, this machine's own aside; 0 for as many as it likes.
    pub peer_connections_most: usize,
    /// Web pages from these origins may call; none unless said.
    pub cors_origins: Vec<String>,
    /// Webhooks may lead to private addresses and use plain HTTP.
    pub private_webhooks: bool,
    /// How long a session lasts.
    pub session_hours: u32,
    /// So long a sign-in is fresh enough for grave steps: giving roles, inviting, making tokens, closing a year.
    pub fresh_minutes: u32,
    /// The proxies that are trusted to name, in `X-Forwarded-For`, whom a request comes from.
    pub trusted_proxies: Vec<IpNet>,
    /// Whether every request is told in the log, and not only those that fail.
    pub tells_requests: bool,
    /// Where people reach the service, for links; else links bear only a path.
    pub public_url: Option<String>,
    /// Where the networks' keys are: the logs of those whose key is there are signed every day.
    pub keys: Option<PathBuf>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:8080".to_owned(),
            health_listen: None,
            body_most: 256 * 1024,
            batch_body_most: 16 * 1024 * 1024,
            request_timeout: Duration::from_secs(30),
            arrival_timeout: Duration::from_secs(10),
            write_timeout: Duration::from_secs(10),
            rate_per_second: 100,
            connections_most: 1_024,
            peer_connections_most: 256,
            cors_origins: Vec::new(),
            private_webhooks: false,
            session_hours: 12,
            fresh_minutes: 15,
            trusted_proxies: Vec::new(),
            tells_requests: true,
            public_url: None,
            keys: None,
        }
    }
}
