//! What a treasurer takes from the ledger: hours for the accounts, figures for forms, the citizen-engagement account.

use std::fs;

use files::cells::{WorkbookReader, sheets_in};
use serde_json::json;

use super::browser::Browser;
use super::village::Village;
use crate::command::{Sandbox, binary, both};
use crate::twins::done;

/// The village, where it is known who gave some of the choir's time in 2026. Chloé sits on the boards of two associations.
fn village(sandbox: Sandbox) -> Village {
    let village = Village::on(sandbox);
    let served = &village.served;
    let id = |name: &str| village.person(name).id.clone();
    for (reference, minutes, given) in [
        ("V-1", 180, json!([{ "person": id("Alice"), "minutes": 90 }, { "person": id("Denis"), "minutes": 45 }])),
        ("V-2", 60, json!([{ "person": id("Véra"), "minutes": 60, "nature": "employee" }])),
    ] {
        let record = json!({
            "giver": village.chorale, "receiver": village.judo, "minutes": minutes, "service_date": "2026-03-14",
            "reference": reference, "evidence": { "kind": "paper_slip", "reference": reference },
            "contributions": given,
        });
        served.post(&served.operator, "/v1/exchanges", &record).expect(201);
    }
    for (person, association, minutes, nature) in [
        ("Alice", &village.chorale, 70, "supervision"),
        ("Véra", &village.chorale, 120 * 60, "governance"),
        ("Chloé", &village.chorale, 60 * 60, "governance"),
        ("Chloé", &village.judo, 151 * 60, "governance"),
    ] {
        let hours = json!({
            "contribution": { "person": id(person), "minutes": minutes, "nature": nature }, "service_date": "2026-05-02",
        });
        served.post(&served.operator, &format!("/v1/associations/{association}/hours"), &hours).expect(201);
    }
    village
}

/// What is read of the page's own, without what surrounds it.
fn read(browser: &Browser) -> String {
    let text = &browser.page.text;
    let begin = text.find("# ").unwrap_or(0);
    let end = text.find("[Accueil]").or_else(|| text.find("[Home]")).unwrap_or(text.len());
    text.get(begin..end).unwrap_or(text).trim().to_owned()
}

