//! The programs whose exports are known, by the folded names of their columns.

use super::form::{Form, Source, Wanted};
use crate::import::kind::Kind;

/// Where our columns stand in an export of the kind, if the folded header is that of the program.
type Recognise = fn(&[String], Kind) -> Option<Form>;

/// All of them; the first that knows a header has it.
pub(super) const ALL: [Recognise; 9] = [
    time_overflow_members,
    time_overflow_transfers,
    komunitin_accounts,
    komunitin_transfers,
    hello_asso,
    hello_asso_of_2019,
    paheko_members,
    taima_hours,
    benevalibre_hours,
];

/// The place of the first of these names.
fn place(header: &[String], names: &[&str]) -> Option<usize> {
    header.iter().position(|name| names.contains(&name.as_str()))
}

fn form(tool: &'static str, columns: Vec<(&'static str, Option<Source>)>) -> Form {
    let columns = columns.into_iter().filter_map(|(field, source)| Some((field, source?))).collect();
    Form { tool, columns, only_where: None }
}

/// Members of a `TimeOverflow` time bank, nine columns (five before 2021) in nine languages; the balance in seconds.
fn time_overflow_members(header: &[String], kind: Kind) -> Option<Form> {
    const NAMES: [&str; 7] = ["nombre", "nom", "name", "izena", "nome", "naam", "名前"];
    let is_theirs = matches!(header.len(), 5 | 9) && header[0] == "n" && NAMES.contains(&header[1].as_str());
    let cell = |at: usize| (at < header.len()).then_some(Source::Cell(at));
    if !is_theirs {
        return None;
    }
    match kind {
        Kind::Associations => {
            let phone = Some(Source::First(vec![3, 4]));
            Some(form("TimeOverflow", vec![("name", cell(1)), ("email", cell(2)), ("phone", phone)]))
        }
        Kind::Balances if header.len() == 9 => {
            Some(form("TimeOverflow", vec![("association", cell(1)), ("balance", Some(Source::Seconds(8)))]))
        }
        Kind::Balances | Kind::Skills | Kind::Persons | Kind::Exchanges | Kind::Contributions => None,
    }
}

/// Transfers of a `TimeOverflow` time bank: from who was helped to who helped.
fn time_overflow_transfers(header: &[String], kind: Kind) -> Option<Form> {
    const SIDES: [(&str, &str); 9] = [
        ("origen", "destino"),
        ("origen", "desti"),
        ("from", "to"),
        ("depuis", "vers"),
        ("jatorria", "helmuga erabilera"),
        ("de", "para"),
        ("origem", "destino"),
        ("van", "naar"),
        ("から", "へ"),
    ];
    let is_theirs = header.len() == 5 && SIDES.contains(&(header[1].as_str(), header[2].as_str()));
    (is_theirs && kind == Kind::Exchanges).then(|| {
        form(
            "TimeOverflow",
            vec![
                ("date", Some(Source::Day(0))),
                ("receiver", Some(Source::Member(1))),
                ("giver", Some(Source::Member(2))),
                ("memo", Some(Source::Cell(3))),
                ("duration", Some(Source::Cell(4))),
            ],
        )
    })
}

/// Accounts of a Komunitin group: a code each, and no name.
fn komunitin_accounts(header: &[String], kind: Kind) -> Option<Form> {
    let (code, balance) = (place(header, &["code"])?, place(header, &["balance"])?);
    place(header, &["creditlimit"])?;
    match kind {
        Kind::Associations => Some(form("Komunitin", vec![("name", Some(Source::Cell(code)))])),
        Kind::Balances => Some(form(
            "Komunitin",
            vec![("association", Some(Source::Cell(code))), ("balance", Some(Source::DecimalHours(balance)))],
        )),
        Kind::Skills | Kind::Persons | Kind::Exchanges | Kind::Contributions => None,
    }
}

/// Transfers of a Komunitin group; those that moved nothing are left aside.
fn komunitin_transfers(header: &[String], kind: Kind) -> Option<Form> {
    let (payer, payee) = (place(header, &["payer code"])?, place(header, &["payee code"])?);
    let (amount, created) = (place(header, &["amount"])?, place(header, &["created"])?);
    let only_where = place(header, &["state"]).map(|column| Wanted { column, values: &["committed"] });
    let known = form(
        "Komunitin",
        vec![
            ("reference", place(header, &["id"]).map(Source::Cell)),
            ("date", Some(Source::Day(created))),
            ("receiver", Some(Source::Cell(payer))),
            ("giver", Some(Source::Cell(payee))),
            ("duration", Some(Source::DecimalHours(amount))),
            ("memo", place(header, &["description"]).map(Source::Cell)),
        ],
    );
    (kind == Kind::Exchanges).then_some(Form { only_where, ..known })
}

