//! Ways in without a password, with a clock that is set: sessions at a device, mails, paper cards, the first coordinator's link,
//! and the demo's door.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use axum::http::HeaderMap;
use chrono::TimeDelta;
use ledger::{
    Digest, Language, NetworkId, PersonNumber,
    clock::SetClock,
    command::{Command, Principal},
    person::{Identity, Person, Role},
};
use service::{
    App, Config,
    acting::Acting,
    asked::Asked,
    caller::Caller,
    directory::Known,
    mail::Route,
    problem::Problem,
    sign_in::{
        by_mail::{self, Asking},
        card::{self, Printed},
        coming::{Coming, Entered},
        demo,
        device::Device,
        first_coordinator::{self, WhoTheyAre},
        session::{self, Session},
    },
    source::Source,
};
use store::{AccessChange, DemoPersona, HandedOutFor, Persona, Store};
use tempfile::TempDir;

use crate::api::served::eventually;
use crate::ledger_on::{Database, Ledger};
use crate::pages::mailbox::Mailbox;

const FIREFOX: &str = "Mozilla/5.0 (Android 14; Mobile; rv:133.0) Gecko/133.0 Firefox/133.0";

/// A ledger, and a service on it without a socket.
struct House {
    ledger: Ledger,
    app: App,
    known: Arc<Known>,
    mails: TempDir,
}

/// What a mail brings.
struct Brought {
    /// The link's secret.
    link: String,
    /// The digits, if it has any.
    code: Option<String>,
}

impl Brought {
    fn by(mail: &str) -> Self {
        let (_, after) = mail.split_once("https://heures.example.org/sign-in/link/").unwrap();
        let code = mail.lines().map(str::trim).find(|line| line.len() == 7 && line.as_bytes()[3] == b' ');
        Self { link: after.split_whitespace().next().unwrap().to_owned(), code: code.map(str::to_owned) }
    }
}

impl House {
    async fn on(database: Database) -> Self {
        let ledger = Ledger::fresh(database).await;
        let mails = TempDir::new().unwrap();
        let route = Route::parse(&format!("folder:{}", mails.path().display()), "heures@example.org", Duration::MAX);
        let public_url = Some("https://heures.example.org".to_owned());
        let config = Config { mail: Some(route.unwrap()), public_url, ..Config::default() };
        let clock = Arc::<SetClock>::clone(&ledger.clock);
        let app = App::new(ledger.store.clone(), ledger.writer.clone(), clock, config, Vec::new());
        let known = app.directory.network(&app.store, ledger.network).await.unwrap().unwrap();
        Self { ledger, app, known, mails }
    }

    /// A person with that address.
    async fn at_address(&self, code: &str, email: &str) -> PersonNumber {
        let (code, email) = (code.to_owned(), Some(email.to_owned()));
        let identity = Identity { code, first_name: None, last_name: None, email, adult_on: None };
        PersonNumber(self.ledger.done(Command::AddPerson(identity)).await.0)
    }

    /// Asks for a mail in that browser, and waits for all that comes of it. Returns what the mail brings, where one is sent.
    async fn ask(&self, address: &str, browser: &str) -> Option<Brought> {
        let mailbox = Mailbox::at(self.mails.path());
        let (before, sent) = (mailbox.read(), self.mails_sent().await);
        let asking = Asking {
            known: &self.known,
            source: source(),
            address,
            browser,
            query: String::new(),
            language: Language::French,
        };
        by_mail::ask(&self.app, asking).await.unwrap().await.unwrap();
        if self.mails_sent().await == sent {
            return None;
        }
        eventually("a mail is sent", || mailbox.read().len() > before.len());
        Some(Brought::by(mailbox.read().iter().find(|mail| !before.contains(mail)).unwrap()))
    }

    /// How many mails were kept in the last hour.
    async fn mails_sent(&self) -> usize {
        self.app.store.mails_lately(self.ledger.network, &[], self.app.now()).await.unwrap().of_network
    }

    async fn follow(&self, link: &str, person: Option<PersonNumber>) -> Entered {
        let coming = Coming::In(Device::of(FIREFOX));
        by_mail::enter_with_link(&self.app, &self.known, link, person, coming).await.unwrap()
    }

    async fn type_code(&self, browser: &str, code: &str) -> Entered {
        let coming = Coming::In(Device::of(FIREFOX));
        by_mail::enter_with_code(&self.app, source(), &self.known, (browser, code), None, coming).await.unwrap()
    }

