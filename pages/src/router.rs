//! Every page in one table: its address, who may open it, and what answers there.

use axum::{handler::Handler, http::Method, routing::MethodFilter};
use service::{
    App, Part,
    Part::{Administrator, Coordinator, Delegate, Mediator, Oneself},
    Scope::{Manage, Read, Write},
    route::Route,
};

use crate::{
    accounts,
    arrivals::{applications, apply, links, own_yes, sign_up, waiting},
    assets, cards, demo, devices, exchanges, first, home, mail_answer, mail_settings, me, members, morning, network,
    note, notebook, ours, overseen, persons, phone, recognising, recording, rules, sign_in,
    sign_in::again,
    standing, statements, transfers, verify, welcome,
};

/// Who speaks for an association.
const SIDES: &[Part] = &[Delegate, Administrator];
/// Whoever is signed in, as the person that they are.
const ANYBODY: &[Part] = &[Oneself];

/// Who speaks for the network.
const COORDINATOR: &[Part] = &[Coordinator];
/// Who decides between two associations.
const MEDIATOR: &[Part] = &[Mediator];

/// Every page, and every form that one sends.
pub(crate) fn routes() -> Vec<Route> {
    [sides(), recognised(), notebooks(), accounts(), ways_in(), arriving(), coordinators(), mediators()].concat()
}

/// Pages for everybody, and for those who speak for an association or for themselves.
fn sides() -> Vec<Route> {
    vec![
        get("/", "page_welcome", welcome::lead).open(),
        proof("/demo", "page_demo", demo::enter).open(),
        proof("/language", "page_language", welcome::speak).open(),
        get("/assets/{name}", "page_asset", assets::serve).open(),
        get("/manifest.webmanifest", "page_manifest", phone::manifest).open(),
        get("/worker.js", "page_worker", phone::worker).open(),
        get("/verify", "page_verify", verify::show).open(),
        get("/note", "page_note_for", phone::start).open(),
        get("/r/{secret}", "page_mail_answer", mail_answer::show).open(),
        post("/r/{secret}/{step}", "page_mail_answer_step", mail_answer::take).open(),
        get("/a/{association}", "page_home", home::show).only(Read, SIDES),
        get("/a/{association}/note", "page_note", note::show).only(Write, SIDES),
        post("/a/{association}/note", "page_note_send", note::send).only(Write, SIDES),
        get("/a/{association}/exchanges", "page_exchanges", exchanges::list).only(Read, SIDES),
        get("/a/{association}/exchanges/{exchange}", "page_exchange", exchanges::one).only(Read, SIDES),
        post("/a/{association}/exchanges/{exchange}/{step}", "page_exchange_step", exchanges::step).only(Write, SIDES),
        get("/a/{association}/standing", "page_standing", standing::show).only(Read, SIDES),
        get("/a/{association}/standing/file", "page_standing_file", standing::file).only(Read, SIDES),
        get("/a/{association}/standing/partners", "page_partners", standing::partners).only(Read, SIDES),
        get("/a/{association}/network", "page_network", network::show).only(Read, SIDES),
        get("/a/{association}/network/{member}", "page_member", network::member).only(Read, SIDES),
        get("/a/{association}/us", "page_us", ours::show).only(Read, SIDES),
        get("/a/{association}/us/contact", "page_contact", ours::edit_contact).only(Manage, &[Administrator]),
        post("/a/{association}/us/contact", "page_contact_save", ours::save_contact).only(Manage, &[Administrator]),
        get("/a/{association}/us/people/{person}", "page_person", ours::person).only(Read, SIDES),
        post("/a/{association}/us/people/{person}", "page_person_role", ours::give_role)
            .only(Manage, &[Administrator])
            .grave(),
        get("/a/{association}/us/hours", "page_own_hours", ours::hours).only(Read, SIDES),
        post("/a/{association}/us/hours", "page_own_hours_add", ours::add_hours).only(Write, SIDES),
        get("/me", "page_me", me::show).only(Read, &[Oneself]),
        get("/me/mail", "page_mail", mail_settings::show).only(Read, &[Oneself]),
        post("/me/mail", "page_mail_save", mail_settings::save).only(Write, &[Oneself]),
        get("/unsubscribe/{secret}", "page_unsubscribe", mail_settings::ask).open(),
        proof("/unsubscribe/{secret}", "page_unsubscribe_now", mail_settings::stop).open(),
        get("/a/{association}/answer", "page_answer", exchanges::show_waiting).only(Read, SIDES),
        post("/a/{association}/answer", "page_answer_all", exchanges::answer_all).only(Write, SIDES),
    ]
}

