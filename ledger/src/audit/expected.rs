//! What the acts say that the smaller tables should hold, and what of it has been found.

use std::collections::BTreeMap;
use std::fmt::Display;

use super::{
    findings::{Check, Findings},
    member::Member,
    people::People,
    said::{Column, Said},
    shown::Shown,
};
use crate::{Digest, SkillNumber, clock::SecretKey, log::TilePlace, policy::Policy, skill::Skill};

/// What the acts say that the smaller tables should hold. Each row is held against it, then [`Expected::finish`] names
/// what was missing.
#[derive(Debug)]
pub struct Expected {
    pub(super) findings: Findings,
    pub(super) act_count: i64,
    pub(super) root: Digest,
    pub(super) tiles: BTreeMap<TilePlace, Vec<Digest>>,
    /// Of each closed year, the act that closed it and what it committed to.
    pub(super) closings: BTreeMap<i32, (i64, Digest)>,
    /// By what they negate.
    pub(super) reversals: BTreeMap<i64, i64>,
    pub(super) members: BTreeMap<i64, Member>,
    pub(super) skills: BTreeMap<SkillNumber, Skill>,
    pub(super) people: People,
    pub(super) policy: Option<Policy>,
    pub(super) first_year: Option<i32>,
    /// The acts that announce keys, hand out statements or recognise competences.
    pub(super) about_proofs: Vec<i64>,
    /// The largest number of each year among the references that were given.
    pub(super) given_references: BTreeMap<i32, i64>,
}

impl Expected {
    /// How many acts there are.
    pub const fn act_count(&self) -> i64 {
        self.act_count
    }

    /// The root of the log over the acts' leaves.
    pub const fn root(&self) -> Digest {
        self.root
    }

    /// Holds a year's closing against the acts.
    pub fn closing(&mut self, year: i32, act: i64, root: Digest) {
        self.findings.checked(Check::Years, 1);
        let expected = self.closings.remove(&year);
        self.findings.expect(Check::Years, &|| format!("year_closing {year}"), &Some((act, root)), &expected);
    }

    /// Holds a reversal's row against the acts.
    pub fn reversal(&mut self, target: i64, act: i64) {
        let expected = self.reversals.remove(&target);
        self.findings.expect(Check::Exchanges, &|| format!("reversal {target}"), &Some(act), &expected);
    }

    /// Holds a member's row against the acts.
    pub fn member(&mut self, number: i64, found: &Member) {
        self.findings.checked(Check::Registry, 1);
        let row = format!("association {number}");
        let Some(expected) = self.members.remove(&number) else {
            self.findings.problem(Check::Registry, row, Some(found.name.clone()), None);
            return;
        };
        let columns = [
            (Column::Kind, found.kind.clone().into(), expected.kind.into()),
            (Column::State, found.state.clone().into(), expected.state.into()),
            (Column::Name, found.name.clone().into(), expected.name.into()),
            (Column::Limits, found.limits.said(), expected.limits.said()),
            (Column::Identifiers, found.identifiers.said(), expected.identifiers.said()),
            (Column::Mandates, found.mandates.said(), expected.mandates.said()),
        ];
        let row = Said::from(format!("{row} ({})", found.name));
        self.findings.expect_columns(Check::Registry, &row, None, &columns);
    }

    /// The acts that say something of a person.
    pub fn about_persons(&self) -> Vec<i64> {
        self.people.acts()
    }

    /// Tells of which person these acts say something, as far as that is still known, with the keys of the commitments.
    pub fn identify(&mut self, keys: &BTreeMap<i64, (i64, SecretKey)>) {
        self.people.identify(keys, &mut self.findings);
    }

    /// Holds a person's row against the acts.
    pub fn person(&mut self, person: i64) {
        self.people.person(person, &mut self.findings);
    }

    /// Holds a membership's row, person and association, against the acts. They have been identified.
    pub fn membership(&mut self, membership: (i64, i64)) {
        self.people.membership(membership, &mut self.findings);
    }

