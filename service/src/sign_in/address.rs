//! Addresses that people sign in with.

use ledger::Digest;

use crate::secret;

/// No address has more characters (RFC 5321 lets none have more bytes than 254).
const LENGTH_MOST: usize = 254;

/// Addresses are compared without case.
pub fn folded(email: &str) -> String {
    email.trim().to_lowercase()
}

/// What stands for an address where only whether it is the same is asked.
pub(crate) fn hash(address: &str) -> Digest {
    secret::digest(&folded(address))
}

/// An address as it is compared, if it is one: somebody, one `@`, and a host.
pub fn read(typed: &str) -> Option<String> {
    let address = folded(typed);
    let (user, host) = address.split_once('@')?;
    let is_one = !user.is_empty()
        && !host.contains('@')
        && host.split('.').all(|label| !label.is_empty())
        && address.len() <= LENGTH_MOST
        && !address.contains(|letter: char| letter.is_whitespace() || letter.is_control());
    is_one.then_some(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_somebody_and_one_host() {
        for (typed, address) in [
            (" Ana@Example.org ", Some("ana@example.org")),
            ("andré@exemple.fr", Some("andré@exemple.fr")),
            ("ana@localhost", Some("ana@localhost")),
            ("ana@@example.org", None),
            ("ana@example.org@example.net", None),
            ("@example.org", None),
            ("ana@", None),
            ("ana@example..org", None),
            ("ana@.org", None),
            ("ana", None),
            ("", None),
            ("ana maria@example.org", None),
            ("ana\0@example.org", None),
            ("ana@example.org\r\nBcc: eve@example.org", None),
        ] {
            assert_eq!(read(typed).as_deref(), address, "{typed:?}");
        }
        assert_eq!(read(&format!("{}@example.org", "a".repeat(243))), None, "too long");
    }
}
