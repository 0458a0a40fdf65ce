//! One member: who it is, how it is reached, where it stands, and what can be done about it.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use ledger::{
    IdentifierKind,
    account::Account,
    association::{Association, AssociationKind, Contact, Description, MembershipState},
    command::{Command, Seen},
    log, name,
    words::capitalised,
};
use service::{
    App,
    asked::{Asked, SeenTags},
    caller::Caller,
    members,
    problem::{Problem, Refusal},
    rules,
    writing::Tagged,
};
use store::{MemberPlace, Page};
use uuid::Uuid;

use super::step::{Step, Wanted};
use crate::{
    answer::{Answer, page, page_with, see},
    balance::{self, Change},
    form::{Choice, Filled, Misfits, sentence_of},
    frame::{Asking, Frame, full_name},
    limits,
    reach::{Link, Reach},
    step_form::{Kind, Sent, StepForm},
};

/// So many versions of a member's limits are shown.
const LIMITS_MOST: u32 = 10;

#[derive(Template)]
#[template(path = "kept_member.html")]
struct One {
    frame: Frame,
    misfits: Misfits,
    name: String,
    /// Where it stands; nothing for whoever takes no part yet.
    stands: Option<String>,
    reach: Reach,
    /// What is known of it, each with its word.
    facts: Vec<(String, String)>,
    /// Who speaks for it.
    people: Vec<Link>,
    /// The limits in force, and what is behind them.
    limits: Option<String>,
    behind: Option<String>,
    /// Limits that it has or had of its own, newest first.
    former_limits: Vec<String>,
    exchanges: String,
    forms: Vec<StepForm>,
}

/// What the page is made from.
struct Table<'a> {
    app: &'a App,
    caller: &'a Caller,
    frame: Frame,
    member: Association,
}

