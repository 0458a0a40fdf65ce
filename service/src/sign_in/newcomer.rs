//! Somebody who is new to the network, and is let in without a coordinator's form.

use chrono::NaiveDate;
use ledger::{
    PersonNumber, Rejection,
    command::{By, Command, Request},
    content,
    name::slug,
    occasion::Occasion,
    person::Identity,
};
use store::{Receipt, WriteError};

use crate::{
    app::App,
    directory::Known,
    problem::{Problem, Refusal},
};

/// Under so many codes at most somebody is looked for a place.
const CODES_MOST: u32 = 100;

/// Who somebody is, with the code that their names make.
pub(crate) fn identity(
    first_name: &str,
    last_name: &str,
    email: Option<String>,
    adult_on: Option<NaiveDate>,
) -> Identity {
    Identity {
        code: slug(&format!("{first_name} {last_name}")),
        first_name: Some(first_name.to_owned()),
        last_name: Some(last_name.to_owned()),
        email,
        adult_on,
    }
}

/// Who lets somebody in, and where.
pub(crate) struct Newcomer<'a> {
    /// The service.
    pub(crate) app: &'a App,
    /// The network.
    pub(crate) known: &'a Known,
    /// In whose name the acts are asked for.
    pub(crate) by: By,
}

impl Newcomer<'_> {
    /// Adds them, under the first code that is free. Whoever asks twice, since the answer was lost, is the same person: what
    /// makes it the same request is who they say they are, and not the code that they got.
    pub(crate) async fn add(&self, occasion: Occasion<'_>, identity: &Identity) -> Result<PersonNumber, Problem> {
        let digest = content::digest_of_all(&[&content::identity(identity)]);
        let code = &identity.code;
        let numbered = (2..=CODES_MOST).map(|number| format!("{code}-{number}"));
        for code in std::iter::once(code.clone()).chain(numbered) {
            let command = Command::AddPerson(Identity { code, ..identity.clone() });
            match self.try_submit(occasion.request_about(digest, self.by, command)).await {
                Ok(receipt) => return Ok(PersonNumber(receipt.act.0)),
                Err(WriteError::Rejected(Rejection::CodeIsTaken(_))) => {}
                Err(error) => return Err(self.refused(error).await?),
            }
        }
        Err(Problem::new(Refusal::Fault))
    }

    /// Asks the ledger for something.
    pub(crate) async fn submit(&self, request: Request) -> Result<Receipt, Problem> {
        match self.try_submit(request).await {
            Ok(receipt) => Ok(receipt),
            Err(error) => Err(self.refused(error).await?),
        }
    }

    async fn try_submit(&self, request: Request) -> Result<Receipt, WriteError> {
        let receipt = self.app.writer.submit(self.known.id, request).await?;
        self.known.forget();
        self.app.tokens.forget();
        self.app.tell_followers();
        Ok(receipt)
    }

    async fn refused(&self, error: WriteError) -> Result<Problem, Problem> {
        Ok(Problem::written(error, &*self.known.registry(&self.app.store).await?))
    }
}
