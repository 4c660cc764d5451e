//! The characters that steer a terminal, turn the direction of text, or cannot be seen.

use std::fmt::Write as _;

/// Whether a character is one of them.
pub fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Escapes them in a JSON text, as JSON itself does: no value changes, and its lines and their indents stay.
pub fn escaped_json(text: String) -> String {
    let steers = |character: char| !matches!(character, '\n' | '\t') && is_hidden(character);
    if !text.contains(steers) {
        return text;
    }
    let mut shown = String::with_capacity(text.len() + 64);
    for character in text.chars() {
        if !steers(character) {
            shown.push(character);
            continue;
        }
        for unit in character.encode_utf16(&mut [0; 2]) {
            let _ = write!(shown, "\\u{unit:04x}");
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn json_keeps_every_value_and_steers_nothing(text in ".*") {
            let json = escaped_json(serde_json::to_string_pretty(&[&text]).unwrap());
            prop_assert!(!json.contains(|c| c != '\n' && is_hidden(c)));
            prop_assert_eq!(serde_json::from_str::<Vec<String>>(&json).unwrap(), vec![text]);
        }
    }
}
