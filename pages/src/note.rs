//! Noting help: one page, one form.

mod split;

mod reading;

use std::collections::BTreeMap;

use askama::Template;
use axum::{extract::State, response::Response};
use chrono::{Days, NaiveDate};
use ledger::{AssociationNumber, PersonNumber, exchange::Side};
use service::{App, asked::Asked, caller::Caller, dates, problem::Problem};
use store::{ExchangeFilter, ExchangeView, MemberPlace, Page, SameHelp};

use self::reading::{Noted, Reader, Share, share_field};
use crate::{
    answer::{Answer, page, page_with, see},
    form::{Filled, Misfits, sentence_of},
    frame::{Asking, Frame},
    home::own,
    partner,
};

/// The last partners and skills come from so many exchanges.
const REMEMBERED: u32 = 60;
/// So many partners are one tap away.
const PARTNERS_MOST: usize = 6;
/// So many skills are.
const SKILLS_MOST: usize = 4;
/// So many names are offered while somebody types; beyond them the service finds who is meant once it is sent.
const NAMES_MOST: usize = 300;
/// So many of our own people are listed.
const PEOPLE_MOST: usize = 80;

/// Something to choose.
#[derive(Debug, Clone)]
struct Choice {
    value: String,
    label: String,
    /// What is said beside, in small letters.
    beside: Option<String>,
    is_chosen: bool,
}

/// A partner's share of the time.
#[derive(Debug)]
struct ShareField {
    field: String,
    label: String,
    value: String,
}

#[derive(Template)]
#[template(path = "note.html")]
struct Note {
    frame: Frame,
    misfits: Misfits,
    own: String,
    is_given: bool,
    partners: Vec<Choice>,
    names: Vec<Choice>,
    other_partner: String,
    people: String,
    time: String,
    days: Vec<Choice>,
    other_day: String,
    last_day: String,
    is_other_day: bool,
    skills: Vec<Choice>,
    all_skills: Vec<Choice>,
    is_other_skill: bool,
    memo: String,
    persons: Vec<Choice>,
    shares: Vec<ShareField>,
    repeat: Option<String>,
    /// The exchange that this one replaces; empty where it is a new one.
    replaces: String,
}

impl Note {
    /// What the button says that it will do.
    fn send(&self) -> String {
        let key = if self.is_given { "note-send-given" } else { "note-send-received" };
        self.frame.say(key, &[("own", self.own.as_str().into())])
    }

    /// The same for a script, which knows with whom and how long before the form is sent.
    fn send_with(&self, key: &str) -> String {
        let with = [("own", self.own.as_str()), ("partner", "{partner}"), ("hours", "{hours}")];
        self.frame.say(key, &with.map(|(name, value)| (name, value.into())))
    }

    /// Whether no skill of the catalogue is chosen, which is how the form begins.
    fn has_no_skill(&self) -> bool {
        !self.is_other_skill && self.skills.iter().all(|skill| !skill.is_chosen)
    }

    /// What comes after.
    fn then(&self) -> String {
        self.frame.t("note-then")
    }
}

/// What the page is made from.
struct Table<'a> {
    app: &'a App,
    caller: &'a Caller,
    frame: Frame,
    own: AssociationNumber,
    places: BTreeMap<AssociationNumber, MemberPlace>,
    last: Vec<ExchangeView>,
    people: Vec<(PersonNumber, String)>,
}

impl<'a> Table<'a> {
    async fn set(app: &'a App, caller: &'a Caller, asking: &Asking) -> Result<Self, Problem> {
        let (own, network) = (own(caller)?, caller.known.id);
        let frame = Frame::around(app, caller, asking).await?;
        let filter = ExchangeFilter { association: Some(own), page: Page::newest(REMEMBERED), ..Default::default() };
        let last = app.store.exchange_views(network, &filter).await?;
        let places = app.store.member_places(network).await?;
        let ours = caller.registry.persons().filter(|person| person.associations.contains(&own));
        let ours: Vec<_> = ours.map(|person| person.number).take(PEOPLE_MOST).collect();
        let mut people = Vec::new();
        for (number, identity) in app.store.identities_of(network, &ours).await? {
            people.push((number, crate::frame::full_name(&identity)));
        }
        people.sort_by_cached_key(|(_, name)| ledger::name::fold(name));
        Ok(Self { app, caller, frame, own, places, last, people })
    }

