//! The annual statements that a network handed out to an association, as the association reads them: what each says, and
//! where it stands.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use ledger::{
    AssociationNumber, Digest, integrity, json,
    statement::{Figures, number_in, number_text},
    status_list,
    year::Year,
};
use sha2::{Digest as _, Sha256};
use store::SignedStatement;

use crate::{
    app::App,
    caller::Caller,
    operation::logs,
    problem::{Problem, Refusal},
};

/// Where a statement stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It is the last one of its year.
    InForce,
    /// Another one took its place: the number of that one.
    Replaced(String),
    /// The network took it back.
    TakenBack,
}

/// A statement that was handed out.
#[derive(Debug, Clone)]
pub struct Handed {
    /// Its number, as people read it.
    pub number: String,
    /// Of which year.
    pub year: Year,
    /// Where it stands.
    pub standing: Standing,
    /// What it says.
    pub figures: Figures,
    /// When it was signed, as it says itself.
    pub signed_at: Option<DateTime<Utc>>,
    /// SHA-256 of its bytes, in hexadecimal digits.
    pub sha256: String,
    /// The signed document.
    pub bytes: Vec<u8>,
}

/// The statements of an association, the newest first.
///
/// # Errors
/// When the database does not answer, or a statement cannot be read.
pub async fn of(app: &App, caller: &Caller, own: AssociationNumber) -> Result<Vec<Handed>, Problem> {
    let signed = app.store.statements_of(caller.known.id, own).await?;
    let replaced: BTreeMap<(Year, u32), u32> = signed
        .iter()
        .filter_map(|later| later.supersedes.map(|before| ((later.year, before), later.sequence)))
        .collect();
    let mut all = Vec::with_capacity(signed.len());
    for statement in signed {
        all.push(read(&statement, replaced.get(&(statement.year, statement.sequence)).copied())?);
    }
    let places: Vec<u32> = all.iter().filter_map(|(_, place)| *place).collect();
    let taken_back = app.store.taken_back_among(caller.known.id, &places).await?;
    for (handed, place) in &mut all {
        // What was taken back and then replaced is told by what took its place.
        if handed.standing == Standing::InForce && place.is_some_and(|place| taken_back.contains(&place)) {
            handed.standing = Standing::TakenBack;
        }
    }
    Ok(all.into_iter().map(|(handed, _)| handed).collect())
}

/// The statement of that number, if it is the association's.
///
/// # Errors
/// When there is none, or the database does not answer.
pub async fn find(app: &App, caller: &Caller, own: AssociationNumber, number: &str) -> Result<Handed, Problem> {
    number_in(number).ok_or_else(Problem::not_found)?;
    of(app, caller, own).await?.into_iter().find(|handed| handed.number == number).ok_or_else(Problem::not_found)
}

/// What a statement says, and its place in the list of what is revoked.
fn read(signed: &SignedStatement, replaced_by: Option<u32>) -> Result<(Handed, Option<u32>), Problem> {
    let number = number_text(signed.year, signed.sequence);
    let unreadable = |why: &dyn std::fmt::Display| {
        logs::fault(&format!("statement {number}: {why}"));
        Problem::new(Refusal::Fault)
    };
    let document = json::parse(&signed.bytes).map_err(|error| unreadable(&error))?;
    let figures = serde_json::from_value(document["credentialSubject"].clone()).map_err(|error| unreadable(&error))?;
    let standing = match replaced_by {
        Some(later) => Standing::Replaced(number_text(signed.year, later)),
        None => Standing::InForce,
    };
    let handed = Handed {
        year: signed.year,
        standing,
        figures,
        signed_at: integrity::instant(document["validFrom"].as_str()),
        sha256: Digest(Sha256::digest(&signed.bytes).into()).to_hex(),
        bytes: signed.bytes.clone(),
        number,
    };
    Ok((handed, status_list::place_of(&document)))
}
