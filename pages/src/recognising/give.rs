//! Recognising somebody, from an exchange: one of three wordings, each with how far the competence goes, or one's own.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use ledger::{
    Minutes, PersonNumber, SkillNumber, command::Command, recognition::Level, skill::SkillRef, words::capitalised,
};
use service::{
    App,
    caller::Caller,
    dates, exchanges,
    problem::Problem,
    recognitions::{self, Helper},
};
use store::{ExchangeView, Page, RecognitionFilter};
use uuid::Uuid;

use crate::{
    answer::{Answer, page, page_with, see},
    form::{Choice, Filled, Misfits, line, sentence_of},
    frame::{Asking, Frame},
    recognition::{Making, Reader, Told},
};

/// So many characters a text has at most, as the ledger takes them.
const TEXT_MOST: usize = 2000;
/// Of so many earlier recognitions of the same exchange it is told.
const BEFORE_MOST: u32 = 20;

/// Somebody who may be meant.
#[derive(Debug)]
struct Somebody {
    address: String,
    name: String,
    hours: String,
}

/// A wording that is proposed.
#[derive(Debug)]
struct Proposal {
    level: Level,
    /// "En autonomie".
    title: String,
    text: String,
}

/// Who was chosen, and what may be said of them.
#[derive(Debug)]
struct Chosen {
    person: Uuid,
    proposals: Vec<Proposal>,
    levels: Vec<Choice>,
    activities: String,
    context: String,
}

#[derive(Template)]
#[template(path = "recognise.html")]
struct Recognise {
    frame: Frame,
    misfits: Misfits,
    title: String,
    /// "Chorale de Janzé vous a aidés : 2 h, samedi 14 mars, comptabilité."
    about: String,
    /// The exchange's page, and where the form is sent.
    exchange: String,
    everybody: Vec<Somebody>,
    chosen: Option<Chosen>,
    /// Skills to choose from; the exchange's is chosen.
    skills: Vec<Choice>,
    /// Whether the exchange says which skill.
    has_skill: bool,
    /// What was recognised in the same exchange before.
    before: Vec<String>,
    /// What has to be waited for before there is a badge.
    note: Option<String>,
    /// Whether the form for own words is unfolded.
    is_own_opened: bool,
}

/// What the page is made from.
struct Table<'a> {
    app: &'a App,
    caller: &'a Caller,
    frame: Frame,
    view: ExchangeView,
    helpers: Vec<Helper>,
}

