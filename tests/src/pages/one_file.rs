//! The page that checks in one file: it judges as the command does, or less, and asks nothing of anybody.
//!
//! It is written after the specifications, not after the command; what the two say of the same files is held against
//! each other here, in a real browser without a network.

mod forged;
mod issued;
mod judges;
mod kept;
mod spoilt;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;

use super::looking::{barriers, crowded, overflowing, pale, small_targets};
use super::tab::{Eyes, Key, Magnified, Tab};
use crate::notebooks::Random;
use forged::Case;
use issued::Issued;
use judges::{Given, Relation, command_says, opened, page_says, relation, shown};

/// The page as `coudemain verify --page` writes it.
fn written(issued: &Issued) -> PathBuf {
    crate::twins::done(&issued.sandbox.run("verify --page page.html"));
    issued.sandbox.path("page.html")
}

#[test]
fn what_the_sample_year_issues_is_judged_as_by_the_command() {
    let issued = Issued::sample_year();
    let page = written(&issued);
    assert_eq!(fs::read(issued.sandbox.path("out/verifier.html")).unwrap(), fs::read(&page).unwrap());
    let tab = opened(&page, Eyes::DESK);
    let statements: Vec<_> = issued.statements().iter().map(|name| issued.given(name)).collect();
    assert_eq!(statements.len(), 38);
    let all =
        [statements.clone(), vec![issued.given("out/status.json"), issued.given("out/checkpoint.txt"), issued.keys()]];
    let badges = issued.named("passport", "", "").into_iter().map(|name| issued.given(&name));
    let badges: Vec<_> = badges.chain([issued.keys()]).collect();
    let printed =
        issued.named("new", "20", "").into_iter().map(|name| issued.given(&name)).chain([issued.keys()]).collect();
    let mut wrong = String::new();
    for files in [all.concat(), badges, printed] {
        let (page, command) = (page_says(&tab, &files), command_says(&files).unwrap());
        for ((file, page), command) in files.iter().zip(&page).zip(&command) {
            if relation(page, command) != Relation::Same
                || page.verdict != "trusted"
                || page.headline != command.headline
            {
                writeln!(wrong, "{}\n{}", file.name, shown(page, command)).unwrap();
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    // The page that lies beside the statements is no document, and spoils nothing.
    let beside = format!("verify out/verifier.html {} --trust out/did.json", issued.statements()[0]);
    crate::twins::done(&issued.sandbox.run(&beside));
    let alone = issued.sandbox.run("verify out/verifier.html");
    assert_eq!(alone.code, Some(2), "{alone}");
    assert!(alone.stderr.contains("rien à vérifier"), "{alone}");
    // The command itself says what its judge says.
    let run =
        issued.sandbox.run("verify passport/passport.json passport/status.json --trust out/did.json --format json");
    let told: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!((&told[0]["verdict"], &told[1]["verdict"]), (&"trusted".into(), &"trusted".into()), "{run}");
    tab.close();
}

#[test]
fn the_page_never_says_better_than_the_command() {
    let issued = Issued::sample_year();
    let mut tab = opened(&written(&issued), Eyes::DESK);
    let cases = [forged::cases(&issued), spoilt::cases(&issued)].concat();
    let mut counted: BTreeMap<(Relation, String), usize> = BTreeMap::new();
    let mut wrong = String::new();
    for Case { what, files } in &cases {
        let page = page_says(&tab, files);
        // Where the command refuses to run, nobody is trusted.
        let believed: Vec<Given> = files.iter().map(|file| Given { is_trusted: false, ..file.clone() }).collect();
        let command = command_says(files);
        let is_refused = command.is_none();
        let command = command.or_else(|| command_says(&believed)).unwrap();
        for (place, (page, command)) in page.iter().zip(&command).enumerate() {
            if is_refused && files[place].is_trusted {
                assert_eq!(page.verdict, "fails", "{what}: {}", page.words);
                continue;
            }
            let relation = relation(page, command);
            *counted.entry((relation, page.verdict.clone())).or_default() += 1;
            if relation > Relation::Less || (relation == Relation::Same && page.headline != command.headline) {
                writeln!(wrong, "{what} ({})\n{}", files[place].name, shown(page, command)).unwrap();
            }
        }
    }
    println!("{} cases: {counted:?}", cases.len());
    assert!(cases.len() >= 200, "{} cases", cases.len());
    assert!(wrong.is_empty(), "{wrong}");
    // Who judges nothing says nothing better, either.
    let (mut same, mut all) = (0, 0);
    for ((relation, _), count) in &counted {
        all += count;
        same += if *relation == Relation::Same { *count } else { 0 };
    }
    assert!(same * 100 >= all * 90, "{same} of {all} are judged the same");
    // A browser that reads an image which is no image draws that it could not, in a style that the policy forbids.
    let told: Vec<_> = tab.complaints().iter().filter(|told| !told.contains("\"functionName\":\"imageOf\"")).collect();
    assert_eq!(told, Vec::<&String>::new());
}

/// Keys, names and logs that take the place of others, and whatever of it all somebody may have at hand.
#[test]
fn what_follows_each_other_is_judged_as_by_the_command_whatever_is_at_hand() {
    let issued = Issued::sample_year();
    let page = written(&issued);
    let run = |line: &str| crate::twins::done(&issued.sandbox.run(line));
    let name = issued.json(&issued.superseded)["credentialSubject"]["name"].as_str().unwrap().to_owned();
    run("key rotate --domain reseau.example");
    run("key export-public --out new.json");
    run("passport status --out moved.json");
    run(&format!("statement issue --year 2025 --association '{name}' --again --out moved --no-pdf"));
    run("log reopen --head unknown --out opened.txt");
    run("key export-public --out opened.json");
    run(&format!("statement issue --year 2025 --association '{name}' --again --out opened --no-pdf"));
    let badge = issued.named("passport", "badge", ".json").remove(0);
    let [new, moved, opened_one] =
        ["new", "moved", "opened"].map(|folder| issued.named(folder, "20", ".json").remove(0));
    let documents = [issued.superseded.as_str(), &new, &moved, &opened_one, &badge, "passport/passport.json"];
    let beside =
        ["out/status.json", "moved.json", "opened.txt", "last.txt", "before.txt", "goes-on.txt", "1.tlog-proof"];
    let keys = ["out/did.json", "new.json", "opened.json"];
    let all: Vec<&str> = documents.into_iter().chain(beside).chain(keys).collect();
    let tab = opened(&page, Eyes::DESK);
    let mut random = Random(0x00ff_1e5e);
    let (mut wrong, mut counted) = (String::new(), BTreeMap::<(Relation, String), usize>::new());
    for _ in 0..60 {
        let mut files: Vec<Given> = Vec::new();
        for name in &all {
            if random.below(3) > 0 {
                continue;
            }
            let given = issued.given(name);
            files.push(if keys.contains(name) && random.below(2) == 0 { given.trusted() } else { given });
        }
        let names: Vec<_> = files.iter().map(|file| (file.name.clone(), file.is_trusted)).collect();
        for ((page, command), name) in page_says(&tab, &files).iter().zip(&command_says(&files).unwrap()).zip(&names) {
            let relation = relation(page, command);
            *counted.entry((relation, page.verdict.clone())).or_default() += 1;
            if relation > Relation::Less || (relation == Relation::Same && page.headline != command.headline) {
                writeln!(wrong, "{name:?} among {names:?}\n{}", shown(page, command)).unwrap();
            }
        }
    }
    println!("{counted:?}");
    assert!(wrong.is_empty(), "{wrong}");
    assert!(
        ["trusted", "stranger", "fails"].iter().all(|it| counted.contains_key(&(Relation::Same, (*it).to_owned())))
    );
    tab.close();
}

/// Where the vectors of others lie.
fn vector(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ledger/vectors").join(name);
    fs::read_to_string(&path).unwrap_or_else(|why| panic!("{}: {why}", path.display()))
}

#[test]
fn the_vectors_of_others_come_out_as_they_say() {
    let issued = Issued::founded();
    let tab = opened(&written(&issued), Eyes::DESK);
    for name in ["arrays", "french", "structures", "unicode", "values", "weird"] {
        let input = vector(&format!("rfc8785/input/{name}.json"));
        let canonical = tab.eval(&format!("verifier.canonical({})", Value::from(input)));
        assert_eq!(canonical, vector(&format!("rfc8785/output/{name}.json")), "{name}");
    }
    let says = |files: &[(&str, String)]| -> Vec<judges::Said> {
        page_says(&tab, &files.iter().map(|(name, text)| Given::new(name, text)).collect::<Vec<_>>())
    };
    let log = |name: &'static str| (name, vector(&format!("sample-tlog-1000/{name}")));
    let said = says(&[log("123.tlog-proof"), log("leaf-123")]);
    assert!(said[0].words.contains("holds inclusion: act 123 is in the log"), "{}", said[0].words);
    for files in [[log("123.tlog-proof"), log("leaf-bad")], [log("bad.tlog-proof"), log("leaf-bad")]] {
        assert_eq!(says(&files)[0].verdict, "fails");
    }
    let said = says(&[log("consistency.txt"), log("ckpt-700.txt"), log("ckpt-1000.txt")]);
    // A proof bears no signature, and is worth what the heads are worth that it joins.
    assert_eq!(said[0].verdict, "stranger", "{}", said[0].words);
    assert!(said[0].words.contains("holds consistency: the head of 1000 acts goes on"), "{}", said[0].words);
    let said = says(&[log("consistency.txt"), log("ckpt-1000.txt")]);
    assert!(said[0].verdict == "stranger" && said[0].words.contains("unknown consistency"), "{}", said[0].words);
    // The log's key, as a list of keys would name it.
    let keys = format!(
        "{{\"id\":\"did:web:log.example\",\"verificationMethod\":[],\"assertionMethod\":[],\"logKeys\":[{}]}}",
        Value::from(vector("sample-tlog-1000/vkey").trim())
    );
    let keys = || Given::new("did.json", &keys).trusted();
    for name in ["ckpt-700.txt", "ckpt-1000.txt", "ckpt-1000.cosigned.txt"] {
        let said = page_says(&tab, &[Given::new(name, log_text(name)), keys()]);
        assert!(said[0].words.contains("is signed by the log"), "{name}: {}", said[0].words);
        let changed = log_text(name).replacen("\n1000\n", "\n1001\n", 1).replacen("\n700\n", "\n701\n", 1);
        assert_eq!(page_says(&tab, &[Given::new(name, changed), keys()])[0].verdict, "fails", "{name}");
    }
    // Others' signatures by canonical JSON, and those that are none.
    let signed = vector("w3c/eddsa-jcs-2022/signedJCS.json");
    for (name, text, holds) in [
        ("signedJCS", signed.clone(), true),
        ("changed", signed.replacen("Alumni", "Alumna", 1), false),
        ("jcs-proof-without-context", vector("jcs-proof-without-context.json"), true),
        ("jcs-tampered", vector("jcs-tampered.json"), false),
        ("openvc-nonconforming-signed", vector("openvc-nonconforming-signed.json"), false),
    ] {
        let said = says(&[(name, text)]);
        assert_eq!(said[0].words.contains("holds signature"), holds, "{name}: {}", said[0].words);
    }
    tab.close();
}

fn log_text(name: &str) -> String {
    vector(&format!("sample-tlog-1000/{name}"))
}

#[test]
fn the_page_serves_old_browsers_slow_phones_and_printed_squares() {
    let issued = Issued::sample_year();
    let page = written(&issued);
    without_keys_of_the_browsers_own_it_judges_the_same(&issued, &page);
    a_document_takes_no_time_on_a_phone(&issued, &page);
    a_printed_square_is_held_against_the_document(&issued, &page);
}

fn without_keys_of_the_browsers_own_it_judges_the_same(issued: &Issued, page: &Path) {
    let tab = opened(page, Eyes::PHONE);
    tab.eval("SubtleCrypto.prototype.importKey = () => { throw new DOMException('no', 'NotSupportedError'); }; 0");
    let badge = issued.given(&issued.named("passport", "badge", ".json")[0]);
    let statement = issued.given(&issued.statements()[0]);
    let changed =
        Given::new("changed", issued.text(&issued.statements()[0]).replacen("Minutes\": 1", "Minutes\": 2", 1));
    let said = page_says(&tab, &[badge, statement, issued.keys()]);
    assert_eq!(said.iter().map(|said| said.verdict.as_str()).collect::<Vec<_>>(), ["trusted"; 3], "{said:?}");
    assert_eq!(page_says(&tab, &[changed, issued.keys()])[0].verdict, "fails");
    // By a clock that is wrong for certain nothing is in order, and by one that is slow the page says what may be wrong.
    let said = judges::page_says_at(&tab, &[issued.given("out/status.json"), issued.keys()], "Date.UTC(2020, 0, 1)");
    assert_eq!(said[1].verdict, "unjudged", "{}", said[1].words);
    assert!(said[0].words.contains("or the clock of this device is slow"), "{}", said[0].words);
    // Where nothing can be known of signatures, nothing is said of them.
    tab.eval("Object.defineProperty(globalThis, 'crypto', { value: {} }); 0");
    let statement = issued.given(&issued.statements()[1]);
    let said = page_says(&tab, &[statement, issued.keys()]);
    assert_eq!(said[0].verdict, "unjudged", "{}", said[0].words);
    tab.close();
}

/// What people do: they choose files, tick that they have the keys from the network, and read.
#[test]
fn people_read_what_holds_and_say_whom_they_trust() {
    let issued = Issued::sample_year();
    let page = written(&issued);
    let statement = &issued.statements()[0];
    for (language, words) in [
        (
            "fr",
            [
                "J'ai obtenu ce fichier du réseau lui-même",
                "tout faussaire peut en faire autant",
                "Tout est en ordre",
                "À NE PAS CROIRE",
            ],
        ),
        (
            "en",
            [
                "I have this file from the network itself",
                "any forger can do as much",
                "All is in order",
                "DO NOT BELIEVE IT",
            ],
        ),
    ] {
        let mut tab = opened(&page, Eyes { without_mouse: true, ..Eyes::PHONE }.reading(language));
        tab.give(
            "choose",
            &[
                issued.sandbox.path(statement),
                issued.sandbox.path("out/did.json"),
                issued.sandbox.path("out/status.json"),
            ],
        );
        tab.eventually("it is judged", |tab| tab.eval("document.documentElement.dataset.judged") == "3");
        tab.reads(words[1]);
        tab.tap(words[0]);
        tab.eventually("whom it was is known", |tab| tab.text().contains(&super::looking::plain(words[2])));
        looked_at(&mut tab, &format!("verify-{language}"));
        let spoilt = issued.text(statement).replacen("Minutes\": 1", "Minutes\": 2", 1);
        let spoilt = issued.sandbox.write("spoilt.json", spoilt);
        tab.look_with(Eyes::PHONE);
        tab.give("choose", &[spoilt]);
        tab.eventually("what is wrong stands first", |tab| {
            let first = tab.eval("document.querySelector('#results article h2').textContent");
            first.as_str().is_some_and(|first| first.starts_with(words[3]))
        });
        tab.give("choose", &[issued.sandbox.path("passport/passport.json")]);
        tab.eventually("the passport is judged", |tab| tab.eval("document.documentElement.dataset.judged") == "5");
        looked_at(&mut tab, &format!("verify-more-{language}"));
        tab.press(Key::Tab);
        tab.close();
    }
}

/// The page as it is, folded and unfolded, is for everybody.
fn looked_at(tab: &mut Tab, name: &str) {
    let dark = Eyes { in_the_dark: true, ..Eyes::PHONE };
    let large = Eyes { magnified: Magnified::Letters, ..Eyes::PHONE };
    for eyes in [Eyes::PHONE, dark, Eyes { width: 320, ..Eyes::PHONE }, large, Eyes::DESK] {
        tab.look_with(eyes);
        if std::env::var_os("COUDEMAIN_TEST_PICTURES").is_some() && eyes.magnified == Magnified::Not {
            tab.eval("document.querySelectorAll('details').forEach((it) => { it.open = false; })");
            tab.picture(&format!("{name}-{}{}", eyes.width, if eyes.in_the_dark { "-dark" } else { "" }));
        }
        tab.eval("document.querySelectorAll('details').forEach((it) => { it.open = true; })");
        let look = |tab: &Tab| [barriers(tab), pale(tab), overflowing(tab), crowded(tab), small_targets(tab)].concat();
        assert_eq!(tab.seeing_all(look), Vec::<String>::new(), "{name} {eyes:?}");
    }
}

/// The square on a page leads to the verifier with the digest of what it was printed for.
fn a_printed_square_is_held_against_the_document(issued: &Issued, page: &Path) {
    let name = &issued.named("new", "20", ".json")[0];
    let printed = command_says(&[issued.given(&issued.named("new", "20", ".pdf")[0])]).unwrap().remove(0);
    let (_, digest) = printed.words.split_once("which the page has to bear: ").unwrap();
    let digest = digest.lines().next().unwrap().replace(' ', "");
    let mut tab = opened(Path::new(&format!("{}#sha256={digest}", page.display())), Eyes::PHONE);
    tab.reads("Vous venez d’un carré imprimé");
    for (given, says) in
        [(name, "✓ C'est le document pour lequel"), (&issued.statements()[1], "✗ Ce n'est pas le document pour lequel")]
    {
        tab.give("choose", &[issued.sandbox.path(given)]);
        tab.eventually(says, |tab| tab.text().contains(&super::looking::plain(says)));
    }
    tab.close();
}

/// On a processor six times slower, a document takes less than a tenth of a second.
fn a_document_takes_no_time_on_a_phone(issued: &Issued, page: &Path) {
    let tab = opened(page, Eyes::PHONE);
    let badge = issued.given(&issued.named("passport", "badge", ".json")[0]);
    let statement = issued.given(&issued.statements()[0]);
    tab.slow_down(6);
    let mut told = String::new();
    for file in [badge, statement] {
        let name = file.name.clone();
        let files = [file, issued.keys()];
        // The first one waits for the browser to compile what it does.
        let times: Vec<Duration> = (0..12).map(|_| judges::time_of_page(&tab, &files)).collect();
        writeln!(told, "{name}: {times:?}").unwrap();
        assert!(times.iter().min().unwrap().as_millis() < 100, "{told}");
    }
    println!("{told}");
    tab.slow_down(1);
    tab.close();
}

/// Served, it is the same file; what it may is said beside it, too.
#[test]
fn the_page_is_served_to_everybody_as_it_is_kept() {
    let village = super::village::Village::on(crate::command::Sandbox::sqlite());
    let mut browser = super::browser::Browser::before(&village.served.address, "fr");
    let reply = browser.ask("GET", "/verify", None);
    assert_eq!(reply.status, 200);
    crate::twins::done(&village.served.sandbox.run("verify --page page.html"));
    assert_eq!(reply.bytes, fs::read(village.served.sandbox.path("page.html")).unwrap());
    let policy = reply.header("content-security-policy").unwrap();
    for words in ["default-src 'none'", "script-src 'sha256-", "connect-src 'none'", "frame-ancestors 'none'"] {
        assert!(policy.contains(words), "{policy}");
    }
    assert!(reply.text.contains(policy.strip_suffix("; frame-ancestors 'none'").unwrap()));
    let mut tab = Tab::before(&village.served.address, "the_verifier_is_served", Eyes::PHONE);
    tab.open("/verify");
    tab.reads("Garder cette page");
    let said = page_says(&tab, &[Given::new("x", "{}")]);
    assert_eq!(said[0].verdict, "fails");
    tab.close();
}
