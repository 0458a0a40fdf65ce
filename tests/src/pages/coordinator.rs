//! A coordinator's morning, and a mediator's: what waits stands there in order, with whom to call and what to say, and
//! what is decided about it is done once, by whom it may be.

use serde_json::json;

use super::browser::Browser;
use crate::api::served::{Served, by_hand, token};
use crate::command::both;

/// A network whose affairs have waited for forty days.
struct Network {
    served: Served,
    /// Chorale, Judo-club, Fanfare.
    members: [String; 3],
    coordinator: String,
    mediator: String,
    /// The delegates of the first two members.
    delegates: [String; 2],
}

impl Network {
    fn new(served: Served) -> Self {
        let members = ["Chorale", "Judo-club", "Fanfare"].map(|name| served.association(name));
        let [chorale, judo, _] = &members;
        let contact = json!({ "name": "Anne Rault", "phone": "+33 (0)2 99 00 00 01" });
        served.put(&served.operator, &format!("/v1/associations/{judo}/contact"), &contact).expect(200);
        let (_, coordinator) = served.person("NAD", "coordinator", None);
        let (_, mediator) = served.person("MED", "mediator", None);
        let delegates = [("DCH", chorale), ("DJU", judo)];
        let delegates = delegates.map(|(code, member)| served.person(code, "delegate", Some(member)).1);
        Self { served, members, coordinator, mediator, delegates }
    }

    fn browser(&self, token: &str) -> Browser {
        let mut browser = Browser::before(&self.served.address, "fr");
        browser.bring(&format!("coudemain={token}"));
        browser
    }

    /// As if all that was done so far had been done forty days earlier.
    fn age(&self) {
        let database = &self.served.sandbox.database;
        if database.starts_with("postgres") {
            by_hand(database, "ALTER TABLE act DISABLE TRIGGER USER");
        } else {
            by_hand(database, "DROP TRIGGER act_no_update");
        }
        by_hand(database, "UPDATE act SET recorded_at = recorded_at - 3456000000000");
    }

    fn balances(&self) -> [i64; 3] {
        self.members.each_ref().map(|member| self.served.balance(member))
    }
}

fn on_both(check: impl Fn(Network)) {
    both().into_iter().for_each(|sandbox| check(Network::new(Served::fresh(sandbox))));
}

/// Fills in the form that is sent to an address that ends so, and sends it.
#[track_caller]
pub(super) fn send<'a>(browser: &'a mut Browser, to: &str, values: &[(&str, &str)]) -> &'a mut Browser {
    let found = browser.page.forms.iter().find(|form| form.action.ends_with(to));
    let mut form =
        found.unwrap_or_else(|| panic!("no form to {to} on {}:\n{}", browser.path, browser.page.text)).clone();
    for (name, value) in values {
        let Some(at) = form.fields.iter().position(|field| field.name == *name) else {
            panic!("no field {name} in the form to {to}");
        };
        // Of several to choose from, the last word stands.
        let field = form.fields[at].clone();
        form.fields.retain(|field| field.name != *name);
        let kind = super::page::Kind::Text;
        form.fields.push(super::page::Field { value: (*value).to_owned(), kind, ..field });
    }
    browser.submit(&form, 0)
}

#[test]
fn the_list_says_whom_to_call_and_what_to_decide() {
    on_both(|network| {
        let Network { served, members: [chorale, judo, fanfare], delegates: [of_chorale, of_judo], .. } = &network;
        let mut browser = network.browser(&network.coordinator);
        browser.open("/c").expect(200).reads("Rien à faire ce matin");

        served.propose(of_chorale, chorale, judo, 90);
        let contested = served.propose(of_chorale, chorale, judo, 240);
        let reason = json!({ "reason": "Nous étions deux." });
        served.post(of_judo, &format!("/v1/exchanges/{contested}/contest"), &reason).expect(200);
        let limits = json!({ "limits": { "hard_floor": -60 }, "decision": "Bureau du 3 juin" });
        served.put(&network.coordinator, &format!("/v1/associations/{fanfare}/limits"), &limits).expect(200);
        let record = json!({
            "giver": chorale, "receiver": fanfare, "minutes": 120, "service_date": "2026-03-14",
            "evidence": { "kind": "paper_slip", "reference": "12" },
        });
        served.post(&network.coordinator, "/v1/exchanges", &record).expect(201);
        let applicant = json!({ "name": "Repair café", "state": "applicant" });
        served.post(&network.coordinator, "/v1/associations", &applicant).expect(201);
        // Nothing of it is late yet, but for what nobody else can decide.
        browser.open("/c").expect(200).reads("Trois choses ce matin");
        network.age();
        browser.open("/c").expect(200);
        for words in [
            "Cinq choses ce matin, dans l’ordre",
            "Appeler : Judo-club",
            "[+33 (0)2 99 00 00 01]",
            "Un échange attend sa réponse depuis 40 jours. Demander Anne Rault.",
            "Chorale dit vous avoir aidés 1 h 30 le 14 mars",
            "Décider : Fanfare passerait sa limite, 1 h reçues de plus que données",
            "Limite décidée par : Bureau du 3 juin",
            "Un désaccord : Chorale et Judo-club",
            "Peuvent servir de médiateur : MED.",
            "Admettre ou non : Repair café",
            "Le registre n’est plus scellé depuis 40 jours",
        ] {
            browser.reads(words);
        }
        let order = ["Appeler", "Décider", "Un désaccord", "Admettre", "Le registre"];
        let places = order.map(|words| browser.page.text.find(words).unwrap());
        assert!(places.is_sorted(), "{}", browser.page.text);
        let dialled = browser.page.links.iter().find(|link| link.text.starts_with("+33")).unwrap();
        assert_eq!(dialled.address, "tel:+33299000001");
        assert_eq!(browser.page.faults, Vec::<String>::new());

        // It is nobody else's.
        for token in [of_chorale, &network.mediator] {
            network.browser(token).open("/c").expect(403).reads("coordination");
        }
    });
}

