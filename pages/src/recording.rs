//! Noting for somebody: what was told by telephone or on paper. What one side says waits for the other one's answer; what
//! both said is counted, with both as evidence. Nobody confirms for one side what they noted for the other.

use std::collections::BTreeMap;

use askama::Template;
use axum::{extract::State, http::StatusCode};
use chrono::NaiveDate;
use ledger::{
    AssociationNumber, Minutes, SkillNumber,
    command::{Command, NewExchange},
    evidence::{Evidence, EvidenceKind},
    exchange::Side,
    skill::SkillRef,
};
use service::{App, caller::Caller, problem::Problem};
use store::{MemberPlace, SameHelp};
use uuid::Uuid;

use crate::{
    answer::{Answer, page, page_with, see},
    evidence,
    form::{Choice, Filled, Misfits, as_sentence, memo_misfit, past_day, sentence_of},
    frame::{Asking, Frame},
    partner::{self, Meant},
};

/// A remark has so many characters at most; what is noted of who asked comes on top.
const MEMO_MOST: usize = 1_500;
/// A name, or the number of a slip, has so many.
const SAID_MOST: usize = 120;

#[derive(Template)]
#[template(path = "recording.html")]
struct Recording {
    frame: Frame,
    misfits: Misfits,
    names: Vec<String>,
    giver: String,
    receiver: String,
    time: String,
    date: String,
    skills: Vec<Choice>,
    memo: String,
    evidence: Vec<Choice>,
    said_giver: String,
    said_receiver: String,
    /// What was noted already, and looks the same.
    repeat: Option<String>,
}

async fn lay(
    app: &App,
    caller: &Caller,
    asking: &Asking,
    filled: &Filled,
    misfits: Misfits,
) -> Result<Recording, Problem> {
    let frame = Frame::around(app, caller, asking).await?;
    let names = partner::taking_part(&caller.registry).iter().map(|member| member.name().to_owned()).collect();
    let chosen = filled.get("skill");
    let skills = caller.registry.skills().iter();
    let skills = skills.map(|skill| Choice::of(&caller.name(skill.number.0), &skill.name, chosen)).collect();
    let field = |name| filled.get(name).to_owned();
    Ok(Recording {
        names,
        giver: field("giver"),
        receiver: field("receiver"),
        time: field("time"),
        date: filled.said("date").map_or_else(|| frame.today.to_string(), str::to_owned),
        skills,
        memo: field("memo"),
        evidence: evidence::choices(&frame, filled),
        said_giver: field("said_giver"),
        said_receiver: field("said_receiver"),
        repeat: misfits.at("repeat").map(str::to_owned),
        misfits,
        frame,
    })
}

/// The page.
pub(crate) async fn show(State(app): State<App>, caller: Caller, asking: Asking) -> Answer {
    page(&lay(&app, &caller, &asking, &Filled::default(), Misfits::default()).await?)
}

/// Notes it.
pub(crate) async fn send(State(app): State<App>, caller: Caller, asking: Asking, filled: Filled) -> Answer {
    let asked = filled.asked()?;
    let frame = Frame::around(&app, &caller, &asking).await?;
    let places = app.store.member_places(caller.known.id).await?;
    let mut reader = Reader { caller: &caller, frame: &frame, places: &places, misfits: Misfits::default() };
    let Some(command) = reader.read(&filled) else {
        let misfits = reader.misfits;
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &lay(&app, &caller, &asking, &filled, misfits).await?);
    };
    let is_known = !app.store.acts_of_keys(caller.known.id, &[asked.key_of(&caller)]).await?.is_empty();
    if !is_known
        && !filled.is("repeat", "yes")
        && let Some(sentence) = repeated(&app, &caller, &frame, &command).await?
    {
        let mut misfits = Misfits::default();
        misfits.add("repeat", sentence);
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &lay(&app, &caller, &asking, &filled, misfits).await?);
    }
    let said = if matches!(command, Command::Record { .. }) { "said-recorded" } else { "said-noted-for" };
    match app.write(&caller, &asked, command).await {
        Ok(made) => see(&frame.under(&format!("/exchanges/{}?said={said}", caller.name(made.act.0)))),
        Err(problem) => {
            let field = match problem.field().unwrap_or_default() {
                "minutes" => "time",
                "service_date" | "date" => "date",
                "giver" => "giver",
                "receiver" => "receiver",
                "skill" => "skill",
                "memo" => "memo",
                _ => "form",
            };
            let mut misfits = Misfits::default();
            misfits.add(field, sentence_of(&frame, &problem));
            page_with(problem.status(), &lay(&app, &caller, &asking, &filled, misfits).await?)
        }
    }
}

/// A sentence about what was noted already of the same day between the same two, as long.
async fn repeated(app: &App, caller: &Caller, frame: &Frame, command: &Command) -> Result<Option<String>, Problem> {
    let (Command::Record { exchange, .. } | Command::Propose { exchange, .. }) = command else { return Ok(None) };
    let NewExchange { giver, receiver, minutes, service_date, .. } = *exchange;
    let help = SameHelp { service_date, giver, receiver, minutes };
    let found = app.store.same_help(caller.known.id, help).await?;
    Ok(found.map(|_| {
        let with = [
            ("day", frame.date(service_date).into()),
            ("hours", frame.hours(minutes).into()),
            ("giver", caller.name_of(giver).into()),
            ("receiver", caller.name_of(receiver).into()),
        ];
        frame.say("record-repeat", &with)
    }))
}

