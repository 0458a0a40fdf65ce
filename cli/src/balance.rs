//! `balance`: where every association stands, today or at a date.

use clap::{Arg, ArgMatches, Command};
use files::date;
use ledger::{Language, Minutes, account::Account, association::MembershipState};
use serde_json::json;
use store::BalanceLine;

use crate::{
    arguments,
    failure::Failure,
    report::{Align, Table, print_json},
    session::{Session, wants_json},
};

pub(crate) fn arguments(language: Language) -> Command {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    arguments::ledger_verb(
        "balance",
        "soldes",
        t("Les soldes des associations", "The associations' balances"),
        t("coudemain soldes --at 2025-06-30", "coudemain balance --at 2025-06-30"),
        language,
    )
    .arg(arguments::format(language))
    .arg(Arg::new("association").value_name("ASSOCIATION").help(t("Une seule association", "One association alone")))
    .arg(
        Arg::new("at").long("at").visible_alias("au").value_name("DATE").help(t(
            "À la fin de ce jour (2025-06-30 ou 30/06/2025)",
            "At the end of that day (2025-06-30 or 30/06/2025)",
        )),
    )
}

pub(crate) async fn run(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let session = Session::open(args, language).await?;
    let at = args.get_one::<String>("at").map(|text| {
        date::parse(text)
            .map_err(|error| Failure::said(error.in_words(Language::French), error.in_words(Language::English)))
    });
    let mut lines = session.store.balances(session.network_id, at.transpose()?).await?;
    if let Some(wanted) = args.get_one::<String>("association") {
        let account = Account::Association(session.association(wanted)?.number);
        lines.retain(|line| line.account == account);
    }
    let mut lines: Vec<_> = lines.into_iter().map(|line| Named::new(&session, line)).collect();
    lines.sort_by_cached_key(|named| (!named.is_member(), ledger::name::fold(&named.name)));
    if wants_json(args) {
        print_json(&lines.iter().map(Named::as_json).collect())?;
    } else {
        say!("{}", as_table(&lines, language));
    }
    Ok(true)
}

/// A balance, with whose it is.
struct Named {
    name: String,
    /// Where the member stands today; nothing of the network's own accounts.
    membership: Option<MembershipState>,
    line: BalanceLine,
}

impl Named {
    fn new(session: &Session, line: BalanceLine) -> Self {
        let membership = match line.account {
            Account::Association(number) => session.registry.association(number).map(|member| member.state),
            Account::Fund | Account::Opening | Account::Engaged(_) | Account::Person(_) => None,
        };
        Self { name: session.account_name(line.account), membership, line }
    }

    fn is_member(&self) -> bool {
        matches!(self.line.account, Account::Association(_))
    }

    /// The name, with where the member stands if that is not as usual: “Chorale (parti)”.
    fn shown(&self, language: Language) -> String {
        match self.unusual_membership() {
            Some(state) => format!("{} ({})", self.name, state.in_words(language)),
            None => self.name.clone(),
        }
    }

    fn unusual_membership(&self) -> Option<MembershipState> {
        self.membership.filter(|state| *state != MembershipState::Active)
    }

    fn as_json(&self) -> serde_json::Value {
        let mut line = json!({
            "association": self.name,
            "given_minutes": self.line.given.get(),
            "received_minutes": self.line.received.get(),
            "other_minutes": self.line.other.get(),
            "balance_minutes": self.line.balance.get(),
        });
        if let Some(state) = self.unusual_membership() {
            line["membership"] = json!(state.as_str());
        }
        line
    }
}

fn as_table(lines: &[Named], language: Language) -> String {
    let show = |minutes: Minutes| minutes.display(language).to_string();
    let mut table = Table::new(&[
        ("Association", Align::Left),
        (language.pick("A aidé", "Gave"), Align::Right),
        (language.pick("A été aidée", "Received"), Align::Right),
        (language.pick("Autres", "Other"), Align::Right),
        (language.pick("Solde", "Balance"), Align::Right),
    ]);
    for named in lines {
        let line = &named.line;
        table.row(vec![
            named.shown(language),
            show(line.given),
            show(line.received),
            show(line.other),
            show(line.balance),
        ]);
    }
    if lines.len() > 1 {
        let sum = |of: fn(&BalanceLine) -> Minutes| {
            Minutes::sum(lines.iter().map(|named| of(&named.line))).map_or_else(|| "?".to_owned(), show)
        };
        table.row(vec![
            language.pick("Total", "Total").to_owned(),
            sum(|line| line.given),
            sum(|line| line.received),
            sum(|line| line.other),
            sum(|line| line.balance),
        ]);
    }
    table.to_string()
}
