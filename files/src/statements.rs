//! The annual statements of a network, put together, signed and handed in; provisional ones of a year that is open.
//!
//! In the order of their making: who gets one ([`chosen`]), what all of them share ([`Press`]), one after the other,
//! so many an act ([`Issuing`]). What was signed once is never signed again: what people get is read back from the
//! database ([`InForce`]).

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use ledger::{
    ActNumber, AssociationNumber, Digest, Rejection, SkillNumber,
    account::Account,
    association::{Association, MembershipState},
    checkpoint::InclusionProof,
    clock::{Clock as _, SystemClock},
    command::{Command, IssuedStatement},
    integrity::Cryptosuite,
    key::KeyPurpose,
    keyring::Keyring,
    log, name,
    occasion::Occasion,
    statement::{self, AnnexPart, Binding, Figures, Heading, PreviousHead, Superseded, digest_text, number_text},
    status_list,
    year::Year,
};
use sha2::{Digest as _, Sha256};
use store::{ClosedLines, HeadProof, SealError, SealedAct, SystemSecrets, WriteError, Writer, YearBooks};

use crate::{
    advance::{Advance, OnAdvance},
    error::FileError,
    network::OpenNetwork,
    signer::Signer,
};

/// So many statements are handed out by one act: memory stays bounded however large the network.
const STATEMENTS_AN_ACT: usize = 100;
/// The database reads for so many at once.
const READ_AHEAD: usize = 4;
/// So far back it is looked for the head that was signed before.
const HEADS_MOST: i64 = 10;
/// So many are read back at once.
const PAGE: i64 = 50;

/// A statement, ready to be written.
#[derive(Debug)]
pub struct StatementFile {
    /// A name that every system takes: the number, then the association's in plain letters.
    pub name: String,
    /// The signed document.
    pub json: Vec<u8>,
}

/// The associations that get a statement of a year: one that is named, or all that take part or did in that year.
pub async fn chosen<'s>(
    open: &'s OpenNetwork,
    wanted: Option<&str>,
    year: Year,
) -> Result<Vec<&'s Association>, FileError> {
    if let Some(wanted) = wanted {
        return Ok(vec![open.association(wanted)?]);
    }
    let years = open.store.account_years(open.network_id, year).await?;
    let moved = |association: &Association| {
        let own = Account::Association(association.number);
        years.iter().any(|year| year.account == own)
    };
    let takes_part = |association: &&Association| match association.state {
        MembershipState::Active | MembershipState::Suspended => true,
        MembershipState::Applicant | MembershipState::Left => moved(association),
    };
    Ok(open.registry.associations().filter(takes_part).collect())
}

/// What is to be issued.
#[derive(Debug, Clone, Copy)]
pub struct Issue<'a> {
    /// Of which year; it has to be closed.
    pub year: Year,
    /// For whom.
    pub wanted: &'a [&'a Association],
    /// Whether those who have one get a new one in its place.
    pub is_again: bool,
}

/// Statements that can be signed: all is read and checked, nothing is changed.
pub struct Issuing<'a> {
    press: Press<'a>,
    in_force: HashMap<AssociationNumber, u32>,
    new: Vec<&'a Association>,
}

impl<'a> Issuing<'a> {
    /// Finds out who gets a new one. All of them build on that signed head of the log, and carry who witnessed it.
    pub async fn prepare(
        open: &'a OpenNetwork,
        keyring: &Keyring,
        signed: &HeadProof,
        asked: Issue<'a>,
    ) -> Result<Self, FileError> {
        let Issue { year, wanted, is_again } = asked;
        let closing = closing_act(open, year).await?;
        let sealed = seal(open, signed, closing.number, closing.text).await?;
        let press = Press::new(open, keyring, year, Some(sealed)).await?;
        let in_force = open.store.statements_in_force(open.network_id, year).await?;
        let is_new = |association: &&Association| is_again || !in_force.contains_key(&association.number);
        let new = wanted.iter().copied().filter(is_new).collect();
        Ok(Self { press, in_force, new })
    }

