//! Paper cards: choosing for whom, the sheet that is printed, and those that were.
//!
//! A card's letters are kept nowhere. The browser that printed keeps them for ten minutes, so that the sheet can be shown
//! again; the page looks each of them up, and shows those that work and are for people whom its reader sees.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::HeaderMap,
};
use chrono::{DateTime, Utc};
use ledger::{PersonNumber, name::fold, person::Person};
use service::{
    App,
    acting::Acting,
    caller::Caller,
    problem::{Problem, Refusal},
    sign_in::card::{self, Printed},
};
use store::Card;
use uuid::Uuid;

use crate::{
    answer::{Answer, again, page, see, see_with},
    door::PRINTED,
    form::{Filled, Misfits},
    frame::{Asking, Frame, full_name},
    people::chosen,
    square::{base, square},
};

/// So many persons are shown to choose among, and so many cards are printed at once: what a browser keeps of them is short.
const SHOWN_MOST: usize = 80;

#[derive(Template)]
#[template(path = "cards.html")]
struct Cards {
    frame: Frame,
    misfits: Misfits,
    query: String,
    persons: Vec<Choice>,
    has_more: bool,
    printed: Vec<Line>,
}

/// Somebody to print a card for.
struct Choice {
    value: String,
    name: String,
    /// Where they belong, to whoever sees several associations: two may bear one name.
    of: Option<String>,
    is_chosen: bool,
}

/// A card that was printed.
struct Line {
    name: String,
    told: String,
    /// The address that takes it back.
    end: Option<String>,
    end_words: String,
}

/// What the page is made from.
struct Desk<'a> {
    app: &'a App,
    caller: &'a Caller,
    frame: Frame,
}

impl<'a> Desk<'a> {
    async fn set(app: &'a App, caller: &'a Caller, asking: &Asking) -> Result<Self, Problem> {
        Ok(Self { app, caller, frame: Frame::around(app, caller, asking).await? })
    }

    fn day(&self, at: DateTime<Utc>) -> String {
        self.frame.date(self.caller.known.network.day_of(at))
    }

    /// Those for whom the caller may print one, by name; those who were chosen before come first.
    async fn persons(&self, query: &str, filled: &Filled) -> Result<(Vec<Choice>, bool), Problem> {
        let allowed = card::may_be_printed_for(self.app, self.caller).await?;
        let numbers: Vec<PersonNumber> = allowed.iter().map(|person| person.number).collect();
        let identities = self.app.store.identities_of(self.caller.known.id, &numbers).await?;
        let wanted = fold(query);
        let mut persons: Vec<Choice> = Vec::new();
        for (number, identity) in &identities {
            let (name, value) = (full_name(identity), self.caller.name(number.0).to_string());
            let of = self.of(*number).filter(|_| self.caller.acting == Acting::Coordinator);
            let is_chosen = filled.is("person", &value);
            if is_chosen || fold(&name).contains(&wanted) || fold(&identity.code) == wanted {
                persons.push(Choice { value, name, of, is_chosen });
            }
        }
        persons.sort_by_cached_key(|choice| (!choice.is_chosen, fold(&choice.name)));
        let has_more = persons.len() > SHOWN_MOST;
        persons.truncate(SHOWN_MOST);
        Ok((persons, has_more))
    }

    /// The cards that were printed and have not run out.
    async fn printed(&self) -> Result<Vec<Line>, Problem> {
        let mut lines = Vec::new();
        for card in card::list(self.app, self.caller).await? {
            let name = self.name(card.person).await?;
            let (word, at) = match (card.used_at, card.ended_at) {
                (Some(at), _) => ("cards-used", at),
                (None, Some(at)) => ("cards-ended", at),
                (None, None) => ("cards-waits", card.expires_at),
            };
            let told = self.frame.say(word, &[("day", self.day(at).into())]);
            let end = card.works_at(self.app.now()).then(|| format!("/cards/{}/end", card.card));
            let end_words = self.frame.say("cards-take-back-from", &[("name", name.as_str().into())]);
            lines.push(Line { name, told, end, end_words });
        }
        lines.reverse();
        Ok(lines)
    }

    /// The associations of a person.
    fn of(&self, person: PersonNumber) -> Option<String> {
        let person = self.caller.registry.person(person)?;
        let names: Vec<_> = person.associations.iter().map(|number| self.caller.name_of(*number)).collect();
        (!names.is_empty()).then(|| names.join(", "))
    }

    async fn name(&self, person: PersonNumber) -> Result<String, Problem> {
        let identity = self.app.store.identity(self.caller.known.id, person).await?;
        Ok(identity.map(|identity| full_name(&identity)).unwrap_or_default())
    }

