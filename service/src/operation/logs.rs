//! A line of JSON for every request and every fault, without anything personal: no query, no body, no address.

use std::io::Write as _;

use chrono::{SecondsFormat, Utc};
use ledger::clock::{Clock, SystemClock};
use serde_json::json;

/// What is told of a request.
#[derive(Debug)]
pub(crate) struct Line<'a> {
    pub(crate) request_id: &'a str,
    pub(crate) method: &'a str,
    /// The address's pattern: names in it are not told.
    pub(crate) route: &'a str,
    pub(crate) status: u16,
    pub(crate) micros: u64,
    /// The token's name, which is no secret.
    pub(crate) token: Option<String>,
    pub(crate) problem: Option<String>,
}

/// Tells of a request.
pub(crate) fn request(line: &Line<'_>) {
    tell(&json!({
        "at": now(),
        "request_id": line.request_id,
        "method": line.method,
        "route": line.route,
        "status": line.status,
        "micros": line.micros,
        "token": line.token,
        "problem": line.problem,
    }));
}

/// Tells of something that whoever runs the service should look at.
pub(crate) fn fault(what: &str) {
    tell(&json!({ "at": now(), "fault": what }));
}

/// Tells that something begins or ends.
pub(crate) fn event(what: &str) {
    tell(&json!({ "at": now(), "event": what }));
}

fn now() -> String {
    let now: chrono::DateTime<Utc> = SystemClock.now();
    now.to_rfc3339_opts(SecondsFormat::Micros, true)
}

fn tell(line: &serde_json::Value) {
    // A log that nobody can read stops nothing.
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}
