//! What stands between two cells of a text.

use super::records::Records;

/// The separator that a first line `sep=;` names, as Excel reads and writes it, and what follows that line.
pub(super) fn declared_separator(text: &str) -> Option<(u8, &str)> {
    let (separator, rest) = text.strip_prefix("sep=")?.split_once('\n')?;
    match separator.trim_end().as_bytes() {
        [separator] => Some((*separator, rest)),
        _ => None,
    }
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
