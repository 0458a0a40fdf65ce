//! Who is told of acts: webhooks and streams.
//!
//! Both read the acts themselves, from a place that they remember: nothing is told that did not happen, and nothing
//! that happened is left out. What they tell holds names of things, never of people.

pub mod client;
pub mod cursor;
pub mod event;

mod turns;

pub mod deliver;
pub mod stream;

use tokio::task::JoinHandle;

use crate::app::App;

/// Starts what runs beside the requests.
pub fn start(app: &App) -> Vec<JoinHandle<()>> {
    vec![tokio::spawn(deliver::run(app.clone()))]
}
