//! Who takes part and under which rules: the slow-moving part of what a decision needs to know.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;

use crate::{
    ActNumber, AssociationNumber, Identifier, PersonNumber, SkillNumber,
    act::Act,
    association::{Association, DatedName, MembershipState, NewAssociation},
    command::Command,
    generation::{Generation, Generations, Opening},
    loaded::NotLoaded,
    name,
    person::{Identity, Person, Role},
    policy::{Limits, Policy},
    skill::{Alignment, Framework, Skill},
};

/// Members, persons, skills and rules of one network, and how often its log was lost.
#[derive(Debug, Clone, Default)]
pub struct Registry {
    associations: BTreeMap<AssociationNumber, Association>,
    by_name: HashMap<String, AssociationNumber>,
    by_identifier: HashMap<Identifier, AssociationNumber>,
    persons: BTreeMap<PersonNumber, Person>,
    by_code: HashMap<String, PersonNumber>,
    skills: Vec<Skill>,
    policy: Policy,
    generations: Generations,
}

impl Registry {
    /// Puts a registry together from what a store holds.
    pub fn new(
        associations: Vec<Association>,
        persons: Vec<Person>,
        codes: HashMap<String, PersonNumber>,
        skills: Vec<Skill>,
        policy: Policy,
        generations: Generations,
    ) -> Self {
        let mut registry = Self { by_code: codes, skills, policy, generations, ..Self::default() };
        registry.persons = persons.into_iter().map(|person| (person.number, person)).collect();
        for association in associations {
            registry.add_association(association);
        }
        registry
    }

    /// The member with that number.
    pub fn association(&self, number: AssociationNumber) -> Option<&Association> {
        self.associations.get(&number)
    }

    /// All members, in the order in which they joined.
    pub fn associations(&self) -> impl Iterator<Item = &Association> {
        self.associations.values()
    }

    /// The member that bears this name or bore it; case, accents and punctuation do not count.
    pub fn association_named(&self, wanted: &str) -> Option<&Association> {
        self.by_name.get(&name::fold(wanted)).and_then(|number| self.associations.get(number))
    }

    /// The member with that registration.
    pub fn association_identified(&self, identifier: &Identifier) -> Option<&Association> {
        self.by_identifier.get(identifier).and_then(|number| self.associations.get(number))
    }

    /// The person with that number.
    pub fn person(&self, number: PersonNumber) -> Option<&Person> {
        self.persons.get(&number)
    }

    /// All persons, in the order in which they were added.
    pub fn persons(&self) -> impl Iterator<Item = &Person> {
        self.persons.values()
    }

    /// The person whom the network's files know by that code.
    pub fn person_with_code(&self, code: &str) -> Option<&Person> {
        self.by_code.get(code).and_then(|number| self.persons.get(number))
    }

    /// The persons whom the network's files know by that code, or else by one that is written a little differently (in
    /// capitals, without accents, with other blanks), each with the code that they are known by.
    pub fn persons_known_as(&self, code: &str) -> Vec<(&str, &Person)> {
        let person = |number: &PersonNumber| self.persons.get(number);
        if let Some((known, number)) = self.by_code.get_key_value(code) {
            return person(number).map(|person| (known.as_str(), person)).into_iter().collect();
        }
        let wanted = name::person_key(code);
        let alike = self.by_code.iter().filter(|(known, _)| name::person_key(known) == wanted);
        let mut known: Vec<_> = alike.filter_map(|(known, number)| Some((known.as_str(), person(number)?))).collect();
        known.sort_unstable_by_key(|(_, person)| person.number);
        known
    }

    /// Whether a person still has a code: nobody has one who was erased.
    pub fn has_code(&self, person: PersonNumber) -> bool {
        self.by_code.values().any(|bearer| *bearer == person)
    }

    /// The catalogue of skills.
    pub fn skills(&self) -> &[Skill] {
        &self.skills
    }

    /// The rules in force.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The generations of the log.
    pub fn generations(&self) -> &Generations {
        &self.generations
    }

