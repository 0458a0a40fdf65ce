//! The README's first command: within two minutes a newcomer notes help and confirms it, as two people.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::Command;

use super::tab::{Eyes, Tab};
use crate::command::coudemain;

/// Where the picture in the README is made, when asked for: `COUDEMAIN_WRITE_PICTURES=1 cargo test --workspace demo`.
const PICTURE: &str = "../docs/pages.png";

#[test]
fn the_first_command_puts_a_newcomer_in_front_of_a_page() {
    let folder = tempfile::tempdir().unwrap();
    let temporary = folder.path().to_str().unwrap();
    let mut demo = coudemain(&["demo", "--listen", "127.0.0.1:0"]).env("TMPDIR", temporary).spawn();
    let said = BufReader::new(demo.stdout.take().unwrap());
    let addresses =
        said.lines().map_while(Result::ok).filter_map(|line| line.trim().strip_prefix("http://").map(str::to_owned));
    let address = addresses.into_iter().next().expect("The demo tells where its pages are.");
    assert_eq!(fs::read_dir(temporary).unwrap().count(), 1, "its folder is there while it serves");

    let mut newcomer = Tab::before(&address, "demo", Eyes::PHONE);
    newcomer.open("/");
    newcomer.follow("Déléguée Inès Naudy");
    newcomer.reads("À vous de répondre");
    newcomer.reads("10 h");
    if std::env::var_os("COUDEMAIN_WRITE_PICTURES").is_some() {
        fs::write(Path::new(env!("CARGO_MANIFEST_DIR")).join(PICTURE), newcomer.png()).unwrap();
    }
    newcomer.follow("Noter de l’aide");
    newcomer.tap("Radio associative");
    newcomer.write("Personnes", "4");
    newcomer.write("Temps chacune", "2h45");
    newcomer.tap("Hier");
    newcomer.follow("Envoyer");
    newcomer.reads("C’est noté");
    newcomer.open("/");
    newcomer.follow("Déléguée d’en face");
    newcomer.reads("11 h");
    newcomer.follow("Répondre à tout");
    newcomer.follow("Confirmer ceux qui sont cochés");
    newcomer.reads("Merci, tout ce que vous aviez coché est confirmé");
    newcomer.close();

    // As Ctrl-C does.
    let told = Command::new("kill").args(["-INT", &demo.id().to_string()]).status().unwrap();
    assert!(told.success());
    assert_eq!(demo.wait().unwrap().code(), Some(0));
    assert_eq!(fs::read_dir(temporary).unwrap().count(), 0, "what was tried goes with it");
}
