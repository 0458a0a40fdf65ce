//! The first address: leads whoever is signed in to where they left off, and everybody else to where one signs in.

use axum::extract::{Request, State};
use axum::http::HeaderMap;
use ledger::Language;
use service::{
    App, Part, Scope,
    guard::{Admission, admit},
    problem::Refusal,
};

use crate::{
    answer::{Answer, see, see_with},
    demo, door,
    form::Filled,
    frame::{Asking, hats},
};

/// Leads on.
pub(crate) async fn lead(State(app): State<App>, asking: Asking, request: Request) -> Answer {
    let known = asking.place.network(&app).await?;
    if let Some(door) = demo::door(&app, &known, &asking).await? {
        return Ok(door);
    }
    let shown = (door::PEOPLE.look)(&request);
    let admission = Admission { shown, scope: Scope::Read, may: &Part::ALL, is_crowded: false };
    let base = match admit(&app, &admission).await {
        // In whichever name: the first hat is the widest.
        Ok(choice) => hats(&choice.anyhow(), "").into_iter().next().map(|hat| hat.base),
        Err(problem) if matches!(problem.refusal(), Refusal::TokenIsMissing | Refusal::TokenDoesNotHold) => None,
        Err(problem) => return Err(problem),
    };
    see(&format!("{}{}", asking.place.prefix(), base.unwrap_or_else(|| "/sign-in".to_owned())))
}

/// Speaks another language from now on, on the same page.
pub(crate) async fn speak(asking: Asking, _: HeaderMap, filled: Filled) -> Answer {
    let language = if filled.get("language") == "en" { Language::English } else { Language::French };
    see_with(&format!("{}{}", asking.place.prefix(), within(filled.get("back"))), &door::language_cookie(language))
}

/// An address of this service to go back to; the first one where what is said is none.
pub(crate) fn within(back: &str) -> &str {
    let is_ours = back.starts_with('/') && !back.starts_with("//") && !back.contains(['\\', '\n', '\r', '\t']);
    if is_ours { back } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_led_back_within_the_service_alone() {
        for (back, led) in [
            ("/a/1/note?x=y", "/a/1/note?x=y"),
            ("", "/"),
            ("//evil.example", "/"),
            ("https://evil.example", "/"),
            ("/\\evil.example", "/"),
            ("/a\nSet-Cookie: x", "/"),
        ] {
            assert_eq!(within(back), led, "{back}");
        }
    }
}
