//! Decides a batch in memory: what it touches is loaded, and each piece of work judged in turn.

use std::sync::Arc;

use async_recursion::async_recursion as boxed;

use crate::{
    Store, StoreError,
    read::{
        network::{read_head, read_network, read_secrets},
        registry::load_registry,
    },
    write::{
        asking::{PIECE_MOST, Work},
        believing::believed,
        load::{self, Source},
    },
};
use ledger::{
    ActNumber, NetworkId,
    act::Act,
    clock::{Clock, CountedSecrets, Secrets},
    command::Request,
    decide::{Decision, LimitsMet, Outside, Rehearsal, RejectedRequest, Tally, decide, decide_group},
    loaded::NotLoaded,
    registry::Registry,
    state::State,
};

/// What became of a piece of work: a decision for each request, or the first rejection.
pub(crate) type WorkDecided = Result<Vec<Decision>, RejectedRequest>;

/// What became of a batch, decided and not written.
pub(crate) struct Decided {
    /// Of each piece of work, in order.
    pub(crate) works: Vec<WorkDecided>,
    /// Members, persons, skills and rules after it.
    pub(crate) registry: Arc<Registry>,
}

impl Decided {
    /// The acts to write, in order.
    pub(crate) fn acts(&self) -> Vec<&Act> {
        let mut acts = Vec::new();
        for decision in self.works.iter().flatten().flatten() {
            match decision {
                Decision::New(act) => acts.push(&**act),
                Decision::Repeated(_) => {}
            }
        }
        acts
    }

    /// The acts that requests of the batch became before.
    pub(crate) fn repeated(&self) -> Vec<ActNumber> {
        let number = |decision: &Decision| match decision {
            Decision::New(_) => None,
            Decision::Repeated(number) => Some(*number),
        };
        self.works.iter().flatten().flatten().filter_map(number).collect()
    }
}

/// Which requests' keys are looked up before they are decided.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Keys {
    All,
    /// A file may well be brought in twice. Other requests hardly ever come twice: the table refuses to hold a key twice,
    /// and only those that are rejected are looked up, since the first time they may have been accepted.
    OfGroups,
}

impl Keys {
    const fn are_looked_up(self, work: &Work) -> bool {
        matches!((self, work), (Self::All, _) | (Self::OfGroups, Work::Group(_) | Work::GroupInPieces(_)))
    }
}

/// Decides a batch on a state, which becomes what it is after.
pub(crate) async fn decide_batch(
    source: &mut Source<'_>,
    network: NetworkId,
    works: &[Work],
    state: &mut State,
    keys: Keys,
    clock: &dyn Clock,
    secrets: &mut dyn Secrets,
) -> Result<Decided, StoreError> {
    let looked_up = works.iter().filter(|work| keys.are_looked_up(work));
    let looked_up: Vec<&Request> = looked_up.flat_map(Work::requests).collect();
    load::load_keys(source, network, state, &looked_up).await?;
    let requests: Vec<&Request> = works.iter().flat_map(Work::requests).collect();
    let now = believed(source, state.head.last_at, clock).await?;
    load::load(source, network, state, &requests, now).await?;
    let mut outside = Outside { now, secrets };
    let decided = works.iter().map(|work| decide_work(state, work, &mut outside));
    let mut decided = decided.collect::<Result<Vec<_>, NotLoaded>>()?;

    let mut rejected: Vec<_> = works.iter().zip(&mut decided).collect();
    rejected.retain(|(work, decided)| decided.is_err() && !keys.are_looked_up(work));
    let requests: Vec<&Request> = rejected.iter().flat_map(|(work, _)| work.requests()).collect();
    load::load_keys(source, network, state, &requests).await?;
    for (work, decided) in rejected {
        if work.requests().iter().any(|request| state.keys.contains_key(&request.key)) {
            *decided = decide_work(state, work, &mut outside)?;
        }
    }
    Ok(Decided { works: decided, registry: Arc::clone(&state.registry) })
}

fn decide_work(state: &mut State, work: &Work, outside: &mut Outside<'_>) -> Result<WorkDecided, NotLoaded> {
    match work {
        Work::One(request) => {
            let decided = decide(state, request, outside)?;
            Ok(decided.map(|decision| vec![decision]).map_err(|rejection| RejectedRequest { index: 0, rejection }))
        }
        Work::Group(group) | Work::GroupInPieces(group) => {
            decide_group(state, &group.requests, group.override_reason.as_deref(), outside)
        }
    }
}

impl Store {
    /// Says what would become of these requests as one group, and writes nothing.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn rehearse(
        &self,
        network: NetworkId,
        requests: &[Request],
        clock: &dyn Clock,
    ) -> Result<Rehearsal, StoreError> {
        let mut tx = self.db().begin_read().await?;
        let (head, _) = read_head(&mut tx, network).await?;
        let mut state = State {
            network: Some(read_network(&mut tx, network).await?),
            registry: Arc::new(load_registry(&mut tx, network).await?),
            secrets: Some(read_secrets(&mut tx, network).await?),
            head,
            ..State::default()
        };
        let mut source = Source::Open(&mut tx);
        let now = believed(&mut source, state.head.last_at, clock).await?;
        // Nothing of a rehearsal is kept: its commitments need no secret.
        let mut outside = Outside { now, secrets: &mut CountedSecrets(0) };
        let pieces = requests.chunks(PIECE_MOST);
        let (tally, mut rejections) = tally_up(&mut source, network, &mut state, pieces, &mut outside).await?;
        let limits_met = tally.limits_met(&state)?.unwrap_or_else(|rejection| {
            // Not one request is at fault but all of them together, which a group is told at its first.
            rejections.push(RejectedRequest { index: 0, rejection });
            LimitsMet::default()
        });
        Ok(Rehearsal { rejections, limits_met })
    }
}

/// Decides the pieces of a group one after the other, and forgets what became of each; says what they come to, and which
/// requests are rejected. The state is left as all others lead to it.
pub(crate) async fn tally_up(
    source: &mut Source<'_>,
    network: NetworkId,
    state: &mut State,
    pieces: impl Iterator<Item = &[Request]>,
    outside: &mut Outside<'_>,
) -> Result<(Tally, Vec<RejectedRequest>), StoreError> {
    let (mut tally, mut rejections) = (Tally::default(), Vec::new());
    let first = state.head.next;
    for piece in pieces {
        let requests: Vec<&Request> = piece.iter().collect();
        load::load_keys(source, network, state, &requests).await?;
        load::load(source, network, state, &requests, outside.now).await?;
        rejections.extend(tally.rehearse(state, piece, outside)?);
        state.forget_since(first);
    }
    Ok((tally, rejections))
}
