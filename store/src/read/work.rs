//! The time that persons gave, for the accounts.

use std::collections::HashMap;

use chrono::NaiveDate;

use crate::{
    Store, StoreError,
    db::{Tx, on_tx, select},
    error::impossible,
    read::network::read_head,
};
use ledger::{
    ActNumber, AssociationNumber, Minutes, NetworkId, PersonNumber, SkillNumber, contribution::Nature, valuation::Work,
};

/// What a valuation is made of.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WorkDone {
    /// Each person's time.
    pub works: Vec<Work>,
    /// The minutes of exchanges that nobody has said who gave, by giver.
    pub untold: HashMap<AssociationNumber, Minutes>,
    /// The INSEE codes of the associations' communes.
    pub insee: HashMap<AssociationNumber, String>,
    /// Codes and names of persons, as far as they are not erased.
    pub persons: HashMap<PersonNumber, (String, String)>,
    /// How many acts the ledger held when this was read.
    pub acts: i64,
}

impl Store {
    /// The time that persons gave from one service date to another, both included.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    pub async fn work_done(&self, network: NetworkId, days: (NaiveDate, NaiveDate)) -> Result<WorkDone, StoreError> {
        let mut tx = self.db().begin_read().await?;
        let (head, _) = read_head(&mut tx, network).await?;
        let ActNumber(acts) = head.next;
        let (works, told) = works(&mut tx, network, days).await?;
        let sql = "SELECT association, insee FROM association WHERE network_id = $1 AND insee IS NOT NULL";
        let insee = select::<(i64, String)>(&mut tx, network, sql).await?;
        let sql = "SELECT person, code, first_name, last_name FROM person_identity WHERE network_id = $1";
        type Identity = (i64, String, Option<String>, Option<String>);
        let persons =
            select::<Identity>(&mut tx, network, sql).await?.into_iter().map(|(person, code, first, last)| {
                let names: Vec<String> = [first, last].into_iter().flatten().collect();
                (PersonNumber(person), (code, names.join(" ")))
            });
        Ok(WorkDone {
            untold: untold(&mut tx, network, days, told).await?,
            works,
            insee: insee.into_iter().map(|(association, insee)| (AssociationNumber(association), insee)).collect(),
            persons: persons.collect(),
            acts,
        })
    }
}

/// Each person's time, and how much of it belongs to exchanges, by giver.
async fn works(
    tx: &mut Tx,
    network: NetworkId,
    days: (NaiveDate, NaiveDate),
) -> Result<(Vec<Work>, HashMap<i64, i64>), StoreError> {
    let sql = "SELECT act, person, association, exchange, minutes, nature, skill, service_date FROM contribution \
               WHERE network_id = $1 AND service_date >= $2 AND service_date <= $3";
    type Row = (i64, i64, i64, Option<i64>, i64, String, Option<i64>, NaiveDate);
    let rows: Vec<Row> = on_tx!(tx, connection => {
        sqlx::query_as(sql).bind(network.0).bind(days.0).bind(days.1).fetch_all(connection).await?
    });
    let mut told: HashMap<i64, i64> = HashMap::new();
    let mut works = Vec::with_capacity(rows.len());
    for (act, person, association, exchange, minutes, nature, skill, date) in rows {
        let nature = Nature::try_from(nature.as_str());
        works.push(Work {
            person: PersonNumber(person),
            association: AssociationNumber(association),
            nature: nature.map_err(|error| impossible("contribution", act, error.to_string()))?,
            skill: skill.map(SkillNumber),
            date,
            minutes: Minutes::new(minutes),
        });
        if exchange.is_some() {
            *told.entry(association).or_default() += minutes;
        }
    }
    Ok((works, told))
}

async fn untold(
    tx: &mut Tx,
    network: NetworkId,
    days: (NaiveDate, NaiveDate),
    told: HashMap<i64, i64>,
) -> Result<HashMap<AssociationNumber, Minutes>, StoreError> {
    let sql = "SELECT giver, cast(sum(minutes) AS bigint) FROM exchange WHERE network_id = $1 \
               AND state IN ('confirmed', 'correction_requested') AND service_date >= $2 AND service_date <= $3 \
               GROUP BY giver";
    let given: Vec<(i64, i64)> = on_tx!(tx, connection => {
        sqlx::query_as(sql).bind(network.0).bind(days.0).bind(days.1).fetch_all(connection).await?
    });
    let open = given.into_iter().map(|(giver, minutes)| {
        let open = minutes - told.get(&giver).copied().unwrap_or_default();
        (AssociationNumber(giver), Minutes::new(open))
    });
    Ok(open.filter(|(_, minutes)| minutes.is_positive()).collect())
}
