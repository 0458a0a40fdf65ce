//! A damaged database is caught, and the row named; and without great pains nobody can damage one.

use ledger::audit::Check;
use ledger::command::{By, Command, NewExchange};
use ledger::evidence::Evidence;
use ledger::exchange::Side;
use ledger::log::TILE_WIDTH;
use ledger::person::Role;
use ledger::policy::{Limits, Policy};
use ledger::transfer::TransferReason;
use ledger::year::Year;
use ledger::{ActNumber, ExchangeNumber, Language, Minutes};

use crate::ledger_on::{Database, Ledger, contribution, day, delegate, exchange, noon, request};

/// What an attacker does, and what the audit must say.
struct Case {
    name: &'static str,
    /// SQL for both databases.
    sql: &'static str,
    /// The check that must fail.
    check: Check,
    /// A text that one of its problems must hold: the row.
    names: &'static str,
}

/// The acts of the small ledger are numbered as [`fill`] says.
const CASES: &[Case] = &[
    Case {
        name: "minutes of a posting",
        sql: "UPDATE posting SET minutes = minutes + 60 WHERE book = 'exchange' AND account = 1 AND sequence = 1",
        check: Check::Postings,
        names: "posting exchange 1 n° 1",
    },
    Case {
        name: "a posting that is gone",
        sql: "DELETE FROM posting WHERE book = 'exchange' AND account = 2 AND sequence = 1",
        check: Check::Postings,
        names: "posting exchange 2 n° 1",
    },
    Case {
        name: "a posting too many",
        sql: "INSERT INTO posting (network_id, book, account, sequence, act, cause, kind, minutes, balance, booked, \
              given, received) SELECT network_id, book, account, 9, act, cause, kind, minutes, balance, booked, \
              given, received FROM posting \
              WHERE book = 'exchange' AND account = 1 AND sequence = 1",
        check: Check::Postings,
        names: "posting exchange 1 n° 9",
    },
    Case { name: "an act that is gone", sql: "DELETE FROM act WHERE number = 12", check: Check::Acts, names: "act 12" },
    Case {
        name: "an act that is gone, seen from the log",
        sql: "DELETE FROM act WHERE number = 12",
        check: Check::Log,
        names: "log_tile 1 0, hash 0",
    },
    Case {
        name: "the last act, gone",
        sql: "DELETE FROM act WHERE number = (SELECT next_act - 1 FROM head)",
        check: Check::Acts,
        names: "head, next_act",
    },
    Case {
        name: "a loss that never was",
        sql: "INSERT INTO log_generation (network_id, generation, act, lost_origin, lost_size, lost_root) \
              SELECT network_id, 2, 12, 'coudemain/x', 20, root FROM head",
        check: Check::Proofs,
        names: "log_generation 12",
    },
    Case {
        name: "two leaves that changed places",
        sql: "CREATE TEMPORARY TABLE two AS SELECT number, leaf FROM act WHERE number IN (11, 12); UPDATE act \
              SET leaf = (SELECT two.leaf FROM two WHERE two.number = 23 - act.number) WHERE number IN (11, 12)",
        check: Check::Acts,
        names: "act 12",
    },
    Case {
        name: "two leaves that changed places, seen from the log",
        sql: "CREATE TEMPORARY TABLE two AS SELECT number, leaf FROM act WHERE number IN (11, 12); UPDATE act \
              SET leaf = (SELECT two.leaf FROM two WHERE two.number = 23 - act.number) WHERE number IN (11, 12)",
        check: Check::Log,
        names: "act 11, leaf_hash",
    },
    Case {
        name: "a leaf that says other minutes",
        sql: "UPDATE act SET leaf = replace(leaf, '120', '150') WHERE number = 10",
        check: Check::Log,
        names: "act 10, leaf",
    },
    Case {
        name: "a leaf that is no leaf",
        sql: "UPDATE act SET leaf = '{}' WHERE number = 10",
        check: Check::Acts,
        names: "act 10",
    },
    Case {
        name: "another instant",
        sql: "UPDATE act SET recorded_at = recorded_at - 1 WHERE number = 10",
        check: Check::Acts,
        names: "act 10",
    },
    Case {
        name: "two hashes of leaves that changed places",
        sql: "CREATE TEMPORARY TABLE two AS SELECT number, leaf_hash FROM act WHERE number IN (11, 12); UPDATE act \
              SET leaf_hash = (SELECT two.leaf_hash FROM two WHERE two.number = 23 - act.number) \
              WHERE number IN (11, 12)",
        check: Check::Log,
        names: "act 12, leaf_hash",
    },
    Case {
        name: "a leaf and its hash that fit each other",
        sql: "UPDATE act SET leaf = (SELECT a.leaf FROM act AS a WHERE a.number = 11), \
              leaf_hash = (SELECT a.leaf_hash FROM act AS a WHERE a.number = 11) WHERE number = 12",
        check: Check::Log,
        names: "head, root",
    },
    Case {
        name: "another hash of the log",
        sql: "UPDATE log_tile SET hashes = (SELECT root FROM head) WHERE level = 1 AND tile = 0",
        check: Check::Log,
        names: "log_tile 1 0, hash 0",
    },
    Case { name: "a log that is gone", sql: "DELETE FROM log_tile", check: Check::Log, names: "log_tile 1 0" },
    Case {
        name: "another root",
        sql: "UPDATE head SET root = (SELECT root FROM year_closing)",
        check: Check::Log,
        names: "head, root",
    },
    Case {
        name: "the last act, far past all others",
        sql: "UPDATE act SET number = 9223372036854775807 WHERE number = (SELECT next_act - 1 FROM head)",
        check: Check::Acts,
        names: "to 9223372036854775806",
    },
    Case {
        name: "another next act",
        sql: "UPDATE head SET next_act = next_act + 1",
        check: Check::Acts,
        names: "head, next_act",
    },
    Case {
        name: "a closed year, opened again",
        sql: "UPDATE head SET closed_through = NULL",
        check: Check::Years,
        names: "head, closed_through",
    },
    Case {
        name: "an open year, closed",
        sql: "UPDATE head SET closed_through = closed_through + 1",
        check: Check::Years,
        names: "head, closed_through",
    },
    Case {
        name: "an earlier first year",
        sql: "UPDATE head SET first_year = 2023",
        check: Check::Years,
        names: "head, first_year",
    },
    Case {
        name: "a balance",
        sql: "UPDATE posting SET balance = balance + 600 WHERE book = 'exchange' AND account = 1 AND sequence = 1",
        check: Check::Balances,
        names: "balance exchange 1 n° 1",
    },
    Case {
        name: "two balances that still sum to zero",
        sql: "UPDATE posting SET balance = balance + CASE account WHEN 1 THEN 600 ELSE -600 END \
              WHERE book = 'exchange' AND account IN (1, 2)",
        check: Check::Balances,
        names: "balance exchange 2",
    },
    Case {
        name: "what an association has given",
        sql: "UPDATE posting SET given = given + 60 WHERE book = 'exchange' AND account = 1 AND sequence = 1",
        check: Check::Totals,
        names: "given exchange 1 n° 1",
    },
    Case {
        name: "what an association has received",
        sql: "UPDATE posting SET received = received - 60 WHERE book = 'exchange' AND account = 2 AND sequence = 1",
        check: Check::Totals,
        names: "received exchange 2 n° 1",
    },
    Case {
        name: "the state of an exchange",
        sql: "UPDATE exchange SET state = 'withdrawn' WHERE exchange = 12",
        check: Check::Exchanges,
        names: "exchange 12",
    },
    Case {
        name: "the minutes of an exchange",
        sql: "UPDATE exchange SET minutes = 60 WHERE exchange = 12",
        check: Check::Exchanges,
        names: "exchange 12",
    },
    Case {
        name: "a step of an exchange that is gone",
        sql: "DELETE FROM exchange_step",
        check: Check::Exchanges,
        names: "exchange_step 11 14: missing",
    },
    Case {
        name: "a step of another exchange",
        sql: "UPDATE exchange_step SET exchange = 12",
        check: Check::Exchanges,
        names: "exchange_step 12 14: not expected",
    },
    Case {
        name: "a step that its exchange names already",
        sql: "INSERT INTO exchange_step (network_id, exchange, act) SELECT network_id, 12, 13 FROM head",
        check: Check::Exchanges,
        names: "exchange_step 12 13: not expected",
    },
    Case {
        name: "a reversal that is gone",
        sql: "DELETE FROM reversal",
        check: Check::Exchanges,
        names: "reversal 11",
    },
    Case {
        name: "a contribution that is gone",
        sql: "DELETE FROM contribution WHERE act = 10 AND line = 1",
        check: Check::Contributions,
        names: "contribution, act 10",
    },
    Case {
        name: "a contribution of somebody else",
        sql: "UPDATE contribution SET person = 6 WHERE act = 10 AND line = 0",
        check: Check::Contributions,
        names: "contribution 10 0",
    },
    Case {
        name: "a contribution to an act that posts nothing",
        sql: "UPDATE contribution SET act = 1 WHERE act = 10 AND line = 1",
        check: Check::Contributions,
        names: "act 1",
    },
    Case {
        name: "the root of a closed year",
        sql: "UPDATE year_closing SET root = (SELECT root FROM head)",
        check: Check::Years,
        names: "year_closing 2024",
    },
    Case {
        name: "a closing that is gone",
        sql: "DELETE FROM year_closing",
        check: Check::Years,
        names: "year_closing 2024",
    },
    Case {
        name: "a remark",
        sql: "UPDATE act_text SET text = 'peinture' WHERE act = 10 AND field = 'memo'",
        check: Check::Texts,
        names: "act_text 10 memo",
    },
    Case {
        name: "a brought-in reference",
        sql: "UPDATE exchange_reference SET reference = 'F-2' WHERE reference = 'F-1'",
        check: Check::Texts,
        names: "exchange_reference 10",
    },
    Case {
        name: "a reference that the ledger gave",
        sql: "UPDATE exchange SET given_reference = '2025-000099' WHERE exchange = 12",
        check: Check::Exchanges,
        names: "exchange 12",
    },
    Case {
        name: "who a person is",
        sql: "UPDATE person_identity SET last_name = 'Autre' WHERE person = 4",
        check: Check::Texts,
        names: "act_text 4 identity",
    },
    Case {
        name: "a member's own limits",
        sql: "UPDATE association SET hard_floor = -99999 WHERE association = 2",
        check: Check::Registry,
        names: "association 2",
    },
    Case {
        name: "a member's name",
        sql: "UPDATE association_name SET name = 'Autre' WHERE association = 2",
        check: Check::Registry,
        names: "association 2",
    },
    Case {
        name: "a role that nobody gave",
        sql: "INSERT INTO role (network_id, person, role, association) SELECT network_id, 6, 'coordinator', 0 FROM head",
        check: Check::Registry,
        names: "role 6 coordinator 0",
    },
    Case {
        name: "a role that is gone",
        sql: "DELETE FROM role WHERE person = 4",
        check: Check::Registry,
        names: "role 4 delegate 1",
    },
    Case {
        name: "a role given to somebody else",
        sql: "UPDATE person_key SET person = 6 WHERE person = 4 AND act = (SELECT max(act) FROM person_key AS k \
              WHERE k.person = 4 AND k.line = 0 AND k.act < 10)",
        check: Check::Registry,
        names: "person_key 8 0",
    },
    Case {
        name: "a membership that is gone",
        sql: "DELETE FROM membership WHERE person = 6",
        check: Check::Registry,
        names: "membership 6 2",
    },
    Case {
        name: "a person that nobody added",
        sql: "INSERT INTO person (network_id, person) SELECT network_id, 12 FROM head",
        check: Check::Registry,
        names: "person 12",
    },
    Case {
        name: "a network found by the domain of another",
        sql: "UPDATE directory SET domain = 'autre.example'",
        check: Check::Proofs,
        names: "directory 1",
    },
    Case {
        name: "the rules in force",
        sql: "UPDATE policy SET step_minutes = 1",
        check: Check::Registry,
        names: "policy",
    },
];

