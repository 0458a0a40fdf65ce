//! Whole tables, read by the page: one text holds many rows.
//!
//! Where every row of a table is wanted, handing them over one by one costs several times what reading them does. So
//! the database joins a page of rows into one text, and [`Fields`] takes it apart again. A number ends with a comma; a
//! text stands behind its length in bytes, so that nothing it holds can be misread.

use std::fmt::Write as _;

use chrono::NaiveDate;
use sqlx::{AssertSqlSafe, Row as _};

use super::{
    StoreError,
    db::{Tx, on_tx},
    network::impossible,
};
use crate::NetworkId;

/// A column, by the SQL that reads it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Column {
    /// A number, or NULL.
    Number(&'static str),
    /// A text or a date, never NULL.
    Text(&'static str),
    /// 32 bytes, or NULL.
    Key(&'static str),
}

/// What to read, and in which order.
#[derive(Debug)]
pub(super) struct PackedTable {
    /// The table, for messages.
    pub(super) name: &'static str,
    /// What stands behind `FROM`; the table whose network counts is called `t`.
    pub(super) source: &'static str,
    /// What is read; first the columns of the key.
    pub(super) columns: &'static [Column],
    /// The columns that order the rows, each row's own.
    pub(super) key: &'static [&'static str],
}

/// Reads one page of each table: of the rows for which its condition holds, in the order of their keys, `most` or all.
/// `None` where there are none.
pub(super) async fn pages<const N: usize>(
    tx: &mut Tx,
    network: NetworkId,
    wanted: [(&PackedTable, String); N],
    most: Option<u32>,
) -> Result<[Option<String>; N], StoreError> {
    let is_sqlite = matches!(tx, Tx::Sqlite(_));
    let selects = wanted.map(|(table, condition)| table.select(network, &condition, most, is_sqlite));
    let sql = format!("SELECT {}", selects.join(", "));
    // Each page's SQL is new: to keep it prepared would only fill the cache.
    let mut packed = [const { None }; N];
    on_tx!(tx, connection => {
        let row = sqlx::query(AssertSqlSafe(sql)).persistent(false).fetch_one(connection).await?;
        for (index, page) in packed.iter_mut().enumerate() {
            *page = row.try_get(index)?;
        }
    });
    Ok(packed)
}

impl PackedTable {
    fn select(&self, network: NetworkId, condition: &str, most: Option<u32>, is_sqlite: bool) -> String {
        let columns: Vec<_> = self.columns.iter().map(|column| column.packed(is_sqlite)).collect();
        let limit = most.map_or_else(String::new, |most| format!(" LIMIT {most}"));
        format!(
            "(SELECT string_agg(p.packed, '') FROM (SELECT concat({}) AS packed FROM {} \
             WHERE t.network_id = {network} AND {condition} ORDER BY {}{limit}) AS p)",
            columns.join(", "),
            self.source,
            self.key.join(", "),
        )
    }

    /// The rows of a page.
    pub(super) fn fields<'a>(&self, page: &'a str) -> Fields<'a> {
        Fields { rest: page, table: self.name }
    }

    /// The condition that holds for the rows after the last of a page.
    pub(super) fn after(&self, page: &str) -> Result<String, StoreError> {
        let mut fields = self.fields(page);
        let mut last = fields.clone();
        while !fields.is_empty() {
            last = fields.clone();
            for column in self.columns {
                fields.skip(*column)?;
            }
        }
        let mut key = String::new();
        for column in self.columns.iter().take(self.key.len()) {
            let comma = if key.is_empty() { "" } else { ", " };
            let _ = match column {
                Column::Text(_) => write!(key, "{comma}'{}'", last.text()?.replace('\'', "''")),
                _ => write!(key, "{comma}{}", last.number()?),
            };
        }
        Ok(format!("({}) > ({key})", self.key.join(", ")))
    }
}

impl Column {
    /// The pieces that are joined; NULL is joined as nothing.
    fn packed(self, is_sqlite: bool) -> String {
        match self {
            Self::Number(sql) => format!("{sql}, ','"),
            Self::Text(sql) if is_sqlite => format!("octet_length({sql}), ':', {sql}"),
            // A date's length is not known before it is a text.
            Self::Text(sql) => format!("octet_length(cast({sql} as text)), ':', {sql}"),
            Self::Key(sql) if is_sqlite => format!("hex({sql}), ','"),
            Self::Key(sql) => format!("encode({sql}, 'hex'), ','"),
        }
    }
}

/// The fields of a page that are still to be taken.
#[derive(Debug, Clone)]
pub(super) struct Fields<'a> {
    rest: &'a str,
    table: &'static str,
}

impl<'a> Fields<'a> {
    /// Whether every row has been taken.
    pub(super) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The next field, a number.
    pub(super) fn number(&mut self) -> Result<i64, StoreError> {
        let digits = self.until(b',')?;
        digits.parse().map_err(|_| self.unreadable(digits))
    }

    /// The next field, a number or NULL.
    pub(super) fn maybe_number(&mut self) -> Result<Option<i64>, StoreError> {
        if let Some(rest) = self.rest.strip_prefix(',') {
            self.rest = rest;
            return Ok(None);
        }
        self.number().map(Some)
    }

    /// The next field, a text.
    pub(super) fn text(&mut self) -> Result<&'a str, StoreError> {
        let length = self.until(b':')?;
        let cut = length.parse().ok().and_then(|length| self.rest.split_at_checked(length));
        let (text, rest) = cut.ok_or_else(|| self.unreadable(length))?;
        self.rest = rest;
        Ok(text)
    }

    /// The next field, a date.
    pub(super) fn date(&mut self) -> Result<NaiveDate, StoreError> {
        let text = self.text()?;
        let part = |range: std::ops::Range<usize>| text.get(range)?.parse::<u32>().ok();
        let date = || {
            let year = i32::try_from(part(0..4)?).ok()?;
            NaiveDate::from_ymd_opt(year, part(5..7)?, part(8..10)?).filter(|_| text.len() == 10)
        };
        date().ok_or_else(|| self.unreadable(text))
    }

    /// The next field, 32 bytes or NULL.
    pub(super) fn key(&mut self) -> Result<Option<[u8; 32]>, StoreError> {
        let digits = self.until(b',')?;
        if digits.is_empty() {
            return Ok(None);
        }
        crate::Digest::from_hex(digits).map(|digest| Some(digest.0)).ok_or_else(|| self.unreadable(digits))
    }

    fn skip(&mut self, column: Column) -> Result<(), StoreError> {
        match column {
            Column::Text(_) => self.text().map(|_| ()),
            Column::Number(_) | Column::Key(_) => self.until(b',').map(|_| ()),
        }
    }

    fn until(&mut self, end: u8) -> Result<&'a str, StoreError> {
        // A field is a few digits: looking at each byte is faster than a search made for long texts.
        let length = self.rest.bytes().position(|byte| byte == end).ok_or_else(|| self.unreadable("its end"))?;
        let (field, rest) = (&self.rest[..length], &self.rest[length + 1..]);
        self.rest = rest;
        Ok(field)
    }

    fn unreadable(&self, found: &str) -> StoreError {
        impossible(self.table, found, "a field that cannot be read".to_owned())
    }
}
