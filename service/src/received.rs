//! A statement that an association was given, held against the ledger as it is now. Nothing of it is kept.

use std::path::Path;

use axum::body::Bytes;
use files::reconcile::{
    compare::CompareError,
    statement::{self, Comparison},
};
use ledger::{
    Language,
    verify::{Trust, verify},
};
use store::SealError;
use tokio::runtime::Handle;

use crate::{
    app::App,
    caller::Caller,
    notebook::{NotCompared, Reader},
    opened,
    operation::logs,
    problem::{Problem, Refusal},
};

/// Compares a statement of the reader's association, the file that it is or the PDF that it is in, with the ledger.
///
/// # Errors
/// When it is none, or somebody else's, or the database does not answer.
pub async fn check(
    app: &App,
    caller: &Caller,
    reader: Reader,
    name: String,
    bytes: Bytes,
) -> Result<Comparison, NotCompared> {
    let open = opened::network(app, caller, reader.language, reader.remedies).await?;
    let keys = match app.store.public_keys(caller.known.id).await {
        Ok(keys) => Some(keys.to_string()),
        // Whoever has signed nothing has not signed this either.
        Err(SealError::NoKey(_)) => None,
        Err(SealError::Store(error)) => return Err(Problem::of_store(&error).into()),
        Err(error) => {
            logs::fault(&error.in_words(Language::English));
            return Err(Problem::new(Refusal::Fault).into());
        }
    };
    let now = app.now();
    let compared = app.bodies.with_notebook(move || {
        let mut trust = Trust::default();
        keys.and_then(|keys| trust.add(&keys));
        let signature = verify(&bytes, &trust, now);
        let path = Path::new(&name);
        let compared = statement::compare(&open, &bytes, signature, path, Some(reader.own));
        Handle::current().block_on(compared).map_err(CompareError::File)
    });
    Ok(compared.await??)
}
