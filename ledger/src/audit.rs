//! Rebuilds everything from the acts and says where the database disagrees.
//!
//! The acts' leaves are read in order and replayed into what every other table should hold; then each row is held
//! against that. Nothing here shares code with the deciding function: an audit that trusted it would prove little.

pub(crate) mod replay;

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;

pub use replay::Replay;

use crate::{
    Digest, Language,
    account::{Book, PostingKind},
};

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
    /// Stored totals by month and kind are the sums of the postings.
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
}

impl Check {
    /// Every check, in the order in which they are shown.
    pub const ALL: [Self; 11] = [
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
    ];

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
            Self::Totals => language.pick("totaux par mois conformes", "monthly totals as the postings say"),
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
    /// What the acts say; `None` when the row should not be there.
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
            (None, None) => row.clone(),
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

/// What an audit found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings(BTreeMap<Check, CheckResult>);

impl Findings {
    /// The problems listed per check; more are only counted.
    const LISTED: usize = 100;

    /// Whether every check holds.
    pub fn is_ok(&self) -> bool {
        self.0.values().all(|result| result.problem_count == 0)
    }

    /// The result of a check.
    pub fn result(&self, check: Check) -> CheckResult {
        self.0.get(&check).cloned().unwrap_or_default()
    }

    pub(crate) fn checked(&mut self, check: Check, count: u64) {
        self.0.entry(check).or_default().checked += count;
    }

    pub(crate) fn problem(&mut self, check: Check, row: String, found: Option<String>, expected: Option<String>) {
        let result = self.0.entry(check).or_default();
        result.problem_count += 1;
        if result.problems.len() < Self::LISTED {
            result.problems.push(Problem { row, found, expected });
        }
    }

    /// Holds a row's columns against what is expected of them, and names those that differ.
    pub(crate) fn expect_columns(&mut self, check: Check, row: &str, columns: &[(&str, String, String)]) {
        for (name, found, expected) in columns {
            if found != expected {
                self.problem(check, format!("{row}, {name}"), Some(found.clone()), Some(expected.clone()));
            }
        }
    }

    /// Holds a value against what is expected of it.
    pub(crate) fn expect<T: PartialEq + std::fmt::Debug>(
        &mut self,
        check: Check,
        row: &dyn Fn() -> String,
        found: &T,
        expected: &T,
    ) {
        if found != expected {
            self.problem(check, row(), Some(format!("{found:?}")), Some(format!("{expected:?}")));
        }
    }
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
}

/// A row of table `contribution`, with the key of its commitment if that is still kept.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the table's columns")]
pub struct ContributionRow {
    pub act: i64,
    pub line: i64,
    pub person: i64,
    pub association: i64,
    pub exchange: Option<i64>,
    pub minutes: i64,
    pub nature: String,
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
}

/// What the acts say that the other tables should hold.
#[derive(Debug)]
pub struct Expected {
    /// What was found so far.
    pub findings: Findings,
    /// How many exchanges there are.
    pub exchange_count: u64,
    /// How many acts there are.
    pub act_count: i64,
    /// The root of the log over the acts' leaves.
    pub root: Digest,
    /// The log's tiles.
    pub tiles: BTreeMap<crate::log::TilePlace, Vec<Digest>>,
    /// Postings of each account, in order.
    postings: HashMap<(Book, i64), Vec<ExpectedPosting>>,
    /// Where each exchange stands, by number.
    exchanges: Vec<ExpectedExchange>,
    totals: HashMap<(Book, i64, i32, PostingKind), i64>,
    balances: BTreeMap<(Book, i64), (i64, i64)>,
    closings: BTreeMap<i32, (i64, Digest)>,
    reversals: BTreeMap<i64, i64>,
    /// Members, by number: kind, state, present name, own limits.
    members: BTreeMap<i64, replay::Member>,
    skills: BTreeMap<i64, String>,
    policy: Option<(u32, u32, crate::policy::Limits)>,
    commitments: HashMap<(i64, String), Digest>,
    /// References that the ledger gave, by exchange.
    references: HashMap<i64, String>,
    seen: Seen,
}

#[derive(Debug, Default)]
struct Seen {
    postings: u64,
    exchanges: usize,
    totals: usize,
    balances: usize,
    closings: usize,
    reversals: usize,
    members: usize,
    skills: usize,
}

#[derive(Debug, Clone, Copy)]
struct ExpectedPosting {
    act: i64,
    cause: i64,
    minutes: i64,
    booked: NaiveDate,
    kind: PostingKind,
}

#[derive(Debug, Clone, Copy)]
struct ExpectedExchange {
    number: i64,
    giver: i64,
    receiver: i64,
    minutes: i64,
    date: NaiveDate,
    skill: Option<i64>,
    state: crate::exchange::ExchangeState,
    spoken_by: crate::exchange::Side,
    spoken_in: i64,
    posted_in: Option<i64>,
    replaces: Option<i64>,
}

impl Expected {
    /// Holds a posting against the acts. Rows of one account come in the order of their sequence numbers; the
    /// running balance of the account is carried by the caller.
    pub fn posting(&mut self, row: &PostingRow<'_>, running: &mut i64) {
        self.seen.postings += 1;
        let place = || format!("posting {} {} n° {}", row.book, row.account, row.sequence);
        let index = usize::try_from(row.sequence - 1).unwrap_or(usize::MAX);
        let account = self.postings.get(&(row.book, row.account));
        let Some(expected) = account.and_then(|postings| postings.get(index)).copied() else {
            let found = format!("{} min, acte {}", row.minutes, row.act);
            self.findings.problem(Check::Postings, place(), Some(found), None);
            return;
        };
        *running += expected.minutes;
        let found = (row.act, row.cause, row.kind, row.minutes, row.balance, row.booked);
        let wanted =
            (expected.act, expected.cause, expected.kind.as_str(), expected.minutes, *running, expected.booked);
        if found != wanted {
            let columns = [
                ("act", found.0.to_string(), wanted.0.to_string()),
                ("cause", found.1.to_string(), wanted.1.to_string()),
                ("kind", found.2.to_owned(), wanted.2.to_owned()),
                ("minutes", found.3.to_string(), wanted.3.to_string()),
                ("balance", found.4.to_string(), wanted.4.to_string()),
                ("booked", found.5.to_string(), wanted.5.to_string()),
            ];
            self.findings.expect_columns(Check::Postings, &place(), &columns);
        }
    }

