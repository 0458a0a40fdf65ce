//! `reconcile`: every line of many notebooks, against the truth about each.

use serde_json::Value;

use crate::command::Sandbox;
use crate::notebooks::{Layout, Meanness, Notebook, Score, World};

const LIKE_THE_SAMPLE: [Layout; 2] = [Layout::Direction, Layout::TwoColumns];
const MEAN: Meanness = Meanness { same_days: true, near_names: true, renamed: true };

/// Reconciles some notebooks of a world against the associations' own lines.
fn score(worlds: impl IntoIterator<Item = World>, notebooks: usize, layouts: &[Layout]) -> Score {
    let sandbox = Sandbox::on("sqlite://nowhere.db".to_owned());
    let mut score = Score::default();
    for (number, mut world) in worlds.into_iter().enumerate() {
        for at in 0..notebooks {
            let member = at * world.members.len() / notebooks;
            let layout = layouts[at % layouts.len()];
            let notebook = Notebook::new(&mut world, member, layout);
            let file = format!("{number}-{}", notebook.file);
            sandbox.write(&file, &notebook.bytes);
            sandbox.write("lines.csv", world.lines(member));
            let (name, year) = (notebook.association.replace('\'', "’"), notebook.year);
            let run = sandbox.run(&format!(
                "reconcile {file} --against lines.csv --association '{name}' --year {year} --format json"
            ));
            assert!(matches!(run.code, Some(0 | 1)), "{run}");
            let report: Value = serde_json::from_str(&run.stdout).unwrap();
            score.add(&notebook, &report, &file);
        }
    }
    score
}

fn check(score: &Score, least: f64) {
    let told = format!(
        "precision {:.4}, recall {:.4}, {} of {} lines wrong\n{}",
        score.precision(),
        score.recall(),
        score.wrong_lines,
        score.lines,
        score.examples
    );
    println!("{told}");
    assert!(score.precision() >= least && score.recall() >= least, "{told}");
}

#[test]
fn notebooks_like_the_samples() {
    let worlds = (1..=4).map(|seed| World::new(seed, 38, 1200, 2024, Meanness::default()));
    check(&score(worlds, 8, &LIKE_THE_SAMPLE), 0.99);
}

#[test]
fn notebooks_of_a_large_network() {
    let world = World::new(11, 300, 20_000, 2026, Meanness::default());
    check(&score([world], 12, &LIKE_THE_SAMPLE), 0.99);
}

#[test]
fn meaner_notebooks() {
    let worlds = (21..=23).map(|seed| World::new(seed, 60, 3000, 2025, MEAN));
    check(&score(worlds, 8, &[Layout::Direction, Layout::TwoColumns, Layout::Workbook, Layout::TwoTables]), 0.99);
}

#[test]
fn notebooks_without_skills() {
    let worlds = (31..=33).map(|seed| World::new(seed, 60, 3000, 2025, Meanness::default()));
    check(&score(worlds, 8, &[Layout::NoSkill]), 0.97);
}

#[test]
fn notebooks_that_add_up_by_month() {
    let worlds = (41..=43).map(|seed| World::new(seed, 40, 2000, 2025, MEAN));
    check(&score(worlds, 6, &[Layout::Monthly]), 0.99);
}

#[test]
fn a_thousand_lines() {
    let worlds = (51..=52).map(|seed| World::new(seed, 20, 10_000, 2025, MEAN));
    check(&score(worlds, 3, &LIKE_THE_SAMPLE), 0.99);
}
