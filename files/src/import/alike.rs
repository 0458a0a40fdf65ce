//! References that are the same though they are written otherwise.

use std::collections::HashMap;

use ledger::{ExchangeNumber, name::tidy};
use store::{ExchangeLine, StoreError};

use super::plan::{LOOKED_UP_AT_ONCE, Plan};
use crate::table::plain;

/// The form under which two spellings of a reference are equal: `E-1` and `e-1`, `12` and a spreadsheet's `12.0`.
pub(super) fn reference_key(reference: &str) -> String {
    plain(&tidy(reference)).to_uppercase()
}

/// The ways in which the ledger may have written a reference.
fn spellings(reference: &str) -> Vec<String> {
    let tidied = tidy(reference);
    let bare = plain(&tidied);
    let mut all = vec![reference.to_owned(), tidied.clone(), bare.to_owned()];
    if bare.bytes().all(|byte| byte.is_ascii_digit()) {
        all.extend([format!("{bare}.0"), format!("{bare},0"), format!("{bare}.00")]);
    }
    all.extend([bare.to_uppercase(), bare.to_lowercase()]);
    // "Bon 12" for "bon 12" and "BON 12".
    let mut letters = bare.chars();
    if let Some(first) = letters.next() {
        all.push(first.to_uppercase().chain(letters.as_str().to_lowercase().chars()).collect());
    }
    all.sort_unstable();
    all.dedup();
    all
}

/// Which exchange stands in for one that was taken back.
#[derive(Debug, Default)]
pub(super) struct Successors(HashMap<ExchangeNumber, ExchangeNumber>);

impl Successors {
    pub(super) fn among<'l>(lines: impl IntoIterator<Item = &'l ExchangeLine>) -> Self {
        let lines = lines.into_iter();
        Self(lines.filter_map(|line| Some((line.replaces?, line.exchange))).collect())
    }

    /// The last one that was recorded in the place of this one, or this one itself.
    pub(super) fn last(&self, first: ExchangeNumber) -> ExchangeNumber {
        let mut last = first;
        // Only what is newer stands in for anything.
        while let Some(next) = self.0.get(&last).filter(|next| **next > last) {
            last = *next;
        }
        last
    }
}

/// The references that the ledger has, whatever their spelling in the file.
#[derive(Debug, Default)]
pub(super) struct References(HashMap<String, Vec<(String, ExchangeNumber)>>);

impl References {
    /// Looks up all that a column holds.
    pub(super) async fn of(plan: &Plan<'_>, field: &str) -> Result<Self, StoreError> {
        let mut references = Self::default();
        if !plan.network.store.has_exchanges(plan.network.network_id).await? {
            return Ok(references);
        }
        for rows in plan.table.rows.chunks(LOOKED_UP_AT_ONCE) {
            let written: Vec<String> =
                rows.iter().filter_map(|row| plan.filled(row, field)).flat_map(spellings).collect();
            let wanted: Vec<&str> = written.iter().map(String::as_str).collect();
            for (spelling, exchange) in
                plan.network.store.exchanges_of_references(plan.network.network_id, &wanted).await?
            {
                let known = references.0.entry(reference_key(&spelling)).or_default();
                known.push((spelling, exchange));
                known.sort_unstable();
                known.dedup();
            }
        }
        Ok(references)
    }

    /// Whether none is known.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The exchange that a reference names, with the spelling that the ledger has: the one that is written so to the
    /// letter, else the only one that is written a little otherwise. Several are `Err`.
    pub(super) fn get(&self, reference: &str) -> Result<Option<(&str, ExchangeNumber)>, Vec<&str>> {
        let Some(known) = self.0.get(&reference_key(reference)) else { return Ok(None) };
        let exact = known.iter().find(|(spelling, _)| spelling == reference);
        match (exact, known.as_slice()) {
            (Some((spelling, exchange)), _) | (None, [(spelling, exchange)]) => Ok(Some((spelling, *exchange))),
            (None, several) => Err(several.iter().map(|(spelling, _)| spelling.as_str()).collect()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_the_same_in_every_spelling() {
        for (one, other) in
            [("E-1", "e-1"), ("12", "12.0"), ("12", "12,00"), ("Bon\u{a0}7", "bon 7"), ("é2", "e\u{301}2")]
        {
            assert_eq!(reference_key(one), reference_key(other), "{one} {other}");
            assert!(spellings(other).iter().any(|spelling| reference_key(spelling) == reference_key(one)));
        }
        for (one, other) in [("E-1", "E-10"), ("12", "12.5"), ("012", "12"), ("1.0-a", "1-a")] {
            assert_ne!(reference_key(one), reference_key(other), "{one} {other}");
        }
    }
}
