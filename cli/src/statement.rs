//! `statement`: what the network signs for each association and year.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use clap::{Arg, ArgAction, ArgMatches, Command};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use ledger::{
    ActNumber, AssociationNumber, Digest, Language,
    association::{Association, MembershipState},
    clock::{Clock as _, SystemClock},
    command::{self, IssuedStatement},
    integrity::{self, Cryptosuite},
    key::{Issuer, KeyPurpose, PrivateKey},
    log as sealed,
    occasion::Occasion,
    statement::{self, AnnexPart, Binding, Figures, Heading, PreviousHead, Superseded, digest_text, number_text},
    year::Year,
};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use store::{ClosedLines, HeadProof, SealError, StatementRow, Writer, YearBooks};

use crate::{
    arguments,
    failure::Failure,
    file,
    keys::keyring,
    network_report,
    report::{Progress, count},
    session::{Session, text},
    verb::{self, Verb},
};

/// So many statements are handed out by one act: memory stays bounded however large the network.
const STATEMENTS_AN_ACT: usize = 100;
/// The database reads for so many at once.
const READ_AHEAD: usize = 4;

const VERBS: [Verb; 3] = [
    Verb { arguments: issue_arguments, run: |args, language| Box::pin(issue(args, language)) },
    Verb { arguments: preview_arguments, run: |args, language| Box::pin(preview(args, language)) },
    Verb { arguments: network_report::arguments, run: |args, language| Box::pin(network_report::run(args, language)) },
];

pub(crate) fn arguments(language: Language) -> Command {
    let about = language.pick("Les relevés annuels signés", "The signed annual statements");
    verb::group("statement", "releve", about, &VERBS, language)
}

pub(crate) async fn run(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    verb::run(&VERBS, args, language).await
}

fn issue_arguments(language: Language) -> Command {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    let about = t("Signe et écrit les relevés d'un exercice clos", "Signs and writes the statements of a closed year");
    let example = t(
        "coudemain releve emettre --year 2025 --out releves",
        "coudemain statement issue --year 2025 --out statements",
    );
    arguments::ledger_verb("issue", "emettre", about, example, language)
        .arg(
            Arg::new("again")
                .long("again")
                .visible_alias("remplacer")
                .action(ArgAction::SetTrue)
                .requires("association")
                .help(t(
                    "Émet un nouveau relevé qui remplace celui de cette association",
                    "Issues a new statement in the place of that association's",
                )),
        )
        .args(which_and_where(language))
}

fn preview_arguments(language: Language) -> Command {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    let about = t(
        "Écrit des relevés provisoires d'un exercice ouvert, à relire par les adhérents",
        "Writes provisional statements of an open year, for members to object to",
    );
    let example = t(
        "coudemain releve apercu --year 2025 --out provisoires",
        "coudemain statement preview --year 2025 --out provisional",
    );
    arguments::ledger_verb("preview", "apercu", about, example, language).args(which_and_where(language))
}

/// Of which year and associations, and where they are written.
fn which_and_where(language: Language) -> Vec<Arg> {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    vec![
        arguments::keys(language),
        arguments::year(language).required(true),
        Arg::new("out")
            .long("out")
            .required(true)
            .value_name(t("DOSSIER", "FOLDER"))
            .help(t("Le dossier où les écrire", "The folder to write them to")),
        Arg::new("association")
            .long("association")
            .value_name("ASSOCIATION")
            .help(t("Une seule association", "One association alone")),
        Arg::new("no-pdf").long("no-pdf").visible_alias("sans-pdf").action(ArgAction::SetTrue).help(t(
            "Le document signé seul, sans sa version à lire",
            "The signed document alone, without the one to read",
        )),
    ]
}

/// Everything that the statements of a year have in common.
struct Press<'a> {
    session: &'a Session,
    year: Year,
    books: YearBooks,
    /// Of a closed year.
    lines: Option<ClosedLines>,
    issuer: Issuer,
    key: PrivateKey,
    skills: HashMap<i64, String>,
    sealed: Option<Sealed>,
}

/// How the log binds a closed year.
struct Sealed {
    leaf: String,
    proof: ledger::checkpoint::InclusionProof,
    log_key: String,
    previous: Option<PreviousHead>,
}

