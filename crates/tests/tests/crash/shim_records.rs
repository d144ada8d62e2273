//! The shim and the reconstruction themselves: exactly what was synced is kept.

use std::fs::{self, File};
use std::io::Write as _;
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::time::Duration;

use muster_tests::powerloss::{Loss, PowerLoss, copy_tree, reconstruct};

use crate::child::{Running, directory_for};

const PART: &str = "shim_records::writes_some_and_syncs_some";

/// The child that is killed; run by itself it has no directory and returns at once.
#[test]
#[allow(clippy::print_stdout, reason = "how the child speaks")]
fn writes_some_and_syncs_some() {
    let Some(dir) = directory_for(PART) else { return };
    let sync_dir = || File::open(&dir).unwrap().sync_all().unwrap();
    let make = |name: &str, text: &str| {
        let mut file = File::create(dir.join(name)).unwrap();
        file.write_all(text.as_bytes()).unwrap();
        file
    };
    let synced = make("synced", "kept");
    synced.sync_all().unwrap();
    let before = File::options().write(true).open(dir.join("before")).unwrap();
    before.write_all_at(b"NEW", 0).unwrap();
    before.sync_data().unwrap();
    before.write_all_at(b"LOST", 3).unwrap();
    before.set_len(100).unwrap();
    make("renamed.tmp", "renamed").sync_all().unwrap();
    fs::rename(dir.join("renamed.tmp"), dir.join("renamed")).unwrap();
    make("removed", "x").sync_all().unwrap();
    fs::remove_file(dir.join("removed")).unwrap();
    sync_dir();
    (&synced).write_all(b" and lost").unwrap();
    make("content-not-synced", "lost"); // its name is, below
    sync_dir();
    make("name-not-synced", "lost").sync_all().unwrap();
    fs::rename(dir.join("renamed"), dir.join("renamed again")).unwrap();
    fs::remove_file(dir.join("kept")).unwrap();
    println!("child: done");
    std::thread::sleep(Duration::from_mins(1));
}

fn texts(dir: &Path) -> Vec<(String, String)> {
    let mut texts: Vec<_> = fs::read_dir(dir)
        .unwrap()
        .map(|entry| {
            let entry = entry.unwrap();
            let text = fs::read_to_string(entry.path()).unwrap();
            (entry.file_name().into_string().unwrap(), text)
        })
        .collect();
    texts.sort();
    texts
}

#[test]
fn exactly_what_was_synced_is_kept() {
    let place = tempfile::tempdir().unwrap();
    let [live, base, log] = ["live", "base", "log"].map(|name| place.path().join(name));
    fs::create_dir(&live).unwrap();
    fs::write(live.join("before"), "old content").unwrap();
    fs::write(live.join("kept"), "kept").unwrap();
    copy_tree(&live, &base).unwrap();
    let power = PowerLoss::build(place.path()).unwrap();
    let running = Running::start(PART, &power, &live, &log, "");
    assert_eq!(running.hears(), "done");
    running.killed_after(Duration::ZERO);

    let out = place.path().join("unsynced");
    let seen = reconstruct(&log, &live, &base, &out, Loss::Unsynced).unwrap();
    let expected = [
        ("before", "NEW content"),
        ("content-not-synced", ""),
        ("kept", "kept"),
        ("renamed", "renamed"),
        ("synced", "kept"),
    ];
    assert_eq!(texts(&out), expected.map(|(name, text)| (name.to_owned(), text.to_owned())));
    assert_eq!(seen.unsynced, 4);

    // With luck, what was not synced is there all the same: some seed keeps it, some does not.
    let mut kept = 0;
    for seed in 0..40 {
        let out = place.path().join(format!("seed-{seed}"));
        reconstruct(&log, &live, &base, &out, Loss::Seeded(seed)).unwrap();
        let text = fs::read_to_string(out.join("synced")).unwrap();
        assert!(text.starts_with("kept"), "{text}");
        kept += u32::from(text == "kept and lost");
    }
    assert!((1..40).contains(&kept), "{kept}");
}
