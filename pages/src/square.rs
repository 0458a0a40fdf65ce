//! Addresses on paper: as squares that cameras read.

use std::fmt::Write as _;

use axum::http::{HeaderMap, header};
use qrcodegen::{QrCode, QrCodeEcc};
use service::App;

use crate::frame::Asking;

/// Where this network's pages are reached from outside.
pub(crate) fn base(app: &App, asking: &Asking, headers: &HeaderMap) -> String {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let base = match &app.config.public_url {
        Some(base) => base.trim_end_matches('/').to_owned(),
        None => format!("{}://{host}", if asking.place.is_loopback() { "http" } else { "https" }),
    };
    format!("{base}{}", asking.place.prefix())
}

/// A text as a square: how wide it is with its edge, and its black modules.
pub(crate) fn square(text: &str) -> Option<(i32, String)> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    let mut path = String::new();
    for y in 0..code.size() {
        for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
            let _ = write!(path, "M{x} {y}h1v1h-1z");
        }
    }
    Some((code.size() + 4, path))
}
