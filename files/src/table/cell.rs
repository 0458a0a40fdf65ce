//! What a cell says, without what programs put around it.

use std::borrow::Cow;

use ledger::name::composed;

/// What a cell says: accents in one with their letters, nothing that nobody sees, no blanks around it, and neither the
/// formula (`="0123"`) nor the apostrophe (`'0123`) by which a spreadsheet was told to leave a text as it is.
pub(crate) fn said(cell: &str) -> Cow<'_, str> {
    let visible = if cell.is_ascii() { Cow::Borrowed(cell) } else { Cow::Owned(composed(cell)) };
    let trimmed = visible.trim();
    let formula = trimmed.strip_prefix('=').map(str::trim_start);
    if let Some(inside) = formula.and_then(|text| text.strip_prefix('"')).and_then(|text| text.strip_suffix('"')) {
        // Anything but one text in quotes is a formula that somebody means.
        let text = inside.replace("\"\"", "\u{1}");
        if !text.contains('"') {
            return Cow::Owned(text.replace('\u{1}', "\"").trim().to_owned());
        }
    }
    match trimmed.strip_prefix('\'') {
        Some(rest) if !rest.is_empty() && !rest.ends_with('\'') && !is_elided(rest) => {
            Cow::Owned(rest.trim_start().to_owned())
        }
        _ => match visible {
            Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
            Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
        },
    }
}

/// `'t Hof` and `'s Gravenhage` begin with an apostrophe of their own.
fn is_elided(rest: &str) -> bool {
    ["t ", "s ", "n "].iter().any(|word| rest.starts_with(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_say_what_people_see() {
        let cases = [
            ("  Fanfare de Vitré\u{a0}", "Fanfare de Vitré"),
            ("Fan\u{ad}fare de Vit\u{200b}ré\u{200e}", "Fanfare de Vitré"),
            ("\u{feff}Date", "Date"),
            ("Chloe\u{301}", "Chloé"),
            ("=\"0123\"", "0123"),
            ("= \"01/03/2024\"", "01/03/2024"),
            ("=\"dit \"\"Jo\"\"\"", "dit \"Jo\""),
            ("=\"a\"&\"b\"", "=\"a\"&\"b\""),
            ("=1+1", "=1+1"),
            ("'0123", "0123"),
            ("'=1+1", "=1+1"),
            ("'entre apostrophes'", "'entre apostrophes'"),
            ("'t Hof", "'t Hof"),
            ("'", "'"),
            ("l'Œuvre", "l'Œuvre"),
            ("12\u{202f}h\u{a0}30", "12\u{202f}h\u{a0}30"),
        ];
        for (cell, expected) in cases {
            assert_eq!(said(cell), expected, "{cell:?}");
        }
    }
}
