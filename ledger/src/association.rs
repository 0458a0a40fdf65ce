//! Members of a network: who takes part, in which state, under which names.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::{AssociationNumber, Identifier, InseeCode, mandate::Mandate, policy::Limits, text_enum::text_enum};

text_enum! {
    /// What a member is. Not all are associations.
    pub enum AssociationKind {
        /// A declared association.
        Association => "association",
        /// A municipality or a group of them.
        Municipality => "municipality",
        /// A company of the social economy.
        SocialEconomyCompany => "social_economy_company",
        /// A group without legal form.
        InformalGroup => "informal_group",
    }
}

text_enum! {
    /// Where a member stands in the network.
    pub enum MembershipState {
        /// Has asked to join.
        Applicant => "applicant",
        /// Takes part.
        Active => "active",
        /// May not propose for a while; what it owes and is owed stays.
        Suspended => "suspended",
        /// Has left; its entries stay.
        Left => "left",
    }
}

/// A name and the day from which it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatedName {
    /// The name.
    pub name: String,
    /// Its first day; `None` for a name that holds since before anyone noted.
    pub since: Option<NaiveDate>,
    /// Whether it is the present name; at most one is.
    pub is_current: bool,
}

/// A member as the ledger knows it. How to reach it stands elsewhere, where it can be erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Association {
    /// The act that admitted it.
    pub number: AssociationNumber,
    /// What it is.
    pub kind: AssociationKind,
    /// Where it stands.
    pub state: MembershipState,
    /// Its names, former ones first.
    pub names: Vec<DatedName>,
    /// Its registrations; none for an informal group.
    pub identifiers: Vec<Identifier>,
    /// Its own limits, where it has any; otherwise the policy's hold.
    pub limits: Option<Limits>,
    /// Who may confirm in its stead.
    pub mandates: BTreeMap<AssociationNumber, Mandate>,
}

impl Association {
    /// Its present name.
    pub fn name(&self) -> &str {
        self.names.iter().find(|dated| dated.is_current).map_or("", |dated| &dated.name)
    }

    /// Its former names.
    pub fn former_names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().filter(|dated| !dated.is_current).map(|dated| dated.name.as_str())
    }
}

/// What is said of a member when it joins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAssociation {
    /// Its name.
    pub name: String,
    /// Names that it bore before.
    pub former_names: Vec<String>,
    /// What it is.
    pub kind: AssociationKind,
    /// [`MembershipState::Applicant`] or [`MembershipState::Active`].
    pub state: MembershipState,
    /// Its registrations.
    pub identifiers: Vec<Identifier>,
    /// The town where it sits.
    pub commune: Option<String>,
    /// That town's INSEE code.
    pub insee: Option<InseeCode>,
    /// Since when it is a member.
    pub member_since: Option<NaiveDate>,
    /// Whom to call. Personal: kept where it can be erased.
    pub contact: Contact,
}

/// What a member is and how to reach it, apart from its names and registrations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description {
    /// What it is.
    pub kind: AssociationKind,
    /// The town where it sits.
    pub commune: Option<String>,
    /// That town's INSEE code.
    pub insee: Option<InseeCode>,
    /// Since when it is a member.
    pub member_since: Option<NaiveDate>,
    /// Whom to call. Personal: kept where it can be erased.
    pub contact: Contact,
}

/// How to reach a member.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Contact {
    /// A person's name.
    pub name: Option<String>,
    /// An e-mail address.
    pub email: Option<String>,
    /// A telephone number.
    pub phone: Option<String>,
    /// Whether it has no computer and wants everything on paper.
    pub paper_only: bool,
}

impl Contact {
    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
