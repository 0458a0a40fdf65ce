//! The door of people: a session in a cookie, the name in which they act in the address, and forms of our own alone.

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, Uri, header},
};
use ledger::Language;
use service::{
    Place,
    doors::{Door, Shown},
    language as accepted,
    problem::{Problem, Refusal},
};

/// Where people get in.
pub(crate) const PEOPLE: Door = Door { look, check };

/// So long a browser keeps a session's cookie, in seconds; the session itself may end earlier.
const KEPT_SECONDS: u32 = 400 * 24 * 3_600;

fn look(request: &Request) -> Shown {
    let place = request.extensions().get::<Place>().cloned().unwrap_or_default();
    Shown {
        token: session(request.headers(), &place),
        acting_for: acting_for(request.uri().path()),
        only_at: Some(place),
    }
}

/// The name in which somebody acts on a page, as callers write it.
fn acting_for(path: &str) -> Option<String> {
    let mut parts = path.split('/').skip(1);
    match parts.next()? {
        "a" => parts.next().map(|name| format!("association:{name}")),
        "c" => Some("coordinator".to_owned()),
        "m" => Some("mediator".to_owned()),
        "me" => Some("oneself".to_owned()),
        _ => None,
    }
}

/// A form is one of ours: the browser says that it comes from a page of this host. What only reads may come from
/// anywhere; so may what [`is_its_own_secret`].
fn check(request: &Request) -> Result<(), Problem> {
    if [Method::GET, Method::HEAD].contains(request.method()) || is_its_own_secret(request.uri()) {
        return Ok(());
    }
    let text = |name| request.headers().get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let is_ours = match (text("sec-fetch-site"), text(header::ORIGIN.as_str()), text(header::HOST.as_str())) {
        (Some(site), _, _) => site == "same-origin",
        (None, Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, from)| from == host),
        (None, _, _) => false,
    };
    if is_ours { Ok(()) } else { Err(Problem::new(Refusal::ComesFromElsewhere)) }
}

/// A mail provider's one-click unsubscribe (RFC 8058): the address is its secret, and does nothing else.
fn is_its_own_secret(uri: &Uri) -> bool {
    uri.path().starts_with("/unsubscribe/")
}

/// The language that somebody chose, else the one that their browser asks for.
pub(crate) fn language(headers: &HeaderMap) -> Language {
    match cookie(headers, LANGUAGE) {
        Some("fr") => Language::French,
        Some("en") => Language::English,
        _ => accepted::preferred(headers),
    }
}

const LANGUAGE: &str = "language";

/// The cookie that remembers a language.
pub(crate) fn language_cookie(language: Language) -> String {
    let tag = language.as_str();
    format!("{LANGUAGE}={tag}; Path=/; Max-Age={KEPT_SECONDS}; HttpOnly; SameSite=Lax")
}

/// The name of the cookie with the session: each network's its own, since browsers keep them by host; only over an
/// encrypted connection, but for whoever sits at this machine.
fn session_cookie(place: &Place) -> String {
    kept_under("coudemain", place)
}

/// The name under which a browser keeps something for a network.
fn kept_under(what: &str, place: &Place) -> String {
    let slug = place.slug.as_ref().map(|slug| format!("-{slug}")).unwrap_or_default();
    let host = if place.is_loopback() { "" } else { "__Host-" };
    format!("{host}{what}{slug}")
}

/// The cookie that opens a session.
pub(crate) fn opening(place: &Place, secret: &str) -> String {
    set(&session_cookie(place), secret, KEPT_SECONDS, place)
}

/// The cookie that ends one.
pub(crate) fn closing(place: &Place) -> String {
    set(&session_cookie(place), "", 0, place)
}

/// What a browser keeps for a while to sign in with: its own secret, which the digits of a mail are bound to.
pub(crate) const BROWSER: Keepsake = Keepsake { name: "browser", seconds: 20 * 60 };
/// The letters of the cards that were just printed, which are told nowhere else: a reload shows the sheet again.
pub(crate) const PRINTED: Keepsake = Keepsake { name: "printed", seconds: 10 * 60 };

