//! Why a request is not answered as asked: problem documents (RFC 9457), in French or English.
//!
//! Every refusal of this service is one of [`Refusal`]; what the ledger's rules refuse is among them. The layer that
//! every answer passes writes the document, since it alone knows the reader's language and the request's id.

use std::borrow::Cow;

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use ledger::{IdentifierError, Language, Rejection, registry::Registry};
use store::{StoreError, WriteError};

pub use crate::refusal::Refusal;
use crate::{
    id::Unnamed,
    rejection::{field_of, fits_of},
};

/// So much of a field's name is told, in characters.
const FIELD_MOST: usize = 200;

/// Why a request is not answered as asked.
#[derive(Debug, Clone)]
pub struct Problem(Box<Inner>);

#[derive(Debug, Clone)]
struct Inner {
    refusal: Refusal,
    /// The field at fault, as in `contributions[1].minutes`.
    field: Option<String>,
    /// What would have fitted.
    fits: Vec<String>,
}

impl Problem {
    /// A problem without a field.
    pub fn new(refusal: Refusal) -> Self {
        Self(Box::new(Inner { refusal, field: None, fits: Vec::new() }))
    }

    /// Nothing there.
    pub fn not_found() -> Self {
        Self::new(Refusal::NotFound)
    }

    /// A name that leads to no number; `unknown` says it of one that never did.
    pub fn of_unnamed(unnamed: Unnamed, unknown: impl FnOnce() -> Self) -> Self {
        match unnamed {
            Unnamed::Unknown => unknown(),
            Unnamed::WasLost => Self::new(Refusal::WasLost),
        }
    }

    /// Names the field at fault, whose name may be a caller's: of a long one, the beginning.
    #[must_use]
    pub fn at(mut self, field: impl Into<String>) -> Self {
        let mut field = field.into();
        if let Some((end, _)) = field.char_indices().nth(FIELD_MOST) {
            field.replace_range(end.., "…");
        }
        if !field.is_empty() && field != "." {
            self.0.field = Some(field);
        }
        self
    }

    /// Names the place in a batch (0, 1, 2…), before the field.
    #[must_use]
    pub fn at_line(mut self, index: usize) -> Self {
        self.0.field = Some(match self.0.field.take() {
            Some(field) => format!("[{index}].{field}"),
            None => format!("[{index}]"),
        });
        self
    }

    /// Says what would have fitted.
    #[must_use]
    pub fn fits(mut self, fits: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.0.fits = fits.into_iter().map(Into::into).collect();
        self
    }

    /// A value that one of the ledger's readers does not take.
    pub fn of_words(error: &IdentifierError, field: &str) -> Self {
        let words = [Language::French, Language::English].map(|language| error.in_words(language));
        Self::new(Refusal::ValueDoesNotFit(words)).at(field)
    }

    /// What the ledger's rules refuse.
    pub fn rejected(rejection: Rejection, registry: &Registry) -> Self {
        let names = |number: ledger::AssociationNumber| {
            registry.association(number).map_or_else(|| number.to_string(), |member| member.name().to_owned())
        };
        let words = [Language::French, Language::English].map(|language| rejection.in_words(language, &names));
        let (field, fits) = (field_of(&rejection), fits_of(&rejection));
        let refusal = match rejection {
            Rejection::KeyWasUsedForAnotherRequest { .. } | Rejection::KeyWasUsedBeside => {
                Refusal::KeyWasUsedForAnotherRequest
            }
            Rejection::ChangedMeanwhile => Refusal::ChangedMeanwhile,
            rejection => Refusal::Ledger { rejection, words },
        };
        Self(Box::new(Inner { refusal, field: field.map(str::to_owned), fits }))
    }

    /// What the writer did not do.
    pub fn written(error: WriteError, registry: &Registry) -> Self {
        match error {
            WriteError::Rejected(rejection) | WriteError::GroupRejected { rejection, .. } => {
                Self::rejected(rejection, registry)
            }
            WriteError::Busy { retry_after_seconds } => Self::new(Refusal::Busy(retry_after_seconds)),
            WriteError::Unavailable(error) => Self::of_store(&error),
            WriteError::Stopped => Self::new(Refusal::Unavailable(5)),
        }
    }

