//! A line of JSON for every request and every fault, without anything personal: no query, no body, no address.

use std::fmt::Write as _;
use std::io::Write as _;

use chrono::{SecondsFormat, Utc};
use ledger::{
    clock::{Clock, SystemClock},
    printable::is_unreadable,
};
use serde_json::json;

/// What is told of a request.
#[derive(Debug)]
pub struct Line<'a> {
    /// The request's name.
    pub request_id: &'a str,
    /// Its method.
    pub method: &'a str,
    /// The address's pattern: names in it are not told.
    pub route: &'a str,
    /// What was answered.
    pub status: u16,
    /// How long it took, in µs.
    pub micros: u64,
    /// The token's name, which is no secret.
    pub token: Option<String>,
    /// Which problem, if there was one.
    pub problem: Option<String>,
}

/// Tells of a request.
pub fn request(line: &Line<'_>) {
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
pub fn fault(what: &str) {
    tell(&json!({ "at": now(), "fault": what }));
}

/// Tells that something begins or ends.
pub fn event(what: &str) {
    tell(&json!({ "at": now(), "event": what }));
}

fn now() -> String {
    let now: chrono::DateTime<Utc> = SystemClock.now();
    now.to_rfc3339_opts(SecondsFormat::Micros, true)
}

fn tell(line: &serde_json::Value) {
    // A log that nobody can read stops nothing.
    let _ = writeln!(std::io::stderr().lock(), "{}", harmless(&line.to_string()));
}

/// JSON in which what would steer a terminal stands by its number, as JSON has it.
fn harmless(json: &str) -> String {
    let mut harmless = String::with_capacity(json.len());
    for letter in json.chars() {
        if is_unreadable(letter) {
            for unit in letter.encode_utf16(&mut [0; 2]) {
                let _ = write!(harmless, "\\u{unit:04x}");
            }
        } else {
            harmless.push(letter);
        }
    }
    harmless
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_the_same_and_steers_nothing() {
        let line = json!({ "fault": "a\u{1b}b\u{9b}c\u{202e}d\u{10fffd}é🎉" });
        let told = harmless(&line.to_string());
        assert!(!told.contains(is_unreadable), "{told}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&told).unwrap(), line);
    }
}
