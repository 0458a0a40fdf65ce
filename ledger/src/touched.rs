//! What requests touch, and so what has to be known before they are decided.
//!
//! One function says it, command by command. Whoever fills a state asks it, so that nobody else lists commands; a
//! decision that needs more than it says fails, and posts nothing: [`crate::loaded::NotLoaded`].

use std::collections::BTreeSet;

use crate::{
    ActNumber, AssociationNumber, ExchangeNumber,
    account::{Account, Movement},
    command::{Command, NewExchange, Request, Seen},
    contribution::Contribution,
    loaded::NotLoaded,
    state::{KnownExchange, Reversible, State},
    year::Year,
};

/// What requests touch, beside members, rules and keys.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Touched {
    /// Accounts that a request names. Those of what it names stand there: [`Touched::accounts`] has them all.
    pub named_accounts: BTreeSet<Account>,
    /// Exchanges.
    pub exchanges: BTreeSet<ExchangeNumber>,
    /// Those of them that may post, or take back what they posted.
    pub posting_exchanges: BTreeSet<ExchangeNumber>,
    /// Acts whose postings may be taken back, where their number is not an exchange's.
    pub reversible: BTreeSet<ActNumber>,
    /// References that a new exchange comes with.
    pub references: BTreeSet<String>,
    /// Whether a new exchange comes with none, and is given the next one of the year.
    pub is_given_reference: bool,
    /// Recognitions.
    pub recognitions: BTreeSet<ActNumber>,
    /// Domains that the network would be known by.
    pub domains: BTreeSet<String>,
    /// The year whose closing is asked for.
    pub closing: Option<Year>,
    /// The association of which it has to be known whether exchanges wait.
    pub open_exchanges_of: Option<AssociationNumber>,
}

impl Touched {
    /// What a request touches.
    pub fn by(request: &Request) -> Self {
        let mut touched = Self::default();
        touched.add(request);
        touched
    }

    /// Adds what a request touches.
    pub fn add(&mut self, request: &Request) {
        match &request.seen {
            Some(Seen::Exchange(exchange)) => {
                self.exchanges.insert(exchange.number);
            }
            // Members and rules are always all there.
            Some(Seen::Member(_) | Seen::Policy(_)) | None => {}
        }
        self.add_command(&request.command);
    }

    fn add_command(&mut self, command: &Command) {
        match command {
            Command::Propose { exchange, .. } => self.add_new(exchange),
            Command::Record { exchange, .. } => {
                self.add_new(exchange);
                self.named_accounts.extend([exchange.giver, exchange.receiver].map(Account::Association));
                self.add_contributions(exchange.giver, &exchange.contributions);
            }
            Command::Confirm { exchange, .. }
            | Command::Settle { exchange, .. }
            | Command::Release { exchange, .. } => {
                self.add_posting(*exchange);
            }
            Command::Amend { exchange, .. }
            | Command::Contest { exchange, .. }
            | Command::Withdraw { exchange }
            | Command::Dismiss { exchange, .. }
            | Command::RequestCorrection { exchange, .. }
            | Command::Keep { exchange, .. }
            | Command::Recognise { exchange, .. } => {
                self.exchanges.insert(*exchange);
            }
            Command::Reverse { target, .. } => {
                self.add_posting(ExchangeNumber(target.0));
                self.reversible.insert(*target);
            }
            Command::TellContributions { exchange, contributions } => {
                self.add_posting(*exchange);
                self.named_accounts.extend(contributions.iter().map(|told| Account::Person(told.person)));
            }
            Command::GiveOwnHours { association, contribution, .. } => {
                self.add_contributions(*association, std::slice::from_ref(contribution));
            }
            Command::Transfer { from, to, .. } => {
                self.named_accounts.extend([from, to].map(|side| side.map_or(Account::Fund, Account::Association)));
            }
            Command::BringInBalance { association, .. } => {
                self.named_accounts.extend([Account::Opening, Account::Association(*association)]);
            }
            Command::Leave { association, into, .. } => {
                let to = into.map_or(Account::Fund, Account::Association);
                self.named_accounts.extend([Account::Association(*association), to]);
                self.open_exchanges_of = Some(*association);
            }
            Command::CloseYear { year } => self.closing = Some(*year),
            Command::AdoptKey { domain, .. } => self.domains.extend(domain.clone()),
            Command::AcceptRecognition { recognition, .. } | Command::WithdrawRecognition { recognition, .. } => {
                self.recognitions.insert(*recognition);
            }
            // These are about members, persons, skills and rules alone, or about nothing that was before.
            Command::FoundNetwork { .. }
            | Command::ReceiveFile { .. }
            | Command::AddAssociation(_)
            | Command::RenameAssociation { .. }
            | Command::SetMembership { .. }
            | Command::AddPerson(_)
            | Command::CorrectPerson { .. }
            | Command::Enrol { .. }
            | Command::GrantRole { .. }
            | Command::RevokeRole { .. }
            | Command::AddSkill { .. }
            | Command::AlignSkill { .. }
            | Command::IdentifyAssociation { .. }
            | Command::DescribeAssociation { .. }
            | Command::AdoptPolicy { .. }
            | Command::SetLimits { .. }
            | Command::SetMandate { .. }
            | Command::IssueStatements { .. }
            | Command::ErasePerson { .. }
            | Command::ReopenLog { .. } => {}
        }
    }

