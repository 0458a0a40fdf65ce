//! The network as its members read it: who takes part, where they are, what they offer and need.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use ledger::{
    AssociationNumber,
    association::{Association, MembershipState},
    name,
    words::capitalised,
};
use service::{App, caller::Caller, problem::Problem};
use store::{MemberPlace, Notice, NoticeKind, Page, Position};
use uuid::Uuid;

use crate::{
    answer::{Answer, page},
    frame::{Asking, Frame},
    home::own,
    standing::{position_figures, position_sentence, positions_by_partner},
};

/// So many offers and needs are read at most.
const NOTICES_MOST: u32 = 500;

/// A member in the list.
#[derive(Debug)]
struct Listed {
    name: String,
    address: String,
    commune: Option<String>,
    offers: String,
}

#[derive(Template)]
#[template(path = "network.html")]
struct Network {
    frame: Frame,
    wanted: String,
    members: Vec<Listed>,
}

/// What each member offers and needs, in words.
#[derive(Debug, Default)]
struct Said {
    offers: Vec<String>,
    needs: Vec<String>,
}

async fn said(app: &App, caller: &Caller) -> Result<BTreeMap<AssociationNumber, Said>, Problem> {
    let mut said: BTreeMap<AssociationNumber, Said> = BTreeMap::new();
    for notice in app.store.notices(caller.known.id, None, Page::newest(NOTICES_MOST)).await? {
        let words = in_words(caller, &notice);
        let of = said.entry(notice.association).or_default();
        match notice.kind {
            NoticeKind::Offer => of.offers.push(words),
            NoticeKind::Need => of.needs.push(words),
        }
    }
    Ok(said)
}

fn in_words(caller: &Caller, notice: &Notice) -> String {
    let skill = notice.skill.and_then(|skill| caller.registry.skills().iter().find(|known| known.number == skill));
    match skill {
        Some(skill) if notice.description.is_empty() => skill.name.clone(),
        Some(skill) => format!("{} : {}", skill.name, notice.description),
        None => notice.description.clone(),
    }
}

fn takes_part(member: &Association) -> bool {
    [MembershipState::Active, MembershipState::Suspended].contains(&member.state)
}

/// Whether a member is meant by what was typed: a part of its name, its commune or what it offers.
fn is_meant(wanted: &str, member: &Association, place: Option<&MemberPlace>, said: Option<&Said>) -> bool {
    let commune = place.and_then(|place| place.commune.as_deref()).unwrap_or_default();
    let offers = said.map(|said| said.offers.join(" ")).unwrap_or_default();
    let text = name::fold(&format!("{} {commune} {offers}", member.name()));
    name::fold(wanted).split(' ').all(|word| text.contains(word))
}

/// The members.
pub(crate) async fn show(State(app): State<App>, caller: Caller, asking: Asking) -> Answer {
    own(&caller)?;
    let frame = Frame::around(&app, &caller, &asking).await?;
    let wanted = asking.parameter("q").unwrap_or_default();
    let places = app.store.member_places(caller.known.id).await?;
    let said = said(&app, &caller).await?;
    let members = caller.registry.associations().filter(|member| takes_part(member));
    let members =
        members.filter(|member| is_meant(&wanted, member, places.get(&member.number), said.get(&member.number)));
    let mut members: Vec<&Association> = members.collect();
    members.sort_by_cached_key(|member| name::fold(member.name()));
    let listed = |member: &&Association| Listed {
        name: member.name().to_owned(),
        address: frame.under(&format!("/network/{}", caller.name(member.number.0))),
        commune: places.get(&member.number).and_then(|place| place.commune.clone()),
        offers: said.get(&member.number).map(|said| said.offers.join(" · ")).unwrap_or_default(),
    };
    page(&Network { members: members.iter().map(listed).collect(), wanted, frame })
}

#[derive(Template)]
#[template(path = "member.html")]
struct Member {
    frame: Frame,
    name: String,
    kind: String,
    commune: Option<String>,
    since: Option<String>,
    former: Vec<String>,
    said: Said,
    /// How we stand with them, and the figures.
    position: Option<(String, String)>,
    note: Option<String>,
    exchanges: String,
}

/// One member.
pub(crate) async fn member(
    State(app): State<App>,
    mut caller: Caller,
    Path((_, name)): Path<(String, Uuid)>,
    asking: Asking,
) -> Answer {
    let own = own(&caller)?;
    let member = caller.member(&app.store, name).await?;
    if !takes_part(&member) && member.state != MembershipState::Left {
        // Of an applicant nothing is told before it is admitted.
        return Err(Problem::not_found());
    }
    let frame = Frame::around(&app, &caller, &asking).await?;
    let place = app.store.member_places(caller.known.id).await?.remove(&member.number).unwrap_or_default();
    let position = positions_by_partner(&app, &caller, own).await?.remove(&member.number);
    let is_partner = member.number != own && member.state != MembershipState::Left;
    page(&Member {
        name: member.name().to_owned(),
        kind: capitalised(member.kind.in_words(frame.language())),
        commune: place.commune,
        since: place.member_since.map(|since| frame.date(since)),
        former: member.former_names().map(str::to_owned).collect(),
        said: said(&app, &caller).await?.remove(&member.number).unwrap_or_default(),
        position: position
            .map(|position: Position| (position_sentence(&frame, &position), position_figures(&frame, &position))),
        note: is_partner.then(|| frame.under(&format!("/note?partner={name}"))),
        exchanges: frame.under(&format!("/exchanges?partner={name}")),
        frame,
    })
}
