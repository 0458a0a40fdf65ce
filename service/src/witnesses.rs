//! Asks witnesses to sign heads of a network's log (C2SP tlog-witness), and keeps what they signed.

use chrono::{DateTime, Utc};
use hyper::{Method, body::Bytes};
use ledger::{
    Language, NetworkId,
    keyring::Keyring,
    note::{Note, NoteSignature, NoteVerdict},
    quorum::{Quorum, Witness, has_seen},
    witness::Submission,
};
use store::{HeadProof, SealError, Store};

use crate::calling::{Answered, Line, NotReached, Question};

/// So far back it is looked for the head that a witness signed last.
const HEADS_MOST: i64 = 200;
/// No answer of a witness is longer.
const ANSWER_MOST: usize = 16 << 10;

/// Why a witness did not sign.
#[derive(Debug)]
pub enum NotCosigned {
    /// It is not said where it is asked.
    NoAddress,
    /// There is no answer.
    NotReached(NotReached),
    /// It answers with this status.
    Status(u16),
    /// It signed a longer log than this one.
    SawMore(u64),
    /// Its answer holds no cosignature of its key.
    NoCosignature,
}

impl NotCosigned {
    /// Why, in a sentence.
    pub fn in_words(&self, language: Language) -> String {
        match self {
            Self::NoAddress => {
                language.pick("il n'est pas dit où le demander", "it is not said where it is asked").to_owned()
            }
            Self::NotReached(why) => why.in_words(language),
            Self::Status(404) => {
                language.pick("il ne connaît pas ce journal (404)", "it does not know this log (404)").to_owned()
            }
            Self::Status(403) => language
                .pick("il ne connaît pas la clé de ce journal (403)", "it does not know this log's key (403)")
                .to_owned(),
            Self::Status(422) => language
                .pick(
                    "ce point n'est pas la suite de ce qu'il a signé (422) : deux histoires du journal existent",
                    "this head does not go on from what it signed (422): there are two histories of the log",
                )
                .to_owned(),
            Self::Status(status) => language.pick(format!("il répond {status}"), format!("it answers {status}")),
            Self::SawMore(size) => language.pick(
                format!("il a déjà signé un journal plus long, de taille {size} : celui-ci est revenu en arrière"),
                format!("it signed a longer log already, of size {size}: this one has gone back"),
            ),
            Self::NoCosignature => language
                .pick("sa réponse ne porte pas sa signature", "its answer does not bear its signature")
                .to_owned(),
        }
    }
}

/// What came of asking the witnesses.
#[derive(Debug)]
pub struct Asked {
    /// The head, with what they signed.
    pub signed: HeadProof,
    /// Those who did not, by what the network calls them.
    pub missing: Vec<(String, NotCosigned)>,
    /// Whether those who did are enough for the network.
    pub is_enough: bool,
}

/// Asks those witnesses of a network about a head who have not signed it yet. Those whose address is private are asked,
/// too: whoever named them has the network's keys.
///
/// # Errors
/// When the database does not answer, or the keyring cannot be read.
pub async fn ask(
    store: &Store,
    network: NetworkId,
    keyring: &Keyring,
    mut signed: HeadProof,
    now: DateTime<Utc>,
) -> Result<Asked, SealError> {
    let Some(quorum) = keyring.asked_witnesses()? else {
        return Ok(Asked { signed, missing: Vec::new(), is_enough: true });
    };
    let mut missing = Vec::new();
    for witness in lacking(&quorum, &signed, now) {
        match ask_one(store, network, witness, &signed).await? {
            Ok(cosigned) => signed = store.add_cosignature(network, &cosigned, &witness.key).await?,
            Err(why) => missing.push((witness.name.clone(), why)),
        }
    }
    let is_enough = quorum.is_met_by(&signed.note, now);
    Ok(Asked { signed, missing, is_enough })
}

/// The witnesses that have not signed a head.
fn lacking<'a>(quorum: &'a Quorum, signed: &HeadProof, now: DateTime<Utc>) -> Vec<&'a Witness> {
    quorum.witnesses.iter().filter(|witness| !has_seen(&signed.note, &witness.key, now)).collect()
}

async fn ask_one(
    store: &Store,
    network: NetworkId,
    witness: &Witness,
    signed: &HeadProof,
) -> Result<Result<Note, NotCosigned>, SealError> {
    let Some(url) = &witness.url else { return Ok(Err(NotCosigned::NoAddress)) };
    let mut line = match Line::to(url, true) {
        Ok(line) => line,
        Err(why) => return Ok(Err(NotCosigned::NotReached(why))),
    };
    let mut old = last_size(store, network, witness).await?;
    // Where it remembers another size than is known here, it says which, and is asked once more.
    for is_last in [false, true] {
        let consistency = match old {
            0 => Vec::new(),
            old => store.consistency_between(network, old, signed.head.size).await?,
        };
        let note = Note { signatures: own_signatures(signed), text: signed.note.text.clone() };
        let Some(submission) = Submission::new(old, consistency, note) else { return Err(SealError::NotACosignature) };
        let body = Bytes::from(submission.to_text());
        let question = Question { method: Method::POST, body, ..Question::get("/add-checkpoint") };
        match line.ask(&question, ANSWER_MOST).await {
            Err(why) => return Ok(Err(NotCosigned::NotReached(why))),
            Ok(Answered { status: 409, body }) if !is_last => {
                let said = std::str::from_utf8(&body).ok().and_then(|text| text.trim_end().parse().ok());
                match said {
                    Some(size) if size > signed.head.size => return Ok(Err(NotCosigned::SawMore(size))),
                    Some(size) => old = size,
                    None => return Ok(Err(NotCosigned::Status(409))),
                }
            }
            Ok(Answered { status: 200, body }) => return Ok(cosigned(signed, witness, &body)),
            Ok(Answered { status, .. }) => return Ok(Err(NotCosigned::Status(status))),
        }
    }
    Ok(Err(NotCosigned::Status(409)))
}

/// What the log itself signed: what other witnesses did is no matter of this one.
fn own_signatures(signed: &HeadProof) -> Vec<NoteSignature> {
    let own = signed.note.signatures.iter().filter(|signature| signature.name == signed.head.origin);
    own.cloned().collect()
}

/// The head with what the witness answered, if that is its cosignature.
fn cosigned(signed: &HeadProof, witness: &Witness, answer: &[u8]) -> Result<Note, NotCosigned> {
    let lines = std::str::from_utf8(answer).map_err(|_| NotCosigned::NoCosignature)?;
    let note = Note::parse(&format!("{}\n{lines}", signed.note.text)).ok_or(NotCosigned::NoCosignature)?;
    match note.verdict(&witness.key) {
        NoteVerdict::Signed(Some(_)) => Ok(note),
        NoteVerdict::Signed(None) | NoteVerdict::NotSigned | NoteVerdict::Wrong => Err(NotCosigned::NoCosignature),
    }
}

/// The size of the last head of this log that the witness is known to have signed.
async fn last_size(store: &Store, network: NetworkId, witness: &Witness) -> Result<u64, SealError> {
    let heads = store.signed_heads(network, HEADS_MOST).await?;
    let is_theirs = |head: &&HeadProof| matches!(head.note.verdict(&witness.key), NoteVerdict::Signed(Some(_)));
    Ok(heads.iter().find(is_theirs).map_or(0, |head| head.head.size))
}
