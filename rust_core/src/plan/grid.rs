//! The grid: clips in frames and samples of the output, and the effects on them.
//!
//! A clip's fades and windows are counted in frames from its own first frame, so that a clip that moves by part of a
//! frame keeps all it looks like.

pub use crate::effect::Fade;
use crate::effect::{Count, Heard, Painted, STRAIGHT, Work};
use crate::error::CoreError;
use crate::keyframes::{Run, runs};
use crate::media::{AudioStream, Library, MediaFile, VideoStream};
use crate::model::{Clip, Effect, MediaKind, Output, Track, TrackKind, Transform};
use crate::plan::edges;
use crate::plan::fit::Placement;
use crate::plan::joint::{Joint, crossfade};
use crate::plan::timeline::{Laid, Timeline};
use crate::plan::{missing, stream_missing};
pub use crate::time::sample_at;
use crate::time::{Rate, Time};

/// A clip that is seen.
#[derive(Debug, Clone)]
pub struct Shot<'a> {
    /// The clip.
    pub clip: &'a Clip,
    /// Its source.
    pub media: &'a MediaFile,
    /// Its source's picture.
    pub video: &'a VideoStream,
    /// Its first frame, of the film.
    pub from: i64,
    /// The frames of the film on which it is seen, half-open: its own with those that transitions add.
    pub seen: (i64, i64),
    /// The transition at its end.
    pub joint: Option<Joint<'a>>,
    /// The runs of its frames over which its rectangle rests or moves, in frames of the film.
    pub motion: Vec<Run>,
    /// What fades it, in frames of the film.
    pub fades: Vec<Fade>,
    /// What changes its picture, first applied first, in frames of the film.
    pub paintings: Vec<Painted<'a>>,
}

impl Shot<'_> {
    /// Its rectangle at a frame of the film.
    pub fn transform_at(&self, frame: i64, fps: Rate) -> Transform {
        self.clip.transform_at(fps.start_of(frame - self.from))
    }

    /// Where it lies at a frame of the film.
    pub fn placement(&self, frame: i64, output: &Output) -> Placement {
        Placement::of(self.video, self.clip.fit, self.transform_at(frame, output.fps), output)
    }

    /// Whether a change of its picture works on all of the clip's rectangle.
    pub fn reaches_out(&self, painted: &Painted) -> bool {
        let before = self.paintings.iter().take_while(|other| !std::ptr::eq(*other, painted));
        before.chain([painted]).any(|each| each.painting.reaches_out)
    }
}

/// A clip that is heard.
#[derive(Debug, Clone)]
pub struct Voice<'a> {
    /// The clip.
    pub clip: &'a Clip,
    /// Its source.
    pub media: &'a MediaFile,
    /// Its source's sound.
    pub audio: &'a AudioStream,
    /// Its first sample, of the film.
    pub from: i64,
    /// The moment of its source from which its samples are counted, and how many come before its first: more than none
    /// where it goes on with what the clip before it ends with.
    pub begin: (Time, i64),
    /// The samples of the film on which it is heard, half-open: its own with those that transitions add.
    pub heard: (i64, i64),
    /// What fades it, in samples from its first.
    pub fades: Vec<Fade>,
    /// What changes it, first applied first, in samples from its first.
    pub effects: Vec<Heard<'a>>,
}

impl<'a> Voice<'a> {
    /// All that is heard of it, in samples from its first.
    pub const fn whole(&self) -> (i64, i64) {
        (self.heard.0 - self.from, self.heard.1 - self.from)
    }

    /// The effects that can't begin anywhere, with those before them: they are in the clip's take.
    pub fn taken(&self) -> &[Heard<'a>] {
        self.effects.split_at(self.last()).0
    }

    /// The effects after those, each moment by itself.
    pub fn untaken(&self) -> &[Heard<'a>] {
        self.effects.split_at(self.last()).1
    }

    fn last(&self) -> usize {
        self.effects.iter().rposition(Heard::remembers).map_or(0, |last| last + 1)
    }
}

