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
        Some(rest) if rest.starts_with(FORMULAS) || rest.starts_with('\'') || is_marked(rest) => {
            Cow::Owned(rest.trim_start().to_owned())
        }
        _ => match visible {
            Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
            Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
        },
    }
}

/// What begins a formula in a spreadsheet, or hides one from whoever looks at the text.
const FORMULAS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A cell for a table that a spreadsheet may open: what would run as a formula there has an apostrophe before it, which
/// the spreadsheet does not show and reading takes away again. A number stays a number.
pub fn harmless(cell: &str) -> Cow<'_, str> {
    let is_number = cell.starts_with(['+', '-'])
        && cell.chars().skip(1).all(|letter| letter.is_ascii_digit() || matches!(letter, '.' | ',' | ' ' | '\u{a0}'));
    let is_run = cell.starts_with(FORMULAS) && !is_number;
    let is_taken_away = cell.starts_with('\'') && said(cell) != cell;
    if is_run || is_taken_away { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

/// `'t Hof` and `'s Gravenhage` begin with an apostrophe of their own.
fn is_marked(rest: &str) -> bool {
    let is_elided = ["t ", "s ", "n "].iter().any(|word| rest.starts_with(word));
    !rest.is_empty() && !rest.ends_with('\'') && !is_elided
}

/// A number without the decimals that a spreadsheet gave it.
pub(crate) fn plain(text: &str) -> &str {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match text.split_once(['.', ',']) {
        Some((whole, decimals)) if digits(whole) && digits(decimals) && decimals.bytes().all(|it| it == b'0') => whole,
        _ => text,
    }
}

/// A number of so many digits whose first zero, or the blanks and decimals that a spreadsheet put in, are not to be
/// taken at their word. `None` where nothing is lost.
pub(crate) fn with_first_zero(text: &str, digits: usize) -> Option<String> {
    let compact: String = text.chars().filter(|letter| !letter.is_whitespace()).collect();
    let bare = plain(&compact);
    if !bare.bytes().all(|byte| byte.is_ascii_digit()) || bare.is_empty() {
        return None;
    }
    let zeros = digits.checked_sub(bare.len())?;
    match zeros {
        0 if bare.len() != compact.len() => Some(bare.to_owned()),
        1 => Some(format!("0{bare}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_runs_in_a_spreadsheet_and_each_comes_back() {
        for text in [
            "=HYPERLINK(\"http://x\";\"y\")",
            "@SUM(1+1)",
            "+cmd",
            "-2+3",
            "=1+1'",
            "'=x",
            "'abc",
            "''",
            "'t Hof",
            "'entre apostrophes'",
            "Les Amis",
            "-12,50",
            "+33 2 99 00 11 22",
        ] {
            let out = harmless(text);
            let is_number = matches!(text, "-12,50" | "+33 2 99 00 11 22");
            assert!(is_number || !out.starts_with(FORMULAS), "{out}");
            assert_eq!(said(&out), text, "{out}");
        }
        assert_eq!(harmless("\t=1"), "'\t=1");
    }

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

    #[test]
    fn a_first_zero_comes_back() {
        assert_eq!(with_first_zero("16979006", 9), Some("016979006".to_owned()));
        assert_eq!(with_first_zero("116979006.0", 9), Some("116979006".to_owned()));
        assert_eq!(with_first_zero("1053", 5), Some("01053".to_owned()));
        assert_eq!(with_first_zero("35360", 5), None);
        assert_eq!(with_first_zero("299001122", 10), Some("0299001122".to_owned()));
        assert_eq!(with_first_zero("2A004", 5), None);
        assert_eq!(with_first_zero("12", 9), None);
    }
}