#[test]
#[expect(clippy::too_many_lines, reason = "most of them are what is read on two pages")]
fn a_treasurer_values_the_year() {
    let village = village(Sandbox::sqlite());
    let mut denis = village.browser("Denis", "fr");
    denis.open(&format!("/a/{}/standing", village.chorale)).follow("Nos heures dans les comptes").expect(200);
    insta::assert_snapshot!(read(&denis), @r"
    # Nos heures dans les comptes
    Les heures de vos bénévoles pour les comptes annuels, et le texte pour l’annexe. Sans rien choisir, ce sont des heures ; les euros viennent si vous le demandez, au taux que vous écrivez.
    [2026]
    Du
    [2026-01-01]
    Au
    [2026-12-31]
    Ce qui est dit
    (•) Les heures seules
    ( ) Aussi en euros
    Aucun taux n’est fixé par la loi. Prenez le même d’une année sur l’autre, et dites d’où il vient : l’annexe le reprend. Le SMIC horaire brut que nous connaissons à cette date : 12,02 € (depuis le 1er janvier 2026). À vérifier.
    Taux, en euros par heure
    []
    D’où vient ce taux
    []
    [ ] Compter aussi le temps passé dans les instances
    <Calculer>
    ## Du 1er janvier 2026 au 31 décembre 2026
    - Opérationnel · coup de main2 h 15
    - Encadrement · coup de main1 h 10
    - En tout3 h 25
    ## Pour l’annexe
    Contributions volontaires en nature : du 01/01/2026 au 31/12/2026, 4 bénévoles ont donné 183 h 25 au nom de « Chorale de Janzé ». Le registre du réseau « Entraide du pays » tient ces heures une à une, avec leur date et la personne. Elles ne sont pas valorisées en euros ; en voici les raisons : … (à compléter). S'y ajoutent 45 min d'aide pour lesquelles les personnes ne sont pas dites : elles ne sont ni comptées ni valorisées ici. Le temps des salariés, du mécénat de compétences et du service civique n'y est pas compris.
    Un texte à reprendre ou à compléter. Le règlement ANC 2018-06 (art. 211-1 à 211-4) demande une méthode dite, et la même d’un exercice à l’autre ; si les heures ne sont pas valorisées, il demande pourquoi.
    ## À savoir
    - Par date de service, du 01/01/2026 au 31/12/2026 ; calculé après 35 actes du registre.
    - Hors valorisation : Chorale de Janzé, gouvernance, 180 h.
    - Hors valorisation : Chorale de Janzé, salarié, 1 h.
    - Aide donnée sans dire par qui, donc non valorisée : Chorale de Janzé, 45 min.
    - À vérifier : Véra est salarié et bénévole de Chorale de Janzé.
    ## À emporter
    [Classeur (.xlsx)][Les heures (.csv)]
    ## Pour les comptes et les dossiers
    [Nos heures dans les comptes][Chiffres pour un dossier][Compte d’engagement citoyen][Relevés annuels]
    ");

    denis.choose("Aussi en euros").write("Taux, en euros par heure", "12,02 €");
    denis.write("D’où vient ce taux", "SMIC horaire brut").press("Calculer").expect(200);
    insta::assert_snapshot!(read(&denis), @r"
    # Nos heures dans les comptes
    Les heures de vos bénévoles pour les comptes annuels, et le texte pour l’annexe. Sans rien choisir, ce sont des heures ; les euros viennent si vous le demandez, au taux que vous écrivez.
    [2026]
    Du
    [2026-01-01]
    Au
    [2026-12-31]
    Ce qui est dit
    ( ) Les heures seules
    (•) Aussi en euros
    Aucun taux n’est fixé par la loi. Prenez le même d’une année sur l’autre, et dites d’où il vient : l’annexe le reprend. Le SMIC horaire brut que nous connaissons à cette date : 12,02 € (depuis le 1er janvier 2026). À vérifier.
    Taux, en euros par heure
    [12,02 €]
    D’où vient ce taux
    [SMIC horaire brut]
    [ ] Compter aussi le temps passé dans les instances
    <Calculer>
    ## Du 1er janvier 2026 au 31 décembre 2026
    - Opérationnel · coup de main2 h 15 27,05 € · à 12,02 € l’heure, SMIC horaire brut
    - Encadrement · coup de main1 h 10 14,02 € · à 12,02 € l’heure, SMIC horaire brut
    - En tout3 h 25 41,07 €
    ## L’écriture
    - 864 · Personnel bénévole41,07 € au débit
    - 875 · Bénévolat41,07 € au crédit
    ## Pour l’annexe
    Contributions volontaires en nature : du 01/01/2026 au 31/12/2026, 4 bénévoles ont donné 183 h 25 au nom de « Chorale de Janzé ». Le registre du réseau « Entraide du pays » tient ces heures une à une, avec leur date et la personne. Elles sont valorisées ainsi : 3 h 25 à 12,02 € l'heure (SMIC horaire brut), soit 41,07 €, au débit du compte 864 (personnel bénévole) et au crédit du compte 875 (bénévolat). Le temps passé dans les instances (180 h) n'est pas valorisé. S'y ajoutent 45 min d'aide pour lesquelles les personnes ne sont pas dites : elles ne sont ni comptées ni valorisées ici. Le temps des salariés, du mécénat de compétences et du service civique n'y est pas compris.
    Un texte à reprendre ou à compléter. Le règlement ANC 2018-06 (art. 211-1 à 211-4) demande une méthode dite, et la même d’un exercice à l’autre ; si les heures ne sont pas valorisées, il demande pourquoi.
    ## À savoir
    - Par date de service, du 01/01/2026 au 31/12/2026 ; calculé après 35 actes du registre.
    - Hors valorisation : Chorale de Janzé, gouvernance, 180 h.
    - Hors valorisation : Chorale de Janzé, salarié, 1 h.
    - Aide donnée sans dire par qui, donc non valorisée : Chorale de Janzé, 45 min.
    - À vérifier : Véra est salarié et bénévole de Chorale de Janzé.
    - À valider avec votre expert-comptable. Assujettis à la TVA : un échange réciproque peut être imposable.
    ## À emporter
    [Classeur (.xlsx)][Les heures (.csv)][L’écriture pour Paheko (.csv)]
    Dans Paheko : importez ce fichier dans l’exercice qui contient le 31 décembre 2026, au format « simplifié ». C’est une écriture nouvelle ; importée deux fois, elle y serait deux fois.
    ## Pour les comptes et les dossiers
    [Nos heures dans les comptes][Chiffres pour un dossier][Compte d’engagement citoyen][Relevés annuels]
    ");

    // Each file is what the command writes of the same days and rate.
    let asked = "--year 2026 --association 'Chorale de Janzé' --rate 12,02 --method 'SMIC horaire brut'";
    for (link, format) in [("Les heures (.csv)", "csv"), ("L’écriture pour Paheko", "paheko")] {
        let address = denis.page.links.iter().find(|it| it.text.starts_with(link)).unwrap().address.clone();
        let reply = denis.ask("GET", &address, None);
        assert_eq!(reply.status, 200, "{reply:?}");
        let out = format!("{format}.csv");
        done(&village.served.sandbox.run(&format!("export valuation {asked} --format {format} --out {out}")));
        assert_eq!(reply.bytes, fs::read(village.served.sandbox.path(&out)).unwrap(), "{format}");
    }
    let workbook = denis.page.links.iter().find(|it| it.text.starts_with("Classeur")).unwrap().address.clone();
    let reply = denis.ask("GET", &workbook, None);
    assert!(reply.status == 200 && reply.bytes.starts_with(b"PK"), "{:?}", reply.headers);
    let named = reply.header("content-disposition").unwrap_or_default().to_owned();
    assert!(named.contains("benevolat-20260101-20261231.xlsx"), "{named}");
    let (names, cells): (Vec<_>, Vec<_>) = sheets(&reply.bytes).into_iter().unzip();
    assert_eq!(names, ["Heures", "Écritures", "CEC", "Chiffres", "Annexe", "À savoir"]);
    // What Chloé gives to the judo club concerns her and the judo club.
    let told = cells.concat();
    assert!(told.contains("Chloé Martin") && !told.contains("151") && !told.contains("211"), "{told}");
}

/// The sheets of a workbook, by name, with what is in their cells.
fn sheets(bytes: &[u8]) -> Vec<(String, String)> {
    let reader = WorkbookReader { program: binary().to_owned(), word: "read-workbook".into() };
    let found = sheets_in(bytes, &reader).expect("It is a workbook.");
    found.iter().map(|sheet| (sheet.name.clone().unwrap_or_default(), format!("{:?}", sheet.rows))).collect()
}

#[test]
fn paheko_has_one_entry() {
    let village = village(Sandbox::sqlite());
    let sandbox = &village.served.sandbox;
    let run = sandbox.run(
        "export valuation --year 2026 --association 'Chorale de Janzé' --rate 12,02 --method '=SMIC' --format paheko",
    );
    insta::assert_snapshot!(run.stdout, @r#"
    "Numéro d'écriture","Type","Statut","Libellé","Date","Remarques","Numéro pièce comptable","Référence paiement","Compte de débit","Compte de crédit","Montant","Projet analytique","Membres associés"
    "","Avancé","","Bénévolat valorisé du 01/01/2026 au 31/12/2026","31/12/2026","3 h 25 à 12,02 € l'heure (=SMIC)","BENEVOLAT-20260101-20261231","","864","875","41,07","",""
    "#);
    for (words, why) in
        [("--year 2026 --rate 12", "--association"), ("--year 2026 --association 'Chorale de Janzé'", "--rate")]
    {
        let run = sandbox.run(&format!("export valuation {words} --format paheko"));
        assert!(run.code == Some(2) && run.stderr.contains(why), "{run}");
    }
    let none = sandbox.run("export valuation --year 2020 --association 'Chorale de Janzé' --rate 12 --format paheko");
    assert_eq!((none.code, none.stdout.lines().count()), (Some(0), 1), "{none}");
    let figures = sandbox.run("export valuation --year 2026 --format figures");
    insta::assert_snapshot!(figures.stdout.replace('\u{feff}', ""), @r"
    Association;Qui;Personnes;Heures;Équivalents temps plein (1 607 h)
    Chorale de Janzé;bénévoles en tout;4;183,42;0,11
    Chorale de Janzé;opérationnel;2;2,25;0,00
    Chorale de Janzé;gouvernance;2;180,00;0,11
    Chorale de Janzé;encadrement;1;1,17;0,00
    Chorale de Janzé;salarié;1;1,00;0,00
    Judo-club de Vitré;bénévoles en tout;1;151,00;0,09
    Judo-club de Vitré;gouvernance;1;151,00;0,09
    ");
    let annex = sandbox.run("export valuation --from 2026-05-01 --to 2026-05-31 --association 'Judo-club de Vitré' --format annex --lang en");
    insta::assert_snapshot!(annex.stdout, @"Voluntary contributions in kind: from 2026-05-01 to 2026-05-31, 1 volunteer gave 151 h on behalf of “Judo-club de Vitré”. The ledger of the network “Entraide du pays” keeps these hours one by one, with their date and the person. They are not valued in euros, for these reasons: … (to be completed). Time of employees, lent staff and civic service is not included.");
}

#[test]
fn what_does_not_fit_is_said_at_its_field() {
    let village = village(Sandbox::sqlite());
    let mut denis = village.browser("Denis", "fr");
    let address = format!("/a/{}/accounts", village.chorale);
    for (query, sentence) in [
        ("told=euros&rate=12,02&source=", "Dites d’où vient ce taux"),
        ("told=euros&rate=&source=SMIC", "Écrivez le taux"),
        ("told=euros&rate=douze&source=SMIC", "n'est pas un nombre"),
        ("told=euros&rate=-3&source=SMIC", "Il en faut un positif"),
        ("told=euros&rate=79228162514264337593543950335&source=SMIC", "dépasse ce qui se compte"),
        ("from=2026-05-01&to=2026-04-30", "Le dernier jour est avant le premier."),
        ("from=hier&to=2026-04-30", "hier"),
        ("from=2026-05-01", ""),
    ] {
        denis.open(&format!("{address}?{query}")).expect(422).reads(sentence);
        assert!(!denis.page.text.contains("Pour l’annexe"), "{query}: {}", denis.page.text);
        // A file of it is nothing: the page says why.
        let reply = denis.ask("GET", &format!("{address}/file?{query}&as=csv"), None);
        assert_eq!(reply.status, 303, "{query}: {reply:?}");
    }
    let long = "a".repeat(121);
    denis.open(&format!("{address}?told=euros&rate=12&source={long}")).expect(422);
    denis.open(&format!("{address}?told=euros&rate=12&source=%3Cb%3ESMIC%3C/b%3E")).expect(200).reads("<b>SMIC</b>");
    let reply = denis.ask("GET", &format!("{address}/file?as=paheko"), None);
    assert_eq!(reply.status, 404, "without a rate there is no entry: {reply:?}");
    denis.open(&format!("{address}?year=1066")).expect(200).reads("Aucune heure à compter ces jours-là.");
    denis.open(&format!("{address}/engagement?year=99999999")).expect(200);
}

#[test]
fn forms_get_their_figures_and_validators_theirs() {
    let village = village(Sandbox::sqlite());
    let mut alice = village.browser("Alice", "fr");
    alice.open(&format!("/a/{}/accounts", village.chorale)).follow("Chiffres pour un dossier").expect(200);
    insta::assert_snapshot!(read(&alice), @r"
    # Chiffres pour un dossier
    Ce que demandent les dossiers de subvention, dont le formulaire Cerfa n° 12156 : bénévoles, heures, équivalents temps plein, et comment chacun est compté.
    [2026]
    D’autres jours
    Du
    [2026-01-01]
    Au
    [2026-12-31]
    <Calculer>
    ## Du 1er janvier 2026 au 31 décembre 2026
    - Bénévoles4 Les personnes différentes qui ont donné du temps en votre nom ces jours-là, quelle qu’en soit la durée.
    - Heures183 h 25 Leur temps pour vous et, en votre nom, pour d’autres associations ; par date de service, annulations déduites.
    - Équivalents temps plein0,11 Ces heures divisées par 1 607 h, la durée légale d’une année à temps plein (Code du travail, art. L. 3121-41).
    S’y ajoutent 45 min d’aide sans que soit dit qui l’a donnée : elles ne sont comptées nulle part ici. La page de chaque échange permet de le dire.
    ## En quelle qualité
    - Opérationnel2 h 15 2 personnes · 0,00 équivalent temps plein
    - Gouvernance180 h 2 personnes · 0,11 équivalent temps plein
    - Encadrement1 h 10 1 personne · 0,00 équivalent temps plein
    Qui a aidé en plusieurs qualités figure dans chacune ; en tout, c’est une personne.
    ## Ce ne sont pas des bénévoles
    - Salarié1 h 1 personne · 0,00 équivalent temps plein
    Calculé après 35 actes du registre.
    ## Pour les comptes et les dossiers
    [Nos heures dans les comptes][Chiffres pour un dossier][Compte d’engagement citoyen][Relevés annuels]
    ");
    alice.follow("Compte d’engagement citoyen").expect(200);
    insta::assert_snapshot!(read(&alice), @r"
    # Compte d’engagement citoyen
    Les heures passées dans vos instances, ou à encadrer d’autres bénévoles : celles que le compte d’engagement citoyen peut retenir.
    [2026]
    ## En 2026, dans notre association
    - Véra Martin120 h 100 h atteintes ici
    - Chloé Martin60 h moins de 100 h ici
    - Alice Martin1 h 10 moins de 100 h ici
    [Fichier pour un tableur]
    ## La règle
    200 h au moins dans l’année civile, dans une ou plusieurs associations, dont 100 h dans l’une d’elles. L’association doit être déclarée depuis un an au moins.
    La personne déclare ses heures entre le 1er janvier et le 30 juin 2027 ; l’association confirme au plus tard le 31 décembre 2027.
    Ce sont des chiffres, jamais un droit.
    Ce que quelqu’un donne dans une autre association ne se lit pas ici. La personne trouve toutes ses heures sous « Mes heures » et les additionne elle-même.
    ## Pour les comptes et les dossiers
    [Nos heures dans les comptes][Chiffres pour un dossier][Compte d’engagement citoyen][Relevés annuels]
    ");
    assert!(
        !alice.reply.text.contains("211") && !alice.reply.text.contains("151"),
        "what Chloé gives elsewhere is told"
    );
    let reply = alice.ask("GET", &format!("/a/{}/accounts/engagement/file?year=2026", village.chorale), None);
    insta::assert_snapshot!(reply.text.replace('\u{feff}', ""), @r"
    Association;Code;Nom;Heures ici;100 h ici;200 h ici
    Chorale de Janzé;Alice;Alice Martin;1,17;non;non
    Chorale de Janzé;Chloé;Chloé Martin;60,00;non;non
    Chorale de Janzé;Véra;Véra Martin;120,00;oui;non
    ");
    // In the year before there is nothing, and nobody.
    alice.open(&format!("/a/{}/accounts/engagement?year=2020", village.chorale)).reads("Personne n’a d’heures");
    alice.open(&format!("/a/{}/accounts/figures?from=2026-03-01&to=2026-03-31", village.chorale)).expect(200);
    alice.reads("Du 1er mars 2026 au 31 mars 2026");
    // Whoever was erased is somebody.
    done(&village.served.sandbox.run("person erase --person Véra --yes"));
    alice.open(&format!("/a/{}/accounts/engagement?year=2026", village.chorale)).expect(200);
    assert!(!alice.page.text.contains("Véra"), "{}", alice.page.text);
}

#[test]
fn hours_are_read_by_nobody_else() {
    let village = village(Sandbox::sqlite());
    for path in [
        "/accounts",
        "/accounts/file?as=xlsx",
        "/accounts/figures",
        "/accounts/engagement",
        "/accounts/engagement/file",
    ] {
        for name in ["Bruno", "Véra", "Nadine", "Marc", "Aude"] {
            let mut browser = village.browser(name, "fr");
            let reply = browser.ask("GET", &format!("/a/{}{path}", village.chorale), None);
            assert_eq!(reply.status, 403, "{name} {path}: {reply:?}");
        }
    }
}

/// What is asked of the database for these pages is asked of both in the same way.
#[test]
fn both_databases_tell_the_same() {
    let told = both().into_iter().map(|sandbox| {
        let village = village(sandbox);
        let mut denis = village.browser("Denis", "fr");
        let pages = ["accounts?year=2026", "accounts/figures?year=2026", "accounts/engagement?year=2026"];
        pages.map(|page| read(denis.open(&format!("/a/{}/{page}", village.chorale)).expect(200)))
    });
    let told: Vec<_> = told.collect();
    assert!(told.iter().all(|pages| *pages == told[0]), "{told:#?}");
}
