//! An association's notebook that lies on a page for a while, and what it comes to against the ledger.
//!
//! What is kept is not the file but its cells: a workbook is read once, by a process of its own, and whatever else was in
//! it (macros, pictures, who made it) is gone with the request. It is kept beside the ledger, for one session and one
//! association, for an hour at most; every comparison is made anew, with the code that the command has.

use std::path::Path;
use std::sync::Arc;

use axum::body::Bytes;
use chrono::TimeDelta;
use files::{
    cells::{CellsError, Sheet, WorkbookReader, sheets_in},
    error::FileError,
    notebook::{File, Mapping, Preview},
    reconcile::{
        against::Against,
        compare::{self, CompareError, Compared, Wish, compare_file},
        habits::{self, Alias, Habits},
        propose::{Ask, asks},
    },
    remedy::Remedies,
};
use ledger::{AssociationNumber, Language};
use serde::{Deserialize, Serialize};
use store::{LaidNotebook, NotebookHabit, PageOf, SealError};
use tokio::runtime::Handle;

use crate::{
    app::App,
    caller::Caller,
    opened,
    operation::logs,
    problem::{Problem, Refusal},
};

/// A file has so many bytes at most.
pub const BYTES_MOST: usize = 10 << 20;
/// So long a notebook lies on a page.
pub const KEPT: TimeDelta = TimeDelta::hours(1);
/// So many lines it has at most: the command takes longer ones.
const LINES_MOST: usize = 200_000;
/// What its cells come to, in bytes.
const CELLS_MOST: usize = 48 << 20;
/// A date may be so many days away, as on the command line.
const DAYS: u16 = 7;

/// What somebody said of the notebook on the page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Said {
    /// Of which year it is.
    pub year: Option<i32>,
    /// Which sheets are to be read; all, where none is said.
    pub sheets: Vec<String>,
    /// What columns mean: `(column, meaning)`, as `--map` takes them.
    pub columns: Vec<(String, String)>,
    /// Whom names stand for: `(written, name)`.
    pub names: Vec<(String, String)>,
    /// What is a mistake of the notebook's own: lines by their place (`l12`), exchanges by their number (`x345`).
    pub mistakes: Vec<String>,
}

impl Said {
    fn habits(&self) -> Habits {
        let columns =
            self.columns.iter().filter_map(|(column, meaning)| Mapping::parse(&format!("{column}={meaning}")));
        let alias = |(written, meant): &(String, String)| Alias {
            written: written.clone(),
            meant: meant.clone(),
            is_remembered: false,
        };
        Habits::said(columns.collect(), self.names.iter().map(alias).collect())
    }
}

/// A notebook on a page.
#[derive(Debug, Clone)]
pub struct Laid {
    /// What tells it from the one that lay there before.
    pub reading: String,
    /// The name of the file.
    pub name: String,
    /// What was said of it.
    pub said: Said,
    /// How many minutes it still lies there.
    pub minutes_left: i64,
    /// Whether it is so long that comparing it takes a while.
    pub is_long: bool,
    cells: Arc<Vec<u8>>,
}

impl Laid {
    /// The same notebook, of which something else is said.
    #[must_use]
    pub fn saying(self, said: Said) -> Self {
        Self { said, ..self }
    }
}

/// Why a notebook was not laid on the page.
#[derive(Debug)]
pub enum NotLaid {
    /// It cannot be read.
    Cells(CellsError),
    /// It has more lines, or more in them, than are compared on a page.
    TooLong,
    /// Something that is told as everywhere.
    Problem(Problem),
}

