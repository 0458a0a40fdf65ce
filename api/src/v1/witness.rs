//! The network as a witness of others' logs (C2SP tlog-witness): it cosigns what goes on from what it cosigned before, for
//! the logs that its coordinator has named.

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::Response,
};
use ledger::{
    Language,
    keyring::{Keyring, KeyringError},
    witness::{Refused, Submission},
};
use service::{
    App,
    operation::logs,
    problem::{Problem, Refusal},
};
use uuid::Uuid;

use crate::{
    answer::{Answer, text},
    body::Arriving,
    extract::Path,
};

/// No head with its proof has more bytes.
const SUBMISSION_MOST: usize = 16 << 10;

/// What the OpenAPI document says of it.
pub(crate) const NOTES: &str = "The request and the answers are those of C2SP tlog-witness, as text: 409 tells the size that \
was cosigned last, 403 that no known key of the log signed the head, 422 that it does not go on from there. Only logs that \
the coordinator has named are known, others are answered 404.";

pub(crate) async fn cosign(
    State(app): State<App>,
    Path(network): Path<Uuid>,
    headers: HeaderMap,
    body: Body,
) -> Answer {
    let keyring = keyring(&app, network).await?;
    let mut arriving = Arriving::new(&app, &headers, body, SUBMISSION_MOST)?;
    let mut bytes = Vec::new();
    while let Some(data) = arriving.next().await? {
        bytes.extend_from_slice(&data);
    }
    let now = app.now();
    let judged = app.bodies.aside(move || {
        let Some(witness) = keyring.own_witness(network)? else { return Ok(None) };
        let submission = String::from_utf8(bytes).ok().and_then(|text| Submission::parse(&text));
        let judged = submission.map(|submission| keyring.cosign(&witness, &submission, now)).transpose()?;
        Ok(Some(judged))
    });
    let Some(judged) = judged.await?.map_err(faulty)?.ok_or_else(Problem::not_found)? else {
        return Ok(told(400, "old SIZE, the hashes of a proof, an empty line and a signed head would fit\n"));
    };
    match judged {
        Ok(signature) => Ok(told(200, signature.to_string())),
        Err(Refused::UnknownLog) => Err(Problem::not_found()),
        Err(Refused::NotSigned) => Ok(told(403, "no known key of this log signed the head\n")),
        Err(Refused::OldIsLarger) => Ok(told(400, "the old size is larger than the head's\n")),
        Err(Refused::OtherSize(size)) => Ok(text(409, "text/x.tlog.size", format!("{size}\n"))),
        Err(Refused::DoesNotGoOn) => Ok(told(422, "the head does not go on from the one that was cosigned last\n")),
    }
}

/// The head of a log that was cosigned last.
pub(crate) async fn cosigned(State(app): State<App>, Path((network, origin)): Path<(Uuid, String)>) -> Answer {
    let is_hash = origin.len() == 64 && origin.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if !is_hash {
        return Err(Problem::not_found());
    }
    let keyring = keyring(&app, network).await?;
    let note = app.bodies.aside(move || keyring.last_cosigned(&origin)).await?.map_err(faulty)?;
    let mut response = told(200, note.ok_or_else(Problem::not_found)?.to_string());
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    Ok(response)
}

/// The keys of a network of this service, where they are here.
async fn keyring(app: &App, network: Uuid) -> Result<Keyring, Problem> {
    super::log::known(app, network).await?;
    let keys = app.config.keys.as_deref().ok_or_else(Problem::not_found)?;
    Ok(Keyring::new(keys, network))
}

#[expect(clippy::needless_pass_by_value, reason = "as `map_err` hands it over")]
fn faulty(error: KeyringError) -> Problem {
    logs::fault(&format!("as a witness: {}", error.in_words(Language::English)));
    Problem::new(Refusal::Fault)
}

fn told(status: u16, words: impl Into<Body>) -> Response {
    text(status, "text/plain; charset=utf-8", words)
}
