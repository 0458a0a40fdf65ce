//! Every way of writing an amount, and what is refused.

use super::*;
use proptest::prelude::*;

/// One outcome a line and the texts that lead to it; `~` is U+00A0 and `_` is U+202F.
const CASES: &str = "
    0             | 0 | 0h | 0h00 | 0 min | 0:00 | PT0M | 0,0
    1             | 1 min | 1mn | 1' | 0h01 | 0 h 1 min | 0:01:00
    30            | 0,5 | 0.50 | 0,500 | 0.500 h | 30 min. | 0:30
    45            | 45' | 45’ | 45 ′ | 45 MIN | 45m | 0h45 | 0,75 h | PT45M | 45 mins
    65            | 1h05 | 1 h 5 min | 1 heure 5 minutes | 1:05
    120           | 2 | 2h | 2 H | 2,00 | 2.0 | 2 heures | 2 hours | 2:00 | 2hrs | PT2H
    138           | 2,3 | 2.30
    150           | 2h30 | 2 h 30 | 2H30 | 2h30min | 2 h 30 min | 2 heures 30 | 02h30 | 2h30'
    150           | 2:30 | 02:30 | 2:30:00 | 2,5 | 2.5 | 2,5 h | 2.5 hours | 2~heures_30~min
    150           | 150 min | 150 minutes | 150mn | PT2H30M | pt150m | PT2.5H | ~2,5~
    180           | 3 | 3,0 | 3 heures | 3h00
    72000         | 1200 | 1 200 | 1 200 h | 1_200 heures | 1200,0 | 1 200,00 h | 1,200.0 h
    72030         | 1,200 h 30 | 1.200 h 30 min | 1 200h30 | 1~200:30 | 1,200.5 | 1.200,5
    188115        | 3 135 h 15 | 3_135~h~15 | 3,135~h~15~min | 3 135,25 | 188 115 min
    74074020      | 1,234,567 | 1.234.567 h | 1 234 567
    1000000000    | 1000000000 min
    4 people 480  | 4 x 2h | 4x2h | 4 × 2 | 4 * 120 min | 4 pers. 2h | 4 PERS x 2h | 4 p. 2h
    4 people 480  | 4 people x 2h | 4 people 2 hours | 4 persons 2:00 | 4~pers.~2h
    4 people 600  | 4x2h30 | 4 × 2,5 | 4 personnes 2h30 | 4 PERSONNES x 2 h 30 | 4p2h30
    4 people 180  | 4 * 45 min | 4 x 45'
    1 people 60   | 1 personne 1 heure | 1 person 1 hour
    Empty         |
    Unreadable    | deux heures | h | - | abc | 2j | P1DT2H | PT | PT2,5 | 2h30 4 | 2h30min15
    Unreadable    | 2,5 h 30 | 2h30,5 | 1:2:3:4 | 2::30 | 2:30:75 | 2, | ,5 | 1,5,2 | 2 50 | 2 h 300 h
    Unreadable    | 12,34,567 h | 1 1234 | 0,33333333333333333333333333333333333 | 4 x | x 2h | 4 pers | 0 x 2h | 1,5 x 2h | 4 x x 2h | 4 x -2h
    Ambiguous     | 2,500 | 2.500 h | 2,500 min | 1,000 h | 2h5 | 2:5 | 3 x 1,250 h
    Negative      | -2h | −2 h 30 | –2,5 | -0,33 | - 4 x 2h | -2h75 | -2,500
    75 minutes    | 2h75 | 2:75 | 1 h 75 min | 4 x 2h75
    nearest 20    | 0,33 | 0.333 h | 0,33333333333333331
    nearest 80    | 4 x 0,33
    nearest 2     | 2,4 min | 0,025
    nearest 1     | 0,5 min
    nearest 150   | 2:30:29
    nearest 151   | 2:30:30
    TooLarge      | 1000000001 min | 16666667 | 99999999999999999999999999999999999 h
    TooLarge      | 9999999999h30 | 9999999999 x 1h | 1000000 x 1000000 h";

fn visible(text: &str) -> String {
    text.replace('\u{a0}', "~").replace('\u{202f}', "_")
}

fn outcome(text: &str) -> String {
    match Minutes::parse_people(text) {
        Ok((None, minutes)) => minutes.get().to_string(),
        Ok((Some(people), minutes)) => format!("{people} people {}", minutes.get()),
        Err(MinutesError::MinutesOverAnHour { minutes }) => format!("{minutes} minutes"),
        Err(MinutesError::NotWholeMinutes { nearest, .. }) => format!("nearest {}", nearest.0),
        Err(error) => format!("{error:?}").split('(').next().unwrap().to_owned(),
    }
}

#[test]
fn reads_what_people_write_and_nothing_else() {
    for line in CASES.trim().lines() {
        let (expected, texts) = line.split_once('|').unwrap();
        for text in texts.split('|') {
            let text = text.replace('~', "\u{a0}").replace('_', "\u{202f}");
            assert_eq!(outcome(&text), expected.trim(), "{text:?}");
        }
    }
}

#[test]
fn one_sign_before_a_balance_is_read() {
    for (text, minutes) in [("-3 h 30", -210), ("−2,5", -150), ("– 1h", -60), ("12 h", 720), (" -0 ", 0)] {
        assert_eq!(Minutes::parse_signed(text).map(Minutes::get), Ok(minutes), "{text}");
    }
    for text in ["--3h", "-−3h", "-", "", "- x"] {
        assert!(Minutes::parse_signed(text).is_err(), "{text}");
    }
}

