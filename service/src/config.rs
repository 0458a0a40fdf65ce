//! How the service is to behave.

use std::path::PathBuf;
use std::time::Duration;

use axum::http::{HeaderValue, Uri};
use files::cells::WorkbookReader;
use ipnet::IpNet;

use crate::mail::Route;

/// From where web pages may call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origins {
    /// From these, as browsers say them.
    Named(Vec<HeaderValue>),
    /// From anywhere: tokens alone open anything, and no browser sends one of its own accord.
    Any,
}

impl Default for Origins {
    fn default() -> Self {
        Self::Named(Vec::new())
    }
}

impl Origins {
    /// Reads origins between commas, or `*`.
    ///
    /// # Errors
    /// The first part that is no origin: a scheme and a host, perhaps a port, and nothing after it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let parts: Vec<_> = text.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
        if parts == ["*"] {
            return Ok(Self::Any);
        }
        let read = parts.iter().map(|part| origin(part).ok_or_else(|| (*part).to_owned()));
        read.collect::<Result<_, _>>().map(Self::Named)
    }
}

/// An origin as browsers say it (RFC 6454): in small letters, without the port that the scheme has anyway.
fn origin(text: &str) -> Option<HeaderValue> {
    let text = text.to_ascii_lowercase();
    let address: Uri = text.parse().ok()?;
    let (scheme, host) = (address.scheme_str()?, address.authority()?.as_str());
    let usual_port = match scheme {
        "http" => ":80",
        "https" => ":443",
        _ => return None,
    };
    let is_whole = text == format!("{scheme}://{host}") && !host.contains(['@', '*']);
    is_whole.then(|| format!("{scheme}://{}", host.strip_suffix(usual_port).unwrap_or(host)).parse().ok()).flatten()
}

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
    /// From where web pages may call; from nowhere unless said.
    pub cors_origins: Origins,
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
    /// On which way letters leave, if they do.
    pub mail: Option<Route>,
    /// What reads workbooks, in a process of its own; without it only texts are read.
    pub workbooks: Option<WorkbookReader>,
}

impl Config {
    /// The address of a page that takes a secret: after `#`, where no server and no log sees it.
    pub fn link(&self, page: &str, secret: &str) -> String {
        let base = self.public_url.as_deref().unwrap_or_default().trim_end_matches('/');
        format!("{base}/{page}#{secret}")
    }
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
            cors_origins: Origins::default(),
            private_webhooks: false,
            session_hours: 12,
            fresh_minutes: 15,
            trusted_proxies: Vec::new(),
            tells_requests: true,
            public_url: None,
            keys: None,
            mail: None,
            workbooks: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_read_as_browsers_say_them() {
        let named = |origins: &[&'static str]| {
            Ok(Origins::Named(origins.iter().map(|origin| HeaderValue::from_static(origin)).collect()))
        };
        for (text, read) in [
            ("", named(&[])),
            ("*", Ok(Origins::Any)),
            (
                "https://a.example.org, http://localhost:3000",
                named(&["https://a.example.org", "http://localhost:3000"]),
            ),
            ("HTTPS://A.example.org:443", named(&["https://a.example.org"])),
            ("http://[::1]:8080", named(&["http://[::1]:8080"])),
            ("*, https://a.example.org", Err("*".to_owned())),
            ("https://a.example.org/", Err("https://a.example.org/".to_owned())),
            ("https://a.example.org/app", Err("https://a.example.org/app".to_owned())),
            ("https://*.example.org", Err("https://*.example.org".to_owned())),
            ("a.example.org", Err("a.example.org".to_owned())),
            ("null", Err("null".to_owned())),
            ("ftp://a.example.org", Err("ftp://a.example.org".to_owned())),
            ("https://me@a.example.org", Err("https://me@a.example.org".to_owned())),
            ("https://é.example.org", Err("https://é.example.org".to_owned())),
            ("https://a b", Err("https://a b".to_owned())),
        ] {
            assert_eq!(Origins::parse(text), read, "{text}");
        }
    }
}
