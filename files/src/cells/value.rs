//! What a workbook keeps in a cell: numbers, moments, stretches of time.

use calamine::{Data, ExcelDateTime};
use chrono::NaiveDate;

use super::cell::Cell;

/// A cell as the library tells it.
pub(super) fn of_data(value: &Data) -> Cell {
    match value {
        Data::Empty => Cell::Empty,
        Data::String(text) => Cell::of_text(text),
        Data::Int(number) => Cell::Number(number.to_string().into()),
        Data::Float(number) => Cell::Number(shortest(*number).into()),
        Data::Bool(is_true) => Cell::of_text(if *is_true { "VRAI" } else { "FAUX" }),
        Data::DateTime(moment) => of_moment(moment),
        Data::DateTimeIso(text) => of_iso_date(text),
        Data::DurationIso(text) => of_iso_duration(text),
        Data::Error(error) => Cell::fault(fault(error)),
    }
}

/// The number in full: nobody writes `1e-7` hours, and what looks so is a rounding fault of the spreadsheet.
fn shortest(number: f64) -> String {
    let text = number.to_string();
    // 2.4999999999999996 is 2.5 after a spreadsheet has calculated.
    if text.len() > 15 {
        let rounded = format!("{number:.10}");
        return rounded.trim_end_matches('0').trim_end_matches('.').to_owned();
    }
    text
}

fn of_moment(moment: &ExcelDateTime) -> Cell {
    let days = moment.as_f64();
    let (year, month, day, ..) = moment.to_ymd_hms_milli();
    let is_day = !moment.is_duration() && days >= 1.0;
    #[expect(clippy::cast_possible_truncation, reason = "a spreadsheet's moment is far from the end of i64")]
    let milliseconds = (days * 86_400_000.0).round() as i64;
    let day = NaiveDate::from_ymd_opt(i32::from(year), u32::from(month), u32::from(day)).filter(|_| is_day);
    Cell::Moment { day, milliseconds }
}

fn of_iso_date(text: &str) -> Cell {
    let (date, time) = text.split_once('T').unwrap_or((text, ""));
    let Ok(day) = date.parse::<NaiveDate>() else { return Cell::of_text(text) };
    // As Excel keeps it: days since the end of 1899, and the part of a day.
    let days = NaiveDate::from_ymd_opt(1899, 12, 30).map_or(0, |first| day.signed_duration_since(first).num_days());
    let time = time.split('.').next().unwrap_or_default();
    let of_day = chrono::NaiveTime::parse_from_str(time, "%H:%M:%S")
        .map_or(0, |time| time.signed_duration_since(chrono::NaiveTime::MIN).num_milliseconds());
    Cell::Moment { day: Some(day), milliseconds: days.saturating_mul(86_400_000).saturating_add(of_day) }
}

/// `PT02H30M00S`, as `LibreOffice` keeps a time; also with days, a sign, or seconds to the billionth. Years and months
/// have no length.
fn of_iso_duration(text: &str) -> Cell {
    match iso_milliseconds(text) {
        Some(milliseconds) => Cell::Moment { day: None, milliseconds },
        None => Cell::of_text(text),
    }
}

fn iso_milliseconds(text: &str) -> Option<i64> {
    let text = text.trim();
    let (sign, unsigned) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (days, times) = unsigned.strip_prefix('P')?.split_once('T').unwrap_or((unsigned.strip_prefix('P')?, ""));
    let mut milliseconds = 0_f64;
    for (part, units) in [
        (days, &[('Y', None), ('M', None), ('W', Some(604_800_000.0)), ('D', Some(86_400_000.0))][..]),
        (times, &[('H', Some(3_600_000.0)), ('M', Some(60_000.0)), ('S', Some(1000.0))][..]),
    ] {
        let mut rest = part;
        while !rest.is_empty() {
            let end = rest.find(|letter: char| !letter.is_ascii_digit() && letter != '.' && letter != ',')?;
            let (number, after) = rest.split_at(end);
            let number: f64 = number.replace(',', ".").parse().ok()?;
            let letter = after.chars().next()?;
            let (_, each) = units.iter().find(|(known, _)| *known == letter)?;
            match each {
                Some(each) => milliseconds += number * each,
                None if number == 0.0 => {}
                None => return None,
            }
            rest = &after[letter.len_utf8()..];
        }
    }
    #[expect(clippy::cast_possible_truncation, reason = "a number that is too large stays at the end of i64")]
    let whole = milliseconds.round() as i64;
    Some(sign * whole)
}

fn fault(error: &calamine::CellErrorType) -> &'static str {
    use calamine::CellErrorType::{Div0, GettingData, NA, Name, Null, Num, Ref, Value};
    match error {
        Div0 => "#DIV/0!",
        NA => "#N/A",
        Name => "#NAME?",
        Null => "#NULL!",
        Num => "#NUM!",
        Ref => "#REF!",
        Value => "#VALUE!",
        GettingData => "#…",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_of_open_documents_are_read_whole() {
        let cases = [
            ("PT02H30M00S", Some(9_000_000)),
            ("PT02H29M59.999999999S", Some(9_000_000)),
            ("P1DT2H0M0S", Some(93_600_000)),
            ("P1D", Some(86_400_000)),
            ("P0Y0M0DT2H30M0S", Some(9_000_000)),
            ("-PT1H30M", Some(-5_400_000)),
            ("PT0S", Some(0)),
            ("PT26H", Some(93_600_000)),
            ("P1Y", None),
            ("P2MT1H", None),
            ("PT", Some(0)),
            ("2h", None),
            ("PT2", None),
        ];
        for (text, expected) in cases {
            assert_eq!(iso_milliseconds(text), expected, "{text}");
        }
    }

    #[test]
    fn a_date_and_time_is_kept_as_excel_keeps_it() {
        let day = NaiveDate::from_ymd_opt(2024, 3, 1);
        assert_eq!(of_iso_date("2024-03-01"), Cell::Moment { day, milliseconds: 45_352 * 86_400_000 });
        let afternoon = Cell::Moment { day, milliseconds: 45_352 * 86_400_000 + 50_400_000 };
        assert_eq!(of_iso_date("2024-03-01T14:00:00"), afternoon);
        assert_eq!(of_iso_date("2024-03-01T14:00:00.000000000"), afternoon);
    }
}