impl<'a> Press<'a> {
    async fn new(session: &'a Session, args: &ArgMatches, year: Year, sealed: Option<Sealed>) -> Result<Self, Failure> {
        let in_use = session.store.key_in_use(session.network_id, KeyPurpose::Credential).await?;
        let key = keyring(args, session).load(KeyPurpose::Credential, in_use.key)?;
        let skills = session.registry.skills().iter().map(|skill| (skill.number.0, skill.name.clone())).collect();
        let books = session.store.year_books(session.network_id, year).await?;
        let lines = match sealed {
            Some(_) => Some(session.store.closed_lines(session.network_id, year).await?),
            None => None,
        };
        Ok(Self { session, year, books, lines, issuer: in_use.issuer(), key, skills, sealed })
    }

    /// The signed statement of one association.
    async fn statement(
        &self,
        association: &Association,
        sequence: Option<u32>,
        supersedes: Option<Superseded>,
    ) -> Result<Vec<u8>, Failure> {
        let names = |number| self.session.name_of(number);
        let skills = |number: ledger::SkillNumber| self.skills.get(&number.0).cloned().unwrap_or_default();
        let network = self.session.network.uuid;
        let books = self.books.of(association.number, &names, &skills);
        let mut figures = Figures::new(network, association, self.year, &books);
        figures.number = sequence.map(|sequence| number_text(self.year, sequence));
        figures.supersedes = supersedes;
        if let Some(lines) = &self.lines {
            let annex = lines.file(association.number).await?;
            figures.annex =
                Some(AnnexPart { bytes: annex.len() as u64, sha256: Digest(Sha256::digest(&annex).into()).to_hex() });
        }
        let binding = self.sealed.as_ref().map(|sealed| self.binding(sealed, association.number));
        let at = SystemClock.now();
        let heading = Heading { network, network_name: &self.session.network.name, issuer: &self.issuer, at };
        let mut credential = statement::credential(&heading, &figures, binding.as_ref()).map_err(unwritable)?;
        integrity::sign(&mut credential, &[Cryptosuite::EddsaJcs2022], &self.key, &self.issuer, at).map_err(
            |problem| Failure::said(problem.in_words(Language::French), problem.in_words(Language::English)),
        )?;
        let mut bytes = serde_json::to_vec_pretty(&credential).map_err(unwritable)?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// The statement as it is handed in, in the place of the one before.
    async fn issued(
        &self,
        association: &Association,
        sequence: u32,
        before: Option<u32>,
    ) -> Result<IssuedStatement, Failure> {
        let superseded = match before {
            Some(before) => Some(superseded(self.session, self.year, before).await?),
            None => None,
        };
        let bytes = self.statement(association, Some(sequence), superseded).await?;
        Ok(IssuedStatement { association: association.number, sequence, supersedes: before, bytes })
    }

    fn binding(&self, sealed: &Sealed, association: AssociationNumber) -> Binding {
        statement::binding(
            &self.books.years,
            &self.books.leaves,
            association,
            &sealed.leaf,
            &sealed.proof,
            &sealed.log_key,
            sealed.previous.as_ref(),
        )
    }
}

#[expect(clippy::needless_pass_by_value, reason = "as `map_err` hands it over")]
fn unwritable(error: serde_json::Error) -> Failure {
    Failure::said(format!("le relevé ne s'écrit pas : {error}"), format!("the statement cannot be written: {error}"))
}

async fn issue(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let session = Session::open(args, language).await?;
    let year = Year(args.get_one::<i32>("year").copied().unwrap_or_default());
    let out = PathBuf::from(text(args, "out"));
    let wanted = chosen(args, &session, year).await?;
    let Some((act, leaf)) = session.store.closing_act(session.network_id, year).await? else {
        let rejection = ledger::Rejection::YearIsOpen(year);
        return Err(session.said(store::WriteError::Rejected(rejection)));
    };
    let sealed = seal(args, &session, act, leaf).await?;
    let press = Press::new(&session, args, year, Some(sealed)).await?;
    fs::create_dir_all(&out)?;
    let in_force = session.store.statements_in_force(session.network_id, year).await?;
    let is_again = args.get_flag("again");
    let is_new = |association: &&Association| is_again || !in_force.contains_key(&association.number);
    let new: Vec<&Association> = wanted.iter().copied().filter(is_new).collect();
    let next = in_force.values().max().map_or(1, |last| last + 1);
    let writer = session.writer();
    let progress = Progress::new(language.pick("Relevés signés :", "Statements signed:"));
    let mut done = 0;
    for (chunk, first) in new.chunks(STATEMENTS_AN_ACT).zip((next..).step_by(STATEMENTS_AN_ACT)) {
        let mut statements = Vec::with_capacity(chunk.len());
        // While one is put together, the lines of the next ones are read.
        let made = stream::iter(chunk.iter().zip(first..)).map(|(association, sequence)| {
            let before = in_force.get(&association.number).copied();
            press.issued(association, sequence, before)
        });
        let mut made = made.buffered(READ_AHEAD);
        while let Some(statement) = made.try_next().await? {
            statements.push(statement);
            done += 1;
            progress.at(done, new.len());
        }
        hand_in(&session, &writer, year, statements).await?;
    }
    progress.end();
    writer.stop().await;
    let written = write_out(args, &session, year, &out, &wanted).await?;
    publish(&session, &out).await?;
    say_line!("{}", summary(year, new.len(), written, &out, language));
    Ok(true)
}

/// The associations that are asked for: one, or all that take part or did in that year.
async fn chosen<'s>(args: &ArgMatches, session: &'s Session, year: Year) -> Result<Vec<&'s Association>, Failure> {
    // `close` has no such argument, and always means all.
    if let Ok(Some(wanted)) = args.try_get_one::<String>("association") {
        return Ok(vec![session.association(wanted)?]);
    }
    let years = session.store.account_years(session.network_id, year).await?;
    let moved = |association: &Association| {
        let own = ledger::account::Account::Association(association.number);
        years.iter().any(|year| year.account == own)
    };
    let takes_part = |association: &&Association| match association.state {
        MembershipState::Active | MembershipState::Suspended => true,
        MembershipState::Applicant | MembershipState::Left => moved(association),
    };
    Ok(session.registry.associations().filter(takes_part).collect())
}

