//! Putting a network back from a backup: what the backup cannot know is asked, and nothing is half done.

use std::cell::RefCell;
use std::fs;
use std::path::{Path, PathBuf};

use crate::api::served::serve;
use crate::command::{Run, Sandbox};
use crate::ledger_on::Database;
use crate::postgres;
use crate::twins::{done, says};

/// A network with persons, a backup, and what came after it: an association, and a head that was published.
struct Lost {
    sandbox: Sandbox,
    /// The database that it is put back into, with keys of its own.
    elsewhere: RefCell<String>,
}

const PERSONS: &str = "code,first_name,last_name,association\nZOE,Zoé,Kervella,Chorale\nALI,Ali,Diallo,Chorale\n";

impl Lost {
    fn on(database: Database) -> Self {
        let sandbox = database.pick(Sandbox::sqlite as fn() -> Sandbox, Sandbox::postgres)();
        sandbox.write("associations.csv", "name\nChorale\nFanfare\n");
        sandbox.write("more.csv", "name\nJudo\n");
        sandbox.write("persons.csv", PERSONS);
        for line in [
            "init 'Entraide du pays'",
            "import associations associations.csv",
            "import persons persons.csv",
            "log checkpoint --out before.txt",
            "backup old.backup",
            "import associations more.csv",
            "log checkpoint --out last.txt",
        ] {
            done(&sandbox.run(line));
        }
        let lost = Self { sandbox, elsewhere: RefCell::default() };
        lost.forget_elsewhere();
        lost
    }

    fn elsewhere(&self, line: &str) -> Run {
        self.sandbox.command(line).db(&self.elsewhere.borrow()).env("COUDEMAIN_KEYS", "elsewhere.keys").run()
    }

    fn restore(&self, more: &str) -> Run {
        self.elsewhere(&format!("restore old.backup {more}"))
    }

    /// Nothing of it stands elsewhere.
    fn assert_nothing_elsewhere(&self, after: &Run) {
        assert!(!self.sandbox.path("elsewhere.keys").exists(), "keys are there after\n{after}");
        assert!(!self.sandbox.path("elsewhere.db").exists(), "a file is there after\n{after}");
        says(&self.elsewhere("balance"), 2, "« coudemain creer » en crée un");
    }

    /// The next one is put back into another database.
    fn forget_elsewhere(&self) {
        let _ = fs::remove_dir_all(self.sandbox.path("elsewhere.keys"));
        let file = self.sandbox.path("elsewhere.db");
        let _ = fs::remove_file(&file);
        let is_server = self.sandbox.database.starts_with("postgres");
        let next = if is_server { postgres::server().new_database() } else { format!("sqlite://{}", file.display()) };
        self.elsewhere.replace(next);
    }
}

/// The only network's folder among keys.
fn folder_in(keys: &Path) -> PathBuf {
    fs::read_dir(keys).unwrap().next().unwrap().unwrap().path()
}

#[test]
fn the_log_of_a_restored_network_goes_on_only_from_the_last_head_that_is_shown() {
    for database in Database::tried() {
        let lost = Lost::on(database);
        // Where nobody answers, nobody has it.
        let run = lost.restore("");
        says(&run, 0, "dit que la fin de l'ancien est inconnue. Il en reste 11 actes.");
        says(&run, 0, "avec --point FICHIER");
        lost.forget_elsewhere();

        // Somebody has the last one.
        let run = lost.restore("--head last.txt");
        says(&run, 0, "son premier acte nomme l'ancien, dont 13 actes étaient signés et 2 manquent.");
        says(&run, 0, "Sa clé n'est pas ici");
        says(&lost.elsewhere("audit"), 0, "tout concorde");
        lost.forget_elsewhere();
        // Nothing else was published.
        let run = lost.restore("--head before.txt");
        done(&run);
        assert!(!run.stdout.contains("nouveau journal"), "{run}");
        lost.forget_elsewhere();
        // Nobody has it.
        says(&lost.restore("--point inconnu"), 0, "dit que la fin de l'ancien est inconnue. Il en reste 11 actes.");
        says(&lost.elsewhere("audit"), 0, "tout concorde");
    }
}

