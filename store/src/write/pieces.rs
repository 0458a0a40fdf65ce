//! A group that is too large to stand in memory with all that becomes of it: it is decided and written in pieces, in one
//! transaction.
//!
//! Every act of a group says which acts it came with, and the first which limits they pass together; both are sealed in
//! their leaves. So the requests are decided twice: first to find that out, each piece forgotten before the next, and then
//! each piece is written before the next is decided, which finds in the database what the ones before it left there.

use std::collections::HashSet;
use std::sync::Arc;

use crate::{
    Gauges, StoreError,
    db::Tx,
    write::{
        asking::{Answer, Group},
        believing::believed,
        commit::{prepare, write_within},
        decide::{Decided, tally_up},
        load::{self, Source},
        memory::{Warm, current},
    },
};
use ledger::{
    ActNumber, NetworkId,
    clock::{Clock, CountedSecrets, Secrets},
    command::Request,
    decide::{Outside, Tally},
    touched::Touched,
};

/// Decides and writes a group under the network's lock, so many requests at a time. `warm` is what the last batch left, and
/// becomes what this one leaves. `None`, with nothing written, where that cannot be told piece by piece.
pub(crate) async fn carry_out(
    mut tx: Tx,
    network: NetworkId,
    (group, piece_len): (&Group, usize),
    warm: &mut Option<Warm>,
    outside: (&dyn Clock, &mut dyn Secrets),
    gauges: &Gauges,
) -> Result<Option<Answer>, StoreError> {
    let (clock, secrets) = outside;
    let Group { requests, override_reason } = group;
    let override_reason = override_reason.as_deref();
    // Whatever fails from here on, memory may no longer agree with the database.
    let mut current = current(&mut tx, network, warm.take()).await?;
    let mut source = Source::Open(&mut tx);
    let now = believed(&mut source, current.state.head.last_at, clock).await?;
    let first = current.state.head.next;

    let mut before = current.state.clone();
    let pieces = || requests.chunks(piece_len);
    // Nothing of it is kept: its commitments need no secret.
    let mut unkept = Outside { now, secrets: &mut CountedSecrets(0) };
    let (foreseen, rejected) = tally_up(&mut source, network, &mut before, pieces(), &mut unkept).await?;
    if let Some(rejected) = rejected.into_iter().next() {
        let is_final = piece_len >= requests.len() || !are_entangled(requests, first);
        return Ok(is_final.then_some(Err(rejected)));
    }
    let sum = match foreseen.sum(&before, override_reason)? {
        Ok(sum) => sum,
        Err(rejected) => return Ok(Some(Err(rejected))),
    };
    // Which of its keys were used before need not be asked again; all else is let go of.
    current.state.keys = std::mem::take(&mut before.keys);
    current.state.keys_beside = std::mem::take(&mut before.keys_beside);
    drop(before);

    let mut tally = Tally::default();
    let mut receipts = Vec::with_capacity(requests.len());
    let mut outside = Outside { now, secrets };
    for piece in pieces() {
        let asked: Vec<&Request> = piece.iter().collect();
        load::load(&mut Source::Open(&mut tx), network, &mut current.state, &asked, now).await?;
        let mut decisions = match tally.decide(&mut current.state, piece, &mut outside)? {
            Ok(decisions) => decisions,
            Err(rejected) => return Ok(Some(Err(rejected))),
        };
        sum.seal(&mut decisions, override_reason, &mut outside);
        let decided = Decided { works: vec![Ok(decisions)], registry: Arc::clone(&current.state.registry) };
        let prepared = prepare(network, decided, &mut current)?;
        for answer in write_within(&mut tx, network, prepared).await? {
            match answer {
                Ok(written) => receipts.extend(written),
                Err(rejected) => return Ok(Some(Err(rejected))),
            }
        }
        current.state.forget_since(first);
        current.state.references.clear();
        gauges.sent(piece.len());
    }
    if tally.sum(&current.state, override_reason)? != Ok(sum) {
        return Ok(None);
    }
    tx.commit().await?;
    *warm = Some(current);
    Ok(Some(Ok(receipts)))
}

/// Whether requests have to do with each other beyond members, rules and balances: the same key twice, or something that an
/// act of the group itself brings in, under a number that its asker can only have guessed.
fn are_entangled(requests: &[Request], first: ActNumber) -> bool {
    let mut keys = HashSet::new();
    requests.iter().any(|request| {
        let touched = Touched::by(request);
        let acts = touched.reversible.iter().chain(&touched.recognitions).map(|act| act.0);
        let mut numbers = touched.exchanges.iter().map(|exchange| exchange.0).chain(acts);
        !keys.insert(&request.key) || numbers.any(|number| number >= first.0)
    })
}
