//! Running the service: health, metrics, logs, limits, daily signatures.

pub(crate) mod health;
pub(crate) mod logs;
pub(crate) mod metrics;
pub(crate) mod rate;
pub(crate) mod signing;
