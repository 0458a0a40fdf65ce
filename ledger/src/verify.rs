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
mod svg;
mod trust;

mod histories;
mod signed;

mod pins;

mod witnesses;
mod log;

mod status;

mod badge;
mod succession;

mod statement;

mod credential;
#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};

pub use envelope::from_pdf;
pub use pins::{Pins, Remembered};
pub use report::{Check, Conclusion, Fact, Headline, Kind, Report, Stranger, Verdict};
pub use svg::from_svg;
pub use trust::Trust;

use envelope::Pdf;
use sha2::{Digest as _, Sha256};
use svg::Image;

use crate::{Digest, checkpoint::consistency_in};

/// No file that a network hands out has more bytes: longer ones need not be read.
pub const FILE_MOST: usize = 32 << 20;

/// A larger document is not printed again to compare the pages.
const REPRINTED_MOST: usize = 512 << 10;

/// What printing the signed document again came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reprint {
    /// It gives the same bytes.
    Same,
    /// It gives others, or cannot be printed.
    Another,
    /// It was not tried.
    NotTried,
}

/// Prints a signed document again and holds a PDF against that: the document, then the PDF.
pub type Reprints<'a> = &'a dyn Fn(&[u8], &[u8]) -> Reprint;

/// Checks the bytes of a file: a statement, badge (JSON or SVG), passport, PDF, checkpoint, proof or status list. The pages
/// of a PDF are not looked at.
pub fn verify(bytes: &[u8], trust: &Trust, now: DateTime<Utc>) -> Report {
    verify_with(bytes, trust, now, &|_, _| Reprint::NotTried)
}

/// The same; the pages of a PDF are held against the document attached to it, printed again.
pub fn verify_with(bytes: &[u8], trust: &Trust, now: DateTime<Utc>, reprints: Reprints<'_>) -> Report {
    if bytes.len() > FILE_MOST {
        let most = FILE_MOST >> 20;
        return Report::unreadable(
            format!("ce fichier est trop grand : plus de {most} Mio, ce qu'aucun réseau ne remet"),
            format!("this file is too large: more than {most} MiB, which no network hands out"),
        );
    }
    if bytes.starts_with(b"%PDF-") {
        return match Pdf::read(bytes) {
            Ok(pdf) => {
                let mut report = in_envelope(&pdf.signed, trust, now, ("joint au PDF", "attached to the PDF"));
                pages(&mut report, &pdf, bytes, reprints);
                report
            }
            Err(problem) => Report::unreadable(problem.french(), problem.english()),
        };
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Report::unreadable("ce fichier n'est ni du texte ni un PDF", "this file is neither text nor a PDF");
    };
    let start = text.trim_start_matches('\u{feff}').trim_start();
    if start.starts_with('<') {
        return match Image::read(text) {
            Ok(image) => {
                let badge = image.credential.as_bytes();
                let mut report = in_envelope(badge, trust, now, ("contenu dans l'image", "baked into the image"));
                badge::drawn(&mut report, text, &image);
                report
            }
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
    if let Some(hashes) = consistency_in(bytes, None) {
        return log::consistency(&hashes, trust, now);
    }
    Report::unreadable(
        "ni relevé, ni badge, ni preuve, ni point de contrôle : ce fichier n'est pas reconnu, ou il est tronqué",
        "no statement, badge, proof or checkpoint: this file is not known, or it is cut short",
    )
}

/// What is signed is the attached document. The pages are for reading, and anybody can draw them: they are the network's
/// where the document, printed again, gives the same file.
fn pages(report: &mut Report, pdf: &Pdf, bytes: &[u8], reprints: Reprints<'_>) {
    let digest = Digest(Sha256::digest(&pdf.signed).into()).to_hex();
    let groups: Vec<_> = digest.as_bytes().chunks(8).filter_map(|group| std::str::from_utf8(group).ok()).collect();
    let digest = groups.join(" ");
    report.say(
        Verdict::Holds,
        "digest",
        format!("l'empreinte du document joint, que la page doit porter : {digest}"),
        format!("the digest of the attached document, which the page has to bear: {digest}"),
    );
    // Whoever may be anybody could keep the typesetter busy.
    let is_tried = report.conclusion() == Conclusion::Trusted && pdf.signed.len() <= REPRINTED_MOST;
    let (french, english) = match if is_tried { reprints(&pdf.signed, bytes) } else { Reprint::NotTried } {
        Reprint::Same => {
            return report.say(
                Verdict::Holds,
                "pages",
                "les pages sont celles que ce programme imprime du document joint, octet pour octet",
                "the pages are those that this program prints of the attached document, byte for byte",
            );
        }
        Reprint::Another => (
            "les pages ne sont pas celles que cette version imprime du document joint, qui seul est signé : comparez les \
             chiffres imprimés avec ceux-ci",
            "the pages are not those that this version prints of the attached document, which alone is signed: compare the \
             printed figures with these",
        ),
        Reprint::NotTried => (
            "seul le document joint est signé : comparez les chiffres imprimés avec ceux-ci",
            "the attached document alone is signed: compare the printed figures with these",
        ),
    };
    report.say(Verdict::Unknown, "pages", french, english);
    let Pdf { updates, others, foreign, signed: _ } = pdf;
    if *updates > 0 {
        report.say(
            Verdict::Unknown,
            "pages",
            format!("ce PDF a été modifié après coup ({updates} fois)"),
            format!("this PDF was changed after it was made ({updates} times)"),
        );
    }
    if *others > 0 {
        report.say(
            Verdict::Unknown,
            "pages",
            format!("ce PDF porte aussi d'autres fichiers ({others}), que personne n'a signés"),
            format!("other files are attached to this PDF, too ({others}), which nobody signed"),
        );
    }
    if let Some(foreign) = foreign {
        report.say(
            Verdict::Unknown,
            "pages",
            format!("ce PDF n'est pas construit comme ceux d'un réseau : il contient « {foreign} »"),
            format!("this PDF is not built as those of a network: it holds “{foreign}”"),
        );
    }
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
