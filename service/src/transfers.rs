//! What every face must agree on about transfers: which there were, and who may see them.

use chrono::{DateTime, NaiveDate, Utc};
use ledger::{
    ActNumber, AssociationNumber, Minutes,
    act::{ActKind, TextField},
    transfer::TransferReason,
};
use store::{Page, SealedAct, StoreError};

use crate::{acts, app::App, caller::Caller};

/// A transfer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transferred {
    /// The act that posted it.
    pub act: ActNumber,
    /// When.
    pub at: DateTime<Utc>,
    /// Who gave them; `None` for the solidarity fund.
    pub from: Option<AssociationNumber>,
    /// Who received them; `None` for the solidarity fund.
    pub to: Option<AssociationNumber>,
    /// How many.
    pub minutes: Minutes,
    /// Why.
    pub reason: TransferReason,
    /// The day that it counts under.
    pub booked: Option<NaiveDate>,
    /// The decision behind it; `None` where there is none or it is erased.
    pub decision: Option<String>,
}

/// The transfers that the caller may see, newest first.
///
/// # Errors
/// When the database does not answer or a row cannot be true.
pub async fn list(app: &App, caller: &Caller, page: Page<ActNumber>) -> Result<Vec<Transferred>, StoreError> {
    let Page { mut before, most } = page;
    let mut acts: Vec<SealedAct> = Vec::new();
    while acts.len() < most as usize {
        let found = app.store.seldom_acts(caller.known.id, ActKind::Transferred, Page { before, most }).await?;
        let Some(last) = found.last() else { break };
        before = Some(last.number);
        for act in found {
            if caller.sight().takes_in_one_of(&acts::concerned(&act.leaf()?)) {
                acts.push(act);
            }
        }
    }
    acts.truncate(most as usize);
    let mut transfers = Vec::with_capacity(acts.len());
    for act in &acts {
        let decision = app.store.texts_of(caller.known.id, act.number).await?.remove(&TextField::Decision);
        transfers.push(read(act, decision)?);
    }
    Ok(transfers)
}

/// The account that gains is posted first.
fn read(act: &SealedAct, decision: Option<String>) -> Result<Transferred, StoreError> {
    let leaf = act.leaf()?;
    let [to, from] = leaf.postings.as_slice() else { return Err(act.wrong("a transfer has two postings")) };
    let account = |number: i64| (number > 0).then_some(AssociationNumber(number));
    let reason = leaf.transfer.as_deref().ok_or_else(|| act.wrong("a transfer has a reason"))?;
    Ok(Transferred {
        act: act.number,
        at: act.recorded_at,
        from: account(from.account),
        to: account(to.account),
        minutes: Minutes::new(to.minutes),
        reason: TransferReason::try_from(reason).map_err(|_| act.wrong("a transfer has a known reason"))?,
        booked: leaf.booked,
        decision,
    })
}
