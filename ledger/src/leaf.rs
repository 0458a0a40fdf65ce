//! The bytes that the log seals for each act: canonical JSON (RFC 8785) with nothing personal in it.
//!
//! A person, a remark, a reference that was brought in appear only as HMAC-SHA-256 under a key of their own, kept
//! beside the data: erase both, and the commitment says nothing. Fields stand in alphabetical order and numbers are
//! integers, so that serialising is canonicalising; tests hold this against a canonicaliser by others, and golden
//! files hold the bytes for ever.
//!
//! There are two versions. In the first, a leaf is one text with everything in it. In the second, which is written
//! today, what persons had to do with an act stands in lines of their own (`leaf/persons.rs`), under a root of their
//! own: one line is shown without the others and without the act. An act that is about nobody is one text in either
//! version.
//!
//! # What version 2 may have and version 1 may not
//!
//! What comes later stands here too, with its reason; a program that does not know a part, a kind of act or a version
//! refuses the leaf by that name. None of it may be demanded, since leaves without it stay valid for ever.
//!
//! - `persons`, and `salt` in the act beside it: a badge shows one person's line and nothing of anybody else.
//! - `booked` and `receiver` in a person's line: shown alone, it says that it counts, and who was helped.
//! - `evidence` of a proposal: how the coordinator knows what a side says, who writes it down for that side.
//! - a recognition without `exchange`: a competence may be seen in a training.
//! - a lost log's head without `root`: the last signed head may be lost with the database, and only its size known.
//! - a file without `digest`: it would tell for ever, to whoever has a copy, who was in it. Leaves written today have a
//!   commitment among the `texts` instead (`file_digest`).

mod commitment;
mod parts;
mod form;
mod persons;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use uuid::Uuid;

pub use commitment::{commitment, person_commitment};
pub use form::{Leaf, Unreadable, Unsealable, VERSION};
pub use parts::{
    AboutPart, AlignmentPart, ClosingPart, ContributionPart, EvidencePart, ExchangePart, FilePart, FoundedPart,
    HexDigest, KeyPart, LimitsPart, LostLogPart, MandatePart, MemberPart, PolicyPart, PostingPart, RecognitionPart,
    RolePart, StatementsPart, day_from,
};
pub use persons::{Line, hash_of, parts_beside_seal, sealed_text};

use crate::{
    AssociationNumber,
    account::Book,
    act::{Act, Outcome},
    command::{Capacity, Command, Principal},
    evidence::Evidence,
    log,
};
use commitment::text_commitment;
use parts::{identifier_parts, new_member};

impl<'a> Leaf<'a> {
    /// The leaf of an act.
    ///
    /// # Errors
    /// When the act lacks what an act of its kind is made of: it would be sealed without.
    pub fn of(act: &'a Act, network: Uuid) -> Result<Self, Unsealable> {
        if let Some(what) = lacking(act) {
            return Err(Unsealable::Lacks { act: act.number, what });
        }
        let outcome = &act.outcome;
        let command = &act.command;
        let reference = outcome.reference.as_ref();
        Ok(Self {
            alignment: alignment(act).map(Box::new),
            at: act.at.timestamp_micros(),
            booked: outcome.booked,
            by: by(act),
            closing: outcome.closing.as_ref().map(ClosingPart::from).map(Box::new),
            contributions: contributions(act),
            evidence: evidence(command),
            exchange: exchange(act),
            file: file(command),
            group: act.group.map(|(first, last)| (first.0, last.0)),
            key: key(command).map(Box::new),
            kind: act.kind(),
            limits: limits(command),
            limits_met: outcome.limits_met.iter().map(|account| account.number()).collect(),
            lost_log: lost_log(command).map(Box::new),
            mandate: mandate(command),
            member: member(act).map(Box::new),
            network,
            network_founded: founded(command).map(Box::new),
            number: act.number.0,
            overridden: outcome.overridden.iter().map(|account| account.number()).collect(),
            person: outcome.person.map(|(person, key)| HexDigest(person_commitment(key, person))),
            policy: policy(command).map(Box::new),
            postings: postings(act),
            recognition: outcome.recognition.as_ref().map(RecognitionPart::from).map(Box::new),
            reference: reference.filter(|given| given.key.is_none()).map(|given| given.text.as_str().into()),
            reference_commitment: reference
                .and_then(|brought_in| Some(HexDigest(commitment(brought_in.key?, "reference", &brought_in.text)))),
            role: role(command),
            salt: persons::salt_of(act),
            skill: if let Command::AddSkill { name } = command { Some(name.as_str().into()) } else { None },
            statements: statements(command).map(Box::new),
            target: if let Command::Reverse { target, .. } = command { Some(target.0) } else { None },
            texts: outcome
                .texts
                .iter()
                .map(|text| (text.field.as_str().into(), HexDigest(text_commitment(text))))
                .collect(),
            transfer: if let Command::Transfer { reason, .. } = command { Some(reason.as_str().into()) } else { None },
            v: VERSION,
        })
    }

