//! Whether what is written is kept, found out by writing: that a disk is full, read-only or gone shows in no other way.
//!
//! A row that changes nothing is not enough. On a full disk there is often room for it in what SQLite or PostgreSQL took
//! before, and none for a batch: so room is taken as well, and given back. Anybody may ask, so it is tried once a second
//! at most, and one try answers all who ask meanwhile.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::Mutex;

use crate::{
    Db, StoreError,
    db::{Tx, on_tx},
    gauges, migrations,
};

/// What the last try said is said for so long.
const HOLDS: Duration = Duration::from_secs(1);
/// A try takes no longer; where it does, others are writing. It is longer than it takes to see that nobody answers.
const TRY_MOST: Duration = Duration::from_secs(3);
/// So long others may write. Whoever asks for something is not kept waiting longer than that.
const BUSY_MOST: Duration = Duration::from_secs(30);

/// What the tries said.
#[derive(Debug)]
pub(crate) struct Rehearsal {
    /// When the last one ended, and how.
    last: Mutex<Option<(Instant, Said)>>,
}

/// How a try ended; and when one last ended well.
#[derive(Debug, Clone)]
struct Said {
    problem: Option<Arc<StoreError>>,
    kept: Instant,
}

impl Rehearsal {
    pub(crate) fn new() -> Self {
        Self { last: Mutex::new(None) }
    }

    /// Why nothing that is written is kept at present: what the last try said, or a new one where that is too long ago.
    pub(crate) async fn ask(&self, db: &Db) -> Result<(), Arc<StoreError>> {
        let mut last = self.last.lock().await;
        let began = gauges::instant();
        let before = match &*last {
            Some((ended, said)) if began.duration_since(*ended) < HOLDS => return said.answer(),
            before => before.as_ref().map_or(began, |(_, said)| said.kept),
        };
        let tried = tokio::time::timeout(TRY_MOST, rehearse(db)).await;
        let ended = gauges::instant();
        let said = Said::after(tried.ok(), ended, before);
        let answer = said.answer();
        *last = Some((ended, said));
        answer
    }
}

impl Said {
    /// What became of a try, if it ended in time. `before` is when something was last known to be kept.
    fn after(tried: Option<Result<(), StoreError>>, ended: Instant, before: Instant) -> Self {
        let is_busy = match &tried {
            Some(Ok(())) => return Self { problem: None, kept: ended },
            Some(Err(error)) => error.is_busy(),
            None => true,
        };
        if is_busy && ended.duration_since(before) < BUSY_MOST {
            return Self { problem: None, kept: before };
        }
        let problem = tried.and_then(Result::err).unwrap_or(StoreError::Database(sqlx::Error::PoolTimedOut));
        Self { problem: Some(Arc::new(problem)), kept: before }
    }

    fn answer(&self) -> Result<(), Arc<StoreError>> {
        self.problem.as_ref().map_or(Ok(()), |problem| Err(Arc::clone(problem)))
    }
}

/// The number that is changed says how long a step of the schema took: nobody asks for it.
async fn rehearse(db: &Db) -> Result<(), StoreError> {
    let sql = "UPDATE _sqlx_migrations SET execution_time = execution_time + 1 WHERE version = $1";
    let newest = migrations::newest();
    db.try_room().await?;
    let mut tx = db.begin_write().await?;
    if let Tx::Postgres(transaction) = &mut tx {
        // What does not fit in its memory, PostgreSQL sorts where the database's tables are.
        let sort = "SET LOCAL work_mem = '64kB'; \
                    SELECT count(*) FROM (SELECT (n || repeat('x', 1000)) COLLATE \"C\" AS line \
                    FROM generate_series(1, 1000) AS n ORDER BY line OFFSET 0) AS sorted";
        sqlx::raw_sql(sort).execute(&mut **transaction).await?;
    }
    on_tx!(&mut tx, connection => sqlx::query(sql).bind(newest).execute(connection).await.map(|_| ())?);
    tx.commit().await
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Nine attempts at the same moment are one.
    #[tokio::test]
    async fn one_try_answers_all_who_ask_within_a_second() {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(&format!("sqlite://{}", folder.path().join("a.db").display()), true).await.unwrap();
        let rehearsal = Rehearsal::new();
        let written = async || {
            let sql = "SELECT cast(sum(execution_time) AS bigint) FROM _sqlx_migrations";
            let mut tx = db.begin_read().await.unwrap();
            let (sum,): (i64,) =
                on_tx!(&mut tx, connection => sqlx::query_as(sql).fetch_one(connection).await.unwrap());
            sum
        };
        let before = written().await;
        rehearsal.ask(&db).await.unwrap();
        assert_eq!(written().await, before + 1);
        // However slow the machine is: the second begins when the try before it ends.
        let later = gauges::instant() + Duration::from_mins(10);
        let said = Said { problem: None, kept: later };
        *rehearsal.last.lock().await = Some((later, said));
        for _ in 0..9 {
            rehearsal.ask(&db).await.unwrap();
        }
        assert_eq!(written().await, before + 1);
    }

    #[test]
    fn others_may_write_for_a_while_but_not_for_ever() {
        let now = gauges::instant();
        let after = |tried, seconds| Said::after(tried, now + Duration::from_secs(seconds), now);
        assert!(after(None, 29).answer().is_ok());
        assert!(after(None, 30).answer().is_err());
        assert!(after(Some(Err(StoreError::NoNetwork)), 1).answer().is_err());
        assert_eq!(after(Some(Ok(())), 40).kept, now + Duration::from_secs(40));
        assert_eq!(after(None, 29).kept, now);
    }
}
