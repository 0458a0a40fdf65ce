//! A log is copied by anybody, and only what goes on from the copy is taken.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};

use ledger::Digest;
use ledger::checkpoint::Checkpoint;
use ledger::key::PrivateKey;
use ledger::log::{leaf_hash, root_of};
use ledger::note::{Algorithm, Note, VerifierKey};
use ledger::tile::{Shelf, TileAddress};

use crate::api::served::Served;
use crate::command::{Sandbox, both};
use crate::twins::{done, says};

/// Serves a folder of files, as any server of static files does, until the test ends. Tells its address.
fn folder_served(folder: PathBuf) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
            let asked = lines.next().unwrap_or_default();
            while lines.next().is_some_and(|line| !line.is_empty()) {}
            let path = asked.split(' ').nth(1).unwrap_or_default().trim_start_matches('/').to_owned();
            let (status, body) = fs::read(folder.join(path)).map_or(("404 Not Found", Vec::new()), |it| ("200 OK", it));
            let head = format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
            let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body));
        }
    });
    format!("http://{address}")
}

const ORIGIN: &str = "log.example/one";

fn key() -> PrivateKey {
    PrivateKey::from_seed([7; 32])
}

fn verifier() -> VerifierKey {
    VerifierKey { name: ORIGIN.to_owned(), algorithm: Algorithm::Ed25519, key: key().public() }
}

/// So many leaves; from some act on those of another history.
fn leaves(size: u64, forked_from: u64) -> Vec<Digest> {
    (0..size).map(|act| leaf_hash(format!("{act} {}", act >= forked_from).as_bytes())).collect()
}

