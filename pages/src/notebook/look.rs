//! How the notebook was read: what each column was taken for, whom names may mean, and a way to say otherwise.

use askama::Template;
use axum::{extract::State, http::StatusCode};
use files::{
    notebook::{Field, Mapping, Preview},
    reconcile::questions::{OpenName, open_names},
};
use ledger::name::fold;
use service::{
    App,
    caller::Caller,
    notebook::{self, Laid, Reading, Said},
};

use super::{
    lay::{meaning_in_words, meant, stopped},
    reader::reader,
};
use crate::{
    answer::{Answer, page, page_with, see},
    form::{Choice, Filled, Misfits},
    frame::{Asking, Frame},
    home::own,
    partner::{self, Meant},
};

/// So many names are asked about at once.
const NAMES_MOST: usize = 30;
/// So many members are offered while somebody types.
const MEMBERS_MOST: usize = 300;

/// What columns of hours may count.
const UNITS: [&str; 3] = ["", " hours", " minutes"];

#[derive(Template)]
#[template(path = "notebook_reading.html")]
struct Look {
    frame: Frame,
    misfits: Misfits,
    name: String,
    reading: String,
    /// Why it cannot be compared yet.
    why: Option<String>,
    questions: Vec<String>,
    notes: Vec<String>,
    year: String,
    sheets: Vec<SheetShown>,
    /// Whether there are several, so that somebody may choose.
    has_sheets: bool,
    names: Vec<NameShown>,
    /// How many more there are.
    names_left: Option<String>,
    members: Vec<String>,
}

/// A sheet.
#[derive(Debug)]
struct SheetShown {
    name: String,
    is_read: bool,
    columns: Vec<ColumnShown>,
    /// Its first lines: number, whether it names the columns, what stands in it.
    rows: Vec<(u64, bool, String)>,
}

/// A column, with what it may mean.
#[derive(Debug)]
struct ColumnShown {
    field: String,
    name: String,
    /// What stands in it.
    sample: String,
    meanings: Vec<Choice>,
}

/// A name, with whom it may mean.
#[derive(Debug)]
struct NameShown {
    at: usize,
    field: String,
    question: String,
    written: String,
    candidates: Vec<String>,
    typed: String,
}

/// How it was read.
pub(crate) async fn look(State(app): State<App>, caller: Caller, asking: Asking) -> Answer {
    let frame = Frame::around(&app, &caller, &asking).await?;
    let Some(laid) = notebook::laid(&app, &caller, own(&caller)?).await? else {
        return see(&frame.under("/notebook"));
    };
    let found = notebook::look_over(&app, &caller, laid.clone(), reader(&caller, &frame)?).await?;
    page(&shown(&caller, frame, &laid, &found, &Filled::default(), Misfits::default()))
}

fn shown(caller: &Caller, frame: Frame, laid: &Laid, found: &Reading, filled: &Filled, misfits: Misfits) -> Look {
    let said = &laid.said;
    let (why, questions, notes, open, year) = match &found.comparison {
        Ok(comparison) => {
            let compared = &comparison.compared;
            let read = &compared.read;
            (None, read.questions.clone(), compared.notes.clone(), open_names(compared), compared.year.0.to_string())
        }
        Err(error) => {
            // It begins with the name of the file, as that is written.
            let why = stopped(&error.in_words(frame.language()));
            let year = said.year.map(|year| year.to_string()).unwrap_or_default();
            (Some(why), Vec::new(), Vec::new(), Vec::new(), year)
        }
    };
    // What seems to sum up the other sheets is asked about, and not read before somebody says so.
    let is_asked = |sheet: &str| {
        let quoted = [format!("« {sheet} »"), format!("“{sheet}”")];
        questions.iter().any(|question| quoted.iter().any(|quoted| question.contains(quoted)))
    };
    let sheet = |(at, preview): (usize, &Preview)| {
        let name = preview.sheet.clone().unwrap_or_default();
        let is_chosen = said.sheets.iter().any(|chosen| fold(chosen) == fold(&name));
        SheetShown {
            is_read: if said.sheets.is_empty() { !is_asked(&name) } else { is_chosen },
            columns: columns(&frame, at, preview, filled),
            rows: preview.rows.iter().map(|row| (row.number, row.is_header, row.text())).collect(),
            name,
        }
    };
    let has_sheets = found.previews.len() > 1;
    let sheets: Vec<SheetShown> = found.previews.iter().enumerate().map(sheet).collect();
    let name_shown = |(at, name): (usize, &OpenName)| {
        let with = [("written", name.written.as_str().into()), ("count", name.lines.into())];
        NameShown {
            at,
            field: format!("name-{at}"),
            question: frame.say("notebook-who-is", &with),
            written: name.written.clone(),
            candidates: name.candidates.clone(),
            typed: filled.get(&format!("name-{at}")).to_owned(),
        }
    };
    let members = own(caller).map(|own| partner::partners(&caller.registry, own)).unwrap_or_default();
    let is_many = open.is_empty() || members.len() > MEMBERS_MOST;
    Look {
        name: laid.name.clone(),
        reading: laid.reading.clone(),
        why,
        notes,
        year: filled.said("year").map_or(year, str::to_owned),
        sheets,
        has_sheets,
        names: open.iter().take(NAMES_MOST).enumerate().map(name_shown).collect(),
        names_left: open
            .len()
            .checked_sub(NAMES_MOST)
            .filter(|left| *left > 0)
            .map(|left| frame.say("notebook-names-left", &[("count", left.into())])),
        members: if is_many { Vec::new() } else { members.iter().map(|member| member.name().to_owned()).collect() },
        questions,
        misfits,
        frame,
    }
}

