//! What a phone keeps of us: the icon on its screen and where that leads, and the worker that has the page for noting at
//! hand where there is no network.

use askama::Template;
use axum::{
    extract::{Request, State},
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use serde_json::json;
use service::{
    App, Part, Scope,
    guard::{Admission, admit},
};

use crate::{
    answer::{Answer, page, see},
    assets, door,
    frame::{Asking, Frame, Hat},
};

/// What browsers ask for where somebody puts the service on their screen.
pub(crate) async fn manifest(State(app): State<App>, asking: Asking) -> Answer {
    let frame = Frame::for_anybody(&app, &asking).await?;
    let manifest = json!({
        "name": frame.say("phone-name", &[("network", frame.network.as_str().into())]),
        "short_name": "Coudemain",
        "description": frame.t("phone-about"),
        "lang": frame.lang(),
        "id": frame.to("/"),
        "start_url": frame.to("/note"),
        "scope": frame.to("/"),
        "display": "standalone",
        "background_color": "#fbfcfc",
        "theme_color": "#1d4f5f",
        "icons": [
            { "src": assets::address("icon.svg"), "sizes": "any", "type": "image/svg+xml" },
            { "src": assets::address("icon-512.png"), "sizes": "512x512", "type": "image/png" },
        ],
    });
    let mut response = manifest.to_string().into_response();
    let kind = HeaderValue::from_static("application/manifest+json");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    Ok(response)
}

/// The worker. It stands at the top of the network's addresses, since it may look after those below it alone; and is
/// asked for anew each time, since what replaces it has the same address.
pub(crate) async fn worker() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (header::CACHE_CONTROL, "no-cache"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, include_str!("../assets/worker.js")).into_response()
}

#[derive(Template)]
#[template(path = "note_for.html")]
struct NoteFor {
    frame: Frame,
    hats: Vec<Hat>,
}

/// Where the icon leads: to noting for the one association that the reader speaks for, or to the choice among several.
pub(crate) async fn start(State(app): State<App>, asking: Asking, request: Request) -> Answer {
    let shown = (door::PEOPLE.look)(&request);
    let admission = Admission { shown, scope: Scope::Read, may: &Part::ALL, is_crowded: false };
    let caller = admit(&app, &admission).await?.anyhow();
    let frame = Frame::around(&app, &caller, &asking).await?;
    let hats: Vec<Hat> = frame.hats.iter().filter(|hat| hat.base.starts_with("/a/")).cloned().collect();
    match hats.as_slice() {
        [] => see(&frame.to("/")),
        [only] => see(&frame.to(&format!("{}/note", only.base))),
        _ => page(&NoteFor { frame, hats }),
    }
}
