//! What associations recognise in those who help: said in two taps, accepted, declined, taken back, and taken away as a
//! badge that anybody can check; and what people read of their own.

use serde_json::{Value, json};

use super::browser::Browser;
use super::personas::{WAYS, said_in};
use super::village::Village;
use crate::api::served::{eventually, serve};
use crate::command::{Sandbox, both};
use crate::twins::done;

/// Opens the page on which the judo club recognises somebody.
fn ask<'a>(bruno: &'a mut Browser, village: &Village, exchange: &str) -> &'a mut Browser {
    bruno.open(&format!("/a/{}/exchanges/{exchange}", village.judo)).expect(200);
    bruno.follow("Reconnaître une compétence").expect(200)
}

/// Véra's badge, as she takes it away.
fn badge(vera: &mut Browser, form: &str) -> (u16, String) {
    vera.open("/me/recognitions");
    let mut links = vera.page.links.iter().map(|link| link.address.clone());
    let Some(address) = links.find(|address| address.ends_with(form)) else { return (404, String::new()) };
    let reply = vera.ask("GET", &address, None);
    (reply.status, reply.text)
}

#[test]
fn a_skill_is_recognised_in_two_taps_and_a_badge_is_on_the_telephone() {
    for village in both().into_iter().map(Village::on) {
        let exchange = village.help(("Alice", "Bruno"), Some(&village.skill()), &[("Véra", 90)]);
        let (mut bruno, mut vera) = (village.browser("Bruno", "fr"), village.browser("Véra", "fr"));
        ask(&mut bruno, &village, &exchange).reads("Ce que vous avez vu Véra M. faire");
        bruno.reads("Chorale de Janzé vous a aidés : 1 h 30, samedi 14 mars, Comptabilité.");
        assert!(!bruno.page.text.contains("Martin"), "the whole name is the choir's: {}", bruno.page.text);
        bruno.reads("Comptabilité, 1 h 30 : travail mené à bien avec notre appui.");
        bruno.press("En autonomie").expect(200).reads("C’est parti.").reads("Véra M.").reads("attend sa réponse");
        ask(&mut bruno, &village, &exchange).reads("Déjà reconnu à Véra M. : Comptabilité, en autonomie");

        vera.open("/me").reads("Une association reconnaît une compétence chez vous.").follow("Lire et répondre");
        vera.expect(200).reads("Judo-club de Vitré, ").reads("travail mené à bien en autonomie, du début à la fin.");
        vera.reads("Aide donnée à Judo-club de Vitré, le 14 mars 2026").press("Accepter").expect(200);
        vera.reads("Merci, c’est accepté.").reads("acceptée, le badge est prêt");
        let (status, document) = badge(&mut vera, "badge.json");
        assert_eq!(status, 200);
        let read: Value = serde_json::from_str(&document).unwrap();
        assert_eq!(read["credentialSubject"]["identifier"][0]["identityHash"], "Véra Martin", "{read}");
        let (_, picture) = badge(&mut vera, "badge.svg");
        assert!(picture.starts_with("<svg") || picture.starts_with("<?xml"), "{picture}");
        let sandbox = &village.served.sandbox;
        sandbox.write("badge.json", &document);
        sandbox.write("badge.svg", &picture);
        done(&sandbox.run("key export-public --out keys.json"));
        done(&sandbox.run("verify badge.json --trust keys.json"));
        done(&sandbox.run("verify badge.svg --trust keys.json"));
        // The same one is handed out again, here and by the command.
        assert_eq!(badge(&mut vera, "badge.json").1, document);
        done(&sandbox.run("passport issue --person Véra --no-pdf --out passport"));
        let issued = std::fs::read_dir(sandbox.path("passport")).unwrap().map(|file| file.unwrap().path());
        let issued: Vec<_> = issued.filter(|path| path.extension().is_some_and(|end| end == "json")).collect();
        assert!(issued.iter().any(|path| std::fs::read_to_string(path).unwrap() == document), "{issued:?}");

        // Taken back with a reason: it is revoked, and no longer handed out.
        bruno.open(&format!("/a/{}/us/recognitions", village.judo)).follow("Véra M.").expect(200);
        bruno.reads("acceptée, le badge est prêt").press("Retirer").expect(422).reads("Dites pourquoi, en une phrase.");
        bruno.write("Pourquoi, en une phrase", "Une erreur de personne").press("Retirer").expect(200);
        bruno.reads("C’est retiré.").reads("retirée");
        assert_eq!(badge(&mut vera, "badge.json").0, 404);
        vera.open("/me").reads("retirée");
        done(&sandbox.run("passport status --out status.json"));
        let verdict = sandbox.run("verify badge.json status.json --trust keys.json");
        assert_eq!(verdict.code, Some(1), "{verdict}");
        village.served.assert_sound();
    }
}

