//! What no erasure takes away, since it is sealed in the log or stands in acts for ever.

use std::fmt::Write as _;

use ledger::{Language, person::Identity, printable::shown};

use crate::{failure::Failure, report::count, session::Session};

/// What is left of somebody; nothing where there is nothing.
pub(crate) async fn left_of(session: &Session, identity: Option<&Identity>) -> Result<String, Failure> {
    let (store, network, language) = (&session.store, session.network_id, session.language);
    let mut text = String::new();
    if let Some(told) = sealed_digests(store.sealed_file_digests(network).await?, language) {
        let _ = writeln!(text, "{told}");
    }
    let keys = match identity {
        Some(identity) => store.keys_that_name(network, identity).await?,
        None => Vec::new(),
    };
    for (act, key) in keys {
        let key = shown(&key);
        let line = language.pick(
            format!("Ne peut pas être effacé : la clé « {key} » qu'un autre programme a choisie (acte {act})."),
            format!("Cannot be erased: the key “{key}” that another program chose (act {act})."),
        );
        let _ = writeln!(text, "{line}");
    }
    Ok(text)
}

/// Files of which earlier versions sealed the digest.
pub(crate) fn sealed_digests(files: u64, language: Language) -> Option<String> {
    let files = usize::try_from(files).unwrap_or(usize::MAX);
    let counted = count(files, language, ("fichier", "fichiers"), ("file", "files"));
    (files > 0).then(|| {
        language.pick(
            format!("Ne peut pas être effacé : l'empreinte de {counted} qu'une version d'avant a scellée dans le journal. Qui a encore un de ces fichiers, ou devine ce que disait un fichier d'une seule personne, peut vérifier qu'il est entré."),
            format!("Cannot be erased: the digest of {counted} that an earlier version sealed in the log. Whoever still has such a file, or guesses what a file about one person alone said, can verify that it came in."),
        )
    })
}
