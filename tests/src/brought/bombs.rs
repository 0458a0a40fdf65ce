//! Files that ask for more memory or time than there is: whoever brings one gets a sentence, and soon.

use std::io::Write as _;

use flate2::{Compression, write::DeflateEncoder};

use super::grid::{Part, open_document, sheet, xlsx, zip_of};
use super::{FANFARE, sample, world};
use crate::command::{Run, Sandbox};

/// What the command may use in all, in kilobytes: far less than any of these files asks for.
const MEMORY: u64 = 2_000_000;

fn read(sandbox: &Sandbox, name: &str, bytes: impl AsRef<[u8]>) -> Run {
    sandbox.write(name, bytes);
    sandbox.command(&format!("reconcile {name} --association '{FANFARE}' --year 2024")).within(MEMORY).run()
}

/// Nothing is read, and one line says why.
fn check_refused(sandbox: &Sandbox, name: &str, bytes: impl AsRef<[u8]>, why: &str) {
    let run = read(sandbox, name, bytes);
    assert_eq!(run.code, Some(2), "{run}");
    assert!(run.stderr.contains(why) && run.stderr.lines().count() == 1, "{why}: {run}");
}

const TOO_MUCH: &str = "ce fichier prétend à plus";

#[test]
fn old_workbooks_that_claim_too_much() {
    let sandbox = world();
    for (name, why) in [
        // A chain of sectors that returns to itself, a library that gives up, a cell in the last corner of a sheet.
        ("14-xls-loop/boucle.xls", "ce "),
        ("90-workbook-bombs/panic.xls", "ce classeur ne se laisse pas lire"),
        ("90-workbook-bombs/xb-65535-65535.xls", TOO_MUCH),
        // A sheet that says itself to be four thousand million rows long, and one that stands in the list 2,000 times.
        ("90-workbook-bombs/dimensions.xls", TOO_MUCH),
        ("90-workbook-bombs/one-sheet-often.xls", TOO_MUCH),
    ] {
        check_refused(&sandbox, "carnet.xls", sample(name), why);
    }
}

#[test]
fn open_documents_that_claim_too_much() {
    let sandbox = world();
    check_refused(&sandbox, "carnet.ods", sample("90-workbook-bombs/spaces.ods"), TOO_MUCH);
    let cell = |more: &str, text: &str| {
        format!("<table:table-cell office:value-type=\"string\" {more}><text:p>{text}</text:p></table:table-cell>")
    };
    let row = |more: &str, cells: &str| format!("<table:table-row {more}>{cells}</table:table-row>");
    let table = |rows: &str| format!("<table:table table:name=\"Feuille\">{rows}</table:table>");
    let long = "x".repeat(100_000);
    let far = [
        row("", &format!("<table:table-cell table:number-columns-repeated=\"900\"/>{}", cell("", "fin"))),
        row("table:number-rows-repeated=\"10000\"", "<table:table-cell/>"),
        row("", &cell("", "x")),
    ];
    for tables in [
        // Two thousand million blanks, in every way of writing the number.
        table(&row("", &cell("", "a<text:s text:c='2000000000'/>b"))),
        table(&row("", &cell("", "a<text:s text:c = \"2000000000\"/>b"))),
        table(&row("", &cell("", "a<text:s text:c=\"&#50;000000000\"/>b"))),
        // A long text in many columns, or in many rows; a sheet that is wide in one row and long in others, many times.
        table(&row("", &cell("table:number-columns-repeated='16000'", &long))),
        table(&row("table:number-rows-repeated='1000000'", &cell("", &long))),
        table(&far.concat()).repeat(200),
    ] {
        check_refused(&sandbox, "carnet.ods", open_document(&tables), TOO_MUCH);
    }
    let million = "table:number-rows-repeated='1000000'";
    let everywhere = table(&row(million, &cell("table:number-columns-repeated='16000'", "x")));
    check_refused(&sandbox, "carnet.ods", open_document(&everywhere), "ce classeur ne se laisse pas lire");
}

#[test]
fn new_workbooks_that_claim_too_much() {
    let sandbox = world();
    let mut swollen = DeflateEncoder::new(Vec::new(), Compression::best());
    swollen.write_all(b"<sst><si><t>").unwrap();
    let megabyte = vec![b'x'; 1 << 20];
    for _ in 0..600 {
        swollen.write_all(&megabyte).unwrap();
    }
    let swollen = swollen.finish().unwrap();
    let part = |name, bytes| Part { name, bytes, unpacked: None };
    let types = b"<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>";
    let book = zip_of(&[
        part("[Content_Types].xml", types),
        part("xl/workbook.xml", b"<workbook/>"),
        Part { name: "xl/sharedStrings.xml", bytes: &swollen, unpacked: Some(600 << 20) },
    ]);
    check_refused(&sandbox, "carnet.xlsx", book, "ce ");
    // A long text in many cells: the workbook has it once, whoever reads it a thousand times.
    let long = "x".repeat(30_000);
    let lines = format!("Date;Association;Reçu\n{}", format!("01/03/2024;{long};2h\n").repeat(3000));
    check_refused(&sandbox, "carnet.xlsx", xlsx(&[sheet("Feuille1", lines.trim_end())]), TOO_MUCH);
}

#[test]
fn texts_that_claim_too_much() {
    let sandbox = world();
    let header = "Date;Association;Reçu\n";
    check_refused(
        &sandbox,
        "carnet.csv",
        format!("{header}{}", ";".repeat(20_000)),
        "la ligne 2 a plus de 16384 cellules",
    );
    check_refused(&sandbox, "carnet.csv", format!("{header}{}", ";;;;;;;\n".repeat(500_000)), TOO_MUCH);
    // A name of a million letters is nobody's: it is asked about like any other, and at once.
    let run = read(&sandbox, "carnet.csv", format!("{header}01/03/2024;{};2h\n", "ab cde fg ".repeat(100_000)));
    assert_eq!(run.code, Some(1), "{}", run.stderr);
}
