//! An invented network and its year.

use chrono::{Days, NaiveDate};
use ledger::account::PostingKind;
use ledger::lines::{AssociationLines, Line, Party};
use ledger::year::Year;
use ledger::{ActNumber, ExchangeNumber, Minutes};
use uuid::Uuid;

use super::random::Random;

const GENRES: [&str; 38] = [
    "Amis du patrimoine",
    "Épicerie solidaire",
    "Club de handball",
    "Jardins partagés",
    "École de musique",
    "Théâtre amateur",
    "Les Comité des fêtes",
    "Atelier vélo",
    "Ludothèque",
    "Repair café",
    "Les Foyer rural",
    "Café associatif",
    "Randonneurs",
    "Accueil des migrants",
    "Aide aux devoirs",
    "Ressourcerie",
    "Radio locale",
    "Les Cinéma itinérant",
    "Danse traditionnelle",
    "Secours alimentaire",
    "Maison des jeunes",
    "Compagnie du conte",
    "Pêcheurs",
    "Apiculteurs",
    "Judo-club",
    "Union sportive",
    "Bibliothèque pour tous",
    "Habitat partagé",
    "Les Covoiturage solidaire",
    "Parents d'élèves",
    "Les Arts plastiques",
    "Chorale",
    "Ligue de protection des oiseaux",
    "Fanfare",
    "Cyclotouristes",
    "Espace de vie sociale",
    "Tiers-lieu",
    "Groupement d'achats",
];
const COMMUNES: [&str; 14] = [
    "Vitré",
    "Retiers",
    "Janzé",
    "Saint-Gravé",
    "Val-d'Izé",
    "Martigné-Ferchaud",
    "Louvigné-de-Bais",
    "La Guerche-de-Bretagne",
    "Argentré-du-Plessis",
    "Bais",
    "Bain-de-Bretagne",
    "Châteaugiron",
    "Étrelles",
    "Domagné",
];
pub(crate) const SKILLS: [&str; 20] = [
    "Comptabilité",
    "Montage de dossier de subvention",
    "Secrétariat",
    "Gestion de la paie",
    "Soutien scolaire",
    "Logistique d'événement",
    "Couture",
    "Formation aux premiers secours",
    "Sonorisation",
    "Bricolage",
    "Jardinage",
    "Accueil du public",
    "Informatique",
    "Communication",
    "Traduction",
    "Photographie",
    "Médiation numérique",
    "Conduite de véhicule",
    "Cuisine collective",
    "Animation enfance",
];
const MINUTES: [i64; 13] = [15, 30, 45, 60, 60, 90, 120, 120, 150, 180, 195, 240, 300];

/// What makes a year harder to reconcile than the sample's.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Meanness {
    /// Several exchanges with the same partner on one day.
    pub(crate) same_days: bool,
    /// Names that differ in one word.
    pub(crate) near_names: bool,
    /// A third of the members were renamed in March.
    pub(crate) renamed: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Member {
    pub(crate) name: String,
    /// Its name before March.
    pub(crate) former: Option<String>,
}

#[derive(Debug, Clone)]
pub(crate) struct Exchange {
    pub(crate) reference: String,
    pub(crate) date: NaiveDate,
    pub(crate) giver: usize,
    pub(crate) receiver: usize,
    pub(crate) minutes: i64,
    pub(crate) skill: usize,
}

pub(crate) struct World {
    pub(crate) random: Random,
    pub(crate) year: i32,
    pub(crate) members: Vec<Member>,
    pub(crate) exchanges: Vec<Exchange>,
}

impl World {
    pub(crate) fn new(seed: u64, members: usize, exchanges: usize, year: i32, mean: Meanness) -> Self {
        let mut random = Random(seed);
        let members = names(&mut random, members, mean);
        let mut world = Self { random, year, members, exchanges: Vec::new() };
        for number in 0..exchanges {
            let exchange = world.exchange(number, mean);
            world.exchanges.push(exchange);
        }
        world
    }

