//! What a file may hold.

use ledger::Language;

use crate::{
    column::{self, Column},
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
