//! Whole tables, read by the page: one text holds many rows.
//!
//! Where every row of a table is wanted, handing them over one by one costs several times what reading them does. So
//! the database joins a page of rows into one text, and [`Fields`] takes it apart again. Commas stand between the
//! fields; a text stands behind its length in bytes, so that nothing it holds can be misread.

use std::fmt::{Display, Write as _};

use chrono::NaiveDate;
use sqlx::{AssertSqlSafe, Row as _};

use crate::{
    StoreError,
    db::{Tx, on_tx},
    reading::RowOf,
};
use ledger::{Digest, NetworkId, UnknownWord, leaf::day_from};

/// A column of what is read, by what errors call it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column {
    name: &'static str,
    /// The SQL that reads it, where that is not the column of table `t`.
    sql: Option<&'static str>,
    form: Form,
}

/// How a column stands in a text.
#[derive(Debug, Clone, Copy)]
enum Form {
    /// A number, never NULL.
    Number,
    /// A number, or NULL.
    MaybeNumber,
    /// A text or a date, never NULL.
    Text,
    /// 32 bytes, or NULL.
    Key,
}

impl Column {
    /// A number, never NULL.
    pub(crate) const fn number(name: &'static str) -> Self {
        Self { name, sql: None, form: Form::Number }
    }

    /// A number, or NULL.
    pub(crate) const fn maybe_number(name: &'static str) -> Self {
        Self { name, sql: None, form: Form::MaybeNumber }
    }

    /// A text or a date, never NULL.
    pub(crate) const fn text(name: &'static str) -> Self {
        Self { name, sql: None, form: Form::Text }
    }

    /// 32 bytes, or NULL.
    pub(crate) const fn key(name: &'static str) -> Self {
        Self { name, sql: None, form: Form::Key }
    }

    /// The same, read by this SQL.
    pub(crate) const fn by(self, sql: &'static str) -> Self {
        Self { sql: Some(sql), ..self }
    }

    /// What stands for the column in a row: NULL is nothing, a text has its length before it.
    fn packed(self, is_sqlite: bool) -> String {
        let sql = self.sql.map_or_else(|| format!("t.{}", self.name), str::to_owned);
        match self.form {
            Form::Number => sql,
            Form::MaybeNumber => format!("coalesce(cast({sql} AS text), '')"),
            Form::Text if is_sqlite => format!("octet_length({sql}), {sql}"),
            // A date's length is not known before it is a text.
            Form::Text => format!("octet_length(cast({sql} AS text)), {sql}"),
            Form::Key if is_sqlite => format!("hex({sql})"),
            Form::Key => format!("coalesce(encode({sql}, 'hex'), '')"),
        }
    }
}

/// What to read, and in which order.
#[derive(Debug)]
pub(crate) struct PackedTable {
    /// The table, for messages.
    pub(crate) name: &'static str,
    /// What stands behind `FROM`; the table whose network counts is called `t`.
    pub(crate) source: &'static str,
    /// What is read.
    pub(crate) columns: &'static [Column],
    /// The columns that order the rows and tell them apart: the first of those that are read, of table `t`.
    pub(crate) key: &'static [&'static str],
}

/// A value by which rows are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Value {
    Number(i64),
    Text(&'static str),
}

/// The rows whose keys, or the first columns of these, lie past one end and not past the other, as far as there are
/// such ends.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Range<const N: usize> {
    pub(crate) after: Option<[Value; N]>,
    pub(crate) last: Option<[Value; N]>,
}

impl<const N: usize> Range<N> {
    /// Ranges that together hold every row, however many there are, or every row after a key: each ends with one of the
    /// keys, which come in their order, and one without an end takes the rest.
    pub(crate) fn up_to(
        mut after: Option<[Value; N]>,
        ends: impl Iterator<Item = Option<[Value; N]>>,
    ) -> impl Iterator<Item = Self> {
        ends.map(move |last| Self { after: std::mem::replace(&mut after, last), last })
    }

