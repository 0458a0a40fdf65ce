//! The typesetter: a template, what it prints, and what is attached.

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::sync::LazyLock;

use chrono::{DateTime, Datelike as _, Timelike as _, Utc};
use ledger::printable::is_unreadable;
use serde_json::Value;
use typst::{
    Library, LibraryExt as _, World, comemo,
    diag::{FileError, FileResult, SourceDiagnostic},
    foundations::{Bytes, Datetime, Duration, Smart},
    syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot},
    text::{Font, FontBook},
    utils::LazyHash,
};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

/// Why a document could not be printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PrintError {
    /// The signed document is not one that can be printed.
    Unreadable(String),
    /// The typesetter's own words. A template of ours is at fault.
    NotSet(String),
}

impl fmt::Display for PrintError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(problem) | Self::NotSet(problem) => f.write_str(problem),
        }
    }
}

impl std::error::Error for PrintError {}

/// A document as it was printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printed {
    /// The PDF.
    pub pdf: Vec<u8>,
    /// The characters in whose place a mark stands: no font has them, or no archival PDF may.
    pub replaced: BTreeSet<char>,
}

/// The fonts that the templates use, and no others: of two families, text and digits of one width.
static FONTS: LazyLock<Vec<Font>> = LazyLock::new(|| {
    let wanted = ["Libertinus Serif", "DejaVu Sans Mono"];
    let all = typst_assets::fonts().flat_map(|data| Font::iter(Bytes::new(data)));
    all.filter(|font| wanted.contains(&font.info().family.as_str())).collect()
});
static BOOK: LazyLock<LazyHash<FontBook>> = LazyLock::new(|| LazyHash::new(FontBook::from_fonts(FONTS.iter())));
static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| LazyHash::new(Library::default()));

/// What all templates share.
const COMMON: &str = include_str!("../templates/common.typ");

/// A document about to be set.
pub(crate) struct Sheet<'a> {
    /// The template's text.
    pub(crate) template: &'static str,
    /// What it prints: texts only, ready as they are.
    pub(crate) view: Value,
    /// Images, by the name that the template calls them.
    pub(crate) images: Vec<(&'static str, String)>,
    /// The signed document.
    pub(crate) attached: &'a [u8],
    /// When it was signed: the PDF bears the same instant.
    pub(crate) at: DateTime<Utc>,
    /// What names the document for ever.
    pub(crate) ident: String,
}

struct Desk {
    main: FileId,
    sources: HashMap<FileId, Source>,
    files: HashMap<FileId, Bytes>,
}

fn file_id(name: &str) -> Result<FileId, PrintError> {
    let path = VirtualPath::new(name).map_err(|error| PrintError::NotSet(format!("{name}: {error}")))?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

fn no_such_file(id: FileId) -> FileError {
    FileError::NotFound(id.vpath().get_without_slash().into())
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &BOOK
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        self.sources.get(&id).cloned().ok_or_else(|| no_such_file(id))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.files.get(&id).cloned().ok_or_else(|| no_such_file(id))
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}

impl Sheet<'_> {
    /// Sets the document. Which letters the typesetter can put together it alone knows: where it fails, the document is set
    /// once more with those that stand for themselves.
    pub(crate) fn set(self) -> Result<Printed, PrintError> {
        self.set_with(printable).or_else(|_| self.set_with(plain))
    }

    fn set_with(&self, as_printed: fn(char) -> char) -> Result<Printed, PrintError> {
        let (main, common) = (file_id("main.typ")?, file_id("common.typ")?);
        let mut files = HashMap::new();
        let (mut view, mut replaced) = (self.view.clone(), BTreeSet::new());
        make_printable(&mut view, as_printed, &mut replaced);
        files.insert(file_id("view.json")?, Bytes::new(view.to_string().into_bytes()));
        files.insert(file_id("signed.json")?, Bytes::new(self.attached.to_vec()));
        for (name, svg) in &self.images {
            files.insert(file_id(name)?, Bytes::new(svg.clone().into_bytes()));
        }
        let sources = [(main, self.template), (common, COMMON)];
        let sources = sources.into_iter().map(|(id, text)| (id, Source::new(id, text.to_owned()))).collect();
        let desk = Desk { main, sources, files };
        let document = typst::compile::<PagedDocument>(&desk).output.map_err(|errors| not_set(&errors))?;
        let standards = PdfStandards::new(&[PdfStandard::A_3a, PdfStandard::Ua_1])
            .map_err(|error| PrintError::NotSet(error.message().to_string()))?;
        let options = PdfOptions {
            ident: Smart::Custom(self.ident.clone()),
            creator: Smart::Custom(Some("Coudemain".to_owned())),
            timestamp: datetime(self.at).map(Timestamp::new_utc),
            standards,
            ..PdfOptions::default()
        };
        let pdf = typst_pdf::pdf(&document, &options).map_err(|errors| not_set(&errors));
        // What was remembered of this document helps the next one nothing, and would grow without end.
        comemo::evict(0);
        Ok(Printed { pdf: pdf?, replaced })
    }
}

fn not_set(errors: &[SourceDiagnostic]) -> PrintError {
    let messages: Vec<_> = errors
        .iter()
        .map(|error| {
            let hints = error.hints.iter().map(|hint| format!(" ({})", hint.v));
            format!("{}{}", error.message, hints.collect::<String>())
        })
        .collect();
    PrintError::NotSet(messages.join("; "))
}

fn datetime(at: DateTime<Utc>) -> Option<Datetime> {
    let small = |number: u32| u8::try_from(number).ok();
    Datetime::from_ymd_hms(
        at.year(),
        small(at.month())?,
        small(at.day())?,
        small(at.hour())?,
        small(at.minute())?,
        small(at.second())?,
    )
}

/// Puts a mark in the place of each character that cannot be printed: an archival PDF has no holes.
fn make_printable(value: &mut Value, as_printed: fn(char) -> char, replaced: &mut BTreeSet<char>) {
    match value {
        Value::String(text) => {
            if text.chars().any(|letter| as_printed(letter) != letter) {
                replaced.extend(text.chars().filter(|letter| as_printed(*letter) == MARK && *letter != MARK));
                *text = text.chars().map(as_printed).collect();
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| make_printable(item, as_printed, replaced)),
        Value::Object(members) => members.values_mut().for_each(|member| make_printable(member, as_printed, replaced)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// What stands in the place of a character that cannot be printed.
const MARK: char = '\u{25a1}';

fn printable(letter: char) -> char {
    match letter {
        _ if has_glyph(letter) && !is_unreadable(letter) => letter,
        '\u{202f}' => '\u{a0}',
        '\u{2212}' => '-',
        _ => MARK,
    }
}

/// Letters that are put together with no other, and the marks between them.
fn plain(letter: char) -> char {
    let stands_for_itself =
        matches!(letter, '\n' | ' '..='~' | '\u{a0}'..='\u{24f}' | '\u{2010}'..='\u{2027}' | '€' | '−');
    if stands_for_itself {
        printable(letter)
    } else if letter == '\u{202f}' {
        '\u{a0}'
    } else {
        MARK
    }
}

fn has_glyph(letter: char) -> bool {
    letter == '\n' || FONTS.iter().any(|font| font.info().coverage.contains(u32::from(letter)))
}
