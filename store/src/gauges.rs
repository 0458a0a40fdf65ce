//! What the writer does, counted for whoever watches it.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::time::{Duration, Instant};

/// The upper ends of the histograms: requests a batch, and milliseconds a batch.
const SIZES: [u64; 5] = [1, 8, 64, 256, 1_000];
const MILLIS: [u64; 7] = [1, 2, 5, 10, 50, 250, 1_000];

/// The instant from which a batch is timed.
pub(crate) fn instant() -> Instant {
    #[expect(clippy::disallowed_methods, reason = "how long a batch takes is measured here")]
    Instant::now()
}

/// Counters of a writer, over all networks.
#[derive(Debug, Default)]
pub struct Gauges {
    waiting: AtomicUsize,
    networks: AtomicUsize,
    sent: AtomicUsize,
    failed: AtomicU64,
    sizes: [AtomicU64; SIZES.len() + 1],
    requests: AtomicU64,
    millis: [AtomicU64; MILLIS.len() + 1],
    micros: AtomicU64,
}

impl Gauges {
    /// How many requests wait or are being carried out.
    pub(crate) fn waiting(&self, count: usize) {
        self.waiting.store(count, Relaxed);
    }

    /// How many networks have a queue, and are kept in memory.
    pub(crate) fn networks(&self, count: usize) {
        self.networks.store(count, Relaxed);
    }

    /// The rows of so many acts of a batch have been sent.
    pub(crate) fn sent(&self, acts: usize) {
        self.sent.fetch_add(acts, Relaxed);
    }

    /// How many acts have been sent to the database in batches that take several journeys, for whoever watches one.
    pub fn acts_sent(&self) -> usize {
        self.sent.load(Relaxed)
    }

    /// A batch of so many requests took so long.
    pub(crate) fn batch(&self, requests: usize, took: Duration, is_done: bool) {
        let requests = u64::try_from(requests).unwrap_or(u64::MAX);
        let millis = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        count(&self.sizes, &SIZES, requests);
        count(&self.millis, &MILLIS, millis);
        self.requests.fetch_add(requests, Relaxed);
        self.micros.fetch_add(u64::try_from(took.as_micros()).unwrap_or(u64::MAX), Relaxed);
        self.failed.fetch_add(u64::from(!is_done), Relaxed);
    }

    /// The counters in Prometheus' text form.
    pub fn in_prometheus(&self) -> String {
        let mut text = String::new();
        let waiting = self.waiting.load(Relaxed);
        let failed = self.failed.load(Relaxed);
        let _ = writeln!(text, "# TYPE coudemain_queue_requests gauge\ncoudemain_queue_requests {waiting}");
        let networks = self.networks.load(Relaxed);
        let _ = writeln!(text, "# TYPE coudemain_networks_in_memory gauge\ncoudemain_networks_in_memory {networks}");
        let _ =
            writeln!(text, "# TYPE coudemain_batches_failed_total counter\ncoudemain_batches_failed_total {failed}");
        let requests = self.requests.load(Relaxed).to_string();
        histogram(&mut text, "coudemain_batch_requests", &self.sizes, &SIZES.map(|size| size.to_string()), &requests);
        let seconds = |thousandths: u64| format!("{}.{:03}", thousandths / 1_000, thousandths % 1_000);
        let micros = self.micros.load(Relaxed);
        let sum = format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000);
        histogram(&mut text, "coudemain_commit_seconds", &self.millis, &MILLIS.map(seconds), &sum);
        text
    }
}

fn count(buckets: &[AtomicU64], ends: &[u64], value: u64) {
    let bucket = ends.iter().position(|end| value <= *end).unwrap_or(ends.len());
    if let Some(bucket) = buckets.get(bucket) {
        bucket.fetch_add(1, Relaxed);
    }
}

fn histogram(text: &mut String, name: &str, buckets: &[AtomicU64], ends: &[String], sum: &str) {
    let _ = writeln!(text, "# TYPE {name} histogram");
    let mut so_far = 0;
    for (index, bucket) in buckets.iter().enumerate() {
        so_far += bucket.load(Relaxed);
        let end = ends.get(index).map_or("+Inf", String::as_str);
        let _ = writeln!(text, "{name}_bucket{{le=\"{end}\"}} {so_far}");
    }
    let _ = writeln!(text, "{name}_sum {sum}\n{name}_count {so_far}");
}
