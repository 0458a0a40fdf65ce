//! Decisions about who takes part, and under which rules.

use super::{
    answer::Refusal,
    judge::{Judge, NAME_MOST, TEXT_MOST, check_minutes, check_text},
};
use crate::{
    AssociationNumber, Digest, Identifier, PersonNumber, Rejection,
    act::{Outcome, Text, TextField},
    association::{Contact, Description, MembershipState, NewAssociation},
    command::{Capacity, Principal},
    keyed::{NetworkSecrets, RequestSecret},
    mandate::Mandate,
    name,
    person::{Identity, Person, PersonRef, Role},
    policy::{Limits, Policy},
    skill::{Alignment, Framework, SkillRef},
};

impl Judge<'_, '_> {
    pub(super) fn found(&mut self, name: &str) -> Result<Outcome, Rejection> {
        if self.state.network.is_some() {
            return Err(Rejection::NetworkIsFounded);
        }
        check_text("name", name, NAME_MOST)?;
        let requests = RequestSecret { since: self.number(), key: self.key() };
        let secrets = Some(NetworkSecrets { lines: self.key(), lines_since: self.number(), requests });
        Ok(Outcome { secrets, ..Outcome::default() })
    }

    pub(super) fn receive_file(&mut self, name: &str, digest: Digest) -> Result<Outcome, Rejection> {
        self.check_coordinator()?;
        let name = self.text(TextField::FileName, name)?;
        let digest = self.text(TextField::FileDigest, &digest.to_hex())?;
        Ok(Outcome { texts: vec![name, digest], ..Outcome::default() })
    }

    pub(super) fn add_association(&self, new: &NewAssociation) -> Result<Outcome, Rejection> {
        self.check_coordinator()?;
        for name in std::iter::once(&new.name).chain(&new.former_names) {
            self.check_free_name(name, None)?;
        }
        new.identifiers.iter().try_for_each(|identifier| self.check_free_identifier(identifier))?;
        match new.state {
            MembershipState::Applicant | MembershipState::Active => {}
            MembershipState::Suspended | MembershipState::Left => {
                return Err(Rejection::MembershipStateDoesNotFit(new.state));
            }
        }
        check_reached(&new.contact, new.commune.as_deref())?;
        Ok(Outcome::default())
    }

    pub(super) fn describe_association(
        &self,
        association: AssociationNumber,
        description: &Description,
    ) -> Result<Outcome, Rejection> {
        self.check_coordinator()?;
        self.association(association)?;
        check_reached(&description.contact, description.commune.as_deref())?;
        Ok(Outcome::default())
    }

    pub(super) fn rename_association(&self, association: AssociationNumber, name: &str) -> Result<Outcome, Rejection> {
        self.check_coordinator()?;
        self.association(association)?;
        self.check_free_name(name, Some(association))?;
        Ok(Outcome::default())
    }

    pub(super) fn identify_association(
        &self,
        association: AssociationNumber,
        identifier: &Identifier,
    ) -> Result<Outcome, Rejection> {
        self.check_coordinator()?;
        self.association(association)?;
        self.check_free_identifier(identifier)?;
        Ok(Outcome::default())
    }

    fn check_free_identifier(&self, identifier: &Identifier) -> Result<(), Rejection> {
        let holder = self.state.registry.association_identified(identifier);
        holder.map_or(Ok(()), |holder| Err(Rejection::IdentifierIsTaken(holder.number)))
    }

    /// No other member bears or bore the name. A member may write its own in another way, or take an old one back.
    fn check_free_name(&self, name: &str, own: Option<AssociationNumber>) -> Result<(), Rejection> {
        check_text("name", name, NAME_MOST)?;
        if name::fold(name).is_empty() {
            return Err(Rejection::TextIsMissing("name"));
        }
        match self.state.registry.association_named(name) {
            Some(holder) if Some(holder.number) != own || holder.name() == name => {
                Err(Rejection::NameIsTaken(holder.number))
            }
            Some(_) | None => Ok(()),
        }
    }

    pub(super) fn set_membership(
        &mut self,
        association: AssociationNumber,
        state: MembershipState,
        reason: &str,
    ) -> Result<Outcome, Rejection> {
        self.check_coordinator()?;
        let present = self.association(association)?.state;
        match (present, state) {
            (MembershipState::Applicant | MembershipState::Suspended, MembershipState::Active)
            | (MembershipState::Active, MembershipState::Suspended) => {}
            (_, MembershipState::Applicant | MembershipState::Left) => {
                return Err(Rejection::MembershipStateDoesNotFit(state));
            }
            (MembershipState::Active | MembershipState::Left, MembershipState::Active)
            | (
                MembershipState::Applicant | MembershipState::Suspended | MembershipState::Left,
                MembershipState::Suspended,
            ) => return Err(Rejection::AssociationIs(association, present)),
        }
        Ok(Outcome { texts: vec![self.text(TextField::Reason, reason)?], ..Outcome::default() })
    }

