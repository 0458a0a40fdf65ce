//! What is not certain is asked, line by line, and a question is not a yes.

use crate::twins::Twins;

/// What was shown, where it ended so.
fn ended(run: String, code: u8) -> String {
    assert!(run.trim_end().ends_with(&format!("=> exit {code}")), "{run}");
    run
}

#[test]
fn a_name_that_resembles_another_is_asked_about_and_does_not_enter() {
    let twins = Twins::village();
    twins.write(
        "more.csv",
        "nom;commune\nAmis du Vélo de Vitré;Vitré\nChorale de Janze\u{301}s;Janzé\nClub 2000;Retiers\n",
    );
    insta::assert_snapshot!(twins.run("import associations more.csv"), @r"
    $ coudemain import associations more.csv
    Question : ligne 3 : « Chorale de Janzés » et « Chorale de Janzé » sont-elles la même association ?
    ! Rien n'a été écrit. Répondez (oui, non ou ignorer) dans une colonne « réponse » du fichier, ou avec --answers FICHIER, qui est fait avec les questions s'il n'existe pas.
    => exit 1
    ");
    // A file of answers is made, and read the next time.
    ended(twins.run("import associations more.csv --answers answers.csv"), 1);
    let form = twins.read("answers.csv");
    assert_eq!(
        form.trim_start_matches('\u{feff}'),
        "ligne;question;réponse\n3;« Chorale de Janzés » et « Chorale de Janzé » sont-elles la même association ?;\n"
    );
    ended(twins.run("import associations more.csv --answers answers.csv"), 1);
    twins.write("maybe.csv", form.replace("?;", "?;peut-être"));
    let run = ended(twins.run("import associations more.csv --answers maybe.csv"), 2);
    assert!(run.contains("oui, non ou ignorer"), "{run}");
    twins.write("answered.csv", form.replace("?;", "?;oui"));
    insta::assert_snapshot!(twins.run("import associations more.csv --answers answered.csv"), @r"
    $ coudemain import associations more.csv --answers answered.csv
    Entré : 2 associations, 1 déjà là.
    => exit 0
    ");
    // An answer may stand in the file itself; letters of another alphabet look the same, and are not.
    twins.write("own.csv", "nom;réponse\nСlub 2000;non\n");
    insta::assert_snapshot!(twins.run("import associations own.csv"), @r"
    $ coudemain import associations own.csv
    Entré : 1 association.
    => exit 0
    ");
}

#[test]
fn a_total_is_no_association() {
    let twins = Twins::village();
    for label in ["TOTAL : 40 associations", "Total", "Sous-total", "40 associations", "40", "Nombre d'adhérents : 40"]
    {
        twins.write("total.csv", format!("nom;commune\nClub 2000;Retiers\n{label};\n"));
        let run = ended(twins.run("import associations total.csv"), 1);
        assert!(run.contains("et non un total ?"), "{run}");
        twins.write("skip.csv", format!("nom;commune;réponse\n{label};;non\n"));
        insta::allow_duplicates! {
            insta::assert_snapshot!(twins.run("import associations skip.csv"), @r"
            $ coudemain import associations skip.csv
            Entré : 0 association.
            => exit 0
            ");
        }
    }
    twins.write("yes.csv", "nom;réponse\nTotal Danse;oui\n");
    ended(twins.run("import associations yes.csv"), 0);
}

#[test]
fn a_date_of_another_century_is_asked_about() {
    let twins = Twins::village();
    let header = "date,giver,receiver,duration,réponse\n";
    let line = |answer: &str| format!("{header}31/12/1925,Chorale de Janzé,Fanfare de Retiers,1h,{answer}\n");
    twins.write("old.csv", line(""));
    insta::assert_snapshot!(twins.run("import exchanges old.csv"), @r"
    $ coudemain import exchanges old.csv
    Question : ligne 2 : le 31/12/1925, il y a plus de dix ans : est-ce la bonne date ?
    ! Rien n'a été écrit. Répondez (oui, non ou ignorer) dans une colonne « réponse » du fichier, ou avec --answers FICHIER, qui est fait avec les questions s'il n'existe pas.
    => exit 1
    ");
    twins.write("no.csv", line("non"));
    assert!(ended(twins.run("import exchanges no.csv"), 2).contains("la date n'est pas la bonne"));
    twins.write("balance.csv", "association,balance,date\nChorale de Janzé,2h,01/01/1901\n");
    assert!(ended(twins.run("import balances balance.csv"), 1).contains("plus de dix ans"));
    assert_eq!(twins.audited_exchanges(), 2);
    twins.write("yes.csv", line("oui"));
    ended(twins.run("import exchanges yes.csv"), 0);
    // Where nothing was booked there is nothing to close: ninety-eight years close with the next.
    assert!(ended(twins.run("close --year 2024"), 2).contains("l'exercice 1925 est encore ouvert"));
    ended(twins.run("close --year 1925"), 0);
    ended(twins.run("close --year 2024"), 0);
    assert_eq!(twins.audited_exchanges(), 3);
}

#[test]
fn a_line_that_says_more_of_an_exchange_is_asked_about() {
    let twins = Twins::village();
    let header = "date,giver,receiver,duration,memo,skill,slip,reference\n";
    let terms = "2024-03-05,Chorale de Janzé,Fanfare de Retiers,1h";
    twins.write("first.csv", format!("{header}{terms},,,,\n"));
    ended(twins.run("import exchanges first.csv"), 0);
    for more in ["le soir,,,", ",Jardinage,,", ",,B-12,", ",,,R-9"] {
        twins.write("again.csv", format!("{header}{terms},{more}\n"));
        let run = ended(twins.run("import exchanges again.csv"), 1);
        assert!(run.contains("Est-ce le même échange ?"), "{run}");
        assert_eq!(twins.audited_exchanges(), 3);
    }
    twins.write("again.csv", format!("{header}{terms},le soir,,,\n"));
    insta::assert_snapshot!(twins.run("import exchanges again.csv"), @r"
    $ coudemain import exchanges again.csv
    Question : ligne 2 : le registre a déjà 1 h du 05/03/2024, de « Chorale de Janzé » à « Fanfare de Retiers » (confirmé : AAAA-000001) ; la ligne dit : « le soir ». Est-ce le même échange ?
    ! Rien n'a été écrit. Répondez (oui, non ou ignorer) dans une colonne « réponse » du fichier, ou avec --answers FICHIER, qui est fait avec les questions s'il n'existe pas.
    => exit 1
    ");
    let answered = |answer: &str| format!("{},réponse\n{terms},le soir,,,,{answer}\n", header.trim_end());
    twins.write("same.csv", answered("oui"));
    insta::assert_snapshot!(twins.run("import exchanges same.csv"), @r"
    $ coudemain import exchanges same.csv
    Entré : 0 échange, 1 déjà là.
    => exit 0
    ");
    twins.write("other.csv", answered("non"));
    ended(twins.run("import exchanges other.csv"), 0);
    assert_eq!(twins.audited_exchanges(), 4);
    // Both lines in one file stand for the two that are there.
    twins.write("both.csv", format!("{header}{terms},,,,\n{terms},le soir,,,\n"));
    insta::assert_snapshot!(twins.run("import exchanges both.csv"), @r"
    $ coudemain import exchanges both.csv
    Entré : 0 échange, 2 déjà là.
    => exit 0
    ");
}