    /// Holds a balance against the acts.
    pub fn balance(&mut self, book: Book, account: i64, sequence: i64, minutes: i64) {
        self.seen.balances += 1;
        let expected = self.balances.get(&(book, account)).copied().unwrap_or_default();
        self.findings.expect(Check::Balances, &|| format!("balance {book} {account}"), &(sequence, minutes), &expected);
    }

    /// Holds a total against the acts.
    pub fn total(&mut self, book: Book, account: i64, month: i32, kind: PostingKind, minutes: i64) {
        self.seen.totals += 1;
        let expected = self.totals.get(&(book, account, month, kind)).copied().unwrap_or_default();
        self.findings.expect(Check::Totals, &|| format!("total {book} {account} {month} {kind}"), &minutes, &expected);
    }

    /// Holds an exchange's row against the acts.
    pub fn exchange(&mut self, row: &ExchangeRow<'_>) {
        self.seen.exchanges += 1;
        let place = || format!("exchange {}", row.exchange);
        let Ok(index) = self.exchanges.binary_search_by_key(&row.exchange, |exchange| exchange.number) else {
            self.findings.problem(Check::Exchanges, place(), Some(row.state.to_owned()), None);
            return;
        };
        let expected = &self.exchanges[index];
        let number = |number: Option<i64>| number.map_or_else(|| "-".to_owned(), |number| number.to_string());
        let is_same = row.giver == expected.giver
            && row.receiver == expected.receiver
            && row.minutes == expected.minutes
            && row.service_date == expected.date
            && row.skill == expected.skill
            && row.state == expected.state.as_str()
            && row.spoken_by == expected.spoken_by.as_str()
            && row.spoken_in == expected.spoken_in
            && row.posted_in == expected.posted_in
            && row.replaces == expected.replaces;
        if !is_same {
            let columns = [
                ("giver", row.giver.to_string(), expected.giver.to_string()),
                ("receiver", row.receiver.to_string(), expected.receiver.to_string()),
                ("minutes", row.minutes.to_string(), expected.minutes.to_string()),
                ("service_date", row.service_date.to_string(), expected.date.to_string()),
                ("skill", number(row.skill), number(expected.skill)),
                ("state", row.state.to_owned(), expected.state.to_string()),
                ("spoken_by", row.spoken_by.to_owned(), expected.spoken_by.to_string()),
                ("spoken_in", row.spoken_in.to_string(), expected.spoken_in.to_string()),
                ("posted_in", number(row.posted_in), number(expected.posted_in)),
                ("replaces", number(row.replaces), number(expected.replaces)),
            ];
            self.findings.expect_columns(Check::Exchanges, &place(), &columns);
        }
    }

    /// Holds a year's closing against the acts.
    pub fn closing(&mut self, year: i32, act: i64, root: Digest) {
        self.seen.closings += 1;
        let expected = self.closings.get(&year).copied();
        self.findings.checked(Check::Years, 1);
        self.findings.expect(Check::Years, &|| format!("year_closing {year}"), &Some((act, root)), &expected);
    }

    /// Holds a reversal's row against the acts.
    pub fn reversal(&mut self, target: i64, act: i64) {
        self.seen.reversals += 1;
        let expected = self.reversals.get(&target).copied();
        self.findings.expect(Check::Exchanges, &|| format!("reversal {target}"), &Some(act), &expected);
    }

    /// Holds a member's row against the acts.
    pub fn member(&mut self, number: i64, found: &replay::Member) {
        self.seen.members += 1;
        self.findings.checked(Check::Registry, 1);
        let expected = self.members.get(&number).cloned();
        self.findings.expect(Check::Registry, &|| format!("association {number}"), &Some(found), &expected.as_ref());
    }

