//! The ways on which letters leave: over SMTP, or into a folder. And what it means when they do not.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, Utc};
use lettre::{
    Address, Message,
    message::{
        Mailbox, MultiPart,
        header::{HeaderName as LettreName, HeaderValue},
    },
    transport::smtp::{
        Error as SmtpError,
        authentication::{Credentials, Mechanism},
        client::{AsyncSmtpConnection, TlsParameters},
        commands::{Data, Mail, Rcpt},
        extension::ClientId,
    },
};
use percent_encoding::percent_decode_str;
use url::{Host, Url};

use super::letter::{HeaderName, Letter};

/// So long a server may take to say goodbye to.
const GOODBYE: Duration = Duration::from_secs(2);

/// On which way letters leave, and from whom.
#[derive(Debug, Clone)]
pub struct Route {
    way: Way,
    from: Mailbox,
    patience: Duration,
}

#[derive(Debug, Clone)]
enum Way {
    Smtp(SmtpServer),
    Folder(PathBuf),
}

#[derive(Clone)]
struct SmtpServer {
    host: String,
    port: u16,
    secrecy: Secrecy,
    credentials: Option<Credentials>,
}

impl std::fmt::Debug for SmtpServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SmtpServer").field("host", &self.host).field("port", &self.port).finish_non_exhaustive()
    }
}

#[derive(Clone)]
enum Secrecy {
    /// TLS from the first byte: `smtps://`.
    FromTheStart(TlsParameters),
    /// Begun in the open, and never gone on with unless it becomes TLS: `smtp://`.
    BySwitching(TlsParameters),
    /// Not at all: to this machine itself, or where it was asked for with `?tls=none`.
    None,
}

/// Why a way cannot be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RouteProblem {
    /// It is neither `smtp://HOST`, `smtps://HOST` nor `folder:DIR`.
    NoWay,
    /// The address that letters come from is none.
    NoSender,
    /// The certificates of this machine cannot be read.
    NoCertificates,
    /// The folder is not there and cannot be made.
    NoFolder,
}

/// Why a letter did not leave. Each has what was said, for whoever runs the service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotSent {
    /// No mail is configured.
    NoMail,
    /// There is no such address, says the server that would know, or it is none. The next letter would not arrive either.
    AddressRefused(String),
    /// This letter is not taken, whenever it is sent.
    LetterRefused(String),
    /// It may be taken later; it may also have been taken, where the server broke off before it said so.
    NotNow(String),
}

impl Route {
    /// Reads `smtp://user:password@host:port`, `smtps://…` or `folder:DIR`, and from whom letters come:
    /// `heures@example.org` or `Entraide du pays <heures@example.org>`. A server has so long to take one.
    ///
    /// # Errors
    /// Which of them does not fit.
    pub fn parse(way: &str, from: &str, patience: Duration) -> Result<Self, RouteProblem> {
        let from: Mailbox = from.parse().map_err(|_| RouteProblem::NoSender)?;
        let way = match way.strip_prefix("folder:") {
            Some("") => return Err(RouteProblem::NoWay),
            Some(folder) => {
                fs::create_dir_all(folder).map_err(|_| RouteProblem::NoFolder)?;
                Way::Folder(PathBuf::from(folder))
            }
            None => Way::Smtp(SmtpServer::parse(way)?),
        };
        Ok(Self { way, from, patience })
    }

    /// How long a server may take to be connected to, and then to take a letter.
    pub fn patience(&self) -> Duration {
        self.patience
    }

    /// Sends a letter.
    ///
    /// # Errors
    /// Why it did not leave.
    pub async fn send(&self, letter: &Letter, now: DateTime<Utc>) -> Result<(), NotSent> {
        let to = address(&letter.to.address)?;
        let message =
            self.message(letter, to.clone(), now).map_err(|error| NotSent::LetterRefused(error.to_string()))?;
        match &self.way {
            Way::Folder(folder) => {
                let name = format!("{}-{}.eml", now.format("%Y%m%dT%H%M%S%6f"), letter.id);
                let (folder, bytes) = (folder.clone(), message.formatted());
                let written = tokio::task::spawn_blocking(move || lay_down(&folder, &name, &bytes)).await;
                let written = written.unwrap_or_else(|error| Err(io::Error::other(error)));
                written.map_err(|error| NotSent::NotNow(error.to_string()))
            }
            Way::Smtp(server) => self.hand_over(server, to, &message.formatted()).await,
        }
    }

