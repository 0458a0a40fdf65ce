//! What an operator sets: from a file, and what the service then does for browsers and slow lines.

use serde_json::json;

use super::served::{Served, eventually, token};
use crate::command::Sandbox;
use crate::twins::says;

#[test]
fn a_file_says_what_flags_would_and_a_flag_goes_before_it() {
    let sandbox = Sandbox::sqlite();
    sandbox.write("coudemain.toml", "body-most = 300\ncors-origins = \"https://pages.example.org\"\nrate = 1\n");
    let served = Served::with(sandbox, "--config coudemain.toml --rate 0");
    let long = json!({ "name": "x".repeat(400) });
    assert_eq!(served.post(&served.operator, "/v1/associations", &long).expect(413).problem(), "body-is-too-large");
    for _ in 0..30 {
        served.get(&served.operator, "/v1/me").expect(200);
    }
}

#[test]
fn a_file_with_an_unknown_setting_is_refused_by_name() {
    let sandbox = Sandbox::sqlite();
    crate::twins::done(&sandbox.run("init 'Entraide du pays'"));
    sandbox.write("wrong.toml", "listenn = \"127.0.0.1:0\"\n");
    let run = sandbox.run("serve --config wrong.toml");
    assert_eq!(run.code, Some(2), "{run}");
    assert!(run.stderr.contains("listenn"), "{run}");
    let run = sandbox.run("serve --config absent.toml");
    assert_eq!(run.code, Some(2), "{run}");
    assert!(run.stderr.contains("absent.toml"), "{run}");
}

#[test]
fn pages_of_named_origins_alone_are_let_in() {
    let asked = |served: &Served, origin: &str| {
        let call = served.call("OPTIONS", "/v1/associations").header("origin", origin);
        let reply = call.header("access-control-request-method", "GET").send();
        reply.header("access-control-allow-origin").map(str::to_owned)
    };
    let closed = Served::fresh(Sandbox::sqlite());
    assert_eq!(asked(&closed, "https://pages.example.org"), None);
    let open = Served::with(Sandbox::sqlite(), "--cors-origins https://pages.example.org,https://other.example.org");
    for origin in ["https://pages.example.org", "https://other.example.org"] {
        assert_eq!(asked(&open, origin).as_deref(), Some(origin));
    }
    assert_eq!(asked(&open, "https://evil.example.org"), None);
    let anywhere = Served::with(Sandbox::sqlite(), "--cors-origins *");
    assert_eq!(asked(&anywhere, "https://pages.example.org").as_deref(), Some("*"));
    let run = closed.sandbox.run("serve --listen 127.0.0.1:0 --cors-origins https://pages.example.org/,null");
    says(&run, 2, "« https://pages.example.org/ » n'est pas une origine");
}

#[test]
fn long_answers_are_compressed_for_whoever_takes_them_so() {
    let served = Served::fresh(Sandbox::sqlite());
    let plain = served.call("GET", "/openapi.json").send().expect(200);
    assert_eq!(plain.header("content-encoding"), None);
    let packed = served.call("GET", "/openapi.json").header("accept-encoding", "gzip").send().expect(200);
    assert_eq!(packed.header("content-encoding"), Some("gzip"));
    assert!(packed.bytes.len() < plain.bytes.len() / 4, "{} of {}", packed.bytes.len(), plain.bytes.len());
    let reads = token(&served.sandbox, "--scope read");
    served.call("GET", "/v1/balances").token(&reads).header("accept-encoding", "gzip").send().expect(200);
}

#[test]
fn the_list_of_what_was_revoked_is_served_to_anybody() {
    let served = Served::fresh(Sandbox::sqlite());
    let network = served.get(&served.operator, "/v1/network").expect(200).field("id");
    let list = served.call("GET", &format!("/v1/networks/{network}/status/1")).send().expect(200);
    assert_eq!(list.header("content-type"), Some("application/vc"));
    served.sandbox.write("list.json", &list.text);
    crate::twins::done(&served.sandbox.run("key export-public --out did.json"));
    let run = served.sandbox.run("verify list.json --trust did.json");
    crate::twins::says(&run, 0, "elle dit ce qui était révoqué");
    crate::twins::says(&run, 0, "vaut jusqu'au");
    served.call("GET", "/credentials/status/1").send().expect(404);
}

#[test]
fn the_log_is_signed_without_being_asked_and_never_with_a_key_that_others_can_read() {
    let served = Served::fresh(Sandbox::sqlite());
    let network = served.get(&served.operator, "/v1/network").expect(200).field("id");
    let checkpoint = format!("/v1/networks/{network}/log/checkpoint");
    eventually("The head is signed.", || served.get(&served.operator, &checkpoint).status == 200);

    let sandbox = Sandbox::sqlite();
    crate::twins::done(&sandbox.run("init 'Entraide du pays'"));
    crate::proofs::make_readable(&sandbox.path("coudemain.keys"));
    let run = sandbox.run("serve --listen 127.0.0.1:0");
    assert_eq!(run.code, Some(2), "{run}");
    assert!(run.stderr.contains("600"), "{run}");
}
