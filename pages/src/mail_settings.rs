//! Which letters somebody wants: how often they are told where things stand, on which day, in which language; and the page
//! on which a letter's link stops them.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use ledger::{Language, PersonNumber};
use service::{
    App,
    caller::Caller,
    dates,
    mailer::{
        recipient::{Correspondent, Reach},
        unsubscribing::{self, Subscriber},
    },
    problem::{Problem, Refusal},
};
use store::{DigestRhythm, MailSetting};

use crate::{
    answer::{Answer, page, page_with, see},
    form::{Filled, Misfits},
    frame::{Asking, Frame},
};

#[derive(Template)]
#[template(path = "mail_settings.html")]
struct Settings {
    frame: Frame,
    misfits: Misfits,
    setting: MailSetting,
    /// Where letters go.
    reach: String,
}

impl Settings {
    fn rhythms(&self) -> [(&'static str, String); 3] {
        let [never, weekly, monthly] =
            ["letters-never", "letters-weekly", "letters-monthly"].map(|key| self.frame.t(key));
        [("none", never), ("weekly", weekly), ("monthly", monthly)]
    }

    fn weekdays(&self) -> Vec<(u8, &'static str)> {
        (1..=7).map(|day| (day, dates::day_of_week(day, self.frame.language()))).collect()
    }

    fn has_rhythm(&self, rhythm: &str) -> bool {
        self.setting.digest.as_str() == rhythm
    }

    fn has_weekday(&self, day: u8) -> bool {
        self.setting.digest == DigestRhythm::Weekly(day)
    }

    fn has_monthday(&self, day: u8) -> bool {
        self.setting.digest == DigestRhythm::Monthly(day)
    }

    fn is_french(&self) -> bool {
        self.setting.language == Language::French
    }

    /// Each in itself, so that whoever looks for theirs finds it.
    #[expect(clippy::unused_self, reason = "templates reach it through the page")]
    fn language_names(&self) -> [&'static str; 2] {
        ["Français", "English"]
    }
}

/// The page.
pub(crate) async fn show(State(app): State<App>, caller: Caller, asking: Asking) -> Answer {
    let setting = app.store.mail_setting(caller.known.id, own(&caller)?).await?;
    page(&settings(&app, &caller, &asking, setting, Misfits::default()).await?)
}

/// What was chosen.
pub(crate) async fn save(State(app): State<App>, caller: Caller, asking: Asking, filled: Filled) -> Answer {
    let person = own(&caller)?;
    // To choose the same twice changes nothing: the key is there, and is not kept.
    filled.asked()?;
    let before = app.store.mail_setting(caller.known.id, person).await?;
    if filled.said("who").is_some_and(|who| who != caller.name(person.0).to_string()) {
        // On a device that two share, the page was another's when it was filled in, and the address names nobody.
        let mut shown = settings(&app, &caller, &asking, before, Misfits::default()).await?;
        shown.misfits.add("digest", shown.frame.t("letters-of-another"));
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown);
    }
    let day = match filled.get("digest") {
        "monthly" => filled.get("monthday"),
        _ => filled.get("weekday"),
    };
    let language = if filled.get("language") == "en" { Language::English } else { Language::French };
    match DigestRhythm::from_parts(filled.get("digest"), day.parse().unwrap_or(0)) {
        Some(digest) => {
            // Whoever changes the language alone does not wait for another week.
            let changed_at = if digest == before.digest { before.changed_at } else { app.now() };
            let setting = MailSetting { language, digest, changed_at };
            app.store.set_mail_setting(caller.known.id, person, &setting).await?;
            see(&format!("{}/me/mail?said=said-letters", asking.place.prefix()))
        }
        None => {
            let setting = MailSetting { language, ..before };
            let mut shown = settings(&app, &caller, &asking, setting, Misfits::default()).await?;
            shown.misfits.add("digest", shown.frame.t("letters-misfit"));
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
    }
}

async fn settings(
    app: &App,
    caller: &Caller,
    asking: &Asking,
    setting: MailSetting,
    misfits: Misfits,
) -> Result<Settings, Problem> {
    let frame = Frame::around(app, caller, asking).await?;
    let reach = match Correspondent::find(&app.store, caller.known.id, own(caller)?).await?.reach {
        Reach::At(address) => frame.say("letters-at", &[("address", address.into())]),
        Reach::NoAddress => frame.t("letters-nowhere"),
        Reach::Bounces { address, .. } => frame.say("letters-bounces", &[("address", address.into())]),
    };
    Ok(Settings { frame, misfits, setting, reach })
}

fn own(caller: &Caller) -> Result<PersonNumber, Problem> {
    caller.person().ok_or_else(|| Problem::new(Refusal::RoleDoesNotAllow))
}

#[derive(Template)]
#[template(path = "unsubscribe.html")]
struct Unsubscribe {
    frame: Frame,
    is_stopped: bool,
}

/// Asks whether digests are to stop. Opening the page stops nothing: programs that look at mail open every link.
pub(crate) async fn ask(State(app): State<App>, asking: Asking, Path(secret): Path<String>) -> Answer {
    let subscriber = subscriber(&app, &asking, &secret).await?;
    let frame = Frame::for_anybody(&app, &asking).await?;
    page(&Unsubscribe { frame, is_stopped: subscriber.setting.digest == DigestRhythm::None })
}

/// Stops them: from the page, or by a mail provider that its reader told to, which sends one POST and follows nothing (RFC
/// 8058).
pub(crate) async fn stop(State(app): State<App>, asking: Asking, Path(secret): Path<String>) -> Answer {
    let subscriber = subscriber(&app, &asking, &secret).await?;
    unsubscribing::stop(&app, &subscriber).await?;
    page(&Unsubscribe { frame: Frame::for_anybody(&app, &asking).await?, is_stopped: true })
}

async fn subscriber(app: &App, asking: &Asking, secret: &str) -> Result<Subscriber, Problem> {
    let known = asking.place.network(app).await?;
    let found = unsubscribing::find(app, secret).await?;
    found.filter(|found| found.network == known.id).ok_or_else(Problem::not_found)
}
