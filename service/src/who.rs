//! Who calls, in whose name, and whether they may: tokens, scopes, roles.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header::AUTHORIZATION, request::Parts},
};
use chrono::{DateTime, Utc};
use ledger::{
    AssociationNumber, Digest, NetworkId, PersonNumber, SkillNumber,
    association::Association,
    command::{By, Capacity, Command, Key, Principal, Request},
    log,
    person::Role,
    registry::Registry,
};
use store::StoreError;
use uuid::Uuid;

use crate::{
    app::App,
    directory::Known,
    extract::Asked,
    misfit::{Fits, Found, Misfit},
    operation::metrics::instant,
    problem::{Problem, Refusal},
    route::{Part, Rule, Scope},
};

/// Says for whom a caller with several roles acts.
pub(crate) const ACTING_FOR: &str = "coudemain-acting-for";
/// So long a token is remembered: taken back by another process, it holds no longer than that.
const REMEMBERED: Duration = Duration::from_secs(1);
/// Past so many, all are forgotten and looked up again.
const REMEMBERED_MOST: usize = 50_000;

/// A name in which a caller acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Acting {
    Coordinator,
    Auditor,
    Mediator,
    Association(AssociationNumber),
}

impl Acting {
    /// As it is kept with a token.
    pub(crate) fn kept(self) -> String {
        match self {
            Self::Coordinator => "coordinator".to_owned(),
            Self::Auditor => "auditor".to_owned(),
            Self::Mediator => "mediator".to_owned(),
            Self::Association(number) => format!("association:{number}"),
        }
    }

    /// Reads what is kept with a token.
    pub(crate) fn from_kept(text: &str) -> Option<Self> {
        match text {
            "coordinator" => Some(Self::Coordinator),
            "auditor" => Some(Self::Auditor),
            "mediator" => Some(Self::Mediator),
            _ => text
                .strip_prefix("association:")?
                .parse()
                .ok()
                .map(|number| Self::Association(AssociationNumber(number))),
        }
    }

    /// As callers write it.
    pub(crate) fn shown(self, known: &Known) -> String {
        match self {
            Self::Association(number) => format!("association:{}", known.ids.name(number.0)),
            other => other.kept(),
        }
    }

    /// Reads what callers write.
    pub(crate) fn read(text: &str, known: &Known) -> Option<Self> {
        match text.strip_prefix("association:") {
            Some(name) => {
                let number = known.ids.number(Uuid::try_parse(name.trim()).ok()?)?;
                Some(Self::Association(AssociationNumber(number)))
            }
            None => Self::from_kept(text),
        }
    }
}

/// What a token opens.
#[derive(Debug)]
pub(crate) struct Access {
    pub(crate) network: NetworkId,
    pub(crate) token: Uuid,
    pub(crate) is_session: bool,
    pub(crate) principal: Principal,
    pub(crate) scopes: Vec<Scope>,
    acting_for: Option<Acting>,
    expires_at: Option<DateTime<Utc>>,
    /// When its use was last noted, in seconds.
    noted: AtomicI64,
}

/// Tokens, remembered for a moment.
#[derive(Debug, Default)]
pub(crate) struct Tokens(RwLock<HashMap<Digest, (Instant, Arc<Access>)>>);

impl Tokens {
    /// A token's text: it names its network, so that it can be looked up there alone.
    pub(crate) fn text(network: NetworkId, random: [u8; 32]) -> String {
        use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
        format!("cdm_{network}_{}", URL_SAFE_NO_PAD.encode(random))
    }

    /// What is kept of a token.
    pub(crate) fn digest(text: &str) -> Digest {
        log::leaf_hash(text.as_bytes())
    }

    async fn find(&self, app: &App, text: &str) -> Result<Option<Arc<Access>>, StoreError> {
        let digest = Self::digest(text);
        if let Some((read, access)) = self.0.read().unwrap_or_else(PoisonError::into_inner).get(&digest)
            && instant().saturating_duration_since(*read) < REMEMBERED
        {
            return Ok(Some(Arc::clone(access)));
        }
        let Some(network) = network_of(text) else { return Ok(None) };
        let read = instant();
        let found = app.store.token(network, digest).await?.filter(|token| token.revoked_at.is_none());
        let mut tokens = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let Some(token) = found else {
            tokens.remove(&digest);
            return Ok(None);
        };
        if tokens.len() > REMEMBERED_MOST {
            tokens.clear();
        }
        let access = Arc::new(Access {
            network,
            token: token.token,
            is_session: token.is_session,
            principal: token.principal,
            scopes: Scope::read(&token.scopes),
            acting_for: token.acting_for.as_deref().and_then(Acting::from_kept),
            expires_at: token.expires_at,
            noted: AtomicI64::new(token.last_used_at.map_or(0, |at| at.timestamp())),
        });
        tokens.insert(digest, (read, Arc::clone(&access)));
        Ok(Some(access))
    }

