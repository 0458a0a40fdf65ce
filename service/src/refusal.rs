//! The closed list of why the service refuses, in French and English; what the ledger's rules refuse is among them.

use std::borrow::Cow;

use axum::http::StatusCode;
use ledger::{Language, Rejection};
use store::{ASSOCIATION_WEBHOOKS_MOST, NETWORK_WEBHOOKS_MOST};

use crate::{
    misfit::Misfit,
    rejection::{slug_of, status_of},
};

/// Whose streams of events are counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listeners {
    /// Those of one token.
    Token,
    /// Those of a network.
    Network,
    /// All of them.
    Everybody,
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
    /// The address and the password are right in several networks, of these names.
    SayWhichNetwork(Vec<String>),
    /// A grave step, some time after the password was given.
    SignInAgain,
    /// A form that this service did not show, or a browser that does not say where it comes from.
    ComesFromElsewhere,
    /// The link was followed before, has run out, or never was.
    InvitationDoesNotWork,
    /// So was the code or the link with which one comes to belong to an association.
    JoiningDoesNotWork,
    /// Whoever is to be invited signs in already: an association hands them no other link.
    SignsInAlready,
    /// Whoever follows the link signs in with another address.
    EmailStays,
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
    /// What is named was recorded after the backup that the network went back to.
    WasLost,
    /// So was the act after which events are asked for.
    CursorWasLost,
    /// There is no act yet after which events are asked for.
    CursorIsAhead,
    /// Somebody changed it meanwhile.
    ChangedMeanwhile,
    /// The key was used for another request.
    KeyWasUsedForAnotherRequest,
    /// The address that is signed in with is somebody else's.
    EmailIsTaken,
    /// A webhook's address that is not allowed.
    UrlDoesNotFit(&'static str),
    /// There are as many webhooks as there may be.
    TooManyWebhooks,
    /// Too many requests with this token.
    TooManyRequests(u64),
    /// These have so many streams of events already as they may have.
    TooManyStreams(Listeners, usize),
    /// All connections are taken.
    NoRoom(u64),
    /// Too much is waiting.
    Busy(u64),
    /// The database does not answer; nothing is known to be written.
    Unavailable(u64),
    /// It took too long; what it wrote, if anything, the same key tells.
    TookTooLong,
    /// The service's clock cannot be believed, said in French and English; nothing was written.
    ClockIsAhead([String; 2]),
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

impl Refusal {
    /// The status.
    pub(crate) fn status(&self) -> StatusCode {
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
            Self::ScopeIsMissing(_)
            | Self::RoleDoesNotAllow
            | Self::ActingForIsNotHeld
            | Self::BelongsToOthers
            | Self::SignInAgain
            | Self::ComesFromElsewhere => StatusCode::FORBIDDEN,
            Self::SayWhichNetwork(_)
            | Self::InvitationDoesNotWork
            | Self::JoiningDoesNotWork
            | Self::SignsInAlready
            | Self::EmailStays
            | Self::EmailIsTaken
            | Self::WasLost
            | Self::CursorWasLost
            | Self::CursorIsAhead
            | Self::TooManyWebhooks => StatusCode::CONFLICT,
            Self::ChangedMeanwhile => StatusCode::PRECONDITION_FAILED,
            Self::ValueDoesNotFit(_)
            | Self::NameIsUnknown
            | Self::KeyWasUsedForAnotherRequest
            | Self::UrlDoesNotFit(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooManyRequests(_) | Self::TooManyStreams(..) => StatusCode::TOO_MANY_REQUESTS,
            Self::NoRoom(_) | Self::Busy(_) | Self::Unavailable(_) | Self::TookTooLong | Self::ClockIsAhead(_) => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Self::Fault => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Ledger { rejection, .. } => status_of(rejection),
        }
    }

    /// The last part of the problem's type: public, and so it stays though a variant be renamed.
    pub(crate) fn slug(&self) -> Cow<'static, str> {
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
            Self::SayWhichNetwork(_) => "say-which-network",
            Self::SignInAgain => "sign-in-again",
            Self::ComesFromElsewhere => "comes-from-elsewhere",
            Self::InvitationDoesNotWork => "invitation-does-not-work",
            Self::JoiningDoesNotWork => "joining-does-not-work",
            Self::SignsInAlready => "signs-in-already",
            Self::EmailStays => "email-stays",
            Self::ScopeIsMissing(_) => "scope-is-missing",
            Self::RoleDoesNotAllow => "role-does-not-allow",
            Self::ActingForIsNotHeld => "acting-for-is-not-held",
            Self::SayForWhom => "say-for-whom",
            Self::BelongsToOthers => "belongs-to-others",
            Self::ValueDoesNotFit(_) => "value-does-not-fit",
            Self::NameIsUnknown => "name-is-unknown",
            Self::WasLost => "was-lost",
            Self::CursorWasLost => "cursor-was-lost",
            Self::CursorIsAhead => "cursor-is-ahead",
            Self::ChangedMeanwhile => "changed-meanwhile",
            Self::KeyWasUsedForAnotherRequest => "key-was-used-for-another-request",
            Self::EmailIsTaken => "email-is-taken",
            Self::UrlDoesNotFit(_) => "url-does-not-fit",
            Self::TooManyWebhooks => "too-many-webhooks",
            Self::TooManyRequests(_) => "too-many-requests",
            Self::TooManyStreams(..) => "too-many-streams",
            Self::NoRoom(_) => "no-room",
            Self::Busy(_) => "busy",
            Self::Unavailable(_) => "unavailable",
            Self::TookTooLong => "took-too-long",
            Self::ClockIsAhead(_) => "clock-is-ahead",
            Self::Fault => "fault",
            Self::Ledger { rejection, .. } => return slug_of(rejection).into(),
        };
        slug.into()
    }

    /// The problem in a few words.
    pub(crate) fn title(&self, language: Language) -> &'static str {
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
            Self::SayWhichNetwork(_) => language.pick("Quel réseau ?", "Which network?"),
            Self::SignInAgain => language.pick("Mot de passe nécessaire", "Password needed"),
            Self::ComesFromElsewhere => language.pick("Demande venue d'ailleurs", "Request from elsewhere"),
            Self::InvitationDoesNotWork => language.pick("Invitation périmée", "Invitation spent"),
            Self::JoiningDoesNotWork => language.pick("Code ou lien périmé", "Code or link spent"),
            Self::SignsInAlready => language.pick("Se connecte déjà", "Signs in already"),
            Self::EmailStays => language.pick("Autre adresse", "Another address"),
            Self::ScopeIsMissing(_) | Self::RoleDoesNotAllow | Self::ActingForIsNotHeld | Self::BelongsToOthers => {
                language.pick("Interdit", "Not allowed")
            }
            Self::SayForWhom => language.pick("Pour qui ?", "For whom?"),
            Self::ValueDoesNotFit(_) => language.pick("Valeur illisible", "Unreadable value"),
            Self::NameIsUnknown => language.pick("Inconnu de ce réseau", "Unknown to this network"),
            Self::WasLost | Self::CursorWasLost => language.pick("Perdu", "Lost"),
            Self::CursorIsAhead => language.pick("Repère trop loin", "Cursor too far"),
            Self::ChangedMeanwhile => language.pick("Changé entre-temps", "Changed meanwhile"),
            Self::KeyWasUsedForAnotherRequest => language.pick("Clé déjà employée", "Key used before"),
            Self::EmailIsTaken => language.pick("Adresse déjà employée", "Address in use"),
            Self::UrlDoesNotFit(_) => language.pick("Adresse impossible", "Address not possible"),
            Self::TooManyWebhooks => language.pick("Trop de webhooks", "Too many webhooks"),
            Self::TooManyRequests(_) => language.pick("Trop de demandes", "Too many requests"),
            Self::TooManyStreams(..) => language.pick("Trop de flux", "Too many streams"),
            Self::NoRoom(_) => language.pick("Plus de place", "No room"),
            Self::Busy(_) => language.pick("Trop de demandes en attente", "Too many requests are waiting"),
            Self::Unavailable(_) => language.pick("Base de données injoignable", "Database out of reach"),
            Self::TookTooLong => language.pick("Trop long", "Took too long"),
            Self::ClockIsAhead(_) => language.pick("Horloge à vérifier", "Clock to be checked"),
            Self::Fault => language.pick("Défaut du service", "Fault of the service"),
            Self::Ledger { .. } => language.pick("Refusé par les règles du registre", "Refused by the ledger's rules"),
        }
    }

    /// What was found, and what would have fitted.
    #[expect(clippy::too_many_lines, reason = "a list of sentences, one a variant")]
    pub(crate) fn detail(&self, language: Language) -> String {
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
            Self::SayWhichNetwork(names) => {
                let names = names.join(", ");
                return language.pick(
                    format!("cette adresse ouvre plusieurs réseaux ; dites lequel : {names}"),
                    format!("this address opens several networks; say which one: {names}"),
                );
            }
            Self::SignInAgain => (
                "cette étape est grave, et votre connexion date un peu : donnez de nouveau votre mot de passe",
                "this is a grave step, and you signed in some time ago: give your password again",
            ),
            Self::ComesFromElsewhere => (
                "cette demande ne vient pas d'une page de ce service, ou votre navigateur ne le dit pas : rien n'a été fait",
                "this request does not come from a page of this service, or your browser does not say so: nothing was done",
            ),
            Self::JoiningDoesNotWork => (
                "ce code ou ce lien a déjà servi, a expiré, ou n'est pas pour cette association ; demandez-en un autre",
                "this code or link was used, has run out, or is not for this association; ask for another one",
            ),
            Self::SignsInAlready => (
                "cette personne se connecte déjà ; si elle a perdu son mot de passe, la coordination du réseau lui donne \
                 un nouveau lien",
                "this person signs in already; if they lost their password, the network's coordinator gives them a new \
                 link",
            ),
            Self::EmailStays => (
                "vous vous connectez déjà avec une autre adresse, et un lien ne la change pas ; donnez celle que vous \
                 avez",
                "you sign in with another address already, and a link does not change it; give the one that you have",
            ),
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
            Self::WasLost => (
                "cela a été enregistré après la sauvegarde à laquelle le réseau est revenu, et a été perdu ; ce qui a été \
                 enregistré depuis porte d'autres noms",
                "this was recorded after the backup that the network went back to, and was lost; what was recorded \
                 since bears other names",
            ),
            Self::CursorWasLost => (
                "l'acte que dit ce repère a été enregistré après la sauvegarde à laquelle le réseau est revenu, et a été \
                 perdu",
                "the act that this cursor says was recorded after the backup that the network went back to, and was lost",
            ),
            Self::CursorIsAhead => (
                "ce repère vient après le dernier acte de ce réseau : il est d'un autre réseau, ou la base est revenue en \
                 arrière",
                "this cursor comes after the last act of this network: it is another network's, or the database went \
                 back to an earlier state",
            ),
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
            Self::TooManyWebhooks => {
                let (own, all) = (ASSOCIATION_WEBHOOKS_MOST, NETWORK_WEBHOOKS_MOST);
                return language.pick(
                    format!(
                        "une association, ou le réseau lui-même, a {own} webhooks au plus, et tous ensemble {all} ; \
                         supprimez-en un d'abord"
                    ),
                    format!(
                        "an association, or the network itself, has {own} webhooks at most, and all together {all}; \
                         remove one first"
                    ),
                );
            }
            Self::TooManyStreams(listeners, most) => {
                let (french, english) = match listeners {
                    Listeners::Token => ("ce jeton", "this token"),
                    Listeners::Network => ("ce réseau", "this network"),
                    Listeners::Everybody => ("le service", "the service"),
                };
                return language.pick(
                    format!("{french} suit déjà {most} flux d'événements, autant qu'il se peut ; fermez-en un d'abord"),
                    format!("{english} has {most} streams of events already, as many as may be; close one first"),
                );
            }
            Self::NoRoom(seconds) => {
                return language.pick(
                    format!(
                        "toutes les connexions, ou celles de votre adresse, sont prises ; réessayez dans {seconds} s"
                    ),
                    format!("all connections, or those of your address, are taken; try again in {seconds} s"),
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
            Self::ClockIsAhead([french, english]) => {
                return language.pick(
                    format!("{french} ; rien n'a été écrit, qui tient le service doit la vérifier"),
                    format!("{english}; nothing was written, whoever runs the service has to check it"),
                );
            }
            Self::Fault => ("ce n'est pas votre faute", "this is no fault of yours"),
            Self::ValueDoesNotFit([french, english]) | Self::Ledger { words: [french, english], .. } => {
                return language.pick(french, english).clone();
            }
        };
        language.pick(french, english).to_owned()
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
            (Refusal::SayWhichNetwork(Vec::new()), "say-which-network", 409),
            (Refusal::SignInAgain, "sign-in-again", 403),
            (Refusal::ComesFromElsewhere, "comes-from-elsewhere", 403),
            (Refusal::JoiningDoesNotWork, "joining-does-not-work", 409),
            (Refusal::SignsInAlready, "signs-in-already", 409),
            (Refusal::EmailStays, "email-stays", 409),
            (Refusal::ScopeIsMissing("read"), "scope-is-missing", 403),
            (Refusal::RoleDoesNotAllow, "role-does-not-allow", 403),
            (Refusal::ActingForIsNotHeld, "acting-for-is-not-held", 403),
            (Refusal::SayForWhom, "say-for-whom", 400),
            (Refusal::BelongsToOthers, "belongs-to-others", 403),
            (Refusal::ValueDoesNotFit(Default::default()), "value-does-not-fit", 422),
            (Refusal::NameIsUnknown, "name-is-unknown", 422),
            (Refusal::WasLost, "was-lost", 409),
            (Refusal::CursorWasLost, "cursor-was-lost", 409),
            (Refusal::CursorIsAhead, "cursor-is-ahead", 409),
            (Refusal::ChangedMeanwhile, "changed-meanwhile", 412),
            (Refusal::KeyWasUsedForAnotherRequest, "key-was-used-for-another-request", 422),
            (Refusal::EmailIsTaken, "email-is-taken", 409),
            (Refusal::UrlDoesNotFit(""), "url-does-not-fit", 422),
            (Refusal::TooManyWebhooks, "too-many-webhooks", 409),
            (Refusal::TooManyRequests(1), "too-many-requests", 429),
            (Refusal::TooManyStreams(Listeners::Token, 1), "too-many-streams", 429),
            (Refusal::NoRoom(1), "no-room", 503),
            (Refusal::Busy(1), "busy", 503),
            (Refusal::Unavailable(1), "unavailable", 503),
            (Refusal::TookTooLong, "took-too-long", 503),
            (Refusal::ClockIsAhead(Default::default()), "clock-is-ahead", 503),
            (Refusal::Fault, "fault", 500),
        ] {
            assert_eq!((&*refusal.slug(), refusal.status().as_u16()), (slug, status));
        }
    }
}
