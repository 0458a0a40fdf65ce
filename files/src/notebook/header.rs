//! Which rows are names of columns: one, or two that have to be read together.

use std::ops::Range;

use ledger::name::fold;

use super::{
    field::{Field, Mapping, Unit},
    heading::Heading,
};
use crate::cells::{Cell, Row};

/// A column that says by its name what it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Claim {
    pub(super) field: Field,
    pub(super) unit: Unit,
    /// Where it stands.
    pub(super) at: usize,
    /// Whether somebody said so, rather than its name.
    pub(super) is_said: bool,
}

/// The names of the columns of one or several tables side by side.
#[derive(Debug)]
pub(super) struct Header {
    /// What the columns of each table say.
    pub(super) tables: Vec<Vec<Claim>>,
    /// The names, each over its column.
    pub(super) names: Vec<String>,
    /// How many rows it takes.
    pub(super) height: usize,
}

impl Header {
    /// The header that begins in a row, if one does.
    pub(super) fn at(rows: &[Row], at: usize, mappings: &[Mapping]) -> Option<Self> {
        let upper = &rows[at];
        // Names of columns hold no figures, but for one now and then: this spares looking at each of a thousand lines.
        if upper.cells.iter().filter(|cell| has_figures(cell)).count() > 1 {
            return None;
        }
        let both = rows.get(at + 1).and_then(|lower| in_two_rows(upper, lower));
        if let Some(header) = both.and_then(|names| Self::of_names(names, 2, mappings)) {
            return Some(header);
        }
        let names = upper.cells.iter().map(|cell| cell.text().trim().to_owned()).collect();
        Self::of_names(names, 1, mappings)
    }

    /// The columns that belong to each table: from where it begins to where the next one does.
    pub(super) fn spans(&self, width: usize) -> Vec<Range<usize>> {
        let begin = |table: &Vec<Claim>| table.iter().map(|claim| claim.at).min().unwrap_or(0);
        let mut starts: Vec<usize> = self.tables.iter().map(begin).collect();
        // What stands before the first table's names belongs to it.
        if let Some(first) = starts.first_mut() {
            *first = 0;
        }
        let ends = starts.iter().skip(1).copied().chain([width.max(self.names.len())]);
        starts.iter().copied().zip(ends).map(|(start, end)| start..end).collect()
    }

    fn of_names(names: Vec<String>, height: usize, mappings: &[Mapping]) -> Option<Self> {
        let mut tables: Vec<Vec<Claim>> = vec![Vec::new()];
        for (at, name) in names.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
            let of_pair = hours_or_minutes(&names, at).filter(|_| !mappings.iter().any(|mapping| mapping.names(name)));
            let Some(claim) = of_pair.or_else(|| claim(name, at, mappings)) else { continue };
            let Some(table) = tables.last() else { continue };
            let has = |wanted: &[Field]| table.iter().any(|claim| wanted.contains(&claim.field));
            // A second date begins a second table; a second partner or duration is a column of somebody's own.
            if claim.field == Field::Date
                && has(&[Field::Date])
                && has(&[Field::Given, Field::Received, Field::Duration])
            {
                tables.push(Vec::new());
            }
            if let Some(table) = tables.last_mut() {
                table.push(claim);
            }
        }
        // Two telling names make a header; one alone is a title.
        const TELLING: [Field; 7] =
            [Field::Date, Field::Partner, Field::Duration, Field::Given, Field::Received, Field::Giver, Field::Start];
        tables.retain(|table| {
            TELLING.iter().filter(|field| table.iter().any(|claim| claim.field == **field)).count() >= 2
        });
        (!tables.is_empty()).then_some(Self { tables, names, height })
    }
}

/// "H" and "M" side by side, or "Heure" and "Minute": alone they would say something else.
fn hours_or_minutes(names: &[String], at: usize) -> Option<Claim> {
    let folded = |at: usize| names.get(at).map(|name| fold(name)).unwrap_or_default();
    let is_hours = |at: usize| matches!(folded(at).as_str(), "h" | "heure" | "heures" | "hr" | "hours");
    let is_minutes = |at: usize| matches!(folded(at).as_str(), "m" | "mn" | "min" | "minute" | "minutes");
    let unit = match at.checked_sub(1) {
        _ if is_hours(at) && is_minutes(at + 1) => Unit::Hours,
        Some(before) if is_minutes(at) && is_hours(before) => Unit::Minutes,
        _ => return None,
    };
    Some(Claim { field: Field::Duration, unit, at, is_said: false })
}

fn claim(name: &str, at: usize, mappings: &[Mapping]) -> Option<Claim> {
    let told = Heading::of(name);
    match mappings.iter().find(|mapping| mapping.names(name)) {
        Some(mapping) => {
            let unit = match mapping.unit {
                Unit::Unsaid => Heading::unit_in(name),
                unit => unit,
            };
            Some(Claim { field: mapping.field, unit, at, is_said: true })
        }
        None => told.map(|Heading { field, unit }| Claim { field, unit, at, is_said: false }),
    }
}

fn has_figures(cell: &Cell) -> bool {
    match cell {
        Cell::Empty => false,
        Cell::Text(text) => text.bytes().any(|byte| byte.is_ascii_digit()),
        Cell::Number(_) | Cell::Moment { .. } | Cell::Fault(_) => true,
    }
}

