//! What reports are set from: columns, bars, and counts with their nouns.

use std::fmt::Display;

use ledger::Language;

/// How a column is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Words.
    Left,
    /// Figures.
    Right,
}

/// A table as text: columns as wide as their widest cell.
#[derive(Debug)]
pub struct Table {
    header: Vec<String>,
    align: Vec<Align>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table without rows, under these names of columns.
    pub fn new(columns: &[(&str, Align)]) -> Self {
        Self {
            header: columns.iter().map(|(name, _)| (*name).to_owned()).collect(),
            align: columns.iter().map(|(_, align)| *align).collect(),
            rows: Vec::new(),
        }
    }

    /// Adds a row.
    pub fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }
}

impl std::fmt::Display for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let lines = || std::iter::once(&self.header).chain(&self.rows);
        let width = |column: usize| {
            lines().filter_map(|line| line.get(column)).map(|cell| cell.chars().count()).max().unwrap_or_default()
        };
        let widths: Vec<_> = (0..self.header.len()).map(width).collect();
        for line in lines() {
            let cells = line.iter().zip(&self.align).zip(&widths).map(|((cell, align), width)| match align {
                Align::Left => format!("{cell:<width$}"),
                Align::Right => format!("{cell:>width$}"),
            });
            writeln!(f, "{}", cells.collect::<Vec<_>>().join("  ").trim_end())?;
        }
        Ok(())
    }
}

/// A bar of eighths of a character, `value` out of `most` over `width` characters.
pub fn bar(value: u64, most: u64, width: u64) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let eighths = if most == 0 { 0 } else { (value.min(most) * width * 8).div_ceil(most) };
    let whole = usize::try_from(eighths / 8).unwrap_or_default();
    let rest = usize::try_from(eighths % 8).unwrap_or_default();
    format!("{}{}", "█".repeat(whole), EIGHTHS[rest])
}

/// A count with its noun, in the singular or the plural.
pub fn count<N: Copy + Display + PartialEq + From<u8>>(
    number: N,
    language: Language,
    french: (&str, &str),
    english: (&str, &str),
) -> String {
    let is_one = number == N::from(1);
    let noun = match language {
        Language::French if is_one || number == N::from(0) => french.0,
        Language::French => french.1,
        Language::English if is_one => english.0,
        Language::English => english.1,
    };
    format!("{number} {noun}")
}

/// How many there are beside those that are shown: “3 autres”.
pub fn more<N: Copy + Display + PartialEq + From<u8>>(number: N, language: Language) -> String {
    count(number, language, ("autre", "autres"), ("more", "more"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_not_several() {
        let badges = |number: u64, language| count(number, language, ("badge", "badges"), ("badge", "badges"));
        assert_eq!([0, 1, 2].map(|number| badges(number, Language::French)), ["0 badge", "1 badge", "2 badges"]);
        assert_eq!([0, 1, 2].map(|number| badges(number, Language::English)), ["0 badges", "1 badge", "2 badges"]);
        assert_eq!([1, 2].map(|number| more(number, Language::French)), ["1 autre", "2 autres"]);
    }

    #[test]
    fn bars_are_proportional() {
        assert_eq!(bar(0, 10, 10), "");
        assert_eq!(bar(5, 10, 10), "█████");
        assert_eq!(bar(10, 10, 10), "██████████");
        assert_eq!(bar(1, 16, 10), "▋");
        assert_eq!(bar(3, 0, 10), "");
    }
}
