//! Private keys in files, outside of any database, and what has to survive a database beside them: the last signed
//! head, and who was erased.
//!
//! A file is written aside and then renamed, so that a name never holds half a key. A key that others on the machine
//! could read is refused, and so is a folder in which they could put another list or another head in place of ours.

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use uuid::Uuid;

use crate::{
    Digest, Language, PersonNumber,
    checkpoint::Checkpoint,
    generation::Generation,
    key::{KeyPurpose, PrivateKey, PublicKey},
    note::Note,
    trouble,
};

/// One network's folder of keys.
#[derive(Debug, Clone)]
pub struct Keyring {
    folder: PathBuf,
}

/// Somebody who was erased. After a loss another person may bear the number: the leaf tells whom it named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ErasedPerson {
    /// The generation of the log in which they were added.
    pub generation: Generation,
    /// Their number.
    pub number: PersonNumber,
    /// The hash of the leaf of the act that added them; lists of earlier versions do not say it.
    pub leaf: Option<Digest>,
}

impl ErasedPerson {
    /// `12`, or `1-12` of a person who was added after the log was lost once; then the leaf's hash.
    fn line(self) -> String {
        let number = if self.generation == Generation::FIRST {
            self.number.to_string()
        } else {
            format!("{}-{}", self.generation.losses(), self.number)
        };
        self.leaf.map_or(number.clone(), |leaf| format!("{number} {leaf}"))
    }

    fn read(line: &str) -> Option<Self> {
        let (name, leaf) = line.split_once(' ').map_or((line, None), |(name, leaf)| (name, Some(leaf)));
        let (losses, number) = name.split_once('-').unwrap_or(("0", name));
        let generation = Generation::new(losses.parse().ok()?)?;
        let leaf = match leaf {
            Some(leaf) => Some(Digest::from_hex(leaf)?),
            None => None,
        };
        Some(Self { generation, number: PersonNumber(number.parse().ok()?), leaf })
    }

    /// Reads a list, a person a line.
    ///
    /// # Errors
    /// The line, from 1, that names nobody.
    pub fn list(text: &str) -> Result<Vec<Self>, usize> {
        (1..).zip(text.lines()).map(|(line, person)| Self::read(person.trim_end()).ok_or(line)).collect()
    }

    /// Whether the person of that number is the one who was erased.
    pub fn is(&self, number: PersonNumber, generation: Generation, leaf: Digest) -> bool {
        self.number == number && self.leaf.map_or(self.generation == generation, |erased| erased == leaf)
    }
}

/// Why a key cannot be used.
#[derive(Debug)]
pub enum KeyringError {
    /// No file holds the key.
    Missing(PathBuf),
    /// Others on this machine can read the file.
    ReadableByOthers(PathBuf),
    /// Others on this machine can write to the folder.
    WritableByOthers(PathBuf),
    /// The file holds no key, or another one than its name says.
    Damaged(PathBuf),
    /// The file holds no signed head.
    NotAHead(PathBuf),
    /// The line of that number in the list of who was erased names nobody.
    NotAPerson(PathBuf, usize),
    /// The name of a file that no folder of keys has.
    NotOurs(PathBuf),
    /// A file of that name is there already.
    Exists(PathBuf),
    /// The file could not be read or written.
    File(PathBuf, io::Error),
}

