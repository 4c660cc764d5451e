//! Bango's files: entitlement reports.

mod bad_files;
mod reports;

use std::path::PathBuf;

/// A file of each format, made from what Bango documents of it.
pub fn golden(name: &str) -> PathBuf {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/exchange/golden");
    PathBuf::from(folder).join(name)
}

/// The same, as text.
pub fn golden_text(name: &str) -> String {
    std::fs::read_to_string(golden(name)).unwrap()
}
