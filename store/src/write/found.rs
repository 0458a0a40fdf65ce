//! Founds networks.

use async_recursion::async_recursion as boxed;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{
    Store, StoreError,
    db::{Tx, on_tx},
    directory,
    reading::RowOf,
    write::{believing::believed, load::Source, memory::Warm, rows},
};
use ledger::{
    Language, NetworkId,
    clock::{Clock, Secrets},
    command::{By, Command},
    decide::{Decision, Outside, decide},
    log::{self, Edge},
    occasion::Occasion,
    state::{Network, State},
};

impl Store {
    /// Founds a network.
    ///
    /// # Errors
    /// When the database does not answer, the name is empty, or the clock cannot be believed.
    #[boxed]
    pub async fn found(
        &self,
        network: &Network,
        clock: &dyn Clock,
        secrets: &mut dyn Secrets,
    ) -> Result<NetworkId, StoreError> {
        let mut tries = 20;
        loop {
            match found(self, network, clock, secrets).await {
                // Somebody else founds a network at this moment, and has taken its number.
                Err(error) if error.is_known_key() && tries > 0 => tries -= 1,
                founded => return founded,
            }
        }
    }
}

/// A version 7 UUID (RFC 9562) for a network founded at that instant.
pub fn network_uuid(now: DateTime<Utc>, secrets: &mut dyn Secrets) -> Uuid {
    let mut random = [0; 10];
    random.copy_from_slice(&secrets.key().0[22..]);
    // The form knows no instant before 1970.
    let millis = now.timestamp_millis().max(0).cast_unsigned();
    uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}

/// Founds a network: its row, its head, and act 0.
async fn found(
    store: &Store,
    network: &Network,
    clock: &dyn Clock,
    secrets: &mut dyn Secrets,
) -> Result<NetworkId, StoreError> {
    let mut tx = store.db().begin_write().await?;
    let now = believed(&mut Source::Open(&mut tx), DateTime::UNIX_EPOCH, clock).await?;
    let id = insert_network(&mut tx, network).await?;
    let mut state = State::default();
    let command =
        Command::FoundNetwork { uuid: network.uuid, name: network.name.clone(), time_zone: network.time_zone };
    let digest = log::leaf_hash(network.uuid.as_bytes());
    let request = Occasion::Founding.request_about(digest, By::OPERATOR, command);
    let mut outside = Outside { now, secrets };
    let decision = decide(&mut state, &request, &mut outside)?
        .map_err(|rejection| StoreError::Encoding(rejection.in_words(Language::French, &|_| String::new())))?;
    let Decision::New(act) = &decision else {
        return Err(RowOf("network", id).wrong("network_id", "founded before it was"));
    };
    let mut warm = Warm { state, edge: Edge::default() };
    let change = rows::of_batch(id, &[&**act], &mut warm)?;
    rows::write(change, &mut tx, id, &[&**act], &warm.state.registry).await?;
    tx.commit().await?;
    Ok(id)
}

async fn insert_network(tx: &mut Tx, network: &Network) -> Result<NetworkId, StoreError> {
    let NetworkId(id) = directory::enter_new(tx, network).await?;
    let sql = "INSERT INTO network (network_id, uuid, name, time_zone) VALUES ($1, $2, $3, $4)";
    on_tx!(&mut *tx, connection => {
        sqlx::query(sql).bind(id).bind(network.uuid).bind(&network.name).bind(network.time_zone.name())
            .execute(connection).await.map(|_| ())?;
    });
    let sql = "INSERT INTO head (network_id, next_act, last_at, registry_act, reference_year, reference_last, root) \
               VALUES ($1, 0, 0, 0, 0, 0, $2)";
    let empty = log::root_of(&[]).0.to_vec();
    on_tx!(tx, connection => sqlx::query(sql).bind(id).bind(empty).execute(connection).await.map(|_| ())?);
    Ok(NetworkId(id))
}
