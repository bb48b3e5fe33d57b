//! What of some captions stands on the picture at each frame.

use std::collections::BTreeSet;

use super::Cue;
use super::words::words;
use crate::time::Time;

/// Lines of text, unchanged on frames `[from, to)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The first frame.
    pub from: i64,
    /// The frame after the last.
    pub to: i64,
    /// From top to bottom; captions that show at once stand below each other, in the order of the file.
    pub lines: Vec<String>,
}

/// What shows on the frames `[first, last)`, told from `first`: whole captions, or of each only the word that is being
/// spoken. `frame` says at which frame a time is.
pub fn shown(cues: &[Cue], by_word: bool, frame: impl Fn(Time) -> i64, (first, last): (i64, i64)) -> Vec<Shown> {
    let near = |cue: &&Cue| frame(cue.from) < last && first < frame(cue.to);
    let timed: Vec<Timed> = cues.iter().filter(near).flat_map(|cue| timed(cue, by_word, &frame)).collect();
    let edges = timed.iter().flat_map(|text| [text.from, text.to]);
    let edges: BTreeSet<i64> = edges.map(|edge| edge.clamp(first, last)).collect();
    let edges: Vec<i64> = edges.into_iter().collect();
    let stretch = |pair: &[i64]| match *pair {
        [from, to] => Some(Shown { from: from - first, to: to - first, lines: standing(&timed, from) }),
        _ => None,
    };
    edges.windows(2).filter_map(stretch).filter(|shown| !shown.lines.is_empty()).collect()
}

/// Text on frames.
struct Timed {
    from: i64,
    to: i64,
    text: String,
}

fn timed(cue: &Cue, by_word: bool, frame: &impl Fn(Time) -> i64) -> Vec<Timed> {
    let end = frame(cue.to);
    if !by_word {
        return vec![Timed { from: frame(cue.from), to: end, text: cue.text() }];
    }
    let words = words(cue);
    let ends = words.iter().skip(1).map(|word| frame(word.at)).chain([end]);
    let each = words.iter().zip(ends);
    each.map(|(word, to)| Timed { from: frame(word.at), to, text: word.text.trim().to_owned() }).collect()
}

fn standing(timed: &[Timed], frame: i64) -> Vec<String> {
    let now = timed.iter().filter(|text| text.from <= frame && frame < text.to);
    let lines = now.flat_map(|text| text.text.lines().map(str::trim));
    lines.filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::super::Part;
    use super::*;

    fn told(by_word: bool, range: (i64, i64)) -> Vec<(i64, i64, String)> {
        let cue = |from, to, text: &str| Cue {
            from: Time(from),
            to: Time(to),
            parts: vec![Part { at: None, text: text.to_owned() }],
        };
        let all = shown(&[cue(2, 6, "ab\ncd"), cue(5, 9, "e")], by_word, |time| time.0, range);
        all.into_iter().map(|shown| (shown.from, shown.to, shown.lines.join("/"))).collect()
    }

    fn are(expected: &[(i64, i64, &str)]) -> Vec<(i64, i64, String)> {
        expected.iter().map(|(from, to, text)| (*from, *to, (*text).to_owned())).collect()
    }

    #[test]
    fn captions_that_show_at_once_stand_below_each_other() {
        assert_eq!(told(false, (0, 10)), are(&[(2, 5, "ab/cd"), (5, 6, "ab/cd/e"), (6, 9, "e")]));
    }

    #[test]
    fn words_come_one_by_one() {
        assert_eq!(told(true, (0, 5)), are(&[(2, 4, "ab"), (4, 5, "cd")]));
    }

    #[test]
    fn a_piece_is_told_from_its_own_start() {
        assert_eq!(told(false, (3, 5)), are(&[(0, 2, "ab/cd")]));
        assert_eq!(told(false, (9, 12)), are(&[]));
    }
}
