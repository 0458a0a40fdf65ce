//! Decisions about exchanges, from the first word to the last correction.

use chrono::{Datelike, NaiveDate};

use super::{
    answer::{LimitsMet, Refusal},
    engagement,
    judge::{Judge, check_minutes, check_text},
};
use crate::{
    AssociationNumber, ExchangeNumber, Minutes, Rejection,
    account::{Account, Movements, Posting, PostingKind},
    act::{Contributed, Outcome, Reference, Text, TextField},
    association::MembershipState::{Active, Suspended},
    command::{Capacity, NewExchange, Principal},
    contribution::{Contribution, Nature},
    evidence::{Evidence, EvidenceKind},
    exchange::{Exchange, ExchangeState, Side, Step, Terms},
    loaded::NotLoaded,
    state::{BROUGHT_IN_MOST, KnownExchange, numbered_reference, reference_of},
};

/// No reference has more characters: people read it aloud.
const REFERENCE_MOST: usize = 64;

impl Judge<'_, '_> {
    pub(super) fn propose(
        &mut self,
        side: Side,
        new: &NewExchange,
        evidence: Option<&Evidence>,
    ) -> Result<Outcome, Refusal> {
        match self.request.by.capacity {
            // A side speaks for itself: there is nobody else to name.
            Capacity::Association(_) if evidence.is_some() => return Err(Rejection::OnlyForTheCoordinator.into()),
            Capacity::Association(own) if own == speaker(side, new) => {
                self.association_in(own, &[Active])?;
            }
            Capacity::Association(own) => return Err(Rejection::NotASide(own).into()),
            Capacity::Coordinator => {}
            Capacity::Mediator | Capacity::Oneself => return Err(Rejection::OnlyForTheCoordinator.into()),
        }
        let terms = self.new_terms(new)?;
        let exchange = self.new_exchange(terms, side, new);
        let evidence = evidence.map(|evidence| self.evidence(evidence)).transpose()?.flatten();
        let mut outcome = self.first_words(exchange, new)?;
        outcome.texts.extend(evidence);
        Ok(outcome)
    }

    pub(super) fn record(&mut self, new: &NewExchange, evidence: &Evidence) -> Result<Outcome, Refusal> {
        self.check_coordinator()?;
        let terms = self.new_terms(new)?;
        let proposed = self.new_exchange(terms, Side::Giver, new);
        let evidence = self.evidence(evidence)?;
        let mut outcome = self.first_words(proposed, new)?;
        let told = std::mem::take(&mut outcome.contributions);
        self.post(proposed.step(Step::Confirm)?, &told, &mut outcome)?;
        outcome.texts.extend(evidence);
        Ok(outcome)
    }

    pub(super) fn confirm(
        &mut self,
        number: ExchangeNumber,
        evidence: &Evidence,
        reason: Option<&str>,
    ) -> Result<Outcome, Refusal> {
        let known = self.exchange(number)?;
        let mut outcome = Outcome::default();
        match self.request.by.capacity {
            Capacity::Coordinator => {
                self.check_did_not_speak(known)?;
                outcome.texts.push(self.text(TextField::Reason, reason.unwrap_or_default())?);
            }
            Capacity::Association(own) if evidence.kind == EvidenceKind::Mandate => {
                self.check_mandate(known, own)?;
            }
            Capacity::Association(_) | Capacity::Mediator | Capacity::Oneself => self.check_answers(known)?,
        }
        let evidence = self.evidence(evidence)?;
        outcome.texts.extend(evidence);
        self.post(known.exchange.step(Step::Confirm)?, &known.told, &mut outcome)?;
        Ok(outcome)
    }

