//! A copy of a log in a folder, laid out as it is served (C2SP tlog-tiles), so that the folder can be served as well.
//!
//! What was copied is what the signed head in `checkpoint` says. The tree is built on from there: a head whose root comes
//! out goes on from the one before, whoever serves it. Nothing is written before that is known.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use ledger::{
    Digest,
    checkpoint::Checkpoint,
    log::{self, Edge, TILE_WIDTH, TilePlace, leaf_hash, width_in},
    note::{Note, VerifierKey},
    tile::{Shelf, TileAddress, entries_in},
};

use crate::{error::FileError, out};

const CHECKPOINT: &str = "checkpoint";
const KEYS: &str = "log.keys";

/// A folder that holds a copy of a log, or is to hold one.
#[derive(Debug)]
pub struct Mirror {
    folder: PathBuf,
    kept: Option<Checkpoint>,
}

/// What the head that is served says of the one that was copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It may go on from it: that is to be found out.
    Later,
    /// It is the same.
    Same,
    /// It is an earlier one of the same history.
    Earlier,
    /// It is of another history: of so many acts both signed heads tell something else.
    Forked,
    /// It is of another log.
    OtherLog,
}

impl Mirror {
    /// Looks at a folder, which need not be there yet.
    pub fn open(folder: &Path) -> Result<Self, FileError> {
        let folder = folder.to_owned();
        let path = folder.join(CHECKPOINT);
        let kept = match read_if_there(&path)? {
            None => None,
            Some(bytes) => {
                let note = String::from_utf8(bytes).ok().and_then(|text| Note::parse(&text));
                let head = note.and_then(|note| Checkpoint::parse(&note.text));
                Some(head.ok_or_else(|| damaged(&path))?)
            }
        };
        Ok(Self { folder, kept })
    }

    /// The head up to which it was copied.
    pub fn head(&self) -> Option<&Checkpoint> {
        self.kept.as_ref()
    }

    fn size(&self) -> u64 {
        self.kept.as_ref().map_or(0, |head| head.size)
    }

    /// The keys that the log is known to be signed with.
    pub fn keys(&self) -> Result<Vec<VerifierKey>, FileError> {
        let path = self.folder.join(KEYS);
        let text = String::from_utf8(read_if_there(&path)?.unwrap_or_default()).map_err(|_| damaged(&path))?;
        text.lines().map(|line| VerifierKey::parse(line).ok_or_else(|| damaged(&path))).collect()
    }

    /// Remembers the keys.
    pub fn keep_keys(&self, keys: &[VerifierKey]) -> Result<(), FileError> {
        let text = keys.iter().fold(String::new(), |text, key| text + &key.to_string() + "\n");
        write(&self.folder.join(KEYS), text.as_bytes())
    }

    /// What a served head says of the one that was copied.
    pub fn standing(&self, served: &Checkpoint) -> Result<Standing, FileError> {
        let Some(kept) = &self.kept else { return Ok(Standing::Later) };
        if kept.origin != served.origin {
            return Ok(Standing::OtherLog);
        }
        if served.size > kept.size {
            return Ok(Standing::Later);
        }
        Ok(match (self.root_at(served.size)? == served.root, served.size == kept.size) {
            (false, _) => Standing::Forked,
            (true, true) => Standing::Same,
            (true, false) => Standing::Earlier,
        })
    }

    /// The tree as it was copied, to be built on.
    pub fn grow(&self) -> Result<Growth, FileError> {
        let mut tiles = BTreeMap::new();
        for place in Edge::places(self.size()) {
            tiles.insert(place, self.tile(place)?);
        }
        let whole = Edge::new(self.size(), &tiles).filter(|edge| {
            let root = edge.root();
            self.kept.as_ref().is_none_or(|kept| kept.root == root)
        });
        let edge = whole.ok_or_else(|| damaged(&self.folder))?;
        let lowest = tiles.pop_first().filter(|((level, _), _)| *level == 0);
        Ok(Growth { edge, known: lowest.map(|(_, hashes)| hashes).unwrap_or_default(), tiles: BTreeMap::new() })
    }

    /// The first act whose hash in a served tile is not the one that was copied.
    pub fn first_difference(&self, tile: TileAddress, served: &[Digest]) -> Result<Option<u64>, FileError> {
        let place = (0, tile.index);
        if width_in(self.size(), place) == 0 {
            return Ok(None);
        }
        let differs = self.tile(place)?.iter().zip(served).position(|(copied, served)| copied != served);
        let first = tile.index.saturating_mul(256);
        Ok(differs.map(|at| first.saturating_add(u64::try_from(at).unwrap_or(u64::MAX))))
    }

    /// Writes what has grown, and last the head that it leads to.
    pub fn keep(&mut self, growth: Growth, note: &Note, head: Checkpoint) -> Result<(), FileError> {
        let Growth { mut edge, known: _, mut tiles } = growth;
        for ((level, index), hashes) in edge.take_changed() {
            let address = TileAddress { shelf: Shelf::Hashes(level), index, width: hashes.len() };
            tiles.insert(address.to_string(), bytes_of(&hashes));
        }
        for (address, bytes) in &tiles {
            write(&self.path_of(address), bytes)?;
        }
        self.keep_head(note)?;
        for place in Edge::places(self.size()) {
            let (level, index) = place;
            self.forget_parts(Shelf::Hashes(level), index, width_in(head.size, place));
        }
        self.kept = Some(head);
        Ok(())
    }

