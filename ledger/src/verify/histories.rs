//! Whether the heads of a log that are at hand tell one history.
//!
//! Of one log and one size there is one root. A later head goes on from an earlier one where a proof of consistency shows
//! it, directly or by way of heads between; without one nothing is known, and that is said.

use serde_json::Value;

use super::{
    report::{Headline, Report, Verdict},
    trust::{Other, Trust},
};
use crate::{
    Digest,
    badge::{HOURS_GENRE, HoursProof},
    checkpoint::{Checkpoint, InclusionProof},
    generation::{generation_of, names_up_to},
    log,
    note::{Note, NoteVerdict, VerifierKey},
    statement::digests_from,
};

/// By way of so many heads a later one is looked for.
pub(super) const HEADS_MOST: usize = 32;
/// So many proofs of consistency are tried.
const PROOFS_MOST: usize = 256;

/// A size and the root over so many acts.
type Tree = (u64, Digest);

/// A head that the one who checks has beside the one that is checked.
struct Known {
    head: Checkpoint,
    from: From,
}

/// Where a head is known from, the surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum From {
    /// It is remembered from an earlier time.
    Memory,
    /// It is given by itself.
    File,
    /// It stands in a document or a proof, perhaps the very one that is checked.
    Document,
    /// A statement names it as the one before its own, and says itself how the two are joined.
    Before,
}

/// Holds a head against the others of its log. `own` is a key that a signed document vouches for.
pub(super) fn hold_against_others(report: &mut Report, head: &Checkpoint, trust: &Trust, own: Option<&VerifierKey>) {
    let known = known_heads(trust, &head.origin, own);
    let at_this_size = || known.iter().filter(|known| known.head.size == head.size);
    if at_this_size().any(|known| known.head.root != head.root) {
        report.say_headline(
            Verdict::Fails,
            Headline::TwoHistories,
            "published",
            format!(
                "ALERTE : deux histoires différentes des {} premiers actes ont été signées ; l'une est fausse",
                head.size
            ),
            format!("ALARM: two different histories of the first {} acts were signed; one of them is false", head.size),
        );
        return;
    }
    match at_this_size().map(|known| known.from).min() {
        Some(From::Memory) => report.say(
            Verdict::Holds,
            "published",
            "le point de contrôle est celui que vous aviez retenu",
            "the checkpoint is the one that you remembered",
        ),
        Some(From::File) if own.is_some() => report.say(
            Verdict::Holds,
            "published",
            "le point de contrôle est celui qui est donné avec lui",
            "the checkpoint is the one that is given with it",
        ),
        Some(From::File | From::Document | From::Before) | None => {}
    }
    let is_another = |known: &&Known| known.head.size != head.size && known.from != From::Before;
    let mut others: Vec<&Known> = known.iter().filter(is_another).collect();
    others.sort_by_key(|known| (known.head.size, known.from));
    others.dedup_by_key(|known| known.head.size);
    for other in others {
        goes_on(report, head, other, (trust, &known));
    }
    for pinned in trust.pinned.iter().filter_map(head_of).filter(|pinned| pinned.origin != head.origin) {
        other_log(report, head, &pinned);
    }
}

/// Whether the earlier of two heads is shown to be the beginning of the later one.
fn goes_on(report: &mut Report, head: &Checkpoint, other: &Known, (trust, known): (&Trust, &[Known])) {
    let is_earlier = other.head.size < head.size;
    let (old, new) = if is_earlier { (&other.head, head) } else { (head, &other.head) };
    let trees: Vec<Tree> = known.iter().map(|known| (known.head.size, known.head.root)).collect();
    let is_shown = shows((old.size, old.root), (new.size, new.root), &trees, trust);
    let size = other.head.size;
    let (french_known, english_known) = if other.from == From::Memory {
        (
            format!("du point de {size} actes que vous aviez retenu"),
            format!("the head of {size} acts that you remembered"),
        )
    } else {
        (format!("du point de {size} actes donné avec lui"), format!("the head of {size} acts that is given with it"))
    };
    let (french, english) = match (is_shown, is_earlier) {
        (true, true) => {
            (format!("le journal est la suite {french_known}"), format!("the log goes on from {english_known}"))
        }
        (true, false) => {
            (format!("le journal est le début {french_known}"), format!("the log is the beginning of {english_known}"))
        }
        (false, true) => (
            format!("rien ne montre que le journal est la suite {french_known} : il y faut une preuve de cohérence"),
            format!("nothing shows that the log goes on from {english_known}: that takes a proof of consistency"),
        ),
        (false, false) => (
            format!("rien ne montre que le journal est le début {french_known} : il y faut une preuve de cohérence"),
            format!(
                "nothing shows that the log is the beginning of {english_known}: that takes a proof of consistency"
            ),
        ),
    };
    report.say(if is_shown { Verdict::Holds } else { Verdict::Unknown }, "consistency", french, english);
}

/// A log that was lost goes on under another name: what is remembered of the one says nothing of the other.
fn other_log(report: &mut Report, head: &Checkpoint, pinned: &Checkpoint) {
    if names_up_to(&head.origin).last() != names_up_to(&pinned.origin).last() {
        return;
    }
    let size = pinned.size;
    let (french, english) = if generation_of(&pinned.origin) < generation_of(&head.origin) {
        (
            format!(
                "ce journal a été rouvert après une perte : le point de {size} actes que vous aviez retenu est d'avant ; demandez au réseau ce qui a été perdu"
            ),
            format!(
                "this log was opened again after a loss: the head of {size} acts that you remembered is from before; ask the network what was lost"
            ),
        )
    } else {
        (
            format!(
                "ce point est d'un journal perdu depuis : celui de {size} actes que vous aviez retenu est d'un journal rouvert après lui"
            ),
            format!(
                "this head is of a log that was lost since: the one of {size} acts that you remembered is of a log opened after it"
            ),
        )
    };
    report.say(Verdict::Unknown, "generation", french, english);
}