impl KeyringError {
    /// The error in a sentence.
    pub fn in_words(&self, language: Language) -> String {
        match self {
            Self::Missing(path) => language
                .pick(format!("clé absente : « {} »", path.display()), format!("missing key: “{}”", path.display())),
            Self::ReadableByOthers(path) => language.pick(
                format!("d'autres que vous peuvent lire « {} »", path.display()),
                format!("others than you can read “{}”", path.display()),
            ),
            Self::WritableByOthers(path) => language.pick(
                format!("d'autres que vous peuvent écrire dans « {} »", path.display()),
                format!("others than you can write to “{}”", path.display()),
            ),
            Self::Damaged(path) => language.pick(
                format!("« {} » ne contient pas la clé que son nom annonce", path.display()),
                format!("“{}” does not hold the key that its name says", path.display()),
            ),
            Self::NotAHead(path) => language.pick(
                format!("« {} » n'est pas un point signé", path.display()),
                format!("“{}” is no signed head", path.display()),
            ),
            Self::NotAPerson(path, line) => language.pick(
                format!("« {} », ligne {line} : il y faut un numéro, et l'empreinte d'un acte", path.display()),
                format!("“{}”, line {line}: it takes a number, and the hash of an act", path.display()),
            ),
            Self::NotOurs(path) => language.pick(
                format!("« {} » n'est pas le nom d'un fichier de clés", path.display()),
                format!("“{}” is not the name of a file of keys", path.display()),
            ),
            Self::Exists(path) => language
                .pick(format!("« {} » existe déjà", path.display()), format!("“{}” exists already", path.display())),
            Self::File(path, error) => {
                let (path, why) = (path.display(), trouble::in_words(error, language));
                language.pick(format!("« {path} » : {why}"), format!("“{path}”: {why}"))
            }
        }
    }
}

/// The file in the folder of keys that holds the last signed head of the log.
pub const LAST_CHECKPOINT: &str = "last-checkpoint.note";
/// The file in the folder of keys that lists who was erased.
pub const ERASED: &str = "erased.txt";
/// Which witnesses the network asks: see [`witnessing`](crate::witnessing).
pub(crate) const WITNESSES: &str = "witnesses.txt";
/// The key by which the network is a witness of others' logs.
pub(crate) const WITNESS_KEY: &str = "witness.pem";
/// Held while a head of another's log is judged and signed.
pub(crate) const WITNESS_LOCK: &str = "witness.lock";

impl Keyring {
    /// The folder of a network among all keys. Nothing is read or made yet.
    pub fn new(keys: &Path, network: Uuid) -> Self {
        Self { folder: keys.join(network.to_string()) }
    }

