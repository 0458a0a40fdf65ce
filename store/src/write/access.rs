//! What ends of a person's ways in when their rights change, in the transaction that changes them: sessions, tokens,
//! links, and the password itself where whoever invited them could not have given the new right. What ended is noted, for
//! the person to be told.

use chrono::{DateTime, Utc};

use crate::{
    StoreError,
    db::{Tx, on_tx},
    principal::principal_text,
};
use ledger::{
    AssociationNumber, NetworkId, PersonNumber, UnknownWord,
    act::Act,
    command::{Command, Principal},
    name,
    person::Role,
};

/// What became of a person's ways in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccessChange {
    /// A password was chosen with a link; all that was open before ended.
    PasswordSet,
    /// A role of the network was given; all that was open before ended.
    NetworkRoleGiven,
    /// A role was given that whoever had invited the person could not give; the password and all that was open ended.
    OtherRoleGiven,
    /// A role was taken back; tokens that acted in it ended.
    RoleTakenBack,
    /// A session was opened with a paper card; nothing ended.
    CardUsed,
    /// The e-mail address is another; the password and all that was open before ended.
    EmailChanged,
}

impl AccessChange {
    /// The stable text form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PasswordSet => "password_set",
            Self::NetworkRoleGiven => "network_role_given",
            Self::OtherRoleGiven => "other_role_given",
            Self::RoleTakenBack => "role_taken_back",
            Self::CardUsed => "card_used",
            Self::EmailChanged => "email_changed",
        }
    }
}

impl TryFrom<&str> for AccessChange {
    type Error = UnknownWord;

    fn try_from(text: &str) -> Result<Self, UnknownWord> {
        match text {
            "password_set" => Ok(Self::PasswordSet),
            "network_role_given" => Ok(Self::NetworkRoleGiven),
            "other_role_given" => Ok(Self::OtherRoleGiven),
            "role_taken_back" => Ok(Self::RoleTakenBack),
            "card_used" => Ok(Self::CardUsed),
            "email_changed" => Ok(Self::EmailChanged),
            other => Err(UnknownWord {
                found: other.to_owned(),
                expected: &[
                    "password_set",
                    "network_role_given",
                    "other_role_given",
                    "role_taken_back",
                    "card_used",
                    "email_changed",
                ],
            }),
        }
    }
}

/// Stands in `credential.invited_for` and `access_token.handed_out_for` for the network; associations have numbers above it.
pub(crate) const FOR_THE_NETWORK: i64 = 0;

/// What acts that give and take roles end. No other changes who may do what, but for erasing, after which nothing is left
/// to end.
pub(crate) async fn after(tx: &mut Tx, network: NetworkId, acts: &[&Act]) -> Result<(), StoreError> {
    for act in acts {
        if let Command::GrantRole { person, role } = act.command {
            after_giving(tx, network, act, person, role).await?;
        } else if let Command::RevokeRole { person, role } = act.command {
            after_taking_back(tx, network, act, person, role).await?;
        }
    }
    Ok(())
}

/// Where a person's address is another than before, whoever reads the former one gets in no more, by whatever way.
pub(crate) async fn after_correcting(
    tx: &mut Tx,
    network: NetworkId,
    person: PersonNumber,
    email: Option<&str>,
    act: &Act,
) -> Result<(), StoreError> {
    let sql = "SELECT email FROM person_identity WHERE network_id = $1 AND person = $2";
    let former: Option<(Option<String>,)> = on_tx!(&mut *tx, connection => {
        sqlx::query_as(sql).bind(network.0).bind(person.0).fetch_optional(connection).await?
    });
    let former = former.and_then(|(email,)| email);
    if former.as_deref().map(name::person_key) == email.map(name::person_key) {
        return Ok(());
    }
    let mut ended = end_all(tx, network, person, act.at).await?;
    for sql in [
        "DELETE FROM credential WHERE network_id = $1 AND person = $2",
        "DELETE FROM sign_in WHERE network_id = $1 AND person = $2",
    ] {
        ended += on_tx!(&mut *tx, connection => {
            sqlx::query(sql).bind(network.0).bind(person.0).execute(connection).await?.rows_affected()
        });
    }
    if ended > 0 {
        note(tx, network, person, AccessChange::EmailChanged, act.by.principal, act.at).await?;
    }
    Ok(())
}

