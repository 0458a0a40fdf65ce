//! Many exchanges at once: a JSON array, or one JSON object a line (NDJSON).

use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderValue, header},
    response::Response,
};
use futures_util::{StreamExt as _, stream};
use ledger::{Language, NetworkId, Rejection, command::Request as Asking, log};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use service::{
    App,
    asked::Asked,
    caller::Caller,
    language,
    misfit::{Fits, Found, Misfit},
    problem::{Problem, Refusal},
};
use store::{Group, Receipt, WriteError};

use super::exchanges::ProposedExchange;
use crate::{
    answer::{Answer, ReceiptView, receipt_view},
    body,
    extract::{Query, key_in},
    problem_document::{ProblemDocument, document},
};

/// No batch has more exchanges.
const LINES_MOST: usize = 10_000;
/// So many lines of one batch wait in the writer's queue at once, so that a batch does not keep others out.
const WAITING_MOST: usize = 2_000;

/// How the batch is to be taken.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct HowToTake {
    /// All or nothing; each line on its own unless said.
    all_or_nothing: Option<bool>,
}

/// What became of one exchange of a batch.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct LineAnswer {
    /// Its place: 1, 2, 3…
    line: usize,
    /// The status that it would have been answered on its own.
    status: u16,
    /// What became of it, if it was accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    receipt: Option<ReceiptView>,
    /// Why not, otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<ProblemDocument>")]
    problem: Option<Value>,
}

pub(crate) async fn exchanges(
    State(app): State<App>,
    caller: Caller,
    Query(how): Query<HowToTake>,
    request: Request,
) -> Answer {
    let key = key_in(request.headers())?;
    let language = language::preferred(request.headers());
    let (parts, sent) = request.into_parts();
    let media_type = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_lines = match media_type.split(';').next().unwrap_or_default().trim() {
        "application/x-ndjson" | "application/ndjson" => true,
        "application/json" => false,
        _ => {
            return Err(Problem::new(Refusal::MediaTypeDoesNotFit)
                .at("Content-Type")
                .fits(["application/x-ndjson", "application/json"]));
        }
    };
    let text = body::read_body(&app, &parts.headers, sent, app.config.batch_body_most).await?;
    let lines = if is_lines { lines_of(&text) } else { array_of(&text)? };
    if lines.is_empty() || lines.len() > LINES_MOST {
        let why = Misfit::Length { found: lines.len(), fits: Fits::ExchangesAtMost(LINES_MOST) };
        return Err(Problem::new(Refusal::BodyDoesNotFit(why)));
    }
    let requests = lines.into_iter().enumerate().map(|(index, line)| read_line(&caller, &key, index, line));
    let answers = if how.all_or_nothing == Some(true) {
        together(&app, &caller, requests, language).await?
    } else {
        one_by_one(&app, &caller, requests.collect(), language).await
    };
    app.tell_followers();
    Ok(answer(&answers, is_lines))
}

type Line = Result<Value, Problem>;

fn lines_of(text: &[u8]) -> Vec<Line> {
    let lines = text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty());
    lines.take(LINES_MOST + 1).map(body::json).collect()
}

fn array_of(text: &[u8]) -> Result<Vec<Line>, Problem> {
    match body::json(text)? {
        Value::Array(values) => Ok(values.into_iter().map(Ok).collect()),
        _ => Err(Problem::new(Refusal::BodyDoesNotFit(Misfit::Type { found: Found::NoList, fits: Fits::List }))),
    }
}

/// Each line has a key of its own, the batch's with its place: a repeated batch repeats each of its lines.
fn read_line(caller: &Caller, key: &str, index: usize, line: Line) -> Result<Asking, Problem> {
    let value = line?;
    let text = format!("batch\0{}\0{value}", caller.acting.stored());
    let asked = Asked { key: format!("{key}#{}", index + 1), digest: log::leaf_hash(text.as_bytes()) };
    let proposed: ProposedExchange = body::form(&value)?;
    asked.request(caller, proposed.command(caller)?)
}

/// Every line on its own; the answers stand in the order of the lines.
async fn one_by_one(
    app: &App,
    caller: &Caller,
    requests: Vec<Result<Asking, Problem>>,
    language: Language,
) -> Vec<LineAnswer> {
    let network = caller.known.id;
    let answered = stream::iter(requests.into_iter().enumerate()).map(|(index, request)| async move {
        let result = match request {
            Ok(request) => submit(app, network, request).await.map_err(|error| app.not_written(caller, error)),
            Err(problem) => Err(problem),
        };
        line_answer(caller, index, result, language)
    });
    answered.buffered(WAITING_MOST).collect().await
}

/// Submits a line; when too much is waiting, again a little later.
async fn submit(app: &App, network: NetworkId, request: Asking) -> Result<Receipt, WriteError> {
    for pause_millis in [20, 50, 100, 200, 400, 800] {
        match app.writer.submit(network, request.clone()).await {
            Err(WriteError::Busy { .. }) => {
                tokio::time::sleep(std::time::Duration::from_millis(pause_millis)).await;
            }
            answered => return answered,
        }
    }
    app.writer.submit(network, request).await
}

/// All lines or none. The first one that does not fit is the answer.
async fn together(
    app: &App,
    caller: &Caller,
    requests: impl Iterator<Item = Result<Asking, Problem>>,
    language: Language,
) -> Result<Vec<LineAnswer>, Problem> {
    let at_line = |index: usize, problem: Problem| problem.at_line(index);
    let mut group = Vec::new();
    for (index, request) in requests.enumerate() {
        group.push(request.map_err(|problem| at_line(index, problem))?);
    }
    let group = Group { requests: group, override_reason: None };
    match app.writer.submit_group(caller.known.id, group).await {
        Ok(receipts) => Ok(receipts
            .into_iter()
            .enumerate()
            .map(|(index, receipt)| line_answer(caller, index, Ok(receipt), language))
            .collect()),
        Err(WriteError::GroupRejected { index, rejection }) => {
            // Limits are judged for the whole: no line is at fault.
            let is_whole = matches!(rejection, Rejection::HardLimitIsPassed(_));
            let problem = app.not_written(caller, WriteError::Rejected(rejection));
            Err(if is_whole { problem } else { at_line(index, problem) })
        }
        Err(error) => Err(app.not_written(caller, error)),
    }
}

fn line_answer(caller: &Caller, index: usize, result: Result<Receipt, Problem>, language: Language) -> LineAnswer {
    let line = index + 1;
    match result {
        Ok(receipt) => LineAnswer { line, status: 201, receipt: Some(receipt_view(caller, &receipt)), problem: None },
        Err(problem) => LineAnswer {
            line,
            status: problem.status().as_u16(),
            receipt: None,
            problem: Some(document(&problem, language, None)),
        },
    }
}

/// The answers in the form in which the batch came.
fn answer(answers: &[LineAnswer], is_lines: bool) -> Response {
    let mut text = Vec::with_capacity(answers.len() * 200);
    for (index, answer) in answers.iter().enumerate() {
        match (is_lines, index) {
            (true, _) => {}
            (false, 0) => text.push(b'['),
            (false, _) => text.push(b','),
        }
        // Writing into memory does not fail.
        let _ = serde_json::to_writer(&mut text, answer);
        if is_lines {
            text.push(b'\n');
        }
    }
    if !is_lines {
        text.push(b']');
    }
    let mut response = Response::new(Body::from(text));
    let media_type = if is_lines { "application/x-ndjson" } else { "application/json" };
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    response
}
