//! Links with which somebody answers what waits, without signing in.
//!
//! A page under `/r/SECRET` asks [`find`] what the link is for and shows it; when its form is sent, it asks again, and
//! then writes as anybody who is signed in would: with [`Followed::caller`], who acts for that association, through
//! [`App::write_having_seen`]. The page itself sees to it that nothing but this exchange is written. An answer bears the
//! evidence `Witness::Link.usual()`. Opening the page changes nothing: scanners of mail open every link.

use std::sync::Arc;

use ledger::{AssociationNumber, ExchangeNumber, NetworkId, PersonNumber, exchange::ExchangeState};
use store::{ExchangeView, MailLink, MailLinkPurpose, StoreError};

use super::occasion::speaks_for;
use crate::{
    acting::Acting,
    app::App,
    caller::Caller,
    problem::Problem,
    secret::{self, Secret},
    token::Access,
};

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Errand {
    /// To answer a proposal that waits for the association. What was posted is corrected by whoever signs in.
    Answer,
    /// To say that an answer given by a link was not the association's.
    Disown,
}

/// What somebody finds who follows a link.
#[derive(Debug, Clone)]
pub struct Followed {
    /// Whose link it is, acting for the association and for no other; good for nothing grave.
    pub caller: Caller,
    /// For which association.
    pub association: AssociationNumber,
    /// The exchange as it is now.
    pub view: ExchangeView,
    /// What the link is for.
    pub errand: Errand,
    /// Whether that can still be done: it waits for the association's answer, or stands as it was confirmed.
    pub is_open: bool,
}

/// What a link is for. Nothing where it never was one, or whoever it was written to no longer answers for the association.
///
/// # Errors
/// When the database does not answer or a row cannot be true.
pub async fn find(app: &App, text: &str) -> Result<Option<Followed>, Problem> {
    let Some(network) = secret::network_of(text) else { return Ok(None) };
    let Some(known) = app.directory.network(&app.store, network).await? else { return Ok(None) };
    let Some(link) = app.store.mail_link(network, secret::digest(text)).await? else { return Ok(None) };
    let (association, exchange, errand) = match link.purpose {
        MailLinkPurpose::Answer { association, exchange } => (association, exchange, Errand::Answer),
        MailLinkPurpose::Disown { association, exchange } => (association, exchange, Errand::Disown),
        MailLinkPurpose::Unsubscribe => return Ok(None),
    };
    let registry = known.refreshed(&app.store).await?;
    if !registry.person(link.person).is_some_and(|person| speaks_for(person, association)) {
        return Ok(None);
    }
    let Some(view) = app.store.exchange(network, exchange).await? else { return Ok(None) };
    let is_open = match errand {
        Errand::Answer => {
            view.exchange.state == ExchangeState::Proposed && view.exchange.waits_for_association(association)
        }
        Errand::Disown => view.exchange.state == ExchangeState::Confirmed,
    };
    let access = Arc::new(Access::by_link(network, link.person, association));
    let caller = Caller { access, acting: Acting::Association(association), known, registry };
    Ok(Some(Followed { caller, association, view, errand, is_open }))
}

/// A new link for a letter; its path, `/r/SECRET`. Only what stands for the secret is kept.
pub(super) async fn make(
    app: &App,
    network: NetworkId,
    person: PersonNumber,
    association: AssociationNumber,
    exchange: ExchangeNumber,
    errand: Errand,
) -> Result<String, StoreError> {
    let purpose = match errand {
        Errand::Answer => MailLinkPurpose::Answer { association, exchange },
        Errand::Disown => MailLinkPurpose::Disown { association, exchange },
    };
    let secret = Secret::new(network, app.random());
    let link = MailLink { person, purpose, created_at: app.now() };
    app.store.add_mail_link(network, secret.digest, &link).await?;
    Ok(format!("/r/{}", secret.text))
}
