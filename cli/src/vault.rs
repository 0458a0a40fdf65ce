//! The keys in an encrypted file: what has to survive the loss of a laptop.
//!
//! The file is age (age-encryption.org/v1) under a passphrase, so that other programs open it too; inside is JSON:
//! for each network the files of its folder, in base64.

use std::collections::BTreeMap;
use std::io::{BufRead as _, IsTerminal as _, Read as _};
use std::path::Path;

use age::secrecy::SecretString;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use clap::{Arg, ArgAction, ArgMatches};
use files::out;
use ledger::{
    Language,
    checkpoint::Checkpoint,
    keyring::{ERASED, ErasedPerson, Keyring, KeyringError, LAST_CHECKPOINT},
    note::Note,
};
use uuid::Uuid;

use crate::{arguments, failure::Failure, keys};

/// What the file holds: by network, by name.
type Vault = BTreeMap<Uuid, BTreeMap<String, String>>;
/// The same, as the files are.
type Files = BTreeMap<Uuid, BTreeMap<String, Vec<u8>>>;

/// The arguments of backup and restore.
pub(crate) fn arguments(language: Language) -> [Arg; 3] {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    [
        arguments::keys(language),
        Arg::new("with-keys").long("with-keys").visible_alias("avec-cles").action(ArgAction::SetTrue).help(t(
            "Avec les clés, chiffrées sous une phrase secrète, dans FICHIER.keys.age",
            "With the keys, encrypted under a passphrase, in FILE.keys.age",
        )),
        Arg::new("passphrase-file")
            .long("passphrase-file")
            .visible_alias("fichier-phrase")
            .value_name(t("FICHIER", "FILE"))
            .help(t(
                "Lit la phrase secrète dans ce fichier (sinon elle est demandée)",
                "Reads the passphrase from this file (else it is asked for)",
            )),
    ]
}

/// The name of the file of keys that goes with a backup.
pub(crate) fn beside(backup: &str) -> String {
    format!("{backup}.keys.age")
}

/// The passphrase under which the keys of these networks will be locked: asked for before anything is written, and not
/// where there is nothing to lock.
pub(crate) fn to_lock(args: &ArgMatches, networks: &[Uuid], language: Language) -> Result<SecretString, Failure> {
    if files_of(args, networks)?.values().all(BTreeMap::is_empty) {
        let folder = keys::folder(args).display().to_string();
        return Err(Failure::said(
            format!("aucune clé dans « {folder} » ; --keys dit où elles sont"),
            format!("no keys in “{folder}”; --keys says where they are"),
        ));
    }
    passphrase(args, true, language)
}

/// Writes the keys of these networks beside a backup; tells how many files.
pub(crate) fn lock(
    args: &ArgMatches,
    backup: &str,
    networks: &[Uuid],
    passphrase: SecretString,
) -> Result<usize, Failure> {
    let vault: Vault = files_of(args, networks)?
        .into_iter()
        .map(|(network, files)| {
            (network, files.into_iter().map(|(name, bytes)| (name, STANDARD.encode(bytes))).collect())
        })
        .collect();
    let plain = serde_json::to_vec(&vault).map_err(std::io::Error::from)?;
    let recipient = age::scrypt::Recipient::new(passphrase);
    let locked = age::encrypt(&recipient, &plain).map_err(|error| unusable(&error.to_string()))?;
    out::write(Path::new(&beside(backup)), &locked)?;
    Ok(vault.values().map(BTreeMap::len).sum())
}

fn files_of(args: &ArgMatches, networks: &[Uuid]) -> Result<Files, Failure> {
    let folder = keys::folder(args);
    let files = |network: &Uuid| Ok((*network, Keyring::new(&folder, *network).files()?.into_iter().collect()));
    networks.iter().map(files).collect()
}

/// The keys that were locked beside a backup, unlocked and not put anywhere yet.
pub(crate) struct Unlocked(Files);

