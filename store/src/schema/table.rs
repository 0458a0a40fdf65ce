//! What a table is.

/// The type of a column, the same on both databases but for its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ColumnType {
    /// `BIGINT`, `INTEGER`.
    Int,
    /// `TEXT`.
    Text,
    /// `BYTEA`, `BLOB`.
    Bytes,
    /// `UUID`, `BLOB`.
    Uuid,
    /// `DATE`, `TEXT`.
    Date,
}

/// A table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Table {
    /// Its name.
    pub(crate) name: &'static str,
    /// Its columns, in order.
    pub(crate) columns: &'static [(&'static str, ColumnType)],
    /// Its primary key, in order, as it stands in SQL.
    pub(crate) key: &'static str,
}