/// Members who joined by a form of `HelloAsso`: associations by their registered name, persons by theirs.
fn hello_asso(header: &[String], kind: Kind) -> Option<Form> {
    place(header, &["reference commande"])?;
    let (last, first) = (place(header, &["nom adherent"])?, place(header, &["prenom adherent"])?);
    let own_mail = header.iter().position(|name| {
        name != "email payeur"
            && ["email", "e mail", "mail", "courriel", "adresse mail", "adresse email"].contains(&name.as_str())
    });
    let mail = own_mail.into_iter().chain(place(header, &["email payeur"])).collect::<Vec<_>>();
    let phone = place(header, &["telephone", "numero de telephone"]).map(Source::Cell);
    let status = place(header, &["statut de la commande"]);
    let columns = members(kind, (last, first), place(header, &["raison sociale"]), mail, phone)?;
    let only_where = status.map(|column| Wanted { column, values: &["valide"] });
    Some(Form { only_where, ..form("HelloAsso", columns) })
}

/// The same as `HelloAsso` wrote it around 2019.
fn hello_asso_of_2019(header: &[String], kind: Kind) -> Option<Form> {
    place(header, &["formule"])?;
    place(header, &["montant adhesion"])?;
    let (last, first) = (place(header, &["nom"])?, place(header, &["prenom"])?);
    let mail = place(header, &["champ additionnel email", "email"]).into_iter().collect();
    Some(form("HelloAsso", members(kind, (last, first), place(header, &["societe"]), mail, None)?))
}

fn members(
    kind: Kind,
    (last, first): (usize, usize),
    company: Option<usize>,
    mail: Vec<usize>,
    phone: Option<Source>,
) -> Option<Vec<(&'static str, Option<Source>)>> {
    match kind {
        Kind::Associations => Some(vec![
            ("name", Some(Source::Cell(company?))),
            ("contact_name", Some(Source::Joined(vec![first, last]))),
            ("email", Some(Source::First(mail))),
            ("phone", phone),
        ]),
        Kind::Persons => Some(vec![
            ("first_name", Some(Source::Cell(first))),
            ("last_name", Some(Source::Cell(last))),
            // A family's members share the address of who paid: a name tells them apart.
            ("code", Some(Source::Joined(vec![first, last]))),
            ("email", Some(Source::First(mail))),
        ]),
        Kind::Skills | Kind::Balances | Kind::Exchanges | Kind::Contributions => None,
    }
}

/// Members of an association that uses Paheko (or Garradin before it): its own labels, the category always last.
fn paheko_members(header: &[String], kind: Kind) -> Option<Form> {
    let is_theirs = matches!(header.last()?.as_str(), "categorie" | "categorie membre");
    place(header, &["numero de membre", "numero"])?;
    let mail = place(header, &["adresse e mail", "email", "e mail"]).map(Source::Cell);
    let whole = place(header, &["nom prenom", "nom et prenom"]);
    let (last, first) = (place(header, &["nom"]), place(header, &["prenom"]));
    let columns = match (whole, last) {
        (Some(whole), _) => vec![("code", Some(Source::Cell(whole))), ("last_name", Some(Source::Cell(whole)))],
        (None, Some(last)) => vec![
            ("code", Some(Source::Joined(first.into_iter().chain([last]).collect()))),
            ("first_name", first.map(Source::Cell)),
            ("last_name", Some(Source::Cell(last))),
        ],
        (None, None) => return None,
    };
    let columns = columns.into_iter().chain([("email", mail)]).collect();
    (is_theirs && kind == Kind::Persons).then(|| form("Paheko", columns))
}

/// Hours kept with Tāima, Paheko's time tracking: whole minutes, whatever the name of the column makes believe.
fn taima_hours(header: &[String], kind: Kind) -> Option<Form> {
    place(header, &["semaine"])?;
    place(header, &["annee"])?;
    // Somebody's own file may have these columns, too, and hours in them.
    place(header, &["valorisation", "tache"])?;
    let (name, date, minutes) = (place(header, &["nom"])?, place(header, &["date"])?, place(header, &["duree"])?);
    (kind == Kind::Contributions).then(|| {
        form(
            "Tāima",
            vec![
                ("date", Some(Source::Cell(date))),
                ("person", Some(Source::Cell(name))),
                ("duration", Some(Source::Minutes(minutes))),
            ],
        )
    })
}

/// Hours kept with Bénévalibre, from version 2 and before; those that wait for approval are left aside.
fn benevalibre_hours(header: &[String], kind: Kind) -> Option<Form> {
    let hours = place(header, &["duree en heures", "heures en decimal"])?;
    let date = place(header, &["date"])?;
    let (first, last) = (place(header, &["prenom"]), place(header, &["nom"]));
    let whole = place(header, &["benevole"]);
    let person = match (whole, first, last) {
        (Some(whole), ..) => Source::Cell(whole),
        (None, Some(first), Some(last)) => Source::Joined(vec![first, last]),
        (None, ..) => return None,
    };
    let known = form(
        "Bénévalibre",
        vec![
            ("date", Some(Source::Cell(date))),
            ("association", place(header, &["association"]).map(Source::Cell)),
            ("person", Some(person)),
            ("duration", Some(Source::Cell(hours))),
        ],
    );
    let only_where =
        place(header, &["en attente de moderation"]).map(|column| Wanted { column, values: &["false", "faux"] });
    (kind == Kind::Contributions).then_some(Form { only_where, ..known })
}
