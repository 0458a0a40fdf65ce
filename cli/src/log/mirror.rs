//! `log mirror`: copies a log from wherever it is served, and finds out whether it goes on from what was copied before.

use std::path::Path;

use clap::{Arg, ArgMatches, Command};
use files::mirror::{Growth, Mirror, Standing, hashes_in};
use ledger::{
    Digest, Language,
    checkpoint::Checkpoint,
    note::{Algorithm, Note, NoteVerdict, VerifierKey},
    tile::{Shelf, TileAddress},
    verify::{Headline, Trust},
};
use service::calling::{Line, Question};

use crate::{
    failure::Failure,
    report::{Progress, count},
    session::text,
    verify,
};

/// No signed head, and no document of keys, is longer.
const TEXT_MOST: usize = 256 << 10;
/// A full tile of hashes.
const TILE_MOST: usize = 256 * 32;
/// 256 acts, each with its length.
const BUNDLE_MOST: usize = 256 * (65_535 + 2);

pub(super) fn arguments(language: Language) -> Command {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    Command::new("mirror")
        .visible_alias("copier")
        .about(t(
            "Copie un journal publié, et vérifie qu'il prolonge ce qui a été copié la fois d'avant",
            "Copies a published log, and checks that it goes on from what was copied the time before",
        ))
        .after_help(t(
            "Exemple : coudemain journal copier https://heures.example/v1/networks/…/log copie --trust did.json\nÀ relancer chaque jour, par exemple avec cron : le code de sortie est 1 dès que quelque chose est faux.",
            "Example: coudemain log mirror https://hours.example/v1/networks/…/log copy --trust did.json\nTo be run every day, with cron for instance: the exit code is 1 as soon as something is wrong.",
        ))
        .arg(crate::arguments::required(
            "url",
            "URL",
            t("L'adresse du journal : celle sous laquelle son checkpoint est servi", "The log's address: the one under which its checkpoint is served"),
        ))
        .arg(crate::arguments::required(
            "folder",
            t("DOSSIER", "FOLDER"),
            t("Le dossier de la copie", "The folder of the copy"),
        ))
        .arg(verify::trust_argument(language))
        .arg(Arg::new("token").long("token").visible_alias("jeton").env("COUDEMAIN_TOKEN").value_name(t("JETON", "TOKEN")).help(t(
            "Le jeton d'un contrôleur : les actes scellés sont copiés aussi (ou COUDEMAIN_TOKEN)",
            "An auditor's token: the sealed acts are copied, too (or COUDEMAIN_TOKEN)",
        )))
}

pub(super) async fn run(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let mut mirror = Mirror::open(Path::new(text(args, "folder")))?;
    let mut log = Served::at(text(args, "url"))?;
    let Signed { note, head } = log.head().await?;
    let keys = known_keys(args, &mirror, &log, language).await?;
    if let Some(problem) = unsigned(&note, &head, &keys, language) {
        warn_line!("{problem}");
        return Ok(false);
    }
    let before = mirror.head().map_or(0, |kept| kept.size);
    let is_sound = match mirror.standing(&head)? {
        Standing::Later => grow(&mut mirror, &mut log, &note, &head, language).await?,
        Standing::Same => {
            mirror.keep_head(&note)?;
            true
        }
        Standing::Earlier => says_otherwise(&language.pick(
            format!("Le point servi est plus ancien que celui de la copie ({} contre {before}) : le réseau est revenu en arrière, ou quelqu'un vous montre un état dépassé.", head.size),
            format!("The head that is served is older than that of the copy ({} against {before}): the network has gone back, or somebody shows you what is past.", head.size),
        )),
        Standing::OtherLog => says_otherwise(&language.pick(
            format!("Cette adresse sert maintenant un autre journal, {} : rouvert après une perte, il se copie dans un autre dossier. Demandez au réseau ce qui a été perdu.", head.origin),
            format!("This address now serves another log, {}: opened again after a loss, it is copied into another folder. Ask the network what was lost.", head.origin),
        )),
        Standing::Forked => forked(&mirror, &note, &head, None, language)?,
    };
    if !is_sound {
        return Ok(false);
    }
    mirror.keep_keys(&keys)?;
    if let Some(token) = args.get_one::<String>("token")
        && !copy_entries(&mirror, &mut log, token, language).await?
    {
        return Ok(false);
    }
    say_line!("{}", copied(before, head.size, language));
    Ok(true)
}

fn copied(before: u64, size: u64, language: Language) -> String {
    let acts = count(size, language, ("acte", "actes"), ("act", "acts"));
    match size.saturating_sub(before) {
        0 => language.pick(format!("Rien de nouveau : {acts}."), format!("Nothing new: {acts}.")),
        _ if before == 0 => language.pick(
            format!("Copié : {acts}, ceux que le point signé annonce."),
            format!("Copied: {acts}, those that the signed head tells of."),
        ),
        new => language.pick(
            format!("Copié : {acts}, dont {new} de plus ; le journal est la suite de ce qui était copié."),
            format!("Copied: {acts}, of which {new} more; the log goes on from what was copied."),
        ),
    }
}

