//! Sends one webhook: signed, within a few seconds.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use hyper::{Method, body::Bytes};
use sha2::Sha256;

use crate::calling::{Line, NotReached, Question};

/// So long a receiver may take.
const PATIENCE: Duration = Duration::from_secs(10);

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

/// Sends a message; the status that was answered, or what went wrong.
pub async fn send(message: &Message<'_>, may_be_private: bool) -> Result<u16, String> {
    let sent = tokio::time::timeout(PATIENCE, try_send(message, may_be_private)).await;
    sent.unwrap_or(Err(NotReached::TooSlow)).map_err(|why| why.to_string())
}

async fn try_send(message: &Message<'_>, may_be_private: bool) -> Result<u16, NotReached> {
    let signature = signature(message).ok_or_else(|| NotReached::Protocol("an unreadable key".to_owned()))?;
    let headers = [
        ("content-type", "application/json".to_owned()),
        ("webhook-id", message.id.clone()),
        ("webhook-timestamp", message.timestamp.to_string()),
        ("webhook-signature", signature),
    ];
    let body = Bytes::from(message.body.clone());
    let question = Question { method: Method::POST, path: "", headers: &headers, body };
    // The status says it all.
    Ok(Line::to(message.url, may_be_private)?.send(&question).await?.status().as_u16())
}

/// The signature of the Standard Webhooks form: HMAC-SHA-256 of `id.timestamp.body`.
fn signature(message: &Message<'_>) -> Option<String> {
    let key = STANDARD.decode(message.secret.strip_prefix("whsec_")?).ok()?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).ok()?;
    mac.update(format!("{}.{}.{}", message.id, message.timestamp, message.body).as_bytes());
    Some(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

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
