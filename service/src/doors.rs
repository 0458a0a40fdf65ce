//! How callers get in: what they show, and where they show it. Each face has one door and looks at no other.

use std::net::{IpAddr, Ipv6Addr};

use axum::{
    extract::{FromRequestParts, Request},
    http::{HeaderMap, header::AUTHORIZATION, request::Parts},
};

use crate::{
    app::App,
    place::Place,
    problem::Problem,
    source::{Peer, Source},
};

/// Says for whom a caller with several roles acts.
pub const ACTING_FOR: &str = "coudemain-acting-for";

/// What a caller shows at the door.
#[derive(Clone)]
pub struct Shown {
    /// The token.
    pub token: Option<String>,
    /// The name in which they say they act, as they write it.
    pub acting_for: Option<String>,
    /// Where it opens anything, where it does not do so everywhere.
    pub only_at: Option<Place>,
}

impl std::fmt::Debug for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shown").field("acting_for", &self.acting_for).finish_non_exhaustive()
    }
}

impl FromRequestParts<App> for Source {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        // Who comes without a connection comes from this process.
        let peer = parts.extensions.get().map_or(IpAddr::V6(Ipv6Addr::LOCALHOST), |Peer(address)| *address);
        Ok(Self::of(peer, &parts.headers, &app.config.trusted_proxies))
    }
}

/// Where the callers of a face get in.
#[derive(Debug, Clone, Copy)]
pub struct Door {
    /// Finds what they show.
    pub look: fn(&Request) -> Shown,
    /// Whether a request comes from where it has to come from, whatever its route.
    ///
    /// # Errors
    /// When it does not.
    pub check: fn(&Request) -> Result<(), Problem>,
}

/// The door of programs: they come from anywhere.
pub const PROGRAMS: Door = Door { look: |request| bearer(request.headers()), check: |_| Ok(()) };

/// The header by which a program says that a date of long ago is meant.
pub const LONG_AGO: &str = "coudemain-long-ago";

/// What programs show: `Authorization: Bearer …`, and in a header of its own the name in which they act.
fn bearer(headers: &HeaderMap) -> Shown {
    Shown {
        token: bearer_token(headers).map(str::to_owned),
        // What cannot be read names nobody: it is refused, and not passed over.
        acting_for: headers.get(ACTING_FOR).map(|text| text.to_str().unwrap_or_default().to_owned()),
        only_at: None,
    }
}

fn bearer_token(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
