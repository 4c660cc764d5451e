//! Makes the head of an answer what the parser takes. RFC 9112 lets a client read what old servers and gateways send, and httparse refuses
//! the whole answer: folded lines, a blank before the colon, more headers than it has room for.

/// So many lines are left as they are; the parser takes 128.
const MOST_LINES: usize = 100;
/// What is read of a head, whatever its place in it.
const NEEDED: [&str; 9] = [
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "date",
    "location",
    "retry-after",
    "transfer-encoding",
    "www-authenticate",
];

/// Whether an input may be the beginning of a head.
pub(super) fn may_be_one(input: &[u8]) -> bool {
    let start = b"HTTP/1.";
    start.starts_with(&input[..input.len().min(start.len())])
}

/// Mends the heads that an input begins with, in place and in their length; what follows them is left alone. Tells whether the last of them is there
/// to its end: interim answers come before it. A head that is not whole may be mended in part.
pub(super) fn mend(input: &mut [u8]) -> bool {
    let mut start = 0;
    while may_be_one(&input[start..]) {
        let is_interim = input.get(start + 9) == Some(&b'1');
        match mend_one(&mut input[start..]) {
            Some(length) if is_interim => start += length,
            end => return end.is_some(),
        }
    }
    false
}

/// Mends one head, and returns its length if its end is there.
fn mend_one(head: &mut [u8]) -> Option<usize> {
    let (mut start, mut lines, mut is_open) = (line_end(head, 0)?, 0, false);
    loop {
        let end = line_end(head, start)?;
        let is_fold = matches!(head[start], b' ' | b'\t');
        if head[start..end].trim_ascii().is_empty() && !is_fold {
            return Some(end);
        }
        let is_needed = !is_fold && {
            close_name(&mut head[start..end]);
            let name = head[start..end].split(|byte| *byte == b':').next();
            let name = name.unwrap_or_default();
            NEEDED
                .iter()
                .any(|one| one.as_bytes().eq_ignore_ascii_case(name))
        };
        // The status line takes nothing more, and what is needed stays as it is.
        let is_joined = lines > 0 && (is_fold || (lines >= MOST_LINES && is_open && !is_needed));
        if is_joined {
            blank_line_break(&mut head[..start]);
        } else {
            lines += 1;
            is_open = !is_needed;
        }
        start = end;
    }
}

/// Where the next line begins.
fn line_end(head: &[u8], start: usize) -> Option<usize> {
    let at = memchr::memchr(b'\n', &head[start..])?;
    Some(start + at + 1)
}

/// Moves blanks between a name and its colon behind the colon.
fn close_name(line: &mut [u8]) {
    let Some(colon) = memchr::memchr(b':', line) else {
        return;
    };
    let name = line[..colon].trim_ascii_end().len();
    if name > 0 && name < colon {
        line[name] = b':';
        line[name + 1..=colon].fill(b' ');
    }
}

/// Makes the line break at the end of these lines blank, so that the next one continues the last.
fn blank_line_break(lines: &mut [u8]) {
    let end = lines
        .iter()
        .rposition(|byte| !matches!(byte, b'\r' | b'\n'));
    let end = end.map_or(0, |at| at + 1);
    lines[end..].fill(b' ');
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn mended(head: &str) -> (String, bool) {
        let mut bytes = head.as_bytes().to_vec();
        let is_whole = mend(&mut bytes);
        (String::from_utf8(bytes).unwrap(), is_whole)
    }

    #[test]
    fn folds_and_blanks_are_read_as_blanks_and_the_body_is_left_alone() {
        let head = "HTTP/1.1 200 OK\r\nA : b\r\nC: a\r\n b\r\n\tc\nDate:d\r\n\r\nX : y\r\n z";
        let same = "HTTP/1.1 200 OK\r\nA:  b\r\nC: a   b  \tc\nDate:d\r\n\r\nX : y\r\n z";
        assert_eq!(mended(head), (same.to_owned(), true));
        // It arrives in pieces, and what is mended is mended again.
        for cut in 0..head.find("\r\n\r\n").unwrap() {
            let (part, is_whole) = mended(&head[..cut]);
            assert!(!is_whole);
            let whole = mended(&(part + &head[cut..]));
            assert_eq!(whole, (same.to_owned(), true), "{cut}");
        }
        let interim = "HTTP/1.1 103 Early\r\nLink : a\r\n\r\n";
        let both = format!("{interim}{head}");
        assert_eq!(
            mended(&both).0,
            format!("{}{same}", interim.replace("Link :", "Link: "))
        );
        assert!(!mended(interim).1);
        for other in [
            "",
            "\u{16}\u{3}\u{1} a : b\r\n c",
            "HTTP/2 200\r\nA : b\r\n\r\n",
        ] {
            assert_eq!(mended(other), (other.to_owned(), false));
        }
    }

    #[test]
    fn of_many_headers_those_that_are_read_keep_their_lines() {
        let many = |count| {
            let lines: Vec<_> = (0..count).map(|n| format!("X-{n}: {n}\r\n")).collect();
            lines.concat()
        };
        let head = format!(
            "HTTP/1.1 200 OK\r\n{}Content-Length: 2\r\n{}\r\n{{}}",
            many(300),
            many(9)
        );
        let (head, is_whole) = mended(&head);
        assert!(
            is_whole && head.contains("\nContent-Length: 2\r\nX-0: 0 "),
            "{head}"
        );
        assert!(head.lines().count() < 110 && head.ends_with("\r\n\r\n{}"));
        let few = format!("HTTP/1.1 200 OK\r\n{}\r\n", many(90));
        assert_eq!(mended(&few).0, few);
    }

    proptest! {
        #[test]
        fn what_the_parser_takes_is_left_as_it_is(lines in proptest::collection::vec("[A-Za-z-]{1,9}:[ -~]{0,9}\r\n", 0..60), body in ".{0,40}") {
            let head = format!("HTTP/1.1 200 OK\r\n{}\r\n{body}", lines.concat());
            prop_assert_eq!(mended(&head), (head.clone(), true));
        }

        #[test]
        fn no_bytes_make_it_panic_or_change_their_number(bytes in proptest::collection::vec(prop_oneof![Just(b'\n'), Just(b'\r'), Just(b' '), Just(b':'), any::<u8>()], 0..60)) {
            let mut input = [b"HTTP/1.1 200 OK\r\n", &*bytes].concat();
            mend(&mut input);
            prop_assert_eq!(input.len(), bytes.len() + 17);
        }
    }
}
