//! Standing mandates: a member lets a partner confirm in its stead.

use axum::extract::State;
use chrono::NaiveDate;
use ledger::{AssociationNumber, Minutes, command::Command, mandate::Mandate};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use service::{App, caller::Caller};
use uuid::Uuid;

use crate::{
    answer::{Answer, json, receipt},
    extract::Keyed,
    member::{Member, OwnMember},
};

/// What a partner may confirm.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MandateTerms {
    /// Exchanges of more person-minutes wait for the member itself.
    #[schemars(range(min = 1, max = 10_000_000))]
    minutes_most: i64,
    /// The last day on which the partner may confirm.
    until: NaiveDate,
}

/// A mandate to give, or to take back.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetMandate {
    /// Who may confirm.
    partner: Uuid,
    /// What they may confirm; `null` takes the mandate back.
    mandate: Option<MandateTerms>,
}

pub(crate) async fn set(
    State(app): State<App>,
    Member { caller, association }: Member,
    Keyed { asked, body: SetMandate { partner, mandate } }: Keyed<SetMandate>,
) -> Answer {
    let association = association.number;
    let partner = caller.association_in(partner, "partner")?;
    let mandate = mandate.map(|terms| Mandate { minutes_most: Minutes::new(terms.minutes_most), until: terms.until });
    let command = Command::SetMandate { association, partner, mandate };
    let made = app.write(&caller, &asked, command).await?;
    Ok(receipt(200, &caller, &made))
}

/// The mandates that a member gave and was given.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Mandates {
    mandates: Vec<MandateView>,
}

/// A mandate.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct MandateView {
    /// In whose stead.
    association: Uuid,
    association_name: String,
    /// Who may confirm.
    partner: Uuid,
    partner_name: String,
    /// Exchanges of more person-minutes wait for the member itself.
    minutes_most: i64,
    /// The last day on which the partner may confirm.
    until: NaiveDate,
}

pub(crate) async fn list(State(app): State<App>, OwnMember(Member { caller, association }): OwnMember) -> Answer {
    let member = association.number;
    let caller = Caller { registry: caller.known.refreshed(&app.store).await?, ..caller };
    let mut mandates = Vec::new();
    for association in caller.registry.associations() {
        for (partner, mandate) in &association.mandates {
            if [association.number, *partner].contains(&member) {
                mandates.push(show(&caller, association.number, *partner, *mandate));
            }
        }
    }
    Ok(json(200, &Mandates { mandates }))
}

fn show(caller: &Caller, association: AssociationNumber, partner: AssociationNumber, mandate: Mandate) -> MandateView {
    MandateView {
        association: caller.name(association.0),
        association_name: caller.name_of(association),
        partner: caller.name(partner.0),
        partner_name: caller.name_of(partner),
        minutes_most: mandate.minutes_most.get(),
        until: mandate.until,
    }
}
