//! The rows that acts about keys, statements, recognitions and erasure become, and what erasing takes away.

use std::collections::BTreeMap;

use crate::{
    StoreError,
    bulk::{Known, TableRows, row},
    db::{Tx, on_tx},
    directory,
    reading::RowOf,
    schema,
};
use ledger::{
    ActNumber, NetworkId, PersonNumber,
    act::Act,
    command::{Command, IssuedStatement, LostHead},
    key::KeyPurpose,
    keyed::NetworkSecrets,
    recognition::Recognition,
    year::Year,
};

/// Writes what a batch of acts changes of keys, statements, recognitions and secrets; erases last, so that what the batch
/// itself wrote of a person goes too.
pub(crate) async fn write(tx: &mut Tx, network: NetworkId, acts: &[&Act]) -> Result<(), StoreError> {
    if !acts.iter().any(|act| act.kind().is_about_proofs() || act.outcome.secrets.is_some()) {
        return Ok(());
    }
    let mut sealed = Sealed::new(network);
    for act in acts {
        sealed.note(act)?;
    }
    if let Some(secrets) = acts.iter().rev().find_map(|act| act.outcome.secrets) {
        sealed.note_secrets(secrets);
    }
    sealed.keys.write(tx).await?;
    if let Some(domain) = sealed.domains.last() {
        directory::note_domain(tx, network, *domain).await?;
    }
    sealed.generations.write(tx).await?;
    if let Some(act) = sealed.reopened {
        take_followers_back(tx, network, act).await?;
    }
    sealed.statements.write(tx).await?;
    sealed.erasures.write(tx).await?;
    sealed.secrets.write(tx).await?;
    write_recognitions(tx, network, sealed.recognitions).await?;
    for person in sealed.erased {
        erase(tx, network, person).await?;
    }
    Ok(())
}

/// What acts say of proofs.
struct Sealed<'a> {
    network: NetworkId,
    keys: TableRows,
    /// The domain, if any, of each key that signs credentials: under the last one the network is found.
    domains: Vec<Option<&'a str>>,
    generations: TableRows,
    /// The act that opened the log again.
    reopened: Option<ActNumber>,
    statements: TableRows,
    erasures: TableRows,
    /// As the last act leaves them.
    secrets: TableRows,
    erased: Vec<PersonNumber>,
    /// As they are after the batch, with the last act about each.
    recognitions: BTreeMap<ActNumber, (Recognition, i64)>,
}

impl<'a> Sealed<'a> {
    fn new(network: NetworkId) -> Self {
        Self {
            network,
            keys: TableRows::new(&schema::NETWORK_KEY, network, Known::Never),
            domains: Vec::new(),
            generations: TableRows::new(&schema::LOG_GENERATION, network, Known::Never),
            reopened: None,
            statements: TableRows::new(&schema::STATEMENT, network, Known::Never),
            erasures: TableRows::new(&schema::ERASURE, network, Known::Stays),
            secrets: TableRows::new(&schema::NETWORK_SECRET, network, Known::Changes(&["since", "secret"])),
            erased: Vec::new(),
            recognitions: BTreeMap::new(),
        }
    }

    fn note(&mut self, act: &'a Act) -> Result<(), StoreError> {
        let (network, number) = (self.network.0, act.number.0);
        if let Some(recognition) = act.outcome.recognition {
            self.recognitions.insert(recognition.number, (recognition, number));
        }
        match &act.command {
            Command::AdoptKey { purpose, key, domain } => {
                let bytes = key.bytes().to_vec();
                self.keys.push(row![network, number, purpose.as_str(), bytes, domain.as_deref()]);
                match purpose {
                    KeyPurpose::Credential => self.domains.push(domain.as_deref()),
                    KeyPurpose::Checkpoint => {}
                }
            }
            Command::ReopenLog { lost } => self.note_lost(act, lost)?,
            Command::IssueStatements { year, statements } => self.note_issued(act, *year, statements),
            Command::ErasePerson { person } => {
                self.erasures.push(row![network, person.0, number]);
                self.erased.push(*person);
            }
            Command::FoundNetwork { .. }
            | Command::ReceiveFile { .. }
            | Command::AddAssociation(_)
            | Command::RenameAssociation { .. }
            | Command::SetMembership { .. }
            | Command::Leave { .. }
            | Command::AddPerson(_)
            | Command::CorrectPerson { .. }
            | Command::Enrol { .. }
            | Command::GrantRole { .. }
            | Command::RevokeRole { .. }
            | Command::AddSkill { .. }
            | Command::AlignSkill { .. }
            | Command::IdentifyAssociation { .. }
            | Command::DescribeAssociation { .. }
            | Command::AdoptPolicy { .. }
            | Command::SetLimits { .. }
            | Command::SetMandate { .. }
            | Command::Propose { .. }
            | Command::Record { .. }
            | Command::Confirm { .. }
            | Command::Amend { .. }
            | Command::Contest { .. }
            | Command::Withdraw { .. }
            | Command::Dismiss { .. }
            | Command::Settle { .. }
            | Command::Release { .. }
            | Command::RequestCorrection { .. }
            | Command::Keep { .. }
            | Command::Reverse { .. }
            | Command::TellContributions { .. }
            | Command::GiveOwnHours { .. }
            | Command::Transfer { .. }
            | Command::BringInBalance { .. }
            | Command::CloseYear { .. }
            | Command::Recognise { .. }
            | Command::AcceptRecognition { .. }
            | Command::WithdrawRecognition { .. } => {}
        }
        Ok(())
    }

