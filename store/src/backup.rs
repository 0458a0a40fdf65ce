//! One file that any of the two databases can be restored from: every row of every table, with digests. Notebooks that lie
//! on a page for an hour at most are none of it.
//!
//! The file is gzip over lines of JSON: a header, then for each table its name and columns, its rows, and the
//! SHA-256 of those rows' lines; last, a line that says that the file is whole. Restoring writes the rows into an
//! empty database in one transaction, and refuses a file that is damaged or ends too early.

mod cells;

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, BufWriter, Read, Write};

use async_recursion::async_recursion as boxed;
use chrono::{DateTime, NaiveDate, Utc};
use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use futures_util::TryStreamExt;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use sqlx::Row as _;
use uuid::Uuid;

use crate::{
    BackupProblem, Store, StoreError,
    backup::cells::{Cell, Cells},
    bulk::{Known, Rows, TableRows, Value, row},
    db::{Tx, on_tx, select},
    directory,
    hiding::hide,
    kept::access::{self, Ended},
    migrations,
    schema::{ColumnType, FORMER_TABLES, LATER_COLUMNS, NETWORK_SECRET, REFERENCE_COUNTER, TABLES, Table},
    secrets::SystemSecrets,
};
use ledger::{
    Digest, NetworkId,
    clock::Secrets as _,
    leaf::{self, Leaf},
    state::{REFERENCES_MOST, numbered_reference},
};

/// The form of a backup, in its first line, is the number of the newest migration that its program knows: it rises with
/// the tables. Programs that knew up to ten of them called it this.
const FIRST_FORM: i64 = 1;

/// What a backup holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BackupSummary {
    /// How many rows, in all tables.
    pub rows: u64,
    /// How many acts among them.
    pub acts: u64,
    /// What restoring ended.
    pub ended: Ended,
}

/// No line of a backup has more bytes.
const LINE_MOST: u64 = 16 << 20;

/// A backup's lines, as they are read.
type BackupLines<'a> = BufReader<GzDecoder<BufReader<&'a mut (dyn Read + Send)>>>;

/// A newer program may say more in it.
#[derive(Serialize, Deserialize)]
struct Header {
    coudemain_backup: i64,
}

/// Every line after the header.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Line {
    /// A table begins.
    Table { name: String, columns: Vec<String> },
    /// A row of it.
    Row(Cells),
    /// It ends: so many rows, whose lines have this digest.
    End { rows: u64, sha256: String },
    /// The file is whole.
    Whole { rows: u64 },
}

impl Store {
    /// Writes a backup of the database as it stands at one moment.
    ///
    /// # Errors
    /// When the database does not answer or the file cannot be written.
    #[boxed]
    pub async fn backup(&self, out: &mut (dyn Write + Send)) -> Result<BackupSummary, StoreError> {
        let mut out = GzEncoder::new(BufWriter::new(out), Compression::new(6));
        let mut tx = self.db().begin_read().await?;
        let mut summary = BackupSummary::default();
        write_line(&mut out, &Header { coudemain_backup: migrations::newest() })?;
        let networks = directory::all(&mut tx).await?;
        for table in TABLES {
            let rows = backup_table(&mut tx, table, &networks, &mut out).await?;
            summary.rows += rows;
            if table.name == "act" {
                summary.acts = rows;
            }
        }
        write_line(&mut out, &Line::Whole { rows: summary.rows })?;
        out.finish()?.flush()?;
        Ok(summary)
    }
}

