//! Associations and persons.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;
use ledger::{
    AssociationNumber, CourtRegister, Identifier, IdentifierError, InseeCode, Language, PersonNumber, Rna, Siren,
    Siret,
    association::{Association, AssociationKind, Contact, MembershipState, NewAssociation},
    brought_in::BroughtIn,
    clock::{SecretKey, Secrets as _},
    command::Command,
    content, name,
    person::{Identity, PersonRef, adult_on},
};
use store::{StoreError, SystemSecrets};

use super::{
    otherwise::{Difference, Otherwise, quoted},
    plan::{Plan, show_date},
    question::Answer,
};
use crate::{
    date,
    remedy::Remedy,
    table::{Row, with_first_zero},
    text::count,
};

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
                let enters = is_no_total(plan, row.line, &new.name) && is_another(plan, row.line, &new.name, &seen);
                seen.push((row.line, new.name.clone()));
                if enters {
                    let content = content::association(&new);
                    let command = Command::AddAssociation(new);
                    plan.ask(row.line, &BroughtIn::Member(&folded), &[&content], command);
                }
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

/// Whether a name is that of somebody rather than the label of a total; what looks like one is asked about.
fn is_no_total(plan: &mut Plan<'_>, line: u64, name: &str) -> bool {
    if !looks_like_total(name) || plan.network.registry.association_named(name).is_some() {
        return true;
    }
    let question = plan.language().pick(
        format!("« {name} » est-il vraiment le nom d'une association, et non un total ?"),
        format!("is “{name}” really the name of an association, and not a total?"),
    );
    match plan.answer(line, question) {
        Some(Answer::Yes) => true,
        Some(Answer::No) => {
            plan.summary.left_out += 1;
            false
        }
        Some(Answer::Skip) | None => false,
    }
}

/// Whether a label says how many there are, or what they come to.
fn looks_like_total(name: &str) -> bool {
    const SUMS: [&str; 8] = ["total", "totaux", "soustotal", "cumul", "somme", "subtotal", "nombre", "effectif"];
    const MEMBERS: [&str; 12] = [
        "association",
        "associations",
        "adherent",
        "adherents",
        "membre",
        "membres",
        "structure",
        "structures",
        "member",
        "members",
        "organisation",
        "organisations",
    ];
    let folded = name::fold(name);
    let words: Vec<&str> = folded.split(' ').collect();
    let is_number = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit()) && !word.is_empty();
    match words.as_slice() {
        [first, ..] if SUMS.contains(first) => true,
        ["sous", "total" | "totaux", ..] | ["grand", "total"] => true,
        [number] => is_number(number),
        [number, members] => is_number(number) && MEMBERS.contains(members),
        _ => false,
    }
}

/// Whether an association is none of those above or in the network; what looks like one of them is asked about.
fn is_another(plan: &mut Plan<'_>, line: u64, wanted: &str, seen: &[(u64, String)]) -> bool {
    let folded = name::fold(wanted);
    if plan.network.registry.association_named(wanted).is_some() {
        return true;
    }
    let registry = plan.network.registry.associations().map(Association::name);
    let others = seen.iter().map(|(_, name)| name.as_str()).chain(registry);
    let near = others.filter(|other| name::fold(other) != folded).find(|other| name::is_close(other, wanted));
    let Some(near) = near.map(str::to_owned) else { return true };
    let question = plan.language().pick(
        format!("« {wanted} » et « {near} » sont-elles la même association ?"),
        format!("are “{wanted}” and “{near}” the same association?"),
    );
    plan.is_another(line, question)
}

