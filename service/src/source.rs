//! Where a request comes from, as far as that can be known: what is seen on the socket, or what a trusted proxy says.

use std::net::{IpAddr, Ipv6Addr};

use axum::http::HeaderMap;
use ipnet::IpNet;

/// The other end of a connection.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub IpAddr);

/// Where a request comes from: what counts as one address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Source(IpAddr);

impl Source {
    /// The peer; or, where that is a proxy that is trusted, whom it names in `X-Forwarded-For`. Each proxy adds whom it
    /// was asked by at the end: what stands before the last one that is not trusted, anybody may have written.
    pub fn of(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> Self {
        let is_trusted = |address: &IpAddr| trusted.iter().any(|network| network.contains(address));
        let mut source = peer.to_canonical();
        let said = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
        let said: Vec<&str> = said.flat_map(|value| value.split(',')).collect();
        for named in said.into_iter().rev() {
            if !is_trusted(&source) {
                break;
            }
            // What cannot be read is nobody: the proxy that passed it on is as far as one can see.
            let Ok(named) = named.trim().parse::<IpAddr>() else { break };
            source = named.to_canonical();
        }
        Self(site(source))
    }

    /// As text.
    pub fn text(self) -> String {
        self.0.to_string()
    }
}

/// What counts as one address: of the sixth version of addresses, a customer has a whole network (64 bits).
pub(crate) fn site(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) if !address.is_loopback() => {
            IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)))
        }
        address => address,
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn only_proxies_that_are_trusted_name_the_source() {
        let trusted: Vec<IpNet> = ["127.0.0.0/8", "10.1.0.0/16", "::1/128"].map(|net| net.parse().unwrap()).into();
        for (peer, said, source) in [
            ("203.0.113.7", &[][..], "203.0.113.7"),
            // Nobody gives themselves another address.
            ("203.0.113.7", &["198.51.100.1"], "203.0.113.7"),
            ("127.0.0.1", &["198.51.100.1"], "198.51.100.1"),
            ("127.0.0.1", &[], "127.0.0.1"),
            // What stands before the last one who is not trusted was written by them.
            ("127.0.0.1", &["192.0.2.1, 198.51.100.1"], "198.51.100.1"),
            ("127.0.0.1", &["192.0.2.1", "198.51.100.1, 10.1.2.3"], "198.51.100.1"),
            ("127.0.0.1", &["198.51.100.1, 10.2.2.3"], "10.2.2.3"),
            ("127.0.0.1", &["198.51.100.1, unknown"], "127.0.0.1"),
            ("127.0.0.1", &[""], "127.0.0.1"),
            ("::ffff:127.0.0.1", &["198.51.100.1"], "198.51.100.1"),
            ("::1", &["2001:db8:1:2:3:4:5:6"], "2001:db8:1:2::"),
            ("2001:db8:1:2::9", &["2001:db8::1"], "2001:db8:1:2::"),
        ] {
            let mut headers = HeaderMap::new();
            for value in said {
                headers.append("x-forwarded-for", HeaderValue::from_static(value));
            }
            let found = Source::of(peer.parse().unwrap(), &headers, &trusted);
            assert_eq!(found.text(), source, "{peer} says {said:?}");
        }
    }
}