/// What is recognised in those who help, by whoever was helped and as those read it; and what is theirs.
fn recognised() -> Vec<Route> {
    vec![
        get("/a/{association}/exchanges/{exchange}/recognise", "page_recognise", recognising::ask).only(Write, SIDES),
        post("/a/{association}/exchanges/{exchange}/recognise", "page_recognise_send", recognising::give)
            .only(Write, SIDES),
        get("/a/{association}/us/recognitions", "page_recognitions", recognising::list).only(Read, SIDES),
        get("/a/{association}/us/recognitions/{recognition}", "page_recognition", recognising::one).only(Read, SIDES),
        post(
            "/a/{association}/us/recognitions/{recognition}/withdraw",
            "page_recognition_withdraw",
            recognising::withdraw,
        )
        .only(Write, SIDES),
        get("/me/hours", "page_my_hours", me::hours).only(Read, ANYBODY),
        get("/me/recognitions", "page_my_recognitions", me::recognitions).only(Read, ANYBODY),
        post("/me/recognitions/{recognition}/{step}", "page_my_recognition_answer", me::answer).only(Write, ANYBODY),
        get("/me/badges/{recognition}/{badge}", "page_my_badge", me::badge).only(Read, ANYBODY),
        get("/me/known", "page_known_of_me", me::known).only(Read, ANYBODY),
    ]
}

/// An association's notebook against the ledger. A file is sent by itself, and not given back: whoever has it has it.
fn notebooks() -> Vec<Route> {
    vec![
        get("/a/{association}/notebook", "page_notebook", notebook::show).only(Read, SIDES),
        proof("/a/{association}/notebook", "page_notebook_lay", notebook::lay).only(Write, SIDES),
        get("/a/{association}/notebook/reading", "page_notebook_reading", notebook::look).only(Read, SIDES),
        post("/a/{association}/notebook/reading", "page_notebook_correct", notebook::correct).only(Write, SIDES),
        get("/a/{association}/notebook/result", "page_notebook_result", notebook::result).only(Read, SIDES),
        get("/a/{association}/notebook/report", "page_notebook_report", notebook::report).only(Read, SIDES),
        get("/a/{association}/notebook/statement", "page_notebook_statement", notebook::choose_statement)
            .only(Read, SIDES),
        proof("/a/{association}/notebook/statement", "page_notebook_statement_check", notebook::check_statement)
            .only(Write, SIDES),
        post("/a/{association}/notebook/{step}", "page_notebook_step", notebook::step).only(Write, SIDES),
    ]
}

/// What a treasurer takes from the ledger.
fn accounts() -> Vec<Route> {
    vec![
        get("/a/{association}/accounts", "page_accounts", accounts::show).only(Read, SIDES),
        get("/a/{association}/accounts/file", "page_accounts_file", accounts::file).only(Read, SIDES),
        get("/a/{association}/accounts/figures", "page_figures", accounts::figures).only(Read, SIDES),
        get("/a/{association}/accounts/engagement", "page_engagement", accounts::engagement).only(Read, SIDES),
        get("/a/{association}/accounts/engagement/file", "page_engagement_file", accounts::engagement_file)
            .only(Read, SIDES),
        get("/a/{association}/statements", "page_statements", statements::list).only(Read, SIDES),
        get("/a/{association}/statements/{statement}", "page_statement", statements::one).only(Read, SIDES),
        get("/a/{association}/statements/{statement}/file", "page_statement_file", statements::file).only(Read, SIDES),
    ]
}

