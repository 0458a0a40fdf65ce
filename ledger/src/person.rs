//! Humans: in one network, in any number of its associations, in one or several roles.
//!
//! The ledger knows a person by a number. Names and addresses stand in tables of their own, so that they can be
//! erased while the minutes stay.

use chrono::{Months, NaiveDate};

use crate::{AssociationNumber, PersonNumber};

/// What a person may do, and for whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Proposes and confirms for one association.
    Delegate(AssociationNumber),
    /// The same, and says who else may.
    Administrator(AssociationNumber),
    /// Acts for the network.
    Coordinator,
    /// Settles disputes between members to which they do not belong.
    Mediator,
    /// Reads everything, changes nothing.
    Auditor,
}

impl Role {
    /// The stable text form, without the association.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Delegate(_) => "delegate",
            Self::Administrator(_) => "administrator",
            Self::Coordinator => "coordinator",
            Self::Mediator => "mediator",
            Self::Auditor => "auditor",
        }
    }

    /// The association that the role is about; `None` for a role of the network.
    pub const fn association(self) -> Option<AssociationNumber> {
        match self {
            Self::Delegate(association) | Self::Administrator(association) => Some(association),
            Self::Coordinator | Self::Mediator | Self::Auditor => None,
        }
    }

    /// Puts a role together from its two parts; `None` where they do not fit.
    pub fn from_parts(role: &str, association: Option<AssociationNumber>) -> Option<Self> {
        match (role, association) {
            ("delegate", Some(association)) => Some(Self::Delegate(association)),
            ("administrator", Some(association)) => Some(Self::Administrator(association)),
            ("coordinator", None) => Some(Self::Coordinator),
            ("mediator", None) => Some(Self::Mediator),
            ("auditor", None) => Some(Self::Auditor),
            _ => None,
        }
    }
}

/// A person as the ledger knows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The act that added them.
    pub number: PersonNumber,
    /// The associations they belong to.
    pub associations: Vec<AssociationNumber>,
    /// Their roles.
    pub roles: Vec<Role>,
    /// The day on which they come of age, if they were a minor when they were added.
    pub adult_on: Option<NaiveDate>,
}

impl Person {
    /// A person who was just added.
    pub const fn new(number: PersonNumber, identity: &Identity) -> Self {
        Self { number, associations: Vec::new(), roles: Vec::new(), adult_on: identity.adult_on }
    }

    /// The day on which they come of age, where that is still to come: until then a parent or guardian consents.
    pub fn minor_until(&self, today: NaiveDate) -> Option<NaiveDate> {
        self.adult_on.filter(|adult_on| *adult_on > today)
    }

    /// Whether they belong to an association or hold a role in it.
    pub fn concerns(&self, association: AssociationNumber) -> bool {
        self.associations.contains(&association)
            || self.roles.iter().any(|role| role.association() == Some(association))
    }
}

/// A person as a command names them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PersonRef {
    /// By their number.
    Number(PersonNumber),
    /// By the code under which the network's files know them.
    Code(String),
}

impl From<PersonNumber> for PersonRef {
    fn from(number: PersonNumber) -> Self {
        Self::Number(number)
    }
}

/// What is personal about a person: kept where it can be erased.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Identity {
    /// The short code under which the network's files know them: unique in the network.
    pub code: String,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// The day on which a minor comes of age; until then nothing is issued to them without a guardian's consent.
    pub adult_on: Option<NaiveDate>,
}

/// The day on which somebody born that day comes of age: at eighteen (article 414 of the French civil code).
pub fn adult_on(born: NaiveDate) -> Option<NaiveDate> {
    born.checked_add_months(Months::new(18 * 12))
}
