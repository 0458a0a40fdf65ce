//! A small network for the tests of pages, with somebody in every part, and how each of them is signed in.

use serde_json::json;

use super::browser::Browser;
use super::tab::{Eyes, Tab};
use crate::api::served::{Served, token};
use crate::command::Sandbox;
use crate::twins::done;

/// Three associations, and people.
pub(crate) struct Village {
    pub(crate) served: Served,
    pub(crate) chorale: String,
    pub(crate) judo: String,
    pub(crate) fanfare: String,
    pub(crate) people: Vec<Person>,
    /// The secret of a link of the choir's.
    link: String,
    /// An association that asks to join, and somebody who waits to be added, by their requests' names.
    application: String,
    sign_up: String,
    /// Help that the choir was given, and what it recognises there, once somebody said so.
    pub(crate) helped: String,
    pub(crate) recognition: String,
}

/// Somebody, with what a browser keeps for them.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) name: &'static str,
    pub(crate) id: String,
    pub(crate) cookie: String,
}

/// The name of nothing.
const NOTHING: &str = "00000000-0000-7000-8000-000000000000";

/// Name, role, and whether of the choir and of the judo club.
const PEOPLE: [(&str, &str, bool, bool); 8] = [
    ("Alice", "delegate", true, false),
    ("Bruno", "delegate", false, true),
    ("Chloé", "delegate", true, true),
    ("Denis", "administrator", true, false),
    ("Véra", "", true, false),
    ("Nadine", "coordinator", false, false),
    ("Marc", "mediator", false, false),
    ("Aude", "auditor", false, false),
];

impl Village {
    pub(crate) fn on(sandbox: Sandbox) -> Self {
        Self::with(sandbox, "")
    }

    /// The same, with more words on the command line of the service.
    pub(crate) fn with(sandbox: Sandbox, words: &str) -> Self {
        let served = Served::with(sandbox, words);
        let association = |name: &str, commune: &str| {
            let body = json!({ "name": name, "commune": commune });
            served.post(&served.operator, "/v1/associations", &body).expect(201).field("id")
        };
        let chorale = association("Chorale de Janzé", "Janzé");
        let judo = association("Judo-club de Vitré", "Vitré");
        let fanfare = association("Fanfare de Retiers", "Retiers");
        served.post(&served.operator, "/v1/skills", &json!({ "name": "Comptabilité" })).expect(201);
        let mut people = Vec::new();
        for (name, role, in_chorale, in_judo) in PEOPLE {
            let body = json!({ "code": name, "first_name": name, "last_name": "Martin" });
            let person = served.post(&served.operator, "/v1/persons", &body).expect(201).field("id");
            for association in [(in_chorale, &chorale), (in_judo, &judo)].iter().filter_map(|(is, it)| is.then_some(it))
            {
                let path = format!("/v1/persons/{person}/memberships");
                served.post(&served.operator, &path, &json!({ "association": association })).expect(200);
                if !role.is_empty() {
                    served.give_role(&person, role, Some(association));
                }
            }
            if !in_chorale && !in_judo {
                served.give_role(&person, role, None);
            }
            let secret = token(&served.sandbox, &format!("--as {name}"));
            people.push(Person { name, id: person, cookie: format!("coudemain={secret}") });
        }
        let (link, application, sign_up) = (String::new(), String::new(), String::new());
        let (helped, recognition) = (String::new(), NOTHING.to_owned());
        let mut village =
            Self { served, chorale, judo, fanfare, people, link, application, sign_up, helped, recognition };
        village.arrive();
        village
    }

    /// Somebody stands before the door.
    fn arrive(&mut self) {
        let path = format!("/v1/associations/{}/joining-links", self.chorale);
        let link = self.served.post(self.token("Denis"), &path, &json!({})).expect(201).field("link");
        let (_, secret) = link.split_once('#').expect("The secret stands behind it.");
        secret.clone_into(&mut self.link);
        let mut outside = Browser::before(&self.served.address, "fr");
        let asker = "first_name=Rose&last_name=Blin&phone=0299000000";
        let sent = outside.ask("POST", "/join", Some(&format!("once=join&name=Club+de+lecture&{asker}")));
        assert_eq!(sent.status, 303, "{sent:?}");
        let sent = outside.ask("POST", &format!("/sign-up/{}", self.link), Some(&format!("once=sign-up&{asker}")));
        assert_eq!(sent.status, 303, "{sent:?}");
        let mut coordinator = self.browser("Nadine", "fr");
        coordinator.open("/c");
        let named = |before: &str| {
            let mut links = coordinator.page.links.iter();
            links.find_map(|link| link.address.strip_prefix(before)).expect("They are on the list.").to_owned()
        };
        (self.application, self.sign_up) = (named("/c/applications/"), named("/c/sign-ups/"));
    }

