//! What was said about an exchange: the steps of its life, read back.

use async_recursion::async_recursion as boxed;
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::AssertSqlSafe;

use crate::{
    Store, StoreError,
    db::on_tx,
    reading::{Pair, RowOf, table_row},
};
use ledger::{
    ActNumber, AssociationNumber, ExchangeNumber, Minutes, NetworkId, SkillNumber,
    act::ActKind,
    command::{Capacity, Principal},
    evidence::EvidenceKind,
    exchange::{ExchangeState, Side, Terms},
};

/// Two sides could amend for ever: of more steps than this, beside the first and the posting, the last ones are told.
const STEPS_MOST: u32 = 1_000;

/// Something that was said about an exchange: a step in its life, and what of it can still be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThreadLine {
    /// The act.
    pub act: ActNumber,
    /// What it did.
    pub kind: ActKind,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// Who spoke.
    pub principal: Principal,
    /// In whose name.
    pub capacity: Capacity,
    /// For which side; `None` where the network spoke.
    pub side: Option<Side>,
    /// Where the exchange stood afterwards.
    pub state: ExchangeState,
    /// How long it says that help was given, in person-minutes: the first word, an amendment, and what was settled.
    pub minutes: Option<Minutes>,
    /// When it says that help was given: the first word, and an amendment.
    pub service_date: Option<NaiveDate>,
    /// How the network knows.
    pub evidence: Option<EvidenceKind>,
    /// The number of a slip, the date of a message; `None` too once that is erased.
    pub evidence_reference: Option<String>,
    /// Why; `None` too once that is erased.
    pub reason: Option<String>,
    /// The remark that the exchange came with; `None` too once that is erased.
    pub memo: Option<String>,
}

impl Store {
    /// What was said about an exchange, oldest first; nothing where there is no such exchange. Of very many steps, the
    /// first one, the one that posted it, and the last thousand others. Who gave the time is told by
    /// [`Store::contributions_to`].
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn thread(&self, network: NetworkId, exchange: ExchangeNumber) -> Result<Vec<ThreadLine>, StoreError> {
        let sql = format!(
            "SELECT s.act, s.place, a.kind, a.recorded_at, a.principal, a.leaf, r.text AS reason, m.text AS memo, \
             v.text AS evidence_reference FROM \
             (SELECT exchange AS act, cast({IS_FIRST} AS bigint) AS place FROM exchange \
              WHERE network_id = $1 AND exchange = $2 \
              UNION ALL SELECT posted_in, cast({IS_POSTING} AS bigint) FROM exchange \
              WHERE network_id = $1 AND exchange = $2 AND posted_in <> exchange \
              UNION ALL SELECT l.act, cast({IS_STEP} AS bigint) FROM \
              (SELECT act FROM exchange_step WHERE network_id = $1 AND exchange = $2 \
               ORDER BY act DESC LIMIT {STEPS_MOST}) AS l) AS s \
             LEFT JOIN act AS a ON a.network_id = $1 AND a.number = s.act \
             LEFT JOIN act_text AS r ON r.network_id = $1 AND r.act = s.act AND r.field = 'reason' \
             LEFT JOIN act_text AS m ON m.network_id = $1 AND m.act = s.act AND m.field = 'memo' \
             LEFT JOIN act_text AS v ON v.network_id = $1 AND v.act = s.act AND v.field = 'evidence' \
             ORDER BY s.act, s.place"
        );
        let mut tx = self.db().begin_read().await?;
        let rows: Vec<LineRow> = on_tx!(&mut tx, connection => {
            sqlx::query_as(AssertSqlSafe(sql)).bind(network.0).bind(exchange.0).fetch_all(connection).await?
        });
        let mut lines: Vec<ThreadLine> = Vec::with_capacity(rows.len());
        for row in rows {
            if lines.last().is_some_and(|last| last.act.0 == row.act) {
                return Err(row.wrong(exchange, "an act that the exchange names already"));
            }
            lines.push(row.read(exchange)?);
        }
        Ok(lines)
    }
}

// What names an act: the exchange itself, which has the number of its first one, its column for the posting, or a step.
const IS_FIRST: i64 = 0;
const IS_POSTING: i64 = 1;
const IS_STEP: i64 = 2;

table_row! {
    /// An act as far as it is there, and what names it.
    struct LineRow {
        act: i64,
        place: i64,
        kind: Option<String>,
        recorded_at: Option<i64>,
        principal: Option<String>,
        leaf: Option<String>,
        reason: Option<String>,
        memo: Option<String>,
        evidence_reference: Option<String>,
    }
}

impl LineRow {
    /// The error that the act cannot be one of the exchange's.
    fn wrong(&self, exchange: ExchangeNumber, problem: &str) -> StoreError {
        match self.place {
            IS_FIRST => RowOf("exchange", exchange).wrong("exchange", problem),
            IS_POSTING => RowOf("exchange", exchange).wrong("posted_in", problem),
            _ => RowOf("exchange_step", Pair(exchange, self.act)).wrong("act", problem),
        }
    }

    fn read(self, exchange: ExchangeNumber) -> Result<ThreadLine, StoreError> {
        let (Some(kind), Some(recorded_at), Some(principal), Some(leaf)) =
            (&self.kind, self.recorded_at, &self.principal, &self.leaf)
        else {
            return Err(self.wrong(exchange, "an act that is not there"));
        };
        let row = RowOf("act", self.act);
        let leaf = row.leaf("leaf", leaf)?;
        let about = leaf.exchange.as_ref().filter(|part| part.number == exchange.0);
        let part = about.ok_or_else(|| self.wrong(exchange, "an act that is not about the exchange"))?;
        let terms = Terms {
            giver: AssociationNumber(part.giver),
            receiver: AssociationNumber(part.receiver),
            minutes: Minutes::new(part.minutes),
            service_date: part.date,
            skill: part.skill.map(SkillNumber),
        };
        let capacity = leaf.capacity();
        let capacity = capacity.ok_or_else(|| row.wrong("leaf", format_args!("“{}” is nobody", leaf.by)))?;
        let side = match capacity {
            Capacity::Association(own) => terms.side_of(own),
            Capacity::Coordinator | Capacity::Mediator | Capacity::Oneself => None,
        };
        let kind = row.word("kind", kind)?;
        let says_all = self.place == IS_FIRST || kind == ActKind::ExchangeAmended;
        let says_minutes = says_all || kind == ActKind::ExchangeSettled;
        let evidence = leaf.evidence.as_ref();
        Ok(ThreadLine {
            act: ActNumber(self.act),
            kind,
            recorded_at: row.instant("recorded_at", recorded_at)?,
            principal: row.principal("principal", principal)?,
            capacity,
            side,
            state: row.word("leaf", &part.state)?,
            minutes: says_minutes.then_some(terms.minutes),
            service_date: says_all.then_some(terms.service_date),
            evidence: evidence.map(|evidence| row.word("leaf", &evidence.kind)).transpose()?,
            evidence_reference: self.evidence_reference,
            reason: self.reason,
            memo: self.memo,
        })
    }
}