    /// Holds a skill's row against the acts.
    pub fn skill(&mut self, number: i64, name: String) {
        self.seen.skills += 1;
        self.findings.checked(Check::Registry, 1);
        let expected = self.skills.get(&number).cloned();
        self.findings.expect(Check::Registry, &|| format!("skill {number}"), &Some(name), &expected);
    }

    /// Holds the rules in force against the acts: step, days to answer, limits.
    pub fn policy(&mut self, found: Option<(u32, u32, crate::policy::Limits)>) {
        self.findings.checked(Check::Registry, 1);
        let expected = self.policy;
        self.findings.expect(Check::Registry, &|| "policy".to_owned(), &found, &expected);
    }

    /// Holds a text that is still there against the commitment to it.
    pub fn text(&mut self, act: i64, field: &str, commitment: Digest) {
        self.findings.checked(Check::Texts, 1);
        let expected = self.commitments.get(&(act, field.to_owned())).copied();
        self.findings.expect(Check::Texts, &|| format!("act_text {act} {field}"), &Some(commitment), &expected);
    }

    /// Holds a tile of the log against the acts' leaves, hash by hash.
    pub fn tile(&mut self, place: crate::log::TilePlace, hashes: &[Digest]) {
        let (level, index) = place;
        let expected = self.tiles.remove(&place).unwrap_or_default();
        for position in 0..hashes.len().max(expected.len()) {
            let (found, wanted) = (hashes.get(position), expected.get(position));
            if found != wanted {
                let leaf = index * crate::log::TILE_WIDTH as u64 + position as u64;
                let row = match level {
                    0 => format!("log_tile 0 {index}, act {leaf}"),
                    _ => format!("log_tile {level} {index}, hash {position}"),
                };
                self.findings.problem(Check::Log, row, found.map(ToString::to_string), wanted.map(ToString::to_string));
            }
        }
        self.findings.checked(Check::Log, if level == 0 { hashes.len() as u64 } else { 0 });
    }

    /// Holds a reference that the ledger gave against its act.
    pub fn reference(&mut self, exchange: i64, reference: &str) {
        self.findings.checked(Check::Texts, 1);
        let expected = self.references.get(&exchange).map(String::as_str);
        self.findings.expect(Check::Texts, &|| format!("exchange_reference {exchange}"), &Some(reference), &expected);
    }

    /// Holds the head against the acts.
    pub fn head(&mut self, next_act: i64, root: Digest, first_year: Option<i32>, closed_through: Option<i32>) {
        let (count, expected) = (self.act_count, self.root);
        self.findings.expect(Check::Acts, &|| "head, next_act".to_owned(), &next_act, &count);
        self.findings.expect(Check::Log, &|| "head, root".to_owned(), &root, &expected);
        let expected = self.totals.keys().map(|(_, _, month, _)| month / 100).min();
        self.findings.expect(Check::Years, &|| "head, first_year".to_owned(), &first_year, &expected);
        let expected = self.closings.keys().max().copied();
        self.findings.expect(Check::Years, &|| "head, closed_through".to_owned(), &closed_through, &expected);
    }

    /// Says what should be there and was not seen, and ends the audit.
    pub fn finish(mut self) -> Findings {
        let postings: u64 = self.postings.values().map(|postings| postings.len() as u64).sum();
        let counts = [
            (Check::Postings, "posting", self.seen.postings, postings),
            (Check::Balances, "balance", self.seen.balances as u64, self.balances.len() as u64),
            (Check::Totals, "total", self.seen.totals as u64, self.totals.len() as u64),
            (Check::Exchanges, "exchange", self.seen.exchanges as u64, self.exchanges.len() as u64),
            (Check::Exchanges, "reversal", self.seen.reversals as u64, self.reversals.len() as u64),
            (Check::Years, "year_closing", self.seen.closings as u64, self.closings.len() as u64),
            (Check::Registry, "association", self.seen.members as u64, self.members.len() as u64),
            (Check::Registry, "skill", self.seen.skills as u64, self.skills.len() as u64),
        ];
        for (check, table, found, expected) in counts {
            self.findings.expect(check, &|| format!("{table}, rows"), &found, &expected);
            if matches!(table, "posting" | "balance" | "total" | "exchange") {
                self.findings.checked(check, found);
            }
        }
        for (level, index) in std::mem::take(&mut self.tiles).into_keys() {
            self.findings.problem(Check::Log, format!("log_tile {level} {index}"), None, Some("a tile".to_owned()));
        }
        for book in [Book::Exchange, Book::Engagement] {
            let in_book = self.balances.iter().filter(|((of, _), _)| *of == book);
            let sum: i64 = in_book.map(|(_, (_, minutes))| minutes).sum();
            self.findings.expect(Check::Balances, &|| format!("balance {book}, sum"), &sum, &0);
        }
        self.findings
    }
}
