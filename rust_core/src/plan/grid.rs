//! The grid: clips in frames and samples of the output, and the fades and titles on them.
//!
//! A clip's fades and windows are counted in frames from its own first frame, so that a clip that moves by part of a
//! frame keeps all it looks like.

use crate::error::CoreError;
use crate::media::{AudioStream, Library, MediaFile, VideoStream};
use crate::model::{Clip, Effect, MediaKind, Micro, Track, TrackKind};
use crate::plan::effects::{Work, work_of};
use crate::plan::timeline::{Laid, Timeline};
use crate::plan::title::Title;
use crate::plan::{missing, stream_missing};
use crate::time::{FLICKS_PER_SECOND, Rate, Span, Time};

/// A rise from nothing or a fall to nothing over `length` frames (or samples) from `start` on. A fade of n frames shows
/// k/n at its frame k when it rises, and what is left of 1 when it falls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fade {
    /// Whether it rises.
    pub rises: bool,
    /// Where it begins, in the count of what it works on.
    pub start: i64,
    /// How long it takes, at least 1.
    pub length: i64,
}

impl Fade {
    /// The first moment after it.
    pub const fn end(&self) -> i64 {
        self.start + self.length
    }

    /// Whether nothing shows at `moment`: before a rise and after a fall.
    pub const fn hides(&self, moment: i64) -> bool {
        if self.rises { moment < self.start } else { moment >= self.end() }
    }

    /// Whether it is on its way at `moment`.
    pub const fn works(&self, moment: i64) -> bool {
        self.start <= moment && moment < self.end()
    }
}

/// A clip that is seen: frames `[from, to)` of the film.
#[derive(Debug, Clone)]
pub struct Shot<'a> {
    /// The clip.
    pub clip: &'a Clip,
    /// Its source.
    pub media: &'a MediaFile,
    /// Its source's picture.
    pub video: &'a VideoStream,
    /// Its first frame.
    pub from: i64,
    /// The frame after its last.
    pub to: i64,
    /// What fades it, in frames of the film.
    pub fades: Vec<Fade>,
    /// What is written on it.
    pub titles: Vec<Title<'a>>,
}

/// A clip that is heard: samples `[from, to)` of the film.
#[derive(Debug, Clone)]
pub struct Voice<'a> {
    /// The clip.
    pub clip: &'a Clip,
    /// Its source.
    pub media: &'a MediaFile,
    /// Its source's sound.
    pub audio: &'a AudioStream,
    /// Its first sample.
    pub from: i64,
    /// The sample after its last.
    pub to: i64,
    /// What fades it, in samples from its first.
    pub fades: Vec<Fade>,
    /// Gains on parts of it, in samples from its first.
    pub gains: Vec<Gain>,
}

/// A gain on samples `[from, to)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gain {
    /// How much.
    pub factor: Micro,
    /// From here on.
    pub from: i64,
    /// Until here.
    pub to: i64,
}

/// The effects on the whole film, placed on it.
#[derive(Debug, Clone, Default)]
pub struct Overall<'a> {
    /// Fades in frames.
    pub fades: Vec<Fade>,
    /// Fades in samples.
    pub sound_fades: Vec<Fade>,
    /// Gains in samples.
    pub gains: Vec<Gain>,
    /// Texts in frames.
    pub titles: Vec<Title<'a>>,
}

/// The film in frames and samples.
#[derive(Debug, Clone)]
pub struct Grid<'a> {
    /// How many frames.
    pub frames: i64,
    /// How many samples: as long as the frames.
    pub samples: i64,
    /// The visible clips of every visible track, bottom track first.
    pub shots: Vec<Vec<Shot<'a>>>,
    /// The clips that are heard, with their track, bottom track first.
    pub voices: Vec<(&'a Track, Vec<Voice<'a>>)>,
    /// What works on the whole film.
    pub overall: Overall<'a>,
}

/// The sample nearest to a point, a half rounding up: the one place where time becomes samples.
pub fn sample_at(time: Time, rate: u32) -> i64 {
    let scaled = 2 * i128::from(time.0) * i128::from(rate) + i128::from(FLICKS_PER_SECOND);
    i64::try_from(scaled.div_euclid(2 * i128::from(FLICKS_PER_SECOND))).unwrap_or(i64::MAX)
}

/// How the times of a thing become its counts: frames for what is seen, samples for what is heard.
#[derive(Debug, Clone, Copy)]
pub enum Count {
    /// Frames of the output.
    Frames(Rate),
    /// Samples of the output.
    Samples(u32),
}

impl Count {
    /// The boundary nearest to a point.
    pub fn at(self, time: Time) -> i64 {
        match self {
            Self::Frames(rate) => rate.boundary(time),
            Self::Samples(rate) => sample_at(time, rate),
        }
    }

