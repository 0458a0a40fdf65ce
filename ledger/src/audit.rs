//! Rebuilds everything from the acts and says where the database disagrees.
//!
//! The acts' leaves are read in order and replayed into what every other table should hold; then each row is held
//! against that. Nothing here shares code with the deciding function: an audit that trusted it would prove little.

mod exchanges;
mod expected;
mod people;
mod postings;
mod replay;

use chrono::NaiveDate;

pub use exchanges::ExpectedExchanges;
pub use expected::Expected;
pub use postings::ExpectedPostings;
pub use replay::{Member, Replay};

use crate::{Digest, Language, account::Book};

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
pub struct Problem {
    /// The table and the key of the row.
    pub row: String,
    /// What is there; `None` when the row is missing.
    pub found: Option<String>,
    /// What the acts say; `None` when the row should not be there, or, where none is found either, is not known.
    pub expected: Option<String>,
}

impl Problem {
    /// The problem in a sentence.
    pub fn in_words(&self, language: Language) -> String {
        let Self { row, found, expected } = self;
        match (found, expected) {
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
    pub problems: Vec<Problem>,
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
        let result = &mut self.0[check.place()];
        result.problem_count = result.problem_count.saturating_add(1);
        if result.problems.len() < Self::LISTED {
            result.problems.push(Problem { row, found, expected });
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

    /// Holds a row's columns against what is expected of them, and names those that differ.
    pub fn expect_columns(&mut self, check: Check, row: &str, columns: &[(&str, String, String)]) {
        for (name, found, expected) in columns {
            if found != expected {
                self.problem(check, format!("{row}, {name}"), Some(found.clone()), Some(expected.clone()));
            }
        }
    }

    /// Holds a value against what is expected of it.
    pub fn expect<T: PartialEq + std::fmt::Debug>(
        &mut self,
        check: Check,
        row: &dyn Fn() -> String,
        found: &T,
        expected: &T,
    ) {
        if found != expected {
            self.problem(check, row(), Some(shown(found)), Some(shown(expected)));
        }
    }
}

/// A value as whoever reads a finding should see it.
fn shown(value: &dyn std::fmt::Debug) -> String {
    let text = format!("{value:?}");
    let inner = text.strip_prefix("Some(").and_then(|text| text.strip_suffix(')'));
    let text = inner.unwrap_or(&text);
    if text == "None" { "-".to_owned() } else { text.to_owned() }
}

/// A row of table `posting`, without its network.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the table's columns")]
pub struct PostingRow<'a> {
    pub book: Book,
    pub account: i64,
    pub sequence: i64,
    pub act: i64,
    pub cause: i64,
    pub kind: &'a str,
    pub minutes: i64,
    pub balance: i64,
    pub booked: NaiveDate,
    pub given: i64,
    pub received: i64,
}

/// A row of table `exchange`, without its network.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the table's columns")]
pub struct ExchangeRow<'a> {
    pub exchange: i64,
    pub giver: i64,
    pub receiver: i64,
    pub minutes: i64,
    pub service_date: NaiveDate,
    pub skill: Option<i64>,
    pub state: &'a str,
    pub spoken_by: &'a str,
    pub spoken_in: i64,
    pub posted_in: Option<i64>,
    pub replaces: Option<i64>,
    /// Empty where there is none.
    pub given_reference: &'a str,
}

/// A row of table `contribution`, with the key of its commitment if that is still kept.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the table's columns")]
pub struct ContributionRow<'a> {
    pub act: i64,
    pub line: i64,
    pub person: i64,
    pub association: i64,
    pub exchange: Option<i64>,
    pub minutes: i64,
    pub nature: &'a str,
    pub skill: Option<i64>,
    pub service_date: NaiveDate,
    pub key: Option<[u8; 32]>,
}

/// A row of table `act`, without its network.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the table's columns")]
pub struct ActRow<'a> {
    pub number: i64,
    pub kind: &'a str,
    pub recorded_at: i64,
    pub leaf: &'a str,
    pub leaf_hash: Digest,
}

/// A text that is still there, with what its commitment must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextRow<'a> {
    /// The act that it belongs to.
    pub act: i64,
    /// Which of the act's texts.
    pub field: &'a str,
    /// The commitment to the text under the key that is kept beside it; `None` when what was committed to is erased.
    pub commitment: Option<Digest>,
}

/// A reference that is still there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReferenceRow {
    /// The act that created the exchange.
    pub exchange: i64,
    /// The commitment to it; `None` where the key is missing.
    pub commitment: Option<Digest>,
}

/// What other tables keep of one act.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Kept<'a> {
    /// Who gave the time.
    pub contributions: &'a [ContributionRow<'a>],
    /// Its texts.
    pub texts: &'a [TextRow<'a>],
    /// The exchange's reference, at most one.
    pub references: &'a [ReferenceRow],
}