    pub(super) fn amend(
        &self,
        number: ExchangeNumber,
        minutes: Minutes,
        service_date: NaiveDate,
    ) -> Result<Outcome, Refusal> {
        let known = self.exchange(number)?;
        let exchange = known.exchange;
        self.check_answers(known)?;
        self.check_step(minutes)?;
        self.check_date(service_date)?;
        let amended = exchange.amended(exchange.spoken_by.other(), self.number(), minutes, service_date)?;
        if amended.terms == exchange.terms {
            return Err(Rejection::NothingIsAmended.into());
        }
        Ok(Outcome { exchange: Some(amended), ..Outcome::default() })
    }

    pub(super) fn contest(&mut self, number: ExchangeNumber, reason: &str) -> Result<Outcome, Refusal> {
        let known = self.exchange(number)?;
        self.check_answers(known)?;
        self.stepped(known.exchange, Step::Contest, Some(reason))
    }

    pub(super) fn withdraw(&mut self, number: ExchangeNumber) -> Result<Outcome, Refusal> {
        let exchange = self.exchange(number)?.exchange;
        if self.side(&exchange)? != exchange.spoken_by {
            return Err(Rejection::OtherSideAnswers.into());
        }
        self.stepped(exchange, Step::Withdraw, None)
    }

    pub(super) fn dismiss(&mut self, number: ExchangeNumber, reason: &str) -> Result<Outcome, Refusal> {
        let exchange = self.exchange(number)?.exchange;
        if exchange.state == ExchangeState::Contested {
            self.check_mediator_between(&exchange)?;
        } else {
            self.check_coordinator()?;
        }
        self.stepped(exchange, Step::Dismiss, Some(reason))
    }

    pub(super) fn settle(
        &mut self,
        number: ExchangeNumber,
        minutes: Minutes,
        reason: &str,
    ) -> Result<Outcome, Refusal> {
        let KnownExchange { exchange, told, .. } = self.exchange(number)?;
        self.check_mediator_between(exchange)?;
        self.check_step(minutes)?;
        let mut outcome = Outcome { texts: vec![self.text(TextField::Reason, reason)?], ..Outcome::default() };
        let settled = exchange.step(Step::Settle)?;
        let settled = Exchange { terms: Terms { minutes, ..settled.terms }, ..settled };
        self.post(settled, told, &mut outcome)?;
        Ok(outcome)
    }

    pub(super) fn release(&mut self, number: ExchangeNumber, reason: &str) -> Result<Outcome, Refusal> {
        let KnownExchange { exchange, told, .. } = self.exchange(number)?;
        self.check_coordinator()?;
        let mut outcome = Outcome { texts: vec![self.text(TextField::Reason, reason)?], ..Outcome::default() };
        let released = exchange.step(Step::Release)?;
        let mut agreed = self.agreed(&released.terms, told)?;
        outcome.overridden = std::mem::take(&mut agreed.limits_met.hard);
        self.write_down(released, agreed, &mut outcome);
        Ok(outcome)
    }

    pub(super) fn request_correction(&mut self, number: ExchangeNumber, reason: &str) -> Result<Outcome, Refusal> {
        let exchange = self.exchange(number)?.exchange;
        let spoken = Exchange { spoken_by: self.side(&exchange)?, spoken_in: self.number(), ..exchange };
        self.stepped(spoken, Step::RequestCorrection, Some(reason))
    }

    pub(super) fn keep(&mut self, number: ExchangeNumber, reason: &str) -> Result<Outcome, Refusal> {
        let known = self.exchange(number)?;
        if self.request.by.capacity != Capacity::Coordinator {
            self.check_answers(known)?;
        }
        self.stepped(known.exchange, Step::Keep, Some(reason))
    }

