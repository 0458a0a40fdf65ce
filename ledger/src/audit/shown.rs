//! Values as whoever reads a finding should see them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;

use chrono::NaiveDate;

use crate::{
    Digest, Minutes,
    policy::{Limits, Policy},
    skill::Alignment,
};

/// A value as whoever reads a finding should see it: numbers and days as they are, texts in quotes, `-` where there is
/// nothing.
pub trait Shown {
    /// The value in a finding.
    fn shown(&self) -> String;
}

macro_rules! shown_as_written {
    ($($written:ty),+) => {$(
        impl Shown for $written {
            fn shown(&self) -> String {
                self.to_string()
            }
        }
    )+};
}
shown_as_written!(bool, i32, i64, i128, u32, u64, usize, Digest, NaiveDate);

impl Shown for str {
    fn shown(&self) -> String {
        format!("\"{self}\"")
    }
}

impl Shown for String {
    fn shown(&self) -> String {
        self.as_str().shown()
    }
}

impl<T: Shown + ?Sized> Shown for &T {
    fn shown(&self) -> String {
        (**self).shown()
    }
}

impl<T: Shown> Shown for Option<T> {
    fn shown(&self) -> String {
        self.as_ref().map_or_else(|| "-".to_owned(), Shown::shown)
    }
}

macro_rules! shown_together {
    ($($part:ident)+) => {
        impl<$($part: Shown),+> Shown for ($($part,)+) {
            fn shown(&self) -> String {
                #[expect(non_snake_case, reason = "each part is named by its type")]
                let ($($part,)+) = self;
                format!("({})", [$($part.shown()),+].join(", "))
            }
        }
    };
}
shown_together!(A B);
shown_together!(A B C);
shown_together!(A B C D E);

impl<T: Shown> Shown for BTreeSet<T> {
    fn shown(&self) -> String {
        format!("{{{}}}", self.iter().map(Shown::shown).collect::<Vec<_>>().join(", "))
    }
}

impl<K: Display, V: Shown> Shown for BTreeMap<K, V> {
    fn shown(&self) -> String {
        let entry = |(key, value): (&K, &V)| format!("{key}: {}", value.shown());
        format!("{{{}}}", self.iter().map(entry).collect::<Vec<_>>().join(", "))
    }
}

impl Shown for Alignment {
    fn shown(&self) -> String {
        let Self { code, name, url, version } = self;
        format!("{code} “{name}” of {version} ({url})")
    }
}

impl Shown for Limits {
    fn shown(&self) -> String {
        let limit = |limit: Option<Minutes>| limit.map(Minutes::get).shown();
        let Self { soft_floor, hard_floor, soft_ceiling, hard_ceiling } = *self;
        let (soft_floor, hard_floor) = (limit(soft_floor), limit(hard_floor));
        let (soft_ceiling, hard_ceiling) = (limit(soft_ceiling), limit(hard_ceiling));
        format!(
            "soft floor {soft_floor}, hard floor {hard_floor}, soft ceiling {soft_ceiling}, hard ceiling {hard_ceiling}"
        )
    }
}

impl Shown for Policy {
    fn shown(&self) -> String {
        let Self { step_minutes, limits, answer_within_days } = self;
        format!("a step of {step_minutes} min, {}, answers within {answer_within_days} days", limits.shown())
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
            ((12_i64, "given", -60_i64).shown(), "(12, \"given\", -60)"),
            (Some(7_i64).shown(), "7"),
            (None::<i64>.shown(), "-"),
            ((Some(7_i64), None::<String>).shown(), "(7, -)"),
            (BTreeMap::from([(3_i64, (90_i64, day))]).shown(), "{3: (90, 2026-03-01)}"),
            (BTreeSet::from([("rna".to_owned(), "W1".to_owned())]).shown(), "{(\"rna\", \"W1\")}"),
            (Some(limits).shown(), "soft floor -, hard floor -60, soft ceiling -, hard ceiling -"),
        ] {
            assert_eq!(found, shown);
        }
    }
}
