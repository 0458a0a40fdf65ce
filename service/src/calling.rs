//! Calls another machine over HTTP: one connection for all that is asked of it, and none to an address that is not
//! everybody's, unless that is allowed.

use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use http_body_util::{BodyExt as _, Full, Limited};
use hyper::{
    Method, Request, Response, Uri,
    body::{Bytes, Incoming},
    client::conn::http1::{SendRequest, handshake},
    header,
};
use hyper_util::rt::TokioIo;
use ledger::{Language, trouble};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    task::JoinHandle,
};
use tokio_rustls::{
    TlsConnector,
    rustls::{ClientConfig, RootCertStore, crypto::ring, pki_types::ServerName},
};

/// No address has more characters.
const URL_MOST: usize = 500;
/// So long an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Why there is no answer.
#[derive(Debug)]
pub enum NotReached {
    /// What of the address does not fit, in a word.
    Address(&'static str),
    /// No machine of that name.
    NoSuchHost,
    /// Its address is not everybody's.
    PrivateAddress,
    /// The connection could not be made.
    Connection(io::Error),
    /// The other side does not speak as it should.
    Protocol(String),
    /// It took too long.
    TooSlow,
}

impl NotReached {
    /// Why, in a sentence.
    pub fn in_words(&self, language: Language) -> String {
        match self {
            Self::Address(why) => language.pick(
                format!("cette adresse ne convient pas ({why}) ; https://… conviendrait"),
                format!("this address does not fit ({why}); https://… would"),
            ),
            Self::NoSuchHost => language.pick("aucune machine de ce nom", "no machine of that name").to_owned(),
            Self::PrivateAddress => {
                language.pick("cette adresse est d'un réseau privé", "this address is of a private network").to_owned()
            }
            Self::Connection(error) => trouble::in_words(error, language),
            Self::Protocol(why) => language.pick(
                format!("la réponse ne se comprend pas : {why}"),
                format!("the answer cannot be understood: {why}"),
            ),
            Self::TooSlow => language.pick("pas de réponse à temps", "no answer in time").to_owned(),
        }
    }
}

impl fmt::Display for NotReached {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(why) => f.write_str(why),
            Self::NoSuchHost => f.write_str("no such host"),
            Self::PrivateAddress => f.write_str("a private address"),
            Self::Connection(error) => error.fmt(f),
            Self::Protocol(why) => f.write_str(why),
            Self::TooSlow => f.write_str("no answer in time"),
        }
    }
}

/// An address that may be called.
///
/// # Errors
/// What of it does not fit.
pub fn address(url: &str, may_be_private: bool) -> Result<Uri, &'static str> {
    if url.len() > URL_MOST {
        return Err("500 characters at most");
    }
    let uri: Uri = url.parse().map_err(|_| "unreadable")?;
    match uri.scheme_str() {
        Some("https") => {}
        Some("http") if may_be_private => {}
        _ => return Err("https"),
    }
    let authority = uri.authority().ok_or("host")?;
    if authority.as_str().contains('@') {
        return Err("no user");
    }
    let host = authority.host().trim_matches(['[', ']']);
    if !may_be_private && host.parse::<IpAddr>().is_ok_and(|ip| !is_public(ip)) {
        return Err("public");
    }
    Ok(uri)
}

/// What is asked.
#[derive(Debug)]
pub struct Question<'a> {
    /// How.
    pub method: Method,
    /// What stands behind the line's own address.
    pub path: &'a str,
    /// Headers beside those that every question has.
    pub headers: &'a [(&'a str, String)],
    /// The body.
    pub body: Bytes,
}

impl<'a> Question<'a> {
    /// Asks for what is there.
    pub fn get(path: &'a str) -> Self {
        Self { method: Method::GET, path, headers: &[], body: Bytes::new() }
    }
}

/// What is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The status.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
}

/// A line to a machine.
#[derive(Debug)]
pub struct Line {
    address: Uri,
    may_be_private: bool,
    open: Option<Connection>,
}

