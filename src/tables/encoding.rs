//! The encodings that a table may have beside UTF-8: Windows-1252 in both directions, and UTF-16, which is read.

use std::borrow::Cow;
use std::io::{self, Read, Write};

/// How the bytes of a file are text. A file that is valid UTF-8 is UTF-8; any other is Windows-1252.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// Nothing but ASCII so far.
    Ascii,
    Utf8,
    Windows1252,
    /// Windows-1252, though some of its characters are UTF-8: one of the two is a mistake.
    Doubtful,
}

impl Encoding {
    pub const fn is_windows_1252(self) -> bool {
        matches!(self, Self::Windows1252 | Self::Doubtful)
    }

    /// The text of bytes; what no character can be is shown as such.
    pub fn decode(self, bytes: &[u8]) -> Cow<'_, str> {
        if self.is_windows_1252() {
            of_windows_1252(bytes)
        } else {
            String::from_utf8_lossy(bytes)
        }
    }
}

/// What the bytes from 0x80 to 0x9F are in Windows-1252; every other byte is the character of its number, and so are five of these,
/// which no letter has (<https://encoding.spec.whatwg.org/#windows-1252>).
#[rustfmt::skip]
const LETTERS: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];
const FIRST_LETTER: u8 = 0x80;

/// The text of bytes in Windows-1252.
fn of_windows_1252(bytes: &[u8]) -> Cow<'_, str> {
    if bytes.is_ascii() {
        return String::from_utf8_lossy(bytes);
    }
    let characters = bytes.iter().map(|byte| {
        let letter = byte.checked_sub(FIRST_LETTER).map(usize::from);
        let letter = letter.and_then(|letter| LETTERS.get(letter));
        letter.copied().unwrap_or(char::from(*byte))
    });
    characters.collect::<String>().into()
}

/// A text in Windows-1252; or which character it has not.
pub fn windows_1252(text: &str) -> Result<Cow<'_, [u8]>, char> {
    if text.is_ascii() {
        return Ok(text.as_bytes().into());
    }
    let byte = |strange: char| {
        let letter = (FIRST_LETTER..)
            .zip(LETTERS)
            .find(|(_, letter)| *letter == strange);
        let same = u8::try_from(strange)
            .ok()
            .filter(|byte| !(0x80..0xa0).contains(byte));
        same.or(letter.map(|(byte, _)| byte)).ok_or(strange)
    };
    text.chars()
        .map(byte)
        .collect::<Result<Vec<_>, _>>()
        .map(Cow::Owned)
}

/// How two bytes are one unit of UTF-16.
pub type Unit = fn([u8; 2]) -> u16;

/// UTF-16, told by its mark.
pub fn utf16_unit(start: &[u8]) -> Option<Unit> {
    match start {
        [0xff, 0xfe, ..] => Some(u16::from_le_bytes),
        [0xfe, 0xff, ..] => Some(u16::from_be_bytes),
        _ => None,
    }
}

/// Writes a text in UTF-16, without its mark, as UTF-8, `chunk` bytes at a time. What no text can have ends it: the reader refuses that.
pub fn utf16_to_utf8(
    from: &mut impl Read,
    unit: Unit,
    chunk: usize,
    to: &mut impl Write,
) -> io::Result<()> {
    let no_text = || io::Error::other("is in UTF-16, and parts of it are no text");
    // What is left here from the chunk before is a part of a character.
    let mut bytes = Vec::with_capacity(chunk);
    let mut utf8 = String::with_capacity(chunk * 3 / 2);
    loop {
        let room = (chunk - bytes.len()) as u64;
        from.take(room).read_to_end(&mut bytes)?;
        let is_last = bytes.len() < chunk;
        let (units, odd) = bytes.as_chunks();
        let is_high = |last: &[u8; 2]| (0xd800..0xdc00).contains(&unit(*last));
        let is_cut = units.last().is_some_and(is_high);
        let cut = odd.len() + if is_cut { 2 } else { 0 };
        if is_last && cut > 0 {
            return Err(no_text());
        }
        let whole = &units[..units.len() - usize::from(is_cut)];
        utf8.clear();
        for character in char::decode_utf16(whole.iter().map(|pair| unit(*pair))) {
            utf8.push(character.map_err(|_| no_text())?);
        }
        to.write_all(utf8.as_bytes())?;
        if is_last || utf8.contains('\0') {
            return Ok(());
        }
        bytes.drain(..bytes.len() - cut);
    }
}

#[cfg(test)]
mod tests {
    use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1252};
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_byte_and_every_character_of_windows_1252_is_as_the_standard_has_it() {
        for byte in 0..=u8::MAX {
            let byte = [byte];
            let (expected, _) = WINDOWS_1252.decode_without_bom_handling(&byte);
            assert_eq!(of_windows_1252(&byte), expected, "{byte:?}");
        }
        for character in '\0'..='\u{ffff}' {
            let text = character.to_string();
            let (expected, _, is_lossy) = WINDOWS_1252.encode(&text);
            let expected = (!is_lossy).then_some(expected);
            assert_eq!(windows_1252(&text).ok(), expected, "{character:?}");
        }
    }

    /// Units of which many are halves of characters, and some are no text or a mark.
    fn unit() -> impl Strategy<Value = u16> {
        prop_oneof![
            Just(0xd83d),
            Just(0xde00),
            Just(0xfeff),
            Just(0xe9),
            0x20_u16..0x7f,
            1_u16..
        ]
    }

    proptest! {
        #[test]
        fn windows_1252_is_read_and_written_as_encoding_rs_does(
            bytes in prop::collection::vec(any::<u8>(), 0..40),
            text in "[a-z€éŸ\u{81}\u{80}中]{0,8}",
        ) {
            let read = of_windows_1252(&bytes);
            prop_assert_eq!(&read, &WINDOWS_1252.decode_without_bom_handling(&bytes).0);
            prop_assert_eq!(&*windows_1252(&read).unwrap(), &*bytes);
            let (expected, _, is_lossy) = WINDOWS_1252.encode(&text);
            prop_assert_eq!(windows_1252(&text).ok(), (!is_lossy).then_some(expected));
        }

        #[test]
        fn utf16_is_read_as_encoding_rs_does_whatever_a_chunk_cuts(
            units in prop::collection::vec(unit(), 0..24),
            odd in prop::option::weighted(0.2, any::<u8>()),
            chunk in 4_usize..12,
            is_big: bool,
        ) {
            let (charset, unit, bytes): (_, Unit, fn(u16) -> [u8; 2]) = if is_big {
                (UTF_16BE, u16::from_be_bytes, u16::to_be_bytes)
            } else {
                (UTF_16LE, u16::from_le_bytes, u16::to_le_bytes)
            };
            let units = units.into_iter().flat_map(bytes);
            let bytes: Vec<u8> = units.chain(odd).collect();
            let mut text = Vec::new();
            let is_text = utf16_to_utf8(&mut &bytes[..], unit, chunk, &mut text).is_ok();
            let (expected, is_wrong) = charset.decode_without_bom_handling(&bytes);
            prop_assert_eq!(is_text, !is_wrong);
            prop_assert!(!is_text || text == expected.as_bytes());
        }
    }
}