    /// The limits of a member: its own, or the policy's. `None` when there is no such member.
    pub fn limits(&self, association: AssociationNumber) -> Option<Limits> {
        Some(self.association(association)?.limits.unwrap_or(self.policy.limits))
    }

    /// How many persons hold a role.
    pub fn holders(&self, role: Role) -> usize {
        self.persons.values().filter(|person| person.roles.contains(&role)).count()
    }

    /// Takes over what an accepted act changes.
    ///
    /// # Errors
    /// When the act is about a member, a person, a skill or a log that is not here.
    pub fn apply(&mut self, act: &Act) -> Result<(), NotLoaded> {
        match &act.command {
            Command::AddAssociation(new) => {
                self.add_association(association_from(AssociationNumber(act.number.0), new));
            }
            Command::RenameAssociation { association, name, since } => self.rename(*association, name, *since)?,
            Command::IdentifyAssociation { association, identifier } => self.identify(*association, identifier)?,
            Command::DescribeAssociation { association, description } => {
                self.association_mut(*association)?.kind = description.kind;
            }
            Command::CorrectPerson { person, identity } => self.correct(*person, identity)?,
            Command::SetMembership { association, state, .. } => self.association_mut(*association)?.state = *state,
            Command::Leave { association, .. } => self.association_mut(*association)?.state = MembershipState::Left,
            Command::AddPerson(identity) => {
                let number = PersonNumber(act.number.0);
                self.by_code.insert(identity.code.clone(), number);
                self.persons.insert(number, Person::new(number, identity));
            }
            Command::Enrol { association, .. } => {
                let (person, _) = act.outcome.person.ok_or(NotLoaded::Subject(act.number))?;
                self.person_mut(person)?.associations.push(*association);
            }
            Command::GrantRole { person, role } => self.person_mut(*person)?.roles.push(*role),
            Command::RevokeRole { person, role } => self.person_mut(*person)?.roles.retain(|held| held != role),
            Command::AddSkill { name } => {
                let number = SkillNumber(act.number.0);
                self.skills.push(Skill { number, name: name.clone(), alignments: BTreeMap::new() });
            }
            Command::AlignSkill { framework, alignment, .. } => {
                let skill = act.outcome.skill.ok_or(NotLoaded::Subject(act.number))?;
                self.align(skill, *framework, alignment.as_ref())?;
            }
            Command::AdoptPolicy { policy, .. } => self.policy = *policy,
            Command::SetLimits { association, limits, .. } => self.association_mut(*association)?.limits = *limits,
            Command::SetMandate { association, partner, mandate } => {
                let mandates = &mut self.association_mut(*association)?.mandates;
                match mandate {
                    Some(mandate) => mandates.insert(*partner, *mandate),
                    None => mandates.remove(partner),
                };
            }
            Command::ErasePerson { person } => self.erase(*person)?,
            Command::ReopenLog { lost } => self.reopen(act.number, &lost.origin)?,
            Command::FoundNetwork { .. }
            | Command::ReceiveFile { .. }
            | Command::Propose { .. }
            | Command::Record { .. }
            | Command::Confirm { .. }
            | Command::Amend { .. }
            | Command::Contest { .. }
            | Command::Withdraw { .. }
            | Command::Dismiss { .. }
            | Command::Settle { .. }
            | Command::Release { .. }
            | Command::RequestCorrection { .. }
            | Command::Keep { .. }
            | Command::Reverse { .. }
            | Command::TellContributions { .. }
            | Command::GiveOwnHours { .. }
            | Command::Transfer { .. }
            | Command::BringInBalance { .. }
            | Command::CloseYear { .. }
            | Command::AdoptKey { .. }
            | Command::IssueStatements { .. }
            | Command::Recognise { .. }
            | Command::AcceptRecognition { .. }
            | Command::WithdrawRecognition { .. } => {}
        }
        Ok(())
    }

    fn association_mut(&mut self, number: AssociationNumber) -> Result<&mut Association, NotLoaded> {
        self.associations.get_mut(&number).ok_or(NotLoaded::Member(number))
    }

