//! Hours passed on without help: gifts, dues, grants.

use axum::{extract::State, http::Uri};
use chrono::{DateTime, NaiveDate, Utc};
use ledger::{
    Minutes,
    act::{ActKind, TextField},
    command::Command,
    transfer::TransferReason,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{Page, SealedAct, StoreError};
use uuid::Uuid;

use super::{
    balances::{act_cursor, concerned},
    parts::{PageQuery, Word},
};
use crate::{
    answer::{Answer, page, receipt, rows_for},
    app::App,
    extract::{Keyed, Query},
    who::Caller,
};

/// A transfer.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Transfer {
    id: Uuid,
    at: DateTime<Utc>,
    /// Who gave them; absent for the solidarity fund.
    from: Option<Uuid>,
    /// Who received them; absent for the solidarity fund.
    to: Option<Uuid>,
    minutes: i64,
    reason: String,
    booked: Option<NaiveDate>,
    /// The decision behind it; absent where there is none or it is erased.
    decision: Option<String>,
}

/// Hours to pass on.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewTransfer {
    /// Who gives them; absent for the solidarity fund.
    from: Option<Uuid>,
    /// Who receives them; absent for the solidarity fund.
    to: Option<Uuid>,
    #[schemars(range(min = 1, max = 10_000_000))]
    minutes: i64,
    /// `gift` to another association or to the fund, `dues` to the fund, `grant` from the fund.
    reason: Word<TransferReason>,
    /// The decision behind it; needed for a grant.
    #[schemars(length(min = 1, max = 2000))]
    decision: Option<String>,
}

pub(crate) async fn add(State(app): State<App>, caller: Caller, Keyed { asked, body }: Keyed<NewTransfer>) -> Answer {
    let command = Command::Transfer {
        from: body.from.map(|name| caller.association_in(name, "from")).transpose()?,
        to: body.to.map(|name| caller.association_in(name, "to")).transpose()?,
        minutes: Minutes::new(body.minutes),
        reason: body.reason.0,
        decision: body.decision,
    };
    let made = app.write(&caller, &asked, command).await?;
    Ok(receipt(201, &caller, &made))
}

pub(crate) async fn list(State(app): State<App>, caller: Caller, uri: Uri, Query(query): Query<PageQuery>) -> Answer {
    let mut before = act_cursor(&caller, query.cursor.as_deref())?;
    let most = rows_for(query.limit);
    let mut acts: Vec<SealedAct> = Vec::new();
    while acts.len() < most as usize {
        let page = Page { before, most };
        let found = app.store.seldom_acts(caller.known.id, ActKind::Transferred, page).await?;
        let Some(last) = found.last() else { break };
        before = Some(last.number);
        for act in found {
            let is_shown = match caller.association() {
                None => true,
                Some(own) => concerned(&act.leaf()?).contains(&own),
            };
            if is_shown {
                acts.push(act);
            }
        }
    }
    acts.truncate(most as usize);
    let mut transfers = Vec::with_capacity(acts.len());
    for act in &acts {
        let decision = app.store.texts_of(caller.known.id, act.number).await?.remove(&TextField::Decision);
        transfers.push(show(&caller, act, decision)?);
    }
    Ok(page(&uri, transfers, query.limit, |transfer| transfer.id.to_string(), |transfer| transfer))
}

/// The account that gains is posted first.
fn show(caller: &Caller, act: &SealedAct, decision: Option<String>) -> Result<Transfer, StoreError> {
    let leaf = act.leaf()?;
    let [to, from] = leaf.postings.as_slice() else { return Err(act.wrong("a transfer has two postings")) };
    let account = |number: i64| (number > 0).then(|| caller.name(number));
    Ok(Transfer {
        id: caller.name(act.number.0),
        at: act.recorded_at,
        from: account(from.account),
        to: account(to.account),
        minutes: to.minutes,
        reason: leaf.transfer.as_deref().ok_or_else(|| act.wrong("a transfer has a reason"))?.to_owned(),
        booked: leaf.booked,
        decision,
    })
}
