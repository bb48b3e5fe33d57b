//! Text that is drawn: what is allowed, and the one form in which it is kept and drawn.

use crate::error::{Code, CoreError};

/// The most characters of a text.
pub const MOST_CHARACTERS: usize = 2000;

/// The most lines of a text.
pub const MOST_LINES: usize = 50;

/// The text as it is drawn: lines end with a line feed, none before the first or after the last visible line. Refuses
/// control characters other than tab, and what is empty, too long or has too many lines.
pub fn normalised(text: &str) -> Result<String, CoreError> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let text = text.trim_matches('\n');
    if let Some(control) = text.chars().find(|c| c.is_control() && !matches!(c, '\t' | '\n')) {
        return Err(refused(format!("text can't hold the control character U+{:04X}", u32::from(control))));
    }
    if text.is_empty() {
        return Err(refused("there is no text to draw"));
    }
    if text.chars().count() > MOST_CHARACTERS {
        return Err(refused(format!("a text has at most {MOST_CHARACTERS} characters")));
    }
    if text.split('\n').count() > MOST_LINES {
        return Err(refused(format!("a text has at most {MOST_LINES} lines")));
    }
    Ok(text.to_owned())
}

fn refused(message: impl Into<String>) -> CoreError {
    CoreError::new(Code::OutOfRange, message).at("params.text")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_line_ending_becomes_one() {
        assert_eq!(normalised("\r\na\r\nb\rc\n\n"), Ok("a\nb\nc".to_owned()));
    }

    #[test]
    fn controls_are_refused_and_tabs_are_not() {
        for bad in ["", "\n", "a\0b", "\u{1b}[0m", "\u{85}", "\u{7f}"] {
            assert!(normalised(bad).is_err(), "{bad:?}");
        }
        assert_eq!(normalised("a\tb"), Ok("a\tb".to_owned()));
    }

    #[test]
    fn the_limits_are_the_last_that_fit() {
        assert!(normalised(&"é".repeat(MOST_CHARACTERS)).is_ok());
        assert!(normalised(&"é".repeat(MOST_CHARACTERS + 1)).is_err());
        assert!(normalised(&["x"; MOST_LINES].join("\n")).is_ok());
        assert!(normalised(&["x"; MOST_LINES + 1].join("\n")).is_err());
    }

    proptest! {
        #[test]
        fn normalising_twice_is_normalising_once(text in any::<String>()) {
            if let Ok(once) = normalised(&text) {
                prop_assert_eq!(normalised(&once), Ok(once.clone()));
            }
        }
    }
}
