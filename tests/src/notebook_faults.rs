//! What `reconcile` says of files that are no notebooks, and of notebooks that leave questions.

use std::fs::File;

use rust_xlsxwriter::{Formula, Workbook};

use crate::command::Sandbox;
use crate::twins::{Twins, done, plain};

const HEADER: &str = "Date;Sens;Association;Durée\n";

/// A village's database on SQLite: reading files is the same on both.
fn village() -> Twins {
    Twins::village()
}

fn shown(sandbox: &Sandbox, line: &str) -> String {
    plain(&sandbox.run(line))
}

/// How a workbook with a password begins: an OLE file that names what is encrypted.
pub(crate) fn locked() -> Vec<u8> {
    let name = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes);
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".iter().copied().chain([0; 600]).chain(name).collect()
}

#[test]
fn files_that_are_no_notebooks_get_a_sentence() {
    let twins = village();
    let sandbox = &twins.sqlite;
    sandbox.write("pdf.csv", b"%PDF-1.7\n%\xe2\xe3\n1 0 obj");
    sandbox.write("locked.xlsx", locked());
    sandbox.write("cut.xlsx", b"PK\x03\x04 xl/workbook");
    sandbox.write("zeros.csv", vec![0; 100_000]);
    sandbox.write("empty.csv", "\n\n;;\n");
    sandbox.write("prose.csv", "Chers amis,\nvoici nos heures.\n");
    sandbox.write("no-hours.csv", "Date;Association\n01/03/2024;Fanfare de Retiers\n");
    sandbox.write("other-year.csv", format!("{HEADER}01/03/2023;donné;Fanfare de Retiers;2h\n"));
    File::create(sandbox.path("nothing.csv")).unwrap().set_len(2 << 30).unwrap();
    let run = |file: &str| {
        let screen = shown(sandbox, &format!("reconcile {file} --association 'Chorale de Janzé' --year 2024"));
        screen.lines().skip(1).collect::<Vec<_>>().join("\n")
    };
    insta::assert_snapshot!(run("pdf.csv"), @r"
    ! pdf.csv : c'est un PDF ; donnez le tableau en CSV
    => exit 2
    ");
    insta::assert_snapshot!(run("locked.xlsx"), @r"
    ! locked.xlsx : ce classeur est protégé par un mot de passe ; enregistrez-le sans mot de passe
    => exit 2
    ");
    assert!(run("cut.xlsx").ends_with("=> exit 2"));
    insta::assert_snapshot!(run("zeros.csv"), @r"
    ! zeros.csv : ce n'est pas du texte (octet nul en position 0) ; donnez un fichier CSV
    => exit 2
    ");
    insta::assert_snapshot!(run("nothing.csv"), @r"
    ! nothing.csv : ce fichier pèse 2048 Mo, un fichier de lignes en pèse 256 au plus
    => exit 2
    ");
    insta::assert_snapshot!(run("empty.csv"), @r"
    ! empty.csv : ce fichier ne contient rien ; il faut une ligne de titres, puis une ligne par échange
    => exit 2
    ");
    insta::assert_snapshot!(run("prose.csv"), @r"
    ! prose.csv : aucun tableau n'y est reconnu ; la première ligne dit : « Chers amis ». Dites quelles colonnes lire, par exemple --map A=date --map B=partenaire --map C=duree
    => exit 2
    ");
    insta::assert_snapshot!(run("no-hours.csv"), @r"
    ! no-hours.csv : aucune colonne de durées n'y est reconnue ; les colonnes : Date, Association. Dites laquelle : --map COLONNE=duree
    => exit 2
    ");
    insta::assert_snapshot!(run("other-year.csv"), @r"
    ! other-year.csv : ce carnet est de 2023, aucune de ses lignes n'est de 2024 ; essayez --year 2023
    => exit 2
    ");
    insta::assert_snapshot!(run("absent.csv"), @r"
    ! absent.csv : ce fichier n'existe pas ; vérifiez son nom et son dossier
    => exit 2
    ");
    insta::assert_snapshot!(shown(sandbox, "reconcile no-hours.csv --association Pétanque --year 2024"), @r"
    $ coudemain reconcile no-hours.csv --association Pétanque --year 2024
    ! association inconnue : « Pétanque » ; « coudemain soldes » les montre toutes
    => exit 2
    ");
}

#[test]
fn lines_that_cannot_be_read_get_a_sentence_each() {
    let twins = village();
    twins.write(
        "carnet.csv",
        format!(
            "Chorale de Janzé 2024;;;\n\n{HEADER}01/03/2024;donné;Fanfare de Retiers;2h\n\
             02/03/2024;donné;Fanfare de Retiers;-2h\n31/02/2024;donné;Fanfare de Retiers;2h\n\
             03/03/2024;donné;Fanfare de Retiers;#REF!\n04/03/2024;donné;Boulistes de Fougères;1h\n\
             05/03/2024;prêté;Fanfare de Retiers;1h\n06/03/2024;donné;;1h\n07/03/2024;reçu;Amis du vélo;0,33\n\
             08/03/2024;donné;Chorale de Janzé;1h\nTotal;;;2h20\n"
        ),
    );
    insta::assert_snapshot!(twins.run("reconcile carnet.csv --complete"), @r"
    $ coudemain reconcile carnet.csv --complete
    Chorale de Janzé, 2024 : carnet « carnet.csv »
    9 lignes : 1 concorde, 1 pas au registre, 2 partenaires ?, 5 illisibles, 1 autre total
    Donné : 4 h (registre : 2 h). Reçu : 20 min (registre : 0 min).

    ·     1  passée
            Chorale de Janzé 2024
            Titre.
    ·     2  passée

            Ligne vide.
    ·     3  passée
            Date · Sens · Association · Durée
            Titres des colonnes.
    =     4  concorde         A-1
            Le registre dit de même : A-1, le 01/03/2024, Fanfare de Retiers, 2 h d'aide donnée.
    !     5  illisible
            02/03/2024 · donné · Fanfare de Retiers · -2h
            Durée négative : « -2h » ; écrivez-la sans signe.
    !     6  illisible
            31/02/2024 · donné · Fanfare de Retiers · 2h
            « 31/02/2024 » n'existe pas dans le calendrier ; vérifiez le jour et le mois.
    !     7  illisible
            03/03/2024 · donné · Fanfare de Retiers · #REF!
            La formule de cette cellule a échoué (#REF!) ; corrigez-la.
    ?     8  partenaire ?
            04/03/2024 · donné · Boulistes de Fougères · 1h
            Personne ne s'appelle « Boulistes de Fougères » dans le réseau.
    !     9  illisible
            05/03/2024 · prêté · Fanfare de Retiers · 1h
            Sens inconnu : « prêté » ; « donné » ou « reçu » conviendrait.
    !    10  illisible
            06/03/2024 · donné · 1h
            Il manque le partenaire.
    +    11  pas au registre
            07/03/2024 · reçu · Amis du vélo · 0,33
            Le registre n'a rien qui convienne avec Amis du vélo autour du 07/03/2024 (20 min). À
            voir avec Amis du vélo. « 0,33 » ne tombe pas sur une minute entière, lu comme 20 min.
    ?    12  partenaire ?
            08/03/2024 · donné · Chorale de Janzé · 1h
            « Chorale de Janzé » est votre propre association ; il faut le nom du partenaire.
    ≠    13  autre total
            Total · 2h20
            Total : 2 h 20, mais les lignes lues font 8 h 20.
    À voir avec :
      Amis du vélo : l. 11
    => exit 1
    ");
    let json = twins.json("reconcile carnet.csv --format json");
    assert_eq!(json["totals"]["unreadable"], 5, "{json}");
}

#[test]
fn workbooks_keep_their_faults_and_their_sheets() {
    let twins = village();
    let mut book = Workbook::new();
    for (month, day) in [("Février", "28/02/2024"), ("Mars", "01/03/2024")] {
        let sheet = book.add_worksheet();
        sheet.set_name(month).unwrap();
        for (column, name) in (0..).zip(["Date", "Asso", "Heures données", "Heures reçues"]) {
            sheet.write_string(0, column, name).unwrap();
        }
        sheet.write_string(1, 0, day).unwrap();
        sheet.write_string(1, 1, "Fanfare de Retiers").unwrap();
        sheet.write_number(1, 2, 2.0).unwrap();
        sheet.write_string(2, 0, day).unwrap();
        sheet.write_string(2, 1, "Amis du vélo").unwrap();
        sheet.write_formula(2, 3, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
    }
    twins.write("chorale-de-janze.xlsx", book.save_to_buffer().unwrap());
    insta::assert_snapshot!(twins.run("reconcile chorale-de-janze.xlsx --year 2024"), @r"
    $ coudemain reconcile chorale-de-janze.xlsx --year 2024
    Chorale de Janzé, 2024 : carnet « chorale-de-janze.xlsx »
    4 lignes : 1 concorde, 1 pas au registre, 2 illisibles
    Donné : 4 h (registre : 2 h). Reçu : 0 min (registre : 0 min).

    + Février, 2  pas au registre
            28/02/2024 · Fanfare de Retiers · 2
            Le registre n'a rien qui convienne avec Fanfare de Retiers autour du 28/02/2024 (2 h). À
            voir avec Fanfare de Retiers.
    ! Février, 3  illisible
            28/02/2024 · Amis du vélo · #DIV/0!
            La formule de cette cellule a échoué (#DIV/0!) ; corrigez-la.
    ! Mars, 3  illisible
            01/03/2024 · Amis du vélo · #DIV/0!
            La formule de cette cellule a échoué (#DIV/0!) ; corrigez-la.
    À voir avec :
      Fanfare de Retiers : l. 2
    => exit 1
    ");
}

#[test]
fn what_was_said_once_is_remembered() {
    let twins = village();
    twins.write("carnet.csv", "Jour;Chez;Combien\n01/03/2024;Les cuivres;2h\n02/03/2024;Amis du vélo;3h\n");
    let carnet = "reconcile carnet.csv --association 'Chorale de Janzé' --year 2024";
    insta::assert_snapshot!(twins.run(carnet), @r"
    $ coudemain reconcile carnet.csv --association 'Chorale de Janzé' --year 2024
    ! carnet.csv : aucun tableau n'y est reconnu ; la première ligne dit : « Jour · Chez · Combien ». Dites quelles colonnes lire, par exemple --map A=date --map B=partenaire --map C=duree
    => exit 2
    ");
    let said = format!("{carnet} --map Chez=partenaire --map Combien=duree --alias 'Les cuivres=Fanfare de Retiers'");
    insta::assert_snapshot!(twins.run(&said), @r"
    $ coudemain reconcile carnet.csv --association 'Chorale de Janzé' --year 2024 --map Chez=partenaire --map Combien=duree --alias 'Les cuivres=Fanfare de Retiers'
    Chorale de Janzé, 2024 : carnet « carnet.csv »
    2 lignes : 1 concorde, 1 pas au registre
    Donné : 0 min (registre : 2 h). Reçu : 0 min (registre : 0 min).

    +     3  pas au registre
            02/03/2024 · Amis du vélo · 3h
            Le registre n'a rien qui convienne avec Amis du vélo autour du 02/03/2024 (3 h). À voir
            avec Amis du vélo.
    À voir avec :
      Amis du vélo : l. 3
    ! Retenu pour « Chorale de Janzé » dans la base.
    => exit 1
    ");
    insta::assert_snapshot!(twins.run(carnet), @r"
    $ coudemain reconcile carnet.csv --association 'Chorale de Janzé' --year 2024
    Chorale de Janzé, 2024 : carnet « carnet.csv »
    2 lignes : 1 concorde, 1 pas au registre
    Donné : 0 min (registre : 2 h). Reçu : 0 min (registre : 0 min).
    Note : 3 réglages retenus pour cette association

    +     3  pas au registre
            02/03/2024 · Amis du vélo · 3h
            Le registre n'a rien qui convienne avec Amis du vélo autour du 02/03/2024 (3 h). À voir
            avec Amis du vélo.
    À voir avec :
      Amis du vélo : l. 3
    => exit 1
    ");
    for sandbox in twins.each() {
        sandbox.run("export lines --association 'Chorale de Janzé' --year 2024 --out lines.csv");
        let run = sandbox.run("reconcile carnet.csv --against lines.csv --map Chez=partner --map Combien=duration --alias 'Les cuivres=fanfare de retiers'");
        assert_eq!(run.code, Some(1), "{run}");
        assert!(sandbox.run("reconcile carnet.csv --against lines.csv").stdout.contains("1 concorde,"));
        assert!(sandbox.path("coudemain-carnets.json").exists());
    }
}

#[test]
fn proposals_wait_for_the_other_side() {
    let twins = village();
    twins.write(
        "carnet.csv",
        format!("{HEADER}01/03/2024;donné;Fanfare de Retiers;2h30\n05/03/2024;reçu;Amis du vélo;1h\n"),
    );
    let propose = "reconcile carnet.csv --association 'Chorale de Janzé' --year 2024 --propose --yes";
    insta::assert_snapshot!(twins.run(propose), @r"
    $ coudemain reconcile carnet.csv --association 'Chorale de Janzé' --year 2024 --propose --yes
    Chorale de Janzé, 2024 : carnet « carnet.csv »
    2 lignes : 0 concorde, 1 autre durée, 1 pas au registre
    Donné : 2 h 30 (registre : 2 h). Reçu : 1 h (registre : 0 min).

    ≠     2  autre durée      A-1
            01/03/2024 · donné · Fanfare de Retiers · 2h30
            Vous notez 2 h 30, le registre 2 h (30 min de plus chez vous) : A-1, le 01/03/2024,
            Fanfare de Retiers, 2 h d'aide donnée.
    +     3  pas au registre
            05/03/2024 · reçu · Amis du vélo · 1h
            Le registre n'a rien qui convienne avec Amis du vélo autour du 05/03/2024 (1 h). À voir
            avec Amis du vélo.
    À voir avec :
      Amis du vélo : l. 3
      Fanfare de Retiers : A-1

    Correction : Vous notez 2 h 30, le registre 2 h (30 min de plus chez vous) : A-1, le 01/03/2024, Fanfare de Retiers, 2 h d'aide donnée.
    Proposition : le 05/03/2024, 1 h d'aide reçue (Amis du vélo).
    Demandé : 2.
    => exit 1
    ");
    // What waits is shown as waiting, and not asked a second time, whatever the notebook says of it.
    let again = twins.run(propose);
    assert!(again.contains("Demandé : 0, 1 déjà demandées."), "{again}");
    insta::assert_snapshot!(twins.run("reconcile carnet.csv --association 'Chorale de Janzé' --year 2024"), @r"
    $ coudemain reconcile carnet.csv --association 'Chorale de Janzé' --year 2024
    Chorale de Janzé, 2024 : carnet « carnet.csv »
    2 lignes : 0 concorde, 1 autre durée, 1 en attente
    Donné : 2 h 30 (registre : 2 h). Reçu : 1 h (registre : 0 min).

    ≠     2  autre durée      A-1
            01/03/2024 · donné · Fanfare de Retiers · 2h30
            Vous notez 2 h 30, le registre 2 h (30 min de plus chez vous) : A-1, le 01/03/2024,
            Fanfare de Retiers, 2 h d'aide donnée.
    …     3  en attente       AAAA-000001
            05/03/2024 · reçu · Amis du vélo · 1h
            En attente de réponse au registre : AAAA-000001, le 05/03/2024, Amis du vélo, 1 h d'aide
            reçue.
    À voir avec :
      Amis du vélo : AAAA-000001
      Fanfare de Retiers : A-1
    => exit 1
    ");
    twins.write("autre.csv", format!("{HEADER}06/03/2024;reçu;Amis du vélo;1h15\n"));
    let other = twins.run("reconcile autre.csv --association 'Chorale de Janzé' --year 2024 --propose --yes");
    assert!(other.contains("Vous notez 1 h 15 au lieu de 1 h et le 06/03/2024 au lieu du 05/03/2024."), "{other}");
    assert!(other.contains("Rien à proposer."), "{other}");
    let declined = twins.run("reconcile carnet.csv --association 'Chorale de Janzé' --year 2024 --propose");
    assert!(declined.contains("Rien n'a été demandé."), "{declined}");
    insta::assert_snapshot!(twins.run("balance 'Chorale de Janzé'"), @r"
    $ coudemain balance 'Chorale de Janzé'
    Association       A aidé  A été aidée  Autres  Solde
    Chorale de Janzé     2 h        0 min   0 min    2 h
    => exit 0
    ");
    assert_eq!(twins.audited_exchanges(), 3);
}

#[test]
fn titles_side_by_side_are_no_columns() {
    let twins = village();
    twins.write(
        "fanfare-de-retiers.csv",
        "Heures données;;;;Heures reçues;;\nDate;Association;Durée;;Date;Association;Durée\n\
         02/03/2024;Atelier vélo de Vitré;1h;;01/03/2024;Chorale de Janzé;2h\n",
    );
    insta::assert_snapshot!(twins.run("reconcile fanfare-de-retiers.csv --year 2024"), @r"
    $ coudemain reconcile fanfare-de-retiers.csv --year 2024
    Fanfare de Retiers, 2024 : carnet « fanfare-de-retiers.csv »
    2 lignes : 2 concordent
    Donné : 1 h (registre : 1 h). Reçu : 2 h (registre : 2 h).

    Tout concorde.
    => exit 0
    ");
}

#[test]
fn three_sides_say_what_each_says() {
    let twins = village();
    twins.write(
        "chorale-de-janze.csv",
        format!("{HEADER}01/03/2024;donné;Fanfare de Retiers;2h30\n05/03/2024;donné;Fanfare;1h\n"),
    );
    twins.write(
        "fanfare-de-retiers.csv",
        format!("{HEADER}01/03/2024;reçu;Chorale de Janzé;2h\n06/03/2024;reçu;Chorale;1h\n"),
    );
    insta::assert_snapshot!(twins.run("reconcile chorale-de-janze.csv fanfare-de-retiers.csv --year 2024"), @r"
    $ coudemain reconcile chorale-de-janze.csv fanfare-de-retiers.csv --year 2024
    Chorale de Janzé et Fanfare de Retiers, 2024. → : Chorale de Janzé a aidé ; ← : Chorale de Janzé a été aidée.

       Référence  Chorale de Janzé            Fanfare de Retiers       Registre
    ≠  A-1        01/03/2024 → 2 h 30 (l. 2)  01/03/2024 → 2 h (l. 2)  01/03/2024 → 2 h
    ≠             05/03/2024 → 1 h (l. 3)     06/03/2024 → 1 h (l. 3)  —

    0 sur 2 : les trois disent de même.
    => exit 1
    ");
}

#[test]
fn a_statement_that_nobody_signed_is_held_against_the_ledger() {
    let twins = village();
    let statement = |given: i64, partner: i64| {
        format!(
            r#"{{"type": ["VerifiableCredential"], "credentialSubject": {{"name": "Chorale de Janzé", "identifiers": [],
            "year": 2024, "openingMinutes": 0, "givenMinutes": {given}, "receivedMinutes": 0, "correctionMinutes": 0,
            "otherMinutes": 0, "closingMinutes": 120, "months": [{{"month": 3, "givenMinutes": 120, "receivedMinutes": 0}}],
            "partners": [{{"name": "Fanfare de Retiers", "givenMinutes": {partner}, "receivedMinutes": 0}}]}}}}"#
        )
    };
    twins.write("right.json", statement(120, 120));
    twins.write("wrong.json", statement(180, 60));
    twins.write("other.json", "{}");
    insta::assert_snapshot!(twins.run("reconcile --statement right.json"), @r"
    $ coudemain reconcile --statement right.json
    Chorale de Janzé, 2024 : relevé comparé au registre

                             Relevé  Registre
    =  solde au 1er janvier   0 min     0 min
    =  donné                    2 h       2 h
    =  reçu                   0 min     0 min
    =  annulations            0 min     0 min
    =  autres                 0 min     0 min
    =  solde au 31 décembre     2 h       2 h

    ≠ Signature : le document ne porte aucune signature
    => exit 1
    ");
    insta::assert_snapshot!(twins.run("rapprocher --releve wrong.json"), @r"
    $ coudemain rapprocher --releve wrong.json
    Chorale de Janzé, 2024 : relevé comparé au registre

                                  Relevé  Registre
    =  solde au 1er janvier        0 min     0 min
    ≠  donné                         3 h       2 h
    =  reçu                        0 min     0 min
    =  annulations                 0 min     0 min
    =  autres                      0 min     0 min
    =  solde au 31 décembre          2 h       2 h
    ≠  Fanfare de Retiers, donné     1 h       2 h

    ≠ Signature : le document ne porte aucune signature
    => exit 1
    ");
    insta::assert_snapshot!(twins.run("reconcile --statement other.json --lang en"), @r"
    $ coudemain reconcile --statement other.json --lang en
    ! other.json: this is no yearly statement of Coudemain
    => exit 2
    ");
}

/// A village where it is known who gave some of the hours.
fn village_at_work() -> Twins {
    let twins = village();
    twins.write("persons.csv", "code,association\nP1,Chorale de Janzé\nP2,Chorale de Janzé\n");
    twins.write(
        "contributions.csv",
        "exchange,date,association,person,duration,nature,skill\n\
         A-1,,,P1,45min,operational,\nA-1,,,P2,30min,employee,\n\
         ,2024-12-30,Chorale de Janzé,P1,1h10,supervision,\n,2024-05-05,Chorale de Janzé,P2,250h,governance,\n",
    );
    for sandbox in twins.each() {
        done(&sandbox.run("import persons persons.csv"));
        done(&sandbox.run("import contributions contributions.csv"));
    }
    twins
}

#[test]
fn hours_go_to_the_accounts() {
    let twins = village_at_work();
    insta::assert_snapshot!(marked(&twins, "export valuation --year 2024 --rate 11,88 --method 'SMIC horaire brut'"), @r"
    $ coudemain export valuation --year 2024 --rate 11,88 --method 'SMIC horaire brut'
    Association;Nature;Compétence;Minutes;Heures;Taux horaire;Méthode;Euros
    Chorale de Janzé;opérationnel;Comptabilité;45;0,75;11,88;SMIC horaire brut;8,91
    Chorale de Janzé;encadrement;coup de main;70;1,17;11,88;SMIC horaire brut;13,86
    Chorale de Janzé;Total;;115;1,92;;;22,77
    ! Par date de service, du 01/01/2024 au 31/12/2024 ; calculé après 23 actes du registre.
    ! Hors valorisation : Chorale de Janzé, gouvernance, 250 h.
    ! Hors valorisation : Chorale de Janzé, salarié, 30 min.
    ! Aide donnée sans dire par qui, donc non valorisée : Chorale de Janzé, 45 min.
    ! Aide donnée sans dire par qui, donc non valorisée : Fanfare de Retiers, 1 h.
    ! À vérifier : P2 est salarié et bénévole de Chorale de Janzé.
    ! À valider avec votre expert-comptable. Assujettis à la TVA : un échange réciproque peut être imposable.
    => exit 0
    ");
    insta::assert_snapshot!(marked(&twins, "export valuation --year 2024 --smic 1.5 --format entries"), @r"
    $ coudemain export valuation --year 2024 --smic 1.5 --format entries
    Association;Compte;Débit;Crédit;Libellé
    Chorale de Janzé;864;20,79;0;Personnel bénévole, du 01/01/2024 au 31/12/2024
    Chorale de Janzé;875;0;20,79;Bénévolat, du 01/01/2024 au 31/12/2024
    ! Par date de service, du 01/01/2024 au 31/12/2024 ; calculé après 23 actes du registre.
    ! Hors valorisation : Chorale de Janzé, gouvernance, 250 h.
    ! Hors valorisation : Chorale de Janzé, salarié, 30 min.
    ! Sans taux à ces dates : Chorale de Janzé, 45 min.
    ! Aide donnée sans dire par qui, donc non valorisée : Chorale de Janzé, 45 min.
    ! Aide donnée sans dire par qui, donc non valorisée : Fanfare de Retiers, 1 h.
    ! À vérifier : P2 est salarié et bénévole de Chorale de Janzé.
    ! À valider avec votre expert-comptable. Assujettis à la TVA : un échange réciproque peut être imposable.
    => exit 0
    ");
}

#[test]
fn hours_without_euros() {
    let twins = village_at_work();
    insta::assert_snapshot!(marked(&twins, "export valuation --year 2024 --format cec"), @r"
    $ coudemain export valuation --year 2024 --format cec
    Association;Code;Nom;Heures ici;Heures en tout;Le plus dans une association;Seuils de 200 h et 100 h
    Chorale de Janzé;P1;;1,17;1,17;1,17;non
    Chorale de Janzé;P2;;250,00;250,00;250,00;atteints
    ! Par date de service, du 01/01/2024 au 31/12/2024 ; calculé après 23 actes du registre.
    ! Hors valorisation : Chorale de Janzé, gouvernance, 250 h.
    ! Hors valorisation : Chorale de Janzé, salarié, 30 min.
    ! Aide donnée sans dire par qui, donc non valorisée : Chorale de Janzé, 45 min.
    ! Aide donnée sans dire par qui, donc non valorisée : Fanfare de Retiers, 1 h.
    ! À vérifier : P2 est salarié et bénévole de Chorale de Janzé.
    => exit 0
    ");
    insta::assert_snapshot!(marked(&twins, "export valuation --from 2024-09-01 --to 2025-08-31 --hours-only --lang en"), @r"
    $ coudemain export valuation --from 2024-09-01 --to 2025-08-31 --hours-only --lang en
    Association;Nature;Skill;Minutes;Hours
    Chorale de Janzé;supervision;helping hand;70;1,17
    Chorale de Janzé;Total;;70;1,17
    ! By service date, 2024-09-01 to 2025-08-31; computed after 23 acts of the ledger.
    => exit 0
    ");
    insta::assert_snapshot!(marked(&twins, "export valuation --from 2024-09-01 --to 2025-08-31 --format cec"), @r"
    $ coudemain export valuation --from 2024-09-01 --to 2025-08-31 --format cec
    ! le compte d'engagement citoyen se compte par année civile : --year
    => exit 2
    ");
    for sandbox in twins.each() {
        let run = sandbox.run("export valuation --year 2024 --rate 12 --format xlsx --out heures.xlsx");
        assert_eq!(run.code, Some(0), "{run}");
        assert!(std::fs::read(sandbox.path("heures.xlsx")).unwrap().starts_with(b"PK"));
    }
}

/// What a command shows, without the byte order mark that spreadsheets want.
fn marked(twins: &Twins, line: &str) -> String {
    twins.run(line).replace('\u{feff}', "")
}
