//! What a workbook may come to, before a library takes it at its word.
//!
//! A few hundred bytes can ask for more memory than a machine has: a chain of sectors that returns to itself, a part that
//! swells a thousandfold, a cell in the last corner of a sheet, two thousand million blanks said in ten letters. Running
//! out of memory cannot be caught, so that all this is counted from outside. What remains, a reader that gives up with a
//! panic, is caught (`quietly`).

use std::io::{self, Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};

use zip::ZipArchive;

use super::error::NotebookError;

/// What all parts of a workbook come to at most, unpacked.
const MOST_BYTES: u64 = 256 << 20;

/// How many cells a sheet may span, from the first filled row and column to the last.
const MOST_CELLS: u64 = 4_000_000;

/// The same for an open document, whose sheets often have a title far to the right.
const MOST_SPANNED: u64 = 20_000_000;

/// How many blanks a cell may say in a row.
const MOST_BLANKS: u64 = 10_000;

/// Why a workbook is not even tried.
fn too_large() -> NotebookError {
    NotebookError::Swollen
}

fn damaged() -> NotebookError {
    NotebookError::Damaged("OLE".to_owned())
}

/// Runs a reader that may give up with a panic, and says nothing of it on the terminal.
pub(super) fn quietly<T>(read: impl FnOnce() -> Result<T, NotebookError>) -> Result<T, NotebookError> {
    let before = take_hook();
    set_hook(Box::new(|_| {}));
    let result = catch_unwind(AssertUnwindSafe(read));
    set_hook(before);
    result.unwrap_or_else(|_| Err(NotebookError::Damaged("panic".to_owned())))
}

/// Unpacks every part of an archive as far as it may go, and looks at what an open document says of itself.
pub(super) fn check_archive(bytes: &[u8]) -> Result<(), NotebookError> {
    let damaged = |error: &dyn std::fmt::Display| NotebookError::Damaged(error.to_string());
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(&error))?;
    let mut left = MOST_BYTES;
    for at in 0..archive.len() {
        // A part that cannot be read is left to the library, which may not need it.
        let Ok(part) = archive.by_index(at) else { continue };
        let is_content = part.name().is_ok_and(|name| name == "content.xml");
        let mut part = part.take(left + 1);
        let mut content = Vec::new();
        let read = if is_content {
            part.read_to_end(&mut content).map(|read| read as u64)
        } else {
            io::copy(&mut part, &mut io::sink())
        };
        let Ok(read) = read else { continue };
        left = left.checked_sub(read).ok_or_else(too_large)?;
        check_content(&content)?;
    }
    Ok(())
}

/// Blanks that are told by their number, and rows and columns that are.
fn check_content(content: &[u8]) -> Result<(), NotebookError> {
    let text = String::from_utf8_lossy(content);
    let blanks = told(&text, "text:c=\"").fold(0_u64, u64::saturating_add);
    if blanks > MOST_BLANKS * 1000 || told(&text, "text:c=\"").any(|count| count > MOST_BLANKS) {
        return Err(too_large());
    }
    // The library lays a sheet out from its first filled cell to its last, whatever is empty between.
    for sheet in text.split("<table:table ").skip(1) {
        let (mut rows, mut last_row, mut width) = (0_u64, 0_u64, 0_u64);
        for row in sheet.split("<table:table-row").skip(1) {
            rows = rows.saturating_add(told(row, "table:number-rows-repeated=\"").next().unwrap_or(1));
            let filled = width_of(row);
            if filled > 0 {
                last_row = rows;
                width = width.max(filled);
            }
        }
        if last_row.saturating_mul(width) > MOST_SPANNED {
            return Err(too_large());
        }
    }
    Ok(())
}

/// How many columns a row has up to the last that is filled.
fn width_of(row: &str) -> u64 {
    let (mut columns, mut filled) = (0_u64, 0_u64);
    for cell in row.split("<table:").filter(|part| part.starts_with("table-cell") || part.starts_with("covered-table"))
    {
        let own = cell.split('>').next().unwrap_or_default();
        columns = columns.saturating_add(told(own, "table:number-columns-repeated=\"").next().unwrap_or(1));
        if own.contains("value") || own.contains("table:formula") || cell.contains("<text:p") {
            filled = columns;
        }
    }
    filled
}

