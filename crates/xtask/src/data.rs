//! The data of the shipped jurisdiction: what a program can know of them (references, positions, capacity, counts).

use crate::sh::{program, run};
use anyhow::Result;

const CHECK: &str = "data/check.py";

pub(crate) fn check() -> Result<()> {
    run(&mut program("python3", &[CHECK]))
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::sh::{program, root, run};
    use std::fs;
    use std::path::Path;

    fn copied(from: &Path, to: &Path) {
        fs::create_dir_all(to).expect("the folder is writable");
        for entry in fs::read_dir(from).expect("the data are there") {
            let entry = entry.expect("the data can be listed");
            let to = to.join(entry.file_name());
            if entry.path().is_dir() {
                copied(&entry.path(), &to);
            } else {
                fs::copy(entry.path(), to).expect("the folder is writable");
            }
        }
    }

    /// A jurisdiction of its own is checked by its own folder; a reference that leads nowhere is found and named.
    #[test]
    fn a_fault_in_a_jurisdiction_s_data_is_found() {
        let place = tempfile::tempdir().expect("a temporary folder");
        copied(&root().join("data/rongcheng"), place.path());
        let change = |file: &str, from: &str, to: &str| {
            let path = place.path().join(file);
            let text = fs::read_to_string(&path).expect("it was copied");
            assert!(text.contains(from), "{file} says {from}");
            fs::write(path, text.replacen(from, to, 1)).expect("the folder is writable");
        };
        let folder = place.path().to_str().expect("a plain path");
        let mut check = program("python3", &[CHECK, folder]);
        run(&mut check).expect("the copy is as good as what is shipped");
        change("jurisdiction.toml", "code = \"371082\"", "code = \"370000\"");
        change("contacts.tsv", "0631-0", "0535-1");
        run(&mut check).expect("the numbers and counts of Rongcheng bind nobody else");
        change("compositions/fire.toml", "capability = \"water_tanker\"", "capability = \"sky_tanker\"");
        let done = check.output().expect("python3 starts");
        let told = String::from_utf8_lossy(&done.stderr);
        assert!(!done.status.success() && told.contains("sky_tanker does not exist"), "{told}");
    }
}