    async fn page(self, query: &str, filled: &Filled, misfits: Misfits) -> Result<Cards, Problem> {
        let (persons, has_more) = self.persons(query, filled).await?;
        let printed = self.printed().await?;
        Ok(Cards { misfits, query: query.to_owned(), persons, has_more, printed, frame: self.frame })
    }
}

/// The page.
pub(crate) async fn show(State(app): State<App>, caller: Caller, asking: Asking) -> Answer {
    let query = asking.parameter("q").unwrap_or_default();
    let mut filled = Filled::default();
    if let Some(person) = asking.parameter("person") {
        filled.set("person", person);
    }
    page(&Desk::set(&app, &caller, &asking).await?.page(&query, &filled, Misfits::default()).await?)
}

/// Makes the cards, and leads to their sheet.
pub(crate) async fn print(State(app): State<App>, caller: Caller, asking: Asking, filled: Filled) -> Answer {
    let asked = filled.asked()?;
    let persons: Vec<Person> = filled
        .all("person")
        .filter_map(|value| chosen(&caller.known, &caller.registry, value))
        .filter_map(|number| caller.registry.person(number).cloned())
        .take(SHOWN_MOST)
        .collect();
    let desk = Desk::set(&app, &caller, &asking).await?;
    let mut misfits = Misfits::default();
    if persons.is_empty() {
        misfits.add("person", desk.frame.t("cards-choose"));
        return again(&desk.page("", &filled, misfits).await?);
    }
    let sheet = desk.frame.under("/cards/sheet");
    match card::print(&app, &caller, &asked, &persons).await {
        Ok(Some(printed)) => see_with(&sheet, &PRINTED.keep(&kept(&printed), &asking.place)),
        // Sent twice: the browser still has what the first one brought.
        Ok(None) => see(&sheet),
        Err(problem) if matches!(problem.refusal(), Refusal::BelongsToOthers | Refusal::SignsInAlready) => {
            misfits.add("person", desk.frame.t("cards-not-theirs"));
            again(&desk.page("", &filled, misfits).await?)
        }
        Err(problem) => Err(problem),
    }
}

/// Takes a card back.
pub(crate) async fn end(
    State(app): State<App>,
    caller: Caller,
    asking: Asking,
    Path(names): Path<Vec<(String, String)>>,
    filled: Filled,
) -> Answer {
    let card = names.iter().find(|(name, _)| name == "card").and_then(|(_, card)| card.parse::<Uuid>().ok());
    card::take_back(&app, &caller, &filled.asked()?, card.ok_or_else(Problem::not_found)?).await?;
    let frame = Frame::around(&app, &caller, &asking).await?;
    see(&frame.under("/cards?said=said-card-ended"))
}

/// What a browser keeps of the cards that it printed.
fn kept(printed: &[Printed]) -> String {
    printed.iter().map(|printed| printed.letters.as_str()).collect::<Vec<_>>().join(".")
}

#[derive(Template)]
#[template(path = "cards_sheet.html")]
struct Sheet {
    frame: Frame,
    slips: Vec<Slip>,
}

/// A card on the sheet.
struct Slip {
    name: String,
    of: Option<String>,
    letters: String,
    until: String,
    /// Where the letters are typed.
    address: String,
    /// The square: how wide it is with its edge, and its black modules.
    size: i32,
    path: String,
}

/// The sheet: eight to a page.
pub(crate) async fn sheet(State(app): State<App>, caller: Caller, asking: Asking, headers: HeaderMap) -> Answer {
    let desk = Desk::set(&app, &caller, &asking).await?;
    let seen = card::list(&app, &caller).await?;
    let page_of_cards = format!("{}/carte", base(&app, &asking, &headers));
    let mut slips = Vec::new();
    for letters in PRINTED.of(&headers, &asking.place).unwrap_or_default().split('.').take(SHOWN_MOST) {
        let found = card::of_letters(&app, &caller.known, letters).await?;
        let is_shown = |card: &Card| card.works_at(app.now()) && seen.iter().any(|seen| seen.card == card.card);
        let Some(card) = found.filter(is_shown) else { continue };
        let (size, path) = square(&format!("{page_of_cards}/{letters}")).ok_or_else(|| Problem::new(Refusal::Fault))?;
        slips.push(Slip {
            name: desk.name(card.person).await?,
            of: desk.of(card.person),
            letters: letters.to_owned(),
            until: desk.frame.say("sheet-until", &[("day", desk.day(card.expires_at).into())]),
            address: page_of_cards.clone(),
            size,
            path,
        });
    }
    page(&Sheet { slips, frame: desk.frame })
}
