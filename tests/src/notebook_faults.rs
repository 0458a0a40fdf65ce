//! What `reconcile` says of files that are no notebooks, and of notebooks that leave questions.

use std::fs::File;

use rust_xlsxwriter::{Formula, Workbook};

use crate::command::Sandbox;
use crate::twins::{Twins, done, plain};

const HEADER: &str = "Date;Sens;Association;Durée\n";

/// A village's database on SQLite: reading files is the same on both.
fn village() -> Twins {
    Twins::village()
}

fn shown(sandbox: &Sandbox, line: &str) -> String {
    plain(&sandbox.run(line))
}

#[test]
fn files_that_are_no_notebooks_get_a_sentence() {
    let twins = village();
    let sandbox = &twins.sqlite;
    let locked: Vec<u8> = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        .iter()
        .copied()
        .chain([0; 600])
        .chain("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    sandbox.write("pdf.csv", b"%PDF-1.7\n%\xe2\xe3\n1 0 obj");
    sandbox.write("locked.xlsx", locked);
    sandbox.write("cut.xlsx", b"PK\x03\x04 xl/workbook");
    sandbox.write("zeros.csv", vec![0; 100_000]);
    sandbox.write("empty.csv", "\n\n;;\n");
    sandbox.write("prose.csv", "Chers amis,\nvoici nos heures.\n");
    sandbox.write("no-hours.csv", "Date;Association\n01/03/2024;Fanfare de Retiers\n");
    sandbox.write("other-year.csv", format!("{HEADER}01/03/2023;donné;Fanfare de Retiers;2h\n"));
    File::create(sandbox.path("nothing.csv")).unwrap().set_len(2 << 30).unwrap();
    let run = |file: &str| {
        let screen = shown(sandbox, &format!("reconcile {file} --association 'Chorale de Janzé' --year 2024"));
        screen.lines().skip(1).collect::<Vec<_>>().join("\n")
    };
    insta::assert_snapshot!(run("pdf.csv"), @"");
    insta::assert_snapshot!(run("locked.xlsx"), @"");
    assert!(run("cut.xlsx").ends_with("=> exit 2"));
    insta::assert_snapshot!(run("zeros.csv"), @"");
    insta::assert_snapshot!(run("nothing.csv"), @"");
    insta::assert_snapshot!(run("empty.csv"), @"");
    insta::assert_snapshot!(run("prose.csv"), @"");
    insta::assert_snapshot!(run("no-hours.csv"), @"");
    insta::assert_snapshot!(run("other-year.csv"), @"");
    insta::assert_snapshot!(run("absent.csv"), @"");
    insta::assert_snapshot!(shown(sandbox, "reconcile no-hours.csv --association Pétanque --year 2024"), @"");
}

#[test]
fn lines_that_cannot_be_read_get_a_sentence_each() {
    let twins = village();
    twins.write(
        "carnet.csv",
        format!(
            "Chorale de Janzé 2024;;;\n\n{HEADER}01/03/2024;donné;Fanfare de Retiers;2h\n\
             02/03/2024;donné;Fanfare de Retiers;-2h\n31/02/2024;donné;Fanfare de Retiers;2h\n\
             03/03/2024;donné;Fanfare de Retiers;#REF!\n04/03/2024;donné;Boulistes de Fougères;1h\n\
             05/03/2024;prêté;Fanfare de Retiers;1h\n06/03/2024;donné;;1h\n07/03/2024;reçu;Amis du vélo;0,33\n\
             08/03/2024;donné;Chorale de Janzé;1h\nTotal;;;2h20\n"
        ),
    );
    insta::assert_snapshot!(twins.run("reconcile carnet.csv --complete"), @"");
    let json = twins.json("reconcile carnet.csv --format json");
    assert_eq!(json["totals"]["unreadable"], 5, "{json}");
}

#[test]
fn workbooks_keep_their_faults_and_their_sheets() {
    let twins = village();
    let mut book = Workbook::new();
    for (month, day) in [("Février", "28/02/2024"), ("Mars", "01/03/2024")] {
        let sheet = book.add_worksheet();
        sheet.set_name(month).unwrap();
        for (column, name) in (0..).zip(["Date", "Asso", "Heures données", "Heures reçues"]) {
            sheet.write_string(0, column, name).unwrap();
        }
        sheet.write_string(1, 0, day).unwrap();
        sheet.write_string(1, 1, "Fanfare de Retiers").unwrap();
        sheet.write_number(1, 2, 2.0).unwrap();
        sheet.write_string(2, 0, day).unwrap();
        sheet.write_string(2, 1, "Amis du vélo").unwrap();
        sheet.write_formula(2, 3, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
    }
    twins.write("chorale-de-janze.xlsx", book.save_to_buffer().unwrap());
    insta::assert_snapshot!(twins.run("reconcile chorale-de-janze.xlsx --year 2024"), @"");
}

#[test]
fn what_was_said_once_is_remembered() {
    let twins = village();
    twins.write("carnet.csv", "Jour;Chez;Combien\n01/03/2024;Les cuivres;2h\n02/03/2024;Amis du vélo;3h\n");
    let carnet = "reconcile carnet.csv --association 'Chorale de Janzé' --year 2024";
    insta::assert_snapshot!(twins.run(carnet), @"");
    let said = format!("{carnet} --map Chez=partenaire --map Combien=duree --alias 'Les cuivres=Fanfare de Retiers'");
    insta::assert_snapshot!(twins.run(&said), @"");
    insta::assert_snapshot!(twins.run(carnet), @"");
    for sandbox in twins.each() {
        sandbox.run("export lines --association 'Chorale de Janzé' --year 2024 --out lines.csv");
        let run = sandbox.run("reconcile carnet.csv --against lines.csv --map Chez=partner --map Combien=duration --alias 'Les cuivres=fanfare de retiers'");
        assert_eq!(run.code, Some(1), "{run}");
        assert!(sandbox.run("reconcile carnet.csv --against lines.csv").stdout.contains("1 concordent"));
        assert!(sandbox.path("coudemain-carnets.json").exists());
    }
}

#[test]
fn proposals_wait_for_the_other_side() {
    let twins = village();
    twins.write(
        "carnet.csv",
        format!("{HEADER}01/03/2024;donné;Fanfare de Retiers;2h30\n05/03/2024;reçu;Amis du vélo;1h\n"),
    );
    let propose = "reconcile carnet.csv --association 'Chorale de Janzé' --year 2024 --propose --yes";
    insta::assert_snapshot!(twins.run(propose), @"");
    let again = twins.run(propose);
    assert!(again.contains("Demandé : 0, 2 déjà demandées."), "{again}");
    let declined = twins.run("reconcile carnet.csv --association 'Chorale de Janzé' --year 2024 --propose");
    assert!(declined.contains("Rien n'a été demandé."), "{declined}");
    insta::assert_snapshot!(twins.run("balance 'Chorale de Janzé'"), @"");
    assert_eq!(twins.audited_exchanges(), 3);
}

#[test]
fn three_sides_say_what_each_says() {
    let twins = village();
    twins.write(
        "chorale-de-janze.csv",
        format!("{HEADER}01/03/2024;donné;Fanfare de Retiers;2h30\n05/03/2024;donné;Fanfare;1h\n"),
    );
    twins.write(
        "fanfare-de-retiers.csv",
        format!("{HEADER}01/03/2024;reçu;Chorale de Janzé;2h\n06/03/2024;reçu;Chorale;1h\n"),
    );
    insta::assert_snapshot!(twins.run("reconcile chorale-de-janze.csv fanfare-de-retiers.csv --year 2024"), @"");
}

#[test]
fn hours_go_to_the_accounts() {
    let twins = village();
    twins.write("persons.csv", "code,association\nP1,Chorale de Janzé\nP2,Chorale de Janzé\n");
    twins.write(
        "contributions.csv",
        "exchange,date,association,person,duration,nature,skill\n\
         A-1,,,P1,45min,operational,\nA-1,,,P2,30min,employee,\n\
         ,2024-12-30,Chorale de Janzé,P1,1h10,supervision,\n,2024-05-05,Chorale de Janzé,P2,250h,governance,\n",
    );
    for sandbox in twins.each() {
        done(&sandbox.run("import persons persons.csv"));
        done(&sandbox.run("import contributions contributions.csv"));
    }
    insta::assert_snapshot!(twins.run("export valuation --year 2024 --rate 11,88 --method 'SMIC horaire brut'"), @"");
    insta::assert_snapshot!(twins.run("export valuation --year 2024 --smic 1.5 --format entries"), @"");
    insta::assert_snapshot!(twins.run("export valuation --year 2024 --format cec"), @"");
    insta::assert_snapshot!(twins.run("export valuation --from 2024-09-01 --to 2025-08-31 --hours-only --lang en"), @"");
    insta::assert_snapshot!(twins.run("export valuation --from 2024-09-01 --to 2025-08-31 --format cec"), @"");
    for sandbox in twins.each() {
        let run = sandbox.run("export valuation --year 2024 --rate 12 --format xlsx --out heures.xlsx");
        assert_eq!(run.code, Some(0), "{run}");
        assert!(std::fs::read(sandbox.path("heures.xlsx")).unwrap().starts_with(b"PK"));
    }
}
