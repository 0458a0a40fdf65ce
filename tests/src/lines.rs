//! `export lines`: an association's own file of a year, the same on both databases and for ever.

use ledger::command::Command;
use ledger::year::Year;
use ledger::{Identifier, Rna};

use crate::ledger_on::{Database, Ledger, day};
use crate::twins::{Twins, done, plain};

#[test]
fn an_association_takes_its_lines_home() {
    let twins = Twins::village();
    let of_chorale = "export lines --association 'Chorale de Janzé' --year 2024";
    let before = shown(&twins, of_chorale);
    insta::assert_snapshot!(before, @r"
    $ coudemain export lines --association 'Chorale de Janzé' --year 2024
    record;name;identifiers;former_names;act;exchange;reference;date;booked;kind;minutes;balance;skill
    network;Entraide du pays;…
    year;2024;;;;;;;;;;;
    association;Chorale de Janzé;;;;;;;;;;;
    opening;;;;;;;;;;;0;
    line;Fanfare de Retiers;;;11;11;A-1;2024-03-01;2024-03-01;given;120;120;Comptabilité
    closing;;;;;;;;;;;120;
    member;Fanfare de Retiers;;;;;;;;;;;
    member;Atelier vélo de Vitré;;;;;;;;;;;
    member;Amis du vélo;siren 116979006;;;;;;;;;;
    => exit 0
    ");

    // Once the year is over, nothing that comes later changes the file.
    for sandbox in twins.each() {
        done(&sandbox.run("close --year 2024"));
        sandbox.write("late.csv", "name\nNouvelle venue\n");
        done(&sandbox.run("import associations late.csv"));
        let next = "reference,date,giver,receiver,duration\nB-1,2025-01-05,Amis du vélo,Chorale de Janzé,1h\n";
        sandbox.write("next.csv", next);
        done(&sandbox.run("import exchanges next.csv"));
    }
    assert_eq!(shown(&twins, of_chorale), before);
    insta::assert_snapshot!(shown(&twins, "export lignes --association 'chorale de janze' --annee 2025"), @r"
    $ coudemain export lignes --association 'chorale de janze' --annee 2025
    record;name;identifiers;former_names;act;exchange;reference;date;booked;kind;minutes;balance;skill
    network;Entraide du pays;…
    year;2025;;;;;;;;;;;
    association;Chorale de Janzé;;;;;;;;;;;
    opening;;;;;;;;;;;120;
    line;Amis du vélo;;;17;17;B-1;2025-01-05;2025-01-05;received;-60;60;
    closing;;;;;;;;;;;60;
    member;Fanfare de Retiers;;;;;;;;;;;
    member;Atelier vélo de Vitré;;;;;;;;;;;
    member;Amis du vélo;siren 116979006;;;;;;;;;;
    member;Nouvelle venue;;;;;;;;;;;
    => exit 0
    ");
    insta::assert_snapshot!(twins.run("export lines --association Choral --year 2024"), @r"
    $ coudemain export lines --association Choral --year 2024
    ! association inconnue : « Choral » ; les noms les plus proches : « Chorale de Janzé »
    => exit 2
    ");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_association_is_called_later_leaves_a_closed_year_alone() {
    for database in Database::tried() {
        let ledger = Ledger::fresh(database).await;
        let amis = ledger.association("Amis du vélo").await;
        let chorale = ledger.association("Chorale de Janzé").await;
        let tell = async |rna: &str| {
            let identifier = Identifier::Rna(Rna::parse(rna).unwrap());
            ledger.done(Command::IdentifyAssociation { association: amis, identifier }).await;
        };
        tell("W353000001").await;
        let closed = Year(2024);
        ledger.done(Command::CloseYear { year: closed }).await;
        let lines = async |year| {
            let bytes = ledger.store.lines_file(ledger.network, chorale, year).await.unwrap();
            String::from_utf8(bytes).unwrap()
        };
        let before = lines(closed).await;
        assert!(before.contains("Amis du vélo") && before.contains("W353000001"), "{before}");

        tell("W353000002").await;
        // The name counts from a day of the closed year, but was told after it.
        let name = "Amis de la bicyclette".to_owned();
        ledger.done(Command::RenameAssociation { association: amis, name, since: day(2024, 6, 1) }).await;
        assert_eq!(lines(closed).await, before, "{database:?}");
        let next = lines(Year(2025)).await;
        assert!(next.contains("Amis de la bicyclette") && next.contains("W353000002"), "{next}");
        ledger.assert_sound().await;
    }
}

/// What both databases show, but for the network's outside name, which is drawn by chance.
fn shown(twins: &Twins, line: &str) -> String {
    let [sqlite, postgres] = twins.each().map(|sandbox| without_uuid(&plain(&sandbox.run(line))));
    assert_eq!(sqlite, postgres);
    sqlite
}

fn without_uuid(screen: &str) -> String {
    let lines = screen.lines().map(|line| match line.split_once("network;") {
        Some((_, rest)) => format!("network;{};…", rest.split(';').next().unwrap_or_default()),
        None => line.trim_start_matches('\u{feff}').trim_end().to_owned(),
    });
    lines.collect::<Vec<_>>().join("\n")
}