impl Table<'_> {
    async fn lay(self, sent: Option<Sent<'_>>) -> Result<One, Problem> {
        let Self { app, caller, frame, member } = &self;
        let (network, number) = (caller.known.id, member.number);
        let contact = app.store.contact(network, number).await?.unwrap_or_default();
        let place = app.store.member_places(network).await?.remove(&number).unwrap_or_default();
        let head = app.standings.of(network, Account::Association(number)).await;
        let head = head.map_err(|error| Problem::of_store(&error))?;
        let stands = balance::of(frame, head.balance);
        let takes_part = member.state != MembershipState::Applicant;
        let behind = rules::behind(app, caller, number).await?;
        let history = rules::limits_history(&app.store, network, number, Page::newest(LIMITS_MOST)).await?;
        let day = |at: chrono::DateTime<chrono::Utc>| frame.date(caller.known.network.day_of(at));
        let former = |version: &rules::LimitsVersion| {
            let limits = version.limits.map_or_else(|| frame.t("limit-as-rules"), |it| limits::in_words(frame, it));
            let decision = version.decision.clone().unwrap_or_else(|| frame.t("decision-erased"));
            let told = [("date", day(version.set_at).into()), ("decision", decision.into()), ("limits", limits.into())];
            frame.say("limit-version", &told)
        };
        Ok(One {
            misfits: sent.map(|sent| sent.misfits.clone()).unwrap_or_default(),
            name: member.name().to_owned(),
            reach: Reach::new(frame, contact.clone()),
            facts: self.facts(&place),
            people: self.people().await?,
            limits: takes_part.then(|| limits::in_words(frame, caller.registry.limits(number).unwrap_or_default())),
            behind: limits::behind(frame, caller, &behind),
            former_limits: history.iter().map(former).collect(),
            exchanges: frame.under(&format!("/exchanges?association={}", caller.name(number.0))),
            forms: self.forms((&contact, &place, &stands), sent),
            stands: takes_part.then_some(stands),
            frame: self.frame.clone(),
        })
    }

    fn facts(&self, place: &MemberPlace) -> Vec<(String, String)> {
        let Self { frame, member, .. } = self;
        let language = frame.language();
        let fact = |key: &str, value: String| (frame.t(key), value);
        let mut facts = vec![
            fact("roster-kind", capitalised(member.kind.in_words(language))),
            fact("roster-state", capitalised(member.state.in_words(language))),
        ];
        facts.extend(place.commune.clone().map(|commune| fact("roster-commune", commune)));
        facts.extend(place.member_since.map(|since| fact("roster-since", frame.date(since))));
        facts.extend(
            member
                .identifiers
                .iter()
                .map(|identifier| (identifier.kind().in_words(language).to_owned(), identifier.value())),
        );
        let former: Vec<_> = member.former_names().collect();
        facts.extend((!former.is_empty()).then(|| fact("roster-former-names", former.join(", "))));
        facts
    }

    /// Its delegates and administrators.
    async fn people(&self) -> Result<Vec<Link>, Problem> {
        let Self { app, caller, frame, member } = self;
        let speaks = |person: &&ledger::person::Person| {
            person.roles.iter().any(|role| role.association() == Some(member.number))
        };
        let numbers: Vec<_> = caller.registry.persons().filter(speaks).map(|person| person.number).collect();
        let named = app.store.identities_of(caller.known.id, &numbers).await?;
        let link = |(number, identity): &(ledger::PersonNumber, ledger::person::Identity)| Link {
            address: frame.under(&format!("/persons/{}", caller.name(number.0))),
            label: full_name(identity),
        };
        Ok(named.iter().map(link).collect())
    }

    /// `now` is how it is reached, where it sits, and where it stands.
    fn forms(&self, now: (&Contact, &MemberPlace, &str), sent: Option<Sent<'_>>) -> Vec<StepForm> {
        let Self { caller, frame, member, .. } = self;
        let open = Step::ALL.into_iter().filter(|(step, _)| step.is_open_to(member.state));
        let form = |(step, word): (Step, &'static str)| {
            let address = frame.under(&format!("/members/{}/{word}", caller.name(member.number.0)));
            let [title, then, button, _] = step.said(member.state);
            let form = StepForm::new(frame, word, address, [title, then, button]);
            let mut form = self.with_fields(step, form, now);
            // Asked of those alone who pass one.
            let is_past =
                |sent: Sent<'_>| sent.misfits.at("past_limits").is_some() || sent.filled.is("past_limits", "yes");
            if step == Step::Leave && sent.is_some_and(is_past) {
                form = form.field(Kind::Tick, "past_limits", frame.t("roster-leave-past-limits"), &"");
            }
            let mut form = form.sent(sent);
            if step != Step::Contact {
                form.seen = version(member);
            }
            form
        };
        open.map(form).collect()
    }

    fn with_fields(
        &self,
        step: Step,
        form: StepForm,
        (contact, place, stands): (&Contact, &MemberPlace, &str),
    ) -> StepForm {
        let Self { caller, frame, member, .. } = self;
        let change = |before: String, after: String| vec![Change { name: member.name().to_owned(), before, after }];
        let state = |after: MembershipState| {
            let word = |state: MembershipState| state.in_words(frame.language()).to_owned();
            change(word(member.state), word(after))
        };
        match step {
            Step::Contact => contact_fields(form, frame, contact),
            Step::Admit | Step::TakeBack => form.changing(state(MembershipState::Active)).reason(frame),
            Step::Suspend => form.changing(state(MembershipState::Suspended)).reason(frame),
            Step::Leave if member.state == MembershipState::Applicant => {
                form.changing(state(MembershipState::Left)).reason(frame)
            }
            Step::Leave => {
                let mut others: Vec<_> = caller
                    .registry
                    .associations()
                    .filter(|other| other.state == MembershipState::Active && other.number != member.number)
                    .collect();
                others.sort_by_cached_key(|other| name::fold(other.name()));
                let others = others.iter().map(|other| Choice::of(&caller.name(other.number.0), &other.name(), ""));
                form.changing(change(stands.to_owned(), frame.t("balance-even")))
                    .list("into", frame.t("roster-leave-into"), others.collect())
                    .hint(frame.t("roster-leave-into-hint"))
                    .reason(frame)
            }
            Step::Limits => {
                let own = member.limits.unwrap_or(caller.registry.policy().limits);
                limits::with_fields(form, frame, own)
                    .field(Kind::Tick, "as_rules", frame.t("roster-limits-as-rules"), &"")
                    .field(Kind::Line, "decision", frame.t("decision"), &"")
                    .hint(frame.t("decision-hint"))
            }
            Step::Rename => form.field(Kind::Line, "name", frame.t("roster-name"), &member.name()).field(
                Kind::Day,
                "since",
                frame.t("roster-name-since"),
                &frame.today,
            ),
            Step::Identify => identifier_fields(form, frame),
            Step::Describe => place_fields(form, frame, member.kind, place),
            Step::Opening => {
                let sides = [("given", "roster-opening-given"), ("received", "roster-opening-received")];
                let sides = sides.map(|(value, key)| Choice::of(&value, &frame.t(key), "given"));
                form.list("side", frame.t("roster-opening-side"), sides.into())
                    .field(Kind::Line, "hours", frame.t("roster-opening-hours"), &"")
                    .field(Kind::Day, "date", frame.t("roster-opening-date"), &"")
            }
        }
    }
}