    /// Negates all that an exchange posted in both books. The side that was asked for a correction may, and the
    /// coordinator.
    pub(super) fn reverse_exchange(&mut self, known: &KnownExchange, reason: &str) -> Result<Outcome, Refusal> {
        let KnownExchange { exchange, told, .. } = known;
        if exchange.state != ExchangeState::CorrectionRequested || self.request.by.capacity == Capacity::Coordinator {
            self.check_coordinator()?;
        } else {
            self.check_answers(known)?;
        }
        let mut outcome = self.stepped(*exchange, Step::Reverse, Some(reason))?;
        let given = (Account::Association(exchange.terms.giver), PostingKind::Correction);
        let received = (Account::Association(exchange.terms.receiver), PostingKind::Correction);
        let minutes = exchange.terms.minutes;
        let exchanged = Movements::pair(given, received, minutes).ok_or(Rejection::MinutesOutOfRange(minutes))?;
        outcome.contributions = self.taken_back(told)?;
        outcome.postings = self.postings(&exchanged.and(engagement::movements(&outcome.contributions)?))?;
        outcome.booked = Some(self.booking(exchange.terms.service_date));
        Ok(outcome)
    }

    /// What a new exchange says must hold before anything else is asked.
    fn new_terms(&self, new: &NewExchange) -> Result<Terms, Refusal> {
        for association in [new.giver, new.receiver] {
            self.association_in(association, &[Active, Suspended])?;
        }
        let skill = self.skill(new.skill.as_ref())?;
        if new.giver == new.receiver {
            return Err(Rejection::AssociationsMustDiffer.into());
        }
        self.check_step(new.minutes)?;
        self.check_date(new.service_date)?;
        if let Some(reference) = &new.reference {
            self.check_reference(reference)?;
        }
        if let Some(replaced) = new.replaces
            && self.exchange(replaced)?.exchange.state != ExchangeState::Reversed
        {
            return Err(Rejection::ReplacedExchangeStands(replaced).into());
        }
        self.check_contributions(new.giver, &new.contributions, Minutes::ZERO, new.minutes)?;
        let NewExchange { giver, receiver, minutes, service_date, .. } = *new;
        Ok(Terms { giver, receiver, minutes, service_date, skill })
    }

    fn check_step(&self, minutes: Minutes) -> Result<(), Rejection> {
        check_minutes(minutes)?;
        let step_minutes = self.state.registry.policy().step_minutes;
        let step = i64::from(step_minutes);
        // No policy with a step of zero is ever adopted; no amount would fit it.
        let rest = minutes.get().checked_rem(step).ok_or(Rejection::StepDoesNotFit(step_minutes))?;
        if rest == 0 {
            return Ok(());
        }
        // Neither leaves the range: the amount is one that exchanges may have.
        let below = Minutes::new(minutes.get().saturating_sub(rest));
        let above = Minutes::new(below.get().saturating_add(step));
        Err(Rejection::StepIsNotFitted { minutes, below, above })
    }

    fn check_reference(&self, reference: &str) -> Result<(), Refusal> {
        check_text("reference", reference, REFERENCE_MOST)?;
        if self.state.is_referenced(reference)? {
            return Err(Rejection::ReferenceIsTaken(reference.to_owned()).into());
        }
        let Some((year, number)) = numbered_reference(reference) else { return Ok(()) };
        // What the ledger has not given yet is its own to give. The network's coordinator may bring in what was given
        // elsewhere, and it goes on from there; nobody else moves the numbers that all share.
        let is_past = year <= self.today.year() && number <= self.state.reference_counter(year)?;
        let may_lead =
            year <= self.today.year() && number <= BROUGHT_IN_MOST && self.request.by.capacity == Capacity::Coordinator;
        if is_past || may_lead { Ok(()) } else { Err(Rejection::ReferenceIsReserved(reference.to_owned()).into()) }
    }