/// How people come in, and what becomes of it.
fn ways_in() -> Vec<Route> {
    vec![
        get("/sign-in", "page_sign_in", sign_in::show).open(),
        proof("/sign-in", "page_sign_in_ask", sign_in::ask).open(),
        get("/sign-in/mail", "page_sign_in_mail", sign_in::look_at_mail).open(),
        proof("/sign-in/mail", "page_sign_in_code", sign_in::type_code).open(),
        get("/sign-in/link/{secret}", "page_sign_in_link", sign_in::follow_link).open(),
        proof("/sign-in/link/{secret}", "page_sign_in_link_use", sign_in::use_link).open(),
        get("/carte", "page_card", sign_in::card).open(),
        get("/carte/{letters}", "page_card_of_square", sign_in::card_of_square).open(),
        proof("/carte", "page_card_use", sign_in::use_card).open(),
        get("/first/{secret}", "page_first_coordinator", first::show).open(),
        proof("/first/{secret}", "page_first_coordinator_begin", first::begin).open(),
        proof("/sign-out", "page_sign_out", sign_in::leave).open(),
        get("/me/again", "page_sign_in_again", again::show).only(Read, ANYBODY),
        proof("/me/again", "page_sign_in_again_prove", again::prove).only(Read, ANYBODY),
        proof("/me/again/mail", "page_sign_in_again_mail", again::send_mail).only(Read, ANYBODY),
        get("/me/devices", "page_devices", devices::show).only(Read, ANYBODY),
        post("/me/devices/end-others", "page_devices_end_others", devices::end_others).only(Read, ANYBODY),
        post("/me/devices/{session}/end", "page_device_end", devices::end).only(Read, ANYBODY),
        get("/c/cards", "page_cards", cards::show).only(Manage, &[Coordinator]).grave(),
        post("/c/cards", "page_cards_print", cards::print).only(Manage, &[Coordinator]).grave(),
        get("/c/cards/sheet", "page_cards_sheet", cards::sheet).only(Manage, &[Coordinator]),
        post("/c/cards/{card}/end", "page_card_end", cards::end).only(Manage, &[Coordinator]),
        get("/a/{association}/cards", "page_own_cards", cards::show).only(Manage, &[Administrator]).grave(),
        post("/a/{association}/cards", "page_own_cards_print", cards::print).only(Manage, &[Administrator]).grave(),
        get("/a/{association}/cards/sheet", "page_own_cards_sheet", cards::sheet).only(Manage, &[Administrator]),
        post("/a/{association}/cards/{card}/end", "page_own_card_end", cards::end).only(Manage, &[Administrator]),
    ]
}

/// For those who are not in yet, and for whoever answers them.
fn arriving() -> Vec<Route> {
    const ADMINISTRATOR: &[Part] = &[Administrator];
    vec![
        get("/join", "page_apply", apply::show).open(),
        post("/join", "page_apply_send", apply::send).open(),
        get("/join/sent", "page_applied", apply::sent).open(),
        get("/sign-up/{secret}", "page_sign_up", sign_up::show).open(),
        post("/sign-up/{secret}", "page_sign_up_send", sign_up::send).open(),
        get("/sign-up/sent/{how}", "page_signed_up", sign_up::sent).open(),
        get("/sign-up/letter/{secret}", "page_sign_up_letter", sign_up::follow).open(),
        proof("/sign-up/letter/{secret}", "page_sign_up_confirm", sign_up::confirm).open(),
        get("/me/join/{secret}", "page_own_yes", own_yes::show).only(Read, ANYBODY),
        post("/me/join/{secret}", "page_own_yes_say", own_yes::say).only(Write, ANYBODY),
        get("/a/{association}/sign-ups", "page_links", links::show).only(Manage, ADMINISTRATOR),
        post("/a/{association}/sign-ups", "page_link_make", links::make).only(Manage, ADMINISTRATOR),
        get("/a/{association}/sign-ups/poster", "page_poster", links::poster).only(Manage, ADMINISTRATOR),
        post("/a/{association}/sign-ups/{link}/end", "page_link_end", links::end).only(Manage, ADMINISTRATOR),
        get("/c/applications", "page_applications", applications::list).only(Read, COORDINATOR),
        get("/c/applications/{application}", "page_application", applications::one).only(Read, COORDINATOR),
        post("/c/applications/{application}/admit", "page_application_admit", applications::admit)
            .only(Manage, COORDINATOR),
        post("/c/applications/{application}/refuse", "page_application_refuse", applications::refuse)
            .only(Manage, COORDINATOR),
        get("/c/sign-ups/{sign_up}", "page_waiting", waiting::show).only(Read, COORDINATOR),
        post("/c/sign-ups/{sign_up}/add", "page_waiting_add", waiting::add).only(Manage, COORDINATOR),
        post("/c/sign-ups/{sign_up}/drop", "page_waiting_drop", waiting::drop).only(Manage, COORDINATOR),
    ]
}