/// Whoever let somebody choose a password may know it, and whoever printed a card may have used it: either is good for
/// what they could give themselves, and no more.
async fn after_giving(
    tx: &mut Tx,
    network: NetworkId,
    act: &Act,
    person: PersonNumber,
    role: Role,
) -> Result<(), StoreError> {
    // No inviter acted for this number, where the role is one of the network.
    let about = role.association().map_or(-1, |association| association.0);
    let sql = "DELETE FROM credential WHERE network_id = $1 AND person = $2 \
               AND (invited_for IS NULL OR (invited_for <> $3 AND invited_for <> $4))";
    let is_password_ended = on_tx!(&mut *tx, connection => sqlx::query(sql)
        .bind(network.0)
        .bind(person.0)
        .bind(FOR_THE_NETWORK)
        .bind(about)
        .execute(connection)
        .await?
        .rows_affected() > 0);
    if is_password_ended {
        let sql = "DELETE FROM sign_in WHERE network_id = $1 AND person = $2";
        on_tx!(&mut *tx, connection => {
            sqlx::query(sql).bind(network.0).bind(person.0).execute(connection).await.map(|_| ())?;
        });
    }
    let change = match role.association() {
        None => AccessChange::NetworkRoleGiven,
        Some(_) if is_password_ended => AccessChange::OtherRoleGiven,
        Some(association) => {
            if end_handed_out_by_others(tx, network, person, association, act.at).await? > 0 {
                note(tx, network, person, AccessChange::OtherRoleGiven, act.by.principal, act.at).await?;
            }
            return Ok(());
        }
    };
    if end_all(tx, network, person, act.at).await? > 0 || is_password_ended {
        note(tx, network, person, change, act.by.principal, act.at).await?;
    }
    Ok(())
}

/// Ends the sessions that were opened with a card of another association than this one, and the tokens that were made in
/// them. Returns how many there were.
async fn end_handed_out_by_others(
    tx: &mut Tx,
    network: NetworkId,
    person: PersonNumber,
    association: AssociationNumber,
    now: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let sql = "WITH RECURSIVE ended (token) AS (SELECT s.token FROM access_token AS s WHERE s.network_id = $1 \
               AND s.principal = $2 AND s.kind = 'session' AND s.handed_out_for <> $3 AND s.handed_out_for <> $4 \
               UNION SELECT t.token FROM access_token AS t JOIN ended AS e ON t.made_with = e.token \
               WHERE t.network_id = $1) \
               UPDATE access_token SET revoked_at = $5 WHERE network_id = $1 AND revoked_at IS NULL \
               AND token IN (SELECT e.token FROM ended AS e)";
    Ok(on_tx!(tx, connection => sqlx::query(sql)
        .bind(network.0)
        .bind(principal_text(Principal::Person(person)))
        .bind(FOR_THE_NETWORK)
        .bind(association.0)
        .bind(now.timestamp_micros())
        .execute(connection)
        .await?
        .rows_affected()))
}

