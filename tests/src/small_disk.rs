//! Small disks to fill, and to take away.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::Sandbox;

/// A disk of a few megabytes. It goes away with this value.
pub(crate) struct SmallDisk {
    path: PathBuf,
}

impl SmallDisk {
    /// One in memory, mounted at a place that is not there yet.
    ///
    /// Where this user may not mount anything, the checks of the repository fail, as nobody would see that they left
    /// something out; a person who runs the tests is told, and gets none.
    pub(crate) fn mount(path: PathBuf, megabytes: u32) -> Option<Self> {
        Self::mounted(path, &["-t", "tmpfs", "-o", &format!("size={megabytes}m"), "tmpfs"])
    }

    /// One that can lose its way: [`SmallDisk::break_down`].
    pub(crate) fn mount_fragile(sandbox: &Sandbox, megabytes: u64) -> Option<Self> {
        let image = sandbox.path("disk.img");
        File::create(&image).and_then(|file| file.set_len(megabytes * 1024 * 1024)).unwrap();
        let image = image.display().to_string();
        if run("mkfs.ext4", &["-q", &image]).is_err() {
            return Self::missing("mkfs.ext4 is not here");
        }
        Self::mounted(sandbox.path("disk"), &["-t", "ext4", "-o", "loop", &image])
    }

    fn mounted(path: PathBuf, options: &[&str]) -> Option<Self> {
        fs::create_dir(&path).unwrap();
        let place = path.display().to_string();
        match run("mount", &[options, &[&place]].concat()) {
            Ok(()) => Some(Self { path }),
            Err(why) => Self::missing(&why),
        }
    }

    fn missing(why: &str) -> Option<Self> {
        assert!(std::env::var_os("CI").is_none(), "A small disk cannot be mounted, as these tests need: {why}");
        // Not eprintln!, which the test harness hides when a test passes.
        let _ = writeln!(io::stderr(), "NOT RUN: what needs a small disk, as only root may mount one. {why}");
        None
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The URL of a database on it.
    pub(crate) fn database(&self) -> String {
        format!("sqlite://{}", self.path.join("coudemain.db").display())
    }

    /// Leaves not a byte of room.
    pub(crate) fn fill(&self) {
        let mut filler = File::create(self.filler()).unwrap();
        for size in [64 * 1024, 4 * 1024, 1] {
            loop {
                match filler.write(&vec![0; size]) {
                    Ok(_) => {}
                    Err(error) if error.kind() == ErrorKind::StorageFull => break,
                    Err(error) => panic!("{error}"),
                }
            }
        }
    }

    /// Makes room again.
    pub(crate) fn clear(&self) {
        fs::remove_file(self.filler()).unwrap();
    }

    fn filler(&self) -> PathBuf {
        self.path.join("filler")
    }

    pub(crate) fn grow(&self, megabytes: u32) {
        self.remount(&format!("size={megabytes}m"));
    }

    /// Nobody may have a file open on it to write.
    pub(crate) fn make_read_only(&self) {
        self.remount("ro");
    }

    pub(crate) fn make_writable(&self) {
        self.remount("rw");
    }

    /// Takes no writes any more, whoever has files open, as where a disk begins to fail.
    pub(crate) fn break_down(&self) {
        self.remount("abort");
    }

    fn remount(&self, option: &str) {
        run("mount", &["-o", &format!("remount,{option}"), &self.path.display().to_string()]).unwrap();
    }

    /// Lays the disk over itself so that whoever opens a file from now on can only read it.
    pub(crate) fn cover_read_only(&self) -> Covered<'_> {
        let place = self.path.display().to_string();
        run("mount", &["--bind", &place, &place]).unwrap();
        let covered = Covered(self);
        run("mount", &["-o", "remount,bind,ro", &place]).unwrap();
        covered
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Whoever still has it open keeps it until they end.
        let _ = run("umount", &["--lazy", &self.path.display().to_string()]);
    }
}

/// A disk that can only be read, until this value goes away.
pub(crate) struct Covered<'a>(&'a SmallDisk);

impl Drop for Covered<'_> {
    fn drop(&mut self) {
        let _ = run("umount", &["--lazy", &self.0.path.display().to_string()]);
    }
}

fn run(program: &str, arguments: &[&str]) -> Result<(), String> {
    match Command::new(program).args(arguments).output() {
        Ok(run) if run.status.success() => Ok(()),
        Ok(run) => Err(format!("{program} {}: {}", arguments.join(" "), String::from_utf8_lossy(&run.stderr).trim())),
        Err(error) => Err(format!("{program}: {error}")),
    }
}
