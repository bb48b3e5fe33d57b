//! Advanced `SubStation` Alpha: the dialogue of `[Events]`, in the columns that its `Format` names. `\k` and its kin say how
//! long each part is spoken, in hundredths of a second.

use super::clock::time;
use super::marks::strip;
use super::{Cue, Part, at_line, cue};
use crate::error::CoreError;
use crate::time::{FLICKS_PER_SECOND, Time};

/// The cues of a file.
pub fn parse(file: &str) -> Result<Vec<Cue>, CoreError> {
    let (mut columns, mut events, mut cues) = (None, false, Vec::new());
    for (at, line) in file.split('\n').enumerate() {
        let (line, number) = (line.trim_end(), at + 1);
        if line.starts_with('[') {
            events = line.eq_ignore_ascii_case("[events]");
        } else if let (true, Some(names)) = (events, line.strip_prefix("Format:")) {
            columns = Columns::of(names);
        } else if let (true, Some(row)) = (events, line.strip_prefix("Dialogue:")) {
            let columns =
                columns.ok_or_else(|| at_line(number, "a Format with Start, End and Text comes before it"))?;
            cues.extend(columns.cue(number, row)?);
        }
    }
    Ok(cues)
}

#[derive(Debug, Clone, Copy)]
struct Columns {
    start: usize,
    end: usize,
    count: usize,
}

impl Columns {
    /// The columns that matter; text is the last one.
    fn of(names: &str) -> Option<Self> {
        let names: Vec<&str> = names.split(',').map(str::trim).collect();
        let place = |name: &str| names.iter().position(|each| each.eq_ignore_ascii_case(name));
        let last = place("Text")? + 1 == names.len();
        last.then_some(Self { start: place("Start")?, end: place("End")?, count: names.len() })
    }

    /// A row as a cue; none where it is a drawing.
    fn cue(self, number: usize, row: &str) -> Result<Option<Cue>, CoreError> {
        let fields: Vec<&str> = row.splitn(self.count, ',').collect();
        let stamp = |at: usize| fields.get(at).and_then(|field| time(field.trim(), false));
        let (Some(from), Some(to), Some(text)) = (stamp(self.start), stamp(self.end), fields.get(self.count - 1))
        else {
            return Err(at_line(number, "it lacks a column, or a time written 0:00:01.00"));
        };
        if is_drawing(text) {
            return Ok(None);
        }
        cue(number, from, to, parts(text, from)).map(Some)
    }
}

fn is_drawing(text: &str) -> bool {
    overrides(text).any(|tag| tag.strip_prefix('p').is_some_and(|scale| scale.parse().is_ok_and(|scale: u8| scale > 0)))
}

/// Every tag of every block of overrides.
fn overrides(text: &str) -> impl Iterator<Item = &str> {
    let blocks = text.split('{').skip(1).filter_map(|from| from.split_once('}'));
    blocks.flat_map(|(block, _)| block.split('\\').skip(1))
}

/// The text, cut where it is spoken on.
fn parts(text: &str, from: Time) -> Vec<Part> {
    let mut parts: Vec<(Option<Time>, String)> = vec![(None, String::new())];
    let mut spoken = from;
    for (at, piece) in text.split('{').enumerate() {
        let block = if at > 0 { piece.split_once('}') } else { None };
        if let Some(length) = block.and_then(|(block, _)| beat(block)) {
            parts.push((Some(spoken), String::new()));
            spoken = Time(spoken.0.saturating_add(length));
        }
        if let Some((_, text)) = parts.last_mut() {
            *text += &block.map_or_else(
                || if at > 0 { format!("{{{piece}") } else { piece.to_owned() },
                |(_, after)| after.to_owned(),
            );
        }
    }
    let plain =
        |text: String| strip(&text, |_| false).replace("\\N", "\n").replace("\\n", "\n").replace("\\h", "\u{a0}");
    let parts = parts.into_iter().map(|(at, text)| Part { at, text: plain(text) });
    parts.filter(|part| part.at.is_some() || !part.text.is_empty()).collect()
}

/// How long a part is spoken, in flicks.
fn beat(block: &str) -> Option<i64> {
    let tags = block.split('\\').skip(1);
    let digits = |tag: &str| tag.trim_start_matches(['k', 'K', 'f', 'o']).parse::<u32>().ok();
    let length = tags.filter(|tag| tag.starts_with(['k', 'K'])).find_map(digits)?;
    Some(i64::from(length) * (FLICKS_PER_SECOND / 100))
}
