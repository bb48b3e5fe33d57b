//! What one value alone may be: ranges, names and counts. Rules between values live in `fold/check.rs`.

use crate::error::{Code, CoreError};
use crate::model::{Clip, Micro, Output, Track};
use crate::time::{MAX_TIME, Span, Time};
use crate::transform;

/// Most tracks in a project.
pub const TRACKS: usize = 200;
/// Most clips in a project.
pub const CLIPS: usize = 20_000;
/// Most effects on one clip, and on the whole film.
pub const EFFECTS: usize = 100;
/// Longest name in characters.
pub const NAME: usize = 200;
/// Loudest gain: 20 dB.
pub const GAIN: Micro = Micro(10_000_000);
/// Sample rates that a film may have: a sample is a whole number of flicks, and AAC takes it.
pub const SAMPLE_RATES: [u32; 12] =
    [8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 64_000, 88_200, 96_000];

/// Refuses with `invalid_id` what can't name a thing.
pub fn check_id(id: &str) -> Result<(), CoreError> {
    let plain = id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
    if plain && (1..=64).contains(&id.len()) {
        return Ok(());
    }
    Err(CoreError::new(Code::InvalidId, "an id is 1 to 64 letters, digits, _ and -").at("id"))
}

/// Refuses a name that is too long or holds control characters.
pub fn check_name(name: &str) -> Result<(), CoreError> {
    if name.chars().count() > NAME {
        return Err(out_of_range("name", format!("a name has at most {NAME} characters")));
    }
    if name.chars().any(char::is_control) {
        return Err(out_of_range("name", "a name has no control characters"));
    }
    Ok(())
}

/// Refuses a format that no film can have.
pub fn check_output(output: &Output) -> Result<(), CoreError> {
    for (path, size) in [("output.width", output.width), ("output.height", output.height)] {
        if !(16..=8192).contains(&size) || size % 2 != 0 {
            return Err(out_of_range(path, format!("{size} is not an even number from 16 to 8192")));
        }
    }
    if !SAMPLE_RATES.contains(&output.sample_rate) {
        return Err(out_of_range("output.sample_rate", format!("a film's sample rate is one of {SAMPLE_RATES:?}")));
    }
    let hex = output.background.strip_prefix('#').unwrap_or_default();
    if hex.len() != 6 || !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(out_of_range("output.background", "a background is a colour written #rrggbb"));
    }
    Ok(())
}

/// Refuses a track whose own fields are out of range.
pub fn check_track(track: &Track) -> Result<(), CoreError> {
    check_name(&track.name)?;
    check_gain(track.volume)
}

/// Refuses a clip whose own fields are out of range, so that arithmetic on them can't overflow.
pub fn check_clip(clip: &Clip) -> Result<(), CoreError> {
    check_point("in_point", clip.in_point)?;
    check_point("out_point", clip.out_point)?;
    check_point("at", clip.at)?;
    check_length("fade_in", clip.fade_in)?;
    check_length("fade_out", clip.fade_out)?;
    if let Some(duration) = clip.source.duration {
        check_length("source.duration", duration)?;
    }
    check_gain(clip.volume)?;
    if !clip.group.is_empty() {
        check_id(&clip.group).map_err(|error| error.at("group"))?;
    }
    transform::check(clip)
}

/// Refuses a point before zero or beyond the limit.
pub fn check_point(path: &str, point: Time) -> Result<(), CoreError> {
    if (0..=MAX_TIME).contains(&point.0) {
        return Ok(());
    }
    Err(CoreError::new(Code::OutsideTimeline, format!("{path} is a time from 0 to 10 days")).at(path))
}

/// Refuses a negative length or one beyond the limit.
pub fn check_length(path: &str, length: Span) -> Result<(), CoreError> {
    if (0..=MAX_TIME).contains(&length.0) {
        return Ok(());
    }
    Err(out_of_range(path, format!("{path} is a length from 0 to 10 days")))
}

fn check_gain(gain: Micro) -> Result<(), CoreError> {
    if (Micro(0)..=GAIN).contains(&gain) { Ok(()) } else { Err(out_of_range("volume", "a volume is from 0 to 10")) }
}

/// A refusal of a value outside its range.
pub fn out_of_range(path: &str, message: impl Into<String>) -> CoreError {
    CoreError::new(Code::OutOfRange, message).at(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::FLICKS_PER_SECOND;

    #[test]
    fn a_sample_is_a_whole_number_of_flicks() {
        assert!(SAMPLE_RATES.iter().all(|rate| FLICKS_PER_SECOND % i64::from(*rate) == 0));
    }
}