fn columns(frame: &Frame, sheet: usize, preview: &Preview, filled: &Filled) -> Vec<ColumnShown> {
    let column = |(at, column): (usize, &files::notebook::PreviewColumn)| {
        let field = field(sheet, at);
        let current = column.meaning.as_ref().map_or_else(nothing, Mapping::meaning);
        let chosen = filled.said(&field).unwrap_or(&current).to_owned();
        let mut meanings: Vec<Choice> = meanings()
            .map(|(field, meaning)| Choice::of(&meaning, &meaning_in_words(frame, field, &meaning), &chosen))
            .collect();
        if let Some(mapping) = column.meaning.as_ref().filter(|_| meanings.iter().all(|choice| choice.value != current))
        {
            meanings.push(Choice::of(&current, &meant(frame, mapping), &chosen));
        }
        ColumnShown { name: column.key.clone(), sample: sample(preview, at), field, meanings }
    };
    preview.columns.iter().enumerate().map(column).collect()
}

/// The first few things that stand in a column.
fn sample(preview: &Preview, at: usize) -> String {
    const MOST: usize = 3;
    let mut shown: Vec<&str> = Vec::new();
    let lines = preview.rows.iter().filter(|row| !row.is_header);
    for cell in lines.filter_map(|row| row.cells.get(at)).map(|cell| cell.trim()) {
        if !cell.is_empty() && !shown.contains(&cell) && shown.len() < MOST {
            shown.push(cell);
        }
    }
    shown.join(" · ")
}

/// Everything that a column may mean, as mappings write it; first that it means nothing.
fn meanings() -> impl Iterator<Item = (Field, String)> {
    let of_field = |field: Field| {
        let units: &[&str] = if Field::AMOUNTS.contains(&field) { &UNITS } else { &UNITS[..1] };
        units.iter().map(move |unit| (field, format!("{}{unit}", field.words().0)))
    };
    let fields = Field::ALL.into_iter().filter(|field| *field != Field::Ignored);
    std::iter::once((Field::Ignored, nothing())).chain(fields.flat_map(of_field))
}

fn nothing() -> String {
    Field::Ignored.words().0.to_owned()
}

fn field(sheet: usize, column: usize) -> String {
    format!("column-{sheet}-{column}")
}

