//! Why a request is not answered as asked: problem documents (RFC 9457), in French or English.
//!
//! Every refusal of this service is one of [`Refusal`]; what the ledger's rules refuse is among them. The layer that
//! every answer passes writes the document, since it alone knows the reader's language and the request's id.

use std::borrow::Cow;

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use ledger::{IdentifierError, Language, Rejection, registry::Registry};
use store::{StoreError, WriteError};

use crate::misfit::Misfit;

/// Why a request is not answered as asked.
#[derive(Debug, Clone)]
pub struct Problem(Box<Inner>);

#[derive(Debug, Clone)]
struct Inner {
    refusal: Refusal,
    /// The field at fault, as in `contributions[1].minutes`.
    field: Option<String>,
    /// What would have fitted.
    fits: Vec<String>,
}

/// The refusals that are the service's own, and the ledger's.
#[derive(Debug, Clone)]
pub enum Refusal {
    /// There is no such address, or nothing of that name in this network.
    NotFound,
    /// The address does not take this method.
    MethodNotAllowed,
    /// The body is no JSON, or not of the form that is asked for.
    BodyDoesNotFit(Misfit),
    /// The query has a parameter that is unknown or unreadable.
    QueryDoesNotFit(Misfit),
    /// The body is larger than so many bytes.
    BodyIsTooLarge(usize),
    /// The body has another media type.
    MediaTypeDoesNotFit,
    /// The body did not arrive in time.
    BodyIsTooSlow,
    /// A write without a key.
    KeyIsMissing,
    /// No token.
    TokenIsMissing,
    /// A token that is unknown, has run out, or was taken back.
    TokenDoesNotHold,
    /// The address or the password is wrong.
    SignInFailed,
    /// The link was followed before, has run out, or never was.
    InvitationDoesNotWork,
    /// The token is not good for that.
    ScopeIsMissing(&'static str),
    /// None of the caller's roles allows it.
    RoleDoesNotAllow,
    /// The caller does not hold the role that they say they act in.
    ActingForIsNotHeld,
    /// The caller holds several roles that allow it.
    SayForWhom,
    /// It belongs to others.
    BelongsToOthers,
    /// A value that cannot be read, said in French and English.
    ValueDoesNotFit([String; 2]),
    /// A field names something that this network does not have.
    NameIsUnknown,
    /// Somebody changed it meanwhile.
    ChangedMeanwhile,
    /// The key was used for another request.
    KeyWasUsedForAnotherRequest,
    /// The address that is signed in with is somebody else's.
    EmailIsTaken,
    /// A webhook's address that is not allowed.
    UrlDoesNotFit(&'static str),
    /// Too many requests with this token.
    TooManyRequests(u64),
    /// Too much is waiting.
    Busy(u64),
    /// The database does not answer; nothing is known to be written.
    Unavailable(u64),
    /// It took too long; what it wrote, if anything, the same key tells.
    TookTooLong,
    /// A fault of this program or its data.
    Fault,
    /// The ledger's rules.
    Ledger {
        /// Which rule.
        rejection: Rejection,
        /// The sentence, in French and English.
        words: [String; 2],
    },
}

impl Problem {
    /// A problem without a field.
    pub fn new(refusal: Refusal) -> Self {
        Self(Box::new(Inner { refusal, field: None, fits: Vec::new() }))
    }

    /// Nothing there.
    pub fn not_found() -> Self {
        Self::new(Refusal::NotFound)
    }

    /// Names the field at fault.
    #[must_use]
    pub fn at(mut self, field: impl Into<String>) -> Self {
        let field = field.into();
        if !field.is_empty() && field != "." {
            self.0.field = Some(field);
        }
        self
    }

    /// Names the place in a batch (0, 1, 2…), before the field.
    #[must_use]
    pub fn at_line(mut self, index: usize) -> Self {
        self.0.field = Some(match self.0.field.take() {
            Some(field) => format!("[{index}].{field}"),
            None => format!("[{index}]"),
        });
        self
    }

    /// Says what would have fitted.
    #[must_use]
    pub fn fits(mut self, fits: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.0.fits = fits.into_iter().map(Into::into).collect();
        self
    }

    /// A value that one of the ledger's readers does not take.
    pub fn of_words(error: &IdentifierError, field: &str) -> Self {
        let words = [Language::French, Language::English].map(|language| error.in_words(language));
        Self::new(Refusal::ValueDoesNotFit(words)).at(field)
    }

    /// What the ledger's rules refuse.
    pub fn rejected(rejection: Rejection, registry: &Registry) -> Self {
        let names = |number: ledger::AssociationNumber| {
            registry.association(number).map_or_else(|| number.to_string(), |member| member.name().to_owned())
        };
        let words = [Language::French, Language::English].map(|language| rejection.in_words(language, &names));
        let (field, fits) = (field_of(&rejection), fits_of(&rejection));
        let refusal = match rejection {
            Rejection::KeyWasUsedForAnotherRequest { .. } => Refusal::KeyWasUsedForAnotherRequest,
            Rejection::ChangedMeanwhile => Refusal::ChangedMeanwhile,
            rejection => Refusal::Ledger { rejection, words },
        };
        Self(Box::new(Inner { refusal, field: field.map(str::to_owned), fits }))
    }

    /// What the writer did not do.
    pub fn written(error: WriteError, registry: &Registry) -> Self {
        match error {
            WriteError::Rejected(rejection) | WriteError::GroupRejected { rejection, .. } => {
                Self::rejected(rejection, registry)
            }
            WriteError::Busy { retry_after_seconds } => Self::new(Refusal::Busy(retry_after_seconds)),
            WriteError::Unavailable(error) => Self::of_store(&error),
            WriteError::Stopped => Self::new(Refusal::Unavailable(5)),
        }
    }

    /// What the database did not do.
    pub fn of_store(error: &StoreError) -> Self {
        // The sentence may quote the database; it is for whoever runs the service, not for the caller.
        crate::operation::logs::fault(&error.in_words(Language::English));
        match error {
            StoreError::ImpossibleRow { .. } | StoreError::Encoding(_) => Self::new(Refusal::Fault),
            _ => Self::new(Refusal::Unavailable(2)),
        }
    }

    /// Why.
    pub fn refusal(&self) -> &Refusal {
        &self.0.refusal
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.0.refusal.status()
    }

    /// The last part of the type, and the name in metrics.
    pub fn slug(&self) -> Cow<'static, str> {
        self.0.refusal.slug()
    }

    /// After how many seconds to come again, where that helps.
    pub fn retry_after_seconds(&self) -> Option<u64> {
        match self.0.refusal {
            Refusal::TooManyRequests(seconds) | Refusal::Busy(seconds) | Refusal::Unavailable(seconds) => Some(seconds),
            Refusal::TookTooLong => Some(1),
            _ => None,
        }
    }

    /// The problem in a few words.
    pub fn title(&self, language: Language) -> &'static str {
        self.0.refusal.title(language)
    }