    fn note_secrets(&mut self, secrets: NetworkSecrets) {
        let NetworkSecrets { lines, lines_since, requests } = secrets;
        for (purpose, since, secret) in [("lines", lines_since, lines), ("requests", requests.since, requests.key)] {
            self.secrets.push(row![self.network.0, purpose, since.0, secret.0.to_vec()]);
        }
    }

    fn note_lost(&mut self, act: &Act, lost: &LostHead) -> Result<(), StoreError> {
        let row = RowOf("log_generation", act.number);
        let size = i64::try_from(lost.size).map_err(|_| row.wrong("lost_size", "out of range"))?;
        let generation = i64::from(ledger::generation::generation_of(&lost.origin)) + 1;
        let (origin, root) = (lost.origin.as_str(), lost.root.map(|root| root.0.to_vec()));
        self.generations.push(row![self.network.0, generation, act.number.0, origin, size, root]);
        self.reopened = Some(act.number);
        Ok(())
    }

    fn note_issued(&mut self, act: &Act, year: Year, issued: &[IssuedStatement]) {
        for statement in issued {
            self.statements.push(row![
                self.network.0,
                year.0,
                statement.sequence,
                statement.association.0,
                statement.supersedes,
                act.number.0,
                statement.bytes.clone(),
            ]);
        }
    }
}

/// What was told of lost acts was told of others than those that will bear their numbers: webhooks and letters go on from
/// the act that says so, and links to what was lost lead nowhere. A process that tells of acts at this moment loses its
/// lease, so that it does not put that forward again.
async fn take_followers_back(tx: &mut Tx, network: NetworkId, act: ActNumber) -> Result<(), StoreError> {
    for sql in [
        "UPDATE webhook SET leased_until = 0, next_act = CASE WHEN next_act > $2 THEN $2 ELSE next_act END \
         WHERE network_id = $1",
        "DELETE FROM webhook_delivery WHERE network_id = $1 AND act >= $2",
        "UPDATE mailer SET leased_until = 0, next_act = CASE WHEN next_act > $2 THEN $2 ELSE next_act END \
         WHERE network_id = $1",
        "DELETE FROM mail WHERE network_id = $1 AND kind <> 'digest' AND about >= $2",
        "DELETE FROM mail_link WHERE network_id = $1 AND exchange >= $2",
    ] {
        on_tx!(tx, connection => {
            sqlx::query(sql).bind(network.0).bind(act.0).execute(connection).await.map(|_| ())?;
        });
    }
    Ok(())
}

async fn write_recognitions(
    tx: &mut Tx,
    network: NetworkId,
    recognitions: BTreeMap<ActNumber, (Recognition, i64)>,
) -> Result<(), StoreError> {
    let mut rows = TableRows::new(&schema::RECOGNITION, network, Known::Changes(&["state", "answered_in"]));
    for (recognition, act) in recognitions.into_values() {
        let answered_in = (act != recognition.number.0).then_some(act);
        rows.push(row![
            network.0,
            recognition.number.0,
            recognition.person.0,
            recognition.association.0,
            recognition.exchange.map(|exchange| exchange.0),
            recognition.skill.0,
            recognition.level.as_str(),
            recognition.state.as_str(),
            answered_in,
        ]);
    }
    rows.write(tx).await
}

