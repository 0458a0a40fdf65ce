//! What the coordinator may do about a member, as their forms say it.

use chrono::NaiveDate;
use ledger::{
    AssociationNumber, Identifier, IdentifierKind, InseeCode,
    association::{AssociationKind, Contact, Description, MembershipState},
    command::Command,
};
use service::caller::Caller;

use crate::{
    form::{Filled, Misfits, as_sentence},
    frame::Frame,
    limits,
    step_form::{day, decision, hours, reason},
};

/// A step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// How it is reached.
    Contact,
    /// It takes part from now on.
    Admit,
    /// It may not propose for a while.
    Suspend,
    /// It takes part again.
    TakeBack,
    /// It leaves, or is not admitted.
    Leave,
    /// It has limits of its own, or none.
    Limits,
    /// It has another name.
    Rename,
    /// It has another registration.
    Identify,
    /// It is something else, or sits elsewhere, than was said.
    Describe,
    /// It brings a balance from before the ledger.
    Opening,
}

/// What a step asks for: an act, or something that is kept beside the ledger.
#[derive(Debug)]
pub(super) enum Wanted {
    /// An act.
    Act(Command),
    /// How the member is reached.
    Contact(Contact),
}

impl Step {
    pub(super) const ALL: [(Self, &'static str); 10] = [
        (Self::Contact, "contact"),
        (Self::Admit, "admit"),
        (Self::TakeBack, "take-back"),
        (Self::Suspend, "suspend"),
        (Self::Limits, "limits"),
        (Self::Rename, "rename"),
        (Self::Identify, "identify"),
        (Self::Describe, "describe"),
        (Self::Opening, "opening"),
        (Self::Leave, "leave"),
    ];

    /// As it stands in an address.
    pub(super) fn read(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == word).map(|(step, _)| *step)
    }

    /// Whether whoever takes it has to have signed in lately: its address is one of its own.
    pub(super) fn is_grave(self) -> bool {
        match self {
            Self::Leave | Self::Limits => true,
            Self::Contact
            | Self::Admit
            | Self::Suspend
            | Self::TakeBack
            | Self::Rename
            | Self::Identify
            | Self::Describe
            | Self::Opening => false,
        }
    }

    /// Whether it can be taken about a member in that state.
    pub(super) fn is_open_to(self, state: MembershipState) -> bool {
        use MembershipState::{Active, Applicant, Left, Suspended};
        match (self, state) {
            (Self::Contact, _)
            | (Self::Rename | Self::Identify | Self::Describe | Self::Leave, Applicant | Active | Suspended) => true,
            (Self::Admit, state) => state == Applicant,
            (Self::Suspend, state) => state == Active,
            (Self::TakeBack, state) => state == Suspended,
            (Self::Limits | Self::Opening, state) => matches!(state, Active | Suspended),
            (Self::Rename | Self::Identify | Self::Describe | Self::Leave, Left) => false,
        }
    }

    /// The keys of what its form says: its title, what happens then, its button, and what is said once it was taken.
    pub(super) fn said(self, state: MembershipState) -> [&'static str; 4] {
        match self {
            Self::Contact => ["roster-contact-title", "roster-contact-then", "roster-contact", "said-contact"],
            Self::Admit => ["roster-admit-title", "roster-admit-then", "roster-admit", "said-member"],
            Self::Suspend => ["roster-suspend-title", "roster-suspend-then", "roster-suspend", "said-member"],
            Self::TakeBack => ["roster-take-back-title", "roster-take-back-then", "roster-take-back", "said-member"],
            Self::Leave if state == MembershipState::Applicant => {
                ["roster-refuse-title", "roster-refuse-then", "roster-refuse", "said-member"]
            }
            Self::Leave => ["roster-leave-title", "roster-leave-then", "roster-leave", "said-member"],
            Self::Limits => ["roster-limits-title", "roster-limits-then", "roster-limits", "said-member"],
            Self::Rename => ["roster-rename-title", "roster-rename-then", "roster-rename", "said-member"],
            Self::Identify => ["roster-identify-title", "roster-identify-then", "roster-identify", "said-member"],
            Self::Describe => ["roster-describe-title", "roster-describe-then", "roster-describe", "said-member"],
            Self::Opening => ["roster-opening-title", "roster-opening-then", "roster-opening", "said-member"],
        }
    }

