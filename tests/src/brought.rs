//! What people really bring: files in which figures were once silently wrong, and their siblings in every format.
//!
//! Each case says what a notebook comes to, line by line: its finding and its minutes, and how the command ends. `−1`
//! stands for exchanges that the notebook lacks, `?` for a question about the file as a whole.

mod bombs;
pub(crate) mod grid;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use grid::{Cell, Sheet, csv, ods, sheet, xlsx};
use serde_json::Value;

use crate::command::Sandbox;
use crate::twins::done;

const FANFARE: &str = "Fanfare de Vitré";

/// The eight associations and six exchanges that the samples are held against.
fn world() -> Sandbox {
    let sandbox = Sandbox::sqlite();
    done(&sandbox.run("init 'Entraide du pays'"));
    for (kind, name) in [("associations", "associations.csv"), ("exchanges", "exchanges.csv")] {
        sandbox.write(name, sample(&format!("world/{name}")));
        done(&sandbox.run(&format!("import {kind} {name}")));
    }
    sandbox
}

fn sample(path: &str) -> Vec<u8> {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/faults")).join(path);
    fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What a notebook comes to, on one line.
fn told(sandbox: &Sandbox, file: &str, association: &str, more: &str) -> String {
    let association = association.replace('\'', "’");
    let run = sandbox.run(&format!("reconcile {file} --association '{association}' {more} --format json"));
    if run.code == Some(2) {
        let why = run.stderr.lines().last().unwrap_or_default().replace(['\u{a0}', '\u{202f}'], " ");
        return format!("refused: {}", why.split_once(" : ").map_or(why.as_str(), |(_, why)| why));
    }
    let report: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error} in {run}"));
    let mut parts = Vec::new();
    for line in report["lines"].as_array().unwrap().iter().filter(|line| line["finding"] != "ignored") {
        let minutes = line["minutes"].as_i64().map(|minutes| format!(" {minutes}")).unwrap_or_default();
        parts.push(format!("{} {}{minutes}", line["line"], line["finding"].as_str().unwrap()));
    }
    let missing = report["missing_in_file"].as_array().unwrap().len();
    if missing > 0 {
        parts.push(format!("−{missing}"));
    }
    let questions = report["questions"].as_array().unwrap().len();
    parts.extend((questions > 0).then(|| "?".repeat(questions)));
    format!("{} => {}", parts.join(", "), run.code.unwrap())
}