    /// What the database did not do.
    pub fn of_store(error: &StoreError) -> Self {
        // The sentence may quote the database; it is for whoever runs the service, not for the caller.
        crate::operation::logs::fault(&error.in_words(Language::English));
        match error {
            // To come again would not help: a row, or this program, is wrong.
            StoreError::ImpossibleRow { .. } | StoreError::NotLoaded(_) | StoreError::Encoding(_) => {
                Self::new(Refusal::Fault)
            }
            StoreError::ClockIsAhead(doubt) => {
                Self::new(Refusal::ClockIsAhead([Language::French, Language::English].map(|it| doubt.in_words(it))))
            }
            StoreError::UnreadableUrl(_)
            | StoreError::NoSuchFile(_)
            | StoreError::DatabaseIsNewer { .. }
            | StoreError::Migration(_)
            | StoreError::OlderAndReadOnly { .. }
            | StoreError::LastWritesAreAside(_)
            | StoreError::FileIsAnother(_)
            | StoreError::NoNetwork
            | StoreError::SeveralNetworks(_)
            | StoreError::UnknownNetwork(_)
            | StoreError::Backup(_)
            | StoreError::File(_)
            | StoreError::Database(_) => Self::new(Refusal::Unavailable(2)),
        }
    }

    /// Why.
    pub fn refusal(&self) -> &Refusal {
        &self.0.refusal
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.0.refusal.status()
    }

    /// The last part of the type, and the name in metrics.
    pub fn slug(&self) -> Cow<'static, str> {
        self.0.refusal.slug()
    }

    /// After how many seconds to come again, where that helps.
    pub fn retry_after_seconds(&self) -> Option<u64> {
        match self.0.refusal {
            Refusal::TooManyRequests(seconds)
            | Refusal::NoRoom(seconds)
            | Refusal::Busy(seconds)
            | Refusal::Unavailable(seconds) => Some(seconds),
            Refusal::TooManyStreams(..) => Some(10),
            Refusal::TookTooLong => Some(1),
            _ => None,
        }
    }

    /// The problem in a few words.
    pub fn title(&self, language: Language) -> &'static str {
        self.0.refusal.title(language)
    }

    /// What was found, and what would have fitted.
    pub fn detail(&self, language: Language) -> String {
        self.0.refusal.detail(language)
    }

    /// The field at fault, as in `contributions[1].minutes`.
    pub fn field(&self) -> Option<&str> {
        self.0.field.as_deref()
    }

    /// Values that would have fitted.
    pub fn fitting(&self) -> &[String] {
        &self.0.fits
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        Self::of_store(&error)
    }
}

impl IntoResponse for Problem {
    /// The document itself is written by the outermost layer.
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

#[cfg(test)]
mod tests {
    use ledger::loaded::NotLoaded;

    use super::*;

    #[test]
    fn only_what_passes_asks_to_come_again() {
        let row = StoreError::ImpossibleRow {
            table: "act",
            column: "kind",
            key: "7".to_owned(),
            problem: "unknown".to_owned(),
        };
        for (error, status) in [
            (row, StatusCode::INTERNAL_SERVER_ERROR),
            (StoreError::NotLoaded(NotLoaded::Network), StatusCode::INTERNAL_SERVER_ERROR),
            (StoreError::Encoding(String::new()), StatusCode::INTERNAL_SERVER_ERROR),
            (StoreError::NoNetwork, StatusCode::SERVICE_UNAVAILABLE),
        ] {
            let problem = Problem::of_store(&error);
            assert_eq!(problem.status(), status, "{error}");
            assert_eq!(problem.retry_after_seconds().is_some(), status == StatusCode::SERVICE_UNAVAILABLE, "{error}");
        }
    }
}
