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
use ledger::{Language, keyring::Keyring};
use uuid::Uuid;

use crate::{arguments, failure::Failure, keys};

/// What the file holds: by network, by name.
type Vault = BTreeMap<Uuid, BTreeMap<String, String>>;

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

/// Writes the keys of these networks beside a backup; tells how many files.
pub(crate) fn lock(args: &ArgMatches, backup: &str, networks: &[Uuid], language: Language) -> Result<usize, Failure> {
    let mut vault = Vault::new();
    for network in networks {
        let files = Keyring::new(&keys::folder(args), *network).files()?;
        vault.insert(*network, files.into_iter().map(|(name, bytes)| (name, STANDARD.encode(bytes))).collect());
    }
    let count = vault.values().map(BTreeMap::len).sum();
    if count == 0 {
        let folder = keys::folder(args).display().to_string();
        return Err(Failure::said(
            format!("aucune clé dans « {folder} » ; --keys dit où elles sont"),
            format!("no keys in “{folder}”; --keys says where they are"),
        ));
    }
    let passphrase = passphrase(args, true, language)?;
    let plain = serde_json::to_vec(&vault).map_err(std::io::Error::from)?;
    let recipient = age::scrypt::Recipient::new(passphrase);
    let locked = age::encrypt(&recipient, &plain).map_err(|error| unusable(&error.to_string()))?;
    out::write(Path::new(&beside(backup)), &locked)?;
    Ok(count)
}

/// Puts the keys back that were locked beside a backup; what is there already stays. Tells how many files there were.
pub(crate) fn unlock(args: &ArgMatches, backup: &str, language: Language) -> Result<usize, Failure> {
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
    let mut count = 0;
    for (network, files) in vault {
        let keyring = Keyring::new(&keys::folder(args), network);
        for (name, bytes) in files {
            keyring.restore(&name, &STANDARD.decode(bytes).map_err(|_| damaged())?)?;
            count += 1;
        }
    }
    Ok(count)
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