#[tokio::test(flavor = "multi_thread")]
async fn every_damage_is_caught_and_its_row_named() {
    for database in Database::tried() {
        let mut missed = Vec::new();
        for case in CASES {
            missed.extend(check(database, case).await.err());
        }
        assert!(missed.is_empty(), "{}", missed.join("\n"));
    }
}

/// Damages a ledger of its own, and holds what the audit says against the case.
async fn check(database: Database, case: &Case) -> Result<(), String> {
    let ledger = small_ledger(database).await;
    ledger.assert_sound().await;
    let sql = format!("{}; {}", without_triggers(database), case.sql);
    ledger.place.sql(&sql).await.unwrap_or_else(|error| panic!("{}: {error}", case.name));
    let problems = match ledger.store.audit(ledger.network, None).await {
        Ok(_) => ledger.problems().await,
        Err(error) => return Err(format!("{database:?}, {}: the audit ended with: {error}", case.name)),
    };
    let raw = in_french(&ledger).await.into_iter().find(|problem| is_raw(problem));
    if let Some(problem) = raw {
        return Err(format!("{database:?}, {}: in French a table stands for a word: {problem}", case.name));
    }
    let is_named = |(check, problem): &(Check, String)| *check == case.check && problem.contains(case.names);
    if problems.iter().any(is_named) {
        return Ok(());
    }
    Err(format!("{database:?}, {}: {:?} did not name {}: {problems:#?}", case.name, case.check, case.names))
}

