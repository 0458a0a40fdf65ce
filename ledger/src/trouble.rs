//! What the system says of a file or a connection that does not do what it should, in plain words.

use std::io::{self, ErrorKind};

use crate::Language;

/// The usual troubles, each with what it is called.
const USUAL: [(ErrorKind, &str, &str); 25] = [
    (ErrorKind::NotFound, "ce fichier ou son dossier n'existe pas", "this file or its folder does not exist"),
    (ErrorKind::PermissionDenied, "l'accès est refusé", "access is denied"),
    (ErrorKind::AlreadyExists, "ce nom est déjà pris", "this name is taken already"),
    (ErrorKind::StorageFull, "le disque est plein", "the disk is full"),
    (ErrorKind::QuotaExceeded, "votre place sur ce disque est épuisée", "your room on this disk is used up"),
    (ErrorKind::FileTooLarge, "ce fichier est trop grand", "this file is too large"),
    (ErrorKind::ReadOnlyFilesystem, "ce disque est en lecture seule", "this disk is read-only"),
    (ErrorKind::IsADirectory, "c'est un dossier", "this is a folder"),
    (ErrorKind::NotADirectory, "son dossier n'en est pas un", "its folder is no folder"),
    (ErrorKind::DirectoryNotEmpty, "ce dossier n'est pas vide", "this folder is not empty"),
    (ErrorKind::InvalidFilename, "ce nom ne peut être celui d'un fichier", "this cannot be a file's name"),
    (ErrorKind::ResourceBusy, "un autre programme s'en sert", "another program is using it"),
    (ErrorKind::ExecutableFileBusy, "un autre programme s'en sert", "another program is using it"),
    (ErrorKind::BrokenPipe, "le programme qui devait le lire s'est arrêté", "the program that was to read it ended"),
    (ErrorKind::UnexpectedEof, "il s'arrête trop tôt", "it ends too early"),
    (ErrorKind::OutOfMemory, "la mémoire manque", "there is not enough memory"),
    (ErrorKind::TimedOut, "la réponse tarde trop", "the answer takes too long"),
    (ErrorKind::AddrInUse, "un autre programme écoute déjà là", "another program listens there already"),
    (ErrorKind::AddrNotAvailable, "cette machine n'a pas cette adresse", "this machine does not have this address"),
    (ErrorKind::ConnectionRefused, "personne n'y répond", "nobody answers there"),
    (ErrorKind::ConnectionReset, "la connexion a été coupée", "the connection was cut off"),
    (ErrorKind::ConnectionAborted, "la connexion a été coupée", "the connection was cut off"),
    (ErrorKind::HostUnreachable, "cette machine n'y a pas accès par le réseau", "this machine cannot reach it"),
    (ErrorKind::NetworkUnreachable, "cette machine n'y a pas accès par le réseau", "this machine cannot reach it"),
    (ErrorKind::NetworkDown, "cette machine n'y a pas accès par le réseau", "this machine cannot reach it"),
];

/// What is wrong, where it is one of the usual troubles; else the system's own words, without its number for them.
pub fn in_words(error: &io::Error, language: Language) -> String {
    match USUAL.iter().find(|(kind, ..)| *kind == error.kind()) {
        Some((_, french, english)) => language.pick(*french, *english).to_owned(),
        None => unnumbered(&error.to_string()),
    }
}

/// Without `(os error 24)`, with which the standard library ends what the system says.
fn unnumbered(said: &str) -> String {
    let end = said.rfind(" (os error ").filter(|_| said.ends_with(')'));
    said.get(..end.unwrap_or(said.len())).unwrap_or(said).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_number_of_the_system_is_shown() {
        for number in 1..=133 {
            let error = io::Error::from_raw_os_error(number);
            for language in [Language::French, Language::English] {
                let words = in_words(&error, language);
                assert!(!words.contains("os error") && !words.is_empty(), "{number}: {words}");
            }
        }
        assert_eq!(
            in_words(&io::Error::from_raw_os_error(32), Language::French),
            "le programme qui devait le lire s'est arrêté"
        );
        assert_eq!(
            in_words(&io::Error::from_raw_os_error(2), Language::English),
            "this file or its folder does not exist"
        );
        assert_eq!(
            in_words(&io::Error::other("half a parenthesis (os error"), Language::English),
            "half a parenthesis (os error"
        );
    }
}
