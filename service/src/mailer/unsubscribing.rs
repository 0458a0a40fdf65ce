//! Links with which somebody gets no more digests: one POST, without signing in, and it does nothing else (RFC 8058).

use ledger::{NetworkId, PersonNumber};
use store::{DigestRhythm, MailLink, MailLinkPurpose, MailSetting, StoreError};

use crate::{
    app::App,
    problem::Problem,
    secret::{self, Secret},
};

/// Whose digests a link stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subscriber {
    /// In which network.
    pub network: NetworkId,
    /// Who.
    pub person: PersonNumber,
    /// What they get now.
    pub setting: MailSetting,
}

/// Whose digests a link stops; nothing where it is none.
///
/// # Errors
/// When the database does not answer or a row cannot be true.
pub async fn find(app: &App, text: &str) -> Result<Option<Subscriber>, Problem> {
    let Some(network) = secret::network_of(text) else { return Ok(None) };
    let Some(link) = app.store.mail_link(network, secret::digest(text)).await? else { return Ok(None) };
    match link.purpose {
        MailLinkPurpose::Unsubscribe => {
            let setting = app.store.mail_setting(network, link.person).await?;
            Ok(Some(Subscriber { network, person: link.person, setting }))
        }
        MailLinkPurpose::Answer { .. } | MailLinkPurpose::Disown { .. } => Ok(None),
    }
}

/// Stops somebody's digests. A second time changes nothing.
///
/// # Errors
/// When the database does not answer.
pub async fn stop(app: &App, subscriber: &Subscriber) -> Result<(), Problem> {
    let setting = MailSetting { digest: DigestRhythm::None, changed_at: app.now(), ..subscriber.setting };
    app.store.set_mail_setting(subscriber.network, subscriber.person, &setting).await?;
    Ok(())
}

/// A new link for a letter; its path, `/unsubscribe/SECRET`.
pub(super) async fn make(app: &App, network: NetworkId, person: PersonNumber) -> Result<String, StoreError> {
    let secret = Secret::new(network, app.random());
    let link = MailLink { person, purpose: MailLinkPurpose::Unsubscribe, created_at: app.now() };
    app.store.add_mail_link(network, secret.digest, &link).await?;
    Ok(format!("/unsubscribe/{}", secret.text))
}
