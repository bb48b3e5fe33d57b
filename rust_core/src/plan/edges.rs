//! Where a clip's sound begins and ends. What the editor cuts off comes and goes over some milliseconds, so that nothing
//! clicks; what goes on in the next clip as it was, goes on to the sample.

use crate::effect::{Fade, SMOOTH};
use crate::plan::grid::Voice;
use crate::time::{FLICKS_PER_SECOND, Time};

/// A cut is blended over a 320th of a second, about three milliseconds.
const BLENDS_A_SECOND: i64 = 320;

/// Joins the voices of a track to one another, or gives them ends.
pub fn meet(voices: &mut [Voice], rate: u32) {
    let pairs = voices.iter().zip(voices.iter().skip(1));
    let joins: Vec<bool> = pairs.map(|(one, next)| goes_on(one, next, rate)).collect();
    let (before, after) = ([false].iter().chain(&joins), joins.iter().chain(&[false]));
    let mut reached = (Time::ZERO, 0);
    for ((voice, from_before), goes_on) in voices.iter_mut().zip(before).zip(after) {
        if *from_before {
            voice.begin = reached;
        } else {
            begin(voice, rate);
        }
        if !goes_on {
            end(voice, rate);
        }
        reached = (voice.begin.0, voice.begin.1 + voice.to - voice.from);
    }
}

/// Whether one sound goes on in the next: where the one ends in the source the other begins, and they sound alike there.
fn goes_on(one: &Voice, next: &Voice, rate: u32) -> bool {
    let length = one.to - one.from;
    let moment = Time(length * (FLICKS_PER_SECOND / i64::from(rate)));
    let working: Vec<_> = one.effects.iter().filter(|heard| heard.to.is_none()).collect();
    let going_on: Vec<_> = next.effects.iter().filter(|heard| heard.from.is_none()).collect();
    one.to == next.from
        && !ends_silent(one)
        && !begins_silent(next)
        && one.clip.source.media == next.clip.source.media
        && one.clip.out_point == next.clip.in_point
        && one.clip.volume_at(moment) == next.clip.volume_at(Time::ZERO)
        && working.len() == going_on.len()
        && working.iter().zip(&going_on).all(|(ends, begins)| {
            let (ends, begins) = (ends.at(length, rate), begins.at(0, rate));
            (&ends.kind, &ends.params) == (&begins.kind, &begins.params)
        })
}

/// A beginning in the middle of the source's sound rises from nothing.
fn begin(voice: &mut Voice, rate: u32) {
    if !begins_silent(voice) && voice.clip.in_point > voice.audio.start {
        voice.fades.push(Fade { rises: true, start: 0, length: blend(voice, rate), curve: SMOOTH });
    }
}

/// An end in the middle of the source's sound falls to nothing.
fn end(voice: &mut Voice, rate: u32) {
    let length = voice.to - voice.from;
    let sound_end = voice.audio.start.plus(voice.audio.duration);
    let source_end = voice.clip.source.duration.map_or(sound_end, |length| Time::ZERO.plus(length));
    if !ends_silent(voice) && voice.clip.out_point < sound_end.min(source_end) {
        let blend = blend(voice, rate);
        voice.fades.push(Fade { rises: false, start: length - blend, length: blend, curve: SMOOTH });
    }
}

/// Whether a fade has it rise from nothing.
fn begins_silent(voice: &Voice) -> bool {
    voice.fades.iter().any(|fade| fade.rises && fade.start >= 0)
}

/// Whether a fade has it fall to nothing.
fn ends_silent(voice: &Voice) -> bool {
    voice.fades.iter().any(|fade| !fade.rises && fade.end() <= voice.to - voice.from)
}

fn blend(voice: &Voice, rate: u32) -> i64 {
    (i64::from(rate) / BLENDS_A_SECOND).min((voice.to - voice.from) / 2).max(1)
}
