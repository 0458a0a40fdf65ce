//! Where on an installation a reader of pages is: several networks may live on one, each at a domain of its own or under
//! `/n/SLUG/`; where there is one, neither is needed.

use std::sync::Arc;

use axum::{
    extract::Request,
    http::{Uri, header},
};
use ledger::NetworkId;
use store::{Store, StoreError};

use crate::{app::App, directory::Known, problem::Problem};

/// What begins the addresses of a network among several.
const PREFIX: &str = "/n/";

/// Where a reader is.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Place {
    /// The slug under which the network was named in the address.
    pub slug: Option<String>,
    /// The host, without its port.
    pub host: Option<String>,
}

impl Place {
    /// Finds out where a request is sent, and takes the network's name out of its address.
    pub fn find(request: &mut Request) -> Self {
        let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).map(host_alone);
        let slug = take_slug(request.uri()).map(|(slug, rest)| {
            *request.uri_mut() = rest;
            slug
        });
        Self { slug, host }
    }

    /// What the addresses of this place begin with.
    pub fn prefix(&self) -> String {
        self.slug.as_ref().map(|slug| format!("{PREFIX}{slug}")).unwrap_or_default()
    }

    /// Whether the reader sits at this machine, where browsers keep no cookie that wants encryption.
    pub fn is_loopback(&self) -> bool {
        let host = self.host.as_deref().unwrap_or_default();
        let address = host.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>();
        host == "localhost" || address.is_ok_and(|address| address.is_loopback())
    }

    /// The network that lives here.
    ///
    /// # Errors
    /// When none does, several do, or the database does not answer.
    pub async fn network(&self, app: &App) -> Result<Arc<Known>, Problem> {
        app.directory.at(&app.store, self.slug.as_deref(), self.host.as_deref()).await?.ok_or_else(Problem::not_found)
    }
}

/// What the addresses of a network begin with, wherever the service is reached.
///
/// # Errors
/// When the database does not answer.
pub async fn prefix_of(store: &Store, network: NetworkId) -> Result<String, StoreError> {
    let networks = store.networks().await?;
    let slug = networks.iter().find(|entry| entry.id == network).map(|entry| entry.slug.as_str());
    let slug = slug.filter(|_| networks.len() > 1);
    Ok(slug.map(|slug| format!("{PREFIX}{slug}")).unwrap_or_default())
}

fn host_alone(host: &str) -> String {
    let is_port = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit());
    let name = host.rsplit_once(':').filter(|(_, port)| is_port(port)).map_or(host, |(name, _)| name);
    name.to_ascii_lowercase()
}

/// The slug of an address, and the address without it.
fn take_slug(uri: &Uri) -> Option<(String, Uri)> {
    let after = uri.path().strip_prefix(PREFIX)?;
    let (slug, rest) = after.split_at(after.find('/').unwrap_or(after.len()));
    let is_slug = !slug.is_empty() && slug.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let rest = if rest.is_empty() { "/" } else { rest };
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    let rest = format!("{rest}{query}").parse().ok()?;
    is_slug.then(|| (slug.to_owned(), rest))
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    #[test]
    fn a_network_is_named_by_the_address_or_by_the_host() {
        for (address, host, slug, rest, is_loopback) in [
            ("/", "exemple.fr", None, "/", false),
            ("/n/pays-de-vitre", "Exemple.fr:8443", Some("pays-de-vitre"), "/", false),
            ("/n/pays-de-vitre/a/1?x=y", "127.0.0.1:8080", Some("pays-de-vitre"), "/a/1?x=y", true),
            ("/n//a", "[::1]:80", None, "/n//a", true),
            ("/n/é/a", "localhost", None, "/n/é/a", true),
            ("/notes", "localhost.exemple.fr", None, "/notes", false),
        ] {
            let mut request = Request::new(Body::empty());
            *request.uri_mut() = address.replace('é', "%C3%A9").parse().unwrap();
            request.headers_mut().insert(header::HOST, host.parse().unwrap());
            let place = Place::find(&mut request);
            assert_eq!(place.slug.as_deref(), slug, "{address}");
            assert_eq!(request.uri().to_string(), rest.replace('é', "%C3%A9"), "{address}");
            assert_eq!(place.is_loopback(), is_loopback, "{host}");
        }
    }
}