    /// Keeps a head that says the same as the last one: it may bear more signatures.
    pub fn keep_head(&self, note: &Note) -> Result<(), FileError> {
        write(&self.folder.join(CHECKPOINT), note.to_string().as_bytes())
    }

    /// Keeps a head that speaks against the copy, beside it; tells under which name.
    pub fn keep_evidence(&self, note: &Note, head: &Checkpoint) -> Result<PathBuf, FileError> {
        let root: String = head.root.to_hex().chars().take(8).collect();
        let path = self.folder.join(format!("fork-{}-{root}", head.size));
        write(&path, note.to_string().as_bytes())?;
        Ok(path)
    }

    /// The bundles of acts that were not copied yet.
    pub fn missing_entries(&self) -> Vec<TileAddress> {
        let all = TileAddress::of_acts(Shelf::Entries, 0, self.size());
        all.filter(|address| !self.path_of(&address.to_string()).is_file()).collect()
    }

    /// Keeps the acts under a tile. `false`, and nothing is written, where they are not those that the tile has the hashes
    /// of.
    pub fn keep_entries(&self, address: TileAddress, bundle: &[u8]) -> Result<bool, FileError> {
        let hashes = self.tile((0, address.index))?;
        let found = entries_in(bundle).map(|entries| entries.into_iter().map(leaf_hash).collect::<Vec<_>>());
        if found.as_ref() != Some(&hashes) {
            return Ok(false);
        }
        write(&self.path_of(&address.to_string()), bundle)?;
        self.forget_parts(Shelf::Entries, address.index, address.width);
        Ok(true)
    }

    /// The root over so many of the acts that were copied.
    fn root_at(&self, size: u64) -> Result<Digest, FileError> {
        if size == 0 {
            return Ok(log::root_of(&[]));
        }
        let whole = 0..size;
        let path = std::slice::from_ref(&whole);
        let mut tiles = BTreeMap::new();
        for place in log::tiles_of(path) {
            tiles.insert(place, self.tile(place)?);
        }
        let root = log::proof(path, &tiles).and_then(|hashes| hashes.first().copied());
        root.ok_or_else(|| damaged(&self.folder))
    }

    fn tile(&self, place: TilePlace) -> Result<Vec<Digest>, FileError> {
        let (level, index) = place;
        let width = width_in(self.size(), place);
        let path = self.path_of(&TileAddress { shelf: Shelf::Hashes(level), index, width }.to_string());
        let bytes = read_if_there(&path)?.unwrap_or_default();
        hashes_in(&bytes).filter(|hashes| hashes.len() == width).ok_or_else(|| damaged(&path))
    }

    fn path_of(&self, address: &str) -> PathBuf {
        self.folder.join("tile").join(address)
    }

    /// Removes the parts of a tile that the present head has more of. What cannot be removed is in nobody's way.
    fn forget_parts(&self, shelf: Shelf, index: u64, present: usize) {
        let whole = TileAddress { shelf, index, width: TILE_WIDTH };
        let folder = self.path_of(&whole.to_string()).with_extension("p");
        for part in fs::read_dir(&folder).into_iter().flatten().flatten() {
            if part.file_name().to_str() != Some(&present.to_string()) {
                let _ = fs::remove_file(part.path());
            }
        }
        let _ = fs::remove_dir(folder);
    }
}

/// A tree that is built on, tile by tile of its leaves.
#[derive(Debug, Default)]
pub struct Growth {
    edge: Edge,
    /// What was known of the first tile that is taken.
    known: Vec<Digest>,
    /// By address.
    tiles: BTreeMap<String, Vec<u8>>,
}

impl Growth {
    /// How many acts it has.
    pub fn size(&self) -> u64 {
        self.edge.size()
    }

    /// The root over them.
    pub fn root(&self) -> Digest {
        self.edge.root()
    }

    /// Takes the next tile of leaves. What was known of it stays, whatever is served.
    pub fn take(&mut self, address: TileAddress, served: &[Digest]) {
        let mut hashes = std::mem::take(&mut self.known);
        for hash in served.iter().skip(hashes.len()) {
            self.edge.append(*hash);
            hashes.push(*hash);
        }
        self.tiles.insert(address.to_string(), bytes_of(&hashes));
    }
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| FileError::system(folder, &error))?;
    }
    out::write(path, bytes)
}

/// The hashes in a tile; `None` where it is no whole number of them.
pub fn hashes_in(bytes: &[u8]) -> Option<Vec<Digest>> {
    match bytes.as_chunks::<32>() {
        (hashes, []) => Some(hashes.iter().map(|hash| Digest(*hash)).collect()),
        _ => None,
    }
}

fn bytes_of(hashes: &[Digest]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| hash.0).collect()
}

fn read_if_there(path: &Path) -> Result<Option<Vec<u8>>, FileError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(FileError::system(path, &error)),
    }
}

fn damaged(path: &Path) -> FileError {
    let path = path.display();
    FileError::said(
        format!(
            "la copie du journal n'est plus entière : « {path} » manque ou a changé ; copiez-le dans un autre dossier"
        ),
        format!(
            "the copy of the log is no longer whole: “{path}” is missing or was changed; copy it into another folder"
        ),
    )
}
