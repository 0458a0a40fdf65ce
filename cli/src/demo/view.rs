//! A network on one screen: who stands where, what flows, what waits, who gave the time, and whether it all agrees.

use std::collections::BTreeMap;

use ledger::{
    Language, Minutes,
    account::{Account, PostingKind},
    exchange::ExchangeState,
    year::Year,
};
use store::{AuditReport, ExchangeLine};

use super::screen::{Paint, grouped, shortened};
use crate::{
    audit::verdict,
    failure::Failure,
    report::{bar, count},
    session::Session,
};

/// No line is wider.
const WIDTH: usize = 78;
/// How many balances are shown from either end.
const BALANCES: usize = 4;
const SKILLS: usize = 4;
const PROPOSALS: usize = 4;
/// Where balances' bars begin, and how long they are on either side of it.
const ZERO: usize = 62;
const SIDE: usize = 15;

/// What the screen shows.
#[derive(Debug)]
pub(super) struct View {
    network: String,
    year: i32,
    associations: usize,
    persons: usize,
    exchanges: usize,
    given: Minutes,
    /// Members' balances, the highest first.
    balances: Vec<(String, Minutes)>,
    fund: Minutes,
    /// Minutes by skill, most first; `None` is a hand that needs no particular one.
    skills: Vec<(Option<String>, Minutes)>,
    /// In the order of their dates.
    proposals: Vec<Proposal>,
    /// What persons gave, most first.
    natures: Vec<(PostingKind, Minutes)>,
    acts: u64,
    /// What the audit says where it does not agree.
    disagreement: Option<String>,
}

#[derive(Debug)]
struct Proposal {
    reference: String,
    minutes: Minutes,
    giver: String,
    receiver: String,
}

impl View {
    pub(super) async fn read(session: &Session, year: i32, audit: &AuditReport) -> Result<Self, Failure> {
        let (store, network) = (&session.store, session.network_id);
        let balances = store.balances(network, None).await?;
        let exchanges = store.exchanges(network, false).await?;
        let years = store.account_years(network, Year(year)).await?;
        let engaged = years.iter().filter(|year| matches!(year.account, Account::Engaged(_)));
        let natures = engaged.flat_map(|year| year.totals.iter().map(|(kind, minutes)| (*kind, -minutes.get())));
        let posted = || exchanges.iter().filter(|line| is_in(line, ExchangeState::is_posted));
        let balance_of = |wanted: Account| {
            balances.iter().find(|line| line.account == wanted).map_or(Minutes::ZERO, |line| line.balance)
        };
        let mut members: Vec<_> = session
            .registry
            .associations()
            .map(|member| (member.name().to_owned(), balance_of(Account::Association(member.number))))
            .collect();
        members.sort_by_key(|(_, balance)| std::cmp::Reverse(*balance));
        Ok(Self {
            network: session.network.name.clone(),
            year,
            associations: members.len(),
            persons: session.registry.persons().count(),
            exchanges: posted().count(),
            given: Minutes::sum(posted().map(|line| line.minutes)).unwrap_or_default(),
            balances: members,
            fund: balance_of(Account::Fund),
            skills: summed(posted().map(|line| (line.skill.clone(), line.minutes.get()))),
            proposals: proposals(session, &exchanges),
            natures: summed(natures),
            acts: u64::try_from(audit.log_size).unwrap_or_default(),
            disagreement: (!audit.findings.is_ok()).then(|| verdict(&session.network.name, audit, session.language)),
        })
    }

    pub(super) fn show(&self, paint: Paint, language: Language) -> String {
        let parts = [
            self.title(paint, language),
            self.standing(paint, language),
            self.flows(paint, language),
            self.waiting(paint, language),
            self.engagement(paint, language),
            vec![self.seal(paint, language)],
        ];
        let parts =
            parts.iter().map(|lines| lines.iter().map(|line| format!("  {line}\n")).collect::<Vec<_>>().concat());
        format!("\n{}", parts.collect::<Vec<_>>().join("\n"))
    }