    fn of(self, length: Span) -> i64 {
        self.at(Time(length.0))
    }
}

impl<'a> Grid<'a> {
    /// The timeline on its grid; refuses a clip whose source the library does not have.
    pub fn of(timeline: &Timeline<'a>, library: &'a Library) -> Result<Self, CoreError> {
        let output = timeline.output;
        let clips = || timeline.tracks.iter().flat_map(|lane| &lane.clips);
        let end = clips().map(|laid| laid.clip.end()).max().unwrap_or(Time::ZERO);
        let frames = output.fps.boundary(end);
        let samples = sample_at(output.fps.start_of(frames), output.sample_rate);
        let mut grid = Self { frames, samples, shots: Vec::new(), voices: Vec::new(), overall: Overall::default() };
        for lane in &timeline.tracks {
            let sources = lane.clips.iter().map(|laid| source_of(laid.clip, library).map(|media| (laid, media)));
            let sources: Vec<_> = sources.collect::<Result<_, _>>()?;
            if lane.track.kind == TrackKind::Video && !lane.track.hidden {
                let shots = sources.iter().filter(|(laid, _)| laid.clip.source.kind != MediaKind::Audio);
                grid.shots.push(shots.map(|(laid, media)| shot(laid, media, output.fps)).collect::<Result<_, _>>()?);
            }
            if !lane.track.muted {
                let voices = sources.iter().filter(|(laid, _)| laid.clip.source.sound);
                let voices = voices.map(|(laid, media)| voice(laid, media, output.sample_rate));
                grid.voices.push((lane.track, voices.collect::<Result<_, _>>()?));
            }
        }
        grid.overall = overall(&timeline.effects, output.fps, output.sample_rate, frames, samples)?;
        Ok(grid)
    }
}

fn source_of<'a>(clip: &Clip, library: &'a Library) -> Result<&'a MediaFile, CoreError> {
    library.get(&clip.source.media).ok_or_else(|| missing(clip))
}

fn shot<'a>(laid: &Laid<'a>, media: &'a MediaFile, fps: Rate) -> Result<Shot<'a>, CoreError> {
    let clip = laid.clip;
    let video = media.video.as_ref().ok_or_else(|| stream_missing(clip, "picture"))?;
    let (from, to) = (fps.boundary(clip.at), fps.boundary(clip.end()));
    let count = Count::Frames(fps);
    let mut fades = own_fades(clip, count, to - from);
    let mut titles = Vec::new();
    for effect in &laid.effects {
        match work_of(effect, count, to - from)? {
            Work::Fade(fade) => fades.push(fade),
            Work::Title(title) => titles.push(title.shifted(from)),
            Work::Gain(_) => {}
        }
    }
    for fade in &mut fades {
        fade.start += from;
    }
    Ok(Shot { clip, media, video, from, to, fades, titles })
}

fn voice<'a>(laid: &Laid<'a>, media: &'a MediaFile, rate: u32) -> Result<Voice<'a>, CoreError> {
    let clip = laid.clip;
    let audio = media.audio.as_ref().ok_or_else(|| stream_missing(clip, "sound"))?;
    let (from, to) = (sample_at(clip.at, rate), sample_at(clip.end(), rate));
    let count = Count::Samples(rate);
    let mut fades = own_fades(clip, count, to - from);
    let mut gains = Vec::new();
    for effect in &laid.effects {
        match work_of(effect, count, to - from)? {
            Work::Fade(fade) => fades.push(fade),
            Work::Gain(gain) => gains.push(gain),
            Work::Title(_) => {}
        }
    }
    Ok(Voice { clip, media, audio, from, to, fades, gains })
}

fn own_fades(clip: &Clip, count: Count, whole: i64) -> Vec<Fade> {
    let (rise, fall) = (count.of(clip.fade_in), count.of(clip.fade_out));
    let rise = (rise > 0).then_some(Fade { rises: true, start: 0, length: rise });
    let fall = (fall > 0).then_some(Fade { rises: false, start: whole - fall, length: fall });
    rise.into_iter().chain(fall).collect()
}

fn overall<'a>(
    effects: &[&'a Effect],
    fps: Rate,
    sample_rate: u32,
    frames: i64,
    samples: i64,
) -> Result<Overall<'a>, CoreError> {
    let mut all = Overall::default();
    for effect in effects {
        match work_of(effect, Count::Frames(fps), frames)? {
            Work::Fade(fade) => all.fades.push(fade),
            Work::Title(title) => all.titles.push(title),
            Work::Gain(_) => {}
        }
        match work_of(effect, Count::Samples(sample_rate), samples)? {
            Work::Fade(fade) => all.sound_fades.push(fade),
            Work::Gain(gain) => all.gains.push(gain),
            Work::Title(_) => {}
        }
    }
    Ok(all)
}
