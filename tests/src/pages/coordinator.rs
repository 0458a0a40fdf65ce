//! A coordinator's morning, and a mediator's: what waits stands there in order, with whom to call and what to say, and
//! what is decided about it is done once, by whom it may be.

use serde_json::json;

use super::browser::Browser;
use crate::api::served::{Served, by_hand, token};
use crate::command::both;
use crate::twins::done;

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

    fn balances(&self) -> [i64; 3] {
        self.members.each_ref().map(|member| self.served.balance(member))
    }
}

/// As if all that was done so far had been done forty days earlier.
pub(super) fn age(database: &str) {
    if database.starts_with("postgres") {
        by_hand(database, "ALTER TABLE act DISABLE TRIGGER USER");
    } else {
        by_hand(database, "DROP TRIGGER act_no_update");
    }
    by_hand(database, "UPDATE act SET recorded_at = recorded_at - 3456000000000");
}

fn on_both(check: impl Fn(Network)) {
    for sandbox in both() {
        check(Network::new(Served::fresh(sandbox)));
    }
}

/// Fills in the form that is sent to an address that ends so, and sends it.
#[track_caller]
pub(super) fn send<'a>(browser: &'a mut Browser, to: &str, values: &[(&str, &str)]) -> &'a mut Browser {
    let found = browser.page.forms.iter().find(|form| form.is_post && form.action.ends_with(to));
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
        age(&served.sandbox.database);
        browser.open("/c").expect(200);
        for words in [
            "Six choses ce matin, dans l’ordre",
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
            "Demander une sauvegarde",
            "Aucune n’a encore été faite",
        ] {
            browser.reads(words);
        }
        let order = ["Appeler", "Décider", "Un désaccord", "Admettre", "Le registre", "Demander une sauvegarde"];
        let places = order.map(|words| browser.page.text.find(words).unwrap());
        assert!(places.is_sorted(), "{}", browser.page.text);
        let dialled = browser.page.links.iter().find(|link| link.text.starts_with("+33")).unwrap();
        assert_eq!(dialled.address, "tel:+33299000001");
        assert_eq!(browser.page.faults, Vec::<String>::new());

        done(&served.sandbox.run("backup reseau.sauvegarde"));
        browser.open("/c").expect(200).reads("Cinq choses ce matin, dans l’ordre");
        assert!(!browser.page.text.contains("Demander une sauvegarde"), "{}", browser.page.text);

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
        browser.reads("Noté par").reads("DCH").reads("attend la réponse de Judo-club");
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

#[test]
fn what_one_side_told_waits_for_the_other_and_what_both_told_is_counted() {
    on_both(|network| {
        let Network { served, members: [_, judo, _], delegates: [_, of_judo], .. } = &network;
        let mut browser = network.browser(&network.coordinator);
        browser.open("/c/note").expect(200);
        assert_eq!(browser.page.faults, Vec::<String>::new());
        send(&mut browser, "/note", &[("giver", "chorle"), ("time", "0,33")]).expect(422);
        browser.reads("Aucun membre du réseau ne s’appelle « chorle ». Peut-être : Chorale ?");
        browser.reads("Dites qui vous l’a demandé, ou le numéro de la fiche.");
        let told = [
            ("giver", "chorale"),
            ("receiver", "JUDO CLUB"),
            ("time", "2 x 1h30"),
            ("date", "2026-03-14"),
            ("memo", "Buvette"),
            ("said_giver", "Anne Rault"),
        ];
        send(&mut browser, "/note", &told)
            .expect(200)
            .reads("C’est noté. L’autre association doit dire si c’est juste.");
        browser.reads("Noté par la coordination, demandé par téléphone par Anne Rault").reads("Buvette").reads("3 h");
        let exchange = browser.path.split(['/', '?']).nth(3).unwrap().to_owned();
        let thread = served.get(&network.coordinator, &format!("/v1/exchanges/{exchange}/thread")).expect(200).text;
        assert!(thread.contains("Téléphone, Anne Rault") && thread.contains("coordinator"), "{thread}");
        // Who noted it for one side does not answer for the other.
        browser.reads("ce n’est pas à vous de répondre pour l’autre");
        let confirm = browser.page.forms.iter().find(|form| form.action.ends_with("/confirm"));
        assert!(confirm.is_none(), "{}", browser.page.text);
        let body = json!({ "reason": "Je le sais" });
        let path = format!("/v1/exchanges/{exchange}/confirm");
        assert_eq!(served.post(&network.coordinator, &path, &body).expect(403).problem(), "proposer-may-not-answer");
        assert_eq!(network.balances(), [0, 0, 0]);
        // The side that was not asked reads who asked for it, and answers for itself.
        let mut of_judo = network.browser(of_judo);
        of_judo.open(&format!("/a/{judo}/exchanges/{exchange}")).expect(200).reads("par téléphone par Anne Rault");
        send(&mut of_judo, "/yes", &[]).expect(200);
        assert_eq!(network.balances(), [180, -180, 0]);

        // What looks the same is asked about, and noted when it was another time.
        let balances = network.balances();
        browser.open("/c/note").expect(200);
        send(&mut browser, "/note", &told).expect(422).reads("d’aide de Chorale à Judo-club").reads("déjà notées");
        assert_eq!(network.balances(), balances);
        browser.press("Oui, c’était une autre fois").expect(200).reads("C’est noté");

        browser.open("/c/note").expect(200);
        let told = [
            ("giver", "Fanfare"),
            ("receiver", "Chorale"),
            ("time", "1h"),
            ("date", "2026-03-15"),
            ("said_giver", "Paul"),
            ("said_receiver", "Jeanne"),
        ];
        send(&mut browser, "/note", &told).expect(200).reads("C’est noté, comme convenu");
        assert_eq!(network.balances(), [120, -180, 60]);
        served.assert_sound();
    });
}

