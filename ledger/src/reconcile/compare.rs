//! The comparison from its beginning to its end, in the order in which lines are given their exchanges.

use super::{
    accounts::Accounts,
    findings::Reconciliation,
    matching::Matching,
    names::Resolver,
    notebook::{Notebook, Options},
    sums,
};
use crate::name;

/// Compares a notebook with the ledger.
pub fn reconcile(accounts: &Accounts, notebook: &Notebook, options: &Options) -> Reconciliation {
    let mut resolver = Resolver::new(&accounts.association, &accounts.members, &options.aliases);
    let names: Vec<_> = notebook.names.iter().map(|written| resolver.resolve(written)).collect();
    let skills: Vec<_> = notebook.skills.iter().map(|written| skill_meant(written, &accounts.skills)).collect();
    let mut matching = Matching::new(accounts, notebook, options, &names, &skills);
    matching.pair_equals();
    sums::pair_sums(&mut matching, sums::When::BeforeDifferences);
    let ambiguous = matching.pair_nearest();
    sums::pair_sums(&mut matching, sums::When::AfterDifferences);
    matching.keep_first_twins();
    let lines = matching.findings(&ambiguous);
    let missing_in_file = matching.missing();
    Reconciliation { lines, missing_in_file, names, skills }
}

/// The skill of the ledger that a written one is, if it is one.
fn skill_meant(written: &str, known: &[String]) -> Option<u32> {
    let folded = name::fold(written);
    let same = known.iter().position(|skill| name::fold(skill) == folded);
    let meant = same.or_else(|| {
        let mut close = (0..known.len()).filter(|place| name::is_close(written, &known[*place]));
        close.next().filter(|_| close.next().is_none())
    });
    u32::try_from(meant?).ok()
}
