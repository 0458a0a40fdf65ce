//! What an audit looks at, and what it found.

use std::collections::BTreeMap;

use super::{
    named::row_in_french,
    said::{Column, Said},
    shown::Shown,
};
use crate::Language;

/// What an audit looks at; each is a check with a result of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Check {
    /// Acts are numbered without gaps, in order of time, and their columns agree with their leaves.
    Acts,
    /// Each leaf's hash stands in the log, and the log has the stored root.
    Log,
    /// The postings are those of the acts, and each act's sum to zero.
    Postings,
    /// Stored balances are the sums of the postings, and sum to zero in each book.
    Balances,
    /// The hours given and received that each posting says are the sums of those up to it.
    Totals,
    /// Every exchange stands where the acts say; one posting, one reversal at most.
    Exchanges,
    /// Who gave the time is what the acts say, and never adds up to more than the exchange.
    Contributions,
    /// No account is past a hard limit without a recorded override.
    Limits,
    /// A closed year is what was committed to, and nothing was posted into it since.
    Years,
    /// Members, skills and rules are those of the acts.
    Registry,
    /// Texts and references that are still there are those that were committed to.
    Texts,
    /// Keys, signed heads, statements and recognitions are those of the acts, and what was signed is still true.
    Proofs,
}

impl Check {
    /// Every check, in the order in which they are shown.
    pub const ALL: [Self; 12] = [
        Self::Acts,
        Self::Log,
        Self::Postings,
        Self::Balances,
        Self::Totals,
        Self::Exchanges,
        Self::Contributions,
        Self::Limits,
        Self::Years,
        Self::Registry,
        Self::Texts,
        Self::Proofs,
    ];

    /// Its place among all.
    const fn place(self) -> usize {
        match self {
            Self::Acts => 0,
            Self::Log => 1,
            Self::Postings => 2,
            Self::Balances => 3,
            Self::Totals => 4,
            Self::Exchanges => 5,
            Self::Contributions => 6,
            Self::Limits => 7,
            Self::Years => 8,
            Self::Registry => 9,
            Self::Texts => 10,
            Self::Proofs => 11,
        }
    }

    /// The stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Acts => "acts",
            Self::Log => "log",
            Self::Postings => "postings",
            Self::Balances => "balances",
            Self::Totals => "totals",
            Self::Exchanges => "exchanges",
            Self::Contributions => "contributions",
            Self::Limits => "limits",
            Self::Years => "years",
            Self::Registry => "registry",
            Self::Texts => "texts",
            Self::Proofs => "proofs",
        }
    }

    /// What the check says when it holds.
    pub fn in_words(self, language: Language) -> &'static str {
        match self {
            Self::Acts => {
                language.pick("actes numérotés sans trou, dans l'ordre", "acts numbered without gaps, in order")
            }
            Self::Log => language.pick("chaque acte est scellé dans le journal", "each act is sealed in the log"),
            Self::Postings => language
                .pick("mouvements conformes aux actes, somme nulle", "postings as the acts say, summing to zero"),
            Self::Balances => language.pick("soldes conformes aux mouvements", "balances as the postings say"),
            Self::Totals => {
                language.pick("heures données et reçues conformes", "hours given and received as the acts say")
            }
            Self::Exchanges => {
                language.pick("échanges dans l'état que disent les actes", "exchanges where the acts say")
            }
            Self::Contributions => language.pick(
                "participations conformes, jamais plus que l'échange",
                "contributions as told, never more than the exchange",
            ),
            Self::Limits => language.pick("aucune limite dépassée sans décision", "no limit passed without a decision"),
            Self::Years => language.pick("exercices clos inchangés", "closed years unchanged"),
            Self::Registry => {
                language.pick("adhérents et règles conformes aux actes", "members and rules as the acts say")
            }
            Self::Texts => language
                .pick("références et textes conformes aux empreintes", "references and texts match their commitments"),
            Self::Proofs => language.pick(
                "points signés, relevés et reconnaissances conformes",
                "signed heads, statements and recognitions hold",
            ),
        }
    }
}

/// A row that is not what the acts say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disagreement {
    /// The table and the key of the row, and whose it is.
    pub row: Said,
    /// The exchange that it is about, whose reference people know it by.
    pub exchange: Option<i64>,
    /// That reference, once it was looked up.
    pub reference: Option<String>,
    /// What is there; `None` when the row is missing.
    pub found: Option<Said>,
    /// What the acts say; `None` when the row should not be there, or, where none is found either, is not known.
    pub expected: Option<Said>,
}

impl Disagreement {
    /// A row that differs in what it says.
    pub fn new(row: Said, found: Option<Said>, expected: Option<Said>) -> Self {
        Self { row, exchange: None, reference: None, found, expected }
    }