    fn association(&self, number: AssociationNumber, filled: &Filled) -> Choice {
        let value = self.caller.name(number.0).to_string();
        Choice {
            is_chosen: filled.is("partner", &value),
            label: self.caller.name_of(number),
            beside: self.places.get(&number).and_then(|place| place.commune.clone()),
            value,
        }
    }

    /// The last partners, those who were chosen already, and those who may be meant.
    fn partners(&self, filled: &Filled, offered: &[AssociationNumber]) -> Vec<Choice> {
        let allowed = partner::partners(&self.caller.registry, self.own);
        let allowed: Vec<_> = allowed.into_iter().map(|member| member.number).collect();
        let chosen = filled.all("partner").filter_map(|text| text.parse().ok());
        let chosen = chosen.filter_map(|name| self.caller.ids().number(name).ok()).map(AssociationNumber);
        let mut numbers: Vec<AssociationNumber> = offered.iter().copied().chain(chosen).collect();
        let least = numbers.len() + PARTNERS_MOST;
        for view in &self.last {
            let terms = view.exchange.terms;
            let other = if terms.giver == self.own { terms.receiver } else { terms.giver };
            if numbers.len() < least {
                numbers.push(other);
            }
        }
        let mut shown = Vec::new();
        for number in numbers {
            if allowed.contains(&number) && !shown.contains(&number) {
                shown.push(number);
            }
        }
        // Who has helped few so far finds others one tap away as well: neighbours first, then by name.
        let commune = |number: &AssociationNumber| self.places.get(number).and_then(|place| place.commune.as_ref());
        let here = commune(&self.own);
        let mut others: Vec<_> = allowed.iter().filter(|number| !shown.contains(number)).copied().collect();
        others.sort_by_key(|number| here.is_none() || commune(number) != here);
        let missing = PARTNERS_MOST.saturating_sub(shown.len());
        shown.extend(others.into_iter().take(missing));
        shown.truncate(PARTNERS_MOST.max(offered.len() + filled.all("partner").count()));
        shown.into_iter().map(|number| self.association(number, filled)).collect()
    }

    fn names(&self) -> Vec<Choice> {
        let members = partner::partners(&self.caller.registry, self.own);
        if members.len() > NAMES_MOST {
            return Vec::new();
        }
        let name = |member: &ledger::association::Association| self.association(member.number, &Filled::default());
        members.into_iter().map(name).collect()
    }

    fn days(&self, filled: &Filled) -> Vec<Choice> {
        let today = self.frame.today;
        let yesterday = today.checked_sub_days(Days::new(1)).unwrap_or(today);
        let chosen = filled.said("day").map_or_else(|| today.to_string(), str::to_owned);
        let day = |date: NaiveDate, word: &str| Choice {
            value: date.to_string(),
            label: self.frame.t(word),
            beside: Some(dates::short(date, self.frame.language())),
            is_chosen: chosen == date.to_string(),
        };
        vec![day(today, "note-today"), day(yesterday, "note-yesterday")]
    }

    fn skills(&self, filled: &Filled) -> (Vec<Choice>, Vec<Choice>) {
        let all = self.caller.registry.skills();
        let choice = |number: ledger::SkillNumber, name: &str, field: &str| {
            let value = self.caller.name(number.0).to_string();
            Choice { is_chosen: filled.is(field, &value), label: name.to_owned(), beside: None, value }
        };
        let used = self.last.iter().filter_map(|view| view.exchange.terms.skill);
        let mut last: Vec<ledger::SkillNumber> = Vec::new();
        for skill in used.chain(all.iter().map(|skill| skill.number)) {
            if last.len() < SKILLS_MOST && !last.contains(&skill) {
                last.push(skill);
            }
        }
        let named = |number: &ledger::SkillNumber| all.iter().find(|skill| skill.number == *number);
        let last = last.iter().filter_map(named).map(|skill| choice(skill.number, &skill.name, "skill")).collect();
        let mut others: Vec<_> = all.iter().map(|skill| choice(skill.number, &skill.name, "other_skill")).collect();
        others.sort_by_cached_key(|skill| ledger::name::fold(&skill.label));
        (last, others)
    }

