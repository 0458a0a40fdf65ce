//! What every face must agree on about the network's rules and its members' limits: which hold and held, and the
//! decisions behind them.

use chrono::{DateTime, Utc};
use ledger::{
    ActNumber, AssociationNumber, NetworkId,
    act::{ActKind, TextField},
    policy::{Limits, Policy},
};
use store::{Page, Store, StoreError};

use crate::{app::App, caller::Caller};

/// A version of the rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RulesVersion {
    /// The act that adopted it, and when; `None` for what holds until the members decide.
    pub adopted: Option<(ActNumber, DateTime<Utc>)>,
    /// The rules.
    pub policy: Policy,
    /// The decision behind them; `None` where there is none or it is erased.
    pub decision: Option<String>,
}

/// Every version of the rules, newest first; there is always one.
///
/// # Errors
/// When the database does not answer or a row cannot be true.
pub async fn versions(store: &Store, network: NetworkId) -> Result<Vec<RulesVersion>, StoreError> {
    let mut versions = Vec::new();
    for version in store.policy_versions(network).await? {
        let decision = store.texts_of(network, version.act).await?.remove(&TextField::Decision);
        let adopted = store.act(network, version.act).await?.map(|act| (act.number, act.recorded_at));
        versions.push(RulesVersion { adopted, policy: version.policy, decision });
    }
    if versions.is_empty() {
        versions.push(RulesVersion { adopted: None, policy: Policy::default(), decision: None });
    }
    Ok(versions)
}

/// Limits that a member has or had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LimitsVersion {
    /// The act that set them.
    pub act: ActNumber,
    /// When.
    pub set_at: DateTime<Utc>,
    /// Its own limits; `None` where the rules' hold again.
    pub limits: Option<Limits>,
    /// The decision behind them; `None` once that is erased.
    pub decision: Option<String>,
}

/// A member's own limits, newest first.
///
/// # Errors
/// When the database does not answer or a row cannot be true.
pub async fn limits_history(
    store: &Store,
    network: NetworkId,
    member: AssociationNumber,
    page: Page<ActNumber>,
) -> Result<Vec<LimitsVersion>, StoreError> {
    /// So many acts are read at once.
    const ACTS: u32 = 200;
    let mut versions = Vec::new();
    let mut before = page.before;
    // Limits are set a few times in a member's life: the acts of all members are few.
    loop {
        let acts = store.seldom_acts(network, ActKind::LimitsSet, Page { before, most: ACTS }).await?;
        let is_last = acts.len() < ACTS as usize;
        for act in acts {
            before = Some(act.number);
            let leaf = act.leaf()?;
            if leaf.member.as_ref().is_some_and(|part| part.number == member.0) {
                let limits = leaf.limits.map(Limits::from);
                versions.push(LimitsVersion { act: act.number, set_at: act.recorded_at, limits, decision: None });
            }
        }
        if is_last || versions.len() >= page.most as usize {
            break;
        }
    }
    versions.truncate(page.most as usize);
    for version in &mut versions {
        version.decision = store.texts_of(network, version.act).await?.remove(&TextField::Decision);
    }
    Ok(versions)
}

/// What is behind the limits in force for a member.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Behind {
    /// Since when they hold; `None` for what holds until the members decide.
    pub since: Option<DateTime<Utc>>,
    /// The decision; `None` where there is none or it is erased.
    pub decision: Option<String>,
}

/// What is behind the limits in force for a member: its own, or the rules'.
///
/// # Errors
/// When the database does not answer or a row cannot be true.
pub async fn behind(app: &App, caller: &Caller, member: AssociationNumber) -> Result<Behind, StoreError> {
    let network = caller.known.id;
    let has_own = caller.registry.association(member).is_some_and(|member| member.limits.is_some());
    if has_own {
        let newest = limits_history(&app.store, network, member, Page::newest(1)).await?.pop();
        return Ok(newest.map_or_else(Behind::default, |version| Behind {
            since: Some(version.set_at),
            decision: version.decision,
        }));
    }
    let Some(newest) = app.store.policy_versions(network).await?.into_iter().next() else {
        return Ok(Behind::default());
    };
    let since = app.store.act(network, newest.act).await?.map(|act| act.recorded_at);
    let decision = app.store.texts_of(network, newest.act).await?.remove(&TextField::Decision);
    Ok(Behind { since, decision })
}