/// What somebody says of it.
pub(crate) async fn correct(State(app): State<App>, caller: Caller, asking: Asking, filled: Filled) -> Answer {
    // To say the same twice changes nothing.
    filled.asked()?;
    let frame = Frame::around(&app, &caller, &asking).await?;
    let own = own(&caller)?;
    let gone = || see(&frame.under("/notebook?said=said-notebook-gone"));
    let Some(laid) = notebook::laid(&app, &caller, own).await? else { return gone() };
    if laid.reading != filled.get("reading") {
        return see(&frame.under("/notebook/reading?said=said-notebook-other"));
    }
    let found = notebook::look_over(&app, &caller, laid.clone(), reader(&caller, &frame)?).await?;
    let mut misfits = Misfits::default();
    let said = said(&caller, &frame, &laid.said, &found, &filled, &mut misfits);
    if !misfits.is_empty() {
        let look = shown(&caller, frame, &laid, &found, &filled, misfits);
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &look);
    }
    // What was said stays where the notebook cannot be read with it yet: the next thing that is said goes with it.
    if !notebook::say(&app, &caller, own, &laid.reading, &said).await? {
        return see(&frame.under("/notebook/reading?said=said-notebook-other"));
    }
    let laid = Laid::saying(laid, said);
    let reader = reader(&caller, &frame)?;
    if let Err(left) = notebook::compare(&app, &caller, laid.clone(), reader).await {
        left.open()?;
        let found = notebook::look_over(&app, &caller, laid.clone(), reader).await?;
        let look = shown(&caller, frame, &laid, &found, &Filled::default(), Misfits::default());
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &look);
    }
    // As on the command line: only what a notebook could be read with is remembered for the next.
    notebook::remember(&app, &caller, reader, &laid.said).await?;
    see(&frame.under("/notebook/result?said=said-notebook-read"))
}

/// What was said before, with what is said now.
fn said(
    caller: &Caller,
    frame: &Frame,
    before: &Said,
    found: &Reading,
    filled: &Filled,
    misfits: &mut Misfits,
) -> Said {
    let mut said = before.clone();
    for (sheet, preview) in found.previews.iter().enumerate() {
        for (at, column) in preview.columns.iter().enumerate() {
            let current = column.meaning.as_ref().map_or_else(nothing, Mapping::meaning);
            let chosen = filled.said(&field(sheet, at)).filter(|chosen| *chosen != current);
            // What is none of the meanings comes from no form of ours.
            let Some((_, meaning)) = chosen.and_then(|chosen| meanings().find(|(_, meaning)| meaning == chosen)) else {
                continue;
            };
            said.columns.retain(|(known, _)| fold(known) != fold(&column.key));
            said.columns.push((column.key.clone(), meaning));
        }
    }
    if found.previews.len() > 1 {
        let names: Vec<String> = found.previews.iter().filter_map(|preview| preview.sheet.clone()).collect();
        said.sheets = names.into_iter().filter(|name| filled.is("sheet", name)).collect();
        if said.sheets.is_empty() {
            misfits.add("sheets", frame.t("notebook-no-sheet"));
        }
    }
    if let Some(year) = filled.said("year") {
        match year.parse().ok().filter(|year| (1900..=2200).contains(year)) {
            Some(year) => said.year = Some(year),
            None => misfits.add("year", frame.say("notebook-no-year", &[("found", year.into())])),
        }
    }
    if let Ok(comparison) = &found.comparison {
        let open = open_names(&comparison.compared);
        for (at, name) in open.iter().take(NAMES_MOST).enumerate() {
            if let Some(meant) = name_meant(caller, frame, (at, name), filled, misfits) {
                said.names.retain(|(known, _)| fold(known) != fold(&name.written));
                said.names.push((name.written.clone(), meant));
            }
        }
    }
    if said.columns != before.columns || said.sheets != before.sheets {
        // Lines have other places now.
        said.mistakes.clear();
    }
    said
}

/// Whom somebody says that a name means: typed, else chosen.
fn name_meant(
    caller: &Caller,
    frame: &Frame,
    (at, name): (usize, &OpenName),
    filled: &Filled,
    misfits: &mut Misfits,
) -> Option<String> {
    // The list of names may be another than the form was made from.
    if filled.get(&format!("written-{at}")) != name.written {
        return None;
    }
    let members = partner::partners(&caller.registry, own(caller).ok()?);
    let field = format!("name-{at}");
    let Some(typed) = filled.said(&field) else {
        let chosen = filled.said(&format!("who-{at}"))?;
        return members.iter().find(|member| member.name() == chosen).map(|member| member.name().to_owned());
    };
    match partner::find(typed, &members, &std::collections::BTreeMap::new()) {
        Meant::One(number) => Some(caller.name_of(number)),
        Meant::OneOf(several) | Meant::Nobody(several) => {
            let names: Vec<String> = several.iter().map(|number| caller.name_of(*number)).collect();
            let key = if names.is_empty() { "notebook-nobody-is" } else { "notebook-several-are" };
            let with = [("typed", typed.into()), ("names", names.join(", ").into())];
            misfits.add(&field, frame.say(key, &with));
            None
        }
    }
}
