//! Files that were made to keep their reader busy: `verify` and `restore` end soon, within little memory, and say why.

use std::io::Write as _;

use flate2::{Compression, write::GzEncoder};
use serde_json::{Value, json};

use crate::command::{Run, Sandbox};
use crate::twins::done;

/// So much memory is enough for any of them, in kilobytes; it is what the system gives out, used or not.
const MEMORY_MOST: u64 = 2_500_000;

fn verify(sandbox: &Sandbox, name: &str, contents: impl AsRef<[u8]>) -> Run {
    sandbox.write(name, contents);
    sandbox.command(&format!("verify {name}")).within(MEMORY_MOST).run()
}

#[track_caller]
fn fails(run: &Run, code: i32, says: &str) {
    // The whole would be long.
    let said: String = run.to_string().chars().take(2_000).collect();
    assert!(run.code == Some(code) && run.to_string().contains(says), "{says}: {said}");
}

#[test]
fn a_pdf_of_attachments_without_end() {
    let sandbox = Sandbox::sqlite();
    let pdf = |body: &[u8]| [b"%PDF-1.7\n", body, b"\n%%EOF\n"].concat();
    let many = |times: usize, text: &str| pdf(text.repeat(times).as_bytes());
    let bomb = {
        let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), Compression::best());
        packed.write_all(&vec![b' '; 48 << 20]).unwrap();
        let packed = packed.finish().unwrap();
        let head = format!("1 0 obj <</Type/EmbeddedFile/Filter/FlateDecode/Length {} >> stream\n", packed.len());
        pdf(&[head.as_bytes(), &packed, b"\nendstream\n"].concat().repeat(50))
    };
    let damaged = "la pièce jointe de ce PDF est abîmée";
    for (name, contents, says) in [
        ("names.pdf", many(1_000_000, "/EmbeddedFile "), damaged),
        ("name-trees.pdf", many(1_000_000, "/EmbeddedFiles "), "pièce jointe"),
        ("objects.pdf", many(500_000, "1 0 obj <</Type/EmbeddedFile>> stream\n"), damaged),
        ("streams.pdf", many(300_000, "1 0 obj <</Type/EmbeddedFile>> stream\n.endstream "), "pièce jointe"),
        ("nothing.pdf", many(30_000_000, " "), "pièce jointe"),
        ("bomb.pdf", bomb, "pièce jointe"),
    ] {
        fails(&verify(&sandbox, name, contents), 1, says);
    }
}

#[test]
fn documents_without_end() {
    let sandbox = Sandbox::sqlite();
    let proof = |suite: &str| {
        json!({
            "type": "DataIntegrityProof", "cryptosuite": suite, "created": "2026-01-01T00:00:00Z",
            "verificationMethod": "did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2#z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2",
            "proofPurpose": "assertionMethod", "proofValue": format!("z{}", "1".repeat(64)),
        })
    };
    let signed = |members: Value, proofs: usize| {
        let mut document = json!({
            "@context": "https://www.w3.org/ns/credentials/v2", "type": ["VerifiableCredential"],
            "proof": vec![proof("eddsa-rdfc-2022"); proofs],
        });
        document.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        document.to_string()
    };
    // Two of one kind with twelve alike below each, of which every order would be tried.
    let one = json!({ "type": "VerifiableCredential", "evidence": vec![json!({ "name": "x" }); 12] });
    let alike = json!([one, one]);
    let passport = json!({ "coudemainPassport": vec![json!({ "type": ["OpenBadgeCredential"] }); 30_000] });
    let context = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json";
    for (name, contents, says) in [
        ("proofs.json", signed(json!({}), 20_000), "20000 signatures"),
        ("alike.json", signed(json!({ "evidence": alike }), 8), "forme canonique"),
        ("contexts.json", signed(json!({ "@context": vec![context; 50_000] }), 8), "forme canonique"),
        (
            "objects.json",
            signed(json!({ "credentialSubject": vec![json!({ "a": {} }); 40_000] }), 8),
            "forme canonique",
        ),
        ("passport.json", passport.to_string(), "30000 badges"),
        ("values.json", format!("{{\"a\":[{}0]}}", r#"{"":0},"#.repeat(2_000_000)), "more than"),
        ("deep.json", format!("{{\"a\":{}", "[".repeat(10_000_000)), "recursion"),
        ("long.json", format!("{{\"a\":\"{}\"}}", "x".repeat(40_000_000)), "trop grand"),
        ("signatures.txt", format!("log\n1\n\n{}", "— a AAAAAAAA\n".repeat(1_000_000)), "pas reconnu"),
    ] {
        fails(&verify(&sandbox, name, contents), 1, says);
    }
    fails(&sandbox.command("verify /dev/zero").within(MEMORY_MOST).run(), 1, "trop grand");
}

#[test]
fn a_backup_without_end() {
    let packed = |parts: &[(&str, usize)]| {
        let mut file = GzEncoder::new(Vec::new(), Compression::fast());
        for (text, times) in parts {
            for _ in 0..*times {
                file.write_all(text.as_bytes()).unwrap();
            }
        }
        file.finish().unwrap()
    };
    let sandbox = Sandbox::sqlite();
    done(&sandbox.run("init 'Entraide du pays'"));
    done(&sandbox.run("backup whole.backup"));
    let header = "{\"coudemain_backup\":13}\n";
    let long = "x".repeat(1 << 20);
    let values = r#"{"":0},"#.repeat(100_000);
    for (name, contents, says) in [
        ("first.backup", packed(&[(&long, 40)]), "abîmée"),
        ("line.backup", packed(&[(header, 1), (&long, 40)]), "une ligne de plus de"),
        ("values.backup", packed(&[(header, 1), ("{\"row\":[", 1), (&values, 20), ("0]}\n", 1)]), "abîmée"),
        ("deep.backup", packed(&[(header, 1), ("{\"row\":", 1), (&"[".repeat(1 << 20), 15), ("\n", 1)]), "abîmée"),
        ("nothing.backup", packed(&[(header, 1), ("\n", 10_000_000)]), "abîmée"),
    ] {
        let other = Sandbox::sqlite();
        other.write(name, contents);
        fails(&other.command(&format!("restore {name}")).within(MEMORY_MOST).run(), 2, says);
        assert!(!other.path("coudemain.db").exists());
    }
}
