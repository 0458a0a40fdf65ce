//! Sends one webhook: signed, within a few seconds, and to no address that is not everybody's.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use http_body_util::Full;
use hyper::{Request, Uri, body::Bytes, header};
use hyper_util::rt::TokioIo;
use sha2::Sha256;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
};
use tokio_rustls::{
    TlsConnector,
    rustls::{ClientConfig, RootCertStore, crypto::ring, pki_types::ServerName},
};

/// So long a receiver may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// No address has more characters.
const URL_MOST: usize = 500;

/// What is sent.
#[derive(Debug)]
pub struct Message<'a> {
    /// Where to.
    pub url: &'a str,
    /// `whsec_` and the key in base64.
    pub secret: &'a str,
    /// The event's name: the same each time it is sent.
    pub id: String,
    /// When it is sent, in seconds since 1970.
    pub timestamp: i64,
    /// What is told, as JSON.
    pub body: String,
}

/// The address of a webhook, if it may be one.
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

/// Sends a message; the status that was answered, or what went wrong.
pub async fn send(message: &Message<'_>, may_be_private: bool) -> Result<u16, String> {
    let sent = tokio::time::timeout(PATIENCE, try_send(message, may_be_private)).await;
    sent.unwrap_or_else(|_| Err("no answer in time".to_owned()))
}

async fn try_send(message: &Message<'_>, may_be_private: bool) -> Result<u16, String> {
    let uri = address(message.url, may_be_private)?;
    let host = uri.host().unwrap_or_default().trim_matches(['[', ']']).to_owned();
    let is_https = uri.scheme_str() == Some("https");
    let port = uri.port_u16().unwrap_or(if is_https { 443 } else { 80 });
    let stream = connect(&host, port, may_be_private).await?;
    if is_https {
        let name = ServerName::try_from(host).map_err(|error| error.to_string())?;
        let stream = TlsConnector::from(Arc::clone(&TLS)).connect(name, stream).await;
        post(stream.map_err(|error| error.to_string())?, &uri, message).await
    } else {
        post(stream, &uri, message).await
    }
}

/// Connects to an address that was looked at, so that no second look-up can lead elsewhere.
async fn connect(host: &str, port: u16, may_be_private: bool) -> Result<TcpStream, String> {
    let found: Vec<SocketAddr> =
        tokio::net::lookup_host((host, port)).await.map_err(|error| error.to_string())?.collect();
    if found.is_empty() {
        return Err("no such host".to_owned());
    }
    if !may_be_private && found.iter().any(|address| !is_public(address.ip())) {
        return Err("a private address".to_owned());
    }
    TcpStream::connect(found.as_slice()).await.map_err(|error| error.to_string())
}

async fn post<S>(stream: S, uri: &Uri, message: &Message<'_>) -> Result<u16, String>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let request = Request::post(uri.path_and_query().map_or("/", |path| path.as_str()))
        .header(header::HOST, uri.authority().map_or("", |authority| authority.as_str()))
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::USER_AGENT, concat!("coudemain/", env!("CARGO_PKG_VERSION")))
        .header("webhook-id", &message.id)
        .header("webhook-timestamp", message.timestamp)
        .header("webhook-signature", signature(message).ok_or("an unreadable key")?)
        .body(Full::new(Bytes::from(message.body.clone())))
        .map_err(|error| error.to_string())?;
    let handshake = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await;
    let (mut sender, connection) = handshake.map_err(|error| error.to_string())?;
    let connection = tokio::spawn(connection);
    let answered = sender.send_request(request).await;
    // The status says it all; redirections are not followed.
    let status = answered.map(|answer| answer.status().as_u16()).map_err(|error| error.to_string());
    connection.abort();
    status
}

/// The signature of the Standard Webhooks form: HMAC-SHA-256 of `id.timestamp.body`.
fn signature(message: &Message<'_>) -> Option<String> {
    let key = STANDARD.decode(message.secret.strip_prefix("whsec_")?).ok()?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).ok()?;
    mac.update(format!("{}.{}.{}", message.id, message.timestamp, message.body).as_bytes());
    Some(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
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

    /// The example of the Standard Webhooks specification's reference libraries.
    #[test]
    fn a_signature_is_that_of_the_standard() {
        let message = Message {
            url: "",
            secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek".to_owned(),
            timestamp: 1_614_265_330,
            body: "{\"test\": 2432232314}".to_owned(),
        };
        assert_eq!(signature(&message).as_deref(), Some("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));
    }
}