/// What the audit says in French.
async fn in_french(ledger: &Ledger) -> Vec<String> {
    let findings = ledger.store.audit(ledger.network, None).await.unwrap().findings;
    let problems = Check::ALL.into_iter().flat_map(|check| findings.result(check).problems);
    problems.map(|problem| problem.in_words(Language::French)).collect()
}

/// Whether a finding names a table, or a column, elsewhere than in the brackets behind the words.
fn is_raw(problem: &str) -> bool {
    const ENGLISH: [&str; 12] = [
        "act",
        "posting",
        "balance",
        "reversal",
        "exchange",
        "engagement",
        "skill",
        "policy",
        "person",
        "membership",
        "instead",
        "missing",
    ];
    let in_words = problem.split('[').next().unwrap_or_default();
    let mut words = in_words.split([' ', ',', '.']);
    words.any(|word| word.contains('_') || ENGLISH.contains(&word))
}

/// Removes what makes the database refuse.
pub(crate) fn without_triggers(database: Database) -> String {
    let sealed = SEALED.iter().copied();
    match database {
        Database::Sqlite => {
            let sealed = sealed.map(|table| format!("DROP TRIGGER {table}_no_update; DROP TRIGGER {table}_no_delete"));
            let tile = "DROP TRIGGER log_tile_no_delete; DROP TRIGGER log_tile_only_grows".to_owned();
            sealed.chain([tile]).collect::<Vec<_>>().join("; ")
        }
        Database::Postgres => {
            let tables = sealed.chain(["log_tile"]);
            tables.map(|table| format!("ALTER TABLE {table} DISABLE TRIGGER USER")).collect::<Vec<_>>().join("; ")
        }
    }
}

