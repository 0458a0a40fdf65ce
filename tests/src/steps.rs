//! What a random history is made of, before it is known to what each step applies.

use chrono::{Days, NaiveDate};
use ledger::exchange::Side;
use proptest::prelude::*;

use crate::ledger_on::day;

pub(crate) const ASSOCIATIONS: i64 = 5;
pub(crate) const PERSONS: i64 = 6;

/// Something that happens: numbers choose among what there is by then.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    Ask(Ask),
    /// An earlier request once more, by its place.
    Again(usize),
    /// An earlier key with another request.
    KeyAgain(usize, Ask),
    /// Several at once, all or nothing; with a reason, past hard limits.
    Together(Vec<Ask>, bool),
    /// Nobody asks for anything for so many days.
    Later(u64),
}

/// A request without its key.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    pub(crate) what: What,
    pub(crate) who: Who,
    /// Chooses the exchange, the association or the act.
    pub(crate) pick: usize,
    pub(crate) pair: (i64, i64),
    pub(crate) minutes: i64,
    pub(crate) date: NaiveDate,
    pub(crate) told: Vec<(i64, i64, bool)>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum What {
    Propose(Side),
    Record,
    RecordWithReference,
    Confirm,
    Amend,
    Contest,
    Withdraw,
    Dismiss,
    Settle,
    Release,
    RequestCorrection,
    Keep,
    Reverse,
    ReverseExchange,
    Replace,
    Tell,
    OwnHours,
    Gift,
    Dues,
    Grant,
    Opening,
    OwnLimits,
    PolicyLimits,
    Suspend,
    TakeBack,
    CloseYear,
    Describe,
    CorrectPerson,
}

impl What {
    /// The states of exchanges that it is meant for.
    pub(crate) fn states(self) -> &'static [&'static str] {
        match self {
            Self::Confirm | Self::Amend | Self::Contest => &["proposed"],
            Self::Withdraw | Self::Dismiss => &["proposed", "contested", "held"],
            Self::Settle => &["contested"],
            Self::Release => &["held"],
            Self::RequestCorrection | Self::Tell => &["confirmed"],
            Self::Keep => &["correction_requested"],
            Self::ReverseExchange => &["confirmed", "correction_requested"],
            Self::Replace => &["reversed"],
            _ => &[],
        }
    }

    pub(crate) fn is_about_an_exchange(self) -> bool {
        !self.states().is_empty()
    }
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Who {
    /// Somebody who may, if anybody may.
    Rightful,
    /// A delegate of the other side.
    OtherSide,
    Coordinator,
    Mediator,
    /// Somebody, for some association.
    Anybody(i64, i64),
}

pub(crate) fn history() -> impl Strategy<Value = Vec<Vec<Step>>> {
    let step = prop_oneof![
        20 => ask().prop_map(Step::Ask),
        2 => any::<usize>().prop_map(Step::Again),
        1 => (any::<usize>(), ask()).prop_map(|(earlier, ask)| Step::KeyAgain(earlier, ask)),
        1 => (prop::collection::vec(ask(), 1..5), any::<bool>()).prop_map(|(all, anyway)| Step::Together(all, anyway)),
        1 => (1..60_u64).prop_map(Step::Later),
    ];
    prop::collection::vec(prop::collection::vec(step, 1..6), 10..40)
}

fn ask() -> impl Strategy<Value = Ask> {
    use What::*;
    let proposing = prop_oneof![Just(Propose(Side::Giver)), Just(Propose(Side::Receiver))];
    let answering = prop::sample::select(vec![Confirm, Confirm, Confirm, Amend, Contest]);
    let closing = prop::sample::select(vec![Withdraw, Dismiss, Settle, Release, RequestCorrection, Keep]);
    let posting = prop::sample::select(vec![Record, Record, RecordWithReference, Replace, Tell, OwnHours]);
    let undoing = prop::sample::select(vec![Reverse, ReverseExchange]);
    let passing = prop::sample::select(vec![Gift, Dues, Grant, Opening]);
    let ruling =
        prop::sample::select(vec![OwnLimits, PolicyLimits, Suspend, TakeBack, CloseYear, Describe, CorrectPerson]);
    let what = prop_oneof![
        4 => proposing, 5 => answering, 5 => closing, 4 => posting, 2 => undoing, 3 => passing, 2 => ruling
    ];
    let who = prop_oneof![
        9 => Just(Who::Rightful),
        1 => Just(Who::OtherSide),
        3 => Just(Who::Coordinator),
        1 => Just(Who::Mediator),
        1 => (0..PERSONS, 0..ASSOCIATIONS).prop_map(|(person, association)| Who::Anybody(person, association)),
    ];
    let minutes = prop_oneof![8 => (1..=40_i64).prop_map(|steps| steps * 15), 1 => -30..=30_i64];
    let date = (0..520_u64).prop_map(|days| day(2023, 11, 1) + Days::new(days));
    let told = prop::collection::vec((0..PERSONS, 0..60_i64, prop::bool::weighted(0.03)), 0..3);
    let others = (0..ASSOCIATIONS, 1..ASSOCIATIONS).prop_map(|(one, on)| (one, (one + on) % ASSOCIATIONS));
    let pair = prop_oneof![12 => others, 1 => (0..ASSOCIATIONS).prop_map(|one| (one, one))];
    (what, who, any::<usize>(), pair, minutes, date, told)
        .prop_map(|(what, who, pick, pair, minutes, date, told)| Ask { what, who, pick, pair, minutes, date, told })
}