/// Tokens that could act in a role end with it, so that giving it again later revives none; so does what the person had
/// others let in with, and whom they had told of acts.
async fn after_taking_back(
    tx: &mut Tx,
    network: NetworkId,
    act: &Act,
    person: PersonNumber,
    role: Role,
) -> Result<(), StoreError> {
    let principal = principal_text(Principal::Person(person));
    let at = act.at.timestamp_micros();
    let acting = match role.association() {
        Some(association) => format!("association:{association}"),
        None => role.as_str().to_owned(),
    };
    // A role of the network reached every association.
    let (about, everywhere) = (role.association().map_or(0, |association| association.0), role.association().is_none());
    let sql = "UPDATE access_token SET revoked_at = $3 WHERE network_id = $1 AND principal = $2 AND kind = 'token' \
               AND revoked_at IS NULL AND (acting_for IS NULL OR acting_for = $4)";
    let mut ended = on_tx!(&mut *tx, connection => sqlx::query(sql)
        .bind(network.0).bind(&principal).bind(at).bind(acting).execute(connection).await?.rows_affected());
    for sql in [
        "UPDATE invitation SET used_at = $3 WHERE network_id = $1 AND principal = $2 AND used_at IS NULL",
        "UPDATE card SET ended_at = $3 WHERE network_id = $1 AND principal = $2 AND used_at IS NULL AND ended_at IS NULL",
    ] {
        ended += on_tx!(&mut *tx, connection => {
            sqlx::query(sql).bind(network.0).bind(&principal).bind(at).execute(connection).await?.rows_affected()
        });
    }
    let sql = "UPDATE joining SET ended_at = $3 WHERE network_id = $1 AND principal = $2 AND person IS NULL \
               AND ended_at IS NULL AND (association = $4 OR $5 = 1)";
    ended += on_tx!(&mut *tx, connection => sqlx::query(sql)
        .bind(network.0)
        .bind(&principal)
        .bind(at)
        .bind(about)
        .bind(i64::from(everywhere))
        .execute(connection)
        .await?
        .rows_affected());
    let sql = "UPDATE webhook SET state = 'paused', version = version + 1 WHERE network_id = $1 AND principal = $2 \
               AND state <> 'paused' AND (association = $3 OR $4 = 1)";
    ended += on_tx!(&mut *tx, connection => sqlx::query(sql)
        .bind(network.0)
        .bind(&principal)
        .bind(about)
        .bind(i64::from(everywhere))
        .execute(connection)
        .await?
        .rows_affected());
    if ended > 0 {
        note(tx, network, person, AccessChange::RoleTakenBack, act.by.principal, act.at).await?;
    }
    Ok(())
}

/// Ends a person's sessions and tokens, the mails and cards to sign in with, the links to choose a password, and the codes
/// that they gave. Returns how many there were.
pub(crate) async fn end_all(
    tx: &mut Tx,
    network: NetworkId,
    person: PersonNumber,
    now: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let now = now.timestamp_micros();
    let principal = principal_text(Principal::Person(person));
    let sql = "UPDATE access_token SET revoked_at = $3 WHERE network_id = $1 AND principal = $2 AND revoked_at IS NULL";
    let mut ended = on_tx!(&mut *tx, connection => {
        sqlx::query(sql).bind(network.0).bind(principal).bind(now).execute(connection).await?.rows_affected()
    });
    for sql in [
        "UPDATE invitation SET used_at = $3 WHERE network_id = $1 AND person = $2 AND used_at IS NULL",
        "UPDATE joining SET ended_at = $3 WHERE network_id = $1 AND person = $2 AND ended_at IS NULL",
        "UPDATE mail_sign_in SET used_at = $3 WHERE network_id = $1 AND person = $2 AND used_at IS NULL AND expires_at > $3",
        "UPDATE card SET ended_at = $3 WHERE network_id = $1 AND person = $2 AND used_at IS NULL AND ended_at IS NULL",
    ] {
        ended += on_tx!(&mut *tx, connection => {
            sqlx::query(sql).bind(network.0).bind(person.0).bind(now).execute(connection).await?.rows_affected()
        });
    }
    Ok(ended)
}

/// Notes what became of a person's ways in, and through whom.
pub(crate) async fn note(
    tx: &mut Tx,
    network: NetworkId,
    person: PersonNumber,
    change: AccessChange,
    by: Principal,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO access_event (network_id, person, happened_at, kind, principal) VALUES ($1, $2, $3, $4, $5) \
               ON CONFLICT DO NOTHING";
    on_tx!(tx, connection => sqlx::query(sql)
        .bind(network.0)
        .bind(person.0)
        .bind(at.timestamp_micros())
        .bind(change.as_str())
        .bind(principal_text(by))
        .execute(connection)
        .await
        .map(|_| ())?);
    Ok(())
}
