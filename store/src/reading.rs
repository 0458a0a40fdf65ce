//! Rows read as what they mean: a column that cannot be true is an error that names its table, itself and the row.

use std::fmt::Display;

use chrono::{DateTime, Utc};
use sqlx::{Database, Decode, Type, error::BoxDynError};

use crate::{StoreError, principal::principal_from};
use ledger::{
    Digest, UnknownWord,
    account::{Account, Book},
    clock::SecretKey,
    command::Principal,
    leaf::Leaf,
    year::Year,
};

/// A row as the driver hands it over, each field a column of the same name; after `..` comes what other columns of the
/// same row say together.
///
/// Not the driver's own derive: that compiles both databases a second time, for the machine that builds.
macro_rules! table_row {
    (
        $(#[$about:meta])*
        $visible:vis struct $name:ident {
            $($(#[$about_field:meta])* $field:ident: $type:ty,)*
            $(..$part:ident: $part_type:ty,)*
        }
    ) => {
        $(#[$about])*
        $visible struct $name {
            $($(#[$about_field])* $field: $type,)*
            $($part: $part_type,)*
        }

        $crate::reading::from_row!(sqlx::sqlite::SqliteRow => $name { $($field)* $(..$part)* });
        $crate::reading::from_row!(sqlx::postgres::PgRow => $name { $($field)* $(..$part)* });
    };
}
pub(crate) use table_row;

/// One driver's half of [`table_row`].
macro_rules! from_row {
    ($row:ty => $name:ident { $($field:ident)* $(..$part:ident)* }) => {
        impl sqlx::FromRow<'_, $row> for $name {
            fn from_row(row: &$row) -> Result<Self, sqlx::Error> {
                Ok(Self {
                    $($field: sqlx::Row::try_get(row, stringify!($field))?,)*
                    $($part: sqlx::FromRow::from_row(row)?,)*
                })
            }
        }
    };
}
pub(crate) use from_row;

/// A row of a table, by its key within the network: what an error about one of its columns names.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RowOf<Key>(pub(crate) &'static str, pub(crate) Key);

/// A key of two columns.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pair<First, Second>(pub(crate) First, pub(crate) Second);

impl<First: Display, Second: Display> Display for Pair<First, Second> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.0, self.1)
    }
}

/// What stands in a column, read as soon as it is known of which row: a date that is no date, a UUID of five bytes.
///
/// The driver alone would say the column's place in the statement, and no table or key.
#[derive(Debug)]
pub(crate) struct Found<T>(Result<T, String>);

impl<DB: Database, T: Type<DB>> Type<DB> for Found<T> {
    fn type_info() -> DB::TypeInfo {
        T::type_info()
    }

    fn compatible(info: &DB::TypeInfo) -> bool {
        T::compatible(info)
    }
}

impl<'row, DB: Database, T: Decode<'row, DB>> Decode<'row, DB> for Found<T> {
    fn decode(value: DB::ValueRef<'row>) -> Result<Self, BoxDynError> {
        Ok(Self(T::decode(value).map_err(|problem| problem.to_string())))
    }
}

impl<Key: Display> RowOf<Key> {
    /// The error that a column of the row cannot be true.
    pub(crate) fn wrong(&self, column: &'static str, problem: impl Display) -> StoreError {
        let Self(table, key) = self;
        StoreError::ImpossibleRow { table, column, key: key.to_string(), problem: problem.to_string() }
    }

    /// What the driver read.
    pub(crate) fn found<T>(&self, column: &'static str, Found(found): Found<T>) -> Result<T, StoreError> {
        found.map_err(|problem| self.wrong(column, problem))
    }

    /// The same, where there may be nothing.
    pub(crate) fn maybe_found<T>(
        &self,
        column: &'static str,
        found: Option<Found<T>>,
    ) -> Result<Option<T>, StoreError> {
        found.map(|found| self.found(column, found)).transpose()
    }

    /// A word of a closed list.
    pub(crate) fn word<T>(&self, column: &'static str, text: &str) -> Result<T, StoreError>
    where
        T: for<'a> TryFrom<&'a str, Error = UnknownWord>,
    {
        T::try_from(text).map_err(|error| self.wrong(column, error))
    }

    /// An instant, in µs since 1970.
    pub(crate) fn instant(&self, column: &'static str, micros: i64) -> Result<DateTime<Utc>, StoreError> {
        DateTime::from_timestamp_micros(micros).ok_or_else(|| self.wrong(column, "an instant out of range"))
    }

    /// The same, where there may be none.
    pub(crate) fn maybe_instant(
        &self,
        column: &'static str,
        micros: Option<i64>,
    ) -> Result<Option<DateTime<Utc>>, StoreError> {
        micros.map(|micros| self.instant(column, micros)).transpose()
    }

    /// A count, a place, a generation: a number that has fewer values than the column.
    pub(crate) fn number<T: TryFrom<i64>>(&self, column: &'static str, number: i64) -> Result<T, StoreError> {
        T::try_from(number).map_err(|_| self.wrong(column, format_args!("{number} is out of range")))
    }

    /// A year.
    pub(crate) fn year(&self, column: &'static str, year: i64) -> Result<Year, StoreError> {
        self.number(column, year).map(Year)
    }

    /// Yes or no.
    pub(crate) fn flag(&self, column: &'static str, flag: i64) -> Result<bool, StoreError> {
        match flag {
            0 => Ok(false),
            1 => Ok(true),
            other => Err(self.wrong(column, format_args!("{other} is neither 0 nor 1"))),
        }
    }

    /// The 32 bytes of a hash.
    pub(crate) fn digest(&self, column: &'static str, bytes: &[u8]) -> Result<Digest, StoreError> {
        let bytes = bytes.try_into();
        bytes.map(Digest).map_err(|_| self.wrong(column, "not 32 bytes"))
    }

    /// The 32 bytes of a commitment's key.
    pub(crate) fn secret(&self, column: &'static str, bytes: &[u8]) -> Result<SecretKey, StoreError> {
        self.digest(column, bytes).map(|Digest(bytes)| SecretKey(bytes))
    }

    /// Who asked.
    pub(crate) fn principal(&self, column: &'static str, text: &str) -> Result<Principal, StoreError> {
        principal_from(text).ok_or_else(|| self.wrong(column, format_args!("“{text}” is nobody")))
    }

    /// An account of a book.
    pub(crate) fn account(&self, column: &'static str, book: Book, number: i64) -> Result<Account, StoreError> {
        Account::from_number(book, number)
            .ok_or_else(|| self.wrong(column, format_args!("{number} is no account of book {book}")))
    }

    /// What the log sealed.
    pub(crate) fn leaf<'text>(&self, column: &'static str, text: &'text str) -> Result<Leaf<'text>, StoreError> {
        Leaf::parse(text).map_err(|error| self.wrong(column, error))
    }
}
