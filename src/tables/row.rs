//! One row: its cells without their quotes, as text or bytes. Copies nothing that it need not.

use std::borrow::Cow;

use super::encoding::Encoding;

/// Where a cell is in the buffer.
#[derive(Debug, Clone, Copy)]
pub struct Span {
    pub start: usize,
    pub end: usize,
    pub is_quoted: bool,
}

/// One row.
#[derive(Clone, Copy)]
pub struct Row<'r> {
    pub(super) buffer: &'r [u8],
    pub(super) cells: &'r [Span],
    pub(super) encoding: Encoding,
    /// Where in the file it begins.
    pub place: u64,
    /// The line on which it begins, if lines are counted.
    pub line: u64,
}

impl<'r> Row<'r> {
    /// How many cells it has.
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// All of it, as it stands in the file.
    pub fn all(&self) -> &'r [u8] {
        let start = self.cells.first().map_or(0, |cell| cell.start);
        let end = self.cells.last().map_or(start, |cell| cell.end);
        &self.buffer[start..end]
    }

    /// A cell without its quotes, as text; blanks around it are left out.
    pub fn text(&self, index: usize) -> Cow<'r, str> {
        match self.whole(index) {
            Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
            Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
        }
    }

    /// Like [`text`](Self::text), as bytes of UTF-8: nothing is looked at twice.
    pub fn bytes(&self, index: usize) -> Cow<'r, [u8]> {
        let Some(span) = self.cells.get(index) else {
            return Cow::Borrowed(b"");
        };
        let raw = &self.buffer[span.start..span.end];
        let is_plain = !span.is_quoted && !self.encoding.is_windows_1252();
        // A cell that begins or ends in a character that is not ASCII may begin or end in a blank that is not.
        let is_bare = |byte: Option<&u8>| byte.is_none_or(u8::is_ascii_graphic);
        if is_plain && is_bare(raw.first()) && is_bare(raw.last()) {
            return Cow::Borrowed(raw);
        }
        match self.text(index) {
            Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
            Cow::Owned(text) => Cow::Owned(text.into_bytes()),
        }
    }

    /// A cell without its quotes, as text.
    pub fn whole(&self, index: usize) -> Cow<'r, str> {
        match self.raw(index) {
            Cow::Borrowed(bytes) => self.encoding.decode(bytes),
            Cow::Owned(bytes) => Cow::Owned(self.encoding.decode(&bytes).into_owned()),
        }
    }

    /// Like [`whole`](Self::whole), if it is certain what the bytes mean.
    pub fn certain(&self, index: usize) -> Option<Cow<'r, str>> {
        if self.encoding == Encoding::Windows1252 {
            return Some(self.whole(index));
        }
        match self.raw(index) {
            Cow::Borrowed(bytes) => std::str::from_utf8(bytes).ok().map(Cow::Borrowed),
            Cow::Owned(bytes) => String::from_utf8(bytes).ok().map(Cow::Owned),
        }
    }

    /// A cell without its quotes.
    fn raw(&self, index: usize) -> Cow<'r, [u8]> {
        let Some(span) = self.cells.get(index) else {
            return Cow::Borrowed(b"");
        };
        let raw = &self.buffer[span.start..span.end];
        if span.is_quoted {
            unquoted(raw)
        } else {
            Cow::Borrowed(raw)
        }
    }
}

/// A cell that begins with a quote, without quotes. What follows the closing quote belongs to it.
fn unquoted(raw: &[u8]) -> Cow<'_, [u8]> {
    let inner = &raw[1..];
    let inner = inner.strip_suffix(b"\"").unwrap_or(inner);
    if memchr::memchr(b'"', inner).is_none() && inner.len() + 2 == raw.len() {
        return Cow::Borrowed(inner);
    }
    let mut text = Vec::with_capacity(raw.len());
    let (mut at, mut is_within) = (1, true);
    while let Some(byte) = raw.get(at) {
        if is_within && *byte == b'"' {
            at += 1;
            if raw.get(at) != Some(&b'"') {
                is_within = false;
                continue;
            }
        }
        text.push(raw[at]);
        at += 1;
    }
    Cow::Owned(text)
}