#[test]
fn a_head_that_is_none_of_the_network_says_nothing() {
    let lost = Lost::on(Database::Sqlite);
    let other = Lost::on(Database::Sqlite);
    let head = |name: &str| fs::read_to_string(other.sandbox.path(name)).unwrap();
    lost.sandbox.write("other.txt", head("last.txt"));
    // The other network's key under a text about this one.
    let own = fs::read_to_string(lost.sandbox.path("last.txt")).unwrap();
    let (text, _) = own.split_once("\n\n").unwrap();
    let other_head = head("last.txt");
    let (_, signature) = other_head.split_once("\n\n").unwrap();
    lost.sandbox.write("forged.txt", format!("{text}\n\n{signature}"));
    for (shown, expected) in [
        ("other.txt", "« other.txt » est le point signé d'un autre réseau"),
        ("forged.txt", "« forged.txt » n'est signé par aucune des clés"),
        ("persons.csv", "« persons.csv » n'est pas un point signé"),
        ("nothing.txt", "« nothing.txt »"),
        ("http://127.0.0.1:1/checkpoint", "« http://127.0.0.1:1/checkpoint »"),
    ] {
        let run = lost.restore(&format!("--head {shown}"));
        says(&run, 2, expected);
        lost.assert_nothing_elsewhere(&run);
    }
}

#[test]
fn the_last_head_is_shown_by_its_address() {
    let lost = Lost::on(Database::Sqlite);
    let (_running, address) = serve(&lost.sandbox, "");
    let network = folder_in(&lost.sandbox.path("coudemain.keys"));
    let network = network.file_name().unwrap().to_str().unwrap();
    let of = |path: &str| format!("--head http://{address}/v1/networks/{network}/{path}");
    says(&lost.restore(&of("log/nothing")), 2, "répond 404 : il n'y a pas de point signé à cette adresse");
    says(&lost.restore(&of("log/checkpoint")), 0, "et 2 manquent");
}

#[test]
fn a_kept_head_that_is_deleted_is_a_loss() {
    let lost = Lost::on(Database::Sqlite);
    let sandbox = &lost.sandbox;
    says(&sandbox.run("log reopen"), 2, "rien n'est perdu");
    let kept = folder_in(&sandbox.path("coudemain.keys")).join("last-checkpoint.note");
    fs::remove_file(&kept).unwrap();
    says(&sandbox.run("audit"), 0, "n'est pas gardé près des clés, alors que la base en connaît un de taille");
    says(&sandbox.run("log checkpoint"), 2, "le dernier point signé n'est plus gardé près des clés");
    says(&sandbox.run("close --year 2024"), 2, "« coudemain journal rouvrir --point FICHIER »");
    says(&sandbox.run("log reopen"), 2, "rien ne dit jusqu'où");
    // Whoever shows it has lost nothing.
    says(&sandbox.run("log reopen --head last.txt"), 0, "Rien n'est perdu");
    done(&sandbox.run("log checkpoint"));
    fs::remove_file(&kept).unwrap();
    let run = sandbox.run("log reopen --head unknown --out new.txt");
    says(&run, 0, "dit que la fin de l'ancien est inconnue");
    let new = fs::read_to_string(sandbox.path("new.txt")).unwrap();
    assert!(new.lines().next().unwrap().ends_with("/2"), "{new}");
    assert_eq!(new, sandbox.run("log checkpoint").stdout);
    let audit = sandbox.run("audit");
    says(&audit, 0, "tout concorde");
    assert!(!audit.to_string().contains("gardé près des clés"), "{audit}");
}

