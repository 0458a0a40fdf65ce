//! Checkpoints, acts, and proofs of inclusion and consistency.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::{
    histories::{HEADS_MOST, head_of, heads_at_hand, hold_against_others},
    report::{Kind, Report, Stranger, Verdict},
    trust::{Other, Trust},
    witnesses,
};
use crate::{
    Digest,
    checkpoint::{Checkpoint, InclusionProof},
    generation::names_up_to,
    integrity::proofs_of,
    leaf::Leaf,
    log::extends,
    note::{Algorithm, Note, NoteVerdict, VerifierKey},
};

/// Checks a signed head; `None` when the text is none.
pub(super) fn checkpoint(text: &str, trust: &Trust, now: DateTime<Utc>) -> Option<Report> {
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
    signatures(&mut report, &note, &head, (trust, now), None);
    hold_against_others(&mut report, &head, trust, None);
    Some(report)
}

/// An act of the log as it was sealed; nothing where the bytes are none.
pub(super) fn act(bytes: &[u8], trust: &Trust, now: DateTime<Utc>) -> Option<Report> {
    let text = std::str::from_utf8(bytes).ok()?;
    let leaf = Leaf::parse(text.trim_end_matches('\n')).ok()?;
    let mut report = Report::new(Kind::Act);
    report.title = leaf.number.to_string();
    let proofs = trust.others.iter().filter_map(|other| InclusionProof::parse(std::str::from_utf8(&other.bytes).ok()?));
    let proofs: Vec<InclusionProof> = proofs.collect();
    if proofs.is_empty() {
        report.say_stranger(
            Stranger::Nobody,
            "inclusion",
            "sa place dans le journal n'est pas montrée : donnez aussi sa preuve",
            "its place in the log is not shown: give its proof, too",
        );
        return Some(report);
    }
    let shown: Vec<_> = proofs.iter().filter(|proof| proof.holds(bytes)).map(|proof| &proof.checkpoint).collect();
    report.judge(
        !shown.is_empty(),
        "inclusion",
        (
            "une des preuves données montre sa place dans le journal",
            "one of the given proofs shows its place in the log",
        ),
        ("aucune des preuves données n'est la sienne", "none of the given proofs is its own"),
    );
    // Anybody can make a log in which it stands: whoever signed that log answers for it.
    let is_known = |note: &&&Note| trust.log_keys.iter().any(|key| note.verdict(key) == NoteVerdict::Signed(None));
    if let Some(note) = shown.iter().find(is_known).or(shown.first()) {
        signed_head(&mut report, note, trust, now);
    }
    Some(report)
}

