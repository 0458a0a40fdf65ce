//! Random histories: the ledger on both databases and the plain [`Model`] must agree on every answer and at the end.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;
use std::env;
use std::sync::Arc;

use chrono::Days;
use ledger::association::{AssociationKind, Contact, Description, MembershipState};
use ledger::clock::{SecretKey, Secrets};
use ledger::command::{By, Capacity, Command, NewExchange, Principal, Request};
use ledger::contribution::{Contribution, Nature};
use ledger::evidence::Evidence;
use ledger::exchange::{ExchangeState, Side};
use ledger::person::{Identity, PersonRef, Role};
use ledger::policy::{Limits, Policy};
use ledger::transfer::TransferReason;
use ledger::year::Year;
use ledger::{ActNumber, AssociationNumber, ExchangeNumber, Minutes, PersonNumber};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use store::{Group, Receipt, WriteError, WriterOptions};

use crate::ledger_on::{Database, Ledger, Place, add_association, add_person, day, delegate, exchange, request};
use crate::model::{Model, Verdict};
use crate::steps::{ASSOCIATIONS, Ask, PERSONS, Step, What, Who, history};
use crate::waiting;

#[test]
fn the_ledger_and_the_model_agree_on_every_history() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let cases = env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(32);
    let config = Config { cases, max_shrink_iters: 300, failure_persistence: None, ..Config::default() };
    // How many requests share a commit, and how many of a group are decided at a time: with few, most are decided while
    // others are written, and groups go in pieces.
    let most = || prop::sample::select(vec![1, 2, 1_000]);
    let run = TestRunner::new(config)
        .run(&(history(), [most(), most()]), |(history, most)| runtime.block_on(live(&history, most)));
    run.unwrap_or_else(|error| panic!("{error}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_audit_judges_a_group_by_the_rules_of_its_own_time() {
    for database in Database::tried() {
        let ledger = Ledger::fresh(database).await;
        let [from, to] = [ledger.association("Chorale").await, ledger.association("Fanfare").await];
        let exchange = exchange(to, from, 300, day(2025, 2, 1));
        let record = request("first", By::OPERATOR, Command::Record { exchange, evidence: Evidence::COORDINATOR });
        let group = Group { requests: vec![record].into(), override_reason: None };
        ledger.writer.submit_group(ledger.network, group).await.unwrap();
        // A floor decided right afterwards says nothing of what went before.
        let limits = Limits { hard_floor: Some(Minutes::ZERO), ..Limits::NONE };
        let decision = "AG".to_owned();
        ledger.done(Command::SetLimits { association: from, limits: Some(limits), decision }).await;
        ledger.assert_sound().await;
    }
}

/// What is submitted at once.
enum Item {
    One(Box<Request>),
    Group(Group),
}

/// What a ledger answered: receipts, or why not.
type Answer = Result<Vec<Receipt>, WriteError>;

/// A history under way.
struct Life {
    model: Model,
    ledgers: [Ledger; 2],
    asked: Vec<Request>,
    /// The first answer to each accepted request.
    receipts: BTreeMap<i64, Receipt>,
}

async fn live(history: &[Vec<Step>], batch_most: [usize; 2]) -> Result<(), TestCaseError> {
    let mut life = Life::begin(batch_most).await?;
    for steps in history {
        let mut items = Vec::new();
        for step in steps {
            match step {
                Step::Ask(ask) => items.push(life.one(ask, None)),
                Step::Again(pick) => {
                    items.extend(life.earlier(*pick).cloned().map(|request| Item::One(Box::new(request))));
                }
                Step::KeyAgain(pick, ask) => {
                    let key = life.earlier(*pick).map(|request| request.key.key.clone());
                    items.push(life.one(ask, key));
                }
                Step::Together(asks, anyway) => {
                    let requests: Vec<_> = asks.iter().map(|ask| life.request(ask, None)).collect();
                    let override_reason = anyway.then(|| "décision du bureau".to_owned());
                    items.push(Item::Group(Group { requests: requests.into(), override_reason }));
                }
                Step::Later(days) => life.wait(*days),
            }
        }
        life.submit(items).await?;
    }
    life.end().await
}

/// What is decided again draws its keys again: only where all are the same do two databases end with the same log.
struct OneSecret;

impl Secrets for OneSecret {
    fn key(&mut self) -> SecretKey {
        SecretKey([1; 32])
    }
}

impl Life {
    /// Associations 1 to 5, persons 6 to 11: each a delegate of one association, and the last of the first two.
    async fn begin([on_sqlite, on_postgres]: [usize; 2]) -> Result<Self, TestCaseError> {
        let fresh = |database, batch_most| {
            // Whatever happens, the next batch is again decided on what is in memory.
            let options =
                WriterOptions { batch_most, piece_most: batch_most, careful_batches: 0, ..WriterOptions::default() };
            Ledger::founded_with(Arc::new(Place::fresh(database)), options, Box::new(OneSecret))
        };
        let ledgers = [fresh(Database::Sqlite, on_sqlite).await, fresh(Database::Postgres, on_postgres).await];
        let mut model = Model::new(day(2025, 3, 1));
        model.associations = (1..=ASSOCIATIONS).collect();
        let mut commands: Vec<Command> =
            model.associations.iter().map(|number| add_association(&format!("Association {number}"))).collect();
        commands.extend((1..=PERSONS).map(|number| add_person(&format!("P{number}"))));
        for person in 0..PERSONS {
            let own = if person < ASSOCIATIONS { vec![person + 1] } else { vec![1, 2] };
            let number = PersonNumber(ASSOCIATIONS + 1 + person);
            for association in own.iter().copied().map(AssociationNumber) {
                commands.push(Command::Enrol { person: PersonRef::Number(number), association });
                commands.push(Command::GrantRole { person: number, role: Role::Delegate(association) });
            }
            model.persons.insert(number.0, own);
        }
        model.next += i64::try_from(commands.len()).unwrap();
        for ledger in &ledgers {
            let requests = commands.iter().enumerate();
            let requests = requests.map(|(n, command)| request(&format!("begin {n}"), By::OPERATOR, command.clone()));
            let answers = ledger.submit_all(requests).await;
            prop_assert!(answers.iter().all(Result::is_ok), "{:?}", answers);
        }
        Ok(Self { model, ledgers, asked: Vec::new(), receipts: BTreeMap::new() })
    }

    fn wait(&mut self, days: u64) {
        self.model.today = self.model.today + Days::new(days);
        let noon = self.model.today.and_hms_opt(12, 0, 0).unwrap().and_utc();
        self.ledgers.iter().for_each(|ledger| ledger.clock.set(noon));
    }

    fn earlier(&self, pick: usize) -> Option<&Request> {
        (!self.asked.is_empty()).then(|| &self.asked[pick % self.asked.len()])
    }

    /// Submits at once, so that some share a commit, and compares each answer with the model's.
    async fn submit(&mut self, items: Vec<Item>) -> Result<(), TestCaseError> {
        let verdicts: Vec<Option<Vec<Verdict>>> = items.iter().map(|item| self.judge(item)).collect();
        let mut of_both: Vec<Vec<Answer>> = Vec::new();
        for ledger in &self.ledgers {
            let answers = items.iter().map(async |item| match item {
                Item::One(request) => ledger.submit(Request::clone(request)).await.map(|receipt| vec![receipt]),
                Item::Group(group) => ledger.writer.submit_group(ledger.network, group.clone()).await,
            });
            of_both.push(futures_util::future::join_all(answers).await);
        }
        for (index, (item, expected)) in items.iter().zip(verdicts).enumerate() {
            let [sqlite, postgres] = [&of_both[0][index], &of_both[1][index]];
            prop_assert_eq!(format!("{:?}", sqlite), format!("{:?}", postgres), "the databases differ");
            let found = match sqlite {
                Ok(receipts) => Some(receipts.iter().map(verdict).collect::<Vec<_>>()),
                Err(WriteError::Rejected(_) | WriteError::GroupRejected { .. }) => None,
                Err(error) => return Err(TestCaseError::fail(format!("{error:?}"))),
            };
            prop_assert_eq!(&found, &expected, "{} answered {:?}", text(item), sqlite);
            for receipt in sqlite.iter().flatten() {
                let plain = Receipt { is_repeat: false, ..receipt.clone() };
                let first = self.receipts.entry(receipt.act.0).or_insert_with(|| plain.clone());
                prop_assert_eq!(&*first, &plain, "a repeat with another answer");
            }
        }
        for item in items {
            match item {
                Item::One(request) => self.asked.push(*request),
                Item::Group(group) => self.asked.extend(group.requests.iter().cloned()),
            }
        }
        Ok(())
    }

    fn judge(&mut self, item: &Item) -> Option<Vec<Verdict>> {
        match item {
            Item::One(request) => {
                let verdict = self.model.submit(request);
                (verdict != Verdict::Refused).then(|| vec![verdict])
            }
            Item::Group(group) => self.model.submit_group(&group.requests, group.override_reason.is_some()),
        }
    }

    async fn end(self) -> Result<(), TestCaseError> {
        let heads = [self.ledgers[0].head().await, self.ledgers[1].head().await];
        prop_assert_eq!(heads[0], heads[1], "the logs differ");
        prop_assert_eq!(heads[0].0, self.model.next);
        let mut balances = self.model.balances.clone();
        balances.extend(
            [0].iter()
                .chain(&self.model.associations)
                .map(|number| (*number, 0))
                .filter(|(number, _)| !self.model.balances.contains_key(number)),
        );
        let exchanges = self.model.exchanges.iter();
        let states: Vec<(i64, i64, String)> =
            exchanges.map(|(number, exchange)| (*number, exchange.minutes, exchange.state.to_owned())).collect();
        for ledger in &self.ledgers {
            let found: BTreeMap<i64, i64> = ledger.balances().await.into_iter().collect();
            prop_assert_eq!(&found, &balances, "{:?}", ledger);
            let found = ledger.store.exchanges(ledger.network, false).await.unwrap();
            let found: Vec<_> =
                found.into_iter().map(|line| (line.exchange.0, line.minutes.get(), line.state.to_string())).collect();
            prop_assert_eq!(&found, &states, "{:?}", ledger);
            let now = self.model.today.and_hms_opt(12, 0, 0).unwrap().and_utc();
            prop_assert_eq!(waiting::first_disagreement(ledger, &self.model.associations, now).await, None);
            prop_assert_eq!(ledger.problems().await, [], "{:?}", ledger);
        }
        for Ledger { store, writer, .. } in self.ledgers {
            writer.stop().await;
            store.close().await;
        }
        Ok(())
    }

    fn one(&self, ask: &Ask, key: Option<String>) -> Item {
        Item::One(Box::new(self.request(ask, key)))
    }

    /// Puts a request together from what there is.
    fn request(&self, ask: &Ask, key: Option<String>) -> Request {
        let number = self.exchange(ask);
        let proposal = Ask { what: What::Propose(Side::Giver), ..ask.clone() };
        // What is about an exchange finds none at first: mostly, one is proposed instead.
        let is_vain = number.0 == 0 && ask.what.is_about_an_exchange() && !ask.pick.is_multiple_of(5);
        let ask = if is_vain { &proposal } else { ask };
        let command = self.command(ask, number);
        let by = self.by(ask, number, &command);
        // Keys are distinct: what was asked before is asked again on purpose, or not at all.
        let key = key.unwrap_or_else(|| format!("{} {} {command:?}", self.model.next, ask.pick));
        request(&key, by, command)
    }

    /// An exchange, of those that the request could be about if there are any.
    fn exchange(&self, ask: &Ask) -> ExchangeNumber {
        let wanted = ask.what.states();
        let fitting = |(number, exchange): (&i64, &crate::model::Exchange)| {
            (ask.pick.is_multiple_of(8) || wanted.contains(&exchange.state)).then_some(*number)
        };
        let fitting: Vec<i64> = self.model.exchanges.iter().filter_map(fitting).collect();
        ExchangeNumber(if fitting.is_empty() { 0 } else { fitting[ask.pick / 8 % fitting.len()] })
    }

    fn by(&self, ask: &Ask, number: ExchangeNumber, command: &Command) -> By {
        let exchange = self.model.exchanges.get(&number.0);
        let own = |association: i64| {
            let persons = self.model.persons.iter().filter(|(_, all)| all.contains(&association));
            let persons: Vec<i64> = persons.map(|(person, _)| *person).collect();
            delegate(PersonNumber(persons[ask.pick % persons.len()]), AssociationNumber(association))
        };
        let mediator = By { principal: Principal::Operator, capacity: Capacity::Mediator };
        match (ask.who, exchange, command) {
            (Who::Coordinator, ..) => By::OPERATOR,
            (Who::Mediator, ..) | (_, _, Command::Settle { .. }) => mediator,
            (Who::Anybody(person, association), ..) => {
                delegate(PersonNumber(ASSOCIATIONS + 1 + person), AssociationNumber(association + 1))
            }
            (_, _, Command::Propose { side: Side::Giver, exchange, .. }) => own(exchange.giver.0),
            (_, _, Command::Propose { side: Side::Receiver, exchange, .. }) => own(exchange.receiver.0),
            (_, _, Command::Transfer { from: Some(from), .. }) => own(from.0),
            (Who::Rightful, Some(exchange), Command::Dismiss { .. }) if exchange.state == "contested" => mediator,
            (Who::Rightful, _, Command::Dismiss { .. } | Command::Release { .. } | Command::Record { .. }) => {
                By::OPERATOR
            }
            (Who::Rightful, Some(exchange), Command::Reverse { .. }) if exchange.state == "confirmed" => By::OPERATOR,
            (Who::Rightful | Who::OtherSide, Some(exchange), command) => {
                let side = match command {
                    Command::Withdraw { .. } => exchange.spoken_by,
                    Command::TellContributions { .. } => Side::Giver,
                    _ => exchange.spoken_by.other(),
                };
                let is_giver = (side == Side::Giver) == matches!(ask.who, Who::Rightful);
                own(if is_giver { exchange.giver } else { exchange.receiver })
            }
            (Who::Rightful | Who::OtherSide, None, _) => By::OPERATOR,
        }
    }

    fn command(&self, ask: &Ask, exchange: ExchangeNumber) -> Command {
        let association = |number: i64| AssociationNumber(number + 1);
        let (one, other) = (association(ask.pair.0), association(ask.pair.1));
        let minutes = Minutes::new(ask.minutes);
        let reason = || "pour voir".to_owned();
        let transfer = |from, to, reason| Command::Transfer {
            from,
            to,
            minutes,
            reason,
            decision: (!ask.pick.is_multiple_of(5)).then(|| "bureau".to_owned()),
        };
        let record = |exchange| Command::Record { exchange, evidence: Evidence::COORDINATOR };
        match ask.what {
            What::Propose(side) => Command::Propose { side, exchange: self.new_exchange(ask), evidence: witness(ask) },
            What::Record => record(self.new_exchange(ask)),
            What::RecordWithReference => {
                let reference = Some(format!("F-{}", ask.pick % 4));
                record(NewExchange { reference, ..self.new_exchange(ask) })
            }
            What::Replace => record(NewExchange { replaces: Some(exchange), ..self.new_exchange(ask) }),
            What::Confirm => {
                let reason = (!ask.pick.is_multiple_of(3)).then(reason);
                Command::Confirm { exchange, evidence: Evidence::BOTH_SIDES, reason }
            }
            What::Amend => Command::Amend { exchange, minutes, service_date: ask.date },
            What::Contest => Command::Contest { exchange, reason: reason() },
            What::Withdraw => Command::Withdraw { exchange },
            What::Dismiss => Command::Dismiss { exchange, reason: reason() },
            What::Settle => Command::Settle { exchange, minutes, reason: reason() },
            What::Release => Command::Release { exchange, reason: reason() },
            What::RequestCorrection => Command::RequestCorrection { exchange, reason: reason() },
            What::Keep => Command::Keep { exchange, reason: reason() },
            What::ReverseExchange => Command::Reverse { target: exchange.into(), reason: reason() },
            What::Reverse => {
                let acts = usize::try_from(self.model.next).unwrap();
                let target = ActNumber(i64::try_from(acts - 1 - ask.pick % acts.min(12)).unwrap());
                Command::Reverse { target, reason: reason() }
            }
            What::Tell => {
                let giver = self.model.exchanges.get(&exchange.0).map_or(one.0, |exchange| exchange.giver);
                Command::TellContributions { exchange, contributions: self.contributions(ask, giver) }
            }
            What::OwnHours => {
                let contribution = contribution_of(self.model_person(ask, one.0), minutes, false);
                Command::GiveOwnHours { association: one, service_date: ask.date, skill: None, contribution }
            }
            What::Gift => transfer(Some(one), (!ask.pick.is_multiple_of(4)).then_some(other), TransferReason::Gift),
            What::Dues => transfer(Some(one), None, TransferReason::Dues),
            What::Grant => transfer(None, Some(other), TransferReason::Grant),
            What::Opening => Command::BringInBalance { association: one, minutes, date: ask.date },
            What::OwnLimits => {
                let limits = (!ask.pick.is_multiple_of(3)).then(|| limits(ask));
                Command::SetLimits { association: one, limits, decision: reason() }
            }
            What::PolicyLimits => {
                let policy = Policy { limits: limits(ask), ..Policy::default() };
                Command::AdoptPolicy { policy, decision: reason() }
            }
            What::Suspend | What::TakeBack => {
                let suspends = matches!(ask.what, What::Suspend);
                let state = if suspends { MembershipState::Suspended } else { MembershipState::Active };
                Command::SetMembership { association: one, state, reason: reason() }
            }
            What::Describe => described(ask, one),
            What::CorrectPerson => corrected(ask, self.model_person(ask, one.0)),
            What::CloseYear => Command::CloseYear { year: Year(2023 + i32::from(ask.pick.is_multiple_of(2))) },
        }
    }

    fn new_exchange(&self, ask: &Ask) -> NewExchange {
        NewExchange {
            giver: AssociationNumber(ask.pair.0 + 1),
            receiver: AssociationNumber(ask.pair.1 + 1),
            minutes: Minutes::new(ask.minutes),
            service_date: ask.date,
            skill: None,
            reference: None,
            memo: ask.pick.is_multiple_of(3).then(|| "merci".to_owned()),
            contributions: self.contributions(ask, ask.pair.0 + 1),
            replaces: None,
        }
    }

    fn contributions(&self, ask: &Ask, giver: i64) -> Vec<Contribution> {
        let one = |(person, minutes, governs): &(i64, i64, bool)| {
            let person = if *person == 0 { PersonNumber(ASSOCIATIONS + 1) } else { self.model_person(ask, giver) };
            contribution_of(person, Minutes::new(*minutes), *governs)
        };
        ask.told.iter().map(one).collect()
    }

    /// Somebody of that association.
    fn model_person(&self, ask: &Ask, association: i64) -> PersonNumber {
        let persons = self.model.persons.iter().filter(|(_, all)| all.contains(&association));
        let persons: Vec<i64> = persons.map(|(person, _)| *person).collect();
        PersonNumber(persons[ask.pick % persons.len()])
    }
}

/// Says anew what a member is.
fn described(ask: &Ask, association: AssociationNumber) -> Command {
    let kind = AssociationKind::ALL[ask.pick % AssociationKind::ALL.len()];
    let contact = Contact { phone: Some(format!("02 99 00 00 0{}", ask.pick % 10)), ..Contact::default() };
    let member_since = Some(ask.date);
    let description = Description { kind, commune: None, insee: None, member_since, contact };
    Command::DescribeAssociation { association, description }
}

/// Says anew who somebody is.
fn corrected(ask: &Ask, person: PersonNumber) -> Command {
    let email = (!ask.pick.is_multiple_of(3)).then(|| format!("{}@example.org", ask.pick % 7));
    let code = format!("P-{person}-{}", ask.pick % 2);
    Command::CorrectPerson {
        person,
        identity: Identity { code, first_name: None, last_name: None, email, adult_on: None },
    }
}

fn contribution_of(person: PersonNumber, minutes: Minutes, governs: bool) -> Contribution {
    Contribution { person, minutes, nature: if governs { Nature::Governance } else { Nature::Operational } }
}

/// Hard limits near to zero, so that they are met.
fn limits(ask: &Ask) -> Limits {
    let floor = ask.pick.is_multiple_of(2).then(|| Minutes::new(-ask.minutes.abs()));
    Limits { hard_floor: floor, hard_ceiling: ask.pick.is_multiple_of(5).then(|| Minutes::new(600)), ..Limits::NONE }
}

fn verdict(receipt: &Receipt) -> Verdict {
    match receipt {
        Receipt { is_repeat: true, act, .. } => Verdict::Repeated(act.0),
        Receipt { state: Some(ExchangeState::Held), act, .. } => Verdict::Held(act.0),
        Receipt { act, .. } => Verdict::Accepted(act.0),
    }
}

fn text(item: &Item) -> String {
    match item {
        Item::One(request) => format!("{request:?}"),
        Item::Group(group) => format!("{group:?}"),
    }
}

/// Who calls the coordinator is named with what they say; a side that names a witness for itself is refused.
fn witness(ask: &Ask) -> Option<Evidence> {
    let reference = Some("Téléphone, Anne".to_owned());
    ask.pick.is_multiple_of(4).then_some(Evidence { reference, ..Evidence::COORDINATOR })
}
