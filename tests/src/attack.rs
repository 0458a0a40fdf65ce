//! What somebody, or something, does on purpose or by misfortune to stop the service or to have it lose what it promised,
//! and what becomes of the others meanwhile.

mod batches;
mod disks;
mod hostile_files;
mod kills;
mod proxy;
mod read_only;
mod sockets;
mod webhooks;

mod load;

use crate::{
    api::served::Served,
    command::{Running, Sandbox},
};

/// What the system says of a process under that name.
fn status(process: &Running, name: &str) -> String {
    let status = std::fs::read_to_string(format!("/proc/{}/status", process.id())).unwrap();
    let said = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).unwrap();
    said.trim().to_owned()
}

/// The most memory that a process has had, in MiB.
fn peak_mib(process: &Running) -> u64 {
    status(process, "VmHWM").trim_end_matches(" kB").parse::<u64>().unwrap() / 1_024
}

/// By huge pages the service takes twice as much where it is attacked.
#[test]
fn memory_comes_by_ordinary_pages() {
    let served = Served::with(Sandbox::sqlite(), "");
    assert_eq!(status(&served.process, "THP_enabled"), "0");
}

/// Reads what a process says of itself, which would stop it once nobody takes it.
fn drain(process: &mut Running) {
    let mut said = process.stderr.take().unwrap();
    std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
}
