//! Invitations: a link with which a person chooses a password.

use chrono::TimeDelta;
use ledger::person::Person;
use store::{Change, Kept, NewCredential, NewInvitation, Once};

use super::{
    address, password,
    reach::{Reach, signs_in},
};
use crate::{
    app::App,
    caller::Caller,
    misfit::{Fits, Found, Misfit},
    problem::{Problem, Refusal},
    secret::{self, Secret},
};

/// So long an invitation works.
const DAYS: i64 = 14;

/// Whether the caller may invite that person.
///
/// # Errors
/// When they may not.
pub async fn check_may_invite(app: &App, caller: &Caller, person: &Person) -> Result<(), Problem> {
    Reach::of_caller(caller)?.takes_in(person, signs_in(app, &caller.known, person).await?)
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
        address::read(&self.email).ok_or_else(|| {
            let why = Misfit::Value { found: Found::NoAddress, fits: Some(Fits::Address) };
            Problem::new(Refusal::BodyDoesNotFit(why)).at("email")
        })
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
    let signs_in = signs_in(app, &known, person).await?;
    let mut reaches = Reach::of_principal(invitation.principal, &registry).into_iter();
    let reach = reaches.find(|reach| reach.takes_in(person, signs_in).is_ok()).ok_or_else(broken)?;
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
