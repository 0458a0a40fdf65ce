//! `log witnesses` and `log watch`: who sees the heads of the log, and whose heads the network sees.

use std::path::Path;

use clap::{Arg, ArgAction, ArgMatches, Command};
use files::out;
use ledger::{
    Language,
    clock::{Clock as _, Secrets as _, SystemClock},
    key::PrivateKey,
    keyring::Keyring,
    note::{Algorithm, VerifierKey},
    verify::Trust,
    witnessing::{OwnWitness, origin_hash},
};
use service::witnesses::{Asked, NotCosigned, ask};
use store::{HeadProof, SystemSecrets};

use crate::{arguments, failure::Failure, keys::keyring, session::Session, verify};

/// Signs the head as it is.
pub(crate) async fn sign(args: &ArgMatches, session: &Session) -> Result<HeadProof, Failure> {
    let keyring = keyring(args, session);
    Ok(session.store.sign_head(session.network_id, &keyring, SystemClock.now()).await?)
}

/// Signs the head as it is and has it witnessed; says which witness did not. An error where the network's own rule asks
/// for more of them.
pub(crate) async fn sign_and_ask(args: &ArgMatches, session: &Session) -> Result<HeadProof, Failure> {
    let signed = sign(args, session).await?;
    let keyring = keyring(args, session);
    let asked = ask(&session.store, session.network_id, &keyring, signed, SystemClock.now()).await?;
    say_missing(session, &asked.missing);
    if asked.is_enough {
        return Ok(asked.signed);
    }
    Err(Failure::said(
        "le point est signé, mais pas par assez de témoins : réessayez plus tard, ou changez la règle quorum avec « coudemain journal temoins »",
        "the head is signed, but not by enough witnesses: try again later, or change the quorum rule with “coudemain log witnesses”",
    ))
}

/// Signs the head as it is and asks the witnesses; what did not come of that is said, and is no error: what the head is
/// about has happened.
pub(crate) async fn sign_and_try_to_ask(args: &ArgMatches, session: &Session) -> Result<(), Failure> {
    let signed = sign(args, session).await?;
    let (keyring, language) = (keyring(args, session), session.language);
    let size = signed.head.size;
    match ask(&session.store, session.network_id, &keyring, signed, SystemClock.now()).await {
        Ok(Asked { missing, is_enough, signed: _ }) => {
            say_missing(session, &missing);
            if !is_enough {
                warn_line!(
                    "{}",
                    language.pick(
                        format!("Le point de taille {size} est signé, mais pas par assez de témoins : « coudemain journal point » les redemande."),
                        format!("The head of size {size} is signed, but not by enough witnesses: “coudemain log checkpoint” asks them again."),
                    )
                );
            }
        }
        Err(error) => {
            let why = error.in_words(language);
            warn_line!(
                "{}",
                language.pick(
                    format!("Le point de taille {size} est signé, mais les témoins n'ont pas été demandés : {why}"),
                    format!("The head of size {size} is signed, but the witnesses were not asked: {why}"),
                )
            );
        }
    }
    Ok(())
}

/// Says which witnesses did not sign, and why.
fn say_missing(session: &Session, missing: &[(String, NotCosigned)]) {
    for (witness, why) in missing {
        let why = why.in_words(session.language);
        warn_line!(
            "{}",
            session.language.pick(
                format!("Le témoin {witness} n'a pas signé : {why}."),
                format!("The witness {witness} did not sign: {why}."),
            )
        );
    }
}

pub(super) fn arguments(language: Language) -> Command {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    let about = t(
        "Les témoins qui signent aussi les points du journal : les montre, ou les prend d'un fichier",
        "The witnesses that sign the log's heads, too: shows them, or takes them from a file",
    );
    let example = t(
        "coudemain journal temoins temoins.txt\nUn fichier C2SP tlog-policy : witness NOM CLÉ ADRESSE, une ligne pour chacun, puis quorum NOM (ou quorum none).",
        "coudemain log witnesses witnesses.txt\nA file of C2SP tlog-policy: witness NAME KEY ADDRESS, a line each, then quorum NAME (or quorum none).",
    );
    arguments::ledger_verb("witnesses", "temoins", about, example, language).arg(arguments::keys(language)).arg(
        Arg::new("file").value_name(t("FICHIER", "FILE")).help(t(
            "Qui est demandé désormais (sans lui : qui l'est)",
            "Who is asked from now on (without it: who is)",
        )),
    )
}

