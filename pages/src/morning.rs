//! The coordinator's morning: a list of work in order, each line with its reason, the words to say, and one thing to do.

mod lines;

use askama::Template;
use axum::extract::State;
use service::{App, caller::Caller, mailer::unreached::bounced, morning};

use crate::{
    answer::{Answer, page},
    frame::{Asking, Frame, full_name},
};

use lines::{Line, Table};

#[derive(Template)]
#[template(path = "morning.html")]
struct Morning {
    frame: Frame,
    lines: Vec<Line>,
}

impl Morning {
    fn title(&self) -> String {
        self.frame.say("morning-title", &[("count", self.lines.len().into())])
    }

    /// The day, as it stands on the printed list.
    fn day(&self) -> String {
        self.frame.day(self.frame.today)
    }
}

/// The page.
pub(crate) async fn show(State(app): State<App>, mut caller: Caller, asking: Asking) -> Answer {
    caller.registry = caller.known.refreshed(&app.store).await?;
    let frame = Frame::around(&app, &caller, &asking).await?;
    let morning = morning::read(&app, &caller).await?;
    let mediators = morning.contested.iter().flat_map(|contested| contested.mediators.iter().copied());
    let mediators: Vec<_> = mediators.collect();
    let named = app.store.identities_of(caller.known.id, &mediators).await?;
    let mediators = named.iter().map(|(number, identity)| (*number, full_name(identity))).collect();
    let bounced = bounced(&app, &caller.known).await?;
    let table = Table { caller: &caller, frame: &frame, now: app.now(), morning: &morning, mediators, bounced };
    let lines = table.lines();
    page(&Morning { lines, frame })
}
