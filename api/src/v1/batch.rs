//! Many exchanges at once: a JSON array, or one JSON object a line (NDJSON).
//!
//! A batch is counted and read while it arrives, so that what is too much is refused before the rest of it is there, and
//! no more is kept than what is asked: nothing of it is written before all of it was read.

use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, header},
    response::Response,
};
use futures_util::{StreamExt as _, stream};
use ledger::{Language, NetworkId, command::Request as Asking, log};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use service::{
    App,
    asked::Asked,
    bodies,
    caller::Caller,
    language,
    misfit::{Fits, Misfit},
    problem::{Problem, Refusal},
};
use store::{Receipt, WriteError};

use super::exchanges::ProposedExchange;
use crate::{
    answer::{Answer, ReceiptView, receipt_view},
    body::{self, Arriving},
    elements::{Cutter, Element, Form},
    extract::{Query, key_in, says_long_ago},
    problem_document::{ProblemDocument, document},
};

/// What the OpenAPI document says of a batch.
pub(crate) const NOTES: &str = "Up to 10,000 exchanges, none longer than a single request may be. Each is answered on \
its own, unless more than 100 cannot be read or `all_or_nothing` is said: nothing is taken then, and the answer is the \
problem of the first one, with its place in `field`. A batch of more than 64 KiB is a large one: a network's are taken \
one after the other, and two at once by a process of the service, which needs up to 50 MB for each; who would wait too \
long is told to come again (503 `busy`).";

/// No batch has more exchanges.
const LINES_MOST: usize = 10_000;
/// A batch with more lines that are no exchange at all is refused: its sender mends one before the others are looked at.
const UNREADABLE_MOST: usize = 100;
/// So many lines of one batch wait in the writer's queue at once, so that a batch does not keep others out.
const WAITING_MOST: usize = 2_000;
/// After so many answers others have their turn.
const ANSWERS_AT_ONCE: usize = 100;

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
    let form = form_of(&parts.headers)?;
    let is_whole = how.all_or_nothing == Some(true);
    if app.store.kept_answer(caller.known.id, &caller.key_scope(), &key).await?.is_some() {
        return Err(Problem::new(Refusal::KeyWasUsedForAnotherRequest).at("Idempotency-Key"));
    }
    let mut arriving = Arriving::new(&app, &parts.headers, sent, app.config.batch_body_most)?;
    let said_bytes = body::said_bytes(&parts.headers).unwrap_or_default();
    let mut batch = Batch::new(&app, caller.clone(), (key, says_long_ago(&parts.headers)), form, is_whole);
    // To the end, since what was read of it is kept until it is answered.
    let mut right = None;
    let mut piece = Vec::new();
    while let Some(data) = arriving.next().await? {
        if right.is_none() && arriving.bytes().max(said_bytes) > bodies::LARGE {
            right = Some(app.bodies.take_large_batch(caller.known.id).await?);
        }
        piece.extend_from_slice(&data);
        if piece.len() > bodies::SMALL {
            let full = std::mem::take(&mut piece);
            batch = app.bodies.aside(move || batch.take_in(&full)).await??;
        }
    }
    let requests = batch.take_in(&piece)?.end()?;
    let answers = if is_whole {
        together(&app, &caller, requests, Answers::new(form, language)).await?
    } else {
        one_by_one(&app, &caller, requests, Answers::new(form, language)).await
    };
    app.tell_followers();
    drop(right);
    Ok(answers.response())
}

fn form_of(headers: &HeaderMap) -> Result<Form, Problem> {
    let media_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    match media_type.split(';').next().unwrap_or_default().trim() {
        "application/x-ndjson" | "application/ndjson" => Ok(Form::Lines),
        "application/json" => Ok(Form::Array),
        _ => Err(Problem::new(Refusal::MediaTypeDoesNotFit)
            .at("Content-Type")
            .fits(["application/x-ndjson", "application/json"])),
    }
}

/// A batch that is being read.
struct Batch {
    cutter: Cutter,
    lines: Lines,
}

/// What was read of a batch.
struct Lines {
    caller: Caller,
    /// What the lines' keys begin with.
    key: String,
    long_ago: bool,
    form: Form,
    is_whole: bool,
    /// No line has more bytes.
    bytes_most: usize,
    requests: Vec<Result<Asking, Problem>>,
    unreadable: usize,
}

impl Batch {
    fn new(app: &App, caller: Caller, (key, long_ago): (String, bool), form: Form, is_whole: bool) -> Self {
        let bytes_most = app.config.body_most;
        let lines = Lines { caller, key, long_ago, form, is_whole, bytes_most, requests: Vec::new(), unreadable: 0 };
        Self { cutter: Cutter::new(form, bytes_most), lines }
    }

    fn take_in(mut self, piece: &[u8]) -> Result<Self, Problem> {
        let lines = &mut self.lines;
        self.cutter.cut(piece, &mut |element| lines.add(element))?;
        Ok(self)
    }

    fn end(mut self) -> Result<Vec<Result<Asking, Problem>>, Problem> {
        let lines = &mut self.lines;
        self.cutter.end(&mut |element| lines.add(element))?;
        if lines.requests.is_empty() { Err(too_many(0)) } else { Ok(self.lines.requests) }
    }
}