/// The heads of that log that are remembered, or at hand and signed by a key that is known to be its own.
fn known_heads(trust: &Trust, origin: &str, own: Option<&VerifierKey>) -> Vec<Known> {
    let is_signed = |note: &Note| {
        let mut keys = own.into_iter().chain(&trust.log_keys);
        keys.any(|key| key.name == origin && note.verdict(key) == NoteVerdict::Signed(None))
    };
    let pinned = trust.pinned.iter().filter_map(head_of).map(|head| Known { head, from: From::Memory });
    let given = trust.others.iter().flat_map(|other| heads_in(other));
    let given = given.filter(|(_, note)| is_signed(note));
    let given = given.filter_map(|(from, note)| Some(Known { head: head_of(&note)?, from }));
    let mut known: Vec<Known> = pinned.chain(given).filter(|known| known.head.origin == origin).collect();
    known.sort_by_key(|known| (known.head.size, known.head.root.0, known.from));
    known.dedup_by_key(|known| (known.head.size, known.head.root.0));
    known
}

pub(super) fn head_of(note: &Note) -> Option<Checkpoint> {
    Checkpoint::parse(&note.text)
}

/// The proofs of hours that a badge carries, as far as they can be read.
pub(super) fn hours_proofs(document: &Value) -> impl Iterator<Item = HoursProof> {
    let evidence = document["evidence"].as_array().map(Vec::as_slice).unwrap_or_default();
    let proofs = evidence.iter().filter(|evidence| evidence["genre"].as_str() == Some(HOURS_GENRE));
    proofs.filter_map(|evidence| serde_json::from_str(evidence["narrative"].as_str()?).ok())
}

/// The signed heads in the files at hand, signed by whomever.
pub(super) fn heads_at_hand(trust: &Trust) -> impl Iterator<Item = Note> {
    trust.others.iter().flat_map(|other| heads_in(other)).map(|(_, note)| note)
}

/// The signed heads in a file: a note, that of a proof, those that a statement was bound to, or those of a badge's hours.
fn heads_in(other: &Other) -> Vec<(From, Note)> {
    let binding = other.document.as_ref().map(|document| &document["logBinding"]);
    let proof = binding.and_then(|binding| binding["closingProof"].as_str()).and_then(InclusionProof::parse);
    let previous = binding.and_then(|binding| binding["previous"]["checkpoint"].as_str()).and_then(Note::parse);
    let own = std::str::from_utf8(&other.bytes).ok().and_then(InclusionProof::parse).or(proof);
    let of_hours = other.document.iter().flat_map(hours_proofs).filter_map(|proof| Some(proof.proof()?.0));
    let of_hours = of_hours.map(|proof| (From::Document, proof.checkpoint));
    let alone = other.note.clone().map(|note| (From::File, note));
    let own = own.map(|proof| (From::Document, proof.checkpoint));
    alone.into_iter().chain(own).chain(previous.map(|note| (From::Before, note))).chain(of_hours).collect()
}

/// Whether the proofs at hand show that the later tree begins with the earlier one, directly or by way of these: by others
/// between the two, or because both are the beginning of a later one.
pub(super) fn shows(old: Tree, new: Tree, by_way_of: &[Tree], trust: &Trust) -> bool {
    if old.0 >= new.0 {
        return old == new;
    }
    let proofs: Vec<Vec<Digest>> = trust.others.iter().flat_map(|other| proofs_in(other)).take(PROOFS_MOST).collect();
    let mut trees: Vec<Tree> = by_way_of.to_vec();
    trees.sort_unstable_by_key(|tree| (tree.0, tree.1.0));
    trees.dedup();
    trees.truncate(HEADS_MOST);
    let goes_on = |from: &Tree, to: &Tree| from.0 < to.0 && proofs.iter().any(|proof| log::extends(*from, *to, proof));
    // The trees that are shown to begin with this one, the smallest first.
    let reached_from = |from: Tree| {
        let mut reached = vec![from];
        for tree in trees.iter().chain([&new]).filter(|tree| tree.0 <= new.0).chain(&trees) {
            if !reached.contains(tree) && reached.iter().any(|from| goes_on(from, tree)) {
                reached.push(*tree);
            }
        }
        reached
    };
    let from_old = reached_from(old);
    from_old.contains(&new) || reached_from(new).iter().any(|tree| tree.0 > new.0 && from_old.contains(tree))
}

/// The proofs of consistency in a file: hashes alone, or those in a statement.
fn proofs_in(other: &Other) -> Vec<Vec<Digest>> {
    let hashes = |value: &Value| {
        let texts: Option<Vec<String>> = value.as_array()?.iter().map(|it| it.as_str().map(str::to_owned)).collect();
        digests_from(&texts?)
    };
    let document = other.document.as_ref();
    let of_statement = document.and_then(|document| hashes(&document["logBinding"]["previous"]["consistency"]));
    other.consistency.clone().into_iter().chain(of_statement).collect()
}
