//! The lines of the list: why, whom to reach, what to say, and the one thing to do.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use ledger::{AssociationNumber, PersonNumber, exchange::Side, policy::Passed};
use service::{
    caller::Caller,
    mailer::{recipient::Reach, unreached::Bounced},
    morning::{Contested, Held, Morning, OldBackup, SILENT_DAYS, Unanswered},
    sign_in::application::full_name,
};
use store::{Application, ExchangeView, HeardOf, SignUp};

use crate::{
    balance::unsigned,
    frame::Frame,
    limits,
    reach::{self, Link, reach_of},
};

/// So many names or exchanges stand in a line; the others are counted.
const NAMED_MOST: usize = 5;

/// So many members are called about proposals in a morning, before all else; the list is to fit a sheet of paper.
const CALLED_MOST: usize = 10;

/// Something to do.
#[derive(Debug)]
pub(super) struct Line {
    /// What.
    pub(super) title: String,
    /// Why, one sentence or several.
    pub(super) why: String,
    /// What to say, word for word.
    pub(super) words: Option<String>,
    /// What it is about, each with its own page.
    pub(super) about: Vec<Link>,
    /// The one thing to do.
    pub(super) act: Option<Link>,
}

/// What the list is made from.
pub(super) struct Table<'a> {
    pub(super) caller: &'a Caller,
    pub(super) frame: &'a Frame,
    pub(super) now: DateTime<Utc>,
    pub(super) morning: &'a Morning,
    /// Who may mediate, by name.
    pub(super) mediators: BTreeMap<PersonNumber, String>,
    /// Whom letters do not reach.
    pub(super) bounced: Vec<Bounced>,
}

