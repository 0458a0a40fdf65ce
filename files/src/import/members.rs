//! Associations and persons.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;
use ledger::{
    AssociationNumber, CourtRegister, Identifier, IdentifierError, InseeCode, Language, PersonNumber, Rna, Siren,
    Siret,
    association::{AssociationKind, Contact, MembershipState, NewAssociation},
    command::Command,
    content, name,
    occasion::Occasion,
    person::{Identity, PersonRef, adult_on},
};

use super::plan::Plan;
use crate::{date, remedy::Remedy, table::Row};

/// A line per association.
pub(super) fn associations(plan: &mut Plan<'_>) {
    let mut seen: Vec<(u64, String)> = Vec::new();
    let mut taken: HashMap<String, u64> = HashMap::new();
    for row in &plan.table.rows {
        match association(plan, row) {
            Ok(new) => {
                let folded = name::fold(&new.name);
                if let Some(problem) = stands_above(plan, row.line, &new, &mut taken) {
                    plan.problem(row.line, problem);
                    continue;
                }
                ask_about_likeness(plan, row.line, &new.name, &seen);
                seen.push((row.line, new.name.clone()));
                let content = content::association(&new);
                let command = Command::AddAssociation(new);
                let request = plan.request(&Occasion::MemberLine(&folded), &[&content], command);
                plan.ask(row.line, request);
            }
            Err(problem) => plan.problem(row.line, problem),
        }
    }
}

/// What a line says that another one above it says too: a name, present or former, or a registration.
fn stands_above(plan: &Plan<'_>, line: u64, new: &NewAssociation, taken: &mut HashMap<String, u64>) -> Option<String> {
    let language = plan.language();
    let names = std::iter::once(&new.name).chain(&new.former_names).map(|name| {
        (
            format!("name:{}", name::fold(name)),
            language.pick(format!("le nom « {name} »"), format!("the name “{name}”")),
        )
    });
    let registrations = new.identifiers.iter().map(|identifier| {
        let value = identifier.value();
        (format!("number:{value}"), language.pick(format!("le numéro {value}"), format!("the number {value}")))
    });
    let mut problem = None;
    for (key, what) in names.chain(registrations) {
        let above = *taken.entry(key).or_insert(line);
        if above != line && problem.is_none() {
            problem =
                Some(language.pick(
                    format!("{what} est déjà à la ligne {above}"),
                    format!("{what} stands on line {above} already"),
                ));
        }
    }
    problem
}

/// A name almost like another one may be the same association twice: worth a look, no obstacle.
fn ask_about_likeness(plan: &mut Plan<'_>, line: u64, wanted: &str, seen: &[(u64, String)]) {
    let registry = plan.network.registry.associations().map(|association| association.name().to_owned());
    let others = seen.iter().map(|(_, name)| name.clone()).chain(registry);
    let is_other = |other: &String| name::fold(other) != name::fold(wanted);
    let near = others.filter(is_other).find(|other| name::is_close(other, wanted));
    if let Some(near) = near {
        plan.summary.questions.push(plan.language().pick(
            format!("ligne {line} : « {wanted} » et « {near} » sont-elles la même association ?"),
            format!("line {line}: are “{wanted}” and “{near}” the same association?"),
        ));
    }
}

