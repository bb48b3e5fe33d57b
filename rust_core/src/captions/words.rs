//! A cue word by word. Where the file does not say when a word is spoken, the words of a part share its time by their
//! letters.

use super::Cue;
use crate::time::Time;

/// A word with the blank after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// When it begins to be spoken.
    pub at: Time,
    /// Its text; joined, the words are the cue's text.
    pub text: String,
}

/// The words of a cue, in order; their times never go back.
pub fn words(cue: &Cue) -> Vec<Word> {
    let mut words = Vec::new();
    let mut from = cue.from;
    for (at, part) in cue.parts.iter().enumerate() {
        from = part.at.map_or(from, |said| said.clamp(from, cue.to));
        let next = cue.parts.get(at + 1..).unwrap_or_default().iter().find_map(|part| part.at);
        let until = next.map_or(cue.to, |next| next.clamp(from, cue.to));
        words.extend(shared(&part.text, from, until));
        from = until;
    }
    words
}

fn shared(text: &str, from: Time, until: Time) -> Vec<Word> {
    let letters = |word: &str| i128::try_from(word.trim().chars().count()).unwrap_or_default();
    let pieces = pieces(text);
    let all = pieces.iter().map(|piece| letters(piece)).sum::<i128>().max(1);
    let span = i128::from(until.since(from).0);
    let mut said = 0;
    let timed = pieces.into_iter().map(|piece| {
        let at = from.0 + i64::try_from(span * said / all).unwrap_or_default();
        said += letters(piece);
        Word { at: Time(at), text: piece.to_owned() }
    });
    timed.collect()
}

/// Cut before every word that follows a blank.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let (mut begun, mut blank) = (0, false);
    for (at, character) in text.char_indices() {
        if blank && !character.is_whitespace() {
            pieces.push(&text[begun..at]);
            begun = at;
        }
        blank = character.is_whitespace();
    }
    if begun < text.len() {
        pieces.push(&text[begun..]);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::super::Part;
    use super::*;

    #[test]
    fn words_share_their_part_by_letters() {
        let parts = vec![
            Part { at: None, text: "one three ".to_owned() },
            Part { at: Some(Time(160)), text: "four\nfive".to_owned() },
        ];
        let cue = Cue { from: Time(0), to: Time(200), parts };
        let told: Vec<_> = words(&cue).into_iter().map(|word| (word.at.0, word.text)).collect();
        let expected = [(0, "one "), (60, "three "), (160, "four\n"), (180, "five")];
        assert_eq!(told, expected.map(|(at, text)| (at, text.to_owned())));
    }

    #[test]
    fn no_time_goes_back_or_leaves_the_cue() {
        let part = |at, text: &str| Part { at: Some(Time(at)), text: text.to_owned() };
        let cue = Cue { from: Time(100), to: Time(200), parts: vec![part(150, "a "), part(120, "b "), part(900, "c")] };
        let at: Vec<_> = words(&cue).into_iter().map(|word| word.at.0).collect();
        assert!(at.is_sorted() && at.iter().all(|at| (100..=200).contains(at)), "{at:?}");
    }
}
