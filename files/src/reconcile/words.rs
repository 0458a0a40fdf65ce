//! What findings are called, and what they come to in a sentence: the same words in every form of a report.

use ledger::{
    Language,
    exchange::Side,
    reconcile::{Finding, date_in_words},
};

use super::report::{ToSettle, Totals};
use crate::text::{count, more};

/// "107 lignes : 92 concordent, 7 autre durée…".
pub fn summary(totals: &Totals, language: Language) -> String {
    let matched = totals.count(Finding::Matched);
    let mut parts = vec![count(matched, language, ("concorde", "concordent"), ("agrees", "agree"))];
    for finding in Finding::ALL.iter().filter(|finding| !matches!(finding, Finding::Matched | Finding::Ignored)) {
        let count = totals.count(*finding);
        if count > 0 {
            let plural = if count > 1 { called_plural(*finding, language) } else { called(*finding, language) };
            parts.push(format!("{count} {plural}"));
        }
    }
    if totals.missing_in_file > 0 {
        let count = totals.missing_in_file;
        parts.push(language.pick(format!("{count} pas dans le carnet"), format!("{count} not in the notebook")));
    }
    let lines = count(totals.lines, language, ("ligne", "lignes"), ("line", "lines"));
    language.pick(format!("{lines} : {}", parts.join(", ")), format!("{lines}: {}", parts.join(", ")))
}

/// The first things to settle with somebody, and how many more.
pub fn listed(what: &ToSettle, language: Language) -> String {
    let mut listed = what.first.join(", ");
    let unlisted = what.count - what.first.len();
    if unlisted > 0 {
        listed.push_str(&format!(" {} {}", language.pick("et", "and"), more(unlisted, language)));
    }
    listed
}

/// What a finding is called.
pub const fn called(finding: Finding, language: Language) -> &'static str {
    let (french, english) = match finding {
        Finding::Matched => ("concorde", "agrees"),
        Finding::AmountDiffers => ("autre durée", "other amount"),
        Finding::DateDiffers => ("autre date", "other date"),
        Finding::DirectionDiffers => ("sens inverse", "other direction"),
        Finding::Duplicate => ("en double", "twice"),
        Finding::MissingInLedger => ("pas au registre", "not in the ledger"),
        Finding::AmbiguousPartner => ("partenaire ?", "which partner?"),
        Finding::Unreadable => ("illisible", "unreadable"),
        Finding::Waiting => ("en attente", "waiting"),
        Finding::Reversed => ("annulé", "reversed"),
        Finding::TotalDiffers => ("autre total", "other total"),
        Finding::Ignored => ("passée", "passed over"),
    };
    match language {
        Language::French => french,
        Language::English => english,
    }
}

/// What several of them are called.
pub const fn called_plural(finding: Finding, language: Language) -> &'static str {
    match (finding, language) {
        (Finding::AmountDiffers, Language::French) => "autres durées",
        (Finding::AmountDiffers, Language::English) => "other amounts",
        (Finding::DateDiffers, Language::French) => "autres dates",
        (Finding::DateDiffers, Language::English) => "other dates",
        (Finding::DirectionDiffers, Language::English) => "other directions",
        (Finding::Reversed, Language::French) => "annulés",
        (Finding::TotalDiffers, Language::French) => "autres totaux",
        (Finding::TotalDiffers, Language::English) => "other totals",
        (Finding::AmbiguousPartner, Language::French) => "partenaires ?",
        (Finding::AmbiguousPartner, Language::English) => "unclear partners",
        (Finding::Unreadable, Language::French) => "illisibles",
        (Finding::Ignored, Language::French) => "passées",
        (finding, language) => called(finding, language),
    }
}

/// A sign that tells findings apart without colours.
pub const fn sign(finding: Finding) -> &'static str {
    match finding {
        Finding::Matched => "=",
        Finding::AmountDiffers | Finding::DateDiffers | Finding::DirectionDiffers | Finding::TotalDiffers => "≠",
        Finding::Duplicate => "2",
        Finding::MissingInLedger => "+",
        Finding::Waiting => "…",
        Finding::Reversed => "×",
        Finding::AmbiguousPartner => "?",
        Finding::Unreadable => "!",
        Finding::Ignored => "·",
    }
}

/// A date of a report as people read it.
pub fn shown_date(iso: &str, language: Language) -> String {
    iso.parse().map_or_else(|_| iso.to_owned(), |date| date_in_words(date, language))
}

/// Which way help went, as programs read it.
pub const fn direction(side: Side) -> &'static str {
    match side {
        Side::Giver => "given",
        Side::Receiver => "received",
    }
}