/// The effects on the whole film, placed on it.
#[derive(Debug, Clone, Default)]
pub struct Overall<'a> {
    /// Fades in frames.
    pub fades: Vec<Fade>,
    /// Fades in samples.
    pub sound_fades: Vec<Fade>,
    /// What changes the mix, first applied first, in samples.
    pub sound_effects: Vec<Heard<'a>>,
    /// What changes the picture, first applied first, in frames.
    pub paintings: Vec<Painted<'a>>,
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
                let mut voices = voices.collect::<Result<Vec<_>, _>>()?;
                edges::meet(&mut voices, output.sample_rate);
                grid.voices.push((lane.track, voices));
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
    let entering = laid.entering.map(|transition| Joint::of(transition, clip.at, count)).transpose()?.flatten();
    let joint = laid.leaving.map(|transition| Joint::of(transition, clip.end(), count)).transpose()?.flatten();
    let seen = (entering.map_or(from, |joint| joint.from), joint.map_or(to, |joint| joint.to));
    let around = (from - seen.0, seen.1 - to);
    let mut fades = own_fades(clip, count, to - from);
    let mut paintings = Vec::new();
    for effect in &laid.effects {
        match Work::of(effect, count, to - from)? {
            Work::Fade(fade) => fades.push(fade),
            Work::Picture(painted) => paintings.extend(painted.reaching(to - from, around).runs(fps, from)),
            Work::SoundFade(_) | Work::Sound(_) => {}
        }
    }
    for fade in &mut fades {
        fade.start += from;
    }
    let motion = runs(clip.motion(), fps, (seen.0 - from, seen.1 - from)).into_iter();
    let motion = motion.map(|run| Run { from: from + run.from, to: from + run.to, ..run }).collect();
    Ok(Shot { clip, media, video, from, seen, joint, motion, fades, paintings })
}

fn voice<'a>(laid: &Laid<'a>, media: &'a MediaFile, rate: u32) -> Result<Voice<'a>, CoreError> {
    let clip = laid.clip;
    let audio = media.audio.as_ref().ok_or_else(|| stream_missing(clip, "sound"))?;
    let (from, to) = (sample_at(clip.at, rate), sample_at(clip.end(), rate));
    let count = Count::Samples(rate);
    let mut fades = own_fades(clip, count, to - from);
    let mut effects = Vec::new();
    for effect in &laid.effects {
        match Work::of(effect, count, to - from)? {
            Work::Fade(fade) | Work::SoundFade(fade) => fades.push(fade),
            Work::Sound(heard) => effects.push(heard),
            Work::Picture(_) => {}
        }
    }
    let rise = laid.entering.and_then(|transition| crossfade(transition, clip.at, true, count));
    let fall = laid.leaving.and_then(|transition| crossfade(transition, clip.end(), false, count));
    let heard = (rise.map_or(from, |fade| fade.start), fall.map_or(to, |fade| fade.end()));
    fades.extend(rise.into_iter().chain(fall).map(|fade| Fade { start: fade.start - from, ..fade }));
    Ok(Voice { clip, media, audio, from, begin: (clip.in_point, 0), heard, fades, effects })
}

fn own_fades(clip: &Clip, count: Count, whole: i64) -> Vec<Fade> {
    let (rise, fall) = (count.of(clip.fade_in), count.of(clip.fade_out));
    let rise = (rise > 0).then_some(Fade { rises: true, start: 0, length: rise, curve: STRAIGHT });
    let fall = (fall > 0).then_some(Fade { rises: false, start: whole - fall, length: fall, curve: STRAIGHT });
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
        match Work::of(effect, Count::Frames(fps), frames)? {
            Work::Fade(fade) => all.fades.push(fade),
            Work::Picture(painted) => all.paintings.extend(painted.runs(fps, 0)),
            Work::SoundFade(_) | Work::Sound(_) => {}
        }
        match Work::of(effect, Count::Samples(sample_rate), samples)? {
            Work::Fade(fade) | Work::SoundFade(fade) => all.sound_fades.push(fade),
            Work::Sound(heard) => all.sound_effects.push(heard),
            Work::Picture(_) => {}
        }
    }
    Ok(all)
}
