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
use service::{App, acts, caller::Caller};
use store::{Page, SealedAct, StoreError};
use uuid::Uuid;

use crate::{
    answer::{Answer, page, receipt, rows_for},
    cursor,
    extract::{ForWhom, NamesAssociations, Query},
    parts::{PageQuery, Word},
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

impl NamesAssociations for NewTransfer {
    /// Whoever gives hours is asked.
    fn associations(&self) -> Vec<Uuid> {
        self.from.into_iter().collect()
    }
}

pub(crate) async fn add(State(app): State<App>, ForWhom { caller, asked, body }: ForWhom<NewTransfer>) -> Answer {
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
    let mut before = cursor::act(&caller, query.cursor.as_deref())?;
    let most = rows_for(query.limit);
    let mut rows: Vec<SealedAct> = Vec::new();
    while rows.len() < most as usize {
        let found = app.store.seldom_acts(caller.known.id, ActKind::Transferred, Page { before, most }).await?;
        let Some(last) = found.last() else { break };
        before = Some(last.number);
        for row in found {
            if caller.sight().takes_in_one_of(&acts::concerned(&row.leaf()?)) {
                rows.push(row);
            }
        }
    }
    rows.truncate(most as usize);
    let mut transfers = Vec::with_capacity(rows.len());
    for row in &rows {
        let decision = app.store.texts_of(caller.known.id, row.number).await?.remove(&TextField::Decision);
        transfers.push(show(&caller, row, decision)?);
    }
    page(&uri, transfers, query.limit, |transfer| transfer.id.to_string(), Ok)
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
        reason: leaf.transfer.ok_or_else(|| act.wrong("a transfer has a reason"))?.into_owned(),
        booked: leaf.booked,
        decision,
    })
}
