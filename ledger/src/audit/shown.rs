//! Values as whoever reads a finding should see them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;

use chrono::NaiveDate;

use super::said::Said;
use crate::{
    Digest, Language, Minutes,
    policy::{Limits, Policy},
    skill::Alignment,
};

/// A value as whoever reads a finding should see it: numbers and days as they are, texts in quotes, `-` where there is
/// nothing.
pub trait Shown {
    /// The value in a finding.
    fn shown(&self, language: Language) -> String;

    /// The same in both languages.
    fn said(&self) -> Said {
        Said::new(self.shown(Language::French), self.shown(Language::English))
    }
}

macro_rules! shown_as_written {
    ($($written:ty),+) => {$(
        impl Shown for $written {
            fn shown(&self, _: Language) -> String {
                self.to_string()
            }
        }
    )+};
}
shown_as_written!(i32, i64, i128, u32, u64, usize, Digest, NaiveDate);

impl Shown for bool {
    fn shown(&self, language: Language) -> String {
        let (yes, no) = language.pick(("oui", "non"), ("yes", "no"));
        if *self { yes } else { no }.to_owned()
    }
}

impl Shown for str {
    fn shown(&self, _: Language) -> String {
        format!("\"{self}\"")
    }
}

impl Shown for String {
    fn shown(&self, language: Language) -> String {
        self.as_str().shown(language)
    }
}

impl<T: Shown + ?Sized> Shown for &T {
    fn shown(&self, language: Language) -> String {
        (**self).shown(language)
    }
}

impl<T: Shown> Shown for Option<T> {
    fn shown(&self, language: Language) -> String {
        self.as_ref().map_or_else(|| "-".to_owned(), |value| value.shown(language))
    }
}

macro_rules! shown_together {
    ($($part:ident)+) => {
        impl<$($part: Shown),+> Shown for ($($part,)+) {
            fn shown(&self, language: Language) -> String {
                #[expect(non_snake_case, reason = "each part is named by its type")]
                let ($($part,)+) = self;
                format!("({})", [$($part.shown(language)),+].join(", "))
            }
        }
    };
}
shown_together!(A B);
shown_together!(A B C);
shown_together!(A B C D E);

impl<T: Shown> Shown for BTreeSet<T> {
    fn shown(&self, language: Language) -> String {
        format!("{{{}}}", self.iter().map(|value| value.shown(language)).collect::<Vec<_>>().join(", "))
    }
}

impl<K: Display, V: Shown> Shown for BTreeMap<K, V> {
    fn shown(&self, language: Language) -> String {
        let entry = |(key, value): (&K, &V)| format!("{key}: {}", value.shown(language));
        format!("{{{}}}", self.iter().map(entry).collect::<Vec<_>>().join(", "))
    }
}

impl Shown for Alignment {
    fn shown(&self, language: Language) -> String {
        let Self { code, name, url, version } = self;
        language
            .pick(format!("{code} « {name} » de {version} ({url})"), format!("{code} “{name}” of {version} ({url})"))
    }
}

impl Shown for Limits {
    fn shown(&self, language: Language) -> String {
        let limit = |limit: Option<Minutes>| limit.map(Minutes::get).shown(language);
        let Self { soft_floor, hard_floor, soft_ceiling, hard_ceiling } = *self;
        let (soft_floor, hard_floor) = (limit(soft_floor), limit(hard_floor));
        let (soft_ceiling, hard_ceiling) = (limit(soft_ceiling), limit(hard_ceiling));
        language.pick(
            format!(
                "plancher souple {soft_floor}, dur {hard_floor}, plafond souple {soft_ceiling}, dur {hard_ceiling}"
            ),
            format!(
                "soft floor {soft_floor}, hard floor {hard_floor}, soft ceiling {soft_ceiling}, hard ceiling {hard_ceiling}"
            ),
        )
    }
}

impl Shown for Policy {
    fn shown(&self, language: Language) -> String {
        let Self { step_minutes, limits, answer_within_days } = self;
        let limits = limits.shown(language);
        language.pick(
            format!("un pas de {step_minutes} min, {limits}, réponse sous {answer_within_days} jours"),
            format!("a step of {step_minutes} min, {limits}, answers within {answer_within_days} days"),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_are_in_words() {
        let day = NaiveDate::from_ymd_opt(2026, 3, 1).unwrap();
        let limits = Limits { hard_floor: Some(Minutes::new(-60)), ..Limits::NONE };
        for (found, shown) in [
            ((12_i64, "given", -60_i64).shown(Language::English), "(12, \"given\", -60)"),
            (Some(7_i64).shown(Language::English), "7"),
            (None::<i64>.shown(Language::English), "-"),
            ((Some(7_i64), None::<String>).shown(Language::English), "(7, -)"),
            (BTreeMap::from([(3_i64, (90_i64, day))]).shown(Language::English), "{3: (90, 2026-03-01)}"),
            (BTreeSet::from([("rna".to_owned(), "W1".to_owned())]).shown(Language::English), "{(\"rna\", \"W1\")}"),
            (Some(limits).shown(Language::English), "soft floor -, hard floor -60, soft ceiling -, hard ceiling -"),
            (Some(limits).shown(Language::French), "plancher souple -, dur -60, plafond souple -, dur -"),
            (false.shown(Language::French), "non"),
        ] {
            assert_eq!(found, shown);
        }
    }
}
