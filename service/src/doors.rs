//! How callers get in: what they show, and where they show it. Each face has one door and looks at no other.

use axum::http::{HeaderMap, header::AUTHORIZATION};

/// Says for whom a caller with several roles acts.
pub const ACTING_FOR: &str = "coudemain-acting-for";

/// What a caller shows at the door.
#[derive(Clone)]
pub struct Shown {
    /// The token.
    pub token: Option<String>,
    /// The name in which they say they act, as they write it.
    pub acting_for: Option<String>,
}

impl std::fmt::Debug for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shown").field("acting_for", &self.acting_for).finish_non_exhaustive()
    }
}

/// Finds what the callers of a face show.
pub type Door = fn(&HeaderMap) -> Shown;

/// The door of programs: `Authorization: Bearer …`, and in a header of its own the name in which they act.
pub fn bearer(headers: &HeaderMap) -> Shown {
    Shown {
        token: bearer_token(headers).map(str::to_owned),
        // What cannot be read names nobody: it is refused, and not passed over.
        acting_for: headers.get(ACTING_FOR).map(|text| text.to_str().unwrap_or_default().to_owned()),
    }
}

fn bearer_token(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