    /// The values of the first columns in which both ends agree, all but the last column at most, and what is left of
    /// either end, with how rows compare to it.
    ///
    /// Asked for whole keys up to another, PostgreSQL would read on to where those first columns change.
    fn parts(&self) -> (&[Value], impl Iterator<Item = (&'static str, &[Value])>) {
        let (after, last) = (self.after.as_ref(), self.last.as_ref());
        let agree =
            |(after, last): (&[Value; N], &[Value; N])| (0..N - 1).take_while(|at| after[*at] == last[*at]).count();
        let shared = after.zip(last).map_or(0, agree);
        let ends = [after.map(|end| (">", &end[shared..])), last.map(|end| ("<=", &end[shared..]))];
        (after.map_or(&[], |after| &after[..shared]), ends.into_iter().flatten())
    }

    /// Whether a row is in the range, said of these columns. A parameter stands for each of [`Range::values`], the first
    /// being `$2`.
    ///
    /// It has one part on either side: of more parts SQLite may choose the wrong one to find its rows by.
    fn condition(&self, key: &[&str]) -> String {
        let (shared, ends) = self.parts();
        let mut parameters = (2..).map(|place| format!("${place}"));
        let mut sql = String::from("true");
        for (column, parameter) in key.iter().zip(&mut parameters).take(shared.len()) {
            let _ = write!(sql, " AND {column} = {parameter}");
        }
        let columns = key[shared.len()..N].join(", ");
        for (compares, end) in ends {
            let end: Vec<_> = parameters.by_ref().take(end.len()).collect();
            let _ = write!(sql, " AND ({columns}) {compares} ({})", end.join(", "));
        }
        sql
    }

    /// What the parameters of the condition stand for.
    fn values(&self) -> impl Iterator<Item = Value> {
        let (shared, ends) = self.parts();
        shared.iter().chain(ends.flat_map(|(_, end)| end)).copied()
    }
}

/// Reads one page of each table: the rows in the range, in the order of their keys. `None` where there are none.
pub(crate) async fn pages<const T: usize, const N: usize>(
    tx: &mut Tx,
    network: NetworkId,
    tables: [&PackedTable; T],
    range: Range<N>,
) -> Result<[Option<String>; T], StoreError> {
    let is_sqlite = matches!(tx, Tx::Sqlite(_));
    let sql = format!("SELECT {}", tables.map(|table| table.select(&range.condition(table.key), is_sqlite)).join(", "));
    let mut packed = [const { None }; T];
    on_tx!(tx, connection => {
        // SQLite keeps the statement, PostgreSQL makes a plan for each page: one for any page may read too much.
        let mut query = sqlx::query(AssertSqlSafe(sql)).persistent(is_sqlite).bind(network.0);
        for value in range.values() {
            query = match value {
                Value::Number(number) => query.bind(number),
                Value::Text(text) => query.bind(text),
            };
        }
        let row = query.fetch_one(connection).await?;
        for (index, page) in packed.iter_mut().enumerate() {
            *page = row.try_get(index)?;
        }
    });
    Ok(packed)
}

impl PackedTable {
    fn select(&self, condition: &str, is_sqlite: bool) -> String {
        format!(
            "(SELECT string_agg(p.packed, ',') FROM (SELECT concat_ws(',', {}) AS packed FROM {} \
             WHERE t.network_id = $1 AND {condition} ORDER BY {}) AS p)",
            self.columns.iter().map(|column| column.packed(is_sqlite)).collect::<Vec<_>>().join(", "),
            self.source,
            self.key.join(", "),
        )
    }

    /// The rows of a page.
    pub(crate) const fn fields<'a>(&'a self, page: &'a str) -> Fields<'a> {
        Fields { rest: page, table: self, row: page, taken: 0 }
    }
}

/// The fields of a page that are still to be taken.
#[derive(Debug)]
pub(crate) struct Fields<'a> {
    rest: &'a str,
    table: &'a PackedTable,
    /// From where the row at hand begins.
    row: &'a str,
    /// How many of its fields have been taken.
    taken: usize,
}