    fn title(&self, paint: Paint, language: Language) -> Vec<String> {
        let year = format!("{} {}", language.pick("année", "year"), self.year);
        let room = WIDTH.saturating_sub(self.network.chars().count() + year.chars().count());
        let associations =
            count(self.associations, language, ("association", "associations"), ("association", "associations"));
        let persons = count(self.persons, language, ("personne", "personnes"), ("person", "persons"));
        let exchanges = count(self.exchanges, language, ("échange", "échanges"), ("exchange", "exchanges"));
        let given = self.given.display(language).to_string();
        // In full, an English amount of thousands shows its minutes; here it stands among hours alone.
        let given = given.strip_suffix("\u{a0}00\u{a0}min").unwrap_or(&given);
        let given = language.pick(format!("{given} données et reçues"), format!("{given} given"));
        vec![
            format!("{}{}{}", paint.bold(&self.network), " ".repeat(room), paint.dim(&year)),
            language
                .pick(
                    "Une banque de temps : des associations s'entraident, une heure vaut une heure.",
                    "A time bank: associations help each other, and an hour is worth an hour.",
                )
                .to_owned(),
            format!("{associations} · {persons} · {exchanges} · {given}"),
        ]
    }

    fn standing(&self, paint: Paint, language: Language) -> Vec<String> {
        let title = language.pick("Où en est chacun", "Where everyone stands");
        let sides = language.pick(["ont plus reçu", " │ ", "ont plus donné"], ["received more", " │ ", "gave more"]);
        let mut lines = vec![heading_over(title, sides, ZERO - 1, paint)];
        let most = self.balances.iter().map(|(_, balance)| balance.unsigned_abs()).max().unwrap_or_default();
        let line = |(name, balance): &(String, Minutes)| balance_line(name, *balance, most, paint, language);
        let (first, rest) = self.balances.split_at(BALANCES.min(self.balances.len()));
        let (between, last) = rest.split_at(rest.len().saturating_sub(BALANCES));
        lines.extend(first.iter().map(line));
        if let (Some((_, high)), Some((_, low))) = (between.first(), between.last()) {
            let (high, low, number) =
                (high.display(language), low.display(language), other_ones(between.len(), language));
            lines.push(paint.dim(
                &language.pick(
                    format!("… {number}, entre {high} et {low}"),
                    format!("… {number}, between {high} and {low}"),
                ),
            ));
        }
        lines.extend(last.iter().map(line));
        if !self.fund.is_zero() {
            let fund = language.pick("Fonds de solidarité", "Solidarity fund");
            lines.push(balance_line(fund, self.fund, most, paint, language));
        }
        lines
    }

    fn flows(&self, paint: Paint, language: Language) -> Vec<String> {
        let mut lines = vec![paint.bold(language.pick("Ce que l'on s'apporte", "What flows between them"))];
        let most = self.skills.first().map_or(0, |(_, minutes)| minutes.unsigned_abs());
        for (skill, minutes) in self.skills.iter().take(SKILLS) {
            let name = skill.as_deref().unwrap_or(language.pick("Coups de main divers", "Helping hands of any kind"));
            lines.push(amount_line(name, *minutes, most, paint, language));
        }
        lines.extend(others(self.skills.iter().skip(SKILLS).map(|(_, minutes)| *minutes), paint, language));
        lines
    }

    fn waiting(&self, paint: Paint, language: Language) -> Vec<String> {
        let number = self.proposals.len();
        let title = count(
            number,
            language,
            ("échange attend une réponse", "échanges attendent une réponse"),
            ("exchange waits for an answer", "exchanges wait for an answer"),
        );
        let sides = language.pick(["ont aidé", " → ", "doivent répondre"], ["helped", " → ", "have to answer"]);
        let mut lines = vec![heading_over(&title, sides, language.pick(48, 50), paint)];
        lines.extend(self.proposals.iter().take(PROPOSALS).map(|proposal| proposal.line(paint, language)));
        if let Some(more) = number.checked_sub(PROPOSALS).filter(|more| *more > 0) {
            lines.push(paint.dim(&format!("… {}", other_ones(more, language))));
        }
        lines
    }

    fn engagement(&self, paint: Paint, language: Language) -> Vec<String> {
        let title = language.pick("Le temps que les personnes ont donné", "The time that persons gave");
        let mut lines = vec![paint.bold(title)];
        let most = self.natures.first().map_or(0, |(_, minutes)| minutes.unsigned_abs());
        for (kind, minutes) in &self.natures {
            lines.push(amount_line(kind.in_words(language), *minutes, most, paint, language));
        }
        lines
    }

    /// Says that everything agrees only where it does.
    fn seal(&self, paint: Paint, language: Language) -> String {
        match &self.disagreement {
            Some(disagreement) => paint.red(&format!("✗ {disagreement}")),
            None => {
                let acts = grouped(self.acts, language);
                paint.green(&language.pick(
                    format!("✓ {acts} actes scellés, tout concorde : toute modification se verra."),
                    format!("✓ {acts} acts sealed, everything agrees: any change will show."),
                ))
            }
        }
    }
}

