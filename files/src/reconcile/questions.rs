//! The names of a notebook that leave open who is meant: what somebody can answer once, for all lines that bear them.

use std::collections::BTreeMap;

use ledger::reconcile::Finding;

use super::compare::Compared;

/// A name that leaves open who is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenName {
    /// As it is written.
    pub written: String,
    /// The members who may be meant, those first whose exchanges would fit.
    pub candidates: Vec<String>,
    /// How many lines bear it and wait for the answer.
    pub lines: usize,
}

/// The names that leave open who is meant, those of most lines first. The association's own name is none of them: there
/// the line itself has to be mended.
pub fn open_names(compared: &Compared) -> Vec<OpenName> {
    let Compared { ours, read, result, .. } = compared;
    let mut by_name: BTreeMap<u32, (usize, Vec<u32>)> = BTreeMap::new();
    for (said, found) in read.notebook.lines.iter().zip(&result.lines) {
        if found.finding != Finding::AmbiguousPartner || result.names[said.name as usize].is_own {
            continue;
        }
        let (lines, candidates) = by_name.entry(said.name).or_default();
        *lines += 1;
        let fitting = found.candidates.iter().filter(|(_, exchange)| exchange.is_some());
        candidates.extend(fitting.map(|(place, _)| *place));
    }
    let name = |place: u32| ours.accounts.members[place as usize].name.clone();
    let mut open: Vec<OpenName> = Vec::new();
    for (place, (lines, mut candidates)) in by_name {
        candidates.extend(result.names[place as usize].candidates.iter().map(|(place, _)| *place));
        let mut seen = Vec::new();
        candidates.retain(|place| {
            let is_new = !seen.contains(place);
            seen.push(*place);
            is_new
        });
        let written = read.notebook.names[place as usize].text.clone();
        // What bears no name at all has nothing that could be remembered.
        if !written.is_empty() {
            open.push(OpenName { written, candidates: candidates.into_iter().map(name).collect(), lines });
        }
    }
    open.sort_by(|one, other| other.lines.cmp(&one.lines).then_with(|| one.written.cmp(&other.written)));
    open
}
