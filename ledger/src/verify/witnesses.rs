//! Who else saw a signed head, and whether they are enough for the one who checks.

use chrono::{DateTime, Utc};

use super::{
    histories::heads_at_hand,
    report::{Kind, Report, Verdict},
    trust::Trust,
};
use crate::{
    integrity::CLOCK_TOLERANCE,
    key::instant_text,
    note::{Note, NoteSignature, NoteVerdict, VerifierKey},
    quorum::Witness,
};

/// What a policy demanded.
const DEMANDED: &str = "witnesses";

/// A head with what witnesses whose keys are known signed under the same text in other files at hand: a document is signed
/// once, and a witness may have come after it.
pub(super) fn with_cosignatures(note: &Note, trust: &Trust) -> Note {
    let mut gathered = note.clone();
    for key in &trust.log_keys {
        let is_theirs = |signature: &&NoteSignature| signature.name == key.name && signature.id == key.id();
        let cosigned =
            |other: &Note| other.text == note.text && matches!(other.verdict(key), NoteVerdict::Signed(Some(_)));
        if gathered.verdict(key) == NoteVerdict::NotSigned
            && let Some(other) = heads_at_hand(trust).find(cosigned)
        {
            gathered.signatures.extend(other.signatures.iter().find(is_theirs).cloned());
        }
    }
    gathered
}

/// What a witness says: when it saw the head, in seconds since 1970.
pub(super) fn told(report: &mut Report, key: &VerifierKey, at: u64, now: DateTime<Utc>) {
    let at = i64::try_from(at).ok().and_then(|at| DateTime::from_timestamp(at, 0));
    let Some(at) = at.filter(|at| at.signed_duration_since(now) <= CLOCK_TOLERANCE) else {
        return report.say(
            Verdict::Fails,
            "witness",
            format!("le témoin {} dit avoir vu ce point de contrôle dans le futur", key.name),
            format!("the witness {} says that it saw this checkpoint in the future", key.name),
        );
    };
    let at = instant_text(at);
    report.say(
        Verdict::Holds,
        "witness",
        format!("le témoin {} a vu ce point de contrôle le {at}", key.name),
        format!("the witness {} saw this checkpoint at {at}", key.name),
    );
}

/// Holds a head that its log signed against the policy of the one who checks.
pub(super) fn demanded(report: &mut Report, note: &Note, (trust, now): (&Trust, DateTime<Utc>)) {
    let Some(quorum) = &trust.quorum else { return };
    if !quorum.is_about(note) {
        return report.say(
            Verdict::Fails,
            DEMANDED,
            "ce journal n'est pas un de ceux que votre politique nomme",
            "this log is none of those that your policy names",
        );
    }
    let names =
        |witnesses: &[&Witness]| witnesses.iter().map(|witness| witness.name.as_str()).collect::<Vec<_>>().join(", ");
    let (seen, missing) = quorum.witnesses_of(note, now);
    let (seen, missing) = (names(&seen), names(&missing));
    if quorum.is_met_by(note, now) {
        return match seen.as_str() {
            "" => report.say(
                Verdict::Holds,
                DEMANDED,
                "votre politique ne demande aucun témoin",
                "your policy demands no witness",
            ),
            _ => report.say(
                Verdict::Holds,
                DEMANDED,
                format!("les témoins que votre politique demande ont vu ce point de contrôle : {seen}"),
                format!("the witnesses that your policy demands saw this checkpoint: {seen}"),
            ),
        };
    }
    let (french, english) = match seen.as_str() {
        "" => (
            format!("aucun témoin de votre politique n'a vu ce point de contrôle ; il y manque {missing}"),
            format!("no witness of your policy saw this checkpoint; missing are {missing}"),
        ),
        _ => (
            format!(
                "ce point de contrôle a trop peu de témoins pour votre politique : vu par {seen} ; il y manque {missing}"
            ),
            format!("this checkpoint has too few witnesses for your policy: seen by {seen}; missing are {missing}"),
        ),
    };
    report.say(Verdict::Fails, DEMANDED, french, english);
}

/// Says of a credential that leads to no signed head that a policy has nothing to demand there.
pub(super) fn undemanded(report: &mut Report, trust: &Trust) {
    let is_told = report.checks.iter().any(|check| check.name == DEMANDED);
    let may_lead_to_one = match report.kind {
        Kind::Statement | Kind::ProvisionalStatement | Kind::Badge | Kind::Credential => true,
        Kind::StatusList
        | Kind::Checkpoint
        | Kind::InclusionProof
        | Kind::ConsistencyProof
        | Kind::Passport
        | Kind::KeyDocument
        | Kind::Act
        | Kind::Unknown => false,
    };
    if trust.quorum.is_some() && may_lead_to_one && !is_told {
        report.say(
            Verdict::Unknown,
            DEMANDED,
            "rien dans ce document ne mène à un point de contrôle signé : votre politique n'y trouve pas de témoin",
            "nothing in this document leads to a signed checkpoint: your policy finds no witness there",
        );
    }
}
