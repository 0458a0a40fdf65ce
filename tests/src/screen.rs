//! What becomes of what a verb says where nobody reads it, or where it cannot be written.

use std::fs::File;
use std::io;

use crate::command::{Sandbox, coudemain};
use crate::twins::{Twins, audited_exchanges, done};

const LINES: [&str; 7] = [
    "--help",
    "balance",
    "history 'Chorale de Janzé'",
    "audit --format json",
    "close --year 2024 --preview",
    "import exchanges begin.csv --dry-run",
    "export csv",
];

/// Two exchanges on SQLite.
fn village() -> Sandbox {
    Twins::village().sqlite
}

#[test]
fn whoever_reads_only_the_first_lines_has_what_they_wanted() {
    let sandbox = village();
    for line in LINES {
        let (reader, writer) = io::pipe().unwrap();
        drop(reader);
        let run = sandbox.command(line).run_onto(writer);
        assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{run}");
    }
}

#[test]
fn a_full_disk_is_told_in_a_sentence() {
    let sandbox = village();
    for line in LINES {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let run = sandbox.command(line).run_onto(full);
        let told = "ce qui est à montrer n'a pas pu être écrit : le disque est plein\n";
        assert_eq!((run.code, run.stderr.as_str()), (Some(2), told), "{run}");
    }
}

#[test]
fn what_a_verb_does_is_done_even_where_nobody_reads_what_it_says() {
    let sandbox = village();
    sandbox.write("more.csv", "date,giver,receiver,duration\n2024-04-02,Amis du vélo,Fanfare de Retiers,1h\n");
    let (reader, writer) = io::pipe().unwrap();
    drop(reader);
    let run = sandbox.command("import exchanges more.csv").run_onto(writer);
    assert_eq!(run.code, Some(0), "{run}");
    assert_eq!(audited_exchanges(&sandbox), 3);
}

#[test]
fn every_verb_shows_an_example_and_may_have_its_accents() {
    let sandbox = Sandbox::sqlite();
    for verb in ["import", "export", "jeton", "clé", "log", "relevé", "passeport", "person", "contrôler", "vérifier"]
    {
        let run = sandbox.run(&format!("{verb} --help"));
        assert!(run.code == Some(0) && run.stdout.contains("Exemple : coudemain "), "{run}");
        assert!(!run.stdout.contains("possible values"), "{run}");
    }
    assert!(sandbox.run("--help").stdout.contains("\nCommandes\u{a0}:\n"));
}

#[test]
fn a_bench_without_a_database_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().display().to_string();
    let run = coudemain(&["bench", "--seconds", "1", "--clients", "2"]).env("TMPDIR", &home).run();
    assert_eq!(run.code, Some(0), "{run}");
    assert!(run.stdout.starts_with("Mesuré dans un fichier jetable, effacé depuis"), "{run}");
    assert_eq!(std::fs::read_dir(&home).unwrap().count(), 0, "{run}");
}

#[cfg(unix)]
#[test]
fn a_backup_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let sandbox = village();
    done(&sandbox.run("backup whole.backup"));
    let mode = std::fs::metadata(sandbox.path("whole.backup")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}
