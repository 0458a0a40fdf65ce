//! Whether the process can work, and what it has counted.

use crate::{
    app::App,
    problem::{Problem, Refusal},
};

impl App {
    /// The process can work: the database answers, its schema is this program's, and the writer lives.
    ///
    /// # Errors
    /// When it cannot.
    pub async fn check_ready(&self) -> Result<(), Problem> {
        if self.store.is_current().await? && self.writer.is_alive() {
            Ok(())
        } else {
            Err(Problem::new(Refusal::Unavailable(5)))
        }
    }

    /// What was counted, in Prometheus' text form.
    pub fn counters(&self) -> String {
        self.metrics.text(&self.operations, &self.writer.gauges().in_prometheus())
    }
}
