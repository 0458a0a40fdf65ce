//! Hours passed on without help: gifts, dues to the solidarity fund, grants from it. What a transfer changes is shown
//! before it is made.

use askama::Template;
use axum::{extract::State, http::StatusCode};
use ledger::{
    AssociationNumber, Minutes, account::Account, association::MembershipState, command::Command, name,
    transfer::TransferReason, words::capitalised,
};
use service::{
    App,
    caller::Caller,
    problem::Problem,
    transfers::{self, Transferred},
};
use store::Page;

use crate::{
    answer::{Answer, page, page_with, see},
    balance::Change,
    form::{Choice, Filled, Misfits, sentence_of},
    frame::{Asking, Frame},
    step_form::{Kind, Sent, StepForm, hours},
};

/// So many are shown.
const SHOWN: u32 = 50;
/// How the fund stands in a form's lists.
const FUND: &str = "fund";
/// Why hours are passed on by somebody's wish; departures and mergers happen by themselves.
const REASONS: [TransferReason; 3] = [TransferReason::Gift, TransferReason::Dues, TransferReason::Grant];

/// A transfer that was made.
#[derive(Debug)]
struct Line {
    /// From whom to whom.
    title: String,
    hours: String,
    /// When, why, and by whose decision.
    about: String,
}

#[derive(Template)]
#[template(path = "transfers.html")]
struct Transfers {
    frame: Frame,
    misfits: Misfits,
    form: StepForm,
    /// Whether what is filled in was looked at, and can be made.
    is_to_be_sure: bool,
    fund: String,
    lines: Vec<Line>,
}

async fn lay(
    app: &App,
    caller: &Caller,
    asking: &Asking,
    sent: Option<Sent<'_>>,
    changes: Vec<Change>,
) -> Result<Transfers, Problem> {
    let frame = Frame::around(app, caller, asking).await?;
    let fund = standing(app, caller, None).await?;
    let rows = transfers::list(app, caller, Page::newest(SHOWN)).await?;
    let reasons = REASONS.iter();
    let reasons =
        reasons.map(|reason| Choice::of(reason, &capitalised(reason.in_words(frame.language())), "gift")).collect();
    let keys = ["transfer-title", "transfer-then", if changes.is_empty() { "transfer-look" } else { "transfer" }];
    let form = StepForm::new(&frame, "transfer", frame.under("/transfers"), keys)
        .list("from", frame.t("transfer-from"), accounts(caller, &frame))
        .list("to", frame.t("transfer-to"), accounts(caller, &frame))
        .field(Kind::Line, "hours", frame.t("transfer-hours"), &"")
        .list("reason", frame.t("transfer-reason"), reasons)
        .field(Kind::Line, "decision", frame.t("decision"), &"")
        .hint(frame.t("transfer-decision-hint"))
        .sent(sent);
    Ok(Transfers {
        misfits: sent.map(|sent| sent.misfits.clone()).unwrap_or_default(),
        is_to_be_sure: !changes.is_empty(),
        form: form.changing(changes),
        fund: match fund {
            Minutes::ZERO => frame.t("transfer-fund-empty"),
            fund => frame.say("transfer-fund", &[("hours", frame.hours(fund).into())]),
        },
        lines: rows.iter().map(|row| line(caller, &frame, row)).collect(),
        frame,
    })
}

fn line(caller: &Caller, frame: &Frame, row: &Transferred) -> Line {
    let name = |account: Option<AssociationNumber>| {
        account.map_or_else(|| frame.t("transfer-the-fund"), |member| caller.name_of(member))
    };
    let day = row.booked.unwrap_or_else(|| caller.known.network.day_of(row.at));
    let about = [Some(frame.date(day)), Some(row.reason.in_words(frame.language()).to_owned()), row.decision.clone()];
    Line {
        title: frame.say("transfer-line", &[("from", name(row.from).into()), ("to", name(row.to).into())]),
        hours: frame.hours(row.minutes),
        about: about.into_iter().flatten().collect::<Vec<_>>().join(" · "),
    }
}

/// The members and the fund, to choose from.
fn accounts(caller: &Caller, frame: &Frame) -> Vec<Choice> {
    let mut members: Vec<_> =
        caller.registry.associations().filter(|member| member.state == MembershipState::Active).collect();
    members.sort_by_cached_key(|member| name::fold(member.name()));
    let members = members.iter().map(|member| Choice::of(&caller.name(member.number.0), &member.name(), ""));
    [Choice::of(&FUND, &capitalised(&frame.t("transfer-the-fund")), "")].into_iter().chain(members).collect()
}

async fn standing(app: &App, caller: &Caller, member: Option<AssociationNumber>) -> Result<Minutes, Problem> {
    let account = member.map_or(Account::Fund, Account::Association);
    let head = app.standings.of(caller.known.id, account).await;
    Ok(head.map_err(|error| Problem::of_store(&error))?.balance)
}

/// What a transfer is filled in with.
const FIELDS: [&str; 5] = ["from", "to", "hours", "reason", "decision"];