#[test]
fn a_member_is_admitted_limited_suspended_renamed_and_leaves() {
    on_both(|network| {
        let Network { served, members: [chorale, judo, fanfare], delegates: [of_chorale, _], .. } = &network;
        let mut browser = network.browser(&network.coordinator);
        browser.open("/c/members/new").expect(200);
        send(&mut browser, "/members/new", &[("kind", "rna"), ("value", "W12")]).expect(422).reads("Dites son nom.");
        let new = [("name", "Repair café"), ("state", "applicant"), ("value", ""), ("phone", "06 00 00 00 01")];
        send(&mut browser, "/members/new", &new).expect(200).reads("Elle est ajoutée.").reads("Candidat");
        assert_eq!(browser.page.faults, Vec::<String>::new());
        send(&mut browser, "/admit", &[]).expect(422).reads("Dites pourquoi, en une phrase.");
        send(&mut browser, "/admit", &[("reason", "Votée le 3")]).expect(200).reads("C’est fait").reads("Actif");
        send(&mut browser, "/rename", &[("name", "Repair café de Janzé")]).expect(200);
        browser.reads("# Repair café de Janzé").reads("Anciens noms");
        send(&mut browser, "/identify", &[("kind", "rna"), ("value", "W12")]).expect(422);
        send(&mut browser, "/identify", &[("kind", "rna"), ("value", "w353012345")]).expect(200).reads("W353012345");
        let described = [("association_kind", "informal_group"), ("commune", "Janzé"), ("insee", "3513")];
        send(&mut browser, "/describe", &described).expect(422).reads("Janzé");
        let described = [("commune", "Janzé"), ("insee", "35136"), ("member_since", "2024-03-01")];
        send(&mut browser, "/describe", &described).expect(200).reads("Janzé").reads("1er mars 2024");
        send(&mut browser, "/contact", &[("contact_name", "Paul"), ("phone", "02 99")]).expect(200);
        browser.reads("Demander Paul.").reads("[02 99]");
        // How it is reached stays, whatever else is said anew.
        send(&mut browser, "/describe", &[("commune", "Vitré"), ("insee", "")]).expect(200).reads("Vitré");
        browser.reads("Demander Paul.").reads("[02 99]");
        send(&mut browser, "/limits", &[("hard_floor", "4 h")]).expect(422).reads("Dites qui a décidé, et quand.");
        browser.reads("[4 h]");
        send(&mut browser, "/limits", &[("soft_floor", "2h"), ("decision", "Bureau du 3 juin")]).expect(200);
        browser.reads("Au-delà de 2 h reçues de plus que données, on prévient. Au-delà de 4 h");
        browser.reads("Limite décidée par : Bureau du 3 juin");
        let opening = [("side", "received"), ("hours", "1h30"), ("date", "2026-01-01")];
        send(&mut browser, "/opening", &opening).expect(200).reads("Elle a reçu 1 h 30 de plus que donné.");

        // What somebody else changed is read again first.
        let path = browser.path.split('?').next().unwrap().to_owned();
        let member = path.rsplit('/').next().unwrap().to_owned();
        let other = json!({ "state": "suspended", "reason": "Assurance" });
        served.put(&network.coordinator, &format!("/v1/associations/{member}/state"), &other).expect(200);
        send(&mut browser, "/suspend", &[("reason", "Assurance")]).expect(200).reads("Entre-temps");
        send(&mut browser, "/take-back", &[("reason", "Payée")]).expect(200).reads("Actif");

        // Its last exchange has to be settled first; then its hours go to another member.
        browser.open(&format!("/c/members/{judo}")).expect(200);
        served.propose(of_chorale, chorale, judo, 60);
        send(&mut browser, "/leave", &[("into", fanfare), ("reason", "Fusion")]).expect(409).reads("Fusion");
        // What it owes is more than the fund has: whoever decides has to say that they know.
        browser.open(&path).expect(200);
        send(&mut browser, "/leave", &[("reason", "Fusion")]).expect(409);
        browser.reads("limite dépassée pour : Fonds de solidarité").reads("Le faire quand même, au-delà de la limite");
        assert_eq!(network.balances(), [0, 0, 0]);
        browser.open(&path).expect(200);
        send(&mut browser, "/leave", &[("into", fanfare), ("reason", "Fusion")]).expect(200).reads("Parti");
        assert_eq!(network.balances(), [0, 0, -90]);
        browser.open("/c/members?show=left").expect(200).reads("[Repair café de Janzé]").reads("Une association.");
        browser.open("/c/members?name=judo").expect(200).reads("[Judo-club]").reads("[+33 (0)2 99 00 00 01]");
        served.assert_sound();
    });
}

