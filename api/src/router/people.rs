//! Persons, sessions, tokens: who calls, and who may.

use serde_json::json;
use service::Scope::{Manage, Read, Write};

use super::callers::{EVERYBODY, IN_CHARGE, NETWORK, PERSONS, SEES_MEMBERS, SEES_PERSONS};
use crate::{
    answer::{Page, ReceiptView},
    route::{Described, delete, get, post, put, step},
    v1::{cards, joining, me, persons, sessions, tokens},
};

/// Their routes.
pub(super) fn routes() -> Vec<Described> {
    [me(), sessions(), tokens(), persons(), joining()].into_iter().flatten().collect()
}

/// What the caller is and what is theirs.
fn me() -> Vec<Described> {
    vec![
        get("/v1/me", "who_am_i", "Who the caller is and may do", me::me).only(Read, EVERYBODY).answers::<me::Me>(),
        get("/v1/me/hours", "my_hours", "The hours that the caller gave themselves", me::hours)
            .only(Read, PERSONS)
            .answers::<me::Hours>(),
        get(
            "/v1/me/recognitions",
            "my_recognitions",
            "What associations recognise in the caller themselves",
            me::recognitions,
        )
        .only(Read, PERSONS)
        .answers::<me::Recognitions>(),
        get(
            "/v1/me/access-events",
            "my_access_events",
            "What became of the caller's ways in: passwords, sessions and tokens that ended",
            me::access_events,
        )
        .only(Read, PERSONS)
        .answers::<me::AccessEvents>(),
    ]
}

/// Coming in, and going.
fn sessions() -> Vec<Described> {
    vec![
        post("/v1/sessions", "sign_in", "Sign in with e-mail and password", sessions::sign_in)
            .open()
            .unkeyed()
            .body::<sessions::SignIn>()
            .example(json!({ "email": "alice@example.org", "password": "correct horse battery" }))
            .answers::<sessions::Session>(),
        delete("/v1/sessions/current", "sign_out", "Sign out", sessions::sign_out).unkeyed().for_holders(),
        step(
            "/v1/sessions/current/sign-in-again",
            "sign_in_again",
            "Give the password again, as grave steps ask for",
            sessions::sign_in_again,
        )
        .unkeyed()
        .only(Read, EVERYBODY)
        .body::<sessions::SignInAgain>()
        .status(204),
        post("/v1/invitations/accept", "accept_invitation", "Choose a password", sessions::accept)
            .open()
            .unkeyed()
            .body::<sessions::Accept>()
            .status(204),
    ]
}

/// Tokens.
fn tokens() -> Vec<Described> {
    vec![
        get("/v1/tokens", "list_tokens", "The caller's tokens", tokens::list)
            .only(Manage, EVERYBODY)
            .answers::<tokens::TokenList>(),
        post("/v1/tokens", "make_token", "Make a token for the caller's own use", tokens::add)
            .only(Manage, EVERYBODY)
            .grave()
            .body::<tokens::MakeToken>()
            .example(json!({ "label": "Tableur de la trésorière", "scopes": ["read"] }))
            .answers::<tokens::Token>(),
        delete("/v1/tokens/{token}", "revoke_token", "Take a token back", tokens::revoke).only(Manage, EVERYBODY),
    ]
}

/// Persons, where they belong, and their roles.
fn persons() -> Vec<Described> {
    vec![
        get("/v1/persons", "list_persons", "Persons", persons::list)
            .only(Read, SEES_MEMBERS)
            .query::<persons::ListPersons>()
            .answers::<Page<persons::PersonView>>(),
        get("/v1/persons/{person}", "get_person", "A person", persons::one)
            .only(Read, SEES_PERSONS)
            .answers::<persons::PersonView>(),
        post("/v1/persons", "add_person", "Add a person", persons::add)
            .only(Manage, NETWORK)
            .body::<persons::NewPerson>()
            .example(json!({ "code": "ALI", "first_name": "Alice", "email": "alice@example.org" }))
            .answers::<ReceiptView>(),
        put("/v1/persons/{person}/identity", "correct_person", "Say anew who a person is", persons::correct)
            .only(Manage, NETWORK)
            .grave()
            .body::<persons::NewPerson>()
            .example(json!({ "code": "ALI", "first_name": "Alice", "email": "alice.martin@example.org" }))
            .answers::<ReceiptView>(),
        step("/v1/persons/{person}/memberships", "enrol_person", "Say where a person belongs", persons::enrol)
            .only(Manage, NETWORK)
            .grave()
            .body::<persons::Membership>()
            .answers::<ReceiptView>(),
        step("/v1/persons/{person}/roles", "set_role", "Give a role, or take it back", persons::set_role)
            .only(Manage, IN_CHARGE)
            .grave()
            .said_in_body()
            .body::<persons::SetRole>()
            .answers::<ReceiptView>(),
        post("/v1/persons/{person}/invitations", "invite_person", "Let a person choose a password", persons::invite)
            .only(Manage, IN_CHARGE)
            .grave()
            .answers::<persons::Invitation>(),
        get("/v1/cards", "list_cards", "Paper cards that have not run out", cards::list)
            .only(Manage, IN_CHARGE)
            .answers::<cards::Cards>(),
        post("/v1/persons/{person}/cards", "print_card", "Print a paper card for a person without mail", cards::print)
            .only(Manage, IN_CHARGE)
            .grave()
            .answers::<cards::PrintedCard>(),
        delete("/v1/cards/{card}", "end_card", "Take a paper card back", cards::end)
            .only(Manage, IN_CHARGE)
            .status(204),
    ]
}

/// Coming to belong to an association.
fn joining() -> Vec<Described> {
    vec![
        post("/v1/me/joining-codes", "make_joining_code", "Let an association enrol the caller", joining::add_code)
            .only(Write, PERSONS)
            .body::<joining::NewCode>()
            .answers::<joining::JoiningCode>(),
        step("/v1/me/memberships", "join", "Say that the caller belongs to an association", joining::use_link)
            .only(Write, PERSONS)
            .body::<joining::FollowedLink>()
            .answers::<ReceiptView>(),
        step("/v1/associations/{association}/members", "enrol_with_code", "Enrol who gave a code", joining::use_code)
            .only(Manage, IN_CHARGE)
            .body::<joining::GivenCode>()
            .answers::<joining::Enrolled>(),
        get("/v1/associations/{association}/joining-links", "list_joining_links", "Links to join", joining::links)
            .only(Manage, IN_CHARGE)
            .answers::<joining::JoiningLinks>(),
        post(
            "/v1/associations/{association}/joining-links",
            "make_joining_link",
            "Let persons say that they belong to the association",
            joining::add_link,
        )
        .only(Manage, IN_CHARGE)
        .grave()
        .answers::<joining::JoiningLink>(),
        delete(
            "/v1/associations/{association}/joining-links/{joining}",
            "end_joining_link",
            "Take a link to join back",
            joining::end_link,
        )
        .only(Manage, IN_CHARGE),
    ]
}