/// Fills an empty database with a backup's rows; which networks those are. Whatever opened them then may have been taken
/// back since: tokens, sessions and links end, webhooks rest.
pub(crate) async fn fill(
    tx: &mut Tx,
    input: &mut (dyn Read + Send),
    now: DateTime<Utc>,
) -> Result<(BackupSummary, Vec<NetworkId>), StoreError> {
    let mut lines = begin_reading(input)?;
    if !directory::first(tx, 1).await?.is_empty() {
        return Err(StoreError::Backup(BackupProblem::DatabaseIsNotEmpty));
    }
    let mut summary = BackupSummary::default();
    let mut networks = Vec::new();
    let (mut has_directory, mut has_counters, mut has_steps) = (false, false, false);
    loop {
        match parse_line(&read_line(&mut lines, BackupProblem::Truncated)?)? {
            Line::Table { name, columns } => {
                let table = table_named(&name, &columns)?;
                let restored = restore_table(tx, table, columns.len(), &mut lines).await?;
                summary.rows += restored.rows;
                match table.name {
                    "act" => summary.acts = restored.rows,
                    "network" => networks = restored.networks,
                    "directory" => has_directory = true,
                    "reference_counter" => has_counters = true,
                    "exchange_step" => has_steps = true,
                    _ => {}
                }
            }
            Line::Whole { rows } if rows == summary.rows => break,
            Line::Whole { .. } | Line::Row(_) | Line::End { .. } => {
                return Err(StoreError::Backup(BackupProblem::Truncated));
            }
        }
    }
    for &network in &networks {
        move_given_references(tx, network).await?;
        draw_missing_secrets(tx, network).await?;
        if !has_counters {
            count_references(tx, network).await?;
        }
        if !has_steps {
            find_steps(tx, network).await?;
        }
        if !has_directory {
            directory::enter_restored(tx, network).await?;
        }
        hide(tx, network).await?;
        summary.ended.add(access::end_restored(tx, network, now).await?);
    }
    Ok((summary, networks))
}

/// Reads a backup to its end and hands out its rows, in the order of [`TABLES`]; none of them counts before the end.
pub(crate) fn read_rows(
    input: &mut (dyn Read + Send),
    take: &mut dyn FnMut(&'static Table, &[Value]),
) -> Result<(), StoreError> {
    let mut lines = begin_reading(input)?;
    let mut all = 0;
    loop {
        let (name, columns) = match parse_line(&read_line(&mut lines, BackupProblem::Truncated)?)? {
            Line::Table { name, columns } => (name, columns),
            Line::Whole { rows } if rows == all => return Ok(()),
            Line::Whole { .. } | Line::Row(_) | Line::End { .. } => {
                return Err(StoreError::Backup(BackupProblem::Truncated));
            }
        };
        let table = table_named(&name, &columns)?;
        let damaged = || StoreError::Backup(BackupProblem::Damaged(table.name.to_owned()));
        let (mut hasher, mut count) = (Sha256::new(), 0);
        loop {
            let line = read_line(&mut lines, BackupProblem::Truncated)?;
            match parse_line(&line).map_err(|_| damaged())? {
                Line::Row(values) => {
                    hasher.update(&line);
                    take(table, &read_values(table, columns.len(), values).ok_or_else(damaged)?);
                    count += 1;
                }
                Line::End { rows, sha256 } if rows == count && sha256 == Digest(hasher.finalize().into()).to_hex() => {
                    break;
                }
                Line::Table { .. } | Line::Whole { .. } | Line::End { .. } => return Err(damaged()),
            }
        }
        all += count;
    }
}

/// The lines of a backup behind its header.
fn begin_reading(input: &mut (dyn Read + Send)) -> Result<BackupLines<'_>, StoreError> {
    let mut lines = BufReader::new(GzDecoder::new(BufReader::new(input)));
    let first = read_line(&mut lines, BackupProblem::NotABackup);
    // What begins as a compressed file and does not unpack was one of ours, most likely.
    let is_compressed = lines.get_ref().header().is_some();
    let damaged = || StoreError::Backup(BackupProblem::Damaged("header".to_owned()));
    let first = first.map_err(|error| if is_compressed { damaged() } else { error })?;
    let header: Header = serde_json::from_str(&first).map_err(|_| StoreError::Backup(BackupProblem::NotABackup))?;
    if header.coudemain_backup > migrations::newest() {
        return Err(StoreError::Backup(BackupProblem::Newer(header.coudemain_backup)));
    }
    if header.coudemain_backup < FIRST_FORM {
        return Err(damaged());
    }
    Ok(lines)
}