impl From<Problem> for NotLaid {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

/// Why nothing was compared.
#[derive(Debug)]
pub enum NotCompared {
    /// The notebook leaves something open.
    Notebook(CompareError),
    /// Something that is told as everywhere.
    Problem(Problem),
}

impl NotCompared {
    /// What the notebook leaves open.
    ///
    /// # Errors
    /// Where it is something else.
    pub fn open(self) -> Result<CompareError, Problem> {
        match self {
            Self::Notebook(error) => Ok(error),
            Self::Problem(problem) => Err(problem),
        }
    }
}

impl From<Problem> for NotCompared {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl From<CompareError> for NotCompared {
    fn from(error: CompareError) -> Self {
        match error {
            CompareError::File(FileError::Store(error) | FileError::Seal(SealError::Store(error))) => {
                Self::Problem(Problem::of_store(&error))
            }
            error => Self::Notebook(error),
        }
    }
}

/// For whom a notebook is compared, and how they are spoken to.
#[derive(Debug, Clone, Copy)]
pub struct Reader {
    /// The association that keeps it.
    pub own: AssociationNumber,
    /// The language of what is said.
    pub language: Language,
    /// The words of what would help.
    pub remedies: Remedies,
}

fn page_of(caller: &Caller, own: AssociationNumber) -> PageOf {
    PageOf { session: caller.access.token, association: own }
}

/// Lays a notebook on the caller's page, in the place of the one that lay there.
///
/// # Errors
/// When it cannot be read, or the database does not answer.
pub async fn lay(
    app: &App,
    caller: &Caller,
    own: AssociationNumber,
    (reading, name): (&str, &str),
    bytes: Bytes,
) -> Result<(), NotLaid> {
    let workbooks = app.config.workbooks.clone().unwrap_or_else(WorkbookReader::none);
    let read = app.bodies.with_notebook(move || to_keep(&bytes, &workbooks)).await??;
    let notebook = LaidNotebook {
        reading: reading.to_owned(),
        name: name.to_owned(),
        cells: read,
        said: written(&Said::default())?,
        laid_at: app.now(),
    };
    let laid = app.store.lay_notebook(caller.known.id, page_of(caller, own), &notebook).await;
    laid.map_err(|error| Problem::of_store(&error).into())
}

/// What is kept of a file: its cells.
fn to_keep(bytes: &[u8], workbooks: &WorkbookReader) -> Result<Vec<u8>, NotLaid> {
    let sheets = sheets_in(bytes, workbooks).map_err(NotLaid::Cells)?;
    if sheets.iter().map(|sheet| sheet.rows.len()).sum::<usize>() > LINES_MOST {
        return Err(NotLaid::TooLong);
    }
    let cells = serde_json::to_vec(&sheets).map_err(|error| fault(&error))?;
    if cells.len() > CELLS_MOST { Err(NotLaid::TooLong) } else { Ok(cells) }
}

/// The notebook on the caller's page, if one lies there.
///
/// # Errors
/// When the database does not answer.
pub async fn laid(app: &App, caller: &Caller, own: AssociationNumber) -> Result<Option<Laid>, Problem> {
    const LONG: usize = 3 << 20;
    let found = app.store.laid_notebook(caller.known.id, page_of(caller, own), app.now() - KEPT).await?;
    // What another version of the program kept is laid anew.
    let Some(said) = found.as_ref().and_then(|found| serde_json::from_str(&found.said).ok()) else { return Ok(None) };
    Ok(found.map(|LaidNotebook { reading, name, cells, laid_at, .. }| Laid {
        minutes_left: (laid_at + KEPT - app.now()).num_minutes().max(1),
        is_long: cells.len() > LONG,
        reading,
        name,
        said,
        cells: Arc::new(cells),
    }))
}

/// Keeps what is said of the notebook on the page. `false` where another one lies there by now, or none.
///
/// # Errors
/// When the database does not answer.
pub async fn say(
    app: &App,
    caller: &Caller,
    own: AssociationNumber,
    reading: &str,
    said: &Said,
) -> Result<bool, Problem> {
    let said = written(said)?;
    Ok(app.store.say_of_notebook(caller.known.id, page_of(caller, own), reading, &said).await?)
}

/// Forgets the notebook on the page, also where SQLite keeps what was written lately.
///
/// # Errors
/// When the database does not answer.
pub async fn forget(app: &App, caller: &Caller, own: AssociationNumber) -> Result<(), Problem> {
    app.store.forget_notebook(caller.known.id, page_of(caller, own)).await?;
    Ok(app.store.settle().await?)
}

/// A notebook that is compared.
#[derive(Debug)]
pub struct Comparison {
    /// What it comes to.
    pub compared: Compared,
    /// What its lines would ask of others.
    pub asks: Vec<Ask>,
}

/// A notebook as it is read now, for somebody to look it over.
#[derive(Debug)]
pub struct Reading {
    /// Its sheets; none where it cannot be read at all.
    pub previews: Vec<Preview>,
    /// What it comes to, or what it leaves open.
    pub comparison: Result<Comparison, CompareError>,
}

/// Compares the notebook on the page with the ledger as it is now.
///
/// # Errors
/// When it leaves something open, or the database does not answer.
pub async fn compare(app: &App, caller: &Caller, laid: Laid, reader: Reader) -> Result<Comparison, NotCompared> {
    with_notebook(app, caller, laid, reader, Opened::compare).await?
}

/// How the notebook on the page is read, and what it comes to so.
///
/// # Errors
/// When the database does not answer.
pub async fn look_over(app: &App, caller: &Caller, laid: Laid, reader: Reader) -> Result<Reading, Problem> {
    with_notebook(app, caller, laid, reader, |opened| {
        let previews = opened.previews().or_else(|left| left.open().map(|_| Vec::new()))?;
        let comparison = opened.compare().map(Ok).or_else(|left| left.open().map(Err))?;
        Ok(Reading { previews, comparison })
    })
    .await?
}

/// A notebook whose cells are at hand, beside the workers.
struct Opened {
    against: Against,
    file: File,
    name: String,
    wish: Wish,
    reader: Reader,
}

impl Opened {
    fn compare(&self) -> Result<Comparison, NotCompared> {
        let Reader { own, language, .. } = self.reader;
        let path = Path::new(&self.name);
        let compared =
            Handle::current().block_on(compare_file(&self.against, &self.file, path, &self.wish, language))?;
        let asks = self.against.network().map(|open| asks(open, &compared, own, language).asks);
        Ok(Comparison { compared, asks: asks.unwrap_or_default() })
    }