    /// Where the keys are.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    fn path_of(&self, purpose: KeyPurpose, key: PublicKey) -> PathBuf {
        self.folder.join(format!("{purpose}-{key}.pem"))
    }

    /// Puts a new key into a file that only its owner can read.
    ///
    /// # Errors
    /// When the file is there already or cannot be written.
    pub fn add(&self, purpose: KeyPurpose, key: &PrivateKey) -> Result<PathBuf, KeyringError> {
        let path = self.path_of(purpose, key.public());
        if path.exists() {
            return Err(KeyringError::Exists(path));
        }
        let pem = key.to_pem().ok_or_else(|| KeyringError::Damaged(path.clone()))?;
        self.write(&path, pem.as_bytes())?;
        Ok(path)
    }

    /// The private half of a key.
    ///
    /// # Errors
    /// When it is missing, damaged, or readable by others, or its folder is open to them.
    pub fn load(&self, purpose: KeyPurpose, key: PublicKey) -> Result<PrivateKey, KeyringError> {
        self.check_folder()?;
        let path = self.path_of(purpose, key);
        let metadata = fs::metadata(&path).map_err(|error| {
            let is_missing = error.kind() == io::ErrorKind::NotFound;
            if is_missing { KeyringError::Missing(path.clone()) } else { KeyringError::File(path.clone(), error) }
        })?;
        if is_readable_by_others(&metadata) {
            return Err(KeyringError::ReadableByOthers(path));
        }
        let pem = fs::read_to_string(&path).map_err(|error| KeyringError::File(path.clone(), error))?;
        PrivateKey::from_pem(&pem).filter(|private| private.public() == key).ok_or(KeyringError::Damaged(path))
    }

    /// The last head that was signed, as it is kept outside the database.
    ///
    /// # Errors
    /// When the file is there and cannot be read.
    pub fn last_checkpoint(&self) -> Result<Option<(Checkpoint, Note)>, KeyringError> {
        self.check_folder()?;
        let path = self.folder.join(LAST_CHECKPOINT);
        let Some(text) = read_if_there(&path)? else { return Ok(None) };
        let note = Note::parse(&text).ok_or_else(|| KeyringError::NotAHead(path.clone()))?;
        let head = Checkpoint::parse(&note.text).ok_or(KeyringError::NotAHead(path))?;
        Ok(Some((head, note)))
    }

    /// Keeps a signed head outside the database.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn keep_checkpoint(&self, note: &Note) -> Result<(), KeyringError> {
        self.write(&self.folder.join(LAST_CHECKPOINT), note.to_string().as_bytes())
    }

    /// The persons who were erased.
    ///
    /// # Errors
    /// When the file is there and cannot be read.
    pub fn erased(&self) -> Result<Vec<ErasedPerson>, KeyringError> {
        self.check_folder()?;
        let path = self.folder.join(ERASED);
        let text = read_if_there(&path)?.unwrap_or_default();
        ErasedPerson::list(&text).map_err(|line| KeyringError::NotAPerson(path, line))
    }

    /// Notes that persons were erased, so that an older backup cannot bring them back.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn note_erased(&self, persons: impl IntoIterator<Item = ErasedPerson>) -> Result<(), KeyringError> {
        let before = self.erased()?;
        let mut erased = before.clone();
        for person in persons {
            // A line that did not say the leaf says it from now on.
            let unsaid = ErasedPerson { leaf: None, ..person };
            match erased.iter_mut().find(|known| **known == person || **known == unsaid) {
                Some(known) => *known = person,
                None => erased.push(person),
            }
        }
        if erased == before {
            return Ok(());
        }
        let text = erased.iter().fold(String::new(), |text, person| text + &person.line() + "\n");
        self.write(&self.folder.join(ERASED), text.as_bytes())
    }

    /// Whether there is a list of who was erased: where there is none, nobody was, or it stands elsewhere.
    pub fn has_list_of_erased(&self) -> bool {
        self.folder.join(ERASED).exists()
    }

    /// Every file of the folder, by name: what an encrypted backup holds.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn files(&self) -> Result<Vec<(String, Vec<u8>)>, KeyringError> {
        self.check_folder()?;
        let unreadable = |error| KeyringError::File(self.folder.clone(), error);
        let mut files = Vec::new();
        let entries = match fs::read_dir(&self.folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(files),
            entries => entries.map_err(unreadable)?,
        };
        for entry in entries {
            let path = entry.map_err(unreadable)?.path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
            if is_ours(&name) {
                files.push((name, fs::read(&path).map_err(|error| KeyringError::File(path, error))?));
            }
        }
        files.sort();
        Ok(files)
    }

    /// Puts a file back that [`files`](Self::files) gave. What is there already stays as it is.
    ///
    /// # Errors
    /// When the name is none of ours or the file cannot be written.
    pub fn restore(&self, name: &str, contents: &[u8]) -> Result<(), KeyringError> {
        let path = self.folder.join(name);
        let is_plain = !name.contains(['/', '\\']) && !name.starts_with('.');
        if !is_plain {
            return Err(KeyringError::NotOurs(path));
        }
        if path.exists() { Ok(()) } else { self.write(&path, contents) }
    }

    /// Whoever could write to the folder could take the last head away, or name somebody as erased.
    fn check_folder(&self) -> Result<(), KeyringError> {
        let keys = self.folder.parent().map(|keys| (keys, true));
        for (folder, may_be_shared) in [(self.folder.as_path(), false)].into_iter().chain(keys) {
            match fs::metadata(folder) {
                Ok(metadata) if is_writable_by_others(&metadata, may_be_shared) => {
                    return Err(KeyringError::WritableByOthers(folder.to_owned()));
                }
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(KeyringError::File(folder.to_owned(), error));
                }
                Ok(_) | Err(_) => {}
            }
        }
        Ok(())
    }

    /// Writes aside, then renames.
    pub(crate) fn write(&self, path: &Path, contents: &[u8]) -> Result<(), KeyringError> {
        self.check_folder()?;
        let failed = |error| KeyringError::File(path.to_owned(), error);
        make_private_folder(&self.folder).map_err(failed)?;
        let aside = path.with_extension("part");
        let _ = fs::remove_file(&aside);
        let mut file = private_file(&aside).map_err(failed)?;
        file.write_all(contents).and_then(|()| file.sync_all()).map_err(failed)?;
        fs::rename(&aside, path).and_then(|()| keep_names(&self.folder)).map_err(failed)
    }
}