    /// Forgets all: one was taken back.
    pub(crate) fn forget(&self) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// The network that a token or an invitation names.
pub(crate) fn network_of(token: &str) -> Option<NetworkId> {
    let (network, _) = token.strip_prefix("cdm_")?.split_once('_')?;
    network.parse().ok().map(NetworkId)
}

/// Who calls, in whose name.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    pub(crate) access: Arc<Access>,
    pub(crate) acting: Acting,
    pub(crate) known: Arc<Known>,
    pub(crate) registry: Arc<Registry>,
}

/// Finds out who calls, and whether the route's rule lets them.
pub(crate) async fn admit(app: &App, headers: &HeaderMap, rule: &Rule) -> Result<Caller, Problem> {
    let Some(scope) = rule.scope else { return Err(Problem::new(Refusal::Fault)) };
    let token = bearer(headers).ok_or_else(|| Problem::new(Refusal::TokenIsMissing))?;
    let access = app.tokens.find(app, token).await?.ok_or_else(|| Problem::new(Refusal::TokenDoesNotHold))?;
    let now = app.now();
    if access.expires_at.is_some_and(|until| until <= now) {
        return Err(Problem::new(Refusal::TokenDoesNotHold));
    }
    app.rates.take(access.token).map_err(|seconds| Problem::new(Refusal::TooManyRequests(seconds)))?;
    if !access.scopes.contains(&scope) {
        return Err(Problem::new(Refusal::ScopeIsMissing(scope.as_str())));
    }
    note_use(app, &access, now);
    let known = app.directory.network(&app.store, access.network).await?.ok_or_else(Problem::not_found)?;
    let wanted = match headers.get(ACTING_FOR) {
        None => None,
        Some(text) => {
            let text = text.to_str().unwrap_or_default();
            let acting = Acting::read(text, &known);
            Some(acting.ok_or_else(|| Problem::new(Refusal::ActingForIsNotHeld).at("Coudemain-Acting-For"))?)
        }
    };
    let registry = known.registry(&app.store).await?;
    match choose(&access, wanted, rule, &registry, &known) {
        Ok(acting) => Ok(Caller { access, acting, known, registry }),
        // Nobody is refused from memory.
        Err(_) => {
            let registry = known.refreshed(&app.store).await?;
            let acting = choose(&access, wanted, rule, &registry, &known)?;
            Ok(Caller { access, acting, known, registry })
        }
    }
}

pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// The parts that somebody may play, each with the name that they act in.
fn parts_of(principal: Principal, registry: &Registry) -> Vec<(Part, Acting)> {
    let person = match principal {
        Principal::Operator => {
            return vec![
                (Part::Coordinator, Acting::Coordinator),
                (Part::Auditor, Acting::Auditor),
                (Part::Mediator, Acting::Mediator),
            ];
        }
        Principal::Person(person) => registry.person(person),
    };
    let roles = person.map(|person| person.roles.as_slice()).unwrap_or_default();
    let part = |role: &Role| match *role {
        Role::Delegate(association) => (Part::Delegate, Acting::Association(association)),
        Role::Administrator(association) => (Part::Administrator, Acting::Association(association)),
        Role::Coordinator => (Part::Coordinator, Acting::Coordinator),
        Role::Mediator => (Part::Mediator, Acting::Mediator),
        Role::Auditor => (Part::Auditor, Acting::Auditor),
    };
    roles.iter().map(part).collect()
}

/// The name in which the caller acts on this route.
fn choose(
    access: &Access,
    wanted: Option<Acting>,
    rule: &Rule,
    registry: &Registry,
    known: &Known,
) -> Result<Acting, Problem> {
    let parts = parts_of(access.principal, registry);
    let wanted = match (wanted, access.acting_for) {
        (Some(wanted), Some(only)) if wanted != only => {
            return Err(Problem::new(Refusal::ActingForIsNotHeld).at("Coudemain-Acting-For"));
        }
        (wanted, only) => wanted.or(only),
    };
    if let Some(wanted) = wanted {
        let mut held = parts.iter().filter(|(_, acting)| *acting == wanted).peekable();
        if held.peek().is_none() {
            return Err(Problem::new(Refusal::ActingForIsNotHeld).at("Coudemain-Acting-For"));
        }
        let may = held.any(|(part, _)| rule.may.contains(part));
        return if may { Ok(wanted) } else { Err(Problem::new(Refusal::RoleDoesNotAllow)) };
    }
    let mut allowed: Vec<Acting> =
        parts.into_iter().filter(|(part, _)| rule.may.contains(part)).map(|(_, acting)| acting).collect();
    allowed.sort_unstable();
    allowed.dedup();
    match allowed.as_slice() {
        [] => Err(Problem::new(Refusal::RoleDoesNotAllow)),
        [only] => Ok(*only),
        // Whoever reads, reads as widely as they may; the operator is the coordinator unless they say otherwise.
        [widest, ..] if access.principal == Principal::Operator => Ok(*widest),
        [widest, ..] if rule.scope == Some(Scope::Read) && !matches!(widest, Acting::Association(_)) => Ok(*widest),
        several => Err(Problem::new(Refusal::SayForWhom)
            .at("Coudemain-Acting-For")
            .fits(several.iter().map(|acting| acting.shown(known)))),
    }
}