/// Backups of earlier versions have no secrets: from the next act on new ones hide what the acts keep as they are written.
async fn draw_missing_secrets(tx: &mut Tx, network: NetworkId) -> Result<(), StoreError> {
    let sql = "SELECT h.next_act FROM head AS h WHERE h.network_id = $1 AND NOT EXISTS \
               (SELECT 1 FROM network_secret AS s WHERE s.network_id = $1)";
    let without: Vec<(i64,)> = select(tx, network, sql).await?;
    let mut rows = TableRows::new(&NETWORK_SECRET, network, Known::Never);
    let mut secrets = SystemSecrets::new();
    for (next,) in without {
        for purpose in ["lines", "requests"] {
            rows.push(row![network.0, purpose, next, secrets.key().0.to_vec()]);
        }
    }
    rows.write(tx).await
}

/// In backups of earlier versions the references that the ledger gave stand among those that were brought in.
async fn move_given_references(tx: &mut Tx, network: NetworkId) -> Result<(), StoreError> {
    let given = "FROM exchange_reference AS n \
                 WHERE n.network_id = $1 AND n.exchange = exchange.exchange AND n.key IS NULL";
    let update = format!(
        "UPDATE exchange SET given_reference = (SELECT n.reference {given}) \
         WHERE network_id = $1 AND given_reference IS NULL AND EXISTS (SELECT 1 {given})"
    );
    for sql in [&update, "DELETE FROM exchange_reference WHERE network_id = $1 AND key IS NULL"] {
        on_tx!(&mut *tx, connection => {
            let sql = sqlx::AssertSqlSafe(sql.to_owned());
            sqlx::query(sql).bind(network.0).execute(connection).await.map(|_| ())?;
        });
    }
    Ok(())
}

/// Backups of earlier versions have one year's counter alone, which any reference that was brought in may have moved.
async fn count_references(tx: &mut Tx, network: NetworkId) -> Result<(), StoreError> {
    let mut last: BTreeMap<i32, i64> = BTreeMap::new();
    for sql in [
        "SELECT given_reference FROM exchange WHERE network_id = $1 AND given_reference IS NOT NULL",
        "SELECT reference FROM exchange_reference WHERE network_id = $1",
    ] {
        for (reference,) in select::<(String,)>(tx, network, sql).await? {
            if let Some((year, number)) =
                numbered_reference(&reference).filter(|(_, number)| *number <= REFERENCES_MOST)
            {
                let most = last.entry(year).or_default();
                *most = number.max(*most);
            }
        }
    }
    let mut rows = TableRows::new(&REFERENCE_COUNTER, network, Known::Never);
    for (year, last) in last.iter().filter(|(_, last)| **last > 0) {
        rows.push(row![network.0, *year, *last]);
    }
    rows.write(tx).await?;
    let sql = "UPDATE head SET reference_last = coalesce((SELECT c.last FROM reference_counter AS c \
               WHERE c.network_id = $1 AND c.year = head.reference_year), 0) \
               WHERE network_id = $1 AND reference_last > $2";
    on_tx!(tx, connection => {
        sqlx::query(sql).bind(network.0).bind(REFERENCES_MOST).execute(connection).await.map(|_| ())?;
    });
    Ok(())
}

