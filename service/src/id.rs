//! UUIDs for what a network holds.
//!
//! Inside, everything bears the number of the act that created it. Outside it bears a version 8 UUID (RFC 9562,
//! 5.8) made of that number and of its network: the first 60 free bits are a fingerprint of the network's own UUID,
//! the last 62 the number. So no table of names is needed, names grow with time, and a name of another network is
//! not even understood.

use ledger::log;
use uuid::Uuid;

/// Turns numbers of one network into names and back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ids {
    fingerprint: [u8; 8],
}

/// The bits that the UUID's version and variant leave free.
const NUMBER_MOST: i64 = (1 << 62) - 1;

impl Ids {
    /// For the network with that UUID.
    pub fn of(network: Uuid) -> Self {
        let mut fingerprint = [0; 8];
        fingerprint.copy_from_slice(&log::leaf_hash(network.as_bytes()).0[..8]);
        // The place of the version.
        fingerprint[6] &= 0x0f;
        Self { fingerprint }
    }

    /// The name of what the act of that number created.
    pub fn name(&self, number: i64) -> Uuid {
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&self.fingerprint);
        bytes[8..].copy_from_slice(&number.clamp(0, NUMBER_MOST).to_be_bytes());
        uuid::Builder::from_custom_bytes(bytes).into_uuid()
    }

    /// The number in a name of this network.
    pub fn number(&self, name: Uuid) -> Option<i64> {
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&name.as_bytes()[8..]);
        bytes[0] &= 0x3f;
        let number = i64::from_be_bytes(bytes);
        (self.name(number) == name).then_some(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_to_numbers_of_their_own_network() {
        let ids = Ids::of(Uuid::from_u128(1));
        let others = Ids::of(Uuid::from_u128(2));
        for number in [0, 1, 300, 1 << 40, NUMBER_MOST] {
            let name = ids.name(number);
            assert_eq!(name.get_version_num(), 8);
            assert_eq!(ids.number(name), Some(number));
            assert_eq!(others.number(name), None);
        }
        assert!(ids.name(7) < ids.name(8));
        assert_eq!(ids.number(Uuid::from_u128(7)), None);
        assert_eq!(ids.number(Uuid::max()), None);
    }
}