pub(super) async fn run(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let session = Session::open(args, language).await?;
    let keyring = keyring(args, &session);
    if let Some(name) = args.get_one::<String>("file") {
        // Only what can be read takes the place of what was there.
        verify::policy(name)?;
        keyring.ask_witnesses(&std::fs::read_to_string(name)?)?;
    }
    let Some(quorum) = keyring.asked_witnesses()? else {
        say_line!("{}", language.pick("Aucun témoin n'est demandé.", "No witness is asked."));
        return Ok(true);
    };
    let signed = session.store.signed_heads(session.network_id, 1).await?.into_iter().next();
    let now = SystemClock.now();
    let seen = signed.as_ref().map(|signed| quorum.witnesses_of(&signed.note, now).0).unwrap_or_default();
    for witness in &quorum.witnesses {
        let mark = if seen.contains(&witness) { "✓" } else { "?" };
        let place = witness.url.as_deref().unwrap_or(language.pick("sans adresse", "without an address"));
        say_line!("{mark} {}  {place}", witness.name);
    }
    if let Some(signed) = signed {
        let size = signed.head.size;
        let is_enough = quorum.is_met_by(&signed.note, now);
        let told = if is_enough {
            language.pick(
                format!("Le dernier point signé, de taille {size}, a les témoins qu'il faut."),
                format!("The last signed head, of size {size}, has the witnesses that it takes."),
            )
        } else {
            language.pick(
                format!("Le dernier point signé, de taille {size}, n'a pas encore assez de témoins."),
                format!("The last signed head, of size {size}, has not enough witnesses yet."),
            )
        };
        say_line!("{told}");
    }
    Ok(true)
}

pub(super) fn watch_arguments(language: Language) -> Command {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    let about = t(
        "Témoigner pour d'autres réseaux : signe, quand ils le demandent, que leur journal ne fait que grandir",
        "To witness for other networks: signs, when they ask, that their log does nothing but grow",
    );
    let example = t("coudemain journal temoigner leur-did.json", "coudemain log watch their-did.json");
    arguments::ledger_verb("watch", "temoigner", about, example, language)
        .arg(arguments::keys(language))
        .arg(Arg::new("logs").value_name(t("CLÉ", "KEY")).action(ArgAction::Append).help(t(
            "Les journaux à suivre désormais aussi : leur clé, ou le did.json de leur réseau",
            "The logs to watch from now on, too: their key, or their network's did.json",
        )))
        .arg(arguments::out(language))
}

pub(super) async fn watch(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let session = Session::open(args, language).await?;
    let keyring = keyring(args, &session);
    let network = session.network.uuid;
    let mut watched = keyring.watched_logs()?;
    for named in args.get_many::<String>("logs").into_iter().flatten() {
        for log in logs_in(named)? {
            if !watched.contains(&log) {
                watched.push(log);
            }
        }
    }
    let witness = own_witness(&keyring, network)?;
    keyring.watch_logs(&watched)?;
    if let Some(name) = args.get_one::<String>("out") {
        out::write(Path::new(name), format!("{}\n", witness.verifier))?;
    }
    say_line!(
        "{}",
        language.pick(
            format!("La clé de ce témoin, à donner à ces réseaux : {}", witness.verifier),
            format!("The key of this witness, to be given to these networks: {}", witness.verifier),
        )
    );
    say_line!(
        "{}",
        language.pick(
            format!("Son adresse : celle de votre service, suivie de /v1/networks/{network}/witness"),
            format!("Its address: that of your service, followed by /v1/networks/{network}/witness"),
        )
    );
    let mut names: Vec<&str> = watched.iter().map(|log| log.name.as_str()).collect();
    names.dedup();
    for name in names {
        let last = keyring.last_cosigned(&origin_hash(name))?;
        let size = last.and_then(|note| note.text.lines().nth(1).map(str::to_owned));
        match size {
            Some(size) => say_line!(
                "{name}  {}",
                language.pick(format!("signé à la taille {size}"), format!("signed at size {size}"))
            ),
            None => say_line!("{name}  {}", language.pick("pas encore signé", "not signed yet")),
        }
    }
    Ok(true)
}

/// The keys of logs that are named: a key, or a file that holds some.
fn logs_in(named: &str) -> Result<Vec<VerifierKey>, Failure> {
    let text = std::fs::read_to_string(named).unwrap_or_else(|_| named.to_owned());
    let mut trust = Trust::default();
    let read = trust.add(&text).map(|()| trust.log_keys().to_vec()).unwrap_or_default();
    let logs: Vec<_> = read.into_iter().filter(|key| key.algorithm == Algorithm::Ed25519).collect();
    if logs.is_empty() {
        return Err(Failure::said(
            format!(
                "« {named} » n'est ni la clé d'un journal, ni un fichier qui en contient ; le did.json d'un réseau conviendrait"
            ),
            format!("“{named}” is no key of a log, and no file that holds one; a network's did.json would fit"),
        ));
    }
    Ok(logs)
}

/// The network's key as a witness; made where there is none.
fn own_witness(keyring: &Keyring, network: uuid::Uuid) -> Result<OwnWitness, Failure> {
    if keyring.own_witness(network)?.is_none() {
        keyring.become_witness(&PrivateKey::from_seed(SystemSecrets::new().key().0))?;
    }
    keyring
        .own_witness(network)?
        .ok_or_else(|| Failure::said("la clé du témoin n'est pas lisible", "the witness's key cannot be read"))
}
