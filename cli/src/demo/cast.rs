//! As whom a visitor may look around, and what waits for them.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use files::invented::{Gender, may_be_called};
use ledger::{
    AssociationNumber, Minutes, PersonNumber,
    command::{By, Capacity, Command, NewExchange, Principal},
    exchange::Side,
    occasion::Occasion,
    person::{Person, Role},
    registry::Registry,
    skill::SkillRef,
};
use store::{DemoPersona, ExchangeFilter, Group, Page, Persona, WriteError, Writer};

use crate::{failure::Failure, session::Session};

/// The partners are found among so many of the last exchanges.
const LOOKED_AT: u32 = 60;

/// Two associations that help each other, and who is who.
struct Cast {
    own: AssociationNumber,
    partner: AssociationNumber,
    another: AssociationNumber,
    parts: Vec<DemoPersona>,
    roles: Vec<(PersonNumber, Role)>,
    /// Who speaks for the association with which there is a disagreement.
    dissenter: PersonNumber,
}

/// Whether somebody may be called by a word of that gender.
type Called<'a> = dyn Fn(PersonNumber, Gender) -> bool + 'a;

impl Cast {
    /// Chosen so that each part has a person of its own whom its word fits; nothing where there are too few people for
    /// that.
    fn choose(
        registry: &Registry,
        partners: &[(AssociationNumber, AssociationNumber)],
        called: &Called<'_>,
    ) -> Option<Self> {
        let (own, partner) = *partners.first()?;
        let another = partners.iter().flat_map(|(one, other)| [*one, *other]);
        let another = another.into_iter().find(|one| *one != own && *one != partner)?;
        let mut taken: Vec<PersonNumber> = Vec::new();
        let mut person = |fits: &dyn Fn(&Person) -> bool| {
            let found = registry.persons().find(|person| fits(person) && !taken.contains(&person.number))?.number;
            taken.push(found);
            Some(found)
        };
        let only = |association| move |person: &Person| person.associations == [association];
        let of = |association| move |person: &Person| person.associations.contains(&association);
        let neither = |person: &Person| !person.associations.contains(&own) && !person.associations.contains(&partner);
        let she = |person: &Person| called(person.number, Gender::Feminine);
        let he = |person: &Person| called(person.number, Gender::Masculine);
        let mut delegate_of = |association| {
            let found = person(&|person| only(association)(person) && she(person));
            found.or_else(|| person(&|person| of(association)(person) && she(person)))
        };
        let (delegate, other_delegate) = (delegate_of(own)?, delegate_of(partner)?);
        let treasurer = person(&|person| of(own)(person) && he(person))?;
        let mediator = person(&|person| neither(person) && he(person))?;
        let coordinator = person(&|person| neither(person) && she(person))?;
        let dissenter = person(&of(another))?;
        let volunteer = person(&|person| person.associations.len() > 1).or_else(|| person(&neither))?;
        let part = |persona, person| DemoPersona { persona, person };
        Some(Self {
            own,
            partner,
            another,
            parts: vec![
                part(Persona::Delegate, delegate),
                part(Persona::OtherDelegate, other_delegate),
                part(Persona::Treasurer, treasurer),
                part(Persona::Coordinator, coordinator),
                part(Persona::Mediator, mediator),
                part(Persona::Volunteer, volunteer),
            ],
            roles: vec![
                (delegate, Role::Delegate(own)),
                (treasurer, Role::Administrator(own)),
                (other_delegate, Role::Delegate(partner)),
                (coordinator, Role::Coordinator),
                (mediator, Role::Mediator),
                (dissenter, Role::Delegate(another)),
            ],
            dissenter,
        })
    }

