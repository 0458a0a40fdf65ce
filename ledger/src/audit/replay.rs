//! Replays leaves, in order, into what the tables should hold.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;

use super::{ActRow, Check, ContributionRow, Expected, ExpectedExchange, ExpectedPosting, Findings, Seen};
use crate::{
    Digest, Minutes, PersonNumber,
    account::{Account, Book, PostingKind},
    act::ActKind,
    clock::SecretKey,
    contribution::Nature,
    exchange::{ExchangeState, Side},
    leaf::{ContributionPart, ExchangePart, Leaf, person_commitment},
    log::{self, Edge},
    policy::{LimitVerdict, Limits, Policy},
    year::{AccountYear, month_of},
};

/// A member as the acts have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub kind: String,
    pub state: String,
    pub name: String,
    pub limits: Option<Limits>,
}

/// A replay under way.
#[derive(Debug)]
pub struct Replay {
    findings: Findings,
    next: i64,
    last_at: i64,
    edge: Edge,
    postings: HashMap<(Book, i64), Vec<ExpectedPosting>>,
    exchanges: Vec<ExpectedExchange>,
    told: HashMap<i64, i64>,
    totals: HashMap<(Book, i64, i32, PostingKind), i64>,
    balances: BTreeMap<(Book, i64), (i64, i64)>,
    policy: Option<Policy>,
    members: BTreeMap<i64, Member>,
    skills: BTreeMap<i64, String>,
    closings: BTreeMap<i32, (i64, Digest)>,
    closed_through: Option<i32>,
    reversals: BTreeMap<i64, i64>,
    commitments: HashMap<(i64, String), Digest>,
    references: HashMap<i64, String>,
    group: Group,
}

/// The group of acts that is being replayed: limits hold for its net.
#[derive(Debug, Default)]
struct Group {
    first: Option<i64>,
    net: BTreeMap<i64, i64>,
    overridden: Vec<i64>,
}

impl Default for Replay {
    fn default() -> Self {
        Self::new()
    }
}

impl Replay {
    /// Before the first act.
    pub fn new() -> Self {
        Self {
            findings: Findings::default(),
            next: 0,
            last_at: i64::MIN,
            edge: Edge::default(),
            postings: HashMap::new(),
            exchanges: Vec::new(),
            told: HashMap::new(),
            totals: HashMap::new(),
            balances: BTreeMap::new(),
            policy: None,
            members: BTreeMap::new(),
            skills: BTreeMap::new(),
            closings: BTreeMap::new(),
            closed_through: None,
            reversals: BTreeMap::new(),
            commitments: HashMap::new(),
            references: HashMap::new(),
            group: Group::default(),
        }
    }

    /// Replays the next act. `contributions` are its rows.
    pub fn act(&mut self, row: &ActRow<'_>, contributions: &[ContributionRow]) {
        self.findings.checked(Check::Acts, 1);
        let place = || format!("act {}", row.number);
        while self.next < row.number {
            self.findings.problem(Check::Acts, format!("act {}", self.next), None, Some("an act".to_owned()));
            // The place in the log stays, so that the acts after the gap are held against their own hashes.
            self.edge.append(log::leaf_hash(b""));
            self.next += 1;
        }
        self.next = row.number + 1;
        self.edge.append(log::leaf_hash(row.leaf.as_bytes()));
        let leaf = match Leaf::parse(row.leaf) {
            Ok(leaf) => leaf,
            Err(error) => {
                self.findings.problem(Check::Acts, place(), Some(error.to_string()), Some("a leaf".to_owned()));
                return;
            }
        };
        let columns = (row.number, row.kind, row.recorded_at);
        self.findings.expect(Check::Acts, &place, &columns, &(leaf.number, leaf.kind.as_ref(), leaf.at));
        if leaf.at < self.last_at {
            let found = Some(leaf.at.to_string());
            self.findings.problem(Check::Acts, place(), found, Some(format!("at least {}", self.last_at)));
        }
        self.last_at = self.last_at.max(leaf.at);
        let Ok(kind) = ActKind::try_from(leaf.kind.as_ref()) else {
            self.findings.problem(Check::Acts, place(), Some(leaf.kind.to_string()), Some("a known kind".to_owned()));
            return;
        };
        self.begin_group(&leaf);
        self.registry(kind, &leaf);
        self.commitments(&leaf);
        if let Some(part) = &leaf.exchange {
            self.exchange(kind, leaf.number, part);
        }
        if let Some(target) = leaf.target
            && self.reversals.insert(target, leaf.number).is_some()
        {
            self.findings.problem(Check::Exchanges, place(), Some(format!("a second reversal of {target}")), None);
        }
        self.post(&leaf);
        if leaf.booked.is_some() {
            self.contribute(&leaf, contributions);
        } else if !contributions.is_empty() {
            self.findings.problem(Check::Contributions, place(), Some("contributions".to_owned()), None);
        }
        self.limits(kind, &leaf);
        if let Some(closing) = &leaf.closing {
            self.close(leaf.number, closing.year, closing.root.0);
        }
    }