#[test]
fn what_waits_is_decided_with_a_reason() {
    on_both(|network| {
        let Network { served, members: [chorale, judo, fanfare], delegates: [of_chorale, _], .. } = &network;
        let mut browser = network.browser(&network.coordinator);
        let silent = served.propose(of_chorale, chorale, judo, 90);
        browser.open(&format!("/c/exchanges/{silent}")).expect(200).reads("Chorale a aidé Judo-club");
        browser.reads("Noté par DCH").reads("attend la réponse de Judo-club");
        assert_eq!(browser.page.faults, Vec::<String>::new());
        send(&mut browser, "/confirm", &[]).expect(422).reads("Dites pourquoi, en une phrase.");
        browser.reads("Dites qui vous a parlé, ou le numéro de la fiche.");
        let told = [("reason", "Pas de réponse depuis mars"), ("evidence_reference", "Anne Rault")];
        send(&mut browser, "/confirm", &told).expect(200).reads("C’est confirmé : ces heures sont comptées.");
        assert_eq!(network.balances(), [90, -90, 0]);
        // What a second tap, or the button back, sends again was done once.
        browser.reads("Annuler cet échange");
        send(&mut browser, "/reverse", &[("reason", "Noté deux fois")]).expect(200).reads("L’échange est annulé.");
        assert_eq!(network.balances(), [0, 0, 0]);

        let limits = json!({ "limits": { "hard_floor": -60 }, "decision": "Bureau du 3 juin" });
        served.put(&network.coordinator, &format!("/v1/associations/{fanfare}/limits"), &limits).expect(200);
        let record = json!({
            "giver": chorale, "receiver": fanfare, "minutes": 120, "service_date": "2026-03-14",
            "evidence": { "kind": "paper_slip", "reference": "12" },
        });
        let held = served.post(&network.coordinator, "/v1/exchanges", &record).expect(201).field("id");
        browser.open(&format!("/c/exchanges/{held}")).expect(200);
        browser.reads("Cet échange ferait passer Fanfare au-delà de sa limite : 1 h reçues de plus que données.");
        browser.reads("Limite décidée par : Bureau du 3 juin");
        browser.reads("a reçu 2 h de plus que donné");
        send(&mut browser, "/release", &[("reason", "Exception pour la fête")]).expect(200).reads("C’est fait");
        assert_eq!(network.balances(), [120, 0, -120]);
        browser.open("/c/exchanges?state=reversed").expect(200).reads("Chorale a aidé Judo-club");
        assert!(!browser.page.text.contains("[Chorale a aidé Fanfare]"), "{}", browser.page.text);
        served.assert_sound();
    });
}

#[test]
fn what_changed_meanwhile_is_read_again_first() {
    on_both(|network| {
        let Network { served, members: [chorale, judo, _], delegates: [of_chorale, of_judo], .. } = &network;
        let exchange = served.propose(of_chorale, chorale, judo, 90);
        let mut browser = network.browser(&network.coordinator);
        browser.open(&format!("/c/exchanges/{exchange}")).expect(200);
        let amended = json!({ "minutes": 60, "service_date": "2026-03-14" });
        served.post(of_judo, &format!("/v1/exchanges/{exchange}/amend"), &amended).expect(200);
        send(&mut browser, "/dismiss", &[("reason", "Sans suite")]).expect(200);
        browser.reads("Entre-temps l’échange a changé : rien n’a été fait.").reads("1 h, samedi 14 mars");
    });
}

#[test]
fn a_mediator_decides_between_two_sides_that_are_not_theirs() {
    on_both(|network| {
        let Network { served, members: [chorale, judo, _], delegates: [of_chorale, of_judo], .. } = &network;
        let exchange = served.propose(of_chorale, chorale, judo, 240);
        let reason = json!({ "reason": "Nous étions deux." });
        served.post(of_judo, &format!("/v1/exchanges/{exchange}/contest"), &reason).expect(200);

        let person = served.enrolled("JUD", Some(judo));
        served.give_role(&person, "mediator", None);
        let of_a_side = token(&served.sandbox, "--as JUD");
        let mut browser = network.browser(&of_a_side);
        browser.open(&format!("/m/{exchange}")).expect(200);
        browser.reads("Vous faites partie de Judo-club : une autre personne doit servir de médiateur.");
        assert!(!browser.page.text.contains("Classer sans suite"), "{}", browser.page.text);

        let mut browser = network.browser(&network.mediator);
        browser.open("/m").expect(200).follow("Chorale a aidé Judo-club").expect(200);
        assert_eq!(browser.page.faults, Vec::<String>::new());
        send(&mut browser, "/settle", &[("minutes", "deux heures"), ("reason", "Ils étaient deux")]).expect(422);
        send(&mut browser, "/settle", &[("minutes", "2h"), ("reason", "")]).expect(422);
        browser.reads("[2h]");
        send(&mut browser, "/settle", &[("reason", "Ils étaient deux")]).expect(200).reads("C’est décidé");
        assert_eq!(network.balances(), [120, -120, 0]);
        browser.open("/m").expect(200).reads("Aucun désaccord en ce moment.");
        served.assert_sound();
    });
}
