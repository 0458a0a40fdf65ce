//! Where a letter to somebody goes, and what they are called in it. A coordinator says that an address takes no letters,
//! or does again.

use ledger::{NetworkId, PersonNumber, command::Principal, person::Identity};
use store::{Bounce, Store, StoreError};

use crate::{app::App, mail::Recipient, problem::Problem, sign_in::address};

/// Whether letters reach somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// At this address.
    At(String),
    /// They have no address.
    NoAddress,
    /// They have one that takes no letters.
    Bounces {
        /// The address.
        address: String,
        /// Who said so, when and why.
        bounce: Bounce,
    },
}

/// Somebody to whom letters are written.
#[derive(Debug, Clone)]
pub struct Correspondent {
    /// Who they are; `None` once they were erased.
    pub identity: Option<Identity>,
    /// Whether letters reach them.
    pub reach: Reach,
}

impl Correspondent {
    /// Finds out where somebody is reached: at the address that they sign in with, which they chose themselves, or else at
    /// the one that they were entered with.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    pub async fn find(store: &Store, network: NetworkId, person: PersonNumber) -> Result<Self, StoreError> {
        let identity = store.identity(network, person).await?;
        let entered = identity.as_ref().and_then(|identity| identity.email.clone());
        let Some(address) = store.address_of(network, person).await?.or(entered) else {
            return Ok(Self { identity, reach: Reach::NoAddress });
        };
        let hash = address::hash(&address);
        let bounce = store.bounce(network, person).await?.filter(|bounce| bounce.address == hash);
        let reach = match bounce {
            Some(bounce) => Reach::Bounces { address, bounce },
            None => Reach::At(address),
        };
        Ok(Self { identity, reach })
    }

    /// What they are called in letters to them.
    pub(super) fn first_name(&self) -> Option<&str> {
        self.identity.as_ref()?.first_name.as_deref()
    }

    /// What they are called in letters to others.
    pub fn full_name(&self) -> Option<String> {
        let Identity { first_name, last_name, code, .. } = self.identity.as_ref()?;
        let names: Vec<_> = [first_name, last_name].into_iter().flatten().map(String::as_str).collect();
        Some(if names.is_empty() { code.clone() } else { names.join(" ") })
    }

    pub(super) fn recipient(&self, address: &str) -> Recipient {
        Recipient { name: self.full_name(), address: address.to_owned() }
    }
}

/// A coordinator says that somebody's address takes no letters, and why. Returns whether there is an address.
///
/// # Errors
/// When the database does not answer or a row cannot be true.
pub async fn mark_bounced(
    app: &App,
    network: NetworkId,
    person: PersonNumber,
    by: Principal,
    reason: &str,
) -> Result<bool, Problem> {
    match Correspondent::find(&app.store, network, person).await?.reach {
        Reach::NoAddress => Ok(false),
        Reach::At(address) | Reach::Bounces { address, .. } => {
            let reason = reason.chars().take(200).collect();
            let bounce = Bounce { address: address::hash(&address), by: Some(by), reason, at: app.now() };
            app.store.note_bounce(network, person, &bounce).await?;
            Ok(true)
        }
    }
}