impl Lines {
    /// Reads a line, and says whether the rest is worth reading.
    fn add(&mut self, element: Element) -> Result<(), Problem> {
        let index = self.requests.len();
        if index == LINES_MOST {
            return Err(too_many(index + 1));
        }
        let read = self.value(element, index)?.and_then(|value| self.read(index, &value));
        if let Err(problem) = &read {
            if self.is_whole {
                return Err(problem.clone().at_line(index));
            }
            self.unreadable += usize::from(is_unreadable(problem));
        }
        self.requests.push(read);
        if self.unreadable > UNREADABLE_MOST { Err(self.first_unreadable()) } else { Ok(()) }
    }

    /// Each line has a key of its own: the first one the batch's, so that it names nothing else of the caller's, and the
    /// others the batch's with their place. A repeated batch repeats each of its lines.
    fn read(&self, index: usize, value: &Value) -> Result<Asking, Problem> {
        let Self { caller, key, long_ago, .. } = self;
        let text = format!("batch\0{}\0{value}", caller.acting.stored());
        let key = if index == 0 { key.clone() } else { format!("{key}#{}", index + 1) };
        let asked = Asked { key, digest: log::leaf_hash(text.as_bytes()), long_ago: *long_ago };
        let proposed: ProposedExchange = body::form(value)?;
        asked.request(caller, proposed.command(caller)?)
    }

    /// A line as JSON, or why it is none. An array with something else in it is no array, for the whole of it.
    fn value(&self, mut element: Element, index: usize) -> Result<Result<Value, Problem>, Problem> {
        let Some(text) = element.text.take() else {
            return Ok(Err(Problem::new(Refusal::BodyIsTooLarge(self.bytes_most))));
        };
        match (self.form, body::json(text.trim_ascii())) {
            (_, Ok(value)) => Ok(Ok(value)),
            (Form::Lines, Err(problem)) => Ok(Err(problem)),
            (Form::Array, Err(problem)) => Err(match problem.refusal() {
                Refusal::BodyDoesNotFit(Misfit::JsonBreaksOff(place) | Misfit::NoJson(place)) => {
                    Problem::new(Refusal::BodyDoesNotFit(Misfit::NoJson(element.place(*place))))
                }
                _ => problem.at_line(index),
            }),
        }
    }

    fn first_unreadable(&self) -> Problem {
        let mut problems =
            self.requests.iter().enumerate().filter_map(|(index, read)| Some((index, read.as_ref().err()?)));
        let first = problems.find(|(_, problem)| is_unreadable(problem));
        first.map_or_else(Problem::not_found, |(index, problem)| problem.clone().at_line(index))
    }
}

fn too_many(found: usize) -> Problem {
    Problem::new(Refusal::BodyDoesNotFit(Misfit::Length { found, fits: Fits::ExchangesAtMost(LINES_MOST) }))
}

/// Whether a line is no exchange at all, whatever the network may hold.
fn is_unreadable(problem: &Problem) -> bool {
    matches!(problem.refusal(), Refusal::BodyDoesNotFit(_) | Refusal::BodyIsTooLarge(_))
}

/// Every line on its own; the answers stand in the order of the lines.
async fn one_by_one(
    app: &App,
    caller: &Caller,
    requests: Vec<Result<Asking, Problem>>,
    mut answers: Answers,
) -> Answers {
    let network = caller.known.id;
    let answered = stream::iter(requests.into_iter().enumerate()).map(|(index, request)| async move {
        let result = match request {
            Ok(request) => submit(app, network, request).await.map_err(|error| app.not_written(caller, error)),
            Err(problem) => Err(problem),
        };
        (index, result)
    });
    let mut answered = std::pin::pin!(answered.buffered(WAITING_MOST));
    while let Some((index, result)) = answered.next().await {
        answers.add(caller, index, result);
        if index % ANSWERS_AT_ONCE == 0 {
            tokio::task::yield_now().await;
        }
    }
    answers
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
    requests: Vec<Result<Asking, Problem>>,
    mut answers: Answers,
) -> Result<Answers, Problem> {
    let requests = requests.into_iter().collect::<Result<_, _>>()?;
    for (index, receipt) in app.submit_together(caller, requests).await?.into_iter().enumerate() {
        answers.add(caller, index, Ok(receipt));
    }
    Ok(answers)
}

/// The answers to a batch, in the form in which it came. They are kept as they will be sent, which takes the least room.
struct Answers {
    form: Form,
    language: Language,
    text: Vec<u8>,
}

impl Answers {
    fn new(form: Form, language: Language) -> Self {
        Self { form, language, text: Vec::new() }
    }

    fn add(&mut self, caller: &Caller, index: usize, result: Result<Receipt, Problem>) {
        let line = index + 1;
        let answer = match result {
            Ok(receipt) => {
                LineAnswer { line, status: 201, receipt: Some(receipt_view(caller, &receipt)), problem: None }
            }
            Err(problem) => LineAnswer {
                line,
                status: problem.status().as_u16(),
                receipt: None,
                problem: Some(document(&problem, self.language, None)),
            },
        };
        match (self.form, index) {
            (Form::Lines, _) => {}
            (Form::Array, 0) => self.text.push(b'['),
            (Form::Array, _) => self.text.push(b','),
        }
        // Writing into memory does not fail.
        let _ = serde_json::to_writer(&mut self.text, &answer);
        if self.form == Form::Lines {
            self.text.push(b'\n');
        }
    }

    fn response(mut self) -> Response {
        let media_type = match self.form {
            Form::Lines => "application/x-ndjson",
            Form::Array => {
                self.text.extend_from_slice(b"]\n");
                "application/json"
            }
        };
        let mut response = Response::new(Body::from(self.text));
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
        response
    }
}