/// In backups of earlier versions nothing but its leaf says which exchange an act is about. A leaf that cannot be read
/// is the audit's to name: whatever else there is can be restored.
async fn find_steps(tx: &mut Tx, network: NetworkId) -> Result<(), StoreError> {
    const LEAVES_AT_ONCE: i64 = 2_000;
    const LEAVES: &str = "SELECT number, leaf FROM act WHERE network_id = $1 AND number > $2 \
                          AND kind NOT IN ('exchange_proposed', 'exchange_recorded', 'contributions_told') ORDER BY number LIMIT $3";
    const STEPS: &str = "INSERT INTO exchange_step (network_id, exchange, act) SELECT w.network_id, r.c0, r.c1 \
                         FROM (SELECT {network} AS network_id) AS w CROSS JOIN {rows} CROSS JOIN exchange AS e \
                         WHERE e.network_id = w.network_id AND e.exchange = r.c0 AND r.c1 <> e.exchange \
                         AND (e.posted_in IS NULL OR r.c1 <> e.posted_in)";
    let mut after = -1;
    loop {
        let leaves: Vec<(i64, String)> = on_tx!(&mut *tx, connection => {
            let query = sqlx::query_as(LEAVES).bind(network.0).bind(after).bind(LEAVES_AT_ONCE);
            query.fetch_all(connection).await?
        });
        let Some((last, _)) = leaves.last() else { return Ok(()) };
        after = *last;
        let exchange = |leaf: &str| {
            let leaf = Leaf::parse(leaf).ok()?;
            // What is reversed may be hours that were told of the exchange.
            leaf.exchange.map(|part| part.number).filter(|number| leaf.target.is_none_or(|target| target == *number))
        };
        let steps = leaves.iter().filter_map(|(act, leaf)| Some(row![exchange(leaf)?, *act])).collect();
        Rows::new(&[ColumnType::Int, ColumnType::Int], steps).execute(tx, network, STEPS).await?;
    }
}

/// Network by network, which is the order of the table's key.
async fn backup_table(
    tx: &mut Tx,
    table: &'static Table,
    networks: &[NetworkId],
    out: &mut (impl Write + Send),
) -> Result<u64, StoreError> {
    let names: Vec<_> = table.columns.iter().map(|(name, _)| (*name).to_owned()).collect();
    let sql = format!("SELECT {} FROM {} WHERE network_id = $1 ORDER BY {}", names.join(", "), table.name, table.key);
    write_line(out, &Line::Table { name: table.name.to_owned(), columns: names })?;
    let mut hasher = Sha256::new();
    let mut count = 0;
    for network in networks {
        on_tx!(&mut *tx, connection => {
            let mut rows = sqlx::query(sqlx::AssertSqlSafe(sql.as_str())).bind(network.0).fetch(connection);
            while let Some(row) = rows.try_next().await? {
                let mut values = Vec::with_capacity(table.columns.len());
                for (index, (_, column)) in table.columns.iter().enumerate() {
                    values.push(match column {
                        ColumnType::Int => row.try_get::<Option<i64>, _>(index)?.into(),
                        ColumnType::Text => row.try_get::<Option<String>, _>(index)?.into(),
                        ColumnType::Bytes => {
                            row.try_get::<Option<Vec<u8>>, _>(index)?.map(|bytes| to_hex(&bytes)).into()
                        }
                        ColumnType::Uuid => row.try_get::<Option<Uuid>, _>(index)?.map(|uuid| uuid.to_string()).into(),
                        ColumnType::Date => {
                            row.try_get::<Option<NaiveDate>, _>(index)?.map(|date| date.to_string()).into()
                        }
                    });
                }
                let line = to_json(&Line::Row(Cells(values)))?;
                hasher.update(&line);
                out.write_all(&line)?;
                count += 1;
            }
        });
    }
    let digest = Digest(hasher.finalize().into());
    write_line(out, &Line::End { rows: count, sha256: digest.to_hex() })?;
    Ok(count)
}

/// What came of a table's rows.
struct RestoredTable {
    rows: u64,
    /// Whose they are, in order.
    networks: Vec<NetworkId>,
}

