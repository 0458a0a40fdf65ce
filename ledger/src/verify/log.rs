//! Checkpoints and proofs of inclusion.

use super::{
    report::{Kind, Report, Stranger, Verdict},
    trust::Trust,
};
use crate::{
    checkpoint::{Checkpoint, InclusionProof},
    note::{Algorithm, Note, NoteVerdict, VerifierKey},
};

/// Checks a signed head; `None` when the text is none.
pub(super) fn checkpoint(text: &str, trust: &Trust) -> Option<Report> {
    let note = Note::parse(text)?;
    let head = Checkpoint::parse(&note.text)?;
    let mut report = Report::new(Kind::Checkpoint);
    report.title = format!("{} : {}", head.origin, head.size);
    let acts = head.size;
    report.say(
        Verdict::Holds,
        "form",
        format!("un point de contrôle de {acts} actes"),
        format!("a checkpoint of {acts} acts"),
    );
    signatures(&mut report, &note, &head, trust, None);
    Some(report)
}

/// Checks a proof of inclusion. The leaf itself is in another file, if it is anywhere.
pub(super) fn inclusion(text: &str, trust: &Trust) -> Report {
    let mut report = Report::new(Kind::InclusionProof);
    let Some(proof) = InclusionProof::parse(text) else {
        report.say(Verdict::Fails, "form", "preuve illisible ou tronquée", "an unreadable or shortened proof");
        return report;
    };
    let Some(head) = Checkpoint::parse(&proof.checkpoint.text) else {
        report.say(Verdict::Fails, "form", "point de contrôle illisible", "an unreadable checkpoint");
        return report;
    };
    report.title = format!("{} : {}", head.origin, proof.index);
    signatures(&mut report, &proof.checkpoint, &head, trust, None);
    let expected = crate::log::inclusion_path(proof.index, head.size).len();
    if proof.index >= head.size || expected != proof.hashes.len() {
        report.say(
            Verdict::Fails,
            "inclusion",
            "le nombre d'empreintes ne correspond pas à cette place",
            "the number of hashes does not fit that place",
        );
        return report;
    }
    let others: Vec<_> = trust.others.iter().filter(|other| other.bytes != text.as_bytes()).collect();
    let leaf = others.iter().find(|other| proof.holds(&other.bytes));
    match leaf {
        Some(_) => report.say(
            Verdict::Holds,
            "inclusion",
            format!("l'acte n° {} est dans le journal, tel que le fichier le dit", proof.index),
            format!("act {} is in the log, as the file says it", proof.index),
        ),
        None if others.is_empty() => report.say(
            Verdict::Unknown,
            "inclusion",
            "l'acte lui-même n'est pas là : donnez aussi son fichier",
            "the act itself is not at hand: give its file, too",
        ),
        None => report.say(
            Verdict::Fails,
            "inclusion",
            "aucun des fichiers donnés n'est l'acte que cette preuve montre",
            "none of the given files is the act that this proof shows",
        ),
    }
    report
}

/// Checks who signed a head. `own` is a key that a signed document vouches for.
pub(super) fn signatures(
    report: &mut Report,
    note: &Note,
    head: &Checkpoint,
    trust: &Trust,
    own: Option<&VerifierKey>,
) -> bool {
    let mut is_signed = false;
    for key in own.into_iter().chain(&trust.log_keys) {
        match note.verdict(key) {
            NoteVerdict::NotSigned => {}
            NoteVerdict::Wrong => {
                report.say(
                    Verdict::Fails,
                    "checkpoint",
                    format!("la signature de {} sur le point de contrôle est fausse", key.name),
                    format!("the signature of {} on the checkpoint is wrong", key.name),
                );
                return false;
            }
            NoteVerdict::Signed(None) => is_signed |= key.name == head.origin,
            NoteVerdict::Signed(Some(at)) => {
                let at = i64::try_from(at).ok().and_then(|at| chrono::DateTime::from_timestamp(at, 0));
                let at = at.map(crate::key::instant_text).unwrap_or_default();
                report.say(
                    Verdict::Holds,
                    "witness",
                    format!("le témoin {} a vu ce point de contrôle le {at}", key.name),
                    format!("the witness {} saw this checkpoint at {at}", key.name),
                );
            }
        }
    }
    let knows_the_log = own.into_iter().chain(&trust.log_keys).any(|key| key.algorithm == Algorithm::Ed25519);
    if is_signed {
        report.say(
            Verdict::Holds,
            "checkpoint",
            format!("le point de contrôle ({} actes) est signé par le journal", head.size),
            format!("the checkpoint ({} acts) is signed by the log", head.size),
        );
    } else if knows_the_log {
        report.say(
            Verdict::Fails,
            "checkpoint",
            "aucune signature du journal attendu sur ce point de contrôle",
            "no signature of the expected log on this checkpoint",
        );
    } else {
        report.say_stranger(
            Stranger::Log,
            "checkpoint",
            "la clé du journal n'est pas connue",
            "the log's key is not known",
        );
    }
    is_signed
}
