//! A file that somebody sends with a form, read within bounds: the form as browsers send it with a file in it.

use std::time::Duration;

use axum::{
    body::{Body, Bytes, HttpBody as _},
    extract::Request,
    http::header,
};
use multer::{Constraints, Field, Multipart, SizeLimit, parse_boundary};

use crate::{
    app::App,
    bodies,
    problem::{Problem, Refusal},
};

/// What surrounds the file in a form, in bytes.
const AROUND: u64 = 64 << 10;
/// A name has so many letters at most.
const NAME_MOST: usize = 120;
/// Of what is too large so much more is taken and thrown away, so that whoever sends it reads why: most browsers show
/// nothing where the answer comes before they have sent all.
const THROWN_AWAY: u64 = 100 << 20;

/// A form with a file.
#[derive(Debug, Default)]
pub struct Deposit {
    /// What this request is told by.
    pub once: String,
    /// The name of the file, without folders; empty where none was chosen.
    pub name: String,
    /// What it holds.
    pub bytes: Bytes,
}

/// Why a file was not taken.
#[derive(Debug)]
pub enum NotTaken {
    /// It has more bytes than are taken.
    TooLarge,
    /// It did not arrive whole, or not as a form with a file.
    Broken,
    /// Something that is told as everywhere.
    Problem(Problem),
}

impl From<Problem> for NotTaken {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

/// Reads a form with one file of at most so many bytes. What is not small takes room as it arrives.
///
/// # Errors
/// When it is larger, does not arrive whole or in time, or there is no room.
pub async fn read(app: &App, request: Request, bytes_most: usize) -> Result<Deposit, NotTaken> {
    let content_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let Some(boundary) = content_type.and_then(|text| parse_boundary(text).ok()) else { return Err(NotTaken::Broken) };
    let most = bytes_most as u64 + AROUND;
    let body = request.into_body();
    let told = body.size_hint().exact();
    if told.is_some_and(|bytes| bytes > most) {
        throw_away(app, body).await;
        return Err(NotTaken::TooLarge);
    }
    let room = told.unwrap_or(most);
    let is_small = room <= bodies::SMALL as u64;
    let wanted = usize::try_from(room).unwrap_or(usize::MAX);
    let _room = if is_small { None } else { Some(app.bodies.take_room(wanted).await?) };
    let limits = SizeLimit::new().whole_stream(most).for_field("once", 256);
    let form = Multipart::with_constraints(
        body.into_data_stream(),
        boundary,
        Constraints::new().allowed_fields(vec!["once", "file"]).size_limit(limits),
    );
    fields(app.config.arrival_timeout, form, bytes_most).await
}

async fn fields(patience: Duration, mut form: Multipart<'_>, bytes_most: usize) -> Result<Deposit, NotTaken> {
    let mut deposit = Deposit::default();
    while let Some(field) = in_time(patience, form.next_field()).await? {
        let is_file = field.name() == Some("file");
        if is_file {
            deposit.name = shown(field.file_name().unwrap_or_default());
        }
        let bytes = whole(patience, field, bytes_most).await?;
        if is_file {
            deposit.bytes = bytes;
        } else {
            deposit.once = String::from_utf8_lossy(&bytes).trim().to_owned();
        }
    }
    Ok(deposit)
}

async fn whole(patience: Duration, mut field: Field<'_>, bytes_most: usize) -> Result<Bytes, NotTaken> {
    let mut bytes = Vec::new();
    while let Some(chunk) = in_time(patience, field.chunk()).await? {
        if bytes.len() + chunk.len() > bytes_most {
            return Err(NotTaken::TooLarge);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.into())
}

/// The next part: each has its own time to arrive, since not everybody's line is fast.
async fn in_time<T>(
    patience: Duration,
    arriving: impl Future<Output = Result<T, multer::Error>>,
) -> Result<T, NotTaken> {
    match tokio::time::timeout(patience, arriving).await {
        Err(_) => Err(Problem::new(Refusal::BodyIsTooSlow).into()),
        Ok(Ok(part)) => Ok(part),
        Ok(Err(multer::Error::FieldSizeExceeded { .. } | multer::Error::StreamSizeExceeded { .. })) => {
            Err(NotTaken::TooLarge)
        }
        Ok(Err(_)) => Err(NotTaken::Broken),
    }
}

/// Takes what still comes, and keeps none of it.
async fn throw_away(app: &App, mut body: Body) {
    let mut left = THROWN_AWAY;
    loop {
        let next = std::future::poll_fn(|context| std::pin::Pin::new(&mut body).poll_frame(context));
        match tokio::time::timeout(app.config.arrival_timeout, next).await {
            Ok(Some(Ok(frame))) => {
                let bytes = frame.data_ref().map_or(0, |data| data.len() as u64);
                let Some(less) = left.checked_sub(bytes) else { return };
                left = less;
            }
            Ok(Some(Err(_)) | None) | Err(_) => return,
        }
    }
}

/// A name as somebody may read it: without the folders that some browsers tell, and without what would steer a page.
fn shown(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    ledger::printable::shown(last).trim().chars().take(NAME_MOST).collect()
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    /// What is read of a body, on one line.
    async fn told(body: &str, most: usize) -> String {
        let stream = Body::from(body.to_owned()).into_data_stream();
        match fields(Duration::from_secs(1), Multipart::new(stream, "B"), most).await {
            Ok(Deposit { once, name, bytes }) => format!("{once} {name} {}", String::from_utf8_lossy(&bytes)),
            Err(NotTaken::TooLarge) => "too large".to_owned(),
            Err(NotTaken::Broken) => "broken".to_owned(),
            Err(NotTaken::Problem(problem)) => problem.slug().into_owned(),
        }
    }

    #[tokio::test]
    async fn a_form_is_read_as_browsers_send_it() {
        const ONCE: &str = "--B\r\nContent-Disposition: form-data; name=\"once\"\r\n\r\n7\r\n";
        const FILE: &str = "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=";
        for (body, expected) in [
            (
                format!("{ONCE}{FILE}\"carnet.csv\"\r\nContent-Type: text/csv\r\n\r\na;b\r\n--B--\r\n"),
                "7 carnet.csv a;b",
            ),
            (format!("{ONCE}{FILE}\"C:\\été\\carnet.csv\"\r\n\r\na\r\n--B--\r\n"), "7 carnet.csv a"),
            (format!("{ONCE}{FILE}\"\"\r\n\r\n\r\n--B--\r\n"), "7  "),
            (format!("{ONCE}--B--\r\n"), "7  "),
            (format!("{ONCE}{FILE}\"long.csv\"\r\n\r\n123456789\r\n--B--\r\n"), "too large"),
            (format!("{ONCE}{FILE}\"cut.csv\"\r\n\r\n12"), "broken"),
            ("nothing of the kind".to_owned(), "broken"),
        ] {
            assert_eq!(told(&body, 8).await, expected, "{body}");
        }
    }
}