    /// The disagreement in a sentence.
    pub fn in_words(&self, language: Language) -> String {
        let said = |said: &Option<Said>| said.as_ref().map(|said| said.in_words(language).to_owned());
        let row = self.row.in_words(language);
        let row = match language {
            Language::French => row_in_french(row),
            Language::English => row.to_owned(),
        };
        let row = match &self.reference {
            Some(reference) => format!("{} {reference}, {row}", language.pick("réf.", "ref.")),
            None => row,
        };
        match (said(&self.found), said(&self.expected)) {
            (Some(found), Some(expected)) => language.pick(
                format!("{row} : {found} au lieu de {expected}"),
                format!("{row}: {found} instead of {expected}"),
            ),
            (None, Some(expected)) => {
                language.pick(format!("{row} : manque ({expected})"), format!("{row}: missing ({expected})"))
            }
            (Some(found), None) => {
                language.pick(format!("{row} : en trop ({found})"), format!("{row}: not expected ({found})"))
            }
            (None, None) => language.pick(format!("{row} : manque"), format!("{row}: missing")),
        }
    }
}

/// What a check found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CheckResult {
    /// How many things were looked at.
    pub checked: u64,
    /// What is wrong: the first hundred.
    pub problems: Vec<Disagreement>,
    /// How many problems there are in all.
    pub problem_count: u64,
}

/// What an audit found: the result of each check, in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings([CheckResult; Check::ALL.len()]);

impl Findings {
    /// The problems listed per check; more are only counted.
    const LISTED: usize = 100;

    /// Whether every check holds.
    pub fn is_ok(&self) -> bool {
        self.0.iter().all(|result| result.problem_count == 0)
    }

    /// The result of a check.
    pub fn result(&self, check: Check) -> CheckResult {
        self.0[check.place()].clone()
    }

    /// Counts rows that were looked at.
    pub fn checked(&mut self, check: Check, count: u64) {
        let result = &mut self.0[check.place()];
        result.checked = result.checked.saturating_add(count);
    }

    /// Counts as many rows.
    pub fn checked_all(&mut self, check: Check, rows: usize) {
        self.checked(check, u64::try_from(rows).unwrap_or(u64::MAX));
    }

    /// Notes a row that is not what the acts say.
    pub fn problem(&mut self, check: Check, row: String, found: Option<String>, expected: Option<String>) {
        self.told(check, row, found.map(Said::from), expected.map(Said::from));
    }

    /// The same, where what is there and what the acts say is in words.
    pub fn told(&mut self, check: Check, row: String, found: Option<Said>, expected: Option<Said>) {
        self.disagrees(check, Disagreement::new(row.into(), found, expected));
    }

    /// Notes a row that is not what the acts say, in words of its own.
    pub fn disagrees(&mut self, check: Check, disagreement: Disagreement) {
        let result = &mut self.0[check.place()];
        result.problem_count = result.problem_count.saturating_add(1);
        if result.problems.len() < Self::LISTED {
            result.problems.push(disagreement);
        }
    }

    /// Adds what was found elsewhere.
    pub fn add(&mut self, others: Self) {
        for (result, found) in self.0.iter_mut().zip(others.0) {
            result.checked = result.checked.saturating_add(found.checked);
            result.problem_count = result.problem_count.saturating_add(found.problem_count);
            result.problems.extend(found.problems);
            result.problems.truncate(Self::LISTED);
        }
    }

    /// Holds a row's columns against what is expected of them, and names those that differ. `exchange` is the one that
    /// the row is about.
    pub fn expect_columns(
        &mut self,
        check: Check,
        row: &Said,
        exchange: Option<i64>,
        columns: &[(Column, Said, Said)],
    ) {
        for (column, found, expected) in columns {
            if found != expected {
                let (french, english) = (column.in_words(Language::French), column.in_words(Language::English));
                let row = row.and(&format!(", {french}"), &format!(", {english}"));
                let told = Disagreement::new(row, Some(found.clone()), Some(expected.clone()));
                self.disagrees(check, Disagreement { exchange, ..told });
            }
        }
    }

    /// The exchanges that findings are about.
    pub fn exchanges(&self) -> Vec<i64> {
        let problems = self.0.iter().flat_map(|result| &result.problems);
        problems.filter_map(|problem| problem.exchange).collect()
    }

    /// Tells the references of exchanges, by which people know them.
    pub fn tell_references(&mut self, references: &BTreeMap<i64, String>) {
        for problem in self.0.iter_mut().flat_map(|result| &mut result.problems) {
            problem.reference = problem.exchange.and_then(|exchange| references.get(&exchange).cloned());
        }
    }

    /// Holds a value against what is expected of it.
    pub fn expect<T: PartialEq + Shown>(&mut self, check: Check, row: &dyn Fn() -> String, found: &T, expected: &T) {
        if found != expected {
            self.told(check, row(), Some(found.said()), Some(expected.said()));
        }
    }
}
