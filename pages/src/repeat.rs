//! What looks like something that was noted before: it is asked about, and never refused.

use chrono::NaiveDate;
use ledger::{AssociationNumber, Minutes};
use service::{App, caller::Caller, problem::Problem};
use store::{ExchangeFilter, ExchangeView, Page};

/// So many exchanges of one day between two associations are looked through.
const LOOKED_AT_MOST: u32 = 20;

/// An exchange that stands, of the same day and as long, in which the same association helped the same other.
///
/// # Errors
/// When the database does not answer or a row cannot be true.
pub(crate) async fn find(
    app: &App,
    caller: &Caller,
    (giver, receiver): (AssociationNumber, AssociationNumber),
    (minutes, date): (Minutes, NaiveDate),
) -> Result<Option<ExchangeView>, Problem> {
    let filter = ExchangeFilter {
        association: Some(giver),
        partner: Some(receiver),
        service_date: Some(date),
        page: Page::newest(LOOKED_AT_MOST),
        ..Default::default()
    };
    let views = app.store.exchange_views(caller.known.id, &filter).await?;
    Ok(views.into_iter().find(|view| {
        let exchange = &view.exchange;
        let stands = exchange.state.is_open() || exchange.state.is_posted();
        stands && exchange.terms.minutes == minutes && exchange.terms.giver == giver
    }))
}