impl Unlocked {
    /// Unlocks them.
    pub(crate) fn read(args: &ArgMatches, backup: &str, language: Language) -> Result<Self, Failure> {
        let name = beside(backup);
        let locked = std::fs::read(&name).map_err(|error| Failure::of_file(&name, &error))?;
        let identity = age::scrypt::Identity::new(passphrase(args, false, language)?);
        let plain = age::decrypt(&identity, &locked).map_err(|_| {
            Failure::said(
                format!("« {name} » ne s'ouvre pas : mauvaise phrase secrète, ou fichier abîmé"),
                format!("“{name}” does not open: a wrong passphrase, or a damaged file"),
            )
        })?;
        let damaged = || unusable(&name);
        let vault: Vault = serde_json::from_slice(&plain).map_err(|_| damaged())?;
        let mut all = Files::new();
        for (network, files) in vault {
            let of_network = all.entry(network).or_default();
            for (name, bytes) in files {
                of_network.insert(name, STANDARD.decode(bytes).map_err(|_| damaged())?);
            }
        }
        Ok(Self(all))
    }

    /// The last signed head of a network when its keys were locked. More may have been signed since.
    pub(crate) fn last_head(&self, network: Uuid) -> Option<Checkpoint> {
        Checkpoint::parse(&Note::parse(self.text(network, LAST_CHECKPOINT)?)?.text)
    }

    /// Who was erased when the keys were locked.
    pub(crate) fn erased(&self, network: Uuid) -> Result<Vec<ErasedPerson>, Failure> {
        let text = self.text(network, ERASED).unwrap_or_default();
        ErasedPerson::list(text).map_err(|line| KeyringError::NotAPerson(ERASED.into(), line).into())
    }

    fn text(&self, network: Uuid, name: &str) -> Option<&str> {
        std::str::from_utf8(self.0.get(&network)?.get(name)?).ok()
    }

    /// Puts the keys into their folder; what is there already stays. Tells how many there were.
    ///
    /// The last head goes nowhere: it is as old as the backup, and would be taken for the last one that was published.
    pub(crate) fn put_back(&self, folder: &Path) -> Result<usize, Failure> {
        let mut count = 0;
        for (network, files) in &self.0 {
            let keyring = Keyring::new(folder, *network);
            for (name, bytes) in files.iter().filter(|(name, _)| *name != LAST_CHECKPOINT) {
                keyring.restore(name, bytes)?;
                count += 1;
            }
        }
        Ok(count)
    }
}

fn unusable(what: &str) -> Failure {
    Failure::said(format!("clés : {what}"), format!("keys: {what}"))
}

/// The passphrase: from a file, or asked for, without showing it; a new one twice, since nothing opens the keys
/// without it.
fn passphrase(args: &ArgMatches, is_new: bool, language: Language) -> Result<SecretString, Failure> {
    let mut text = String::new();
    match args.get_one::<String>("passphrase-file") {
        Some(name) => {
            let mut file = std::fs::File::open(name).map_err(|error| Failure::of_file(name, &error))?;
            file.read_to_string(&mut text)?;
        }
        None if std::io::stdin().is_terminal() => {
            text = rpassword::prompt_password(language.pick(
                "Phrase secrète (douze caractères au moins, rien ne s'affiche) : ",
                "Passphrase (at least twelve characters, nothing is shown): ",
            ))?;
            let again = language.pick("Encore une fois : ", "Once more: ");
            if is_new && rpassword::prompt_password(again)? != text {
                return Err(Failure::said(
                    "les deux phrases secrètes diffèrent ; recommencez",
                    "the two passphrases differ; begin again",
                ));
            }
        }
        None => {
            std::io::stdin().lock().read_line(&mut text)?;
        }
    }
    let text = text.trim_end_matches(['\n', '\r']);
    if text.chars().count() < 12 {
        return Err(Failure::said(
            "phrase secrète trop courte : douze caractères au moins",
            "the passphrase is too short: at least twelve characters",
        ));
    }
    Ok(SecretString::from(text.to_owned()))
}