#[test]
fn says_what_was_found_and_what_would_fit() {
    let explain = |language| {
        let texts = "|deux heures|2,500 h|-2h|2h75|0,33|17000000 h".split('|');
        let errors = texts.map(|text| Minutes::parse(text).unwrap_err());
        let lines: Vec<_> = errors.map(|error| error.in_words(language)).collect();
        visible(&lines.join("\n"))
    };
    insta::assert_snapshot!(explain(Language::French), @"
    durée manquante ; écrivez par exemple 2h30, 2:30, 2,5 ou 150 min
    durée illisible : « deux heures » ; écrivez par exemple 2h30, 2:30, 2,5 ou 150 min
    durée à double sens : « 2,500 h » ; écrivez par exemple 2h30, 2:30, 2,5 ou 150 min
    durée négative : « -2h » ; écrivez-la sans signe
    75 minutes après les heures, 59 au plus ; écrivez par exemple 2h30, 2:30, 2,5 ou 150 min
    « 0,33 » ne tombe pas sur une minute entière ; au plus près : 20~min
    durée démesurée : « 17000000 h » ; au plus 16_666_666~h~40
    ");
    insta::assert_snapshot!(explain(Language::English), @"
    missing duration; write for instance 2h30, 2:30, 2.5 or 150 min
    unreadable duration: “deux heures”; write for instance 2h30, 2:30, 2.5 or 150 min
    ambiguous duration: “2,500 h”; write for instance 2h30, 2:30, 2.5 or 150 min
    negative duration: “-2h”; write it without a sign
    75 minutes after the hours, at most 59; write for instance 2h30, 2:30, 2.5 or 150 min
    “0,33” is not a whole number of minutes; the nearest is 20~min
    duration too large: “17000000 h”; at most 16,666,666~h~40~min
    ");
}

#[test]
fn prints_for_people() {
    let cases = "
        0                    | 0~min                              | 0~min
        -45                  | −45~min                            | −45~min
        125                  | 2~h~05                             | 2~h~05~min
        180                  | 3~h                                | 3~h
        -150                 | −2~h~30                            | −2~h~30~min
        59940                | 999~h                              | 999~h
        60000                | 1_000~h                            | 1,000~h~00~min
        188115               | 3_135~h~15                         | 3,135~h~15~min
        -9223372036854775808 | −153_722_867_280_912_930~h~08      | −153,722,867,280,912,930~h~08~min";
    for line in cases.trim().lines() {
        let [minutes, french, english] = line.split('|').map(str::trim).collect::<Vec<_>>()[..] else {
            panic!("{line}")
        };
        let minutes = Minutes(minutes.parse().unwrap());
        for (language, expected) in [(Language::French, french), (Language::English, english)] {
            let printed = minutes.display(language).to_string();
            assert_eq!(visible(&printed), expected);
        }
    }
    assert_eq!(format!("{:>8}|", Minutes(180).display(Language::French)), "     3\u{a0}h|");
}

#[test]
fn goes_to_decimal_hours_and_back() {
    for (minutes, hours) in [(150, "2.50"), (20, "0.33"), (-20, "-0.33"), (100, "1.67")] {
        assert_eq!(Minutes(minutes).to_hours().to_string(), hours);
    }
    let read = |hours: &str| Minutes::from_hours(Decimal::from_str_exact(hours).unwrap());
    assert_eq!(read("-2.25"), Ok(Minutes(-135)));
    let (found, nearest) = ("-0.33".to_owned(), Minutes(-20));
    assert_eq!(read("-0.33"), Err(MinutesError::NotWholeMinutes { found, nearest }));
    assert!(matches!(Minutes::from_hours(Decimal::MAX), Err(MinutesError::TooLarge(_))));
}

#[test]
fn sums_never_wrap() {
    assert_eq!(Minutes::sum([Minutes(2), Minutes(-3)]), Some(Minutes(-1)));
    assert_eq!(Minutes::sum([Minutes(i64::MAX), Minutes(1), Minutes(-1)]), None);
    assert_eq!(Minutes(i64::MIN).checked_neg(), None);
    assert_eq!(Minutes(i64::MIN).checked_sub(Minutes(1)), None);
}

proptest! {
    #[test]
    fn reads_back_what_it_prints(minutes in 0..10_000_000_i64) {
        for language in [Language::French, Language::English] {
            let printed = Minutes(minutes).display(language).to_string();
            prop_assert_eq!(Minutes::parse(&printed), Ok(Minutes(minutes)));
        }
    }

    #[test]
    fn answers_whatever_is_written(text in r"[-0-9hHxpmin:., '\u{a0}é]{0,20}") {
        let _ = Minutes::parse(&text);
    }
}

#[test]
fn the_time_of_many_people_is_exact_or_refused() {
    let two_hours = Minutes::new(120);
    assert_eq!(two_hours.of_people(4), Ok(Minutes::new(480)));
    assert_eq!(two_hours.of_people(8_333_333), Ok(Minutes::new(999_999_960)));
    for (minutes, people) in [(120, 8_333_334), (1_000_000_000, u32::MAX)] {
        let found = format!("{people} x {minutes} min");
        assert_eq!(Minutes::new(minutes).of_people(people), Err(MinutesError::TooLarge(found)));
    }
}