impl Table<'_> {
    fn exchange_address(&self) -> String {
        self.frame.under(&format!("/exchanges/{}", self.caller.name(self.view.exchange.number.0)))
    }

    /// The one whom a name names, or the only one there is.
    fn helper(&self, name: &str) -> Option<Helper> {
        match (name.parse::<Uuid>(), self.helpers.as_slice()) {
            (Ok(name), helpers) => {
                let number = PersonNumber(self.caller.ids().number(name).ok()?);
                helpers.iter().copied().find(|helper| helper.person == number)
            }
            (Err(_), [only]) => Some(*only),
            (Err(_), _) => None,
        }
    }

    fn skill_name(&self, skill: SkillNumber) -> Option<String> {
        let known = self.caller.registry.skills().iter().find(|known| known.number == skill);
        known.map(|known| known.name.clone())
    }

    /// What is proposed to be said: the exchange's skill, the time, and how it went.
    fn wording(&self, level: Level, minutes: Minutes) -> String {
        let skill = self.view.exchange.terms.skill.and_then(|skill| self.skill_name(skill));
        let what = skill.unwrap_or_else(|| self.frame.t("exchange-any-skill"));
        let key = match level {
            Level::Supported => "recognise-wording-supported",
            Level::Independent => "recognise-wording-independent",
            Level::Reference => "recognise-wording-reference",
        };
        self.frame.say(key, &[("what", capitalised(&what).into()), ("hours", self.frame.hours(minutes).into())])
    }

    /// In which setting, unless something else is said.
    fn setting(&self) -> String {
        let terms = self.view.exchange.terms;
        let day = dates::with_year(terms.service_date, self.frame.language());
        let with = [("association", self.caller.name_of(terms.receiver).into()), ("day", day.into())];
        self.frame.say("recognise-setting", &with)
    }

    async fn lay(&self, chosen: Option<Helper>, filled: &Filled, misfits: Misfits) -> Result<Recognise, Problem> {
        let Self { app, caller, frame, view, helpers } = self;
        let terms = view.exchange.terms;
        let persons: Vec<_> = helpers.iter().map(|helper| helper.person).collect();
        let names = recognitions::names(app, caller, &persons).await?;
        let name_of =
            |person: PersonNumber| names.get(&person).cloned().unwrap_or_else(|| frame.t("recognise-somebody"));
        let exchange = self.exchange_address();
        let somebody = |helper: &Helper| Somebody {
            address: format!("{exchange}/recognise?person={}", caller.name(helper.person.0)),
            name: name_of(helper.person),
            hours: frame.hours(helper.minutes),
        };
        let asked_skill = terms.skill.map(|skill| caller.name(skill.0).to_string()).unwrap_or_default();
        let asked_skill = filled.said("skill").unwrap_or(&asked_skill);
        let skills = caller.registry.skills().iter();
        let skills = skills.map(|skill| Choice::of(&caller.name(skill.number.0), &skill.name, asked_skill));
        let making = Making::of(app, caller).await?;
        let what = terms.skill.and_then(|skill| self.skill_name(skill));
        let about = [
            ("partner", caller.name_of(terms.giver).into()),
            ("hours", frame.hours(terms.minutes).into()),
            ("day", frame.day(terms.service_date).into()),
            ("skill", what.unwrap_or_else(|| frame.t("exchange-any-skill")).into()),
        ];
        Ok(Recognise {
            title: match chosen {
                Some(helper) => frame.say("recognise-title", &[("name", name_of(helper.person).into())]),
                None => frame.t("recognise-whom"),
            },
            about: frame.say("recognise-about", &about),
            everybody: helpers.iter().map(somebody).collect(),
            chosen: chosen.map(|helper| self.choose(helper, filled)),
            skills: skills.collect(),
            has_skill: terms.skill.is_some(),
            before: self.before(making, &name_of).await?,
            note: making.note(frame),
            is_own_opened: filled.is("words", "own"),
            exchange,
            misfits,
            frame: frame.clone(),
        })
    }

    fn choose(&self, helper: Helper, filled: &Filled) -> Chosen {
        let language = self.frame.language();
        let title = |level: Level| capitalised(level.in_words(language));
        let proposal = |level: &Level| Proposal {
            level: *level,
            title: title(*level),
            text: self.wording(*level, helper.minutes),
        };
        let level = |level: &Level| Choice::of(level, &title(*level), filled.get("level"));
        Chosen {
            person: self.caller.name(helper.person.0),
            proposals: Level::ALL.iter().map(proposal).collect(),
            levels: Level::ALL.iter().map(level).collect(),
            activities: filled.get("activities").to_owned(),
            context: filled.said("context").map_or_else(|| self.setting(), str::to_owned),
        }
    }

    /// What this association recognised of the same exchange before, each in a sentence.
    async fn before(&self, making: Making, name_of: &impl Fn(PersonNumber) -> String) -> Result<Vec<String>, Problem> {
        let Self { app, caller, frame, view, .. } = self;
        let filter = RecognitionFilter {
            exchange: Some(view.exchange.number),
            ..recognitions::seen(caller, None, Page::newest(BEFORE_MOST))?
        };
        let lines = app.store.recognition_page(caller.known.id, filter).await?;
        let sentence = |line: &store::RecognitionLine| {
            let told = Told::new(caller, frame, line, (Reader::Association, making));
            let with = [
                ("name", name_of(line.recognition.person).into()),
                ("skill", told.skill.into()),
                ("level", line.recognition.level.in_words(frame.language()).into()),
                ("stands", told.stands.into()),
            ];
            frame.say("recognise-before", &with)
        };
        Ok(lines.iter().map(sentence).collect())
    }

    /// What the ledger is asked, as the form says it; what does not fit is said at its field.
    fn command(&self, helper: Helper, filled: &Filled, misfits: &mut Misfits) -> Option<Command> {
        let frame = &self.frame;
        let level = Level::try_from(filled.get("level")).ok();
        if level.is_none() {
            misfits.add("level", frame.t("recognise-level-missing"));
        }
        let chosen = filled.get("skill").parse().ok().and_then(|name| self.caller.ids().number(name).ok());
        let skill = chosen.map(SkillNumber).or(self.view.exchange.terms.skill);
        if skill.is_none() {
            misfits.add("skill", frame.t("recognise-skill-missing"));
        }
        let (activities, context) = if filled.is("words", "own") {
            if filled.said("activities").is_none() {
                misfits.add("activities", frame.t("recognise-activities-missing"));
            }
            let context = match filled.said("context") {
                Some(_) => line(frame, filled, ("context", TEXT_MOST), misfits),
                None => Some(self.setting()),
            };
            (line(frame, filled, ("activities", TEXT_MOST), misfits), context)
        } else {
            (level.map(|level| self.wording(level, helper.minutes)), Some(self.setting()))
        };
        Some(Command::Recognise {
            exchange: self.view.exchange.number,
            person: helper.person,
            skill: Some(SkillRef::Number(skill?)),
            level: level?,
            context: context?,
            activities: activities?,
        })
    }
}

