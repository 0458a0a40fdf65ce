//! What a bench is to do, and on what ground.

use std::time::Instant;

use chrono::NaiveDate;
use clap::ArgMatches;
use ledger::{AssociationNumber, NetworkId};

use crate::failure::Failure;

/// What is to be done.
#[derive(Debug, Clone, Copy)]
pub(super) struct Load {
    pub(super) clients: u64,
    pub(super) seconds: u64,
    /// Exchanges a call; more than one go as a group.
    pub(super) batch: u64,
    pub(super) associations: u64,
    /// Among so many networks, each with associations of its own, the callers are dealt out.
    pub(super) networks: u64,
    /// Whether one association is on one side of half of all exchanges.
    pub(super) is_hot: bool,
}

impl Load {
    /// What the command line asks for.
    pub(super) fn read(args: &ArgMatches) -> Result<Self, Failure> {
        let number = |name: &str| args.get_one::<u64>(name).copied().unwrap_or(1);
        let load = Self {
            clients: number("clients"),
            seconds: number("seconds"),
            batch: number("batch"),
            associations: number("associations"),
            networks: number("networks"),
            is_hot: args.get_flag("hot"),
        };
        if load.associations < 2 {
            return Err(Failure::said(
                "il faut au moins deux associations : --associations 2",
                "it takes two associations at least: --associations 2",
            ));
        }
        if load.clients < load.networks {
            return Err(Failure::said(
                format!("il faut un appelant par réseau au moins : --clients {}", load.networks),
                format!("it takes one caller a network at least: --clients {}", load.networks),
            ));
        }
        Ok(load)
    }
}

/// Where it is done.
#[derive(Debug, Clone)]
pub(super) struct Ground {
    pub(super) network: NetworkId,
    pub(super) name: String,
    pub(super) members: Vec<AssociationNumber>,
    pub(super) today: NaiveDate,
}

/// The instant from which a duration is measured.
pub(super) fn now() -> Instant {
    #[expect(clippy::disallowed_methods, reason = "measuring durations is what a bench is for")]
    Instant::now()
}