fn association(plan: &mut Plan<'_>, row: &Row) -> Result<NewAssociation, String> {
    let language = plan.language();
    let text = |field: &str| plan.filled(row, field).map(str::to_owned);
    let kind = match plan.filled(row, "kind") {
        None => AssociationKind::Association,
        Some(word) => kind(word).ok_or_else(|| {
            language.pick(
                format!("type inconnu : « {word} » ; association, commune, entreprise ou groupe conviendrait"),
                format!("unknown kind: “{word}”; association, municipality, company or group would fit"),
            )
        })?,
    };
    let insee =
        plan.filled(row, "insee").map(InseeCode::parse).transpose().map_err(|error| error.in_words(language))?;
    let member_since = plan.filled(row, "member_since").map(date::parse).transpose();
    let former = plan.cell(row, "former_names").split(['|', ';', '/']).map(str::trim);
    let new = NewAssociation {
        name: text("name").ok_or_else(|| language.pick("il manque le nom", "the name is missing").to_owned())?,
        former_names: former.filter(|name| !name.is_empty()).map(str::to_owned).collect(),
        kind,
        state: MembershipState::Active,
        identifiers: identifiers(plan, row).map_err(|error| error.in_words(language))?,
        commune: text("commune"),
        insee,
        member_since: member_since.map_err(|error| error.in_words(language))?,
        contact: Contact {
            name: text("contact_name"),
            email: text("email"),
            phone: text("phone"),
            paper_only: is_yes(plan.cell(row, "paper_only")),
        },
    };
    warn_of_unusual_rna(plan, row, &new);
    Ok(new)
}

fn identifiers(plan: &Plan<'_>, row: &Row) -> Result<Vec<Identifier>, IdentifierError> {
    let mut identifiers = Vec::new();
    if let Some(text) = plan.filled(row, "rna") {
        identifiers.push(Identifier::Rna(Rna::parse(text)?));
    }
    if let Some(text) = plan.filled(row, "court_register") {
        identifiers.push(Identifier::CourtRegister(CourtRegister::parse(text)?));
    }
    if let Some(text) = plan.filled(row, "siren") {
        identifiers.push(Identifier::Siren(Siren::parse(text)?));
    }
    if let Some(text) = plan.filled(row, "siret") {
        identifiers.push(Identifier::Siret(Siret::parse(text)?));
    }
    Ok(identifiers)
}

fn warn_of_unusual_rna(plan: &mut Plan<'_>, row: &Row, new: &NewAssociation) {
    for identifier in &new.identifiers {
        if let Identifier::Rna(rna) = identifier
            && rna.is_unusual()
        {
            plan.summary.notes.push(plan.language().pick(
                format!(
                    "ligne {} : le numéro RNA {rna} a une forme inhabituelle (W et neuf chiffres d'ordinaire)",
                    row.line
                ),
                format!("line {}: the RNA number {rna} has an unusual form (W and nine digits as a rule)", row.line),
            ));
        }
    }
}

fn kind(word: &str) -> Option<AssociationKind> {
    let folded = name::fold(word);
    let has = |words: &[&str]| words.iter().any(|known| folded.split(' ').any(|part| part == *known));
    if has(&["association", "asso"]) {
        Some(AssociationKind::Association)
    } else if has(&["commune", "mairie", "municipality", "collectivite", "ville", "communaute"]) {
        Some(AssociationKind::Municipality)
    } else if has(&["entreprise", "company", "ess", "cooperative", "scic", "scop", "social"]) {
        Some(AssociationKind::SocialEconomyCompany)
    } else if has(&["groupe", "group", "informel", "informal", "collectif"]) {
        Some(AssociationKind::InformalGroup)
    } else {
        None
    }
}

fn is_yes(word: &str) -> bool {
    matches!(name::fold(word).as_str(), "oui" | "o" | "x" | "1" | "vrai" | "yes" | "y" | "true")
}

