//! Networks that witness each other's logs, and statements that carry who saw their head.

use std::fs;

use ledger::Digest;
use ledger::checkpoint::Checkpoint;
use ledger::key::PrivateKey;
use ledger::log::leaf_hash;
use ledger::note::{Algorithm, Note, NoteVerdict, VerifierKey};
use ledger::witness::Submission;

use crate::api::served::{Served, exchange, serve};
use crate::command::{Sandbox, both};
use crate::twins::{done, says};

/// The key of a network's witness, as it says it.
fn witness_key(sandbox: &Sandbox) -> String {
    fs::read_to_string(sandbox.path("witness.vkey")).unwrap().trim().to_owned()
}

fn network_id(sandbox: &Sandbox) -> String {
    let folder = fs::read_dir(sandbox.path("coudemain.keys")).unwrap().next().unwrap();
    folder.unwrap().file_name().into_string().unwrap()
}

#[test]
fn statements_carry_who_saw_their_head_and_a_policy_demands_so_many() {
    for watcher in both() {
        let served = Served::fresh(watcher);
        let watcher = &served.sandbox;
        let sandbox = Sandbox::sqlite();
        done(&sandbox.run("init 'Entraide du pays'"));
        sandbox.write("associations.csv", "name\nChorale\nFanfare\n");
        done(&sandbox.run("import associations associations.csv"));
        sandbox.write("exchanges.csv", "reference,date,giver,receiver,duration\nA-1,2024-03-01,Chorale,Fanfare,2h\n");
        done(&sandbox.run("import exchanges exchanges.csv"));
        done(&sandbox.run("key export-public --out did.json"));
        done(&sandbox.run("log checkpoint"));
        watcher.write("their.json", fs::read(sandbox.path("did.json")).unwrap());
        says(&watcher.run("log watch nothing"), 2, "n'est ni la clé d'un journal");
        says(&watcher.run("log watch their.json --out witness.vkey"), 0, "pas encore signé");
        let witness = format!("http://{}/v1/networks/{}/witness", served.address, network_id(watcher));
        let (key, nobody) = (witness_key(watcher), "nobody.example+4f6d1c41+BAAA");
        says(&sandbox.run("log witnesses"), 0, "Aucun témoin n'est demandé");
        sandbox
            .write("policy.txt", format!("witness voisin {key} {witness}\nwitness personne {nobody}\nquorum voisin\n"));
        says(
            &sandbox.run("log witnesses policy.txt"),
            2,
            "ligne 2 : « nobody.example+4f6d1c41+BAAA » n'est pas la clé",
        );
        sandbox.write("policy.txt", format!("witness voisin {key} {witness}\nquorum voisin\n"));
        says(&sandbox.run("log witnesses policy.txt"), 0, "n'a pas encore assez de témoins");
        // The head that closes a year is witnessed as it is signed.
        done(&sandbox.run("close --year 2024"));
        says(&sandbox.run("log witnesses"), 0, "a les témoins qu'il faut");
        done(&sandbox.run("statement issue --year 2024 --out out --no-pdf"));
        says(&sandbox.run("log witnesses"), 0, "✓ voisin");
        says(&watcher.run("log watch"), 0, "signé à la taille");
        let verify = |policy: &str| {
            sandbox.write("demanded.txt", policy);
            sandbox.run("verify out/2024-0001-chorale.json --trust out/did.json --policy demanded.txt")
        };
        let policy = format!("witness voisin {key}\n");
        let run = verify(&format!("{policy}quorum voisin\n"));
        says(&run, 0, "les témoins que votre politique demande ont vu ce point de contrôle : voisin");
        says(&run, 0, "Tout est en ordre");
        let key = PrivateKey::from_seed([9; 32]).public();
        let other = VerifierKey { name: "w.example".to_owned(), algorithm: Algorithm::Cosignature, key };
        let both = format!("{policy}witness autre {other}\ngroup deux all voisin autre\n");
        let run = verify(&format!("{both}quorum deux\n"));
        says(&run, 1, "a trop peu de témoins pour votre politique : vu par voisin ; il y manque autre");
        says(&verify(&format!("{both}quorum autre\n")), 1, "il y manque autre");
        says(&verify(&format!("{both}group un any deux\nquorum un\n")), 1, "il y manque autre");
        says(&verify("quorum none\n"), 0, "votre politique ne demande aucun témoin");
        says(&verify("quorum deux\n"), 2, "ligne 1 : « deux » n'est ni un témoin ni un groupe");
        // What came later stands beside the document.
        let head = fs::read_to_string(sandbox.path("out/checkpoint.txt")).unwrap();
        let later = Note::parse(&head).unwrap().cosigned("w.example", &PrivateKey::from_seed([9; 32]), 1_764_000_000);
        sandbox.write("later.txt", later.to_string());
        sandbox.write("demanded.txt", format!("{both}quorum deux\n"));
        let run = sandbox.run("verify out/2024-0001-chorale.json later.txt --trust out/did.json --policy demanded.txt");
        says(&run, 0, "ont vu ce point de contrôle : voisin, autre");
    }
}

