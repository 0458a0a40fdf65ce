//! How networks are found: by UUID, slug, domain, or the name that people write; and in which of them an address signs
//! in.
//!
//! Two tables that are the instance's and no network's. Whatever is asked of them is asked by a key of theirs, however
//! many networks there are; what has to be done for every network goes through the list and asks each by its number.
//! But for slugs they say nothing that a network's own rows do not say, and are written in the same transaction as those.

use async_recursion::async_recursion as boxed;
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use crate::{
    Store, StoreError,
    bulk::{Rows, row},
    db::{Tx, on_tx, select},
    reading::{Found, RowOf, table_row},
    schema::ColumnType::Text,
};
use ledger::{Digest, NetworkId, PersonNumber, key::KeyPurpose, log::leaf_hash, name, state::Network};

/// What a database's directory says of a network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirectoryEntry {
    /// Its number in this database.
    pub id: NetworkId,
    /// Its name outside of any database.
    pub uuid: Uuid,
    /// Its name in addresses.
    pub slug: String,
    /// The domain that it is known by.
    pub domain: Option<String>,
}

/// What a network is looked up by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NetworkKey {
    /// Its name outside of any database.
    Uuid(Uuid),
    /// Its name in addresses.
    Slug(String),
    /// The domain that it is known by.
    Domain(String),
}

impl Store {
    /// The networks of this database, as its directory has them, by number.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn networks(&self) -> Result<Vec<DirectoryEntry>, StoreError> {
        let sql = "SELECT network_id, uuid, slug, domain FROM directory ORDER BY network_id";
        let mut tx = self.db().begin_read().await?;
        let rows: Vec<DirectoryRow> = on_tx!(&mut tx, connection => sqlx::query_as(sql).fetch_all(connection).await?);
        rows.into_iter().map(DirectoryRow::read).collect()
    }

    /// The networks in which that address signs in, in the order in which they were founded; so many at most.
    ///
    /// # Errors
    /// When the database does not answer.
    #[boxed]
    pub async fn networks_of_address(&self, email: &str, most: u32) -> Result<Vec<NetworkId>, StoreError> {
        let sql = "SELECT network_id FROM sign_in WHERE address = $1 ORDER BY network_id LIMIT $2";
        let address = address(email);
        let mut tx = self.db().begin_read().await?;
        let found: Vec<(i64,)> = on_tx!(&mut tx, connection => {
            sqlx::query_as(sql).bind(address).bind(i64::from(most)).fetch_all(connection).await?
        });
        Ok(found.into_iter().map(|(network,)| NetworkId(network)).collect())
    }
}

/// The network of that key.
pub(crate) async fn find(tx: &mut Tx, key: &NetworkKey) -> Result<Option<NetworkId>, StoreError> {
    let by = |column| format!("SELECT network_id FROM directory WHERE {column} = $1");
    let found: Option<(i64,)> = on_tx!(tx, connection => match key {
        NetworkKey::Uuid(uuid) => {
            sqlx::query_as(AssertSqlSafe(by("uuid"))).bind(uuid).fetch_optional(connection).await?
        }
        NetworkKey::Slug(slug) => {
            sqlx::query_as(AssertSqlSafe(by("slug"))).bind(slug).fetch_optional(connection).await?
        }
        NetworkKey::Domain(domain) => {
            sqlx::query_as(AssertSqlSafe(by("domain"))).bind(domain).fetch_optional(connection).await?
        }
    });
    Ok(found.map(|(network,)| NetworkId(network)))
}

/// The networks of that name, however it is spelt.
pub(crate) async fn named(tx: &mut Tx, name: &str) -> Result<Vec<DirectoryEntry>, StoreError> {
    let sql = "SELECT network_id, uuid, slug, domain FROM directory WHERE folded_name = $1 ORDER BY network_id";
    let folded = name::fold(name);
    let rows: Vec<DirectoryRow> =
        on_tx!(tx, connection => sqlx::query_as(sql).bind(folded).fetch_all(connection).await?);
    rows.into_iter().map(DirectoryRow::read).collect()
}

/// So many networks of the database at most, in the order of their numbers.
pub(crate) async fn first(tx: &mut Tx, most: u32) -> Result<Vec<NetworkId>, StoreError> {
    let sql = "SELECT network_id FROM directory ORDER BY network_id LIMIT $1";
    let most = i64::from(most);
    let rows: Vec<(i64,)> = on_tx!(tx, connection => sqlx::query_as(sql).bind(most).fetch_all(connection).await?);
    Ok(rows.into_iter().map(|(network,)| NetworkId(network)).collect())
}

/// All networks of the database, in the order of their numbers.
pub(crate) async fn all(tx: &mut Tx) -> Result<Vec<NetworkId>, StoreError> {
    first(tx, u32::MAX).await
}

