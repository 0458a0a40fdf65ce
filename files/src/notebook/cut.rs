//! Lines of a text file whose cells are not those that their author meant: the comma of "2,5" cuts a cell in two.

use ledger::Language;

use super::{columns::Columns, field::Field};
use crate::cells::{Cell, Row};

/// What a text file's header tells about its lines.
#[derive(Debug, Clone)]
pub(super) struct Shape {
    separator: u8,
    /// How many cells the header has, named or not.
    cells: usize,
    /// How many there are up to the last that has a name.
    named: usize,
    /// The columns right of one of hours in which a number is no surprise.
    numeric: Vec<usize>,
}

impl Shape {
    /// The shape of lines under a header.
    pub(super) fn new(separator: u8, header: &Row, columns: &[&Columns], rows: &[Row]) -> Self {
        let named = header.cells.iter().rposition(|cell| !cell.is_empty()).map_or(0, |at| at + 1);
        let mut numeric = Vec::new();
        for after in columns.iter().flat_map(|columns| columns.amounts()).map(|at| at + 1) {
            let is_field = columns.iter().any(|columns| {
                let of_numbers = [Field::People, Field::Start, Field::End, Field::Identifier];
                columns.amounts().any(|at| at == after)
                    || of_numbers.iter().any(|field| columns.get(*field) == Some(after))
            });
            let filled = || rows.iter().filter_map(|row| row.cells.get(after)).filter(|cell| !cell.is_empty());
            let numbers = filled().filter(|cell| is_figures(cell)).count();
            let is_text = columns.iter().any(|columns| {
                [Field::Skill, Field::Direction, Field::Partner].iter().any(|field| columns.get(*field) == Some(after))
            });
            if is_field || (!is_text && numbers > 1 && numbers * 2 > filled().count()) {
                numeric.push(after);
            }
        }
        Self { separator, cells: header.cells.len(), named, numeric }
    }

    /// Why the cells of a line that has hours cannot be told apart.
    pub(super) fn fault(&self, row: &Row, columns: &[&Columns], language: Language) -> Option<String> {
        let width = row.cells.iter().rposition(|cell| !cell.is_empty()).map_or(0, |at| at + 1);
        let last = width.checked_sub(1).and_then(|at| row.cells.get(at)).unwrap_or(&Cell::Empty);
        let is_comma = self.separator == b',';
        let has_more =
            width > self.cells && (is_comma || is_figures(last)) || is_comma && width > self.named && is_figures(last);
        let is_cut = is_comma
            && columns.iter().flat_map(|columns| columns.amounts()).any(|at| {
                let [amount, after] = [at, at + 1].map(|at| row.cells.get(at).unwrap_or(&Cell::Empty));
                is_figures(amount) && is_decimals(after) && !self.numeric.contains(&(at + 1))
            });
        if !has_more && !is_cut {
            return None;
        }
        let named = self.named;
        Some(if has_more && !is_comma {
            language.pick(
                format!("{width} cellules pour {named} titres ; mettez entre guillemets ce qui contient le séparateur"),
                format!("{width} cells for {named} names in the header; put what holds the separator in quotes"),
            )
        } else if has_more {
            language.pick(
                format!(
                    "{width} cellules pour {named} titres ; une virgule, peut-être celle de « 2,5 », a coupé une cellule en deux : écrivez \"2,5\" entre guillemets"
                ),
                format!(
                    "{width} cells for {named} names in the header; a comma, perhaps that of “2,5”, has cut a cell in two: write \"2,5\" in quotes"
                ),
            )
        } else {
            language.pick(
                "un nombre suit la durée : la virgule de « 2,5 » l'a peut-être coupée en deux ; écrivez \"2,5\" entre guillemets".to_owned(),
                "a number follows the duration: the comma of “2,5” may have cut it in two; write \"2,5\" in quotes".to_owned(),
            )
        })
    }
}

/// A text of figures alone, as one half of a number that a comma cut.
fn is_figures(cell: &Cell) -> bool {
    matches!(cell, Cell::Text(text) if text.trim_end_matches(['h', 'H', ' ']).bytes().all(|byte| byte.is_ascii_digit()))
}

fn is_decimals(cell: &Cell) -> bool {
    is_figures(cell) && cell.text().len() <= 4
}
