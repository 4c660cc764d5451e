//! Where a file's bytes come from: a plain file, one that is compressed by gzip or in UTF-16, or a stream that is kept. Also what is wrong with one, and where.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;
use serde_json::json;

use super::encoding::{Encoding, utf16_to_utf8, utf16_unit};
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
    /// The text as UTF-8, of a file in UTF-16.
    text: Option<File>,
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
            keep(io::stdin().lock(), tempfile::tempfile()).map_err(cannot)?
        } else {
            let file = File::open(path).map_err(cannot)?;
            let about = file.metadata().map_err(cannot)?;
            if about.is_dir() {
                return Err(error(&name, "is a folder"));
            }
            if about.is_file() {
                file
            } else {
                keep(file, tempfile::tempfile()).map_err(cannot)?
            }
        };
        Self::of(name, file)
    }

    /// Keeps a stream in a file without a name in this folder; it is gone when the program is.
    pub fn keep(stream: impl Read, folder: &Path) -> Result<Self, Ending> {
        let name = "standard input";
        let kept = keep(stream, tempfile::tempfile_in(folder)).map_err(|e| {
            let folder = folder.display();
            error(name, &format!("cannot be kept in {folder}: {e}"))
        })?;
        Self::of(name.to_owned(), kept)
    }

    fn of(name: String, file: File) -> Result<Self, Ending> {
        let mut start = [0; 4];
        let length = read_fully(&mut Section::new(&file, 0, u64::MAX), &mut start);
        let length = length.map_err(|e| error(&name, &format!("cannot be read: {e}")))?;
        let start = &start[..length];
        if start == ZIP {
            let why = "is a ZIP file or a workbook; save the sheet as CSV";
            return Err(error(&name, why));
        }
        let is_gzip = start.starts_with(GZIP);
        let mut source = Self {
            name,
            file,
            text: None,
            is_gzip,
        };
        source.text = source.text_of_utf16().map_err(|e| match e.kind() {
            io::ErrorKind::Other => source.wrong(e.to_string()),
            _ => source.unreadable(&e),
        })?;
        Ok(source)
    }

    /// The text of a file in UTF-16, in a file without a name.
    fn text_of_utf16(&self) -> io::Result<Option<File>> {
        let (mut bytes, mut mark) = (self.bytes_from(0)?, [0; 2]);
        read_fully(&mut bytes, &mut mark)?;
        let Some(unit) = utf16_unit(&mark) else {
            return Ok(None);
        };
        let mut text = tempfile::tempfile()?;
        utf16_to_utf8(&mut bytes, unit, CHUNK, &mut text)?;
        Ok(Some(text))
    }

    /// The file as it was given.
    pub const fn file(&self) -> &File {
        &self.file
    }

    /// The file's name, for messages.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The bytes from a place on, decompressed.
    pub fn bytes_from(&self, place: u64) -> io::Result<Box<dyn Read + Send + Sync + '_>> {
        if self.is_seekable() {
            let file = self.text.as_ref().unwrap_or(&self.file);
            return Ok(Box::new(Section::new(file, place, u64::MAX)));
        }
        let file = BufReader::with_capacity(CHUNK, Section::new(&self.file, 0, u64::MAX));
        let mut bytes = MultiGzDecoder::new(file);
        io::copy(&mut (&mut bytes).take(place), &mut io::sink())?;
        Ok(Box::new(bytes))
    }

    /// Whether going to a place costs nothing.
    pub fn is_seekable(&self) -> bool {
        !self.is_gzip || self.text.is_some()
    }

    /// What is wrong with the file as a whole.
    pub fn wrong(&self, why: impl Into<String>) -> Ending {
        error(&self.name, &why.into())
    }

    /// What is wrong at a byte of the file, with its line.
    pub fn wrong_at(&self, place: u64, column: Option<&str>, why: impl Into<String>) -> Ending {
        wrong(&self.name, self.line_of(place).ok(), column, &why.into())
    }

    /// What the operating system, or the decompression, says is wrong.
    pub fn unreadable(&self, e: &io::Error) -> Ending {
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
            line += line_ends(&chunk[..length], &mut was_cr);
        }
    }

    /// How its bytes are text.
    pub fn encoding(&self) -> io::Result<Encoding> {
        let mut bytes = self.bytes_from(0)?;
        let mut chunk = vec![0; CHUNK];
        let (mut kept, mut is_wrong, mut has_characters) = (0, false, false);
        loop {
            let length = bytes.read(&mut chunk[kept..])?;
            let end = kept + length;
            let mut start = 0;
            while start < end {
                let checked = std::str::from_utf8(&chunk[start..end]);
                let valid = checked.map_or_else(|e| e.valid_up_to(), str::len);
                has_characters |= !chunk[start..start + valid].is_ascii();
                start += valid;
                match checked.err().map(|e| e.error_len()) {
                    None => {}
                    // A character may be cut by the end of the chunk, but not by the end of the file.
                    Some(None) if length > 0 => break,
                    Some(wrong) => {
                        is_wrong = true;
                        start += wrong.unwrap_or(1);
                    }
                }
            }
            if length == 0 {
                break;
            }
            chunk.copy_within(start..end, 0);
            kept = end - start;
        }
        Ok(match (is_wrong, has_characters) {
            (false, _) => Encoding::Utf8,
            (true, true) => Encoding::Doubtful,
            (true, false) => Encoding::Windows1252,
        })
    }
}