    /// What the other tables should hold.
    pub fn finish(mut self) -> Expected {
        self.judge_group();
        let policy = self.policy.map(|policy| (policy.step_minutes, policy.answer_within_days, policy.limits));
        Expected {
            findings: self.findings,
            exchange_count: self.exchanges.len() as u64,
            act_count: self.next,
            root: self.edge.root(),
            tiles: self.edge.take_changed(),
            postings: self.postings,
            exchanges: self.exchanges,
            totals: self.totals,
            balances: self.balances,
            closings: self.closings,
            reversals: self.reversals,
            members: self.members,
            skills: self.skills,
            policy,
            commitments: self.commitments,
            references: self.references,
            seen: Seen::default(),
        }
    }

    fn registry(&mut self, kind: ActKind, leaf: &Leaf<'_>) {
        if let Some(part) = &leaf.member {
            let text = |text: &Option<std::borrow::Cow<'_, str>>| text.as_deref().unwrap_or_default().to_owned();
            if kind == ActKind::AssociationAdded {
                let member =
                    Member { kind: text(&part.kind), state: text(&part.state), name: text(&part.name), limits: None };
                self.members.insert(part.number, member);
            } else if let Some(member) = self.members.get_mut(&part.number) {
                if let Some(state) = &part.state {
                    member.state = state.to_string();
                }
                if let Some(name) = &part.name {
                    member.name = name.to_string();
                }
                if kind == ActKind::LimitsSet {
                    member.limits = leaf.limits.map(Limits::from);
                }
            }
        }
        if let Some(skill) = &leaf.skill {
            self.skills.insert(leaf.number, skill.to_string());
        }
        if let Some(part) = &leaf.policy {
            self.policy = Some(Policy {
                step_minutes: part.step_minutes,
                limits: part.limits.into(),
                answer_within_days: part.answer_within_days,
            });
        }
    }

    fn commitments(&mut self, leaf: &Leaf<'_>) {
        for (field, commitment) in &leaf.texts {
            self.commitments.insert((leaf.number, field.to_string()), commitment.0);
        }
        if let Some(commitment) = leaf.reference_commitment {
            self.commitments.insert((leaf.number, "reference".to_owned()), commitment.0);
        }
        if let Some(reference) = &leaf.reference {
            self.references.insert(leaf.number, reference.to_string());
        }
    }

    fn exchange(&mut self, kind: ActKind, number: i64, part: &ExchangePart<'_>) {
        let place = || format!("act {number}");
        let (Ok(state), Ok(spoken_by)) =
            (ExchangeState::try_from(part.state.as_ref()), Side::try_from(part.proposed_by.as_ref()))
        else {
            self.findings.problem(Check::Exchanges, place(), Some(format!("{part:?}")), None);
            return;
        };
        let posts = matches!(
            kind,
            ActKind::ExchangeRecorded
                | ActKind::ExchangeConfirmed
                | ActKind::ExchangeSettled
                | ActKind::ExchangeReleased
        ) && state == ExchangeState::Confirmed;
        let speaks = matches!(
            kind,
            ActKind::ExchangeProposed
                | ActKind::ExchangeRecorded
                | ActKind::ExchangeAmended
                | ActKind::CorrectionRequested
        );
        let before = match self.exchanges.binary_search_by_key(&part.number, |exchange| exchange.number) {
            Ok(index) => Some(index),
            Err(_) if part.number == number => None,
            Err(_) => {
                self.findings.problem(Check::Exchanges, place(), Some(format!("exchange {}", part.number)), None);
                return;
            }
        };
        let (spoken_in, posted_in) = before.map_or((number, None), |index| {
            let exchange = &self.exchanges[index];
            (exchange.spoken_in, exchange.posted_in)
        });
        if posts && posted_in.is_some() {
            self.findings.problem(Check::Exchanges, place(), Some("a second posting".to_owned()), None);
        }
        let now = ExpectedExchange {
            number: part.number,
            giver: part.giver,
            receiver: part.receiver,
            minutes: part.minutes,
            date: part.date,
            skill: part.skill,
            state,
            spoken_by,
            spoken_in: if speaks { number } else { spoken_in },
            posted_in: if posts { Some(number) } else { posted_in },
            replaces: part.replaces,
        };
        match before {
            Some(index) => self.exchanges[index] = now,
            None => self.exchanges.push(now),
        }
    }

