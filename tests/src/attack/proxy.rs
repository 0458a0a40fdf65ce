//! The proxy of the README's example, a real one: what it keeps away, and what it lets through.

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::json;
use tempfile::TempDir;

use super::drain;
use crate::api::served::{Served, eventually, token};
use crate::command::Sandbox;
use crate::packages::install;

/// nginx before a service, as the README says, but for the encryption.
struct Proxy {
    folder: TempDir,
    process: Child,
    address: String,
}

impl Proxy {
    fn before(service: &str) -> Self {
        let program = program();
        // Another program may take the port that was free a moment ago.
        for _ in 0..5 {
            if let Some(proxy) = Self::start(&program, service) {
                return proxy;
            }
        }
        panic!("nginx does not start");
    }

    fn start(program: &Path, service: &str) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
        let example = example().replace("443 ssl", &address).replace("127.0.0.1:8080", service);
        assert_eq!(example.matches(service).count(), 2, "{example}");
        let mut words =
            "daemon off; master_process off; pid nginx.pid; events {}\nhttp {\naccess_log off;\n".to_owned();
        for kind in ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"] {
            writeln!(words, "{kind}_temp_path {kind};").unwrap();
        }
        std::fs::write(folder.path().join("nginx.conf"), format!("{words}{example}}}\n")).unwrap();
        let process = Command::new(program)
            .arg("-p")
            .arg(folder.path())
            .args(["-c", "nginx.conf", "-e", "error.log"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut proxy = Self { folder, process, address };
        let mut has_ended = false;
        eventually("nginx listens or ends", || {
            has_ended = proxy.process.try_wait().unwrap().is_some();
            has_ended || TcpStream::connect(&proxy.address).is_ok()
        });
        let log = std::fs::read_to_string(proxy.folder.path().join("error.log")).unwrap_or_default();
        assert!(!log.contains("[emerg]") || log.contains("Address already in use"), "{log}");
        (!has_ended).then_some(proxy)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The README's example.
fn example() -> String {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md")).unwrap();
    let (_, after) = readme.split_once("for nginx:\n").unwrap();
    let lines = after.trim_start().lines().take_while(|line| !line.starts_with('`'));
    lines.map(str::trim_start).collect::<Vec<_>>().join("\n")
}

fn program() -> PathBuf {
    let find = || {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders: Vec<_> = std::env::split_paths(&path).chain([PathBuf::from("/usr/sbin")]).collect();
        folders.into_iter().map(|folder| folder.join("nginx")).find(|program| program.is_file())
    };
    find().unwrap_or_else(|| {
        let missing = "This test needs nginx, which was not found. Install it (on Debian: apt-get install nginx).";
        install("nginx", missing).unwrap_or_else(|why| panic!("{why}"));
        find().unwrap_or_else(|| panic!("nginx was installed but is not found."))
    })
}

#[test]
fn the_proxy_of_the_readme_bounds_what_one_address_may_have() {
    let mut served = Served::fresh(Sandbox::sqlite());
    drain(&mut served.process);
    let (a, b) = (served.association("Chorale"), served.association("Fanfare"));
    let tokens = [(); 3].map(|()| token(&served.sandbox, ""));
    let proxy = Proxy::before(&served.address);
    served.address.clone_from(&proxy.address);

    // What is meant for others than everybody is kept away; a batch that is as large as may be is let through.
    served.call("GET", "/healthz").send().expect(200);
    served.call("GET", "/metrics").send().expect(403);
    let memo = "é".repeat(500);
    let line = json!({ "giver": a, "receiver": b, "minutes": 15, "service_date": "2026-03-14", "memo": memo });
    let lines = format!("{line}\n").repeat(3_000);
    let call = served.call("POST", "/v1/exchanges/batch").token(&served.operator);
    let taken = call.body("application/x-ndjson", lines).send().expect(200);
    assert_eq!(taken.text.matches("\"status\":201").count(), 3_000);

    // One address has twenty requests under way, here streams that nobody reads, and the next is told so.
    let mut streams = Vec::new();
    for token in tokens.iter().cycle().take(20) {
        let mut stream = TcpStream::connect(&served.address).unwrap();
        stream.write_all(&served.call("GET", "/v1/events").token(token).bytes()).unwrap();
        let mut status = [0; 12];
        stream.read_exact(&mut status).unwrap();
        assert_eq!(std::str::from_utf8(&status), Ok("HTTP/1.1 200"));
        streams.push(stream);
    }
    served.call("GET", "/healthz").send().expect(429);
    // What happens is told at once, and not once a buffer is full.
    drop(streams.split_off(1));
    eventually("there is room again", || served.call("GET", "/healthz").send().status == 200);
    served.association("Judo");
    let mut told = String::new();
    while !told.contains("event: ") {
        let mut piece = [0; 1_024];
        let bytes = streams[0].read(&mut piece).unwrap();
        assert!(bytes > 0, "{told}");
        told.push_str(&String::from_utf8_lossy(&piece[..bytes]));
    }
    // Nor does it hand on what the two could understand differently.
    let smuggled =
        "POST /v1/exchanges HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n";
    let refused = crate::api::served::exchange(&served.address, smuggled.as_bytes()).unwrap();
    assert_eq!(refused.status, 400, "{refused:?}");
}
