//! `export`: the ledger in the words of other tools.

pub(crate) mod arguments;
mod csv;
mod hledger;
mod lines;
mod valuation;

use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use clap::ArgMatches;
use ledger::Language;
use tempfile::NamedTempFile;

use crate::{failure::Failure, file, screen::Screen, session::Session};

pub(crate) async fn run(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let Some((form, verb)) = args.subcommand() else { return Ok(true) };
    let mut out = Out::open(verb.get_one::<String>("out").map(PathBuf::from))?;
    let session = Session::open(verb, language).await?;
    let written = match form {
        "hledger" => hledger::write(&session, &mut out).await,
        "valuation" => valuation::write(&session, verb, &mut out).await,
        "lines" => lines::write(&session, verb, &mut out).await,
        _ => csv::write(&session, &mut out).await,
    };
    written.and_then(|()| out.finish()).map(|()| true)
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

    fn finish(self) -> Result<(), Failure> {
        match self {
            Self::Screen(mut screen) => Ok(screen.flush()?),
            Self::File { unfinished, path } => {
                let file = unfinished.into_inner().map_err(io::IntoInnerError::into_error)?;
                file.as_file().sync_all()?;
                file.persist_noclobber(&path).map(|_| ()).map_err(|error| match error.error.kind() {
                    ErrorKind::AlreadyExists => file::is_taken(&path),
                    _ => about(&path, &error.error),
                })
            }
        }
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
