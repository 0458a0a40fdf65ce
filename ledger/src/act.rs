//! An act: one accepted request, and everything that followed from it.
//!
//! An act is at once the record that makes a repeat harmless, the audit trail, a leaf of the log and an event. Its
//! number is its place in the log.

use chrono::{DateTime, NaiveDate, Utc};

use crate::{
    ActNumber, AssociationNumber, Digest, ExchangeNumber, Minutes, PersonNumber, SkillNumber,
    account::{Account, Posting},
    clock::SecretKey,
    command::{By, Command, Key},
    contribution::Nature,
    exchange::Exchange,
    keyed::NetworkSecrets,
    recognition::Recognition,
    text_enum::text_enum,
    year::YearClosing,
};

/// An accepted request, numbered without gaps in its network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// Its number, and its index in the log.
    pub number: ActNumber,
    /// When it was recorded; never before the previous act.
    pub at: DateTime<Utc>,
    /// The key that a repeat would bear.
    pub key: Key,
    /// What is kept of the digest of what was asked: see [`NetworkSecrets`].
    pub digest: Digest,
    /// Who asked.
    pub by: By,
    /// The first and last act of the group it belongs to, when it came in one.
    pub group: Option<(ActNumber, ActNumber)>,
    /// What was asked.
    pub command: Command,
    /// What followed.
    pub outcome: Outcome,
}

/// What an act changed. Most acts fill only a few of these.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outcome {
    /// The exchange after the act.
    pub exchange: Option<Exchange>,
    /// The reference that a new exchange bears.
    pub reference: Option<Reference>,
    /// The day under which the act's postings count.
    pub booked: Option<NaiveDate>,
    /// What it posted, in both books.
    pub postings: Vec<Posting>,
    /// The skill that the act is about.
    pub skill: Option<SkillNumber>,
    /// Who gave the time: posted with the act, or, for a proposal, to be posted once it is confirmed.
    pub contributions: Vec<Contributed>,
    /// The person that the act is about, with the key of the leaf's commitment to them.
    pub person: Option<(PersonNumber, SecretKey)>,
    /// Free texts, with the keys of the leaf's commitments to them.
    pub texts: Vec<Text>,
    /// Accounts that this act takes past a soft limit, or that hold it back past a hard one.
    pub limits_met: Vec<Account>,
    /// Accounts that this act, or its group, takes past a hard limit because somebody said so.
    pub overridden: Vec<Account>,
    /// What closing a year commits to.
    pub closing: Option<YearClosing>,
    /// The recognition after the act.
    pub recognition: Option<Recognition>,
    /// The network's secrets from this act on, where it draws new ones.
    pub secrets: Option<NetworkSecrets>,
}

/// A name for an exchange that people can read aloud.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The reference, unique in the network.
    pub text: String,
    /// For a reference that was brought in, and so could say anything, the key of the leaf's commitment to it.
    pub key: Option<SecretKey>,
}

/// The minutes of one person, as posted: negative when they are taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contributed {
    /// Who.
    pub person: PersonNumber,
    /// For which association.
    pub association: AssociationNumber,
    /// In which exchange; `None` for one's own association.
    pub exchange: Option<ExchangeNumber>,
    /// How long.
    pub minutes: Minutes,
    /// In which quality.
    pub nature: Nature,
    /// With which skill.
    pub skill: Option<SkillNumber>,
    /// When.
    pub service_date: NaiveDate,
    /// The key of the leaf's commitment to the person.
    pub key: SecretKey,
}

/// A free text of an act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// What the text is.
    pub field: TextField,
    /// The text.
    pub text: String,
    /// The key of the leaf's commitment to it.
    pub key: SecretKey,
}

text_enum! {
    /// What a free text is.
    pub enum TextField {
        /// A remark on an exchange.
        Memo => "memo",
        /// Why something was done.
        Reason => "reason",
        /// The decision behind a rule, a limit or a grant.
        Decision => "decision",
        /// The name of a file.
        FileName => "file_name",
        /// The SHA-256 of a file, in hexadecimal digits: whoever has a copy could tell by it who was in it.
        FileDigest => "file_digest",
        /// The number of a slip, the date of a message.
        Evidence => "evidence",
        /// Who a person is.
        Identity => "identity",
        /// Why a hard limit was passed on purpose.
        Override => "override",
        /// In which setting a competence was seen.
        Context => "context",
        /// What was done when it was seen.
        Activities => "activities",
        /// Who consented for a minor.
        Guardian => "guardian",
    }
}

