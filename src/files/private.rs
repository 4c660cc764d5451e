//! Files for one user alone: every file that is made or kept is private. Also which file a name or a handle stands for.
//! It never follows a link to write, and never waits for the other end of a pipe.

use std::fs::{DirBuilder, File, Metadata, OpenOptions};
use std::io;
use std::path::Path;

/// Opens a file for writing from the start, making it if it is not there. Nothing of it is changed yet: the caller has it
/// [emptied](empty) once it knows that the file is none of those which it needs.
pub fn create(path: &Path) -> io::Result<File> {
    open_own(OpenOptions::new().write(true).create(true), path)
}

/// Empties a file that was opened for writing, and makes it this user's alone.
pub fn empty(file: &File) -> io::Result<()> {
    make_private(file)?;
    if file.metadata()?.is_file() {
        file.set_len(0)?;
    }
    Ok(())
}

/// Opens a file for appending, making it if it is not there; it becomes this user's alone.
pub fn append(path: &Path) -> io::Result<File> {
    let file = open_own(OpenOptions::new().append(true).create(true), path)?;
    make_private(&file)?;
    Ok(file)
}

/// Opens a file of this user that is to be written; a new one is this user's alone (mode 0600). A device such as
/// `/dev/null` keeps nothing and is taken as it is.
pub(super) fn open_own(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    let file = open(options, path, Links::Refused)?;
    #[cfg(unix)]
    {
        use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
        fcntl_setfl(&file, fcntl_getfl(&file)? - OFlags::NONBLOCK)?;
    }
    let about = file.metadata()?;
    if about.is_file() {
        check_own(&about)?;
    } else if !is_device(&about) {
        return Err(not_regular());
    }
    Ok(file)
}

/// Makes a folder that only its owner can enter, and the folders that it needs.
pub fn folder(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// The folder that a file is in, or would be.
pub fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Makes sure that a crash of the machine cannot lose the name of a file that is new. Only on Unix can that be asked for.
#[cfg_attr(
    not(unix),
    expect(clippy::unnecessary_wraps, reason = "it can fail on Unix alone")
)]
pub fn sync_folder_of(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    match File::open(folder_of(path))?.sync_all() {
        // Some file systems keep names without being asked, and refuse to be.
        Err(e) if e.kind() == io::ErrorKind::InvalidInput => {}
        synced => synced?,
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

/// What tells a file apart, however it is spelled, linked or mounted. No pipe is opened for it: that would wait for the other
/// end, or take it from its reader.
#[cfg(unix)]
pub(super) mod identity {
    use super::{File, Path, io};
    use std::os::unix::fs::MetadataExt as _;

    pub fn of_path(path: &Path) -> io::Result<(u64, u64)> {
        path.metadata().map(|about| (about.dev(), about.ino()))
    }

    pub fn of_file(file: &File) -> io::Result<(u64, u64)> {
        file.metadata().map(|about| (about.dev(), about.ino()))
    }
}

#[cfg(not(unix))]
pub(super) mod identity {
    use super::{File, Path, io};
    use same_file::Handle;

    pub fn of_path(path: &Path) -> io::Result<Handle> {
        Handle::from_path(path)
    }

    pub fn of_file(file: &File) -> io::Result<Handle> {
        Handle::from_file(file.try_clone()?)
    }
}

/// Tells whether two open files are one on the disk.
pub fn is_same(a: &File, b: &File) -> io::Result<bool> {
    Ok(identity::of_file(a)? == identity::of_file(b)?)
}

/// Tells whether two names lead to one file, or would if they were there.
pub fn is_same_path(a: &Path, b: &Path) -> bool {
    if let Ok(file) = identity::of_path(a) {
        return identity::of_path(b).is_ok_and(|other| file == other);
    }
    let is_same_name = a.file_name().is_some() && a.file_name() == b.file_name();
    is_same_name && is_same_path(folder_of(a), folder_of(b))
}

/// Tells whether a name still leads to an open file, and is no link.
pub(super) fn is_still(path: &Path, file: &File) -> io::Result<bool> {
    let about = path.symlink_metadata();
    let is_still = about.and_then(|about| {
        Ok(about.is_file() && identity::of_path(path)? == identity::of_file(file)?)
    });
    match is_still {
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(false),
        is_still => is_still,
    }
}

/// Whether the last part of a path may be a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Links {
    Followed,
    Refused,
}

/// Opens a file without waiting for the other end of a pipe.
#[cfg(unix)]
pub(super) fn open(options: &OpenOptions, path: &Path, links: Links) -> io::Result<File> {
    use rustix::fs::OFlags;
    use std::os::unix::fs::OpenOptionsExt as _;

    let mut flags = OFlags::NONBLOCK | OFlags::NOCTTY;
    flags.set(OFlags::NOFOLLOW, links == Links::Refused);
    let mut options = options.clone();
    options.custom_flags(flags.bits().cast_signed());
    options.open(path).map_err(|e| {
        if links == Links::Refused && path.is_symlink() {
            a_link()
        } else {
            e
        }
    })
}

#[cfg(not(unix))]
pub(super) fn open(options: &OpenOptions, path: &Path, links: Links) -> io::Result<File> {
    if links == Links::Refused && path.is_symlink() {
        return Err(a_link());
    }
    options.open(path)
}

pub(super) fn a_link() -> io::Error {
    io::Error::other("it is a symbolic link, which is not followed")
}

pub(super) fn not_regular() -> io::Error {
    io::Error::other("it is not a regular file")
}

#[cfg(unix)]
pub(super) mod owner {
    use super::{File, Metadata, io};
    use std::fs::Permissions;
    use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _, PermissionsExt as _};

    pub fn is_device(about: &Metadata) -> bool {
        about.file_type().is_char_device()
    }

    /// Whether it is this user's.
    pub fn is_own(about: &Metadata) -> bool {
        about.uid() == rustix::process::geteuid().as_raw()
    }

    /// Refuses a file of another user.
    pub fn check_own(about: &Metadata) -> io::Result<()> {
        if is_own(about) {
            return Ok(());
        }
        Err(belongs_to("it", about))
    }

    /// Makes an open file this user's alone (mode 0600).
    pub fn make_private(file: &File) -> io::Result<()> {
        let about = file.metadata()?;
        if about.is_file() && about.mode() & 0o077 != 0 {
            file.set_permissions(Permissions::from_mode(0o600))?;
        }
        Ok(())
    }

    pub fn belongs_to(what: &str, about: &Metadata) -> io::Error {
        refused(format!(
            "{what} belongs to another user (uid {})",
            about.uid()
        ))
    }

    pub fn refused(why: String) -> io::Error {
        io::Error::new(io::ErrorKind::PermissionDenied, why)
    }
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "as on Unix, where they can fail")]
mod owner {
    use super::{File, Metadata, io};

