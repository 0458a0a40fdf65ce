//! A treasurer's notebook against the ledger, on the page.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::net::TcpStream;
use std::path::Path;
use std::time::{Duration, Instant};

use rust_xlsxwriter::Workbook;
use serde_json::json;

use super::browser::{BOUNDARY, Browser, parts};
use super::looks::{WAYS, faults};
use super::tab::{Eyes, Key};
use super::village::Village;
use crate::api::served::by_hand;
use crate::command::Sandbox;
use crate::notebook_faults::locked;

const FIELD: &str = "Votre carnet de l’année";
const ANOTHER: &str = "Déposer un autre carnet";

/// What the choir wrote down; the ledger agrees with the first line alone.
const NOTEBOOK: &str = "Chorale de Janzé 2026\n\nDate;Sens;Association;Durée\n\
    14/03/2026;donné;Judo-club de Vitré;2h30\n\
    15/03/2026;donné;Fanfare de Retiers;3h\n\
    20/03/2026;reçu;Judo-club de Vitré;1h\n\
    22/03/2026;donné;Les musiciens;45 min\n";

/// The village, where the ledger has three exchanges of the choir's.
fn village() -> Village {
    let village = Village::on(Sandbox::sqlite());
    let served = &village.served;
    for (reference, receiver, minutes, day) in
        [("V-1", &village.judo, 150, "14"), ("V-2", &village.fanfare, 120, "15"), ("V-3", &village.judo, 60, "28")]
    {
        let record = json!({
            "giver": village.chorale, "receiver": receiver, "minutes": minutes, "service_date": format!("2026-03-{day}"),
            "reference": reference, "evidence": { "kind": "paper_slip", "reference": reference },
        });
        served.post(&served.operator, "/v1/exchanges", &record).expect(201);
    }
    village
}

pub(super) fn lay(browser: &mut Browser, association: &str, name: &str, bytes: impl Into<Vec<u8>>) {
    browser.open(&format!("/a/{association}/notebook")).expect(200);
    let label = if browser.page.text.contains(ANOTHER) { ANOTHER } else { FIELD };
    browser.attach(label, name, bytes).press("Comparer au registre");
}

/// Presses a button of the card that says this.
#[track_caller]
fn press_in<'b>(browser: &'b mut Browser, card: &str, button: &str) -> &'b mut Browser {
    let text = browser.page.text.clone();
    let (mut at, mut found) = (0, None);
    let mut cards = text.split("\n### ");
    // Forms stand in the order of the page: those of the cards before are left out.
    let before = cards.next().unwrap_or_default().matches('<').count();
    at += before;
    for one in cards {
        let buttons: Vec<&str> =
            one.split('<').skip(1).map(|rest| rest.split('>').next().unwrap_or_default()).collect();
        if one.contains(card) && found.is_none() {
            found = buttons.iter().position(|it| it.starts_with(button)).map(|place| at + place);
        }
        at += buttons.len();
    }
    let found = found.unwrap_or_else(|| panic!("no button “{button}” beside “{card}”:\n{text}"));
    let every = browser.page.forms.iter().flat_map(|form| (0..form.buttons.len()).map(move |at| (form.clone(), at)));
    let (form, at) = every.into_iter().nth(found).expect("Buttons are read as they stand.");
    browser.submit(&form, at).expect(200)
}

/// What is read of the page's own, without what surrounds it.
fn read(browser: &Browser) -> String {
    let text = &browser.page.text;
    let begin = text.find("# ").unwrap_or(0);
    let end = text.find("[(").or_else(|| text.find("[Accueil]")).unwrap_or(text.len());
    text.get(begin..end).unwrap_or(text).trim().to_owned()
}