/// The numbers that an attribute tells, wherever it stands.
fn told<'t>(text: &'t str, attribute: &'t str) -> impl Iterator<Item = u64> + 't {
    text.split(attribute).skip(1).map(|rest| {
        let figures: String = rest.chars().take_while(char::is_ascii_digit).collect();
        // What is longer than any number is larger than what fits.
        figures.parse().unwrap_or(if figures.is_empty() { 0 } else { u64::MAX >> 20 })
    })
}

/// Follows the chains of an old workbook, no further than the file is long, and looks where its cells stand.
pub(super) fn check_old(bytes: &[u8]) -> Result<(), NotebookError> {
    let ole = Ole::of(bytes).ok_or_else(damaged)?;
    let mut books = Vec::new();
    for entry in &ole.entries {
        let stream = ole.stream(entry).ok_or_else(damaged)?;
        if matches!(entry.name.to_lowercase().as_str(), "workbook" | "book") {
            books.push(stream);
        }
    }
    books.iter().try_for_each(|book| check_cells(book))
}

/// The span of the cells of each sheet.
fn check_cells(book: &[u8]) -> Result<(), NotebookError> {
    const BEGINS: u16 = 0x0809;
    let mut rest = book;
    let mut span: Option<[u16; 4]> = None;
    while let Some((kind, length)) = u16_at(rest, 0).zip(u16_at(rest, 2)) {
        let Some(record) = rest.get(4..4 + usize::from(length)) else { break };
        if kind == BEGINS {
            span = None;
        }
        if let Some([row, first, last]) = cell_of(kind, record) {
            // No old workbook has more columns.
            if last > 255 {
                return Err(too_large());
            }
            let [top, bottom, left, right] = span.unwrap_or([row, row, first, last]);
            let grown = [top.min(row), bottom.max(row), left.min(first), right.max(last)];
            let cells = u64::from(grown[1] - grown[0] + 1) * u64::from(grown[3] - grown[2] + 1);
            if cells > MOST_CELLS {
                return Err(too_large());
            }
            span = Some(grown);
        }
        rest = &rest[4 + usize::from(length)..];
    }
    Ok(())
}

