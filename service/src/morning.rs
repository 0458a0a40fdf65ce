//! What a network's coordinator has to do, in the order in which it is best done: whom to call, what to decide, whom to
//! ask how they are.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use ledger::{
    AssociationNumber, Minutes, PersonNumber,
    account::{Account, AccountHead},
    association::{Contact, MembershipState},
    exchange::{Exchange, ExchangeState, Side},
    person::{Person, Role},
    policy::{LimitVerdict, Limits, Passed},
};
use store::{Application, ApplicationState, ExchangeFilter, ExchangeView, HeardOf, Page, SignUp};

use crate::{
    app::App,
    caller::Caller,
    problem::Problem,
    rules::{self, Behind},
};

/// A member of whom nothing was heard for so many days is asked how it is.
pub const SILENT_DAYS: i64 = 60;
/// Acts that nobody has sealed for so many days are somebody's concern.
const UNSEALED_DAYS: i64 = 7;
/// A backup that is so many days old is somebody's concern.
const BACKUP_DAYS: i64 = 7;
/// So many days a network may be without one, when it begins.
const WITHOUT_BACKUP_DAYS: i64 = 30;
/// Keys that have been in use for so many days are to be changed.
const KEYS_DAYS: i64 = 730;
/// So many exchanges are looked at, the newest first; a network with more that are stuck has other worries.
const LOOKED_AT_MOST: u32 = 500;

/// What a coordinator has to do.
#[derive(Debug, Clone, Default)]
pub struct Morning {
    /// Members that have not answered proposals in time, whoever has waited longest first.
    pub overdue: Vec<Unanswered>,
    /// Exchanges that a hard limit holds, the oldest first.
    pub held: Vec<Held>,
    /// Exchanges that the sides disagree on, the oldest first.
    pub contested: Vec<Contested>,
    /// Members that have not answered requests for correction in time.
    pub corrections: Vec<Unanswered>,
    /// Associations that ask to join, and have not been answered, the first to ask first.
    pub applications: Vec<Application>,
    /// People who wait to be added, the first to ask first.
    pub sign_ups: Vec<SignUp>,
    /// Who has asked to join, the first to ask first.
    pub applicants: Vec<HeardOf>,
    /// Active members of whom nothing was heard for [`SILENT_DAYS`], the most silent first.
    pub silent: Vec<HeardOf>,
    /// Members that stand beyond a limit, floors first, the furthest first.
    pub beyond: Vec<Beyond>,
    /// Since when acts stand that nobody has sealed, where that is long.
    pub unsealed_since: Option<DateTime<Utc>>,
    /// When a backup was last made, where that is long ago.
    pub backup: Option<OldBackup>,
    /// Since when the same keys are in use, where that is long.
    pub old_keys_since: Option<DateTime<Utc>>,
    /// How to reach the members that are named here.
    pub contacts: BTreeMap<AssociationNumber, Contact>,
}

/// That there is no backup that is new enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OldBackup {
    /// The last one is of that instant.
    Of(DateTime<Utc>),
    /// This program never made one.
    Never,
}

/// A member that has to answer.
#[derive(Debug, Clone)]
pub struct Unanswered {
    /// Which member.
    pub association: AssociationNumber,
    /// What it has to answer, the oldest first; one at least.
    pub exchanges: Vec<ExchangeView>,
}

/// An exchange that a hard limit holds.
#[derive(Debug, Clone)]
pub struct Held {
    /// The exchange.
    pub view: ExchangeView,
    /// What holds it; nothing where its limit is no longer passed.
    pub limits: Vec<HardLimit>,
}

/// A hard limit past which an exchange would lead.
#[derive(Debug, Clone)]
pub struct HardLimit {
    /// Whose.
    pub association: AssociationNumber,
    /// The limit.
    pub passed: Passed,
    /// The decision behind it.
    pub behind: Behind,
}

