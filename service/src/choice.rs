//! In which of their names a caller acts: the one that they say, or the only one that the rule and what they ask for
//! leave.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use ledger::{AssociationNumber, command::Principal, registry::Registry};
use uuid::Uuid;

use crate::{
    acting::Acting,
    caller::{Caller, Playable, parts_of},
    directory::Known,
    id::Ids,
    problem::{Problem, Refusal},
    rule::{Part, Scope},
    token::Access,
};

/// A caller whom a rule lets in, in one name or another.
#[derive(Debug, Clone)]
pub struct Choice {
    access: Arc<Access>,
    known: Arc<Known>,
    registry: Arc<Registry>,
    /// The names that are left: one at least, unless `is_for_oneself`.
    among: Vec<Acting>,
    /// Whether the rule lets anybody in as the person that they are.
    is_for_oneself: bool,
}

impl Choice {
    /// The names in which the rule lets somebody in.
    ///
    /// # Errors
    /// When it lets them in in none, or not in the one that they want.
    pub fn new(
        access: Arc<Access>,
        known: Arc<Known>,
        registry: Arc<Registry>,
        wanted: Option<Acting>,
        (scope, may): (Scope, &[Part]),
    ) -> Result<Self, Problem> {
        let parts = parts_of(access.principal, &registry);
        let not_held = || Problem::new(Refusal::ActingForIsNotHeld).at("Coudemain-Acting-For");
        let wanted = match (wanted, access.only_for) {
            (Some(wanted), Some(only)) if wanted != only => return Err(not_held()),
            (wanted, only) => wanted.or(only),
        };
        if wanted.is_some_and(|wanted| !parts.iter().any(|held| held.acting == wanted)) {
            return Err(not_held());
        }
        let is_let_in =
            |held: &&Playable| may.contains(&held.part) && wanted.is_none_or(|wanted| held.acting == wanted);
        let mut among: Vec<Acting> = parts.iter().filter(is_let_in).map(|held| held.acting).collect();
        among.sort_unstable();
        among.dedup();
        let is_for_oneself = among.pop_if(|last| *last == Acting::Oneself).is_some();
        match among.first() {
            None if is_for_oneself => {}
            None => return Err(Problem::new(Refusal::RoleDoesNotAllow)),
            // Whoever reads, reads as widely as they may; the operator is the coordinator unless they say otherwise.
            Some(Acting::Coordinator | Acting::Auditor | Acting::Mediator)
                if scope == Scope::Read || access.principal == Principal::Operator =>
            {
                among.truncate(1);
            }
            Some(_) => {}
        }
        Ok(Self { access, known, registry, among, is_for_oneself })
    }

    /// Whether there is nothing to choose.
    pub fn is_made(&self) -> bool {
        self.among.len() <= 1
    }

    /// The network that is called.
    pub fn known(&self) -> &Known {
        &self.known
    }

    /// The network's names.
    pub fn ids(&self) -> Ids<'_> {
        self.known.fingerprint.ids(self.registry.generations())
    }

    /// Who takes part in it.
    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    /// The token's name.
    pub fn token(&self) -> Uuid {
        self.access.token
    }

    /// Whether a grave step needs no password now.
    pub fn is_fresh_at(&self, now: DateTime<Utc>, minutes: u32) -> bool {
        self.access.is_fresh_at(now, minutes)
    }

    /// The caller in the first name that is left, for whoever asks nothing that depends on it.
    pub fn anyhow(self) -> Caller {
        let acting = self.among.first().copied().unwrap_or(Acting::Oneself);
        Caller { access: self.access, acting, known: self.known, registry: self.registry }
    }

    /// Who chooses.
    pub fn principal(&self) -> Principal {
        self.access.principal
    }

    /// What is asked for is about these associations: others than them are out of the question.
    ///
    /// # Errors
    /// When nothing is left.
    pub fn about(mut self, associations: &[AssociationNumber]) -> Result<Self, Problem> {
        if self.is_made() {
            return Ok(self);
        }
        self.among.retain(|acting| match acting {
            Acting::Association(own) => associations.contains(own),
            Acting::Coordinator | Acting::Auditor | Acting::Mediator | Acting::Oneself => true,
        });
        let is_left = !self.among.is_empty() || self.is_for_oneself;
        if is_left { Ok(self) } else { Err(Problem::new(Refusal::BelongsToOthers)) }
    }

    /// The caller, in the one name that is left. Where associations alone are left, and the rule lets anybody in, no
    /// association is needed.
    ///
    /// # Errors
    /// When several are left.
    pub fn made(self) -> Result<Caller, Problem> {
        let acting = match self.among.as_slice() {
            [only] => *only,
            several if self.is_for_oneself && several.iter().all(|acting| matches!(acting, Acting::Association(_))) => {
                Acting::Oneself
            }
            several => {
                return Err(Problem::new(Refusal::SayForWhom)
                    .at("Coudemain-Acting-For")
                    .fits(several.iter().map(|acting| acting.shown(self.ids()))));
            }
        };
        Ok(Caller { access: self.access, acting, known: self.known, registry: self.registry })
    }
}