impl Table<'_> {
    /// All lines, what others wait for first.
    pub(super) fn lines(&self) -> Vec<Line> {
        let morning = self.morning;
        let mut lines = Vec::new();
        lines.extend(morning.overdue.iter().take(CALLED_MOST).map(|unanswered| self.overdue(unanswered)));
        lines.extend(self.overdue_others());
        lines.extend(morning.held.iter().map(|held| self.held(held)));
        lines.extend(morning.contested.iter().map(|contested| self.contested(contested)));
        lines.extend(morning.corrections.iter().map(|unanswered| self.correction(unanswered)));
        lines.extend(morning.applications.iter().map(|application| self.application(application)));
        lines.extend(morning.sign_ups.iter().map(|sign_up| self.sign_up(sign_up)));
        lines.extend(morning.applicants.iter().map(|applicant| self.applicant(applicant)));
        lines.extend(self.silent());
        lines.extend(self.beyond(|passed| matches!(passed, Passed::Floor(_)), "morning-debts", "owing"));
        lines.extend(self.beyond(|passed| matches!(passed, Passed::Ceiling(_)), "morning-hoards", "owed"));
        lines.extend(self.bounced.iter().take(NAMED_MOST).filter_map(|bounced| self.bounced(bounced)));
        lines.extend(self.unsealed());
        lines.extend(self.backup());
        lines.extend(self.old_keys());
        lines
    }

    fn overdue(&self, unanswered: &Unanswered) -> Line {
        let oldest = unanswered.exchanges.first();
        let count = unanswered.exchanges.len();
        let days = oldest.map_or(0, |view| self.days_since(view.spoken_at));
        let why = self.frame.say("morning-overdue", &[("count", count.into()), ("days", days.into())]);
        let say = |view: &ExchangeView| {
            let key = match view.exchange.spoken_by {
                Side::Giver => "morning-say-received",
                Side::Receiver => "morning-say-given",
            };
            self.say_about(key, view)
        };
        self.call(unanswered, why, oldest.map(say))
    }

    /// Those whose turn it is once the others were called.
    fn overdue_others(&self) -> Option<Line> {
        let others = self.morning.overdue.iter().skip(CALLED_MOST).map(|unanswered| unanswered.association);
        let others: Vec<_> = others.collect();
        let names = self.named(&others)?;
        Some(Line {
            title: self.frame.say("morning-call-others", &[("count", others.len().into())]),
            why: self.frame.say("morning-call-others-why", &[("names", names.into())]),
            words: None,
            about: Vec::new(),
            act: Some(Link {
                address: self.frame.under("/exchanges?state=proposed"),
                label: self.frame.t("morning-call-others-act"),
            }),
        })
    }

    fn correction(&self, unanswered: &Unanswered) -> Line {
        let oldest = unanswered.exchanges.first();
        let days = oldest.map_or(0, |view| self.days_since(view.spoken_at));
        let why = self.frame.say("morning-correction", &[("days", days.into())]);
        self.call(unanswered, why, oldest.map(|view| self.say_about("morning-say-correction", view)))
    }

    /// A member to call about exchanges that it has to answer.
    fn call(&self, unanswered: &Unanswered, why: String, words: Option<String>) -> Line {
        let (reach, act) = self.reach(unanswered.association);
        let shown = unanswered.exchanges.iter().take(NAMED_MOST);
        let about = shown.map(|view| {
            let label = self.say_about("morning-about", view);
            Link { address: self.exchange(view), label }
        });
        Line {
            title: self.titled("morning-call", unanswered.association),
            why: [why, reach].join(" "),
            words,
            about: about.collect(),
            act: Some(act),
        }
    }

    fn held(&self, held: &Held) -> Line {
        let title = match held.limits.first() {
            Some(limit) => {
                let (key, passed) = match limit.passed {
                    Passed::Floor(floor) => ("morning-held-floor", floor),
                    Passed::Ceiling(ceiling) => ("morning-held-ceiling", ceiling),
                };
                let name = self.caller.name_of(limit.association);
                self.frame.say(key, &[("name", name.into()), ("limit", unsigned(self.frame, passed).into())])
            }
            None => self.about("morning-held-free", &held.view),
        };
        let mut why = vec![self.about("morning-held-why", &held.view)];
        why.extend(held.limits.iter().filter_map(|limit| limits::behind(self.frame, self.caller, &limit.behind)));
        Line {
            title,
            why: why.join(" "),
            words: None,
            about: Vec::new(),
            act: Some(Link { address: self.exchange(&held.view), label: self.frame.t("morning-held-act") }),
        }
    }

    fn contested(&self, contested: &Contested) -> Line {
        let names = contested.mediators.iter().filter_map(|person| self.mediators.get(person));
        let names: Vec<&str> = names.map(String::as_str).take(NAMED_MOST).collect();
        let (who, act) = if names.is_empty() {
            let act = Link { address: self.frame.under("/persons"), label: self.frame.t("morning-give-role") };
            (self.frame.t("morning-no-mediator"), act)
        } else {
            let act = Link { address: self.exchange(&contested.view), label: self.frame.t("morning-thread") };
            (self.frame.say("morning-mediators", &[("names", names.join(", ").into())]), act)
        };
        Line {
            title: self.about("morning-contested", &contested.view),
            why: [self.about("morning-contested-why", &contested.view), who].join(" "),
            words: None,
            about: Vec::new(),
            act: Some(act),
        }
    }

    fn applicant(&self, applicant: &HeardOf) -> Line {
        let since = self.day(applicant.joined_at);
        let (reach, _) = self.reach(applicant.association);
        Line {
            title: self.titled("morning-applicant", applicant.association),
            why: [self.frame.say("morning-applicant-why", &[("date", since.into())]), reach].join(" "),
            words: None,
            about: Vec::new(),
            act: Some(Link {
                address: self.member(applicant.association),
                label: self.frame.t("morning-applicant-act"),
            }),
        }
    }

    /// An association that asks to join.
    fn application(&self, application: &Application) -> Line {
        let asked = &application.asked;
        let told = [
            ("date", self.day(application.asked_at).into()),
            ("who", full_name(&asked.asker).into()),
            ("commune", asked.commune.as_deref().unwrap_or_default().into()),
        ];
        let why = if asked.commune.is_some() { "morning-application-why-at" } else { "morning-application-why" };
        Line {
            title: self.frame.say("morning-application", &[("name", asked.name.as_str().into())]),
            why: self.frame.say(why, &told),
            words: None,
            about: reach_of(self.frame, &asked.asker),
            act: Some(Link {
                address: self.frame.under(&format!("/applications/{}", asked.application)),
                label: self.frame.t("morning-application-act"),
            }),
        }
    }

    /// Somebody who waits to be added to an association.
    fn sign_up(&self, sign_up: &SignUp) -> Line {
        let asked = &sign_up.asked;
        let told = [
            ("date", self.day(sign_up.asked_at).into()),
            ("association", self.caller.name_of(asked.association).into()),
        ];
        Line {
            title: self.frame.say("morning-sign-up", &[("name", full_name(&asked.asker).into())]),
            why: self.frame.say("morning-sign-up-why", &told),
            words: None,
            about: reach_of(self.frame, &asked.asker),
            act: Some(Link {
                address: self.frame.under(&format!("/sign-ups/{}", asked.sign_up)),
                label: self.frame.t("morning-sign-up-act"),
            }),
        }
    }

    fn silent(&self) -> Option<Line> {
        let members: Vec<_> = self.morning.silent.iter().map(|heard| heard.association).collect();
        let names = self.named(&members)?;
        let told = [("count", members.len().into()), ("names", names.into())];
        Some(Line {
            title: self.frame.say("morning-silent", &[("days", SILENT_DAYS.into())]),
            why: self.frame.say("morning-silent-why", &told),
            words: Some(self.frame.t("morning-say-silent")),
            about: Vec::new(),
            act: Some(self.listed("silent")),
        })
    }

    /// Members that stand beyond a limit on one side.
    fn beyond(&self, is_meant: fn(Passed) -> bool, key: &str, which: &str) -> Option<Line> {
        let beyond: Vec<_> = self.morning.beyond.iter().filter(|one| is_meant(one.passed)).collect();
        let (first, said) = match beyond.first()?.passed {
            Passed::Floor(_) => ("morning-debt-of", "morning-say-debt"),
            Passed::Ceiling(_) => ("morning-hoard-of", "morning-say-hoard"),
        };
        let why = beyond.iter().take(NAMED_MOST).map(|one| {
            let (Passed::Floor(limit) | Passed::Ceiling(limit)) = one.passed;
            let hours =
                [("hours", unsigned(self.frame, one.balance).into()), ("limit", unsigned(self.frame, limit).into())];
            let [hours, limit] = hours;
            self.frame.say(first, &[("name", self.caller.name_of(one.association).into()), hours, limit])
        });
        let why = why.collect::<Vec<_>>().join(" ");
        let others = beyond.len().saturating_sub(NAMED_MOST);
        let others = (others > 0).then(|| self.frame.say("morning-others", &[("count", others.into())]));
        Some(Line {
            title: self.frame.say(key, &[("count", beyond.len().into())]),
            why: [Some(why), others].into_iter().flatten().collect::<Vec<_>>().join(" "),
            words: Some(self.frame.t(said)),
            about: Vec::new(),
            act: Some(self.listed(which)),
        })
    }

    /// Somebody whom letters do not reach any more.
    fn bounced(&self, bounced: &Bounced) -> Option<Line> {
        let Reach::Bounces { address, bounce } = &bounced.correspondent.reach else { return None };
        let name = bounced.correspondent.full_name().unwrap_or_default();
        let told =
            [("name", name.into()), ("date", self.day(bounce.at).into()), ("reason", bounce.reason.as_str().into())];
        Some(Line {
            title: self.frame.say("morning-bounced", &[("address", address.as_str().into())]),
            why: self.frame.say("morning-bounced-why", &told),
            words: None,
            about: Vec::new(),
            act: Some(Link {
                address: self.frame.under(&format!("/persons/{}", self.caller.name(bounced.person.0))),
                label: self.frame.t("morning-bounced-act"),
            }),
        })
    }

    fn unsealed(&self) -> Option<Line> {
        let since = self.morning.unsealed_since?;
        let told = [("date", self.day(since).into())];
        Some(Line {
            title: self.frame.say("morning-unsealed", &[("days", self.days_since(since).into())]),
            why: self.frame.say("morning-unsealed-why", &told),
            words: None,
            about: Vec::new(),
            act: None,
        })
    }

    /// That there is no new backup.
    fn backup(&self) -> Option<Line> {
        let why = match self.morning.backup? {
            OldBackup::Of(at) => self.frame.say("morning-backup-of", &[("date", self.day(at).into())]),
            OldBackup::Never => self.frame.t("morning-backup-never"),
        };
        Some(self.for_the_service("morning-backup", why))
    }

    /// That the keys have been in use for long.
    fn old_keys(&self) -> Option<Line> {
        let since = self.day(self.morning.old_keys_since?);
        Some(self.for_the_service("morning-keys", self.frame.say("morning-keys-why", &[("date", since.into())])))
    }

    /// Something to say to whoever runs the service.
    fn for_the_service(&self, title: &str, why: String) -> Line {
        Line { title: self.frame.t(title), why, words: None, about: Vec::new(), act: None }
    }

    /// How a member is reached, in a sentence and by a tap.
    fn reach(&self, association: AssociationNumber) -> (String, Link) {
        let contact = self.morning.contacts.get(&association).cloned().unwrap_or_default();
        let reach = reach::Reach::new(self.frame, contact);
        let about = reach.about.clone();
        let to_complete = || Link { address: self.member(association), label: self.frame.t("morning-add-contact") };
        (about, reach.best().unwrap_or_else(to_complete))
    }

    /// A sentence about an exchange, to the side that has to answer.
    fn say_about(&self, key: &str, view: &ExchangeView) -> String {
        let partner = view.exchange.terms.association(view.exchange.spoken_by);
        let with = [
            ("partner", self.caller.name_of(partner).into()),
            ("hours", self.frame.hours(view.exchange.terms.minutes).into()),
            ("date", self.frame.date(view.exchange.terms.service_date).into()),
        ];
        self.frame.say(key, &with)
    }

    /// A sentence about an exchange, to the coordinator.
    fn about(&self, key: &str, view: &ExchangeView) -> String {
        let terms = &view.exchange.terms;
        let with = [
            ("giver", self.caller.name_of(terms.giver).into()),
            ("receiver", self.caller.name_of(terms.receiver).into()),
            ("hours", self.frame.hours(terms.minutes).into()),
            ("date", self.frame.date(terms.service_date).into()),
            ("days", self.days_since(view.spoken_at).into()),
        ];
        self.frame.say(key, &with)
    }

    fn titled(&self, key: &str, association: AssociationNumber) -> String {
        self.frame.say(key, &[("name", self.caller.name_of(association).into())])
    }

    /// The first names, and how many more there are; nothing where there is none.
    fn named(&self, members: &[AssociationNumber]) -> Option<String> {
        let names: Vec<_> = members.iter().take(NAMED_MOST).map(|member| self.caller.name_of(*member)).collect();
        let others = members.len().saturating_sub(names.len());
        let more = (others > 0).then(|| self.frame.say("morning-others", &[("count", others.into())]));
        let named = names.join(", ");
        (!names.is_empty()).then(|| [Some(named), more].into_iter().flatten().collect::<Vec<_>>().join(" "))
    }

    fn listed(&self, which: &str) -> Link {
        Link { address: self.frame.under(&format!("/members?show={which}")), label: self.frame.t("morning-names") }
    }

    fn exchange(&self, view: &ExchangeView) -> String {
        self.frame.under(&format!("/exchanges/{}", self.caller.name(view.exchange.number.0)))
    }

    fn member(&self, association: AssociationNumber) -> String {
        self.frame.under(&format!("/members/{}", self.caller.name(association.0)))
    }

    fn days_since(&self, at: DateTime<Utc>) -> i64 {
        (self.now - at).num_days().max(0)
    }

    fn day(&self, at: DateTime<Utc>) -> String {
        self.frame.date(self.caller.known.network.day_of(at))
    }
}