/// An exchange that its sides disagree on.
#[derive(Debug, Clone)]
pub struct Contested {
    /// The exchange.
    pub view: ExchangeView,
    /// Who may mediate: they belong to neither side.
    pub mediators: Vec<PersonNumber>,
}

/// A member that stands beyond a limit.
#[derive(Debug, Clone, Copy)]
pub struct Beyond {
    /// Which member.
    pub association: AssociationNumber,
    /// Its balance.
    pub balance: Minutes,
    /// The limit, soft or hard.
    pub passed: Passed,
}

/// Reads what a coordinator has to do.
///
/// # Errors
/// When the database does not answer or a row cannot be true.
pub async fn read(app: &App, caller: &Caller) -> Result<Morning, Problem> {
    let (network, now) = (caller.known.id, app.now());
    let mut morning = Morning::default();
    let filter = ExchangeFilter {
        stuck_since_before: Some(caller.registry.policy().overdue_before(now)),
        page: Page::newest(LOOKED_AT_MOST),
        ..ExchangeFilter::default()
    };
    let mut stuck = app.store.exchange_views(network, &filter).await?;
    stuck.sort_by_key(|view| view.spoken_at);
    let standings = standings(app, caller).await?;
    for view in stuck {
        match view.exchange.state {
            ExchangeState::Proposed => answerer(&mut morning.overdue, view),
            ExchangeState::CorrectionRequested => answerer(&mut morning.corrections, view),
            ExchangeState::Held => {
                let limits = held_by(app, caller, &view.exchange, &standings).await?;
                morning.held.push(Held { view, limits });
            }
            ExchangeState::Contested => {
                let mediators = mediators(caller, &view.exchange).map(|person| person.number).collect();
                morning.contested.push(Contested { view, mediators });
            }
            ExchangeState::Confirmed
            | ExchangeState::Reversed
            | ExchangeState::Withdrawn
            | ExchangeState::Dismissed => {}
        }
    }
    let applications = app.store.applications(network).await?.into_iter();
    let is_open = |application: &Application| match application.state {
        ApplicationState::Waiting | ApplicationState::Admitting => true,
        ApplicationState::Refused { .. } => false,
    };
    morning.applications = applications.filter(is_open).collect();
    morning.sign_ups = app.store.waiting_sign_ups(network, now).await?;
    let heard_of = app.store.heard_of(network).await?;
    let is_in = |heard: &HeardOf, state| {
        caller.registry.association(heard.association).is_some_and(|member| member.state == state)
    };
    morning.applicants.extend(heard_of.iter().filter(|heard| is_in(heard, MembershipState::Applicant)));
    let silent_since = now - TimeDelta::days(SILENT_DAYS);
    let is_silent = |heard: &&HeardOf| heard.last_at < silent_since && is_in(heard, MembershipState::Active);
    morning.silent.extend(heard_of.iter().filter(is_silent));
    morning.silent.sort_by_key(|heard| heard.last_at);
    morning.beyond = beyond(caller, &standings);
    let unsealed_since = app.store.unsealed_since(network).await?;
    morning.unsealed_since = unsealed_since.filter(|since| *since < now - TimeDelta::days(UNSEALED_DAYS));
    let oldest_key = app.store.oldest_key_since(network).await?;
    morning.old_keys_since = oldest_key.filter(|since| *since < now - TimeDelta::days(KEYS_DAYS));
    let founded = heard_of.iter().map(|heard| heard.joined_at).min();
    morning.backup = match app.store.last_backup(network).await? {
        Some(at) => (at < now - TimeDelta::days(BACKUP_DAYS)).then_some(OldBackup::Of(at)),
        None => {
            founded.filter(|founded| *founded < now - TimeDelta::days(WITHOUT_BACKUP_DAYS)).map(|_| OldBackup::Never)
        }
    };
    morning.contacts = app.store.contacts_of(network, &morning.named()).await?;
    Ok(morning)
}