#[test]
fn what_keeps_the_keys_back_is_found_before_anything_is_written() {
    let lost = Lost::on(Database::Sqlite);
    let sandbox = &lost.sandbox;
    sandbox.write("phrase", "une phrase assez longue\n");
    sandbox.write("wrong", "une autre phrase secrète\n");
    sandbox.write("short", "courte\n");
    done(&sandbox.run("person erase --person ZOE --yes"));
    done(&sandbox.run("backup locked.backup --with-keys --passphrase-file phrase"));
    let restore = |phrase: &str, more: &str| {
        lost.elsewhere(&format!("restore locked.backup --with-keys --passphrase-file {phrase} {more}"))
    };
    for (phrase, expected) in
        [("wrong", "mauvaise phrase secrète"), ("short", "phrase secrète trop courte"), ("nowhere", "« nowhere »")]
    {
        let run = restore(phrase, "--head unknown");
        says(&run, 2, expected);
        lost.assert_nothing_elsewhere(&run);
        // Nor is half a backup made.
        if phrase != "wrong" {
            says(&sandbox.run(&format!("backup new.backup --with-keys --passphrase-file {phrase}")), 2, expected);
            assert!(!sandbox.path("new.backup").exists());
        }
    }
    let locked = sandbox.path("locked.backup.keys.age");
    fs::rename(&locked, sandbox.path("aside")).unwrap();
    let run = restore("phrase", "--head unknown");
    says(&run, 2, "locked.backup.keys.age");
    lost.assert_nothing_elsewhere(&run);
    fs::rename(sandbox.path("aside"), &locked).unwrap();

    // The head and the list that were locked with the keys are as old as the backup.
    let run = restore("phrase", "");
    says(&run, 0, "dit que la fin de l'ancien est inconnue");
    says(&run, 0, "Clés remises");
    says(&run, 0, "qui nomme 1 personne, est de nouveau là");
    says(&lost.elsewhere("log checkpoint"), 0, "/2\n");
    let opened = run.stdout.split("Il en reste ").nth(1).unwrap().split(' ').next().unwrap().to_owned();
    done(&lost.elsewhere(&format!("log inclusion {opened} --out opened.proof --leaf opened.json")));
    let leaf = fs::read_to_string(sandbox.path("opened.json")).unwrap();
    assert!(leaf.contains("\"log_reopened\"") && !leaf.contains("\"root\""), "{leaf}");

    let key = fs::read_dir(folder_in(&sandbox.path("coudemain.keys"))).unwrap().map(|file| file.unwrap().path());
    let key = key.into_iter().find(|path| path.to_string_lossy().contains("checkpoint-")).unwrap();
    fs::rename(&key, sandbox.path("aside")).unwrap();
    says(&sandbox.run("backup new.backup --with-keys --passphrase-file phrase"), 2, "clé absente");
    assert!(!sandbox.path("new.backup").exists() && !sandbox.path("new.backup.keys.age").exists());
    // Without it nothing is written into the log, either.
    let acts = |sandbox: &Sandbox| sandbox.run("audit").stdout;
    let before = acts(sandbox);
    says(&sandbox.run("log reopen --head unknown"), 2, "clé absente");
    assert_eq!(acts(sandbox), before);
}

#[cfg(unix)]
#[test]
fn keys_in_a_folder_that_others_can_write_to_are_of_no_use() {
    use std::os::unix::fs::PermissionsExt as _;
    let lost = Lost::on(Database::Sqlite);
    let folder = folder_in(&lost.sandbox.path("coudemain.keys"));
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o770)).unwrap();
    for line in ["log checkpoint", "serve", "backup new.backup --with-keys --passphrase-file phrase", "audit"] {
        let run = lost.sandbox.run(line);
        says(&run, 2, "d'autres que vous peuvent écrire dans «");
        says(&run, 2, "chmod go-w");
    }
    let run = lost.elsewhere("restore old.backup --keys coudemain.keys");
    says(&run, 2, "d'autres que vous peuvent écrire dans «");
    lost.assert_nothing_elsewhere(&run);
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).unwrap();
    done(&lost.sandbox.run("log checkpoint"));
}