    /// What the form asks for; what does not fit is said at its field.
    pub(super) fn wanted(
        self,
        association: AssociationNumber,
        filled: &Filled,
        (caller, frame): (&Caller, &Frame),
        misfits: &mut Misfits,
    ) -> Option<Wanted> {
        let set = |state, reason| Command::SetMembership { association, state, reason };
        Some(Wanted::Act(match self {
            Self::Contact => return Some(Wanted::Contact(contact(filled))),
            Self::Admit | Self::TakeBack => set(MembershipState::Active, reason(filled, frame, misfits)?),
            Self::Suspend => set(MembershipState::Suspended, reason(filled, frame, misfits)?),
            Self::Leave => {
                let into = filled.said("into").map(|text| {
                    let name = text.parse().ok();
                    name.and_then(|name| caller.ids().number(name).ok()).map(AssociationNumber)
                });
                if into == Some(None) {
                    misfits.add("into", frame.t("note-unknown-choice"));
                }
                let reason = reason(filled, frame, misfits);
                misfits.is_empty().then_some(())?;
                let past_limits = filled.is("past_limits", "yes");
                Command::Leave { association, into: into.flatten(), reason: reason?, past_limits }
            }
            Self::Limits => {
                let decision = decision(filled, frame, misfits);
                let limits =
                    if filled.is("as_rules", "yes") { None } else { Some(limits::read(filled, frame, misfits)?) };
                Command::SetLimits { association, limits, decision: decision? }
            }
            Self::Rename => {
                let since = day("since", filled, frame, misfits);
                let Some(name) = filled.said("name") else {
                    misfits.add("name", frame.t("roster-name-missing"));
                    return None;
                };
                Command::RenameAssociation { association, name: name.to_owned(), since: since? }
            }
            Self::Identify => {
                let Some(identifier) = identifier(filled, frame, misfits)? else {
                    misfits.add("value", frame.t("roster-identifier-missing"));
                    return None;
                };
                Command::IdentifyAssociation { association, identifier }
            }
            Self::Describe => {
                let kind = AssociationKind::try_from(filled.get("association_kind"));
                let (insee, member_since) = place(filled, frame, misfits)?;
                let kind = kind.unwrap_or(AssociationKind::Association);
                let commune = filled.said("commune").map(str::to_owned);
                // How it is reached is added when it is written.
                let contact = Contact::default();
                let description = Description { kind, commune, insee, member_since, contact };
                Command::DescribeAssociation { association, description }
            }
            Self::Opening => {
                let date = day("date", filled, frame, misfits);
                let minutes = hours("hours", filled, frame, misfits);
                let is_owing = filled.is("side", "received");
                if !is_owing && !filled.is("side", "given") {
                    misfits.add("side", frame.t("roster-opening-side-missing"));
                }
                misfits.is_empty().then_some(())?;
                let minutes = if is_owing { minutes?.checked_neg()? } else { minutes? };
                Command::BringInBalance { association, minutes, date: date? }
            }
        }))
    }
}

/// The INSEE code of where a member sits, and since when it is one, as a form says them, each where it does.
pub(super) fn place(
    filled: &Filled,
    frame: &Frame,
    misfits: &mut Misfits,
) -> Option<(Option<InseeCode>, Option<NaiveDate>)> {
    let insee = filled.said("insee").map(InseeCode::parse).transpose();
    if let Err(error) = &insee {
        misfits.add("insee", as_sentence(&error.in_words(frame.language())));
    }
    let since = filled.said("member_since").is_some().then(|| day("member_since", filled, frame, misfits));
    misfits.is_empty().then_some(())?;
    Some((insee.ok()?, since.flatten()))
}

/// How a member is reached, as a form says it.
pub(super) fn contact(filled: &Filled) -> Contact {
    let said = |field| filled.said(field).map(str::to_owned);
    Contact {
        name: said("contact_name"),
        email: said("email"),
        phone: said("phone"),
        paper_only: filled.is("paper_only", "yes"),
    }
}

/// A registration, as a form says it; nothing where it says none.
#[expect(clippy::option_option, reason = "what does not fit is told apart from what was not said")]
pub(super) fn identifier(filled: &Filled, frame: &Frame, misfits: &mut Misfits) -> Option<Option<Identifier>> {
    let Some(value) = filled.said("value") else {
        return Some(None);
    };
    let Ok(kind) = IdentifierKind::try_from(filled.get("kind")) else {
        misfits.add("kind", frame.t("roster-identifier-kind-missing"));
        return None;
    };
    match Identifier::from_parts(kind, value) {
        Ok(identifier) => Some(Some(identifier)),
        Err(error) => {
            misfits.add("value", as_sentence(&error.in_words(frame.language())));
            None
        }
    }
}