#[test]
fn roles_rules_and_gifts_have_their_pages() {
    on_both(|network| {
        let Network { served, members: [chorale, judo, _], .. } = &network;
        let mut browser = network.browser(&network.coordinator);
        browser.open("/c/persons").expect(200).reads("coordinateur").reads("délégué de Chorale");
        send(&mut browser, "/persons", &[("first_name", "Lucie")]).expect(422).reads("Donnez-lui un code court.");
        send(&mut browser, "/persons", &[("code", "LUC"), ("last_name", "Hervé")]).expect(200).reads("# Lucie Hervé");
        assert_eq!(browser.page.faults, Vec::<String>::new());
        send(&mut browser, "/enrol", &[("association", chorale)])
            .expect(200)
            .reads("Fait partie de")
            .reads("[Chorale]");
        send(&mut browser, "/grant", &[("role", "administrator"), ("association", chorale)]).expect(200);
        browser.reads("Administrateur de Chorale");
        send(&mut browser, "/grant", &[("role", "mediator")]).expect(200).reads("Médiateur");
        send(&mut browser, "/revoke", &[("role", "mediator")]).expect(200);
        // The last administrator keeps that role: the ledger says so.
        let number = browser.page.forms.iter().find(|form| form.action.ends_with("/revoke"));
        let role = number.unwrap().fields.iter().find(|field| field.name == "role").unwrap().options[1].0.clone();
        send(&mut browser, "/revoke", &[("role", &role)]).expect(409).reads("Administrateur de Chorale");
        browser.open("/c/persons?name=hervé").expect(200).reads("[Lucie Hervé]").follow("Lucie Hervé").expect(200);
        send(&mut browser, "/correct", &[("code", "")]).expect(422).reads("Donnez-lui un code court.");
        let mended = [("code", "LUC"), ("last_name", "Hervieu"), ("email", "lucie@example.org")];
        send(&mut browser, "/correct", &mended).expect(200).reads("# Lucie Hervieu").reads("lucie@example.org");

        browser.open("/c/rules").expect(200).reads("Règles de départ");
        send(&mut browser, "/rules", &[("step_minutes", "0"), ("decision", "AG")]).expect(422).reads("de 1 à 1440");
        let rules = [
            ("step_minutes", "30"),
            ("answer_within_days", "21"),
            ("soft_floor", "5h"),
            ("hard_floor", "10h"),
            ("decision", "AG du 12"),
        ];
        send(&mut browser, "/rules", &rules).expect(200).reads("AG du 12 (en vigueur depuis le");
        browser.reads("par pas de 30 minutes").reads("après 21 jours").reads("l’échange attend la coordination");

        browser.open("/c/transfers").expect(200).reads("Le fonds de solidarité est vide.");
        let gift = [("from", chorale.as_str()), ("to", judo), ("hours", "2h"), ("reason", "gift"), ("decision", "CA")];
        send(&mut browser, "/transfers", &gift).expect(200).reads("a reçu 2 h de plus que donné");
        assert_eq!(network.balances(), [0, 0, 0], "what it changes is seen first");
        // Something else than what was looked at is looked at first as well.
        send(&mut browser, "/transfers", &[("hours", "3h")]).expect(200).reads("a reçu 3 h de plus que donné");
        send(&mut browser, "/transfers", &[]).expect(200).reads("ces heures sont passées").reads("Chorale → Judo-club");
        assert_eq!(network.balances(), [-180, 180, 0]);
        let grant = [("from", "fund"), ("to", judo.as_str()), ("hours", "2h"), ("reason", "grant"), ("decision", "CA")];
        send(&mut browser, "/transfers", &grant).expect(200);
        send(&mut browser, "/transfers", &[]).expect(409);
        served.assert_sound();
    });
}
