//! The Coudemain HTTP service: a beginning.
