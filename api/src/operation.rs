//! Running the service: health, metrics, logs, limits, daily signatures.

pub(crate) mod health;
#[path = "../../service/src/operation/logs.rs"]
pub(crate) mod logs;
#[path = "../../service/src/operation/metrics.rs"]
pub(crate) mod metrics;
#[path = "../../service/src/operation/rate.rs"]
pub(crate) mod rate;
#[path = "../../service/src/operation/signing.rs"]
pub(crate) mod signing;
