//! Which column means what: by its name, else by what stands in it, or as somebody said.

use ledger::{Language, name::fold};

use super::{
    error::NotebookError,
    field::{Field, Mapping},
    hints::Hints,
    sheet::{Cell, Row},
    values,
};

/// A table in a sheet: some columns, side by side.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Columns {
    positions: Vec<(Field, usize)>,
    /// Whether bare numbers in the duration column are minutes.
    pub(super) is_minutes: bool,
    /// The names in the header, for whoever has to choose among them.
    pub(super) names: Vec<String>,
}

impl Columns {
    /// Where a field's column stands.
    pub(super) fn get(&self, field: Field) -> Option<usize> {
        self.positions.iter().find(|(known, _)| *known == field).map(|(_, at)| *at)
    }

    fn has(&self, field: Field) -> bool {
        self.get(field).is_some()
    }

    fn has_amounts(&self) -> bool {
        self.has(Field::Duration) || self.has(Field::Given) || self.has(Field::Received)
    }

    /// Whether partners can be told: in one column or in two.
    fn has_partner(&self) -> bool {
        self.has(Field::Partner) || self.has(Field::Identifier) || (self.has(Field::Giver) && self.has(Field::Receiver))
    }

    /// Every column that means something, as "Date: date, Asso: partner".
    pub(super) fn told(&self, language: Language) -> String {
        let mut positions = self.positions.clone();
        positions.sort_by_key(|(_, at)| *at);
        let told = positions.iter().map(|(field, at)| {
            let name = self.names.get(*at).filter(|name| !name.is_empty()).cloned();
            format!("{} = {}", name.unwrap_or_else(|| letter(*at)), field.word(language))
        });
        told.collect::<Vec<_>>().join(", ")
    }

