//! Invitations: a link with which a person chooses a password.

use chrono::TimeDelta;
use ledger::{
    AssociationNumber,
    command::Principal,
    person::{Person, Role},
    registry::Registry,
};
use store::{Change, Kept, NewCredential, NewInvitation, Once};

use super::password;
use crate::{
    acting::Sight,
    app::App,
    caller::Caller,
    misfit::{Fits, Found, Misfit},
    problem::{Problem, Refusal},
    secret::{self, Secret},
};

/// So long an invitation works.
const DAYS: i64 = 14;

/// Whom somebody may let choose a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// Anybody of the network.
    Network,
    /// Whoever belongs to this association and to nothing else, and does not sign in yet: whoever hands out a link could follow
    /// it themselves.
    Association(AssociationNumber),
}

impl Reach {
    fn takes_in(self, person: &Person, signs_in: bool) -> Result<(), Problem> {
        match self {
            Self::Association(own) if !belongs_to_it_alone(person, own) => Err(Problem::new(Refusal::BelongsToOthers)),
            Self::Association(_) if signs_in => Err(Problem::new(Refusal::SignsInAlready)),
            Self::Network | Self::Association(_) => Ok(()),
        }
    }

    /// As far as the inviter's roles reach now.
    fn of_inviter(principal: Principal, registry: &Registry) -> Vec<Self> {
        let person = match principal {
            Principal::Operator => return vec![Self::Network],
            Principal::Person(person) => registry.person(person),
        };
        let reach = |role: &Role| match *role {
            Role::Coordinator => Some(Self::Network),
            Role::Administrator(own) => Some(Self::Association(own)),
            Role::Delegate(_) | Role::Mediator | Role::Auditor => None,
        };
        person.into_iter().flat_map(|person| &person.roles).filter_map(reach).collect()
    }
}

fn belongs_to_it_alone(person: &Person, own: AssociationNumber) -> bool {
    let roles = person.roles.iter().map(|role| role.association());
    person.concerns(own) && person.associations.iter().copied().map(Some).chain(roles).all(|about| about == Some(own))
}

/// Whether the caller may invite that person.
///
/// # Errors
/// When they may not.
pub async fn check_may_invite(app: &App, caller: &Caller, person: &Person) -> Result<(), Problem> {
    let reach = match caller.sight() {
        Sight::All => Reach::Network,
        Sight::Of(own) => Reach::Association(own),
        Sight::None => return Err(Problem::new(Refusal::BelongsToOthers)),
    };
    reach.takes_in(person, app.store.address_of(caller.known.id, person.number).await?.is_some())
}

/// A new invitation for that person, in the caller's name; and its secret, which is shown once.
pub fn new(app: &App, caller: &Caller, person: &Person) -> (NewInvitation, Secret) {
    let secret = Secret::new(caller.known.id, app.random());
    let invitation = NewInvitation {
        invitation: app.new_name(),
        secret: secret.digest,
        person: person.number,
        principal: caller.access.principal,
        expires_at: app.now() + TimeDelta::days(DAYS),
    };
    (invitation, secret)
}

/// The link that an invited person follows.
pub fn link(app: &App, secret: &Secret) -> String {
    app.config.link("invitation", &secret.text)
}

/// What an invited person chooses.
pub struct Accepted {
    /// What stands in the link after `#`.
    pub secret: String,
    /// The address to sign in with.
    pub email: String,
    /// The password.
    pub password: String,
}

impl Accepted {
    /// The address as it is kept, if it is one and the password is long enough.
    fn check(&self) -> Result<String, Problem> {
        let length = self.password.chars().count();
        if length < password::LENGTH_LEAST {
            let why = Misfit::Length { found: length, fits: Fits::CharactersAtLeast(password::LENGTH_LEAST) };
            return Err(Problem::new(Refusal::BodyDoesNotFit(why)).at("password"));
        }
        let email = folded(&self.email);
        let has_host = email.split_once('@').is_some_and(|(user, host)| !user.is_empty() && !host.is_empty());
        if !has_host || email.contains(char::is_whitespace) {
            let why = Misfit::Value { found: Found::NoAddress, fits: Some(Fits::Address) };
            return Err(Problem::new(Refusal::BodyDoesNotFit(why)).at("email"));
        }
        Ok(email)
    }
}

/// Follows an invitation: from now on the person signs in with that address and password, and whatever was open to them
/// before is closed. Who invited them must still be one who may; the address of somebody who has one stays.
///
/// # Errors
/// When the link does not work, the address is somebody else's, or what was chosen does not fit.
pub async fn accept(app: &App, accepted: Accepted) -> Result<(), Problem> {
    let broken = || Problem::new(Refusal::InvitationDoesNotWork);
    let email = accepted.check()?;
    let network = secret::network_of(&accepted.secret).ok_or_else(broken)?;
    let known = app.directory.network(&app.store, network).await?.ok_or_else(broken)?;
    let secret = secret::digest(&accepted.secret);
    let invitation = app.store.invitation(known.id, secret, app.now()).await?.ok_or_else(broken)?;
    let registry = known.refreshed(&app.store).await?;
    let person = registry.person(invitation.person).ok_or_else(broken)?;
    let address = app.store.address_of(known.id, person.number).await?;
    let mut reaches = Reach::of_inviter(invitation.principal, &registry).into_iter();
    let reach = reaches.find(|reach| reach.takes_in(person, address.is_some()).is_ok()).ok_or_else(broken)?;
    if address.is_some_and(|address| address != email) {
        return Err(Problem::new(Refusal::EmailStays).at("email"));
    }
    let hash = password::hash(accepted.password, app.random()).await?;
    // The link itself makes the request one of its kind.
    let once = Once {
        scope: "invitation".to_owned(),
        key: secret.to_hex(),
        request: secret::digest(&email),
        status: 204,
        body: String::new(),
    };
    let invited_for = match reach {
        Reach::Network => None,
        Reach::Association(own) => Some(own),
    };
    let change = Change::UseInvitation(NewCredential { secret, email, hash, invited_for });
    let kept = app.store.keep(known.id, &once, &change, app.now()).await?;
    app.tokens.forget();
    match kept {
        Kept::Done => Ok(()),
        Kept::Stale => Err(Problem::new(Refusal::EmailIsTaken).at("email")),
        Kept::Repeated(_) | Kept::OtherRequest | Kept::Full => Err(broken()),
    }
}

/// Addresses are compared without case.
pub fn folded(email: &str) -> String {
    email.trim().to_lowercase()
}
