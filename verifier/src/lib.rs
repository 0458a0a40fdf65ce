//! The one-file verifier: a page that judges what a network hands out, in a browser without any connection.
//!
//! It is written by hand in JavaScript, and shares no line with the program's own judge (`ledger::verify`): the two read
//! the same specifications, and the system tests hold them against each other. Here its parts are put together into one
//! file, whose policy names its script and its style by their digests and allows nothing else. What is handed out has
//! neither the comments of its sources nor their indentation: it has to be small.

use std::sync::LazyLock;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use sha2::{Digest as _, Sha256};

/// The page's own scripts, in the order in which they are read: each uses only what stands before it, but for what is
/// called later.
const SCRIPTS: [&str; 13] = [
    include_str!("../page/bytes.js"),
    include_str!("../page/json.js"),
    include_str!("../page/keys.js"),
    include_str!("../page/log.js"),
    include_str!("../page/terms.js"),
    include_str!("../page/report.js"),
    include_str!("../page/trust.js"),
    include_str!("../page/signed.js"),
    include_str!("../page/status.js"),
    include_str!("../page/heads.js"),
    include_str!("../page/statement.js"),
    include_str!("../page/badge.js"),
    include_str!("../page/files.js"),
];
const FIGURES: &str = include_str!("../page/figures.js");
const SCREEN: &str = include_str!("../page/screen.js");
const STYLE: &str = include_str!("../page/style.css");
const PAGE: &str = include_str!("../page/verifier.html");
/// The names that the contexts define which a network's documents use; a test makes them from the contexts themselves.
const TERMS: &str = include_str!("../page/terms.json");
/// By others: `vendor/SOURCES.md` says by whom. It stands above our own scripts, which stand in a block, so that no name
/// of the one is a name of the other.
const ED25519: &str = include_str!("../vendor/noble-ed25519/index.js");
const ED25519_LICENCE: &str = include_str!("../vendor/noble-ed25519/LICENSE");

/// How a remark begins behind code.
const REMARK: &str = " // ";

/// The name under which the page is kept as a file.
pub const FILE_NAME: &str = "verifier.html";

/// The page, whole.
pub fn page() -> &'static str {
    &VERIFIER.page
}

/// The policy that the page states itself, and that it is served with: no connection, nothing but what stands in it.
pub fn policy() -> &'static str {
    &VERIFIER.policy
}

struct Verifier {
    page: String,
    policy: String,
}

static VERIFIER: LazyLock<Verifier> = LazyLock::new(|| {
    let (script, style) = (script(), plain(STYLE, "/*"));
    let policy = format!(
        "default-src 'none'; script-src {}; style-src {}; connect-src 'none'; form-action 'none'; base-uri 'none'",
        digest(&script),
        digest(&style)
    );
    let page = plain(PAGE, "<!--").replace("{{policy}}", &policy).replace("{{style}}", &style);
    Verifier { page: page.replace("{{script}}", &script), policy }
});

fn script() -> String {
    let own = SCRIPTS.into_iter().chain([FIGURES, SCREEN]).map(|script| plain(script, "//")).collect::<String>();
    let own = own.replace("{{terms}}", TERMS.trim());
    format!("/*\n{ED25519_LICENCE}*/\n{}{{\n{own}}}\n", plain(&library(), "//"))
}

/// The library without what it remarks behind its code.
fn library() -> String {
    let bare = |line: &'static str| line.split_once(REMARK).map_or(line, |(code, _)| code);
    ED25519.lines().flat_map(|line| [bare(line), "\n"]).collect()
}

/// A source without its comments, where these have lines of their own, and without its indentation.
fn plain(source: &str, comment: &str) -> String {
    let lines = source.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with(comment));
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// A text as the policy names it.
fn digest(text: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)))
}

#[cfg(test)]
mod tests;