    /// The form, as it is filled in.
    fn lay(self, filled: &Filled, misfits: Misfits, offered: &[AssociationNumber]) -> Note {
        let (skills, all_skills) = self.skills(filled);
        let person = |(number, name): &(PersonNumber, String)| {
            let value = self.caller.name(number.0).to_string();
            Choice { is_chosen: filled.is("person", &value), label: name.clone(), beside: None, value }
        };
        let is_typed = offered.is_empty();
        let mut frame = self.frame.clone();
        if let Some(once) = filled.said("once") {
            // The same request, whatever is mended in it: what was not accepted is not remembered.
            once.clone_into(&mut frame.once);
        }
        Note {
            own: self.caller.name_of(self.own),
            is_given: reading::side(filled) == Side::Giver,
            partners: self.partners(filled, offered),
            names: self.names(),
            other_partner: if is_typed { filled.get("other_partner").to_owned() } else { String::new() },
            people: filled.said("people").unwrap_or("1").to_owned(),
            time: filled.get("time").to_owned(),
            days: self.days(filled),
            other_day: filled.get("other_day").to_owned(),
            last_day: self.frame.today.to_string(),
            is_other_day: filled.is("day", "other"),
            is_other_skill: filled.is("skill", "other"),
            skills,
            all_skills,
            memo: filled.get("memo").to_owned(),
            persons: self.people.iter().map(person).collect(),
            shares: Vec::new(),
            repeat: None,
            replaces: filled.get("replaces").to_owned(),
            misfits,
            frame,
        }
    }

    /// Each partner's time, to be changed.
    fn shares(&self, noted: &Noted) -> Vec<ShareField> {
        let field = |share: &Share| ShareField {
            field: share_field(self.caller, share.partner),
            label: self.caller.name_of(share.partner),
            value: self.frame.hours(share.minutes),
        };
        noted.shares.iter().map(field).collect()
    }

    /// A sentence about what was noted already of the same day with the same partner, as long.
    async fn repeated(&self, noted: &Noted) -> Result<Option<String>, Problem> {
        for share in &noted.shares {
            let (giver, receiver) = noted.sides(self.own, share);
            let help = SameHelp { service_date: noted.date, giver, receiver, minutes: share.minutes };
            if let Some(view) = self.app.store.same_help(self.caller.known.id, help).await? {
                let with = [
                    ("day", self.frame.date(noted.date).into()),
                    ("hours", self.frame.hours(view.exchange.terms.minutes).into()),
                    ("partner", self.caller.name_of(share.partner).into()),
                ];
                return Ok(Some(self.frame.say("note-repeat", &with)));
            }
        }
        Ok(None)
    }
}

/// The form; begun as the address says: `?partner=`, `?side=`, `?skill=`, and `?replaces=` an exchange that was annulled.
pub(crate) async fn show(State(app): State<App>, caller: Caller, asking: Asking) -> Answer {
    let table = Table::set(&app, &caller, &asking).await?;
    let mut filled = Filled::default();
    for field in ["side", "partner", "skill", "replaces"] {
        if let Some(value) = asking.parameter(field) {
            filled.set(field, value);
        }
    }
    page(&table.lay(&filled, Misfits::default(), &[]))
}

