//! What a caller may ask of the ledger, and in whose name.
//!
//! Longer than a file should be: the commands are one closed list, with a sentence about each field.

use chrono::NaiveDate;
use uuid::Uuid;

use crate::{
    ActNumber, AssociationNumber, Digest, ExchangeNumber, Identifier, Minutes, PersonNumber,
    association::{Association, Description, MembershipState, NewAssociation},
    contribution::Contribution,
    evidence::Evidence,
    exchange::{Exchange, Side},
    generation::Generation,
    key::{KeyPurpose, PublicKey},
    mandate::Mandate,
    person::{Identity, PersonRef, Role},
    policy::{Limits, Policy},
    recognition::Level,
    skill::{Alignment, Framework, SkillRef},
    transfer::TransferReason,
    year::Year,
};

/// One thing to do, with everything that the ledger needs to decide it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Says that it is this request and no other: a repeat gets the same answer.
    pub key: Key,
    /// A digest of what is asked, so that the same key with another request is noticed.
    pub digest: Digest,
    /// Who asks, and in which capacity.
    pub by: By,
    /// What the asker has seen, where the request is meant for that alone.
    pub seen: Option<Seen>,
    /// In which generation of the log the asker's ids were read, where it is by ids that they ask.
    pub generation: Option<Generation>,
    /// Whether the asker says that a date of long ago is meant, and no slip.
    pub long_ago: bool,
    /// What is asked.
    pub command: Command,
}

/// Something as an asker has seen it. Where it is another by the time of the decision, the request is rejected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// An exchange.
    Exchange(Box<Exchange>),
    /// A member.
    Member(Box<Association>),
    /// The rules.
    Policy(Box<Policy>),
}

/// An idempotency key: unique per network and scope.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// Whose keys these are: a principal, or the import that a coordinator runs.
    pub scope: String,
    /// The key itself, at best one that grows with time.
    pub key: String,
}

/// Who acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Principal {
    /// Whoever can open the database.
    Operator,
    /// A person of the network.
    Person(PersonNumber),
}

/// In whose name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Capacity {
    /// For one association, as its delegate or administrator.
    Association(AssociationNumber),
    /// For the network.
    Coordinator,
    /// Between two members.
    Mediator,
    /// For oneself, as a volunteer.
    Oneself,
}

/// Who acts, and in whose name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct By {
    /// The one who acts.
    pub principal: Principal,
    /// The name they act in.
    pub capacity: Capacity,
}

impl By {
    /// The operator, acting as the network's coordinator.
    pub const OPERATOR: Self = Self { principal: Principal::Operator, capacity: Capacity::Coordinator };
}

/// An exchange as a caller states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewExchange {
    /// The association that helped.
    pub giver: AssociationNumber,
    /// The association that was helped.
    pub receiver: AssociationNumber,
    /// Person-minutes.
    pub minutes: Minutes,
    /// When help was given.
    pub service_date: NaiveDate,
    /// Which skill.
    pub skill: Option<SkillRef>,
    /// The reference it comes with; otherwise the ledger gives the next free one.
    pub reference: Option<String>,
    /// A free remark. Personal: kept where it can be erased.
    pub memo: Option<String>,
    /// Who did it, where that is known already.
    pub contributions: Vec<Contribution>,
    /// A reversed exchange that this one stands in for.
    pub replaces: Option<ExchangeNumber>,
}