/// The fields for how a member is reached.
pub(super) fn contact_fields(form: StepForm, frame: &Frame, contact: &Contact) -> StepForm {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    form.field(Kind::Line, "contact_name", frame.t("roster-contact-name"), &text(&contact.name))
        .field(Kind::Line, "phone", frame.t("roster-phone"), &text(&contact.phone))
        .field(Kind::Line, "email", frame.t("roster-email"), &text(&contact.email))
        .field(Kind::Tick, "paper_only", frame.t("roster-paper-only"), &if contact.paper_only { "yes" } else { "" })
}

/// The fields for what a member is, and where it sits.
pub(super) fn place_fields(form: StepForm, frame: &Frame, kind: AssociationKind, place: &MemberPlace) -> StepForm {
    let kinds = AssociationKind::ALL.iter();
    let kinds =
        kinds.map(|known| Choice::of(known, &capitalised(known.in_words(frame.language())), kind.as_str())).collect();
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let since = place.member_since.map(|since| since.to_string()).unwrap_or_default();
    form.list("association_kind", frame.t("roster-kind"), kinds)
        .field(Kind::Line, "commune", frame.t("roster-commune"), &text(&place.commune))
        .field(Kind::Line, "insee", frame.t("roster-insee"), &text(&place.insee))
        .field(Kind::Day, "member_since", frame.t("roster-since"), &since)
}

/// The fields for a registration.
pub(super) fn identifier_fields(form: StepForm, frame: &Frame) -> StepForm {
    let kinds = IdentifierKind::ALL.iter();
    let kinds = kinds.map(|kind| Choice::of(kind, &kind.in_words(frame.language()), IdentifierKind::Rna.as_str()));
    form.list("kind", frame.t("roster-identifier-kind"), kinds.collect())
        .field(Kind::Line, "value", frame.t("roster-identifier"), &"")
        .hint(frame.t("roster-identifier-hint"))
}

/// What a form carries of the member that it is about.
fn version(member: &Association) -> String {
    log::leaf_hash(members::version(member).as_bytes()).to_hex()
}

async fn set<'a>(app: &'a App, caller: &'a mut Caller, asking: &Asking, name: Uuid) -> Result<Table<'a>, Problem> {
    caller.registry = caller.known.refreshed(&app.store).await?;
    let member = caller.member(&app.store, name).await?;
    Ok(Table { frame: Frame::around(app, caller, asking).await?, app, caller, member })
}

