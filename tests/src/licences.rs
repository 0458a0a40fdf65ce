//! What Coudemain is made of may be handed on under its own licence, the EUPL-1.2.

use std::process::Command;

use serde_json::Value;
use spdx::{Expression, LicenseReq, ParseMode};

/// Licences that ask for no more than a notice, so that works under them may be part of one under the EUPL-1.2.
const MAY_BE_PART: [&str; 12] = [
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "OFL-1.1",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// The licence of every crate of this workspace.
const OURS: &str = "EUPL-1.2";

#[test]
fn every_dependency_may_be_part_of_a_work_under_our_licence() {
    let mut found = Vec::new();
    let packages = packages();
    assert!(packages.len() > 100, "{} packages", packages.len());
    for package in packages {
        let [name, version] = ["name", "version"].map(|key| package[key].as_str().unwrap_or_default());
        let licence = package["license"].as_str();
        let is_ours = package["source"].is_null();
        let fits = licence.is_some_and(|licence| if is_ours { licence == OURS } else { may_be_part(licence) });
        if !fits {
            found.push(format!("{name} {version}: {}", licence.unwrap_or("no licence is named")));
        }
    }
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn licences_are_told_apart() {
    for (expression, expected) in [
        ("MIT OR Apache-2.0", true),
        ("MIT/Apache-2.0", true),
        ("Apache-2.0 WITH LLVM-exception OR GPL-2.0-only", true),
        ("(MIT OR Apache-2.0) AND Unicode-3.0", true),
        ("GPL-3.0-only", false),
        ("MIT AND AGPL-3.0-only", false),
        ("LicenseRef-ours", false),
        ("", false),
    ] {
        assert_eq!(may_be_part(expression), expected, "{expression}");
    }
}

/// Whether a licence expression (SPDX) leaves a choice that fits. Some older crates write `/` for `OR`.
fn may_be_part(expression: &str) -> bool {
    let is_known = |asked: &LicenseReq| asked.license.id().is_some_and(|id| MAY_BE_PART.contains(&id.name));
    Expression::parse_mode(expression, ParseMode::LAX).is_ok_and(|expression| expression.evaluate(is_known))
}

/// What the workspace is built from, on this kind of machine and on others.
fn packages() -> Vec<Value> {
    match metadata()["packages"].take() {
        Value::Array(packages) => packages,
        other => panic!("packages: {other}"),
    }
}

/// What Cargo knows of the workspace.
pub(crate) fn metadata() -> Value {
    let run = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    serde_json::from_slice(&run.stdout).unwrap()
}