/// The page; where the address says a transfer, with what it would change.
pub(crate) async fn show(State(app): State<App>, caller: Caller, asking: Asking) -> Answer {
    let mut filled = Filled::default();
    for field in FIELDS {
        if let Some(value) = asking.parameter(field) {
            filled.set(field, value);
        }
    }
    if filled.said("hours").is_none() {
        return page(&lay(&app, &caller, &asking, None, Vec::new()).await?);
    }
    let frame = Frame::around(&app, &caller, &asking).await?;
    let mut misfits = Misfits::default();
    let wanted = read(&filled, (&caller, &frame), &mut misfits);
    let changes = match &wanted {
        Some(wanted) => changes(&app, &caller, &frame, wanted).await?,
        None => Vec::new(),
    };
    let sent = Sent { word: "transfer", filled: &filled, misfits: &misfits };
    let mut shown = lay(&app, &caller, &asking, Some(sent), changes).await?;
    shown.form.seen = wanted.map(|wanted| wanted.said()).unwrap_or_default();
    page(&shown)
}

/// What is to be passed on.
struct Wanted {
    from: Option<AssociationNumber>,
    to: Option<AssociationNumber>,
    minutes: Minutes,
    reason: TransferReason,
    decision: Option<String>,
}

/// Leads to what a transfer would change, or makes it once that was seen.
pub(crate) async fn send(State(app): State<App>, caller: Caller, asking: Asking, filled: Filled) -> Answer {
    let asked = filled.asked()?;
    let frame = Frame::around(&app, &caller, &asking).await?;
    let mut misfits = Misfits::default();
    let Some(wanted) = read(&filled, (&caller, &frame), &mut misfits) else {
        let sent = Sent { word: "transfer", filled: &filled, misfits: &misfits };
        let page = lay(&app, &caller, &asking, Some(sent), Vec::new()).await?;
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
    };
    if !filled.is("sure", &wanted.said()) {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(FIELDS.map(|field| (field, filled.get(field))));
        return see(&frame.under(&format!("/transfers?{}", query.finish())));
    }
    let Wanted { from, to, minutes, reason, decision } = wanted;
    match app.write(&caller, &asked, Command::Transfer { from, to, minutes, reason, decision }).await {
        Ok(_) => see(&frame.under("/transfers?said=said-transferred")),
        Err(problem) => {
            let field = match problem.field().unwrap_or_default() {
                "minutes" => "hours",
                field @ ("from" | "to" | "reason" | "decision") => field,
                _ => "form",
            };
            misfits.add(field, sentence_of(&frame, &problem));
            let sent = Sent { word: "transfer", filled: &filled, misfits: &misfits };
            page_with(problem.status(), &lay(&app, &caller, &asking, Some(sent), Vec::new()).await?)
        }
    }
}

impl Wanted {
    /// What was looked at, so that nothing else is made.
    fn said(&self) -> String {
        let account = |member: Option<AssociationNumber>| member.map_or(0, |member| member.0);
        format!("{} {} {} {}", account(self.from), account(self.to), self.minutes.get(), self.reason)
    }
}

fn read(filled: &Filled, (caller, frame): (&Caller, &Frame), misfits: &mut Misfits) -> Option<Wanted> {
    let mut account = |field: &str| {
        let text = filled.get(field);
        if text == FUND {
            return Some(None);
        }
        let number = text.parse().ok().and_then(|name| caller.ids().number(name).ok());
        if number.is_none() {
            misfits.add(field, frame.t("transfer-who-missing"));
        }
        number.map(AssociationNumber).map(Some)
    };
    let (from, to) = (account("from"), account("to"));
    let minutes = hours("hours", filled, frame, misfits);
    let reason = TransferReason::try_from(filled.get("reason")).ok().filter(|reason| REASONS.contains(reason));
    if reason.is_none() {
        misfits.add("reason", frame.t("transfer-reason-missing"));
    }
    let decision = filled.said("decision").map(str::to_owned);
    misfits.is_empty().then_some(())?;
    Some(Wanted { from: from?, to: to?, minutes: minutes?, reason: reason?, decision })
}

/// Where both stand, and would stand.
async fn changes(app: &App, caller: &Caller, frame: &Frame, wanted: &Wanted) -> Result<Vec<Change>, Problem> {
    let mut changes = Vec::new();
    let gives = standing(app, caller, wanted.from).await?;
    let receives = standing(app, caller, wanted.to).await?;
    let sides = [
        (wanted.from, gives, gives.checked_sub(wanted.minutes)),
        (wanted.to, receives, receives.checked_add(wanted.minutes)),
    ];
    for (member, before, after) in sides {
        let after = after.unwrap_or(before);
        changes.push(match member {
            Some(member) => Change::new(frame, caller.name_of(member), before, after),
            None => Change {
                name: capitalised(&frame.t("transfer-the-fund")),
                before: frame.hours(before),
                after: frame.hours(after),
            },
        });
    }
    Ok(changes)
}
