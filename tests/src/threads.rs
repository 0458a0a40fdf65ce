//! What was said about an exchange can be read back: by whom, for which side, with which minutes, and why.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::sync::Arc;

use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use ledger::command::{By, Capacity, Command, NewExchange, Principal};
use ledger::evidence::{Evidence, EvidenceKind};
use ledger::exchange::Side;
use ledger::person::Role;
use ledger::policy::Limits;
use ledger::{ActNumber, AssociationNumber, ExchangeNumber, Minutes, PersonNumber};
use serde_json::Value;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, PgConnection};
use store::{Store, ThreadLine};

use crate::ledger_on::{Database, Ledger, Place, contribution, day, delegate, exchange, noon, request};

/// Two associations with a delegate each, and a mediator.
pub(crate) struct Dispute {
    pub(crate) ledger: Ledger,
    choir: AssociationNumber,
    band: AssociationNumber,
    ana: PersonNumber,
    bob: PersonNumber,
    mia: PersonNumber,
}

impl Dispute {
    /// How many steps of a full one neither bring an exchange in nor post it: two of the exchange that is settled, three
    /// of the one that is reversed, one of the one that is released.
    pub(crate) const STEPS: usize = 6;

    pub(crate) async fn on(database: Database) -> Self {
        let ledger = Ledger::fresh(database).await;
        let (choir, band) = (ledger.association("Chorale").await, ledger.association("Fanfare").await);
        let (ana, bob) = (ledger.person("ANA", &[choir]).await, ledger.person("BOB", &[band]).await);
        let mia = ledger.person("MIA", &[]).await;
        for (person, role) in [(ana, Role::Delegate(choir)), (bob, Role::Delegate(band)), (mia, Role::Mediator)] {
            ledger.grant(person, role).await;
        }
        Self { ledger, choir, band, ana, bob, mia }
    }

    async fn ana(&self, command: Command) -> ActNumber {
        self.ledger.done_by(delegate(self.ana, self.choir), command).await
    }

    async fn bob(&self, command: Command) -> ActNumber {
        self.ledger.done_by(delegate(self.bob, self.band), command).await
    }

    /// Help of the choir for the band, as the choir has it.
    async fn proposed(&self, minutes: i64, memo: Option<&str>) -> ExchangeNumber {
        let memo = memo.map(str::to_owned);
        let exchange = NewExchange { memo, ..exchange(self.choir, self.band, minutes, day(2025, 2, 10)) };
        ExchangeNumber(self.ana(Command::Propose { side: Side::Giver, exchange, evidence: None }).await.0)
    }

    /// Proposed, amended, contested, settled.
    async fn settled(&self) -> ExchangeNumber {
        let exchange = self.proposed(180, Some("montage du chapiteau")).await;
        self.bob(Command::Amend { exchange, minutes: Minutes::new(120), service_date: day(2025, 2, 11) }).await;
        self.ana(Command::Contest { exchange, reason: "trois heures, comptées à deux".to_owned() }).await;
        let mia = By { principal: Principal::Person(self.mia), capacity: Capacity::Mediator };
        let (minutes, reason) = (Minutes::new(150), "entendu les deux".to_owned());
        self.ledger.done_by(mia, Command::Settle { exchange, minutes, reason }).await;
        exchange
    }

    /// Proposed by the one who was helped and confirmed; a correction asked for and refused; reversed by the network.
    async fn reversed(&self) -> ExchangeNumber {
        let said = exchange(self.choir, self.band, 60, day(2025, 2, 20));
        let number = self.bob(Command::Propose { side: Side::Receiver, exchange: said, evidence: None }).await;
        let exchange = ExchangeNumber(number.0);
        self.ana(Command::Confirm { exchange, evidence: Evidence::BOTH_SIDES, reason: None }).await;
        self.bob(Command::RequestCorrection { exchange, reason: "c’était en janvier".to_owned() }).await;
        self.ana(Command::Keep { exchange, reason: "le carnet dit février".to_owned() }).await;
        self.ledger.done(Command::Reverse { target: number, reason: "le carnet avait tort".to_owned() }).await;
        exchange
    }