    fn previews(&self) -> Result<Vec<Preview>, NotCompared> {
        let path = Path::new(&self.name);
        let sheets = compare::look_over(&self.against, &self.file, path, &self.wish, self.reader.language);
        Ok(Handle::current().block_on(sheets)?)
    }
}

/// Reading and comparing keep a processor busy, and ask the database in between: all of it happens beside the workers.
async fn with_notebook<T: Send + 'static>(
    app: &App,
    caller: &Caller,
    laid: Laid,
    reader: Reader,
    work: impl FnOnce(&Opened) -> T + Send + 'static,
) -> Result<T, Problem> {
    let against = against(app, caller, reader).await?;
    let wish = Wish {
        association: Some(caller.name_of(reader.own)),
        year: laid.said.year,
        sheets: laid.said.sheets.clone(),
        days: DAYS,
        habits: laid.said.habits(),
        remedies: reader.remedies,
        workbooks: WorkbookReader::none(),
    };
    let done = app.bodies.with_notebook(move || {
        let sheets: Vec<Sheet> = serde_json::from_slice(laid.cells.as_slice()).map_err(|error| fault(&error))?;
        let file = File::of(&laid.name, sheets);
        Ok(work(&Opened { against, file, name: laid.name, wish, reader }))
    });
    done.await?
}

async fn against(app: &App, caller: &Caller, reader: Reader) -> Result<Against, Problem> {
    Ok(Against::Database(Box::new(opened::network(app, caller, reader.language, reader.remedies).await?)))
}

/// Remembers, for the association's next notebooks, what was said of this one.
///
/// # Errors
/// When the database does not answer.
pub async fn remember(app: &App, caller: &Caller, reader: Reader, said: &Said) -> Result<(), Problem> {
    let habits = said.habits();
    if habits.is_empty() {
        return Ok(());
    }
    let against = against(app, caller, reader).await?;
    let owner = caller.name_of(reader.own);
    let kept = habits::remember(&against, &owner, Some(reader.own), &habits, Path::new("")).await;
    kept.map(|_| ()).map_err(|error| opened::fault_of(&error))
}

/// What is remembered of the association's notebooks.
///
/// # Errors
/// When the database does not answer.
pub async fn remembered(app: &App, caller: &Caller, own: AssociationNumber) -> Result<Vec<NotebookHabit>, Problem> {
    Ok(app.store.notebook_habits(caller.known.id, own).await?)
}

/// Forgets what was said of a column or a name, of the notebook on the page as well.
///
/// # Errors
/// When the database does not answer.
pub async fn unlearn(app: &App, caller: &Caller, reader: Reader, written: &str) -> Result<(), Problem> {
    let against = against(app, caller, reader).await?;
    let owner = caller.name_of(reader.own);
    habits::forget(&against, &owner, written, Path::new("")).await.map_err(|error| opened::fault_of(&error))?;
    if let Some(Laid { reading, mut said, .. }) = laid(app, caller, reader.own).await? {
        said.columns.retain(|(column, _)| ledger::name::fold(column) != ledger::name::fold(written));
        said.names.retain(|(name, _)| ledger::name::fold(name) != ledger::name::fold(written));
        say(app, caller, reader.own, &reading, &said).await?;
    }
    Ok(())
}

fn written(said: &Said) -> Result<String, Problem> {
    serde_json::to_string(said).map_err(|error| fault(&error))
}

/// No word of what was read: the column and the line tell nobody's name.
fn fault(error: &serde_json::Error) -> Problem {
    logs::fault(&format!("the cells of a notebook: {:?}", error.classify()));
    Problem::new(Refusal::Fault)
}
