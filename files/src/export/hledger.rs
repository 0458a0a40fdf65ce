//! A journal for hledger and Ledger, in minutes: one transaction an act that posted in book exchange.
//!
//! The last transaction asserts the balances that we store, so that `hledger check`, which adds everything up by
//! itself, says whether they are right.
//!
//! Journals are read in the order of booking dates, acts stand in the order of recording. To sort them, an act is
//! kept as its date, its reason and two amounts, 80 bytes: a million acts are no matter. Their leaves, ten times
//! as large, pass by a page at a time.

use std::collections::BTreeMap;
use std::io::Write;
use std::ops::Range;

use chrono::NaiveDate;
use ledger::{
    ActNumber, Language, Minutes, account::Account, act::ActKind, leaf::Leaf, transfer::TransferReason,
    words::capitalised,
};
use store::{ExchangeLine, SealedAct, StoreError};

use crate::{
    advance::{Advance, OnAdvance},
    error::FileError,
    network::OpenNetwork,
};

/// How many leaves are read at once.
const PAGE: u32 = 10_000;

/// Writes the journal, and tells how many acts are read.
pub async fn write(network: &OpenNetwork, out: &mut impl Write, on_advance: OnAdvance<'_>) -> Result<(), FileError> {
    let (balances, acts) = balances_and_acts(network).await?;
    let journal = Journal::read(network, acts, on_advance).await?;
    let exchanges = network.store.exchanges(network.network_id, false).await?;
    let paper = Paper::new(network, &balances, exchanges);
    paper.head(out, acts)?;
    for entry in &journal.entries {
        paper.entry(out, entry, &journal.postings[entry.postings.clone()])?;
    }
    if let Some(last) = journal.entries.last() {
        paper.assertions(out, last.booked, &balances)?;
    }
    Ok(())
}

/// The stored balances, and how many acts they are the balances of.
async fn balances_and_acts(network: &OpenNetwork) -> Result<(BTreeMap<Account, Minutes>, ActNumber), FileError> {
    const TRIES: usize = 100;
    let (store, network) = (&network.store, network.network_id);
    let (mut before, _) = store.head(network).await?;
    for _ in 0..TRIES {
        let balances = store.balances(network, None).await?;
        let (after, _) = store.head(network).await?;
        if after.next == before.next {
            return Ok((balances.into_iter().map(|line| (line.account, line.balance)).collect(), after.next));
        }
        before = after;
    }
    Err(FileError::said(
        "le registre change sans cesse ; réessayez quand il y a moins d'écritures",
        "the ledger keeps changing; try again when less is being written",
    ))
}

/// What was posted, in the order of booking dates.
#[derive(Debug, Default)]
struct Journal {
    entries: Vec<Entry>,
    /// Account number in book exchange, and minutes; an entry says which are its own.
    postings: Vec<(i64, i64)>,
}

/// An act that posted in book exchange.
#[derive(Debug)]
struct Entry {
    booked: NaiveDate,
    act: i64,
    why: Why,
    postings: Range<usize>,
}

#[derive(Debug, Clone, Copy)]
enum Why {
    /// Help; the exchange's number.
    Exchange(i64),
    /// What is taken back: an exchange's number, or that of an act.
    Reversal(i64),
    Transfer(TransferReason),
}

impl Journal {
    /// Reads the first so many acts.
    async fn read(network: &OpenNetwork, acts: ActNumber, on_advance: OnAdvance<'_>) -> Result<Self, FileError> {
        let (mut journal, mut next) = (Self::default(), 0);
        while next < acts.0 {
            let most = u32::try_from(acts.0 - next).map_or(PAGE, |left| PAGE.min(left));
            for act in network.store.acts_from(network.network_id, ActNumber(next), most).await? {
                journal.add(&act)?;
            }
            next += i64::from(most);
            let counted = |acts: i64| usize::try_from(acts).unwrap_or_default();
            on_advance(Advance { done: counted(next), all: counted(acts.0) });
        }
        journal.entries.sort_unstable_by_key(|entry| (entry.booked, entry.act));
        Ok(journal)
    }

    fn add(&mut self, act: &SealedAct) -> Result<(), StoreError> {
        let leaf = act.leaf()?;
        let Some(booked) = leaf.booked.filter(|_| !leaf.postings.is_empty()) else { return Ok(()) };
        let why = why(&leaf).ok_or_else(|| act.wrong(&format!("postings under “{}”", leaf.kind)))?;
        let first = self.postings.len();
        self.postings.extend(leaf.postings.iter().map(|posting| (posting.account, posting.minutes)));
        self.entries.push(Entry { booked, act: act.number.0, why, postings: first..self.postings.len() });
        Ok(())
    }
}

fn why(leaf: &Leaf<'_>) -> Option<Why> {
    let is_merger = leaf.member.as_ref().is_some_and(|member| member.into.is_some());
    Some(match leaf.kind {
        ActKind::Reversed => Why::Reversal(leaf.target?),
        ActKind::Transferred => Why::Transfer(TransferReason::try_from(leaf.transfer.as_deref()?).ok()?),
        ActKind::BalanceBroughtIn => Why::Transfer(TransferReason::Opening),
        ActKind::AssociationLeft if is_merger => Why::Transfer(TransferReason::Merger),
        ActKind::AssociationLeft => Why::Transfer(TransferReason::Departure),
        _ => Why::Exchange(leaf.exchange.as_ref()?.number),
    })
}

