//! Every page in one table: its address, who may open it, and what answers there.

use axum::{handler::Handler, http::Method, routing::MethodFilter};
use service::{
    App, Part,
    Part::{Administrator, Delegate, Oneself},
    Scope::{Manage, Read, Write},
    route::Route,
};

use crate::{assets, demo, exchanges, home, me, network, note, ours, phone, standing, welcome};

/// Who speaks for an association.
const SIDES: &[Part] = &[Delegate, Administrator];

/// Every page, and every form that one sends.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        get("/", "page_welcome", welcome::lead).open(),
        post("/demo", "page_demo", demo::enter).open(),
        post("/language", "page_language", welcome::speak).open(),
        get("/assets/{name}", "page_asset", assets::serve).open(),
        get("/manifest.webmanifest", "page_manifest", phone::manifest).open(),
        get("/worker.js", "page_worker", phone::worker).open(),
        get("/note", "page_note_for", phone::start).open(),
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
        get("/a/{association}/answer", "page_answer", exchanges::show_waiting).only(Read, SIDES),
        post("/a/{association}/answer", "page_answer_all", exchanges::answer_all).only(Write, SIDES),
    ]
}

fn get<H: Handler<T, App>, T: 'static>(path: &'static str, operation: &'static str, handler: H) -> Route {
    Route::new(MethodFilter::GET, Method::GET, path, operation, handler)
}

fn post<H: Handler<T, App>, T: 'static>(path: &'static str, operation: &'static str, handler: H) -> Route {
    Route::new(MethodFilter::POST, Method::POST, path, operation, handler)
}
