//! How to reach members.

use std::collections::BTreeMap;

use async_recursion::async_recursion as boxed;

use crate::{
    Store, StoreError,
    bulk::{Rows, row},
    db::{Tx, on_tx},
    reading::{RowOf, table_row},
    schema::ColumnType::Int,
};
use ledger::{AssociationNumber, NetworkId, association::Contact};

impl Store {
    /// How to reach a member, if it said so.
    ///
    /// # Errors
    /// When the database does not answer or the row cannot be true.
    #[boxed]
    pub async fn contact(
        &self,
        network: NetworkId,
        association: AssociationNumber,
    ) -> Result<Option<Contact>, StoreError> {
        let sql = "SELECT name, email, phone, paper_only FROM association_contact \
                   WHERE network_id = $1 AND association = $2";
        let mut tx = self.db().begin_read().await?;
        let row: Option<ContactRow> = on_tx!(&mut tx, connection => {
            sqlx::query_as(sql).bind(network.0).bind(association.0).fetch_optional(connection).await?
        });
        row.map(|row| row.read(association)).transpose()
    }

    /// How to reach several members, as far as they said so.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn contacts_of(
        &self,
        network: NetworkId,
        associations: &[AssociationNumber],
    ) -> Result<BTreeMap<AssociationNumber, Contact>, StoreError> {
        let wanted = associations.iter().map(|association| row![association.0]).collect();
        let sql = "SELECT c.association, c.name, c.email, c.phone, c.paper_only FROM {rows} \
                   CROSS JOIN association_contact AS c WHERE c.network_id = $1 AND c.association = r.c0";
        let mut tx = self.db().begin_read().await?;
        let rows = Rows::new(&[Int], wanted).select::<OneOfSeveral>(&mut tx, network.0, sql).await?;
        let read = |OneOfSeveral { association, contact }| {
            let association = AssociationNumber(association);
            Ok((association, contact.read(association)?))
        };
        rows.into_iter().map(read).collect()
    }
}

pub(crate) async fn set(
    tx: &mut Tx,
    network: NetworkId,
    association: AssociationNumber,
    contact: &Contact,
) -> Result<u64, StoreError> {
    let sql = "INSERT INTO association_contact (network_id, association, name, email, phone, paper_only) \
               VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (network_id, association) DO UPDATE \
               SET name = excluded.name, email = excluded.email, phone = excluded.phone, \
               paper_only = excluded.paper_only";
    Ok(on_tx!(tx, connection => sqlx::query(sql)
        .bind(network.0)
        .bind(association.0)
        .bind(contact.name.as_deref())
        .bind(contact.email.as_deref())
        .bind(contact.phone.as_deref())
        .bind(i64::from(contact.paper_only))
        .execute(connection)
        .await?
        .rows_affected()))
}

table_row! {
    struct ContactRow {
        name: Option<String>,
        email: Option<String>,
        phone: Option<String>,
        paper_only: i64,
    }
}

table_row! {
    struct OneOfSeveral {
        association: i64,
        ..contact: ContactRow,
    }
}

impl ContactRow {
    fn read(self, association: AssociationNumber) -> Result<Contact, StoreError> {
        let paper_only = RowOf("association_contact", association).flag("paper_only", self.paper_only)?;
        Ok(Contact { name: self.name, email: self.email, phone: self.phone, paper_only })
    }
}
