//! Captions from the files that people have them in: `SubRip`, `WebVTT` and `SubStation` Alpha. Text and times are taken,
//! exactly; how it looks is the film's to say, so marks of style, places and drawings in the file are left out.

mod ass;
mod clock;
mod lines;
mod marks;
mod shown;
mod srt;
mod vtt;
mod words;

pub use shown::{Shown, shown};

use crate::error::{Code, CoreError};
use crate::time::Time;

/// The most cues of a file.
const MOST_CUES: usize = 5_000;

/// Text that is shown from a point on until before another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cue {
    /// When it appears.
    pub from: Time,
    /// When it is gone.
    pub to: Time,
    /// Its text, cut where the file says when a part is spoken.
    pub parts: Vec<Part>,
}

/// Some of a cue's text; lines end with a line feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// When it is spoken, where the file says so.
    pub at: Option<Time>,
    /// The text.
    pub text: String,
}

impl Cue {
    /// All of its text.
    pub fn text(&self) -> String {
        self.parts.iter().map(|part| part.text.as_str()).collect()
    }
}

/// The cues of a file in its order; which format it is shows in its first line. Refuses with `bad_parameter` what can't be
/// read, by the number of its line.
pub fn parse(file: &str) -> Result<Vec<Cue>, CoreError> {
    let file = file.strip_prefix('\u{feff}').unwrap_or(file);
    let first = file.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    let cues = if first == "WEBVTT" || first.starts_with("WEBVTT ") {
        vtt::parse(file)?
    } else if first.starts_with('[') {
        ass::parse(file)?
    } else {
        srt::parse(file)?
    };
    let cues: Vec<Cue> = cues.into_iter().filter(|cue| !cue.text().trim().is_empty()).collect();
    match cues.len() {
        0 => Err(refused("there is no caption in it".to_owned())),
        1..=MOST_CUES => Ok(cues),
        _ => Err(refused(format!("it has more than {MOST_CUES} captions"))),
    }
}

/// A cue from `from` to `to`, of the line number `line` in its file.
fn cue(line: usize, from: Time, to: Time, parts: Vec<Part>) -> Result<Cue, CoreError> {
    if to <= from {
        return Err(at_line(line, "a caption ends after it begins"));
    }
    Ok(Cue { from, to, parts })
}

fn at_line(line: usize, rule: &str) -> CoreError {
    refused(format!("line {line}: {rule}"))
}

fn refused(message: String) -> CoreError {
    CoreError::new(Code::BadParameter, message).at("params.text")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::FLICKS_PER_SECOND;
    use proptest::prelude::*;

    const MS: i64 = FLICKS_PER_SECOND / 1000;

    fn told(file: &str) -> Vec<(i64, i64, String)> {
        parse(file).unwrap().into_iter().map(|cue| (cue.from.0 / MS, cue.to.0 / MS, cue.text())).collect()
    }

    #[test]
    fn subrip_is_read() {
        let file = "\u{feff}1\n00:00:01,500 --> 00:00:02,250\n<i>Hello</i> <3\n{\\an8}there\n\n\n2\n00:01:00.000 --> 01:00:00.000 \nx";
        assert_eq!(told(file), [(1500, 2250, "Hello <3\nthere".to_owned()), (60_000, 3_600_000, "x".to_owned())]);
    }

    #[test]
    fn webvtt_is_read() {
        let file = "WEBVTT - a file\n\nNOTE nothing\nof this\n\nSTYLE\n::cue {}\n\nintro\n00:01.000 --> 00:03.000 align:left\n\
                    <v Ann>one <00:02.000>two &amp;<c.loud> three</c> <b\n";
        assert_eq!(told(file), [(1000, 3000, "one two & three <b".to_owned())]);
        let parts: Vec<_> = parse(file).unwrap().remove(0).parts.into_iter().map(|part| part.at).collect();
        assert_eq!(parts, [None, Some(Time(2000 * MS))]);
    }

    #[test]
    fn substation_alpha_is_read() {
        let file = "[Script Info]\nTitle: x\n[Events]\nFormat: Layer, Start, End, Style, Text\n\
                    Dialogue: 0,0:00:01.00,0:00:02.50,Default,{\\k50\\b1}one {\\kf100}two, three\\Nfour\\h5 a\\b\n\
                    Comment: 0,0:00:01.00,0:00:02.50,Default,no\nDialogue: 0,0:00:01.00,0:00:02.50,Default,{\\p1}m 0 0\n";
        assert_eq!(told(file), [(1000, 2500, "one two, three\nfour\u{a0}5 a\\b".to_owned())]);
        let parts: Vec<_> = parse(file).unwrap().remove(0).parts.into_iter().map(|part| part.at).collect();
        assert_eq!(parts, [Some(Time(1000 * MS)), Some(Time(1500 * MS))]);
    }

    #[test]
    fn what_cannot_be_read_is_refused_by_its_line() {
        for (file, named) in [
            ("", "no caption"),
            ("1\n00:00:01,000 -> 00:00:02,000\nx", "line 2"),
            ("1\n00:00:02,000 --> 00:00:01,000\nx", "line 2"),
            ("1\n00:00:61,000 --> 00:02:01,000\nx", "line 2"),
            ("WEBVTT\n\n00:01.000 --> nine\nx", "line 3"),
            ("[Events]\nDialogue: 0,0:00:01.00,0:00:02.50,Default,x", "line 2"),
            ("[Events]\nFormat: Start, End, Text\nDialogue: 1,2", "line 3"),
        ] {
            let error = parse(file).unwrap_err();
            assert!(error.to_string().contains(named), "{error}");
        }
    }

    proptest! {
        #[test]
        fn no_file_panics(head in "(WEBVTT|\\[Events\\]\nFormat: Start, End, Text|1)", rest in "[0-9:.,<>{}\\\\ \n&akNDialogue-]{0,120}") {
            let _ = parse(&format!("{head}\n{rest}"));
        }
    }
}
