//! How each of the two databases came to its tables: the files of `migrations/`, carried in the program.

use std::borrow::Cow;

use sqlx::SqlSafeStr as _;
use sqlx::migrate::{Migration, MigrationType, Migrator};

/// A step, the same for both databases.
struct Step {
    version: i64,
    name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

macro_rules! steps {
    ($($version:literal $name:literal $file:literal,)*) => {
        [$(Step {
            version: $version,
            name: $name,
            sqlite: include_str!(concat!("../../migrations/sqlite/", $file)),
            postgres: include_str!(concat!("../../migrations/postgres/", $file)),
        },)*]
    };
}

static STEPS: [Step; 25] = steps![
    1 "ledger" "0001_ledger.sql",
    2 "reconcile" "0002_reconcile.sql",
    3 "api" "0003_api.sql",
    4 "proofs" "0004_proofs.sql",
    5 "alignments" "0005_alignments.sql",
    6 "balances" "0006_balances.sql",
    7 "majority" "0007_majority.sql",
    8 "given received" "0008_given_received.sql",
    9 "given references" "0009_given_references.sql",
    10 "leaf hashes" "0010_leaf_hashes.sql",
    11 "directory" "0011_directory.sql",
    12 "optional parts" "0012_optional_parts.sql",
    13 "secrets" "0013_secrets.sql",
    14 "access" "0014_access.sql",
    15 "reference counters" "0015_reference_counters.sql",
    16 "ways in" "0016_ways_in.sql",
    17 "mail" "0017_mail.sql",
    18 "exchange steps" "0018_exchange_steps.sql",
    19 "corrections" "0019_corrections.sql",
    20 "arrivals and backups" "0020_arrivals_and_backups.sql",
    21 "email changed" "0021_email_changed.sql",
    22 "hidden keys" "0022_hidden_keys.sql",
    23 "volunteer records" "0023_volunteer_records.sql",
    24 "replacements" "0024_replacements.sql",
    25 "notebooks" "0025_notebooks.sql",
];

/// The last step that this program knows.
pub(crate) fn newest() -> i64 {
    STEPS.iter().map(|step| step.version).max().expect("the list is not empty")
}

/// All steps of SQLite.
pub(crate) fn sqlite() -> Migrator {
    migrator(|step| step.sqlite)
}

/// All steps of PostgreSQL.
pub(crate) fn postgres() -> Migrator {
    migrator(|step| step.postgres)
}

fn migrator(sql: fn(&Step) -> &'static str) -> Migrator {
    let migration = |step: &Step| {
        let name = Cow::Borrowed(step.name);
        Migration::new(step.version, name, MigrationType::Simple, sql(step).into_sql_str(), false)
    };
    Migrator::with_migrations(STEPS.iter().map(migration).collect())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Migrator, postgres, sqlite};

    #[tokio::test]
    async fn no_file_is_left_out() {
        for (folder, carried) in [("sqlite", sqlite()), ("postgres", postgres())] {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations").join(folder);
            let there = Migrator::new(folder).await.expect("the folder can be read");
            let of = |migrator: &Migrator| {
                let each = migrator.iter();
                each.map(|step| (step.version, step.description.clone(), step.checksum.clone())).collect::<Vec<_>>()
            };
            assert_eq!(of(&carried), of(&there));
        }
    }
}
