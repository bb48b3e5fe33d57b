//! What an effect does to picture and sound, on the grid of the thing that it is on.

use crate::error::{Code, CoreError};
use crate::model::{Effect, Micro};
use crate::plan::grid::{Count, Fade, Gain};
use crate::plan::title::{Title, number, window};
use crate::time::Time;

/// What an effect does.
#[derive(Debug, Clone)]
pub enum Work<'a> {
    /// Picture and sound come or go.
    Fade(Fade),
    /// Text is drawn.
    Title(Title<'a>),
    /// Sound gets louder or softer.
    Gain(Gain),
}

/// The work of `effect` on a thing that lasts `whole` frames or samples, counted from its start.
pub fn work_of(effect: &Effect, count: Count, whole: i64) -> Result<Work<'_>, CoreError> {
    Ok(match effect.kind.as_str() {
        "fade_in" => Work::Fade(fade(effect, true, count, whole)?),
        "fade_out" => Work::Fade(fade(effect, false, count, whole)?),
        "volume" => {
            let (from, to) = window(effect, count, whole);
            Work::Gain(Gain { factor: Micro(number(effect, "gain")?), from, to })
        }
        "text_overlay" => Work::Title(Title::of(effect, count, whole)?),
        _ => return Err(CoreError::new(Code::UnknownEffectType, "no effect has that name").about(&*effect.id)),
    })
}

/// A fade takes its parameter's length from its window's start on; a fall without a start ends with what it is on.
fn fade(effect: &Effect, rises: bool, count: Count, whole: i64) -> Result<Fade, CoreError> {
    let length = count.at(Time(number(effect, "duration")?)).max(1);
    let start =
        if !rises && effect.window.start == Time::ZERO { whole - length } else { count.at(effect.window.start) };
    Ok(Fade { rises, start, length })
}