/// The networks in which somebody may have to be told of acts, in order.
pub(crate) async fn with_webhooks(tx: &mut Tx) -> Result<Vec<NetworkId>, StoreError> {
    let sql = "SELECT network_id FROM directory WHERE has_webhooks = 1 ORDER BY network_id";
    let rows: Vec<(i64,)> = on_tx!(tx, connection => sqlx::query_as(sql).fetch_all(connection).await?);
    Ok(rows.into_iter().map(|(network,)| NetworkId(network)).collect())
}

/// Says whether anybody of that network is told of acts. Whoever says that somebody is waits here for whoever finds that
/// nobody is, and the other way round: the row is changed even where it says so already.
pub(crate) async fn note_webhooks(tx: &mut Tx, network: NetworkId, has_webhooks: bool) -> Result<(), StoreError> {
    let sql = "UPDATE directory SET has_webhooks = $2 WHERE network_id = $1";
    on_tx!(tx, connection => {
        sqlx::query(sql).bind(network.0).bind(i64::from(has_webhooks)).execute(connection).await.map(|_| ())?;
    });
    Ok(())
}

/// Enters a network that is being founded, under the next free number.
pub(crate) async fn enter_new(tx: &mut Tx, network: &Network) -> Result<NetworkId, StoreError> {
    let slug = free_slug(tx, &network.name).await?;
    let sql = "INSERT INTO directory (network_id, uuid, slug, folded_name, has_webhooks, keys_hidden) \
               SELECT coalesce(max(network_id), 0) + 1, $1, $2, $3, 0, 1 FROM directory RETURNING network_id";
    let (id,): (i64,) = on_tx!(tx, connection => {
        sqlx::query_as(sql).bind(network.uuid).bind(slug).bind(name::fold(&network.name)).fetch_one(connection).await?
    });
    Ok(NetworkId(id))
}

/// What the directory says of a network: its UUID, its name as names are compared, its domain.
pub(crate) async fn said_of(
    tx: &mut Tx,
    network: NetworkId,
) -> Result<Option<(Uuid, String, Option<String>)>, StoreError> {
    let sql = "SELECT uuid, folded_name, domain FROM directory WHERE network_id = $1";
    let said: Vec<(Found<Uuid>, String, Option<String>)> = select(tx, network, sql).await?;
    let read = |(uuid, name, domain)| Ok((RowOf("directory", network).found("uuid", uuid)?, name, domain));
    said.into_iter().next().map(read).transpose()
}

/// The network is known by this domain from now on, and by no other.
pub(crate) async fn note_domain(tx: &mut Tx, network: NetworkId, domain: Option<&str>) -> Result<(), StoreError> {
    let sql = "UPDATE directory SET domain = $2 WHERE network_id = $1";
    on_tx!(tx, connection => {
        sqlx::query(sql).bind(network.0).bind(domain).execute(connection).await.map(|_| ())?;
    });
    Ok(())
}

/// Those of the domains that networks other than this one are known by.
pub(crate) async fn domains_of_others(
    tx: &mut Tx,
    network: NetworkId,
    domains: &[&str],
) -> Result<Vec<String>, StoreError> {
    let rows = Rows::new(&[Text], domains.iter().map(|domain| row![*domain]).collect());
    let sql = "SELECT d.domain FROM {rows} CROSS JOIN directory AS d WHERE d.domain = r.c0 AND d.network_id <> $1";
    let found: Vec<(String,)> = rows.select(tx, network.0, sql).await?;
    Ok(found.into_iter().map(|(domain,)| domain).collect())
}

/// A person signs in with this address from now on.
pub(crate) async fn note_address(
    tx: &mut Tx,
    network: NetworkId,
    person: PersonNumber,
    email: &str,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO sign_in (network_id, person, address) VALUES ($1, $2, $3) \
               ON CONFLICT (network_id, person) DO UPDATE SET address = excluded.address";
    let address = address(email);
    on_tx!(tx, connection => {
        sqlx::query(sql).bind(network.0).bind(person.0).bind(address).execute(connection).await.map(|_| ())?;
    });
    Ok(())
}

/// What stands for an address in a table that is not its network's own.
fn address(email: &str) -> Vec<u8> {
    let Digest(digest) = leaf_hash(email.as_bytes());
    digest.to_vec()
}

/// Enters every network of which the directory says no more than that it is there: so a migration leaves those of an
/// earlier version.
pub(crate) async fn enter_all(tx: &mut Tx) -> Result<(), StoreError> {
    // Another process may be at it: whoever comes second waits, and finds nothing left to do.
    let lock = if matches!(tx, Tx::Postgres(_)) { " FOR UPDATE" } else { "" };
    for network in without_slug(tx, lock).await? {
        enter(tx, network).await?;
    }
    Ok(())
}

/// Enters a network that a backup of before the directory held.
pub(crate) async fn enter_restored(tx: &mut Tx, network: NetworkId) -> Result<(), StoreError> {
    let sql = "INSERT INTO directory (network_id, uuid, has_webhooks) \
               SELECT network_id, uuid, 0 FROM network WHERE network_id = $1";
    on_tx!(&mut *tx, connection => sqlx::query(sql).bind(network.0).execute(connection).await.map(|_| ())?);
    enter(tx, network).await
}