/// Checks a proof of inclusion. The leaf itself is in another file, if it is anywhere.
pub(super) fn inclusion(text: &str, trust: &Trust, now: DateTime<Utc>) -> Report {
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
    signatures(&mut report, &proof.checkpoint, &head, (trust, now), None);
    hold_against_others(&mut report, &head, trust, None);
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
    // Heads, proofs, keys and credentials are no acts, and no reason to miss one.
    let may_be_act = |other: &&Arc<Other>| {
        let is_signed =
            |document: &Value| document.get("proof").is_some() || document.get("verificationMethod").is_some();
        let text = std::str::from_utf8(&other.bytes).unwrap_or_default();
        other.note.is_none()
            && other.consistency.is_none()
            && InclusionProof::parse(text).is_none()
            && !other.document.as_ref().is_some_and(is_signed)
    };
    let others: Vec<_> = trust.others.iter().filter(may_be_act).collect();
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

/// Checks a proof of consistency: which of the heads at hand it joins. Who signed them is said of each head.
pub(super) fn consistency(hashes: &[Digest], trust: &Trust, now: DateTime<Utc>) -> Report {
    let mut report = Report::new(Kind::ConsistencyProof);
    let notes = trust.pinned.iter().cloned().chain(heads_at_hand(trust));
    let mut heads: Vec<(Checkpoint, Note)> = notes.filter_map(|note| Some((head_of(&note)?, note))).collect();
    heads.sort_by(|(one, _), (other, _)| (&one.origin, one.size).cmp(&(&other.origin, other.size)));
    heads.dedup_by(|(one, _), (other, _)| one == other);
    heads.truncate(HEADS_MOST);
    let pairs = || {
        let earlier = heads.iter().enumerate();
        earlier.flat_map(|(place, old)| heads.iter().skip(place).map(move |new| (&old.0, new)))
    };
    let may_be_joined =
        |(old, (new, _)): &(&Checkpoint, &(Checkpoint, Note))| old.origin == new.origin && old.size < new.size;
    let joins = |(old, (new, _)): &(&Checkpoint, &(Checkpoint, Note))| {
        extends((old.size, old.root), (new.size, new.root), hashes)
    };
    match pairs().filter(may_be_joined).find(joins) {
        Some((old, (new, note))) => {
            report.say(
                Verdict::Holds,
                "consistency",
                format!("le point de {} actes est la suite de celui de {} actes", new.size, old.size),
                format!("the head of {} acts goes on from the one of {} acts", new.size, old.size),
            );
            // The later one vouches for the earlier one, and its signer for both.
            signed_head(&mut report, note, trust, now);
        }
        None if pairs().any(|pair| may_be_joined(&pair)) => report.say(
            Verdict::Fails,
            "consistency",
            "cette preuve ne relie aucun des points de contrôle donnés",
            "this proof joins none of the checkpoints that are given",
        ),
        None => report.say_stranger(
            Stranger::Nobody,
            "consistency",
            "les points de contrôle que cette preuve relie ne sont pas là : donnez-les aussi, l'ancien et le nouveau",
            "the checkpoints that this proof joins are not at hand: give them, too, the old one and the new one",
        ),
    }
    report
}

/// Checks who signed the head that something without a signature leads to.
pub(super) fn signed_head(report: &mut Report, note: &Note, trust: &Trust, now: DateTime<Utc>) {
    match Checkpoint::parse(&note.text) {
        Some(head) => drop(signatures(report, note, &head, (trust, now), None)),
        None => report.say(Verdict::Fails, "form", "point de contrôle illisible", "an unreadable checkpoint"),
    }
}

/// Checks who signed a head. `own` is a key that a signed document vouches for.
pub(super) fn signatures(
    report: &mut Report,
    note: &Note,
    head: &Checkpoint,
    (trust, now): (&Trust, DateTime<Utc>),
    own: Option<&VerifierKey>,
) -> bool {
    let note = &witnesses::with_cosignatures(note, trust);
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
            // A log that was opened again after a loss is signed under the name that was lost, too.
            NoteVerdict::Signed(None) => is_signed |= names_up_to(&head.origin).contains(&key.name),
            NoteVerdict::Signed(Some(at)) => witnesses::told(report, key, at, now),
        }
    }
    let knows_the_log = own.into_iter().chain(&trust.log_keys).any(|key| key.algorithm == Algorithm::Ed25519);
    if is_signed {
        report.heads.push(note.clone());
        report.say(
            Verdict::Holds,
            "checkpoint",
            format!("le point de contrôle ({} actes) est signé par le journal", head.size),
            format!("the checkpoint ({} acts) is signed by the log", head.size),
        );
        witnesses::demanded(report, note, (trust, now));
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

/// Whether the log's key is one of those that the issuer's own document names: a thief of the key that signs statements
/// could bind them to a log of their own.
pub(super) fn is_log_of_issuer(report: &mut Report, document: &Value, trust: &Trust, key: &VerifierKey) -> bool {
    let methods = proofs_of(document);
    let method = methods.iter().find_map(|proof| proof["verificationMethod"].as_str()).unwrap_or_default();
    if !trust.knows_log_of(method) {
        report.say(
            Verdict::Unknown,
            "log",
            "rien de ce que vous tenez du réseau ne dit quelles clés signent ce journal",
            "nothing that you have from the network says which keys sign this log",
        );
        return true;
    }
    let is_listed = trust.log_keys.iter().any(|listed| listed == key);
    if !is_listed {
        report.say(
            Verdict::Fails,
            "log",
            "ce journal est signé par une clé que le document du réseau ne nomme pas",
            "this log is signed by a key that the network's document does not name",
        );
    }
    is_listed
}