    /// Signs them and hands them in; tells how many. `told` hears how many are signed.
    pub async fn sign(self, writer: &Writer, told: OnAdvance<'_>) -> Result<usize, FileError> {
        let Self { press, in_force, new } = self;
        let next = in_force.values().max().map_or(1, |last| last + 1);
        let mut done = 0;
        for (chunk, first) in new.chunks(STATEMENTS_AN_ACT).zip((next..).step_by(STATEMENTS_AN_ACT)) {
            let mut statements = Vec::with_capacity(chunk.len());
            let open = press.open;
            let (now, mut secrets) = (SystemClock.now(), SystemSecrets::new());
            // A place that is drawn and then not used is in nobody's way.
            let places = open.store.draw_statuses(open.network_id, chunk.len(), now, &mut secrets).await?;
            // While one is put together, the lines of the next ones are read.
            let made = stream::iter(chunk.iter().zip(first..).zip(places)).map(|((association, sequence), place)| {
                let before = in_force.get(&association.number).copied();
                press.issued(association, sequence, place, before)
            });
            let mut made = made.buffered(READ_AHEAD);
            while let Some(statement) = made.try_next().await? {
                statements.push(statement);
                done += 1;
                told(Advance { done, all: new.len() });
            }
            hand_in(press.open, writer, press.year, statements).await?;
        }
        Ok(new.len())
    }
}

/// Everything that the statements of a year have in common.
pub struct Press<'a> {
    open: &'a OpenNetwork,
    year: Year,
    books: YearBooks,
    /// Of a closed year.
    lines: Option<ClosedLines>,
    signer: Signer,
    skills: HashMap<SkillNumber, String>,
    sealed: Option<Sealed>,
}

/// How the log binds a closed year.
struct Sealed {
    leaf: String,
    proof: InclusionProof,
    log_key: String,
    previous: Option<PreviousHead>,
}

impl<'a> Press<'a> {
    /// What provisional statements of an open year share: they are signed, so that nobody can pass others off as the
    /// network's, but not numbered.
    pub async fn provisional(open: &'a OpenNetwork, keyring: &Keyring, year: Year) -> Result<Self, FileError> {
        Self::new(open, keyring, year, None).await
    }

    async fn new(
        open: &'a OpenNetwork,
        keyring: &Keyring,
        year: Year,
        sealed: Option<Sealed>,
    ) -> Result<Self, FileError> {
        let signer = Signer::new(open, keyring).await?;
        let skills = open.registry.skills().iter().map(|skill| (skill.number, skill.name.clone())).collect();
        let books = open.store.year_books(open.network_id, year).await?;
        let lines = match sealed {
            Some(_) => Some(open.store.closed_lines(open.network_id, year).await?),
            None => None,
        };
        Ok(Self { open, year, books, lines, signer, skills, sealed })
    }

    /// A provisional statement.
    pub async fn provisional_of(&self, association: &Association) -> Result<StatementFile, FileError> {
        let name = file_name(&format!("{}-provisoire", self.year), association.name());
        Ok(StatementFile { name, json: self.statement(association, None, None, None).await? })
    }

    /// The statement as it is handed in, in the place of the one before.
    async fn issued(
        &self,
        association: &Association,
        sequence: u32,
        place: u32,
        before: Option<u32>,
    ) -> Result<IssuedStatement, FileError> {
        let superseded = match before {
            Some(before) => Some(superseded(self.open, self.year, before).await?),
            None => None,
        };
        let bytes = self.statement(association, Some(sequence), Some(place), superseded).await?;
        Ok(IssuedStatement { association: association.number, sequence, supersedes: before, bytes })
    }

