//! Reads a notebook as its association keeps it: a file from any spreadsheet, with titles above, totals below, and
//! columns under names of its own.
//!
//! From cells to lines in three steps: which columns mean what (`heading`, `header`, `columns`), what
//! a cell says (`amounts`, `dates`, `sides`), and what becomes of each row (`line`, `lines`). Every row is accounted for:
//! read, unreadable with a sentence, or passed over with a word that says why. What is not certain is asked: no row with
//! hours is passed over but a total, and a total is held against what the lines above it make.

mod field;
mod error;
mod era;
mod amounts;
mod dates;
mod sides;
mod hints;
mod read;
mod heading;
mod header;
mod columns;
mod cut;
mod here;
mod sums;
mod hours;
mod line;
mod recap;
mod lines;
mod preview;
mod file;

pub use error::NotebookError;
pub use field::{Field, Mapping, Unit};
pub use file::File;
pub use hints::Hints;
pub use preview::{Preview, PreviewColumn, PreviewRow};
pub use read::{ReadNotebook, ReadRow, RowMeaning};
