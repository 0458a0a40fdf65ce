//! Replays leaves, in order, into what the tables should hold.
//!
//! Longer than a file should be: what a replay keeps in mind is one thing, which every kind of leaf changes in its way.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::num::NonZeroI64;
use std::sync::Arc;

use chrono::{Datelike, NaiveDate};

use super::{
    exchanges::{ExpectedExchange, ExpectedExchanges},
    expected::Expected,
    findings::{Check, Disagreement, Findings},
    member::Member,
    people::People,
    postings::{ExpectedAccount, ExpectedPosting, ExpectedPostings},
    rows::{ActRow, BesideAct, ContributionRow},
    said::{Column, Members, Said},
};
use crate::{
    Digest, Minutes, PersonNumber, SkillNumber,
    account::{Account, Book, PostingKind},
    act::ActKind,
    clock::SecretKey,
    contribution::Nature,
    exchange::{ExchangeState, Side},
    leaf::{self, AlignmentPart, ContributionPart, ExchangePart, Leaf, MandatePart, Unreadable, person_commitment},
    log::{self, Edge},
    policy::{LimitVerdict, Limits, Policy},
    skill::{Alignment, Framework, Skill},
    state::{REFERENCES_MOST, numbered_reference},
    year::{AccountYear, Year},
};

/// A replay under way.
#[derive(Debug)]
pub struct Replay {
    findings: Findings,
    next: i64,
    last_at: i64,
    edge: Edge,
    accounts: HashMap<(Book, i64), ExpectedAccount>,
    /// The first year in which something was posted.
    first_year: Option<i32>,
    exchanges: Vec<ExpectedExchange>,
    /// Exchange and act of each step in an exchange's life that neither brought it in nor posted it.
    steps: Vec<(i64, i64)>,
    /// The largest number of each year among the references that were given.
    given_references: BTreeMap<i32, i64>,
    /// Minutes told of exchanges, by number.
    told: HashMap<i64, i128>,
    policy: Option<Policy>,
    members: BTreeMap<i64, Member>,
    skills: BTreeMap<SkillNumber, Skill>,
    people: People,
    closings: BTreeMap<i32, (i64, Digest)>,
    closed_through: Option<i32>,
    reversals: BTreeMap<i64, i64>,
    about_proofs: Vec<i64>,
    group: Group,
}

/// In a gap so wide no place in the log is kept for each act that is missing.
const GAP_MOST: i64 = 100_000;

