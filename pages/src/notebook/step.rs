//! What somebody does about a card, or about the notebook as a whole.

use axum::extract::{Path, State};
use files::reconcile::report::Report;
use ledger::command::Request;
use service::{
    App,
    caller::Caller,
    notebook::{self, Laid},
    problem::Problem,
};

use super::{
    piles::Piles,
    reader::{reader, to_what_is_open},
    result::{Page, compared},
};
use crate::{
    answer::{Answer, see},
    form::{Filled, sentence_of},
    frame::{Asking, Frame},
    home::own,
};

/// A step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// Proposes to the other side what the ledger lacks.
    Propose,
    /// Asks for a correction of what differs.
    Correct,
    /// Says that the notebook is wrong.
    Ours,
    /// Takes that back.
    NotOurs,
    /// Forgets the notebook.
    Forget,
    /// Forgets what was said of a column or a name.
    Unlearn,
}

impl Step {
    fn read(word: &str) -> Option<Self> {
        Some(match word {
            "propose" => Self::Propose,
            "correct" => Self::Correct,
            "ours" => Self::Ours,
            "not-ours" => Self::NotOurs,
            "forget" => Self::Forget,
            "unlearn" => Self::Unlearn,
            _ => return None,
        })
    }

    const fn said(self) -> &'static str {
        match self {
            Self::Propose => "said-notebook-proposed",
            Self::Correct => "said-correct",
            Self::Ours => "said-notebook-ours",
            Self::NotOurs => "said-notebook-not-ours",
            Self::Forget => "said-notebook-forgotten",
            Self::Unlearn => "said-notebook-unlearned",
        }
    }
}

/// A step that somebody takes.
pub(crate) async fn step(
    State(app): State<App>,
    caller: Caller,
    Path((_, step)): Path<(String, String)>,
    asking: Asking,
    filled: Filled,
) -> Answer {
    let step = Step::read(&step).ok_or_else(Problem::not_found)?;
    // What is done here twice is done once: a proposal by what its line says, everything else by itself.
    filled.asked()?;
    let frame = Frame::around(&app, &caller, &asking).await?;
    let first = |said: &str| frame.under(&format!("/notebook?said={said}"));
    match step {
        Step::Forget => {
            notebook::forget(&app, &caller, own(&caller)?).await?;
            return see(&first(step.said()));
        }
        Step::Unlearn => {
            notebook::unlearn(&app, &caller, reader(&caller, &frame)?, filled.get("written")).await?;
            return see(&first(step.said()));
        }
        Step::Propose | Step::Correct | Step::Ours | Step::NotOurs => {}
    }
    let Some(laid) = notebook::laid(&app, &caller, own(&caller)?).await? else {
        return see(&first("said-notebook-gone"));
    };
    let there = |said: &str| frame.under(&format!("/notebook/result?said={said}"));
    if laid.reading != filled.get("reading") {
        return see(&there("said-notebook-other"));
    }
    match step {
        Step::Ours | Step::NotOurs => mark(&app, &caller, &frame, laid, (&filled, step)).await,
        Step::Propose | Step::Correct | Step::Forget | Step::Unlearn => {
            ask(&app, &caller, (&asking, frame), laid, (&filled, step)).await
        }
    }
}

/// The page once more, where its reader goes on: at the next card, in the same part of the list.
fn back(frame: &Frame, filled: &Filled, said: &str) -> Answer {
    let from: usize = filled.get("from").parse().unwrap_or(0);
    let from = if from > 0 { format!("from={from}&") } else { String::new() };
    let next = Some(filled.get("next")).filter(|name| is_name(name)).map(|name| format!("#c-{name}"));
    see(&frame.under(&format!("/notebook/result?{from}said={said}{}", next.unwrap_or_default())))
}

/// Whether this is what a row or an exchange is called on the page.
fn is_name(text: &str) -> bool {
    let digits = text.strip_prefix(['l', 'x']).unwrap_or_default();
    (1..20).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Says of a card that the notebook is wrong, or that it is not.
async fn mark(app: &App, caller: &Caller, frame: &Frame, laid: Laid, (filled, step): (&Filled, Step)) -> Answer {
    /// So many mistakes are kept in mind: beyond them the notebook is better mended and laid here anew.
    const MOST: usize = 5_000;
    let Laid { reading, mut said, .. } = laid;
    let at = filled.get("at");
    said.mistakes.retain(|known| known != at);
    if step == Step::Ours && is_name(at) && said.mistakes.len() < MOST {
        said.mistakes.push(at.to_owned());
    }
    let is_kept = notebook::say(app, caller, own(caller)?, &reading, &said).await?;
    back(frame, filled, if is_kept { step.said() } else { "said-notebook-other" })
}

/// Asks the other side for what a line asks for, if it still does.
async fn ask(
    app: &App,
    caller: &Caller,
    (asking, frame): (&Asking, Frame),
    laid: Laid,
    (filled, step): (&Filled, Step),
) -> Answer {
    let page = match compared(app, caller, asking, frame.clone(), laid).await {
        Ok(page) => page,
        Err(left) => return to_what_is_open(&frame, left),
    };
    // Somebody else, or the same person in another window, did something about it meanwhile.
    let Some(request) = asked_for(&page, filled, step) else { return back(&frame, filled, "said-notebook-changed") };
    match submit(app, caller, request).await {
        Ok(()) => back(&frame, filled, step.said()),
        Err(problem) => {
            let sentence = sentence_of(&frame, &problem);
            page.again(problem.status(), (filled.get("at"), &sentence))
        }
    }
}

/// What a card asks for, as long as it is what its reader saw.
fn asked_for(page: &Page<'_>, filled: &Filled, step: Step) -> Option<Request> {
    let compared = &page.comparison.compared;
    let report = Report::new(compared, std::path::Path::new(&page.name), page.frame.language(), "");
    let piles = Piles::new(report, compared, &page.said.mistakes);
    let thing = piles.named(filled.get("at")).filter(|thing| piles.tell(*thing).seen() == filled.get("seen"))?;
    let line = piles.line_of(thing)?;
    let ask = page.comparison.asks.iter().find(|ask| ask.line == line)?;
    (ask.reason.is_some() == (step == Step::Correct)).then(|| ask.request.clone())
}

/// The same request as the command's, under the same key: whoever compares the same notebook here and there, or in two
/// windows, asks once.
async fn submit(app: &App, caller: &Caller, request: Request) -> Result<(), Problem> {
    app.submit(caller, request).await.map(|_| ())
}
