//! Acts from before keys were hidden: once this version has opened or restored them they tell no more than today's, and
//! files that came in then are recognised all the same.

use chrono::Utc;
use ledger::{AssociationNumber, Digest, content, content::digest_of_all, name::fold};
use store::Store;

use super::{CONTRIBUTIONS, Kept, Secrets, bytes_of, guesses, line_of, tells, zoe};
use crate::command::Sandbox;
use crate::ledger_on::{Database, Place};
use crate::twins::{Twins, done, says};

const EXCHANGES: &str = "reference,date,giver,receiver,duration\n\
                         K-1,2026-03-01,Chorale de Janzé,Fanfare de Retiers,1h\n\
                         ,2026-03-02,Chorale de Janzé,Fanfare de Retiers,2h\n";

/// Two persons, of whom hours are told, and two exchanges.
fn filled(twins: &Twins) {
    twins.write("members.csv", "name,kind\nFanfare de Retiers,association\nChorale de Janzé,association\n");
    twins.write(
        "persons.csv",
        "code,first_name,last_name,email,association\nZOE,Zoé,Kervella,zoe@example.org,Chorale de Janzé\n\
         ALI,Ali,Benali,,Chorale de Janzé\n",
    );
    twins.write("contributions.csv", CONTRIBUTIONS);
    twins.write(
        "alone.csv",
        "date,association,person,duration,nature\n2026-03-12,Chorale de Janzé,ALI,2h,operational\n",
    );
    twins.write("exchanges.csv", EXCHANGES);
    for sandbox in twins.each() {
        for line in ["init Entraide", "import associations members.csv", "import persons persons.csv"] {
            done(&sandbox.run(line));
        }
        done(&sandbox.run("import contributions contributions.csv"));
        done(&sandbox.run("import exchanges exchanges.csv"));
    }
}

/// An act as an earlier version wrote it: the how many-eth of its kind, its key, the digest of its request.
struct Former {
    kind: &'static str,
    at: usize,
    key: String,
    digest: Digest,
}

/// What an earlier version wrote for the same files.
async fn former(sandbox: &Sandbox) -> Vec<Former> {
    let store = Store::open(&sandbox.database, false).await.unwrap();
    let registry = store.registry(store.network(None).await.unwrap().id).await.unwrap();
    let of = |name: &str| registry.associations().find(|one| one.name() == name).unwrap().number;
    let (chorale, fanfare) = (of("Chorale de Janzé"), of("Fanfare de Retiers"));
    store.close().await;
    let line = |kind: &str, day: &str, digest: Digest| format!("{kind}:{day}:{:.32}:1", digest.to_hex());
    let [zoes, alis] = [line_of(chorale), line_about_ali(chorale)];
    let exchange = |day: &str, minutes: &str| {
        digest_of_all(&[day, &chorale.to_string(), &fanfare.to_string(), minutes, "", "", &fold(""), "record"])
    };
    let [named, nameless] = [exchange("2026-03-01", "60"), exchange("2026-03-02", "120")];
    let identity = digest_of_all(&[&content::identity(&zoe())]);
    let act = |kind, at, key: String, digest| Former { kind, at, key, digest };
    vec![
        act("person_added", 0, "person:ZOE".to_owned(), identity),
        act("person_enrolled", 0, format!("membership:ZOE:{chorale}"), digest_of_all(&[])),
        act("own_hours_given", 0, line("contribution", "2026-03-12", zoes), zoes),
        act("own_hours_given", 1, line("contribution", "2026-03-12", alis), alis),
        act("exchange_recorded", 0, "exchange:K-1".to_owned(), named),
        act("exchange_recorded", 1, line("exchange", "2026-03-02", nameless), nameless),
    ]
}

fn line_about_ali(association: AssociationNumber) -> Digest {
    digest_of_all(&["", "2026-03-12", &association.to_string(), "ALI", "120", "operational", ""])
}

/// Leaves a database as an earlier version did: what lets the program hide keys lets the test show them.
async fn leave_as_it_was(sandbox: &Sandbox, former: &[Former]) {
    let place = Place::lent(&sandbox.database);
    let begun =
        "UPDATE network_secret SET since = (SELECT next_act FROM head); UPDATE directory SET keys_hidden = NULL";
    place.sql(begun).await.unwrap();
    for Former { kind, at, key, digest } in former {
        let bytes = place.database.pick(format!("x'{}'", digest.to_hex()), format!("'\\x{}'", digest.to_hex()));
        let act = format!("(SELECT number FROM act WHERE kind = '{kind}' ORDER BY number LIMIT 1 OFFSET {at})");
        place.sql(&format!("UPDATE act SET key = '{key}', request = {bytes} WHERE number = {act}")).await.unwrap();
    }
    // The rest of an act no way leads to.
    for change in
        ["leaf = leaf || ' '", "number = number + 1000", "kind = 'erased'", "key_scope = 'x'", "recorded_at = 0"]
    {
        assert_refuses(&place, &format!("UPDATE act SET {change} WHERE number = 3")).await;
    }
}

