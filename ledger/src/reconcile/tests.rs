use chrono::NaiveDate;

use super::*;
use crate::{Language, Minutes, exchange::Side, lines::Party, year::Year};

const MEMBERS: [&str; 5] =
    ["Chorale de Janzé", "Chorale de Vitré", "Judo-club de Bais", "Foyer rural de Bais", "Foyer rural de Bain"];

fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, month, day).unwrap()
}

fn party(name: &str) -> Party {
    Party { name: name.to_owned(), former_names: vec![], identifiers: vec![] }
}

/// Exchanges as partner, side, day, minutes, skill.
fn accounts(exchanges: &[(u32, Side, NaiveDate, i64, Option<u32>)]) -> Accounts {
    let mut members: Vec<_> = MEMBERS.iter().map(|name| party(name)).collect();
    members[2].former_names.push("Judokas baisiens".to_owned());
    let exchanges = exchanges.iter().zip(1_i64..).map(|((partner, side, date, minutes, skill), number)| Known {
        standing: Standing::Confirmed,
        replaces: None,
        reference: format!("E{number}").into(),
        exchange: number,
        partner: *partner,
        side: *side,
        date: *date,
        minutes: Minutes::new(*minutes),
        skill: *skill,
    });
    Accounts {
        association: party("Amis du vélo"),
        members,
        skills: vec!["Couture".to_owned(), "Bricolage".to_owned()],
        exchanges: exchanges.collect(),
    }
}

type Written<'a> = (&'a str, Side, LineDate, i64, &'a str);

