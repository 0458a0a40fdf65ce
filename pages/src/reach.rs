//! How a member is reached: whom to ask for, and by what.

use ledger::association::Contact;
use store::Asker;

use crate::frame::Frame;

/// A way to go on.
#[derive(Debug, Clone)]
pub(crate) struct Link {
    /// Where.
    pub(crate) address: String,
    /// In words.
    pub(crate) label: String,
}

/// How somebody is reached who is not in yet, in words.
pub(crate) fn reach_of(frame: &Frame, asker: &Asker) -> Vec<Link> {
    let phone = asker.phone.as_ref().map(|phone| Link {
        address: dialled(phone),
        label: frame.say("arrivals-call", &[("phone", phone.as_str().into())]),
    });
    let email = asker.email.as_ref().map(|email| Link {
        address: format!("mailto:{email}"),
        label: frame.say("arrivals-write", &[("email", email.as_str().into())]),
    });
    [phone, email].into_iter().flatten().collect()
}

/// How a member is reached.
#[derive(Debug, Clone)]
pub(crate) struct Reach {
    /// Whom to ask for, and whether they have a computer, in sentences; empty where nothing is known.
    pub(crate) about: String,
    /// The telephone.
    pub(crate) phone: Option<Link>,
    /// The mailbox.
    pub(crate) email: Option<Link>,
}

impl Reach {
    /// As the member said.
    pub(crate) fn new(frame: &Frame, contact: Contact) -> Self {
        let Contact { name, email, phone, paper_only } = contact;
        let ask_for = name.map(|name| frame.say("reach-ask-for", &[("name", name.into())]));
        let paper = paper_only.then(|| frame.t("reach-paper"));
        Self {
            about: [ask_for, paper].into_iter().flatten().collect::<Vec<_>>().join(" "),
            phone: phone.map(|phone| Link { address: dialled(&phone), label: phone }),
            email: email.map(|email| Link { address: format!("mailto:{email}"), label: email }),
        }
    }

    /// The best way: people are quicker than mailboxes.
    pub(crate) fn best(self) -> Option<Link> {
        self.phone.or(self.email)
    }
}

/// A telephone number as a telephone takes it.
pub(crate) fn dialled(phone: &str) -> String {
    // Whoever calls from abroad leaves the 0 in brackets out.
    let phone = if phone.trim_start().starts_with('+') { phone.replace("(0)", "") } else { phone.to_owned() };
    let digits: String = phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    format!("tel:{digits}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_dialled_without_their_blanks() {
        for (phone, address) in [
            ("02 99 00.00-00", "tel:0299000000"),
            ("+33 (0)2 99 00 00 00", "tel:+33299000000"),
            ("(0)2 99", "tel:0299"),
        ] {
            assert_eq!(dialled(phone), address);
        }
    }
}
