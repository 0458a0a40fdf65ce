//! A new member: admitted at once, or noted as one that asks.

use askama::Template;
use axum::{extract::State, http::StatusCode};
use ledger::{
    association::{AssociationKind, Contact, MembershipState, NewAssociation},
    command::Command,
};
use service::{App, caller::Caller, problem::Problem};
use store::MemberPlace;

use super::{
    one::{contact_fields, identifier_fields, place_fields},
    step::{contact, identifier, place},
};
use crate::{
    answer::{Answer, page, page_with, see},
    form::{Choice, Filled, Misfits, sentence_of},
    frame::{Asking, Frame},
    step_form::{Kind, Sent, StepForm},
};

#[derive(Template)]
#[template(path = "new_member.html")]
struct New {
    frame: Frame,
    misfits: Misfits,
    form: StepForm,
}

async fn lay(app: &App, caller: &Caller, asking: &Asking, sent: Option<Sent<'_>>) -> Result<New, Problem> {
    let frame = Frame::around(app, caller, asking).await?;
    let states =
        [(MembershipState::Active, "roster-new-admitted"), (MembershipState::Applicant, "roster-new-applicant")];
    let states = states.map(|(state, key)| Choice::of(&state, &frame.t(key), MembershipState::Active.as_str()));
    let keys = ["roster-new-title", "roster-new-then", "roster-new"];
    let form = StepForm::new(&frame, "new", frame.under("/members/new"), keys)
        .field(Kind::Line, "name", frame.t("roster-name"), &"")
        .list("state", frame.t("roster-state"), states.into());
    let form = place_fields(form, &frame, AssociationKind::Association, &MemberPlace::default());
    let form = identifier_fields(form, &frame).hint(frame.t("roster-new-identifier-hint"));
    let form = contact_fields(form, &frame, &Contact::default()).sent(sent);
    let misfits = sent.map(|sent| sent.misfits.clone()).unwrap_or_default();
    Ok(New { misfits, form, frame })
}

/// The page.
pub(crate) async fn show(State(app): State<App>, caller: Caller, asking: Asking) -> Answer {
    page(&lay(&app, &caller, &asking, None).await?)
}

/// Adds it.
pub(crate) async fn add(State(app): State<App>, caller: Caller, asking: Asking, filled: Filled) -> Answer {
    let asked = filled.asked()?;
    let frame = Frame::around(&app, &caller, &asking).await?;
    let mut misfits = Misfits::default();
    let (problem, status) = match read(&filled, &frame, &mut misfits) {
        None => (None, StatusCode::UNPROCESSABLE_ENTITY),
        Some(new) => match app.write(&caller, &asked, Command::AddAssociation(new)).await {
            Ok(made) => {
                let address = format!("/members/{}?said=said-member-added", caller.name(made.act.0));
                return see(&frame.under(&address));
            }
            Err(problem) => {
                let status = problem.status();
                (Some(problem), status)
            }
        },
    };
    if let Some(problem) = problem {
        let field = match problem.field().unwrap_or_default() {
            "identifiers" => "value",
            field @ ("name" | "commune" | "insee" | "member_since" | "phone" | "email") => field,
            _ => "form",
        };
        misfits.add(field, sentence_of(&frame, &problem));
    }
    let sent = Sent { word: "new", filled: &filled, misfits: &misfits };
    page_with(status, &lay(&app, &caller, &asking, Some(sent)).await?)
}

/// What the form says of it.
fn read(filled: &Filled, frame: &Frame, misfits: &mut Misfits) -> Option<NewAssociation> {
    let name = filled.said("name").map(str::to_owned);
    if name.is_none() {
        misfits.add("name", frame.t("roster-name-missing"));
    }
    let identifier = identifier(filled, frame, misfits);
    let (insee, member_since) = place(filled, frame, misfits)?;
    let state = MembershipState::try_from(filled.get("state")).ok();
    Some(NewAssociation {
        name: name?,
        former_names: Vec::new(),
        kind: AssociationKind::try_from(filled.get("association_kind")).unwrap_or(AssociationKind::Association),
        state: state.filter(|state| *state == MembershipState::Applicant).unwrap_or(MembershipState::Active),
        identifiers: identifier?.into_iter().collect(),
        commune: filled.said("commune").map(str::to_owned),
        insee,
        member_since,
        contact: contact(filled),
    })
}
