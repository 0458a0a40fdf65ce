//! Where an association stands, and why: in words, the year as a strip, each movement by month, and with each partner.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::State;
use chrono::{Datelike, NaiveDate};
use files::export::history;
use ledger::{
    AssociationNumber, Language, Minutes,
    account::{Account, PostingKind},
    words::{account_name, capitalised},
};
use service::{App, caller::Caller, dates, problem::Problem};
use store::{HistoryLine, MonthSum, Page, Position};

use crate::{
    answer::{Answer, page, to_keep},
    frame::{Asking, Frame},
    home::{Stand, own},
};

/// So many movements are shown on a page.
const SHOWN: u32 = 50;
/// How high the strip of the year is.
const HEIGHT: u64 = 60;

/// A movement.
#[derive(Debug)]
struct Movement {
    /// The other side, or what it was.
    with: String,
    address: Option<String>,
    amount: String,
    is_given: bool,
    /// Day, skill, why.
    about: String,
    /// Where it left the association.
    then: String,
}

/// The movements of a month.
#[derive(Debug)]
struct Month {
    name: String,
    movements: Vec<Movement>,
}

/// A month of the strip.
#[derive(Debug)]
struct Bar {
    name: String,
    letter: String,
    given: String,
    received: String,
    /// Where it stands, and how high the two bars are.
    x: usize,
    heights: [u64; 2],
}

impl Bar {
    fn tops(&self) -> [u64; 2] {
        self.heights.map(|height| HEIGHT - height)
    }
}

#[derive(Template)]
#[template(path = "standing.html")]
struct Standing {
    frame: Frame,
    stand: Stand,
    strip: Vec<Bar>,
    year: i32,
    months: Vec<Month>,
    older: Option<String>,
}

/// The page.
pub(crate) async fn show(State(app): State<App>, caller: Caller, asking: Asking) -> Answer {
    let account = Account::Association(own(&caller)?);
    let frame = Frame::around(&app, &caller, &asking).await?;
    let network = caller.known.id;
    let head = app.standings.of(network, account).await.map_err(|error| Problem::of_store(&error))?;
    let before = asking.parameter("before").and_then(|text| text.parse().ok());
    let lines = app.store.history_page(network, account, Page { before, most: SHOWN + 1 }).await?;
    let is_more = lines.len() > SHOWN as usize;
    let lines = lines.get(..lines.len().min(SHOWN as usize)).unwrap_or_default();
    let older = lines.last().filter(|_| is_more);
    let older = older.map(|line| frame.under(&format!("/standing?before={}", line.sequence)));
    let sums = app.store.months(network, account).await?;
    // The year that there is something to see of.
    let year = sums.iter().map(|sum| sum.month / 100).max().unwrap_or_else(|| frame.today.year());
    page(&Standing {
        stand: Stand::new(&frame, head.balance, head.given, head.received),
        strip: strip(&frame, &sums, year),
        year,
        months: by_month(&frame, &caller, lines),
        older,
        frame,
    })
}

/// Twelve months of a year, what was given and what was received in each.
fn strip(frame: &Frame, sums: &[MonthSum], year: i32) -> Vec<Bar> {
    let sum = |month: i32, kind: PostingKind| {
        let fits = sums.iter().filter(|sum| sum.month == year * 100 + month && sum.kind == kind);
        Minutes::new(fits.map(|sum| sum.minutes.get()).sum::<i64>().saturating_abs())
    };
    let months: Vec<_> =
        (1..=12).map(|month| (month, sum(month, PostingKind::Given), sum(month, PostingKind::Received))).collect();
    let most = months.iter().flat_map(|(_, given, received)| [given.unsigned_abs(), received.unsigned_abs()]).max();
    let most = most.unwrap_or_default().max(1);
    let height = |minutes: Minutes| minutes.unsigned_abs().saturating_mul(HEIGHT) / most;
    let bar = |(place, (month, given, received)): (usize, &(i32, Minutes, Minutes))| {
        let day = NaiveDate::from_ymd_opt(year, u32::try_from(*month).unwrap_or(1), 1).unwrap_or_default();
        let name = dates::month(day, frame.language());
        Bar {
            letter: name.chars().next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default(),
            name: capitalised(name),
            given: frame.hours(*given),
            received: frame.hours(*received),
            x: place * 25,
            heights: [height(*given), height(*received)],
        }
    };
    if months.iter().all(|(_, given, received)| given.is_zero() && received.is_zero()) {
        return Vec::new();
    }
    months.iter().enumerate().map(bar).collect()
}