/// The names that two rows make together ("Heures" over "données" and "reçues"), if each of them adds something.
fn in_two_rows(upper: &Row, lower: &Row) -> Option<Vec<String>> {
    if lower.cells.iter().any(has_figures) || lower.cells.iter().all(Cell::is_empty) {
        return None;
    }
    let width = upper.cells.len().max(lower.cells.len());
    let text = |row: &Row, at: usize| row.cells.get(at).map(|cell| cell.text().trim().to_owned()).unwrap_or_default();
    let (mut names, mut spread) = (Vec::new(), String::new());
    let (mut is_upper_used, mut is_lower_used) = (false, false);
    for at in 0..width {
        let (above, below) = (text(upper, at), text(lower, at));
        if !above.is_empty() {
            spread = if below.is_empty() || together(&above, &below).is_some() { above.clone() } else { String::new() };
        }
        if below.is_empty() {
            is_upper_used |= Heading::of(&above).is_some_and(|heading| heading.field != Field::Ignored);
            names.push(above);
            continue;
        }
        let over = if above.is_empty() { &spread } else { &above };
        if let Some(name) = together(over, &below) {
            (is_upper_used, is_lower_used) = (true, true);
            names.push(name);
            continue;
        }
        let told = [&above, &below].map(|name| Heading::of(name));
        match told {
            // A line stands under its headings, and says something else.
            [Some(above), below] if below.is_none_or(|below| below.field != above.field) => return None,
            [_, Some(below)] => is_lower_used |= Field::AMOUNTS.contains(&below.field),
            [_, None] => {}
        }
        names.push(below);
    }
    (is_upper_used && is_lower_used).then_some(names)
}

/// The name that one over the other makes, if it is one of hours: "Heures" over "données", "Durée" over "(min)".
fn together(above: &str, below: &str) -> Option<String> {
    if above.is_empty() {
        return None;
    }
    let is_hours = |name: &str| Heading::of(name).is_some_and(|heading| Field::AMOUNTS.contains(&heading.field));
    if Heading::unit_alone(below).is_some() && is_hours(above) {
        // The unit below is that of the column: "Heures" over "h" and "min".
        let says_unit = |name: &str| Heading::of(name).is_some_and(|heading| heading.unit != Unit::Unsaid);
        let is_side = Heading::of(above).is_some_and(|heading| heading.field != Field::Duration);
        return Some(if says_unit(above) && !is_side { below.to_owned() } else { format!("{above} {below}") });
    }
    let both = format!("{above} {below}");
    (is_hours(&both) && Heading::of(above).is_none_or(|heading| Field::AMOUNTS.contains(&heading.field)))
        .then_some(both)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<Row> {
        let cell = |cell: &str| if cell.is_empty() { Cell::Empty } else { Cell::Text(cell.into()) };
        let lines = text.split('/').zip(1..);
        lines.map(|(line, number)| Row { number, cells: line.split(';').map(cell).collect() }).collect()
    }

    fn told(text: &str) -> String {
        let Some(header) = Header::at(&rows(text), 0, &[]) else { return "none".to_owned() };
        let table = |claims: &Vec<Claim>| {
            let claim = |claim: &Claim| format!("{}={:?} {:?}", claim.at, claim.field, claim.unit);
            claims.iter().map(claim).collect::<Vec<_>>().join(", ").replace(" Unsaid", "")
        };
        let tables: Vec<_> = header.tables.iter().map(table).collect();
        format!("{} rows: {}", header.height, tables.join(" | "))
    }

    #[test]
    fn one_row_or_two_make_a_header() {
        let cases = [
            ("Date;Association;Durée/1;2;3", "1 rows: 0=Date, 1=Partner, 2=Duration"),
            ("Date;Association;Heures;/;;données;reçues", "2 rows: 0=Date, 1=Partner, 2=Given Hours, 3=Received Hours"),
            (";;Heures;/Date;Association;Données;Reçues", "2 rows: 0=Date, 1=Partner, 2=Given Hours, 3=Received Hours"),
            (
                "Date;Association;Durée (min);/;;données;reçues",
                "2 rows: 0=Date, 1=Partner, 2=Given Minutes, 3=Received Minutes",
            ),
            ("Date;Association;Durée;/;;h;min", "2 rows: 0=Date, 1=Partner, 2=Duration Hours, 3=Duration Minutes"),
            ("Date;Association;Heures;/;;h;min", "2 rows: 0=Date, 1=Partner, 2=Duration Hours, 3=Duration Minutes"),
            (
                "Date;Association;Donné;;Reçu;/;;h;mn;h;mn",
                "2 rows: 0=Date, 1=Partner, 2=Given Hours, 3=Given Minutes, 4=Received Hours, 5=Received Minutes",
            ),
            ("Date;Association;H;M/1;2;3;4", "1 rows: 0=Date, 1=Partner, 2=Duration Hours, 3=Duration Minutes"),
            (
                "Date;Association;Heure;Minute/1;2;3;4",
                "1 rows: 0=Date, 1=Partner, 2=Duration Hours, 3=Duration Minutes",
            ),
            // Titles over a table, and lines under one, are no names of columns.
            ("Heures données;;/Date;Association;Durée", "none"),
            (
                "Heures données;;;;Heures reçues/Date;Asso;Durée;;Date;Asso;Durée",
                "1 rows: 0=Given Hours, 4=Received Hours",
            ),
            ("Date;Sens;Association;Durée/;donné;Chorale;", "1 rows: 0=Date, 1=Direction, 2=Partner, 3=Duration"),
            ("Carnet/Date;Association;Durée", "none"),
        ];
        for (text, expected) in cases {
            assert_eq!(told(text), expected, "{text}");
        }
    }
}