#[test]
fn whoever_was_erased_stays_so_by_a_list_or_a_later_backup() {
    for database in Database::tried() {
        let lost = Lost::on(database);
        done(&lost.sandbox.run("person erase --person ZOE --yes"));
        done(&lost.sandbox.run("backup later.backup"));
        let list = folder_in(&lost.sandbox.path("coudemain.keys")).join("erased.txt");
        let list = fs::read_to_string(list).unwrap();
        lost.sandbox.write("erased.txt", &list);
        let is_there = |code: &str| lost.elsewhere(&format!("person export --person {code}")).code == Some(0);
        // With no list at hand it is said who may be back.
        let run = lost.restore("--head last.txt");
        says(&run, 0, "qui a été effacé depuis cette sauvegarde, qui nomme 2 personnes, est de nouveau là");
        assert!(is_there("ZOE"));
        for file in database.pick(&["erased.txt", "later.backup"][..], &["later.backup"]) {
            lost.forget_elsewhere();
            let run = lost.restore(&format!("--head last.txt --erased {file}"));
            says(&run, 0, "1 personne effacée depuis cette sauvegarde l'est de nouveau");
            assert!(!is_there("ZOE") && is_there("ALI"), "{file}");
            let kept = folder_in(&lost.sandbox.path("elsewhere.keys")).join("erased.txt");
            assert_eq!(fs::read_to_string(kept).unwrap(), list, "{file}");
            says(&lost.elsewhere("audit"), 0, "tout concorde");
        }
        // A number names somebody only together with the act that added them.
        lost.forget_elsewhere();
        let (number, leaf) = list.trim_end().split_once(' ').unwrap();
        lost.sandbox.write("another.txt", format!("{number} {}\n", leaf.chars().rev().collect::<String>()));
        done(&lost.restore("--head last.txt --erased another.txt"));
        assert!(is_there("ZOE"));
    }
}

#[test]
fn a_list_that_cannot_be_read_or_followed_is_named() {
    let lost = Lost::on(Database::Sqlite);
    for (file, expected) in [
        ("persons.csv", "« persons.csv », ligne 1 : ni une liste de personnes effacées"),
        ("nothing.txt", "« nothing.txt »"),
    ] {
        let run = lost.restore(&format!("--head last.txt --erased {file}"));
        says(&run, 2, expected);
        lost.assert_nothing_elsewhere(&run);
    }
    let whole = fs::read(lost.sandbox.path("old.backup")).unwrap();
    lost.sandbox.write("cut.backup", &whole[..whole.len() / 2]);
    let run = lost.restore("--head last.txt --erased cut.backup");
    says(&run, 2, "« cut.backup » : cette sauvegarde est");
    lost.assert_nothing_elsewhere(&run);
    // At the moment of the backup they were the only one in charge.
    let sandbox = &lost.sandbox;
    done(&sandbox.run("person grant --person ZOE --role administrator --association Chorale"));
    done(&sandbox.run("backup in-charge.backup"));
    done(&sandbox.run("person grant --person ALI --role administrator --association Chorale"));
    done(&sandbox.run("person erase --person ZOE --yes"));
    let run = lost.elsewhere("restore in-charge.backup --keys coudemain.keys");
    says(&run, 1, "effacée depuis cette sauvegarde, est de nouveau là : ");
    done(&lost.elsewhere("person export --person ZOE"));
}

#[test]
fn a_database_that_went_on_from_an_older_copy_opens_a_log_that_says_so() {
    let lost = Lost::on(Database::Sqlite);
    let sandbox = &lost.sandbox;
    let before = fs::read(sandbox.path("coudemain.db")).unwrap();
    sandbox.write("third.csv", "name\nYoga\n");
    done(&sandbox.run("import associations third.csv"));
    done(&sandbox.run("log checkpoint"));
    sandbox.write("coudemain.db", before);
    sandbox.write("other.csv", "name\nÉchecs\nTarot\n");
    done(&sandbox.run("import associations other.csv"));
    says(&sandbox.run("log checkpoint"), 2, "le journal n'est pas la suite du dernier point signé");
    // An older head that is shown does not make the other one unsaid.
    says(&sandbox.run("log reopen --head last.txt"), 0, "et que celui-ci ne prolonge pas");
    says(&sandbox.run("log checkpoint"), 0, "/2\n");
    says(&sandbox.run("audit"), 0, "tout concorde");
}