fn by_month(frame: &Frame, caller: &Caller, lines: &[HistoryLine]) -> Vec<Month> {
    let mut months: Vec<Month> = Vec::new();
    for line in lines {
        let name = capitalised(&dates::month_and_year(line.booked, frame.language()));
        let movement = movement(frame, caller, line);
        match months.last_mut().filter(|month| month.name == name) {
            Some(month) => month.movements.push(movement),
            None => months.push(Month { name, movements: vec![movement] }),
        }
    }
    months
}

fn movement(frame: &Frame, caller: &Caller, line: &HistoryLine) -> Movement {
    let language = frame.language();
    let name = |account| name_of(caller, account, language);
    let is_given = !line.minutes.is_negative();
    let hours = frame.hours(Minutes::new(line.minutes.get().saturating_abs()));
    let kind = line.kind.in_words(language);
    let amount = match line.kind {
        PostingKind::Given => frame.say("exchange-given", &[("hours", hours.into())]),
        PostingKind::Received => frame.say("exchange-received", &[("hours", hours.into())]),
        _ => format!("{}{hours}", if is_given { "+" } else { "−" }),
    };
    let why = match line.kind {
        PostingKind::Given | PostingKind::Received => {
            line.skill.clone().unwrap_or_else(|| frame.t("exchange-any-skill"))
        }
        _ => kind.to_owned(),
    };
    let day = line.service_date.unwrap_or(line.booked);
    Movement {
        with: line.counterparty.map_or_else(|| capitalised(kind), name),
        address: line.exchange.map(|exchange| frame.under(&format!("/exchanges/{}", caller.name(exchange.0)))),
        amount,
        is_given,
        about: format!("{} · {why}", frame.date(day)),
        then: Stand::new(frame, line.balance, Minutes::ZERO, Minutes::ZERO).sentence,
    }
}

fn name_of(caller: &Caller, account: Account, language: Language) -> String {
    account_name(account, language, &|number| caller.name_of(number))
}

/// All of it as a file for a spreadsheet.
pub(crate) async fn file(State(app): State<App>, caller: Caller, asking: Asking) -> Answer {
    let account = Account::Association(own(&caller)?);
    let lines = app.store.history(caller.known.id, account).await?;
    let language = asking.language;
    let text = history::csv(&lines, language, &|account| name_of(&caller, account, language));
    to_keep(text, "text/csv; charset=utf-8", "coudemain.csv")
}

/// How the association stands with one partner.
#[derive(Debug)]
struct With {
    name: String,
    address: String,
    sentence: String,
    figures: String,
}

#[derive(Template)]
#[template(path = "partners.html")]
struct Partners {
    frame: Frame,
    partners: Vec<With>,
}

/// With each partner.
pub(crate) async fn partners(State(app): State<App>, caller: Caller, asking: Asking) -> Answer {
    let own = own(&caller)?;
    let frame = Frame::around(&app, &caller, &asking).await?;
    let mut positions = app.store.positions(caller.known.id, own).await?;
    positions.sort_by_cached_key(|position| ledger::name::fold(&caller.name_of(position.partner)));
    let with = |position: &Position| With {
        name: caller.name_of(position.partner),
        address: frame.under(&format!("/network/{}", caller.name(position.partner.0))),
        sentence: position_sentence(&frame, position),
        figures: position_figures(&frame, position),
    };
    page(&Partners { partners: positions.iter().map(with).collect(), frame })
}

/// "vous avez donné 6 h de plus"
pub(crate) fn position_sentence(frame: &Frame, position: &Position) -> String {
    let difference = position.given.get().saturating_sub(position.received.get());
    let hours = frame.hours(Minutes::new(difference.saturating_abs()));
    match difference {
        0 => frame.t("position-even"),
        1.. => frame.say("position-given", &[("hours", hours.into())]),
        _ => frame.say("position-received", &[("hours", hours.into())]),
    }
}

/// What was given and received.
pub(crate) fn position_figures(frame: &Frame, position: &Position) -> String {
    let with = [("given", frame.hours(position.given).into()), ("received", frame.hours(position.received).into())];
    frame.say("position-figures", &with)
}

/// The position with each partner, by partner.
pub(crate) async fn positions_by_partner(
    app: &App,
    caller: &Caller,
    own: AssociationNumber,
) -> Result<BTreeMap<AssociationNumber, Position>, Problem> {
    let positions = app.store.positions(caller.known.id, own).await?;
    Ok(positions.into_iter().map(|position| (position.partner, position)).collect())
}