text_enum! {
    /// What kind of thing happened: the act's command, in the past tense.
    pub enum ActKind {
        /// The network was founded.
        NetworkFounded => "network_founded",
        /// A file opened a group.
        FileReceived => "file_received",
        /// An association applied or was admitted.
        AssociationAdded => "association_added",
        /// An association took another name.
        AssociationRenamed => "association_renamed",
        /// An association was admitted, suspended or taken back.
        MembershipSet => "membership_set",
        /// An association left.
        AssociationLeft => "association_left",
        /// A person was added.
        PersonAdded => "person_added",
        /// A person joined an association.
        PersonEnrolled => "person_enrolled",
        /// A person was given a role.
        RoleGranted => "role_granted",
        /// A role was taken back.
        RoleRevoked => "role_revoked",
        /// A skill was added.
        SkillAdded => "skill_added",
        /// New rules are in force.
        PolicyAdopted => "policy_adopted",
        /// An association has other limits.
        LimitsSet => "limits_set",
        /// An exchange was proposed.
        ExchangeProposed => "exchange_proposed",
        /// An exchange agreed elsewhere was recorded.
        ExchangeRecorded => "exchange_recorded",
        /// An exchange was confirmed.
        ExchangeConfirmed => "exchange_confirmed",
        /// Other terms were proposed.
        ExchangeAmended => "exchange_amended",
        /// An exchange was contested.
        ExchangeContested => "exchange_contested",
        /// An exchange was withdrawn.
        ExchangeWithdrawn => "exchange_withdrawn",
        /// An exchange was dismissed.
        ExchangeDismissed => "exchange_dismissed",
        /// A contested exchange was settled.
        ExchangeSettled => "exchange_settled",
        /// A held exchange was posted.
        ExchangeReleased => "exchange_released",
        /// A correction was asked for.
        CorrectionRequested => "correction_requested",
        /// A correction was refused.
        CorrectionRefused => "correction_refused",
        /// Something posted was negated.
        Reversed => "reversed",
        /// Who did it was told.
        ContributionsTold => "contributions_told",
        /// Hours were given to one's own association.
        OwnHoursGiven => "own_hours_given",
        /// Hours were passed on.
        Transferred => "transferred",
        /// A balance was brought in.
        BalanceBroughtIn => "balance_brought_in",
        /// A year was closed.
        YearClosed => "year_closed",
        /// A key was announced.
        KeyAdopted => "key_adopted",
        /// Statements were handed out.
        StatementsIssued => "statements_issued",
        /// A competence was recognised.
        Recognised => "recognised",
        /// A recognition was accepted.
        RecognitionAccepted => "recognition_accepted",
        /// A recognition was taken back or declined.
        RecognitionWithdrawn => "recognition_withdrawn",
        /// A person was erased.
        PersonErased => "person_erased",
        /// The log went on after its head was lost.
        LogReopened => "log_reopened",
        /// A partner may confirm in an association's stead, or no longer.
        MandateSet => "mandate_set",
        /// A skill was said to be an entry of a public list, or no longer.
        SkillAligned => "skill_aligned",
        /// An identifier of an association was told.
        AssociationIdentified => "association_identified",
        /// It was said anew what an association is and how to reach it.
        AssociationDescribed => "association_described",
        /// It was said anew who a person is.
        PersonCorrected => "person_corrected",
    }
}