#[test]
fn a_witness_that_is_needed_and_does_not_answer_is_named_and_nothing_issued() {
    let sandbox = Sandbox::sqlite();
    done(&sandbox.run("init 'Entraide du pays'"));
    sandbox.write("associations.csv", "name\nChorale\n");
    done(&sandbox.run("import associations associations.csv"));
    done(&sandbox.run("close --year 2024"));
    done(&sandbox.run("log watch --out witness.vkey"));
    let line = format!("witness absent {} http://127.0.0.1:9\n", witness_key(&sandbox));
    sandbox.write("policy.txt", format!("{line}quorum absent\n"));
    done(&sandbox.run("log witnesses policy.txt"));
    let run = sandbox.run("statement issue --year 2024 --out out --no-pdf");
    says(&run, 2, "Le témoin absent n'a pas signé : personne n'y répond.");
    says(&run, 2, "pas par assez de témoins");
    assert!(!sandbox.path("out").exists());
    // Whoever is asked and not needed is named, and keeps nobody waiting.
    sandbox.write("policy.txt", format!("{line}quorum none\n"));
    done(&sandbox.run("log witnesses policy.txt"));
    says(&sandbox.run("statement issue --year 2024 --out out --no-pdf"), 0, "1 relevé signé");
    // Nobody's silence keeps a year open.
    sandbox.write("policy.txt", format!("{line}quorum absent\n"));
    done(&sandbox.run("log witnesses policy.txt"));
    let run = sandbox.run("close --year 2025");
    says(&run, 0, "L'exercice 2025 est clos");
    says(&run, 0, "Le témoin absent n'a pas signé : personne n'y répond.");
    says(&run, 0, "mais pas par assez de témoins : « coudemain journal point » les redemande");
}

#[test]
fn a_witness_signs_only_what_goes_on_from_what_it_signed() {
    let sandbox = Sandbox::sqlite();
    done(&sandbox.run("init 'Entraide du pays'"));
    let (_process, address) = serve(&sandbox, "");
    let network = network_id(&sandbox);
    let post = |submission: &str| {
        let head = format!(
            "POST /v1/networks/{network}/witness/add-checkpoint HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
            submission.len()
        );
        exchange(&address, (head + submission).as_bytes()).unwrap()
    };
    let key = PrivateKey::from_seed([3; 32]);
    let origin = "log.example";
    let verifier = VerifierKey { name: origin.to_owned(), algorithm: Algorithm::Ed25519, key: key.public() };
    let leaf = |number: u8| leaf_hash(&[number]);
    let head = |leaves: &[Digest]| {
        let root = ledger::log::root_of(leaves);
        let head = Checkpoint { origin: origin.to_owned(), size: leaves.len() as u64, root };
        Note::new(head.to_text()).signed(origin, &key)
    };
    let ask =
        |old: u64, proof: &[Digest], note: Note| post(&Submission::new(old, proof.to_vec(), note).unwrap().to_text());
    let [a, b, c] = [1, 2, 3].map(leaf);
    // Nobody is known yet; then this log is.
    assert_eq!(ask(0, &[], head(&[a])).status, 404);
    done(&sandbox.run(&format!("log watch {verifier} --out witness.vkey")));
    let witness = VerifierKey::parse(&witness_key(&sandbox)).unwrap();
    let reply = ask(0, &[], head(&[a])).expect(200);
    let cosigned = Note::parse(&format!("{}\n{}", head(&[a]).text, reply.text)).unwrap();
    assert!(matches!(cosigned.verdict(&witness), NoteVerdict::Signed(Some(_))), "{reply:?}");
    assert_eq!(cosigned.signatures.len(), 1);
    // The one that follows, and the same again; then another history, an old size, and no head.
    ask(1, &[b], head(&[a, b])).expect(200);
    ask(2, &[], head(&[a, b])).expect(200);
    let reply = ask(0, &[], head(&[a])).expect(409);
    assert_eq!((reply.text.as_str(), reply.header("content-type")), ("2\n", Some("text/x.tlog.size")));
    ask(2, &[c], head(&[a, c, c])).expect(422);
    ask(2, &[], head(&[a, c])).expect(422);
    ask(3, &[], head(&[a, b])).expect(400);
    post("old 2\n").expect(400);
    post(&"x".repeat(100_000)).expect(413);
    let forged = Note::new(head(&[a, b, c]).text).signed(origin, &PrivateKey::from_seed([4; 32]));
    ask(2, &[c], forged).expect(403);
    ask(2, &[c], head(&[a, b, c])).expect(200);
    // What it saw last is there for whoever watches it.
    let seen = |origin: &str| {
        let path = format!("/v1/networks/{network}/witness/{}/checkpoint", ledger::witnessing::origin_hash(origin));
        let call = format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
        exchange(&address, call.as_bytes()).unwrap()
    };
    let note = Note::parse(&seen(origin).expect(200).text).unwrap();
    assert_eq!((note.text.lines().nth(1), note.signatures.len()), (Some("3"), 2));
    assert_eq!(note.verdict(&verifier), NoteVerdict::Signed(None));
    seen("another.example").expect(404);
}
