//! Reads a notebook as its association keeps it: a file from any spreadsheet, with titles above, totals below, and
//! columns under names of its own.
//!
//! From the file to lines in four steps: cells (`sheet`), which columns mean what (`field`, `columns`), what a cell says
//! (`values`), and what becomes of each row (`line`, `lines`). Every row is accounted for: read, unreadable with a
//! sentence, or passed over with a word that says why.

mod error;
mod sheet;
mod field;
mod values;
mod hints;
mod read;
mod columns;
mod line;
mod lines;
mod file;

pub use error::NotebookError;
pub use field::{Field, Mapping};
pub use file::File;
pub use hints::Hints;
pub use read::{ReadNotebook, ReadRow, RowMeaning};
pub use sheet::{Cell, Row, Sheet};