async fn restore_table(
    tx: &mut Tx,
    table: &'static Table,
    width: usize,
    lines: &mut (impl BufRead + Send),
) -> Result<RestoredTable, StoreError> {
    const ROWS_AT_ONCE: u64 = 2_000;
    const BYTES_AT_ONCE: usize = 8 << 20;
    let damaged = || StoreError::Backup(BackupProblem::Damaged(table.name.to_owned()));
    let mut hasher = Sha256::new();
    let mut count = 0;
    let mut networks = Vec::new();
    let mut waiting = 0;
    let mut rows = TableRows::new(table, NetworkId(0), Known::Never);
    let is_former = FORMER_TABLES.iter().any(|former| former.name == table.name);
    let mut account = GivenAndReceived::default();
    loop {
        let line = read_line(lines, BackupProblem::Truncated)?;
        match parse_line(&line).map_err(|_| damaged())? {
            Line::Row(values) => {
                hasher.update(&line);
                let mut row = read_values(table, width, values).ok_or_else(damaged)?;
                match table.name {
                    "posting" if width < table.columns.len() => account.add_up(&mut row).ok_or_else(damaged)?,
                    "act" if width < table.columns.len() => add_leaf_hash(&mut row).ok_or_else(damaged)?,
                    _ => {}
                }
                let Some(Value::Int(network)) = row.first() else { return Err(damaged()) };
                let network = NetworkId(*network);
                let is_another = networks.last() != Some(&network);
                if is_another {
                    networks.push(network);
                }
                waiting += line.len();
                if is_another || count % ROWS_AT_ONCE == 0 || waiting > BYTES_AT_ONCE {
                    waiting = 0;
                    std::mem::replace(&mut rows, TableRows::new(table, network, Known::Never)).write(tx).await?;
                }
                if !is_former && !is_tile_of_leaves(table, &row) {
                    rows.push(row);
                }
                count += 1;
            }
            Line::End { rows: promised, sha256 } => {
                // What does not have its digest may hold what no table takes.
                let digest = Digest(hasher.finalize().into());
                if promised != count || sha256 != digest.to_hex() {
                    return Err(damaged());
                }
                rows.write(tx).await?;
                return Ok(RestoredTable { rows: count, networks });
            }
            Line::Table { .. } | Line::Whole { .. } => return Err(damaged()),
        }
    }
}

/// Says the hash of the leaf in a row of table `act`: in earlier backups it stands in tiles of the log alone.
fn add_leaf_hash(row: &mut [Value]) -> Option<()> {
    let [.., Value::Text(leaf), hash] = row else { return None };
    *hash = Value::Bytes(leaf::hash_of(leaf).0.to_vec());
    Some(())
}

fn is_tile_of_leaves(table: &Table, row: &[Value]) -> bool {
    table.name == "log_tile" && matches!(row, [_, Value::Int(0), ..])
}

/// The hours given and received by the account whose postings are being read: earlier backups do not say them.
#[derive(Default)]
struct GivenAndReceived {
    account: (i64, String, i64),
    given: i64,
    received: i64,
}

impl GivenAndReceived {
    /// Says them in a row of table `posting`. Postings come in the order of their accounts and sequence numbers.
    fn add_up(&mut self, row: &mut [Value]) -> Option<()> {
        let [
            Value::Int(network),
            Value::Text(book),
            Value::Int(account),
            _,
            _,
            _,
            Value::Text(kind),
            Value::Int(minutes),
            _,
            _,
            given,
            received,
        ] = row
        else {
            return None;
        };
        if self.account != (*network, book.clone(), *account) {
            *self = Self { account: (*network, book.clone(), *account), ..Self::default() };
        }
        match kind.as_str() {
            "given" => self.given = self.given.checked_add(*minutes)?,
            "received" => self.received = self.received.checked_sub(*minutes)?,
            _ => {}
        }
        *given = Value::Int(self.given);
        *received = Value::Int(self.received);
        Some(())
    }
}

fn read_values(table: &Table, width: usize, Cells(values): Cells) -> Option<Vec<Value>> {
    if values.len() != width {
        return None;
    }
    // A column that came later, see `LATER_COLUMNS`, is empty in an earlier backup.
    let values = values.into_iter().chain(std::iter::repeat_with(|| Cell::Null));
    table.columns.iter().zip(values).map(|((_, column), value)| read_value(*column, value)).collect()
}

