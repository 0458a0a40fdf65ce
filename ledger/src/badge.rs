//! A recognised competence as an Open Badge 3.0, for the volunteer to take away and share.
//!
//! One badge a competence, so that a volunteer shares only what they choose. The hours behind it carry their proofs:
//! each is a line of a sealed act, shown without the act and without the other persons' lines. The volunteer's name
//! stands here and nowhere that is published, and no number that another badge has too.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    AssociationNumber, Digest, Language, Minutes, PersonNumber, SkillNumber,
    checkpoint::{Checkpoint, InclusionProof},
    clock::SecretKey,
    contribution::Nature,
    key::{Issuer, instant_text},
    leaf::{ContributionPart, Leaf, Line, person_commitment},
    note::{NoteVerdict, VerifierKey},
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

/// No passport has more credentials: each may keep its reader busy for as long as a document may, and all together for less
/// than a second.
pub const CREDENTIALS_MOST: usize = 100;

/// The type of what a volunteer takes away beside badges: their hours, as the network records them.
pub const RECORD: &str = "VolunteerRecord";

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

/// A line of a sealed act that says that somebody gave this time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
pub enum HoursProof {
    /// Of an act of version 2, that line alone. That it is the holder's, the badge's own signature says: what would
    /// prove it is the same number in all badges of one person.
    Line {
        /// The line, and how it leads to what was sealed.
        shown: Line,
        /// The act's place in the log, as a C2SP tlog-proof.
        proof: String,
        /// The key that signs the log's heads.
        log_key: String,
    },
    /// Of an act of version 1, all of it.
    Act {
        /// The act, as it was sealed.
        leaf: String,
        /// The line among the act's contributions, from 0.
        line: usize,
        /// The person's number in the network.
        person: i64,
        /// The key of the line's commitment, in hexadecimal digits.
        key: String,
        /// As of a line.
        proof: String,
        /// As of a line.
        log_key: String,
    },
}

impl HoursProof {
    /// The proof of a line, from 0, of a person in a leaf's text; `None` when there is no such line. `proof` is the
    /// act's place in the log whose heads `log_key` signs, and `key` that of the line's commitment to the person.
    pub fn of(
        text: &str,
        line: usize,
        (person, key): (PersonNumber, SecretKey),
        proof: &InclusionProof,
        log_key: &VerifierKey,
    ) -> Option<Self> {
        let (proof, log_key) = (proof.to_text(), log_key.to_string());
        if let Some(shown) = Line::of(text, line) {
            return Some(Self::Line { shown, proof, log_key });
        }
        Leaf::parse(text).ok()?.contributions.get(line)?;
        let key = Digest(key.0).to_hex();
        Some(Self::Act { leaf: text.to_owned(), line, person: person.0, key, proof, log_key })
    }

    /// The minutes that the line proves, and their nature; `None` when it proves nothing.
    ///
    /// The head has to be signed by the log's key; that the key is the network's, the badge's own signature says.
    pub fn minutes(&self) -> Option<(Minutes, Nature)> {
        let (proof, key) = self.proof()?;
        let is_own = Checkpoint::parse(&proof.checkpoint.text).is_some_and(|head| head.origin == key.name);
        let is_signed = is_own && proof.checkpoint.verdict(&key) == NoteVerdict::Signed(None);
        let is_in_the_log = is_signed && proof.holds(self.line().0.as_bytes());
        if is_in_the_log { self.told() } else { None }
    }

    /// The act's place in the log, and the key that signs the log's heads; `None` when they cannot be read.
    pub fn proof(&self) -> Option<(InclusionProof, VerifierKey)> {
        let (Self::Line { proof, log_key, .. } | Self::Act { proof, log_key, .. }) = self;
        Some((InclusionProof::parse(proof)?, VerifierKey::parse(log_key)?))
    }

    /// What was sealed, and which line of it: no other proof has both.
    pub fn line(&self) -> (&str, String) {
        match self {
            Self::Line { shown, .. } => (&shown.leaf, shown.line.clone()),
            Self::Act { leaf, line, .. } => (leaf, line.to_string()),
        }
    }

    /// What the line tells, if it was sealed and counts.
    fn told(&self) -> Option<(Minutes, Nature)> {
        let told = |line: &ContributionPart<'_>| {
            Some((Minutes::new(line.minutes), Nature::try_from(line.nature.as_ref()).ok()?))
        };
        match self {
            Self::Line { shown, .. } => told(&shown.contribution().filter(|line| line.booked.is_some())?),
            Self::Act { leaf, line, person, key, .. } => {
                let leaf = Leaf::parse(leaf).ok().filter(|leaf| leaf.v == 1 && leaf.booked.is_some())?;
                let line = leaf.contributions.get(*line)?;
                let key = SecretKey(Digest::from_hex(key)?.0);
                let is_theirs = person_commitment(key, PersonNumber(*person)) == line.person.0;
                if is_theirs { told(line) } else { None }
            }
        }
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
        let evidence: Vec<Value> = self.hours.iter().map(evidence).collect::<Result<_, _>>()?;
        let mut credential = json!({
            "@context": [CREDENTIALS_CONTEXT, BADGE_CONTEXT, EXTENSIONS_CONTEXT],
            "id": format!("urn:uuid:{}", self.id),
            "type": ["VerifiableCredential", "OpenBadgeCredential"],
            "name": format!("{} ({})", self.skill.1, self.association.1),
            "issuer": { "id": self.issuer.did, "type": ["Profile"], "name": self.network_name },
            "validFrom": instant_text(self.at),
            "credentialSubject": self.subject(minutes),
            "credentialStatus": status_list::entry(self.status, self.network, self.issuer),
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

/// The image of a badge, with the badge baked in (Open Badges 3.0, section 5.3.2.1). What is written in it stands in the
/// badge.
pub fn baked_svg(signed: &str) -> String {
    let document = crate::json::parse(signed.as_bytes()).unwrap_or_default();
    let achievement = &document["credentialSubject"]["achievement"];
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let (skill, association) = (text(&achievement["name"]), text(&achievement["creator"]["name"]));
    let network = text(&document["issuer"]["name"]);
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
        escaped(&skill),
        line(&skill, 218, 22),
        line(&association, 256, 15),
        line(&network, 300, 12),
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
