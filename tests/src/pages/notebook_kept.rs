//! What lies on a page is there for one session and an hour, on both databases.

use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, TimeDelta};
use ledger::{AssociationNumber, Digest, command::Principal};
use store::{LaidNotebook, NewToken, PageOf};
use uuid::Uuid;

use crate::ledger_on::{Database, Ledger};

/// A token that is a session, or would be.
fn session(name: u128) -> NewToken {
    NewToken {
        token: Uuid::from_u128(name),
        secret: Digest([u8::try_from(name).unwrap(); 32]),
        is_session: true,
        principal: Principal::Operator,
        scopes: "read write".to_owned(),
        acting_for: None,
        label: "session".to_owned(),
        expires_at: None,
        made_with: None,
        idle_seconds: None,
        handed_out_for: None,
    }
}

/// Whether a database's file, or what SQLite keeps beside it, holds these bytes.
fn holds(file: &Path, wanted: &[u8]) -> bool {
    let files = ["", "-wal"].map(|ending| format!("{}{ending}", file.display()));
    files.iter().any(|file| fs::read(file).unwrap_or_default().windows(wanted.len()).any(|bytes| bytes == wanted))
}

#[tokio::test]
async fn what_lies_on_a_page_ends_with_its_session_and_with_its_hour() {
    for database in Database::tried() {
        let ledger = Ledger::fresh(database).await;
        let (store, network) = (&ledger.store, ledger.network);
        let now = DateTime::from_timestamp(1_790_000_000, 0).unwrap();
        let notebook = |reading: &str| LaidNotebook {
            reading: reading.to_owned(),
            name: "carnet.csv".to_owned(),
            cells: b"only here, and only for a while ".repeat(2_000),
            said: "{}".to_owned(),
            laid_at: now,
        };
        let page = |name| PageOf { session: Uuid::from_u128(name), association: AssociationNumber(7) };
        let before = now - TimeDelta::hours(1);
        for name in [1, 2] {
            store.add_token(network, &session(name), now).await.unwrap();
        }
        // One notebook a session and association, the last one; and what is said is said of that one.
        for (name, reading) in [(1, "first"), (1, "second"), (2, "other"), (3, "of nobody")] {
            store.lay_notebook(network, page(name), &notebook(reading)).await.unwrap();
        }
        assert_eq!(store.laid_notebook(network, page(1), before).await.unwrap(), Some(notebook("second")));
        assert!(!store.say_of_notebook(network, page(1), "first", "x").await.unwrap());
        assert!(store.say_of_notebook(network, page(1), "second", "x").await.unwrap());
        assert_eq!(store.laid_notebook(network, page(1), before).await.unwrap().unwrap().said, "x");
        assert_eq!(store.laid_notebook(network, page(1), now).await.unwrap(), None, "an hour is over");

        let file = ledger.place.url.strip_prefix("sqlite://").map(PathBuf::from);
        store.settle().await.unwrap();
        if let Some(file) = &file {
            assert!(holds(file, b"only here, and only for a while"));
        }
        assert!(store.revoke_token(network, Uuid::from_u128(1), now).await.unwrap());
        assert_eq!(store.laid_notebook(network, page(1), before).await.unwrap(), None, "{database:?}: signed out");
        assert_eq!(store.sweep_notebooks(network, before, now).await.unwrap(), 1, "{database:?}: nobody's");
        assert!(store.laid_notebook(network, page(2), before).await.unwrap().is_some());
        assert_eq!(store.sweep_notebooks(network, now, now).await.unwrap(), 1, "{database:?}: an hour is over");
        assert_eq!(store.sweep_notebooks(network, now, now).await.unwrap(), 0);
        store.settle().await.unwrap();
        if let Some(file) = &file {
            assert!(!holds(file, b"only here, and only for a while"), "what was deleted is written over");
        }
    }
}