    fn pass(&self, time: TimeDelta) {
        self.ledger.clock.set(self.app.now() + time);
        self.app.tokens.forget();
    }

    async fn person(&self, number: PersonNumber) -> Person {
        self.known.refreshed(&self.app.store).await.unwrap().person(number).unwrap().clone()
    }

    /// Whoever holds that session, in one of their names.
    async fn caller(&self, session: &Session, acting: Acting) -> Caller {
        let access = self.app.tokens.find(&self.app.store, &session.secret.text).await.unwrap().unwrap();
        let registry = self.known.refreshed(&self.app.store).await.unwrap();
        Caller { access, acting, known: Arc::clone(&self.known), registry }
    }

    /// Whether a session still opens anything.
    async fn holds(&self, session: &Session) -> bool {
        self.app.tokens.forget();
        let access = self.app.tokens.find(&self.app.store, &session.secret.text).await.unwrap();
        access.is_some_and(|access| access.holds_at(self.app.now()))
    }

    /// A session of somebody whom the demo's door would let in, for who needs one to begin with.
    async fn signed_in(&self, person: PersonNumber) -> Session {
        let store = &self.app.store;
        let marked = store.demo_personas(self.ledger.network).await.unwrap();
        if !marked.iter().any(|marked| marked.person == person) {
            let persona = Persona::ALL.into_iter().find(|one| !marked.iter().any(|marked| marked.persona == *one));
            store
                .mark_as_demo(self.ledger.network, &[DemoPersona { persona: persona.unwrap(), person }])
                .await
                .unwrap();
        }
        let marked = store.demo_personas(self.ledger.network).await.unwrap();
        let persona = marked.iter().find(|marked| marked.person == person).unwrap().persona;
        demo::enter(&self.app, &self.known, persona, Device::of(FIREFOX)).await.unwrap().session
    }

    /// Prints a card for one person.
    async fn print(&self, caller: &Caller, person: PersonNumber) -> Result<String, Problem> {
        let asked =
            Asked { key: format!("print {person} {}", self.app.new_name()), digest: Digest([0; 32]), long_ago: false };
        let printed = card::print(&self.app, caller, &asked, &[self.person(person).await]).await?;
        Ok(printed.unwrap().pop().unwrap().letters)
    }

    async fn enter(&self, letters: &str) -> Entered {
        let coming = Coming::In(Device::of(FIREFOX));
        card::enter(&self.app, source(), &self.known, letters, coming).await.unwrap()
    }

    async fn session(&self, letters: &str) -> Session {
        match self.enter(letters).await {
            Entered::In(session) => session,
            other => panic!("{letters}: {other:?}"),
        }
    }

    async fn events(&self, person: PersonNumber) -> Vec<AccessChange> {
        let events = self.app.store.access_events(self.ledger.network, person, 10).await.unwrap();
        events.into_iter().map(|event| event.change).collect()
    }
}

/// Somewhere else each time: whoever guesses from one place waits.
fn source() -> Source {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let [a, b, c, d] = NEXT.fetch_add(1, Ordering::Relaxed).to_be_bytes();
    Source::of([100 + a, b, c, d].into(), &HeaderMap::new(), &[])
}

fn slug(problem: &Problem) -> String {
    problem.slug().into_owned()
}