fn association(plan: &mut Plan<'_>, row: &Row) -> Result<NewAssociation, String> {
    let language = plan.language();
    let text = |field: &str| plan.filled(row, field).map(name::tidy);
    let kind = match plan.filled(row, "kind") {
        None => AssociationKind::Association,
        Some(word) => kind(word).ok_or_else(|| {
            language.pick(
                format!("type inconnu : « {word} » ; association, commune, entreprise ou groupe conviendrait"),
                format!("unknown kind: “{word}”; association, municipality, company or group would fit"),
            )
        })?,
    };
    let insee = plan.filled(row, "insee").map(|text| parsed(text, 5, InseeCode::parse));
    let insee = insee.transpose().map_err(|error| error.in_words(language))?;
    let member_since = plan.filled(row, "member_since").map(date::parse).transpose();
    let former = plan.cell(row, "former_names").split(['|', ';', '/']).map(str::trim);
    let new = NewAssociation {
        name: text("name").ok_or_else(|| language.pick("il manque le nom", "the name is missing").to_owned())?,
        former_names: former.filter(|name| !name.is_empty()).map(name::tidy).collect(),
        kind,
        state: MembershipState::Active,
        identifiers: identifiers(plan, row).map_err(|error| error.in_words(language))?,
        commune: text("commune"),
        insee,
        member_since: member_since.map_err(|error| error.in_words(language))?,
        contact: Contact {
            name: text("contact_name"),
            email: text("email"),
            phone: text("phone").map(|phone| with_first_zero(&phone, 10).unwrap_or(phone)),
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
        identifiers.push(Identifier::Siren(parsed(text, 9, Siren::parse)?));
    }
    if let Some(text) = plan.filled(row, "siret") {
        identifiers.push(Identifier::Siret(parsed(text, 14, Siret::parse)?));
    }
    Ok(identifiers)
}

/// A number of so many digits, also where a spreadsheet took its first zero away: what it then is has to be one.
fn parsed<T>(text: &str, digits: usize, parse: fn(&str) -> Result<T, IdentifierError>) -> Result<T, IdentifierError> {
    parse(text).or_else(|error| with_first_zero(text, digits).map_or(Err(error), |whole| parse(&whole)))
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
pub(super) async fn persons(plan: &mut Plan<'_>) -> Result<(), StoreError> {
    let (store, network) = (&plan.network.store, plan.network.network_id);
    let mut known: HashMap<String, Vec<Identity>> = HashMap::new();
    for (_, identity) in store.identities(network).await? {
        known.entry(name::person_key(&identity.code)).or_default().push(identity);
    }
    let erased = store.erased(network).await?.len();
    let mut secrets = SystemSecrets::new();
    let mut added = 0;
    let mut first_lines: HashMap<String, (u64, Identity)> = HashMap::new();
    let mut memberships: BTreeMap<String, BTreeSet<AssociationNumber>> = BTreeMap::new();
    for row in &plan.table.rows {
        let parsed = identity(plan, row).and_then(|identity| Ok((identity, plan.association(row, "association")?)));
        let (mut identity, association) = match parsed {
            Ok(parsed) => parsed,
            Err(problem) => {
                plan.problem(row.line, problem);
                continue;
            }
        };
        let key = name::person_key(&identity.code);
        let same = match the_same(&identity, known.get(&key).map_or(&[], Vec::as_slice)) {
            Ok(same) => same,
            Err(several) => {
                plan.problem(row.line, several_persons(plan.language(), &identity.code, &several));
                continue;
            }
        };
        if let Some(code) = same.map(|same| &same.code).or(first_lines.get(&key).map(|(_, first)| &first.code)) {
            identity.code.clone_from(code);
        }
        if let Some((line, first)) = first_lines.get(&key) {
            if !says_the_same(first, &identity) {
                plan.problem(row.line, two_identities(plan.language(), &identity.code, *line));
                continue;
            }
        } else {
            first_lines.insert(key, (row.line, identity.clone()));
            match same {
                // Who is a minor in one year's file is an adult in another's.
                Some(same)
                    if !plan.options.update
                        && says_the_same(same, &Identity { adult_on: same.adult_on, ..identity.clone() }) => {}
                Some(same) => {
                    let same = same.clone();
                    if !correct(plan, row.line, &same, &identity) {
                        continue;
                    }
                }
                None => {
                    added += 1;
                    let (content, command) = (content::identity(&identity), Command::AddPerson(identity.clone()));
                    plan.ask(row.line, &BroughtIn::Person(secrets.key()), &[&content], command);
                }
            }
        }
        let is_new = memberships.entry(identity.code.clone()).or_default().insert(association);
        if is_new {
            enrol(plan, row.line, &identity.code, association, secrets.key());
        }
        if plan.requests.last().is_none_or(|asked| asked.line != row.line) {
            plan.known_lines += 1;
        }
    }
    if added > 0 && erased > 0 && !plan.options.new_persons {
        let question = may_be_erased(plan, added, erased);
        plan.ask_once(question);
    }
    Ok(())
}

/// What a line says of somebody otherwise than the register, and whether the line is good then. What it leaves empty
/// stays as it is.
fn correct(plan: &mut Plan<'_>, line: u64, known: &Identity, said: &Identity) -> bool {
    let language = plan.language();
    let day = |day: NaiveDate| show_date(day, language);
    let fields = [
        Difference::if_said(("prénom", "first name"), known.first_name.as_deref(), said.first_name.as_deref()),
        Difference::if_said(("nom", "last name"), known.last_name.as_deref(), said.last_name.as_deref()),
        Difference::if_said(("e-mail", "e-mail"), known.email.as_deref(), said.email.as_deref()),
        Difference::if_said(
            ("majeur le", "comes of age on"),
            known.adult_on.map(day).as_deref(),
            said.adult_on.map(day).as_deref(),
        ),
    ];
    let differences: Vec<_> = fields.into_iter().flatten().collect();
    if differences.is_empty() {
        return true;
    }
    let mut mends = Vec::new();
    if let Some(person) = plan.network.registry.person_with_code(&known.code) {
        let identity = Identity {
            code: known.code.clone(),
            first_name: said.first_name.clone().or(known.first_name.clone()),
            last_name: said.last_name.clone().or(known.last_name.clone()),
            email: said.email.clone().or(known.email.clone()),
            adult_on: said.adult_on.or(known.adult_on),
        };
        mends.push(Command::CorrectPerson { person: person.number, identity });
    }
    let what = quoted(&known.code, language);
    plan.tell_otherwise(Otherwise { line, what, differences, mends });
    plan.options.update
}

/// Whom the network knows by that code: by the letter, or the only one whose code is written a little otherwise.
fn the_same<'k>(identity: &Identity, known: &'k [Identity]) -> Result<Option<&'k Identity>, Vec<&'k str>> {
    let exact = known.iter().find(|known| known.code == identity.code);
    match (exact, known) {
        (Some(exact), _) => Ok(Some(exact)),
        (None, []) => Ok(None),
        (None, [only]) => Ok(Some(only)),
        (None, several) => Err(several.iter().map(|known| known.code.as_str()).collect()),
    }
}

/// Whether two say the same of a person, case, accents and blanks apart.
fn says_the_same(one: &Identity, other: &Identity) -> bool {
    let name = |name: &Option<String>| name.as_deref().map(name::fold);
    let address = |identity: &Identity| identity.email.as_deref().map(name::person_key);
    name(&one.first_name) == name(&other.first_name)
        && name(&one.last_name) == name(&other.last_name)
        && address(one) == address(other)
        && one.adult_on == other.adult_on
}

fn several_persons(language: Language, code: &str, several: &[&str]) -> String {
    let listed = several.join(", ");
    language.pick(
        format!("« {code} » peut être l'une de ces personnes : {listed} ; écrivez-la comme elle est connue"),
        format!("“{code}” may be any of these persons: {listed}; write it as it is known"),
    )
}

/// Nothing tells any more whether somebody new was erased before.
fn may_be_erased(plan: &Plan<'_>, added: usize, erased: usize) -> String {
    let language = plan.language();
    let new = count(added, language, ("personne nouvelle", "personnes nouvelles"), ("new person", "new persons"));
    let gone = count(erased, language, ("a été effacée", "ont été effacées"), ("was erased", "were erased"));
    let remedy = plan.remedy(Remedy::AddPersons);
    language.pick(
        format!("{new} dans ce fichier, et {gone} de ce réseau : est-ce l'une d'elles qui revient ? {remedy}"),
        format!("{new} in this file, and {gone} in this network: does one of them come back? {remedy}"),
    )
}

/// Asks for a membership, unless the ledger has it.
fn enrol(plan: &mut Plan<'_>, line: u64, code: &str, association: AssociationNumber, drawn: SecretKey) {
    let known = plan.network.registry.person_with_code(code);
    if known.is_some_and(|person| person.associations.contains(&association)) {
        return;
    }
    let person = known.map_or(PersonRef::Code(code.to_owned()), |person| person.number.into());
    plan.ask(line, &BroughtIn::Membership(drawn), &[], Command::Enrol { person, association });
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
    let text = |field: &str| plan.filled(row, field).map(name::tidy);
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

/// The person whom a cell names by code, with the code that they are known by.
pub(super) fn person(plan: &Plan<'_>, row: &Row) -> Result<(String, PersonNumber), String> {
    let code = plan.cell(row, "person");
    if code.is_empty() {
        let column = plan.column_name("person");
        return Err(plan.language().pick(
            format!("il manque la personne (colonne « {column} »)"),
            format!("the person is missing (column “{column}”)"),
        ));
    }
    match plan.network.registry.persons_known_as(code)[..] {
        [] => Err(unknown_person(plan, code)),
        [(known, person)] => Ok((known.to_owned(), person.number)),
        ref several => {
            let codes: Vec<&str> = several.iter().map(|(known, _)| *known).collect();
            Err(several_persons(plan.language(), code, &codes))
        }
    }
}

/// Says that nobody has that code.
pub(super) fn unknown_person(plan: &Plan<'_>, code: &str) -> String {
    let remedy = plan.remedy(Remedy::PersonsFirst);
    plan.language()
        .pick(format!("personne inconnue : « {code} » ; {remedy}"), format!("unknown person: “{code}”; {remedy}"))
}
