//! Invented notebooks with the truth about each line, from a seed: like those of the sample year, and meaner.
//!
//! A [`World`] is a network's year. Out of it come, for one association, the file of lines that the ledger would export
//! and a notebook as somebody might have kept it, with what is wrong in it known.

mod paper;
mod random;
mod world;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::Value;

pub(crate) use paper::{Layout, Notebook};
pub(crate) use random::Random;
pub(crate) use world::{Meanness, World};

/// How well a report knew the truth: discrepancies told rightly, wrongly, and not at all; and lines in all.
#[derive(Debug, Default)]
pub(crate) struct Score {
    pub(crate) right: usize,
    pub(crate) invented: usize,
    pub(crate) overlooked: usize,
    pub(crate) lines: usize,
    /// Lines whose finding or reference is not the truth.
    pub(crate) wrong_lines: usize,
    /// The first few of them, for a person to look at.
    pub(crate) examples: String,
}

impl Score {
    pub(crate) fn precision(&self) -> f64 {
        ratio(self.right, self.right + self.invented)
    }

    pub(crate) fn recall(&self) -> f64 {
        ratio(self.right, self.right + self.overlooked)
    }

    /// Adds what a report in JSON says about a notebook.
    pub(crate) fn add(&mut self, notebook: &Notebook, report: &Value, label: &str) {
        let mut said = BTreeMap::new();
        for line in report["lines"].as_array().expect("A report has lines.") {
            let number = line["line"].as_u64().unwrap_or_default();
            let finding = line["finding"].as_str().unwrap_or_default().to_owned();
            if finding != "ignored" {
                let reference = line["reference"].as_str().map(str::to_owned);
                said.insert(number, (finding, reference, line["explanation"].to_string()));
            }
        }
        let truth = notebook.truth_as_said(&said);
        let mut expected: BTreeSet<String> = notebook.missing.iter().cloned().collect();
        let mut found: BTreeSet<String> = BTreeSet::new();
        for (number, (finding, reference)) in &truth {
            self.lines += 1;
            if finding != "matched" {
                expected.insert(format!("{number} {finding}"));
            }
            let is_right = said.get(number).is_some_and(|(said, about, _)| said == finding && about == reference);
            if !is_right {
                self.wrong_lines += 1;
                if self.wrong_lines < 12 {
                    let text = notebook.text(*number);
                    let _ = writeln!(
                        self.examples,
                        "{label} {number}: {finding} {reference:?}, said {:?}; {text}",
                        said.get(number)
                    );
                }
            }
        }
        let not_matched = said.iter().filter(|(_, (finding, ..))| finding != "matched");
        found.extend(not_matched.map(|(number, (finding, ..))| format!("{number} {finding}")));
        let missing = report["missing_in_file"].as_array().expect("A report tells what is missing.");
        found.extend(missing.iter().filter_map(Value::as_str).map(str::to_owned));
        self.right += expected.intersection(&found).count();
        self.invented += found.difference(&expected).count();
        self.overlooked += expected.difference(&found).count();
    }
}

#[expect(clippy::cast_precision_loss, reason = "a share of some thousand lines")]
fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}
