//! A recognised competence as an Open Badge 3.0, for the volunteer to take away and share.
//!
//! One badge a competence, so that a volunteer shares only what they choose. The hours behind it carry their proofs:
//! each is a line of a sealed act, with the key that opens the line's commitment to the person. The volunteer's name
//! stands here and nowhere that is published.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    AssociationNumber, Language, Minutes, PersonNumber, SkillNumber,
    checkpoint::InclusionProof,
    clock::SecretKey,
    contribution::Nature,
    key::{Issuer, instant_text},
    leaf::{Leaf, person_commitment},
    note::VerifierKey,
    recognition::Level,
    skill::{Alignment, Framework},
    statement::{CREDENTIALS_CONTEXT, association_urn},
    status_list,
};

/// The terms of Open Badges.
pub const BADGE_CONTEXT: &str = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json";
/// The terms of their schema reference.
pub const EXTENSIONS_CONTEXT: &str = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json";
const SCHEMA: &str = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json";
/// What an evidence is that proves hours by the log.
pub const HOURS_GENRE: &str = "c2sp.org/tlog-proof@v1";

/// Everything that a badge says.
#[derive(Debug, Clone)]
pub struct Badge<'a> {
    /// The badge's own name outside of any database.
    pub id: Uuid,
    /// The volunteer's in this badge: drawn for it alone, so that two badges cannot be joined by it.
    pub subject: Uuid,
    /// The network.
    pub network: Uuid,
    /// Its name.
    pub network_name: &'a str,
    /// Who signs.
    pub issuer: &'a Issuer,
    /// When.
    pub at: DateTime<Utc>,
    /// The volunteer's name, as they want it told.
    pub person_name: &'a str,
    /// The association that recognises, with its name.
    pub association: (AssociationNumber, &'a str),
    /// The competence, with its name.
    pub skill: (SkillNumber, &'a str),
    /// What the competence is in public lists of competences.
    pub alignments: &'a BTreeMap<Framework, Alignment>,
    /// How far it goes.
    pub level: Level,
    /// In which setting it was seen.
    pub context: &'a str,
    /// What was done.
    pub activities: &'a str,
    /// The hours behind it.
    pub hours: &'a [HoursProof],
    /// Its place in the network's status list.
    pub status: u32,
}

/// A line of a sealed act that says that this person gave this time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HoursProof {
    /// The act, as it was sealed.
    pub leaf: String,
    /// The line among the act's contributions, from 0.
    pub line: usize,
    /// The person's number in the network.
    pub person: i64,
    /// The key of the line's commitment, in hexadecimal digits.
    pub key: String,
    /// The act's place in the log, as a C2SP tlog-proof.
    pub proof: String,
    /// The key that signs the log's heads.
    pub log_key: String,
}

impl HoursProof {
    /// The minutes that the line proves, and their nature; `None` when it proves nothing.
    ///
    /// The head has to be signed by the log's key; that the key is the network's, the badge's own signature says.
    pub fn minutes(&self) -> Option<(Minutes, Nature)> {
        let proof = InclusionProof::parse(&self.proof)?;
        let key = VerifierKey::parse(&self.log_key)?;
        let is_signed = matches!(proof.checkpoint.verdict(&key), crate::note::NoteVerdict::Signed(_));
        if !is_signed || !proof.holds(self.leaf.as_bytes()) {
            return None;
        }
        let leaf = Leaf::parse(&self.leaf).ok()?;
        let line = leaf.contributions.get(self.line)?;
        let secret = SecretKey(crate::Digest::from_hex(&self.key)?.0);
        let is_theirs = person_commitment(secret, PersonNumber(self.person)) == line.person.0;
        let is_posted = leaf.booked.is_some();
        let nature = Nature::try_from(line.nature.as_ref()).ok()?;
        (is_theirs && is_posted).then_some((Minutes::new(line.minutes), nature))
    }
}