async fn set<'a>(app: &'a App, caller: &'a Caller, asking: &Asking, name: Uuid) -> Result<Table<'a>, Problem> {
    let view = exchanges::find(app, caller, name).await?;
    let helpers = recognitions::helpers(app, caller, &view).await?.unwrap_or_default();
    Ok(Table { frame: Frame::around(app, caller, asking).await?, app, caller, view, helpers })
}

/// The page. Where nothing can be recognised, the exchange says how it stands.
pub(crate) async fn show(
    State(app): State<App>,
    caller: Caller,
    Path((_, name)): Path<(String, Uuid)>,
    asking: Asking,
) -> Answer {
    let table = set(&app, &caller, &asking, name).await?;
    if table.helpers.is_empty() {
        return see(&table.exchange_address());
    }
    let chosen = table.helper(&asking.parameter("person").unwrap_or_default());
    page(&table.lay(chosen, &Filled::default(), Misfits::default()).await?)
}

/// Says it.
pub(crate) async fn send(
    State(app): State<App>,
    caller: Caller,
    Path((_, name)): Path<(String, Uuid)>,
    asking: Asking,
    filled: Filled,
) -> Answer {
    let asked = filled.asked()?;
    let table = set(&app, &caller, &asking, name).await?;
    let Some(helper) = table.helper(filled.get("person")) else {
        return see(&format!("{}?said=said-changed", table.exchange_address()));
    };
    let mut misfits = Misfits::default();
    let command = table.command(helper, &filled, &mut misfits);
    let Some(command) = command.filter(|_| misfits.is_empty()) else {
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &table.lay(Some(helper), &filled, misfits).await?);
    };
    match app.write(&caller, &asked, command).await {
        Ok(_) => see(&table.frame.under("/us/recognitions?said=said-recognised")),
        Err(problem) => {
            let field = problem.field().filter(|field| ["activities", "context", "skill"].contains(field));
            misfits.add(field.unwrap_or("form"), sentence_of(&table.frame, &problem));
            page_with(problem.status(), &table.lay(Some(helper), &filled, misfits).await?)
        }
    }
}