    fn post(&mut self, leaf: &Leaf<'_>) {
        let Some(booked) = leaf.booked else {
            if !leaf.postings.is_empty() {
                let row = format!("act {}", leaf.number);
                self.findings.problem(Check::Postings, row, Some("postings without a date".to_owned()), None);
            }
            return;
        };
        let mut sum = 0;
        for posting in &leaf.postings {
            let place = || format!("act {}, account {}", leaf.number, posting.account);
            let Ok(kind) = PostingKind::try_from(posting.kind.as_ref()) else {
                self.findings.problem(Check::Postings, place(), Some(posting.kind.to_string()), None);
                continue;
            };
            sum += posting.minutes;
            let after = self.enter(Book::Exchange, posting.account, kind, posting.minutes, booked, leaf);
            self.findings.expect(Check::Postings, &place, &(posting.sequence, posting.balance), &after);
        }
        self.findings.expect(Check::Postings, &|| format!("act {}, sum", leaf.number), &sum, &0);
        if self.closed_through.is_some_and(|closed| month_of(booked) / 100 <= closed) {
            let row = format!("act {}", leaf.number);
            self.findings.problem(Check::Years, row, Some(booked.to_string()), Some("an open year".to_owned()));
        }
    }

    /// Enters a movement; returns the account's sequence number and balance after it.
    fn enter(
        &mut self,
        book: Book,
        account: i64,
        kind: PostingKind,
        minutes: i64,
        booked: NaiveDate,
        leaf: &Leaf<'_>,
    ) -> (i64, i64) {
        let cause =
            leaf.target.unwrap_or_else(|| leaf.exchange.as_ref().map_or(leaf.number, |exchange| exchange.number));
        let expected = ExpectedPosting { act: leaf.number, cause, minutes, booked, kind };
        self.postings.entry((book, account)).or_default().push(expected);
        *self.totals.entry((book, account, month_of(booked), kind)).or_default() += minutes;
        let (sequence, balance) = self.balances.entry((book, account)).or_default();
        *sequence += 1;
        *balance += minutes;
        (*sequence, *balance)
    }

    /// Book engagement follows from who gave the time: the leaf has the minutes, the rows have the persons.
    fn contribute(&mut self, leaf: &Leaf<'_>, rows: &[ContributionRow]) {
        let place = || format!("contribution, act {}", leaf.number);
        self.findings.checked(Check::Contributions, rows.len() as u64);
        self.findings.expect(Check::Contributions, &place, &rows.len(), &leaf.contributions.len());
        for (row, part) in rows.iter().zip(&leaf.contributions) {
            self.contribution(leaf, row, part);
        }
        let Some(exchange) = leaf.exchange.as_ref().filter(|_| !rows.is_empty()) else { return };
        let told = self.told.entry(exchange.number).or_default();
        *told += leaf.contributions.iter().map(|part| part.minutes).sum::<i64>();
        if *told > exchange.minutes {
            let (found, expected) = (told.to_string(), format!("at most {}", exchange.minutes));
            let row = format!("exchange {}, contributions", exchange.number);
            self.findings.problem(Check::Contributions, row, Some(found), Some(expected));
        }
    }

