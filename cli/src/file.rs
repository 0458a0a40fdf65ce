//! Files that people get, and what is said when one cannot be read or written.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

use ledger::Language;

use crate::failure::Failure;

/// Writes beside the file first, so that a name never holds half a document. An older file is replaced.
pub(crate) fn write(path: &Path, bytes: impl AsRef<[u8]>) -> Result<(), Failure> {
    let mut aside = path.as_os_str().to_owned();
    aside.push(".part");
    let written = fs::write(&aside, bytes).and_then(|()| fs::rename(&aside, path));
    written.map_err(|error| {
        // What is half written helps nobody; the first error is the one to report.
        let _ = fs::remove_file(&aside);
        about(path, |language| in_words(&error, language))
    })
}

/// Refuses a name for a new file that is taken, or in a folder that is not there, before any work is done.
pub(crate) fn is_free(path: &Path) -> Result<(), Failure> {
    if fs::symlink_metadata(path).is_ok() {
        return Err(is_taken(path));
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
        let folder = folder.display();
        return Err(Failure::said(
            format!("pas de dossier « {folder} » ; créez-le, ou choisissez-en un autre"),
            format!("no folder “{folder}”; make it, or choose another one"),
        ));
    }
    Ok(())
}

/// Says that a file of that name is there already.
pub(crate) fn is_taken(path: &Path) -> Failure {
    let name = path.display();
    Failure::said(
        format!("« {name} » existe déjà ; choisissez un autre nom"),
        format!("“{name}” exists already; choose another name"),
    )
}

/// What is wrong with a file, its name first.
pub(crate) fn about(path: &Path, words: impl Fn(Language) -> String) -> Failure {
    let name = path.display();
    Failure::said(format!("{name} : {}", words(Language::French)), format!("{name}: {}", words(Language::English)))
}

/// What the system says of a file, in plain words where it is one of the usual troubles.
pub(crate) fn in_words(error: &io::Error, language: Language) -> String {
    let (french, english) = match error.kind() {
        ErrorKind::NotFound => ("ce fichier ou son dossier n'existe pas", "this file or its folder does not exist"),
        ErrorKind::PermissionDenied => ("l'accès est refusé", "access is denied"),
        ErrorKind::StorageFull => ("le disque est plein", "the disk is full"),
        ErrorKind::ReadOnlyFilesystem => ("ce disque est en lecture seule", "this disk is read-only"),
        ErrorKind::IsADirectory => ("c'est un dossier", "this is a folder"),
        ErrorKind::NotADirectory => ("son dossier n'en est pas un", "its folder is no folder"),
        _ => return error.to_string(),
    };
    language.pick(french, english).to_owned()
}
