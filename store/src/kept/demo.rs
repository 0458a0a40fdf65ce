//! As whom anybody may look around in a network that the demo made. Nothing else opens that door: a network without such
//! rows has none.

use async_recursion::async_recursion as boxed;

use crate::{
    Store, StoreError,
    db::{on_tx, select},
    reading::{Pair, RowOf},
};
use ledger::{NetworkId, PersonNumber, UnknownWord};

/// A part of the demo that a visitor may play.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Persona {
    /// Notes what their association gave or received.
    Delegate,
    /// The same, on the other side: confirms.
    OtherDelegate,
    /// Looks after the figures of an association.
    Treasurer,
    /// Acts for the network.
    Coordinator,
    /// Settles what is contested.
    Mediator,
    /// Gives hours.
    Volunteer,
}

impl Persona {
    /// Every persona, in the order in which they are shown.
    pub const ALL: [Self; 6] =
        [Self::Delegate, Self::OtherDelegate, Self::Treasurer, Self::Coordinator, Self::Mediator, Self::Volunteer];

    /// The stable text form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Delegate => "delegate",
            Self::OtherDelegate => "other_delegate",
            Self::Treasurer => "treasurer",
            Self::Coordinator => "coordinator",
            Self::Mediator => "mediator",
            Self::Volunteer => "volunteer",
        }
    }
}

impl TryFrom<&str> for Persona {
    type Error = UnknownWord;

    fn try_from(text: &str) -> Result<Self, UnknownWord> {
        const WORDS: [&str; 6] = ["delegate", "other_delegate", "treasurer", "coordinator", "mediator", "volunteer"];
        let found = Self::ALL.into_iter().find(|persona| persona.as_str() == text);
        found.ok_or_else(|| UnknownWord { found: text.to_owned(), expected: &WORDS })
    }
}

/// A person of the demo, and the part that they are there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DemoPersona {
    /// The part.
    pub persona: Persona,
    /// Who.
    pub person: PersonNumber,
}

impl Store {
    /// Says of a network that the demo made it, and as whom anybody may look around there.
    ///
    /// # Errors
    /// When the database does not answer, or it was said before.
    #[boxed]
    pub async fn mark_as_demo(&self, network: NetworkId, personas: &[DemoPersona]) -> Result<(), StoreError> {
        let mut tx = self.db().begin_write().await?;
        let sql = "INSERT INTO demo_persona (network_id, person, persona) VALUES ($1, $2, $3)";
        for DemoPersona { persona, person } in personas {
            on_tx!(&mut tx, connection => sqlx::query(sql)
                .bind(network.0).bind(person.0).bind(persona.as_str()).execute(connection).await.map(|_| ())?);
        }
        tx.commit().await
    }

    /// As whom anybody may look around, in the order in which they are shown: nobody, where the demo did not make the
    /// network.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn demo_personas(&self, network: NetworkId) -> Result<Vec<DemoPersona>, StoreError> {
        let sql = "SELECT person, persona FROM demo_persona WHERE network_id = $1 ORDER BY person";
        let mut tx = self.db().begin_read().await?;
        let rows: Vec<(i64, String)> = select(&mut tx, network, sql).await?;
        let read = |(person, persona): (i64, String)| {
            let persona = RowOf("demo_persona", Pair(network, person)).word("persona", &persona)?;
            Ok(DemoPersona { persona, person: PersonNumber(person) })
        };
        let mut personas = rows.into_iter().map(read).collect::<Result<Vec<_>, StoreError>>()?;
        personas.sort_unstable_by_key(|persona| persona.persona);
        Ok(personas)
    }
}
