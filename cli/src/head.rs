//! The last signed head that a network published, as somebody shows it: in a file, at an address, or as one that nobody
//! knows any more.

use clap::{Arg, ArgAction, ArgMatches};
use ledger::{
    Language,
    checkpoint::{Checkpoint, InclusionProof},
    command::LostHead,
    generation::{generation_of, names_up_to, origin},
    key::{AnnouncedKey, KeyPurpose},
    note::{Algorithm, Note, NoteVerdict, VerifierKey},
};
use service::calling::{Line, NotReached, Question};
use store::HeadStanding;
use uuid::Uuid;

use crate::{failure::Failure, screen};

/// What stands for a head that nobody knows.
const UNKNOWN: [&str; 3] = ["inconnu", "inconnue", "unknown"];

/// No signed head has more bytes.
const BYTES_MOST: usize = 64 << 10;

/// A head that is shown.
#[derive(Debug, Clone)]
pub(crate) struct ShownHead {
    /// The file or the address.
    name: String,
    pub(crate) head: Checkpoint,
    pub(crate) note: Note,
}

/// What was shown.
#[derive(Debug, Clone, Default)]
pub(crate) struct Shown {
    heads: Vec<ShownHead>,
    /// It was said that nobody knows.
    pub(crate) is_unknown: bool,
}

/// `--head`.
pub(crate) fn argument(language: Language) -> Arg {
    Arg::new("head")
        .long("head")
        .visible_alias("point")
        .value_name(language.pick("FICHIER|ADRESSE|inconnu", "FILE|URL|unknown"))
        .action(ArgAction::Append)
        .help(language.pick(
            "Le dernier point signé que le réseau a publié, ou « inconnu » si personne ne l'a",
            "The last signed head that the network published, or “unknown” where nobody has it",
        ))
}

/// Reads what the command line shows.
pub(crate) async fn read(args: &ArgMatches) -> Result<Shown, Failure> {
    let mut shown = Shown::default();
    for word in args.get_many::<String>("head").into_iter().flatten() {
        shown.add(word).await?;
    }
    Ok(shown)
}

impl Shown {
    /// Nobody has a head to show.
    pub(crate) fn unknown() -> Self {
        Self { heads: Vec::new(), is_unknown: true }
    }

    async fn add(&mut self, word: &str) -> Result<(), Failure> {
        if UNKNOWN.contains(&word.to_lowercase().as_str()) {
            self.is_unknown = true;
        } else {
            self.heads.push(ShownHead::at(word).await?);
        }
        Ok(())
    }

    /// The last one of a network's logs.
    pub(crate) fn of(&self, network: Uuid) -> Option<&ShownHead> {
        let of_network = self.heads.iter().filter(|shown| shown.is_of(network));
        of_network.max_by_key(|shown| place(&shown.head.origin, shown.head.size))
    }

    /// One that is of none of these networks.
    pub(crate) fn of_none(&self, networks: &[Uuid]) -> Option<Failure> {
        let is_of_none = |shown: &&ShownHead| !networks.iter().any(|network| shown.is_of(*network));
        self.heads.iter().find(is_of_none).map(|shown| of_another(&shown.name))
    }
}

/// Asks on a terminal; elsewhere nobody answers.
pub(crate) async fn ask(network: &str, language: Language) -> Result<Option<Shown>, Failure> {
    let question = language.pick(
            format!(
                "Quel est le dernier point signé que « {network} » a publié ? Un fichier, ou une adresse du service \
                 (https://…/log/checkpoint). Si personne ne l'a, tapez : inconnu. Un nouveau journal s'ouvrira alors, qui \
                 le dira."
            ),
            format!(
                "Which is the last signed head that “{network}” published? A file, or an address of the service \
                 (https://…/log/checkpoint). Where nobody has it, type: unknown. A new log will open then that says so."
            ),
        );
    let Some(word) = screen::ask(&question)? else { return Ok(None) };
    if word.is_empty() {
        return Err(not_shown(network));
    }
    let mut shown = Shown::default();
    shown.add(&word).await?;
    Ok(Some(shown))
}

/// Nobody has shown the last head of a network.
pub(crate) fn not_shown(network: &str) -> Failure {
    Failure::said(
        format!(
            "rien ne dit jusqu'où le journal de « {network} » a été publié, et le continuer sans le savoir pourrait \
             raconter deux histoires. Montrez le dernier point signé avec --point FICHIER ou --point ADRESSE ; si personne \
             ne l'a, --point inconnu ouvre un nouveau journal qui le dit. Rien n'a été écrit"
        ),
        format!(
            "nothing says how far the log of “{network}” was published, and to go on without knowing might tell two \
             histories. Show the last signed head with --head FILE or --head URL; where nobody has it, --head unknown opens \
             a new log that says so. Nothing was written"
        ),
    )
}

