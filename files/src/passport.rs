//! What a volunteer takes away: a passport, and a badge for each recognition that they accepted.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use ledger::{
    ActNumber, PersonNumber,
    badge::{Badge, CREDENTIALS_MOST, HoursProof, RECORD, baked_svg},
    clock::Secrets,
    integrity::Cryptosuite,
    key::{former_domains, instant_text},
    keyring::Keyring,
    recognition::RecognitionState,
    statement::{CONTEXT_URL, CREDENTIALS_CONTEXT},
    status_list,
};
use serde_json::{Value, json};
use store::{HoursLine, RecognitionLine, SignedBadge, SystemSecrets, network_uuid};

use crate::{error::FileError, network::OpenNetwork, signer::Signer};

/// No badge carries more lines of hours; the earliest are left out.
const LINES_MOST: usize = 40;

/// A passport, ready to be written.
#[derive(Debug)]
pub struct Passport {
    /// The credentials in one document.
    pub document: Vec<u8>,
    /// How many badges, the oldest, are not in it, since it would hold too many.
    pub left_out: usize,
    /// Each badge by itself.
    pub badges: Vec<BadgeFile>,
}

/// A badge, ready to be written.
#[derive(Debug)]
pub struct BadgeFile {
    /// The recognition that it shows.
    pub recognition: ActNumber,
    /// The signed document.
    pub json: Vec<u8>,
    /// The picture that holds it.
    pub svg: String,
}

/// The passport of a person, with badges made for what was not handed out before.
pub async fn passport(
    open: &OpenNetwork,
    keyring: &Keyring,
    signer: &Signer,
    person: PersonNumber,
    at: DateTime<Utc>,
) -> Result<Passport, FileError> {
    let holder = Holder { person, name: name(open, person).await? };
    let hours = open.store.hours_of(open.network_id, person).await?;
    let made = badges(open, keyring, signer, (&holder, &hours), at).await?;
    // Beside the hours the latest badges; those of before are handed out by themselves.
    let left_out = (made.len() + 1).saturating_sub(CREDENTIALS_MOST);
    let status = open.store.draw_record_status(open.network_id, person, at, &mut SystemSecrets::new()).await?;
    let mut credentials = vec![record(open, signer, &holder.name, &hours, (at, status))?];
    for badge in made.iter().skip(left_out) {
        credentials.push(serde_json::from_slice(&badge.bytes).map_err(unwritable)?);
    }
    let document = serde_json::to_vec_pretty(&json!({ "coudemainPassport": credentials })).map_err(unwritable)?;
    Ok(Passport { document, left_out, badges: made.into_iter().map(badge_file).collect() })
}

/// Makes those badges of a person that were not made yet.
pub async fn make_badges(
    open: &OpenNetwork,
    keyring: &Keyring,
    signer: &Signer,
    person: PersonNumber,
    at: DateTime<Utc>,
) -> Result<(), FileError> {
    let holder = Holder { person, name: name(open, person).await? };
    let hours = open.store.hours_of(open.network_id, person).await?;
    badges(open, keyring, signer, (&holder, &hours), at).await.map(|_| ())
}

/// A badge for each recognition that the holder accepted, those of before as they were made.
async fn badges(
    open: &OpenNetwork,
    keyring: &Keyring,
    signer: &Signer,
    (holder, hours): (&Holder, &[HoursLine]),
    at: DateTime<Utc>,
) -> Result<Vec<SignedBadge>, FileError> {
    let lines = open.store.recognitions(open.network_id, Some(holder.person)).await?;
    let made = open.store.badges_of(open.network_id, holder.person).await?;
    let mut made: HashMap<ActNumber, SignedBadge> = made.into_iter().map(|badge| (badge.recognition, badge)).collect();
    let mut badges = Vec::new();
    for line in lines.iter().filter(|line| line.recognition.state == RecognitionState::Accepted) {
        badges.push(match made.remove(&line.recognition.number) {
            Some(badge) => badge,
            None => make(open, keyring, signer, holder, line, hours, at).await?,
        });
    }
    Ok(badges)
}