    /// The signed statement of one association.
    async fn statement(
        &self,
        association: &Association,
        sequence: Option<u32>,
        place: Option<u32>,
        supersedes: Option<Superseded>,
    ) -> Result<Vec<u8>, FileError> {
        let names = |number| self.open.name_of(number);
        let skills = |number: SkillNumber| self.skills.get(&number).cloned().unwrap_or_default();
        let network = self.open.network.uuid;
        let books = self.books.of(association.number, &names, &skills);
        let figures = Figures::new(network, association, self.year, &books);
        let mut figures = figures.ok_or(FileError::TooManyHours)?;
        figures.number = sequence.map(|sequence| number_text(self.year, sequence));
        figures.supersedes = supersedes;
        if let Some(lines) = &self.lines {
            let annex = lines.file(association.number).await?;
            figures.annex = Some(AnnexPart { bytes: annex.len() as u64, sha256: sha256(&annex) });
        }
        let binding = self.sealed.as_ref().map(|sealed| self.binding(sealed, association.number));
        let at: DateTime<Utc> = SystemClock.now();
        let issuer = &self.signer.issuer;
        let status = place.map(|place| status_list::entry(place, network, issuer));
        let heading = Heading { network, network_name: &self.open.network.name, issuer, at, status };
        let mut credential = statement::credential(&heading, &figures, binding.as_ref()).map_err(unwritable)?;
        self.signer.sign(&mut credential, &[Cryptosuite::EddsaJcs2022], at)?;
        let mut bytes = serde_json::to_vec_pretty(&credential).map_err(unwritable)?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    fn binding(&self, sealed: &Sealed, association: AssociationNumber) -> Binding {
        statement::binding(
            &self.books.years,
            &self.books.leaves,
            association,
            &sealed.leaf,
            &sealed.proof,
            &sealed.log_key,
            sealed.previous.as_ref(),
        )
    }
}

/// The statements in force of some associations, a page at a time.
pub struct InForce<'a> {
    open: &'a OpenNetwork,
    year: Year,
    sequences: HashMap<AssociationNumber, u32>,
    names: HashMap<AssociationNumber, &'a str>,
    from: u32,
}

impl<'a> InForce<'a> {
    /// Those of these associations.
    pub async fn of(open: &'a OpenNetwork, year: Year, wanted: &[&'a Association]) -> Result<Self, FileError> {
        let sequences = open.store.statements_in_force(open.network_id, year).await?;
        let names = wanted.iter().map(|association| (association.number, association.name())).collect();
        Ok(Self { open, year, sequences, names, from: 0 })
    }

    /// The next ones; `None` where there are no more.
    pub async fn next(&mut self) -> Result<Option<Vec<StatementFile>>, FileError> {
        let store = &self.open.store;
        let rows = store.statements(self.open.network_id, self.year, self.from, PAGE).await?;
        let Some(last) = rows.last() else { return Ok(None) };
        self.from = last.sequence + 1;
        let files = rows.into_iter().filter_map(|row| {
            let name = self.names.get(&row.association)?;
            let is_in_force = self.sequences.get(&row.association) == Some(&row.sequence);
            is_in_force.then(|| StatementFile {
                name: file_name(&number_text(self.year, row.sequence), name),
                json: row.bytes,
            })
        });
        Ok(Some(files.collect()))
    }
}

/// Takes a statement back: whoever looks into the list of what is revoked finds it there. `false` where it was taken back
/// before.
pub async fn withdraw(open: &OpenNetwork, number: &str) -> Result<bool, FileError> {
    let unknown = || {
        FileError::said(
            format!("pas de relevé n° {number} ; « 2025-0007 » serait le septième de 2025"),
            format!("no statement {number}; “2025-0007” would be the seventh of 2025"),
        )
    };
    let (year, sequence) = statement::number_in(number).ok_or_else(unknown)?;
    let found = open.store.statements(open.network_id, year, sequence, 1).await?.pop();
    let found = found.filter(|found| found.sequence == sequence).ok_or_else(unknown)?;
    let place = ledger::json::parse(&found.bytes).ok().and_then(|document| status_list::place_of(&document));
    let place = place.ok_or_else(|| {
        FileError::said(
            format!(
                "le relevé n° {number} n'a pas de place dans la liste de révocation : un autre peut prendre la sienne"
            ),
            format!("statement {number} has no place in the list of what is revoked: another one can take its own"),
        )
    })?;
    Ok(open.store.revoke_status(open.network_id, place, SystemClock.now()).await?)
}

