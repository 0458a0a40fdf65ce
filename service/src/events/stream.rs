//! Acts as they happen, for one who listens.

use std::collections::VecDeque;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

use ledger::{ActNumber, act::ActKind};
use serde_json::Value;
use store::{SealedAct, StoreError};

use super::event::event;
use crate::{
    app::App,
    caller::Caller,
    choice::Choice,
    guard::{Admission, admit},
    operation::{logs, moment::instant},
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
    next: i64,
    read: VecDeque<SealedAct>,
    checked: Instant,
}

/// Something that happened.
#[derive(Debug)]
pub struct Happened {
    /// The act's number.
    pub number: i64,
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

impl Listener {
    /// Somebody who was let in so, and wants to hear of the acts after that number;
    /// of those to come unless said.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn new(
        app: App,
        caller: Caller,
        mut admission: Admission,
        after: Option<i64>,
    ) -> Result<Self, StoreError> {
        let next = match after {
            Some(after) => after.saturating_add(1).max(0),
            None => app.store.head(caller.known.id).await?.0.next.0,
        };
        app.metrics.streams.fetch_add(1, Relaxed);
        // In the name in which they were let in, for as long as they listen.
        admission.shown.acting_for = Some(caller.acting.shown(caller.known.ids));
        Ok(Self { app, caller, admission, next, read: VecDeque::new(), checked: instant() })
    }

    /// What happened next; nothing when the stream is to end.
    pub async fn next(&mut self) -> Option<Happened> {
        let mut news = self.app.news.subscribe();
        let mut stopping = self.app.stopping.subscribe();
        loop {
            if *stopping.borrow_and_update() || !self.still_may().await {
                return None;
            }
            while let Some(act) = self.read.pop_front() {
                self.next = act.number.0 + 1;
                match event(&self.caller.known, &act, self.caller.sight()) {
                    Ok(None) => {}
                    Ok(Some(event)) => return Some(Happened { number: act.number.0, kind: act.kind, event }),
                    // To go on would leave out what happened.
                    Err(error) => {
                        logs::fault(&error.to_string());
                        return None;
                    }
                }
            }
            news.mark_unchanged();
            match self.app.store.acts_from(self.caller.known.id, ActNumber(self.next), ACTS).await {
                Ok(acts) => self.read.extend(acts),
                Err(error @ StoreError::ImpossibleRow { .. }) => {
                    logs::fault(&error.to_string());
                    return None;
                }
                // A database that is away for a moment ends no stream.
                Err(_) => {}
            }
            if self.read.is_empty() {
                tokio::select! {
                    _ = tokio::time::timeout(LOOK, news.changed()) => {}
                    _ = stopping.changed() => {}
                }
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
