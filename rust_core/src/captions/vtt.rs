//! `WebVTT` (W3C): blocks with an optional name, a span with settings, and text in which stamps say when a word is spoken.

use super::clock::{span, time};
use super::lines::blocks;
use super::marks::{is_one_of, strip};
use super::{Cue, Part, at_line, cue};
use crate::error::CoreError;

const TAGS: [&str; 8] = ["c", "i", "b", "u", "v", "lang", "ruby", "rt"];
const ENTITIES: [(&str, &str); 6] =
    [("&lt;", "<"), ("&gt;", ">"), ("&nbsp;", "\u{a0}"), ("&lrm;", "\u{200e}"), ("&rlm;", "\u{200f}"), ("&amp;", "&")];

/// The cues of a file.
pub fn parse(file: &str) -> Result<Vec<Cue>, CoreError> {
    let blocks = blocks(file).into_iter().skip(1); // the first one is the header
    let other = |line: &str| ["NOTE", "STYLE", "REGION"].iter().any(|name| line.starts_with(name));
    blocks
        .filter(|(_, block)| !block.first().is_some_and(|line| other(line)))
        .map(|(at, block)| block_of(at, &block))
        .collect()
}

fn block_of(first: usize, block: &[&str]) -> Result<Cue, CoreError> {
    let at = block.iter().take(2).position(|line| line.contains("-->"));
    let at = at.ok_or_else(|| at_line(first, "a caption begins with 00:01.000 --> 00:02.000"))?;
    let line = first + at;
    let (times, text) = (block.get(at).copied().unwrap_or_default(), block.get(at + 1..).unwrap_or_default());
    let (from, to) = span(times, |text| time(text, true))
        .ok_or_else(|| at_line(line, "a time is written 00:01.000 or 00:00:01.000"))?;
    cue(line, from, to, parts(&text.join("\n")))
}

/// The text, cut at its stamps.
fn parts(text: &str) -> Vec<Part> {
    let mut parts = vec![(None, String::new())];
    for (at, piece) in text.split('<').enumerate() {
        let stamp = piece.split_once('>').and_then(|(inside, after)| Some((time(inside, true)?, after)));
        match (stamp, parts.last_mut()) {
            (Some((time, after)), _) if at > 0 => parts.push((Some(time), after.to_owned())),
            (_, Some((_, text))) => text.extend([if at > 0 { "<" } else { "" }, piece]),
            _ => {}
        }
    }
    let plain = |text: String| {
        let bare = strip(&text, |inside| is_one_of(inside, &TAGS));
        ENTITIES.iter().fold(bare, |text, (entity, character)| text.replace(entity, character))
    };
    parts.into_iter().map(|(at, text)| Part { at, text: plain(text) }).collect()
}
