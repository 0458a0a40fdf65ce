//! `export`: the ledger in the words of other tools.

mod arguments;
mod csv;
mod hledger;
mod lines;
mod valuation;

use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use clap::{ArgMatches, Command};
use ledger::Language;
use tempfile::NamedTempFile;

use crate::{
    failure::Failure,
    file,
    screen::Screen,
    session::Session,
    verb::{self, Verb},
};

const VERBS: [Verb; 4] = [
    Verb { arguments: arguments::hledger, run: |args, language| Box::pin(hledger(args, language)) },
    Verb { arguments: arguments::csv, run: |args, language| Box::pin(csv(args, language)) },
    Verb { arguments: arguments::lines, run: |args, language| Box::pin(lines(args, language)) },
    Verb { arguments: arguments::valuation, run: |args, language| Box::pin(valuation(args, language)) },
];

pub(crate) fn arguments(language: Language) -> Command {
    let about = language.pick("Sort le registre vers d'autres outils", "Hands the ledger to other tools");
    verb::group("export", "exporter", about, &VERBS, language)
}

pub(crate) async fn run(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    verb::run(&VERBS, args, language).await
}

async fn hledger(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let (mut out, session) = open(args, language).await?;
    hledger::write(&session, &mut out).await?;
    out.finish()
}

async fn csv(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let (mut out, session) = open(args, language).await?;
    csv::write(&session, &mut out).await?;
    out.finish()
}

async fn lines(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let (mut out, session) = open(args, language).await?;
    lines::write(&session, args, &mut out).await?;
    out.finish()
}

async fn valuation(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let (mut out, session) = open(args, language).await?;
    valuation::write(&session, args, &mut out).await?;
    out.finish()
}

/// Where it goes, before any work is done, and what it is about.
async fn open(args: &ArgMatches, language: Language) -> Result<(Out, Session), Failure> {
    let out = Out::open(args.get_one::<String>("out").map(PathBuf::from))?;
    Ok((out, Session::open(args, language).await?))
}

/// Where an export goes. A file gets its name once it is whole, and never another file's.
#[derive(Debug)]
enum Out {
    Screen(BufWriter<Screen>),
    File { unfinished: BufWriter<NamedTempFile>, path: PathBuf },
}

impl Out {
    fn open(path: Option<PathBuf>) -> Result<Self, Failure> {
        let Some(path) = path else { return Ok(Self::Screen(BufWriter::new(Screen))) };
        file::is_free(&path)?;
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let unfinished = NamedTempFile::new_in(folder).map_err(|error| about(&path, &error))?;
        Ok(Self::File { unfinished: BufWriter::new(unfinished), path })
    }

    /// Says that all is written.
    fn finish(self) -> Result<bool, Failure> {
        match self {
            Self::Screen(mut screen) => screen.flush()?,
            Self::File { unfinished, path } => {
                let file = unfinished.into_inner().map_err(io::IntoInnerError::into_error)?;
                file.as_file().sync_all()?;
                file.persist_noclobber(&path).map_err(|error| match error.error.kind() {
                    ErrorKind::AlreadyExists => file::is_taken(&path),
                    _ => about(&path, &error.error),
                })?;
            }
        }
        Ok(true)
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Screen(screen) => screen.write(bytes),
            Self::File { unfinished, .. } => unfinished.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Screen(screen) => screen.flush(),
            Self::File { unfinished, .. } => unfinished.flush(),
        }
    }
}

fn about(path: &Path, error: &io::Error) -> Failure {
    let name = path.display();
    let why = |language| file::in_words(error, language);
    Failure::said(format!("« {name} » : {}", why(Language::French)), format!("“{name}”: {}", why(Language::English)))
}
