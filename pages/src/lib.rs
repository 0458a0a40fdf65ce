//! The pages of the service: HTML for people, whole without script.
//!
//! Read `router` first: every page in one table, with who may open it. A page is a struct with methods whose template
//! (`templates/`) only prints; what it says stands in Fluent files (`words/`).

mod words;
mod assets;

mod door;
mod tabs;
mod frame;
mod form;
mod answer;
mod problem_page;

mod exchange;
mod thread;
mod recognition;

mod demo;
mod welcome;
mod people;
mod entering;
mod sign_in;
mod devices;
mod square;
mod cards;
mod first;
mod home;
mod partner;
mod note;
mod exchanges;
mod mail_answer;
mod standing;
mod notebook;
mod accounts;
mod statements;
mod network;
mod ours;
mod me;
mod mail_settings;

mod phone;
mod verify;

mod balance;
mod step_form;
mod recognising;
mod reach;
mod limits;
mod evidence;
mod morning;
mod overseen;
mod recording;
mod members;
mod persons;
mod rules;
mod transfers;
mod arrivals;

mod router;

use service::{Face, route::Voice};

/// The face for people.
pub fn face() -> Face {
    Face {
        routes: router::routes(),
        door: door::PEOPLE,
        voice: Voice { language: door::language, tell: problem_page::tell, is_for: |_| true },
    }
}
