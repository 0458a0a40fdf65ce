//! Whether the process can work, and what it has counted.

use ledger::Language;

use crate::{
    app::App,
    problem::{Problem, Refusal},
};

impl App {
    /// The process can work: the database answers, its schema is this program's, the writer lives, and what is written
    /// is kept.
    ///
    /// # Errors
    /// When it cannot.
    pub async fn check_ready(&self) -> Result<(), Problem> {
        if !self.store.is_current().await? || !self.writer.is_alive() {
            return Err(Problem::new(Refusal::Unavailable(5)));
        }
        self.store.try_writing().await.map_err(|error| Problem::of_store(&error))
    }

    /// What whoever runs the service should look at, though it works.
    pub fn complaints(&self, language: Language) -> Vec<String> {
        self.clock_doubts().iter().map(|doubt| doubt.in_words(language)).collect()
    }

    /// What was counted, in Prometheus' text form.
    pub fn counters(&self) -> String {
        self.metrics.text(&self.operations, &(self.writer.gauges().in_prometheus() + &self.postman.in_prometheus()))
    }
}