    /// Help with a skill, agreed on by both sides; who gave it, and how long each. Returns the exchange's name.
    pub(crate) fn help(&self, (giver, receiver): (&str, &str), skill: Option<&str>, who: &[(&str, i64)]) -> String {
        let side = |name: &str| if name == "Bruno" { &self.judo } else { &self.chorale };
        let minutes: i64 = who.iter().map(|(_, minutes)| minutes).sum();
        let told: Vec<_> =
            who.iter().map(|(name, minutes)| json!({ "person": self.person(name).id, "minutes": minutes })).collect();
        let body = json!({ "giver": side(giver), "receiver": side(receiver), "minutes": minutes, "skill": skill,
            "service_date": "2026-03-14", "contributions": told });
        let exchange = self.served.post(self.token(giver), "/v1/exchanges", &body).expect(201).field("id");
        let path = format!("/v1/exchanges/{exchange}/confirm");
        self.served.post(self.token(receiver), &path, &json!({})).expect(200);
        exchange
    }

    /// The skill that the network knows.
    pub(crate) fn skill(&self) -> String {
        let skills = self.served.get(&self.served.operator, "/v1/skills").expect(200).json();
        skills["items"][0]["id"].as_str().expect("There is one.").to_owned()
    }

    /// Says what was seen of somebody in an exchange; returns the recognition's name.
    pub(crate) fn recognise(&self, by: &str, exchange: &str, whom: &str) -> String {
        let body = json!({ "person": self.person(whom).id, "level": "independent", "context": "La fête de mars",
            "activities": "A tenu la caisse", "skill": self.skill() });
        let path = format!("/v1/exchanges/{exchange}/recognitions");
        self.served.post(self.token(by), &path, &body).expect(201).field("id")
    }

    /// The choir and the judo club helped each other, and recognise something in those who did: the choir's is named in
    /// addresses, and of what is said of Véra she accepted one and has not answered the other.
    pub(crate) fn recognise_each_other(&mut self) {
        let skill = self.skill();
        self.helped = self.help(("Bruno", "Alice"), Some(&skill), &[("Bruno", 120)]);
        self.recognition = self.recognise("Alice", &self.helped, "Bruno");
        let exchange = self.help(("Alice", "Bruno"), Some(&skill), &[("Véra", 90), ("Chloé", 30)]);
        let accepted = self.recognise("Bruno", &exchange, "Véra");
        let path = format!("/v1/recognitions/{accepted}/accept");
        self.served.post(self.token("Véra"), &path, &json!({})).expect(200);
        self.recognise("Bruno", &exchange, "Véra");
    }

    /// The year 2025 is closed, and its statements are signed: the choir has the first.
    pub(crate) fn hand_out(&self, words: &str) {
        done(&self.served.sandbox.run(&format!("close --year 2025 {words}")));
        done(&self.served.sandbox.run(&format!("statement issue --year 2025 --out handed-out --no-pdf {words}")));
    }

    /// Somebody by their name.
    pub(crate) fn person(&self, name: &str) -> &Person {
        self.people.iter().find(|person| person.name == name).expect("They live in the village.")
    }

    /// Somebody's token, as programs show it.
    pub(crate) fn token(&self, name: &str) -> &str {
        self.person(name).cookie.split_once('=').expect("A cookie has a name.").1
    }

    /// An address of the router's, with names of what is there: of the choir, its administrator, and an exchange. Nothing
    /// that is one person's alone.
    pub(crate) fn named(&self, exchange: &str, path: &str) -> String {
        let names = [
            ("/me/recognitions/{recognition}", &format!("/me/recognitions/{NOTHING}") as &str),
            ("/me/badges/{recognition}", &format!("/me/badges/{NOTHING}")),
            ("{recognition}", &self.recognition),
            ("{badge}", "badge.svg"),
            ("{exchange}/recognise", &format!("{}/recognise", self.helped)),
            ("{association}", self.chorale.as_str()),
            ("{member}", &self.judo),
            ("{partner}", &self.judo),
            ("{exchange}", exchange),
            ("{statement}", "2025-0001"),
            ("{person}", &self.person("Denis").id),
            ("{step}", "yes"),
            ("{secret}", &self.link),
            ("{letters}", "ABCDEFGHJKLM"),
            ("{session}", NOTHING),
            ("{card}", NOTHING),
            ("{link}", NOTHING),
            ("{application}", &self.application),
            ("{sign_up}", &self.sign_up),
            ("{how}", "letter"),
        ];
        names.iter().fold(path.to_owned(), |path, (name, what)| path.replace(name, what))
    }

    /// A plain browser in which somebody is signed in.
    pub(crate) fn browser(&self, name: &str, language: &'static str) -> Browser {
        let mut browser = Browser::before(&self.served.address, language);
        browser.bring(&self.person(name).cookie);
        browser
    }

    /// A real browser in which somebody is signed in.
    pub(crate) fn tab(&self, name: &str, eyes: Eyes) -> Tab {
        self.tab_at(&self.served.address, name, eyes)
    }

    /// The same, at an address that leads to the service.
    pub(crate) fn tab_at(&self, address: &str, name: &str, eyes: Eyes) -> Tab {
        let thread = std::thread::current();
        let test = thread.name().unwrap_or("main").rsplit("::").next().unwrap_or_default();
        let tab = Tab::before(address, &format!("{test}-{name}"), eyes);
        tab.bring(&self.person(name).cookie);
        tab
    }
}