/// How many lines end within these bytes, which follow others: a CR and its LF are one end.
pub fn line_ends(bytes: &[u8], was_cr: &mut bool) -> u64 {
    let before = |at: usize| at.checked_sub(1).map_or(*was_cr, |at| bytes[at] == b'\r');
    let ends = memchr::memchr2_iter(b'\n', b'\r', bytes);
    let count = ends
        .filter(|at| bytes[*at] == b'\r' || !before(*at))
        .count();
    *was_cr = before(bytes.len());
    count as u64
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
fn keep(mut stream: impl Read, file: io::Result<File>) -> io::Result<File> {
    let mut file = file?;
    let mut chunk = vec![0; CHUNK];
    let mut may_be_binary = None;
    loop {
        let length = read_fully(&mut stream, &mut chunk)?;
        let bytes = &chunk[..length];
        let may_be_binary =
            *may_be_binary.get_or_insert(bytes.starts_with(GZIP) || utf16_unit(bytes).is_some());
        // What comes next is not needed: the reader refuses this part.
        let is_binary = !may_be_binary && memchr::memchr(0, bytes).is_some();
        file.write_all(bytes)?;
        if length < chunk.len() || is_binary {
            file.seek(SeekFrom::Start(0))?;
            return Ok(file);
        }
    }
}

/// Reads until the buffer is full or nothing more comes.
pub fn read_fully(from: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
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
pub fn source_of(bytes: &[u8]) -> Source {
    let file = keep(bytes, tempfile::tempfile()).unwrap();
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
        let encoding = |bytes: &[u8]| source_of(bytes).encoding().unwrap();
        assert_eq!(encoding(long.as_bytes()), Encoding::Utf8);
        assert_eq!(encoding(&long.as_bytes()[..1001]), Encoding::Doubtful);
        assert_eq!(encoding(b"caf\xe9,1"), Encoding::Windows1252);
    }

    #[test]
    fn utf16_with_a_mark_is_read_as_text_and_half_a_character_is_not() {
        let text = format!("a,b\n{},€\n", "é".repeat(CHUNK));
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let marked = [b"\xff\xfe", &little[..]].concat();
        for bytes in [gzip(&marked), marked, [b"\xfe\xff", &big[..]].concat()] {
            assert_eq!(read(&source_of(&bytes), 0), text.as_bytes());
        }
        let file = keep(&b"\xff\xfea\0\x00\xd8b\0"[..], tempfile::tempfile()).unwrap();
        let e = Source::of("test.csv".to_owned(), file).unwrap_err();
        assert_eq!(
            e.message,
            "test.csv is in UTF-16, and parts of it are no text"
        );
    }

    #[test]
    fn lines_are_counted_as_an_editor_does() {
        let source = source_of(b"a\r\n\r\nb\rc\nd");
        for (place, line) in [(0, 1), (5, 3), (7, 4), (9, 5)] {
            assert_eq!(source.line_of(place).unwrap(), line, "{place}");
        }
    }
}