/// The tables whose rows never change.
const SEALED: [&str; 5] = ["act", "posting", "contribution", "reversal", "year_closing"];

#[tokio::test(flavor = "multi_thread")]
async fn the_database_itself_refuses_to_change_what_was_accepted() {
    for database in Database::tried() {
        let ledger = small_ledger(database).await;
        let head = ledger.head().await;
        let mut attempts = vec![
            "UPDATE log_tile SET hashes = substr(hashes, 2)".to_owned(),
            "UPDATE log_tile SET hashes = (SELECT root FROM head)".to_owned(),
            "DELETE FROM log_tile".to_owned(),
        ];
        for table in SEALED.into_iter().chain(["log_tile"]) {
            attempts.push(format!("DELETE FROM {table}"));
            attempts.push(
                database.pick(format!("REPLACE INTO {table} SELECT * FROM {table}"), format!("TRUNCATE {table}")),
            );
        }
        attempts.extend(SEALED.map(|table| format!("UPDATE {table} SET network_id = network_id")));
        for sql in attempts {
            let refused = ledger.place.sql(&sql).await.expect_err(&sql).to_string();
            assert!(
                refused.contains("append-only") || refused.contains("only grows"),
                "{database:?}: {sql}: {refused}"
            );
        }
        assert_eq!(ledger.head().await, head);
        ledger.assert_sound().await;
    }
}

