//! What becomes of what a verb says where nobody reads it, or where it cannot be written.

use std::fs::File;
use std::io;

use crate::command::Sandbox;
use crate::twins::{Twins, audited_exchanges};

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
