//! A statement that an association was given, held against the ledger as it is now. Nothing of it is kept.

use std::path::Path;

use axum::body::Bytes;
use files::reconcile::{
    compare::CompareError,
    statement::{self, Comparison},
};
use tokio::runtime::Handle;

use crate::{
    app::App,
    caller::Caller,
    notebook::{NotCompared, Reader},
    opened,
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
    let compared = app.bodies.with_notebook(move || {
        let compared = statement::compare(&open, &bytes, Path::new(&name), Some(reader.own));
        Handle::current().block_on(compared).map_err(CompareError::File)
    });
    Ok(compared.await??)
}
