//! What stands between two cells of a text.

use super::records::Records;

/// What a first line `sep=;` says, as Excel reads and writes it: the separator, and what follows that line. In quotes,
/// in capitals, or filled up with empty cells by the program that saved it, it says the same.
pub(super) struct Declared<'a> {
    /// The separator, where the line names one that a table can have.
    pub(super) separator: Option<u8>,
    pub(super) rest: &'a str,
}

/// The first line, where it is about the separator.
pub(super) fn declared_separator(text: &str) -> Option<Declared<'_>> {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let first = first.trim_end_matches('\r').trim_start_matches([' ', '"', '\u{feff}']);
    let word = first.get(..3).filter(|word| word.eq_ignore_ascii_case("sep"))?;
    let named = first[word.len()..].trim_start_matches(' ').strip_prefix('=')?;
    // What else stands in the line may only be quotes, blanks and the sign itself.
    let is_sign = |letter: &char| !letter.is_alphanumeric() && letter.is_ascii() && !matches!(letter, '"' | ' ' | '\'');
    let separator = match named.trim_matches(['"', ' ']) {
        "\\t" | "tab" | "TAB" => Some(b'\t'),
        _ => named.chars().find(is_sign).and_then(|sign| u8::try_from(sign).ok()),
    };
    let is_all = |sign: u8| named.chars().all(|letter| matches!(letter, '"' | ' ') || letter == char::from(sign));
    let is_tab_in_letters = named.contains('t') || named.contains('T');
    let separator = separator.filter(|sign| is_all(*sign) || (*sign == b'\t' && is_tab_in_letters));
    let is_blank = named.chars().all(|letter| matches!(letter, '"' | ' '));
    let rest = rest.trim_start_matches('\u{feff}');
    (separator.is_some() || is_blank).then_some(Declared { separator, rest })
}

/// The separator of a table and where the table begins: as its first line says, unless that cuts nothing and another
/// does; else as `guess` finds.
pub(super) fn separated(text: &str, guess: fn(&str) -> u8) -> (u8, u64, &str) {
    let Some(Declared { separator, rest }) = declared_separator(text) else { return (guess(text), 1, text) };
    let cuts = |separator: &u8| {
        let records = Records { rest, line: 1, separator: *separator };
        records.map_while(Result::ok).take(20).any(|row| row.cells.len() > 1)
    };
    (separator.filter(cuts).unwrap_or_else(|| guess(rest)), 2, rest)
}

/// The separator that cuts the first lines most evenly: into as many cells as the header, and more than one.
pub(super) fn likely_separator(text: &str) -> u8 {
    const LEAST_LIKELY_FIRST: [u8; 4] = *b"|,\t;";
    const LINES: usize = 50;
    let evenness = |separator: &u8| {
        let records = Records { rest: text, line: 1, separator: *separator };
        let mut widths =
            records.map_while(Result::ok).filter(|row| row.width() > 0).map(|row| row.cells.len()).take(LINES);
        let header = widths.next().unwrap_or(0);
        (header > 1, widths.filter(|&width| width == header).count(), header.max(1))
    };
    LEAST_LIKELY_FIRST.into_iter().max_by_key(evenness).unwrap_or(b';')
}

/// The separator that cuts most lines into the same number of cells, more than one.
pub(super) fn usual_separator(text: &str) -> u8 {
    const LEAST_LIKELY_FIRST: [u8; 4] = *b"|,\t;";
    const LINES: usize = 300;
    let evenness = |separator: &u8| {
        let records = Records { rest: text, line: 1, separator: *separator };
        let mut widths = std::collections::BTreeMap::new();
        for row in records.map_while(Result::ok).take(LINES).filter(|row| row.cells.len() > 1) {
            *widths.entry(row.cells.len()).or_insert(0_usize) += 1;
        }
        widths.into_iter().map(|(width, lines)| (lines, width)).max()
    };
    LEAST_LIKELY_FIRST.into_iter().max_by_key(evenness).unwrap_or(b';')
}
