//! What was sent with a form, held for as long as it is answered: where it was not taken, whoever sent it gets it back,
//! with all that they had filled in.

use std::sync::{Arc, OnceLock};

use axum::{
    body::{Body, Bytes, HttpBody as _, to_bytes},
    extract::Request,
    http::{HeaderMap, header},
};
use tokio::sync::SemaphorePermit;

use crate::{
    app::App,
    bodies,
    problem::{Problem, Refusal},
};

/// What was sent, once it was read; nothing where the route does not give back what it is sent.
#[derive(Debug, Clone, Default)]
pub struct Sent(Arc<OnceLock<Bytes>>);

impl Sent {
    /// The body of the form.
    pub fn form(&self) -> Option<&Bytes> {
        self.0.get()
    }
}

/// Whether a body is a form as browsers send it.
pub fn is_form(headers: &HeaderMap) -> bool {
    let media_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    media_type.is_some_and(|text| text.starts_with("application/x-www-form-urlencoded"))
}

/// Reads a form whole.
///
/// # Errors
/// When it has more bytes than a body may have, or does not arrive in time.
pub async fn whole(app: &App, body: Body) -> Result<Bytes, Problem> {
    let most = app.config.body_most;
    let arriving = tokio::time::timeout(app.config.arrival_timeout, to_bytes(body, most));
    let read = arriving.await.map_err(|_| Problem::new(Refusal::BodyIsTooSlow))?;
    read.map_err(|_| Problem::new(Refusal::BodyIsTooLarge(most)))
}

/// Reads the form of a request, puts it where a refusal finds it, and leaves it to the handler as well. One that is not
/// small takes room, which is given back with what is returned.
///
/// # Errors
/// As [`whole`], and when there is no room.
pub(crate) async fn hold<'a>(app: &'a App, request: &mut Request) -> Result<Option<SemaphorePermit<'a>>, Problem> {
    let Some(sent) = request.extensions().get::<Sent>().cloned().filter(|_| is_form(request.headers())) else {
        return Ok(None);
    };
    let body = std::mem::take(request.body_mut());
    let is_small = body.size_hint().upper().is_some_and(|bytes| bytes <= bodies::SMALL as u64);
    let room = if is_small { None } else { Some(app.bodies.take_room(app.config.body_most).await?) };
    let bytes = whole(app, body).await?;
    *request.body_mut() = Body::from(bytes.clone());
    // A request comes past one guard: nobody has put anything there.
    sent.0.get_or_init(|| bytes);
    Ok(room)
}
