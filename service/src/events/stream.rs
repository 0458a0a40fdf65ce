//! Acts as they happen, for one who listens.

use std::collections::VecDeque;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

use ledger::{
    ActNumber,
    act::ActKind,
    generation::{Generation, Opening},
};
use serde_json::Value;
use store::{SealedAct, StoreError};

use super::{cursor::Cursor, event::event};
use crate::{
    app::App,
    caller::Caller,
    choice::Choice,
    guard::{Admission, admit, no_room},
    operation::{logs, moment::instant},
    problem::{Problem, Refusal},
    seats::{Full, Seat},
};

/// So often it is looked for acts that another process wrote.
const LOOK: Duration = Duration::from_secs(1);
/// So often it is asked again whether the one who listens still may.
const RECHECK: Duration = Duration::from_secs(5);
/// So many acts are read at once.
const ACTS: u32 = 100;

/// Somebody who listens.
#[derive(Debug)]
pub struct Listener {
    app: App,
    caller: Caller,
    admission: Admission,
    next: ActNumber,
    /// The generation that the acts before were told in.
    generation: Generation,
    ahead: Option<Problem>,
    read: VecDeque<SealedAct>,
    checked: Instant,
    _seat: Seat,
}

/// Something that happened.
#[derive(Debug)]
pub struct Happened {
    /// The place after the act.
    pub cursor: Cursor,
    /// The act's kind.
    pub kind: ActKind,
    /// What is told of it.
    pub event: Value,
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.app.metrics.streams.fetch_sub(1, Relaxed);
    }
}

/// Takes a place for one more stream of the caller's token.
///
/// # Errors
/// When the token, its network, or the service has as many streams as may be; when no connection is free that may last.
pub fn take_seat(app: &App, caller: &Caller, admission: &Admission) -> Result<Seat, Problem> {
    if admission.is_crowded {
        return Err(no_room());
    }
    let taken = app.seats.take(caller.known.id, caller.access.token);
    taken.map_err(|Full { listeners, most }| Problem::new(Refusal::TooManyStreams(listeners, most)))
}

impl Listener {
    /// Somebody who was let in so, and wants to hear of the acts after that place; of those to come unless said.
    ///
    /// # Errors
    /// When the act of that place was lost or never was, or the database does not answer.
    pub async fn new(
        app: App,
        mut caller: Caller,
        mut admission: Admission,
        after: Option<Cursor>,
        seat: Seat,
    ) -> Result<Self, Problem> {
        caller.registry = caller.known.refreshed(&app.store).await?;
        let generations = caller.registry.generations();
        let generation = generations.present().generation;
        let to_come = app.store.head(caller.known.id).await?.0.next;
        let next = match after {
            Some(after) => after.next(generations)?,
            None => to_come,
        };
        // From there on, the next acts would pass unheard until their numbers have come so far.
        let ahead = (next > to_come).then(|| {
            let last = Cursor::after(ActNumber(to_come.0.saturating_sub(1)), generations);
            Problem::new(Refusal::CursorIsAhead).fits([last.to_string()])
        });
        let next = next.min(to_come);
        app.metrics.streams.fetch_add(1, Relaxed);
        // In the name in which they were let in, for as long as they listen.
        admission.shown.acting_for = Some(caller.acting.shown(caller.ids()));
        Ok(Self {
            app,
            caller,
            admission,
            next,
            generation,
            ahead,
            read: VecDeque::new(),
            checked: instant(),
            _seat: seat,
        })
    }

    /// What is wrong with the place after which they want to hear, where no act is there yet: they hear of the acts to come,
    /// and should know that it is not what they asked for.
    pub fn ahead(&mut self) -> Option<Problem> {
        self.ahead.take()
    }

    /// What happened next; nothing when the stream is to end.
    pub async fn next(&mut self) -> Option<Happened> {
        let mut news = self.app.news.subscribe();
        let mut stopping = self.app.stopping.subscribe();
        loop {
            if *stopping.borrow_and_update() || !self.still_may().await {
                return None;
            }
            self.go_back_after_a_loss();
            while let Some(act) = self.read.pop_front() {
                self.next = act.number.next();
                match event(self.caller.known.network.uuid, self.caller.ids(), &act, self.caller.sight()) {
                    Ok(None) => {}
                    Ok(Some(event)) => {
                        let cursor = Cursor::after(act.number, self.caller.registry.generations());
                        return Some(Happened { cursor, kind: act.kind, event });
                    }
                    // To go on would leave out what happened.
                    Err(error) => {
                        logs::fault(&error.to_string());
                        return None;
                    }
                }
            }
            news.mark_unchanged();
            // A database that is away for a moment ends no stream.
            if let Err(error @ StoreError::ImpossibleRow { .. }) = self.read_on().await {
                logs::fault(&error.to_string());
                return None;
            }
            if self.read.is_empty() {
                tokio::select! {
                    _ = tokio::time::timeout(LOOK, news.changed()) => {}
                    _ = stopping.changed() => {}
                }
            }
        }
    }

    async fn read_on(&mut self) -> Result<(), StoreError> {
        let acts = self.app.store.acts_from(self.caller.known.id, self.next, ACTS).await?;
        if !acts.is_empty() {
            // Read after the acts, so that whatever opened their generation is known.
            self.caller.registry = self.caller.known.refreshed(&self.app.store).await?;
            self.read.extend(acts);
        }
        Ok(())
    }

    /// Where acts were lost that this stream has told of, it goes on from the one that says so.
    fn go_back_after_a_loss(&mut self) {
        let Opening { generation, act } = self.caller.registry.generations().present();
        if generation != self.generation {
            self.generation = generation;
            if act < self.next {
                self.next = act;
                self.read.clear();
            }
        }
    }

    async fn still_may(&mut self) -> bool {
        if self.checked.elapsed() < RECHECK {
            return true;
        }
        self.checked = instant();
        match admit(&self.app, &self.admission).await.and_then(Choice::made) {
            Ok(caller) => {
                self.caller = caller;
                true
            }
            Err(problem) => problem.status().is_server_error() || problem.status().as_u16() == 429,
        }
    }
}
