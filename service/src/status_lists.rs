//! The signed lists of what networks took back, each remembered for a moment: whoever asks for one needs no token.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use ledger::{Language, NetworkId, key::Issuer, keyring::Keyring, status_list};
use store::{SealError, Store};

use crate::{
    config::Config,
    credential_key::credential_key,
    directory::Known,
    operation::{logs, moment::instant},
    problem::{Problem, Refusal},
};

/// So old an answer may be.
const REMEMBERED: Duration = Duration::from_mins(1);

/// What was signed last, and when.
#[derive(Debug, Default)]
pub struct StatusLists(Mutex<HashMap<Whose, (Instant, Vec<u8>)>>);

/// A network, and the domain that it had before, where the list was asked for under one.
type Whose = (NetworkId, Option<String>);

impl StatusLists {
    /// The signed list of a network, as it is now or under a domain that it had before; `None` where the key that signs it is
    /// not here.
    ///
    /// # Errors
    /// When the database does not answer, or the key cannot be used.
    pub async fn signed(
        &self,
        store: &Store,
        config: &Config,
        (known, under): (&Known, Option<&str>),
        now: DateTime<Utc>,
    ) -> Result<Option<Vec<u8>>, Problem> {
        let began = instant();
        let place = (known.id, under.map(str::to_owned));
        if let Some((at, list)) = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&place)
            && began.duration_since(*at) < REMEMBERED
        {
            return Ok(Some(list.clone()));
        }
        let Some(keys) = &config.keys else { return Ok(None) };
        let keyring = Keyring::new(keys, known.network.uuid);
        let found = credential_key(store, known.id, &keyring).await.map_err(|error| faulty(&error))?;
        let Some((in_use, key)) = found else { return Ok(None) };
        let list = store.status_list(known.id).await?;
        let issuer = under.map_or_else(|| in_use.issuer(), |domain| Issuer::new(in_use.key, Some(domain)));
        let network = &known.network;
        let signed = status_list::signed(&list, network.uuid, &network.name, (&key, &issuer), now);
        let signed = signed.map_err(|problem| fault(&problem.in_words(Language::English)))?;
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(place, (began, signed.clone()));
        Ok(Some(signed))
    }
}

fn faulty(error: &SealError) -> Problem {
    match error {
        SealError::Store(error) => Problem::of_store(error),
        error => fault(&error.in_words(Language::English)),
    }
}

fn fault(why: &str) -> Problem {
    logs::fault(&format!("the list of what is revoked was not signed: {why}"));
    Problem::new(Refusal::Fault)
}