#[test]
fn who_was_not_helped_recognises_nobody_and_reads_nothing() {
    let village = Village::on(Sandbox::sqlite());
    let exchange = village.help(("Alice", "Bruno"), Some(&village.skill()), &[("Véra", 90)]);
    let recognition = village.recognise("Bruno", &exchange, "Véra");
    let [mut alice, mut denis, mut vera] = ["Alice", "Denis", "Véra"].map(|name| village.browser(name, "fr"));
    let ours = format!("/a/{}/exchanges/{exchange}", village.chorale);
    // The side that helped is led back to the exchange, whatever it sends.
    alice.open(&ours).expect(200);
    assert!(!alice.page.text.contains("Reconnaître une compétence"), "{}", alice.page.text);
    assert_eq!(alice.open(&format!("{ours}/recognise")).path, ours);
    let form = format!("once=1&level=reference&person={}", village.person("Véra").id);
    assert_eq!(alice.ask("POST", &format!("{ours}/recognise"), Some(&form)).status, 303);
    alice.open(&format!("/a/{}/us/recognitions/{recognition}", village.chorale)).expect(403);
    let list = village.served.get(&village.served.operator, "/v1/recognitions").expect(200).json();
    assert_eq!(list["items"].as_array().unwrap().len(), 1, "{list}");
    // Nobody answers for somebody else.
    for step in ["accept", "decline", "withdraw"] {
        let reply = denis.ask("POST", &format!("/me/recognitions/{recognition}/{step}"), Some("once=2"));
        assert_eq!(reply.status, 403, "{step}");
    }
    assert_eq!(denis.ask("GET", &format!("/me/badges/{recognition}/badge.json"), None).status, 403);
    // What is not accepted yet has no badge.
    assert_eq!(vera.ask("GET", &format!("/me/badges/{recognition}/badge.json"), None).status, 404);
    // What is not agreed on is not recognised either, and nobody is told of in whom it could be.
    let proposed = village.served.propose(village.token("Alice"), &village.chorale, &village.judo, 60);
    let mut bruno = village.browser("Bruno", "fr");
    let proposed = format!("/a/{}/exchanges/{proposed}", village.judo);
    assert_eq!(bruno.open(&format!("{proposed}/recognise")).path, proposed);
    bruno.press("Oui").expect(200).reads("Chorale de Janzé peut encore le dire");
}

#[test]
fn one_of_several_is_chosen_and_described_in_own_words() {
    for language in ["fr", "en"] {
        let village = Village::on(Sandbox::sqlite());
        let t = |french: &'static str, english: &'static str| if language == "fr" { french } else { english };
        let exchange = village.help(("Alice", "Bruno"), None, &[("Véra", 90), ("Chloé", 30)]);
        let mut bruno = village.browser("Bruno", language);
        bruno.open(&format!("/a/{}/exchanges/{exchange}/recognise", village.judo)).expect(200);
        bruno.reads(t("Qui reconnaître ?", "Recognise whom?")).reads("Chloé");
        bruno.follow("Véra M.").expect(200);
        // The exchange says no skill: it has to be said.
        bruno.press(t("Avec appui", "With support")).expect(422);
        bruno.reads(t("Dites quelle compétence.", "Say which skill."));
        let form = bruno.page.forms.iter().position(|form| form.fields.iter().any(|field| field.name == "words"));
        let mut own = bruno.page.forms[form.expect("There is a form for own words.")].clone();
        bruno.submit(&own, 0).expect(422);
        bruno.reads(t("Écrivez ce qui a été fait.", "Write what was done."));
        for field in &mut own.fields {
            match field.name.as_str() {
                "skill" => field.value = village.skill(),
                "activities" => field.value = "A rangé la salle.\nPuis tenu la caisse.".to_owned(),
                "context" => field.value = "La fête de mars".to_owned(),
                "level" => {
                    if let super::page::Kind::Radio { is_chosen } = &mut field.kind {
                        *is_chosen = field.value == "reference";
                    }
                }
                _ => {}
            }
        }
        bruno.submit(&own, 0).expect(200).reads(t("C’est parti.", "Sent."));
        bruno.follow("Véra M.").expect(200).reads("A rangé la salle.").reads("La fête de mars");
        let list = village.served.get(&village.served.operator, "/v1/recognitions").expect(200).json();
        assert_eq!(list["items"][0]["level"], "reference", "{list}");
        assert_eq!(list["items"].as_array().unwrap().len(), 1);
        // Sent twice, it is said once.
        bruno.submit(&own, 0);
        let list = village.served.get(&village.served.operator, "/v1/recognitions").expect(200).json();
        assert_eq!(list["items"].as_array().unwrap().len(), 1);
    }
}

