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
    let mut last = ((Time::ZERO, 0), 0);
    for ((voice, goes_on), is_gone_on) in voices.iter_mut().zip(before).zip(after) {
        let ((moment, past), from) = last;
        if *goes_on {
            voice.begin = (moment, past + voice.from - from);
        } else {
            begin(voice, rate);
        }
        if !is_gone_on {
            end(voice, rate);
        }
        last = (voice.begin, voice.from);
    }
}

/// Whether one sound goes on in the next: where the one ends in the source the other begins, and they sound alike there.
fn goes_on(one: &Voice, next: &Voice, rate: u32) -> bool {
    let length = next.from - one.from;
    let moment = Time(length * (FLICKS_PER_SECOND / i64::from(rate)));
    let working: Vec<_> = one.effects.iter().filter(|heard| heard.to.is_none()).collect();
    let going_on: Vec<_> = next.effects.iter().filter(|heard| heard.from.is_none()).collect();
    one.clip.end() == next.clip.at
        && one.heard.1 == next.heard.0
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
    let (start, _) = voice.whole();
    if !begins_silent(voice) && voice.clip.in_point > voice.audio.start {
        voice.fades.push(Fade { rises: true, start, length: blend(voice, rate), curve: SMOOTH });
    }
}

/// An end in the middle of the source's sound falls to nothing.
fn end(voice: &mut Voice, rate: u32) {
    let (_, end) = voice.whole();
    let sound_end = voice.audio.start.plus(voice.audio.duration);
    let source_end = voice.clip.source.duration.map_or(sound_end, |length| Time::ZERO.plus(length));
    if !ends_silent(voice) && voice.clip.out_point < sound_end.min(source_end) {
        let length = blend(voice, rate);
        voice.fades.push(Fade { rises: false, start: end - length, length, curve: SMOOTH });
    }
}

/// Whether a fade has it rise from nothing.
fn begins_silent(voice: &Voice) -> bool {
    let (start, _) = voice.whole();
    voice.fades.iter().any(|fade| fade.rises && fade.start >= start)
}

/// Whether a fade has it fall to nothing.
fn ends_silent(voice: &Voice) -> bool {
    let (_, end) = voice.whole();
    voice.fades.iter().any(|fade| !fade.rises && fade.end() <= end)
}

fn blend(voice: &Voice, rate: u32) -> i64 {
    let (start, end) = voice.whole();
    (i64::from(rate) / BLENDS_A_SECOND).min((end - start) / 2).max(1)
}