impl<'a> Fields<'a> {
    /// Whether every row has been taken.
    pub(crate) const fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The next field, a number.
    pub(crate) fn number(&mut self) -> Result<i64, StoreError> {
        let digits = self.begin();
        digits.parse().map_err(|_| self.unreadable())
    }

    /// The next field, a number or NULL.
    pub(crate) fn maybe_number(&mut self) -> Result<Option<i64>, StoreError> {
        match self.begin() {
            "" => Ok(None),
            digits => digits.parse().map(Some).map_err(|_| self.unreadable()),
        }
    }

    /// The next field, a text.
    pub(crate) fn text(&mut self) -> Result<&'a str, StoreError> {
        let length = self.begin();
        let Some((text, rest)) = cut(self.rest, length) else { return Err(self.unreadable()) };
        self.rest = rest;
        Ok(text)
    }

    /// The next field, a date.
    pub(crate) fn date(&mut self) -> Result<NaiveDate, StoreError> {
        let text = self.text()?;
        day_from(text).ok_or_else(|| self.unreadable())
    }

    /// The next field, a word of a closed list.
    pub(crate) fn word<T>(&mut self) -> Result<T, StoreError>
    where
        T: for<'word> TryFrom<&'word str, Error = UnknownWord>,
    {
        let text = self.text()?;
        T::try_from(text).map_err(|error| self.wrong(error))
    }

    /// The next field, 32 bytes or NULL.
    pub(crate) fn key(&mut self) -> Result<Option<[u8; 32]>, StoreError> {
        match self.begin() {
            "" => Ok(None),
            digits => Digest::from_hex(digits).map(|digest| Some(digest.0)).ok_or_else(|| self.unreadable()),
        }
    }

    /// The next field, 32 bytes.
    pub(crate) fn hash(&mut self) -> Result<Digest, StoreError> {
        self.key()?.map(Digest).ok_or_else(|| self.unreadable())
    }

    /// The beginning of the next field: all of it, but for a text, whose length it is.
    fn begin(&mut self) -> &'a str {
        if self.taken == self.table.columns.len() {
            self.row = self.rest;
            self.taken = 0;
        }
        self.taken += 1;
        let (field, rest) = next(self.rest);
        self.rest = rest;
        field
    }

    fn unreadable(&self) -> StoreError {
        self.wrong("a field that cannot be read")
    }

    /// What is wrong with the field that was taken last.
    fn wrong(&self, problem: impl Display) -> StoreError {
        let column = self.taken.checked_sub(1).and_then(|last| self.table.columns.get(last));
        RowOf(self.table.name, self.key_text()).wrong(column.map_or("*", |column| column.name), problem)
    }

    /// The key of the row at hand, as far as it can be read.
    fn key_text(&self) -> String {
        let mut rest = self.row;
        let mut key = Vec::new();
        for column in self.table.columns.iter().take(self.table.key.len()) {
            let (field, after) = next(rest);
            let whole = match column.form {
                Form::Number | Form::MaybeNumber | Form::Key => Some((field, after)),
                Form::Text => cut(after, field),
            };
            let Some((text, after)) = whole else { break };
            key.push(text);
            rest = after;
        }
        key.join(" ")
    }
}

/// What stands before the next comma, and what behind it.
fn next(rest: &str) -> (&str, &str) {
    // A field is a few digits: looking at each byte is faster than a search made for long texts.
    match rest.bytes().position(|byte| byte == b',') {
        Some(length) => (&rest[..length], &rest[length + 1..]),
        None => (rest, ""),
    }
}