/// The group of acts that is being replayed: limits hold for its net.
#[derive(Debug, Default)]
struct Group {
    first: Option<i64>,
    /// Account and minutes of each posting.
    moved: Vec<(i64, i64)>,
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
            accounts: HashMap::new(),
            first_year: None,
            exchanges: Vec::new(),
            steps: Vec::new(),
            given_references: BTreeMap::new(),
            told: HashMap::new(),
            policy: None,
            members: BTreeMap::new(),
            skills: BTreeMap::new(),
            people: People::default(),
            closings: BTreeMap::new(),
            closed_through: None,
            reversals: BTreeMap::new(),
            about_proofs: Vec::new(),
            group: Group::default(),
        }
    }

    /// Replays the next act, and holds what other tables keep of it against its leaf.
    pub fn act(&mut self, row: &ActRow<'_>, kept: BesideAct<'_>) {
        self.findings.checked(Check::Acts, 1);
        let place = || format!("act {}", row.number);
        if row.number.saturating_sub(self.next) > GAP_MOST {
            let (first, last) = (self.next, row.number.saturating_sub(1));
            let gap = Said::new(format!("act {first} à {last}"), format!("act {first} to {last}"));
            self.findings.disagrees(Check::Acts, Disagreement::new(gap, None, None));
            self.next = row.number;
        }
        while self.next < row.number {
            self.findings.problem(Check::Acts, format!("act {}", self.next), None, None);
            // The place in the log stays, so that the acts after the gap are held against their own hashes.
            self.edge.append(log::leaf_hash(b""));
            self.next = self.next.saturating_add(1);
        }
        self.next = row.number.saturating_add(1);
        self.findings.checked(Check::Log, 1);
        let hash = leaf::hash_of(row.leaf);
        self.findings.expect(Check::Log, &|| format!("act {}, leaf_hash", row.number), &row.leaf_hash, &hash);
        self.edge.append(hash);
        let leaf = match Leaf::parse(row.leaf) {
            Ok(leaf) => leaf,
            // What the log has the hash of is there, and what it says of the rest is another.
            Err(Unreadable::NotSealed(what)) => {
                let found = Said::new(format!("autre chose ({what})"), format!("{what} is another"));
                let expected = Said::new("ce qui a été scellé", "what was sealed");
                self.findings.told(Check::Log, format!("act {}, leaf", row.number), Some(found), Some(expected));
                return;
            }
            Err(error) => {
                let expected = Said::new("un acte lisible", "a leaf");
                self.findings.told(Check::Acts, place(), Some(error.to_string().into()), Some(expected));
                return;
            }
        };
        let columns = (row.number, row.kind, row.recorded_at);
        self.findings.expect(Check::Acts, &place, &columns, &(leaf.number, leaf.kind.as_str(), leaf.at));
        if leaf.at < self.last_at {
            let (found, last) = (Said::from(leaf.at.to_string()), self.last_at);
            let expected = Said::new(format!("{last} au moins"), format!("at least {last}"));
            self.findings.told(Check::Acts, place(), Some(found), Some(expected));
        }
        self.last_at = self.last_at.max(leaf.at);
        let kind = leaf.kind;
        if kind.is_about_proofs() {
            self.about_proofs.push(leaf.number);
        }
        self.begin_group(&leaf);
        self.registry(kind, &leaf);
        self.people.act(kind, &leaf);
        self.texts(&leaf, kept);
        if let Some(part) = &leaf.exchange {
            self.exchange(kind, &leaf, part);
        }
        if let Some(target) = leaf.target
            && self.reversals.insert(target, leaf.number).is_some()
        {
            let found =
                Said::new(format!("une seconde annulation de {target}"), format!("a second reversal of {target}"));
            self.findings.told(Check::Exchanges, place(), Some(found), None);
        }
        self.post(&leaf);
        if leaf.booked.is_some() {
            self.contribute(&leaf, kept.contributions);
        } else if !kept.contributions.is_empty() {
            self.stray(Check::Contributions, "contribution", row.number);
        }
        self.limits(kind, &leaf);
        if let Some(closing) = &leaf.closing {
            self.close(leaf.number, closing.year, closing.root.0);
        }
    }

    /// Says that a table keeps something of an act that does not have it.
    pub fn stray(&mut self, check: Check, table: &str, act: i64) {
        self.findings.told(check, format!("{table}, act {act}"), Some(Said::new("une ligne", "a row")), None);
    }

    /// What the other tables should hold.
    pub fn finish(mut self) -> (Expected, ExpectedPostings, ExpectedExchanges) {
        self.judge_group();
        let mut sums = BTreeMap::from([(Book::Exchange, 0), (Book::Engagement, 0)]);
        for ((book, _), account) in &self.accounts {
            self.findings.checked(Check::Balances, 1);
            let sum = sums.entry(*book).or_insert(0_i128);
            *sum = sum.saturating_add(account.balance);
        }
        for (book, sum) in sums {
            self.findings.expect(Check::Balances, &|| format!("balance {book}, sum"), &sum, &0);
        }
        let expected = Expected {
            first_year: self.first_year,
            findings: self.findings,
            act_count: self.next,
            root: self.edge.root(),
            tiles: self.edge.take_changed(),
            closings: self.closings,
            reversals: self.reversals,
            members: self.members,
            skills: self.skills,
            people: self.people,
            policy: self.policy,
            about_proofs: self.about_proofs,
            given_references: self.given_references,
        };
        let names = expected.members.iter().map(|(number, member)| (*number, member.name.clone()));
        let members = Arc::new(Members(names.collect()));
        (
            expected,
            ExpectedPostings::new(self.accounts, Arc::clone(&members)),
            ExpectedExchanges::new(self.exchanges, self.steps, members),
        )
    }

    fn registry(&mut self, kind: ActKind, leaf: &Leaf<'_>) {
        if let Some(part) = &leaf.member {
            if kind == ActKind::AssociationAdded {
                let member = Member {
                    kind: text(part.kind.as_ref()),
                    state: text(part.state.as_ref()),
                    name: text(part.name.as_ref()),
                    limits: None,
                    identifiers: BTreeSet::new(),
                    mandates: BTreeMap::new(),
                };
                self.members.insert(part.number, member);
            }
            if let Some(member) = self.members.get_mut(&part.number) {
                let told = part.identifiers.iter().map(|(kind, value)| (kind.to_string(), value.to_string()));
                if kind == ActKind::AssociationIdentified {
                    member.identifiers.retain(|(old, _)| part.identifiers.iter().all(|(new, _)| new != old));
                }
                member.identifiers.extend(told);
                if kind == ActKind::AssociationDescribed {
                    member.kind = text(part.kind.as_ref());
                }
                if let Some(state) = &part.state {
                    member.state = state.to_string();
                }
                if let Some(name) = &part.name {
                    member.name = name.to_string();
                }
                if kind == ActKind::LimitsSet {
                    member.limits = leaf.limits.map(Limits::from);
                }
                if let Some(MandatePart { minutes, partner, until }) = leaf.mandate {
                    match minutes.zip(until) {
                        Some(mandate) => member.mandates.insert(partner, mandate),
                        None => member.mandates.remove(&partner),
                    };
                }
            }
        }
        if let Some(skill) = &leaf.skill {
            let number = SkillNumber(leaf.number);
            self.skills.insert(number, Skill { number, name: skill.to_string(), alignments: BTreeMap::new() });
        }
        if let Some(part) = &leaf.alignment {
            self.alignment(part);
        }
        if let Some(part) = &leaf.policy {
            self.policy = Some(Policy {
                step_minutes: part.step_minutes,
                limits: part.limits.into(),
                answer_within_days: part.answer_within_days,
            });
        }
    }

    fn alignment(&mut self, part: &AlignmentPart<'_>) {
        let skill = self.skills.get_mut(&SkillNumber(part.skill));
        let (Some(skill), Ok(framework)) = (skill, Framework::try_from(part.framework.as_ref())) else { return };
        let [name, url, version] = [&part.name, &part.url, &part.version].map(Option::as_ref).map(text);
        match part.code.as_deref().map(str::to_owned) {
            Some(code) => skill.alignments.insert(framework, Alignment { code, name, url, version }),
            None => skill.alignments.remove(&framework),
        };
    }

    /// What may be erased may be missing, but what is there must be what was committed to.
    fn texts(&mut self, leaf: &Leaf<'_>, kept: BesideAct<'_>) {
        self.findings.checked_all(Check::Texts, kept.texts.len());
        self.findings.checked_all(Check::Texts, kept.references.len());
        for row in kept.texts {
            let place = || format!("act_text {} {}", row.act, row.field);
            let Some(found) = row.commitment else { continue };
            let expected = leaf.texts.get(row.field).map(|commitment| commitment.0);
            self.findings.expect(Check::Texts, &place, &Some(found), &expected);
        }
        for row in kept.references {
            let place = || format!("exchange_reference {}", row.exchange);
            let expected = leaf.reference_commitment.map(|commitment| commitment.0);
            self.findings.expect(Check::Texts, &place, &row.commitment, &expected);
        }
    }

    /// The year and the number of the reference that the act gave, or zeros; its year's counter is past it.
    fn given_reference(&mut self, leaf: &Leaf<'_>) -> (i16, i64) {
        let Some((year, number)) = leaf.reference.as_deref().and_then(numbered_reference) else { return (0, 0) };
        if number <= REFERENCES_MOST {
            let most = self.given_references.entry(year).or_default();
            *most = number.max(*most);
        }
        i16::try_from(year).map_or((0, 0), |year| (year, number))
    }

    fn exchange(&mut self, kind: ActKind, leaf: &Leaf<'_>, part: &ExchangePart<'_>) {
        let number = leaf.number;
        let reference = self.given_reference(leaf);
        let place = || format!("act {number}");
        let (Ok(state), Ok(spoken_by)) =
            (ExchangeState::try_from(part.state.as_ref()), Side::try_from(part.proposed_by.as_ref()))
        else {
            let (state, by) = (&part.state, &part.proposed_by);
            let found =
                Said::new(format!("état {state}, proposé par {by}"), format!("state {state}, proposed by {by}"));
            self.findings.told(Check::Exchanges, place(), Some(found), None);
            return;
        };
        let posts = posts(kind, state);
        let speaks = matches!(
            kind,
            ActKind::ExchangeProposed
                | ActKind::ExchangeRecorded
                | ActKind::ExchangeAmended
                | ActKind::CorrectionRequested
        );
        // Most acts bring a new exchange, whose number is past all others.
        let is_new = self.exchanges.last().is_none_or(|last| last.number < part.number);
        let found = if is_new {
            None
        } else {
            self.exchanges.binary_search_by_key(&part.number, |exchange| exchange.number).ok()
        };
        if found.is_none() && part.number != number {
            let found = Said::new(format!("échange {}", part.number), format!("exchange {}", part.number));
            self.findings.told(Check::Exchanges, place(), Some(found), None);
            return;
        }
        let (spoken_in, posted_in) = found.map_or((number, None), |index| {
            let exchange = &self.exchanges[index];
            (exchange.spoken_in, exchange.posted_in)
        });
        if posts && posted_in.is_some() {
            let found = Said::new("une seconde comptabilisation", "a second posting");
            self.findings.told(Check::Exchanges, place(), Some(found), None);
        }
        let (reference_year, reference_number) = found.map_or(reference, |index| {
            let exchange = &self.exchanges[index];
            (exchange.reference_year, exchange.reference_number)
        });
        let now = ExpectedExchange {
            number: part.number,
            giver: part.giver,
            receiver: part.receiver,
            minutes: part.minutes,
            date: part.date,
            skill: part.skill.and_then(NonZeroI64::new),
            state,
            spoken_by,
            spoken_in: if speaks { number } else { spoken_in },
            posted_in: if posts { NonZeroI64::new(number) } else { posted_in },
            replaces: part.replaces.and_then(NonZeroI64::new),
            reference_year,
            reference_number,
        };
        match found {
            Some(index) => {
                self.exchanges[index] = now;
                // Who gave the time is no step, nor is taking that back.
                let is_step =
                    kind != ActKind::ContributionsTold && leaf.target.is_none_or(|target| target == part.number);
                if is_step && !posts {
                    self.steps.push((part.number, number));
                }
            }
            None => self.exchanges.push(now),
        }
    }

    fn post(&mut self, leaf: &Leaf<'_>) {
        let Some(booked) = leaf.booked else {
            if !leaf.postings.is_empty() {
                let row = format!("act {}", leaf.number);
                let found = Said::new("des mouvements sans date", "postings without a date");
                self.findings.told(Check::Postings, row, Some(found), None);
            }
            return;
        };
        // What somebody wrote there may be any number: the sum is wide enough for all of them.
        let mut sum = 0_i128;
        for posting in &leaf.postings {
            let place = || format!("act {}, account {}", leaf.number, posting.account);
            let Ok(kind) = PostingKind::try_from(posting.kind.as_ref()) else {
                self.findings.problem(Check::Postings, place(), Some(posting.kind.to_string()), None);
                continue;
            };
            sum = sum.saturating_add(posting.minutes.into());
            let after = self.enter(Book::Exchange, posting.account, kind, posting.minutes, booked, leaf);
            self.findings.expect(Check::Postings, &place, &(posting.sequence, i128::from(posting.balance)), &after);
        }
        self.findings.expect(Check::Postings, &|| format!("act {}, sum", leaf.number), &sum, &0);
        if self.closed_through.is_some_and(|closed| booked.year() <= closed) {
            let row = format!("act {}", leaf.number);
            let (found, expected) = (booked.to_string().into(), Said::new("un exercice ouvert", "an open year"));
            self.findings.told(Check::Years, row, Some(found), Some(expected));
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
    ) -> (i64, i128) {
        let cause =
            leaf.target.unwrap_or_else(|| leaf.exchange.as_ref().map_or(leaf.number, |exchange| exchange.number));
        self.first_year = Some(self.first_year.map_or(booked.year(), |first| first.min(booked.year())));
        let account = self.accounts.entry((book, account)).or_default();
        account.postings.push(ExpectedPosting { act: leaf.number, cause, minutes, booked, kind });
        account.balance = account.balance.saturating_add(minutes.into());
        (i64::try_from(account.postings.len()).unwrap_or(i64::MAX), account.balance)
    }

    /// Book engagement follows from who gave the time: the leaf has the minutes, the rows have the persons.
    fn contribute(&mut self, leaf: &Leaf<'_>, rows: &[ContributionRow<'_>]) {
        let place = || format!("contribution, act {}", leaf.number);
        self.findings.checked_all(Check::Contributions, rows.len());
        self.findings.expect(Check::Contributions, &place, &rows.len(), &leaf.contributions.len());
        for (row, part) in rows.iter().zip(&leaf.contributions) {
            self.contribution(leaf, row, part);
        }
        let Some(exchange) = leaf.exchange.as_ref().filter(|_| !rows.is_empty()) else { return };
        let told = self.told.entry(exchange.number).or_default();
        *told = leaf.contributions.iter().fold(*told, |told, part| told.saturating_add(part.minutes.into()));
        if *told > i128::from(exchange.minutes) {
            let found = i64::try_from(*told).map_or_else(|_| Said::from(told.to_string()), Said::minutes);
            let most = Said::minutes(exchange.minutes).and(" au plus", " at most");
            let row = Said::from(format!("exchange {}", exchange.number)).and(", participations", ", contributions");
            let problem = Disagreement::new(row, Some(found), Some(most));
            let problem = Disagreement { exchange: Some(exchange.number), ..problem };
            self.findings.disagrees(Check::Contributions, problem);
        }
    }

    fn contribution(&mut self, leaf: &Leaf<'_>, row: &ContributionRow<'_>, part: &ContributionPart<'_>) {
        let place = || format!("contribution {} {}", row.act, row.line);
        // The reversal of hours told of an exchange names those hours; the exchange stands beside them.
        let exchange = leaf.exchange.as_ref().map(|exchange| exchange.number);
        let is_same = (row.association, row.minutes, row.nature, row.skill, row.service_date)
            == (part.association, part.minutes, part.nature.as_ref(), part.skill, part.date);
        if !is_same {
            let name = |number: i64| self.members.get(&number).map_or(number.to_string(), |member| member.name.clone());
            let skill = |skill: Option<i64>| Said::from(skill.map_or("-".to_owned(), |skill| skill.to_string()));
            let columns = [
                (Column::Association, Said::from(name(row.association)), Said::from(name(part.association))),
                (Column::Minutes, Said::minutes(row.minutes), Said::minutes(part.minutes)),
                (Column::Kind, Said::from(row.nature.to_owned()), Said::from(part.nature.to_string())),
                (Column::Skill, skill(row.skill), skill(part.skill)),
                (Column::ServiceDate, Said::from(row.service_date.to_string()), Said::from(part.date.to_string())),
            ];
            let row = Said::from(format!("{} ({})", place(), name(part.association)));
            self.findings.expect_columns(Check::Contributions, &row, exchange, &columns);
        }
        self.findings.expect(Check::Contributions, &place, &row.exchange, &exchange);
        if leaf.v > 1 {
            // A line is shown without its act: what it repeats of it must be the same.
            let receiver = leaf.exchange.as_ref().map(|exchange| exchange.receiver);
            self.findings.expect(Check::Contributions, &place, &(part.booked, part.receiver), &(leaf.booked, receiver));
        }
        if let Some(key) = row.key {
            let commitment = person_commitment(SecretKey(key), PersonNumber(row.person));
            self.findings.expect(Check::Contributions, &place, &commitment, &part.person.0);
        }
        let (Ok(nature), Some(booked)) = (Nature::try_from(part.nature.as_ref()), leaf.booked) else { return };
        let kind = PostingKind::from(nature);
        self.enter(Book::Engagement, row.person, kind, part.minutes, booked, leaf);
        let (Some(engaged), Some(minutes)) = (part.association.checked_neg(), part.minutes.checked_neg()) else {
            let ContributionPart { minutes, association, .. } = part;
            let french = format!("{minutes} min de l'adhérent {association}");
            let found = Said::new(french, format!("{minutes} min of association {association}"));
            self.findings.told(Check::Contributions, place(), Some(found), None);
            return;
        };
        self.enter(Book::Engagement, engaged, kind, minutes, booked, leaf);
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
            self.group.moved.extend(leaf.postings.iter().map(|posting| (posting.account, posting.minutes)));
        }
        if leaf.group.is_none() {
            self.judge_group();
        }
    }

    /// Judges what has been gathered; an act that came alone is a group of one.
    fn judge_group(&mut self) {
        let Group { first, mut moved, overridden } = std::mem::take(&mut self.group);
        moved.sort_unstable_by_key(|(account, _)| *account);
        for of_account in moved.chunk_by(|(one, _), (other, _)| one == other) {
            let net = of_account.iter().fold(0_i128, |net, (_, minutes)| net.saturating_add((*minutes).into()));
            let account = of_account[0].0;
            self.findings.checked(Check::Limits, 1);
            let balance = self.accounts.get(&(Book::Exchange, account)).map_or(0, |account| account.balance);
            let minutes = |sum: i128| i64::try_from(sum).ok().map(Minutes::new);
            let moved = minutes(balance.saturating_sub(net)).zip(minutes(balance));
            // A balance that no account can have is within no limits.
            let is_past = moved
                .is_none_or(|(before, after)| self.limits_of(account).judge(before, after) == LimitVerdict::PastHard);
            if is_past && !overridden.contains(&account) {
                let act = first.unwrap_or(self.next.saturating_sub(1));
                let row = format!("act {act}, account {account}");
                let french = "un solde dans ses limites, ou une décision";
                let expected = Some(Said::new(french, "a balance within its limits, or an override"));
                self.findings.told(Check::Limits, row, Some(format!("{balance} min").into()), expected);
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
            Some(Account::Opening | Account::Engaged(_) | Account::Person(_)) | None => Limits::NONE,
        }
    }

    fn close(&mut self, act: i64, year: i32, root: Digest) {
        let mut years: BTreeMap<Account, AccountYear> = BTreeMap::new();
        let mut out_of_range = Vec::new();
        let Some((first, last)) = Year(year).days() else { return };
        for ((book, number), replayed) in &self.accounts {
            let Some(account) = Account::from_number(*book, *number) else { continue };
            if matches!(account, Account::Person(_)) {
                continue;
            }
            for posting in replayed.postings.iter().filter(|posting| posting.booked <= last) {
                let empty = || AccountYear { account, opening: Minutes::ZERO, totals: BTreeMap::new() };
                let entry = years.entry(account).or_insert_with(empty);
                let is_before = posting.booked < first;
                let sum = if is_before { &mut entry.opening } else { entry.totals.entry(posting.kind).or_default() };
                match sum.checked_add(Minutes::new(posting.minutes)) {
                    Some(more) => *sum = more,
                    None => out_of_range.push(account),
                }
            }
        }
        let leaves: Option<Vec<_>> = years.values().map(AccountYear::leaf_hash).collect();
        let row = || format!("act {act}, year {year}");
        match leaves {
            Some(leaves) if out_of_range.is_empty() => {
                self.findings.expect(Check::Years, &row, &root, &log::root_of(&leaves));
            }
            Some(_) | None => {
                let found = Said::new("des sommes qu'aucun compte ne peut avoir", "sums that no account can have");
                self.findings.told(Check::Years, row(), Some(found), None);
            }
        }
        self.closings.insert(year, (act, root));
        self.closed_through = Some(self.closed_through.map_or(year, |closed| closed.max(year)));
    }
}

/// A text that may be absent, which is then empty.
fn text(text: Option<&Cow<'_, str>>) -> String {
    text.map(ToString::to_string).unwrap_or_default()
}

/// Whether an act of that kind, after which the exchange stands there, posted it.
fn posts(kind: ActKind, state: ExchangeState) -> bool {
    matches!(
        kind,
        ActKind::ExchangeRecorded | ActKind::ExchangeConfirmed | ActKind::ExchangeSettled | ActKind::ExchangeReleased
    ) && state == ExchangeState::Confirmed
}