/// The page.
pub(crate) async fn show(State(app): State<App>, mut caller: Caller, Path(name): Path<Uuid>, asking: Asking) -> Answer {
    page(&set(&app, &mut caller, &asking, name).await?.lay(None).await?)
}

/// A step that is not grave.
pub(crate) async fn take(
    State(app): State<App>,
    caller: Caller,
    Path((name, word)): Path<(Uuid, String)>,
    asking: Asking,
    filled: Filled,
) -> Answer {
    // Those that are have addresses of their own, whose guard asks for more.
    let step = Step::read(&word).filter(|step| !step.is_grave()).ok_or_else(Problem::not_found)?;
    taken(&app, caller, (name, step, &word), &asking, &filled).await
}

/// Leaving.
pub(crate) async fn leave(
    State(app): State<App>,
    caller: Caller,
    Path(name): Path<Uuid>,
    asking: Asking,
    filled: Filled,
) -> Answer {
    taken(&app, caller, (name, Step::Leave, "leave"), &asking, &filled).await
}

/// Limits.
pub(crate) async fn set_limits(
    State(app): State<App>,
    caller: Caller,
    Path(name): Path<Uuid>,
    asking: Asking,
    filled: Filled,
) -> Answer {
    taken(&app, caller, (name, Step::Limits, "limits"), &asking, &filled).await
}

async fn taken(
    app: &App,
    mut caller: Caller,
    (name, step, word): (Uuid, Step, &str),
    asking: &Asking,
    filled: &Filled,
) -> Answer {
    let asked = filled.asked()?;
    let table = set(app, &mut caller, asking, name).await?;
    let mut misfits = Misfits::default();
    let told = (table.caller, &table.frame);
    let Some(wanted) = step.wanted(table.member.number, filled, told, &mut misfits) else {
        let sent = Sent { word, filled, misfits: &misfits };
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &table.lay(Some(sent)).await?);
    };
    let address = table.frame.under(&format!("/members/{name}"));
    let [.., said] = step.said(table.member.state);
    match do_it(&table, &asked, filled, wanted).await {
        Ok(()) => see(&format!("{address}?said={said}")),
        Err(problem) if matches!(problem.refusal(), Refusal::ChangedMeanwhile) => {
            see(&format!("{address}?said=said-roster-changed"))
        }
        Err(problem) => {
            let field = match problem.field().unwrap_or_default() {
                "identifiers" | "identifier" => "value",
                "minutes" => "hours",
                "limits" => "soft_floor",
                field @ ("reason" | "decision" | "name" | "since" | "date" | "into" | "past_limits" | "phone"
                | "email" | "commune" | "insee" | "member_since") => field,
                _ => "form",
            };
            misfits.add(field, sentence_of(&table.frame, &problem));
            let sent = Sent { word, filled, misfits: &misfits };
            page_with(problem.status(), &table.lay(Some(sent)).await?)
        }
    }
}

/// Writes what is wanted, once, about the member as it was seen.
async fn do_it(table: &Table<'_>, asked: &Asked, filled: &Filled, wanted: Wanted) -> Result<(), Problem> {
    let Table { app, caller, member, .. } = table;
    let command = match wanted {
        Wanted::Contact(contact) => {
            return members::set_contact(app, caller, asked, member.number, contact).await;
        }
        // How it is reached has a form of its own.
        Wanted::Act(Command::DescribeAssociation { association, description }) => {
            let contact = app.store.contact(caller.known.id, association).await?.unwrap_or_default();
            Command::DescribeAssociation { association, description: Description { contact, ..description } }
        }
        Wanted::Act(command) => command,
    };
    let tags = SeenTags::OneOf(vec![filled.get("seen").to_owned()]);
    let now = async { Ok(Tagged { tag: version(member), version: Seen::Member(Box::new(member.clone())) }) };
    let seen = app.seen(caller, asked, &tags, now).await?;
    app.write_having_seen(caller, asked, command, seen).await?;
    Ok(())
}