fn of_another(name: &str) -> Failure {
    Failure::said(
        format!("« {name} » est le point signé d'un autre réseau"),
        format!("“{name}” is the signed head of another network"),
    )
}

impl ShownHead {
    /// A signed head, or what a proof ends in.
    async fn at(name: &str) -> Result<Self, Failure> {
        let is_address = name.starts_with("https://") || name.starts_with("http://");
        let bytes = if is_address {
            fetched(name).await?
        } else {
            std::fs::read(name).map_err(|error| Failure::of_file(name, &error))?
        };
        let text = String::from_utf8(bytes).unwrap_or_default();
        let note = InclusionProof::parse(&text).map(|proof| proof.checkpoint).or_else(|| Note::parse(&text));
        let read = note.and_then(|note| Some((Checkpoint::parse(&note.text)?, note)));
        let (head, note) = read.ok_or_else(|| {
            Failure::said(
                format!("« {name} » n'est pas un point signé ; « coudemain journal point » en écrit un"),
                format!("“{name}” is no signed head; “coudemain log checkpoint” writes one"),
            )
        })?;
        Ok(Self { name: name.to_owned(), head, note })
    }

    fn is_of(&self, network: Uuid) -> bool {
        names_up_to(&self.head.origin).last() == Some(&origin(network, 1))
    }

    /// Whether it is later than one that is kept, or none is.
    pub(crate) fn is_later_than(&self, kept: Option<&Checkpoint>) -> bool {
        let place_of = |head: &Checkpoint| place(&head.origin, head.size);
        kept.is_none_or(|kept| place_of(kept) < place_of(&self.head))
    }

    /// What was lost, if anything was, by what the log as it is has to do with this head. Only what the network signed
    /// says anything.
    pub(crate) fn lost(&self, standing: HeadStanding, keys: &[AnnouncedKey]) -> Result<Option<LostHead>, Failure> {
        let name = &self.name;
        if standing == HeadStanding::OfAnother {
            return Err(of_another(name));
        }
        let is_signed = keys.iter().filter(|key| key.purpose == KeyPurpose::Checkpoint).any(|key| {
            let name = self.head.origin.clone();
            let verifier = VerifierKey { name, algorithm: Algorithm::Ed25519, key: key.key };
            self.note.verdict(&verifier) == NoteVerdict::Signed(None)
        });
        if !is_signed {
            return Err(Failure::said(
                format!(
                    "« {name} » n'est signé par aucune des clés que ce réseau avait annoncées ; si la clé a changé depuis, \
                     --point inconnu"
                ),
                format!(
                    "“{name}” is signed by none of the keys that this network had announced; where the key was changed \
                     since, --head unknown"
                ),
            ));
        }
        match standing {
            HeadStanding::OfEarlier => Err(Failure::said(
                format!("« {name} » est d'un journal perdu depuis ; il faut le dernier point de celui qui l'a suivi"),
                format!("“{name}” is of a log that was lost since; it takes the last head of the one that followed it"),
            )),
            HeadStanding::GoesOn => Ok(None),
            HeadStanding::FellBehind | HeadStanding::Forked | HeadStanding::OfLater | HeadStanding::OfAnother => {
                Ok(Some(lost(&self.head)))
            }
        }
    }
}

/// A head that was lost, as the log names it.
pub(crate) fn lost(head: &Checkpoint) -> LostHead {
    LostHead { origin: head.origin.clone(), size: head.size, root: Some(head.root) }
}

/// The end of a log that nobody knows: as many acts as are left it had, at least.
pub(crate) fn lost_unknown(left: &Checkpoint) -> LostHead {
    LostHead { origin: left.origin.clone(), size: left.size, root: None }
}

/// Of several heads that were lost, the latest.
pub(crate) fn latest(lost: Vec<LostHead>) -> Option<LostHead> {
    lost.into_iter().max_by_key(|lost| place(&lost.origin, lost.size))
}

/// The later of two heads has the greater place.
fn place(origin: &str, size: u64) -> (u32, u64) {
    (generation_of(origin), size)
}

/// What stands at an address.
async fn fetched(url: &str) -> Result<Vec<u8>, Failure> {
    let failed = |why: NotReached| {
        Failure::said(
            format!("« {url} » : {}", why.in_words(Language::French)),
            format!("“{url}”: {}", why.in_words(Language::English)),
        )
    };
    // Whoever types an address may well mean their own machine.
    let mut line = Line::to(url, true).map_err(failed)?;
    let answered = line.ask(&Question::get(""), BYTES_MOST).await.map_err(failed)?;
    if answered.status != 200 {
        let status = answered.status;
        return Err(Failure::said(
            format!("« {url} » répond {status} : il n'y a pas de point signé à cette adresse"),
            format!("“{url}” answers {status}: there is no signed head at that address"),
        ));
    }
    Ok(answered.body)
}
