//! The member in an address.

use axum::{extract::FromRequestParts, http::request::Parts};
use ledger::association::Association;
use service::{App, caller::Caller, problem::Problem};
use uuid::Uuid;

use crate::extract::Path;

/// The member in an address, with who asks. It is looked up anew before it is called unknown.
#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) caller: Caller,
    pub(crate) association: Association,
}

/// The same, where it concerns the caller.
#[derive(Debug)]
pub(crate) struct OwnMember(pub(crate) Member);

/// The same as it is now, for whom shows all of it.
#[derive(Debug)]
pub(crate) struct Fresh(pub(crate) Member);

impl FromRequestParts<App> for Fresh {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let caller = Caller::from_request_parts(parts, app).await?;
        let registry = caller.known.refreshed(&app.store).await?;
        parts.extensions.insert(Caller { registry, ..caller });
        Member::from_request_parts(parts, app).await.map(Self)
    }
}

impl FromRequestParts<App> for Member {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let mut caller = Caller::from_request_parts(parts, app).await?;
        let Path(name) = Path::<Uuid>::from_request_parts(parts, app).await?;
        let association = caller.member(&app.store, name).await?;
        Ok(Self { caller, association })
    }
}

impl FromRequestParts<App> for OwnMember {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let member = Member::from_request_parts(parts, app).await?;
        member.caller.check_concerns(member.association.number)?;
        Ok(Self(member))
    }
}
