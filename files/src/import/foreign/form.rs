//! How a program's columns become ours.

use crate::table::Row;

/// Where the cells of our columns stand in a program's export.
#[derive(Debug)]
pub(super) struct Form {
    /// The program, as people call it.
    pub(super) tool: &'static str,
    /// Our columns, each with what it is made of.
    pub(super) columns: Vec<(&'static str, Source)>,
    /// Lines that count, where not all do.
    pub(super) only_where: Option<Wanted>,
}

/// Lines that count: those with one of these folded values in a column.
#[derive(Debug)]
pub(super) struct Wanted {
    pub(super) column: usize,
    pub(super) values: &'static [&'static str],
}

/// What a cell is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Source {
    /// A cell as it stands.
    Cell(usize),
    /// The first of several that says something.
    First(Vec<usize>),
    /// Several with a blank between them, as a first and a last name.
    Joined(Vec<usize>),
    /// The day of a moment.
    Day(usize),
    /// Whole seconds, which may be below zero, as hours and minutes.
    Seconds(usize),
    /// Whole minutes.
    Minutes(usize),
    /// Decimal hours, or, without decimals, some unit that nothing tells.
    DecimalHours(usize),
    /// A name with a number in brackets behind it, its signs written as on a web page.
    Member(usize),
}

/// The cell of one of our columns.
pub(super) fn cell(row: &Row, source: &Source) -> String {
    match source {
        Source::Cell(at) => row.cell(Some(*at)).to_owned(),
        Source::First(places) => {
            let mut cells = places.iter().map(|at| row.cell(Some(*at)));
            cells.find(|cell| !cell.is_empty()).unwrap_or_default().to_owned()
        }
        Source::Joined(places) => {
            let cells = places.iter().map(|at| row.cell(Some(*at))).filter(|cell| !cell.is_empty());
            cells.collect::<Vec<_>>().join(" ")
        }
        Source::Day(at) => {
            let cell = row.cell(Some(*at));
            cell.split(['T', ' ']).next().unwrap_or_default().to_owned()
        }
        Source::Seconds(at) => hours_of_seconds(row.cell(Some(*at))),
        Source::Minutes(at) => match row.cell(Some(*at)) {
            "" => String::new(),
            minutes => format!("{minutes} min"),
        },
        Source::DecimalHours(at) => match row.cell(Some(*at)) {
            // As a duration this is read by nobody.
            cell if is_of_unknown_unit(row, source) => format!("{cell} (?)"),
            cell => cell.to_owned(),
        },
        Source::Member(at) => member(row.cell(Some(*at))),
    }
}

/// Whether nothing tells of what unit a number is.
pub(super) fn is_of_unknown_unit(row: &Row, source: &Source) -> bool {
    let Source::DecimalHours(at) = source else { return false };
    let cell = row.cell(Some(*at));
    !cell.is_empty() && !cell.contains(['.', ','])
}

/// `-5400` is an hour and a half below zero. What is no whole number of minutes stays as it is, and is refused later.
fn hours_of_seconds(cell: &str) -> String {
    match cell.parse::<i64>() {
        Ok(seconds) if seconds % 60 == 0 => {
            let minutes = seconds.unsigned_abs() / 60;
            format!("{}{}:{:02}", if seconds < 0 { "-" } else { "" }, minutes / 60, minutes % 60)
        }
        Ok(_) | Err(_) if cell.is_empty() => String::new(),
        Ok(_) | Err(_) => format!("{cell} s"),
    }
}

fn member(cell: &str) -> String {
    let text = cell.replace("&#39;", "'").replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">");
    let text = text.replace("&amp;", "&");
    let numbered = text.strip_suffix(')').and_then(|text| text.rsplit_once(" ("));
    match numbered {
        Some((name, number)) if number.bytes().all(|byte| byte.is_ascii_digit()) => name.to_owned(),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_told_as_hours() {
        for (seconds, told) in
            [("-5400", "-1:30"), ("0", "0:00"), ("360000", "100:00"), ("90", "90 s"), ("x", "x s"), ("", "")]
        {
            assert_eq!(hours_of_seconds(seconds), told);
        }
    }

    #[test]
    fn a_member_s_number_is_no_part_of_the_name() {
        for (cell, name) in [
            ("Claire Exemple (7)", "Claire Exemple"),
            ("Mar &amp; Sol (12)", "Mar & Sol"),
            ("O&#39;Neil (Paul)", "O'Neil (Paul)"),
            ("Banque du temps", "Banque du temps"),
        ] {
            assert_eq!(member(cell), name);
        }
    }
}