/// The signed list of what is revoked, as it is now.
pub async fn signed_status(open: &OpenNetwork, signer: &Signer, at: DateTime<Utc>) -> Result<Vec<u8>, FileError> {
    let list = open.store.status_list(open.network_id).await?;
    signer.status_list(&list, &open.network, at)
}

/// The same under each domain that the network had before: badges that were made then ask for it there.
pub async fn signed_status_of_former_domains(
    open: &OpenNetwork,
    signer: &Signer,
    at: DateTime<Utc>,
) -> Result<Vec<(String, Vec<u8>)>, FileError> {
    let keys = open.store.announced_keys(open.network_id).await?;
    let mut lists = Vec::new();
    for domain in former_domains(&keys) {
        let list = signed_status(open, &signer.under(domain), at).await?;
        lists.push((domain.to_owned(), list));
    }
    Ok(lists)
}

/// Whose passport it is.
struct Holder {
    person: PersonNumber,
    name: String,
}

/// A person's names, or their code where none is known.
async fn name(open: &OpenNetwork, person: PersonNumber) -> Result<String, FileError> {
    let identity = open.store.identity(open.network_id, person).await?;
    let name = identity.map(|identity| {
        let names = [identity.first_name, identity.last_name].into_iter().flatten().collect::<Vec<_>>().join(" ");
        if names.is_empty() { identity.code } else { names }
    });
    Ok(name.unwrap_or_default())
}

#[expect(clippy::needless_pass_by_value, reason = "as `map_err` hands it over")]
fn unwritable(error: serde_json::Error) -> FileError {
    FileError::said(format!("le badge ne s'écrit pas : {error}"), format!("the badge cannot be written: {error}"))
}

/// A badge that was not made yet: signed, then kept, so that the same one is handed out again.
async fn make(
    open: &OpenNetwork,
    keyring: &Keyring,
    signer: &Signer,
    holder: &Holder,
    line: &RecognitionLine,
    hours: &[HoursLine],
    at: DateTime<Utc>,
) -> Result<SignedBadge, FileError> {
    let recognition = &line.recognition;
    let mut secrets = SystemSecrets::new();
    let proofs = hours_proofs(open, keyring, line, hours, at).await?;
    let status = open.store.draw_status(open.network_id, at, &mut secrets).await?;
    let (association, skill) = (open.name_of(recognition.association), open.skill_name(recognition.skill));
    let known = open.registry.skills().iter().find(|known| known.number == recognition.skill);
    let alignments = known.map(|known| known.alignments.clone()).unwrap_or_default();
    let badge = Badge {
        id: network_uuid(at, &mut secrets),
        subject: random_uuid(&mut secrets),
        network: open.network.uuid,
        network_name: &open.network.name,
        issuer: &signer.issuer,
        at,
        person_name: &holder.name,
        association: (recognition.association, &association),
        skill: (recognition.skill, &skill),
        alignments: &alignments,
        level: recognition.level,
        context: line.context.as_deref().unwrap_or_default(),
        activities: line.activities.as_deref().unwrap_or_default(),
        hours: &proofs,
        status,
    };
    let mut document = badge.credential().map_err(unwritable)?;
    signer.sign(&mut document, &[Cryptosuite::EddsaRdfc2022, Cryptosuite::EddsaJcs2022], at)?;
    let bytes = serde_json::to_vec_pretty(&document).map_err(unwritable)?;
    let row = SignedBadge { recognition: recognition.number, id: badge.id, status, bytes };
    Ok(open.store.keep_badge(open.network_id, holder.person, row, at).await?)
}

/// A name that says nothing of when or for whom it was drawn (RFC 9562, version 4).
fn random_uuid(secrets: &mut SystemSecrets) -> uuid::Uuid {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&secrets.key().0[..16]);
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}