    fn message(&self, letter: &Letter, to: Address, now: DateTime<Utc>) -> Result<Message, lettre::error::Error> {
        let Mailbox { email: from, .. } = &self.from;
        let builder = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(letter.to.shown_name(), to))
            .date(now.into())
            .message_id(Some(format!("<{}@{}>", letter.id, from.domain())))
            .subject(letter.subject_line())
            // No machine should answer: RFC 3834.
            .raw_header(header("Auto-Submitted", "auto-generated"))
            .raw_header(header("Content-Language", letter.language.as_str()));
        let builder = letter.headers.iter().fold(builder, |builder, (name, value)| {
            let name = match name {
                HeaderName::ListUnsubscribe => "List-Unsubscribe",
                HeaderName::ListUnsubscribePost => "List-Unsubscribe-Post",
                HeaderName::InReplyTo => "In-Reply-To",
            };
            builder.raw_header(header(name, value))
        });
        builder.multipart(MultiPart::alternative_plain_html(letter.text(), letter.html()))
    }

    async fn hand_over(&self, server: &SmtpServer, to: Address, message: &[u8]) -> Result<(), NotSent> {
        let late = || NotSent::NotNow("no answer in time".to_owned());
        let name = ClientId::Domain(self.from.email.domain().to_owned());
        let connected = tokio::time::timeout(self.patience, server.connect(&name)).await;
        // Whatever a server has against us before it knows for whom the letter is may be mended.
        let mut connection = connected.map_err(|_| late())?.map_err(|error| NotSent::NotNow(told(&error)))?;
        let talk = talk(&mut connection, self.from.email.clone(), to, message);
        let taken = tokio::time::timeout(self.patience, talk).await.unwrap_or_else(|_| Err(late()));
        // What was taken is taken, whatever becomes of the goodbye.
        let _ = tokio::time::timeout(GOODBYE, connection.abort()).await;
        taken
    }
}

impl SmtpServer {
    fn parse(text: &str) -> Result<Self, RouteProblem> {
        let url = Url::parse(text).map_err(|_| RouteProblem::NoWay)?;
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(RouteProblem::NoWay)?;
        let host = host.trim_matches(['[', ']']).to_owned();
        let is_here = host == "localhost" || host.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback());
        let tls = || TlsParameters::new(host.clone()).map_err(|_| RouteProblem::NoCertificates);
        let (secrecy, port) = match (url.scheme(), url.query()) {
            ("smtps", None) => (Secrecy::FromTheStart(tls()?), 465),
            ("smtp", None) if is_here => (Secrecy::None, 25),
            ("smtp", Some("tls=none")) => (Secrecy::None, 25),
            ("smtp", None | Some("tls=required")) => (Secrecy::BySwitching(tls()?), 587),
            _ => return Err(RouteProblem::NoWay),
        };
        if !matches!(url.path(), "" | "/") {
            return Err(RouteProblem::NoWay);
        }
        let decoded = |text: &str| percent_decode_str(text).decode_utf8().map(String::from);
        let credentials = match (url.username(), url.password()) {
            ("", None) => None,
            (user, password) => {
                let user = decoded(user).map_err(|_| RouteProblem::NoWay)?;
                let password = decoded(password.unwrap_or_default()).map_err(|_| RouteProblem::NoWay)?;
                Some(Credentials::new(user, password))
            }
        };
        Ok(Self { port: url.port().unwrap_or(port), host, secrecy, credentials })
    }

    async fn connect(&self, name: &ClientId) -> Result<AsyncSmtpConnection, SmtpError> {
        let tls_at_once = match &self.secrecy {
            Secrecy::FromTheStart(tls) => Some(tls.clone()),
            Secrecy::BySwitching(_) | Secrecy::None => None,
        };
        let there = (self.host.as_str(), self.port);
        let mut connection = AsyncSmtpConnection::connect_tokio1(there, None, name, tls_at_once, None).await?;
        if let Secrecy::BySwitching(tls) = &self.secrecy {
            connection.starttls(tls.clone(), name).await?;
        }
        if let Some(credentials) = &self.credentials {
            connection.auth(&[Mechanism::Plain, Mechanism::Login], credentials).await?;
        }
        Ok(connection)
    }
}

/// Offers a letter, step by step: which step is refused says what the refusal means.
async fn talk(connection: &mut AsyncSmtpConnection, from: Address, to: Address, message: &[u8]) -> Result<(), NotSent> {
    let not_now = |error: SmtpError| NotSent::NotNow(told(&error));
    connection.command(Mail::new(Some(from), Vec::new())).await.map_err(not_now)?;
    connection.command(Rcpt::new(to, Vec::new())).await.map_err(|error| {
        let told = told(&error);
        if error.is_permanent() { NotSent::AddressRefused(told) } else { NotSent::NotNow(told) }
    })?;
    let letter_refused = |error: SmtpError| {
        let told = told(&error);
        if error.is_permanent() { NotSent::LetterRefused(told) } else { NotSent::NotNow(told) }
    };
    connection.command(Data).await.map_err(letter_refused)?;
    connection.message(message).await.map_err(letter_refused)?;
    Ok(())
}