#[tokio::test]
async fn references_may_be_brought_in_from_far_ahead() {
    let ledger = Ledger::fresh(Database::Sqlite).await;
    let (choir, band) = (ledger.association("Chorale").await, ledger.association("Fanfare").await);
    let far = |reference: Option<&str>| NewExchange {
        reference: reference.map(str::to_owned),
        ..exchange(choir, band, 60, day(2025, 3, 1))
    };
    let year = noon(2025, 4, 1);
    ledger.clock.set(year);
    for reference in [Some("2025-999999"), None] {
        ledger.done(Command::Record { exchange: far(reference), evidence: Evidence::COORDINATOR }).await;
    }
    ledger.assert_sound().await;
}

/// A ledger with something of everything:
/// associations 1 to 3, persons 4 (of 1) and 6 (of 2), delegates both; exchange 10 from 1 to 2 with two
/// contributions; exchange 11 reversed; exchange 12 proposed and confirmed; gifts, a grant, a closed year; and so many
/// hours for one's own association that the log has a tile above the leaves.
async fn small_ledger(database: Database) -> Ledger {
    let ledger = Ledger::fresh(database).await;
    let choir = ledger.association("Chorale de Janzé").await;
    let band = ledger.association("Fanfare de Retiers").await;
    let bikes = ledger.association("Atelier vélo de Vitré").await;
    let anne = ledger.person("A1", &[choir]).await;
    let bruno = ledger.person("B1", &[band]).await;
    ledger.grant(anne, Role::Delegate(choir)).await;
    ledger.grant(bruno, Role::Delegate(band)).await;
    assert_eq!((choir.0, band.0, bikes.0, anne.0, bruno.0), (1, 2, 3, 4, 6));

    let evidence = Evidence { reference: Some("classeur 3".to_owned()), ..Evidence::COORDINATOR };
    let first = NewExchange {
        reference: Some("F-1".to_owned()),
        memo: Some("affiches".to_owned()),
        contributions: vec![contribution(anne, 70), contribution(anne, 50)],
        ..exchange(choir, band, 120, day(2024, 6, 3))
    };
    assert_eq!(ledger.done(Command::Record { exchange: first, evidence: evidence.clone() }).await.0, 10);
    let wrong =
        NewExchange { contributions: vec![contribution(anne, 30)], ..exchange(choir, bikes, 60, day(2025, 1, 9)) };
    let wrong = ledger.done(Command::Record { exchange: wrong, evidence }).await;
    let proposed = exchange(choir, band, 45, day(2025, 3, 1));
    let proposed = ledger
        .done_by(delegate(anne, choir), Command::Propose { side: Side::Giver, exchange: proposed, evidence: None })
        .await;
    assert_eq!((wrong.0, proposed.0), (11, 12));
    let confirm =
        Command::Confirm { exchange: ExchangeNumber(proposed.0), evidence: Evidence::BOTH_SIDES, reason: None };
    ledger.done_by(delegate(bruno, band), confirm).await;
    ledger.done(Command::Reverse { target: ActNumber(wrong.0), reason: "saisi deux fois".to_owned() }).await;
    let dues = |minutes| Command::Transfer {
        from: Some(choir),
        to: None,
        minutes: Minutes::new(minutes),
        reason: TransferReason::Dues,
        decision: None,
    };
    ledger.done(dues(30)).await;
    let grant = Command::Transfer {
        from: None,
        to: Some(bikes),
        minutes: Minutes::new(15),
        reason: TransferReason::Grant,
        decision: Some("bureau du 3 mars".to_owned()),
    };
    ledger.done(grant).await;
    let limits = Limits { hard_floor: Some(Minutes::new(-600)), ..Limits::NONE };
    ledger.done(Command::SetLimits { association: band, limits: Some(limits), decision: "AG".to_owned() }).await;
    let policy = Policy { step_minutes: 5, ..Policy::default() };
    ledger.done(Command::AdoptPolicy { policy, decision: "AG du 12 mars".to_owned() }).await;
    ledger.done(Command::AddSkill { name: "Affichage".to_owned() }).await;
    ledger.clock.set(noon(2025, 4, 1));
    ledger.done(Command::CloseYear { year: Year(2024) }).await;
    let own = |number: usize| {
        let (service_date, contribution) = (day(2025, 3, 30), contribution(bruno, 25));
        let own = Command::GiveOwnHours { association: band, service_date, skill: None, contribution };
        request(&format!("own hours {number}"), By::OPERATOR, own)
    };
    assert!(ledger.submit_all((0..TILE_WIDTH).map(own)).await.iter().all(Result::is_ok));
    ledger
}