/// What is asked of the ledger.
///
/// Every command that is accepted becomes one act. Free texts (reasons, decisions, remarks) are kept where they can
/// be erased; the act's leaf holds a commitment to them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Founds the network: always act 0.
    FoundNetwork {
        /// Its name outside of any database.
        uuid: Uuid,
        /// Its name among people.
        name: String,
        /// Its time zone, which says when a day begins.
        time_zone: chrono_tz::Tz,
    },
    /// Opens a group with the file that its commands come from.
    ReceiveFile {
        /// The file's name, without folders.
        name: String,
        /// SHA-256 of its bytes.
        digest: Digest,
        /// How many of its lines enter.
        lines: u64,
    },
    /// Lets an association apply or admits it at once.
    AddAssociation(NewAssociation),
    /// Gives an association another name.
    RenameAssociation {
        /// Which one.
        association: AssociationNumber,
        /// Its new name.
        name: String,
        /// The new name's first day.
        since: NaiveDate,
    },
    /// Says anew what an association is and how to reach it, where it was said wrong or is no longer so.
    DescribeAssociation {
        /// Which one.
        association: AssociationNumber,
        /// All that is to be said of it from now on.
        description: Description,
    },
    /// Admits an applicant, suspends a member, takes it back.
    SetMembership {
        /// Which one.
        association: AssociationNumber,
        /// Where it stands from now on; leaving is [`Command::Leave`].
        state: MembershipState,
        /// Why.
        reason: String,
    },
    /// A member leaves; its balance goes to the fund, or into the member that it merges with.
    Leave {
        /// Who leaves.
        association: AssociationNumber,
        /// The member that it merges with.
        into: Option<AssociationNumber>,
        /// Why.
        reason: String,
        /// Whether the asker knows that it takes the fund, or the other member, past a hard limit, where it does.
        past_limits: bool,
    },
    /// Adds a person.
    AddPerson(Identity),
    /// Says anew who a person is, in the place of all that was said before.
    CorrectPerson {
        /// Who.
        person: PersonNumber,
        /// What is said of them from now on.
        identity: Identity,
    },
    /// Notes that a person belongs to an association.
    Enrol {
        /// Who.
        person: PersonRef,
        /// Where.
        association: AssociationNumber,
    },
    /// Gives a person a role.
    GrantRole {
        /// Who.
        person: PersonNumber,
        /// Which role.
        role: Role,
    },
    /// Takes a role back. The last coordinator and an association's last administrator keep theirs.
    RevokeRole {
        /// Who.
        person: PersonNumber,
        /// Which role.
        role: Role,
    },
    /// Adds a skill to the catalogue.
    AddSkill {
        /// Its name.
        name: String,
    },
    /// Says what a skill is in a public list of competences, or no longer.
    AlignSkill {
        /// Which skill.
        skill: SkillRef,
        /// Which list.
        framework: Framework,
        /// The entry of the list; `None` takes it back.
        alignment: Option<Alignment>,
    },
    /// Tells an identifier of an association, in the place of its last one of that kind.
    IdentifyAssociation {
        /// Which association.
        association: AssociationNumber,
        /// The identifier.
        identifier: Identifier,
    },
    /// Puts a new version of the rules in force.
    AdoptPolicy {
        /// The rules.
        policy: Policy,
        /// The decision behind them: "AG du 12 mars".
        decision: String,
    },
    /// Gives an association limits of its own, or takes them away.
    SetLimits {
        /// Which association.
        association: AssociationNumber,
        /// Its limits; `None` for the policy's.
        limits: Option<Limits>,
        /// The decision behind them.
        decision: String,
    },
    /// Lets a partner confirm in an association's stead, or no longer.
    SetMandate {
        /// In whose stead.
        association: AssociationNumber,
        /// Who may confirm.
        partner: AssociationNumber,
        /// What the partner may confirm; `None` takes the mandate back.
        mandate: Option<Mandate>,
    },
    /// One side says that help was given, in the name of the association that the request is made for.
    Propose {
        /// The side that speaks.
        side: Side,
        /// What it says.
        exchange: NewExchange,
        /// Who said so and how, where the coordinator wrote it down for that side.
        evidence: Option<Evidence>,
    },
    /// Records an exchange that both sides agreed on elsewhere, as a coordinator's file does.
    Record {
        /// What was agreed.
        exchange: NewExchange,
        /// How the network knows.
        evidence: Evidence,
    },
    /// The other side agrees.
    Confirm {
        /// To what.
        exchange: ExchangeNumber,
        /// How the network knows.
        evidence: Evidence,
        /// Needed when the coordinator confirms in a member's stead.
        reason: Option<String>,
    },
    /// The other side would agree to other minutes or another date.
    Amend {
        /// Which exchange.
        exchange: ExchangeNumber,
        /// The minutes it would agree to.
        minutes: Minutes,
        /// The date it would agree to.
        service_date: NaiveDate,
    },
    /// The other side disagrees.
    Contest {
        /// With what.
        exchange: ExchangeNumber,
        /// Why.
        reason: String,
    },
    /// The side that proposed takes it back.
    Withdraw {
        /// What.
        exchange: ExchangeNumber,
    },
    /// Closes without posting.
    Dismiss {
        /// What.
        exchange: ExchangeNumber,
        /// Why.
        reason: String,
    },
    /// A mediator decides that a contested exchange happened.
    Settle {
        /// Which one.
        exchange: ExchangeNumber,
        /// With how many minutes.
        minutes: Minutes,
        /// Why.
        reason: String,
    },
    /// The coordinator posts an exchange that was held, past the limit if need be.
    Release {
        /// Which one.
        exchange: ExchangeNumber,
        /// Why.
        reason: String,
    },
    /// A side says that what was posted is wrong.
    RequestCorrection {
        /// Which exchange.
        exchange: ExchangeNumber,
        /// What is wrong.
        reason: String,
    },
    /// The other side or the coordinator finds nothing wrong.
    Keep {
        /// Which exchange.
        exchange: ExchangeNumber,
        /// Why.
        reason: String,
    },
    /// Negates what an exchange, a transfer or hours for one's own association posted.
    Reverse {
        /// The exchange's number, or the act that posted the transfer or the hours.
        target: ActNumber,
        /// Why.
        reason: String,
    },
    /// Says afterwards who did it.
    TellContributions {
        /// In which exchange.
        exchange: ExchangeNumber,
        /// Who and how long.
        contributions: Vec<Contribution>,
    },
    /// Hours that a person gave to their own association.
    GiveOwnHours {
        /// That association.
        association: AssociationNumber,
        /// When.
        service_date: NaiveDate,
        /// With which skill.
        skill: Option<SkillRef>,
        /// Who and how long.
        contribution: Contribution,
    },
    /// Passes hours on without help.
    Transfer {
        /// Who gives them; `None` is the solidarity fund.
        from: Option<AssociationNumber>,
        /// Who receives them; `None` is the solidarity fund.
        to: Option<AssociationNumber>,
        /// How many, more than zero.
        minutes: Minutes,
        /// [`TransferReason::Gift`], [`TransferReason::Dues`] or [`TransferReason::Grant`].
        reason: TransferReason,
        /// The decision behind it; needed for a grant.
        decision: Option<String>,
    },
    /// Brings in the balance that an association had before the ledger.
    BringInBalance {
        /// Whose.
        association: AssociationNumber,
        /// The balance: negative when it owes hours.
        minutes: Minutes,
        /// The day that it holds at.
        date: NaiveDate,
    },
    /// Closes a year for good.
    CloseYear {
        /// Which one.
        year: Year,
    },
    /// Announces a key; it takes the place of the one that signed the same things before.
    AdoptKey {
        /// What it signs.
        purpose: KeyPurpose,
        /// The key.
        key: PublicKey,
        /// The domain that the network is known by from now on, if it has one.
        domain: Option<String>,
    },
    /// Hands out signed statements of a closed year.
    IssueStatements {
        /// Which year.
        year: Year,
        /// The statements.
        statements: Vec<IssuedStatement>,
    },
    /// The association that was helped recognises a competence of somebody who helped.
    Recognise {
        /// The exchange that it was seen in.
        exchange: ExchangeNumber,
        /// Whose.
        person: PersonNumber,
        /// Which competence; the exchange's when not said.
        skill: Option<SkillRef>,
        /// How far it goes.
        level: Level,
        /// In which setting.
        context: String,
        /// What was done.
        activities: String,
    },
    /// The volunteer accepts a recognition.
    AcceptRecognition {
        /// The act that said it.
        recognition: ActNumber,
        /// Who consents for a minor: a parent or guardian, by name.
        guardian: Option<String>,
    },
    /// The association takes a recognition back, or the volunteer declines it.
    WithdrawRecognition {
        /// The act that said it.
        recognition: ActNumber,
        /// Why.
        reason: String,
    },
    /// Erases who a person is. Their minutes stay, under a number.
    ErasePerson {
        /// Who.
        person: PersonNumber,
    },
    /// Goes on after a head that was signed was lost with the database: under a new name, naming the lost one.
    ReopenLog {
        /// The head that was lost.
        lost: LostHead,
    },
}

