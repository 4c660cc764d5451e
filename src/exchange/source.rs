//! Where a file's bytes come from: a plain file, one that is compressed by gzip, or a stream that is kept. Also what is wrong with one, and where.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;
use serde_json::json;

use crate::ending::Ending;
use crate::files::Section;

/// The first bytes of a gzip member.
const GZIP: &[u8] = b"\x1f\x8b";
/// The first bytes of a ZIP archive, which a workbook is too.
const ZIP: &[u8] = b"PK\x03\x04";
/// What is read at once.
const CHUNK: usize = 1 << 16;

/// A file that can be read several times from any place.
#[derive(Debug)]
pub struct Source {
    name: String,
    file: File,
    is_gzip: bool,
}

impl Source {
    /// Opens a file; `-` is standard input. What is no regular file is kept in one without a name, because it is read more than once.
    pub fn open(path: &Path) -> Result<Self, Ending> {
        let is_stdin = path.as_os_str() == "-";
        let name = if is_stdin {
            "standard input".to_owned()
        } else {
            path.display().to_string()
        };
        let cannot = |e: io::Error| error(&name, &format!("cannot be read: {e}"));
        let file = if is_stdin {
            keep(io::stdin().lock()).map_err(cannot)?
        } else {
            let file = File::open(path).map_err(cannot)?;
            let about = file.metadata().map_err(cannot)?;
            if about.is_dir() {
                return Err(error(&name, "is a folder"));
            }
            if about.is_file() {
                file
            } else {
                keep(file).map_err(cannot)?
            }
        };
        Self::of(name, file).map_err(|(name, why)| error(&name, &why))
    }

    fn of(name: String, file: File) -> Result<Self, (String, String)> {
        let mut start = [0; 4];
        let length = match read_fully(&mut Section::new(&file, 0, u64::MAX), &mut start) {
            Ok(length) => length,
            Err(e) => return Err((name, format!("cannot be read: {e}"))),
        };
        let start = &start[..length];
        let wrong = match start {
            [] => Some("is empty; the first line names the columns"),
            ZIP => Some("is a ZIP file or a workbook; save the sheet as CSV"),
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => {
                Some("is in UTF-16; save it as CSV in UTF-8 or Windows-1252")
            }
            _ => None,
        };
        if let Some(why) = wrong {
            return Err((name, why.to_owned()));
        }
        let is_gzip = start.starts_with(GZIP);
        Ok(Self {
            name,
            file,
            is_gzip,
        })
    }

    /// The file's name, for messages.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The bytes from a place on, decompressed.
    pub(super) fn bytes_from(&self, place: u64) -> io::Result<Box<dyn Read + Send + Sync + '_>> {
        if !self.is_gzip {
            return Ok(Box::new(Section::new(&self.file, place, u64::MAX)));
        }
        let file = BufReader::with_capacity(CHUNK, Section::new(&self.file, 0, u64::MAX));
        let mut bytes = MultiGzDecoder::new(file);
        io::copy(&mut (&mut bytes).take(place), &mut io::sink())?;
        Ok(Box::new(bytes))
    }

    /// Whether going to a place costs nothing.
    pub(super) fn is_seekable(&self) -> bool {
        !self.is_gzip
    }

    /// What is wrong with the file as a whole.
    pub(super) fn wrong(&self, why: impl Into<String>) -> Ending {
        error(&self.name, &why.into())
    }

    /// What is wrong at a byte of the file, with its line.
    pub(super) fn wrong_at(
        &self,
        place: u64,
        column: Option<&str>,
        why: impl Into<String>,
    ) -> Ending {
        wrong(&self.name, self.line_of(place).ok(), column, &why.into())
    }

    /// What the operating system, or the decompression, says is wrong.
    pub(super) fn unreadable(&self, e: &io::Error) -> Ending {
        let why = match e.kind() {
            io::ErrorKind::UnexpectedEof if self.is_gzip => {
                "ends too early: the gzip data is cut off".to_owned()
            }
            _ if self.is_gzip => format!("cannot be decompressed: {e}"),
            _ => format!("cannot be read: {e}"),
        };
        error(&self.name, &why)
    }

    /// The line that a byte is on. It reads the file from its start, because only what goes wrong needs a line.
    pub fn line_of(&self, place: u64) -> io::Result<u64> {
        let mut bytes = self.bytes_from(0)?.take(place);
        let (mut line, mut was_cr) = (1, false);
        let mut chunk = vec![0; CHUNK];
        loop {
            let length = bytes.read(&mut chunk)?;
            if length == 0 {
                return Ok(line);
            }
            for byte in &chunk[..length] {
                line += u64::from(*byte == b'\r' || (*byte == b'\n' && !was_cr));
                was_cr = *byte == b'\r';
            }
        }
    }

    /// Whether all of it is UTF-8.
    pub(super) fn is_utf8(&self) -> io::Result<bool> {
        let mut bytes = self.bytes_from(0)?;
        let mut chunk = vec![0; CHUNK];
        let mut kept = 0;
        loop {
            let length = bytes.read(&mut chunk[kept..])?;
            let text = &chunk[..kept + length];
            let valid = match std::str::from_utf8(text) {
                Ok(_) => text.len(),
                // A character may be cut by the end of the chunk, but not by the end of the file.
                Err(e) if e.error_len().is_none() && length > 0 => e.valid_up_to(),
                Err(_) => return Ok(false),
            };
            if length == 0 {
                return Ok(true);
            }
            let end = text.len();
            chunk.copy_within(valid..end, 0);
            kept = end - valid;
        }
    }
}