fn says_otherwise(sentence: &str) -> bool {
    warn_line!("{sentence}");
    false
}

/// A signed head as it is served.
struct Signed {
    note: Note,
    head: Checkpoint,
}

/// A log where it is served.
struct Served<'a> {
    url: &'a str,
    line: Line,
}

impl<'a> Served<'a> {
    fn at(url: &'a str) -> Result<Self, Failure> {
        let url = url.trim_end_matches('/');
        // Whoever types an address may mean one of their own network.
        let line = Line::to(url, true).map_err(|why| not_had(url, "", |language| why.in_words(language)))?;
        Ok(Self { url, line })
    }

    async fn had(&mut self, path: &str, token: Option<&str>, most: usize) -> Result<Vec<u8>, Failure> {
        let headers: Vec<_> = token.map(|token| ("authorization", format!("Bearer {token}"))).into_iter().collect();
        let question = Question { headers: &headers, ..Question::get(path) };
        let answer = self.line.ask(&question, most).await;
        let answer = answer.map_err(|why| not_had(self.url, path, |language| why.in_words(language)))?;
        match answer.status {
            200 => Ok(answer.body),
            status => Err(not_had(self.url, path, |language| {
                language.pick(format!("le serveur répond {status}"), format!("the server answers {status}"))
            })),
        }
    }

    async fn head(&mut self) -> Result<Signed, Failure> {
        let bytes = self.had("/checkpoint", None, TEXT_MOST).await?;
        let note = String::from_utf8(bytes).ok().and_then(|text| Note::parse(&text));
        let read = note.and_then(|note| Some(Signed { head: Checkpoint::parse(&note.text)?, note }));
        read.ok_or_else(|| {
            not_had(self.url, "/checkpoint", |language| {
                language.pick("ce n'est pas un point signé", "this is no signed head").to_owned()
            })
        })
    }

    async fn hashes(&mut self, tile: TileAddress) -> Result<Vec<Digest>, Failure> {
        let path = format!("/tile/{tile}");
        let found = hashes_in(&self.had(&path, None, TILE_MOST).await?).filter(|hashes| hashes.len() == tile.width);
        found.ok_or_else(|| {
            not_had(self.url, &path, |language| {
                language.pick("ce n'est pas cette tuile", "this is not that tile").to_owned()
            })
        })
    }
}

fn not_had(url: &str, path: &str, why: impl Fn(Language) -> String) -> Failure {
    Failure::said(
        format!("« {url}{path} » : {}", why(Language::French)),
        format!("“{url}{path}”: {}", why(Language::English)),
    )
}

/// The keys that have to have signed: those that are named, else those that were known the time before. The first time
/// whoever serves the log is asked, and it is said that this proves nothing.
async fn known_keys(
    args: &ArgMatches,
    mirror: &Mirror,
    log: &Served<'_>,
    language: Language,
) -> Result<Vec<VerifierKey>, Failure> {
    let of = |trust: &Trust| trust.log_keys().to_vec();
    if args.get_many::<String>("trust").is_some() {
        let named = of(&verify::trust(args)?);
        if named.is_empty() {
            return Err(Failure::said(
                "--trust : aucune clé de journal là-dedans ; le did.json du réseau en contient",
                "--trust: no key of a log in there; the network's did.json holds some",
            ));
        }
        return Ok(named);
    }
    let before = mirror.keys()?;
    if !before.is_empty() {
        return Ok(before);
    }
    let Some(network) = log.url.strip_suffix("/log") else {
        return Err(Failure::said(
            "aucune clé de ce journal n'est connue : nommez-la avec --trust, ou le did.json de son réseau",
            "no key of this log is known: name it with --trust, or its network's did.json",
        ));
    };
    let url = format!("{network}/did.json");
    let mut keys = Served::at(&url)?;
    let document = String::from_utf8(keys.had("", None, TEXT_MOST).await?).unwrap_or_default();
    let mut trust = Trust::default();
    let told = trust.add(&document).map(|()| of(&trust)).filter(|keys| !keys.is_empty());
    let Some(told) = told else {
        return Err(not_had(&url, "", |language| {
            language
                .pick("aucune clé de journal ; --trust en nommerait une", "no key of a log; --trust would name one")
                .to_owned()
        }));
    };
    let prints: Vec<_> = told.iter().map(|key| key.key.fingerprint()).collect();
    warn_line!(
        "{}",
        language.pick(
            format!("Clés du journal, telles que cette adresse les donne : {}. Demandez-les aussi au réseau lui-même ; elles sont retenues pour les prochaines fois.", prints.join(" ; ")),
            format!("Keys of the log, as this address tells them: {}. Ask the network itself for them, too; they are remembered for the next times.", prints.join("; ")),
        )
    );
    Ok(told)
}