#[derive(Debug)]
struct Connection {
    sender: SendRequest<Full<Bytes>>,
    task: JoinHandle<()>,
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Line {
    /// A line to an address, under which everything stands that is asked for. Nothing is called yet.
    ///
    /// # Errors
    /// When the address does not fit.
    pub fn to(url: &str, may_be_private: bool) -> Result<Self, NotReached> {
        let address = address(url, may_be_private).map_err(NotReached::Address)?;
        Ok(Self { address, may_be_private, open: None })
    }

    /// Asks, and reads an answer of so many bytes at most.
    ///
    /// # Errors
    /// When there is none, or a longer one. A status that says no is an answer.
    pub async fn ask(&mut self, question: &Question<'_>, bytes_most: usize) -> Result<Answered, NotReached> {
        let answered = async {
            let answer = self.send(question).await?;
            let status = answer.status().as_u16();
            let body = Limited::new(answer.into_body(), bytes_most).collect().await;
            let body = body.map_err(misunderstood)?.to_bytes().to_vec();
            Ok(Answered { status, body })
        };
        tokio::time::timeout(PATIENCE, answered).await.unwrap_or(Err(NotReached::TooSlow))
    }

    /// Asks; the body of the answer has still to come.
    ///
    /// # Errors
    /// When there is no answer. Redirections are not followed.
    pub async fn send(&mut self, question: &Question<'_>) -> Result<Response<Incoming>, NotReached> {
        if let Some(mut open) = self.open.take()
            && open.sender.ready().await.is_ok()
            && let Ok(answer) = open.sender.send_request(self.request(question)?).await
        {
            self.open = Some(open);
            return Ok(answer);
        }
        // The other side may have hung up meanwhile.
        let mut open = self.connect().await?;
        let answer = open.sender.send_request(self.request(question)?).await.map_err(misunderstood)?;
        self.open = Some(open);
        Ok(answer)
    }

    fn request(&self, question: &Question<'_>) -> Result<Request<Full<Bytes>>, NotReached> {
        let own = self.address.path_and_query().map_or("/", |path| path.as_str());
        let path = if question.path.is_empty() {
            own.to_owned()
        } else {
            own.trim_end_matches('/').to_owned() + question.path
        };
        let mut request = Request::builder()
            .method(question.method.clone())
            .uri(path)
            .header(header::HOST, self.address.authority().map_or("", |authority| authority.as_str()))
            .header(header::USER_AGENT, concat!("coudemain/", env!("CARGO_PKG_VERSION")));
        for (name, value) in question.headers {
            request = request.header(*name, value);
        }
        request.body(Full::new(question.body.clone())).map_err(misunderstood)
    }

    async fn connect(&self) -> Result<Connection, NotReached> {
        let host = self.address.host().unwrap_or_default().trim_matches(['[', ']']).to_owned();
        let is_https = self.address.scheme_str() == Some("https");
        let port = self.address.port_u16().unwrap_or(if is_https { 443 } else { 80 });
        let stream = self.reach(&host, port).await?;
        if is_https {
            let name = ServerName::try_from(host).map_err(misunderstood)?;
            let stream = TlsConnector::from(Arc::clone(&TLS)).connect(name, stream).await;
            speak(stream.map_err(NotReached::Connection)?).await
        } else {
            speak(stream).await
        }
    }

    /// Connects to an address that was looked at, so that no second look-up can lead elsewhere.
    async fn reach(&self, host: &str, port: u16) -> Result<TcpStream, NotReached> {
        let found = tokio::net::lookup_host((host, port)).await.map_err(|_| NotReached::NoSuchHost)?;
        let found: Vec<SocketAddr> = found.collect();
        if found.is_empty() {
            return Err(NotReached::NoSuchHost);
        }
        if !self.may_be_private && found.iter().any(|address| !is_public(address.ip())) {
            return Err(NotReached::PrivateAddress);
        }
        TcpStream::connect(found.as_slice()).await.map_err(NotReached::Connection)
    }
}

fn misunderstood(error: impl fmt::Display) -> NotReached {
    NotReached::Protocol(error.to_string())
}

async fn speak<S>(stream: S) -> Result<Connection, NotReached>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let connected = handshake(TokioIo::new(stream)).await;
    let (sender, connection) = connected.map_err(misunderstood)?;
    // What goes wrong there is told to whoever waits for an answer.
    let task = tokio::spawn(async move { drop(connection.await) });
    Ok(Connection { sender, task })
}

/// Whom this machine trusts.
static TLS: LazyLock<Arc<ClientConfig>> = LazyLock::new(|| {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    #[expect(clippy::expect_used, reason = "the provider has what its own default versions need")]
    let builder = builder.with_safe_default_protocol_versions().expect("ring knows TLS 1.2 and 1.3");
    Arc::new(builder.with_root_certificates(roots).with_no_client_auth())
});

/// Whether an address is everybody's: not this machine's, nor a network's own.
fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let is_special = matches!((a, b, c), (0 | 240.., _, _) | (100, 64..=127, _) | (192, 0, 0) | (198, 18..=19, _));
    !(is_special
        || ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_multicast()
        || ip.is_documentation())
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    if let Some(ip) = ip.to_ipv4_mapped() {
        return is_public_v4(ip);
    }
    // Only what is given out to everybody, without what leads to addresses of version 4 and without examples.
    let [first, second, ..] = ip.segments();
    first & 0xe000 == 0x2000 && first != 0x2002 && !(first == 0x2001 && (second < 0x0200 || second == 0x0db8))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_addresses_are_called() {
        for (ip, expected) in [
            ("93.184.216.34", true),
            ("10.0.0.1", false),
            ("127.0.0.1", false),
            ("169.254.169.254", false),
            ("172.16.0.1", false),
            ("192.168.1.1", false),
            ("100.64.0.1", false),
            ("0.0.0.0", false),
            ("255.255.255.255", false),
            ("::1", false),
            ("::ffff:10.0.0.1", false),
            ("fd00::1", false),
            ("fe80::1", false),
            ("64:ff9b::a00:1", false),
            ("2002:a00:1::", false),
            ("2606:4700::1", true),
        ] {
            assert_eq!(is_public(ip.parse().unwrap()), expected, "{ip}");
        }
        assert!(address("https://example.org/x", false).is_ok());
        for url in
            ["http://example.org/", "ftp://example.org/", "https://u@example.org/", "https://127.0.0.1/", "/x", ""]
        {
            assert!(address(url, false).is_err(), "{url}");
        }
        assert!(address("https://[::1]/", false).is_err());
        assert!(address("http://127.0.0.1:9/", true).is_ok());
    }
}
