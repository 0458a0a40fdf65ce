//! A row of a sheet, seen through the columns of its table.

use super::{columns::Columns, field::Field};
use crate::cells::{Cell, Row, Sheet};

/// The columns in which a partner may be named.
pub(super) const PARTNERS: [Field; 4] = [Field::Partner, Field::Identifier, Field::Giver, Field::Receiver];

/// A row in its table.
#[derive(Clone, Copy)]
pub(super) struct Here<'r> {
    pub(super) sheet: &'r Sheet,
    pub(super) row: &'r Row,
    pub(super) columns: &'r Columns,
}

impl<'r> Here<'r> {
    /// What stands in a field's column of this row.
    pub(super) fn own(self, field: Field) -> &'r Cell {
        self.at(self.columns.get(field))
    }

    /// The same; where a merged cell covers it, what stands there.
    pub(super) fn cell(self, field: Field) -> &'r Cell {
        self.columns.get(field).map_or(&Cell::Empty, |at| self.sheet.cell_or_merged(self.row, at))
    }

    pub(super) fn beside(self, field: Field) -> &'r Cell {
        self.at(self.columns.minutes_beside(field))
    }

    pub(super) fn at(self, at: Option<usize>) -> &'r Cell {
        at.and_then(|at| self.row.cells.get(at)).unwrap_or(&Cell::Empty)
    }

    /// Whether a partner is named, whoever it is.
    pub(super) fn has_partner(self) -> bool {
        PARTNERS.iter().any(|field| !self.cell(*field).is_empty())
    }
}