    /// In whose name it was done; `None` where that is nobody.
    pub fn capacity(&self) -> Option<Capacity> {
        match self.by.as_ref() {
            "operator" | "coordinator" => Some(Capacity::Coordinator),
            "mediator" => Some(Capacity::Mediator),
            "oneself" => Some(Capacity::Oneself),
            other => {
                let number = other.strip_prefix("association:")?.parse().ok()?;
                Some(Capacity::Association(AssociationNumber(number)))
            }
        }
    }
}

/// What an act lacks of what acts of its kind are made of, if anything.
fn lacking(act: &Act) -> Option<&'static str> {
    let Outcome { exchange, reference, booked, postings, contributions, .. } = &act.outcome;
    let Outcome { skill, person, texts, closing, recognition, .. } = &act.outcome;
    let needed: &[(bool, &'static str)] = match &act.command {
        Command::FoundNetwork { .. }
        | Command::AddAssociation(_)
        | Command::RenameAssociation { .. }
        | Command::IdentifyAssociation { .. }
        | Command::DescribeAssociation { .. }
        | Command::AddSkill { .. }
        | Command::SetMandate { .. }
        | Command::AdoptKey { .. }
        | Command::ReopenLog { .. } => &[],
        Command::ReceiveFile { .. }
        | Command::SetMembership { .. }
        | Command::Leave { .. }
        | Command::AddPerson(_)
        | Command::AdoptPolicy { .. }
        | Command::SetLimits { .. } => &[(!texts.is_empty(), "text")],
        Command::CorrectPerson { .. } => &[(person.is_some(), "person"), (!texts.is_empty(), "text")],
        Command::Enrol { .. }
        | Command::GrantRole { .. }
        | Command::RevokeRole { .. }
        | Command::ErasePerson { .. } => &[(person.is_some(), "person")],
        Command::AlignSkill { .. } => &[(skill.is_some(), "skill")],
        Command::Propose { .. } | Command::Record { .. } => {
            &[(exchange.is_some(), "exchange"), (reference.is_some(), "reference")]
        }
        Command::Confirm { .. } | Command::Amend { .. } | Command::Withdraw { .. } => {
            &[(exchange.is_some(), "exchange")]
        }
        Command::Contest { .. }
        | Command::Dismiss { .. }
        | Command::Settle { .. }
        | Command::Release { .. }
        | Command::RequestCorrection { .. }
        | Command::Keep { .. } => &[(exchange.is_some(), "exchange"), (!texts.is_empty(), "text")],
        Command::Reverse { .. } => &[(!postings.is_empty(), "posting"), (!texts.is_empty(), "text")],
        Command::TellContributions { .. } => {
            &[(exchange.is_some(), "exchange"), (!contributions.is_empty(), "contribution")]
        }
        Command::GiveOwnHours { .. } => &[(!contributions.is_empty(), "contribution")],
        Command::Transfer { .. } | Command::BringInBalance { .. } => &[(!postings.is_empty(), "posting")],
        Command::CloseYear { year } => {
            &[(closing.is_some_and(|closing| closing.year == *year), "commitment to the year")]
        }
        Command::IssueStatements { statements, .. } => &[(!statements.is_empty(), "statement")],
        Command::Recognise { .. } | Command::AcceptRecognition { .. } | Command::WithdrawRecognition { .. } => {
            &[(recognition.is_some(), "recognition"), (person.is_some(), "person")]
        }
    };
    let posted = (booked.is_some() || postings.is_empty(), "day to be booked under");
    needed.iter().chain([&posted]).find(|(is_there, _)| !is_there).map(|(_, what)| *what)
}