/// Notes that a token is in use, once a minute at most, and without making anybody wait.
fn note_use(app: &App, access: &Arc<Access>, now: DateTime<Utc>) {
    let seconds = now.timestamp();
    let noted = access.noted.load(Relaxed);
    if seconds - noted < 60 || access.noted.compare_exchange(noted, seconds, Relaxed, Relaxed).is_err() {
        return;
    }
    let (app, access) = (app.clone(), Arc::clone(access));
    tokio::spawn(async move {
        if let Err(error) = app.store.note_use(access.network, access.token, now).await {
            crate::operation::logs::fault(&error.to_string());
        }
    });
}

impl Access {
    /// The one name in which the token acts, if it has only one.
    pub(crate) fn only_for(&self) -> Option<Acting> {
        self.acting_for
    }
}

impl Caller {
    /// Whether the caller holds a role with which they act so, and the token lets them.
    pub(crate) fn may_act_for(&self, acting: Acting) -> bool {
        let held = parts_of(self.access.principal, &self.registry).into_iter().any(|(_, held)| held == acting);
        held && self.access.acting_for.is_none_or(|only| only == acting)
    }

    /// Who acts, as the ledger is told.
    pub(crate) fn by(&self) -> Result<By, Problem> {
        let capacity = match self.acting {
            Acting::Coordinator => Capacity::Coordinator,
            Acting::Mediator => Capacity::Mediator,
            Acting::Association(association) => Capacity::Association(association),
            Acting::Auditor => return Err(Problem::new(Refusal::RoleDoesNotAllow)),
        };
        Ok(By { principal: self.access.principal, capacity })
    }

    /// The request that a call becomes.
    pub(crate) fn request(&self, asked: &Asked, command: Command) -> Result<Request, Problem> {
        let key = Key { scope: self.key_scope(), key: asked.key.clone() };
        Ok(Request { key, digest: asked.digest, by: self.by()?, seen: None, command })
    }

    /// Whose idempotency keys the caller's are.
    pub(crate) fn key_scope(&self) -> String {
        ledger::occasion::scope_of_caller(self.access.principal)
    }

    /// The association that the caller acts for; `None` for the network.
    pub(crate) fn association(&self) -> Option<AssociationNumber> {
        match self.acting {
            Acting::Association(association) => Some(association),
            Acting::Coordinator | Acting::Auditor | Acting::Mediator => None,
        }
    }

    /// What concerns this association may be seen and done by the caller.
    pub(crate) fn check_concerns(&self, association: AssociationNumber) -> Result<(), Problem> {
        match self.association() {
            Some(own) if own != association => Err(Problem::new(Refusal::BelongsToOthers)),
            _ => Ok(()),
        }
    }

    /// The member in an address, looked up anew before it is called unknown.
    pub(crate) async fn member(&mut self, app: &App, name: Uuid) -> Result<Association, Problem> {
        let number = self.known.ids.number(name).map(AssociationNumber).ok_or_else(Problem::not_found)?;
        if self.registry.association(number).is_none() {
            self.registry = self.known.refreshed(&app.store).await?;
        }
        self.registry.association(number).cloned().ok_or_else(Problem::not_found)
    }

    /// The number of what a field of the body names; the ledger says whether there is such a thing.
    pub(crate) fn number(&self, name: Uuid, field: &str) -> Result<i64, Problem> {
        self.known.ids.number(name).ok_or_else(|| Problem::new(Refusal::NameIsUnknown).at(field))
    }

    /// The number of what a parameter of the query names.
    pub(crate) fn queried(&self, name: Uuid, field: &str) -> Result<i64, Problem> {
        let why = || Misfit::Value { found: Found::NothingOfThisNetwork, fits: Some(Fits::ListedName) };
        self.known.ids.number(name).ok_or_else(|| Problem::new(Refusal::QueryDoesNotFit(why())).at(field))
    }

    /// The association that a field of the body names.
    pub(crate) fn association_in(&self, name: Uuid, field: &str) -> Result<AssociationNumber, Problem> {
        self.number(name, field).map(AssociationNumber)
    }

    /// The person that a field of the body names.
    pub(crate) fn person_in(&self, name: Uuid, field: &str) -> Result<PersonNumber, Problem> {
        self.number(name, field).map(PersonNumber)
    }

    /// The skill that a field of the body names.
    pub(crate) fn skill_in(&self, name: Uuid, field: &str) -> Result<SkillNumber, Problem> {
        self.number(name, field).map(SkillNumber)
    }

    /// The name of what an act created.
    pub(crate) fn name(&self, number: i64) -> Uuid {
        self.known.ids.name(number)
    }

    /// An association's name among people.
    pub(crate) fn name_of(&self, association: AssociationNumber) -> String {
        self.registry.association(association).map(|member| member.name().to_owned()).unwrap_or_default()
    }
}

impl FromRequestParts<App> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| Problem::new(Refusal::TokenIsMissing))
    }
}
