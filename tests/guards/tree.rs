//! The tree in `docs/architecture.md` is the tree as it is, each file with the line that it opens with.
//!
//! `UPDATE_TREE=1 cargo test tree` writes it.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

const OPENING: &str = "```text\nsrc/\n";

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The first sentence of a file's own description.
fn description(file: &Path) -> String {
    let text = fs::read_to_string(file).unwrap();
    let lines = text.lines().map_while(|line| line.strip_prefix("//! "));
    let text = lines.collect::<Vec<_>>().join(" ");
    let sentence = text
        .split_once(". ")
        .map_or(text.as_str(), |(first, _)| first);
    sentence.trim_end_matches('.').to_owned()
}

/// Files before folders, each by name; only what is Rust.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let mut entries: Vec<_> = entries
        .filter(|path| path.is_dir() || path.extension().is_some_and(|extension| extension == "rs"))
        .collect();
    entries.sort_by_key(|path| (path.is_dir(), path.clone()));
    entries
}

fn tree(folder: &Path, indent: &str) -> String {
    let mut text = String::new();
    for path in entries(folder) {
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() {
            let line = format!("{indent}{name}/");
            let _ = writeln!(text, "{line:<24}{}", description(&path.join("mod.rs")));
            text += &tree(&path, &format!("{indent}  "));
        } else if name != "mod.rs" {
            let line = format!("{indent}{name}");
            let _ = writeln!(text, "{line:<24}{}", description(&path));
        }
    }
    text
}

#[test]
fn the_tree_in_the_architecture_is_the_tree_as_it_is() {
    let page = repository().join("docs/architecture.md");
    let text = fs::read_to_string(&page).unwrap();
    let (before, rest) = text.split_once(OPENING).unwrap();
    let (kept, after) = rest.split_once("```").unwrap();
    let fresh = tree(&repository().join("src"), "  ");
    if std::env::var_os("UPDATE_TREE").is_some() {
        fs::write(&page, format!("{before}{OPENING}{fresh}```{after}")).unwrap();
    } else {
        assert!(
            kept == fresh,
            "the tree is stale; run: UPDATE_TREE=1 cargo test tree"
        );
    }
}