/// Pages for the network's coordinators.
fn coordinators() -> Vec<Route> {
    vec![
        get("/c", "page_morning", morning::show).only(Read, COORDINATOR),
        get("/c/exchanges", "page_network_exchanges", overseen::list).only(Read, COORDINATOR),
        get("/c/exchanges/{exchange}", "page_network_exchange", overseen::one).only(Read, COORDINATOR),
        post("/c/exchanges/{exchange}/{step}", "page_network_exchange_step", overseen::step).only(Write, COORDINATOR),
        get("/c/note", "page_record", recording::show).only(Write, COORDINATOR),
        post("/c/note", "page_record_send", recording::send).only(Write, COORDINATOR),
        get("/c/members", "page_members", members::list).only(Read, COORDINATOR),
        get("/c/members/new", "page_member_new", members::new).only(Manage, COORDINATOR),
        post("/c/members/new", "page_member_add", members::add).only(Manage, COORDINATOR),
        get("/c/members/{association}", "page_kept_member", members::one).only(Read, COORDINATOR),
        post("/c/members/{association}/{step}", "page_member_step", members::step).only(Manage, COORDINATOR),
        post("/c/members/{association}/leave", "page_member_leave", members::leave).only(Manage, COORDINATOR).grave(),
        post("/c/members/{association}/limits", "page_member_limits", members::set_limits)
            .only(Manage, COORDINATOR)
            .grave(),
        get("/c/persons", "page_persons", persons::list).only(Read, COORDINATOR),
        post("/c/persons", "page_person_add", persons::add).only(Manage, COORDINATOR),
        get("/c/persons/{person}", "page_kept_person", persons::one).only(Read, COORDINATOR),
        post("/c/persons/{person}/{step}", "page_person_step", persons::step).only(Manage, COORDINATOR).grave(),
        get("/c/rules", "page_rules", rules::show).only(Read, COORDINATOR),
        post("/c/rules", "page_rules_adopt", rules::adopt).only(Manage, COORDINATOR).grave(),
        get("/c/transfers", "page_transfers", transfers::show).only(Read, COORDINATOR),
        post("/c/transfers", "page_transfer", transfers::send).only(Write, COORDINATOR),
    ]
}

/// Pages for mediators.
fn mediators() -> Vec<Route> {
    vec![
        get("/m", "page_contested", overseen::contested).only(Read, MEDIATOR),
        get("/m/{exchange}", "page_contested_exchange", overseen::one).only(Read, MEDIATOR),
        post("/m/{exchange}/{step}", "page_contested_step", overseen::step).only(Write, MEDIATOR),
    ]
}

fn get<H: Handler<T, App>, T: 'static>(path: &'static str, operation: &'static str, handler: H) -> Route {
    Route::new(MethodFilter::GET, Method::GET, path, operation, handler)
}

/// A form that is given back, with what was filled in, where it is not taken.
fn post<H: Handler<T, App>, T: 'static>(path: &'static str, operation: &'static str, handler: H) -> Route {
    proof(path, operation, handler).giving_back()
}

/// A form with a secret, or with what shows who somebody is; or nothing was filled in.
fn proof<H: Handler<T, App>, T: 'static>(path: &'static str, operation: &'static str, handler: H) -> Route {
    Route::new(MethodFilter::POST, Method::POST, path, operation, handler)
}
