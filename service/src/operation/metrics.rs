//! What Prometheus reads: requests by route and status, how long they took, what the ledger refused, what waits.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};

/// The upper ends of the histogram, in µs.
const BUCKETS: [u64; 9] = [500, 1_000, 2_500, 5_000, 10_000, 25_000, 100_000, 500_000, 2_500_000];

/// Counters of this process.
#[derive(Debug)]
pub struct Metrics {
    routes: Vec<RouteCounts>,
    /// Requests that met no route.
    pub elsewhere: AtomicU64,
    rejections: Mutex<BTreeMap<String, u64>>,
    /// Events that a webhook received.
    pub webhook_delivered: AtomicU64,
    /// Events that a webhook did not receive.
    pub webhook_failed: AtomicU64,
    /// Streams that are open.
    pub streams: AtomicU64,
    /// Requests for which no connection was free.
    crowded: AtomicU64,
}

#[derive(Debug, Default)]
struct RouteCounts {
    /// 2xx, 3xx, 4xx, 5xx.
    statuses: [AtomicU64; 4],
    buckets: [AtomicU64; BUCKETS.len() + 1],
    micros: AtomicU64,
}

impl Metrics {
    /// For so many routes.
    pub fn new(routes: usize) -> Self {
        Self {
            routes: std::iter::repeat_with(RouteCounts::default).take(routes).collect(),
            elsewhere: AtomicU64::new(0),
            rejections: Mutex::default(),
            webhook_delivered: AtomicU64::new(0),
            webhook_failed: AtomicU64::new(0),
            streams: AtomicU64::new(0),
            crowded: AtomicU64::new(0),
        }
    }

    /// A request was answered.
    pub fn answered(&self, route: Option<usize>, status: u16, micros: u64) {
        let Some(counts) = route.and_then(|route| self.routes.get(route)) else {
            self.elsewhere.fetch_add(1, Relaxed);
            return;
        };
        let class = usize::from(status / 100).clamp(2, 5) - 2;
        counts.statuses[class].fetch_add(1, Relaxed);
        let bucket = BUCKETS.iter().position(|most| micros <= *most).unwrap_or(BUCKETS.len());
        counts.buckets[bucket].fetch_add(1, Relaxed);
        counts.micros.fetch_add(micros, Relaxed);
    }

    /// A request came by a connection for which there was no room.
    pub fn turned_away(&self) {
        self.crowded.fetch_add(1, Relaxed);
    }

    /// The ledger refused something.
    pub fn rejected(&self, kind: &str) {
        let mut rejections = self.rejections.lock().unwrap_or_else(PoisonError::into_inner);
        match rejections.get_mut(kind) {
            Some(count) => *count += 1,
            None => drop(rejections.insert(kind.to_owned(), 1)),
        }
    }

    /// The counters in Prometheus' text form. `names` are the routes' operations; `gauges` stand as they are.
    pub fn text(&self, names: &[&str], gauges: &str) -> String {
        let mut text = String::from("# TYPE coudemain_requests_total counter\n");
        for (counts, name) in self.routes.iter().zip(names) {
            for (class, count) in counts.statuses.iter().enumerate() {
                let count = count.load(Relaxed);
                if count > 0 {
                    let _ = writeln!(
                        text,
                        "coudemain_requests_total{{operation=\"{name}\",status=\"{}xx\"}} {count}",
                        class + 2
                    );
                }
            }
        }
        let _ = writeln!(
            text,
            "coudemain_requests_total{{operation=\"none\",status=\"4xx\"}} {}",
            self.elsewhere.load(Relaxed)
        );
        text.push_str("# TYPE coudemain_request_seconds histogram\n");
        for (counts, name) in self.routes.iter().zip(names) {
            histogram(&mut text, counts, name);
        }
        text.push_str("# TYPE coudemain_rejections_total counter\n");
        for (kind, count) in &*self.rejections.lock().unwrap_or_else(PoisonError::into_inner) {
            let _ = writeln!(text, "coudemain_rejections_total{{kind=\"{kind}\"}} {count}");
        }
        for (name, kind, value) in [
            ("webhook_delivered_total", "counter", &self.webhook_delivered),
            ("webhook_failed_total", "counter", &self.webhook_failed),
            ("event_streams", "gauge", &self.streams),
            ("crowded_requests_total", "counter", &self.crowded),
        ] {
            let _ = writeln!(text, "# TYPE coudemain_{name} {kind}\ncoudemain_{name} {}", value.load(Relaxed));
        }
        text.push_str(gauges);
        text
    }
}

fn histogram(text: &mut String, counts: &RouteCounts, name: &str) {
    let mut sum = 0;
    let found: Vec<u64> = counts.buckets.iter().map(|bucket| bucket.load(Relaxed)).collect();
    if found.iter().all(|count| *count == 0) {
        return;
    }
    let seconds = |micros: u64| format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000);
    for (index, count) in found.iter().enumerate() {
        sum += count;
        let most = BUCKETS.get(index).map_or("+Inf".to_owned(), |most| seconds(*most));
        let _ = writeln!(text, "coudemain_request_seconds_bucket{{operation=\"{name}\",le=\"{most}\"}} {sum}");
    }
    let total = seconds(counts.micros.load(Relaxed));
    let _ = writeln!(text, "coudemain_request_seconds_sum{{operation=\"{name}\"}} {total}");
    let _ = writeln!(text, "coudemain_request_seconds_count{{operation=\"{name}\"}} {sum}");
}