/// Signs the head over the closing act and puts the proofs together that all statements share.
async fn seal(args: &ArgMatches, session: &Session, act: ActNumber, leaf: String) -> Result<Sealed, Failure> {
    let signed = crate::log::sign(args, session).await?;
    let proof = session.store.inclusion_under(session.network_id, act, &signed).await?;
    let log_key = session.store.log_key(session.network_id).await?.to_string();
    let heads = session.store.signed_heads(session.network_id, 2).await?;
    let previous = match heads.into_iter().find(|before| before.head.size < signed.head.size) {
        None => None,
        Some(HeadProof { head, note }) => {
            let hashes = session.store.consistency_between(session.network_id, head.size, signed.head.size).await?;
            Some(PreviousHead { checkpoint: note.to_string(), consistency: hashes.iter().map(digest_text).collect() })
        }
    };
    Ok(Sealed { leaf, proof, log_key, previous })
}

async fn superseded(session: &Session, year: Year, sequence: u32) -> Result<Superseded, Failure> {
    let found = session.store.statements(session.network_id, year, sequence, 1).await?;
    let bytes = found.first().map(|row| row.bytes.as_slice()).unwrap_or_default();
    Ok(Superseded { number: number_text(year, sequence), sha256: Digest(Sha256::digest(bytes).into()).to_hex() })
}

async fn hand_in(
    session: &Session,
    writer: &Writer,
    year: Year,
    statements: Vec<IssuedStatement>,
) -> Result<(), Failure> {
    let first = statements.first().map(|statement| statement.sequence).unwrap_or_default();
    let mut hasher = Sha256::new();
    for statement in &statements {
        hasher.update(&statement.bytes);
    }
    let digest = sealed::leaf_hash(&hasher.finalize());
    let command = command::Command::IssueStatements { year, statements };
    let request = Occasion::StatementIssue { year, first }.request_about(digest, session.by, command);
    writer.submit(session.network_id, request).await.map(|_| ()).map_err(|error| session.said(error))
}