    /// Agreed past a hard limit, held, released; then its hours told, and taken back, which is no step of its life.
    async fn released(&self) -> ExchangeNumber {
        let limits = Some(Limits { hard_floor: Some(Minutes::new(-200)), ..Limits::NONE });
        let decision = "AG du 12 mars".to_owned();
        self.ledger.done(Command::SetLimits { association: self.band, limits, decision }).await;
        let exchange = self.proposed(240, None).await;
        self.bob(Command::Confirm { exchange, evidence: Evidence::BOTH_SIDES, reason: None }).await;
        self.ledger.done(Command::Release { exchange, reason: "vu au bureau".to_owned() }).await;
        let contributions = vec![contribution(self.ana, 30)];
        let told = self.ana(Command::TellContributions { exchange, contributions }).await;
        self.ledger.done(Command::Reverse { target: told, reason: "c’était Zoé".to_owned() }).await;
        exchange
    }

    /// Told by a signed slip.
    async fn recorded(&self) -> ExchangeNumber {
        let exchange = exchange(self.band, self.choir, 45, day(2025, 1, 5));
        let reference = Some("fiche 12".to_owned());
        let evidence = Evidence { kind: EvidenceKind::PaperSlip, reference, line: None };
        ExchangeNumber(self.ledger.done(Command::Record { exchange, evidence }).await.0)
    }

    /// An exchange of each kind.
    pub(crate) async fn full(database: Database) -> Self {
        let dispute = Self::on(database).await;
        dispute.settled().await;
        dispute.reversed().await;
        dispute.released().await;
        dispute.recorded().await;
        dispute
    }

    async fn thread(&self, exchange: ExchangeNumber) -> Vec<ThreadLine> {
        self.ledger.store.thread(self.ledger.network, exchange).await.unwrap()
    }