impl ActKind {
    /// The kind of act that an accepted command becomes.
    pub const fn of(command: &Command) -> Self {
        match command {
            Command::FoundNetwork { .. } => Self::NetworkFounded,
            Command::ReceiveFile { .. } => Self::FileReceived,
            Command::AddAssociation(_) => Self::AssociationAdded,
            Command::RenameAssociation { .. } => Self::AssociationRenamed,
            Command::IdentifyAssociation { .. } => Self::AssociationIdentified,
            Command::DescribeAssociation { .. } => Self::AssociationDescribed,
            Command::SetMembership { .. } => Self::MembershipSet,
            Command::Leave { .. } => Self::AssociationLeft,
            Command::AddPerson(_) => Self::PersonAdded,
            Command::CorrectPerson { .. } => Self::PersonCorrected,
            Command::Enrol { .. } => Self::PersonEnrolled,
            Command::GrantRole { .. } => Self::RoleGranted,
            Command::RevokeRole { .. } => Self::RoleRevoked,
            Command::AddSkill { .. } => Self::SkillAdded,
            Command::AlignSkill { .. } => Self::SkillAligned,
            Command::AdoptPolicy { .. } => Self::PolicyAdopted,
            Command::SetLimits { .. } => Self::LimitsSet,
            Command::SetMandate { .. } => Self::MandateSet,
            Command::Propose { .. } => Self::ExchangeProposed,
            Command::Record { .. } => Self::ExchangeRecorded,
            Command::Confirm { .. } => Self::ExchangeConfirmed,
            Command::Amend { .. } => Self::ExchangeAmended,
            Command::Contest { .. } => Self::ExchangeContested,
            Command::Withdraw { .. } => Self::ExchangeWithdrawn,
            Command::Dismiss { .. } => Self::ExchangeDismissed,
            Command::Settle { .. } => Self::ExchangeSettled,
            Command::Release { .. } => Self::ExchangeReleased,
            Command::RequestCorrection { .. } => Self::CorrectionRequested,
            Command::Keep { .. } => Self::CorrectionRefused,
            Command::Reverse { .. } => Self::Reversed,
            Command::TellContributions { .. } => Self::ContributionsTold,
            Command::GiveOwnHours { .. } => Self::OwnHoursGiven,
            Command::Transfer { .. } => Self::Transferred,
            Command::BringInBalance { .. } => Self::BalanceBroughtIn,
            Command::CloseYear { .. } => Self::YearClosed,
            Command::AdoptKey { .. } => Self::KeyAdopted,
            Command::IssueStatements { .. } => Self::StatementsIssued,
            Command::Recognise { .. } => Self::Recognised,
            Command::AcceptRecognition { .. } => Self::RecognitionAccepted,
            Command::WithdrawRecognition { .. } => Self::RecognitionWithdrawn,
            Command::ErasePerson { .. } => Self::PersonErased,
            Command::ReopenLog { .. } => Self::LogReopened,
        }
    }

    /// Whether acts of this kind write keys, statements or recognitions, or erase somebody.
    pub const fn is_about_proofs(self) -> bool {
        matches!(
            self,
            Self::KeyAdopted
                | Self::StatementsIssued
                | Self::Recognised
                | Self::RecognitionAccepted
                | Self::RecognitionWithdrawn
                | Self::PersonErased
                | Self::LogReopened
        )
    }

    /// Whether acts of this kind are about one person, as a whole.
    pub const fn is_about_somebody(self) -> bool {
        matches!(
            self,
            Self::PersonCorrected
                | Self::PersonEnrolled
                | Self::RoleGranted
                | Self::RoleRevoked
                | Self::Recognised
                | Self::RecognitionAccepted
                | Self::RecognitionWithdrawn
                | Self::PersonErased
        )
    }

    /// Whether acts of this kind change the registry: members, persons, skills, rules or the log's generations.
    pub const fn changes_registry(self) -> bool {
        matches!(
            self,
            Self::NetworkFounded
                | Self::AssociationAdded
                | Self::AssociationRenamed
                | Self::MembershipSet
                | Self::AssociationLeft
                | Self::PersonAdded
                | Self::PersonEnrolled
                | Self::RoleGranted
                | Self::RoleRevoked
                | Self::SkillAdded
                | Self::PolicyAdopted
                | Self::LimitsSet
                | Self::PersonErased
                | Self::MandateSet
                | Self::SkillAligned
                | Self::AssociationIdentified
                | Self::AssociationDescribed
                | Self::PersonCorrected
                | Self::LogReopened
        )
    }
}

impl Act {
    /// What kind of thing happened.
    pub const fn kind(&self) -> ActKind {
        ActKind::of(&self.command)
    }

    /// The act that what is posted here belongs to: the one that created the exchange, or this one.
    pub fn cause(&self) -> ActNumber {
        match &self.command {
            Command::Reverse { target, .. } => *target,
            Command::FoundNetwork { .. }
            | Command::ReceiveFile { .. }
            | Command::AddAssociation(_)
            | Command::RenameAssociation { .. }
            | Command::SetMembership { .. }
            | Command::Leave { .. }
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
            | Command::GiveOwnHours { .. }
            | Command::Transfer { .. }
            | Command::BringInBalance { .. }
            | Command::CloseYear { .. }
            | Command::AdoptKey { .. }
            | Command::IssueStatements { .. }
            | Command::Recognise { .. }
            | Command::AcceptRecognition { .. }
            | Command::WithdrawRecognition { .. }
            | Command::ErasePerson { .. }
            | Command::ReopenLog { .. } => self.outcome.exchange.map_or(self.number, |exchange| exchange.number.into()),
        }
    }
}
