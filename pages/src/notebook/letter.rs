//! What there is to write to each partner: a letter that is ready to be sent, or to be copied.

use std::collections::BTreeMap;

use files::reconcile::words::shown_date;
use ledger::{Minutes, exchange::Side, reconcile::Finding};

use super::piles::{Pile, Piles, Told};
use crate::frame::Frame;

/// So many things of a letter are written out; the others are counted.
const LINES_MOST: usize = 40;
/// So many fit into an address that every program for mail takes.
const LINES_OF_ADDRESS: usize = 8;

/// Whom to call or to write to.
#[derive(Debug)]
pub(super) struct Partner {
    /// Where on the page that is.
    pub(super) anchor: String,
    pub(super) name: String,
    /// How much there is to settle.
    pub(super) things: String,
    count: usize,
    lines: Vec<String>,
    /// The letter.
    pub(super) text: String,
    /// An address that begins it in a program for mail.
    pub(super) address: String,
}

/// Those with whom there is something to settle, the most first.
pub(super) fn partners(frame: &Frame, piles: &Piles<'_>) -> Vec<Partner> {
    let mut by_name: BTreeMap<String, (usize, Vec<String>)> = BTreeMap::new();
    for thing in piles.on(Pile::ToCorrect).chain(piles.on(Pile::Waiting)) {
        let told = piles.tell(thing);
        let Some(name) = told.partner() else { continue };
        let (count, lines) = by_name.entry(name.to_owned()).or_default();
        *count += 1;
        if lines.len() < LINES_MOST {
            lines.push(line(frame, &told));
        }
    }
    let mut partners: Vec<_> = by_name.into_iter().collect();
    partners.sort_by_key(|(name, (count, _))| (std::cmp::Reverse(*count), ledger::name::fold(name)));
    let partner = |(at, (name, (count, lines))): (usize, (String, (usize, Vec<String>)))| {
        let things = frame.say("notebook-things", &[("count", count.into())]);
        let (anchor, text, address) = (format!("p{at}"), String::new(), String::new());
        Partner { anchor, name, things, count, lines, text, address }.with_letter(frame, piles)
    };
    partners.into_iter().enumerate().map(partner).collect()
}

impl Partner {
    fn with_letter(mut self, frame: &Frame, piles: &Piles<'_>) -> Self {
        let year = piles.report.year.to_string();
        let letter = |most: usize| {
            let mut lines: Vec<String> = self.lines.iter().take(most).map(|line| format!("- {line}")).collect();
            let left = self.count - lines.len();
            if left > 0 {
                lines.push(frame.say("notebook-letter-more", &[("count", left.into())]));
            }
            let with = [("year", year.as_str().into()), ("network", frame.network.as_str().into())];
            let begin = frame.say("notebook-letter-begin", &with);
            let end = frame.t("notebook-letter-end");
            format!("{begin}\n\n{}\n\n{end}\n\n{}", lines.join("\n"), piles.report.association)
        };
        let subject = frame.say("notebook-letter-subject", &[("year", year.as_str().into())]);
        let body = letter(LINES_OF_ADDRESS).replace('\n', "\r\n");
        let address = format!("mailto:?subject={}&body={}", escaped(&subject), escaped(&body));
        let text = letter(LINES_MOST);
        (self.text, self.address) = (text, address);
        self
    }
}

/// As an address has it; programs for mail show a plus as a plus.
fn escaped(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
}

/// Something to settle, as whoever keeps the notebook tells it to the other side.
fn line(frame: &Frame, told: &Told) -> String {
    let language = frame.language();
    let day = |date: &Option<String>| date.as_deref().map(|date| shown_date(date, language)).unwrap_or_default();
    match told {
        Told::Absent(missing) => {
            let theirs = help(frame, missing.minutes, Some(missing.side));
            let with = [
                ("date", shown_date(&missing.date, language).into()),
                ("theirs", theirs.into()),
                ("reference", missing.reference.as_str().into()),
            ];
            frame.say("notebook-letter-absent", &with)
        }
        Told::Row(line) => {
            let ours = help(frame, line.minutes.unwrap_or_default(), line.side);
            let with = |key: &str, more: &[(&str, String)]| {
                let mut with = vec![("date", day(&line.date).into()), ("ours", ours.as_str().into())];
                with.extend(more.iter().map(|(name, value)| (*name, value.as_str().into())));
                frame.say(key, &with)
            };
            let Some(reference) = line.reference.clone() else { return with("notebook-letter-missing", &[]) };
            if line.finding == Finding::DirectionDiffers {
                return with("notebook-letter-direction", &[("reference", reference)]);
            }
            let mut theirs = Vec::new();
            theirs.extend(line.ledger_minutes.map(|minutes| frame.hours(minutes)));
            theirs.extend(line.ledger_date.as_deref().map(|date| shown_date(date, language)));
            if theirs.is_empty() {
                return with("notebook-letter-other", &[("reference", reference)]);
            }
            with("notebook-letter-differs", &[("theirs", theirs.join(", ")), ("reference", reference)])
        }
    }
}

/// "3 h que nous vous avons données".
fn help(frame: &Frame, minutes: Minutes, side: Option<Side>) -> String {
    let hours = frame.hours(minutes);
    let key = match side {
        Some(Side::Giver) => "notebook-letter-given",
        Some(Side::Receiver) => "notebook-letter-received",
        None => return hours,
    };
    frame.say(key, &[("hours", hours.into())])
}
