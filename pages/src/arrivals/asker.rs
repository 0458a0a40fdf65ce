//! Who asks, as both forms ask it.

use service::sign_in::address;
use store::Asker;

use crate::{
    form::{Filled, Misfits, line},
    frame::Frame,
    step_form::{Kind, StepForm},
};

/// No name has more characters.
pub(super) const NAME_MOST: usize = 200;
/// No telephone number has more.
const PHONE_MOST: usize = 50;

/// The form with the fields for who asks.
pub(super) fn fields(form: StepForm, frame: &Frame, reply_hint: &str) -> StepForm {
    form.field(Kind::Line, "first_name", frame.t("first-first-name"), &"")
        .field(Kind::Line, "last_name", frame.t("first-last-name"), &"")
        .field(Kind::Address, "email", frame.t("sign-in-email"), &"")
        .hint(frame.t(reply_hint))
        .field(Kind::Telephone, "phone", frame.t("arrivals-phone"), &"")
        .about_oneself()
}

/// Who asks, as it was filled in: they have names, and a way to be answered.
pub(super) fn read(filled: &Filled, frame: &Frame, misfits: &mut Misfits) -> Option<Asker> {
    let first_name = line(frame, filled, ("first_name", NAME_MOST), misfits);
    if filled.said("first_name").is_none() {
        misfits.add("first_name", frame.t("first-no-first-name"));
    }
    let last_name = line(frame, filled, ("last_name", NAME_MOST), misfits);
    if filled.said("last_name").is_none() {
        misfits.add("last_name", frame.t("first-no-last-name"));
    }
    let phone = line(frame, filled, ("phone", PHONE_MOST), misfits);
    let email = filled.said("email").map(address::read);
    match (&email, &phone) {
        (Some(None), _) => misfits.add("email", frame.t("sign-in-no-address")),
        (None, None) if filled.said("phone").is_none() => misfits.add("email", frame.t("arrivals-no-way")),
        (Some(Some(_)) | None, _) => {}
    }
    Some(Asker {
        first_name: first_name?,
        last_name: last_name?,
        email: email.flatten(),
        phone,
        language: frame.language(),
    })
}
