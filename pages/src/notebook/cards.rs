//! What differs, a card each: what was written, what the ledger says, and what can be done.

use files::reconcile::{
    propose::Ask,
    words::{called, shown_date, sign},
};
use ledger::reconcile::Finding;
use service::caller::Caller;

use super::{
    letter::Partner,
    piles::{Pile, Piles, Thing, Told},
};
use crate::frame::Frame;

/// A difference.
#[derive(Debug, Default)]
pub(super) struct Card {
    /// What it is called in addresses and forms.
    pub(super) name: String,
    /// "Ligne 12, feuille Mars".
    pub(super) place: String,
    /// What kind of difference it is, and a sign for it.
    pub(super) called: String,
    pub(super) sign: &'static str,
    pub(super) finding: &'static str,
    /// What was written, the cells as they stand; nothing where the notebook lacks it.
    pub(super) wrote: Option<String>,
    /// What the ledger says, in sentences.
    pub(super) says: String,
    /// The exchange that it is about.
    pub(super) exchange: Option<String>,
    pub(super) reference: Option<String>,
    /// What would be proposed, in a sentence.
    pub(super) propose: Option<String>,
    /// Why a correction would be asked for, as the other side would read it.
    pub(super) correct: Option<String>,
    /// Whether whoever keeps the notebook may say that it is wrong.
    pub(super) may_be_ours: bool,
    /// Whether a name leaves open who is meant.
    pub(super) has_open_name: bool,
    /// Where what to write to the other side stands, and who that is.
    pub(super) partner: Option<(String, String)>,
    /// What to mend in the notebook.
    pub(super) advice: Option<String>,
    /// What its forms show.
    pub(super) seen: String,
    /// Why what was asked was not done.
    pub(super) refused: Option<String>,
    /// Where its reader goes on once something was done about it: the next card, and the part of the list it is in.
    pub(super) next: String,
    pub(super) from: usize,
}

/// What cards are made from.
pub(super) struct Table<'a> {
    pub(super) caller: &'a Caller,
    pub(super) frame: &'a Frame,
    pub(super) piles: &'a Piles<'a>,
    pub(super) asks: &'a [Ask],
    pub(super) partners: &'a [Partner],
}

impl Table<'_> {
    /// The card of something.
    pub(super) fn card(&self, thing: Thing) -> Card {
        let told = self.piles.tell(thing);
        let pile = self.piles.pile(thing);
        let ask = self.piles.line_of(thing).and_then(|line| self.asks.iter().find(|ask| ask.line == line));
        let ask = ask.filter(|_| pile == Pile::ToCorrect);
        let anchor = told.partner().and_then(|name| self.partners.iter().find(|partner| partner.name == name));
        Card {
            name: self.piles.name(thing),
            seen: told.seen(),
            propose: ask.filter(|ask| ask.reason.is_none()).map(|ask| ask.shown.clone()),
            correct: ask.and_then(|ask| ask.reason.clone()),
            may_be_ours: pile == Pile::ToCorrect,
            partner: anchor.map(|partner| (partner.anchor.clone(), partner.name.clone())),
            advice: (pile == Pile::Ours).then(|| self.advice(&told)),
            ..self.said(&told)
        }
    }

    fn said(&self, told: &Told) -> Card {
        let (frame, language) = (self.frame, self.frame.language());
        let address = |number: i64| frame.under(&format!("/exchanges/{}", self.caller.name(number)));
        match told {
            Told::Absent(missing) => Card {
                place: frame.t("notebook-not-in-it"),
                called: frame.t("notebook-absent"),
                sign: "−",
                exchange: Some(address(missing.exchange)),
                reference: Some(missing.reference.clone()),
                finding: "missing_in_file",
                says: missing.explanation.clone(),
                ..Card::default()
            },
            Told::Row(line) => Card {
                place: place(frame, line.line, line.sheet.as_deref()),
                called: called(line.finding, language).to_owned(),
                sign: sign(line.finding),
                wrote: Some(line.text.clone()),
                exchange: line.exchange.map(address),
                reference: line.reference.clone(),
                has_open_name: line.finding == Finding::AmbiguousPartner,
                finding: line.finding.as_str(),
                says: line.explanation.clone(),
                ..Card::default()
            },
        }
    }

    /// What to mend in one's own notebook.
    fn advice(&self, told: &Told) -> String {
        let frame = self.frame;
        let line = match told {
            Told::Absent(missing) => {
                let date = shown_date(&missing.date, frame.language());
                let help = format!("{} {}", frame.hours(missing.minutes), missing.side.of_help(frame.language()));
                let with = [("date", date.into()), ("partner", missing.partner.as_str().into()), ("help", help.into())];
                return frame.say("notebook-ours-add", &with);
            }
            Told::Row(line) => line,
        };
        let mut mend = Vec::new();
        if line.finding == Finding::DirectionDiffers {
            mend.push(frame.t("notebook-ours-direction"));
        }
        if let Some(minutes) = line.ledger_minutes {
            mend.push(frame.say("notebook-ours-hours", &[("hours", frame.hours(minutes).into())]));
        }
        if let Some(date) = line.ledger_date.as_deref() {
            let date = shown_date(date, frame.language());
            mend.push(frame.say("notebook-ours-date", &[("date", date.into())]));
        }
        if !mend.is_empty() {
            return mend.join(" ");
        }
        match line.finding {
            Finding::MissingInLedger | Finding::Duplicate | Finding::Reversed => frame.t("notebook-ours-strike"),
            Finding::Matched
            | Finding::AmountDiffers
            | Finding::DateDiffers
            | Finding::DirectionDiffers
            | Finding::Waiting
            | Finding::AmbiguousPartner
            | Finding::Unreadable
            | Finding::TotalDiffers
            | Finding::Ignored => frame.t("notebook-ours-mend"),
        }
    }
}

/// "Ligne 12, feuille Mars".
pub(super) fn place(frame: &Frame, line: u64, sheet: Option<&str>) -> String {
    let number = line.to_string();
    match sheet {
        Some(sheet) => frame.say("notebook-line-of-sheet", &[("line", number.into()), ("sheet", sheet.into())]),
        None => frame.say("notebook-line", &[("line", number.into())]),
    }
}