/// A statement, signed and ready to be handed out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuedStatement {
    /// About whom.
    pub association: AssociationNumber,
    /// Its place among the year's statements, from 1.
    pub sequence: u32,
    /// The statement of the same year that it takes the place of.
    pub supersedes: Option<u32>,
    /// The signed bytes.
    pub bytes: Vec<u8>,
}

/// The head of a log that is no more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LostHead {
    /// The log's name.
    pub origin: String,
    /// How many acts it held.
    pub size: u64,
    /// Its root, where that is still known.
    pub root: Option<Digest>,
}

impl Command {
    /// Whether it speaks of all that came before it, and so cannot stand in a group with others.
    pub const fn stands_alone(&self) -> bool {
        matches!(self, Self::CloseYear { .. } | Self::Leave { .. })
    }

    /// The exchange that the command is about, when it is one that exists already.
    pub fn exchange(&self) -> Option<ExchangeNumber> {
        match self {
            Self::Confirm { exchange, .. }
            | Self::Amend { exchange, .. }
            | Self::Contest { exchange, .. }
            | Self::Withdraw { exchange }
            | Self::Dismiss { exchange, .. }
            | Self::Settle { exchange, .. }
            | Self::Release { exchange, .. }
            | Self::RequestCorrection { exchange, .. }
            | Self::Keep { exchange, .. }
            | Self::TellContributions { exchange, .. }
            | Self::Recognise { exchange, .. } => Some(*exchange),
            Self::Reverse { target, .. } => Some(ExchangeNumber(target.0)),
            Self::Propose { exchange, .. } | Self::Record { exchange, .. } => exchange.replaces,
            Self::FoundNetwork { .. }
            | Self::ReceiveFile { .. }
            | Self::AddAssociation(_)
            | Self::RenameAssociation { .. }
            | Self::IdentifyAssociation { .. }
            | Self::DescribeAssociation { .. }
            | Self::SetMembership { .. }
            | Self::Leave { .. }
            | Self::AddPerson(_)
            | Self::CorrectPerson { .. }
            | Self::Enrol { .. }
            | Self::GrantRole { .. }
            | Self::RevokeRole { .. }
            | Self::AddSkill { .. }
            | Self::AlignSkill { .. }
            | Self::AdoptPolicy { .. }
            | Self::SetLimits { .. }
            | Self::SetMandate { .. }
            | Self::GiveOwnHours { .. }
            | Self::Transfer { .. }
            | Self::BringInBalance { .. }
            | Self::CloseYear { .. }
            | Self::AdoptKey { .. }
            | Self::IssueStatements { .. }
            | Self::AcceptRecognition { .. }
            | Self::WithdrawRecognition { .. }
            | Self::ErasePerson { .. }
            | Self::ReopenLog { .. } => None,
        }
    }
}
