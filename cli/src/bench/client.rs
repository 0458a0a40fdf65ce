//! One of the callers: it asks, waits for the answer, and asks again.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use ledger::{
    Minutes,
    command::{By, Command, NewExchange, Request},
    evidence::Evidence,
    log,
    occasion::Occasion,
};
use store::{Group, Receipt, WriteError, Writer};

use super::load::{Ground, Load, now};
use files::random::Random;

/// What callers have seen.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// Exchanges that were acknowledged.
    pub(super) exchanges: u64,
    /// Answers that said to come back later.
    pub(super) busy: u64,
    /// How long each call took, in µs, waiting included.
    pub(super) micros: Vec<u32>,
}

impl Tally {
    pub(super) fn add(&mut self, other: Self) {
        self.exchanges += other.exchanges;
        self.busy += other.busy;
        self.micros.extend(other.micros);
    }

    /// The time in which so many calls of a thousand were answered. The times have to be sorted.
    pub(super) fn micros_at(&self, per_mille: usize) -> u32 {
        let rank = (self.micros.len() * per_mille).div_ceil(1_000);
        self.micros.get(rank.saturating_sub(1)).copied().unwrap_or_default()
    }
}

/// A caller.
#[derive(Debug)]
pub(super) struct Client {
    number: u64,
    load: Load,
    ground: Ground,
    random: Random,
    asked: u64,
    tally: Tally,
}

impl Client {
    pub(super) fn new(number: u64, load: Load, ground: Ground) -> Self {
        Self { number, load, ground, random: Random(number), asked: 0, tally: Tally::default() }
    }

    /// Calls again and again until that instant, and tells what it has seen.
    pub(super) async fn call_until(mut self, until: Instant, writer: Writer) -> Result<Tally, WriteError> {
        while now() < until {
            let requests: Vec<_> = (0..self.load.batch).map(|_| self.next_request()).collect();
            let began = now();
            let receipts = self.call(&requests, &writer).await?;
            let micros = u32::try_from((now() - began).as_micros()).unwrap_or(u32::MAX);
            self.tally.micros.push(micros);
            self.tally.exchanges += receipts.iter().filter(|receipt| !receipt.is_repeat).count() as u64;
        }
        Ok(self.tally)
    }

    /// One call; when there is too much waiting, the same call again later.
    async fn call(&mut self, requests: &[Request], writer: &Writer) -> Result<Vec<Receipt>, WriteError> {
        let network = self.ground.network;
        loop {
            let answer = match requests {
                [request] => writer.submit(network, request.clone()).await.map(|receipt| vec![receipt]),
                _ => {
                    writer
                        .submit_group(network, Group { requests: requests.to_vec().into(), override_reason: None })
                        .await
                }
            };
            match answer {
                Err(WriteError::Busy { retry_after_seconds }) => {
                    self.tally.busy += 1;
                    tokio::time::sleep(Duration::from_secs(retry_after_seconds)).await;
                }
                answer => return answer,
            }
        }
    }

    fn next_request(&mut self) -> Request {
        let [giver, receiver] = self.pair();
        let minutes = Minutes::new(15 * self.random.between(1, 24));
        let service_date = self.ground.today - TimeDelta::days(self.random.between(0, 364));
        let occasion = Occasion::BenchExchange { client: self.number, asked: self.asked };
        self.asked += 1;
        let exchange = NewExchange {
            giver: self.ground.members[giver],
            receiver: self.ground.members[receiver],
            minutes,
            service_date,
            skill: None,
            reference: None,
            memo: None,
            contributions: Vec::new(),
            replaces: None,
        };
        let content = format!("{giver} {receiver} {} {service_date}", minutes.get());
        let command = Command::Record { exchange, evidence: Evidence::COORDINATOR };
        occasion.request_about(log::leaf_hash(content.as_bytes()), By::OPERATOR, command)
    }

    /// Two different members, giver first.
    fn pair(&mut self) -> [usize; 2] {
        let members = self.ground.members.len();
        let one = if self.load.is_hot && self.random.chance(50) { 0 } else { self.random.below(members) };
        let other = (one + 1 + self.random.below(members - 1)) % members;
        if self.random.chance(50) { [one, other] } else { [other, one] }
    }
}