fn notebook(lines: &[Written<'_>]) -> Notebook {
    let mut notebook = Notebook::default();
    for ((name, side, date, minutes, skill), row) in lines.iter().zip(1..) {
        let name = WrittenName { text: (*name).to_owned(), identifier: None };
        let skill = (!skill.is_empty()).then(|| {
            notebook.skills.push((*skill).to_owned());
            u32::try_from(notebook.skills.len()).unwrap() - 1
        });
        let known = notebook.names.iter().position(|known| *known == name);
        let place = known.unwrap_or_else(|| {
            notebook.names.push(name);
            notebook.names.len() - 1
        });
        let name = u32::try_from(place).unwrap();
        notebook.lines.push(NotebookLine {
            row,
            name,
            date: *date,
            side: Some(*side),
            minutes: Minutes::new(*minutes),
            skill,
        });
    }
    notebook
}

fn options() -> Options {
    Options { days: 7, year: Year(2025), aliases: vec![] }
}

/// Each line's finding and reference, then what is missing.
fn told(accounts: &Accounts, notebook: &Notebook) -> String {
    let result = reconcile(accounts, notebook, &options());
    let reference = |place: u32| accounts.exchanges[place as usize].reference.to_string();
    let lines = result.lines.iter().map(|line| {
        let references: Vec<_> = line.exchange.iter().chain(&line.others).map(|place| reference(*place)).collect();
        format!("{} {}", line.finding, references.join("+")).trim_end().to_owned()
    });
    let missing: Vec<_> = result.missing_in_file.iter().map(|place| reference(*place)).collect();
    format!("{} | {}", lines.collect::<Vec<_>>().join(", "), missing.join(" "))
}

const GAVE: Side = Side::Giver;
const GOT: Side = Side::Receiver;

fn on(month: u32, of_month: u32) -> LineDate {
    LineDate::Day(day(month, of_month))
}

#[test]
fn each_finding_from_a_line_or_two() {
    let known = accounts(&[(0, GAVE, day(3, 5), 120, Some(0)), (2, GOT, day(3, 9), 60, Some(1))]);
    let choir = "Chorale de Janzé";
    let judo = ("judo club de BAIS", GOT, on(3, 9), 60, "Bricolage");
    let cases: &[(&[Written<'_>], &str)] = &[
        (&[(choir, GAVE, on(3, 5), 120, "Couture"), judo], "matched E1, matched E2 |"),
        (&[(choir, GAVE, on(3, 5), 150, "Couture"), judo], "amount_differs E1, matched E2 |"),
        (&[(choir, GAVE, on(3, 11), 120, "Couture"), judo], "date_differs E1, matched E2 |"),
        (&[(choir, GAVE, on(3, 13), 120, "Couture"), judo], "missing_in_ledger, matched E2 | E1"),
        (&[(choir, GAVE, on(5, 3), 120, "Couture"), judo], "date_differs E1, matched E2 |"),
        (&[(choir, GOT, on(3, 5), 120, "Couture"), judo], "direction_differs E1, matched E2 |"),
        (&[(choir, GAVE, on(3, 5), 120, ""), (choir, GAVE, on(3, 5), 120, "")], "matched E1, duplicate E1 | E2"),
        (&[("Chorlae de Janzé", GAVE, on(3, 5), 120, "Bricolage"), judo], "matched E1, matched E2 |"),
        (&[("Chorale", GAVE, on(3, 5), 120, "Couture"), judo], "matched E1, matched E2 |"),
        (&[("Chorale", GAVE, on(8, 5), 120, "Couture"), judo], "missing_in_ledger, matched E2 | E1"),
        (&[("Judokas baisiens", GOT, on(3, 9), 60, "")], "matched E2 | E1"),
        (&[("Pétanque de Fougères", GAVE, on(3, 5), 120, "Couture"), judo], "ambiguous_partner, matched E2 | E1"),
        (&[("Amis du vélo", GAVE, on(3, 5), 120, "Couture"), judo], "ambiguous_partner, matched E2 | E1"),
        (&[(choir, GAVE, LineDate::Month(day(3, 1)), 120, "Couture"), judo], "matched E1, matched E2 |"),
    ];
    for (lines, expected) in cases {
        assert_eq!(told(&known, &notebook(lines)).trim_end(), *expected, "{lines:?}");
    }
}

#[test]
fn a_name_that_fits_two_is_not_guessed() {
    let known = accounts(&[(0, GAVE, day(3, 5), 120, None), (1, GAVE, day(3, 5), 120, None)]);
    let lines = notebook(&[("Chorale", GAVE, on(3, 5), 120, "")]);
    assert_eq!(told(&known, &lines), "ambiguous_partner | E1 E2");
    // The other side of the choice, said elsewhere, leaves one.
    let lines = notebook(&[("Chorale", GAVE, on(3, 5), 120, ""), ("Chorale de Vitré", GAVE, on(3, 5), 120, "")]);
    assert_eq!(told(&known, &lines), "matched E1, matched E2 | ");
}

#[test]
fn names_that_differ_in_a_letter_are_two() {
    let known = accounts(&[(3, GAVE, day(3, 5), 120, None), (4, GAVE, day(3, 7), 120, None)]);
    let lines =
        notebook(&[("Foyer rural de Bais", GAVE, on(3, 7), 120, ""), ("Foyer rural de Bian", GAVE, on(3, 7), 120, "")]);
    assert_eq!(told(&known, &lines), "date_differs E1, matched E2 | ");
}

#[test]
fn the_whole_picture_decides() {
    // First come, first served would give the first line the second's exchange.
    let known = accounts(&[(0, GAVE, day(3, 4), 60, Some(0)), (0, GAVE, day(3, 6), 60, Some(0))]);
    let choir = "Chorale de Janzé";
    let lines = notebook(&[(choir, GAVE, on(3, 5), 60, "Couture"), (choir, GAVE, on(3, 7), 60, "Couture")]);
    assert_eq!(told(&known, &lines), "date_differs E1, date_differs E2 | ");
}

#[test]
fn a_month_in_one_line() {
    let known = accounts(&[
        (0, GAVE, day(3, 4), 60, Some(0)),
        (0, GAVE, day(3, 16), 90, Some(1)),
        (0, GOT, day(3, 20), 90, Some(1)),
        (0, GAVE, day(4, 1), 30, Some(1)),
    ]);
    let lines = notebook(&[("Chorale de Janzé", GAVE, on(3, 31), 150, "")]);
    assert_eq!(told(&known, &lines), "matched E1+E2 | E3 E4");
    let lines = notebook(&[("Chorale de Janzé", GAVE, LineDate::Month(day(3, 1)), 160, "")]);
    assert_eq!(told(&known, &lines), "missing_in_ledger | E1 E2 E3 E4");
}

#[test]
fn the_order_of_lines_does_not_matter() {
    let choir = "Chorale de Janzé";
    let known = accounts(&[
        (0, GAVE, day(3, 4), 60, Some(0)),
        (0, GAVE, day(3, 6), 60, Some(0)),
        (1, GAVE, day(3, 6), 90, Some(1)),
        (2, GOT, day(3, 8), 90, None),
    ]);
    let mut lines: Vec<Written<'_>> = vec![
        (choir, GAVE, on(3, 5), 60, "Couture"),
        (choir, GAVE, on(3, 5), 90, "Couture"),
        ("Chorale", GAVE, on(3, 6), 90, "Bricolage"),
        ("chorale de Vitre", GAVE, on(3, 9), 90, ""),
        ("Judo-club", GOT, on(3, 8), 105, ""),
        ("Judo-club de Bais", GOT, on(3, 7), 90, ""),
    ];
    let sorted = |lines: &[Written<'_>]| {
        let told = told(&known, &notebook(lines));
        let mut told: Vec<_> = told
            .split(" | ")
            .next()
            .unwrap()
            .split(", ")
            .zip(lines)
            .map(|(told, line)| format!("{line:?} {told}"))
            .collect();
        told.sort();
        told
    };
    let expected = sorted(&lines);
    for turn in 0..lines.len() {
        lines.rotate_left(1);
        lines.swap(0, turn);
        assert_eq!(sorted(&lines), expected);
    }
}

#[test]
fn sentences_can_be_checked_by_eye() {
    let known = accounts(&[(0, GAVE, day(3, 5), 120, Some(0))]);
    let lines = notebook(&[("Chorlae de Janzé", GAVE, on(3, 5), 150, "Couture")]);
    let result = reconcile(&known, &lines, &options());
    let said = |language| {
        let wording = Wording { accounts: &known, notebook: &lines, result: &result, language, say_which_with: "" };
        wording.explanation(0).replace('\u{a0}', " ")
    };
    assert_eq!(
        said(Language::French),
        "Vous notez 2 h 30, le registre 2 h (30 min de plus chez vous) : E1, le 05/03/2025, Chorale de Janzé, 2 h d'aide donnée. \
         « Chorlae de Janzé » est lu comme Chorale de Janzé."
    );
    assert_eq!(
        said(Language::English),
        "You note 2 h 30 min, the ledger 2 h (30 min more on your side): E1, 2025-03-05, Chorale de Janzé, 2 h given. \
         “Chorlae de Janzé” is read as Chorale de Janzé."
    );
}

#[test]
fn what_waits_or_was_reversed_is_neither_missing_nor_another_exchange() {
    let mut accounts = accounts(&[
        (0, Side::Giver, day(3, 1), 120, None),
        (0, Side::Giver, day(3, 3), 90, None),
        (1, Side::Receiver, day(4, 1), 60, None),
        (1, Side::Receiver, day(5, 1), 60, None),
        (1, Side::Receiver, day(5, 2), 75, None),
        (2, Side::Giver, day(6, 1), 60, None),
    ]);
    accounts.exchanges[0].standing = Standing::Proposed;
    accounts.exchanges[2].standing = Standing::Reversed(day(4, 9));
    accounts.exchanges[3].standing = Standing::Reversed(day(5, 9));
    accounts.exchanges[4].replaces = Some(accounts.exchanges[3].exchange);
    accounts.exchanges[5].standing = Standing::Contested;
    let on = |month, of| LineDate::Day(day(month, of));
    let notebook = notebook(&[
        // What waits is not what was confirmed two days later.
        (MEMBERS[0], Side::Giver, on(3, 1), 120, ""),
        (MEMBERS[1], Side::Receiver, on(4, 1), 60, ""),
        // What was reversed and replaced is compared with what stands in its place.
        (MEMBERS[1], Side::Receiver, on(5, 1), 60, ""),
        // What waits with another duration waits all the same.
        (MEMBERS[2], Side::Giver, on(6, 1), 90, ""),
    ]);
    let options = Options { days: 7, year: Year(2025), aliases: vec![] };
    let result = reconcile(&accounts, &notebook, &options);
    let found: Vec<_> = result.lines.iter().map(|line| (line.finding, line.exchange)).collect();
    assert_eq!(
        found,
        [
            (Finding::Waiting, Some(0)),
            (Finding::Reversed, Some(2)),
            (Finding::AmountDiffers, Some(4)),
            (Finding::Waiting, Some(5)),
        ]
    );
    assert_eq!(result.missing_in_file, [1]);
}
