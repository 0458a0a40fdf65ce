//! What forgers handed in, kept as files: `tests/forgeries` has a folder for each, with `case.json`.
//!
//! `given` is the document; `trusted` is what its reader gave to `--trust`, `beside` what else they had at hand, and
//! `remembered` the head that they remembered. `verdict` is to be concluded of it, whichever the day, and `sentence` is said
//! among other things. `issued` holds what several have beside them. What an earlier version made has to be refused by
//! each later one, and by programs that are not ours.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::command::{Sandbox, coudemain};

/// A forgery, kept.
pub(crate) struct Kept {
    pub(crate) folder: PathBuf,
    pub(crate) case: Value,
}

impl Kept {
    /// The names of files, or what else stands for itself, under a name.
    pub(crate) fn several(&self, name: &str) -> Vec<&str> {
        self.case[name].as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect()
    }

    pub(crate) fn says(&self, name: &str) -> &str {
        self.case[name].as_str().unwrap()
    }
}

pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("forgeries")
}

/// All of them, by name.
pub(crate) fn kept() -> Vec<Kept> {
    let entries = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let mut folders: Vec<PathBuf> = entries.filter(|path| path.join("case.json").exists()).collect();
    folders.sort();
    let read = |folder: PathBuf| {
        let case = serde_json::from_slice(&fs::read(folder.join("case.json")).unwrap()).unwrap();
        Kept { folder, case }
    };
    folders.into_iter().map(read).collect()
}

#[test]
fn the_command_concludes_of_each_kept_forgery_what_it_has_to() {
    let sandbox = Sandbox::sqlite();
    let mut wrong = Vec::new();
    let kept = kept();
    assert!(kept.len() >= 100, "{} forgeries", kept.len());
    for forgery in &kept {
        let mut arguments = vec!["verify", "--format", "json", "--lang", "en", forgery.says("given")];
        arguments.extend(forgery.several("beside"));
        arguments.extend(forgery.several("trusted").into_iter().flat_map(|trusted| ["--trust", trusted]));
        let remembered = forgery.case["remembered"].as_str().map(|name| fs::read(forgery.folder.join(name)).unwrap());
        // What is remembered is written anew.
        let remembered = remembered.map(|head| sandbox.write("remembered.txt", head).display().to_string());
        arguments.extend(remembered.iter().flat_map(|name| ["--pin", name]));
        let run = coudemain(&arguments).inside(&forgery.folder).run();
        let told: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {run}"));
        let told = &told[0];
        if told["verdict"] != forgery.case["verdict"] || !told.to_string().contains(forgery.says("sentence")) {
            wrong.push(format!("{}: {told:#}", forgery.says("what")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
