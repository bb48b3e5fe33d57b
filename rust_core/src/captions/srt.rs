//! `SubRip`: blocks of a number, a span and lines of text.

use super::clock::{span, time};
use super::lines::blocks;
use super::marks::{is_one_of, strip};
use super::{Cue, Part, at_line, cue};
use crate::error::CoreError;
use crate::time::Time;

const TAGS: [&str; 5] = ["i", "b", "u", "s", "font"];

/// The cues of a file.
pub fn parse(file: &str) -> Result<Vec<Cue>, CoreError> {
    blocks(file).into_iter().map(|(first, block)| block_of(first, &block)).collect()
}

fn block_of(first: usize, block: &[&str]) -> Result<Cue, CoreError> {
    let numbered = block.first().is_some_and(|line| line.trim().bytes().all(|byte| byte.is_ascii_digit()));
    let (line, block) = if numbered { (first + 1, block.get(1..).unwrap_or_default()) } else { (first, block) };
    let (times, text) = block.split_first().ok_or_else(|| at_line(first, "a number alone is no caption"))?;
    let (from, to) =
        span(times, read).ok_or_else(|| at_line(line, "a caption begins with 00:00:01,000 --> 00:00:02,000"))?;
    let text = strip(&text.join("\n"), |inside| is_one_of(inside, &TAGS));
    cue(line, from, to, vec![Part { at: None, text }])
}

fn read(text: &str) -> Option<Time> {
    time(&text.replace(',', "."), false)
}
