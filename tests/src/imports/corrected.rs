//! A mended file brought in again corrects the ledger, where that is asked for: shown field by field, all or nothing.

use crate::twins::Twins;

const ASSOCIATIONS: &str = "nom;commune;téléphone;e-mail;siren\n";

/// What was shown, where it ended so.
fn ended(run: String, code: u8) -> String {
    assert!(run.trim_end().ends_with(&format!("=> exit {code}")), "{run}");
    run
}

/// Without the wish nothing is corrected; with it once, and a second time there is nothing left to correct.
fn is_corrected_once(twins: &Twins, import: &str) -> String {
    let refused = ended(twins.run(import), 2);
    assert!(refused.contains("--update pour corriger le registre"), "{refused}");
    let tried = ended(twins.run(&format!("{import} --update --dry-run")), 0);
    assert!(tried.contains("Essai : rien n'a été écrit."), "{tried}");
    assert!(tried.contains("1 ligne qui corrigerait le registre"), "{tried}");
    let shown = ended(twins.run(&format!("{import} --corriger")), 0);
    for again in [import.to_owned(), format!("{import} --update")] {
        let run = ended(twins.run(&again), 0);
        assert!(run.contains("déjà là") && !run.contains("corrigé"), "{run}");
    }
    twins.audited_exchanges();
    shown
}

