//! One's own association: how to reach it, who speaks for it, who belongs to it, what it lets others confirm, and the
//! hours that its people gave it.

mod roster;

mod people;

mod own_hours;

mod contact;

use askama::Template;
use axum::extract::State;
use ledger::{
    AssociationNumber,
    association::Contact,
    person::{Identity, Person},
};
use service::{App, caller::Caller};

pub(crate) use contact::{edit as edit_contact, save as save_contact};
pub(crate) use own_hours::{add as add_hours, show as hours};
pub(crate) use people::{give as give_role, show as person};

use self::roster::{is_in_charge, people, roles_in_words};
use crate::{
    answer::{Answer, page},
    frame::{Asking, Frame, full_name},
    home::own,
};

/// Somebody of ours.
#[derive(Debug)]
pub(crate) struct Ours {
    /// Their page.
    pub(crate) address: String,
    /// Their name.
    pub(crate) name: String,
    /// What they may do.
    pub(crate) roles: String,
}

#[derive(Template)]
#[template(path = "us.html")]
struct Us {
    frame: Frame,
    name: String,
    contact: Contact,
    is_in_charge: bool,
    speakers: Vec<Ours>,
    others: Vec<Ours>,
    /// What is let to be confirmed, in words.
    mandates: Vec<String>,
}

/// The page.
pub(crate) async fn show(State(app): State<App>, caller: Caller, asking: Asking) -> Answer {
    let own = own(&caller)?;
    let frame = Frame::around(&app, &caller, &asking).await?;
    let contact = app.store.contact(caller.known.id, own).await?.unwrap_or_default();
    let listed = |(person, identity): &(Person, Identity)| Ours {
        address: frame.under(&format!("/us/people/{}", caller.name(person.number.0))),
        name: full_name(identity),
        roles: roles_in_words(&frame, person, own),
    };
    let all: Vec<Ours> = people(&app, &caller, own).await?.iter().map(listed).collect();
    let (speakers, others) = all.into_iter().partition(|ours| !ours.roles.is_empty());
    page(&Us {
        name: caller.name_of(own),
        contact,
        is_in_charge: is_in_charge(&caller, own),
        speakers,
        others,
        mandates: mandates(&frame, &caller, own),
        frame,
    })
}

/// Who may confirm in whose stead, as sentences.
fn mandates(frame: &Frame, caller: &Caller, own: AssociationNumber) -> Vec<String> {
    let mut sentences = Vec::new();
    for member in caller.registry.associations() {
        for (partner, mandate) in &member.mandates {
            let (key, other) = match (member.number == own, *partner == own) {
                (true, _) => ("us-mandate-given", *partner),
                (_, true) => ("us-mandate-held", member.number),
                (false, false) => continue,
            };
            let with = [
                ("partner", caller.name_of(other).into()),
                ("hours", frame.hours(mandate.minutes_most).into()),
                ("day", frame.date(mandate.until).into()),
            ];
            sentences.push(frame.say(key, &with));
        }
    }
    sentences
}