/// Writes the statements in force of the associations that were asked for, from the database: what was signed once is
/// never signed again.
async fn write_out(
    args: &ArgMatches,
    session: &Session,
    year: Year,
    out: &Path,
    wanted: &[&Association],
) -> Result<usize, Failure> {
    let in_force = session.store.statements_in_force(session.network_id, year).await?;
    let names: HashMap<AssociationNumber, &str> =
        wanted.iter().map(|association| (association.number, association.name())).collect();
    let progress = Progress::new(session.language.pick("Relevés écrits :", "Statements written:"));
    let (mut from, mut written) = (0, 0);
    loop {
        let rows = session.store.statements(session.network_id, year, from, 50).await?;
        let Some(last) = rows.last() else { break };
        from = last.sequence + 1;
        let is_wanted = |row: &&StatementRow| {
            in_force.get(&row.association) == Some(&row.sequence) && names.contains_key(&row.association)
        };
        let rows: Vec<_> = rows.iter().filter(is_wanted).collect();
        let files = rows.iter().map(|row| {
            let name = names.get(&row.association).copied().unwrap_or_default();
            (out.join(file_name(&number_text(year, row.sequence), name)), row.bytes.as_slice())
        });
        let files: Vec<_> = files.collect();
        write_files(args, &files, session.language)?;
        written += files.len();
        progress.at(written, wanted.len());
    }
    progress.end();
    Ok(written)
}

/// Writes each document, and beside it the one to read.
fn write_files(args: &ArgMatches, files: &[(PathBuf, &[u8])], language: Language) -> Result<(), Failure> {
    for (path, bytes) in files {
        file::write(path, bytes)?;
    }
    if args.get_flag("no-pdf") {
        return Ok(());
    }
    crate::pdf::statements(files, language)
}

async fn preview(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let session = Session::open(args, language).await?;
    let year = Year(args.get_one::<i32>("year").copied().unwrap_or_default());
    let written = provisional(args, &session, year, &PathBuf::from(text(args, "out"))).await?;
    say_line!(
        "{}",
        language.pick(
            format!(
                "{} dans « {} ». Rien n'est clos.",
                count(written, language, ("relevé provisoire écrit", "relevés provisoires écrits"), ("", "")),
                text(args, "out")
            ),
            format!(
                "{} in “{}”. Nothing is closed.",
                count(written, language, ("", ""), ("provisional statement written", "provisional statements written")),
                text(args, "out")
            ),
        )
    );
    Ok(true)
}

/// Writes provisional statements: signed, so that nobody can pass others off as the network's, but not numbered.
pub(crate) async fn provisional(
    args: &ArgMatches,
    session: &Session,
    year: Year,
    out: &Path,
) -> Result<usize, Failure> {
    let wanted = chosen(args, session, year).await?;
    let press = Press::new(session, args, year, None).await?;
    fs::create_dir_all(out)?;
    for association in &wanted {
        let bytes = press.statement(association, None, None).await?;
        let path = out.join(file_name(&format!("{year}-provisoire"), association.name()));
        write_files(args, &[(path, &bytes)], session.language)?;
    }
    Ok(wanted.len())
}

/// What goes with the statements: the network's public keys and the signed head.
async fn publish(session: &Session, out: &Path) -> Result<(), Failure> {
    let document: Value = crate::keys::public_document(session).await?;
    let text = serde_json::to_string_pretty(&document).map_err(unwritable)?;
    file::write(&out.join("did.json"), format!("{text}\n").as_bytes())?;
    let head = session.store.signed_heads(session.network_id, 1).await?.into_iter().next();
    let head = head.ok_or(SealError::NoKey(KeyPurpose::Checkpoint))?;
    file::write(&out.join("checkpoint.txt"), head.note.to_string().as_bytes())
}

fn summary(year: Year, new: usize, written: usize, out: &Path, language: Language) -> String {
    let out = out.display();
    let signed = count(new, language, ("relevé signé", "relevés signés"), ("statement signed", "statements signed"));
    let check = language.pick("verifier", "verify");
    language.pick(
        format!("{signed}, {written} dans « {out} », avec les clés publiques (did.json) et le point de contrôle.\nPour vérifier : coudemain {check} {out}/{year}-*.json --trust {out}/did.json"),
        format!("{signed}, {written} in “{out}”, with the public keys (did.json) and the checkpoint.\nTo check: coudemain {check} {out}/{year}-*.json --trust {out}/did.json"),
    )
}

/// A file name that every system takes: the number, then the name in plain letters.
fn file_name(number: &str, name: &str) -> String {
    let folded = ledger::name::fold(name);
    let plain: String = folded
        .chars()
        .map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '-' })
        .collect::<String>()
        .split('-')
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("-");
    let plain: String = plain.chars().take(60).collect();
    format!("{number}-{plain}.json")
}