#[test]
fn what_is_declined_has_no_badge_and_for_a_minor_somebody_consents() {
    let village = Village::on(Sandbox::sqlite());
    let minor = json!({ "code": "ZOE", "first_name": "Zoé", "adult_on": "2099-05-04" });
    let served = &village.served;
    let zoe = served.post(&served.operator, "/v1/persons", &minor).expect(201).field("id");
    let body = json!({ "association": village.chorale });
    served.post(&served.operator, &format!("/v1/persons/{zoe}/memberships"), &body).expect(200);
    let help = json!({ "giver": village.chorale, "receiver": village.judo, "minutes": 60, "skill": village.skill(),
        "service_date": "2026-03-14", "contributions": [{ "person": zoe, "minutes": 60 }] });
    let exchange = served.post(village.token("Alice"), "/v1/exchanges", &help).expect(201).field("id");
    served.post(village.token("Bruno"), &format!("/v1/exchanges/{exchange}/confirm"), &json!({})).expect(200);
    let mut bruno = village.browser("Bruno", "fr");
    for level in ["Avec appui", "En autonomie"] {
        ask(&mut bruno, &village, &exchange).reads("vu Zoé faire").press(level).expect(200);
    }
    let mut browser = Browser::before(&served.address, "fr");
    browser.bring(&format!("coudemain={}", crate::api::served::token(&served.sandbox, "--as ZOE")));
    browser.open("/me/recognitions").expect(200).reads("Il le faut jusqu’au 4 mai 2099.");
    let forms = |browser: &Browser, end: &str| {
        let forms = browser.page.forms.iter().filter(|form| form.action.ends_with(end));
        forms.cloned().collect::<Vec<_>>()
    };
    let mut accept = forms(&browser, "/accept").remove(0);
    browser.submit(&accept, 0).expect(422).reads("il faut l'accord d'un parent ou tuteur");
    accept.fields.iter_mut().find(|field| field.name == "guardian").unwrap().value = "Anne Rault".to_owned();
    browser.submit(&accept, 0).expect(200).reads("Merci, c’est accepté.").reads("le badge est prêt");
    let decline = forms(&browser, "/decline").remove(0);
    browser.submit(&decline, 0).expect(200).reads("il n’y aura pas de badge").reads("retirée");
    // What was accepted may be given back; and only once.
    let withdraw = forms(&browser, "/withdraw").remove(0);
    browser.submit(&withdraw, 0).expect(200).reads("le badge est révoqué");
    assert!(!browser.page.text.contains("le badge est prêt"), "{}", browser.page.text);
    assert!(forms(&browser, "/withdraw").is_empty());
    served.assert_sound();
}

#[test]
fn without_the_networks_key_badges_wait_and_pages_say_so() {
    let village = Village::with(Sandbox::sqlite(), "--keys elsewhere");
    let exchange = village.help(("Alice", "Bruno"), Some(&village.skill()), &[("Véra", 90)]);
    let (mut bruno, mut vera) = (village.browser("Bruno", "fr"), village.browser("Véra", "fr"));
    ask(&mut bruno, &village, &exchange).reads("la clé du réseau, qui n’est pas sur ce service").press("En autonomie");
    bruno.expect(200).reads("la clé du réseau, qui n’est pas sur ce service");
    vera.open("/me/recognitions").press("Accepter").expect(200).reads("acceptée, le badge attend la clé du réseau");
    vera.reads("Ce qui est accepté attend que la coordination les fasse.");
    assert_eq!(badge(&mut vera, "badge.json").0, 404);
    // Once the key is on a service, whoever waits has theirs without asking.
    let (_running, address) = serve(&village.served.sandbox, "");
    let mut there = Browser::before(&address, "fr");
    there.bring_all(&vera);
    eventually("the badge is made", || badge(&mut there, "badge.json").0 == 200);
    vera.open("/me/recognitions").reads("acceptée, le badge est prêt");
    assert!(!vera.page.text.contains("n’est pas sur ce service"), "{}", vera.page.text);
    village.served.assert_sound();
}