    /// What was found, and what would have fitted.
    pub fn detail(&self, language: Language) -> String {
        self.0.refusal.detail(language)
    }

    /// The field at fault, as in `contributions[1].minutes`.
    pub fn field(&self) -> Option<&str> {
        self.0.field.as_deref()
    }

    /// Values that would have fitted.
    pub fn fitting(&self) -> &[String] {
        &self.0.fits
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        Self::of_store(&error)
    }
}

impl IntoResponse for Problem {
    /// The document itself is written by the outermost layer.
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl Refusal {
    fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::BodyDoesNotFit(_) | Self::QueryDoesNotFit(_) | Self::KeyIsMissing | Self::SayForWhom => {
                StatusCode::BAD_REQUEST
            }
            Self::BodyIsTooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::MediaTypeDoesNotFit => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::BodyIsTooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::TokenIsMissing | Self::TokenDoesNotHold | Self::SignInFailed => StatusCode::UNAUTHORIZED,
            Self::ScopeIsMissing(_) | Self::RoleDoesNotAllow | Self::ActingForIsNotHeld | Self::BelongsToOthers => {
                StatusCode::FORBIDDEN
            }
            Self::InvitationDoesNotWork | Self::EmailIsTaken => StatusCode::CONFLICT,
            Self::ChangedMeanwhile => StatusCode::PRECONDITION_FAILED,
            Self::ValueDoesNotFit(_)
            | Self::NameIsUnknown
            | Self::KeyWasUsedForAnotherRequest
            | Self::UrlDoesNotFit(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooManyRequests(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Busy(_) | Self::Unavailable(_) | Self::TookTooLong => StatusCode::SERVICE_UNAVAILABLE,
            Self::Fault => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Ledger { rejection, .. } => status_of(rejection),
        }
    }

    /// The last part of the problem's type: public, and so it stays though a variant be renamed.
    fn slug(&self) -> Cow<'static, str> {
        let slug = match self {
            Self::NotFound => "not-found",
            Self::MethodNotAllowed => "method-not-allowed",
            Self::BodyDoesNotFit(_) => "body-does-not-fit",
            Self::QueryDoesNotFit(_) => "query-does-not-fit",
            Self::BodyIsTooLarge(_) => "body-is-too-large",
            Self::MediaTypeDoesNotFit => "media-type-does-not-fit",
            Self::BodyIsTooSlow => "body-is-too-slow",
            Self::KeyIsMissing => "key-is-missing",
            Self::TokenIsMissing => "token-is-missing",
            Self::TokenDoesNotHold => "token-does-not-hold",
            Self::SignInFailed => "sign-in-failed",
            Self::InvitationDoesNotWork => "invitation-does-not-work",
            Self::ScopeIsMissing(_) => "scope-is-missing",
            Self::RoleDoesNotAllow => "role-does-not-allow",
            Self::ActingForIsNotHeld => "acting-for-is-not-held",
            Self::SayForWhom => "say-for-whom",
            Self::BelongsToOthers => "belongs-to-others",
            Self::ValueDoesNotFit(_) => "value-does-not-fit",
            Self::NameIsUnknown => "name-is-unknown",
            Self::ChangedMeanwhile => "changed-meanwhile",
            Self::KeyWasUsedForAnotherRequest => "key-was-used-for-another-request",
            Self::EmailIsTaken => "email-is-taken",
            Self::UrlDoesNotFit(_) => "url-does-not-fit",
            Self::TooManyRequests(_) => "too-many-requests",
            Self::Busy(_) => "busy",
            Self::Unavailable(_) => "unavailable",
            Self::TookTooLong => "took-too-long",
            Self::Fault => "fault",
            Self::Ledger { rejection, .. } => return kebab(rejection.code()).into(),
        };
        slug.into()
    }

