//! Lets what is left of a plan enter as one group, or has the ledger's rules say what would become of it.

use std::collections::BTreeSet;
use std::sync::Arc;

use ledger::{
    Digest,
    account::Account,
    brought_in::BroughtIn,
    command::{Command, Request},
    decide::RejectedRequest,
};
use store::{Group, Receipt, StoreError, WriteError, Writer};

use super::{
    sift::Sifted,
    summary::{BadLine, Summary},
};
use crate::{
    advance::{Advance, OnAdvance},
    error::FileError,
    limits::{soft_limit_passed, soft_limits_passed},
    network::OpenNetwork,
    text::{count, more},
};

/// The file that is brought in, as the ledger names it.
pub(super) struct Source {
    pub(super) name: String,
    pub(super) digest: Digest,
}

/// Submits the group; when the rules refuse a line, all bad lines are found and named, and the good ones enter
/// without them where they may.
pub(super) async fn enter(
    network: &OpenNetwork,
    sifted: &mut Sifted,
    file: &Source,
    lets_good_lines_enter: bool,
    writer: &Writer,
    on_advance: OnAdvance<'_>,
) -> Result<(), FileError> {
    let first = submit(network, sifted, file, writer, on_advance).await;
    let receipts = match first {
        Err(WriteError::GroupRejected { .. }) => {
            rehearse(network, sifted).await?;
            if lets_good_lines_enter && !sifted.requests.is_empty() {
                submit(network, sifted, file, writer, on_advance).await?
            } else {
                sifted.count_nothing();
                Vec::new()
            }
        }
        result => result?,
    };
    let limits = receipts.first().map(|receipt| receipt.limits_met.clone()).unwrap_or_default();
    if let Some(note) = soft_limits_passed(network, &limits).await? {
        // It says more than what a rehearsal may have said.
        sifted.summary.notes.retain(|said| !said.starts_with(soft_limit_passed(network.language)));
        sifted.summary.notes.push(note);
    }
    Ok(())
}

/// Lets the ledger's rules look at every line, so that all bad ones are named at once.
pub(super) async fn rehearse(network: &OpenNetwork, sifted: &mut Sifted) -> Result<(), StoreError> {
    let requests = take_all(sifted, None);
    let rehearsal = network.store.rehearse(network.network_id, &requests, &*network.clock).await?;
    put_back(sifted, requests);
    let mut bad = BTreeSet::new();
    for RejectedRequest { index, rejection } in rehearsal.rejections {
        let asked = index.checked_sub(sifted.preparations.len()).and_then(|index| sifted.lines.get(index));
        let line = asked.copied().unwrap_or_default();
        if bad.insert(line) {
            let why = rejection.in_words(network.language, &|number| network.name_of(number));
            sifted.summary.bad_lines.push(BadLine { line, why });
        }
    }
    sifted.summary.bad_lines.sort();
    sifted.leave_out(&bad);
    sifted.keep_what_is_used();
    sifted.count();
    note_limits(network, &mut sifted.summary, &rehearsal.limits_met.hard, &rehearsal.limits_met.soft);
    Ok(())
}

/// What enters besides the lines themselves, or otherwise than they say.
pub(super) async fn what_comes_with(network: &OpenNetwork, sifted: &Sifted) -> Result<Vec<String>, StoreError> {
    let mut notes = Vec::new();
    let language = network.language;
    if !sifted.preparations.is_empty() {
        let skills = count(
            sifted.preparations.len(),
            language,
            ("compétence ajoutée", "compétences ajoutées"),
            ("skill added", "skills added"),
        );
        notes.push(format!("{skills}{} {}", language.pick(" :", ":"), sifted.added_skills().join(", ")));
    }
    notes.extend(booked_later(network, sifted).await?);
    Ok(notes)
}

/// Help of a closed year counts in the present one; whoever brings it in should know.
async fn booked_later(network: &OpenNetwork, sifted: &Sifted) -> Result<Option<String>, StoreError> {
    let Some(closed) = network.store.head(network.network_id).await?.0.closed_through else { return Ok(None) };
    let late = sifted.count_about(closed);
    let lines = count(late, network.language, ("ligne", "lignes"), ("line", "lines"));
    Ok((late > 0).then(|| {
        network.language.pick(
            format!("{lines} d'un exercice clos : ces heures comptent à la date d'aujourd'hui"),
            format!("{lines} of a closed year: these hours count today"),
        )
    }))
}

/// Submits what is left as a group, and tells meanwhile how much of it the database has.
async fn submit(
    network: &OpenNetwork,
    sifted: &mut Sifted,
    file: &Source,
    writer: &Writer,
    on_advance: OnAdvance<'_>,
) -> Result<Vec<Receipt>, WriteError> {
    let told = |done, all| on_advance(Advance { done, all });
    let received = received(sifted, file, network);
    let requests = Arc::new(take_all(sifted, Some(received)));
    let group = Group { requests: Arc::clone(&requests), override_reason: Some(file.name.clone()) };
    let receipts = writer.submit_group_and_tell(network.network_id, group, &told).await;
    put_back(sifted, Arc::unwrap_or_clone(requests));
    receipts
}

/// The request that notes where the others come from.
fn received(sifted: &Sifted, file: &Source, network: &OpenNetwork) -> Request {
    let lines = sifted.requests.len() as u64;
    let first = sifted.requests.first().map_or("", |request| request.key.key.as_str());
    let command = Command::ReceiveFile { name: file.name.clone(), digest: file.digest, lines };
    let asked = BroughtIn::File { digest: file.digest, lines, first };
    asked.request_about(&network.secrets, file.digest, network.by, command)
}

/// All that is asked, in the order in which it is decided. A million requests are moved here and back, and stand in memory
/// once.
fn take_all(sifted: &mut Sifted, received: Option<Request>) -> Vec<Request> {
    let mut requests = std::mem::take(&mut sifted.requests);
    requests.splice(0..0, received.into_iter().chain(sifted.preparations.iter().cloned()));
    requests
}

fn put_back(sifted: &mut Sifted, mut requests: Vec<Request>) {
    // What lines ask for comes last.
    requests.drain(..requests.len() - sifted.lines.len());
    sifted.requests = requests;
}

fn note_limits(network: &OpenNetwork, summary: &mut Summary, past_hard: &[Account], past_soft: &[Account]) {
    const SHOWN: usize = 10;
    let language = network.language;
    let names = |accounts: &[Account]| {
        let shown = accounts.iter().take(SHOWN).map(|account| network.account_name(*account));
        let names = shown.collect::<Vec<_>>().join(", ");
        match accounts.len().saturating_sub(SHOWN) {
            0 => names,
            unshown => format!("{names} {} {}", language.pick("et", "and"), more(unshown, language)),
        }
    };
    if !past_hard.is_empty() {
        summary.notes.push(language.pick(
            format!("limite dure dépassée, ce qui sera noté comme décision de la coordination : {}", names(past_hard)),
            format!("hard limit passed, which is noted as the coordinator's decision: {}", names(past_hard)),
        ));
    }
    if !past_soft.is_empty() {
        summary.notes.push(format!("{} {}", soft_limit_passed(language), names(past_soft)));
    }
}
