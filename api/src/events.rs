//! Who is told of acts: webhooks and streams. Both read the acts, so that nothing is told that did not happen.

use tokio::task::JoinHandle;

use crate::app::App;

/// Starts what runs beside the requests.
pub(crate) fn start(_app: &App) -> Vec<JoinHandle<()>> {
    Vec::new()
}
