//! UUIDs for what a network holds.
//!
//! Inside, everything bears the number of the act that created it. Outside it bears a version 8 UUID (RFC 9562,
//! 5.8) made of that number, of the generation of the log in which it was given, and of its network: of the free bits
//! the first 60 are a fingerprint of the network's own UUID, the next 14 the generation, the last 48 the number. So no
//! table of names is needed, names grow with time, a name of another network is not even understood, and a name that
//! was given out before a loss never names what bears its number afterwards.

use ledger::{
    ActNumber,
    generation::{Generation, Generations, Standing},
    log,
};
use uuid::Uuid;

use crate::operation::logs;

/// What the names of one network have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint([u8; 8]);

/// Turns numbers of one network into names and back.
#[derive(Debug, Clone, Copy)]
pub struct Ids<'a> {
    fingerprint: Fingerprint,
    generations: &'a Generations,
}

/// Why a name leads to no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unnamed {
    /// It is no name of this network, or of a time that never was.
    Unknown,
    /// What it named was recorded after the backup that the network went back to.
    WasLost,
}

/// So many bits of a name are the number: at a thousand acts a second they last for 8,900 years.
const NUMBER_BITS: u32 = 48;

impl Fingerprint {
    /// That of the network with this UUID.
    pub fn of(network: Uuid) -> Self {
        let mut fingerprint = [0; 8];
        fingerprint.copy_from_slice(&log::leaf_hash(network.as_bytes()).0[..8]);
        // The place of the version.
        fingerprint[6] &= 0x0f;
        Self(fingerprint)
    }

    /// The network's names, its log having had these generations.
    pub fn ids(self, generations: &Generations) -> Ids<'_> {
        Ids { fingerprint: self, generations }
    }

    /// `None` where the number is none that an act can bear.
    fn name(self, generation: Generation, number: i64) -> Option<Uuid> {
        let number = u64::try_from(number).ok().filter(|number| number >> NUMBER_BITS == 0)?;
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&self.0);
        bytes[8..].copy_from_slice(&(u64::from(generation.losses()) << NUMBER_BITS | number).to_be_bytes());
        Some(uuid::Builder::from_custom_bytes(bytes).into_uuid())
    }
}

impl Ids<'_> {
    /// The name of what the act of that number created; `None` where the number is none that an act can bear.
    pub fn name(self, number: i64) -> Option<Uuid> {
        self.fingerprint.name(self.generations.of(ActNumber(number)), number)
    }

    /// The same, to be shown beside what is well. Only a damaged row holds a number that no act can bear: it is told as
    /// a fault, and shown as the nil UUID, which names nothing.
    pub fn shown(self, number: i64) -> Uuid {
        self.name(number).unwrap_or_else(|| {
            logs::fault(&format!("{number} is the number of no act, and has no name"));
            Uuid::nil()
        })
    }

    /// The generation in which the act of that number was written.
    pub fn generation(self, act: ActNumber) -> Generation {
        self.generations.of(act)
    }

    /// The number in a name of this network.
    ///
    /// # Errors
    /// When it names nothing here, or what was lost.
    pub fn number(self, name: Uuid) -> Result<i64, Unnamed> {
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&name.as_bytes()[8..]);
        // The place of the variant.
        bytes[0] &= 0x3f;
        let both = u64::from_be_bytes(bytes);
        let number = (both & ((1 << NUMBER_BITS) - 1)).cast_signed();
        let generation = u16::try_from(both >> NUMBER_BITS).ok().and_then(Generation::new).ok_or(Unnamed::Unknown)?;
        if self.fingerprint.name(generation, number) != Some(name) {
            return Err(Unnamed::Unknown);
        }
        match self.generations.standing(generation, ActNumber(number)) {
            Standing::Stands => Ok(number),
            Standing::WasLost => Err(Unnamed::WasLost),
            Standing::NeverWas => Err(Unnamed::Unknown),
        }
    }
}

#[cfg(test)]
mod tests {
    use ledger::generation::Opening;
    use uuid::uuid;

    use super::*;

    const NUMBER_MOST: i64 = (1 << NUMBER_BITS) - 1;

    fn fingerprint() -> Fingerprint {
        Fingerprint::of(Uuid::from_u128(1))
    }

    /// A log that was lost once, and went on from act 50.
    fn reopened() -> Generations {
        let mut generations = Generations::default();
        assert!(generations.open(Opening { generation: Generation::new(1).unwrap(), act: ActNumber(50) }));
        generations
    }

    #[test]
    fn names_lead_back_to_numbers_of_their_own_network() {
        let generations = Generations::default();
        let ids = fingerprint().ids(&generations);
        let others = Fingerprint::of(Uuid::from_u128(2)).ids(&generations);
        for number in [0, 1, 300, 1 << 40, NUMBER_MOST] {
            let name = ids.name(number).unwrap();
            assert_eq!(name.get_version_num(), 8);
            assert_eq!(ids.number(name), Ok(number));
            assert_eq!(others.number(name), Err(Unnamed::Unknown));
        }
        assert!(ids.name(7) < ids.name(8));
        for unknown in [Uuid::from_u128(7), Uuid::nil(), Uuid::max()] {
            assert_eq!(ids.number(unknown), Err(Unnamed::Unknown), "{unknown}");
        }
    }

    #[test]
    fn what_no_act_can_bear_has_no_name() {
        let generations = Generations::default();
        let ids = fingerprint().ids(&generations);
        for number in [-1, i64::MIN, NUMBER_MOST + 1, i64::MAX] {
            assert_eq!(ids.name(number), None, "{number}");
        }
        let last = fingerprint().name(Generation::LAST, NUMBER_MOST).unwrap();
        assert_eq!(last.as_bytes()[8..], [0xbf, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
    }

    /// These were given out before names told the generation.
    #[test]
    fn names_of_the_first_log_are_what_they_were() {
        let generations = Generations::default();
        let ids = fingerprint().ids(&generations);
        for (number, name) in [
            (0, uuid!("bd839e8f-98c7-8f2b-8000-000000000000")),
            (1, uuid!("bd839e8f-98c7-8f2b-8000-000000000001")),
            (310, uuid!("bd839e8f-98c7-8f2b-8000-000000000136")),
            (NUMBER_MOST, uuid!("bd839e8f-98c7-8f2b-8000-ffffffffffff")),
        ] {
            assert_eq!(ids.name(number), Some(name));
        }
    }

    #[test]
    fn no_name_from_before_a_loss_names_anything_after_it() {
        let (before, after) = (Generations::default(), reopened());
        let (before, after) = (fingerprint().ids(&before), fingerprint().ids(&after));
        let named = |ids: Ids<'_>, number| ids.name(number).unwrap();
        for number in [0, 49] {
            assert_eq!(named(before, number), named(after, number));
            assert_eq!(after.number(named(before, number)), Ok(number));
        }
        for number in [50, 51, 1_000] {
            assert_ne!(named(before, number), named(after, number));
            assert_eq!(after.number(named(before, number)), Err(Unnamed::WasLost));
            assert_eq!(after.number(named(after, number)), Ok(number));
            // Whoever does not know of the loss yet understands none of the new names.
            assert_eq!(before.number(named(after, number)), Err(Unnamed::Unknown));
        }
        let never = fingerprint().name(Generation::new(1).unwrap(), 49).unwrap();
        assert_eq!(after.number(never), Err(Unnamed::Unknown));
        assert!(named(after, 49) < named(after, 50), "names grow");
    }
}