fn contributions(act: &Act) -> Vec<ContributionPart<'static>> {
    let Outcome { booked, contributions, exchange, .. } = &act.outcome;
    let receiver = exchange.map(|exchange| exchange.terms.receiver);
    contributions.iter().map(|contributed| ContributionPart::of(contributed, *booked, receiver)).collect()
}

fn file(command: &Command) -> Option<FilePart> {
    let Command::ReceiveFile { lines, .. } = command else { return None };
    Some(FilePart { digest: None, lines: *lines })
}

fn limits(command: &Command) -> Option<LimitsPart> {
    let Command::SetLimits { limits, .. } = command else { return None };
    limits.map(LimitsPart::from)
}

fn lost_log(command: &Command) -> Option<LostLogPart<'_>> {
    let Command::ReopenLog { lost } = command else { return None };
    Some(LostLogPart { origin: lost.origin.as_str().into(), root: lost.root.map(HexDigest), size: lost.size })
}

fn founded(command: &Command) -> Option<FoundedPart<'_>> {
    let Command::FoundNetwork { name, time_zone, .. } = command else { return None };
    Some(FoundedPart { name: name.as_str().into(), time_zone: time_zone.name().into() })
}

fn policy(command: &Command) -> Option<PolicyPart> {
    let Command::AdoptPolicy { policy, .. } = command else { return None };
    Some(PolicyPart::from(policy))
}

fn role(command: &Command) -> Option<RolePart<'_>> {
    let (Command::GrantRole { role, .. } | Command::RevokeRole { role, .. }) = command else { return None };
    Some(RolePart { association: role.association().map(|association| association.0), role: role.as_str().into() })
}

fn alignment(act: &Act) -> Option<AlignmentPart<'_>> {
    let Command::AlignSkill { framework, alignment, .. } = &act.command else { return None };
    let said = alignment.as_ref();
    Some(AlignmentPart {
        code: said.map(|entry| entry.code.as_str().into()),
        framework: framework.as_str().into(),
        name: said.map(|entry| entry.name.as_str().into()),
        skill: act.outcome.skill?.0,
        url: said.map(|entry| entry.url.as_str().into()),
        version: said.map(|entry| entry.version.as_str().into()),
    })
}

fn by(act: &Act) -> Cow<'static, str> {
    match (act.by.principal, act.by.capacity) {
        (Principal::Operator, Capacity::Coordinator) => "operator".into(),
        (Principal::Person(_), Capacity::Coordinator) => "coordinator".into(),
        (Principal::Operator | Principal::Person(_), Capacity::Mediator) => "mediator".into(),
        (Principal::Operator | Principal::Person(_), Capacity::Oneself) => "oneself".into(),
        (Principal::Operator | Principal::Person(_), Capacity::Association(association)) => {
            format!("association:{association}").into()
        }
    }
}

fn key(command: &Command) -> Option<KeyPart<'_>> {
    let Command::AdoptKey { purpose, key, domain } = command else { return None };
    Some(KeyPart {
        domain: domain.as_deref().map(Cow::Borrowed),
        key: key.multibase().into(),
        purpose: purpose.as_str().into(),
    })
}

fn statements(command: &Command) -> Option<StatementsPart> {
    let Command::IssueStatements { year, statements } = command else { return None };
    let leaves: Vec<_> = statements.iter().map(|statement| log::leaf_hash(&statement.bytes)).collect();
    Some(StatementsPart {
        count: u64::try_from(leaves.len()).ok()?,
        first: statements.first()?.sequence,
        root: HexDigest(log::root_of(&leaves)),
        year: year.0,
    })
}