/// The secret of the link that an association just made: its poster can be shown again.
pub(crate) const SHOWN_LINK: Keepsake = Keepsake { name: "link", seconds: 10 * 60 };

/// Something that a browser keeps for a network for a while.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Keepsake {
    name: &'static str,
    seconds: u32,
}

impl Keepsake {
    /// What a browser kept.
    pub(crate) fn of<'a>(&self, headers: &'a HeaderMap, place: &Place) -> Option<&'a str> {
        cookie(headers, &kept_under(self.name, place))
    }

    /// The cookie that has it kept.
    pub(crate) fn keep(&self, value: &str, place: &Place) -> String {
        set(&kept_under(self.name, place), value, self.seconds, place)
    }
}

/// What a browser shows at this door, whichever page it asks for.
pub(crate) fn session(headers: &HeaderMap, place: &Place) -> Option<String> {
    cookie(headers, &session_cookie(place)).map(str::to_owned)
}

fn set(name: &str, value: &str, seconds: u32, place: &Place) -> String {
    let secure = if place.is_loopback() { "" } else { "; Secure" };
    format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}")
}

fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.filter(|(found, value)| *found == name && !value.is_empty()).map(|(_, value)| value).next()
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    fn request(method: Method, path: &str, headers: &[(&str, &str)]) -> Request {
        let mut request = Request::new(Body::empty());
        *request.method_mut() = method;
        *request.uri_mut() = path.parse().unwrap();
        for (name, value) in headers {
            let name: header::HeaderName = name.parse().unwrap();
            request.headers_mut().append(name, value.parse().unwrap());
        }
        request
    }

    #[test]
    fn a_form_comes_from_a_page_of_ours() {
        for (headers, is_ours) in [
            (vec![("sec-fetch-site", "same-origin")], true),
            (vec![("sec-fetch-site", "same-site")], false),
            (vec![("sec-fetch-site", "cross-site"), ("origin", "https://a.fr"), ("host", "a.fr")], false),
            (vec![("sec-fetch-site", "none")], false),
            (vec![("origin", "https://a.fr"), ("host", "a.fr")], true),
            (vec![("origin", "http://127.0.0.1:8080"), ("host", "127.0.0.1:8080")], true),
            (vec![("origin", "https://b.fr"), ("host", "a.fr")], false),
            (vec![("origin", "null"), ("host", "a.fr")], false),
            (vec![("host", "a.fr")], false),
        ] {
            assert_eq!(check(&request(Method::POST, "/a/1/note", &headers)).is_ok(), is_ours, "{headers:?}");
            assert!(check(&request(Method::GET, "/a/1/note", &headers)).is_ok());
            assert!(check(&request(Method::POST, "/unsubscribe/x", &headers)).is_ok());
        }
    }

    #[test]
    fn the_address_says_for_whom_and_the_cookie_of_the_network_who() {
        let mut asked = request(Method::GET, "/a/0d3b/note", &[("cookie", "x=1; coudemain=one; coudemain-vitre=two")]);
        asked.extensions_mut().insert(Place { slug: None, host: Some("localhost".to_owned()) });
        let shown = look(&asked);
        assert_eq!(shown.acting_for.as_deref(), Some("association:0d3b"));
        assert_eq!(shown.token.as_deref(), Some("one"));
        asked.extensions_mut().insert(Place { slug: Some("vitre".to_owned()), host: Some("localhost".to_owned()) });
        assert_eq!(look(&asked).token.as_deref(), Some("two"));
        asked.extensions_mut().insert(Place { slug: None, host: Some("exemple.fr".to_owned()) });
        assert_eq!(look(&asked).token, None, "over the net only what was kept for this host alone");
    }
}