    fn contribution(&mut self, leaf: &Leaf<'_>, row: &ContributionRow, part: &ContributionPart<'_>) {
        let place = || format!("contribution {} {}", row.act, row.line);
        let found = (row.association, row.minutes, row.nature.as_str(), row.skill, row.service_date);
        let wanted = (part.association, part.minutes, part.nature.as_ref(), part.skill, part.date);
        self.findings.expect(Check::Contributions, &place, &found, &wanted);
        // The reversal of hours told of an exchange names those hours; the exchange stands beside them.
        let exchange = leaf.exchange.as_ref().map(|exchange| exchange.number);
        self.findings.expect(Check::Contributions, &place, &row.exchange, &exchange);
        if let Some(key) = row.key {
            let commitment = person_commitment(SecretKey(key), PersonNumber(row.person));
            self.findings.expect(Check::Contributions, &place, &commitment, &part.person.0);
        }
        let (Ok(nature), Some(booked)) = (Nature::try_from(part.nature.as_ref()), leaf.booked) else { return };
        let kind = PostingKind::from(nature);
        self.enter(Book::Engagement, row.person, kind, part.minutes, booked, leaf);
        self.enter(Book::Engagement, -part.association, kind, -part.minutes, booked, leaf);
    }

    /// A group ends where another begins: it is judged before anything of the next act is known, under the rules and
    /// with the balances that its own last act left.
    fn begin_group(&mut self, leaf: &Leaf<'_>) {
        let first = leaf.group.map(|(first, _)| first);
        if first.is_none() || first != self.group.first {
            self.judge_group();
            self.group.first = first;
        }
    }

    fn limits(&mut self, kind: ActKind, leaf: &Leaf<'_>) {
        self.group.overridden.extend(&leaf.overridden);
        if kind != ActKind::Reversed {
            for posting in &leaf.postings {
                *self.group.net.entry(posting.account).or_default() += posting.minutes;
            }
        }
        if leaf.group.is_none() {
            self.judge_group();
        }
    }

    /// Judges what has been gathered; an act that came alone is a group of one.
    fn judge_group(&mut self) {
        let Group { first, net, overridden } = std::mem::take(&mut self.group);
        for (account, net) in net {
            self.findings.checked(Check::Limits, 1);
            let balance = self.balances.get(&(Book::Exchange, account)).map_or(0, |(_, balance)| *balance);
            let (before, after) = (Minutes::new(balance - net), Minutes::new(balance));
            let verdict = self.limits_of(account).judge(before, after);
            if verdict == LimitVerdict::PastHard && !overridden.contains(&account) {
                let act = first.unwrap_or(self.next - 1);
                let row = format!("act {act}, account {account}");
                let expected = Some("a balance within its limits, or an override".to_owned());
                self.findings.problem(Check::Limits, row, Some(format!("{balance} min")), expected);
            }
        }
    }

    fn limits_of(&self, account: i64) -> Limits {
        match Account::from_number(Book::Exchange, account) {
            Some(Account::Fund) => Limits::FUND,
            Some(Account::Association(association)) => {
                let own = self.members.get(&association.0).and_then(|member| member.limits);
                own.unwrap_or_else(|| self.policy.unwrap_or_default().limits)
            }
            _ => Limits::NONE,
        }
    }

    fn close(&mut self, act: i64, year: i32, root: Digest) {
        let mut years: BTreeMap<Account, AccountYear> = BTreeMap::new();
        let months = crate::year::Year(year).months();
        for ((book, number, month, kind), minutes) in &self.totals {
            let Some(account) = Account::from_number(*book, *number) else { continue };
            if matches!(account, Account::Person(_)) || month > months.end() {
                continue;
            }
            let empty = || AccountYear { account, opening: Minutes::ZERO, totals: BTreeMap::new() };
            let entry = years.entry(account).or_insert_with(empty);
            let sum = if month < months.start() { &mut entry.opening } else { entry.totals.entry(*kind).or_default() };
            *sum = Minutes::new(sum.get() + minutes);
        }
        let leaves: Vec<_> = years.values().map(|year| log::leaf_hash(year.leaf().as_bytes())).collect();
        let replayed = log::root_of(&leaves);
        self.findings.expect(Check::Years, &|| format!("act {act}, year {year}"), &root, &replayed);
        self.closings.insert(year, (act, root));
        self.closed_through = Some(self.closed_through.map_or(year, |closed| closed.max(year)));
    }
}
