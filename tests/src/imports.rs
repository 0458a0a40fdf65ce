//! What `import` makes of files as people really have them.

mod corrected;
mod formats;
mod questions;

use crate::twins::Twins;

#[test]
fn a_dry_run_writes_nothing() {
    let twins = Twins::village();
    twins.write(
        "new.csv",
        "date,giver,receiver,duration,skill\n\
         2024-04-01,Chorale de Janzé,Fanfare de Retiers,2h,Couture\n\
         2024-04-02,Chorale de Janzé,Fanfare de Retiers,45h,\n",
    );
    insta::assert_snapshot!(twins.run("import exchanges new.csv --dry-run"), @r"
    $ coudemain import exchanges new.csv --dry-run
    Note : 1 compétence ajoutée : Couture
    Note : limite souple dépassée : Fanfare de Retiers
    2 échanges compris, 0 question.
    Essai : rien n'a été écrit.
    => exit 0
    ");
    insta::assert_snapshot!(twins.run("importer echanges new.csv --essai --lang en"), @r"
    $ coudemain importer echanges new.csv --essai --lang en
    Note: 1 skill added: Couture
    Note: soft limit passed: Fanfare de Retiers
    2 exchanges understood, 0 questions.
    Dry run: nothing was written.
    => exit 0
    ");
    assert_eq!(twins.audited_exchanges(), 2);
    insta::assert_snapshot!(twins.run("import exchanges new.csv"), @r"
    $ coudemain import exchanges new.csv
    Note : 1 compétence ajoutée : Couture
    Note : limite souple dépassée : Fanfare de Retiers (solde −48 h, limite −40 h, depuis le 02/04/2024)
    Entré : 2 échanges.
    => exit 0
    ");
    assert_eq!(twins.audited_exchanges(), 4);
}

#[test]
fn the_same_lines_twice_add_nothing() {
    let twins = Twins::village();
    insta::assert_snapshot!(twins.run("import associations associations.csv"), @r"
    $ coudemain import associations associations.csv
    Entré : 0 association, 4 déjà là.
    => exit 0
    ");
    insta::assert_snapshot!(twins.run("import exchanges begin.csv --format json"), @r#"
    $ coudemain import exchanges begin.csv --format json
    {
      "changes": [],
      "corrected": 0,
      "dry_run": false,
      "entered": 0,
      "known": 2,
      "left_out": 0,
      "notes": [],
      "problems": [],
      "questions": []
    }
    => exit 0
    "#);

    let grown = "reference,date,giver,receiver,duration,skill\n\
                 A-1,01/03/2024,chorale de janze,FANFARE DE RETIERS,120 min,comptabilite\n\
                 A-2,2024-03-02,Fanfare de Retiers,Atelier vélo de Vitré,1h,Jardinage\n\
                 A-3,2024-03-03,Fanfare de Retiers,Atelier vélo de Vitré,1h,Jardinage\n";
    twins.write("grown.csv", grown);
    insta::assert_snapshot!(twins.run("import exchanges grown.csv"), @r"
    $ coudemain import exchanges grown.csv
    Entré : 1 échange, 2 déjà là.
    => exit 0
    ");

    twins.write("other.csv", grown.replace("A-2,2024-03-02", "A-2,2024-03-09"));
    insta::assert_snapshot!(twins.run("import exchanges other.csv"), @r"
    $ coudemain import exchanges other.csv
    ! other.csv, ligne 3 : « A-2 » est déjà enregistré avec un autre contenu (date : 02/03/2024 enregistré, 09/03/2024 ici) ; corrigez le fichier, ou --update pour corriger le registre
    ! Rien n'a été écrit. Corrigez ces lignes, ou --rejects FICHIER pour faire entrer les autres.
    => exit 2
    ");
    insta::assert_snapshot!(twins.run("import exchanges other.csv --lang en --dry-run"), @r"
    $ coudemain import exchanges other.csv --lang en --dry-run
    2 exchanges understood (2 there already), 0 questions, 1 line to mend.
    Dry run: nothing was written.
    ! other.csv, line 3: “A-2” is recorded already with other content (date: 2024-03-02 recorded, 2024-03-09 here); mend the file, or --update to correct the ledger
    ! Mend these lines, or --rejects FILE to let the others enter.
    => exit 2
    ");
    assert_eq!(twins.audited_exchanges(), 3);
}

#[test]
fn lines_without_a_reference_are_known_by_what_they_say() {
    let twins = Twins::village();
    let header = "date,giver,receiver,duration\n";
    let line = "2024-03-05,Chorale de Janzé,Fanfare de Retiers,1h\n";
    twins.write("two.csv", format!("{header}{line}{line}"));
    insta::assert_snapshot!(twins.run("import exchanges two.csv"), @r"
    $ coudemain import exchanges two.csv
    Entré : 2 échanges.
    => exit 0
    ");
    insta::assert_snapshot!(twins.run("import exchanges two.csv"), @r"
    $ coudemain import exchanges two.csv
    Entré : 0 échange, 2 déjà là.
    => exit 0
    ");
    let otherwise = "05/03/2024,Chorale de Janzé,Fanfare de Retiers,60 min\n";
    twins.write("three.csv", format!("{header}{line}{otherwise}{line}"));
    insta::assert_snapshot!(twins.run("import exchanges three.csv"), @r"
    $ coudemain import exchanges three.csv
    Entré : 1 échange, 2 déjà là.
    => exit 0
    ");
    assert_eq!(twins.audited_exchanges(), 5);
}

#[test]
fn bad_lines_come_back_to_be_mended() {
    let twins = Twins::village();
    twins.write(
        "mixed.csv",
        "date;giver;receiver;duration;memo\r\n\
         05/03/2024;Chorale de Janzé;Fanfare de Retiers;1h30;\r\n\
         05/03/2024;Choral de Janzé;Fanfare de Retiers;1h;\"à la foire; le soir\"\r\n\
         06/03/2024;Chorale de Janzé;Fanfare de Retiers;50 min;\r\n",
    );
    insta::assert_snapshot!(twins.run("import exchanges mixed.csv"), @r"
    $ coudemain import exchanges mixed.csv
    ! mixed.csv, ligne 3 : association inconnue : « Choral de Janzé » ; les noms les plus proches : « Chorale de Janzé »
    ! mixed.csv, ligne 4 : 50 min n'est pas un multiple du pas du réseau ; les plus proches : 45 min ou 1 h
    ! Rien n'a été écrit. Corrigez ces lignes, ou --rejects FICHIER pour faire entrer les autres.
    => exit 2
    ");
    insta::assert_snapshot!(twins.run("import exchanges mixed.csv --rejects rejects.csv"), @r"
    $ coudemain import exchanges mixed.csv --rejects rejects.csv
    Entré : 1 échange.
    2 lignes à corriger, dans « rejects.csv ».
    => exit 1
    ");
    let rejects = twins.read("rejects.csv");
    insta::assert_snapshot!(rejects.trim_start_matches('\u{feff}'), @r#"
    date;giver;receiver;duration;memo;problème
    05/03/2024;Choral de Janzé;Fanfare de Retiers;1h;"à la foire; le soir";"association inconnue : « Choral de Janzé » ; les noms les plus proches : « Chorale de Janzé »"
    06/03/2024;Chorale de Janzé;Fanfare de Retiers;50 min;;"50 min n'est pas un multiple du pas du réseau ; les plus proches : 45 min ou 1 h"
    "#);
    assert_eq!(twins.audited_exchanges(), 3);

    // The column that says what was wrong may stay.
    twins.write("mended.csv", rejects.replace("Choral ", "Chorale ").replace("50 min", "45 min"));
    insta::assert_snapshot!(twins.run("import exchanges mended.csv"), @r"
    $ coudemain import exchanges mended.csv
    Note : colonnes ignorées : problème
    Entré : 2 échanges.
    => exit 0
    ");
    assert_eq!(twins.audited_exchanges(), 5);
}

#[test]
fn proposals_wait_to_be_confirmed() {
    let twins = Twins::village();
    twins.write("asked.csv", "date,giver,receiver,duration\n2024-05-06,Amis du vélo,Fanfare de Retiers,2h\n");
    insta::assert_snapshot!(twins.run("import exchanges asked.csv --as-proposals"), @r"
    $ coudemain import exchanges asked.csv --as-proposals
    Proposé : 1 échange, à confirmer par l'association qui a été aidée.
    => exit 0
    ");
    insta::assert_snapshot!(twins.run("balance 'Amis du vélo'"), @r"
    $ coudemain balance 'Amis du vélo'
    Association   A aidé  A été aidée  Autres  Solde
    Amis du vélo   0 min        0 min   0 min  0 min
    => exit 0
    ");
    assert_eq!(twins.audited_exchanges(), 3);
    insta::assert_snapshot!(twins.run("close --year 2024 --preview"), @r"
    $ coudemain close --year 2024 --preview
    1 échange attend et n'est pas compté :
    Référence    Date        A aidé        A été aidée         Durée  État
    AAAA-000001  06/05/2024  Amis du vélo  Fanfare de Retiers    2 h  proposé

    L'exercice 2024 serait clos avec 3 h données. Rien n'a été écrit ; sans --preview, il est clos pour de bon.
    => exit 0
    ");
}

#[test]
fn a_skill_close_to_a_known_one_is_a_question() {
    let twins = Twins::village();
    twins.write(
        "skills.csv",
        "date,giver,receiver,duration,skill\n\
         2024-03-05,Chorale de Janzé,Fanfare de Retiers,1h,COMPTABILITE\n\
         2024-03-06,Chorale de Janzé,Fanfare de Retiers,1h,Comptabilités\n\
         2024-03-07,Chorale de Janzé,Fanfare de Retiers,1h,Comptabilités\n",
    );
    insta::assert_snapshot!(twins.run("import exchanges skills.csv"), @r"
    $ coudemain import exchanges skills.csv
    Question : ligne 3 : la compétence « Comptabilités » ressemble à « Comptabilité » ; la même ? Corrigez le fichier, ou --add-skills pour l'ajouter
    ! Rien n'a été écrit. Répondez (oui, non ou ignorer) dans une colonne « réponse » du fichier, ou avec --answers FICHIER, qui est fait avec les questions s'il n'existe pas.
    => exit 1
    ");
    assert_eq!(twins.audited_exchanges(), 2);
    insta::assert_snapshot!(twins.run("import exchanges skills.csv --rejects doubtful.csv"), @r"
    $ coudemain import exchanges skills.csv --rejects doubtful.csv
    Entré : 1 échange.
    2 lignes à corriger, dans « doubtful.csv ».
    => exit 1
    ");
    insta::assert_snapshot!(twins.read("doubtful.csv").trim_start_matches('\u{feff}'), @r#"
    date,giver,receiver,duration,skill,problème
    2024-03-06,Chorale de Janzé,Fanfare de Retiers,1h,Comptabilités,"la compétence « Comptabilités » ressemble à « Comptabilité » ; la même ? Corrigez le fichier, ou --add-skills pour l'ajouter (colonne « réponse » : oui, non ou ignorer)"
    2024-03-07,Chorale de Janzé,Fanfare de Retiers,1h,Comptabilités,"la compétence « Comptabilités » ressemble à « Comptabilité » ; la même ? Corrigez le fichier, ou --add-skills pour l'ajouter (colonne « réponse » : oui, non ou ignorer)"
    "#);
    assert_eq!(twins.audited_exchanges(), 3);
    insta::assert_snapshot!(twins.run("import exchanges skills.csv --add-skills"), @r"
    $ coudemain import exchanges skills.csv --add-skills
    Note : 1 compétence ajoutée : Comptabilités
    Entré : 2 échanges, 1 déjà là.
    => exit 0
    ");
    assert_eq!(twins.audited_exchanges(), 5);
}

#[test]
fn headers_are_read_as_people_write_them() {
    let twins = Twins::village();
    twins.write(
        "entetes.csv",
        "Réf.;QUAND;Qui aide ?;Beneficiaire;Nb. d'heures;Météo\n\
         F-1;5 mars 2024;Chorale de Janzé;Fanfare de Retiers;2,5;pluie\n",
    );
    insta::assert_snapshot!(twins.run("import exchanges entetes.csv"), @r"
    $ coudemain import exchanges entetes.csv
    Note : colonnes ignorées : Météo
    Entré : 1 échange.
    => exit 0
    ");
    insta::assert_snapshot!(twins.run("history 'Chorale de Janzé'"), @r"
    $ coudemain history 'Chorale de Janzé'
    Chorale de Janzé
    Dans l'ordre de la saisie, avec le solde après chaque ligne (--order jours : dans l'ordre des jours)

    Date        Référence  Quoi             Avec                Compétence     Durée   Solde
    01/03/2024  A-1        nous avons aidé  Fanfare de Retiers  Comptabilité     2 h     2 h
    05/03/2024  F-1        nous avons aidé  Fanfare de Retiers                2 h 30  4 h 30
    => exit 0
    ");
}

#[test]
fn people_count_and_so_does_the_evidence() {
    let twins = Twins::village();
    twins.write(
        "people.csv",
        "date,giver,receiver,duration,people,evidence,slip\n\
         2024-03-06,Amis du vélo,Fanfare de Retiers,1h30,4,fiche,127\n\
         2024-03-07,Amis du vélo,Fanfare de Retiers,4 x 1h30,4,e-mail,\n\
         2024-03-08,Amis du vélo,Fanfare de Retiers,4 pers. 1h30,3,,\n\
         2024-03-09,Amis du vélo,Fanfare de Retiers,1h,deux,,\n\
         2024-03-10,Amis du vélo,Fanfare de Retiers,1h,,parole,\n",
    );
    insta::assert_snapshot!(twins.run("import exchanges people.csv --rejects rejects.csv"), @r"
    $ coudemain import exchanges people.csv --rejects rejects.csv
    Entré : 2 échanges.
    3 lignes à corriger, dans « rejects.csv ».
    => exit 1
    ");
    insta::assert_snapshot!(twins.read("rejects.csv").trim_start_matches('\u{feff}'), @r#"
    date,giver,receiver,duration,people,evidence,slip,problème
    2024-03-08,Amis du vélo,Fanfare de Retiers,4 pers. 1h30,3,,,"la durée parle de 4 personnes, la colonne de 3"
    2024-03-09,Amis du vélo,Fanfare de Retiers,1h,deux,,,nombre de personnes illisible : « deux » ; un nombre entier conviendrait
    2024-03-10,Amis du vélo,Fanfare de Retiers,1h,,parole,,"preuve inconnue : « parole » ; fiche, e-mail, les deux, mandat ou coordination conviendrait"
    "#);
    insta::assert_snapshot!(twins.run("balance 'Amis du vélo'"), @r"
    $ coudemain balance 'Amis du vélo'
    Association   A aidé  A été aidée  Autres  Solde
    Amis du vélo    12 h        0 min   0 min   12 h
    => exit 0
    ");
    assert_eq!(twins.audited_exchanges(), 4);
}

#[test]
fn the_encoding_and_the_separator_are_found() {
    let twins = Twins::village();
    // What a French Excel saves: Windows-1252 (é is E9, œ is 9C), semicolons, CRLF.
    twins.write(
        "windows.csv",
        b"date;giver;receiver;duration;skill\r\n05/03/2024;Chorale de Janz\xe9;Fanfare de Retiers;2,5;Main-d'\x9cuvre\r\n",
    );
    insta::assert_snapshot!(twins.run("import exchanges windows.csv"), @r"
    $ coudemain import exchanges windows.csv
    Note : fichier lu en Windows-1252, l'encodage des anciens tableurs
    Note : 1 compétence ajoutée : Main-d'œuvre
    Entré : 1 échange.
    => exit 0
    ");
    twins.write(
        "mark.csv",
        "\u{feff}date\tgiver\treceiver\tduration\n06/03/2024\tChorale de Janzé\tFanfare de Retiers\t2:30\n",
    );
    insta::assert_snapshot!(twins.run("import exchanges mark.csv"), @r"
    $ coudemain import exchanges mark.csv
    Entré : 1 échange.
    => exit 0
    ");
    insta::assert_snapshot!(twins.run("history 'Chorale de Janzé'"), @r"
    $ coudemain history 'Chorale de Janzé'
    Chorale de Janzé
    Dans l'ordre de la saisie, avec le solde après chaque ligne (--order jours : dans l'ordre des jours)

    Date        Référence    Quoi             Avec                Compétence     Durée   Solde
    01/03/2024  A-1          nous avons aidé  Fanfare de Retiers  Comptabilité     2 h     2 h
    05/03/2024  AAAA-000001  nous avons aidé  Fanfare de Retiers  Main-d'œuvre  2 h 30  4 h 30
    06/03/2024  AAAA-000002  nous avons aidé  Fanfare de Retiers                2 h 30     7 h
    => exit 0
    ");
}

#[test]
fn a_person_may_belong_to_two_associations() {
    let twins = Twins::village();
    twins.write(
        "persons.csv",
        "Code;Prénom;Nom;Association\n\
         V1;Yann;Le Goff;Chorale de Janzé\nV1;Yann;Le Goff;Fanfare de Retiers\nV2;Léa;Martin;Fanfare de Retiers\n",
    );
    insta::assert_snapshot!(twins.run("import persons persons.csv"), @r"
    $ coudemain import persons persons.csv
    Entré : 3 adhésions.
    => exit 0
    ");
    insta::assert_snapshot!(twins.run("import persons persons.csv"), @r"
    $ coudemain import persons persons.csv
    Entré : 0 adhésion, 3 déjà là.
    => exit 0
    ");
    twins.write(
        "hours.csv",
        "échange,date,association,personne,durée,nature\n\
         A-1,,,V1,1h,\n,02/03/2024,Fanfare de Retiers,V1,2h,gouvernance\n,02/03/2024,Fanfare de Retiers,V2,2h,CA\n",
    );
    insta::assert_snapshot!(twins.run("import contributions hours.csv"), @r"
    $ coudemain import contributions hours.csv
    Entré : 3 participations.
    => exit 0
    ");
    insta::assert_snapshot!(twins.run("import contributions hours.csv"), @r"
    $ coudemain import contributions hours.csv
    Entré : 0 participation, 3 déjà là.
    => exit 0
    ");
    twins.write("changed.csv", "code,first_name,last_name,association\nV2,Lou,Martin,Chorale de Janzé\n");
    insta::assert_snapshot!(twins.run("import persons changed.csv"), @r"
    $ coudemain import persons changed.csv
    ! changed.csv, ligne 2 : « V2 » est déjà enregistré avec un autre contenu (prénom : Léa enregistré, Lou ici) ; corrigez le fichier, ou --update pour corriger le registre
    ! Rien n'a été écrit. Corrigez ces lignes, ou --rejects FICHIER pour faire entrer les autres.
    => exit 2
    ");
    assert_eq!(twins.audited_exchanges(), 2);
}

#[test]
fn balances_from_before_come_in_once() {
    let twins = Twins::village();
    twins.write("old.csv", "Adhérent;Solde;Date\nChorale de Janzé;12h30;31/12/2023\nFanfare de Retiers;-12,5;31/12/2023\nAmis du vélo;0;\n");
    insta::assert_snapshot!(twins.run("import balances old.csv"), @r"
    $ coudemain import balances old.csv
    Entré : 2 soldes, 1 déjà là.
    => exit 0
    ");
    insta::assert_snapshot!(twins.run("import balances old.csv"), @r"
    $ coudemain import balances old.csv
    Entré : 0 solde, 3 déjà là.
    => exit 0
    ");
    insta::assert_snapshot!(twins.run("balance"), @r"
    $ coudemain balance
    Association            A aidé  A été aidée    Autres     Solde
    Amis du vélo            0 min        0 min     0 min     0 min
    Atelier vélo de Vitré   0 min          1 h     0 min      −1 h
    Chorale de Janzé          2 h        0 min   12 h 30   14 h 30
    Fanfare de Retiers        1 h          2 h  −12 h 30  −13 h 30
    Fonds de solidarité     0 min        0 min     0 min     0 min
    Soldes repris           0 min        0 min     0 min     0 min
    Total                     3 h          3 h     0 min     0 min
    => exit 0
    ");
}

#[test]
fn skills_are_what_public_lists_say() {
    let twins = Twins::village();
    let header = "compétence;liste;code;libellé;adresse;version\n";
    let esco = "http://data.europa.eu/esco/skill/0005c151-5b5a-4a66-8aac-60e734beb1ab";
    twins.write(
        "bad.csv",
        format!(
            "{header}Comptabilité;ROME;M12;Comptable;https://example.org/;4.0\n\
             Comptabilité;ISCO;1;x;https://example.org/;1\nComptabilité;ROME;M1203;Comptable;;4.0\n;;;;;\nx;;M1203;;;\n"
        ),
    );
    insta::assert_snapshot!(twins.run("import skills bad.csv"), @r"
    $ coudemain import skills bad.csv
    ! bad.csv, ligne 2 : « M12 » n'est pas un code ROME ; conviendrait : M1203, ou le numéro d'une compétence
    ! bad.csv, ligne 3 : liste inconnue : « ISCO » ; ESCO ou ROME conviendrait
    ! bad.csv, ligne 4 : il manque « adresse » à cette ligne
    ! bad.csv, ligne 6 : il manque « liste » à cette ligne
    ! Rien n'a été écrit. Corrigez ces lignes, ou --rejects FICHIER pour faire entrer les autres.
    => exit 2
    ");
    twins.write(
        "skills.csv",
        format!(
            "{header}Comptabilité;ROME;M1203;Comptabilité;https://example.org/M1203;4.0\n\
             Comptabilité;ESCO;{esco};gérer la comptabilité;;1.2\nCouture;;;;;\nCouture;;;;;\n"
        ),
    );
    insta::assert_snapshot!(twins.run("import skills skills.csv"), @r"
    $ coudemain import skills skills.csv
    Entré : 3 lignes, 1 déjà là.
    => exit 0
    ");
    insta::assert_snapshot!(twins.run("import skills skills.csv"), @r"
    $ coudemain import skills skills.csv
    Entré : 0 ligne, 4 déjà là.
    => exit 0
    ");
    twins.write(
        "skills.csv",
        format!("{header}comptabilite;rome;M1204;Contrôle de gestion;https://example.org/M1204;4.0\n"),
    );
    insta::assert_snapshot!(twins.run("importer competences skills.csv"), @r"
    $ coudemain importer competences skills.csv
    Entré : 1 ligne.
    => exit 0
    ");
    assert_eq!(twins.audited_exchanges(), 2);
}

#[test]
fn lines_given_back_go_into_a_new_file() {
    let twins = Twins::village();
    twins.write("mine.csv", "date,giver,receiver,duration\n2024-04-01,Chorale de Janzé,Nulle part,2h\n");
    insta::assert_snapshot!(twins.run("import exchanges mine.csv --rejects mine.csv"), @r"
    $ coudemain import exchanges mine.csv --rejects mine.csv
    ! « mine.csv » existe déjà ; choisissez un autre nom
    => exit 2
    ");
    insta::assert_snapshot!(twins.run("import exchanges mine.csv --rejects nowhere/bad.csv"), @r"
    $ coudemain import exchanges mine.csv --rejects nowhere/bad.csv
    ! pas de dossier « nowhere » ; créez-le, ou choisissez-en un autre
    => exit 2
    ");
    assert!(twins.read("mine.csv").ends_with("Nulle part,2h\n"));
    assert_eq!(twins.audited_exchanges(), 2);
}

#[test]
fn a_line_with_too_many_cells_is_a_bad_line_like_another() {
    let twins = Twins::village();
    twins.write(
        "wide.csv",
        "date,giver,receiver,duration\n\
         2024-04-01,Chorale de Janzé,Fanfare de Retiers,2,5\n\
         2024-04-02,Chorale de Janzé,Fanfare de Retiers,1h\n\
         2024-04-03,Chorale de Janzé,Nulle part,1h\n",
    );
    insta::assert_snapshot!(twins.run("import exchanges wide.csv --rejects bad.csv"), @r"
    $ coudemain import exchanges wide.csv --rejects bad.csv
    Entré : 1 échange.
    2 lignes à corriger, dans « bad.csv ».
    => exit 1
    ");
    insta::assert_snapshot!(twins.read("bad.csv").trim_start_matches('\u{feff}'), @r#"
    date,giver,receiver,duration,problème
    2024-04-01,Chorale de Janzé,Fanfare de Retiers,2,5,"5 cellules pour 4 titres ; une virgule, peut-être celle de « 2,5 », a coupé une cellule en deux : écrivez ""2,5"" entre guillemets"
    2024-04-03,Chorale de Janzé,Nulle part,1h,association inconnue : « Nulle part » ; « coudemain soldes » les montre toutes
    "#);
}

#[test]
fn what_is_recorded_otherwise_is_said_in_peoples_words() {
    let twins = Twins::village();
    twins.write("balances.csv", "association,balance,date\nFanfare de Retiers,4h,2023-12-31\n");
    twins.run("import balances balances.csv");
    twins.write("balances.csv", "association,balance,date\nFanfare de Retiers,5h,2023-12-31\n");
    insta::assert_snapshot!(twins.run("import balances balances.csv"), @r"
    $ coudemain import balances balances.csv
    ! balances.csv, ligne 2 : le solde repris de « Fanfare de Retiers » est déjà enregistré avec un autre contenu (solde : 4 h enregistré, 5 h ici) ; corrigez le fichier, ou --update pour corriger le registre
    ! Rien n'a été écrit. Corrigez ces lignes, ou --rejects FICHIER pour faire entrer les autres.
    => exit 2
    ");
    let enter_after_proposing = |file: &str, lines: &str| {
        twins.write(file, lines);
        twins.run(&format!("import exchanges {file} --as-proposals"));
        twins.run(&format!("import exchanges {file}"))
    };
    let asked = "reference,date,giver,receiver,duration\nB-1,2024-05-06,Amis du vélo,Fanfare de Retiers,2h\n";
    insta::assert_snapshot!(enter_after_proposing("asked.csv", asked), @r"
    $ coudemain import exchanges asked.csv
    ! asked.csv, ligne 2 : « B-1 » est déjà proposé et attend d'être confirmé ; c'est à l'association aidée de répondre
    ! Rien n'a été écrit. Corrigez ces lignes, ou --rejects FICHIER pour faire entrer les autres.
    => exit 2
    ");
    // A line that bears no reference is known by what it says.
    let line = "2024-05-07,Amis du vélo,Fanfare de Retiers,1h\n";
    let once = format!("date,giver,receiver,duration\n{line}");
    insta::assert_snapshot!(enter_after_proposing("plain.csv", &once), @r"
    $ coudemain import exchanges plain.csv
    ! plain.csv, ligne 2 : « AAAA-000001 » est déjà proposé et attend d'être confirmé ; c'est à l'association aidée de répondre
    ! Rien n'a été écrit. Corrigez ces lignes, ou --rejects FICHIER pour faire entrer les autres.
    => exit 2
    ");
    twins.write("plain.csv", once + line);
    insta::assert_snapshot!(twins.run("import exchanges plain.csv --as-proposals"), @r"
    $ coudemain import exchanges plain.csv --as-proposals
    Proposé : 1 échange, 1 déjà là, à confirmer par l'association qui a été aidée.
    => exit 0
    ");
}

#[test]
fn notes_speak_of_what_enters() {
    let twins = Twins::village();
    twins.write(
        "notes.csv",
        "date,giver,receiver,duration,skill\n\
         2024-04-01,Chorale de Janzé,Fanfare de Retiers,40 min,Couture\n\
         2024-04-02,Chorale de Janzé,Fanfare de Retiers,150,\n",
    );
    insta::assert_snapshot!(twins.run("import exchanges notes.csv --rejects bad.csv"), @r"
    $ coudemain import exchanges notes.csv --rejects bad.csv
    Note : ligne 3 : « 150 » lu comme 150 heures ; écrivez 150 min pour des minutes
    Note : limite souple dépassée : Fanfare de Retiers (solde −151 h, limite −40 h, depuis le 02/04/2024)
    Entré : 1 échange.
    1 ligne à corriger, dans « bad.csv ».
    => exit 1
    ");
}

#[test]
fn a_file_that_goes_in_pieces_enters_whole_or_not_at_all() {
    const LINES: usize = 2_200;
    let twins = Twins::village();
    let header = "date,giver,receiver,duration,skill\n";
    // The two help each other in turn, and then one of them all at once.
    let line = |at: usize| {
        let sides = if at.is_multiple_of(2) || at > LINES - 60 {
            "Chorale de Janzé,Fanfare de Retiers"
        } else {
            "Fanfare de Retiers,Chorale de Janzé"
        };
        format!("2024-04-{:02},{sides},1h,\n", 1 + at % 28)
    };
    let lines: String = (0..LINES).map(line).collect();
    let wrong = "2024-04-01,Chorale de Janzé,Fanfare de Retiers,50 min,\n";
    twins.write("wrong.csv", format!("{header}{lines}{wrong}"));
    insta::assert_snapshot!(twins.run("import exchanges wrong.csv"), @r"
    $ coudemain import exchanges wrong.csv
    Note : limite souple dépassée : Fanfare de Retiers
    ! wrong.csv, ligne 2202 : 50 min n'est pas un multiple du pas du réseau ; les plus proches : 45 min ou 1 h
    ! Rien n'a été écrit. Corrigez ces lignes, ou --rejects FICHIER pour faire entrer les autres.
    => exit 2
    ");
    assert_eq!(twins.audited_exchanges(), 2);
    twins.write("right.csv", format!("{header}{lines}"));
    insta::assert_snapshot!(twins.run("import exchanges right.csv"), @r"
    $ coudemain import exchanges right.csv
    Note : limite souple dépassée : Fanfare de Retiers (solde −61 h, limite −40 h, depuis le 17/04/2024)
    Entré : 2200 échanges.
    => exit 0
    ");
    assert_eq!(twins.audited_exchanges(), LINES as u64 + 2);
    // What is known is not repeated, and what is new beside it goes in pieces again.
    let line = |at: usize| format!("2024-05-{:02},Amis du vélo,Chorale de Janzé,1h,\n", 1 + at % 28);
    let more: String = (0..LINES).map(line).collect();
    twins.write("more.csv", format!("{header}{lines}{more}"));
    insta::assert_snapshot!(twins.run("import exchanges more.csv --lang en"), @r"
    $ coudemain import exchanges more.csv --lang en
    Note: soft limit passed: Chorale de Janzé (balance −2,138 h 00 min, limit −40 h, since 2024-05-02)
    Entered: 2200 exchanges, 2200 there already.
    => exit 0
    ");
    assert_eq!(twins.audited_exchanges(), 2 * LINES as u64 + 2);
}
