//! All members, by name, with where they stand and how they are reached.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::State;
use ledger::{
    AssociationNumber,
    account::Account,
    association::{Association, MembershipState},
    name,
    policy::Passed,
    words::capitalised,
};
use service::{App, caller::Caller, morning, problem::Problem};

use crate::{
    answer::{Answer, page},
    balance,
    form::Choice,
    frame::{Asking, Frame},
    reach::Reach,
};

/// A member.
#[derive(Debug)]
struct Row {
    address: String,
    name: String,
    /// Where it stands in the network, where that is not simply active.
    state: Option<String>,
    commune: Option<String>,
    stands: String,
    reach: Reach,
}

#[derive(Template)]
#[template(path = "members.html")]
struct List {
    frame: Frame,
    rows: Vec<Row>,
    shows: Vec<Choice>,
    name: String,
}

impl List {
    fn count(&self) -> String {
        self.frame.say("members-count", &[("count", self.rows.len().into())])
    }
}

/// What may be shown of them, and its word.
const SHOWS: [(&str, &str); 7] = [
    ("", "members-show-present"),
    ("applicant", "members-show-applicant"),
    ("suspended", "members-show-suspended"),
    ("left", "members-show-left"),
    ("silent", "members-show-silent"),
    ("owing", "members-show-owing"),
    ("owed", "members-show-owed"),
];

/// The page.
pub(crate) async fn show(State(app): State<App>, mut caller: Caller, asking: Asking) -> Answer {
    caller.registry = caller.known.refreshed(&app.store).await?;
    let frame = Frame::around(&app, &caller, &asking).await?;
    let wanted = asking.parameter("show").unwrap_or_default();
    let name = asking.parameter("name").unwrap_or_default();
    let members = meant(&app, &caller, &wanted, &name::fold(&name)).await?;
    let numbers: Vec<_> = members.iter().map(|member| member.number).collect();
    let accounts: Vec<_> = numbers.iter().map(|member| Account::Association(*member)).collect();
    let heads = app.store.standings(caller.known.id, &accounts).await?;
    let contacts = app.store.contacts_of(caller.known.id, &numbers).await?;
    let places = app.store.member_places(caller.known.id).await?;
    let row = |member: &&Association| {
        let head = heads.get(&Account::Association(member.number)).copied().unwrap_or_default();
        let state = capitalised(member.state.in_words(frame.language()));
        Row {
            address: frame.under(&format!("/members/{}", caller.name(member.number.0))),
            name: member.name().to_owned(),
            state: (member.state != MembershipState::Active).then_some(state),
            commune: places.get(&member.number).and_then(|place| place.commune.clone()),
            stands: balance::of(&frame, head.balance),
            reach: Reach::new(&frame, contacts.get(&member.number).cloned().unwrap_or_default()),
        }
    };
    let rows = members.iter().map(row).collect();
    let shows = SHOWS.map(|(value, key)| Choice::of(&value, &frame.t(key), &wanted)).into();
    page(&List { rows, shows, name, frame })
}

/// The members that are asked for, by name.
async fn meant<'a>(app: &App, caller: &'a Caller, wanted: &str, folded: &str) -> Result<Vec<&'a Association>, Problem> {
    let is_in = |state| move |member: &&Association| member.state == state;
    let all = || caller.registry.associations();
    let mut members: Vec<_> = match wanted {
        "applicant" => all().filter(is_in(MembershipState::Applicant)).collect(),
        "suspended" => all().filter(is_in(MembershipState::Suspended)).collect(),
        "left" => all().filter(is_in(MembershipState::Left)).collect(),
        "silent" | "owing" | "owed" => {
            let morning = morning::read(app, caller).await?;
            let beyond = |is_meant: fn(Passed) -> bool| {
                morning.beyond.iter().filter(move |one| is_meant(one.passed)).map(|one| one.association).collect()
            };
            let numbers: Vec<AssociationNumber> = match wanted {
                "silent" => morning.silent.iter().map(|heard| heard.association).collect(),
                "owing" => beyond(|passed| matches!(passed, Passed::Floor(_))),
                _ => beyond(|passed| matches!(passed, Passed::Ceiling(_))),
            };
            let order: BTreeMap<_, _> = numbers.iter().zip(0_usize..).collect();
            let mut members: Vec<_> = all().filter(|member| order.contains_key(&member.number)).collect();
            members.sort_by_key(|member| order.get(&member.number));
            return Ok(members);
        }
        _ => all().filter(|member| member.state != MembershipState::Left).collect(),
    };
    members.retain(|member| member.names.iter().any(|dated| name::fold(&dated.name).contains(folded)));
    members.sort_by_cached_key(|member| name::fold(member.name()));
    Ok(members)
}
