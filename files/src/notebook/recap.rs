//! Sheets that say again what other sheets say: a summary by month or by association is no further help given.

use std::collections::BTreeSet;

use chrono::{Datelike as _, NaiveDate};
use ledger::{Language, name::fold, reconcile::LineDate};

use super::{
    amounts,
    columns::Columns,
    dates,
    field::Field,
    header::Header,
    heading::Heading,
    hints::{Hints, Under},
};
use crate::{
    cells::{Cell, Sheet},
    remedy::Remedy,
};

/// What each sheet of a workbook looks like.
pub(super) struct Recaps(Vec<Looks>);

#[derive(Debug, Default)]
struct Looks {
    name: String,
    /// Whether hours stand in it that somebody would miss.
    holds_hours: bool,
    /// Whether its name says that it sums up.
    is_called_so: bool,
    /// Lines with a day that is neither the first nor the last of its month.
    days: usize,
    /// Lines with such a day.
    edges: usize,
    /// Lines with a month alone.
    months: usize,
    /// How many months those two kinds name.
    named: BTreeSet<(i32, u32)>,
}

impl Recaps {
    /// Looks at the sheets of a notebook.
    pub(super) fn of(sheets: &[&Sheet], under: Under<'_>) -> Self {
        Self(sheets.iter().map(|sheet| Looks::of(sheet, under)).collect())
    }

    /// Whether hours stand in a sheet.
    pub(super) fn holds_hours(&self, at: usize) -> bool {
        self.0.get(at).is_some_and(|looks| looks.holds_hours)
    }

    /// What to ask about a sheet that seems to sum up the others, unless somebody has said which sheets to read.
    pub(super) fn question(&self, at: usize, hints: &Hints<'_>) -> Option<String> {
        let looks = self.0.get(at)?;
        let has_others = self.0.iter().enumerate().any(|(other, looks)| other != at && looks.days > 0);
        if !hints.sheets.is_empty() || !looks.holds_hours || !has_others || !looks.sums_up() {
            return None;
        }
        let (name, remedy) = (&looks.name, (hints.remedies)(Remedy::SayWhichSheets, hints.language));
        Some(hints.language.pick(
            format!(
                "la feuille « {name} » semble récapituler les autres : ses heures ne sont pas lues une seconde fois. {remedy}"
            ),
            format!("the sheet “{name}” seems to sum up the others: its hours are not read a second time. {remedy}"),
        ))
    }
}

impl Looks {
    fn of(sheet: &Sheet, under: Under<'_>) -> Self {
        let name = sheet.name.clone().unwrap_or_default();
        let mut looks = Self { is_called_so: is_recap(&name), name, ..Self::default() };
        looks.holds_hours = holds_hours(sheet, looks.is_called_so);
        let width = sheet.rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
        let table = (0..sheet.rows.len()).find_map(|at| {
            let header = Header::at(&sheet.rows, at, under.hints.mappings)?;
            let rest = &sheet.rows[at + header.height..];
            let span = header.spans(width).into_iter().next()?;
            let claims = header.tables.into_iter().next()?;
            Columns::of_table(&claims, header.names, rest, span, under).ok().map(|columns| (columns, rest))
        });
        let Some((columns, rows)) = table else { return looks };
        let dating = Under { is_1904: sheet.is_1904, ..under }.dating();
        for row in rows {
            let cell = columns.get(Field::Date).and_then(|at| row.cells.get(at)).unwrap_or(&Cell::Empty);
            let Ok(dated) = dates::date(cell, dating, Language::French) else { continue };
            match dated.date {
                LineDate::Month(first) => {
                    looks.months += 1;
                    looks.named.insert((first.year(), first.month()));
                }
                LineDate::Day(day) if is_edge(day) => {
                    looks.edges += 1;
                    looks.named.insert((day.year(), day.month()));
                }
                LineDate::Day(_) => looks.days += 1,
            }
        }
        looks
    }

    /// Whether it looks like a summary: called so, or with a month in each line and no day.
    fn sums_up(&self) -> bool {
        let is_by_month = self.days == 0 && self.months + self.edges > 0;
        self.is_called_so || (is_by_month && (self.edges == 0 || self.named.len() > 1))
    }
}

fn is_edge(day: NaiveDate) -> bool {
    day.day() == 1 || day.succ_opt().is_none_or(|next| next.day() == 1)
}

fn is_recap(name: &str) -> bool {
    const STEMS: [&str; 10] =
        ["recap", "synthese", "resume", "bilan", "total", "totaux", "cumul", "summary", "overview", "statist"];
    fold(name).split(' ').any(|word| STEMS.iter().any(|stem| word.starts_with(stem)))
}

/// Whether there are hours: under a name of theirs, or said with their unit; in a summary, any number may be some.
fn holds_hours(sheet: &Sheet, is_recap: bool) -> bool {
    let mut of_hours: BTreeSet<usize> = BTreeSet::new();
    for row in &sheet.rows {
        for (at, cell) in row.cells.iter().enumerate() {
            let is_name = |text: &str| {
                Heading::of(text).is_some_and(|heading| {
                    Field::AMOUNTS.contains(&heading.field) || matches!(heading.field, Field::Start | Field::End)
                })
            };
            match cell {
                Cell::Text(text) if is_name(text) => {
                    of_hours.insert(at);
                }
                Cell::Moment { day: None, milliseconds } if *milliseconds != 0 => return true,
                cell if amounts::is_nothing(cell) || !amounts::looks_like_duration(cell) => {}
                cell if is_recap || of_hours.contains(&at) || amounts::is_duration_for_certain(cell) => return true,
                Cell::Empty | Cell::Text(_) | Cell::Number(_) | Cell::Moment { .. } | Cell::Fault(_) => {}
            }
        }
    }
    false
}
