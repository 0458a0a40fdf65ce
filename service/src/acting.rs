//! The name in which a caller acts, and how far they see in it.

use ledger::AssociationNumber;
use uuid::Uuid;

use crate::{
    id::{Ids, Unnamed},
    problem::{Problem, Refusal},
};

/// A name in which a caller acts. The first ones see widest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Acting {
    /// For the network.
    Coordinator,
    /// To read everything.
    Auditor,
    /// Between two associations.
    Mediator,
    /// For an association.
    Association(AssociationNumber),
    /// As nobody but the person that they are: what is theirs, and what all of the network see.
    Oneself,
}

impl Acting {
    /// As it stands with a token, and in the digests of requests.
    pub fn stored(self) -> String {
        match self {
            Self::Coordinator => "coordinator".to_owned(),
            Self::Auditor => "auditor".to_owned(),
            Self::Mediator => "mediator".to_owned(),
            Self::Association(number) => format!("association:{number}"),
            Self::Oneself => "oneself".to_owned(),
        }
    }

    /// Reads what stands with a token.
    pub fn from_stored(text: &str) -> Option<Self> {
        match text {
            "coordinator" => Some(Self::Coordinator),
            "auditor" => Some(Self::Auditor),
            "mediator" => Some(Self::Mediator),
            "oneself" => Some(Self::Oneself),
            _ => {
                let number = text.strip_prefix("association:")?.parse().ok()?;
                Some(Self::Association(AssociationNumber(number)))
            }
        }
    }

    /// As callers write it.
    pub fn shown(self, ids: Ids<'_>) -> String {
        match self {
            Self::Association(number) => format!("association:{}", ids.shown(number.0)),
            Self::Coordinator | Self::Auditor | Self::Mediator | Self::Oneself => self.stored(),
        }
    }

    /// Reads what callers write.
    ///
    /// # Errors
    /// When it is no name to act in, or that of an association whose admission was lost.
    pub fn read(text: &str, ids: Ids<'_>) -> Result<Self, Unnamed> {
        match text.strip_prefix("association:") {
            Some(name) => {
                let name = Uuid::try_parse(name.trim()).map_err(|_| Unnamed::Unknown)?;
                ids.number(name).map(AssociationNumber).map(Self::Association)
            }
            None => Self::from_stored(text).ok_or(Unnamed::Unknown),
        }
    }

    /// How far one sees in this name.
    pub fn sight(self) -> Sight {
        match self {
            Self::Coordinator | Self::Auditor | Self::Mediator => Sight::All,
            Self::Association(own) => Sight::Of(own),
            Self::Oneself => Sight::None,
        }
    }
}

/// Whose affairs a caller sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// Those of every association.
    All,
    /// Those of one.
    Of(AssociationNumber),
    /// Of none: only what is the caller's own, or everybody's.
    None,
}

impl Sight {
    /// Whether what concerns this association is seen.
    pub fn takes_in(self, association: AssociationNumber) -> bool {
        match self {
            Self::All => true,
            Self::Of(own) => own == association,
            Self::None => false,
        }
    }

    /// Whether what concerns these associations is seen.
    pub fn takes_in_one_of(self, associations: &[AssociationNumber]) -> bool {
        match self {
            Self::All => true,
            Self::Of(own) => associations.contains(&own),
            Self::None => false,
        }
    }

    /// The association whose lines a list holds; `None` for the lines of all.
    ///
    /// # Errors
    /// When the caller sees no association's.
    pub fn only(self) -> Result<Option<AssociationNumber>, Problem> {
        match self {
            Self::All => Ok(None),
            Self::Of(own) => Ok(Some(own)),
            Self::None => Err(Problem::new(Refusal::BelongsToOthers)),
        }
    }
}

#[cfg(test)]
mod tests {
    use ledger::generation::Generations;

    use super::*;
    use crate::id::Fingerprint;

    #[test]
    fn a_name_is_read_as_it_was_written_and_nothing_else_is_one() {
        let generations = Generations::default();
        let ids = Fingerprint::of(Uuid::from_u128(1)).ids(&generations);
        let association = Acting::Association(AssociationNumber(12));
        for acting in [Acting::Coordinator, Acting::Auditor, Acting::Mediator, association, Acting::Oneself] {
            assert_eq!(Acting::from_stored(&acting.stored()), Some(acting));
            assert_eq!(Acting::read(&acting.shown(ids), ids), Ok(acting));
        }
        for wrong in ["", "everybody", "Coordinator", "association:", "association:x", "association"] {
            assert_eq!(Acting::from_stored(wrong), None, "{wrong}");
            assert_eq!(Acting::read(wrong, ids), Err(Unnamed::Unknown), "{wrong}");
        }
    }

    #[test]
    fn whoever_acts_as_themselves_sees_no_association() {
        let (own, other) = (AssociationNumber(1), AssociationNumber(2));
        for (acting, sees_own, sees_other) in [
            (Acting::Coordinator, true, true),
            (Acting::Association(own), true, false),
            (Acting::Oneself, false, false),
        ] {
            let sight = acting.sight();
            assert_eq!((sight.takes_in(own), sight.takes_in(other)), (sees_own, sees_other), "{acting:?}");
            assert_eq!(sight.takes_in_one_of(&[own, other]), sees_own, "{acting:?}");
        }
        assert!(Acting::Oneself.sight().only().is_err());
    }
}
