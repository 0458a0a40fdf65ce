//! Time shared among several partners: evenly, in whole steps, and nothing lost.

use ledger::Minutes;

/// Shares minutes among so many, each a whole number of steps where the whole is; the first ones have a step more where
/// it does not go up. `None` where there is less than a step for each.
pub(crate) fn evenly(minutes: Minutes, among: usize, step: u32) -> Option<Vec<Minutes>> {
    let among = i64::try_from(among).ok().filter(|among| *among > 0)?;
    let step = i64::from(step.max(1));
    let (steps, rest) = (minutes.get() / step, minutes.get() % step);
    let (each, more) = (steps / among, steps % among);
    if each == 0 {
        return None;
    }
    let share = |place: i64| {
        let steps = each + i64::from(place < more);
        // What is off the step stays with the first one, for the ledger to say what is wrong with it.
        Minutes::new(steps * step + if place == 0 { rest } else { 0 })
    };
    Some((0..among).map(share).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_lost_and_every_share_is_in_steps() {
        for (minutes, among, step, shares) in [
            (600, 3, 15, Some(vec![210, 195, 195])),
            (600, 2, 15, Some(vec![300, 300])),
            (45, 3, 15, Some(vec![15, 15, 15])),
            (30, 3, 15, None),
            (100, 3, 15, Some(vec![40, 30, 30])),
            (600, 1, 15, Some(vec![600])),
        ] {
            let shared = evenly(Minutes::new(minutes), among, step);
            assert_eq!(shared.map(|all| all.into_iter().map(Minutes::get).collect::<Vec<_>>()), shares, "{minutes}");
        }
    }
}
