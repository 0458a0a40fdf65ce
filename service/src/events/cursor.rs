//! Where a reader of the acts has got to: `0-310` is after act 310 of the log's first generation.

use std::fmt;

use ledger::{
    ActNumber,
    generation::{Generation, Generations, Standing},
};

use crate::{
    misfit::{Fits, Found, Misfit},
    problem::{Problem, Refusal},
};

/// A place among the acts: right after one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    generation: Generation,
    /// −1 is before the first act.
    act: i64,
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.generation.losses(), self.act)
    }
}

impl Cursor {
    /// After this act.
    pub fn after(act: ActNumber, generations: &Generations) -> Self {
        Self { generation: generations.of(act), act: act.0 }
    }

    /// Reads a cursor. A number alone, which cursors were before they told the generation, is of the first one.
    ///
    /// # Errors
    /// When it is none.
    pub fn read(text: &str) -> Result<Self, Problem> {
        let parsed = match text.split_once('-') {
            Some(("", "1")) => Some(Self { generation: Generation::FIRST, act: -1 }),
            Some((losses, act)) => of_parts(losses, act),
            None => of_parts("0", text),
        };
        parsed.ok_or_else(|| does_not_fit(Found::Written(text.to_owned())))
    }

    /// The act that comes next.
    ///
    /// # Errors
    /// When the act of the cursor was lost, with the cursor from which to go on; when it never was.
    pub fn next(self, generations: &Generations) -> Result<ActNumber, Problem> {
        let standing = match self.act {
            // What comes before all acts is lost with none of them.
            -1 => Standing::Stands,
            act => generations.standing(self.generation, ActNumber(act)),
        };
        match standing {
            Standing::Stands => Ok(ActNumber(self.act.saturating_add(1))),
            Standing::WasLost => {
                // The first act that is told then is the one that tells of the loss.
                let last_before = ActNumber(generations.present().act.0.saturating_sub(1));
                Err(Problem::new(Refusal::CursorWasLost).fits([Self::after(last_before, generations).to_string()]))
            }
            Standing::NeverWas => Err(does_not_fit(Found::NothingOfThisNetwork)),
        }
    }
}

/// Digits alone: no sign, no blank.
fn of_parts(losses: &str, act: &str) -> Option<Cursor> {
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(losses) || !is_number(act) {
        return None;
    }
    Some(Cursor { generation: Generation::new(losses.parse().ok()?)?, act: act.parse().ok()? })
}

fn does_not_fit(found: Found) -> Problem {
    Problem::new(Refusal::QueryDoesNotFit(Misfit::Value { found, fits: Some(Fits::EventCursor) }))
}

#[cfg(test)]
mod tests {
    use ledger::generation::Opening;

    use super::*;

    #[test]
    fn a_cursor_is_read_as_it_was_written_and_a_number_is_of_the_first_generation() {
        let mut generations = Generations::default();
        assert!(generations.open(Opening { generation: Generation::new(1).unwrap(), act: ActNumber(50) }));
        for (act, text) in [(0, "0-0"), (49, "0-49"), (50, "1-50"), (1_000, "1-1000")] {
            let cursor = Cursor::after(ActNumber(act), &generations);
            assert_eq!(cursor.to_string(), text);
            assert_eq!(Cursor::read(text).unwrap(), cursor);
        }
        for (text, next) in [("-1", 0), ("7", 8), ("0-7", 8), ("1-50", 51)] {
            assert_eq!(Cursor::read(text).unwrap().next(&generations).unwrap(), ActNumber(next), "{text}");
        }
        for wrong in ["", "-", "-2", "--1", "0--1", "1-", "-1-1", "+1", "a", "0-a", "0-1-2", "0x1", " 1", "16384-1"] {
            assert_eq!(Cursor::read(wrong).unwrap_err().status().as_u16(), 400, "{wrong}");
        }
    }

    #[test]
    fn the_cursor_of_a_lost_act_says_from_where_to_go_on() {
        let mut generations = Generations::default();
        assert!(generations.open(Opening { generation: Generation::new(1).unwrap(), act: ActNumber(50) }));
        for lost in ["50", "0-50", "0-1000"] {
            let problem = Cursor::read(lost).unwrap().next(&generations).unwrap_err();
            assert_eq!((problem.slug().as_ref(), problem.status().as_u16()), ("cursor-was-lost", 409), "{lost}");
            let [go_on] = problem.fitting() else { panic!("{problem:?}") };
            assert_eq!(Cursor::read(go_on).unwrap().next(&generations).unwrap(), ActNumber(50), "{lost}");
        }
        for never in ["1-49", "2-60"] {
            assert_eq!(Cursor::read(never).unwrap().next(&generations).unwrap_err().status().as_u16(), 400, "{never}");
        }
    }
}
