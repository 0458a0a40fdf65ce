//! The network's rules: those in force, those before, each with the decision that made it, and the form that puts new
//! ones in force.

use askama::Template;
use axum::{extract::State, http::StatusCode};
use chrono::{DateTime, Utc};
use ledger::{
    command::{Command, Seen},
    policy::Policy,
};
use service::{
    App,
    asked::SeenTags,
    caller::Caller,
    problem::{Problem, Refusal},
    rules::{self, RulesVersion},
    writing::Tagged,
};

use crate::{
    answer::{Answer, page, page_with, see},
    form::{Filled, Misfits, sentence_of},
    frame::{Asking, Frame},
    limits,
    step_form::{Kind, Sent, StepForm, decision},
};

/// Rules as they are read.
#[derive(Debug)]
struct Version {
    /// Who decided them, and since when they hold.
    behind: String,
    /// What they say.
    sentences: Vec<String>,
}

#[derive(Template)]
#[template(path = "rules.html")]
struct Rules {
    frame: Frame,
    misfits: Misfits,
    present: Version,
    former: Vec<Version>,
    form: StepForm,
}

async fn lay(app: &App, caller: &Caller, asking: &Asking, sent: Option<Sent<'_>>) -> Result<Rules, Problem> {
    let frame = Frame::around(app, caller, asking).await?;
    let versions = rules::versions(&app.store, caller.known.id).await?;
    let mut told = versions.iter().map(|version| tell(caller, &frame, version));
    let newest = versions.first().map(|version| version.policy).unwrap_or_default();
    let keys = ["rules-adopt-title", "rules-adopt-then", "rules-adopt"];
    let form = StepForm::new(&frame, "adopt", frame.under("/rules"), keys)
        .field(Kind::Line, "step_minutes", frame.t("rules-step"), &newest.step_minutes)
        .field(Kind::Line, "answer_within_days", frame.t("rules-days"), &newest.answer_within_days);
    let mut form = limits::with_fields(form, &frame, newest.limits)
        .field(Kind::Line, "decision", frame.t("decision"), &"")
        .hint(frame.t("decision-hint"))
        .sent(sent);
    form.seen = versions.first().map(tag).unwrap_or_default();
    let nothing = || Version { behind: frame.t("rules-default"), sentences: Vec::new() };
    Ok(Rules {
        misfits: sent.map(|sent| sent.misfits.clone()).unwrap_or_default(),
        present: told.next().unwrap_or_else(nothing),
        former: told.collect(),
        form,
        frame: frame.clone(),
    })
}

/// The act that adopted it.
fn tag(version: &RulesVersion) -> String {
    version.adopted.map_or_else(|| "none".to_owned(), |(act, _)| act.to_string())
}

fn tell(caller: &Caller, frame: &Frame, version: &RulesVersion) -> Version {
    let day = |at: DateTime<Utc>| frame.date(caller.known.network.day_of(at));
    let behind = match (version.adopted, &version.decision) {
        (None, _) => frame.t("rules-default"),
        (Some((_, at)), decision) => {
            let decision = decision.clone().unwrap_or_else(|| frame.t("decision-erased"));
            frame.say("rules-decided", &[("decision", decision.into()), ("date", day(at).into())])
        }
    };
    let Policy { step_minutes, limits, answer_within_days } = version.policy;
    let sentences = vec![
        frame.say("rules-step-is", &[("minutes", step_minutes.into())]),
        frame.say("rules-days-are", &[("days", answer_within_days.into())]),
        limits::in_words(frame, limits),
    ];
    Version { behind, sentences }
}

/// The page.
pub(crate) async fn show(State(app): State<App>, caller: Caller, asking: Asking) -> Answer {
    page(&lay(&app, &caller, &asking, None).await?)
}

/// Puts new rules in force.
pub(crate) async fn adopt(State(app): State<App>, caller: Caller, asking: Asking, filled: Filled) -> Answer {
    let asked = filled.asked()?;
    let frame = Frame::around(&app, &caller, &asking).await?;
    let mut misfits = Misfits::default();
    let Some(command) = read(&filled, &frame, &mut misfits) else {
        let sent = Sent { word: "adopt", filled: &filled, misfits: &misfits };
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &lay(&app, &caller, &asking, Some(sent)).await?);
    };
    let tags = SeenTags::OneOf(vec![filled.get("seen").to_owned()]);
    let now = async {
        let versions = rules::versions(&app.store, caller.known.id).await?;
        let newest = versions.first().ok_or_else(Problem::not_found)?;
        Ok(Tagged { tag: tag(newest), version: Seen::Policy(Box::new(newest.policy)) })
    };
    let written = match app.seen(&caller, &asked, &tags, now).await {
        Ok(seen) => app.write_having_seen(&caller, &asked, command, seen).await,
        Err(problem) => Err(problem),
    };
    match written {
        Ok(_) => see(&frame.under("/rules?said=said-rules")),
        Err(problem) if matches!(problem.refusal(), Refusal::ChangedMeanwhile) => {
            see(&frame.under("/rules?said=said-rules-changed"))
        }
        Err(problem) => {
            let field = match problem.field().unwrap_or_default() {
                "step_minutes" => "step_minutes",
                "answer_within_days" => "answer_within_days",
                "decision" => "decision",
                "limits" => "soft_floor",
                _ => "form",
            };
            misfits.add(field, sentence_of(&frame, &problem));
            let sent = Sent { word: "adopt", filled: &filled, misfits: &misfits };
            page_with(problem.status(), &lay(&app, &caller, &asking, Some(sent)).await?)
        }
    }
}

fn read(filled: &Filled, frame: &Frame, misfits: &mut Misfits) -> Option<Command> {
    let mut number = |field: &str, most: u32| {
        let number = filled.get(field).parse::<u32>().ok().filter(|number| (1..=most).contains(number));
        if number.is_none() {
            misfits.add(field, frame.say("rules-number", &[("most", most.into())]));
        }
        number
    };
    let (step_minutes, answer_within_days) = (number("step_minutes", 1_440), number("answer_within_days", 3_650));
    let decision = decision(filled, frame, misfits);
    let limits = limits::read(filled, frame, misfits);
    let policy = Policy { step_minutes: step_minutes?, limits: limits?, answer_within_days: answer_within_days? };
    Some(Command::AdoptPolicy { policy, decision: decision? })
}
