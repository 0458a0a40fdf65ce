//! Characters that steer machines or that nobody sees: refused on entry, shown by their numbers, printed as a mark.

use std::fs;
use std::os::unix::fs::MetadataExt as _;

use serde_json::json;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, PgConnection};

use crate::api::served::Served;
use crate::command::{Sandbox, both};
use crate::twins::{Twins, done, says};

/// Changes rows as an earlier version, which let more in, may have left them.
async fn sql(sandbox: &Sandbox, sql: &str) {
    let text = AssertSqlSafe(sql.to_owned());
    if sandbox.database.starts_with("sqlite") {
        let options: sqlx::sqlite::SqliteConnectOptions = sandbox.database.parse().unwrap();
        let mut connection = options.connect().await.unwrap();
        sqlx::raw_sql(text).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    } else {
        let mut connection = PgConnection::connect(&sandbox.database).await.unwrap();
        sqlx::raw_sql(text).execute(&mut connection).await.unwrap();
    }
}

#[test]
fn what_cannot_be_printed_does_not_enter() {
    for sandbox in both() {
        says(&sandbox.run("init Ré\u{feff}seau"), 2, "U+FEFF");
        let served = Served::fresh(sandbox);
        let sandbox = &served.sandbox;
        for (name, found) in
            [("Cho\u{feff}rale", "U+FEFF"), ("\u{202e}elarohC", "U+202E"), ("Cho\u{e000}rale", "U+E000")]
        {
            let reply = served.post(&served.operator, "/v1/associations", &json!({ "name": name })).expect(400);
            assert_eq!(reply.field("field"), "name");
            assert!(reply.field("detail").contains(found), "{reply:?}");
        }
        // Of a file, what spreadsheets leave unseen in cells is taken away; what is no letter for everybody is refused.
        sandbox.write("names.csv", "name\nFanfare\nCho\u{e000}rale\n");
        let refused = sandbox.run("import associations names.csv");
        says(&refused, 2, "U+E000");
        says(&refused, 2, "ligne 3");
        sandbox.write("names.csv", "name\nFan\u{feff}fare\n\u{202e}Lyre\n");
        done(&sandbox.run("import associations names.csv"));
        for name in ["Fanfare", "Lyre"] {
            let listed = served.get(&served.operator, "/v1/associations").expect(200);
            assert!(listed.text.contains(&format!("\"{name}\"")), "{listed:?}");
        }
        let contact = json!({ "name": "Chorale", "contact": { "name": "Anne\u{200b}" } });
        let reply = served.post(&served.operator, "/v1/associations", &contact).expect(400);
        assert_eq!(reply.field("field"), "contact.name");
        // What people need is let in.
        for name in ["می\u{200c}خواهم", "Fête 🎉👩\u{200d}👧", "中文学校"] {
            served.association(name);
        }
        served.assert_sound();
    }
}

#[tokio::test]
async fn what_others_wrote_does_not_steer_the_terminal() {
    let Twins { sqlite, postgres } = Twins::village();
    for sandbox in [sqlite, postgres] {
        let change = if sandbox.database.starts_with("sqlite") {
            "UPDATE association_name SET name = 'Chorale' || char(27) || '[2J' || char(8238) WHERE name LIKE 'Chorale%'"
        } else {
            "UPDATE association_name SET name = 'Chorale' || chr(27) || '[2J' || chr(8238) WHERE name LIKE 'Chorale%'"
        };
        sql(&sandbox, change).await;
        sandbox.write("names.csv", "name\nbad \u{1b}]0;title\u{7} name\n");
        sandbox.write("proof.json", "{\"issuer\":\"\u{9b}31m\", \"id\": \"\\u001b[31m\"}");
        sandbox.write("notebook.csv", "date;partenaire;durée\n01/03/2024;\u{1b}[2JFanfare\u{202e};2h\n");
        let mut shown = String::new();
        for line in [
            "balance",
            "history 'Fanfare de Retiers'",
            "export csv",
            "audit",
            "import associations names.csv",
            "verify proof.json",
            "reconcile notebook.csv --association 'Fanfare de Retiers' --year 2024",
            "history \u{1b}[2J",
            "\u{1b}[2J",
            "balance --\u{1b}[2J",
        ] {
            let run = sandbox.run(line);
            // A table goes to another program as it is.
            let told = if line == "export csv" { run.stderr.clone() } else { run.stdout + &run.stderr };
            let steers = told.chars().find(|c| (c.is_control() && !matches!(c, '\n' | '\t')) || *c == '\u{202e}');
            assert_eq!(steers, None, "{line}: {told:?}");
            shown.push_str(&told);
        }
        assert!(shown.contains("Chorale\\u{1b}[2J\\u{202e}"), "{shown}");
    }
}

#[tokio::test]
async fn statements_of_names_that_cannot_be_printed_are_made_and_a_run_goes_on_past_what_fails() {
    let Twins { sqlite, postgres } = Twins::village();
    for sandbox in [sqlite, postgres] {
        done(&sandbox.run("close --year 2024"));
        sql(&sandbox, "UPDATE association_name SET name = 'Cho\u{feff}rale de Janzé' WHERE name LIKE 'Chorale%'").await;
        // In the place of one document something else stands.
        sandbox.write("first", "");
        let run = sandbox.run("statement issue --year 2024 --out first");
        assert_eq!(run.code, Some(2), "{run}");
        let out = sandbox.path("out");
        done(&sandbox.run("statement issue --year 2024 --out other --no-pdf"));
        let mut documents: Vec<_> =
            fs::read_dir(sandbox.path("other")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        documents.retain(|name| name.to_string_lossy().starts_with("2024-"));
        documents.sort();
        let last = out.join(documents.last().unwrap()).with_extension("pdf");
        fs::create_dir_all(&last).unwrap();
        let run = sandbox.run("statement issue --year 2024 --out out");
        says(&run, 1, &format!("{} :", last.file_name().unwrap().to_string_lossy()));
        says(&run, 1, "ne fait que ce qui manque");
        says(&run, 1, "(U+FEFF)");
        let pdfs = || {
            let entries = fs::read_dir(&out).unwrap().map(|entry| entry.unwrap().path());
            let mut pdfs: Vec<_> =
                entries.filter(|path| path.extension().is_some_and(|it| it == "pdf") && path.is_file()).collect();
            pdfs.sort();
            pdfs
        };
        assert_eq!(pdfs().len(), documents.len() - 1, "the others are there");

        fs::remove_dir(&last).unwrap();
        let inodes = |paths: &[std::path::PathBuf]| -> Vec<_> {
            paths.iter().map(|path| fs::metadata(path).unwrap().ino()).collect()
        };
        let before = pdfs();
        let there = inodes(&before);
        done(&sandbox.run("statement issue --year 2024 --out out"));
        assert_eq!(pdfs().len(), documents.len());
        assert_eq!(inodes(&before), there, "only what was missing was made");
        done(&sandbox.run(&format!("verify out/{} --trust out/did.json", last.file_name().unwrap().to_string_lossy())));
    }
}