/// An address as SMTP takes it: its host in ASCII. Few servers would take letters before the `@` that are none.
fn address(written: &str) -> Result<Address, NotSent> {
    let refused = || NotSent::AddressRefused("no address".to_owned());
    let (user, host) = written.trim().rsplit_once('@').ok_or_else(refused)?;
    let host = match Host::parse(host).map_err(|_| refused())? {
        Host::Domain(domain) => domain,
        Host::Ipv4(_) | Host::Ipv6(_) => return Err(refused()),
    };
    if !user.is_ascii() {
        return Err(NotSent::AddressRefused("letters that are not ASCII before the @".to_owned()));
    }
    Address::new(user, host).map_err(|_| refused())
}

/// What a server said, on one line, not too long, and without addresses.
fn told(error: &SmtpError) -> String {
    let mut told = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        let cause_told = cause.to_string();
        if !told.contains(&cause_told) {
            told = format!("{told}: {cause_told}");
        }
        source = cause.source();
    }
    // Whose address it is about is known to whoever asked, and belongs in no log.
    let words = told.split(char::is_whitespace).map(|word| if word.contains('@') { "…" } else { word });
    let told: String = words.collect::<Vec<_>>().join(" ");
    told.chars().filter(|letter| !letter.is_control()).take(200).collect()
}

/// A header of ours: its value is printable ASCII, and stands on one line.
fn header(name: &'static str, value: &str) -> HeaderValue {
    let value: String = value.chars().filter(|letter| (' '..='~').contains(letter)).collect();
    HeaderValue::dangerous_new_pre_encoded(LettreName::new_from_ascii_str(name), value.clone(), value)
}

/// Writes a letter so that whoever looks into the folder finds it whole or not at all. It may hold a link that opens
/// something, so that nobody else may read it.
fn lay_down(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    let unfinished = folder.join(format!("{name}.part"));
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&unfinished)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&unfinished, folder.join(name))
}

#[cfg(test)]
mod tests {
    use ledger::Language;

    use super::*;
    use crate::mail::{Part, Recipient};

    fn letter(name: &str, address: &str) -> Letter {
        Letter {
            id: "act-12".to_owned(),
            to: Recipient { name: Some(name.to_owned()), address: address.to_owned() },
            language: Language::French,
            subject: "10\u{a0}h, est-ce juste\u{a0}?\r\nBcc: x@example.org".to_owned(),
            parts: vec![Part::Text("Bonjour".to_owned())],
            headers: vec![(
                HeaderName::ListUnsubscribe,
                format!("<https://h.example/u/{}>\r\nBcc: y@e.org", "x".repeat(80)),
            )],
        }
    }

    #[test]
    fn ways_are_read_and_secrets_are_not_shown() {
        let from = "Entraide du pays <heures@example.org>";
        let parse = |way: &str| Route::parse(way, from, Duration::from_secs(1));
        for way in [
            "smtp://mail.example.org",
            "smtp://u%40x:p%3Aw@mail.example.org:2525",
            "smtps://mail.example.org",
            "smtp://localhost:1025",
            "smtp://mail.internal?tls=none",
            "smtp://[::1]:25",
        ] {
            let route = parse(way).unwrap();
            assert!(!format!("{route:?}").contains("p:w"), "{route:?}");
        }
        for way in ["", "mail.example.org", "http://x", "folder:", "smtp://", "smtp://h?tls=maybe", "smtp://h/path"] {
            assert_eq!(parse(way).unwrap_err(), RouteProblem::NoWay, "{way}");
        }
        let nobody = Route::parse("smtp://localhost", "nobody", Duration::from_secs(1));
        assert_eq!(nobody.unwrap_err(), RouteProblem::NoSender);
    }

    #[test]
    fn names_break_no_header_and_repeats_bear_the_same_id() {
        let route = Route::parse("smtp://localhost", "Entraide <heures@example.org>", Duration::from_secs(1)).unwrap();
        let now = "2026-03-14T12:00:00Z".parse().unwrap();
        let to = address("alice@école.example").unwrap();
        let bytes = route.message(&letter("Zoé\r\nBcc: z@example.org", ""), to, now).unwrap().formatted();
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.is_ascii(), "{text}");
        let (head, _) = text.split_once("\r\n\r\n").unwrap();
        assert!(!head.to_lowercase().lines().any(|line| line.starts_with("bcc")), "{head}");
        for line in [
            "Message-ID: <act-12@example.org>",
            "Auto-Submitted: auto-generated",
            "Content-Language: fr",
            "Date: Sat, 14 Mar 2026 12:00:00 +0000",
        ] {
            assert!(head.lines().any(|found| found == line), "{line}: {head}");
        }
        assert!(head.contains("<alice@xn--cole-9oa.example>"), "{head}");
    }

    #[test]
    fn what_is_no_address_is_refused_for_good() {
        for written in
            ["", "alice", "@example.org", "a b@example.org", "a@b@example.org", "é@example.org", "a@[127.0.0.1]", "a@-"]
        {
            assert!(matches!(address(written), Err(NotSent::AddressRefused(_))), "{written}");
        }
        assert_eq!(address(" Alice@Example.org ").unwrap().to_string(), "Alice@example.org");
    }
}