    /// Two proposals of the last days wait for the delegate.
    fn proposals(&self, today: NaiveDate, session: &Session) -> Vec<Command> {
        let proposal = |side, other, minutes, days, skill: &str, memo: &str| {
            let (giver, receiver) = match side {
                Side::Giver => (other, self.own),
                Side::Receiver => (self.own, other),
            };
            let skill = SkillRef::Name(skill.to_owned()).find(session.registry.skills());
            Command::Propose {
                side,
                exchange: NewExchange {
                    giver,
                    receiver,
                    minutes: Minutes::new(minutes),
                    service_date: today.checked_sub_days(Days::new(days)).unwrap_or(today),
                    skill: skill.map(SkillRef::Number),
                    reference: None,
                    memo: Some(memo.to_owned()),
                    contributions: Vec::new(),
                    replaces: None,
                },
                evidence: None,
            }
        };
        vec![
            proposal(Side::Receiver, self.partner, 600, 9, "Trésorerie", "4 personnes × 2 h 30. Bilan de l’année."),
            proposal(
                Side::Giver,
                self.another,
                120,
                3,
                "Montage de barnums",
                "2 personnes × 1 h. Merci pour le café !",
            ),
        ]
    }
}

/// Gives out the parts, and lets two proposals wait. Whether there was somebody for each.
pub(super) async fn cast(session: &Session, today: NaiveDate) -> Result<bool, Failure> {
    let filter = ExchangeFilter { page: Page::newest(LOOKED_AT), ..ExchangeFilter::default() };
    let last = session.store.exchange_views(session.network_id, &filter).await?;
    let partners: Vec<_> = last.iter().map(|view| (view.exchange.terms.receiver, view.exchange.terms.giver)).collect();
    let everybody: Vec<_> = session.registry.persons().map(|person| person.number).collect();
    let identities = session.store.identities_of(session.network_id, &everybody).await?;
    let names: BTreeMap<_, _> =
        identities.into_iter().filter_map(|(number, identity)| Some((number, identity.first_name?))).collect();
    let fits = |person, gender| names.get(&person).is_none_or(|name| may_be_called(name, gender));
    let choose = |called: &Called<'_>| {
        let mut pairs = (0..partners.len()).map(|first| partners.get(first..).unwrap_or_default());
        pairs.find_map(|pairs| Cast::choose(&session.registry, pairs, called))
    };
    // In a small network a word may fit nobody.
    let Some(cast) = choose(&fits).or_else(|| choose(&|_, _| true)) else { return Ok(false) };
    let roles = cast.roles.iter().map(|(person, role)| Command::GrantRole { person: *person, role: *role });
    let commands = roles.chain(cast.proposals(today, session)).enumerate();
    let request = |(place, command): (usize, Command)| {
        let place = format!("cast {place}");
        Occasion::DemoProposal(&place).request(session.by, command)
    };
    let requests: Vec<_> = commands.map(request).collect();
    let writer = session.writer();
    let written = async {
        writer.submit_group(session.network_id, Group { requests: requests.into(), override_reason: None }).await?;
        disagree(&cast, today, session, &writer).await
    };
    let written = written.await;
    writer.stop().await;
    written?;
    session.store.mark_as_demo(session.network_id, &cast.parts).await?;
    Ok(true)
}

/// Lets two associations disagree, for the mediator.
async fn disagree(cast: &Cast, today: NaiveDate, session: &Session, writer: &Writer) -> Result<(), WriteError> {
    let said = |who: PersonNumber, association| By {
        principal: Principal::Person(who),
        capacity: Capacity::Association(association),
    };
    let speaker = cast
        .parts
        .iter()
        .find(|part| part.persona == Persona::OtherDelegate)
        .map_or(cast.dissenter, |part| part.person);
    let exchange = NewExchange {
        giver: cast.partner,
        receiver: cast.another,
        minutes: Minutes::new(240),
        service_date: today.checked_sub_days(Days::new(12)).unwrap_or(today),
        skill: None,
        reference: None,
        memo: Some("Installation de la fête.".to_owned()),
        contributions: Vec::new(),
        replaces: None,
    };
    let propose = Command::Propose { side: Side::Giver, exchange, evidence: None };
    let proposed = Occasion::DemoProposal("disagreement").request(said(speaker, cast.partner), propose);
    let receipt = writer.submit(session.network_id, proposed).await?;
    if let Some(exchange) = receipt.exchange {
        let reason = "C’était 2 h, pas 4 : la pluie nous a arrêtés.".to_owned();
        let contest = Command::Contest { exchange, reason };
        let contested = Occasion::DemoProposal("dissent").request(said(cast.dissenter, cast.another), contest);
        writer.submit(session.network_id, contested).await?;
    }
    Ok(())
}