impl Badge<'_> {
    /// The minutes behind it, summed; `None` when one of the proofs proves nothing.
    pub fn minutes(&self) -> Option<Minutes> {
        let proven = self.hours.iter().map(|proof| proof.minutes().map(|(minutes, _)| minutes));
        Minutes::sum(proven.collect::<Option<Vec<_>>>()?)
    }

    /// The unsigned credential.
    ///
    /// # Errors
    /// When a proof proves nothing, or cannot be written as JSON, which none fails to be.
    pub fn credential(&self) -> Result<Value, serde_json::Error> {
        let unproven = || serde::ser::Error::custom("a proof of hours does not lead to the log");
        let minutes = self.minutes().ok_or_else(unproven)?;
        let list = status_list::address(self.network, self.issuer.did.strip_prefix("did:web:"));
        let evidence: Vec<Value> = self.hours.iter().map(evidence).collect::<Result<_, _>>()?;
        let mut credential = json!({
            "@context": [CREDENTIALS_CONTEXT, BADGE_CONTEXT, EXTENSIONS_CONTEXT],
            "id": format!("urn:uuid:{}", self.id),
            "type": ["VerifiableCredential", "OpenBadgeCredential"],
            "name": format!("{} ({})", self.skill.1, self.association.1),
            "issuer": { "id": self.issuer.did, "type": ["Profile"], "name": self.network_name },
            "validFrom": instant_text(self.at),
            "credentialSubject": self.subject(minutes),
            "credentialStatus": {
                "id": format!("{list}#{}", self.status),
                "type": "BitstringStatusListEntry",
                "statusPurpose": "revocation",
                "statusListIndex": self.status.to_string(),
                "statusListCredential": list,
            },
            "credentialSchema": [{ "id": SCHEMA, "type": "1EdTechJsonSchemaValidator2019" }],
        });
        if !evidence.is_empty() {
            credential["evidence"] = evidence.into();
        }
        Ok(credential)
    }

    fn subject(&self, minutes: Minutes) -> Value {
        let mut subject = json!({
            "id": format!("urn:uuid:{}", self.subject),
            "type": ["AchievementSubject"],
            "identifier": [{
                "type": "IdentityObject",
                "identityType": "name",
                "hashed": false,
                "identityHash": self.person_name,
            }],
            "narrative": format!("{}\n{}", self.context, self.activities),
            "achievement": self.achievement(minutes),
        });
        // Whole hours: a fraction would be a number that not every program signs alike. The minutes stand in words.
        if minutes.get() >= 60 {
            subject["creditsEarned"] = (minutes.get() / 60).into();
        }
        subject
    }

    fn achievement(&self, minutes: Minutes) -> Value {
        let level = self.level.in_words(Language::French);
        let (association, skill) = (self.association.1, self.skill.1);
        let hours = minutes.display(Language::French).to_string();
        let criteria = format!(
            "Compétence vue en situation et reconnue par « {association} », qui a été aidée : {level}. \
             Heures données pour elle dans cette compétence, confirmées et inscrites au registre du réseau : {hours}."
        );
        let mut achievement = json!({
            "id": format!("urn:coudemain:{}:competence:{}:{}", self.network, self.skill.0, self.level),
            "type": ["Achievement"],
            "achievementType": "Competency",
            "name": skill,
            "description": format!("{skill} : {level}"),
            "criteria": { "narrative": criteria },
            "creator": {
                "id": association_urn(self.network, self.association.0),
                "type": ["Profile"],
                "name": association,
            },
        });
        let alignments: Vec<Value> =
            self.alignments.iter().map(|(framework, entry)| alignment(*framework, entry)).collect();
        if !alignments.is_empty() {
            achievement["alignment"] = alignments.into();
        }
        achievement
    }
}

fn alignment(framework: Framework, entry: &Alignment) -> Value {
    json!({
        "type": ["Alignment"],
        "targetName": entry.name,
        "targetUrl": entry.url,
        "targetCode": entry.code,
        "targetFramework": format!("{framework} {}", entry.version),
        "targetType": "ext:Competence",
    })
}

fn evidence(hours: &HoursProof) -> Result<Value, serde_json::Error> {
    Ok(json!({
        "type": ["Evidence"],
        "genre": HOURS_GENRE,
        "name": "Heures inscrites au journal scellé du réseau",
        "narrative": serde_json::to_string(hours)?,
    }))
}

/// The image of a badge, with the badge baked in (Open Badges 3.0, section 5.3.2.1).
pub fn baked_svg(signed: &str, skill: &str, association: &str, network: &str) -> String {
    // A JSON text has no `]]>` but inside of a string, where it can be spelt otherwise.
    let signed = signed.replace("]]>", "]]\\u003e");
    let line = |text: &str, at: u32, size: u32| {
        let text = shortened(text, 34);
        format!(
            "<text x=\"200\" y=\"{at}\" font-size=\"{size}\" text-anchor=\"middle\" fill=\"#ffffff\">{}</text>",
            escaped(&text)
        )
    };
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:openbadges=\"https://purl.imsglobal.org/ob/v3p0\" \
         width=\"400\" height=\"400\" viewBox=\"0 0 400 400\" role=\"img\" aria-label=\"{}\">\n\
         <openbadges:credential><![CDATA[{signed}]]></openbadges:credential>\n\
         <circle cx=\"200\" cy=\"200\" r=\"196\" fill=\"#1d4f5f\"/>\n\
         <circle cx=\"200\" cy=\"200\" r=\"184\" fill=\"none\" stroke=\"#f2c14e\" stroke-width=\"4\"/>\n\
         <path d=\"M120 128 l30 30 56 -62\" transform=\"translate(37 -14)\" fill=\"none\" stroke=\"#f2c14e\" \
         stroke-width=\"14\" stroke-linecap=\"round\" stroke-linejoin=\"round\"/>\n\
         <g font-family=\"sans-serif\">{}{}{}</g>\n</svg>\n",
        escaped(skill),
        line(skill, 218, 22),
        line(association, 256, 15),
        line(network, 300, 12),
    )
}

fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
