//! What somebody who shows a mail's code, a link or a card comes in for, and what becomes of it.

use ledger::PersonNumber;
use store::{HandedOutFor, Opens};

use super::{
    device::Device,
    session::{Opening, Session},
};
use crate::{app::App, caller::Caller, directory::Known, problem::Problem};

/// What somebody comes in for.
#[derive(Debug, Clone, Copy)]
pub enum Coming<'a> {
    /// To sign in, at a device.
    In(Device),
    /// To show once more that it is they who hold a session, as grave steps ask for.
    Again(&'a Caller),
}

/// What became of it.
#[derive(Debug)]
pub enum Entered {
    /// They are in.
    In(Session),
    /// They have signed in again.
    Again,
    /// Several persons have the address: who of them is it?
    Who(Vec<PersonNumber>),
    /// What they showed was used, has run out, is wrong, or is somebody else's.
    DoesNotWork,
}

/// What is written when somebody comes in.
pub(super) enum Writing {
    /// A new session.
    Session(Opening),
    /// A session that they hold.
    Again(Opens),
}

impl Coming<'_> {
    /// Who of these persons comes: the one who says so, the only one, or whoever holds the session.
    ///
    /// # Errors
    /// What becomes of it where nobody does.
    pub(super) fn who(&self, among: &[PersonNumber], said: Option<PersonNumber>) -> Result<PersonNumber, Entered> {
        let said = match self {
            Self::In(_) => said,
            Self::Again(caller) => Some(caller.person().ok_or(Entered::DoesNotWork)?),
        };
        match (said, among) {
            (Some(said), _) if among.contains(&said) => Ok(said),
            (Some(_), _) | (None, []) => Err(Entered::DoesNotWork),
            (None, [only]) => Ok(*only),
            (None, several) => Err(Entered::Who(several.to_vec())),
        }
    }

    /// What is to be written.
    pub(super) fn writing(
        &self,
        app: &App,
        known: &Known,
        person: PersonNumber,
        handed_out_for: Option<HandedOutFor>,
    ) -> Writing {
        match self {
            Self::In(device) => {
                let opening = Opening::at_device(app, known, person, *device);
                Writing::Session(match handed_out_for {
                    Some(whom) => opening.handed_out_for(whom),
                    None => opening,
                })
            }
            Self::Again(caller) => Writing::Again(Opens::Again(caller.access.token)),
        }
    }
}

impl Writing {
    pub(super) fn opens(&self) -> Opens {
        match self {
            Self::Session(opening) => opening.opens(),
            Self::Again(opens) => opens.clone(),
        }
    }

    /// What became of it, once it is written.
    pub(super) async fn done(self, app: &App, known: &Known) -> Result<Entered, Problem> {
        match self {
            Self::Session(opening) => Ok(Entered::In(opening.opened(app, known).await?)),
            Self::Again(_) => {
                app.tokens.forget();
                Ok(Entered::Again)
            }
        }
    }
}
