//! A stand-in for a sharded PostgreSQL: every table that is a network's own is cut up by `network_id`, the whole suite
//! runs on such databases, and the server tells which pieces each of the program's statements touched.
//!
//! Who keeps networks on several machines needs every statement to say, by a parameter, which network it is about: then
//! it is sent to one machine and runs there as it does here. A statement that touches two pieces does not say so.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use sqlx::{Connection as _, PgConnection};
use store::Store;
use tokio::runtime::Runtime;

use crate::postgres::{Server, TEMPLATE_VARIABLE, VARIABLE};

/// What the program calls itself to the server; the tests, which look into databases as no program would, do not.
const PROGRAM: &str = "coudemain";

/// Every statement's plan is logged with what became of it. Plans are made before the network is known, so that it is
/// the statement that says which pieces it touches, and not a number that the planner happened to see.
const OPTIONS: &str = "-c shared_preload_libraries=auto_explain -c auto_explain.log_min_duration=0 \
                       -c auto_explain.log_analyze=on -c auto_explain.log_timing=off -c auto_explain.log_format=json \
                       -c auto_explain.log_nested_statements=on -c plan_cache_mode=force_generic_plan \
                       -c log_line_prefix=%a: -c fsync=off";

/// Cuts up every table but those that are the instance's; the first three networks each have a piece. Rows there are
/// none yet.
const CUT_UP: &str = r"
DO $$
DECLARE
    whole record;
    definition text;
    definitions text[];
BEGIN
    FOR whole IN
        SELECT oid, relname FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
          AND relname NOT IN ('_sqlx_migrations', 'directory', 'sign_in')
    LOOP
        SELECT coalesce(array_agg(pg_get_triggerdef(oid)), '{}') INTO definitions
        FROM pg_trigger WHERE tgrelid = whole.oid AND NOT tgisinternal;
        EXECUTE format('ALTER TABLE %I RENAME TO whole', whole.relname);
        EXECUTE format('CREATE TABLE %I (LIKE whole INCLUDING ALL) PARTITION BY HASH (network_id)', whole.relname);
        FOR piece IN 0..2 LOOP
            EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES WITH (MODULUS 3, REMAINDER %s)',
                           whole.relname || '_piece_' || piece, whole.relname, piece);
        END LOOP;
        DROP TABLE whole;
        FOREACH definition IN ARRAY definitions LOOP
            EXECUTE definition;
        END LOOP;
    END LOOP;
END $$";

/// A statement that is to be found guilty, lest a log in which nothing is seen find nobody so.
const GUILTY: &str = "SELECT count(*) FROM head";

/// Statements that touch several pieces, by how they begin, each with the reason why it may.
const EXCEPTIONS: [(&str, &str); 1] =
    [("-- The steps in an exchange's life", "a migration reads what every network has once, as it makes its table")];

/// What is tried on SQLite alone, or without a database, and asks a database for nothing else: a real browser's days,
/// notebooks in every form, the source itself.
const NOT_ON_POSTGRES: [&str; 12] = [
    "pages::days",
    "pages::demo",
    "pages::harness",
    "pages::looks",
    "pages::offline",
    "brought::",
    "mutations::",
    "reconcile::",
    "advisories::",
    "house::",
    "licences::",
    "sentences::",
];