/// Reads what was told.
struct Reader<'a> {
    caller: &'a Caller,
    frame: &'a Frame,
    places: &'a BTreeMap<AssociationNumber, MemberPlace>,
    misfits: Misfits,
}

impl Reader<'_> {
    fn read(&mut self, filled: &Filled) -> Option<Command> {
        let giver = self.member(filled, "giver");
        let receiver = self.member(filled, "receiver");
        let minutes = self.time(filled);
        let service_date = self.date(filled);
        let skill = self.skill(filled);
        let memo = self.memo(filled);
        let said = [Side::Giver, Side::Receiver].map(|side| self.said(filled, side));
        if said == [None, None] {
            self.misfits.add("said_giver", self.frame.t("record-said-missing"));
        }
        if !self.misfits.is_empty() {
            return None;
        }
        let exchange = |memo| {
            Some(NewExchange {
                giver: giver?,
                receiver: receiver?,
                minutes: minutes?,
                service_date: service_date?,
                skill: skill?.map(SkillRef::Number),
                reference: None,
                memo,
                contributions: Vec::new(),
                replaces: None,
            })
        };
        let is_paper = filled.is("evidence", "paper");
        let [by_giver, by_receiver] = said;
        let (side, said) = match (by_giver, by_receiver) {
            (Some(by_giver), Some(by_receiver)) => {
                let evidence = self.of_both(is_paper, &by_giver, &by_receiver);
                return Some(Command::Record { exchange: exchange(memo)?, evidence });
            }
            (Some(said), None) => (Side::Giver, said),
            (None, Some(said)) => (Side::Receiver, said),
            (None, None) => return None,
        };
        // Both sides read who asked for it; the log seals how, and who wrote it down.
        let evidence = evidence::of_call_or_slip(is_paper, &said, self.frame);
        let key = if is_paper { "record-told-on-paper" } else { "record-told-by-telephone" };
        let told = self.frame.say(key, &[("said", said.into()), ("date", self.frame.today.to_string().into())]);
        let memo = [Some(told), memo].into_iter().flatten().collect::<Vec<_>>().join("\n");
        Some(Command::Propose { side, exchange: exchange(Some(memo))?, evidence: Some(evidence) })
    }

    /// Two calls, or a slip that both signed.
    fn of_both(&self, is_paper: bool, by_giver: &str, by_receiver: &str) -> Evidence {
        let (kind, key) = if is_paper {
            (EvidenceKind::PaperSlip, "evidence-paper-both")
        } else {
            (EvidenceKind::Coordinator, "evidence-telephone-both")
        };
        let told = [
            ("giver", by_giver.into()),
            ("receiver", by_receiver.into()),
            ("date", self.frame.today.to_string().into()),
        ];
        Evidence { kind, reference: Some(self.frame.say(key, &told)), line: None }
    }

    fn member(&mut self, filled: &Filled, field: &str) -> Option<AssociationNumber> {
        let Some(typed) = filled.said(field) else {
            self.misfits.add(field, self.frame.t("note-who-is-missing"));
            return None;
        };
        let members = partner::taking_part(&self.caller.registry);
        let (key, offered) = match partner::find(typed, &members, self.places) {
            Meant::One(one) => return Some(one),
            Meant::OneOf(several) => ("record-several-meant", several),
            Meant::Nobody(near) if near.is_empty() => ("note-nobody-meant", near),
            Meant::Nobody(near) => ("record-nobody-meant", near),
        };
        let names: Vec<_> = offered.iter().map(|member| self.caller.name_of(*member)).collect();
        let told = [("typed", typed.into()), ("names", names.join(", ").into())];
        self.misfits.add(field, self.frame.say(key, &told));
        None
    }

    fn time(&mut self, filled: &Filled) -> Option<Minutes> {
        let sentence = match Minutes::parse(filled.get("time")) {
            Ok(minutes) if minutes.is_positive() => return Some(minutes),
            Ok(_) => self.frame.t("note-time-missing"),
            Err(_) if filled.said("time").is_none() => self.frame.t("note-time-missing"),
            Err(error) => as_sentence(&error.in_words(self.frame.language())),
        };
        self.misfits.add("time", sentence);
        None
    }

    fn date(&mut self, filled: &Filled) -> Option<NaiveDate> {
        past_day(self.frame, filled.get("date")).map_err(|sentence| self.misfits.add("date", sentence)).ok()
    }

    #[expect(clippy::option_option, reason = "what does not fit is told apart from what was not said")]
    fn skill(&mut self, filled: &Filled) -> Option<Option<SkillNumber>> {
        let Some(chosen) = filled.said("skill") else { return Some(None) };
        let number = Uuid::try_parse(chosen).ok().and_then(|name| self.caller.ids().number(name).ok());
        if number.is_none() {
            self.misfits.add("skill", self.frame.t("note-unknown-choice"));
        }
        number.map(SkillNumber).map(Some)
    }

    fn memo(&mut self, filled: &Filled) -> Option<String> {
        let memo = filled.said("memo")?;
        if let Some(sentence) = memo_misfit(self.frame, memo, MEMO_MOST) {
            self.misfits.add("memo", sentence);
        }
        Some(memo.to_owned())
    }

    /// Who said it for a side, or on which slip.
    fn said(&mut self, filled: &Filled, side: Side) -> Option<String> {
        let field = match side {
            Side::Giver => "said_giver",
            Side::Receiver => "said_receiver",
        };
        let said = filled.said(field)?;
        if said.chars().count() > SAID_MOST {
            self.misfits.add(field, self.frame.t("evidence-too-long"));
        }
        Some(said.to_owned())
    }
}
