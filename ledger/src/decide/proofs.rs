//! Decisions about what outsiders can check: keys, statements, recognitions, and what is erased.

use super::{
    answer::Refusal,
    engagement,
    judge::{Judge, TEXT_MOST, check_text},
};
use crate::{
    ActNumber, ExchangeNumber, PersonNumber, Rejection,
    act::{Outcome, TextField},
    command::{Capacity, IssuedStatement, LostHead, Principal},
    exchange::Side,
    generation::{Generation, generation_of, origin},
    key,
    keyed::{NetworkSecrets, RequestSecret},
    loaded::NotLoaded,
    recognition::{Level, Recognition, RecognitionState},
    skill::SkillRef,
    state::{KnownExchange, Network},
    year::Year,
};

impl Judge<'_, '_> {
    /// A domain leads to one network: whoever asks for its keys is answered with those of nobody else.
    pub(super) fn adopt_key(&self, domain: Option<&str>) -> Result<Outcome, Refusal> {
        self.check_coordinator()?;
        if let Some(domain) = domain {
            if !key::is_domain(domain) {
                return Err(Rejection::DomainDoesNotFit(domain.to_owned()).into());
            }
            if self.state.is_anothers_domain(domain)? {
                return Err(Rejection::DomainIsTaken(domain.to_owned()).into());
            }
        }
        Ok(Outcome::default())
    }

    pub(super) fn issue_statements(&self, year: Year, statements: &[IssuedStatement]) -> Result<Outcome, Rejection> {
        self.check_coordinator()?;
        for statement in statements {
            self.association(statement.association)?;
        }
        if !self.state.is_closed(year) {
            return Err(Rejection::YearIsOpen(year));
        }
        if statements.is_empty() { Err(Rejection::NoStatements) } else { Ok(Outcome::default()) }
    }

    /// The association that was helped says what it saw; the coordinator may write down what it said on paper.
    pub(super) fn recognise(
        &mut self,
        exchange: ExchangeNumber,
        person: PersonNumber,
        skill: Option<&SkillRef>,
        level: Level,
        context: &str,
        activities: &str,
    ) -> Result<Outcome, Refusal> {
        self.person(person)?;
        check_text("context", context, TEXT_MOST)?;
        check_text("activities", activities, TEXT_MOST)?;
        let named = self.skill(skill)?;
        let KnownExchange { exchange: found, told, .. } = self.exchange(exchange)?;
        if !found.state.is_posted() {
            return Err(Rejection::ExchangeIsNotOpenToThat { exchange, state: found.state }.into());
        }
        let receiver = found.terms.association(Side::Receiver);
        match self.request.by.capacity {
            Capacity::Association(own) if own == receiver => {}
            Capacity::Association(own) => return Err(Rejection::NotASide(own).into()),
            Capacity::Coordinator | Capacity::Mediator | Capacity::Oneself => self.check_coordinator()?,
        }
        let theirs: Vec<_> = told.iter().filter(|told| told.person == person).copied().collect();
        if !engagement::sum(&theirs)?.is_positive() {
            return Err(Rejection::PersonDidNotHelp(person, exchange).into());
        }
        let skill = named.or(found.terms.skill).ok_or(Rejection::SkillIsMissing)?;
        let recognition = Recognition {
            number: self.number(),
            person,
            association: receiver,
            exchange: Some(exchange),
            skill,
            level,
            state: RecognitionState::Offered,
        };
        let texts = vec![self.text(TextField::Context, context)?, self.text(TextField::Activities, activities)?];
        Ok(Outcome { recognition: Some(recognition), person: Some((person, self.key())), texts, ..Outcome::default() })
    }

    /// The volunteer answers; the coordinator may write down an answer given on paper.
    pub(super) fn accept_recognition(&mut self, number: ActNumber, guardian: Option<&str>) -> Result<Outcome, Refusal> {
        let recognition = self.recognition(number)?;
        match (self.request.by.principal, self.request.by.capacity) {
            (Principal::Person(person), Capacity::Oneself) if person == recognition.person => {}
            (_, Capacity::Coordinator) => {}
            (_, Capacity::Association(_) | Capacity::Mediator | Capacity::Oneself) => {
                return Err(Rejection::VolunteerAnswers.into());
            }
        }
        let accepted = recognition.accepted()?;
        let minor_until = self.person(accepted.person)?.minor_until(self.today);
        if let Some(adult_on) = minor_until.filter(|_| guardian.is_none()) {
            return Err(Rejection::GuardianConsents(adult_on).into());
        }
        let texts =
            guardian.map(|name| self.text(TextField::Guardian, name)).into_iter().collect::<Result<_, Rejection>>()?;
        let person = Some((accepted.person, self.key()));
        Ok(Outcome { recognition: Some(accepted), person, texts, ..Outcome::default() })
    }

    pub(super) fn withdraw_recognition(&mut self, number: ActNumber, reason: &str) -> Result<Outcome, Refusal> {
        let recognition = self.recognition(number)?;
        match (self.request.by.principal, self.request.by.capacity) {
            (Principal::Person(person), Capacity::Oneself) if person == recognition.person => {}
            (_, Capacity::Association(own)) if own == recognition.association => {}
            (_, Capacity::Association(own)) => return Err(Rejection::NotASide(own).into()),
            (_, Capacity::Coordinator | Capacity::Mediator | Capacity::Oneself) => self.check_coordinator()?,
        }
        let withdrawn = recognition.withdrawn()?;
        let texts = vec![self.text(TextField::Reason, reason)?];
        let person = Some((withdrawn.person, self.key()));
        Ok(Outcome { recognition: Some(withdrawn), person, texts, ..Outcome::default() })
    }

    fn recognition(&self, number: ActNumber) -> Result<Recognition, Refusal> {
        Ok(*self.state.recognition(number)?.ok_or(Rejection::UnknownRecognition(number))?)
    }

    /// Somebody has to stay in charge; whoever is asked may be erased otherwise, at any time.
    pub(super) fn erase_person(&mut self, person: PersonNumber) -> Result<Outcome, Refusal> {
        self.check_coordinator()?;
        for role in &self.person(person)?.roles {
            self.check_is_not_last_in_charge(*role)?;
        }
        let secrets = self.state.secrets.ok_or(NotLoaded::Secrets)?;
        let requests = RequestSecret { since: self.number(), key: self.key() };
        let secrets = Some(NetworkSecrets { requests, ..secrets });
        Ok(Outcome { person: Some((person, self.key())), secrets, ..Outcome::default() })
    }

    /// The lost log is the present one, or a later one that was lost whole.
    pub(super) fn reopen_log(&self, lost: &LostHead) -> Result<Outcome, Rejection> {
        self.check_coordinator()?;
        let is_ours = |network: &Network| origin(network.uuid, generation_of(&lost.origin)) == lost.origin;
        let present = self.state.registry.generations().present().generation;
        let follows = Generation::after(&lost.origin).is_some_and(|next| next > present);
        if follows && self.state.network.as_ref().is_some_and(is_ours) {
            Ok(Outcome::default())
        } else {
            Err(Rejection::LostLogDoesNotFit)
        }
    }
}
