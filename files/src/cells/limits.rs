//! What reading a file may come to.

/// A file of lines is never so large, in megabytes; reading it would take all the memory there is.
pub(super) const MOST_MEGABYTES: u64 = 256;

/// What the process that reads a workbook may use of memory, in bytes.
pub(super) const MOST_MEMORY: u64 = 512 << 20;

/// How long it may calculate, in seconds.
pub(super) const MOST_SECONDS: u64 = 20;

/// What it tells at most, in bytes: what cells and text may come to, written out.
pub(super) const MOST_TOLD: u64 = 256 << 20;
