//! Who asked, as it stands in a row.

use ledger::{PersonNumber, command::Principal};

/// A principal as it is stored.
pub(crate) fn principal_text(principal: Principal) -> String {
    match principal {
        Principal::Operator => "operator".to_owned(),
        Principal::Person(PersonNumber(number)) => format!("person:{number}"),
    }
}

/// The principal of a row.
pub(crate) fn principal_from(text: &str) -> Option<Principal> {
    match text.strip_prefix("person:") {
        Some(number) => number.parse().ok().map(|number| Principal::Person(PersonNumber(number))),
        None => (text == "operator").then_some(Principal::Operator),
    }
}