    /// Persons of the giver, none governing, and no more time in all than the exchange has.
    pub(super) fn check_contributions(
        &self,
        giver: AssociationNumber,
        contributions: &[Contribution],
        told_before: Minutes,
        exchange: Minutes,
    ) -> Result<(), Rejection> {
        let mut told = told_before;
        for contribution in contributions {
            self.check_contribution(giver, contribution)?;
            if contribution.nature == Nature::Governance {
                return Err(Rejection::GovernanceOnExchange);
            }
            let out_of_range = Rejection::MinutesOutOfRange(contribution.minutes);
            told = told.checked_add(contribution.minutes).ok_or(out_of_range)?;
            if told > exchange {
                return Err(Rejection::ContributionsExceedExchange { told, exchange });
            }
        }
        Ok(())
    }

    fn new_exchange(&self, terms: Terms, side: Side, new: &NewExchange) -> Exchange {
        Exchange {
            number: ExchangeNumber(self.number().0),
            terms,
            state: ExchangeState::Proposed,
            spoken_by: side,
            spoken_in: self.number(),
            posted_in: None,
            replaces: new.replaces,
        }
    }

    /// What every new exchange brings, proposed or recorded: a reference, a remark, who did it.
    fn first_words(&mut self, exchange: Exchange, new: &NewExchange) -> Result<Outcome, Refusal> {
        let reference = match &new.reference {
            Some(brought_in) => Reference { text: brought_in.clone(), key: Some(self.key()) },
            None => Reference { text: self.next_reference()?, key: None },
        };
        let memo = match new.memo.as_deref().map(str::trim) {
            Some(memo) if !memo.is_empty() => Some(self.text(TextField::Memo, memo)?),
            Some(_) | None => None,
        };
        let contributions = self.contributed(
            exchange.terms.giver,
            Some(exchange.number),
            exchange.terms.skill,
            exchange.terms.service_date,
            &new.contributions,
        );
        Ok(Outcome {
            exchange: Some(exchange),
            reference: Some(reference),
            contributions,
            texts: memo.into_iter().collect(),
            ..Outcome::default()
        })
    }

    /// The next free reference of the year in which the exchange is recorded.
    fn next_reference(&self) -> Result<String, NotLoaded> {
        let year = self.today.year();
        Ok(reference_of(year, self.state.reference_counter(year)?.saturating_add(1)))
    }

    /// Posts an agreed exchange, or holds it when a hard limit stands against it: help already given is never lost.
    fn post(&self, exchange: Exchange, told: &[Contributed], outcome: &mut Outcome) -> Result<(), Refusal> {
        let agreed = self.agreed(&exchange.terms, told)?;
        if agreed.limits_met.hard.is_empty() {
            self.write_down(exchange, agreed, outcome);
            return Ok(());
        }
        outcome.exchange = Some(exchange.held());
        outcome.limits_met = agreed.limits_met.hard;
        // Told with a new exchange, it has to be kept until the exchange is released.
        let is_new = exchange.number.0 == self.number().0;
        outcome.contributions = if is_new { told.to_vec() } else { Vec::new() };
        Ok(())
    }

    /// What an agreed exchange posts in both books. What was told of who did it follows an amendment to its date, and is
    /// dropped when one has left less time than that.
    fn agreed(&self, terms: &Terms, told: &[Contributed]) -> Result<Agreed, Refusal> {
        let fits = engagement::sum(told)? <= terms.minutes;
        let told = if fits { told } else { &[] };
        let dated = told.iter().map(|told| Contributed { service_date: terms.service_date, ..*told });
        let contributions: Vec<Contributed> = dated.collect();
        let exchanged = terms.movements().ok_or(Rejection::MinutesOutOfRange(terms.minutes))?;
        let postings = self.postings(&exchanged.and(engagement::movements(&contributions)?))?;
        let limits_met = self.limits_met(&postings)?;
        Ok(Agreed { contributions, postings, limits_met })
    }

    /// Notes what an agreed exchange posts. The accounts that it takes past a hard limit are the caller's to judge.
    fn write_down(&self, exchange: Exchange, agreed: Agreed, outcome: &mut Outcome) {
        outcome.contributions = agreed.contributions;
        outcome.postings = agreed.postings;
        outcome.booked = Some(self.booking(exchange.terms.service_date));
        outcome.exchange = Some(Exchange { posted_in: Some(self.number()), ..exchange });
        outcome.limits_met = agreed.limits_met.soft;
    }