/// The name of a file of such a folder that is kept with a backup. What the network signed as a witness of others is not,
/// nor the key for it: a witness that went back to an older state would sign two histories. It begins under a new key.
fn is_ours(name: &str) -> bool {
    let is_key = name != WITNESS_KEY && Path::new(name).extension().is_some_and(|extension| extension == "pem");
    is_key || [LAST_CHECKPOINT, ERASED, WITNESSES].contains(&name)
}

pub(crate) fn read_if_there(path: &Path) -> Result<Option<String>, KeyringError> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(KeyringError::File(path.to_owned(), error)),
    }
}

#[cfg(unix)]
fn make_private_folder(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn make_private_folder(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)
}

/// A new name is on the disk once its folder is: a key that was announced must not be gone after a power cut.
#[cfg(unix)]
fn keep_names(folder: &Path) -> io::Result<()> {
    fs::File::open(folder)?.sync_all()?;
    folder.parent().map_or(Ok(()), |keys| fs::File::open(keys)?.sync_all())
}

#[cfg(not(unix))]
fn keep_names(_folder: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
pub(crate) fn private_file(path: &Path) -> io::Result<fs::File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

#[cfg(not(unix))]
pub(crate) fn private_file(path: &Path) -> io::Result<fs::File> {
    fs::OpenOptions::new().write(true).create_new(true).open(path)
}

#[cfg(unix)]
pub(crate) fn is_readable_by_others(metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    metadata.permissions().mode() & 0o077 != 0
}

/// In a folder where each has the say over their own files alone, as `/tmp` is, ours stands safely.
#[cfg(unix)]
fn is_writable_by_others(metadata: &fs::Metadata, may_be_shared: bool) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = metadata.permissions().mode();
    mode & 0o022 != 0 && !(may_be_shared && mode & 0o1000 != 0)
}

#[cfg(not(unix))]
fn is_writable_by_others(_metadata: &fs::Metadata, _may_be_shared: bool) -> bool {
    false
}

