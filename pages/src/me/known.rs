//! All that the network knows of oneself, to take away.

use axum::extract::State;
use service::{App, caller::Caller, persons};

use crate::answer::{Answer, to_keep};

/// The file.
pub(crate) async fn take(State(app): State<App>, caller: Caller) -> Answer {
    to_keep(persons::known_of_oneself(&app, &caller).await?, "application/json", "coudemain.json")
}