/// A sample as it is.
fn check_samples(association: &str, more: &str, cases: &[(&str, &str)]) {
    let sandbox = world();
    let mut wrong = String::new();
    for (path, expected) in cases {
        let name = path.replace('/', "-");
        sandbox.write(&name, sample(path));
        compare(&mut wrong, &told(&sandbox, &name, association, more), expected, path);
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// Keeps what differs, so that one run shows all of it.
fn compare(wrong: &mut String, told: &str, expected: &str, label: &str) {
    if told != expected {
        let _ = writeln!(wrong, "{label}\n  is:        {told}\n  should be: {expected}");
    }
}

/// Tables of the fanfare, of which the ledger has one exchange: 2 h received from the choir on 1 March 2024.
fn check_tables(cases: &[(&str, &str)]) {
    let sandbox = world();
    let mut wrong = String::new();
    for (text, expected) in cases {
        wrong += &grid_wrong(&sandbox, &[sheet("Feuille1", text)], expected, text);
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// The same cells in every format come to the same.
fn check_grid(sandbox: &Sandbox, sheets: &[Sheet], expected: &str, label: &str) {
    let wrong = grid_wrong(sandbox, sheets, expected, label);
    assert!(wrong.is_empty(), "{wrong}");
}

fn grid_wrong(sandbox: &Sandbox, sheets: &[Sheet], expected: &str, label: &str) -> String {
    let mut wrong = String::new();
    let mut made = vec![("xlsx", xlsx(sheets)), ("ods", ods(sheets))];
    made.extend(if let [only] = sheets { Some(("csv", csv(only))) } else { None });
    for (kind, bytes) in made {
        let name = format!("carnet.{kind}");
        sandbox.write(&name, bytes);
        compare(&mut wrong, &told(sandbox, &name, FANFARE, "--year 2024"), expected, &format!("{kind}\n{label}"));
    }
    wrong
}

#[test]
fn no_line_passes_for_a_total() {
    check_samples(
        FANFARE,
        "--year 2024",
        &[
            ("13-merged/fanfare.xlsx", "2 matched 120, 3 missing_in_ledger 60 => 1"),
            ("13-merged/left-out.csv", "2 matched 120, 3 missing_in_ledger 60 => 1"),
            ("40-total/fanfare.csv", "2 matched 120, 3 missing_in_ledger 180 => 1"),
            ("85-total-disagrees/carnet.csv", "2 matched 120, 3 total_differs => 1"),
        ],
    );
    check_tables(&[
        // A date that is left out, or mistyped, beside a name or a remark that begins like a total.
        (
            "Date;Sens;Association;Durée\n01/03/2024;reçu;Chorale de Janzé;2h\n;reçu;Ensemble vocal de Retiers;3h",
            "2 matched 120, 3 missing_in_ledger 180 => 1",
        ),
        (
            "Date;Sens;Association;Durée\n01/03/2024;reçu;Chorale de Janzé;2h\n32/03/2024;reçu;Ensemble vocal de Retiers;3h",
            "2 matched 120, 3 unreadable => 1",
        ),
        (
            "Date;Sens;Association;Durée;Remarque\n01/03/2024;reçu;Chorale de Janzé;2h;\n;reçu;Amis du vélo;3h;total du jour",
            "2 matched 120, 3 missing_in_ledger 180 => 1",
        ),
        (
            "Date;Sens;Association;Durée;Remarque\n01/03/2024;reçu;Chorale de Janzé;2h;\n;;;1h;solde",
            "2 matched 120, 3 missing_in_ledger 60 => 1",
        ),
        (
            "Date;Sens;Association;Durée\n01/03/2024;reçu;Chorale de Janzé;2h\n;reçu;Ensemble;2h",
            "2 matched 120, 3 missing_in_ledger 120 => 1",
        ),
        (
            "Date;Association;Reçu\n01/03/2024;Chorale de Janzé;2h\n;Ensemble;2h",
            "2 matched 120, 3 missing_in_ledger 120 => 1",
        ),
        (
            "Date;Association;Reçu\n01/03/2024;Chorale de Janzé;2h\n;Somme Nature;1h",
            "2 matched 120, 3 ambiguous_partner 60 => 1",
        ),
        // A date that cannot be read is nobody's who leaves theirs out.
        (
            "Date;Association;Reçu\n01/03/2024;Chorale de Janzé;2h\n31/02/2024;Amis du vélo;1h\n;Club 2000;1h",
            "2 matched 120, 3 unreadable, 4 unreadable => 1",
        ),
        // Hours alone: below a line they leave the rest out; apart, or as much as the lines make, they are asked about.
        (
            "Date;Association;Reçu\n01/03/2024;Chorale de Janzé;2h\n;;1h\n;;30min",
            "2 matched 120, 3 missing_in_ledger 60, 4 missing_in_ledger 30 => 1",
        ),
        ("Date;Association;Reçu\n01/03/2024;Chorale de Janzé;2h\n\n;;1h", "2 matched 120, 4 unreadable => 1"),
        ("Date;Association;Reçu\n01/03/2024;Chorale de Janzé;2h\n;;2h", "2 matched 120, 3 unreadable => 1"),
        // Totals that are reached are none of the lines, in every way of writing them.
        ("Date;Association;Reçu\n01/03/2024;Chorale de Janzé;2h\nTotal;;2h", "2 matched 120 => 0"),
        ("Date;Association;Reçu\n01/03/2024;Chorale de Janzé;2h\n;TOTAL :;2,0", "2 matched 120 => 0"),
        ("Date;Association;Reçu\n01/03/2024;Chorale de Janzé;2h\n31/12/2024;Total général;2:00", "2 matched 120 => 0"),
        (
            "Date;Association;Reçu\nSous-total mars;;0h\n01/03/2024;Chorale de Janzé;2h\nTotal 2024;;2h",
            "3 matched 120 => 0",
        ),
        ("Date;Association;Reçu\n01/03/2024;Chorale de Janzé;2h\nTotal;;2h30", "2 matched 120, 3 total_differs => 1"),
        (
            "02/03/2024;Club 2000;1h\nDate;Association;Reçu\n01/03/2024;Chorale de Janzé;2h",
            "1 unreadable, 3 matched 120 => 1",
        ),
        ("Date;Association;Reçu\n01/03/2024;Chorale de Janzé;2h\nTotal;;#REF!", "2 matched 120, 3 total_differs => 1"),
    ]);
}

#[test]
fn a_summary_on_another_sheet_is_asked_about() {
    let sandbox = world();
    let lines = sheet("Lignes", "Date;Association;Reçu\n02/03/2024;Club 2000;1h\n01/03/2024;Chorale de Janzé;2h");
    for (name, text) in [
        ("Récap", "Mois;Heures\nMars;3h"),
        ("Feuil2", "Mois;Association;Reçu\nmars 2024;Chorale de Janzé;2h"),
        ("Feuil2", "Date;Association;Reçu\n31/03/2024;Chorale de Janzé;2h\n30/04/2024;Chorale de Janzé;1h"),
        ("Bilan 2024", "Date;Association;Reçu\n02/03/2024;Chorale de Janzé;2h"),
        ("Feuil2", "Association;Heures reçues\nChorale de Janzé;2h"),
    ] {
        let sheets = [lines.clone(), sheet(name, text)];
        check_grid(&sandbox, &sheets, "2 missing_in_ledger 60, 3 matched 120, ? => 1", text);
        sandbox.write("deux.xlsx", xlsx(&sheets));
        let chosen = told(&sandbox, "deux.xlsx", FANFARE, "--year 2024 --sheet lignes");
        assert_eq!(chosen, "2 missing_in_ledger 60, 3 matched 120 => 1");
    }
    // A second sheet of lines is read, and one of addresses is no question.
    let more = sheet("Avril", "Date;Association;Reçu\n03/04/2024;Amis du vélo;1h");
    check_grid(
        &sandbox,
        &[lines.clone(), more],
        "2 missing_in_ledger 60, 3 matched 120, 2 missing_in_ledger 60 => 1",
        "",
    );
    let addresses = sheet("Adresses", "Nom;Téléphone\nChorale;02 99 00 00 00");
    check_grid(&sandbox, &[lines, addresses], "2 missing_in_ledger 60, 3 matched 120 => 1", "");
}

#[test]
fn cells_that_a_comma_cut_are_not_read() {
    check_samples(FANFARE, "--year 2024", &[("26-comma/fanfare.csv", "2 unreadable, −1 => 1")]);
    let sandbox = world();
    for (text, expected) in [
        ("Date,Association,Reçu,Remarque\n01/03/2024,Chorale de Janzé,2,5,ok", "2 unreadable, −1 => 1"),
        ("Date,Association,Reçu,Remarque\n01/03/2024,Chorale de Janzé,2,5,", "2 unreadable, −1 => 1"),
        ("Date,Association,Reçu,Remarque\n01/03/2024,Chorale de Janzé,2,5", "2 unreadable, −1 => 1"),
        ("Date,Association,Reçu,,\n01/03/2024,Chorale de Janzé,2,5,", "2 unreadable, −1 => 1"),
        ("Date,Association,Donné,Reçu\n01/03/2024,Chorale de Janzé,,2,5", "2 unreadable, −1 => 1"),
        ("Date,Association,Reçu,Remarque\n01/03/2024,Chorale de Janzé,\"2,0\",ok", "2 matched 120 => 0"),
        (
            "Date,Association,Reçu,Km\n01/03/2024,Chorale de Janzé,2,5\n02/03/2024,Club 2000,1,12",
            "2 matched 120, 3 missing_in_ledger 60 => 1",
        ),
        ("Date;Association;Reçu\n01/03/2024;Chorale de Janzé;2;5", "2 unreadable, −1 => 1"),
        ("sep=,\nDate,Association,Reçu\n01/03/2024,Chorale de Janzé,2h", "3 matched 120 => 0"),
        ("\u{feff}\u{feff}\"Date\";\"Association\";\"Reçu\"\n01/03/2024;Chorale de Janzé;2h", "2 matched 120 => 0"),
    ] {
        sandbox.write("carnet.csv", text);
        assert_eq!(told(&sandbox, "carnet.csv", FANFARE, "--year 2024"), expected, "{text}");
    }
}

#[test]
fn headers_in_two_rows_and_columns_of_one_name() {
    check_tables(&[
        ("Date;Association;Heures;\n;;données;reçues\n01/03/2024;Chorale de Janzé;;2", "3 matched 120 => 0"),
        (";;Heures;\nDate;Association;Données;Reçues\n01/03/2024;Chorale de Janzé;;2", "3 matched 120 => 0"),
        ("Date;Association;Reçu;\n;;h;min\n01/03/2024;Chorale de Janzé;1;30", "3 amount_differs 90 => 1"),
        ("Date;Association;Reçu;\n;;h;min\n01/03/2024;Chorale de Janzé;2;0", "3 matched 120 => 0"),
        ("Date;Association;Reçu (min);\n;;;\n01/03/2024;Chorale de Janzé;120", "3 matched 120 => 0"),
        // Two columns that say the same are one; where they differ, somebody has to say which.
        ("Date;Association;Durée;Durée\n01/03/2024;Chorale de Janzé;2h;2:00", "2 matched 120 => 0"),
        (
            "Date;Association;Durée;Durée\n01/03/2024;Chorale de Janzé;2h;3h",
            "refused: deux colonnes peuvent être « duree » : « Durée » et « Durée ». Dites ce que chacune veut dire : \
             --map COLONNE=CHAMP, ou --map COLONNE=ignorer",
        ),
        ("Date;Association;Nom;Reçu\n01/03/2024;Chorale de Janzé;Paul;2h", "2 matched 120 => 0"),
        ("Mois;Date;Association;Reçu\nmars;01/03/2024;Chorale de Janzé;2h", "2 matched 120 => 0"),
    ]);
}

#[test]
fn units_are_those_that_the_names_say() {
    let heads: Vec<(String, &str)> = [
        "Temps (min)",
        "Durée (mn)",
        "Nb min",
        "Durée en mn",
        "min",
        "mn",
        "Temps en minutes",
        "Nombre de min",
        "Total minutes",
        "Minutes reçues",
        "Temps passé (min)",
        "DURÉE (MINUTES)",
        "Durée [min]",
        "Nb. de mn",
    ]
    .iter()
    .map(|head| (format!("Date;Association;{head}\n01/03/2024;Chorale de Janzé;120"), "2 matched 120 => 0"))
    .collect();
    check_tables(&heads.iter().map(|(text, expected)| (text.as_str(), *expected)).collect::<Vec<_>>());
    for number in 0..5 {
        check_samples(FANFARE, "--year 2024", &[(&format!("44-minutes-heads/0{number}.csv"), "2 matched 120 => 0")]);
    }
    check_samples(
        FANFARE,
        "--year 2024",
        &[
            ("43-zeros/carnet.csv", "2 matched 120, 3 missing_in_ledger 120, 4 missing_in_ledger 120 => 1"),
            ("84-hours-minutes/fanfare.csv", "2 amount_differs 150 => 1"),
            ("84-hours-minutes/recu.csv", "2 amount_differs 150 => 1"),
            ("87-guessed-column/debut.csv", "2 matched 120 => 0"),
            ("87-guessed-column/km.csv", "2 matched 120 => 0"),
        ],
    );
}

#[test]
fn bare_numbers_count_what_is_certain() {
    check_tables(&[
        ("Date;Association;Donné (min);Reçu (min)\n01/03/2024;Chorale de Janzé;;120", "2 matched 120 => 0"),
        ("Date;Association;Reçu (min)\n01/03/2024;Chorale de Janzé;120,00", "2 matched 120 => 0"),
        ("Date;Association;Reçu (min)\n01/03/2024;Chorale de Janzé;1 440", "2 amount_differs 1440 => 1"),
        ("Date;Association;Durée (h:min)\n01/03/2024;Chorale de Janzé;2", "2 matched 120 => 0"),
        ("Date;Association;Durée (h:min)\n01/03/2024;Chorale de Janzé;2,30", "2 unreadable, −1 => 1"),
        ("Durées en minutes;;\nDate;Association;Reçu\n01/03/2024;Chorale de Janzé;120", "3 matched 120 => 0"),
        // Nothing says what 120 counts.
        ("Date;Association;Durée\n01/03/2024;Chorale de Janzé;120", "2 unreadable, −1 => 1"),
        (
            "Date;Association;Durée\n01/03/2024;Chorale de Janzé;120\n02/03/2024;Club 2000;20",
            "2 unreadable, 3 unreadable, −1 => 1",
        ),
        (
            "Date;Association;Durée\n01/03/2024;Chorale de Janzé;120 min\n02/03/2024;Club 2000;90",
            "2 matched 120, 3 unreadable => 1",
        ),
    ]);
}

#[test]
fn hours_and_minutes_and_times_of_day() {
    check_tables(&[
        (
            "Date;Association;Heures;Minutes\n01/03/2024;Chorale de Janzé;2;\n02/03/2024;Club 2000;;45",
            "2 matched 120, 3 missing_in_ledger 45 => 1",
        ),
        ("Date;Association;Heures;Minutes\n01/03/2024;Chorale de Janzé;2;120", "2 matched 120 => 0"),
        (
            "Date;Association;Heures;Minutes\n01/03/2024;Chorale de Janzé;2,5;30",
            "refused: deux colonnes peuvent être « duree » : « Heures » et « Minutes ». Dites ce que chacune veut dire : --map COLONNE=CHAMP, ou --map COLONNE=ignorer",
        ),
        ("Date;Association;Donné;Reçu\n01/03/2024;Chorale de Janzé;néant;2h", "2 matched 120 => 0"),
        ("Date;Association;Donné;Reçu\n01/03/2024;Chorale de Janzé;0 h 00 min;2h", "2 matched 120 => 0"),
        ("Date;Association;Donné;Reçu\n01/03/2024;Chorale de Janzé;1h;2h", "2 unreadable, −1 => 1"),
        ("Date;Association;Début;Fin\n01/03/2024;Chorale de Janzé;9h30;11h30", "2 matched 120 => 0"),
        ("Date;Association;Début;Fin\n01/03/2024;Chorale de Janzé;22:00;00:00", "2 matched 120 => 0"),
        ("Date;Association;Début;Fin\n01/03/2024;Chorale de Janzé;16:00;14:00", "2 unreadable, −1 => 1"),
        (
            "Date;Association;Prix\n01/03/2024;Chorale de Janzé;24,50",
            "refused: aucune colonne de durées n'y est reconnue ; les colonnes : Date, Association, Prix. Dites laquelle : --map COLONNE=duree",
        ),
        (
            "Date;Association;Kilomètres\n01/03/2024;Chorale de Janzé;2",
            "refused: aucune colonne de durées n'y est reconnue ; les colonnes : Date, Association, Kilomètres. Dites laquelle : --map COLONNE=duree",
        ),
        (
            "Date;Association;Rendez-vous\n01/03/2024;Chorale de Janzé;14h00",
            "refused: aucune colonne de durées n'y est reconnue ; les colonnes : Date, Association, Rendez-vous. Dites laquelle : --map COLONNE=duree",
        ),
        ("Date;Association;Combien\n01/03/2024;Chorale de Janzé;2h", "2 matched 120 => 0"),
        ("On a donné (h);On a reçu (h);Date;Association\n;2;01/03/2024;Chorale de Janzé", "2 matched 120 => 0"),
    ]);
}

#[test]
fn the_unit_may_be_said() {
    let sandbox = world();
    sandbox.write("carnet.csv", "Date;Association;Durée\n01/03/2024;Chorale de Janzé;120\n");
    let told = |more: &str| told(&sandbox, "carnet.csv", FANFARE, &format!("--year 2024 {more}"));
    assert_eq!(told("--map Durée=minutes"), "2 matched 120 => 0");
    assert_eq!(told("--map Durée=heures"), "2 amount_differs 7200 => 1");
    let run = sandbox.run("reconcile carnet.csv --association 'Fanfare de Vitré' --year 2024 --map Durée=lieues");
    assert_eq!(run.code, Some(2), "{run}");
}

#[test]
fn times_in_cells() {
    check_samples(
        "Chorale de Janzé",
        "--year 2024",
        &[
            ("01-1904-bare/carnet.xlsx", "2 matched 120, −4 => 1"),
            ("09-10-11-12-time-cells/P1DT2H.ods", "2 amount_differs 1560, −4 => 1"),
            ("09-10-11-12-time-cells/negative.ods", "2 unreadable, −5 => 1"),
            ("17-formula-date/carnet.xlsx", "2 matched 120, 3 unreadable, 4 unreadable, −4 => 1"),
        ],
    );
    let sandbox = world();
    let day = |day| Cell::Day(chrono::NaiveDate::from_ymd_opt(2024, 3, day).unwrap());
    let text = |text: &str| Cell::Text(text.to_owned());
    let header = vec![text("Date"), text("Association"), text("Reçu")];
    let line = |date: Cell, amount: Cell| vec![date, text("Chorale de Janzé"), amount];
    for (row, expected) in [
        (line(day(1), Cell::Time(120)), "2 matched 120 => 0"),
        (line(day(1), Cell::Time(26 * 60)), "2 amount_differs 1560 => 1"),
        (line(day(1), Cell::Time(0)), "2 unreadable, −1 => 1"),
        (line(day(1), Cell::Number(0.0)), "2 unreadable, −1 => 1"),
        (line(day(1), Cell::Number(-2.0)), "2 unreadable, −1 => 1"),
        (line(day(1), Cell::Number(2.0)), "2 matched 120 => 0"),
        (line(day(1), day(2)), "2 unreadable, −1 => 1"),
    ] {
        let label = format!("{row:?}");
        check_grid(&sandbox, &[Sheet { name: "F".to_owned(), rows: vec![header.clone(), row] }], expected, &label);
    }
    let rows = vec![header.clone(), line(day(1), Cell::Time(120)), line(Cell::Formula("=B1"), Cell::Time(60))];
    sandbox.write("f.ods", ods(&[Sheet { name: "F".to_owned(), rows }]));
    assert_eq!(told(&sandbox, "f.ods", FANFARE, "--year 2024"), "2 matched 120, 3 unreadable => 1");
    let rows = vec![header, line(day(1), Cell::Time(-90))];
    let sheets = [Sheet { name: "F".to_owned(), rows }];
    for (name, bytes) in [("n.ods", ods(&sheets)), ("n.xlsx", xlsx(&sheets))] {
        sandbox.write(name, bytes);
        assert_eq!(told(&sandbox, name, FANFARE, "--year 2024"), "2 unreadable, −1 => 1", "{name}");
    }
}

#[test]
fn years_are_those_that_the_file_tells() {
    check_samples(
        FANFARE,
        "--year 2024",
        &[("34-month-year/carnet.csv", "2 missing_in_ledger 120, 3 matched 120 => 1")],
    );
    let sandbox = world();
    sandbox.write("season.csv", sample("35-season/carnet.csv"));
    let run = sandbox.run("reconcile season.csv --association 'Chorale de Janzé' --complete");
    assert!(run.stdout.contains("12/03/2025") && !run.stdout.contains("12/03/2024"), "{run}");
    assert!(run.stdout.contains("« Saison 2024-2025 »"), "{run}");
    check_tables(&[
        ("Carnet 2024;;\nDate;Association;Reçu\n01/03;Chorale de Janzé;2h", "3 matched 120 => 0"),
        (
            "Carnet 2023;;\nDate;Association;Reçu\n01/03;Chorale de Janzé;2h",
            "refused: ce carnet est de 2023, aucune de ses lignes n'est de 2024 ; essayez --year 2023",
        ),
        ("Carnet du Club 2000;;\nDate;Association;Reçu\n01/03;Chorale de Janzé;2h", "3 matched 120 => 0"),
        ("Amicale 2010;;\nDate;Association;Reçu\n01/03;Chorale de Janzé;2h", "3 matched 120 => 0"),
        (
            "Saison 2023-2024;;\nDate;Association;Reçu\n01/03;Chorale de Janzé;2h\n02/10;Club 2000;1h",
            "3 matched 120, 4 missing_in_ledger 60 => 1",
        ),
        (
            "Saison 2023-2024;;\nDate;Association;Reçu\n01/03;Chorale de Janzé;2h\n14/07;Club 2000;1h",
            "3 matched 120, 4 unreadable => 1",
        ),
        ("Date;Association;Reçu\nmars-24;Chorale de Janzé;2h", "2 matched 120 => 0"),
        ("Date;Association;Reçu\nmars 24;Chorale de Janzé;2h", "2 unreadable, −1 => 1"),
        ("Date;Association;Reçu\n\u{200e}01/03/2024\u{200b};Chorale de Janzé;2h", "2 matched 120 => 0"),
        ("Date;Association;Reçu\n\u{feff}01/03/24;Chorale de Janzé;2h", "2 matched 120 => 0"),
    ]);
    // Each sheet says its own year.
    let lines = "Date;Association;Reçu\n01/03;Chorale de Janzé;2h";
    let sheets = [sheet("2023", lines), sheet("2024", lines)];
    check_grid(&sandbox, &sheets, "2 missing_in_ledger 120, 2 matched 120 => 1", "two years");
}

#[test]
fn what_nobody_sees_parts_no_name() {
    check_tables(&[
        ("Date;Association;Reçu\n01/03/2024;Chorale de Jan\u{ad}zé;2h", "2 matched 120 => 0"),
        ("Date;Association;Reçu\n01/03/2024;Chorale\u{a0}\u{a0}de Janze\u{301};2\u{202f}h", "2 matched 120 => 0"),
        ("Date;Association;Reçu\n01/03/2024;\u{202a}Chorale de Janzé\u{202c};2\u{200b}h", "2 matched 120 => 0"),
        ("Date;Associa\u{200d}tion;Re\u{200c}çu\n01/03/2024;CHORALE DE JANZE;2h", "2 matched 120 => 0"),
        ("Date;Association;Reçu\n=\"01/03/2024\";=\"Chorale de Janzé\";=\"2h\"", "2 matched 120 => 0"),
        ("Date;Association;Reçu\n'01/03/2024;'Chorale de Janzé;'2h", "2 matched 120 => 0"),
    ]);
}

#[test]
fn what_is_remembered_is_a_hint() {
    let sandbox = world();
    for year in ["2023.csv", "2024.csv"] {
        sandbox.write(year, sample(&format!("88-remembered-map/{year}")));
    }
    let of = |file: &str, more: &str| told(&sandbox, file, FANFARE, &format!("--year 2024 {more}"));
    assert_eq!(of("2023.csv", "--map Combien=duree --map Chez=partenaire"), "2 matched 120 => 0");
    assert_eq!(of("2023.csv", ""), "2 matched 120 => 0");
    assert_eq!(of("2024.csv", ""), "2 matched 120 => 0");
    let run = sandbox.run("reconcile 2024.csv --association 'Fanfare de Vitré' --year 2024");
    assert!(run.stdout.contains("sans effet ici : « Chez », « Combien »"), "{run}");
    // A place that was said of a notebook without names of columns is none in one that has them.
    sandbox.write("bare.csv", "2h;01/03/2024;Chorale de Janzé\n");
    assert_eq!(of("bare.csv", "--map A=duree --map B=date --map C=partenaire"), "1 matched 120 => 0");
    assert_eq!(of("2024.csv", ""), "2 matched 120 => 0");
    assert_eq!(of("bare.csv", ""), "1 matched 120 => 0");
    // A column that once held hours, and holds something else now.
    sandbox.write("price.csv", "Date;Association;Durée;Combien\n01/03/2024;Chorale de Janzé;2h;vingt euros\n");
    let price = of("price.csv", "");
    assert!(price == "2 matched 120 => 0" || price.starts_with("2 unreadable"), "{price}");
    let shown = sandbox.run("reconcile --association 'Fanfare de Vitré' --remembered");
    assert!(shown.stdout.contains("--map 'Combien=duration'") && shown.code == Some(0), "{shown}");
    let forgotten = sandbox.run("rapprocher --association 'Fanfare de Vitré' --oublier combien --oublier Chez");
    assert!(!forgotten.stdout.contains("Combien") && forgotten.code == Some(0), "{forgotten}");
    let nothing = sandbox.run("reconcile --association 'Fanfare de Vitré' --forget Combien");
    assert_eq!(nothing.code, Some(2), "{nothing}");
}

#[test]
fn registers_know_the_same_in_another_spelling() {
    let sandbox = world();
    sandbox.write("mac.csv", sample("27-macroman/m.csv"));
    sandbox.write("invisible.csv", sample("37-invisible/a.csv"));
    sandbox.write("marks.csv", sample("37-invisible/e.csv"));
    let run = sandbox.run("import associations mac.csv");
    assert!(run.stderr.contains("MacRoman") || run.stdout.contains("MacRoman"), "{run}");
    assert!(sandbox.run("balance").stdout.contains("Club d'été"));
    let known = sandbox.run("import associations invisible.csv");
    assert!(known.stdout.contains("0 association, 1 déjà là"), "{known}");
    done(&sandbox.run("import exchanges marks.csv"));

    for name in ["a.csv", "b.csv", "c.csv"] {
        sandbox.write(name, sample(&format!("38-persons-twice/{name}")));
    }
    done(&sandbox.run("import persons a.csv"));
    sandbox.write("d.csv", "prénom;nom;association\nCHLOÉ;  HERVE ;Chorale de Janzé\n");
    for again in ["b.csv", "d.csv"] {
        let run = sandbox.run(&format!("import persons {again}"));
        assert!(run.stdout.contains("0 adhésion, 1 déjà là"), "{run}");
    }
    done(&sandbox.run("import contributions c.csv"));
    let valued = sandbox.run("export valuation --year 2024 --format cec");
    assert!(valued.stdout.contains("300,00") && valued.stdout.contains("atteints"), "{valued}");
    sandbox.write("mail.csv", "e-mail;association\nzoe@example.org;Chorale de Janzé\n");
    sandbox.write("mail2.csv", "e-mail;association\nZoe@Example.org ;Chorale de Janzé\n");
    done(&sandbox.run("import persons mail.csv"));
    let run = sandbox.run("import persons mail2.csv");
    assert!(run.stdout.contains("0 adhésion, 1 déjà là"), "{run}");
}

#[test]
fn references_and_numbers_survive_a_spreadsheet() {
    let sandbox = world();
    let line = "Chorale de Janzé;Fanfare de Vitré;2h;Couture";
    let header = "reference;date;giver;receiver;duration;skill";
    sandbox.write("e.csv", format!("{header}\ne-1;2024-03-01;{line}\n12;2024-03-02;{line}\n"));
    sandbox.write("again.csv", format!("{header}\nE-1;2024-03-01;{line}\n12.0;2024-03-02;{line}\n"));
    sandbox.write("twice.csv", format!("{header}\nF-1;2024-03-03;{line}\nf-1;2024-03-04;{line}\n"));
    let run = sandbox.run("import exchanges e.csv");
    assert!(run.stdout.contains("1 échange, 1 déjà là"), "{run}");
    let run = sandbox.run("import exchanges again.csv");
    assert!(run.stdout.contains("0 échange, 2 déjà là"), "{run}");
    let run = sandbox.run("import exchanges twice.csv");
    assert!(run.code == Some(2) && run.stderr.contains("« f-1 » est déjà à la ligne 2"), "{run}");
    sandbox.write(
        "n.csv",
        "name;siren;insee;phone\nLes Amis;16979007;1053;299001122\nLe Foyer;116979006.0;35360;02 99 00 11 33\n",
    );
    done(&sandbox.run("import associations n.csv"));
    sandbox.write("carnet.csv", "Date;SIREN;Reçu\n02/03/2024;116979006.0;1h\n01/03/2024;;\n");
    let found = told(&sandbox, "carnet.csv", FANFARE, "--year 2024");
    assert!(found.starts_with("2 missing_in_ledger 60"), "{found}");
}

#[test]
fn what_goes_out_runs_in_no_spreadsheet_and_comes_back() {
    let sandbox = world();
    for name in ["a.csv", "e.csv"] {
        sandbox.write(name, sample(&format!("56-formula-cells/{name}")));
    }
    done(&sandbox.run("import associations a.csv"));
    done(&sandbox.run("import exchanges e.csv"));
    let is_formula = |cell: &str| cell.trim_matches('"').starts_with(['=', '+', '@']);
    for line in [
        "export csv",
        "export valuation --year 2024 --hours-only",
        "reconcile e.csv --association 'Chorale de Janzé' --year 2024 --format csv --map duration=duree",
    ] {
        let run = sandbox.run(line);
        let cells = run.stdout.lines().flat_map(|line| line.split([',', ';']));
        assert!(!cells.clone().any(is_formula), "{run}");
    }
    done(&sandbox.run("export csv --out year.csv"));
    let again = Sandbox::sqlite();
    done(&again.run("init 'Encore'"));
    for name in ["associations.csv", "a.csv", "year.csv"] {
        again.write(name, fs::read(sandbox.path(name)).unwrap());
    }
    for line in ["import associations associations.csv", "import associations a.csv", "import exchanges year.csv"] {
        done(&again.run(line));
    }
    assert_eq!(again.run("export csv").stdout, sandbox.run("export csv").stdout);
}