    fn add_new(&mut self, exchange: &NewExchange) {
        match &exchange.reference {
            Some(reference) => drop(self.references.insert(reference.clone())),
            None => self.is_given_reference = true,
        }
        self.exchanges.extend(exchange.replaces);
    }

    fn add_posting(&mut self, exchange: ExchangeNumber) {
        self.exchanges.insert(exchange);
        self.posting_exchanges.insert(exchange);
    }

    fn add_contributions(&mut self, giver: AssociationNumber, contributions: &[Contribution]) {
        if !contributions.is_empty() {
            self.named_accounts.insert(Account::Engaged(giver));
        }
        self.named_accounts.extend(contributions.iter().map(|contribution| Account::Person(contribution.person)));
    }

    /// The acts whose postings are to be looked up, once the exchanges are known: the others are exchanges.
    ///
    /// # Errors
    /// When the exchanges are not known.
    pub fn acts_to_reverse(&self, state: &State) -> Result<Vec<ActNumber>, NotLoaded> {
        let mut acts = Vec::new();
        for act in &self.reversible {
            if state.exchange(ExchangeNumber(act.0))?.is_none() {
                acts.push(*act);
            }
        }
        Ok(acts)
    }

    /// The exchanges that hours were told of, where these hours may be taken back: whether an exchange is reversed
    /// belongs to the decision.
    ///
    /// # Errors
    /// When it is not known what can be taken back.
    pub fn exchanges_told_of(&self, state: &State) -> Result<BTreeSet<ExchangeNumber>, NotLoaded> {
        let mut exchanges = BTreeSet::new();
        for act in self.acts_to_reverse(state)? {
            let posted = state.reversible(act)?;
            let told = posted.into_iter().flat_map(|posted| &posted.contributions);
            exchanges.extend(told.filter_map(|told| told.exchange));
        }
        Ok(exchanges)
    }

    /// Every account that may be moved, once exchanges, and what can be taken back, are known.
    ///
    /// # Errors
    /// When they are not.
    pub fn accounts(&self, state: &State) -> Result<BTreeSet<Account>, NotLoaded> {
        let mut accounts = self.named_accounts.clone();
        for exchange in &self.posting_exchanges {
            if let Some(KnownExchange { exchange, told, .. }) = state.exchange(*exchange)? {
                accounts.extend([exchange.terms.giver, exchange.terms.receiver].map(Account::Association));
                accounts.insert(Account::Engaged(exchange.terms.giver));
                accounts.extend(told.iter().map(|told| Account::Person(told.person)));
            }
        }
        for act in self.acts_to_reverse(state)? {
            if let Some(Reversible { negation, contributions, .. }) = state.reversible(act)? {
                accounts.extend(negation.iter().map(|Movement { account, .. }| *account));
                for told in contributions {
                    accounts.extend([Account::Person(told.person), Account::Engaged(told.association)]);
                }
            }
        }
        Ok(accounts)
    }
}
