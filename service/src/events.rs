//! Who is told of acts: webhooks and streams.
//!
//! Both read the acts themselves, from a place that they remember: nothing is told that did not happen, and nothing
//! that happened is left out. What they tell holds names of things, never of people.

pub mod client;
pub mod cursor;
pub mod event;

pub mod deliver;
pub mod stream;

use tokio::task::JoinHandle;

use crate::app::App;

/// So many webhooks are told at once.
const DELIVERERS: usize = 2;

/// Starts what runs beside the requests.
pub fn start(app: &App) -> Vec<JoinHandle<()>> {
    (0..DELIVERERS).map(|_| tokio::spawn(deliver::run(app.clone()))).collect()
}