    fn rename(&mut self, number: AssociationNumber, name: &str, since: NaiveDate) -> Result<(), NotLoaded> {
        let member = self.association_mut(number)?;
        member.names.iter_mut().for_each(|dated| dated.is_current = false);
        member.names.push(DatedName { name: name.to_owned(), since: Some(since), is_current: true });
        self.by_name.insert(name::fold(name), number);
        Ok(())
    }

    fn correct(&mut self, number: PersonNumber, identity: &Identity) -> Result<(), NotLoaded> {
        self.by_code.retain(|_, bearer| *bearer != number);
        self.by_code.insert(identity.code.clone(), number);
        self.person_mut(number)?.adult_on = identity.adult_on;
        Ok(())
    }

    fn erase(&mut self, number: PersonNumber) -> Result<(), NotLoaded> {
        self.by_code.retain(|_, bearer| *bearer != number);
        let person = self.person_mut(number)?;
        person.associations.clear();
        person.roles.clear();
        person.adult_on = None;
        Ok(())
    }

    fn reopen(&mut self, act: ActNumber, lost: &str) -> Result<(), NotLoaded> {
        let next = Generation::after(lost).map(|generation| Opening { generation, act });
        let follows = next.is_some_and(|next| self.generations.open(next));
        if follows { Ok(()) } else { Err(NotLoaded::Subject(act)) }
    }

    fn person_mut(&mut self, number: PersonNumber) -> Result<&mut Person, NotLoaded> {
        self.persons.get_mut(&number).ok_or(NotLoaded::Person(number))
    }

    fn add_association(&mut self, mut association: Association) {
        put_in_order(&mut association.identifiers);
        for dated in &association.names {
            self.by_name.insert(name::fold(&dated.name), association.number);
        }
        for identifier in &association.identifiers {
            self.by_identifier.insert(identifier.clone(), association.number);
        }
        self.associations.insert(association.number, association);
    }

    /// An identifier takes the place of the last one of its kind.
    fn identify(&mut self, number: AssociationNumber, identifier: &Identifier) -> Result<(), NotLoaded> {
        let association = self.associations.get_mut(&number).ok_or(NotLoaded::Member(number))?;
        for old in association.identifiers.extract_if(.., |known| known.kind() == identifier.kind()) {
            self.by_identifier.remove(&old);
        }
        association.identifiers.push(identifier.clone());
        put_in_order(&mut association.identifiers);
        self.by_identifier.insert(identifier.clone(), number);
        Ok(())
    }

    /// Takes back the name that was told last.
    pub fn forget_last_name(&mut self, association: AssociationNumber) {
        if let Some(association) = self.associations.get_mut(&association) {
            association.names.pop();
        }
    }

    /// Puts an association's identifiers back as they were at another time.
    pub fn set_identifiers(&mut self, association: AssociationNumber, identifiers: Vec<Identifier>) {
        if let Some(association) = self.associations.get_mut(&association) {
            association.identifiers = identifiers;
        }
    }

    fn align(
        &mut self,
        number: SkillNumber,
        framework: Framework,
        alignment: Option<&Alignment>,
    ) -> Result<(), NotLoaded> {
        let skill = self.skills.iter_mut().find(|known| known.number == number).ok_or(NotLoaded::Skill(number))?;
        match alignment {
            Some(alignment) => skill.alignments.insert(framework, alignment.clone()),
            None => skill.alignments.remove(&framework),
        };
        Ok(())
    }
}

/// A member is the same in whichever order its identifiers were told.
fn put_in_order(identifiers: &mut [Identifier]) {
    identifiers.sort_by_key(|identifier| (identifier.kind().as_str(), identifier.value()));
}

fn association_from(number: AssociationNumber, new: &NewAssociation) -> Association {
    let former = new.former_names.iter().map(|name| DatedName { name: name.clone(), since: None, is_current: false });
    let current = DatedName { name: new.name.clone(), since: new.member_since, is_current: true };
    Association {
        number,
        kind: new.kind,
        state: new.state,
        names: former.chain(std::iter::once(current)).collect(),
        identifiers: new.identifiers.clone(),
        limits: None,
        mandates: BTreeMap::new(),
    }
}