#[test]
fn a_members_telephone_and_commune_are_corrected() {
    let twins = Twins::village();
    twins.write("members.csv", format!("{ASSOCIATIONS}Club 2000;Retiers;02 99 00 00 01;club@example.org;\n"));
    ended(twins.run("import associations members.csv"), 0);
    twins.write("mended.csv", format!("{ASSOCIATIONS}Club 2000;Janzé;02 99 00 00 02;;732829320\n"));
    insta::assert_snapshot!(is_corrected_once(&twins, "import associations mended.csv"), @r"
    $ coudemain import associations mended.csv --corriger
    Correction : ligne 2, « Club 2000 » : commune : Retiers enregistré, Janzé ici, téléphone : 02 99 00 00 01 enregistré, 02 99 00 00 02 ici, SIREN : rien enregistré, 732829320 ici
    Entré : 0 association, 1 ligne corrigée dans le registre.
    => exit 0
    ");
    // What a line leaves empty stays as it is.
    twins.write("again.csv", format!("{ASSOCIATIONS}Club 2000;Janzé;02 99 00 00 02;club@example.org;732829320\n"));
    assert!(ended(twins.run("import associations again.csv"), 0).contains("1 déjà là"));
}

#[test]
fn who_a_person_is_is_corrected() {
    let twins = Twins::village();
    let header = "Code;Prénom;Nom;E-mail;Association\n";
    twins.write("persons.csv", format!("{header}V1;Yann;Le Gof;yann@example.org;Chorale de Janzé\n"));
    ended(twins.run("import persons persons.csv"), 0);
    let hours = |day: &str| format!("date;association;personne;durée\n{day};Chorale de Janzé;V1;1h15\n");
    twins.write("hours.csv", hours("2024-03-12"));
    ended(twins.run("import contributions hours.csv"), 0);
    twins
        .write("mended.csv", format!("{header}v1;Yann;Le Goff;;Chorale de Janzé\nV2;Léa;Martin;;Fanfare de Retiers\n"));
    insta::assert_snapshot!(is_corrected_once(&twins, "import persons mended.csv"), @r"
    $ coudemain import persons mended.csv --corriger
    Correction : ligne 2, « V1 » : nom : Le Gof enregistré, Le Goff ici
    Entré : 1 adhésion, 1 ligne corrigée dans le registre.
    => exit 0
    ");
    // What lines about them were known by is gone with who they were said to be: that the same hours are there is asked.
    assert!(ended(twins.run("import contributions hours.csv"), 1).contains("1 h 15 de cette personne"));
    twins.write("hours.csv", hours("2024-03-13"));
    ended(twins.run("import contributions hours.csv"), 0);
    assert!(ended(twins.run("import contributions hours.csv"), 0).contains("1 déjà là"));
}

#[test]
fn a_balance_from_before_is_corrected() {
    let twins = Twins::village();
    let line = |balance: &str| format!("association,balance,date\nChorale de Janzé,{balance},2023-12-31\n");
    twins.write("old.csv", line("4h"));
    ended(twins.run("import balances old.csv"), 0);
    twins.write("mended.csv", line("5h"));
    insta::assert_snapshot!(is_corrected_once(&twins, "import balances mended.csv"), @r"
    $ coudemain import balances mended.csv --corriger
    Correction : ligne 2, le solde repris de « Chorale de Janzé » : solde : 4 h enregistré, 5 h ici
    Entré : 0 solde, 1 ligne corrigée dans le registre.
    => exit 0
    ");
    // Another date than is meant is asked about, as that of a new one.
    twins.write("slip.csv", "association,balance,date\nChorale de Janzé,5h,1925-12-31\n");
    assert!(ended(twins.run("import balances slip.csv --update"), 1).contains("plus de dix ans"));
    twins.write("none.csv", line("0"));
    is_corrected_once(&twins, "import balances none.csv");
    assert!(twins.run("history 'Chorale de Janzé'").contains("annulation"));
}

#[test]
fn an_exchange_is_taken_back_and_recorded_anew() {
    let twins = Twins::village();
    let line = |duration: &str, date: &str| {
        format!(
            "reference,date,giver,receiver,duration,skill\nA-1,{date},Chorale de Janzé,Fanfare de Retiers,{duration},Comptabilité\n"
        )
    };
    twins.write("persons.csv", "code,association\nV1,Chorale de Janzé\n");
    ended(twins.run("import persons persons.csv"), 0);
    twins.write("hours.csv", "échange,personne,durée\nA-1,V1,2h\n");
    ended(twins.run("import contributions hours.csv"), 0);
    twins.write("mended.csv", line("3h", "2024-03-01"));
    insta::assert_snapshot!(is_corrected_once(&twins, "import exchanges mended.csv"), @r"
    $ coudemain import exchanges mended.csv --corriger
    Correction : ligne 2, « A-1 » : durée : 2 h enregistré, 3 h ici
    Entré : 0 échange, 1 ligne corrigée dans le registre.
    => exit 0
    ");
    // And once more, from what stands now; who did it stays told.
    twins.write("mended.csv", line("3h", "2024-03-08"));
    is_corrected_once(&twins, "import exchanges mended.csv");
    insta::assert_snapshot!(twins.run("history 'Chorale de Janzé'"), @r"
    $ coudemain history 'Chorale de Janzé'
    Chorale de Janzé
    Dans l'ordre de la saisie, avec le solde après chaque ligne (--order jours : dans l'ordre des jours)

    Date        Référence    Quoi             Avec                Compétence    Durée  Solde
    01/03/2024  A-1          nous avons aidé  Fanfare de Retiers  Comptabilité    2 h    2 h
    01/03/2024  A-1          annulation       Fanfare de Retiers  Comptabilité   −2 h  0 min
    01/03/2024  AAAA-000001  nous avons aidé  Fanfare de Retiers  Comptabilité    3 h    3 h
    01/03/2024  AAAA-000001  annulation       Fanfare de Retiers  Comptabilité   −3 h  0 min
    08/03/2024  AAAA-000002  nous avons aidé  Fanfare de Retiers  Comptabilité    3 h    3 h
    => exit 0
    ");
    let shown = twins.run("exchange show A-1");
    assert!(shown.contains("annulé.\nÀ sa place : AAAA-000002"), "{shown}");
    // Its reference names what stands: hours told of it enter there.
    twins.write("hours.csv", "échange,personne,durée\nA-1,V1,2h\nA-1,V1,1h\n");
    insta::assert_snapshot!(twins.run("import contributions hours.csv"), @r"
    $ coudemain import contributions hours.csv
    Entré : 1 participation, 1 déjà là.
    => exit 0
    ");
    // A wrong line keeps all the others out.
    twins.write("mixed.csv", format!("{}A-9,2024-03-02,Nulle part,Fanfare de Retiers,1h,\n", line("4h", "2024-03-08")));
    ended(twins.run("import exchanges mixed.csv --update"), 2);
    twins.write("same.csv", line("3h", "2024-03-08"));
    assert!(twins.run("import exchanges same.csv").contains("1 déjà là"));
}

#[test]
fn columns_may_be_named_by_hand() {
    let twins = Twins::village();
    twins.write("odd.csv", "Quand;Qui;Pour;Combien;durée\n05/03/2024;Chorale de Janzé;Fanfare de Retiers;2h;longue\n");
    let import = "import exchanges odd.csv --map Quand=date --map B=giver --map Pour=bénéficiaire --map Combien=durée";
    insta::assert_snapshot!(twins.run(import), @r"
    $ coudemain import exchanges odd.csv --map Quand=date --map B=giver --map Pour=bénéficiaire --map Combien=durée
    Note : colonnes ignorées : durée (--map)
    Entré : 1 échange.
    => exit 0
    ");
    assert!(ended(twins.run("import exchanges odd.csv --map Zut=date"), 2).contains("Quand, Qui, Pour"));
    assert!(ended(twins.run("import exchanges odd.csv --map A=couleur"), 2).contains("« couleur »"));
    assert!(ended(twins.run("import exchanges odd.csv --map date"), 2).contains("COLONNE=CHAMP"));
}

#[test]
fn a_balance_without_a_date_asks_for_one() {
    let twins = Twins::village();
    twins.write("old.csv", "association,balance\nChorale de Janzé,4h\n");
    insta::assert_snapshot!(twins.run("import balances old.csv"), @r"
    $ coudemain import balances old.csv
    ! old.csv, ligne 2 : à quelle date vaut ce solde ? Remplissez la colonne « date » ; ou --date JOUR pour toutes les lignes qui n'en ont pas
    ! Rien n'a été écrit. Corrigez ces lignes, ou --rejects FICHIER pour faire entrer les autres.
    => exit 2
    ");
    ended(twins.run("import balances old.csv --date 31/12/2023"), 0);
    assert!(ended(twins.run("import balances old.csv"), 0).contains("1 déjà là"));
}

#[test]
fn hours_of_which_more_is_said_are_asked_about() {
    let twins = Twins::village();
    twins.write("persons.csv", "code,association\nV1,Chorale de Janzé\n");
    ended(twins.run("import persons persons.csv"), 0);
    twins.write("first.csv", "date,association,personne,durée\n05/03/2024,Chorale de Janzé,V1,2h\n");
    ended(twins.run("import contributions first.csv"), 0);
    twins
        .write("more.csv", "date,association,personne,durée,compétence\n05/03/2024,Chorale de Janzé,V1,2h,Jardinage\n");
    insta::assert_snapshot!(twins.run("import contributions more.csv"), @r"
    $ coudemain import contributions more.csv
    Question : ligne 2 : le registre a déjà 2 h de cette personne, le 05/03/2024, pour « Chorale de Janzé » (opérationnel) ; la ligne dit : opérationnel, Jardinage. Est-ce la même participation ?
    ! Rien n'a été écrit. Répondez (oui, non ou ignorer) dans une colonne « réponse » du fichier, ou avec --answers FICHIER, qui est fait avec les questions s'il n'existe pas.
    => exit 1
    ");
    twins.write("told.csv", "échange,personne,durée\nA-1,V1,1h\n");
    ended(twins.run("import contributions told.csv"), 0);
    twins.write("more.csv", "échange,date,personne,durée,réponse\nA-1,01/03/2024,V1,1h,oui\n");
    assert!(ended(twins.run("import contributions more.csv"), 0).contains("1 déjà là"));
}

#[test]
fn a_line_without_a_reference_is_known_when_its_file_comes_again() {
    let twins = Twins::village();
    let file = |duration: &str| {
        format!(
            "date,giver,receiver,duration\n2024-03-02,Chorale de Janzé,Fanfare de Retiers,{duration}\n2024-03-03,Chorale de Janzé,Fanfare de Retiers,1h\n"
        )
    };
    twins.write("year.csv", file("2h"));
    ended(twins.run("import exchanges year.csv"), 0);
    // Nothing else of another file is known: its line is another exchange.
    twins.write("other.csv", "date,giver,receiver,duration\n2024-03-03,Chorale de Janzé,Fanfare de Retiers,45 min\n");
    ended(twins.run("import exchanges other.csv"), 0);
    twins.write("mended.csv", file("3h"));
    insta::assert_snapshot!(twins.run("import exchanges mended.csv --answers answers.csv"), @r"
    $ coudemain import exchanges mended.csv --answers answers.csv
    Question : ligne 2 : le registre a déjà 2 h du 02/03/2024, de « Chorale de Janzé » à « Fanfare de Retiers » (confirmé : AAAA-000001), qu'aucune ligne du fichier ne dit plus ; celle-ci dit 3 h. Est-ce le même échange, corrigé ?
    ! Rien n'a été écrit. Répondez (oui, non ou ignorer) dans une colonne « réponse » du fichier, ou avec --answers FICHIER, qui est fait avec les questions s'il n'existe pas.
    => exit 1
    ");
    let form = twins.read("answers.csv");
    for (answer, code, shown) in [
        ("ignorer", 0, "1 échange compris (dont 1 déjà là)"),
        ("oui", 2, "durée : 2 h enregistré, 3 h ici"),
        ("non", 0, "2 échanges compris (dont 1 déjà là)"),
    ] {
        twins.write("said.csv", form.replace("?\";", &format!("?\";{answer}")));
        let run = ended(twins.run("import exchanges mended.csv --answers said.csv --dry-run"), code);
        assert!(run.contains(shown), "{run}");
    }
    twins.write("said.csv", form.replace("?\";", "?\";oui"));
    insta::assert_snapshot!(twins.run("import exchanges mended.csv --answers said.csv --update"), @r"
    $ coudemain import exchanges mended.csv --answers said.csv --update
    Correction : ligne 2, « AAAA-000001 » : durée : 2 h enregistré, 3 h ici
    Entré : 0 échange, 1 déjà là, 1 ligne corrigée dans le registre.
    => exit 0
    ");
    // From then on it is known by that line, and nothing is asked.
    for file in ["mended.csv", "year.csv"] {
        for more in ["", " --update"] {
            assert!(ended(twins.run(&format!("import exchanges {file}{more}")), 0).contains("2 déjà là"));
        }
    }
    twins.audited_exchanges();
    // With the two hours that the village began with.
    let balance = twins.run("balance");
    assert!(balance.contains("6 h 45"), "{balance}");
}

#[test]
fn hours_of_a_person_that_come_again_with_another_duration_are_asked_about() {
    let twins = Twins::village();
    twins.write("persons.csv", "code,association\nV1,Chorale de Janzé\n");
    ended(twins.run("import persons persons.csv"), 0);
    let file = |duration: &str| {
        format!(
            "date;association;personne;durée\n2024-03-12;Chorale de Janzé;V1;{duration}\n2024-03-13;Chorale de Janzé;V1;1h\n"
        )
    };
    twins.write("hours.csv", file("2h"));
    ended(twins.run("import contributions hours.csv"), 0);
    twins.write("mended.csv", file("3h"));
    insta::assert_snapshot!(twins.run("import contributions mended.csv --answers answers.csv"), @r"
    $ coudemain import contributions mended.csv --answers answers.csv
    Question : ligne 2 : le registre a déjà 2 h de cette personne, le 12/03/2024, pour « Chorale de Janzé », qu'aucune ligne du fichier ne dit plus ; celle-ci dit 3 h. Est-ce la même participation, corrigée ?
    ! Rien n'a été écrit. Répondez (oui, non ou ignorer) dans une colonne « réponse » du fichier, ou avec --answers FICHIER, qui est fait avec les questions s'il n'existe pas.
    => exit 1
    ");
    let form = twins.read("answers.csv");
    twins.write("said.csv", form.replace("?\";", "?\";oui"));
    let run = ended(twins.run("import contributions mended.csv --answers said.csv"), 2);
    assert!(run.contains("durée : 2 h enregistré, 3 h ici"), "{run}");
    twins.write("said.csv", form.replace("?\";", "?\";non"));
    assert!(
        ended(twins.run("import contributions mended.csv --answers said.csv"), 0)
            .contains("1 participation, 1 déjà là")
    );
}