    pub(super) fn leave(
        &mut self,
        association: AssociationNumber,
        into: Option<AssociationNumber>,
        reason: &str,
        past_limits: bool,
    ) -> Result<Outcome, Refusal> {
        use MembershipState::{Active, Applicant, Suspended};
        self.check_coordinator()?;
        self.association_in(association, &[Applicant, Active, Suspended])?;
        if let Some(into) = into {
            if into == association {
                return Err(Rejection::CannotMergeWithItself.into());
            }
            self.association_in(into, &[Active])?;
        }
        if self.state.has_open_exchanges(association)? {
            return Err(Rejection::ExchangesAreOpen.into());
        }
        let mut outcome = self.departure(association, into, past_limits)?;
        outcome.texts.push(self.text(TextField::Reason, reason)?);
        Ok(outcome)
    }

    pub(super) fn add_person(&mut self, identity: &Identity) -> Result<Outcome, Rejection> {
        self.check_coordinator()?;
        Ok(Outcome { texts: vec![self.told_identity(None, identity)?], ..Outcome::default() })
    }

    /// Who somebody is can be said anew as long as anybody knows it: not once they are erased.
    pub(super) fn correct_person(&mut self, person: PersonNumber, identity: &Identity) -> Result<Outcome, Rejection> {
        self.check_coordinator()?;
        if !self.state.registry.has_code(person) {
            return Err(Rejection::UnknownPerson(person));
        }
        let text = self.told_identity(Some(person), identity)?;
        Ok(Outcome { texts: vec![text], ..self.about(person) })
    }

    /// What is said of a person, who is `own` where they are known already.
    fn told_identity(&mut self, own: Option<PersonNumber>, identity: &Identity) -> Result<Text, Rejection> {
        check_text("code", &identity.code, NAME_MOST)?;
        let texts =
            [("first_name", &identity.first_name), ("last_name", &identity.last_name), ("email", &identity.email)];
        for (field, text) in texts {
            text.as_ref().map_or(Ok(()), |text| check_text(field, text, NAME_MOST))?;
        }
        let bearer = self.state.registry.person_with_code(&identity.code).map(|person| person.number);
        if let Some(other) = bearer.filter(|bearer| Some(*bearer) != own) {
            return Err(Rejection::CodeIsTaken(other));
        }
        let parts =
            [&identity.first_name, &identity.last_name, &identity.email].map(|part| part.as_deref().unwrap_or(""));
        let adult_on = identity.adult_on.map(|adult_on| format!("\n{adult_on}")).unwrap_or_default();
        let text = format!("{}\n{}{adult_on}", identity.code, parts.join("\n"));
        Ok(Text { field: TextField::Identity, text, key: self.key() })
    }

    /// Where somebody belongs, the coordinator says or they themselves: what an association sees of a person begins with
    /// it, so that it cannot be for the association alone to say.
    pub(super) fn enrol(&mut self, person: &PersonRef, association: AssociationNumber) -> Result<Outcome, Rejection> {
        let named = self.person_named(person).map(|person| person.number);
        let is_their_own_yes = match (self.request.by.capacity, self.request.by.principal) {
            (Capacity::Oneself, Principal::Person(own)) => named == Ok(own),
            (
                Capacity::Oneself | Capacity::Association(_) | Capacity::Coordinator | Capacity::Mediator,
                Principal::Operator | Principal::Person(_),
            ) => false,
        };
        if !is_their_own_yes {
            self.check_coordinator()?;
        }
        self.association(association)?;
        let person = named?;
        if self.person(person)?.associations.contains(&association) {
            return Err(Rejection::PersonIsEnrolled(person, association));
        }
        Ok(self.about(person))
    }

    /// An administrator gives the roles of their association to its own people alone.
    pub(super) fn grant_role(&mut self, person: PersonNumber, role: Role) -> Result<Outcome, Rejection> {
        self.check_may_assign(role)?;
        let known = self.person(person)?;
        if known.roles.contains(&role) {
            return Err(Rejection::RoleIsHeld(role));
        }
        match (self.request.by.capacity, role.association()) {
            (Capacity::Association(_), Some(association)) if !known.concerns(association) => {
                return Err(Rejection::PersonIsNotEnrolled(person, association));
            }
            (Capacity::Association(_) | Capacity::Coordinator | Capacity::Mediator | Capacity::Oneself, _) => {}
        }
        Ok(self.about(person))
    }

    pub(super) fn revoke_role(&mut self, person: PersonNumber, role: Role) -> Result<Outcome, Rejection> {
        self.check_may_assign(role)?;
        if !self.person(person)?.roles.contains(&role) {
            return Err(Rejection::RoleIsNotHeld);
        }
        self.check_is_not_last_in_charge(role)?;
        Ok(self.about(person))
    }

    /// Somebody stays in charge of the network, and of each association that has not left.
    pub(super) fn check_is_not_last_in_charge(&self, role: Role) -> Result<(), Rejection> {
        let is_needed = match role {
            Role::Coordinator => true,
            Role::Administrator(association) => self.association(association)?.state != MembershipState::Left,
            Role::Delegate(_) | Role::Mediator | Role::Auditor => false,
        };
        if is_needed && self.state.registry.holders(role) <= 1 { Err(Rejection::LastOneInCharge(role)) } else { Ok(()) }
    }

