//! What the system says of a file that cannot be read or written, in plain words.

use std::io::{self, ErrorKind};

use ledger::Language;

/// What is wrong, where it is one of the usual troubles; else the system's own words.
pub fn in_words(error: &io::Error, language: Language) -> String {
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