impl Morning {
    /// The members whom one may have to reach.
    fn named(&self) -> Vec<AssociationNumber> {
        let unanswered = self.overdue.iter().chain(&self.corrections).map(|unanswered| unanswered.association);
        let heard_of = self.applicants.iter().chain(&self.silent).map(|heard| heard.association);
        let mut named: Vec<_> = unanswered.chain(heard_of).collect();
        named.sort_unstable();
        named.dedup();
        named
    }
}

/// Where every member that has not left stands.
async fn standings(app: &App, caller: &Caller) -> Result<BTreeMap<AssociationNumber, AccountHead>, Problem> {
    let members = caller.registry.associations().filter(|member| member.state != MembershipState::Left);
    let members: Vec<_> = members.map(|member| member.number).collect();
    let accounts: Vec<_> = members.iter().map(|member| Account::Association(*member)).collect();
    let heads = app.store.standings(caller.known.id, &accounts).await?;
    let head = |member: AssociationNumber| heads.get(&Account::Association(member)).copied().unwrap_or_default();
    Ok(members.into_iter().map(|member| (member, head(member))).collect())
}

/// Adds an exchange to those that its answering side has to answer.
fn answerer(unanswered: &mut Vec<Unanswered>, view: ExchangeView) {
    let association = view.exchange.terms.association(view.exchange.spoken_by.other());
    match unanswered.iter_mut().find(|known| known.association == association) {
        Some(known) => known.exchanges.push(view),
        None => unanswered.push(Unanswered { association, exchanges: vec![view] }),
    }
}

/// The hard limits past which an agreed exchange would lead now, and what is behind them.
///
/// # Errors
/// When the database does not answer or a row cannot be true.
pub async fn held_by(
    app: &App,
    caller: &Caller,
    exchange: &Exchange,
    standings: &BTreeMap<AssociationNumber, AccountHead>,
) -> Result<Vec<HardLimit>, Problem> {
    let mut limits = Vec::new();
    for side in [Side::Giver, Side::Receiver] {
        let association = exchange.terms.association(side);
        let balance = standings.get(&association).copied().unwrap_or_default().balance;
        let after = balance_after(balance, exchange, side).unwrap_or(balance);
        let in_force = caller.registry.limits(association).unwrap_or_default();
        if in_force.judge(balance, after) == LimitVerdict::PastHard {
            let hard = Limits { soft_floor: None, soft_ceiling: None, ..in_force };
            if let Some(passed) = hard.passed_by(after) {
                let behind = rules::behind(app, caller, association).await?;
                limits.push(HardLimit { association, passed, behind });
            }
        }
    }
    Ok(limits)
}

/// Where a side stands once an exchange is posted; `None` where no account could hold it.
pub fn balance_after(balance: Minutes, exchange: &Exchange, side: Side) -> Option<Minutes> {
    match side {
        Side::Giver => balance.checked_add(exchange.terms.minutes),
        Side::Receiver => balance.checked_sub(exchange.terms.minutes),
    }
}

/// Who may mediate between the sides of an exchange: whoever has the role and belongs to neither.
pub fn mediators<'a>(caller: &'a Caller, exchange: &Exchange) -> impl Iterator<Item = &'a Person> {
    let sides = [exchange.terms.giver, exchange.terms.receiver];
    let is_between = move |person: &&Person| {
        person.roles.contains(&Role::Mediator) && !sides.iter().any(|side| person.concerns(*side))
    };
    caller.registry.persons().filter(is_between)
}

fn beyond(caller: &Caller, standings: &BTreeMap<AssociationNumber, AccountHead>) -> Vec<Beyond> {
    let passed = |(association, head): (&AssociationNumber, &AccountHead)| {
        let passed = caller.registry.limits(*association)?.passed_by(head.balance)?;
        Some(Beyond { association: *association, balance: head.balance, passed })
    };
    let mut beyond: Vec<_> = standings.iter().filter_map(passed).collect();
    beyond.sort_by_key(|one| (matches!(one.passed, Passed::Ceiling(_)), std::cmp::Reverse(one.balance.unsigned_abs())));
    beyond
}
