//! Whole tables, read by the page: one text holds many rows.
//!
//! Where every row of a table is wanted, handing them over one by one costs several times what reading them does. So
//! the database joins a page of rows into one text, and [`Fields`] takes it apart again. A number ends with a comma; a
//! text stands behind its length in bytes, so that nothing it holds can be misread.

use std::fmt::{Display, Write as _};

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
    /// A number, never NULL.
    Number(&'static str),
    /// A number, or NULL.
    MaybeNumber(&'static str),
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
    /// What is read.
    pub(super) columns: &'static [Column],
    /// What orders the rows, each row's own: a column, or several in brackets.
    pub(super) key: &'static str,
}

/// Reads one page of each table: the rows for which its condition holds, in the order of their keys. `None` where there
/// are none.
pub(super) async fn pages<const N: usize>(
    tx: &mut Tx,
    network: NetworkId,
    wanted: [(&PackedTable, String); N],
) -> Result<[Option<String>; N], StoreError> {
    let is_sqlite = matches!(tx, Tx::Sqlite(_));
    let selects = wanted.map(|(table, condition)| table.select(network, &condition, is_sqlite));
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

/// The conditions of pages that together hold every row after a key, or every row, however many there are: each page
/// ends with one of the keys, which come in their order, and a page without an end takes the rest.
pub(super) fn ranges<Key: Copy>(
    mut after: Option<Key>,
    ends: impl Iterator<Item = Option<Key>>,
    between: fn(Option<Key>, Option<Key>) -> String,
) -> impl Iterator<Item = String> {
    ends.map(move |end| between(std::mem::replace(&mut after, end), end))
}

/// The condition that a key lies past one end and not past the other, as far as there are such.
///
/// It has one part on either side: of more parts SQLite may choose the wrong one to find its rows by.
pub(super) fn between(key: &str, after: Option<impl Display>, end: Option<impl Display>) -> String {
    let after = after.map_or_else(|| "true".to_owned(), |after| format!("{key} > {after}"));
    end.map_or_else(|| after.clone(), |end| format!("{after} AND {key} <= {end}"))
}

impl PackedTable {
    fn select(&self, network: NetworkId, condition: &str, is_sqlite: bool) -> String {
        format!(
            "(SELECT string_agg(p.packed, '') FROM (SELECT {} AS packed FROM {} \
             WHERE t.network_id = {network} AND {condition} ORDER BY {}) AS p)",
            self.packed(is_sqlite),
            self.source,
            self.key.trim_matches(['(', ')']),
        )
    }

    /// A row as one text: numbers are put in together, which costs the database less than joining them piece by piece.
    fn packed(&self, is_sqlite: bool) -> String {
        let number = if is_sqlite { "%d" } else { "%s" };
        let (mut pieces, mut form, mut values) = (Vec::new(), String::new(), String::new());
        for column in self.columns {
            let (placed, end, value) = match *column {
                Column::Number(sql) => (number, ',', sql.to_owned()),
                // As a text, NULL is nothing.
                Column::MaybeNumber(sql) => ("%s", ',', sql.to_owned()),
                Column::Key(sql) if is_sqlite => ("%s", ',', format!("hex({sql})")),
                Column::Key(sql) => ("%s", ',', format!("encode({sql}, 'hex')")),
                Column::Text(sql) if is_sqlite => (number, ':', format!("octet_length({sql})")),
                // A date's length is not known before it is a text.
                Column::Text(sql) => (number, ':', format!("octet_length(cast({sql} as text))")),
            };
            let _ = write!(form, "{placed}{end}");
            let _ = write!(values, ", {value}");
            if let Column::Text(sql) = column {
                pieces.push(format!("format('{}'{}), {sql}", std::mem::take(&mut form), std::mem::take(&mut values)));
            }
        }
        if !form.is_empty() {
            pieces.push(format!("format('{form}'{values})"));
        }
        format!("concat({})", pieces.join(", "))
    }

    /// The rows of a page.
    pub(super) fn fields<'a>(&self, page: &'a str) -> Fields<'a> {
        Fields { rest: page, table: self.name }
    }
}

/// The fields of a page that are still to be taken.
#[derive(Debug)]
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
