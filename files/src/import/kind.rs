//! What a file may hold.

use ledger::{Language, registry::Registry};

use crate::{
    column::{self, Column},
    remedy::Remedy,
    text::count,
};

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The catalogue of skills.
    Skills,
    /// The network's members.
    Associations,
    /// Persons, a line per membership.
    Persons,
    /// Balances from before the ledger.
    Balances,
    /// Help given by one association to another.
    Exchanges,
    /// Who gave their time.
    Contributions,
}

impl Kind {
    /// All of them, in the order in which they are brought in.
    pub const ALL: [Self; 6] =
        [Self::Associations, Self::Skills, Self::Persons, Self::Balances, Self::Exchanges, Self::Contributions];

    /// How such a file is brought in.
    pub fn brought_in(self) -> Remedy {
        match self {
            Self::Skills => Remedy::BringInSkills,
            Self::Associations => Remedy::BringInAssociations,
            Self::Persons => Remedy::BringInPersons,
            Self::Balances => Remedy::BringInBalances,
            Self::Exchanges => Remedy::BringInExchanges,
            Self::Contributions => Remedy::BringInContributions,
        }
    }

    /// What has to be there before, and is not.
    pub(super) fn comes_after(self, registry: &Registry) -> Option<Self> {
        let has_no_member = registry.associations().next().is_none();
        match self {
            Self::Skills | Self::Associations => None,
            Self::Persons | Self::Balances | Self::Exchanges => has_no_member.then_some(Self::Associations),
            Self::Contributions if has_no_member => Some(Self::Associations),
            Self::Contributions => registry.persons().next().is_none().then_some(Self::Persons),
        }
    }

    /// The columns of such a file.
    pub fn columns(self) -> &'static [Column] {
        match self {
            Self::Skills => column::SKILLS,
            Self::Associations => column::ASSOCIATIONS,
            Self::Persons => column::PERSONS,
            Self::Balances => column::BALANCES,
            Self::Exchanges => column::EXCHANGES,
            Self::Contributions => column::CONTRIBUTIONS,
        }
    }

    /// So many of them.
    pub fn counted(self, number: usize, language: Language) -> String {
        match self {
            Self::Skills => count(number, language, ("ligne", "lignes"), ("line", "lines")),
            Self::Associations => {
                count(number, language, ("association", "associations"), ("association", "associations"))
            }
            Self::Persons => count(number, language, ("adhésion", "adhésions"), ("membership", "memberships")),
            Self::Balances => count(number, language, ("solde", "soldes"), ("balance", "balances")),
            Self::Exchanges => count(number, language, ("échange", "échanges"), ("exchange", "exchanges")),
            Self::Contributions => {
                count(number, language, ("participation", "participations"), ("contribution", "contributions"))
            }
        }
    }
}