/// What is wrong with a file as a whole.
fn error(name: &str, why: &str) -> Ending {
    wrong(name, None, None, why)
}

/// What is wrong with a file, and where: a mistake in the command line, because another file is to be given.
#[cold]
fn wrong(file: &str, line: Option<u64>, column: Option<&str>, why: &str) -> Ending {
    let in_line = line.map(|line| format!(", line {line}"));
    let in_column = column.map(|column| format!(", column {column}"));
    let is_whole = line.is_none() && column.is_none();
    let place = [in_line, in_column]
        .into_iter()
        .flatten()
        .collect::<String>();
    let message = format!("{file}{place}{} {why}", if is_whole { "" } else { ":" });
    let problem = json!({ "file": file, "line": line, "column": column, "message": why });
    Ending {
        details: Some(json!({ "problems": [problem], "count": 1 })),
        ..Ending::usage(message)
    }
}

/// Keeps a stream in a file without a name. One that is no text is not kept to its end.
fn keep(mut stream: impl Read) -> io::Result<File> {
    let mut file = tempfile::tempfile()?;
    let mut chunk = vec![0; CHUNK];
    let mut is_gzip = None;
    loop {
        let length = read_fully(&mut stream, &mut chunk)?;
        let bytes = &chunk[..length];
        let is_gzip = *is_gzip.get_or_insert(bytes.starts_with(GZIP));
        // What comes next is not needed: the reader refuses this part.
        let is_binary = !is_gzip && memchr::memchr(0, bytes).is_some();
        file.write_all(bytes)?;
        if length < chunk.len() || is_binary {
            file.seek(SeekFrom::Start(0))?;
            return Ok(file);
        }
    }
}

/// Reads until the buffer is full or nothing more comes.
pub(super) fn read_fully(from: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut length = 0;
    while length < buffer.len() {
        match from.read(&mut buffer[length..]) {
            Ok(0) => break,
            Ok(more) => length += more,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    Ok(length)
}

/// A source of these bytes, for tests.
#[cfg(test)]
pub(super) fn source_of(bytes: &[u8]) -> Source {
    let file = keep(bytes).unwrap();
    Source::of("test.csv".to_owned(), file).unwrap()
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;

    fn read(source: &Source, place: u64) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut reader = source.bytes_from(place).unwrap();
        reader.read_to_end(&mut bytes).unwrap();
        bytes
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut out = GzEncoder::new(Vec::new(), Compression::fast());
        out.write_all(bytes).unwrap();
        out.finish().unwrap()
    }

    #[test]
    fn gzip_is_read_from_any_place_and_may_have_several_members() {
        let text = b"a,b\n1,2\n3,4\n";
        let both = [gzip(&text[..4]), gzip(&text[4..])].concat();
        let source = source_of(&both);
        assert_eq!(read(&source, 0), text);
        assert_eq!(read(&source, 8), b"3,4\n");
        assert_eq!(source.line_of(8).unwrap(), 3);
    }

    #[test]
    fn cut_off_gzip_says_so() {
        let whole = gzip(&b"abc".repeat(100_000));
        let source = source_of(&whole[..whole.len() - 20]);
        let mut reader = source.bytes_from(0).unwrap();
        let e = io::copy(&mut reader, &mut io::sink()).unwrap_err();
        assert!(source.unreadable(&e).message.contains("cut off"));
    }

    #[test]
    fn utf8_is_told_from_other_encodings_across_chunks() {
        let long = "é".repeat(CHUNK);
        assert!(source_of(long.as_bytes()).is_utf8().unwrap());
        assert!(!source_of(&long.as_bytes()[..1001]).is_utf8().unwrap());
        assert!(!source_of(b"caf\xe9,1").is_utf8().unwrap());
    }

    #[test]
    fn lines_are_counted_as_an_editor_does() {
        let source = source_of(b"a\r\n\r\nb\rc\nd");
        for (place, line) in [(0, 1), (5, 3), (7, 4), (9, 5)] {
            assert_eq!(source.line_of(place).unwrap(), line, "{place}");
        }
    }
}