/// The row of a record of cells, and its first and last column.
fn cell_of(kind: u16, record: &[u8]) -> Option<[u16; 3]> {
    let (row, first) = (u16_at(record, 0)?, u16_at(record, 2)?);
    match kind {
        // FORMULA, LABELSST, BLANK, NUMBER, LABEL, BOOLERR, RK, RSTRING and their forms of version 2.
        0x0006 | 0x0206 | 0x0406 | 0x00FD | 0x0201 | 0x0203 | 0x0204 | 0x0205 | 0x027E | 0x00D6 => {
            Some([row, first, first])
        }
        // MULRK and MULBLANK end with their last column.
        0x00BD | 0x00BE => Some([row, first, u16_at(record, record.len().checked_sub(2)?)?.max(first)]),
        _ => None,
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

/// The parts of an OLE file, each with where it begins.
struct Ole<'b> {
    bytes: &'b [u8],
    sector: usize,
    fat: Vec<u32>,
    mini_fat: Vec<u32>,
    mini: Vec<u8>,
    cutoff: u64,
    entries: Vec<Entry>,
}

struct Entry {
    name: String,
    start: u32,
    size: u64,
}

/// From here on a number is no sector but says something of its own.
const NO_SECTOR: u32 = 0xFFFF_FFFA;

const MINI_SECTOR: usize = 64;

impl<'b> Ole<'b> {
    fn of(bytes: &'b [u8]) -> Option<Self> {
        let shift = u16_at(bytes, 30)?;
        let sector = 1_usize << if matches!(shift, 9 | 12) { shift } else { return None };
        let mut ole = Self {
            bytes,
            sector,
            fat: Vec::new(),
            mini_fat: Vec::new(),
            mini: Vec::new(),
            cutoff: u64::from(u32_at(bytes, 56)?),
            entries: Vec::new(),
        };
        ole.fat = ole.allocation()?;
        let directory = ole.chain(u32_at(bytes, 48)?)?;
        let entries: Vec<Entry> = directory.chunks_exact(128).filter_map(Entry::of).collect();
        let mini_fat = ole.chain(u32_at(bytes, 60)?)?;
        ole.mini_fat = mini_fat.chunks_exact(4).filter_map(|four| u32_at(four, 0)).collect();
        if let Some(root) = entries.first() {
            ole.mini = ole.chain(root.start)?;
        }
        ole.entries = entries.into_iter().skip(1).collect();
        Some(ole)
    }

    /// How many sectors the file has room for.
    fn most(&self) -> usize {
        self.bytes.len() / self.sector + 1
    }

    fn sector(&self, number: u32) -> Option<&'b [u8]> {
        let start = (usize::try_from(number).ok()?.checked_add(1)?).checked_mul(self.sector)?;
        // The last one may be cut short.
        let rest = self.bytes.get(start..)?;
        Some(&rest[..rest.len().min(self.sector)])
    }

    /// Which sector follows which.
    fn allocation(&self) -> Option<Vec<u32>> {
        let mut parts: Vec<u32> = (0..109).filter_map(|at| u32_at(self.bytes, 76 + 4 * at)).collect();
        let mut next = u32_at(self.bytes, 68)?;
        for _ in 0..self.most() {
            if next >= NO_SECTOR {
                break;
            }
            let numbers: Vec<u32> = self.sector(next)?.chunks_exact(4).filter_map(|four| u32_at(four, 0)).collect();
            let (last, all) = numbers.split_last()?;
            parts.extend(all);
            next = *last;
        }
        let mut fat = Vec::new();
        for part in parts.into_iter().filter(|part| *part < NO_SECTOR).take(self.most()) {
            fat.extend(self.sector(part)?.chunks_exact(4).filter_map(|four| u32_at(four, 0)));
        }
        Some(fat)
    }

    /// What a chain of sectors holds; none where it is longer than the file.
    fn chain(&self, start: u32) -> Option<Vec<u8>> {
        let (mut held, mut next, mut count) = (Vec::new(), start, 0);
        while next < NO_SECTOR {
            count += 1;
            if count > self.most() {
                return None;
            }
            held.extend_from_slice(self.sector(next)?);
            next = *self.fat.get(usize::try_from(next).ok()?)?;
        }
        Some(held)
    }

    /// What a part holds.
    fn stream(&self, entry: &Entry) -> Option<Vec<u8>> {
        if entry.size == 0 || entry.start >= NO_SECTOR {
            return Some(Vec::new());
        }
        let mut held = if entry.size < self.cutoff { self.mini_chain(entry.start)? } else { self.chain(entry.start)? };
        held.truncate(usize::try_from(entry.size).unwrap_or(usize::MAX));
        Some(held)
    }

    fn mini_chain(&self, start: u32) -> Option<Vec<u8>> {
        let (mut held, mut next, mut count) = (Vec::new(), start, 0);
        while next < NO_SECTOR {
            count += 1;
            if count > self.mini_fat.len() + 1 {
                return None;
            }
            let at = usize::try_from(next).ok()?;
            let from = at.checked_mul(MINI_SECTOR)?;
            let rest = self.mini.get(from..)?;
            held.extend_from_slice(&rest[..rest.len().min(MINI_SECTOR)]);
            next = *self.mini_fat.get(at)?;
        }
        Some(held)
    }
}

impl Entry {
    /// Of a directory's record of 128 bytes; none where it stands for nothing.
    fn of(record: &[u8]) -> Option<Self> {
        const UNUSED: u8 = 0;
        if *record.get(66)? == UNUSED {
            return None;
        }
        let length = usize::from(u16_at(record, 64)?).min(64).saturating_sub(2);
        let letters: Vec<u16> = record[..length].chunks_exact(2).filter_map(|two| u16_at(two, 0)).collect();
        let size = u64::from(u32_at(record, 120)?);
        Some(Self { name: String::from_utf16_lossy(&letters), start: u32_at(record, 116)?, size })
    }
}