    /// A step that posts nothing.
    fn stepped(&mut self, exchange: Exchange, step: Step, reason: Option<&str>) -> Result<Outcome, Refusal> {
        let exchange = exchange.step(step)?;
        let texts = match reason {
            Some(reason) => vec![self.text(TextField::Reason, reason)?],
            None => Vec::new(),
        };
        Ok(Outcome { exchange: Some(exchange), texts, ..Outcome::default() })
    }

    fn evidence(&mut self, evidence: &Evidence) -> Result<Option<Text>, Rejection> {
        evidence.reference.as_deref().map(|reference| self.text(TextField::Evidence, reference)).transpose()
    }

    /// The side of the association that the request is made for.
    fn side(&self, exchange: &Exchange) -> Result<Side, Rejection> {
        match self.request.by.capacity {
            Capacity::Association(own) => exchange.terms.side_of(own).ok_or(Rejection::NotASide(own)),
            Capacity::Coordinator | Capacity::Mediator | Capacity::Oneself => Err(Rejection::OtherSideAnswers),
        }
    }

    /// It is this side's turn, and somebody else's than the one who spoke.
    fn check_answers(&self, known: &KnownExchange) -> Result<(), Rejection> {
        if self.side(&known.exchange)? == known.exchange.spoken_by {
            return Err(Rejection::OtherSideAnswers);
        }
        self.check_did_not_speak(known)
    }

    /// Nobody answers what they said themselves, whatever their roles. The operator stands for the network's files
    /// and slips, not for a person.
    fn check_did_not_speak(&self, known: &KnownExchange) -> Result<(), Rejection> {
        let principal = self.request.by.principal;
        let spoke = known.speaker == principal;
        if spoke && principal != Principal::Operator { Err(Rejection::ProposerMayNotAnswer) } else { Ok(()) }
    }

    /// A mandate lets the side that spoke confirm for the other one; not the same person, all the same. Whoever answers
    /// for themselves has none.
    fn check_mandate(&self, known: &KnownExchange, own: AssociationNumber) -> Result<(), Rejection> {
        let exchange = &known.exchange;
        if self.side(exchange)? != exchange.spoken_by {
            return Err(Rejection::NoMandateCoversIt(own));
        }
        let other = exchange.terms.association(exchange.spoken_by.other());
        let mandate = self.association(other)?.mandates.get(&own);
        if !mandate.is_some_and(|mandate| mandate.covers(exchange.terms.minutes, self.today)) {
            return Err(Rejection::NoMandateCoversIt(other));
        }
        self.check_did_not_speak(known)
    }

    fn check_mediator_between(&self, exchange: &Exchange) -> Result<(), Rejection> {
        if self.request.by.capacity != Capacity::Mediator {
            return Err(Rejection::OnlyForAMediator);
        }
        let person = match self.request.by.principal {
            Principal::Person(number) => self.person(number)?,
            Principal::Operator => return Ok(()),
        };
        let belongs_to = |side: &AssociationNumber| {
            person.associations.contains(side) || person.roles.iter().any(|role| role.association() == Some(*side))
        };
        match [exchange.terms.giver, exchange.terms.receiver].into_iter().find(belongs_to) {
            Some(side) => Err(Rejection::MediatorBelongsToASide(side)),
            None => Ok(()),
        }
    }
}

/// What an agreed exchange posts, and which limits that meets.
struct Agreed {
    contributions: Vec<Contributed>,
    postings: Vec<Posting>,
    limits_met: LimitsMet,
}

const fn speaker(side: Side, new: &NewExchange) -> AssociationNumber {
    match side {
        Side::Giver => new.giver,
        Side::Receiver => new.receiver,
    }
}