/// The lines that say that this person helped this association with this skill, and were not taken back.
async fn hours_proofs(
    open: &OpenNetwork,
    keyring: &Keyring,
    line: &RecognitionLine,
    hours: &[HoursLine],
    at: DateTime<Utc>,
) -> Result<Vec<HoursProof>, FileError> {
    let recognition = &line.recognition;
    let is_about =
        |hours: &&HoursLine| hours.helped == Some(recognition.association) && hours.skill == Some(recognition.skill);
    let mut taken_back: Vec<i64> =
        hours.iter().filter(is_about).map(|hours| hours.minutes.get()).filter(|minutes| *minutes < 0).collect();
    let mut standing: Vec<&HoursLine> = Vec::new();
    for hours in hours.iter().filter(is_about).filter(|hours| hours.minutes.is_positive()) {
        match taken_back.iter().position(|minutes| -minutes == hours.minutes.get()) {
            Some(place) => drop(taken_back.swap_remove(place)),
            None => standing.push(hours),
        }
    }
    let newest = standing.len().saturating_sub(LINES_MOST);
    let signed = open.store.sign_head(open.network_id, keyring, at).await?;
    let log_key = open.store.log_key(open.network_id).await?;
    let mut proofs = Vec::new();
    for hours in standing.drain(newest..) {
        let Some(key) = hours.key else { continue };
        let proof = open.store.inclusion_under(open.network_id, hours.act, &signed).await?;
        let holder = (recognition.person, key);
        let proven = HoursProof::of(&hours.leaf, hours.line, holder, &proof, &log_key);
        proofs.push(proven.ok_or_else(|| hours.wrong("its act has no such line"))?);
    }
    Ok(proofs)
}

/// Hours by skill, nature and association, signed: the part of a passport that is no recognition.
fn record(
    open: &OpenNetwork,
    signer: &Signer,
    name: &str,
    hours: &[HoursLine],
    (at, status): (DateTime<Utc>, u32),
) -> Result<Value, FileError> {
    let mut sums: BTreeMap<(String, &str, String), i64> = BTreeMap::new();
    for line in hours {
        let skill = line.skill.map_or_else(String::new, |skill| open.skill_name(skill));
        let association = open.name_of(line.association);
        *sums.entry((skill, line.nature.as_str(), association)).or_default() += line.minutes.get();
    }
    let lines: Vec<_> = sums
        .into_iter()
        .filter(|(_, minutes)| *minutes != 0)
        .map(|((skill, nature, association), minutes)| {
            let mut line = json!({ "nature": nature, "association": association, "minutes": minutes });
            if !skill.is_empty() {
                line["skill"] = skill.into();
            }
            line
        })
        .collect();
    let dates = || hours.iter().map(|line| line.service_date);
    let mut document = json!({
        "@context": [CREDENTIALS_CONTEXT, CONTEXT_URL],
        "type": ["VerifiableCredential", RECORD],
        "name": format!("Heures de bénévolat : {name}"),
        "issuer": { "id": signer.issuer.did, "name": open.network.name },
        "validFrom": instant_text(at),
        "credentialSubject": {
            "id": format!("urn:uuid:{}", random_uuid(&mut SystemSecrets::new())),
            "name": name,
            "from": dates().min().map(|date| date.to_string()),
            "to": dates().max().map(|date| date.to_string()),
            "hours": lines,
        },
        "credentialStatus": status_list::entry(status, open.network.uuid, &signer.issuer),
    });
    signer.sign(&mut document, &[Cryptosuite::EddsaJcs2022], at)?;
    Ok(document)
}

fn badge_file(badge: SignedBadge) -> BadgeFile {
    let svg = baked_svg(&String::from_utf8_lossy(&badge.bytes));
    BadgeFile { recognition: badge.recognition, json: badge.bytes, svg }
}
