//! The folder of a file: where it is, and that it keeps the file's name through a crash of the machine.

use std::io;
use std::path::Path;

/// The folder that a file is in, or would be.
#[must_use]
pub fn of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Makes sure that a crash of the machine cannot lose the name of a file that is new. Only on Unix can that be asked for.
///
/// # Errors
///
/// If the folder cannot be opened or written to the disk.
#[cfg_attr(
    not(unix),
    expect(clippy::unnecessary_wraps, reason = "it can fail on Unix alone")
)]
pub fn keep_name(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    std::fs::File::open(of(path))?.sync_all()?;
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_name_is_in_the_folder_at_hand() {
        assert_eq!(of(Path::new("journal")), Path::new("."));
        assert_eq!(of(Path::new("a/journal")), Path::new("a"));
        assert_eq!(of(Path::new("/journal")), Path::new("/"));
    }
}
