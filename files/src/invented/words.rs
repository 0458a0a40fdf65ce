//! What everything is called. Kinds, towns and skills are unlike those of the sample year.
//!
//! Left as they are by the formatter: one word a line would be two hundred lines.

/// Town, "of the town", and a code that INSEE gave to no commune.
#[rustfmt::skip]
pub(super) const TOWNS: [(&str, &str, &str); 12] = [
    ("Montbrac-sur-Lèque", "de Montbrac-sur-Lèque", "09901"),
    ("Castelnave", "de Castelnave", "09902"),
    ("Aubignas-le-Haut", "d'Aubignas-le-Haut", "09903"),
    ("Le Mas-Vergnol", "du Mas-Vergnol", "09904"),
    ("Roquefoulan", "de Roquefoulan", "09905"),
    ("Saint-Aubriac", "de Saint-Aubriac", "09906"),
    ("Villelongue-d'Asque", "de Villelongue-d'Asque", "09907"),
    ("Fontargelle", "de Fontargelle", "09908"),
    ("Estarnac", "d'Estarnac", "09909"),
    ("Puylauzic", "de Puylauzic", "09910"),
    ("Les Bordes-d'Ourtès", "des Bordes-d'Ourtès", "09911"),
    ("Sainte-Foy-la-Combe", "de Sainte-Foy-la-Combe", "09912"),
];

/// Members that are no associations; every network has one of each.
#[rustfmt::skip]
pub(super) const OTHERS: [(&str, &str); 3] = [
    ("Commune", "municipality"),
    ("Scierie coopérative", "social_economy_company"),
    ("Voisins solidaires", "informal_group"),
];

#[rustfmt::skip]
pub(super) const ASSOCIATIONS: [&str; 32] = [
    "Bibliothèque sonore", "Batucada", "Chantier d'insertion", "AMAP", "Radio associative", "Pétanque",
    "Comité de jumelage", "Atelier couture", "Ciné-club", "Université populaire", "Protection civile",
    "Écurie solidaire", "Spéléo-club", "Fournil partagé", "Orchestre d'harmonie", "Sauvegarde des moulins",
    "Accueil paysan", "Bourse aux vêtements", "Cercle occitan", "Club d'échecs", "Cirque", "Crèche parentale",
    "Don du sang", "Entraide cancer", "Fablab", "Halte-garderie", "Imprimerie artisanale", "Lire et faire lire",
    "Mutuelle de matériel", "Rugby féminin", "Ski de fond", "Taxi solidaire",
];

#[rustfmt::skip]
pub(super) const SKILLS: [&str; 20] = [
    "Lecture à voix haute", "Plomberie", "Montage de barnums", "Taille des arbres", "Langue des signes",
    "Trésorerie", "Graphisme", "Pâtisserie", "Transport de matériel", "Éclairage de scène", "Recherche de mécènes",
    "Soudure", "Gymnastique douce", "Initiation à la tablette", "Tenue de buvette", "Conseil juridique",
    "Percussions", "Captation vidéo", "Garde d'enfants", "Balisage de sentiers",
];

#[rustfmt::skip]
pub(super) const MEMOS: [&str; 9] = [
    "foire de printemps", "après l'orage", "stage des vacances", "vide-grenier", "portes ouvertes",
    "comme l'an dernier", "déménagement du local", "repas des bénévoles", "avec leur camion",
];

#[rustfmt::skip]
pub(super) const FIRST_NAMES: [&str; 32] = [
    "Adrien", "Aïcha", "Anaïs", "Bastien", "Bruna", "Camille", "Cédric", "Delphine", "Driss", "Élodie", "Émile",
    "Fanny", "Gaspard", "Hélène", "Inès", "Ismaël", "Jeanne", "Karim", "Léonie", "Louis", "Magali", "Mireille",
    "Noé", "Odette", "Pascal", "Quitterie", "Rachid", "Sabine", "Thaïs", "Ugo", "Violette", "Zoé",
];

/// Of the first names, those that women bear; Camille is anybody's.
#[rustfmt::skip]
const OF_WOMEN: [&str; 19] = [
    "Aïcha", "Anaïs", "Bruna", "Camille", "Delphine", "Élodie", "Fanny", "Hélène", "Inès", "Jeanne", "Léonie", "Magali",
    "Mireille", "Odette", "Quitterie", "Sabine", "Thaïs", "Violette", "Zoé",
];

/// The gender of a word for somebody: of "déléguée" or of "trésorier".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gender {
    /// "Déléguée".
    Feminine,
    /// "Trésorier".
    Masculine,
}

/// Whether an invented person of that first name may be called by a word of that gender. Names that were not invented
/// here may be called anything.
pub fn may_be_called(first_name: &str, gender: Gender) -> bool {
    let is_invented = FIRST_NAMES.contains(&first_name);
    let is_of_women = OF_WOMEN.contains(&first_name);
    match gender {
        Gender::Feminine => is_of_women || !is_invented,
        Gender::Masculine => !is_of_women || first_name == "Camille",
    }
}

#[rustfmt::skip]
pub(super) const LAST_NAMES: [&str; 32] = [
    "Abadie", "Amrani", "Authier", "Bousquet", "Cazenave", "Dedieu", "Delpech", "Diop", "Escudié", "Fauré",
    "Ferreira", "Galy", "Izard", "Kaczmarek", "Lafforgue", "Loubet", "Marfaing", "Mendès", "Naudy", "Nguyen",
    "Ousset", "Piquemal", "Pujol", "Razafy", "Rouquette", "Sarda", "Saint-Jean", "Soula", "Teisseire", "Traoré",
    "Vidal", "Yildiz",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_may_be_called_something() {
        assert!(OF_WOMEN.iter().all(|name| FIRST_NAMES.contains(name)));
        let count = |gender| FIRST_NAMES.iter().filter(|name| may_be_called(name, gender)).count();
        assert_eq!((count(Gender::Feminine), count(Gender::Masculine)), (19, 14));
        assert!(may_be_called("Ugo", Gender::Masculine) && !may_be_called("Ugo", Gender::Feminine));
    }
}
