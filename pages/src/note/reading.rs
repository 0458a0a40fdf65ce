//! What somebody noted, read: whom it is about, how long, when, for what, who did it. Each thing that does not fit is
//! said at its field.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use ledger::{
    AssociationNumber, ExchangeNumber, Minutes, MinutesError, SkillNumber,
    command::{Command, NewExchange},
    contribution::{Contribution, Nature},
    exchange::Side,
    skill::SkillRef,
};
use service::caller::Caller;
use store::MemberPlace;
use uuid::Uuid;

use super::split::evenly;
use crate::{
    form::{Filled, Misfits, as_sentence, memo_misfit, past_day},
    frame::Frame,
    partner::{self, Meant},
};

/// A remark has so many characters at most.
const MEMO_MOST: usize = 1_900;

/// Help with one partner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Share {
    /// With whom.
    pub(crate) partner: AssociationNumber,
    /// For how long.
    pub(crate) minutes: Minutes,
}

/// What was noted.
#[derive(Debug, Clone)]
pub(crate) struct Noted {
    /// The side of the one who notes.
    pub(crate) side: Side,
    /// With whom, and for how long each.
    pub(crate) shares: Vec<Share>,
    /// When.
    pub(crate) date: NaiveDate,
    /// Whether whoever notes has seen how the time is shared, and that it may have been noted before.
    pub(crate) is_shared_knowingly: bool,
    skill: Option<SkillNumber>,
    memo: Option<String>,
    contributions: Vec<Contribution>,
    /// The exchange that it replaces, which was annulled.
    replaces: Option<ExchangeNumber>,
}

impl Noted {
    /// Who helped whom, of `own` and a partner.
    pub(crate) fn sides(&self, own: AssociationNumber, share: &Share) -> (AssociationNumber, AssociationNumber) {
        match self.side {
            Side::Giver => (own, share.partner),
            Side::Receiver => (share.partner, own),
        }
    }

    /// The commands that it becomes: one a partner.
    pub(crate) fn commands(&self, own: AssociationNumber) -> Vec<Command> {
        let is_only = self.shares.len() == 1;
        let command = |share: &Share| {
            let (giver, receiver) = self.sides(own, share);
            let exchange = NewExchange {
                giver,
                receiver,
                minutes: share.minutes,
                service_date: self.date,
                skill: self.skill.map(SkillRef::Number),
                reference: None,
                memo: self.memo.clone(),
                contributions: if is_only { self.contributions.clone() } else { Vec::new() },
                replaces: self.replaces.filter(|_| is_only),
            };
            Command::Propose { side: self.side, exchange, evidence: None }
        };
        self.shares.iter().map(command).collect()
    }
}

/// The side that a form speaks of; one's own help unless it says otherwise.
pub(crate) fn side(filled: &Filled) -> Side {
    if filled.is("side", "receiver") { Side::Receiver } else { Side::Giver }
}

/// Reads a form about help with `own`. Partners who were typed are put among those that were chosen, and seen.
pub(crate) struct Reader<'a> {
    pub(crate) caller: &'a Caller,
    pub(crate) frame: &'a Frame,
    pub(crate) own: AssociationNumber,
    pub(crate) places: &'a BTreeMap<AssociationNumber, MemberPlace>,
    pub(crate) misfits: Misfits,
    /// Members who may be meant, for the form to offer.
    pub(crate) offered: Vec<AssociationNumber>,
}