#[tokio::test]
async fn a_session_at_a_device_goes_on_while_it_is_used_and_its_owner_ends_it_from_another() {
    for database in Database::tried() {
        let house = House::on(database).await;
        let person = house.ledger.person("ANA", &[]).await;
        let (telephone, computer) = (house.signed_in(person).await, house.signed_in(person).await);
        for _ in 0..3 {
            house.pass(TimeDelta::days(29));
            assert!(house.holds(&telephone).await);
            house.app.store.note_use(house.ledger.network, telephone.token, house.app.now()).await.unwrap();
        }
        assert!(!house.holds(&computer).await, "nobody used it for 87 days");

        let computer = house.signed_in(person).await;
        let caller = house.caller(&computer, Acting::Oneself).await;
        let held = session::held(&house.app, &caller).await.unwrap();
        let held: Vec<_> = held.iter().map(|held| (held.session, held.is_this, held.device.system)).collect();
        assert_eq!(held, [(computer.token, true, Some("Android")), (telephone.token, false, Some("Android"))]);

        // Somebody else's is nobody's to end.
        let other = house.ledger.person("ZOE", &[]).await;
        let others = house.signed_in(other).await;
        assert_eq!(slug(&session::end(&house.app, &caller, others.token).await.unwrap_err()), "not-found");
        session::end(&house.app, &caller, telephone.token).await.unwrap();
        assert!(!house.holds(&telephone).await);
        let third = house.signed_in(person).await;
        session::end_others(&house.app, &caller).await.unwrap();
        let hold = [house.holds(&third).await, house.holds(&computer).await, house.holds(&others).await];
        assert_eq!(hold, [false, true, true]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_brings_a_link_that_works_once_for_twenty_minutes() {
    for database in Database::tried() {
        let house = House::on(database).await;
        let person = house.at_address("ANA", "Ana@Example.org").await;
        assert!(house.ask("nobody@example.org", "b").await.is_none());
        assert!(house.ask("ana@example.orgx", "b").await.is_none());
        let first = house.ask(" ANA@example.org", "b").await.unwrap();
        assert!(matches!(house.follow(&first.link.replace("cdm_1", "cdm_2"), None).await, Entered::DoesNotWork));
        let Entered::In(session) = house.follow(&first.link, None).await else { panic!() };
        assert_eq!(house.caller(&session, Acting::Oneself).await.person(), Some(person));
        assert!(matches!(house.follow(&first.link, None).await, Entered::DoesNotWork), "it was used");
        assert!(matches!(house.type_code("b", first.code.as_deref().unwrap()).await, Entered::DoesNotWork));

        let late = house.ask("ana@example.org", "b").await.unwrap();
        house.pass(TimeDelta::minutes(21));
        assert!(matches!(house.follow(&late.link, None).await, Entered::DoesNotWork), "it is too old");
        // A role of the network ends what is under way, as it ends all that is open.
        let waiting = house.ask("ana@example.org", "b").await.unwrap();
        house.ledger.grant(person, Role::Auditor).await;
        assert!(matches!(house.follow(&waiting.link, None).await, Entered::DoesNotWork));
        assert!(!house.holds(&session).await);
        // Nobody is left to sign in, once they are erased.
        let last = house.ask("ana@example.org", "b").await.unwrap();
        house.ledger.done(Command::RevokeRole { person, role: Role::Auditor }).await;
        house.ledger.done(Command::ErasePerson { person }).await;
        assert!(matches!(house.follow(&last.link, None).await, Entered::DoesNotWork));
        assert!(house.ask("ana@example.org", "b").await.is_none());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn digits_are_good_in_the_browser_that_asked_and_five_times_to_be_tried() {
    for database in Database::tried() {
        let house = House::on(database).await;
        house.at_address("ANA", "ana@example.org").await;
        let wrong = |code: &str| if code == "000 000" { "111 111" } else { "000 000" }.to_owned();
        let code = house.ask("ana@example.org", "hers").await.unwrap().code.unwrap();
        assert!(matches!(house.type_code("somebody else's", &code).await, Entered::DoesNotWork));
        for _ in 0..4 {
            assert!(matches!(house.type_code("hers", &wrong(&code)).await, Entered::DoesNotWork));
        }
        assert!(matches!(house.type_code("hers", &code.replace(' ', "")).await, Entered::In(_)), "the fifth time");

        // Whoever guesses spends the digits of a mail, and in the end digits altogether; the link stays.
        for mail in 0..2 {
            let code = house.ask("ana@example.org", "theirs").await.unwrap().code.unwrap();
            for _ in 0..5 {
                assert!(matches!(house.type_code("theirs", &wrong(&code)).await, Entered::DoesNotWork));
            }
            assert!(matches!(house.type_code("theirs", &code).await, Entered::DoesNotWork), "mail {mail}");
        }
        let code = house.ask("ana@example.org", "theirs").await.unwrap().code.unwrap();
        assert!(matches!(house.type_code("theirs", &wrong(&code)).await, Entered::DoesNotWork));
        let brought = house.ask("ana@example.org", "hers").await.unwrap();
        assert_eq!(brought.code, None, "fifteen were wrong");
        // An hour has five mails for an address.
        assert!(house.ask("ana@example.org", "hers").await.is_none());
        assert!(matches!(house.follow(&brought.link, None).await, Entered::In(_)));
        house.pass(TimeDelta::hours(25));
        assert!(house.ask("ana@example.org", "hers").await.unwrap().code.is_some());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_shares_an_address_is_asked_who_they_are() {
    for database in Database::tried() {
        let house = House::on(database).await;
        let (one, other) =
            (house.at_address("ONE", "us@example.org").await, house.at_address("TWO", "us@example.org").await);
        let elsewhere = house.at_address("ELSE", "else@example.org").await;
        let brought = house.ask("us@example.org", "b").await.unwrap();
        let Entered::Who(who) = house.follow(&brought.link, None).await else { panic!() };
        assert_eq!(who, [one, other]);
        // To be asked spends nothing, however often.
        let code = brought.code.unwrap();
        for _ in 0..6 {
            assert!(matches!(house.type_code("b", &code).await, Entered::Who(_)));
        }
        assert!(matches!(house.follow(&brought.link, Some(elsewhere)).await, Entered::DoesNotWork));
        let Entered::In(session) = house.follow(&brought.link, Some(other)).await else { panic!() };
        assert_eq!(house.caller(&session, Acting::Oneself).await.person(), Some(other));
        assert!(matches!(house.follow(&brought.link, Some(one)).await, Entered::DoesNotWork), "once for both");
    }
}

#[tokio::test]
async fn a_card_opens_a_session_once_until_its_day_and_is_taken_back() {
    for database in Database::tried() {
        let house = House::on(database).await;
        let (coordinator, person) = (house.ledger.person("COO", &[]).await, house.ledger.person("ANA", &[]).await);
        house.ledger.grant(coordinator, Role::Coordinator).await;
        let caller = house.caller(&house.signed_in(coordinator).await, Acting::Coordinator).await;

        let letters = house.print(&caller, person).await.unwrap();
        let session = house.session(&letters.to_lowercase().replace('-', " ")).await;
        let opened = house.app.store.sessions_of(house.ledger.network, person, house.app.now()).await.unwrap();
        assert_eq!(opened[0].handed_out_for, Some(HandedOutFor::Network));
        assert_eq!((opened[0].token, opened[0].label.as_str()), (session.token, "Firefox, Android"));
        assert!(matches!(house.enter(&letters).await, Entered::DoesNotWork), "it was used");
        assert_eq!(house.events(person).await, [AccessChange::CardUsed]);

        // The last one that was printed is the one.
        let (first, second) =
            (house.print(&caller, person).await.unwrap(), house.print(&caller, person).await.unwrap());
        assert!(matches!(house.enter(&first).await, Entered::DoesNotWork));
        house.pass(TimeDelta::days(31));
        assert!(matches!(house.enter(&second).await, Entered::DoesNotWork), "its day is past");

        let caller = house.caller(&house.signed_in(coordinator).await, Acting::Coordinator).await;
        let letters = house.print(&caller, person).await.unwrap();
        let cards = card::list(&house.app, &caller).await.unwrap();
        assert_eq!((cards.len(), cards[0].person, cards[0].principal), (1, person, Principal::Person(coordinator)));
        let asked = Asked { key: "take back".to_owned(), digest: Digest([0; 32]), long_ago: false };
        card::take_back(&house.app, &caller, &asked, cards[0].card).await.unwrap();
        assert!(matches!(house.enter(&letters).await, Entered::DoesNotWork), "it was taken back");
        // The same form once more prints nothing new, and the letters are not told again.
        let asked = Asked { key: "print".to_owned(), digest: Digest([0; 32]), long_ago: false };
        let person = house.person(person).await;
        let printed: Vec<Option<Vec<Printed>>> = vec![
            card::print(&house.app, &caller, &asked, std::slice::from_ref(&person)).await.unwrap(),
            card::print(&house.app, &caller, &asked, std::slice::from_ref(&person)).await.unwrap(),
        ];
        assert_eq!(printed.iter().map(Option::is_some).collect::<Vec<_>>(), [true, false]);
        house.ledger.assert_sound().await;
    }
}

#[tokio::test]
async fn whoever_prints_a_card_comes_by_no_more_than_they_may() {
    for database in Database::tried() {
        let house = House::on(database).await;
        let (choir, judo) = (house.ledger.association("Chorale").await, house.ledger.association("Judo").await);
        let administrator = house.ledger.person("ADM", &[choir]).await;
        house.ledger.grant(administrator, Role::Administrator(choir)).await;
        let caller = house.caller(&house.signed_in(administrator).await, Acting::Association(choir)).await;

        // Of theirs alone, and only who does not sign in by themselves.
        let of_both = house.ledger.person("TWO", &[choir, judo]).await;
        let signs_in = house.ledger.person("OWN", &[choir]).await;
        house.signed_in(signs_in).await;
        assert_eq!(slug(&house.print(&caller, of_both).await.unwrap_err()), "belongs-to-others");
        assert_eq!(slug(&house.print(&caller, signs_in).await.unwrap_err()), "signs-in-already");

        // What such a card opened ends with a role that its printer could not give, and so does what was made in it.
        let marcel = house.ledger.person("MAR", &[choir]).await;
        let letters = house.print(&caller, marcel).await.unwrap();
        let session = house.session(&letters).await;
        assert!(!house.caller(&session, Acting::Oneself).await.access.makes_what_lasts());
        house.ledger.grant(marcel, Role::Delegate(choir)).await;
        assert!(house.holds(&session).await, "that role is the administrator's to give");
        // Their telephone is lost: the administrator prints another one, as they could the first.
        let waiting = house.print(&caller, marcel).await.unwrap();
        house.ledger.grant(marcel, Role::Delegate(judo)).await;
        assert!(!house.holds(&session).await);
        assert!(matches!(house.enter(&waiting).await, Entered::DoesNotWork));
        assert!(house.events(marcel).await.contains(&AccessChange::OtherRoleGiven));

        // A card does not outlive its printer's role.
        let zoe = house.ledger.person("ZOE", &[choir]).await;
        let letters = house.print(&caller, zoe).await.unwrap();
        let other = house.ledger.person("ALI", &[choir]).await;
        house.ledger.grant(other, Role::Administrator(choir)).await;
        house.ledger.done(revoke(administrator, Role::Administrator(choir))).await;
        assert!(matches!(house.enter(&letters).await, Entered::DoesNotWork));
        // Nor a role of the network for whom it is.
        let coordinator = house.ledger.person("COO", &[]).await;
        house.ledger.grant(coordinator, Role::Coordinator).await;
        let caller = house.caller(&house.signed_in(coordinator).await, Acting::Coordinator).await;
        let letters = house.print(&caller, zoe).await.unwrap();
        house.ledger.grant(zoe, Role::Mediator).await;
        assert!(matches!(house.enter(&letters).await, Entered::DoesNotWork));
    }
}

fn revoke(person: PersonNumber, role: Role) -> Command {
    Command::RevokeRole { person, role }
}

#[tokio::test]
async fn a_card_shows_once_more_who_holds_a_session_and_no_other() {
    for database in Database::tried() {
        let house = House::on(database).await;
        let coordinator = house.ledger.person("COO", &[]).await;
        house.ledger.grant(coordinator, Role::Coordinator).await;
        let session = house.signed_in(coordinator).await;
        let caller = house.caller(&session, Acting::Coordinator).await;
        let person = house.ledger.person("ANA", &[]).await;
        let (own, others) =
            (house.print(&caller, coordinator).await.unwrap(), house.print(&caller, person).await.unwrap());
        house.pass(TimeDelta::minutes(16));
        let caller = house.caller(&session, Acting::Coordinator).await;
        assert!(!caller.access.is_fresh_at(house.app.now(), 15));
        let again = async |letters: &str| {
            card::enter(&house.app, source(), &house.known, letters, Coming::Again(&caller)).await.unwrap()
        };
        assert!(matches!(again(&others).await, Entered::DoesNotWork));
        assert!(matches!(again(&own).await, Entered::Again));
        let caller = house.caller(&session, Acting::Coordinator).await;
        assert!(caller.access.is_fresh_at(house.app.now(), 15));
        // It was not for them: it still lets in whose it is.
        house.session(&others).await;
    }
}

#[tokio::test]
async fn the_first_coordinator_follows_a_link_once_and_is_one_from_then_on() {
    for database in Database::tried() {
        let house = House::on(database).await;
        let (store, network) = (&house.app.store, house.ledger.network);
        let offer = async |sends_mail, byte| {
            first_coordinator::offer(store, network, sends_mail, [byte; 32], house.app.now()).await.unwrap()
        };
        let (old, link) = (offer(false, 1).await.unwrap(), offer(false, 2).await.unwrap());
        let who = |email: &str| WhoTheyAre {
            first_name: "Anne".to_owned(),
            last_name: "Le Goff".to_owned(),
            email: email.to_owned(),
        };
        let appoint = async |secret: &str, email: &str| {
            let device = Device::of(FIREFOX);
            first_coordinator::appoint(&house.app, &house.known, secret, &who(email), device).await
        };
        assert!(first_coordinator::works(&house.app, &house.known, &old.text).await.unwrap(), "either will do");
        assert_eq!(slug(&appoint(&link.text, "anne@@example.org").await.unwrap_err()), "body-does-not-fit");
        let Entered::In(session) = appoint(&link.text, "Anne@Example.org").await.unwrap() else { panic!() };
        let caller = house.caller(&session, Acting::Coordinator).await;
        assert!(caller.by().is_ok() && caller.may_act_for(Acting::Coordinator));
        let identity = store.identity(network, caller.person().unwrap()).await.unwrap().unwrap();
        assert_eq!((identity.code.as_str(), identity.email.as_deref()), ("anne-le-goff", Some("anne@example.org")));
        assert!(matches!(appoint(&link.text, "anne@example.org").await.unwrap(), Entered::DoesNotWork), "once");
        assert!(!first_coordinator::works(&house.app, &house.known, &old.text).await.unwrap(), "one of them was used");

        // As long as they can come in, there is no other link; without mail, and with every session ended, there is.
        assert!(offer(false, 3).await.is_none());
        session::end(&house.app, &caller, session.token).await.unwrap();
        assert!(offer(true, 4).await.is_none(), "their address lets them in");
        let again = offer(false, 5).await.unwrap();
        house.pass(TimeDelta::hours(49));
        assert!(!first_coordinator::works(&house.app, &house.known, &again.text).await.unwrap(), "too late");
        house.ledger.assert_sound().await;
    }
}

#[tokio::test]
async fn a_first_coordinator_whose_answer_was_lost_is_the_same_person() {
    for database in Database::tried() {
        let house = House::on(database).await;
        let store = &house.app.store;
        // Somebody has the code already that they would get.
        house.ledger.person("anne-le-goff", &[]).await;
        let now = house.app.now();
        let link = first_coordinator::offer(store, house.ledger.network, false, [7; 32], now).await.unwrap().unwrap();
        let who = WhoTheyAre {
            first_name: "Anne".to_owned(),
            last_name: "Le Goff".to_owned(),
            email: "anne@example.org".to_owned(),
        };
        let appoint = async || {
            first_coordinator::appoint(&house.app, &house.known, &link.text, &who, Device::default()).await.unwrap()
        };
        assert!(matches!(appoint().await, Entered::In(_)));
        // As it was before the link was marked as used.
        house.ledger.place.sql("UPDATE founding_link SET ended_at = NULL").await.unwrap();
        assert!(matches!(appoint().await, Entered::In(_)));
        let registry = house.known.refreshed(store).await.unwrap();
        let coordinators = registry.persons().filter(|person| person.roles.contains(&Role::Coordinator)).count();
        assert_eq!(coordinators, 1);
    }
}

#[tokio::test]
async fn only_a_network_that_the_demo_made_has_its_door_and_a_restored_one_has_none() {
    for database in Database::tried() {
        let house = House::on(database).await;
        let person = house.ledger.person("ANA", &[]).await;
        let enter =
            async |house: &House, persona| demo::enter(&house.app, &house.known, persona, Device::default()).await;
        assert_eq!(slug(&enter(&house, Persona::Delegate).await.unwrap_err()), "not-found");
        let persona = Persona::Delegate;
        house.app.store.mark_as_demo(house.ledger.network, &[DemoPersona { persona, person }]).await.unwrap();
        enter(&house, Persona::Delegate).await.unwrap();
        assert_eq!(slug(&enter(&house, Persona::Coordinator).await.unwrap_err()), "not-found");

        let mut backup = Vec::new();
        house.app.store.backup(&mut backup).await.unwrap();
        let place = crate::ledger_on::Place::fresh(database);
        let restored = Store::open(&place.url, true).await.unwrap();
        restored.restore(&mut backup.as_slice(), house.app.now()).await.unwrap();
        assert_eq!(restored.demo_personas(NetworkId(1)).await.unwrap(), []);
        house.ledger.done(Command::ErasePerson { person }).await;
        assert_eq!(slug(&enter(&house, Persona::Delegate).await.unwrap_err()), "not-found");
    }
}