    pub fn is_device(_: &Metadata) -> bool {
        false
    }

    pub fn check_own(_: &Metadata) -> io::Result<()> {
        Ok(())
    }

    pub fn make_private(_: &File) -> io::Result<()> {
        Ok(())
    }
}

pub(super) use owner::make_private;
use owner::{check_own, is_device};

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    fn set_mode(path: &Path, mode: u32) {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    }

    fn mode(path: &Path) -> u32 {
        std::fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    fn why<T>(result: io::Result<T>) -> String {
        result.err().expect("it was taken").to_string()
    }

    #[test]
    fn what_is_written_is_private_whatever_was_there() {
        let home = tempfile::tempdir().unwrap();
        let ways: [fn(&Path) -> io::Result<File>; 2] = [create, append];
        for (open, mode_of_old) in ways.into_iter().zip([0o666, 0o600]) {
            let path = home.path().join("file");
            open(&path).unwrap();
            assert_eq!(mode(&path), 0o600);
            set_mode(&path, 0o666);
            std::fs::write(&path, "old").unwrap();
            open(&path).unwrap();
            assert_eq!(std::fs::read(&path).unwrap(), b"old");
            assert_eq!(mode(&path), mode_of_old);
            empty(&create(&path).unwrap()).unwrap();
            assert_eq!(
                (std::fs::read(&path).unwrap(), mode(&path)),
                (vec![], 0o600)
            );
            std::fs::remove_file(&path).unwrap();

            let link = home.path().join("link");
            symlink(&path, &link).unwrap();
            assert!(why(open(&link)).contains("symbolic link"));
            assert!(!path.exists());
            std::fs::remove_file(&link).unwrap();
            assert!(open(home.path()).is_err());
            assert!(open(Path::new("/dev/null")).is_ok());
        }
        folder(&home.path().join("a/b")).unwrap();
        assert_eq!(mode(&home.path().join("a/b")), 0o700);
    }

    #[test]
    fn one_file_is_known_under_any_name() {
        let home = tempfile::tempdir().unwrap();
        let (one, two) = (home.path().join("one"), home.path().join("two"));
        let file = create(&one).unwrap();
        std::fs::hard_link(&one, &two).unwrap();
        assert!(is_same(&file, &create(&two).unwrap()).unwrap());
        std::fs::remove_file(&two).unwrap();
        assert!(!is_same(&file, &create(&two).unwrap()).unwrap());
        assert!(is_still(&one, &file).unwrap() && !is_still(&two, &file).unwrap());
    }

    #[test]
    fn a_bare_name_is_in_the_folder_at_hand() {
        assert_eq!(folder_of(Path::new("journal")), Path::new("."));
        assert_eq!(folder_of(Path::new("a/journal")), Path::new("a"));
        assert_eq!(folder_of(Path::new("/journal")), Path::new("/"));
    }
}
