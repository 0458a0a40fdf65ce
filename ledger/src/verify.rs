//! Checks what a network handed out, without asking it: signature, issuer, dates, place in the log, arithmetic.
//!
//! ```
//! use ledger::verify::{Trust, verify};
//! let signed = br#"{"type":["VerifiableCredential"],"credentialSubject":{"hours":12}}"#;
//! let report = verify(signed, &Trust::default(), "2026-01-01T00:00:00Z".parse()?);
//! assert!(!report.holds(), "nobody signed it");
//! # Ok::<(), chrono::ParseError>(())
//! ```
//!
//! Nothing is fetched. What cannot be known from the files at hand is said as such, not passed over.

mod envelope;
mod report;
mod trust;

mod signed;

mod badge;
mod log;

mod statement;

mod credential;
#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};

use envelope::pdf_updates;
pub use envelope::{from_pdf, from_svg};
pub use report::{Check, Conclusion, Fact, Kind, Report, Stranger, Verdict};
pub use trust::Trust;

/// No file that a network hands out has more bytes: longer ones need not be read.
pub const FILE_MOST: usize = 32 << 20;

/// Checks the bytes of a file: a statement, badge (JSON or SVG), passport, PDF, checkpoint, proof or status list.
pub fn verify(bytes: &[u8], trust: &Trust, now: DateTime<Utc>) -> Report {
    if bytes.len() > FILE_MOST {
        let most = FILE_MOST >> 20;
        return Report::unreadable(
            format!("ce fichier est trop grand : plus de {most} Mio, ce qu'aucun réseau ne remet"),
            format!("this file is too large: more than {most} MiB, which no network hands out"),
        );
    }
    if bytes.starts_with(b"%PDF-") {
        return match from_pdf(bytes) {
            Ok(json) => pages(in_envelope(&json, trust, now, ("joint au PDF", "attached to the PDF")), bytes),
            Err(problem) => Report::unreadable(problem.french(), problem.english()),
        };
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Report::unreadable("ce fichier n'est ni du texte ni un PDF", "this file is neither text nor a PDF");
    };
    let start = text.trim_start_matches('\u{feff}').trim_start();
    if start.starts_with('<') {
        return match from_svg(text) {
            Ok(json) => in_envelope(json.as_bytes(), trust, now, ("contenu dans l'image", "baked into the image")),
            Err(problem) => Report::unreadable(problem.french(), problem.english()),
        };
    }
    if start.starts_with("c2sp.org/tlog-proof@v1") {
        return log::inclusion(text, trust, now);
    }
    if start.starts_with('{') {
        return credential::verify(bytes, trust, now);
    }
    if let Some(report) = log::checkpoint(text, trust, now) {
        return report;
    }
    Report::unreadable(
        "ni relevé, ni badge, ni preuve, ni point de contrôle : ce fichier n'est pas reconnu, ou il est tronqué",
        "no statement, badge, proof or checkpoint: this file is not known, or it is cut short",
    )
}

/// What is signed is the attached document. The pages are for reading, and anybody can draw them.
fn pages(mut report: Report, pdf: &[u8]) -> Report {
    report.say(
        Verdict::Unknown,
        "pages",
        "seul le document joint est signé : comparez ce que les pages impriment avec ce qui est dit ici",
        "the attached document alone is signed: hold what the pages print against what is said here",
    );
    let updates = pdf_updates(pdf);
    if updates > 0 {
        report.say(
            Verdict::Unknown,
            "pages",
            format!("ce PDF a été modifié après coup ({updates} fois)"),
            format!("this PDF was changed after it was made ({updates} times)"),
        );
    }
    report
}

fn in_envelope(json: &[u8], trust: &Trust, now: DateTime<Utc>, place: (&str, &str)) -> Report {
    let mut report = credential::verify(json, trust, now);
    report.say_first(
        Verdict::Holds,
        "envelope",
        format!("le document signé est {}", place.0),
        format!("the signed document is {}", place.1),
    );
    report
}
