//! Exchanges as the database holds them, and the references that they bear.

use chrono::NaiveDate;
use sqlx::FromRow;

use crate::{
    StoreError,
    bulk::{Rows, row},
    db::Tx,
    error::impossible,
    schema::ColumnType::Text,
};
use ledger::{
    ActNumber, AssociationNumber, ExchangeNumber, Minutes, NetworkId, SkillNumber,
    exchange::{Exchange, ExchangeState, Side, Terms},
    state::numbered_reference,
};

/// A row of table `exchange`, as far as it makes an [`Exchange`].
#[derive(FromRow)]
pub(crate) struct ExchangeRow {
    exchange: i64,
    giver: i64,
    receiver: i64,
    minutes: i64,
    service_date: NaiveDate,
    skill: Option<i64>,
    state: String,
    spoken_by: String,
    spoken_in: i64,
    posted_in: Option<i64>,
    replaces: Option<i64>,
}

impl TryFrom<ExchangeRow> for Exchange {
    type Error = StoreError;

    fn try_from(row: ExchangeRow) -> Result<Self, StoreError> {
        let wrong = |error: ledger::UnknownWord| impossible("exchange", row.exchange, error.to_string());
        Ok(Self {
            number: ExchangeNumber(row.exchange),
            terms: Terms {
                giver: AssociationNumber(row.giver),
                receiver: AssociationNumber(row.receiver),
                minutes: Minutes::new(row.minutes),
                service_date: row.service_date,
                skill: row.skill.map(SkillNumber),
            },
            state: ExchangeState::try_from(row.state.as_str()).map_err(wrong)?,
            spoken_by: Side::try_from(row.spoken_by.as_str()).map_err(wrong)?,
            spoken_in: ActNumber(row.spoken_in),
            posted_in: row.posted_in.map(ActNumber),
            replaces: row.replaces.map(ExchangeNumber),
        })
    }
}

/// The exchanges that bear these references: those that the ledger gave stand with the exchange itself.
pub(crate) async fn exchanges_of_references(
    tx: &mut Tx,
    network: NetworkId,
    references: Vec<&str>,
) -> Result<Vec<(String, i64)>, StoreError> {
    let rows = |references: &[&str]| Rows::new(&[Text], references.iter().map(|text| row![*text]).collect());
    let sql = "SELECT r.c0, n.exchange FROM {rows} CROSS JOIN exchange_reference AS n \
               WHERE n.network_id = $1 AND n.reference = r.c0";
    let mut found: Vec<(String, i64)> = rows(&references).select(tx, network.0, sql).await?;
    let numbered: Vec<_> = references.into_iter().filter(|text| numbered_reference(text).is_some()).collect();
    let sql = "SELECT r.c0, e.exchange FROM {rows} CROSS JOIN exchange AS e \
               WHERE e.network_id = $1 AND e.given_reference = r.c0";
    found.extend(rows(&numbered).select::<(String, i64)>(tx, network.0, sql).await?);
    Ok(found)
}
