//! Pages, as people have them: over HTTP without a screen, and in a real browser.

pub(crate) mod browser;
mod chromium;
mod harness;
pub(crate) mod looking;
mod page;
pub(crate) mod tab;