/// Writes transactions, knowing what everything is called.
struct Paper<'a> {
    network: &'a OpenNetwork,
    names: BTreeMap<i64, String>,
    /// The longest name.
    width: usize,
    /// In the order of their numbers.
    exchanges: Vec<ExchangeLine>,
}

impl<'a> Paper<'a> {
    fn new(network: &'a OpenNetwork, balances: &BTreeMap<Account, Minutes>, exchanges: Vec<ExchangeLine>) -> Self {
        let names: BTreeMap<_, _> =
            balances.keys().map(|account| (account.number(), account_name(network, *account))).collect();
        let width = names.values().map(|name| name.chars().count()).max().unwrap_or_default();
        Self { network, names, width, exchanges }
    }

    /// Accounts and the commodity are declared, so that `hledger check --strict` accepts the journal, too.
    fn head(&self, out: &mut impl Write, acts: ActNumber) -> std::io::Result<()> {
        let network = sanitised(&self.network.network.name);
        let about = self.network.language.pick(
            format!("; Réseau « {network} » : ses {acts} premiers actes. Des minutes, par date comptable."),
            format!("; Network “{network}”: its first {acts} acts. Minutes, by booking date."),
        );
        writeln!(out, "{about}\n\ncommodity min")?;
        self.names.values().try_for_each(|name| writeln!(out, "account {name}"))
    }

    fn entry(&self, out: &mut impl Write, entry: &Entry, postings: &[(i64, i64)]) -> Result<(), FileError> {
        let language = self.network.language;
        let exchange = match entry.why {
            Why::Exchange(number) | Why::Reversal(number) => self.exchange(number),
            Why::Transfer(_) => None,
        };
        let act = || language.pick(format!("acte {}", entry.act), format!("act {}", entry.act));
        let code = exchange.and_then(|exchange| exchange.reference.clone()).unwrap_or_else(act);
        let description = match (entry.why, exchange) {
            (Why::Exchange(_), Some(exchange)) => about_help(exchange, language),
            (Why::Exchange(_), None) => language.pick("Coup de main", "Helping hand").to_owned(),
            (Why::Reversal(_), Some(_)) => language.pick("Annulation", "Reversal").to_owned(),
            (Why::Reversal(number), None) => {
                language.pick(format!("Annulation de l'acte {number}"), format!("Reversal of act {number}"))
            }
            (Why::Transfer(reason), _) => capitalised(reason.in_words(language)),
        };
        writeln!(out, "\n{} ({}) {}", entry.booked, as_code(&code), sanitised(&description))?;
        let service_date = exchange.map(|exchange| exchange.service_date);
        if let (Why::Exchange(_), Some(date)) = (entry.why, service_date.filter(|date| *date != entry.booked)) {
            writeln!(out, "    ; service: {date}")?;
        }
        for (account, minutes) in postings {
            self.posting(out, *account, *minutes)?;
            writeln!(out)?;
        }
        Ok(())
    }

    /// What each account comes to, for the reader to check.
    fn assertions(
        &self,
        out: &mut impl Write,
        date: NaiveDate,
        balances: &BTreeMap<Account, Minutes>,
    ) -> Result<(), FileError> {
        let (code, description) =
            self.network.language.pick(("contrôle", "Soldes selon Coudemain"), ("check", "Balances as in Coudemain"));
        writeln!(out, "\n{date} ({code}) {description}")?;
        for (account, balance) in balances {
            self.posting(out, account.number(), 0)?;
            writeln!(out, " = {} min", balance.get())?;
        }
        Ok(())
    }

    /// A posting, without its line end.
    fn posting(&self, out: &mut impl Write, account: i64, minutes: i64) -> Result<(), FileError> {
        let name = self.names.get(&account).ok_or_else(|| {
            let problem = "postings without an account".to_owned();
            StoreError::ImpossibleRow { table: "posting", column: "account", key: account.to_string(), problem }
        })?;
        Ok(write!(out, "    {name:<width$}  {minutes:>7} min", width = self.width)?)
    }

    fn exchange(&self, number: i64) -> Option<&ExchangeLine> {
        let place = self.exchanges.binary_search_by_key(&number, |exchange| exchange.exchange.0);
        place.ok().and_then(|place| self.exchanges.get(place))
    }
}

fn about_help(exchange: &ExchangeLine, language: Language) -> String {
    match (&exchange.skill, &exchange.memo) {
        (Some(skill), Some(memo)) => format!("{skill}, {memo}"),
        (Some(only), None) | (None, Some(only)) => only.clone(),
        (None, None) => language.pick("Coup de main", "Helping hand").to_owned(),
    }
}

/// The account's name in a journal. Names differ in their letters and digits, so they still do when sanitised.
fn account_name(network: &OpenNetwork, account: Account) -> String {
    let language = network.language;
    match account {
        Account::Fund => language.pick("fonds", "fund").to_owned(),
        Account::Opening => language.pick("ouverture", "opening").to_owned(),
        account => format!("associations:{}", sanitised(&network.account_name(account)).replace(':', "-")),
    }
}

/// A text that a journal takes for nothing else: no comment, no note, no line end, no end of an account's name.
fn sanitised(text: &str) -> String {
    let words: Vec<_> = text.split(|letter: char| letter.is_whitespace() || letter.is_control()).collect();
    let words = words.into_iter().filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ").replace(';', ",").replace('|', "/")
}

/// A text that fits between parentheses.
fn as_code(text: &str) -> String {
    sanitised(text).replace('(', "[").replace(')', "]")
}
