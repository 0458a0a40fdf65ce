//! What somebody does about a card, or about the notebook as a whole.

use axum::extract::{Path, State};
use ledger::command::Request;
use service::{
    App,
    caller::Caller,
    notebook::{self, Laid, NotCompared},
    problem::Problem,
};

use super::{piles::Piles, reader::reader, result::compared};
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
    let at = filled.get("at").to_owned();
    match step {
        Step::Ours | Step::NotOurs => mark(&app, &caller, &frame, laid, (&at, step)).await,
        Step::Propose | Step::Correct | Step::Forget | Step::Unlearn => {
            ask(&app, &caller, (&asking, frame), laid, (&at, step, filled.get("seen"))).await
        }
    }
}

/// Says of a card that the notebook is wrong, or that it is not.
async fn mark(app: &App, caller: &Caller, frame: &Frame, laid: Laid, (at, step): (&str, Step)) -> Answer {
    /// So many mistakes are kept in mind: beyond them the notebook is better mended and laid here anew.
    const MOST: usize = 5_000;
    let Laid { reading, mut said, .. } = laid;
    said.mistakes.retain(|known| known != at);
    let digits = at.strip_prefix(['l', 'x']).unwrap_or_default();
    let is_name = (1..20).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    if step == Step::Ours && is_name && said.mistakes.len() < MOST {
        said.mistakes.push(at.to_owned());
    }
    let said = if notebook::say(app, caller, own(caller)?, &reading, &said).await? {
        step.said()
    } else {
        "said-notebook-other"
    };
    see(&frame.under(&format!("/notebook/result?said={said}#c-{at}")))
}

/// Asks the other side for what a line asks for, if it still does.
async fn ask(
    app: &App,
    caller: &Caller,
    (asking, frame): (&Asking, Frame),
    laid: Laid,
    (at, step, seen): (&str, Step, &str),
) -> Answer {
    let there = |frame: &Frame, said: &str| see(&frame.under(&format!("/notebook/result?said={said}#c-{at}")));
    let page = match compared(app, caller, asking, frame.clone(), laid).await {
        Ok(page) => page,
        Err(NotCompared::Notebook(_)) => return see(&frame.under("/notebook/reading")),
        Err(NotCompared::Problem(problem)) => return Err(problem),
    };
    let request = {
        let compared = &page.comparison.compared;
        let report = files::reconcile::report::Report::new(compared, std::path::Path::new(""), frame.language(), "");
        let piles = Piles::new(report, compared, &page.said.mistakes);
        let thing = piles.named(at).filter(|thing| piles.tell(*thing).seen() == seen);
        let line = thing.and_then(|thing| piles.line_of(thing));
        let ask = page.comparison.asks.iter().find(|ask| Some(ask.line) == line);
        ask.filter(|ask| ask.reason.is_some() == (step == Step::Correct)).map(|ask| ask.request.clone())
    };
    // Somebody else, or the same person in another window, did something about it meanwhile.
    let Some(request) = request else { return there(&frame, "said-notebook-changed") };
    match submit(app, caller, request).await {
        Ok(()) => there(&frame, step.said()),
        Err(problem) => {
            let sentence = sentence_of(&frame, &problem);
            page.again(problem.status(), (at, &sentence))
        }
    }
}

/// The same request as the command's, under the same key: whoever compares the same notebook here and there, or in two
/// windows, asks once.
async fn submit(app: &App, caller: &Caller, request: Request) -> Result<(), Problem> {
    app.submit(caller, request).await.map(|_| ())
}