async fn assert_refuses(place: &Place, sql: &str) {
    let refused = place.sql(sql).await.unwrap_err().to_string();
    assert!(refused.contains("append-only"), "{sql}: {refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn acts_of_earlier_versions_tell_no_more_than_todays_and_are_recognised() {
    let twins = Twins::new();
    filled(&twins);
    for sandbox in twins.each() {
        let former = former(sandbox).await;
        leave_as_it_was(sandbox, &former).await;
        assert!(bytes_of(sandbox).is_none_or(|bytes| tells(&bytes)), "nothing to be hidden");

        for file in ["persons persons.csv", "contributions contributions.csv", "exchanges exchanges.csv"] {
            says(&sandbox.run(&format!("import {file}")), 0, "2 déjà là");
        }
        let secrets = Secrets::of(sandbox).await;
        let kept = Kept::of(sandbox, "hidden.backup");
        assert!(kept.has_line(&secrets, secrets.zoe.unwrap()));
        assert!(kept.acts.contains(&secrets.network.requests.hidden(secrets.line).to_hex()));
        let told = former.iter().flat_map(|former| [former.key.clone(), former.digest.to_hex()]);
        for guess in guesses(secrets.line).into_iter().chain(told) {
            assert!(!kept.acts.contains(&guess), "{guess}");
        }
        assert!(kept.acts.contains("\"association:chorale de janze\""));
        let path = sandbox.database.strip_prefix("sqlite://");
        let bytes = path.map(|path| std::fs::read(path).unwrap());
        assert!(!bytes.is_some_and(|bytes| bytes.windows(10).any(|window| window == b"person:ZOE")));
        // Once, and never again.
        for change in ["key = 'x'", "request = leaf_hash"] {
            assert_refuses(&Place::lent(&sandbox.database), &format!("UPDATE act SET {change} WHERE number = 3")).await;
        }
        says(&sandbox.run("audit"), 0, "tout concorde");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_was_erased_before_is_told_by_no_key_of_earlier_versions() {
    let twins = Twins::new();
    filled(&twins);
    for sandbox in twins.each() {
        let before = Secrets::of(sandbox).await;
        let former = former(sandbox).await;
        done(&sandbox.run("person erase --person ZOE --yes"));
        leave_as_it_was(sandbox, &former).await;

        says(&sandbox.run("import contributions alone.csv"), 0, "1 déjà là");
        says(&sandbox.run("import exchanges exchanges.csv"), 0, "2 déjà là");
        let after = Secrets::of(sandbox).await;
        let kept = Kept::of(sandbox, "hidden.backup");
        assert!(!kept.acts.contains("ZOE"));
        for secret in after.all().chain(before.all()) {
            assert!(!kept.has_line(&after, secret));
            let requests = ledger::keyed::RequestSecret { key: secret, ..after.network.requests };
            for former in &former {
                assert!(!kept.acts.contains(&requests.hidden(former.digest).to_hex()), "{}", former.key);
            }
        }
        says(&sandbox.run("audit"), 0, "tout concorde");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_of_an_earlier_version_is_restored_with_hidden_keys() {
    for database in Database::tried() {
        let place = Place::fresh(database);
        let store = Store::open(&place.url, true).await.unwrap();
        let backup = include_bytes!("../../backups/schema-5.backup");
        store.restore(&mut &backup[..], Utc::now()).await.unwrap();
        let network = store.network(None).await.unwrap().id;
        let secrets = store.secrets(network).await.unwrap();
        assert_eq!((secrets.lines_since.0, secrets.requests.since.0), (0, 0));
        assert!(store.audit(network, None).await.unwrap().findings.is_ok());
        let mut written = Vec::new();
        store.backup(&mut written).await.unwrap();
        let kept = Kept::in_bytes(&written);
        // The digest of the request of the line, and the reference that is the key of another.
        for gone in [
            "\"exchange:A-1\"",
            "af1ab75ee5a1eb3d4d5dcb6e01c233f1",
            "1b33aad0c9d1c3f0775f205344a32451429a90d36878170e89b33cb2ba2c35ca",
        ] {
            assert!(!kept.acts.contains(gone), "{database:?}: {gone}");
        }
    }
}