/// Puts a log of these leaves into a folder, under that name.
fn publish(folder: &Path, leaves: &[Digest], origin: &str) {
    let head = Checkpoint { origin: origin.to_owned(), size: leaves.len() as u64, root: root_of(leaves) };
    for tile in TileAddress::of_acts(Shelf::Hashes(0), 0, head.size) {
        let first = usize::try_from(tile.index).unwrap() * 256;
        let bytes: Vec<u8> = leaves[first..first + tile.width].iter().flat_map(|hash| hash.0).collect();
        let path = folder.join(format!("tile/{tile}"));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    fs::write(folder.join("checkpoint"), Note::new(head.to_text()).signed(origin, &key()).to_string()).unwrap();
}

#[test]
fn what_does_not_go_on_from_the_copy_is_told_loudly() {
    let sandbox = Sandbox::sqlite();
    let log = sandbox.path("log");
    let url = folder_served(log.clone());
    let copy = |words: &str| sandbox.run(&format!("log mirror {url} copy {words}"));
    publish(&log, &leaves(300, u64::MAX), ORIGIN);
    says(&copy(""), 2, "aucune clé de ce journal n'est connue");
    says(&copy("--trust did:web:log.example"), 2, "aucune clé de journal là-dedans");
    let other = VerifierKey { key: PrivateKey::from_seed([8; 32]).public(), ..verifier() };
    says(&copy(&format!("--trust {other}")), 1, "Aucune des clés connues n'a signé");
    assert!(!sandbox.path("copy").exists(), "nothing is kept of what nobody signed");
    says(&copy(&format!("--trust {}", verifier())), 0, "Copié : 300 actes");
    // The key is remembered.
    says(&copy(""), 0, "Rien de nouveau : 300 actes");
    publish(&log, &leaves(70_000, u64::MAX), ORIGIN);
    says(&copy(""), 0, "dont 69700 de plus ; le journal est la suite");
    for (tile, bytes) in
        [("0/272", 8_192), ("0/273.p/112", 3_584), ("1/000", 8_192), ("1/001.p/17", 544), ("2/000.p/1", 32)]
    {
        let path = sandbox.path(&format!("copy/tile/{tile}"));
        assert_eq!(fs::metadata(&path).map(|found| found.len()).ok(), Some(bytes), "{tile}");
    }
    assert!(!sandbox.path("copy/tile/0/001.p").exists(), "what is whole now is not kept in parts");

    publish(&log, &leaves(500, u64::MAX), ORIGIN);
    says(&copy(""), 1, "est plus ancien que celui de la copie (500 contre 70000)");
    publish(&log, &leaves(500, 499), ORIGIN);
    says(&copy(""), 1, "ALERTE : deux histoires du même journal ont été signées");
    publish(&log, &leaves(70_000, 69_999), ORIGIN);
    says(&copy(""), 1, "ALERTE");
    publish(&log, &leaves(70_100, 69_000), ORIGIN);
    let run = copy("");
    says(&run, 1, "ALERTE");
    says(&run, 1, "Le premier acte qui diffère est le n° 69000.");
    let kept = fs::read_dir(sandbox.path("copy")).unwrap().map(|it| it.unwrap().file_name().into_string().unwrap());
    assert_eq!(kept.filter(|name| name.starts_with("fork-")).count(), 3, "what proves it is kept");
    // Tiles that do not lead to the head are no other history.
    publish(&log, &leaves(70_100, u64::MAX), ORIGIN);
    fs::write(log.join("tile/0/273.p/212"), [0; 212 * 32]).unwrap();
    says(&copy(""), 1, "ne mène pas au point signé");
    publish(&log, &leaves(70_200, u64::MAX), "log.example/one/2");
    let next = VerifierKey { name: "log.example/one/2".to_owned(), ..verifier() };
    says(&copy(&format!("--trust {next}")), 1, "sert maintenant un autre journal");
    publish(&log, &leaves(70_100, u64::MAX), ORIGIN);
    says(&copy(""), 0, "dont 100 de plus");
    fs::write(sandbox.path("copy/tile/2/000.p/1"), [0; 32]).unwrap();
    publish(&log, &leaves(70_101, u64::MAX), ORIGIN);
    says(&copy(""), 2, "la copie du journal n'est plus entière");
}

#[test]
fn a_served_log_is_copied_with_its_acts_as_far_as_it_is_signed() {
    for sandbox in both() {
        let served = Served::fresh(sandbox);
        let sandbox = &served.sandbox;
        let network = served.get(&served.operator, "/v1/network").expect(200).field("id");
        let copy = |words: &str| {
            let log = format!("http://{}/v1/networks/{network}/log", served.address);
            sandbox.run(&format!("log mirror {log} copy {words}"))
        };
        done(&sandbox.run("log checkpoint"));
        // Whoever knows no key asks the service, is told what that is worth, and remembers it.
        let run = copy("");
        says(&run, 0, "Copié : ");
        assert!(run.stderr.contains("Demandez-les aussi au réseau lui-même"), "{run}");
        served.association("Chorale");
        says(&copy(""), 0, "Rien de nouveau");
        done(&sandbox.run("log checkpoint"));
        let run = copy(&format!("--token {}", served.operator));
        says(&run, 0, "dont 1 de plus ; le journal est la suite de ce qui était copié");
        assert_eq!(run.stderr, "");
        // The folder is a log like any other: it can be served, and copied in turn.
        let url = folder_served(sandbox.path("copy"));
        says(&sandbox.run(&format!("log mirror {url} again --trust {}", first_key(sandbox))), 0, "Copié : ");
        for name in ["checkpoint", "log.keys"] {
            let read = |folder: &str| fs::read_to_string(sandbox.path(&format!("{folder}/{name}"))).unwrap();
            assert!(read("copy").contains(read("again").trim_end()), "{name}");
        }
        let size: usize =
            fs::read_to_string(sandbox.path("copy/checkpoint")).unwrap().lines().nth(1).unwrap().parse().unwrap();
        let bundle = sandbox.path(&format!("copy/tile/entries/000.p/{size}"));
        let acts = String::from_utf8_lossy(&fs::read(&bundle).unwrap()).into_owned();
        assert!(acts.contains("\"Chorale\""), "{acts}");
        // An act that is another one is not taken.
        fs::write(&bundle, acts.replace("Chorale", "Fanfare")).unwrap();
        let run = sandbox.run(&format!("log mirror {url} again --token x"));
        says(&run, 1, "ne sont pas ceux que le journal scelle");
    }
}

fn first_key(sandbox: &Sandbox) -> String {
    fs::read_to_string(sandbox.path("copy/log.keys")).unwrap().lines().next().unwrap().to_owned()
}
