//! Times as caption files write them.

use crate::decimal::scaled;
use crate::time::{FLICKS_PER_SECOND, Time};

/// `from --> to`, with what follows it left out.
pub fn span(line: &str, read: fn(&str) -> Option<Time>) -> Option<(Time, Time)> {
    let (from, rest) = line.split_once("-->")?;
    let to = rest.split_whitespace().next()?;
    Some((read(from.trim())?, read(to)?))
}

/// `H:MM:SS.fff` or, where `hours` may be missing, `MM:SS.fff`: any number of decimals, none beyond a flick.
pub fn time(text: &str, hours_missing: bool) -> Option<Time> {
    let fields: Vec<&str> = text.split(':').collect();
    let (hours, minutes, seconds) = match fields[..] {
        [hours, minutes, seconds] => (whole(hours, 4)?, whole(minutes, 2)?, seconds),
        [minutes, seconds] if hours_missing => (0, whole(minutes, 2)?, seconds),
        _ => return None,
    };
    let (full, decimals) = seconds.split_once('.').unwrap_or((seconds, "0"));
    let plain = !decimals.is_empty() && decimals.bytes().all(|byte| byte.is_ascii_digit());
    if minutes > 59 || whole(full, 2)? > 59 || !plain {
        return None;
    }
    Some(Time(scaled(seconds, FLICKS_PER_SECOND)? + (3600 * hours + 60 * minutes) * FLICKS_PER_SECOND))
}

fn whole(text: &str, most: usize) -> Option<i64> {
    let plain = (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if plain { text.parse().ok() } else { None }
}