fn evidence(command: &Command) -> Option<EvidencePart<'static>> {
    let (Command::Record { evidence, .. }
    | Command::Confirm { evidence, .. }
    | Command::Propose { evidence: Some(evidence), .. }) = command
    else {
        return None;
    };
    let Evidence { kind, line, .. } = evidence;
    Some(EvidencePart { kind: kind.as_str().into(), line: *line })
}

fn exchange(act: &Act) -> Option<ExchangePart<'static>> {
    let exchange = act.outcome.exchange?;
    Some(ExchangePart {
        date: exchange.terms.service_date,
        giver: exchange.terms.giver.0,
        minutes: exchange.terms.minutes.get(),
        number: exchange.number.0,
        proposed_by: exchange.spoken_by.as_str().into(),
        receiver: exchange.terms.receiver.0,
        replaces: exchange.replaces.map(|replaced| replaced.0),
        skill: exchange.terms.skill.map(|skill| skill.0),
        state: exchange.state.as_str().into(),
    })
}

fn mandate(command: &Command) -> Option<MandatePart> {
    let Command::SetMandate { partner, mandate, .. } = command else { return None };
    Some(MandatePart {
        minutes: mandate.map(|mandate| mandate.minutes_most.get()),
        partner: partner.0,
        until: mandate.map(|mandate| mandate.until),
    })
}

fn member(act: &Act) -> Option<MemberPart<'_>> {
    let some = |number: i64| MemberPart { number, ..MemberPart::default() };
    match &act.command {
        Command::AddAssociation(new) => Some(new_member(act.number.0, new)),
        Command::RenameAssociation { association, name, since } => {
            Some(MemberPart { name: Some(name.as_str().into()), since: Some(*since), ..some(association.0) })
        }
        Command::IdentifyAssociation { association, identifier } => {
            Some(MemberPart { identifiers: vec![identifier_parts(identifier)], ..some(association.0) })
        }
        Command::DescribeAssociation { association, description } => Some(MemberPart {
            kind: Some(description.kind.as_str().into()),
            since: description.member_since,
            ..some(association.0)
        }),
        Command::SetMembership { association, state, .. } => {
            Some(MemberPart { state: Some(state.as_str().into()), ..some(association.0) })
        }
        Command::Leave { association, into, .. } => {
            Some(MemberPart { state: Some("left".into()), into: into.map(|into| into.0), ..some(association.0) })
        }
        Command::Enrol { association, .. }
        | Command::SetLimits { association, .. }
        | Command::SetMandate { association, .. }
        | Command::GiveOwnHours { association, .. } => Some(some(association.0)),
        Command::Reverse { .. }
        | Command::FoundNetwork { .. }
        | Command::ReceiveFile { .. }
        | Command::AddPerson(_)
        | Command::CorrectPerson { .. }
        | Command::GrantRole { .. }
        | Command::RevokeRole { .. }
        | Command::AddSkill { .. }
        | Command::AlignSkill { .. }
        | Command::AdoptPolicy { .. }
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
        | Command::TellContributions { .. }
        | Command::Transfer { .. }
        | Command::BringInBalance { .. }
        | Command::CloseYear { .. }
        | Command::AdoptKey { .. }
        | Command::IssueStatements { .. }
        | Command::Recognise { .. }
        | Command::AcceptRecognition { .. }
        | Command::WithdrawRecognition { .. }
        | Command::ErasePerson { .. }
        | Command::ReopenLog { .. } => None,
    }
}

fn postings(act: &Act) -> Vec<PostingPart<'static>> {
    let in_exchange = act.outcome.postings.iter().filter(|posting| posting.movement.account.book() == Book::Exchange);
    in_exchange
        .map(|posting| PostingPart {
            account: posting.movement.account.number(),
            balance: posting.after.balance.get(),
            kind: posting.movement.kind.as_str().into(),
            minutes: posting.movement.minutes.get(),
            sequence: posting.after.sequence,
        })
        .collect()
}
