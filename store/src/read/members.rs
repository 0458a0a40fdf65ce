//! Members and the rules they live by, beside what the registry holds: where they are, and each version of the rules.

use std::collections::BTreeMap;

use async_recursion::async_recursion as boxed;
use chrono::NaiveDate;

use crate::{
    Store, StoreError,
    db::select,
    read::registry::PolicyRow,
    reading::{Found, RowOf},
};
use ledger::{ActNumber, AssociationNumber, NetworkId, policy::Policy};

/// What a member says of itself beside the log.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MemberPlace {
    /// Its commune.
    pub commune: Option<String>,
    /// The commune's INSEE code.
    pub insee: Option<String>,
    /// Since when it has been a member.
    pub member_since: Option<NaiveDate>,
}

/// A version of the rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyVersion {
    /// The act that adopted it.
    pub act: ActNumber,
    /// The rules.
    pub policy: Policy,
}

impl Store {
    /// Where members are, and since when they have been members.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn member_places(
        &self,
        network: NetworkId,
    ) -> Result<BTreeMap<AssociationNumber, MemberPlace>, StoreError> {
        let sql = "SELECT association, commune, insee, member_since FROM association WHERE network_id = $1";
        type Row = (i64, Option<String>, Option<String>, Option<Found<NaiveDate>>);
        let mut tx = self.db().begin_read().await?;
        let rows = select::<Row>(&mut tx, network, sql).await?;
        let read = |(number, commune, insee, since): Row| {
            let member_since = RowOf("association", number).maybe_found("member_since", since)?;
            Ok((AssociationNumber(number), MemberPlace { commune, insee, member_since }))
        };
        rows.into_iter().map(read).collect()
    }

    /// Every version of the rules that was adopted, newest first.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn policy_versions(&self, network: NetworkId) -> Result<Vec<PolicyVersion>, StoreError> {
        let sql = "SELECT act, step_minutes, answer_within_days, soft_floor, hard_floor, soft_ceiling, hard_ceiling \
                   FROM policy WHERE network_id = $1 ORDER BY act DESC";
        let mut tx = self.db().begin_read().await?;
        let rows = select::<PolicyRow>(&mut tx, network, sql).await?;
        rows.into_iter().map(|row| row.read().map(|(act, policy)| PolicyVersion { act, policy })).collect()
    }
}
