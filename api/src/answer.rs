//! What handlers give back.

use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use ledger::{account::Account, exchange::ExchangeState};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use service::{
    caller::Caller,
    operation::logs,
    problem::{Problem, Refusal},
    writing::{AnswerToKeep, EarlierAnswer},
};
use store::Receipt;
use uuid::Uuid;

use crate::parts::{PageSize, Word};

/// What a handler gives back.
pub(crate) type Answer = Result<Response, Problem>;

/// JSON with a status. It ends a line, so that a terminal's next one begins at its left.
pub(crate) fn json(status: u16, value: &impl Serialize) -> Response {
    match serde_json::to_string(value) {
        Ok(body) => text(status, "application/json", body + "\n"),
        // Success without a body would be a lie.
        Err(error) => {
            logs::fault(&format!("an answer could not be written: {error}"));
            Problem::new(Refusal::Fault).into_response()
        }
    }
}

/// A body of any kind.
pub(crate) fn text(status: u16, media_type: &'static str, body: impl Into<Body>) -> Response {
    let mut response = with_status(status, Response::new(body.into()));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    response
}

/// A number that is no status is a fault of ours.
fn with_status(status: u16, mut response: Response) -> Response {
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response
}

/// JSON with the tag of the version that it shows.
pub(crate) fn tagged(value: &impl Serialize, tag: &str) -> Response {
    let mut response = json(200, value);
    if let Ok(tag) = HeaderValue::from_str(&format!("\"{tag}\"")) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

/// Nothing, with success.
pub(crate) fn nothing() -> Response {
    StatusCode::NO_CONTENT.into_response()
}

/// A page of a list.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Page_of_{T}")]
pub(crate) struct Page<T> {
    /// What is on the page.
    pub(crate) items: Vec<T>,
    /// The cursor of the next page; absent on the last one. The `Link` header holds the whole address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) next: Option<String>,
}

/// How many items a page has unless said.
const PAGE: u32 = 50;

/// How many rows to read for a page: one more tells whether another page follows.
pub(crate) fn rows_for(limit: Option<PageSize>) -> u32 {
    limit.map_or(PAGE, PageSize::get) + 1
}

/// A page, with a link to the next one if `rows` were one more than fit.
pub(crate) fn page<R, T: Serialize>(
    uri: &Uri,
    mut rows: Vec<R>,
    limit: Option<PageSize>,
    cursor: impl Fn(&R) -> String,
    show: impl FnMut(R) -> Result<T, Problem>,
) -> Answer {
    let most = rows_for(limit) as usize - 1;
    let has_more = rows.len() > most;
    rows.truncate(most);
    let next = if has_more { rows.last().map(cursor) } else { None };
    let link = next.as_deref().map(|cursor| format!("<{}>; rel=\"next\"", with_cursor(uri, cursor)));
    let items = rows.into_iter().map(show).collect::<Result<_, _>>()?;
    let mut response = json(200, &Page { items, next });
    if let Some(link) = link.and_then(|link| HeaderValue::from_str(&link).ok()) {
        response.headers_mut().insert(header::LINK, link);
    }
    Ok(response)
}

/// What became of a write: the act that the ledger sealed. A repeat with the same key gets the same.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Receipt")]
pub(crate) struct ReceiptView {
    /// What the act created; for a step in an exchange's life, the exchange.
    pub(crate) id: Uuid,
    /// The act.
    pub(crate) act: Uuid,
    /// How often the log had been lost before the act.
    pub(crate) generation: u16,
    /// The act's number: its place in the log.
    pub(crate) number: i64,
    /// A new exchange's reference, which people can read aloud.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reference: Option<String>,
    /// The exchange's state after the act.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) state: Option<Word<ExchangeState>>,
    /// Associations past a soft limit; when the state is `held`, past a hard one. `fund` is the solidarity fund.
    pub(crate) limits_met: Vec<String>,
}

/// What the ledger's receipt says to outsiders.
pub(crate) fn receipt_view(caller: &Caller, receipt: &Receipt) -> ReceiptView {
    let account = |account: &Account| match account {
        Account::Association(association) | Account::Engaged(association) => caller.name(association.0).to_string(),
        Account::Fund => "fund".to_owned(),
        Account::Opening => "opening".to_owned(),
        Account::Person(person) => caller.name(person.0).to_string(),
    };
    ReceiptView {
        id: caller.name(receipt.exchange.map_or(receipt.act.0, |exchange| exchange.0)),
        act: caller.name(receipt.act.0),
        generation: caller.ids().generation(receipt.act).losses(),
        number: receipt.act.0,
        reference: receipt.reference.clone(),
        state: receipt.state.map(Word),
        limits_met: receipt.limits_met.iter().map(account).collect(),
    }
}

/// The receipt of an accepted write.
pub(crate) fn receipt(status: u16, caller: &Caller, receipt: &Receipt) -> Response {
    let response = json(status, &receipt_view(caller, receipt));
    if receipt.is_repeat { replayed(response) } else { response }
}

/// The receipt of what created something, with its address.
pub(crate) fn created(caller: &Caller, made: &Receipt, folder: &str) -> Response {
    let mut response = receipt(201, caller, made);
    let name = caller.name(made.exchange.map_or(made.act.0, |exchange| exchange.0));
    if let Ok(place) = HeaderValue::from_str(&format!("{folder}/{name}")) {
        response.headers_mut().insert(header::LOCATION, place);
    }
    response
}

/// Marks an answer as one that was given before.
pub(crate) fn replayed(mut response: Response) -> Response {
    response.headers_mut().insert("idempotency-replayed", HeaderValue::from_static("true"));
    response
}

/// What is kept of an answer without a body.
pub(crate) const NOTHING_TO_KEEP: AnswerToKeep<'static> = AnswerToKeep { status: 204, body: &Value::Null };

/// An answer that was given before.
pub(crate) fn again(earlier: EarlierAnswer) -> Response {
    let EarlierAnswer { status, body } = earlier;
    if body.is_empty() || body == "null" {
        return replayed(with_status(status, ().into_response()));
    }
    replayed(text(status, "application/json", body + "\n"))
}

/// The same address with another cursor.
pub(crate) fn with_cursor(uri: &Uri, cursor: &str) -> String {
    let rest =
        uri.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("cursor="));
    let query: Vec<_> = rest.map(str::to_owned).chain([format!("cursor={cursor}")]).collect();
    format!("{}?{}", uri.path(), query.join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_keeps_the_question() {
        let uri: Uri = "/v1/exchanges?state=proposed&cursor=a&limit=5".parse().unwrap();
        assert_eq!(with_cursor(&uri, "b"), "/v1/exchanges?state=proposed&limit=5&cursor=b");
    }

    #[test]
    fn an_answer_that_cannot_be_written_is_no_success() {
        struct Unwritable;

        impl Serialize for Unwritable {
            fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
                Err(serde::ser::Error::custom("cannot be written"))
            }
        }

        assert_eq!(json(200, &Unwritable).status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(json(200, &7).status(), StatusCode::OK);
    }
}
