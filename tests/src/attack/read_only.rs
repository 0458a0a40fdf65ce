//! A disk that can only be read: whoever only reads needs no more, and whoever would write is told.

use std::fs;

use sqlx::{Connection as _, SqliteConnection};

use crate::api::served::eventually;
use crate::command::Sandbox;
use crate::small_disk::SmallDisk;
use crate::twins::{done, says};

/// A network on a disk of its own, with a closed year, and files that it handed out; the disk can only be read.
fn network() -> Option<(SmallDisk, Sandbox)> {
    let mut sandbox = Sandbox::sqlite();
    let disk = SmallDisk::mount(sandbox.path("disk"), 16)?;
    sandbox.database = disk.database();
    done(&sandbox.run("init 'Entraide du pays'"));
    sandbox.write("associations.csv", "name\nChorale\nFanfare\n");
    done(&sandbox.run("import associations associations.csv"));
    sandbox.write("exchanges.csv", "reference,date,giver,receiver,duration\nA-1,2024-03-01,Chorale,Fanfare,2h\n");
    done(&sandbox.run("import exchanges exchanges.csv"));
    done(&sandbox.run("close --year 2024"));
    done(&sandbox.run("statement issue --year 2024 --out out --no-pdf"));
    Some((disk, sandbox))
}

const READING: [&str; 7] =
    ["audit", "balance", "balance --at 2024-12-31", "history Chorale", "export hledger", "log inclusion 3", "key list"];

#[test]
fn reading_needs_no_disk_that_can_be_written_to() {
    let Some((disk, sandbox)) = network() else { return };
    let before = READING.map(|line| sandbox.run(line).to_string());
    disk.make_read_only();
    for (line, before) in READING.into_iter().zip(before) {
        assert_eq!(sandbox.run(line).to_string(), before);
    }
    done(&sandbox.run("backup elsewhere.backup"));
    let statement = fs::read_dir(sandbox.path("out")).unwrap().map(|entry| entry.unwrap().path());
    let statement = statement.into_iter().find(|path| path.extension().is_some_and(|end| end == "json")).unwrap();
    fs::copy(statement, sandbox.path("statement.json")).unwrap();
    says(&sandbox.run("verify statement.json"), 3, "Rien de faux");
    let other = Sandbox::postgres();
    let backup = sandbox.path("elsewhere.backup");
    done(&other.run(&format!("restore {} --head unknown", backup.display())));
}

#[test]
fn writing_on_a_disk_that_can_only_be_read_is_refused_in_a_sentence() {
    let Some((disk, sandbox)) = network() else { return };
    disk.make_read_only();
    sandbox.write("more.csv", "name\nHarmonie\n");
    insta::assert_snapshot!(sandbox.run("import associations more.csv"), @r"
    $ coudemain import associations more.csv
    ! rien ne peut être écrit à cet endroit : sur un disque ouvert à l'écriture, relancez la même commande
    => exit 2
    ");
    insta::assert_snapshot!(sandbox.run("init 'Un autre réseau' --another"), @r"
    $ coudemain init 'Un autre réseau' --another
    ! le fichier de la base ne s'ouvre pas : vérifiez que son dossier existe, et qu'il est permis d'y écrire
    => exit 2
    ");
    insta::assert_snapshot!(sandbox.run("serve"), @r"
    $ coudemain serve
    ! rien ne peut être écrit là où est la base : le service n'y aurait rien à faire
    => exit 2
    ");
    insta::assert_snapshot!(sandbox.run("token create"), @r"
    $ coudemain token create
    ! rien ne peut être écrit à cet endroit : sur un disque ouvert à l'écriture, relancez la même commande
    => exit 2
    ");
    disk.make_writable();
    done(&sandbox.run("import associations more.csv"));
}

/// What a killed program leaves beside the file.
#[test]
fn last_writes_that_stand_aside_are_read_or_it_is_said_that_they_are_not() {
    let Some((disk, sandbox)) = network() else { return };
    let [file, log, shared] = ["", "-wal", "-shm"].map(|end| disk.path().join(format!("coudemain.db{end}")));
    let mut serve = sandbox.spawn("serve --listen 127.0.0.1:0");
    sandbox.write("more.csv", "name\nHarmonie\n");
    eventually("the service has opened the database", || log.exists());
    done(&sandbox.run("import associations more.csv"));
    serve.kill().unwrap();
    serve.wait().unwrap();
    assert!(fs::metadata(&log).unwrap().len() > 0);
    disk.make_read_only();
    says(&sandbox.run("balance"), 0, "Harmonie");
    says(&sandbox.run("audit"), 0, "tout concorde");

    disk.make_writable();
    fs::remove_file(&shared).unwrap();
    disk.make_read_only();
    insta::assert_snapshot!(sandbox.run("balance"), @r"
    $ coudemain balance
    ! les dernières écritures sont à part, dans « [DIR]/disk/coudemain.db-wal », et ne se lisent pas là où rien ne peut être écrit : copiez les deux fichiers ailleurs, et travaillez sur la copie
    => exit 2
    ");

    let elsewhere = Sandbox::sqlite();
    fs::copy(&file, elsewhere.path("coudemain.db")).unwrap();
    fs::copy(&log, elsewhere.path("coudemain.db-wal")).unwrap();
    says(&elsewhere.run("balance"), 0, "Harmonie");
}

#[tokio::test]
async fn an_older_schema_cannot_be_brought_up_to_date_there() {
    let Some((disk, sandbox)) = network() else { return };
    let mut connection = SqliteConnection::connect(&sandbox.database).await.unwrap();
    let last = "DELETE FROM _sqlx_migrations WHERE version = (SELECT max(version) FROM _sqlx_migrations)";
    sqlx::raw_sql(last).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    disk.make_read_only();
    says(&sandbox.run("balance"), 2, "cette base a un schéma plus ancien");
}