/// What goes with the statements, so that anybody can check them.
#[derive(Debug)]
pub struct Companions {
    /// The network's public keys: `did.json`.
    pub keys: String,
    /// The signed head of the log: `checkpoint.txt`.
    pub checkpoint: String,
    /// The list of what was taken back: `status.json`.
    pub status: Vec<u8>,
}

/// The network's public keys, its last signed head, and the list of what it took back.
pub async fn companions(open: &OpenNetwork, keyring: &Keyring) -> Result<Companions, FileError> {
    let document = open.store.public_keys(open.network_id).await?;
    let text = serde_json::to_string_pretty(&document).map_err(unwritable)?;
    let head = open.store.signed_heads(open.network_id, 1).await?.into_iter().next();
    let head = head.ok_or(SealError::NoKey(KeyPurpose::Checkpoint))?;
    let signer = Signer::new(open, keyring).await?;
    let list = open.store.status_list(open.network_id).await?;
    let status = signer.status_list(&list, &open.network, SystemClock.now())?;
    Ok(Companions { keys: format!("{text}\n"), checkpoint: head.note.to_string(), status })
}

/// The act that closed a year.
pub async fn closing_act(open: &OpenNetwork, year: Year) -> Result<SealedAct, FileError> {
    let closing = open.store.closing_act(open.network_id, year).await?;
    closing.ok_or_else(|| open.said(WriteError::Rejected(Rejection::YearIsOpen(year))))
}

/// Puts the proofs together that all statements share, under a signed head.
async fn seal(open: &OpenNetwork, signed: &HeadProof, act: ActNumber, leaf: String) -> Result<Sealed, FileError> {
    let proof = open.store.inclusion_under(open.network_id, act, signed).await?;
    let log_key = open.store.log_key(open.network_id).await?.to_string();
    // Another one may have been signed meanwhile.
    let heads = open.store.signed_heads(open.network_id, HEADS_MOST).await?;
    let previous = match heads.into_iter().find(|before| before.head.size < signed.head.size) {
        None => None,
        Some(HeadProof { head, note }) => {
            let hashes = open.store.consistency_between(open.network_id, head.size, signed.head.size).await?;
            Some(PreviousHead { checkpoint: note.to_string(), consistency: hashes.iter().map(digest_text).collect() })
        }
    };
    Ok(Sealed { leaf, proof, log_key, previous })
}

async fn superseded(open: &OpenNetwork, year: Year, sequence: u32) -> Result<Superseded, FileError> {
    let found = open.store.statements(open.network_id, year, sequence, 1).await?;
    let bytes = found.first().map(|row| row.bytes.as_slice()).unwrap_or_default();
    Ok(Superseded { number: number_text(year, sequence), sha256: sha256(bytes) })
}

async fn hand_in(
    open: &OpenNetwork,
    writer: &Writer,
    year: Year,
    statements: Vec<IssuedStatement>,
) -> Result<(), FileError> {
    let Some(first) = statements.first().map(|statement| statement.sequence) else { return Ok(()) };
    let mut hasher = Sha256::new();
    for statement in &statements {
        hasher.update(&statement.bytes);
    }
    let digest = log::leaf_hash(&hasher.finalize());
    let command = Command::IssueStatements { year, statements };
    let request = Occasion::StatementIssue { year, first }.request_about(digest, open.by, command);
    writer.submit(open.network_id, request).await.map(|_| ()).map_err(|error| open.said(error))
}

fn sha256(bytes: &[u8]) -> String {
    Digest(Sha256::digest(bytes).into()).to_hex()
}

#[expect(clippy::needless_pass_by_value, reason = "as `map_err` hands it over")]
fn unwritable(error: serde_json::Error) -> FileError {
    FileError::said(format!("le relevé ne s'écrit pas : {error}"), format!("the statement cannot be written: {error}"))
}

/// A file name that every system takes: the number, then the name in plain letters.
fn file_name(number: &str, association: &str) -> String {
    const LETTERS_MOST: usize = 60;
    let folded = name::fold(association);
    let words = folded.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let plain: String = words.collect::<Vec<_>>().join("-").chars().take(LETTERS_MOST).collect();
    format!("{number}-{plain}.json")
}