    async fn told(&self, exchange: ExchangeNumber) -> String {
        let mut told = String::new();
        for line in self.thread(exchange).await {
            assert_eq!(line.recorded_at, noon(2025, 3, 1));
            let speaker = match line.principal {
                Principal::Operator => "operator",
                Principal::Person(person) if person == self.ana => "Ana",
                Principal::Person(person) if person == self.bob => "Bob",
                Principal::Person(person) if person == self.mia => "Mia",
                Principal::Person(_) => "somebody",
            };
            let _ = write!(told, "{} {speaker}", line.kind);
            match line.capacity {
                Capacity::Association(own) => {
                    // What the band gave is told by the network alone.
                    let side = if own == self.choir { Side::Giver } else { Side::Receiver };
                    assert_eq!(line.side, Some(side));
                    let _ = write!(told, " for the {side}");
                }
                Capacity::Coordinator | Capacity::Mediator | Capacity::Oneself => assert_eq!(line.side, None),
            }
            let minutes = line.minutes.map(|minutes| format!("{} min", minutes.get()));
            let date = line.service_date.map(|date| date.to_string());
            let evidence = line.evidence.map(|kind| kind.to_string());
            let texts =
                [line.evidence_reference, line.memo, line.reason].map(|text| text.map(|text| format!("“{text}”")));
            for said in [minutes, date, evidence].into_iter().chain(texts).flatten() {
                let _ = write!(told, ", {said}");
            }
            let _ = writeln!(told, " → {}", line.state);
        }
        told
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_said_is_read_back_oldest_first() {
    for database in Database::tried() {
        let dispute = Dispute::on(database).await;
        let settled = dispute.settled().await;
        let reversed = dispute.reversed().await;
        let released = dispute.released().await;
        let recorded = dispute.recorded().await;
        let mut told = String::new();
        for exchange in [settled, reversed, released, recorded] {
            told += &dispute.told(exchange).await;
            told.push('\n');
        }
        insta::allow_duplicates! {
            insta::assert_snapshot!(told, @r"
            exchange_proposed Ana for the giver, 180 min, 2025-02-10, “montage du chapiteau” → proposed
            exchange_amended Bob for the receiver, 120 min, 2025-02-11 → proposed
            exchange_contested Ana for the giver, “trois heures, comptées à deux” → contested
            exchange_settled Mia, 150 min, “entendu les deux” → confirmed

            exchange_proposed Bob for the receiver, 60 min, 2025-02-20 → proposed
            exchange_confirmed Ana for the giver, both_sides → confirmed
            correction_requested Bob for the receiver, “c’était en janvier” → correction_requested
            correction_refused Ana for the giver, “le carnet dit février” → confirmed
            reversed operator, “le carnet avait tort” → reversed

            exchange_proposed Ana for the giver, 240 min, 2025-02-10 → proposed
            exchange_confirmed Bob for the receiver, both_sides → held
            exchange_released operator, “vu au bureau” → confirmed

            exchange_recorded operator, 45 min, 2025-01-05, paper_slip, “fiche 12” → confirmed
            ");
        }
        let nothing = dispute.thread(ExchangeNumber(dispute.choir.0)).await;
        assert_eq!(nothing, []);
        dispute.ledger.assert_sound().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_erased_is_not_read_back() {
    for database in Database::tried() {
        let dispute = Dispute::on(database).await;
        let exchange = dispute.settled().await;
        dispute.ledger.place.sql("DELETE FROM act_text").await.unwrap();
        for line in dispute.thread(exchange).await {
            assert_eq!((line.reason, line.memo, line.evidence_reference), (None, None, None), "{}", line.kind);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_very_many_words_the_first_and_the_last_are_told() {
    for database in Database::tried() {
        let dispute = Dispute::on(database).await;
        let exchange = dispute.proposed(60, None).await;
        let amend = |turn: i64| {
            let (who, minutes) = if turn % 2 == 0 {
                (delegate(dispute.bob, dispute.band), 75)
            } else {
                (delegate(dispute.ana, dispute.choir), 60)
            };
            let command = Command::Amend { exchange, minutes: Minutes::new(minutes), service_date: day(2025, 2, 10) };
            request(&format!("turn {turn}"), who, command)
        };
        let amended = dispute.ledger.submit_all((0..1_003).map(amend)).await;
        let last = amended.last().unwrap().as_ref().unwrap().act;
        let told: Vec<_> = dispute.thread(exchange).await.iter().map(|line| line.act.0).collect();
        assert_eq!(told.len(), 1_001);
        assert_eq!((told[0], told[1], told[1_000]), (exchange.0, last.0 - 999, last.0));
        dispute.ledger.assert_sound().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_that_does_not_say_what_acts_are_about_is_restored_all_the_same() {
    for (from, into) in [(Database::Sqlite, Database::Postgres), (Database::Postgres, Database::Sqlite)] {
        let dispute = Dispute::full(from).await;
        let mut backup = Vec::new();
        dispute.ledger.store.backup(&mut backup).await.unwrap();
        let place = Arc::new(Place::fresh(into));
        let store = Store::open(&place.url, true).await.unwrap();
        store.restore(&mut without_steps(&backup).as_slice(), noon(2025, 3, 2)).await.unwrap();
        let steps = steps_in(&dispute.ledger.place).await;
        assert_eq!((steps_in(&place).await, steps.len()), (steps.clone(), Dispute::STEPS));
        assert!(store.audit(dispute.ledger.network, None).await.unwrap().findings.is_ok());
    }
}

/// The same backup as an earlier version wrote it.
fn without_steps(backup: &[u8]) -> Vec<u8> {
    let mut lines = String::new();
    GzDecoder::new(backup).read_to_string(&mut lines).unwrap();
    let mut earlier = GzEncoder::new(Vec::new(), Compression::fast());
    let (mut is_left_out, mut rows) = (false, 0_u64);
    for line in lines.lines() {
        let mut said: Value = serde_json::from_str(line).unwrap();
        if let Some(table) = said.get("table") {
            is_left_out = table["name"] == "exchange_step";
        }
        if let Some(whole) = said.get_mut("whole") {
            is_left_out = false;
            whole["rows"] = rows.into();
        }
        if !is_left_out {
            rows += u64::from(said.get("row").is_some());
            let line = if said.get("whole").is_some() { said.to_string() } else { line.to_owned() };
            writeln!(earlier, "{line}").unwrap();
        }
    }
    earlier.finish().unwrap()
}

/// The rows of `exchange_step`, exchange and act.
pub(crate) async fn steps_in(place: &Place) -> Vec<(i64, i64)> {
    let sql = "SELECT exchange, act FROM exchange_step ORDER BY exchange, act";
    match place.database {
        Database::Sqlite => {
            let options: SqliteConnectOptions = place.url.parse().unwrap();
            sqlx::query_as(sql).fetch_all(&mut options.connect().await.unwrap()).await.unwrap()
        }
        Database::Postgres => {
            let mut connection = PgConnection::connect(&place.url).await.unwrap();
            sqlx::query_as(sql).fetch_all(&mut connection).await.unwrap()
        }
    }
}