    /// The tables whose header a row is: none, one, or several side by side.
    pub(super) fn of_header(row: &Row, mappings: &[Mapping]) -> Vec<Self> {
        // Names of columns hold no figures, but for one now and then: this spares looking at each of a thousand lines.
        let has_figures = |cell: &&Cell| match cell {
            Cell::Empty => false,
            Cell::Text(text) => text.bytes().any(|byte| byte.is_ascii_digit()),
            Cell::Number(_) | Cell::Moment { .. } | Cell::Fault(_) => true,
        };
        if row.cells.iter().filter(has_figures).count() > 1 {
            return Vec::new();
        }
        let names: Vec<String> = row.cells.iter().map(|cell| cell.text().trim().to_owned()).collect();
        let mut tables: Vec<Self> = vec![Self { names: names.clone(), ..Self::default() }];
        for (at, name) in names.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
            let mapped =
                mappings.iter().find(|mapping| fold(&mapping.column) == fold(name)).map(|mapping| mapping.field);
            let Some(field) = mapped.or_else(|| Field::of_header(name)) else { continue };
            let Some(table) = tables.last_mut() else { continue };
            // A second date begins a second table; a second partner or duration is a column of somebody's own.
            if field == Field::Date && table.has(Field::Date) && table.has_amounts() {
                tables.push(Self { names: names.clone(), ..Self::default() });
            }
            if let Some(table) = tables.last_mut().filter(|table| field != Field::Ignored && !table.has(field)) {
                table.positions.push((field, at));
                let folded = fold(name);
                table.is_minutes |= matches!(field, Field::Duration | Field::Given | Field::Received)
                    && folded.split(' ').any(|word| matches!(word, "min" | "mn" | "minutes"));
            }
        }
        // Two telling names make a header; one alone is a title.
        tables.retain(|table| {
            let telling = [Field::Date, Field::Partner, Field::Duration, Field::Given, Field::Received, Field::Giver];
            telling.iter().filter(|field| table.has(**field)).count() >= 2
        });
        tables
    }

    /// Adds the columns that letters and numbers in the mappings mean.
    pub(super) fn with_mappings(mut self, mappings: &[Mapping], width: usize) -> Result<Self, NotebookError> {
        for mapping in mappings {
            let by_name = self.names.iter().position(|name| fold(name) == fold(&mapping.column));
            let at = by_name.or_else(|| mapping.position()).filter(|at| *at < width);
            let Some(at) = at else {
                let columns = self.shown_names(width);
                return Err(NotebookError::NoSuchColumn { wanted: mapping.column.clone(), columns });
            };
            self.positions.retain(|(field, known)| *known != at && *field != mapping.field);
            if mapping.field != Field::Ignored {
                self.positions.push((mapping.field, at));
            }
        }
        Ok(self)
    }

    fn shown_names(&self, width: usize) -> Vec<String> {
        (0..width.max(self.names.len()))
            .map(|at| self.names.get(at).filter(|name| !name.is_empty()).cloned().unwrap_or_else(|| letter(at)))
            .collect()
    }

    /// Finds the columns that the header does not tell by what stands in them.
    pub(super) fn completed(mut self, rows: &[Row], hints: &Hints<'_>) -> Self {
        const SAMPLE: usize = 200;
        let sample: Vec<&Row> =
            rows.iter().filter(|row| row.cells.iter().any(|cell| !cell.is_empty())).take(SAMPLE).collect();
        let width = sample.iter().map(|row| row.cells.len()).max().unwrap_or(0);
        // More than half of what is filled says so, and not just a cell or two.
        let share = |at: usize, is_so: &dyn Fn(&Cell) -> bool| {
            let filled: Vec<&Cell> =
                sample.iter().filter_map(|row| row.cells.get(at)).filter(|cell| !cell.is_empty()).collect();
            let so = filled.iter().filter(|cell| is_so(cell)).count();
            (so * 2 > filled.len() && (so > 2 || so == filled.len())).then_some(so)
        };
        let taken = |columns: &Self, at: usize| {
            columns.positions.iter().any(|(_, known)| *known == at)
                || columns.names.get(at).is_some_and(|name| Field::of_header(name) == Some(Field::Ignored))
        };
        let best = |columns: &Self, is_so: &dyn Fn(&Cell) -> bool| {
            let open = (0..width).filter(|at| !taken(columns, *at));
            let shares = open.filter_map(|at| share(at, is_so).map(|so| (so, std::cmp::Reverse(at))));
            shares.max().map(|(_, std::cmp::Reverse(at))| at)
        };
        if !self.has(Field::Date)
            && let Some(at) = best(&self, &|cell| values::looks_like_date(cell, hints.year))
        {
            self.positions.push((Field::Date, at));
        }
        if !self.has_partner()
            && let Some(at) = best(&self, &|cell| matches!(cell, Cell::Text(text) if (hints.is_member)(text)))
        {
            self.positions.push((Field::Partner, at));
        }
        let has_direction = self.has(Field::Direction) || self.has(Field::Giver);
        if !self.has_amounts()
            && let Some(at) = best(&self, &values::looks_like_duration)
        {
            self.positions.push((Field::Duration, at));
            // Two columns that are never both filled: given first, as people think of it.
            let second = best(&self, &values::looks_like_duration).filter(|_| !has_direction);
            let both = |other: usize| {
                let filled = |row: &Row, at: usize| row.cells.get(at).is_some_and(|cell| !cell.is_empty());
                sample.iter().any(|row| filled(row, at) && filled(row, other))
            };
            if let Some(other) = second.filter(|other| !both(*other)) {
                self.positions.pop();
                self.positions.extend([(Field::Given, at.min(other)), (Field::Received, at.max(other))]);
            }
        }
        let is_one_amount = self.has(Field::Duration) && !self.has(Field::Given);
        if is_one_amount
            && !has_direction
            && let Some(at) = best(&self, &|cell| matches!(cell, Cell::Text(text) if values::side(text).is_some()))
        {
            self.positions.push((Field::Direction, at));
        }
        self
    }

    /// Whether a notebook can be read with these columns.
    pub(super) fn check(&self, width: usize) -> Result<(), NotebookError> {
        let columns = || self.shown_names(width);
        if !self.has_amounts() {
            Err(NotebookError::NoDuration { columns: columns() })
        } else if !self.has_partner() {
            Err(NotebookError::NoPartner { columns: columns() })
        } else if !self.has(Field::Date) {
            Err(NotebookError::NoDate { columns: columns() })
        } else {
            Ok(())
        }
    }
}

fn letter(at: usize) -> String {
    match u8::try_from(at) {
        Ok(at @ 0..26) => char::from(b'A' + at).to_string(),
        _ => (at + 1).to_string(),
    }
}