impl Reader<'_> {
    /// What was noted; nothing where something does not fit.
    pub(crate) fn read(&mut self, filled: &Filled) -> Option<Noted> {
        let side = side(filled);
        let partners = self.partners(filled);
        let time = self.time(filled);
        let date = self.date(filled);
        let skill = self.skill(filled);
        let memo = self.memo(filled);
        let (people, each, minutes) = time?;
        let contributions = self.contributions(filled, side, people, each, partners.len());
        let shares = self.shares(filled, &partners, minutes);
        let replaces = filled.said("replaces").and_then(|text| self.name("form", text)).map(ExchangeNumber);
        if !self.misfits.is_empty() {
            return None;
        }
        let (shares, is_shared_knowingly) = shares?;
        let counted = (people > 1).then(|| {
            let with = [("people", people.into()), ("each", self.frame.hours(each).into())];
            self.frame.say("note-memo", &with)
        });
        let memo = [counted, memo].into_iter().flatten().collect::<Vec<_>>().join(" ");
        let memo = Some(memo).filter(|memo| !memo.is_empty());
        Some(Noted { side, shares, date: date?, is_shared_knowingly, skill: skill?, memo, contributions, replaces })
    }

    fn name(&mut self, field: &str, text: &str) -> Option<i64> {
        let number = Uuid::try_parse(text).ok().and_then(|name| self.caller.ids().number(name).ok());
        if number.is_none() {
            self.misfits.add(field, self.frame.t("note-unknown-choice"));
        }
        number
    }

    fn partners(&mut self, filled: &Filled) -> Vec<AssociationNumber> {
        let mut partners: Vec<AssociationNumber> = Vec::new();
        for text in filled.all("partner").filter(|text| !text.is_empty()) {
            partners.extend(self.name("partner", text).map(AssociationNumber));
        }
        if let Some(typed) = filled.said("other_partner") {
            let registry = std::sync::Arc::clone(&self.caller.registry);
            let members = partner::partners(&registry, self.own);
            match partner::find(typed, &members, self.places) {
                Meant::One(one) => partners.push(one),
                Meant::OneOf(several) => {
                    self.misfits.add("other_partner", self.frame.say("note-several-meant", &[("typed", typed.into())]));
                    self.offered = several;
                }
                Meant::Nobody(near) => {
                    let key = if near.is_empty() { "note-nobody-meant" } else { "note-nobody-meant-near" };
                    self.misfits.add("other_partner", self.frame.say(key, &[("typed", typed.into())]));
                    self.offered = near;
                }
            }
        }
        let mut seen = Vec::new();
        partners.retain(|partner| {
            let is_new = !seen.contains(partner);
            seen.push(*partner);
            is_new
        });
        if partners.is_empty() && self.misfits.is_empty() {
            self.misfits.add("partner", self.frame.t("note-who-is-missing"));
        }
        partners
    }

    /// How many people, how long each, and all of it.
    fn time(&mut self, filled: &Filled) -> Option<(u32, Minutes, Minutes)> {
        let text = filled.get("people");
        let people = if text.is_empty() { Ok(1) } else { text.parse::<u32>() };
        let Some(people) = people.ok().filter(|people| (1..=1_000).contains(people)) else {
            self.misfits.add("people", self.frame.say("note-people-misfit", &[("found", text.into())]));
            return None;
        };
        let language = self.frame.language();
        let refuse = |error: &MinutesError| as_sentence(&error.in_words(language));
        let typed = filled.get("time");
        if typed.is_empty() {
            self.misfits.add("time", self.frame.t("note-time-missing"));
            return None;
        }
        let read = Minutes::parse_people(typed).map_err(|error| refuse(&error));
        let all = read.and_then(|(written, minutes)| match written {
            Some(_) if people > 1 => Err(self.frame.t("note-people-twice")),
            // "4 x 2h30" in one field.
            Some(written) => Ok((written, Minutes::new(minutes.get() / i64::from(written.max(1))), minutes)),
            None => minutes.of_people(people).map(|all| (people, minutes, all)).map_err(|error| refuse(&error)),
        });
        match all {
            Ok((_, _, minutes)) if !minutes.is_positive() => {
                self.misfits.add("time", self.frame.t("note-time-missing"));
                None
            }
            Ok(all) => Some(all),
            Err(sentence) => {
                self.misfits.add("time", sentence);
                None
            }
        }
    }

    /// A day that was chosen, or another one that was typed.
    fn date(&mut self, filled: &Filled) -> Option<NaiveDate> {
        let chosen = filled.said("day").filter(|day| *day != "other");
        let field = if chosen.is_some() { "day" } else { "other_day" };
        past_day(self.frame, chosen.unwrap_or(filled.get("other_day")))
            .map_err(|sentence| self.misfits.add(field, sentence))
            .ok()
    }

    #[expect(clippy::option_option, reason = "what does not fit is told apart from what was not said")]
    fn skill(&mut self, filled: &Filled) -> Option<Option<SkillNumber>> {
        let chosen = match filled.get("skill") {
            "other" => filled.get("other_skill"),
            chosen => chosen,
        };
        if chosen.is_empty() { Some(None) } else { self.name("skill", chosen).map(SkillNumber).map(Some) }
    }

    fn memo(&mut self, filled: &Filled) -> Option<String> {
        let memo = filled.said("memo")?;
        if let Some(sentence) = memo_misfit(self.frame, memo, MEMO_MOST) {
            self.misfits.add("memo", sentence);
        }
        Some(memo.to_owned())
    }

    /// Who of us did it, the same time each.
    fn contributions(
        &mut self,
        filled: &Filled,
        side: Side,
        people: u32,
        each: Minutes,
        partners: usize,
    ) -> Vec<Contribution> {
        let mut contributions = Vec::new();
        for text in filled.all("person").filter(|text| !text.is_empty()) {
            let person = self.name("person", text).map(ledger::PersonNumber);
            contributions.extend(person.map(|person| Contribution {
                person,
                minutes: each,
                nature: Nature::Operational,
            }));
        }
        if contributions.is_empty() {
            return contributions;
        }
        if side == Side::Receiver {
            self.misfits.add("person", self.frame.t("note-who-when-received"));
        } else if partners > 1 {
            self.misfits.add("person", self.frame.t("note-who-of-several"));
        } else if contributions.len() > usize::try_from(people).unwrap_or(usize::MAX) {
            let with = [("found", contributions.len().into()), ("people", people.into())];
            self.misfits.add("person", self.frame.say("note-who-too-many", &with));
        }
        contributions
    }

    /// How the time is shared: as the form says, or evenly, which has to be seen before it is noted.
    fn shares(
        &mut self,
        filled: &Filled,
        partners: &[AssociationNumber],
        minutes: Minutes,
    ) -> Option<(Vec<Share>, bool)> {
        if let [partner] = partners {
            return Some((vec![Share { partner: *partner, minutes }], true));
        }
        let is_seen = partners.iter().all(|partner| filled.said(&share_field(self.caller, *partner)).is_some());
        if is_seen {
            let mut shares = Vec::new();
            for partner in partners {
                let field = share_field(self.caller, *partner);
                match Minutes::parse(filled.get(&field)) {
                    Ok(minutes) => shares.push(Share { partner: *partner, minutes }),
                    Err(error) => {
                        self.misfits.add(&field, as_sentence(&error.in_words(self.frame.language())));
                    }
                }
            }
            return Some((shares, true));
        }
        let Some(even) = evenly(minutes, partners.len(), self.caller.registry.policy().step_minutes) else {
            if !partners.is_empty() {
                self.misfits.add("time", self.frame.t("note-too-little-to-share"));
            }
            return None;
        };
        let shares = partners.iter().zip(even).map(|(partner, minutes)| Share { partner: *partner, minutes });
        Some((shares.collect(), false))
    }
}

/// The field with a partner's share.
pub(super) fn share_field(caller: &Caller, partner: AssociationNumber) -> String {
    format!("share-{}", caller.name(partner.0))
}