/// Why the head does not count, where no known key of its log signed it.
fn unsigned(note: &Note, head: &Checkpoint, keys: &[VerifierKey], language: Language) -> Option<String> {
    let own = keys.iter().filter(|key| key.algorithm == Algorithm::Ed25519 && key.name == head.origin);
    let verdicts: Vec<_> = own.map(|key| note.verdict(key)).collect();
    if verdicts.contains(&NoteVerdict::Wrong) {
        return Some(
            language
                .pick("La signature du point servi est fausse.", "The signature of the head that is served is wrong.")
                .to_owned(),
        );
    }
    if verdicts.contains(&NoteVerdict::Signed(None)) {
        return None;
    }
    let origin = &head.origin;
    Some(language.pick(
        format!("Aucune des clés connues n'a signé le point servi, qui est du journal {origin}. Si le réseau a changé de clé, donnez son nouveau did.json avec --trust."),
        format!("None of the known keys signed the head that is served, which is of the log {origin}. If the network has changed its key, give its new did.json with --trust."),
    ))
}

/// Takes the tiles that are missing, and keeps them if they lead to the head.
async fn grow(
    mirror: &mut Mirror,
    log: &mut Served<'_>,
    note: &Note,
    head: &Checkpoint,
    language: Language,
) -> Result<bool, Failure> {
    let mut growth = mirror.grow()?;
    let tiles = TileAddress::of_acts(Shelf::Hashes(0), growth.size(), head.size);
    take(&mut growth, log, tiles, language, &mut |_, _| Ok(())).await?;
    if growth.root() == head.root {
        mirror.keep(growth, note, head.clone())?;
        return Ok(true);
    }
    // Either what is served leads nowhere, or it is another history: then it leads to the head from the start.
    let mut other = Growth::default();
    let mut differs = None;
    let tiles = TileAddress::of_acts(Shelf::Hashes(0), 0, head.size);
    take(&mut other, log, tiles, language, &mut |tile, hashes| {
        differs = differs.or(mirror.first_difference(tile, hashes)?);
        Ok(())
    })
    .await?;
    if other.root() == head.root {
        return forked(mirror, note, head, differs, language);
    }
    Ok(says_otherwise(language.pick(
        "Ce qui est servi ne mène pas au point signé : les tuiles sont abîmées ou fausses. Rien n'a été copié.",
        "What is served does not lead to the signed head: the tiles are damaged or false. Nothing was copied.",
    )))
}

/// What is looked at of each tile.
type Look<'a> = &'a mut (dyn FnMut(TileAddress, &[Digest]) -> Result<(), Failure> + Send);

async fn take(
    growth: &mut Growth,
    log: &mut Served<'_>,
    tiles: impl Iterator<Item = TileAddress>,
    language: Language,
    look: Look<'_>,
) -> Result<(), Failure> {
    let progress = Progress::new(language.pick("Tuiles copiées :", "Tiles copied:"));
    let tiles: Vec<_> = tiles.collect();
    for (done, tile) in tiles.iter().enumerate() {
        progress.at(done, tiles.len());
        let hashes = log.hashes(*tile).await?;
        look(*tile, &hashes)?;
        growth.take(*tile, &hashes);
    }
    progress.end();
    Ok(())
}

/// Sounds the alarm, and keeps what proves it.
fn forked(
    mirror: &Mirror,
    note: &Note,
    head: &Checkpoint,
    differs: Option<u64>,
    language: Language,
) -> Result<bool, Failure> {
    let kept = mirror.keep_evidence(note, head)?;
    warn_line!("{}", Headline::TwoHistories.in_words(language));
    let (size, kept) = (mirror.head().map_or(0, |head| head.size), kept.display());
    let act = differs.map_or_else(String::new, |act| {
        language.pick(
            format!(" Le premier acte qui diffère est le n° {act}."),
            format!(" The first act that differs is {act}."),
        )
    });
    warn_line!(
        "{}",
        language.pick(
            format!("Le point servi ({}) n'est pas la suite de celui de la copie ({size}).{act} Il est gardé dans « {kept} », à côté de l'autre.", head.size),
            format!("The head that is served ({}) does not go on from that of the copy ({size}).{act} It is kept in “{kept}”, beside the other one.", head.size),
        )
    );
    Ok(false)
}

/// Copies the sealed acts, each held against its hash.
async fn copy_entries(mirror: &Mirror, log: &mut Served<'_>, token: &str, language: Language) -> Result<bool, Failure> {
    let missing = mirror.missing_entries();
    let progress = Progress::new(language.pick("Actes copiés, par 256 :", "Acts copied, by 256:"));
    for (done, bundle) in missing.iter().enumerate() {
        progress.at(done, missing.len());
        let bytes = log.had(&format!("/tile/{bundle}"), Some(token), BUNDLE_MOST).await?;
        if !mirror.keep_entries(*bundle, &bytes)? {
            return Ok(says_otherwise(&language.pick(
                format!("Les actes servis sous « tile/{bundle} » ne sont pas ceux que le journal scelle."),
                format!("The acts served under “tile/{bundle}” are not those that the log seals."),
            )));
        }
    }
    progress.end();
    Ok(true)
}
