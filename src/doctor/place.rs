//! The configuration file: where it is, and who can read or change it.

use std::path::Path;

use super::Examination;
use crate::profile;

const NAME: &str = "configuration";

/// Looks at the file and its folder; what is in the file is read elsewhere.
pub fn configuration(found: &mut Examination) {
    let Some(path) = profile::path() else {
        found.warn(
            NAME,
            "this system names no home directory, so there is no configuration file",
            "name a file with BANGO_CONFIG, or set everything in the environment",
        );
        return;
    };
    if std::fs::symlink_metadata(&path).is_err() {
        found.ok(
            NAME,
            format!("{} is not there; it need not be", path.display()),
        );
        return;
    }
    let file = wide(&path, 0o077);
    let folder = path.parent().and_then(|folder| wide(folder, 0o022));
    match (file, folder) {
        (Some(mode), _) => found.warn(
            NAME,
            format!("{} is open to others (mode {mode:o})", path.display()),
            format!("run chmod 600 {}", path.display()),
        ),
        (None, Some(mode)) => found.warn(
            NAME,
            format!(
                "others can replace files in the folder of {} (mode {mode:o})",
                path.display()
            ),
            "run chmod 700 on the folder",
        ),
        (None, None) => found.ok(NAME, format!("{} is yours alone", path.display())),
    }
}

/// The mode, if it grants any of these rights.
fn wide(path: &Path, rights: u32) -> Option<u32> {
    profile::mode(path).filter(|mode| mode & rights != 0)
}
