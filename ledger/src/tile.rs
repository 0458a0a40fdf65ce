//! Where a tile of the log, or the acts under one, can be had: C2SP tlog-tiles. What is there never changes, and has one
//! address.

use std::fmt;

use crate::log::TILE_WIDTH;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shelf {
    /// Hashes of that level, 0 at the leaves.
    Hashes(u8),
    /// The sealed acts themselves.
    Entries,
}

/// The end of an address, behind `tile/`: `0/x001/067` is tile 1,067 of the lowest level, `entries/000.p/5` the first five
/// acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TileAddress {
    /// Of what.
    pub shelf: Shelf,
    /// Which tile of its level.
    pub index: u64,
    /// How much of it, from the left; at least 1, and all of it where it is full.
    pub width: usize,
}

impl TileAddress {
    /// Reads an address in its one spelling.
    pub fn parse(text: &str) -> Option<Self> {
        let (shelf, place) = text.split_once('/')?;
        let shelf = if shelf == "entries" { Shelf::Entries } else { Shelf::Hashes(shelf.parse().ok()?) };
        let (index, width) = match place.split_once(".p/") {
            Some((index, width)) => (index, width.parse().ok().filter(|width| (1..TILE_WIDTH).contains(width))?),
            None => (place, TILE_WIDTH),
        };
        let groups: String = index.split('/').map(|group| group.strip_prefix('x').unwrap_or(group)).collect();
        let address = Self { shelf, index: groups.parse().ok()?, width };
        (address.to_string() == text).then_some(address)
    }

    /// The tiles of a log's acts from the one that holds the act of that number on, as a log of that size has them.
    pub fn of_acts(shelf: Shelf, from: u64, size: u64) -> impl Iterator<Item = Self> {
        (from / 256..size.div_ceil(256)).map(move |index| {
            let of_tile = size.saturating_sub(index.saturating_mul(256)).min(256);
            Self { shelf, index, width: usize::try_from(of_tile).unwrap_or(TILE_WIDTH) }
        })
    }
}

impl fmt::Display for TileAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.shelf {
            Shelf::Hashes(level) => write!(f, "{level}/")?,
            Shelf::Entries => write!(f, "entries/")?,
        }
        let mut thousands = self.index / 1_000;
        let mut before = Vec::new();
        while thousands > 0 {
            before.push(thousands % 1_000);
            thousands /= 1_000;
        }
        for group in before.iter().rev() {
            write!(f, "x{group:03}/")?;
        }
        write!(f, "{:03}", self.index % 1_000)?;
        if self.width < TILE_WIDTH { write!(f, ".p/{}", self.width) } else { Ok(()) }
    }
}

/// The acts under a tile, as they are served: each with its length before it, in two bytes. `None` where one is longer
/// than that can say.
pub fn bundle<'a>(entries: impl IntoIterator<Item = &'a [u8]>) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for entry in entries {
        bytes.extend(u16::try_from(entry.len()).ok()?.to_be_bytes());
        bytes.extend(entry);
    }
    Some(bytes)
}

/// Takes a [`bundle`] apart; `None` where it is cut short.
pub fn entries_in(mut bundle: &[u8]) -> Option<Vec<&[u8]>> {
    let mut entries = Vec::new();
    while let Some((length, rest)) = bundle.split_first_chunk::<2>() {
        let (entry, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
        entries.push(entry);
        bundle = rest;
    }
    bundle.is_empty().then_some(entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tile_has_one_address() {
        let hashes = |level, index, width| Some(TileAddress { shelf: Shelf::Hashes(level), index, width });
        for (text, read) in [
            ("0/067", hashes(0, 67, 256)),
            ("0/000.p/5", hashes(0, 0, 5)),
            ("1/x001/067", hashes(1, 1_067, 256)),
            ("3/x001/x234/067.p/255", hashes(3, 1_234_067, 255)),
            ("0/x001/000", hashes(0, 1_000, 256)),
            ("entries/000.p/5", Some(TileAddress { shelf: Shelf::Entries, index: 0, width: 5 })),
        ] {
            assert_eq!(TileAddress::parse(text), read, "{text}");
        }
        for wrong in [
            "",
            "0",
            "0/",
            "0/67",
            "0/x067",
            "0/x000/067",
            "0/001/067",
            "0/0067",
            "0/067.p/0",
            "0/067.p/256",
            "0/067.p/",
            "0/06a",
            "0/+67",
            "00/067",
            "+0/067",
            "256/067",
            "0/067.p/05",
            "0/067.p/+5",
            "0/x1/067",
            "0/xx001/067",
            "0/067/",
            "0//067",
            "entries/",
            "x/067",
            "0/x018/x446/x744/x073/x709/x551/616",
        ] {
            assert_eq!(TileAddress::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_tiles_of_a_log_end_with_it() {
        let shown = |from, size| {
            TileAddress::of_acts(Shelf::Hashes(0), from, size).map(|tile| tile.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(shown(0, 0), [""; 0]);
        assert_eq!(shown(0, 256), ["0/000"]);
        assert_eq!(shown(0, 257), ["0/000", "0/001.p/1"]);
        assert_eq!(shown(256, 300), ["0/001.p/44"]);
        assert_eq!(shown(255, 300), ["0/000", "0/001.p/44"]);
        assert_eq!(shown(300, 300), ["0/001.p/44"]);
    }

    #[test]
    fn what_is_bundled_comes_apart_and_no_half_of_it_does() {
        let entries = [b"one".as_slice(), b"", b"three"];
        let bytes = bundle(entries).unwrap();
        assert_eq!(bytes[..5], *b"\0\x03one");
        assert_eq!(entries_in(&bytes).unwrap(), entries);
        for cut in 1..bytes.len() {
            let whole = entries_in(&bytes[..cut]).is_none_or(|found| found.len() < entries.len());
            assert!(whole, "{cut}");
        }
        assert_eq!(bundle([vec![0; 65_536].as_slice()]), None);
    }
}
