//! Who belongs where and who may do what, as the acts say it: which person an act is about is hidden in its leaf, and
//! known by the key that is kept beside the data until that person is erased.

use std::collections::{BTreeMap, BTreeSet};

use super::findings::{Check, Findings};
use crate::{
    Digest, PersonNumber,
    act::ActKind,
    clock::SecretKey,
    leaf::{Leaf, person_commitment},
};

/// What the acts say of persons.
#[derive(Debug, Default)]
pub(super) struct People {
    /// Those that were added.
    persons: BTreeSet<i64>,
    /// What was said of a person, by act.
    told: BTreeMap<i64, Told>,
    /// Person and association, once it is known whom the acts are about.
    memberships: BTreeSet<(i64, i64)>,
    /// Person, role and association, which is 0 for the network.
    roles: BTreeSet<(i64, String, i64)>,
}

/// What was said of somebody.
#[derive(Debug, Clone, Copy)]
enum What {
    Enrolled,
    Granted,
    Revoked,
}

#[derive(Debug)]
struct Told {
    what: What,
    person: Digest,
    association: i64,
    role: String,
}

impl People {
    pub(super) fn act(&mut self, kind: ActKind, leaf: &Leaf<'_>) {
        let (what, association, role) = match kind {
            ActKind::PersonAdded => {
                self.persons.insert(leaf.number);
                return;
            }
            ActKind::PersonEnrolled => {
                (What::Enrolled, leaf.member.as_ref().map(|member| member.number), String::new())
            }
            ActKind::RoleGranted | ActKind::RoleRevoked => {
                let Some(part) = &leaf.role else { return };
                let what = if kind == ActKind::RoleGranted { What::Granted } else { What::Revoked };
                (what, part.association, part.role.to_string())
            }
            ActKind::NetworkFounded
            | ActKind::FileReceived
            | ActKind::AssociationAdded
            | ActKind::AssociationRenamed
            | ActKind::MembershipSet
            | ActKind::AssociationLeft
            | ActKind::SkillAdded
            | ActKind::PolicyAdopted
            | ActKind::LimitsSet
            | ActKind::ExchangeProposed
            | ActKind::ExchangeRecorded
            | ActKind::ExchangeConfirmed
            | ActKind::ExchangeAmended
            | ActKind::ExchangeContested
            | ActKind::ExchangeWithdrawn
            | ActKind::ExchangeDismissed
            | ActKind::ExchangeSettled
            | ActKind::ExchangeReleased
            | ActKind::CorrectionRequested
            | ActKind::CorrectionRefused
            | ActKind::Reversed
            | ActKind::ContributionsTold
            | ActKind::OwnHoursGiven
            | ActKind::Transferred
            | ActKind::BalanceBroughtIn
            | ActKind::YearClosed
            | ActKind::KeyAdopted
            | ActKind::StatementsIssued
            | ActKind::Recognised
            | ActKind::RecognitionAccepted
            | ActKind::RecognitionWithdrawn
            | ActKind::PersonErased
            | ActKind::LogReopened
            | ActKind::MandateSet
            | ActKind::SkillAligned
            | ActKind::AssociationIdentified
            | ActKind::AssociationDescribed
            | ActKind::PersonCorrected => return,
        };
        let Some(person) = leaf.person else { return };
        let told = Told { what, person: person.0, association: association.unwrap_or_default(), role };
        self.told.insert(leaf.number, told);
    }

    /// The acts that say something of a person.
    pub(super) fn acts(&self) -> Vec<i64> {
        self.told.keys().copied().collect()
    }

    /// Puts together who belongs where and who may do what: `keys` are the persons of those acts that are still known,
    /// with the keys of the commitments to them.
    pub(super) fn identify(&mut self, keys: &BTreeMap<i64, (i64, SecretKey)>, findings: &mut Findings) {
        for (act, told) in &self.told {
            let Some((person, key)) = keys.get(act) else { continue };
            let found = person_commitment(*key, PersonNumber(*person));
            findings.expect(Check::Registry, &|| format!("person_key {act} 0"), &found, &told.person);
            let role = (*person, told.role.clone(), told.association);
            match told.what {
                What::Granted => drop(self.roles.insert(role)),
                What::Revoked => drop(self.roles.remove(&role)),
                What::Enrolled => drop(self.memberships.insert((*person, told.association))),
            }
        }
    }

    pub(super) fn person(&mut self, person: i64, findings: &mut Findings) {
        seen(self.persons.remove(&person), format!("person {person}"), findings);
    }

    pub(super) fn membership(&mut self, (person, association): (i64, i64), findings: &mut Findings) {
        let is_known = self.memberships.remove(&(person, association));
        seen(is_known, format!("membership {person} {association}"), findings);
    }

    pub(super) fn role(&mut self, role: &(i64, String, i64), findings: &mut Findings) {
        seen(self.roles.remove(role), format!("role {} {} {}", role.0, role.1, role.2), findings);
    }

    /// Names what should be there and was not seen.
    pub(super) fn finish(self, findings: &mut Findings) {
        let persons = self.persons.iter().map(|person| format!("person {person}"));
        let memberships = self.memberships.iter();
        let memberships = memberships.map(|(person, association)| format!("membership {person} {association}"));
        let roles = self.roles.iter().map(|(person, role, about)| format!("role {person} {role} {about}"));
        for row in persons.chain(memberships).chain(roles) {
            findings.problem(Check::Registry, row, None, None);
        }
    }
}

/// Counts a row; one that no act speaks of is a problem.
fn seen(is_known: bool, row: String, findings: &mut Findings) {
    findings.checked(Check::Registry, 1);
    if !is_known {
        findings.problem(Check::Registry, row, Some("-".to_owned()), None);
    }
}
