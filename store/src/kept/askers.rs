//! People who ask for something and are not in yet: an association's place in the network, or their own in an association.

use std::fmt::Display;

use crate::{
    StoreError,
    db::{Tx, on_tx},
    reading::{RowOf, table_row},
};
use ledger::{Language, NetworkId};

/// So many requests of a kind may wait: whoever wants to fill the table is stopped.
const WAITING_MOST: i64 = 200;

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asker {
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// E-mail address, as it is compared.
    pub email: Option<String>,
    /// Telephone number, as it was typed.
    pub phone: Option<String>,
    /// The language they asked in.
    pub language: Language,
}

table_row! {
    pub(super) struct AskerRow {
        first_name: String,
        last_name: String,
        email: Option<String>,
        phone: Option<String>,
        language: String,
    }
}

impl AskerRow {
    pub(super) fn read<Key: Display>(self, row: &RowOf<Key>) -> Result<Asker, StoreError> {
        let Self { first_name, last_name, email, phone, language } = self;
        Ok(Asker { first_name, last_name, email, phone, language: row.word("language", &language)? })
    }
}

/// Whether so many wait already that no more is taken. The statement counts them, by the network's number.
pub(super) async fn too_many(tx: &mut Tx, network: NetworkId, sql: &'static str) -> Result<bool, StoreError> {
    let (waiting,): (i64,) = on_tx!(tx, connection => {
        sqlx::query_as(sql).bind(network.0).fetch_one(connection).await?
    });
    Ok(waiting >= WAITING_MOST)
}