    /// The coordinator gives any role; an association's administrator those of that association.
    fn check_may_assign(&self, role: Role) -> Result<(), Rejection> {
        match role.association() {
            Some(association) => {
                self.association(association)?;
                self.check_in_charge_of(association)
            }
            None => self.check_coordinator(),
        }
    }

    fn check_in_charge_of(&self, association: AssociationNumber) -> Result<(), Rejection> {
        match (self.request.by.capacity, self.request.by.principal) {
            (Capacity::Association(own), Principal::Person(person)) if own == association => {
                let roles = &self.person(person)?.roles;
                if roles.contains(&Role::Administrator(association)) { Ok(()) } else { Err(Rejection::RoleIsNotHeld) }
            }
            (
                Capacity::Association(_) | Capacity::Coordinator | Capacity::Mediator | Capacity::Oneself,
                Principal::Operator | Principal::Person(_),
            ) => self.check_coordinator(),
        }
    }

    fn person_named(&self, person: &PersonRef) -> Result<&Person, Rejection> {
        match person {
            PersonRef::Number(number) => self.person(*number),
            PersonRef::Code(code) => {
                let found = self.state.registry.person_with_code(code);
                found.ok_or_else(|| Rejection::UnknownPersonCode(code.clone()))
            }
        }
    }

    fn about(&mut self, person: PersonNumber) -> Outcome {
        Outcome { person: Some((person, self.key())), ..Outcome::default() }
    }

    pub(super) fn add_skill(&self, name: &str) -> Result<Outcome, Rejection> {
        self.check_coordinator()?;
        check_text("name", name, NAME_MOST)?;
        if SkillRef::Name(name.to_owned()).find(self.state.registry.skills()).is_some() {
            return Err(Rejection::SkillExists);
        }
        Ok(Outcome::default())
    }

    pub(super) fn align_skill(
        &self,
        skill: &SkillRef,
        framework: Framework,
        alignment: Option<&Alignment>,
    ) -> Result<Outcome, Rejection> {
        self.check_coordinator()?;
        let skill = self.known_skill(skill)?;
        if let Some(Alignment { code, name, url, version }) = alignment {
            if !framework.takes(code) {
                return Err(Rejection::CodeDoesNotFit { framework, code: code.clone() });
            }
            let fields = [("code", code, TEXT_MOST), ("name", name, NAME_MOST), ("url", url, TEXT_MOST)];
            for (field, text, most) in fields.into_iter().chain([("version", version, NAME_MOST)]) {
                check_text(field, text, most)?;
            }
        }
        Ok(Outcome { skill: Some(skill), ..Outcome::default() })
    }

    pub(super) fn adopt_policy(&mut self, policy: &Policy, decision: &str) -> Result<Outcome, Rejection> {
        self.check_coordinator()?;
        if !(1..=1_440).contains(&policy.step_minutes) {
            return Err(Rejection::StepDoesNotFit(policy.step_minutes));
        }
        if !policy.limits.is_coherent() {
            return Err(Rejection::LimitsContradictEachOther);
        }
        Ok(Outcome { texts: vec![self.text(TextField::Decision, decision)?], ..Outcome::default() })
    }

    pub(super) fn set_limits(
        &mut self,
        association: AssociationNumber,
        limits: Option<Limits>,
        decision: &str,
    ) -> Result<Outcome, Rejection> {
        self.check_coordinator()?;
        self.association(association)?;
        if limits.is_some_and(|limits| !limits.is_coherent()) {
            return Err(Rejection::LimitsContradictEachOther);
        }
        Ok(Outcome { texts: vec![self.text(TextField::Decision, decision)?], ..Outcome::default() })
    }

    pub(super) fn set_mandate(
        &self,
        association: AssociationNumber,
        partner: AssociationNumber,
        mandate: Option<Mandate>,
    ) -> Result<Outcome, Rejection> {
        self.association(association)?;
        self.check_in_charge_of(association)?;
        self.association(partner)?;
        if association == partner {
            return Err(Rejection::AssociationsMustDiffer);
        }
        if let Some(mandate) = mandate {
            check_minutes(mandate.minutes_most)?;
        }
        Ok(Outcome::default())
    }
}

/// No telephone number has more characters, with all that people write around it.
const PHONE_MOST: usize = 50;

/// What is said of how to reach a member, and where it sits.
fn check_reached(contact: &Contact, commune: Option<&str>) -> Result<(), Rejection> {
    if let Some(commune) = commune {
        check_text("commune", commune, NAME_MOST)?;
    }
    let texts = [
        ("contact_name", &contact.name, NAME_MOST),
        ("email", &contact.email, NAME_MOST),
        ("phone", &contact.phone, PHONE_MOST),
    ];
    texts
        .into_iter()
        .try_for_each(|(field, text, most)| text.as_ref().map_or(Ok(()), |text| check_text(field, text, most)))
}
