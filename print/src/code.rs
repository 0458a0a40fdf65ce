//! A QR code as an SVG image.

use std::fmt::Write as _;

use qrcodegen::{QrCode, QrCodeEcc};

/// The code of a text; `None` when it is too long for one.
pub(crate) fn svg(text: &str) -> Option<String> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    let size = code.size();
    let mut path = String::new();
    for y in 0..size {
        for x in 0..size {
            if code.get_module(x, y) {
                let _ = write!(path, "M{x} {y}h1v1h-1z");
            }
        }
    }
    Some(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"-2 -2 {0} {0}\"><path d=\"{path}\" fill=\"#000\"/></svg>",
        size + 4
    ))
}
