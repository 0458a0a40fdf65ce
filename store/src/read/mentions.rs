//! Texts that may speak of somebody beside what is theirs: remarks, reasons, names of files, contacts, notebooks' names.
//!
//! Nothing says whom such a text is about: it is found by the words in it, shown to somebody, and erased when they say so.

use async_recursion::async_recursion as boxed;
use uuid::Uuid;

use crate::{
    Store, StoreError,
    db::{on_tx, select},
    principal::principal_text,
    read::persons::texts_that_go,
};
use ledger::{
    ActNumber, AssociationNumber, NetworkId, PersonNumber,
    command::Principal,
    name::{fold, person_key},
    person::Identity,
};

/// Where a text stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum MentionPlace {
    /// A free text of an act.
    Act {
        /// The act.
        act: ActNumber,
        /// Which of its texts.
        field: String,
    },
    /// How to reach a member.
    Contact(AssociationNumber),
    /// A name that an association's notebook uses.
    Alias {
        /// The association.
        association: AssociationNumber,
        /// The name.
        written: String,
    },
    /// What an association offers or needs.
    Notice(Uuid),
    /// What a token is called.
    TokenLabel(Uuid),
}

impl MentionPlace {
    fn erased_by(&self) -> &'static str {
        match self {
            Self::Act { .. } => "DELETE FROM act_text WHERE network_id = $1 AND act = $2 AND field = $3",
            Self::Contact(_) => {
                "UPDATE association_contact SET name = NULL, email = NULL, phone = NULL \
                 WHERE network_id = $1 AND association = $2"
            }
            Self::Alias { .. } => {
                "DELETE FROM notebook_habit WHERE network_id = $1 AND kind = 'alias' AND association = $2 \
                 AND written = $3"
            }
            Self::Notice(_) => "DELETE FROM notice WHERE network_id = $1 AND notice = $2",
            Self::TokenLabel(_) => "UPDATE access_token SET label = '' WHERE network_id = $1 AND token = $2",
        }
    }
}

/// A text that may speak of somebody.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mention {
    /// Where it stands.
    pub place: MentionPlace,
    /// What it says.
    pub text: String,
}

/// The words by which somebody is found.
struct Wanted {
    words: Vec<String>,
    address: Option<String>,
}

impl Wanted {
    fn of(identity: &Identity) -> Self {
        let Identity { code, first_name, last_name, email, adult_on: _ } = identity;
        let (first, last) = (first_name.as_deref().unwrap_or_default(), last_name.as_deref().unwrap_or_default());
        let several = [format!("{first} {last}"), format!("{last} {first}")];
        // A first name, or two letters, speak of many.
        let alone = [last, code.as_str()].map(str::to_owned);
        let words =
            several.iter().filter(|_| !first.is_empty() && !last.is_empty()).chain(&alone).map(|text| fold(text));
        Self {
            words: words.filter(|word| word.chars().count() > 2).collect(),
            address: email.as_deref().map(person_key),
        }
    }

    fn is_in(&self, text: &str) -> bool {
        let words = format!(" {} ", fold(text));
        self.words.iter().any(|wanted| words.contains(&format!(" {wanted} ")))
            || self.address.as_ref().is_some_and(|address| text.to_lowercase().contains(address.as_str()))
    }
}

impl Store {
    /// The texts that may speak of somebody, beside those that go with them.
    ///
    /// # Errors
    /// When the database does not answer.
    #[boxed]
    pub async fn mentions(
        &self,
        network: NetworkId,
        person: PersonNumber,
        identity: &Identity,
    ) -> Result<Vec<Mention>, StoreError> {
        let wanted = Wanted::of(identity);
        let mut tx = self.db().begin_read().await?;
        let going = texts_that_go(&mut tx, network, person).await?;
        // The person's own tokens go, too.
        let own = principal_text(Principal::Person(person));
        let mut found = Vec::new();
        let mut look = |place: MentionPlace, text: String| {
            if wanted.is_in(&text) {
                found.push(Mention { place, text });
            }
        };
        let sql = "SELECT act, field, text FROM act_text WHERE network_id = $1 AND field <> 'identity' \
                   AND field <> 'file_digest' ORDER BY act, field";
        for (act, field, text) in select::<(i64, String, String)>(&mut tx, network, sql).await? {
            if !going.contains(&(act, field.clone())) {
                look(MentionPlace::Act { act: ActNumber(act), field }, text);
            }
        }
        let sql = "SELECT association, concat_ws(', ', name, email, phone) FROM association_contact \
                   WHERE network_id = $1 ORDER BY association";
        for (association, text) in select::<(i64, String)>(&mut tx, network, sql).await? {
            look(MentionPlace::Contact(AssociationNumber(association)), text);
        }
        let sql = "SELECT association, written, meaning FROM notebook_habit WHERE network_id = $1 AND kind = 'alias' \
                   ORDER BY association, written";
        for (association, written, meaning) in select::<(i64, String, String)>(&mut tx, network, sql).await? {
            let text = format!("{written} = {meaning}");
            look(MentionPlace::Alias { association: AssociationNumber(association), written }, text);
        }
        let sql = "SELECT notice, description FROM notice WHERE network_id = $1 ORDER BY 1";
        for (notice, text) in select::<(Uuid, String)>(&mut tx, network, sql).await? {
            look(MentionPlace::Notice(notice), text);
        }
        let sql = "SELECT token, label, principal FROM access_token WHERE network_id = $1 ORDER BY 1";
        for (token, text, principal) in select::<(Uuid, String, String)>(&mut tx, network, sql).await? {
            if principal != own {
                look(MentionPlace::TokenLabel(token), text);
            }
        }
        Ok(found)
    }

