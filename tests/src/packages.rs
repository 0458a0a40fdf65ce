//! What the tests need of the machine, installed where it is missing and we are let.

use std::io::{self, Write as _};
use std::process::{Command, Stdio};

/// Installs a package, on a machine that has apt-get and lets us; `missing` is said where that cannot be.
pub(crate) fn install(package: &str, missing: &str) -> Result<(), String> {
    let succeeds = |program: &str, arguments: &[&str]| {
        let run = Command::new(program).args(arguments).stdin(Stdio::null()).output();
        run.is_ok_and(|run| run.status.success())
    };
    let sudo: &[&str] = match is_root() {
        true => &[],
        false if succeeds("sudo", &["-n", "true"]) => &["sudo", "-n"],
        false => return Err(missing.to_owned()),
    };
    if !succeeds("apt-get", &["--version"]) {
        return Err(missing.to_owned());
    }
    // Not eprintln!, which the test harness hides when a test passes.
    let _ = writeln!(io::stderr(), "{package} is not installed: installing it with apt-get.");
    // Another apt-get may be running, as on a machine that has just started.
    let wait = ["-o", "DPkg::Lock::Timeout=300"];
    let apt = [sudo, &["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"], &wait].concat();
    let update: &[&str] = &["update"];
    let install: &[&str] = &["install", "-y", "--no-install-recommends", package];
    for order in [update, install] {
        let words = [&apt, order].concat();
        let run = Command::new(words[0])
            .args(&words[1..])
            .stdin(Stdio::null())
            .output()
            .map_err(|error| format!("{missing} ({}: {error})", words.join(" ")))?;
        if !run.status.success() {
            let why = String::from_utf8_lossy(&run.stderr);
            return Err(format!("{missing} ({} failed: {})", words.join(" "), why.trim()));
        }
    }
    Ok(())
}

pub(crate) fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|run| run.stdout == b"0\n")
}