#[test]
#[expect(clippy::too_many_lines, reason = "most of them are what is read on two pages")]
fn a_treasurer_settles_a_notebook() {
    let village = village();
    let mut denis = village.browser("Denis", "fr");
    denis.open(&format!("/a/{}/standing", village.chorale)).follow("Rapprocher notre carnet");
    denis.attach(FIELD, "carnet.csv", NOTEBOOK).press("Comparer au registre").expect(200);
    insta::assert_snapshot!(read(&denis), @r"
    # Comment il a été lu
    carnet.csv
    ## De qui s’agit-il ?
    Votre réponse est retenue pour les prochains carnets.
    Qui est « Les musiciens » ? (1 ligne)
    Le nom exact de « Les musiciens »
    []
    ## Les colonnes
    À côté de chaque colonne : ce qu’elle veut dire. Corrigez ce qui est faux ; c’est retenu.
    Date 14/03/2026 · 15/03/2026 · 20/03/2026
    [date]
    Sens donné · reçu
    [direction]
    Association Judo-club de Vitré · Fanfare de Retiers · Les musiciens
    [partner]
    Durée 2h30 · 3h · 1h
    [duration]
    Les premières lignes
    - Date · Sens · Association · Durée3
    - 14/03/2026 · donné · Judo-club de Vitré · 2h304
    - 15/03/2026 · donné · Fanfare de Retiers · 3h5
    - 20/03/2026 · reçu · Judo-club de Vitré · 1h6
    - 22/03/2026 · donné · Les musiciens · 45 min7
    Année à comparer
    [2026]
    <Lire ainsi>
    [Voir le résultat]
    [Un autre carnet]
    ");
    denis.write("Le nom exact de « Les musiciens »", "fanfare").press("Lire ainsi").expect(200);
    insta::assert_snapshot!(read(&denis), @r"
    # Notre carnet et le registre, 2026
    1 ligne d’accord, 4 à corriger, 2 associations à appeler.
    Votre carnet : 6 h 15 données, 1 h reçues. Le registre : 5 h 30 données, 0 min reçues.
    carnet.csv · [Comment il a été lu]
    ## À corriger
    ### ≠ Ligne 5 · autre durée
    Vous avez écrit
    15/03/2026 · donné · Fanfare de Retiers · 3h
    Comparaison
    Vous notez 3 h, le registre 2 h (1 h de plus chez vous) : V-2, le 15/03/2026, Fanfare de Retiers, 2 h d'aide donnée.
    [Voir l’échange V-2]
    L’autre association lira : Notre carnet dit : 3 h d'aide donnée le 15/03/2026.
    <Demander une correction>
    <C’est mon erreur>
    [Leur écrire : Fanfare de Retiers]
    ### + Ligne 6 · pas au registre
    Vous avez écrit
    20/03/2026 · reçu · Judo-club de Vitré · 1h
    Comparaison
    Le registre n'a rien qui convienne avec Judo-club de Vitré autour du 20/03/2026 (1 h). À voir avec Judo-club de Vitré.
    Proposition : le 20/03/2026, 1 h d'aide reçue (Judo-club de Vitré).
    <Proposer>
    <C’est mon erreur>
    [Leur écrire : Judo-club de Vitré]
    ### + Ligne 7 · pas au registre
    Vous avez écrit
    22/03/2026 · donné · Les musiciens · 45 min
    Comparaison
    Le registre n'a rien qui convienne avec Fanfare de Retiers autour du 22/03/2026 (45 min). À voir avec Fanfare de Retiers.
    Proposition : le 22/03/2026, 45 min d'aide donnée (Fanfare de Retiers).
    <Proposer>
    <C’est mon erreur>
    [Leur écrire : Fanfare de Retiers]
    ### − Pas dans votre carnet · au registre
    Comparaison
    Au registre, pas dans le carnet : V-3, le 28/03/2026, Judo-club de Vitré, 1 h d'aide donnée.
    [Voir l’échange V-3]
    <C’est un oubli de ma part>
    [Leur écrire : Judo-club de Vitré]
    ## À appeler
    Un message est prêt pour chacune, à copier ou à envoyer.
    Fanfare de Retiers · 2 points à voir
    Message à copier
    [Bonjour, En comparant notre carnet 2026 au registre (Entraide du pays), nous trouvons : - le 15/03/2026, 3 h d’aide de notre part, selon notre carnet ; le registre dit 2 h (V-2) - le 22/03/2026, 45 min d’aide de notre part : dans notre carnet, pas au registre Pouvez-vous regarder de votre côté, et nous dire ce qui est juste ? Merci. Chorale de Janzé]
    [Ouvrir dans ma messagerie]
    Judo-club de Vitré · 2 points à voir
    Message à copier
    [Bonjour, En comparant notre carnet 2026 au registre (Entraide du pays), nous trouvons : - le 20/03/2026, 1 h d’aide de votre part : dans notre carnet, pas au registre - le 28/03/2026, 1 h d’aide de notre part : au registre (V-3), pas dans notre carnet Pouvez-vous regarder de votre côté, et nous dire ce qui est juste ? Merci. Chorale de Janzé]
    [Ouvrir dans ma messagerie]
    ## D’accord
    1 ligne d’accord
    - [V-1]Ligne 4 14/03/2026 · donné · Judo-club de Vitré · 2h30
    Le registre dit de même : V-1, le 14/03/2026, Judo-club de Vitré, 2 h 30 d'aide donnée.
    [Compte rendu pour un tableur][Un autre carnet]
    <Oublier ce carnet>
    Cette page s’imprime : c’est le compte rendu à apporter en réunion.
    ");

    press_in(&mut denis, "Ligne 6", "Proposer").reads("C’est proposé.");
    denis.reads("1 ligne d’accord, 3 à corriger, 2 associations à appeler, 1 en attente d’une réponse.");
    press_in(&mut denis, "Ligne 5", "Demander une correction").reads("Votre demande est partie.");
    press_in(&mut denis, "Ligne 7", "C’est mon erreur").reads("Rayez cette ligne.");
    press_in(&mut denis, "V-3", "C’est un oubli de ma part")
        .reads("Ajoutez une ligne : le 28/03/2026, Judo-club de Vitré");
    denis.reads("1 ligne d’accord, rien à corriger, 2 associations à appeler, 2 en attente d’une réponse.");
    denis.reads("Il n’y a plus rien à corriger.");
    press_in(&mut denis, "V-3", "Finalement").reads("1 ligne d’accord, 1 à corriger");
    denis.open(&format!("/a/{}/notebook/report", village.chorale)).expect(200);
    assert!(denis.reply.text.contains("amount_differs"), "{:?}", denis.reply);

    // What was answered once is remembered, and forgotten where somebody says so.
    denis.open(&format!("/a/{}/notebook", village.chorale)).reads("« Les musiciens » est Fanfare de Retiers");
    lay(&mut denis, &village.chorale, "carnet.csv", NOTEBOOK);
    denis.reads("1 ligne d’accord");
    denis.open(&format!("/a/{}/notebook", village.chorale)).press("Oublier ce qui est retenu de Les musiciens");
    assert!(!denis.page.text.contains("Les musiciens"));
    assert_eq!(village.served.balance(&village.chorale), 150 + 120 + 60, "nothing is counted before they say yes");
    village.served.assert_sound();
}

/// How long something takes.
#[expect(clippy::disallowed_methods, reason = "it is told and decides nothing")]
pub(super) fn timed(work: impl FnOnce()) -> Duration {
    let began = Instant::now();
    work();
    began.elapsed()
}

#[test]
fn what_is_no_notebook_gets_a_sentence() {
    let village = village();
    let mut denis = village.browser("Denis", "fr");
    let bomb = |name: &str| {
        fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("faults/90-workbook-bombs").join(name)).unwrap()
    };
    for (name, bytes, status, words) in [
        ("", Vec::new(), 422, "Choisissez d’abord un fichier."),
        ("vide.csv", Vec::new(), 422, "vide.csv : ce fichier ne contient rien"),
        ("photo.xlsx", b"\x89PNG\r\n\x1a\n0000".to_vec(), 422, "photo.xlsx : c'est une image"),
        ("releve.csv", b"%PDF-1.7\n1 0 obj".to_vec(), 422, "c'est un PDF"),
        ("cle.xlsx", locked(), 422, "protégé par un mot de passe"),
        ("coupe.xlsx", b"PK\x03\x04 xl/workbook".to_vec(), 422, "ne se laisse pas lire"),
        ("bombe.xls", bomb("xb-65535-65535.xls"), 422, "bombe.xls : ce"),
        ("bombe.ods", bomb("spaces.ods"), 422, "bombe.ods : ce"),
        ("lourd.csv", vec![b'x'; (10 << 20) + 1], 413, "pèse plus de 10 Mo"),
        ("immense.csv", vec![b'x'; 12 << 20], 413, "pèse plus de 10 Mo"),
        ("long.csv", "a;b\n".repeat(200_001).into_bytes(), 422, "plus de lignes qu’une page n’en compare"),
    ] {
        lay(&mut denis, &village.chorale, name, bytes);
        denis.expect(status).reads(words);
        denis.open(&format!("/a/{}/notebook/result", village.chorale)).reads("Rapprocher notre carnet");
        assert!(!denis.page.text.contains(ANOTHER), "{name} was kept");
    }
}

/// A workbook with a line as far down as sheets go.
fn far_down() -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, name) in [(0, "Date"), (1, "Sens"), (2, "Association"), (3, "Durée")] {
        sheet.write(0, column, name).unwrap();
    }
    for (row, day) in [(1, "14/03/2026"), (1_048_575, "15/03/2026")] {
        for (column, text) in [(0, day), (1, "donné"), (2, "Judo-club de Vitré"), (3, "2h30")] {
            sheet.write(row, column, text).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

#[test]
fn a_million_blank_rows_are_no_matter() {
    let village = village();
    let mut denis = village.browser("Denis", "fr");
    lay(&mut denis, &village.chorale, "loin.xlsx", far_down());
    denis.expect(200).reads("1 ligne d’accord").reads("Ligne 1048576");
}

#[test]
fn whoever_closes_the_window_half_way_lays_nothing_there() {
    let village = village();
    let mut denis = village.browser("Denis", "fr");
    let path = format!("/a/{}/notebook", village.chorale);
    let body = parts(&[("once".to_owned(), "half".to_owned())], &("carnet.csv".to_owned(), NOTEBOOK.into()));
    let request = denis.request("POST", &path, Some((&format!("multipart/form-data; boundary={BOUNDARY}"), &body)));
    let mut stream = TcpStream::connect(&village.served.address).unwrap();
    stream.write_all(&request[..request.len() - 60]).unwrap();
    drop(stream);
    std::thread::sleep(Duration::from_millis(300));
    assert!(!denis.open(&path).expect(200).page.text.contains(ANOTHER));
}

#[test]
fn the_second_of_two_windows_is_told_kindly() {
    let village = village();
    let (mut one, mut other) = (village.browser("Denis", "fr"), village.browser("Denis", "fr"));
    lay(&mut one, &village.chorale, "carnet.csv", NOTEBOOK);
    one.open(&format!("/a/{}/notebook/result", village.chorale)).expect(200);
    let mut same = village.browser("Denis", "fr");
    same.open(&format!("/a/{}/notebook/result", village.chorale)).press("Proposer").reads("C’est proposé.");
    // The same card in another window asks for nothing a second time.
    one.press("Proposer").expect(200).reads("Entre-temps le registre a changé : rien n’a été fait.");

    one.open(&format!("/a/{}/notebook/result", village.chorale));
    lay(
        &mut other,
        &village.chorale,
        "autre.csv",
        "Date;Sens;Association;Durée\n14/03/2026;donné;Judo-club de Vitré;2h30\n",
    );
    one.press("Demander une correction").expect(200).reads("Entre-temps un autre carnet a été posé ici");
    let filter = village.served.get(village.token("Denis"), "/v1/exchanges?state=proposed").expect(200).json();
    assert_eq!(filter["items"].as_array().unwrap().len(), 1, "{filter}");
}

#[test]
fn a_notebook_is_forgotten_by_a_button_with_the_session_or_after_an_hour() {
    let village = village();
    let database = &village.served.sandbox.database;
    let path = format!("/a/{}/notebook", village.chorale);
    let mut denis = village.browser("Denis", "fr");
    lay(&mut denis, &village.chorale, "carnet.csv", NOTEBOOK);
    assert_eq!(village.browser("Alice", "fr").open(&path).expect(200).page.text.matches("carnet.csv").count(), 0);
    denis.open(&path).press("Oublier ce carnet").expect(200).reads("Votre carnet est oublié.");
    assert!(!denis.page.text.contains(ANOTHER));

    lay(&mut denis, &village.chorale, "carnet.csv", NOTEBOOK);
    let backup = village.served.sandbox.run("backup copie.backup");
    assert_eq!(backup.code, Some(0), "{backup}");
    by_hand(database, "UPDATE notebook SET laid_at = laid_at - 3600000000");
    assert!(!denis.open(&path).page.text.contains(ANOTHER), "an hour is over");
    assert!(denis.open(&format!("{path}/result")).page.text.contains("Rapprocher notre carnet"));
}

#[test]
fn a_treasurer_is_done_with_the_keyboard_alone() {
    let village = village();
    let file = std::env::temp_dir().join(format!("carnet-{}.csv", std::process::id()));
    fs::write(&file, NOTEBOOK).unwrap();
    for (eyes, language) in [(Eyes::DESK, "fr"), (Eyes::PHONE.without_script(), "en")] {
        let t = |french: &'static str, english: &'static str| if language == "fr" { french } else { english };
        let eyes = eyes.reading(language);
        let mut tab = village.tab("Denis", eyes);
        tab.open(&format!("/a/{}/standing", village.chorale));
        tab.walk_to(t("Rapprocher notre carnet", "Compare our notebook"));
        tab.press_and_follow(Key::Enter);
        tab.attach(&file);
        tab.walk_to(t("Comparer au registre", "Compare with the ledger"));
        tab.press_and_follow(Key::Enter);
        if language == "fr" {
            tab.walk_to("Le nom exact de « Les musiciens »");
            tab.type_in("Fanfare de Retiers");
            tab.walk_to("Lire ainsi");
            tab.press_and_follow(Key::Enter);
        }
        tab.reads(t("1 ligne d’accord", "1 line agrees"));
        if language == "fr" {
            tab.walk_to("Demander une correction");
            tab.press_and_follow(Key::Enter);
            tab.reads("Votre demande est partie.");
            tab.walk_to("C’est un oubli de ma part");
            tab.press_and_follow(Key::Enter);
            tab.reads("Ajoutez une ligne : le 28/03/2026");
        }
        let effort = tab.effort;
        println!("{eyes:?}: {} taps, {} keys", effort.taps, effort.keys);
        tab.close();
    }
    fs::remove_file(file).unwrap();
    village.served.assert_sound();
}

#[test]
fn a_long_notebook_says_that_it_takes_a_while() {
    let village = village();
    let mut denis = village.browser("Denis", "fr");
    let mut text = "Date;Sens;Association;Durée\n".to_owned();
    for line in 0..30_000 {
        text.push_str(&format!(
            "{:02}/{:02}/2026;donné;Judo-club de Vitré;{} min\n",
            line % 28 + 1,
            line % 3 + 1,
            15 + line % 90
        ));
    }
    let laid = timed(|| lay(&mut denis, &village.chorale, "long.csv", text));
    denis.expect(200).reads("long.csv est un long carnet");
    let compared = timed(|| {
        denis.follow("Voir le résultat").expect(200);
    });
    println!("laid in {laid:?}, compared in {compared:?}");
}

#[test]
fn the_pages_of_a_notebook_are_for_everybody() {
    let village = village();
    let mut denis = village.browser("Denis", "fr");
    lay(&mut denis, &village.chorale, "carnet.csv", NOTEBOOK);
    let mut tab = village.tab("Denis", Eyes::PHONE);
    let mut wrong = BTreeSet::new();
    for page in ["", "/reading", "/result"] {
        if page == "/result" {
            denis.open(&format!("/a/{}/notebook/result", village.chorale));
            press_in(&mut denis, "V-3", "C’est un oubli de ma part");
            press_in(&mut denis, "Ligne 6", "Proposer");
        }
        tab.open(&format!("/a/{}/notebook{page}", village.chorale));
        tab.eval("document.querySelectorAll('main details').forEach((it) => { it.open = true; })");
        for eyes in WAYS {
            tab.look_with(eyes);
            wrong.extend(tab.seeing_all(|tab| faults(tab, eyes)).into_iter().map(|fault| format!("{page} {fault}")));
        }
        tab.look_with(Eyes::PHONE);
    }
    tab.close();
    assert_eq!(wrong, BTreeSet::new());
}

#[test]
fn what_a_column_means_is_said_and_remembered() {
    let village = village();
    let mut denis = village.browser("Denis", "fr");
    let text = "Date;Association;Combien\n14/03/2026;Judo-club de Vitré;2,5\n15/03/2026;Fanfare de Retiers;2\n";
    lay(&mut denis, &village.chorale, "carnet.csv", text);
    denis.expect(200).reads("aucune colonne de durées n'y est reconnue").reads("Dites ci-dessous laquelle");
    denis.write("Combien", "durée, en heures").press("Lire ainsi").expect(200);
    denis.reads("C’est lu ainsi, et c’est retenu.").reads("2 lignes d’accord, 1 à corriger");
    lay(&mut denis, &village.chorale, "suite.csv", text);
    denis.expect(200).reads("2 lignes d’accord");
    denis.open(&format!("/a/{}/notebook", village.chorale)).reads("La colonne « Combien » : durée, en heures");

    denis.open(&format!("/a/{}/notebook/reading", village.chorale)).write("Année à comparer", "bientôt");
    denis.press("Lire ainsi").expect(422).reads("« bientôt » n’est pas une année.");
    denis.write("Année à comparer", "2024").press("Lire ainsi").expect(422).reads("ce carnet est de 2026");
    denis.write("Année à comparer", "2026").press("Lire ainsi").expect(200).reads("2 lignes d’accord");
}

#[test]
fn a_sheet_that_sums_up_is_asked_about() {
    let mut book = Workbook::new();
    let rows = [["Date", "Sens", "Association", "Durée"], ["14/03/2026", "donné", "Judo-club de Vitré", "2h30"]];
    for (name, rows) in [("Mars", rows), ("Récapitulatif", rows)] {
        let sheet = book.add_worksheet();
        sheet.set_name(name).unwrap();
        for (row, cells) in (0..).zip(rows) {
            for (column, cell) in (0..).zip(cells) {
                sheet.write(row, column, cell).unwrap();
            }
        }
    }
    let village = village();
    let mut denis = village.browser("Denis", "fr");
    lay(&mut denis, &village.chorale, "carnet.xlsx", book.save_to_buffer().unwrap());
    denis.expect(200).reads("la feuille « Récapitulatif » semble récapituler les autres");
    denis.reads("[x] Mars").reads("[ ] Récapitulatif").press("Lire ainsi").expect(200);
    denis.reads("1 ligne d’accord, 2 à corriger").reads("Ligne 2, feuille Mars");
}

#[test]
fn what_the_rules_refuse_is_said_at_its_card() {
    let village = village();
    let mut denis = village.browser("Denis", "fr");
    let text = "Date;Sens;Association;Durée\n02/03/2026;donné;Judo-club de Vitré;7 min\n";
    lay(&mut denis, &village.chorale, "carnet.csv", text);
    denis.press("Proposer").expect(422).reads("15 min");
    assert!(!denis.page.text.contains("C’est proposé."));
    let held = village.served.get(village.token("Denis"), "/v1/exchanges?state=proposed").expect(200).json();
    assert_eq!(held["items"], json!([]));
}
