//! Hours passed on without help: gifts, dues, grants.

use axum::{extract::State, http::Uri};
use chrono::{DateTime, NaiveDate, Utc};
use ledger::{AssociationNumber, Minutes, command::Command, transfer::TransferReason};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use service::{
    App,
    caller::Caller,
    transfers::{self, Transferred},
};
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
    let before = cursor::act(&caller, query.cursor.as_deref())?;
    let wanted = store::Page { before, most: rows_for(query.limit) };
    let rows = transfers::list(&app, &caller, wanted).await?;
    let cursor = |transfer: &Transferred| caller.name(transfer.act.0).to_string();
    page(&uri, rows, query.limit, cursor, |transfer| Ok(show(&caller, transfer)))
}

fn show(caller: &Caller, transferred: Transferred) -> Transfer {
    let Transferred { act, at, from, to, minutes, reason, booked, decision } = transferred;
    let name = |association: AssociationNumber| caller.name(association.0);
    Transfer {
        id: caller.name(act.0),
        at,
        from: from.map(name),
        to: to.map(name),
        minutes: minutes.get(),
        reason: reason.to_string(),
        booked,
        decision,
    }
}
