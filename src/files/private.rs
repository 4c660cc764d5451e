//! Files for one user alone: every file that is made or kept is private, and what is trusted was written by this user or root.
//! It never follows a link to write, and never waits for the other end of a pipe.

use std::fs::{DirBuilder, File, Metadata, OpenOptions};
use std::io::{self, Read};
use std::path::Path;
use std::time::{Duration, Instant};

use same_file::Handle;

/// Reads a file that only this user and root can have written, as ssh reads its own: its owner and its folder's are
/// this user or root, and nobody else may write to either. Links are followed if all that holds for them and their target.
///
/// `/dev/null` reads as empty. `NotFound` means that nothing has this name. What is longer than `limit` bytes is an error.
pub fn read_trusted(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let file = open_trusted(path)?;
    let mut bytes = Vec::new();
    if !is_null(&file.metadata()?) {
        file.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    }
    if bytes.len() as u64 > limit {
        return Err(too_large(limit));
    }
    Ok(bytes)
}

/// Like [`read_trusted`], but it takes a pipe too, and waits that long at most for what is written into it.
pub fn read_trusted_or_pipe(path: &Path, limit: u64, wait: Duration) -> io::Result<Vec<u8>> {
    let is_pipe = std::fs::metadata(path).is_ok_and(|about| is_pipe(&about));
    if !is_pipe {
        return read_trusted(path, limit);
    }
    let mut pipe = open(OpenOptions::new().read(true), path, Links::Followed)?;
    check_trust(&pipe)?;
    let deadline = Instant::now() + wait;
    let (mut bytes, mut part) = (Vec::new(), [0; 4096]);
    while bytes.len() as u64 <= limit {
        match pipe.read(&mut part) {
            // Without a writer, a pipe is at its end before it has begun.
            Ok(0) if !bytes.is_empty() => return Ok(bytes),
            Ok(0) => {}
            Ok(count) => {
                bytes.extend_from_slice(&part[..count]);
                continue;
            }
            Err(e) if e.kind() == io::ErrorKind::WouldBlock => {}
            Err(e) => return Err(e),
        }
        if Instant::now() >= deadline {
            let why = format!("nothing came within {} seconds", wait.as_secs());
            return Err(io::Error::new(io::ErrorKind::TimedOut, why));
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    Err(too_large(limit))
}

/// Tells whether a file was not read because another user could have written it.
pub fn is_distrusted(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::PermissionDenied && error.raw_os_error().is_none()
}

/// Why a file was not read, as the rest of a sentence about it.
pub fn why_unread(error: &io::Error) -> String {
    let verb = if is_distrusted(error) {
        "is not trusted"
    } else {
        "cannot be read"
    };
    format!("{verb}: {error}")
}

fn too_large(limit: u64) -> io::Error {
    io::Error::other(format!("it is larger than {limit} bytes"))
}

pub(super) fn open_trusted(path: &Path) -> io::Result<File> {
    let file = open(OpenOptions::new().read(true), path, Links::Followed).map_err(|e| {
        if e.kind() == io::ErrorKind::NotFound && path.is_symlink() {
            io::Error::other("it is a link to a file that does not exist")
        } else {
            e
        }
    })?;
    let about = file.metadata()?;
    if !is_null(&about) {
        if !about.is_file() {
            return Err(not_regular());
        }
        check_trust(&file)?;
        check_way(path, &file)?;
    }
    Ok(file)
}

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

/// Tells whether two open files are one on the disk, however they are spelled, linked or mounted.
pub fn is_same(a: &File, b: &File) -> io::Result<bool> {
    Ok(Handle::from_file(a.try_clone()?)? == Handle::from_file(b.try_clone()?)?)
}

/// Tells whether two names lead to one file, or would if they were there: the first is opened before the second.
pub fn is_same_path(a: &Path, b: &Path) -> bool {
    if let Ok(file) = Handle::from_path(a) {
        return Handle::from_path(b).is_ok_and(|other| file == other);
    }
    let is_same_name = a.file_name().is_some() && a.file_name() == b.file_name();
    is_same_name && is_same_path(folder_of(a), folder_of(b))
}

/// Tells whether a name still leads to an open file, and is no link. Opens nothing: there may be no descriptor left.
#[cfg(unix)]
pub(super) fn is_still(path: &Path, file: &File) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt as _;
    let found = match path.symlink_metadata() {
        Ok(found) => found,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(e) => return Err(e),
    };
    let about = file.metadata()?;
    Ok(found.is_file() && (found.dev(), found.ino()) == (about.dev(), about.ino()))
}

/// Tells whether a name still leads to an open file, and is no link.
#[cfg(not(unix))]
pub(super) fn is_still(path: &Path, file: &File) -> io::Result<bool> {
    if !path.symlink_metadata().is_ok_and(|about| about.is_file()) {
        return Ok(false);
    }
    match Handle::from_path(path) {
        Ok(found) => Ok(found == Handle::from_file(file.try_clone()?)?),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(e) => Err(e),
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
mod owner {
    use super::{File, Metadata, Path, io};
    use std::fs::Permissions;
    use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _, PermissionsExt as _};

    /// As many links may follow one another.
    const MOST_LINKS: usize = 40;
    /// Others may write.
    const WRITABLE: u32 = 0o022;
    /// In such a folder others may add files, but neither rename nor remove what is another's.
    const STICKY: u32 = 0o1000;

    fn me() -> u32 {
        rustix::process::geteuid().as_raw()
    }

    fn refused(why: String) -> io::Error {
        io::Error::new(io::ErrorKind::PermissionDenied, why)
    }

    pub fn is_device(about: &Metadata) -> bool {
        about.file_type().is_char_device()
    }

    pub fn is_pipe(about: &Metadata) -> bool {
        about.file_type().is_fifo()
    }

    pub fn is_null(about: &Metadata) -> bool {
        is_device(about)
            && std::fs::metadata("/dev/null").is_ok_and(|null| null.rdev() == about.rdev())
    }

    /// Refuses a file of another user.
    pub fn check_own(about: &Metadata) -> io::Result<()> {
        if about.uid() != me() {
            return Err(refused(belongs_to("it", about.uid())));
        }
        Ok(())
    }

    /// Makes an open file this user's alone (mode 0600).
    pub fn make_private(file: &File) -> io::Result<()> {
        let about = file.metadata()?;
        if about.is_file() && about.mode() & 0o077 != 0 {
            file.set_permissions(Permissions::from_mode(0o600))?;
        }
        Ok(())
    }

    fn belongs_to(what: &str, uid: u32) -> String {
        format!("{what} belongs to another user (uid {uid})")
    }

    /// Refuses an open file that another user owns or may write.
    pub fn check_trust(file: &File) -> io::Result<()> {
        check("it", &file.metadata()?, 0)
    }

    fn check(what: &str, about: &Metadata, allowed: u32) -> io::Result<()> {
        let (uid, mode) = (about.uid(), about.mode());
        if uid != 0 && uid != me() {
            return Err(refused(belongs_to(what, uid)));
        }
        if mode & WRITABLE != 0 && mode & allowed == 0 {
            let mode = mode & 0o777;
            return Err(refused(format!(
                "others can change {what} (mode {mode:03o}); run chmod go-w on it"
            )));
        }
        Ok(())
    }

    /// Goes from a name to the open file, link by link, and refuses a link or a folder that another user could exchange.
    pub fn check_way(path: &Path, file: &File) -> io::Result<()> {
        let mut path = path.to_owned();
        for _ in 0..MOST_LINKS {
            let folder = super::folder_of(&path);
            // There are no files but the descriptors that this process was started with.
            if folder.canonicalize()?.starts_with("/proc") {
                return Ok(());
            }
            let name = format!("its folder {}", folder.display());
            check(&name, &std::fs::metadata(folder)?, STICKY)?;
            let about = std::fs::symlink_metadata(&path)?;
            if !about.is_symlink() {
                let opened = file.metadata()?;
                return if (about.dev(), about.ino()) == (opened.dev(), opened.ino()) {
                    Ok(())
                } else {
                    Err(io::Error::other("it was exchanged while it was opened"))
                };
            }
            if about.uid() != 0 && about.uid() != me() {
                return Err(refused(belongs_to("a link to it", about.uid())));
            }
            path = folder.join(std::fs::read_link(&path)?);
        }
        Err(io::Error::other("too many links lead to it"))
    }
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "as on Unix, where they can fail")]
mod owner {
    use super::{File, Metadata, Path, io};

    pub fn is_device(_: &Metadata) -> bool {
        false
    }

    pub fn is_pipe(_: &Metadata) -> bool {
        false
    }

    pub fn is_null(_: &Metadata) -> bool {
        false
    }

    pub fn check_own(_: &Metadata) -> io::Result<()> {
        Ok(())
    }

    pub fn make_private(_: &File) -> io::Result<()> {
        Ok(())
    }

    pub fn check_trust(_: &File) -> io::Result<()> {
        Ok(())
    }

    pub fn check_way(_: &Path, _: &File) -> io::Result<()> {
        Ok(())
    }
}

pub(super) use owner::make_private;
use owner::{check_own, check_trust, check_way, is_device, is_null, is_pipe};

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
    fn what_others_may_write_is_not_read() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("secret");
        std::fs::write(&path, "x").unwrap();
        for (of_file, of_folder, is_read) in [
            (0o600, 0o700, true),
            (0o644, 0o755, true),
            (0o620, 0o700, false),
            (0o602, 0o700, false),
            (0o600, 0o720, false),
            (0o600, 0o777, false),
            (0o600, 0o1777, true),
        ] {
            set_mode(&path, of_file);
            set_mode(home.path(), of_folder);
            let read = read_trusted(&path, 1);
            assert_eq!(read.is_ok(), is_read, "{of_file:o} {of_folder:o} {read:?}");
        }
    }

    #[test]
    fn links_are_followed_to_read_as_far_as_they_can_be_trusted() {
        let home = tempfile::tempdir().unwrap();
        // As Kubernetes mounts a secret.
        std::fs::create_dir(home.path().join("..1")).unwrap();
        std::fs::write(home.path().join("..1/secret"), "x").unwrap();
        symlink("..1", home.path().join("..data")).unwrap();
        let link = home.path().join("secret");
        symlink("..data/secret", &link).unwrap();
        assert_eq!(read_trusted(&link, 10).unwrap(), b"x");
        set_mode(&home.path().join("..1"), 0o777);
        assert!(why(read_trusted(&link, 10)).contains("others can change its folder"));

        let lost = home.path().join("lost");
        symlink("nowhere", &lost).unwrap();
        assert!(why(read_trusted(&lost, 10)).contains("a link to a file that does not exist"));
        let round = home.path().join("round");
        symlink(&round, &round).unwrap();
        assert!(read_trusted(&round, 10).is_err());
    }

    #[test]
    fn what_is_read_is_the_file_that_was_judged_while_another_takes_its_name() {
        let home = tempfile::tempdir().unwrap();
        let at = |name: &str| home.path().join(name);
        let is_over = std::sync::atomic::AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while !is_over.load(std::sync::atomic::Ordering::Relaxed) {
                    for (text, mode) in [("good", 0o600), ("bad", 0o666)] {
                        std::fs::write(at("new"), text).unwrap();
                        set_mode(&at("new"), mode);
                        std::fs::rename(at("new"), at("secret")).unwrap();
                    }
                }
            });
            let mut read = 0;
            let start = Instant::now();
            while read < 500 && start.elapsed() < Duration::from_secs(20) {
                if let Ok(bytes) = read_trusted(&at("secret"), 10) {
                    assert_eq!(bytes, b"good");
                    read += 1;
                }
            }
            is_over.store(true, std::sync::atomic::Ordering::Relaxed);
            assert!(read > 0);
        });
    }

    #[test]
    fn only_a_regular_file_is_read_and_none_is_waited_for() {
        let home = tempfile::tempdir().unwrap();
        let missing = read_trusted(&home.path().join("missing"), 10).unwrap_err();
        assert_eq!(missing.kind(), io::ErrorKind::NotFound);
        assert_eq!(read_trusted(Path::new("/dev/null"), 10).unwrap(), b"");
        assert!(why(read_trusted(Path::new("/dev/zero"), 10)).contains("regular"));
        assert!(why(read_trusted(home.path(), 10)).contains("regular"));
        let pipe = home.path().join("pipe");
        let mut mkfifo = std::process::Command::new("mkfifo");
        assert!(mkfifo.arg(&pipe).status().unwrap().success());
        let start = Instant::now();
        assert!(why(read_trusted(&pipe, 10)).contains("regular"));
        assert!(create(&pipe).is_err() && append(&pipe).is_err());
        assert!(start.elapsed() < Duration::from_secs(1));
        let large = home.path().join("large");
        std::fs::write(&large, "12345").unwrap();
        assert!(read_trusted(&large, 5).is_ok() && read_trusted(&large, 4).is_err());
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