fn read_value(column: ColumnType, cell: Cell) -> Option<Value> {
    Some(match (column, cell) {
        (_, Cell::Null) => Value::Null,
        (ColumnType::Int, Cell::Int(number)) => Value::Int(number),
        (ColumnType::Text, Cell::Text(text)) => Value::Text(text),
        (ColumnType::Bytes, Cell::Text(text)) => Value::Bytes(from_hex(&text)?),
        (ColumnType::Uuid, Cell::Text(text)) => Value::Uuid(text.parse().ok()?),
        (ColumnType::Date, Cell::Text(text)) => Value::Date(text.parse().ok()?),
        (ColumnType::Int, Cell::Text(_))
        | (ColumnType::Text | ColumnType::Bytes | ColumnType::Uuid | ColumnType::Date, Cell::Int(_)) => return None,
    })
}

fn table_named(name: &str, columns: &[String]) -> Result<&'static Table, StoreError> {
    let table = TABLES.iter().chain(FORMER_TABLES).find(|table| table.name == name);
    let is_same = |table: &&Table| {
        let mut held = columns.iter();
        let fits = |(column, _): &(&str, _)| match held.next() {
            Some(name) => name == column,
            None => LATER_COLUMNS.contains(&(table.name, *column)),
        };
        table.columns.iter().all(fits) && columns.len() <= table.columns.len()
    };
    table.filter(is_same).ok_or_else(|| StoreError::Backup(BackupProblem::Damaged(name.to_owned())))
}

fn read_line(lines: &mut impl BufRead, at_end: BackupProblem) -> Result<String, StoreError> {
    // A file of another kind may well begin, or end, like anything.
    let is_first = matches!(at_end, BackupProblem::NotABackup);
    let mut line = String::new();
    match lines.by_ref().take(LINE_MOST).read_line(&mut line) {
        Ok(0) => Err(StoreError::Backup(at_end)),
        Ok(_) if line.ends_with('\n') => Ok(line),
        Err(error) if is_first && error.kind() != std::io::ErrorKind::PermissionDenied => {
            Err(StoreError::Backup(at_end))
        }
        Ok(read) if u64::try_from(read).is_ok_and(|read| read == LINE_MOST) && !is_first => {
            Err(StoreError::Backup(BackupProblem::LineIsTooLong(LINE_MOST)))
        }
        Ok(_) => Err(StoreError::Backup(if is_first { at_end } else { BackupProblem::Truncated })),
        Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            Err(StoreError::Backup(BackupProblem::Truncated))
        }
        // What does not unpack, or is no text once unpacked.
        Err(error) if matches!(error.kind(), std::io::ErrorKind::InvalidData | std::io::ErrorKind::InvalidInput) => {
            Err(StoreError::Backup(BackupProblem::Damaged(error.to_string())))
        }
        Err(error) => Err(StoreError::File(error)),
    }
}

fn parse_line(line: &str) -> Result<Line, StoreError> {
    serde_json::from_str(line).map_err(|error| StoreError::Backup(BackupProblem::Damaged(error.to_string())))
}

fn write_line<T: Serialize>(out: &mut impl Write, line: &T) -> Result<(), StoreError> {
    Ok(out.write_all(&to_json(line)?)?)
}

fn to_json<T: Serialize>(line: &T) -> Result<Vec<u8>, StoreError> {
    let mut json = serde_json::to_vec(line).map_err(|error| StoreError::Encoding(error.to_string()))?;
    json.push(b'\n');
    Ok(json)
}

fn to_hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let pairs = text.as_bytes().chunks(2);
    pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use ledger::log::leaf_hash;

    use super::*;

    /// A program reads the backups of all that came before it and says of any other that it is newer. That holds as long
    /// as no table changes without a migration: whoever changes one puts the new form and the new digest here.
    #[test]
    fn the_form_rises_with_the_tables() {
        let tables: Vec<_> = TABLES.iter().map(|table| format!("{}: {:?}", table.name, table.columns)).collect();
        let digest = leaf_hash(tables.join("\n").as_bytes()).to_hex();
        insta::assert_snapshot!(format!("form {} {digest}", migrations::newest()), @"form 25 9047f095216087b8c181c0ad7b97818e339b3e8ed262087c6341b244831aabdc");
    }
}
