//! With a paper card: its square leads to the page with the letters filled in, and whoever has no camera types them.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::HeaderMap,
};
use service::{
    App,
    sign_in::{
        card,
        coming::{Coming, Entered},
    },
    source::Source,
};

use crate::{
    answer::{Answer, again, page},
    entering::{back, device, enter},
    form::{Filled, Misfits},
    frame::{Asking, Frame},
};

#[derive(Template)]
#[template(path = "card.html")]
struct CardPage {
    frame: Frame,
    misfits: Misfits,
    letters: String,
    back: String,
    /// Whether the letters come from the card's square.
    is_from_square: bool,
}

/// The page on which letters are typed.
pub(crate) async fn card(State(app): State<App>, asking: Asking) -> Answer {
    show(&app, &asking, String::new(), false).await
}

/// The page that a card's square leads to. It looks nothing up: only what is sent is tried.
pub(crate) async fn card_of_square(State(app): State<App>, asking: Asking, Path(letters): Path<String>) -> Answer {
    show(&app, &asking, letters, true).await
}

async fn show(app: &App, asking: &Asking, letters: String, is_from_square: bool) -> Answer {
    let back = back(asking, &Filled::default());
    let frame = Frame::for_anybody(app, asking).await?;
    page(&CardPage { frame, misfits: Misfits::default(), letters, back, is_from_square })
}

/// Comes in with a card.
pub(crate) async fn use_card(
    State(app): State<App>,
    asking: Asking,
    source: Source,
    headers: HeaderMap,
    filled: Filled,
) -> Answer {
    let known = asking.place.network(&app).await?;
    let (letters, back) = (filled.get("letters").to_owned(), back(&asking, &filled));
    let coming = Coming::In(device(&headers));
    if let Entered::In(session) = card::enter(&app, source, &known, &letters, coming).await? {
        return enter(&asking, &session, &back);
    }
    let frame = Frame::for_anybody(&app, &asking).await?;
    let mut misfits = Misfits::default();
    misfits.add("letters", frame.t("card-wrong"));
    again(&CardPage { frame, misfits, letters, back, is_from_square: false })
}
