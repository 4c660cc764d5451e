//! What users install, put where a user would put it: a bare Debian, an unpacked archive, the tree of a container, a fresh clone.

mod action;
mod archive;
mod clone;
mod container;
mod debian;

use std::path::{Path, PathBuf};

/// What `.ci/package` has made. The folder of another version is no help.
fn made(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("target")
        .join(name);
    assert!(
        path.exists(),
        "{} is not there; run .ci/package",
        path.display()
    );
    path
}

/// The one file of the release with this ending.
fn released(ending: &str) -> PathBuf {
    let files = std::fs::read_dir(made("dist")).unwrap();
    let mut files = files.map(|entry| entry.unwrap().path());
    let found = files.find(|path| path.to_str().unwrap().ends_with(ending));
    found.unwrap_or_else(|| panic!("no file of the release ends with {ending}"))
}