/// Whether [`enter_all`] has anything to do.
pub(crate) async fn is_any_to_enter(tx: &mut Tx) -> Result<bool, StoreError> {
    Ok(!without_slug(tx, "").await?.is_empty())
}

/// The networks of which nobody has looked yet whether acts have keys from before those were hidden.
pub(crate) async fn with_former_keys(tx: &mut Tx) -> Result<Vec<NetworkId>, StoreError> {
    let sql = "SELECT network_id FROM directory WHERE keys_hidden IS NULL ORDER BY network_id";
    let rows: Vec<(i64,)> = on_tx!(tx, connection => sqlx::query_as(sql).fetch_all(connection).await?);
    Ok(rows.into_iter().map(|(network,)| NetworkId(network)).collect())
}

/// The keys of that network's acts are hidden.
pub(crate) async fn note_hidden_keys(tx: &mut Tx, network: NetworkId) -> Result<(), StoreError> {
    let sql = "UPDATE directory SET keys_hidden = 1 WHERE network_id = $1";
    on_tx!(tx, connection => sqlx::query(sql).bind(network.0).execute(connection).await.map(|_| ())?);
    Ok(())
}

async fn without_slug(tx: &mut Tx, lock: &str) -> Result<Vec<NetworkId>, StoreError> {
    let sql = format!("SELECT network_id FROM directory WHERE slug IS NULL ORDER BY network_id{lock}");
    let rows: Vec<(i64,)> = on_tx!(tx, connection => sqlx::query_as(AssertSqlSafe(sql)).fetch_all(connection).await?);
    Ok(rows.into_iter().map(|(network,)| NetworkId(network)).collect())
}

/// Says of a network what its own rows say.
async fn enter(tx: &mut Tx, network: NetworkId) -> Result<(), StoreError> {
    let name: Vec<(String,)> = select(tx, network, "SELECT name FROM network WHERE network_id = $1").await?;
    let (name,) = name.into_iter().next().ok_or(StoreError::NoNetwork)?;
    let slug = free_slug(tx, &name).await?;
    let sql = "UPDATE directory SET slug = $2, folded_name = $3 WHERE network_id = $1";
    on_tx!(&mut *tx, connection => {
        sqlx::query(sql).bind(network.0).bind(slug).bind(name::fold(&name)).execute(connection).await.map(|_| ())?;
    });

    let sql = "SELECT purpose, domain FROM network_key WHERE network_id = $1 ORDER BY act";
    let keys: Vec<(String, Option<String>)> = select(tx, network, sql).await?;
    let last = keys.into_iter().rfind(|(purpose, _)| purpose == KeyPurpose::Credential.as_str());
    // Nothing kept two networks from the same domain once: the first one has answered there, and goes on to.
    if let Some(domain) = last.and_then(|(_, domain)| domain)
        && domains_of_others(tx, network, &[&domain]).await?.is_empty()
    {
        note_domain(tx, network, Some(&domain)).await?;
    }

    let sql = "SELECT count(*) FROM webhook WHERE network_id = $1 AND state = 'active'";
    let active: Vec<(i64,)> = select(tx, network, sql).await?;
    note_webhooks(tx, network, active.iter().any(|(count,)| *count > 0)).await?;

    let sql = "SELECT person, email FROM credential WHERE network_id = $1 ORDER BY person";
    for (person, email) in select::<(i64, String)>(tx, network, sql).await? {
        note_address(tx, network, PersonNumber(person), &email).await?;
    }
    Ok(())
}

/// The name in an address, with a number behind it where another network bears it.
async fn free_slug(tx: &mut Tx, name: &str) -> Result<String, StoreError> {
    let slug = name::slug(name);
    // All that begins so and has a hyphen next stands between these two.
    let sql = "SELECT slug FROM directory WHERE slug = $1 OR (slug > $2 AND slug < $3)";
    let (from, to) = (format!("{slug}-"), format!("{slug}."));
    let taken: Vec<(String,)> = on_tx!(tx, connection => {
        sqlx::query_as(sql).bind(&slug).bind(from).bind(to).fetch_all(connection).await?
    });
    let taken: std::collections::HashSet<String> = taken.into_iter().map(|(slug,)| slug).collect();
    let numbered = (2_u64..).map(|number| format!("{slug}-{number}"));
    let mut candidates = std::iter::once(slug.clone()).chain(numbered);
    Ok(candidates.find(|candidate| !taken.contains(candidate)).unwrap_or(slug))
}

table_row! {
    struct DirectoryRow {
        network_id: i64,
        uuid: Found<Uuid>,
        slug: String,
        domain: Option<String>,
    }
}

impl DirectoryRow {
    fn read(self) -> Result<DirectoryEntry, StoreError> {
        let uuid = RowOf("directory", self.network_id).found("uuid", self.uuid)?;
        Ok(DirectoryEntry { id: NetworkId(self.network_id), uuid, slug: self.slug, domain: self.domain })
    }
}