/// A line per membership: the first of a person adds the person too.
pub(super) fn persons(plan: &mut Plan<'_>) {
    let mut first_lines: HashMap<String, (u64, Identity)> = HashMap::new();
    let mut memberships: BTreeMap<String, BTreeSet<AssociationNumber>> = BTreeMap::new();
    for row in &plan.table.rows {
        let parsed = identity(plan, row).and_then(|identity| Ok((identity, plan.association(row, "association")?)));
        let (identity, association) = match parsed {
            Ok(parsed) => parsed,
            Err(problem) => {
                plan.problem(row.line, problem);
                continue;
            }
        };
        if let Some((line, first)) = first_lines.get(&identity.code) {
            if *first != identity {
                plan.problem(row.line, two_identities(plan.language(), &identity.code, *line));
                continue;
            }
        } else {
            first_lines.insert(identity.code.clone(), (row.line, identity.clone()));
            let content = content::identity(&identity);
            let command = Command::AddPerson(identity.clone());
            let request = plan.request(&Occasion::PersonLine(&identity.code), &[&content], command);
            plan.ask(row.line, request);
        }
        let is_new = memberships.entry(identity.code.clone()).or_default().insert(association);
        if is_new {
            enrol(plan, row.line, &identity.code, association);
        }
        if plan.requests.last().is_none_or(|asked| asked.line != row.line) {
            plan.known_lines += 1;
        }
    }
}

/// Asks for a membership, unless the ledger has it.
fn enrol(plan: &mut Plan<'_>, line: u64, code: &str, association: AssociationNumber) {
    let known = plan.network.registry.person_with_code(code);
    if known.is_some_and(|person| person.associations.contains(&association)) {
        return;
    }
    let person = known.map_or(PersonRef::Code(code.to_owned()), |person| person.number.into());
    let occasion = Occasion::MembershipLine { code, association };
    let request = plan.request(&occasion, &[], Command::Enrol { person, association });
    plan.ask(line, request);
}

/// The day on which somebody comes of age who is a minor today.
fn majority(plan: &Plan<'_>, row: &Row) -> Result<Option<NaiveDate>, String> {
    if plan.filled(row, "birth_date").is_none() {
        return Ok(None);
    }
    let (born, today) = (plan.date(row, "birth_date")?, plan.network.today());
    if born > today {
        return Err(plan.language().pick(
            format!(
                "né le {}, dans l'avenir ; une date jusqu'au {} conviendrait",
                born.format("%d/%m/%Y"),
                today.format("%d/%m/%Y")
            ),
            format!("born on {born}, in the future; a date up to {today} would fit"),
        ));
    }
    Ok(adult_on(born).filter(|adult_on| *adult_on > today))
}

fn identity(plan: &Plan<'_>, row: &Row) -> Result<Identity, String> {
    let text = |field: &str| plan.filled(row, field).map(str::to_owned);
    let (first_name, last_name, email) = (text("first_name"), text("last_name"), text("email"));
    let code = text("code").or_else(|| email.clone()).or_else(|| {
        let parts = [first_name.as_deref(), last_name.as_deref()];
        Some(parts.into_iter().flatten().collect::<Vec<_>>().join(" ")).filter(|name| !name.is_empty())
    });
    let code = code.ok_or_else(|| {
        plan.language()
            .pick(
                "il manque de quoi nommer la personne : code, e-mail ou nom",
                "nothing names the person: code, e-mail or name",
            )
            .to_owned()
    })?;
    Ok(Identity { code, first_name, last_name, email, adult_on: majority(plan, row)? })
}

fn two_identities(language: Language, code: &str, line: u64) -> String {
    language.pick(
        format!("« {code} » a un autre nom, une autre adresse ou une autre naissance à la ligne {line}"),
        format!("“{code}” has another name, address or birth date on line {line}"),
    )
}

/// The person whom a cell names by code.
pub(super) fn person(plan: &Plan<'_>, row: &Row) -> Result<PersonNumber, String> {
    let code = plan.cell(row, "person");
    if code.is_empty() {
        let column = plan.column_name("person");
        return Err(plan.language().pick(
            format!("il manque la personne (colonne « {column} »)"),
            format!("the person is missing (column “{column}”)"),
        ));
    }
    plan.network.registry.person_with_code(code).map(|person| person.number).ok_or_else(|| {
        let remedy = plan.remedy(Remedy::PersonsFirst);
        plan.language()
            .pick(format!("personne inconnue : « {code} » ; {remedy}"), format!("unknown person: “{code}”; {remedy}"))
    })
}