    fn title(&self, language: Language) -> &'static str {
        match self {
            Self::NotFound => language.pick("Introuvable", "Not found"),
            Self::MethodNotAllowed => language.pick("Méthode impossible ici", "Method not possible here"),
            Self::BodyDoesNotFit(_) => language.pick("Contenu illisible", "Unreadable body"),
            Self::QueryDoesNotFit(_) => language.pick("Paramètre illisible", "Unreadable parameter"),
            Self::BodyIsTooLarge(_) => language.pick("Contenu trop grand", "Body too large"),
            Self::MediaTypeDoesNotFit => {
                language.pick("Type de contenu impossible ici", "Media type not possible here")
            }
            Self::BodyIsTooSlow => language.pick("Contenu trop lent", "Body too slow"),
            Self::KeyIsMissing => language.pick("Clé d'idempotence manquante", "Idempotency key missing"),
            Self::TokenIsMissing | Self::TokenDoesNotHold => language.pick("Jeton nécessaire", "Token needed"),
            Self::SignInFailed => language.pick("Connexion refusée", "Sign-in refused"),
            Self::InvitationDoesNotWork => language.pick("Invitation périmée", "Invitation spent"),
            Self::ScopeIsMissing(_) | Self::RoleDoesNotAllow | Self::ActingForIsNotHeld | Self::BelongsToOthers => {
                language.pick("Interdit", "Not allowed")
            }
            Self::SayForWhom => language.pick("Pour qui ?", "For whom?"),
            Self::ValueDoesNotFit(_) => language.pick("Valeur illisible", "Unreadable value"),
            Self::NameIsUnknown => language.pick("Inconnu de ce réseau", "Unknown to this network"),
            Self::ChangedMeanwhile => language.pick("Changé entre-temps", "Changed meanwhile"),
            Self::KeyWasUsedForAnotherRequest => language.pick("Clé déjà employée", "Key used before"),
            Self::EmailIsTaken => language.pick("Adresse déjà employée", "Address in use"),
            Self::UrlDoesNotFit(_) => language.pick("Adresse impossible", "Address not possible"),
            Self::TooManyRequests(_) => language.pick("Trop de demandes", "Too many requests"),
            Self::Busy(_) => language.pick("Trop de demandes en attente", "Too many requests are waiting"),
            Self::Unavailable(_) => language.pick("Base de données injoignable", "Database out of reach"),
            Self::TookTooLong => language.pick("Trop long", "Took too long"),
            Self::Fault => language.pick("Défaut du service", "Fault of the service"),
            Self::Ledger { .. } => language.pick("Refusé par les règles du registre", "Refused by the ledger's rules"),
        }
    }

    #[expect(clippy::too_many_lines, reason = "a list of sentences, one a variant")]
    fn detail(&self, language: Language) -> String {
        let (french, english) = match self {
            Self::NotFound => ("rien ici sous ce nom", "nothing here of that name"),
            Self::MethodNotAllowed => {
                ("cette adresse ne prend pas cette méthode", "this address does not take this method")
            }
            Self::BodyDoesNotFit(why) | Self::QueryDoesNotFit(why) => return why.in_words(language),
            Self::BodyIsTooLarge(most) => {
                return language.pick(
                    format!("le contenu dépasse {most} octets ; envoyez-le en plusieurs fois"),
                    format!("the body has more than {most} bytes; send it in parts"),
                );
            }
            Self::MediaTypeDoesNotFit => {
                ("un contenu de type application/json conviendrait", "a body of type application/json would fit")
            }
            Self::BodyIsTooSlow => {
                ("le contenu n'est pas arrivé à temps ; réessayez", "the body did not arrive in time; try again")
            }
            Self::KeyIsMissing => (
                "une écriture porte une clé d'idempotence, une par demande",
                "a write bears an idempotency key, one a request",
            ),
            Self::TokenIsMissing => {
                ("il faut se faire connaître d'abord", "it takes somebody who has said who they are")
            }
            Self::TokenDoesNotHold => {
                ("ce jeton est inconnu, expiré ou révoqué", "this token is unknown, has run out or was revoked")
            }
            Self::SignInFailed => ("l'adresse ou le mot de passe ne va pas", "the address or the password is wrong"),
            Self::InvitationDoesNotWork => (
                "ce lien a déjà servi, a expiré, ou n'existe pas ; demandez-en un autre",
                "this link was used, has run out, or never was; ask for another one",
            ),
            Self::ScopeIsMissing(scope) => {
                return language.pick(
                    format!("ce jeton n'est pas fait pour cela ; il faudrait la portée « {scope} »"),
                    format!("this token is not made for that; it takes the scope “{scope}”"),
                );
            }
            Self::RoleDoesNotAllow => ("aucun de vos rôles ne permet cela", "none of your roles allows that"),
            Self::ActingForIsNotHeld => {
                ("vous n'avez pas le rôle que vous dites", "you do not hold the role that you name")
            }
            Self::SayForWhom => (
                "plusieurs de vos rôles le permettent : dites pour qui",
                "several of your roles allow it: say for whom",
            ),
            Self::BelongsToOthers => {
                ("cela concerne d'autres associations que la vôtre", "this concerns other associations than yours")
            }
            Self::NameIsUnknown => ("ce réseau n'a rien de ce nom", "this network has nothing of that name"),
            Self::ChangedMeanwhile => (
                "quelqu'un l'a changé entre-temps ; relisez, puis recommencez",
                "somebody changed it meanwhile; read it again, then repeat",
            ),
            Self::KeyWasUsedForAnotherRequest => (
                "cette clé d'idempotence a servi à une autre demande ; rien n'a été changé, prenez-en une autre",
                "this idempotency key was used for another request; nothing was changed, take another key",
            ),
            Self::EmailIsTaken => {
                ("quelqu'un d'autre se connecte avec cette adresse", "somebody else signs in with this address")
            }
            Self::UrlDoesNotFit(why) => {
                return language.pick(
                    format!("cette adresse ne convient pas ({why}) ; https://hote/chemin, public, conviendrait"),
                    format!("this address does not fit ({why}); https://host/path, public, would"),
                );
            }
            Self::TooManyRequests(seconds) | Self::Busy(seconds) => {
                return language.pick(format!("réessayez dans {seconds} s"), format!("try again in {seconds} s"));
            }
            Self::Unavailable(_) => (
                "la base de données ne répond pas ; la même demande avec la même clé peut revenir sans risque",
                "the database does not answer; the same request with the same key may safely come again",
            ),
            Self::TookTooLong => (
                "la réponse tarde trop ; la même demande avec la même clé dira ce qu'il en est",
                "the answer takes too long; the same request with the same key will tell what became of it",
            ),
            Self::Fault => ("ce n'est pas votre faute", "this is no fault of yours"),
            Self::ValueDoesNotFit([french, english]) | Self::Ledger { words: [french, english], .. } => {
                return language.pick(french, english).clone();
            }
        };
        language.pick(french, english).to_owned()
    }
}

