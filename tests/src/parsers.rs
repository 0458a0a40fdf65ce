//! The parsers of foreign bytes, on what people bring and on what becomes of it when it is spoilt. cargo-fuzz looks
//! further, with the same properties (`fuzz/`).

#[path = "../../fuzz/parsers.rs"]
mod held;

use std::fs;
use std::path::{Path, PathBuf};

/// A fixed sequence of chances.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(most.max(1)).unwrap()).unwrap()
    }
}

/// What turns up in files and means something to one of the parsers.
const TOKENS: [&str; 18] = [
    ";",
    ",",
    "\t",
    "\"",
    "\r\n",
    "\u{feff}",
    "sep=;\n",
    "=1+1",
    "2h30",
    "120,00",
    "31/12/1925",
    "mai-25",
    "{",
    "}",
    "[",
    ":",
    "\u{202e}",
    "\u{0}",
];

fn spoilt(seed: &[u8], chance: &mut Chance) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=chance.below(4) {
        let at = chance.below(bytes.len() + 1);
        let to = (at + chance.below(40)).min(bytes.len());
        match chance.below(5) {
            0 => drop(bytes.drain(at..to)),
            1 => drop(bytes.splice(at..at, bytes[at..to].to_vec())),
            2 => drop(bytes.splice(at..at, TOKENS[chance.below(TOKENS.len())].bytes())),
            3 => bytes.truncate(at.max(1)),
            _ => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1 << chance.below(8)),
        }
    }
    bytes
}

/// Files in a folder and below, in a fixed order, but for workbooks: these are read by a process of their own.
fn files_in(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(files_in(&path));
        } else if path
            .extension()
            .is_some_and(|extension| ["csv", "txt", "tsv", "json", "jsonld"].iter().any(|known| extension == *known))
        {
            all.push(path);
        }
    }
    all.sort();
    all
}

#[test]
fn every_parser_holds_what_it_promises_on_spoilt_files() {
    const TIMES: usize = 5;
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut seeds: Vec<Vec<u8>> = ["faults", "samples"]
        .iter()
        .flat_map(|folder| files_in(&root.join(folder)))
        .map(|path| fs::read(path).unwrap())
        // A page of a long file says as much as the whole.
        .map(|bytes| bytes.into_iter().take(4_000).collect())
        .collect();
    let golden = root.join("../ledger/golden");
    seeds.extend(files_in(&golden).iter().map(|path| fs::read(path).unwrap()));
    let words =
        ["2h30", "1 h 05", "90'", "4 x 2h", "-12,5", "150 min", "14 mars 2026", "14/03/26", "mars-26", "2026-03-14"];
    seeds.extend(words.map(|word| word.as_bytes().to_vec()));
    assert!(seeds.len() > 60, "{} seeds", seeds.len());
    let mut chance = Chance(0x5eed_c0de);
    for seed in &seeds {
        for time in 0..TIMES {
            let bytes = if time == 0 { seed.clone() } else { spoilt(seed, &mut chance) };
            held::table(&bytes);
            held::notebook(&bytes);
            held::words(&bytes);
            held::document(&bytes);
        }
    }
}