/// Elsewhere the folder's own protection has to do.
#[cfg(not(unix))]
pub(crate) fn is_readable_by_others(_metadata: &fs::Metadata) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keyring() -> (tempfile::TempDir, Keyring) {
        let folder = tempfile::tempdir().unwrap();
        let keyring = Keyring::new(folder.path(), Uuid::nil());
        (folder, keyring)
    }

    #[test]
    fn a_key_comes_back_from_its_file_and_no_other_does() {
        let (_folder, keyring) = keyring();
        let key = PrivateKey::from_seed([5; 32]);
        let other = PrivateKey::from_seed([6; 32]);
        let path = keyring.add(KeyPurpose::Credential, &key).unwrap();
        assert_eq!(keyring.load(KeyPurpose::Credential, key.public()).unwrap().public(), key.public());
        assert!(matches!(keyring.add(KeyPurpose::Credential, &key), Err(KeyringError::Exists(_))));
        let missing = keyring.load(KeyPurpose::Credential, other.public());
        assert!(matches!(missing, Err(KeyringError::Missing(_))));
        fs::write(&path, other.to_pem().unwrap()).unwrap();
        assert!(matches!(keyring.load(KeyPurpose::Credential, key.public()), Err(KeyringError::Damaged(_))));
        fs::write(&path, "-----BEGIN PRIVATE KEY-----").unwrap();
        assert!(matches!(keyring.load(KeyPurpose::Credential, key.public()), Err(KeyringError::Damaged(_))));
    }

    #[cfg(unix)]
    #[test]
    fn a_key_that_others_can_read_is_refused() {
        use std::os::unix::fs::PermissionsExt as _;
        let (_folder, keyring) = keyring();
        let key = PrivateKey::from_seed([5; 32]);
        let path = keyring.add(KeyPurpose::Checkpoint, &key).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let refused = keyring.load(KeyPurpose::Checkpoint, key.public());
        assert!(matches!(refused, Err(KeyringError::ReadableByOthers(_))));
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_that_others_can_write_to_is_refused() {
        use std::os::unix::fs::PermissionsExt as _;
        let (folder, keyring) = keyring();
        let key = PrivateKey::from_seed([5; 32]);
        keyring.add(KeyPurpose::Checkpoint, &key).unwrap();
        let open = |folder: &Path, mode| fs::set_permissions(folder, fs::Permissions::from_mode(mode)).unwrap();
        let is_refused = || {
            let [loaded, head, erased, files, noted] = [
                keyring.load(KeyPurpose::Checkpoint, key.public()).map(|_| ()),
                keyring.last_checkpoint().map(|_| ()),
                keyring.erased().map(|_| ()),
                keyring.files().map(|_| ()),
                keyring.add(KeyPurpose::Checkpoint, &PrivateKey::from_seed([6; 32])).map(|_| ()),
            ];
            [loaded, head, erased, files, noted].map(|it| matches!(it, Err(KeyringError::WritableByOthers(_))))
        };
        for (of_network, of_all, expected) in
            [(0o777, 0o700, true), (0o770, 0o700, true), (0o1777, 0o700, true), (0o700, 0o770, true)]
        {
            open(keyring.folder(), of_network);
            open(folder.path(), of_all);
            assert_eq!(is_refused(), [expected; 5], "{of_network:o} in {of_all:o}");
        }
        open(keyring.folder(), 0o755);
        open(folder.path(), 0o1777);
        assert_eq!(is_refused(), [false; 5]);
    }

    #[test]
    fn who_was_erased_is_kept_once() {
        let (_folder, keyring) = keyring();
        assert_eq!(keyring.erased().unwrap(), []);
        let leaf = Digest([7; 32]);
        let person = |losses, number, leaf| ErasedPerson {
            generation: Generation::new(losses).unwrap(),
            number: PersonNumber(number),
            leaf,
        };
        let lines = [(0, 7, None), (1, 12, None), (0, 7, Some(leaf)), (0, 7, Some(leaf)), (1, 7, Some(leaf))];
        for (losses, number, leaf) in lines {
            keyring.note_erased([person(losses, number, leaf)]).unwrap();
        }
        let kept = [person(0, 7, Some(leaf)), person(1, 12, None), person(1, 7, Some(leaf))];
        assert_eq!(keyring.erased().unwrap(), kept);
        let hash = "07".repeat(32);
        // Before generations were told, a line was a number alone, and for long the leaf was not said.
        assert_eq!(fs::read_to_string(keyring.folder.join(ERASED)).unwrap(), format!("7 {hash}\n1-12\n1-7 {hash}\n"));
        fs::write(keyring.folder.join(ERASED), "7\nVera\n").unwrap();
        assert!(matches!(keyring.erased(), Err(KeyringError::NotAPerson(_, 2))));
        for outside in ["../outside.pem", ".pem"] {
            assert!(keyring.restore(outside, b"").is_err(), "{outside}");
        }
    }

    #[test]
    fn a_number_alone_names_whoever_bore_it_in_its_generation_and_a_leaf_one_person() {
        let erased = |leaf| ErasedPerson { generation: Generation::FIRST, number: PersonNumber(7), leaf };
        let later = Generation::new(1).unwrap();
        let [own, other] = [Digest([1; 32]), Digest([2; 32])];
        for (leaf, number, generation, found, expected) in [
            (None, 7, Generation::FIRST, other, true),
            (None, 7, later, own, false),
            (Some(own), 7, Generation::FIRST, own, true),
            (Some(own), 7, Generation::FIRST, other, false),
            (Some(own), 8, Generation::FIRST, own, false),
        ] {
            assert_eq!(erased(leaf).is(PersonNumber(number), generation, found), expected);
        }
    }
}