#[test]
#[ignore = "runs all the other tests once more; .ci/run asks for it"]
fn no_statement_touches_two_pieces() {
    // Nobody waits for its folder to be removed, which takes a while.
    let server: &Server = Box::leak(Box::new(Server::start(OPTIONS).unwrap()));
    let template = cut_up_database(server);
    let suite = Command::new(std::env::current_exe().unwrap())
        .args(NOT_ON_POSTGRES.iter().flat_map(|tests| ["--skip", tests]))
        .env(VARIABLE, server.url("postgres"))
        .env(TEMPLATE_VARIABLE, &template)
        // The statements are the same, however often they are tried.
        .envs([("PROPTEST_CASES", "8"), ("COUDEMAIN_KILLS", "18")])
        .output()
        .unwrap();
    run(&format!("{}?application_name={PROGRAM}", server.url(&template)), GUILTY);
    let mut touched = Touched::in_log(&server.log().unwrap());
    let said = String::from_utf8_lossy(&suite.stdout);
    println!("{said}");
    println!("{} statements, {} of them on one piece", touched.statements, touched.on_one_piece);

    assert!(touched.on_several.remove(GUILTY).is_some(), "The log does not say what is touched.");
    let is_excused = |statement: &String| EXCEPTIONS.iter().any(|(beginning, _)| statement.starts_with(beginning));
    let guilty: Vec<_> = touched.on_several.iter().filter(|(statement, _)| !is_excused(statement)).collect();
    assert!(guilty.is_empty(), "These touch several pieces: {guilty:#?}");
    for (beginning, reason) in EXCEPTIONS {
        let is_met = touched.on_several.keys().any(|statement| statement.starts_with(beginning));
        assert!(is_met, "No exception is needed any more for “{beginning}” ({reason}).");
    }
    assert!(touched.on_one_piece > 10_000, "{} statements were seen on one piece", touched.on_one_piece);
    assert!(suite.status.success(), "The suite failed on tables cut up by network.");
}

/// A database with the program's schema, cut up; its name.
fn cut_up_database(server: &Server) -> String {
    let url = server.empty_database();
    runtime().block_on(async { Store::open(&url, true).await.unwrap().close().await });
    run(&url, CUT_UP);
    url.rsplit_once('/').unwrap().1.to_owned()
}

fn run(url: &str, sql: &'static str) {
    runtime().block_on(async {
        let mut connection = PgConnection::connect(url).await.unwrap();
        sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    });
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

/// What the program's statements touched.
#[derive(Debug, Default)]
struct Touched {
    statements: u64,
    on_one_piece: u64,
    /// Those that touched several pieces, with the tables in which they did.
    on_several: BTreeMap<String, BTreeSet<String>>,
}

impl Touched {
    fn in_log(log: &Path) -> Self {
        let mut touched = Self::default();
        let mut lines = BufReader::new(File::open(log).unwrap()).split(b'\n').map(Result::unwrap).peekable();
        let heading = format!("{PROGRAM}:LOG:  duration: ");
        while let Some(line) = lines.next() {
            if !line.starts_with(heading.as_bytes()) {
                continue;
            }
            let mut plan = Vec::new();
            while let Some(line) = lines.next_if(|line| line.starts_with(b"\t")) {
                plan.extend(line);
            }
            touched.add(&serde_json::from_slice(&plan).unwrap());
        }
        touched
    }

    fn add(&mut self, explained: &Value) {
        self.statements += 1;
        let mut pieces = BTreeMap::new();
        pieces_of(&explained["Plan"], &mut pieces);
        match pieces.len() {
            0 => {}
            1 => self.on_one_piece += 1,
            _ => {
                let statement = explained["Query Text"].as_str().unwrap().to_owned();
                let tables = pieces.into_values().flatten();
                self.on_several.entry(statement).or_default().extend(tables);
            }
        }
    }
}

/// The pieces that a plan read, each with its tables. What stands in a plan and was never executed touched nothing.
fn pieces_of(plan: &Value, pieces: &mut BTreeMap<u64, BTreeSet<String>>) {
    let is_executed = plan["Actual Loops"].as_f64().is_some_and(|loops| loops > 0.0);
    let is_reading = plan["Node Type"].as_str().is_some_and(|node| node.ends_with("Scan"));
    let piece = plan["Relation Name"].as_str().and_then(|name| name.rsplit_once("_piece_"));
    if let Some((table, piece)) = piece.filter(|_| is_executed && is_reading) {
        pieces.entry(piece.parse().unwrap()).or_default().insert(table.to_owned());
    }
    for below in plan["Plans"].as_array().into_iter().flatten() {
        pieces_of(below, pieces);
    }
}