    /// The idempotency keys that other programs chose and that name somebody: they stand in acts for ever. A UUID names
    /// nobody, and is not looked at.
    ///
    /// # Errors
    /// When the database does not answer.
    #[boxed]
    pub async fn keys_that_name(
        &self,
        network: NetworkId,
        identity: &Identity,
    ) -> Result<Vec<(ActNumber, String)>, StoreError> {
        let wanted = Wanted::of(identity);
        let sql = "SELECT number, key FROM act WHERE network_id = $1 AND key_scope >= 'api:' AND key_scope < 'api;' \
                   AND NOT (substr(key, 9, 1) = '-' AND substr(key, 14, 1) = '-' AND substr(key, 19, 1) = '-' \
                   AND substr(key, 24, 1) = '-')";
        let mut tx = self.db().begin_read().await?;
        let keys = select::<(i64, String)>(&mut tx, network, sql).await?;
        let named = keys.into_iter().filter(|(_, key)| wanted.is_in(key));
        let mut named: Vec<_> = named.map(|(act, key)| (ActNumber(act), key)).collect();
        // Sorted by the database, they would be looked for among all acts and not by their scope.
        named.sort();
        Ok(named)
    }

    /// How many received files earlier versions sealed with their SHA-256: whoever has such a file, or guesses what one said
    /// that was about one person alone, can tell for ever that it came in.
    ///
    /// # Errors
    /// When the database does not answer.
    #[boxed]
    pub async fn sealed_file_digests(&self, network: NetworkId) -> Result<u64, StoreError> {
        let mut tx = self.db().begin_read().await?;
        // A network that this version founded has none, and is not read through.
        let sql = "SELECT number FROM act WHERE network_id = $1 AND number = 0 AND leaf LIKE '%\"v\":1}'";
        if select::<(i64,)>(&mut tx, network, sql).await?.is_empty() {
            return Ok(0);
        }
        let sql = "SELECT count(*) FROM act WHERE network_id = $1 AND kind = 'file_received' \
                   AND leaf LIKE '%\"file\":{\"digest\":%'";
        let counted = select::<(i64,)>(&mut tx, network, sql).await?;
        Ok(counted.into_iter().map(|(count,)| count.unsigned_abs()).sum())
    }

    /// Erases texts; what commits to them stays, and says nothing any more.
    ///
    /// # Errors
    /// When the database does not answer.
    #[boxed]
    pub async fn erase_mentions(&self, network: NetworkId, mentions: &[Mention]) -> Result<(), StoreError> {
        let mut tx = self.db().begin_write().await?;
        for Mention { place, .. } in mentions {
            let sql = place.erased_by();
            on_tx!(&mut tx, connection => {
                let query = sqlx::query(sql).bind(network.0);
                match place {
                    MentionPlace::Act { act, field } => query.bind(act.0).bind(field).execute(connection).await,
                    MentionPlace::Contact(association) => query.bind(association.0).execute(connection).await,
                    MentionPlace::Alias { association, written } => {
                        query.bind(association.0).bind(written).execute(connection).await
                    }
                    MentionPlace::Notice(name) | MentionPlace::TokenLabel(name) => {
                        query.bind(*name).execute(connection).await
                    }
                }
                .map(|_| ())?;
            });
        }
        tx.commit().await
    }
}