/// A text of that many bytes, and what stands behind the comma after it.
fn cut<'a>(rest: &'a str, length: &str) -> Option<(&'a str, &'a str)> {
    let (text, after) = rest.split_at_checked(length.parse().ok()?)?;
    match after.strip_prefix(',') {
        Some(after) => Some((text, after)),
        None => after.is_empty().then_some((text, "")),
    }
}

/// How many rows one text holds, unless there are more than the acts say: few enough for it to stay in the processor's
/// cache, and for the database and whoever takes it apart to seldom wait for one another.
pub(crate) const PAGE: u32 = 1024;

/// Reads pages of a table, and takes one apart while the database makes the next.
pub(crate) async fn each_page<const N: usize>(
    tx: &mut Tx,
    network: NetworkId,
    table: &PackedTable,
    ranges: impl Iterator<Item = Range<N>>,
    mut take: impl FnMut(Fields<'_>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut take = |page: Option<String>| page.map_or(Ok(()), |page| take(table.fields(&page)));
    let mut page = None;
    for range in ranges {
        let next = pages(tx, network, [table], range);
        let (next, taken) = tokio::join!(next, async { take(page) });
        taken?;
        [page] = next?;
    }
    take(page)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(after: Option<(i64, &'static str, i64)>, last: Option<(i64, &'static str, i64)>) -> Range<3> {
        let values = |(account, book, number)| [Value::Number(account), Value::Text(book), Value::Number(number)];
        Range { after: after.map(values), last: last.map(values) }
    }

    #[test]
    fn columns_in_which_both_ends_agree_are_compared_once() {
        let cases = [
            (None, None, "true", 0),
            (None, Some((1, "x", 9)), "true AND (a, b, c) <= ($2, $3, $4)", 3),
            (Some((1, "x", 9)), None, "true AND (a, b, c) > ($2, $3, $4)", 3),
            (
                Some((1, "x", 9)),
                Some((2, "x", 3)),
                "true AND (a, b, c) > ($2, $3, $4) AND (a, b, c) <= ($5, $6, $7)",
                6,
            ),
            (Some((1, "x", 9)), Some((1, "y", 3)), "true AND a = $2 AND (b, c) > ($3, $4) AND (b, c) <= ($5, $6)", 5),
            (Some((1, "x", 9)), Some((1, "x", 9)), "true AND a = $2 AND b = $3 AND (c) > ($4) AND (c) <= ($5)", 4),
        ];
        for (after, last, condition, values) in cases {
            let range = range(after, last);
            assert_eq!(range.condition(&["a", "b", "c"]), condition);
            assert_eq!(range.values().count(), values, "{condition}");
        }
        let first = Range { after: Some([Value::Number(7)]), last: None };
        assert_eq!(first.condition(&["act", "line"]), "true AND (act) > ($2)");
    }

    #[test]
    fn texts_hold_anything_and_the_last_field_may_be_empty() {
        const COLUMNS: &[Column] = &[Column::number("act"), Column::text("field"), Column::number("minutes")];
        let table = PackedTable { name: "t", source: "t", columns: COLUMNS, key: &["t.act", "t.field"] };
        let mut fields = table.fields("-1,4,é,,,7,10,2026-11-22,,0,");
        assert_eq!(fields.number().unwrap(), -1);
        assert_eq!(fields.text().unwrap(), "é,,");
        assert_eq!(fields.maybe_number().unwrap(), Some(7));
        assert_eq!(fields.date().unwrap().to_string(), "2026-11-22");
        assert_eq!(fields.maybe_number().unwrap(), None);
        assert_eq!(fields.text().unwrap(), "");
        assert!(fields.is_empty());
        assert_eq!(fields.key().unwrap(), None);
        assert!(fields.number().is_err());
        assert!(table.fields("x").number().is_err());
        assert!(table.fields("3,ab").text().is_err());
        assert!(table.fields("10,2026-11-31").date().is_err());
        let mut fields = table.fields("7,4,mémo,x");
        assert!(fields.number().is_ok() && fields.text().is_err());
    }
}
