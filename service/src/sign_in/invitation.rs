//! Invitations: a link with which a person chooses a password.

use chrono::TimeDelta;
use ledger::person::Person;
use store::{Change, Kept, NewInvitation, Once};

use super::password;
use crate::{
    acting::Sight,
    app::App,
    caller::Caller,
    misfit::{Fits, Found, Misfit},
    persons::concerns,
    problem::{Problem, Refusal},
    secret::{self, Secret},
};

/// So long an invitation works.
const DAYS: i64 = 14;

/// Whether the caller may invite that person: the network may invite anybody, an administrator whom only their own
/// association has given roles to.
///
/// # Errors
/// When they may not.
pub fn check_may_invite(caller: &Caller, person: &Person) -> Result<(), Problem> {
    let may = match caller.sight() {
        Sight::All => true,
        Sight::Of(own) => concerns(person, own) && person.roles.iter().all(|role| role.association() == Some(own)),
        Sight::None => false,
    };
    if may { Ok(()) } else { Err(Problem::new(Refusal::BelongsToOthers)) }
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
    let base = app.config.public_url.as_deref().unwrap_or_default().trim_end_matches('/');
    format!("{base}/invitation#{}", secret.text)
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

/// Follows an invitation: from now on the person signs in with that address and password.
///
/// # Errors
/// When the link does not work, the address is somebody else's, or what was chosen does not fit.
pub async fn accept(app: &App, accepted: Accepted) -> Result<(), Problem> {
    let broken = || Problem::new(Refusal::InvitationDoesNotWork);
    let length = accepted.password.chars().count();
    if length < password::LENGTH_LEAST {
        let why = Misfit::Length { found: length, fits: Fits::CharactersAtLeast(password::LENGTH_LEAST) };
        return Err(Problem::new(Refusal::BodyDoesNotFit(why)).at("password"));
    }
    let email = folded(&accepted.email);
    let has_host = email.split_once('@').is_some_and(|(user, host)| !user.is_empty() && !host.is_empty());
    if !has_host || email.contains(char::is_whitespace) {
        let why = Misfit::Value { found: Found::NoAddress, fits: Some(Fits::Address) };
        return Err(Problem::new(Refusal::BodyDoesNotFit(why)).at("email"));
    }
    let network = secret::network_of(&accepted.secret).ok_or_else(broken)?;
    let known = app.directory.network(&app.store, network).await?.ok_or_else(broken)?;
    let secret = secret::digest(&accepted.secret);
    if !app.store.invitation_works(known.id, secret, app.now()).await? {
        return Err(broken());
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
    let change = Change::UseInvitation { secret, email, hash };
    match app.store.keep(known.id, &once, &change, app.now()).await? {
        Kept::Done => Ok(()),
        Kept::Stale => Err(Problem::new(Refusal::EmailIsTaken).at("email")),
        Kept::Repeated(_) | Kept::OtherRequest | Kept::Full => Err(broken()),
    }
}

/// Addresses are compared without case.
pub fn folded(email: &str) -> String {
    email.trim().to_lowercase()
}
