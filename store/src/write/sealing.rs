//! The rows that acts about keys, statements, recognitions and erasure become, and what erasing takes away.

use std::collections::BTreeMap;

use async_recursion::async_recursion as boxed;

use crate::{
    Store, StoreError,
    bulk::{Known, Rows, TableRows, row},
    db::Tx,
    error::impossible,
    schema::{self, ColumnType::Int},
};
use ledger::{ActNumber, NetworkId, PersonNumber, act::Act, command::Command, recognition::Recognition};

/// Writes what a batch of acts changes of keys, statements and recognitions; erases last, so that what the batch
/// itself wrote of a person goes too.
pub(crate) async fn write(tx: &mut Tx, network: NetworkId, acts: &[&Act]) -> Result<(), StoreError> {
    if !acts.iter().any(|act| act.kind().is_about_proofs()) {
        return Ok(());
    }
    let mut keys = TableRows::new(&schema::NETWORK_KEY, Known::Never);
    let mut generations = TableRows::new(&schema::LOG_GENERATION, Known::Never);
    let mut statements = TableRows::new(&schema::STATEMENT, Known::Never);
    let mut erasures = TableRows::new(&schema::ERASURE, Known::Stays);
    let mut recognitions = BTreeMap::new();
    let mut erased = Vec::new();
    for act in acts {
        let number = act.number.0;
        match &act.command {
            Command::AdoptKey { purpose, key, domain } => {
                let bytes = key.bytes().to_vec();
                keys.push(row![network.0, number, purpose.as_str(), bytes, domain.as_deref()]);
            }
            Command::ReopenLog { lost } => {
                let wrong = |what: &str| impossible("log_generation", act.number, what.to_owned());
                let size = i64::try_from(lost.size).map_err(|_| wrong("size of the lost log is out of range"))?;
                let generation = i64::from(ledger::checkpoint::generation_of(&lost.origin)) + 1;
                generations.push(row![network.0, generation, number, lost.origin.as_str(), size, lost.root.0.to_vec()]);
            }
            Command::IssueStatements { year, statements: issued } => {
                for statement in issued {
                    statements.push(row![
                        network.0,
                        year.0,
                        statement.sequence,
                        statement.association.0,
                        statement.supersedes,
                        number,
                        statement.bytes.clone(),
                    ]);
                }
            }
            Command::ErasePerson { person } => {
                erasures.push(row![network.0, person.0, number]);
                erased.push(person.0);
            }
            Command::FoundNetwork { .. }
            | Command::ReceiveFile { .. }
            | Command::AddAssociation(_)
            | Command::RenameAssociation { .. }
            | Command::SetMembership { .. }
            | Command::Leave { .. }
            | Command::AddPerson(_)
            | Command::Enrol { .. }
            | Command::GrantRole { .. }
            | Command::RevokeRole { .. }
            | Command::AddSkill { .. }
            | Command::AlignSkill { .. }
            | Command::IdentifyAssociation { .. }
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
        if let Some(recognition) = act.outcome.recognition {
            recognitions.insert(recognition.number, (recognition, number));
        }
    }
    keys.write(tx).await?;
    generations.write(tx).await?;
    statements.write(tx).await?;
    erasures.write(tx).await?;
    write_recognitions(tx, network, recognitions).await?;
    for person in erased {
        erase(tx, network, PersonNumber(person)).await?;
    }
    Ok(())
}

async fn write_recognitions(
    tx: &mut Tx,
    network: NetworkId,
    recognitions: BTreeMap<ActNumber, (Recognition, i64)>,
) -> Result<(), StoreError> {
    let mut rows = TableRows::new(&schema::RECOGNITION, Known::Changes(&["state", "answered_in"]));
    for (recognition, act) in recognitions.into_values() {
        let answered_in = (act != recognition.number.0).then_some(act);
        rows.push(row![
            network.0,
            recognition.number.0,
            recognition.person.0,
            recognition.association.0,
            recognition.exchange.0,
            recognition.skill.0,
            recognition.level.as_str(),
            recognition.state.as_str(),
            answered_in,
        ]);
    }
    rows.write(tx).await
}

/// What goes when a person is erased, in the order in which it has to. `{rows}` holds the person and the network.
///
/// The person's own words are the texts of the acts they asked for; the texts of what was recognised in them, and the
/// remarks on exchanges that they took part in, may speak of them and go as well. What was said of their part in an
/// exchange that is not posted yet goes: once it is posted, the exchange's minutes stay, without who gave these.
const ERASING: [&str; 14] = [
    "DELETE FROM person_identity WHERE (person, network_id) IN (SELECT r.c0, r.c1 FROM {rows})",
    "DELETE FROM membership WHERE (person, network_id) IN (SELECT r.c0, r.c1 FROM {rows})",
    "DELETE FROM role WHERE (person, network_id) IN (SELECT r.c0, r.c1 FROM {rows})",
    "DELETE FROM act_text WHERE (network_id, act) IN (SELECT a.network_id, a.number FROM {rows} \
     CROSS JOIN act AS a WHERE a.network_id = r.c1 AND a.principal = 'person:' || cast(r.c0 AS text))",
    "DELETE FROM act_text WHERE (network_id, act) IN (SELECT k.network_id, k.act FROM {rows} \
     CROSS JOIN person_key AS k WHERE k.network_id = r.c1 AND k.person = r.c0)",
    "DELETE FROM act_text WHERE field = 'memo' AND (network_id, act) IN (SELECT c.network_id, c.exchange FROM {rows} \
     CROSS JOIN contribution AS c WHERE c.network_id = r.c1 AND c.person = r.c0 AND c.exchange IS NOT NULL)",
    "DELETE FROM act_text WHERE field = 'memo' AND (network_id, act) IN (SELECT c.network_id, c.exchange FROM {rows} \
     CROSS JOIN proposed_contribution AS c WHERE c.network_id = r.c1 AND c.person = r.c0)",
    "DELETE FROM proposed_contribution WHERE (person, network_id) IN (SELECT r.c0, r.c1 FROM {rows})",
    "DELETE FROM act_text WHERE field = 'identity' AND (act, network_id) IN (SELECT r.c0, r.c1 FROM {rows})",
    "DELETE FROM person_key WHERE (person, network_id) IN (SELECT r.c0, r.c1 FROM {rows})",
    "DELETE FROM credential WHERE (person, network_id) IN (SELECT r.c0, r.c1 FROM {rows})",
    "DELETE FROM invitation WHERE (person, network_id) IN (SELECT r.c0, r.c1 FROM {rows})",
    "DELETE FROM access_token WHERE (principal, network_id) IN (SELECT 'person:' || cast(r.c0 AS text), r.c1 FROM {rows})",
    "DELETE FROM badge WHERE (person, network_id) IN (SELECT r.c0, r.c1 FROM {rows})",
];

impl Store {
    /// Erases again whom an older backup brought back. Their erasing is in no act of this database, or is already.
    ///
    /// # Errors
    /// When the database does not answer.
    #[boxed]
    pub async fn erase_again(&self, network: NetworkId, person: PersonNumber) -> Result<(), StoreError> {
        let mut tx = self.db().begin_write().await?;
        erase(&mut tx, network, person).await?;
        tx.commit().await
    }
}

/// Erases who a person is. Numbers and minutes stay.
async fn erase(tx: &mut Tx, network: NetworkId, person: PersonNumber) -> Result<(), StoreError> {
    let rows = Rows::new(&[Int, Int], vec![row![person.0, network.0]]);
    for sql in ERASING {
        rows.execute(tx, sql).await?;
    }
    Ok(())
}