#[test]
fn volunteers_read_each_of_their_hours_and_take_away_what_is_known_of_them() {
    for village in both().into_iter().map(Village::on) {
        let skill = village.skill();
        village.help(("Alice", "Bruno"), Some(&skill), &[("Véra", 90), ("Chloé", 30)]);
        let wrong = village.help(("Alice", "Bruno"), None, &[("Véra", 60)]);
        let served = &village.served;
        let correct = format!("/v1/exchanges/{wrong}/request-correction");
        served.post(village.token("Alice"), &correct, &json!({ "reason": "Noté deux fois" })).expect(200);
        let reverse = format!("/v1/exchanges/{wrong}/reverse");
        served.post(&served.operator, &reverse, &json!({ "reason": "Noté deux fois" })).expect(200);
        let mut vera = village.browser("Véra", "fr");
        vera.open("/me").follow("Mes heures, ligne par ligne").expect(200).reads("Mes heures en 2026");
        vera.reads("1 h 30 en tout.").reads("pour Chorale de Janzé · Comptabilité · échange 2026-000");
        vera.reads("repris 1 h");
        assert_eq!(vera.page.text.matches("Judo-club de Vitré").count(), 3, "{}", vera.page.text);

        let known = vera.ask("GET", "/me/known", None);
        assert_eq!(known.status, 200);
        assert_eq!(known.header("content-disposition"), Some("attachment; filename=\"coudemain.json\""));
        let known = known.json();
        assert_eq!(known["identity"]["last_name"], "Martin", "{known}");
        assert_eq!(known["associations"], json!(["Chorale de Janzé"]));
        assert_eq!(known["hours"].as_array().unwrap().len(), 3);
        assert_eq!(known["ways_in"][0]["kind"], "token");
        assert!(!known.to_string().contains("Chloé"), "{known}");
        // The command hands out the same.
        let exported = served.sandbox.run("person export --person Véra");
        let exported: Value = serde_json::from_str(&exported.stdout).unwrap();
        for part in ["identity", "hours", "recognitions", "badges", "associations", "roles", "letters"] {
            assert_eq!(exported[part], known[part], "{part}");
        }
    }
}

#[test]
fn a_recogniser_and_a_volunteer_have_it_done_in_a_minute() {
    let village = Village::on(Sandbox::sqlite());
    for eyes in WAYS {
        let t = said_in(eyes);
        let exchange = village.help(("Alice", "Bruno"), Some(&village.skill()), &[("Véra", 90)]);
        let mut tab = village.tab("Bruno", eyes);
        tab.open(&format!("/a/{}/exchanges/{exchange}", village.judo));
        tab.follow(t("Reconnaître une compétence", "Recognise a skill"));
        tab.follow(t("En autonomie", "On their own"));
        tab.reads(t("C’est parti.", "Sent."));
        tab.close();

        let mut tab = village.tab("Véra", eyes);
        tab.open("/me");
        tab.follow(t("Lire et répondre", "Read and answer"));
        tab.follow(t("Accepter : Comptabilité", "Accept: Comptabilité"));
        tab.reads(t("acceptée, le badge est prêt", "accepted, the badge is ready"));
        let badge =
            tab.download(t("Le badge en fichier : Comptabilité", "The badge as a file: Comptabilité"), "badge.json");
        let badge: Value = serde_json::from_str(&badge).unwrap();
        assert_eq!(badge["credentialSubject"]["identifier"][0]["identityHash"], "Véra Martin", "{badge}");
        tab.tap(t("Ne plus l’avoir – Comptabilité", "No longer have it – Comptabilité"));
        tab.follow(t("Ne plus l’avoir", "No longer have it"));
        tab.reads(t("le badge est révoqué", "the badge is revoked"));
        tab.follow(t("Revenir à ma page", "Back to my page"));
        tab.follow(t("Mes heures, ligne par ligne", "My hours, line by line"));
        tab.reads(t("Mes heures en 2026", "My hours in 2026"));
        tab.close();
    }
    village.served.assert_sound();
}