fn kebab(name: &str) -> String {
    let mut slug = String::with_capacity(name.len() + 8);
    for (index, letter) in name.char_indices() {
        if letter.is_ascii_uppercase() && index > 0 {
            slug.push('-');
        }
        slug.push(letter.to_ascii_lowercase());
    }
    slug
}

/// 403 for who asks, 409 for what stands against it, 404 and 422 for what is asked.
fn status_of(rejection: &Rejection) -> StatusCode {
    use Rejection as R;
    match rejection {
        R::RoleIsNotHeld
        | R::OnlyForTheCoordinator
        | R::OnlyForAMediator
        | R::MediatorBelongsToASide(_)
        | R::NotASide(_)
        | R::OtherSideAnswers
        | R::ProposerMayNotAnswer
        | R::NoMandateCoversIt(_) => StatusCode::FORBIDDEN,
        R::UnknownExchange(_) | R::NothingToReverse(_) => StatusCode::NOT_FOUND,
        R::NetworkIsFounded
        | R::NameIsTaken(_)
        | R::IdentifierIsTaken(_)
        | R::AssociationIs(..)
        | R::ExchangesAreOpen
        | R::CodeIsTaken(_)
        | R::PersonIsEnrolled(..)
        | R::RoleIsHeld(_)
        | R::LastOneInCharge(_)
        | R::SkillExists
        | R::YearIsClosed(_)
        | R::ReferenceIsTaken(_)
        | R::ReplacedExchangeStands(_)
        | R::ExchangeIsNotOpenToThat { .. }
        | R::IsReversed(_)
        | R::HardLimitIsPassed(_)
        | R::BalanceOutOfRange(_)
        | R::YearIsClosedAlready(_)
        | R::EarlierYearIsOpen(_)
        | R::YearIsNotOver(_) => StatusCode::CONFLICT,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// The field of the request that a rule speaks of.
fn field_of(rejection: &Rejection) -> Option<&'static str> {
    use Rejection as R;
    Some(match rejection {
        R::UnknownPerson(_) | R::UnknownPersonCode(_) | R::PersonIsNotEnrolled(..) => "person",
        R::TextIsMissing(field) | R::TextIsTooLong(field, _) | R::TextHasControlCharacters(field) => field,
        R::UnknownAssociation(_) | R::AssociationIs(..) => "association",
        R::NameIsTaken(_) | R::SkillExists => "name",
        R::IdentifierIsTaken(_) => "identifiers",
        R::MembershipStateDoesNotFit(_) => "state",
        R::CannotMergeWithItself => "into",
        R::CodeIsTaken(_) | R::CodeDoesNotFit { .. } => "code",
        R::RoleIsHeld(_) | R::LastOneInCharge(_) => "role",
        R::UnknownSkill(_) => "skill",
        R::StepDoesNotFit(_) => "step_minutes",
        R::LimitsContradictEachOther => "limits",
        R::AssociationsMustDiffer => "receiver",
        R::ChangedMeanwhile => "If-Match",
        R::MinutesOutOfRange(_) | R::StepIsNotFitted { .. } => "minutes",
        R::DateIsInTheFuture { .. } | R::DateIsTooOld(_) => "service_date",
        R::YearIsClosed(_) => "date",
        R::ReferenceIsTaken(_) | R::ReferenceIsReserved(_) => "reference",
        R::ReplacedExchangeStands(_) => "replaces",
        R::GovernanceOnExchange | R::ContributionsExceedExchange { .. } => "contributions",
        R::TransferDoesNotFit(_) => "reason",
        R::YearIsClosedAlready(_) | R::EarlierYearIsOpen(_) | R::YearIsNotOver(_) => "year",
        _ => return None,
    })
}

/// What would have fitted, where the rule knows.
fn fits_of(rejection: &Rejection) -> Vec<String> {
    match rejection {
        Rejection::StepIsNotFitted { below, above, .. } => {
            let amounts = [below, above].into_iter().filter(|minutes| minutes.is_positive());
            amounts.map(|minutes| minutes.get().to_string()).collect()
        }
        Rejection::DateIsInTheFuture { today, .. } => vec![today.to_string()],
        Rejection::EarlierYearIsOpen(year) => vec![year.to_string()],
        Rejection::StepDoesNotFit(_) => vec!["1".to_owned(), "1440".to_owned()],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_types_of_problems_are_for_ever() {
        for (refusal, slug, status) in [
            (Refusal::NotFound, "not-found", 404),
            (Refusal::MethodNotAllowed, "method-not-allowed", 405),
            (Refusal::BodyDoesNotFit(Misfit::BodyBreaksOff), "body-does-not-fit", 400),
            (Refusal::QueryDoesNotFit(Misfit::BodyBreaksOff), "query-does-not-fit", 400),
            (Refusal::BodyIsTooLarge(1), "body-is-too-large", 413),
            (Refusal::MediaTypeDoesNotFit, "media-type-does-not-fit", 415),
            (Refusal::BodyIsTooSlow, "body-is-too-slow", 408),
            (Refusal::KeyIsMissing, "key-is-missing", 400),
            (Refusal::TokenIsMissing, "token-is-missing", 401),
            (Refusal::TokenDoesNotHold, "token-does-not-hold", 401),
            (Refusal::SignInFailed, "sign-in-failed", 401),
            (Refusal::InvitationDoesNotWork, "invitation-does-not-work", 409),
            (Refusal::ScopeIsMissing("read"), "scope-is-missing", 403),
            (Refusal::RoleDoesNotAllow, "role-does-not-allow", 403),
            (Refusal::ActingForIsNotHeld, "acting-for-is-not-held", 403),
            (Refusal::SayForWhom, "say-for-whom", 400),
            (Refusal::BelongsToOthers, "belongs-to-others", 403),
            (Refusal::ValueDoesNotFit(Default::default()), "value-does-not-fit", 422),
            (Refusal::NameIsUnknown, "name-is-unknown", 422),
            (Refusal::ChangedMeanwhile, "changed-meanwhile", 412),
            (Refusal::KeyWasUsedForAnotherRequest, "key-was-used-for-another-request", 422),
            (Refusal::EmailIsTaken, "email-is-taken", 409),
            (Refusal::UrlDoesNotFit(""), "url-does-not-fit", 422),
            (Refusal::TooManyRequests(1), "too-many-requests", 429),
            (Refusal::Busy(1), "busy", 503),
            (Refusal::Unavailable(1), "unavailable", 503),
            (Refusal::TookTooLong, "took-too-long", 503),
            (Refusal::Fault, "fault", 500),
        ] {
            assert_eq!((&*refusal.slug(), refusal.status().as_u16()), (slug, status));
        }
        let of_the_ledger: Vec<_> = Rejection::CODES.iter().map(|code| kebab(code)).collect();
        insta::assert_snapshot!(of_the_ledger.join("\n"), @"
        key-was-used-for-another-request
        network-is-founded
        unknown-person
        unknown-person-code
        role-is-not-held
        only-for-the-coordinator
        only-for-a-mediator
        mediator-belongs-to-a-side
        text-is-missing
        text-is-too-long
        text-has-control-characters
        unknown-association
        name-is-taken
        identifier-is-taken
        association-is
        membership-state-does-not-fit
        cannot-merge-with-itself
        exchanges-are-open
        code-is-taken
        person-is-enrolled
        person-is-not-enrolled
        role-is-held
        last-one-in-charge
        skill-exists
        unknown-skill
        code-does-not-fit
        step-does-not-fit
        limits-contradict-each-other
        associations-must-differ
        minutes-out-of-range
        step-is-not-fitted
        date-is-in-the-future
        date-is-too-old
        year-is-closed
        reference-is-taken
        reference-is-reserved
        unknown-exchange
        replaced-exchange-stands
        exchange-is-not-open-to-that
        not-a-side
        other-side-answers
        proposer-may-not-answer
        no-mandate-covers-it
        nothing-is-amended
        governance-on-exchange
        contributions-exceed-exchange
        transfer-does-not-fit
        nothing-to-reverse
        is-reversed
        hard-limit-is-passed
        balance-out-of-range
        year-is-closed-already
        earlier-year-is-open
        year-is-not-over
        year-is-open
        no-statements
        domain-does-not-fit
        person-did-not-help
        skill-is-missing
        unknown-recognition
        recognition-is
        volunteer-answers
        guardian-consents
        stands-alone
        changed-meanwhile
        ");
    }
}
