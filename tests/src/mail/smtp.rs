//! A mail server that others wrote (aiosmtpd): it takes letters as the standards have it, and lays them into a folder.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;

use tempfile::TempDir;

use crate::packages;

/// Debian's, which finds what Debian's packages bring.
static PYTHON: LazyLock<&'static str> = LazyLock::new(|| {
    let python = if Path::new("/usr/bin/python3").exists() { "/usr/bin/python3" } else { "python3" };
    let knows = |module: &str| {
        Command::new(python).args(["-c", &format!("import {module}")]).output().is_ok_and(|run| run.status.success())
    };
    if !knows("aiosmtpd") {
        let missing = "a mail server to send letters to is missing: install python3-aiosmtpd";
        packages::install("python3-aiosmtpd", missing).unwrap_or_else(|why| panic!("{why}"));
        assert!(knows("aiosmtpd"), "{missing}");
    }
    python
});

/// Runs a script; what it prints.
pub(crate) fn python(script: &str, arguments: &[&str]) -> String {
    let run = Command::new(*PYTHON).arg("-c").arg(script).args(arguments).output().unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    String::from_utf8(run.stdout).unwrap()
}

/// A mail server on a port of its own. It ends with this.
pub(crate) struct MailServer {
    pub(crate) port: u16,
    pub(crate) folder: TempDir,
    process: Child,
}

impl MailServer {
    /// One that speaks in the open, and asks nobody who they are.
    pub(crate) fn start() -> Self {
        Self::with(&[])
    }

    /// With TLS from the start (`tls`) or after switching (`starttls`), under the certificate and key in that folder; it
    /// takes letters from whoever signs in as `club@x` with `p:@ss é`.
    pub(crate) fn with_tls(how: &str, certificates: &Path) -> Self {
        Self::with(&[how, certificates.to_str().unwrap()])
    }

    fn with(words: &[&str]) -> Self {
        let folder = TempDir::new().unwrap();
        let mut process = Command::new(*PYTHON)
            .args(["-c", SERVER, folder.path().to_str().unwrap()])
            .args(words)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut port = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut port).unwrap();
        Self { port: port.trim().parse().unwrap(), folder, process }
    }

    pub(crate) fn way(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Addresses that begin with `nobody` are unknown to it, those that begin with `later` it takes another time, and letters
/// that speak of spam it refuses.
const SERVER: &str = r#"
import asyncio, os, ssl, sys
from aiosmtpd.smtp import SMTP, AuthResult

folder, how, certificates = (sys.argv[1:] + ["", ""])[:3]
count = 0

class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody"):
            return "550 5.1.1 <%s>: no such mailbox" % address
        if address.startswith("later"):
            return "450 4.2.0 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        global count
        if b"spam" in envelope.content:
            return "554 5.7.1 not this"
        count += 1
        path = os.path.join(folder, "%06d" % count)
        with open(path, "wb") as file:
            file.write(envelope.content)
        os.rename(path, path + ".eml")
        return "250 OK"

def knows(server, session, envelope, mechanism, data):
    return AuthResult(success=data.login == b"club@x" and data.password == "p:@ss \u00e9".encode())

async def serve():
    options, tls = {"hostname": "localhost"}, None
    if how:
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(certificates + "/cert.pem", certificates + "/key.pem")
        options |= {"authenticator": knows, "auth_required": True}
    if how == "starttls":
        options |= {"tls_context": tls, "require_starttls": True}
    if how == "tls":
        options |= {"auth_require_tls": False}
    make = lambda: SMTP(Handler(), **options)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(make, "127.0.0.1", 0, ssl=tls if how == "tls" else None)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)

asyncio.run(serve())
"#;