/// What was filled in.
pub(crate) async fn send(State(app): State<App>, caller: Caller, asking: Asking, filled: Filled) -> Answer {
    let asked = filled.asked()?;
    let table = Table::set(&app, &caller, &asking).await?;
    if filled.said("who").is_some_and(|who| table.frame.who.as_deref() != Some(who)) {
        // A phone that two share sent what one of them had noted while the other is signed in.
        let mut misfits = Misfits::default();
        misfits.add("form", table.frame.t("note-of-another"));
        return page_with(UNFIT, &table.lay(&filled, misfits, &[]));
    }
    let mut reader = Reader {
        caller: &caller,
        frame: &table.frame,
        own: table.own,
        places: &table.places,
        misfits: Misfits::default(),
        offered: Vec::new(),
    };
    let noted = reader.read(&filled);
    let Reader { misfits, offered, .. } = reader;
    let Some(noted) = noted else { return page_with(UNFIT, &table.lay(&filled, misfits, &offered)) };
    if !noted.is_shared_knowingly {
        return share(table, &filled, &noted);
    }
    let is_known = !app.store.acts_of_keys(caller.known.id, &[key_of(&caller, &asked, 0, &noted)]).await?.is_empty();
    if !is_known
        && !filled.is("repeat", "yes")
        && let Some(sentence) = table.repeated(&noted).await?
    {
        let mut note = table.lay(&filled, Misfits::default(), &[]);
        note.misfits.add("repeat", sentence.clone());
        note.repeat = Some(sentence);
        return page_with(UNFIT, &note);
    }
    match write(&app, &caller, &asked, &noted, table.own).await {
        Ok(address) => see(&table.frame.under(&address)),
        Err(problem) => refused(table, &filled, &noted, &problem),
    }
}

const UNFIT: axum::http::StatusCode = axum::http::StatusCode::UNPROCESSABLE_ENTITY;

/// The form once more, with how the time is shared.
fn share(table: Table<'_>, filled: &Filled, noted: &Noted) -> Answer {
    let shares = table.shares(noted);
    let mut filled = filled.clone();
    filled.set("other_partner", "");
    for share in &noted.shares {
        let value = table.caller.name(share.partner.0).to_string();
        if !filled.is("partner", &value) {
            filled.add("partner", value);
        }
    }
    let mut note = table.lay(&filled, Misfits::default(), &[]);
    note.misfits.add("shares", note.frame.t("note-shared"));
    note.shares = shares;
    page_with(UNFIT, &note)
}

fn key_of(caller: &Caller, asked: &Asked, index: usize, noted: &Noted) -> ledger::command::Key {
    asked_of(asked, index, noted).key_of(caller)
}

/// Several exchanges of one form have a key each.
fn asked_of(asked: &Asked, index: usize, noted: &Noted) -> Asked {
    if noted.shares.len() == 1 { asked.clone() } else { asked.part(index) }
}

/// Notes it, all or nothing; the address of what came of it.
async fn write(
    app: &App,
    caller: &Caller,
    asked: &Asked,
    noted: &Noted,
    own: AssociationNumber,
) -> Result<String, Problem> {
    let mut requests = Vec::new();
    for (index, command) in noted.commands(own).into_iter().enumerate() {
        requests.push(asked_of(asked, index, noted).request(caller, command)?);
    }
    let receipts = app.submit_together(caller, requests).await?;
    let exchange = match receipts.as_slice() {
        [receipt] => receipt.exchange,
        _ => None,
    };
    Ok(match exchange {
        Some(exchange) => format!("/exchanges/{}?said=said-noted", caller.name(exchange.0)),
        None => "/exchanges?said=said-noted-several".to_owned(),
    })
}

/// What the ledger does not take, at its field; what it could not do now, above. Nothing that was filled in is lost.
fn refused(table: Table<'_>, filled: &Filled, noted: &Noted, problem: &Problem) -> Result<Response, Problem> {
    let field = problem.field().unwrap_or_default().rsplit('.').next().unwrap_or_default();
    let field = match field {
        "minutes" => "time",
        "service_date" | "date" => {
            if filled.is("day", "other") {
                "other_day"
            } else {
                "day"
            }
        }
        "giver" | "receiver" | "association" => "partner",
        "skill" => "skill",
        "memo" => "memo",
        "contributions" | "person" => "person",
        _ => "form",
    };
    let mut misfits = Misfits::default();
    misfits.add(field, sentence_of(&table.frame, problem));
    let shares = if noted.shares.len() > 1 { table.shares(noted) } else { Vec::new() };
    let mut note = table.lay(filled, misfits, &[]);
    note.shares = shares;
    page_with(problem.status(), &note)
}