    /// Holds a role's row, person, role and association, against the acts. They have been identified.
    pub fn role(&mut self, role: &(i64, String, i64)) {
        self.people.role(role, &mut self.findings);
    }

    /// Holds a skill's row against the acts.
    pub fn skill(&mut self, found: &Skill) {
        self.findings.checked(Check::Registry, 1);
        let place = || format!("skill {}", found.number);
        let expected = self.skills.remove(&found.number);
        let name = expected.as_ref().map(|skill| &skill.name);
        self.findings.expect(Check::Registry, &place, &Some(&found.name), &name);
        let alignments = expected.as_ref().map(|skill| &skill.alignments);
        self.findings.expect(Check::Registry, &place, &Some(&found.alignments), &alignments);
    }

    /// Holds the rules in force against the acts.
    pub fn policy(&mut self, found: Option<Policy>) {
        self.findings.checked(Check::Registry, 1);
        self.findings.expect(Check::Registry, &|| "policy".to_owned(), &found, &self.policy);
    }

    /// Holds a tile of the log, one above the leaves, against theirs, hash by hash.
    pub fn tile(&mut self, place: TilePlace, hashes: &[Digest]) {
        let (level, index) = place;
        let expected = self.tiles.remove(&place).unwrap_or_default();
        for position in 0..hashes.len().max(expected.len()) {
            let (found, wanted) = (hashes.get(position), expected.get(position));
            if found != wanted {
                let row = format!("log_tile {level} {index}, hash {position}");
                self.findings.problem(Check::Log, row, found.map(ToString::to_string), wanted.map(ToString::to_string));
            }
        }
    }

    /// The acts that announce keys, hand out statements or recognise competences.
    pub fn about_proofs(&self) -> &[i64] {
        &self.about_proofs
    }

    /// Holds the head against the acts. Comes before the closings are.
    pub fn head(&mut self, next_act: i64, root: Digest, first_year: Option<i32>, closed_through: Option<i32>) {
        self.findings.expect(Check::Acts, &|| "head, next_act".to_owned(), &next_act, &self.act_count);
        self.findings.expect(Check::Log, &|| "head, root".to_owned(), &root, &self.root);
        self.findings.expect(Check::Years, &|| "head, first_year".to_owned(), &first_year, &self.first_year);
        let expected = self.closings.keys().max().copied();
        self.findings.expect(Check::Years, &|| "head, closed_through".to_owned(), &closed_through, &expected);
    }

    /// Holds the last number of each year's references against those that were given: one that is behind would give one
    /// again. What was brought in, and may be erased by now, can have moved it further.
    pub fn reference_counters(&mut self, found: &BTreeMap<i32, i64>) {
        for (year, given) in &self.given_references {
            let last = found.get(year).copied();
            if last.is_none_or(|last| last < *given) {
                let expected = Some(Said::new(format!("{given} au moins"), format!("at least {given}")));
                let row = format!("reference_counter {year}");
                let found = last.map(|last| Said::from(last.to_string()));
                self.findings.told(Check::Exchanges, row, found, expected);
            }
        }
    }

    /// Names what should be there and was not seen, and ends the audit.
    pub fn finish(self) -> Findings {
        let mut findings = self.findings;
        for (target, act) in &self.reversals {
            missing(&mut findings, Check::Exchanges, format!("reversal {target}"), act);
        }
        for (year, (act, _)) in &self.closings {
            missing(&mut findings, Check::Years, format!("year_closing {year}"), act);
        }
        for (number, member) in &self.members {
            missing(&mut findings, Check::Registry, format!("association {number}"), &member.name);
        }
        self.people.finish(&mut findings);
        for (number, skill) in &self.skills {
            missing(&mut findings, Check::Registry, format!("skill {number}"), &skill.name);
        }
        for (level, index) in self.tiles.into_keys() {
            let expected = Some(Said::new("un bloc d'empreintes", "a tile"));
            findings.told(Check::Log, format!("log_tile {level} {index}"), None, expected);
        }
        findings
    }
}

fn missing(findings: &mut Findings, check: Check, row: String, expected: &dyn Display) {
    findings.problem(check, row, None, Some(expected.to_string()));
}