/// What goes when a person is erased, in the order in which it has to: `$1` is the network, `$2` the person.
///
/// The person's own words are the texts of the acts they asked for; the texts of what was recognised in them, and the
/// remarks on exchanges that they took part in, may speak of them and go as well. What was said of their part in an
/// exchange that is not posted yet goes: once it is posted, the exchange's minutes stay, without who gave these.
const ERASING: [&str; 28] = [
    // Whoever asked with their address was they.
    "DELETE FROM application WHERE network_id = $1 AND lower(email) IN (SELECT lower(i.email) FROM person_identity AS i \
     WHERE i.network_id = $1 AND i.person = $2)",
    "DELETE FROM sign_up WHERE network_id = $1 AND lower(email) IN (SELECT lower(i.email) FROM person_identity AS i \
     WHERE i.network_id = $1 AND i.person = $2)",
    "DELETE FROM person_identity WHERE network_id = $1 AND person = $2",
    "DELETE FROM membership WHERE network_id = $1 AND person = $2",
    "DELETE FROM role WHERE network_id = $1 AND person = $2",
    "DELETE FROM act_text WHERE network_id = $1 AND EXISTS (SELECT 1 FROM act AS a \
     WHERE a.network_id = $1 AND a.number = act_text.act AND a.principal = 'person:' || cast($2 AS text))",
    "DELETE FROM act_text WHERE network_id = $1 AND act IN (SELECT k.act FROM person_key AS k \
     WHERE k.network_id = $1 AND k.person = $2)",
    "DELETE FROM act_text WHERE network_id = $1 AND field = 'memo' AND act IN (SELECT c.exchange \
     FROM contribution AS c WHERE c.network_id = $1 AND c.person = $2 AND c.exchange IS NOT NULL)",
    "DELETE FROM act_text WHERE network_id = $1 AND field = 'memo' AND act IN (SELECT c.exchange \
     FROM proposed_contribution AS c WHERE c.network_id = $1 AND c.person = $2)",
    "DELETE FROM proposed_contribution WHERE network_id = $1 AND person = $2",
    "DELETE FROM act_text WHERE network_id = $1 AND field = 'identity' AND act = $2",
    "DELETE FROM person_key WHERE network_id = $1 AND person = $2",
    "DELETE FROM credential WHERE network_id = $1 AND person = $2",
    "DELETE FROM sign_in WHERE network_id = $1 AND person = $2",
    "DELETE FROM invitation WHERE network_id = $1 AND person = $2",
    "DELETE FROM joining WHERE network_id = $1 AND person = $2",
    "DELETE FROM mail_sign_in WHERE network_id = $1 AND person = $2",
    "DELETE FROM card WHERE network_id = $1 AND person = $2",
    "DELETE FROM demo_persona WHERE network_id = $1 AND person = $2",
    "DELETE FROM access_event WHERE network_id = $1 AND person = $2",
    "DELETE FROM mail WHERE network_id = $1 AND person = $2",
    "DELETE FROM mail_link WHERE network_id = $1 AND person = $2",
    "DELETE FROM mail_setting WHERE network_id = $1 AND person = $2",
    "DELETE FROM mail_bounce WHERE network_id = $1 AND person = $2",
    "DELETE FROM access_token WHERE network_id = $1 AND principal = 'person:' || cast($2 AS text)",
    "UPDATE webhook SET state = 'paused', version = version + 1 WHERE network_id = $1 AND state <> 'paused' \
     AND principal = 'person:' || cast($2 AS text)",
    "DELETE FROM badge WHERE network_id = $1 AND person = $2",
    "DELETE FROM volunteer_record WHERE network_id = $1 AND person = $2",
];

/// What goes whoever is erased: what a file was, and what was answered to writes that are no acts, is remembered for
/// repeats alone; and a notebook that lies on a page may name anybody.
const ERASING_WITH_ANYBODY: [&str; 3] = [
    "DELETE FROM act_text WHERE network_id = $1 AND field = 'file_digest'",
    "DELETE FROM answer WHERE network_id = $1",
    // Whoever lays theirs on the page again lays it without whom they want to forget.
    "DELETE FROM notebook WHERE network_id = $1",
];

/// Erases who a person is. Numbers and minutes stay.
async fn erase(tx: &mut Tx, network: NetworkId, person: PersonNumber) -> Result<(), StoreError> {
    for sql in ERASING {
        on_tx!(&mut *tx, connection => {
            sqlx::query(sql).bind(network.0).bind(person.0).execute(connection).await.map(|_| ())?;
        });
    }
    for sql in ERASING_WITH_ANYBODY {
        on_tx!(&mut *tx, connection => {
            sqlx::query(sql).bind(network.0).execute(connection).await.map(|_| ())?;
        });
    }
    Ok(())
}