impl Proposal {
    fn line(&self, paint: Paint, language: Language) -> String {
        let (amount_width, name_width) = language.pick((8, 26), (12, 24));
        let Self { reference, minutes, giver, receiver } = self;
        let minutes = minutes.display(language);
        let (giver, receiver) = (shortened(giver, name_width), shortened(receiver, name_width));
        format!("{reference}  {minutes:>amount_width$}  {giver:>name_width$} {} {receiver}", paint.dim("→"))
    }
}

fn proposals(session: &Session, exchanges: &[ExchangeLine]) -> Vec<Proposal> {
    let mut open: Vec<_> = exchanges.iter().filter(|line| is_in(line, ExchangeState::is_open)).collect();
    open.sort_by_key(|line| line.service_date);
    let proposal = |line: &ExchangeLine| Proposal {
        reference: line.reference.clone().unwrap_or_default(),
        minutes: line.minutes,
        giver: session.name_of(line.giver),
        receiver: session.name_of(line.receiver),
    };
    open.into_iter().map(proposal).collect()
}

fn is_in(line: &ExchangeLine, states: fn(ExchangeState) -> bool) -> bool {
    states(line.state)
}

/// Adds minutes up by what they are for, most first.
fn summed<K: Ord>(minutes: impl Iterator<Item = (K, i64)>) -> Vec<(K, Minutes)> {
    let mut sums: BTreeMap<K, i64> = BTreeMap::new();
    for (key, minutes) in minutes {
        *sums.entry(key).or_default() += minutes;
    }
    let mut sums: Vec<_> = sums.into_iter().map(|(key, minutes)| (key, Minutes::new(minutes))).collect();
    sums.sort_by_key(|(_, minutes)| std::cmp::Reverse(*minutes));
    sums
}

/// A heading, and what stands on either side of a sign that the lines below have in the same place.
fn heading_over(title: &str, [left, sign, right]: [&str; 3], place: usize, paint: Paint) -> String {
    let room = place.saturating_sub(title.chars().count() + left.chars().count());
    format!("{}{}{}", paint.bold(title), " ".repeat(room), paint.dim(&format!("{left}{sign}{right}")))
}

/// A balance, with a bar from zero to the left or to the right.
fn balance_line(name: &str, balance: Minutes, most: u64, paint: Paint, language: Language) -> String {
    let (left, right) = if balance.is_negative() {
        (paint.yellow(&format!("{:>SIDE$}", bar_to_the_left(balance.unsigned_abs(), most))), String::new())
    } else {
        (" ".repeat(SIDE), paint.green(&bar(balance.unsigned_abs(), most, SIDE as u64)))
    };
    format!("{} {left}{}{right}", named(name, balance, language), paint.dim("│"))
}

/// A bar that ends at zero. Unicode has no eighths that fill from the right, only halves.
fn bar_to_the_left(value: u64, most: u64) -> String {
    let halves = (value * 2 * SIDE as u64).div_ceil(most.max(1));
    let whole = usize::try_from(halves / 2).unwrap_or_default();
    format!("{}{}", if halves % 2 == 1 { "▐" } else { "" }, "█".repeat(whole))
}

/// An amount, with a bar.
fn amount_line(name: &str, minutes: Minutes, most: u64, paint: Paint, language: Language) -> String {
    let length = bar(minutes.unsigned_abs(), most, 30);
    format!("{} {}", named(name, minutes, language), paint.cyan(&length))
}

/// A name and an amount, always as wide; English amounts are wider.
fn named(name: &str, minutes: Minutes, language: Language) -> String {
    let (name_width, amount_width) = language.pick((35, 10), (31, 14));
    let (name, minutes) = (shortened(name, name_width), minutes.display(language));
    format!("{name:<name_width$} {minutes:>amount_width$}")
}

fn other_ones(number: usize, language: Language) -> String {
    count(number, language, ("autre", "autres"), ("other", "others"))
}

/// One line for all the amounts that are not shown.
fn others(rest: impl Iterator<Item = Minutes>, paint: Paint, language: Language) -> Option<String> {
    let rest: Vec<_> = rest.collect();
    let sum = Minutes::sum(rest.iter().copied()).filter(|sum| !sum.is_zero())?.display(language);
    let number = other_ones(rest.len(), language);
    Some(paint.dim(&language.pick(format!("… {number}, {sum} en tout"), format!("… {number}, {sum} in all"))))
}
