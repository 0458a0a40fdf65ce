//! Style, scripts and pictures: embedded, with a digest in the name, so that browsers keep them for ever.

use std::fmt::Write as _;
use std::sync::LazyLock;

use axum::{
    extract::Path,
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use service::problem::Problem;
use sha2::{Digest as _, Sha256};

/// Something that pages are shown with.
struct Asset {
    /// What templates call it.
    name: &'static str,
    media_type: &'static str,
    bytes: &'static [u8],
}

const ASSETS: [Asset; 5] = [
    Asset { name: "style.css", media_type: "text/css; charset=utf-8", bytes: include_bytes!("../assets/style.css") },
    Asset { name: "icon.svg", media_type: "image/svg+xml", bytes: include_bytes!("../assets/icon.svg") },
    Asset { name: "icon-180.png", media_type: "image/png", bytes: include_bytes!("../assets/icon-180.png") },
    Asset { name: "icon-512.png", media_type: "image/png", bytes: include_bytes!("../assets/icon-512.png") },
    Asset {
        name: "noting.js",
        media_type: "text/javascript; charset=utf-8",
        bytes: include_bytes!("../assets/noting.js"),
    },
];

/// The names that the assets are asked for under, in their order.
static NAMES: LazyLock<Vec<String>> = LazyLock::new(|| ASSETS.iter().map(Asset::kept_name).collect());

impl Asset {
    /// `style-0f3a….css`: other bytes have another name.
    fn kept_name(&self) -> String {
        let mut digest = String::new();
        for byte in Sha256::digest(self.bytes).iter().take(6) {
            let _ = write!(digest, "{byte:02x}");
        }
        let (stem, extension) = self.name.split_once('.').unwrap_or((self.name, ""));
        format!("{stem}-{digest}.{extension}")
    }
}

/// The address of an asset.
pub(crate) fn address(name: &str) -> String {
    let found = ASSETS.iter().zip(NAMES.iter()).find(|(asset, _)| asset.name == name);
    found.map_or_else(String::new, |(_, kept)| format!("/assets/{kept}"))
}

/// Serves one.
pub(crate) async fn serve(Path(name): Path<String>) -> Result<Response, Problem> {
    let found = ASSETS.iter().zip(NAMES.iter()).find(|(_, kept)| **kept == name);
    let (asset, _) = found.ok_or_else(Problem::not_found)?;
    let mut response = asset.bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.media_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    Ok(response)
}
