//! Numbers that name things inside one network, and the digests that seal them.
//!
//! Whatever a network holds was created by one of its acts, and bears the number of that act: association 12
//! is the one that act 12 admitted. Numbers are therefore never drawn, never reused, and the same on every
//! database that holds the same acts.

use std::fmt;

macro_rules! number {
    ($(#[$meta:meta] $name:ident,)+) => {$(
        #[$meta]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

number! {
    /// A network's number in its database; it leads every key.
    NetworkId,
    /// An act's number in its network: 0, 1, 2… without gaps, also its index in the log.
    ActNumber,
    /// The number of the act that admitted an association.
    AssociationNumber,
    /// The number of the act that added a person.
    PersonNumber,
    /// The number of the act that added a skill to the catalogue.
    SkillNumber,
    /// The number of the act that proposed or recorded an exchange.
    ExchangeNumber,
}

impl ActNumber {
    /// The number of the act after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        match self.0.checked_add(1) {
            Some(next) => Self(next),
            // At a million acts a second: in 292,000 years.
            None => panic!("the acts' numbers are used up"),
        }
    }
}

impl From<ExchangeNumber> for ActNumber {
    fn from(exchange: ExchangeNumber) -> Self {
        Self(exchange.0)
    }
}

/// What each byte is worth as a hexadecimal digit; 16 where it is none. A table, since digits of hashes are as random
/// as branches can be.
const NIBBLES: [u8; 256] = {
    let mut nibbles = [16; 256];
    let (mut byte, mut place) = (0_u8, 0_usize);
    while place < nibbles.len() {
        nibbles[place] = nibble(byte);
        byte = byte.wrapping_add(1);
        place = place.wrapping_add(1);
    }
    nibbles
};

const fn nibble(byte: u8) -> u8 {
    match byte {
        b'0'..=b'9' => byte.wrapping_sub(b'0'),
        b'a'..=b'f' => byte.wrapping_sub(b'a').wrapping_add(10),
        b'A'..=b'F' => byte.wrapping_sub(b'A').wrapping_add(10),
        _ => 16,
    }
}

/// A SHA-256 value.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// Reads 64 hexadecimal digits.
    pub fn from_hex(text: &str) -> Option<Self> {
        let digits = text.as_bytes();
        if digits.len() != 64 {
            return None;
        }
        let mut bytes = [0; 32];
        let mut all = 0;
        for (byte, [high, low]) in bytes.iter_mut().zip(digits.as_chunks().0) {
            let (high, low) = (NIBBLES[usize::from(*high)], NIBBLES[usize::from(*low)]);
            all |= high | low;
            *byte = high << 4 | low;
        }
        (all < 16).then_some(Self(bytes))
    }

    /// The 64 lower-case hexadecimal digits.
    pub fn to_hex(self) -> String {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        self.0
            .iter()
            .flat_map(|byte| [byte >> 4, byte & 15])
            .filter_map(|half| DIGITS.get(usize::from(half)))
            .map(|digit| char::from(*digit))
            .collect()
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.to_hex())
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_hex())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_survives_its_hexadecimal_form() {
        let digest = Digest(std::array::from_fn(|index| u8::try_from(index * 7).unwrap()));
        assert_eq!(Digest::from_hex(&digest.to_hex()), Some(digest));
        assert_eq!(Digest::from_hex("00"), None);
        assert_eq!(Digest::from_hex(&"zz".repeat(32)), None);
    }
}