    fn exchange(&mut self, number: usize, mean: Meanness) -> Exchange {
        let random = &mut self.random;
        let reference = format!("{}-{:05}", self.year, number + 1);
        // People who meet once often meet twice on that day.
        if mean.same_days && !self.exchanges.is_empty() && random.per_mille(250) {
            let before = random.pick(&self.exchanges).clone();
            let (minutes, skill) = (*random.pick(&MINUTES), random.below(SKILLS.len()));
            return Exchange { reference, minutes, skill, ..before };
        }
        let count = self.members.len();
        let giver = random.below(count);
        // Everybody has a handful of usual partners.
        let usual = [1, 2, 3, 5, 8, 13];
        let apart = if random.per_mille(800) { *random.pick(&usual) } else { 1 + random.below(count - 1) };
        let receiver = (giver + apart.min(count - 1)) % count;
        let first = NaiveDate::from_ymd_opt(self.year, 1, 1).unwrap();
        let date = first + Days::new(random.below(365) as u64);
        Exchange {
            reference,
            date,
            giver,
            receiver,
            minutes: *random.pick(&MINUTES),
            skill: random.below(SKILLS.len()),
        }
    }

    /// The exchanges of one member, by date.
    pub(crate) fn of(&self, member: usize) -> Vec<Exchange> {
        let mut own: Vec<_> = self
            .exchanges
            .iter()
            .filter(|exchange| exchange.giver == member || exchange.receiver == member)
            .cloned()
            .collect();
        own.sort_by_key(|exchange| (exchange.date, exchange.reference.clone()));
        own
    }

    /// The file that the ledger would hand to a member.
    pub(crate) fn lines(&self, member: usize) -> Vec<u8> {
        let party = |member: &Member| Party {
            name: member.name.clone(),
            former_names: member.former.iter().cloned().collect(),
            identifiers: vec![],
        };
        let lines = self.of(member).into_iter().enumerate().map(|(number, exchange)| {
            let gives = exchange.giver == member;
            let partner = if gives { exchange.receiver } else { exchange.giver };
            let number = i64::try_from(number).unwrap();
            Line {
                act: ActNumber(number),
                exchange: Some(ExchangeNumber(number)),
                reference: Some(exchange.reference),
                service_date: Some(exchange.date),
                booked: exchange.date,
                kind: if gives { PostingKind::Given } else { PostingKind::Received },
                partner: Some(self.members[partner].name.clone()),
                minutes: Minutes::new(if gives { exchange.minutes } else { -exchange.minutes }),
                skill: Some(SKILLS[exchange.skill].to_owned()),
            }
        });
        let lines = AssociationLines {
            network: "Réseau".to_owned(),
            network_uuid: Uuid::nil(),
            year: Year(self.year),
            association: party(&self.members[member]),
            opening: Minutes::ZERO,
            lines: lines.collect(),
            members: self
                .members
                .iter()
                .enumerate()
                .filter(|(at, _)| *at != member)
                .map(|(_, other)| party(other))
                .collect(),
        };
        lines.to_bytes().unwrap()
    }
}

fn names(random: &mut Random, count: usize, mean: Meanness) -> Vec<Member> {
    let mut names: Vec<String> = Vec::new();
    while names.len() < count {
        let genre = random.pick(&GENRES);
        let commune = random.pick(&COMMUNES);
        let elided = if commune.starts_with(['A', 'É']) { format!("d'{commune}") } else { format!("de {commune}") };
        let mut name = format!("{genre} {elided}");
        if mean.near_names && random.per_mille(300) && !names.is_empty() {
            let quarter = random.pick(&["du Bourg", "du Centre", "des Halles", "du Parc"]);
            name = format!("{genre} {quarter} {elided}");
        }
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
        .into_iter()
        .enumerate()
        .map(|(at, name)| {
            let is_renamed = mean.renamed && random.per_mille(330);
            let former = is_renamed
                .then(|| format!("{} n° {}", random.pick(&["Entraide", "Coup de pouce", "Les Copains"]), at + 1));
            Member { name, former }
        })
        .collect()
}
