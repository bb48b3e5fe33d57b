//! The sound of the film: parts of fixed length in PCM, mixed straight from the sources, then one AAC encode of all.
//!
//! A clip's samples are the same whichever part they fall in: decoding begins earlier than needed, and the resampler
//! always starts on the same phase, counted from the clip's first sample.

use crate::command::{Argv, Slot};
use crate::graph::{Expr, Filter, Graph, Sound, Wire};
use crate::model::{Id, Micro, Output, Track};
use crate::plan::grid::{Fade, Gain, Grid, Voice, sample_at};
use crate::time::{FLICKS_PER_SECOND, Span, Time};

/// A part's length in seconds.
const PART: i64 = 30;

/// Samples `[from, to)` of the film.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// The first sample.
    pub from: i64,
    /// The sample after the last.
    pub to: i64,
}

/// The parts of the film, in order and without a gap.
pub fn parts(grid: &Grid, output: &Output) -> Vec<Part> {
    let length = PART * i64::from(output.sample_rate);
    let mut parts = Vec::new();
    let mut from = 0;
    while from < grid.samples {
        let to = grid.samples.min(from + length);
        parts.push(Part { from, to });
        from = to;
    }
    parts
}

/// A part's sound: its inputs are in `argv`.
#[derive(Debug, Default)]
pub struct Sounds {
    /// The inputs, so far.
    pub argv: Argv,
    /// The sources read.
    pub media: Vec<Id>,
}

/// The graph of a part: what `-filter_complex` takes and the label that leaves it.
pub fn mix(part: Part, grid: &Grid, output: &Output) -> ((String, String), Sounds) {
    let mut mixer = Mixer { graph: Graph::default(), seen: Sounds::default(), part, output };
    let mut tracks = Vec::new();
    for (track, voices) in &grid.voices {
        let heard: Vec<_> = heard(voices, part).collect();
        if !heard.is_empty() {
            tracks.push(mixer.track(track, &heard, &grid.overall.gains));
        }
    }
    let sum = match tracks.len() {
        0 => mixer.silence(part.to - part.from),
        1 => mixer.join(tracks, None),
        count => {
            let sum = Filter::new("amix").with("inputs", i64::try_from(count).unwrap_or(i64::MAX));
            mixer.join(tracks, Some(sum.with("normalize", 0_i64).with("duration", "longest")))
        }
    };
    let faded = mixer.fade(sum, &grid.overall.sound_fades, part.from, part.to - part.from);
    let timed = mixer.clock(faded, Expr::of("N"));
    let Mixer { graph, seen, .. } = mixer;
    (graph.finish(timed), seen)
}

/// Whether anything is heard at all.
pub fn any(grid: &Grid) -> bool {
    grid.voices.iter().any(|(_, voices)| voices.iter().any(|voice| voice.from < voice.to.min(grid.samples)))
}

/// The voices that sound in a part; they are in order.
fn heard<'v, 'a>(voices: &'v [Voice<'a>], part: Part) -> impl Iterator<Item = &'v Voice<'a>> {
    let first = voices.partition_point(|voice| voice.to <= part.from);
    voices.iter().skip(first).take_while(move |voice| voice.from < part.to).filter(|voice| voice.from < voice.to)
}

struct Mixer<'m> {
    graph: Graph,
    seen: Sounds,
    part: Part,
    output: &'m Output,
}

impl Mixer<'_> {
    /// A track's sound over the whole part: its clips with silence between them.
    fn track(&mut self, track: &Track, voices: &[&Voice], overall: &[Gain]) -> Wire<Sound> {
        let part = self.part;
        let mut wires = Vec::new();
        let mut reached = part.from;
        for voice in voices {
            let (from, to) = (voice.from.max(part.from), voice.to.min(part.to));
            if reached < from {
                wires.push(self.silence(from - reached));
            }
            wires.extend(self.voice(voice, track, overall, from, to));
            reached = to;
        }
        if reached < part.to {
            wires.push(self.silence(part.to - reached));
        }
        let count = i64::try_from(wires.len()).unwrap_or(i64::MAX);
        let concat = Filter::new("concat").with("n", count).with("v", 0_i64).with("a", 1_i64);
        self.join(wires, (count > 1).then_some(concat))
    }

    fn join(&mut self, mut wires: Vec<Wire<Sound>>, filter: Option<Filter>) -> Wire<Sound> {
        match (filter, wires.pop()) {
            (None, Some(only)) => only,
            (Some(filter), Some(last)) => {
                wires.push(last);
                self.graph.join(wires, filter)
            }
            (_, None) => self.silence(self.part.to - self.part.from),
        }
    }

    /// Film samples `[from, to)` of a clip, cut where a gain changes.
    fn voice(&mut self, voice: &Voice, track: &Track, overall: &[Gain], from: i64, to: i64) -> Vec<Wire<Sound>> {
        let own =
            voice.gains.iter().map(|gain| Gain { from: gain.from + voice.from, to: gain.to + voice.from, ..*gain });
        let gains: Vec<Gain> = own.chain(overall.iter().copied()).collect();
        let mut edges: Vec<i64> = gains.iter().flat_map(|gain| [gain.from, gain.to]).collect();
        edges.extend([from, to]);
        edges.retain(|edge| (from..=to).contains(edge));
        edges.sort_unstable();
        edges.dedup();
        let pieces = edges.iter().zip(edges.iter().skip(1));
        pieces
            .map(|(&from, &to)| {
                let working = gains.iter().filter(|gain| gain.from <= from && to <= gain.to).map(|gain| gain.factor);
                let gain = [voice.clip.volume, track.volume].into_iter().chain(working);
                self.piece(voice, from - voice.from, to - voice.from, gain)
            })
            .collect()
    }

    /// Samples `[from, to)` of a clip, counted from its first.
    fn piece(&mut self, voice: &Voice, from: i64, to: i64, gains: impl Iterator<Item = Micro>) -> Wire<Sound> {
        let read = Reading::of(voice, from, self.output.sample_rate);
        let input = self.open(voice, &read);
        let source_rate = voice.audio.sample_rate;
        let wire = self.graph.stream(input, voice.audio.index);
        let wire = self.graph.then(wire, Filter::new("asettb").with("expr", Expr::ratio(1, i64::from(source_rate))));
        let wire = self.graph.then(wire, Filter::new("asetpts").with("expr", Expr::of("PTS").plus(-read.start)));
        // what is before the start is cut, and silence stands where the source has none
        let wire = self.graph.then(
            wire,
            Filter::new("aresample")
                .with("osr", source_rate)
                .with("async", 1_i64)
                .with("min_hard_comp", Micro(100_000))
                .with("first_pts", 0_i64),
        );
        let wire = self.stereo(wire, voice.audio.channels);
        let wire = self.graph.then(wire, Filter::new("aresample").with("osr", self.output.sample_rate));
        let trim = Filter::new("atrim").with("start_sample", read.skip).with("end_sample", read.skip + to - from);
        let wire = self.graph.then(wire, trim);
        let wire = self.clock(wire, Expr::of("N"));
        let wire = self.graph.then(wire, Filter::new("apad").with("whole_len", to - from));
        let wire = self.fade(wire, &voice.fades, from, to - from);
        let gain = gains.filter(|gain| *gain != Micro::ONE).map(Expr::decimal).reduce(|a, b| a.times(&b));
        match gain {
            Some(gain) => self.graph.then(wire, Filter::new("volume").with("volume", gain)),
            None => wire,
        }
    }

    fn open(&mut self, voice: &Voice, read: &Reading) -> usize {
        let argv = &mut self.seen.argv;
        argv.words(&["-threads", "1"]);
        if let Some(seek) = read.seek {
            argv.seconds("-ss", seek);
        }
        argv.words(&["-protocol_whitelist", "file"]).demuxer(&voice.media.demuxer);
        argv.words(&["-i"]).slot(Slot::Media(voice.media.id.clone()));
        self.seen.media.push(voice.media.id.clone());
        self.seen.media.len() - 1
    }

    /// One channel is heard on both sides, as loud as it was; more than two are mixed down by FFmpeg's matrix.
    fn stereo(&mut self, wire: Wire<Sound>, channels: u32) -> Wire<Sound> {
        let wire = if channels == 1 {
            self.graph.then(wire, Filter::new("pan").with("args", "stereo|c0=c0|c1=c0"))
        } else {
            wire
        };
        let format = Filter::new("aformat").with("sample_fmts", "fltp");
        self.graph.then(wire, format.with("channel_layouts", "stereo"))
    }

    /// The gain that `fades` leave on `length` samples whose first is number `first` in the fades' count.
    fn fade(&mut self, wire: Wire<Sound>, fades: &[Fade], first: i64, length: i64) -> Wire<Sound> {
        let works = |fade: &&Fade| if fade.rises { first < fade.end() } else { fade.start < first + length };
        let working: Vec<&Fade> = fades.iter().filter(works).collect();
        if working.is_empty() {
            return wire;
        }
        let faded = working.iter().fold(wire, |wire, fade| {
            // told from the fade's own start, or from the first sample where that is later
            let timed = self.clock(wire, Expr::of("N").plus((first - fade.start).max(0)));
            self.graph.then(timed, self::fade(fade, first))
        });
        self.clock(faded, Expr::of("N"))
    }

    /// The wire's stamps count samples, from `moment` on.
    fn clock(&mut self, wire: Wire<Sound>, moment: Expr) -> Wire<Sound> {
        // concat leaves a clock of microseconds behind
        let base = Expr::ratio(1, i64::from(self.output.sample_rate));
        let wire = self.graph.then(wire, Filter::new("asettb").with("expr", base));
        self.graph.then(wire, Filter::new("asetpts").with("expr", moment))
    }

    fn silence(&mut self, samples: i64) -> Wire<Sound> {
        let source = Filter::new("anullsrc").with("sample_rate", self.output.sample_rate);
        let wire = self.graph.source(source.with("channel_layout", "stereo"));
        let wire = self.graph.then(wire, Filter::new("atrim").with("end_sample", samples));
        self.graph.then(wire, Filter::new("aformat").with("sample_fmts", "fltp"))
    }
}

/// The filter that leaves of sound what `fade` leaves, where sample `first` of the fade's own count has time stamp 0, or
/// the fade's start where that is earlier.
pub fn fade(fade: &Fade, first: i64) -> Filter {
    let filter = Filter::new("afade").with("type", if fade.rises { "in" } else { "out" });
    let filter = filter.with("start_sample", (fade.start - first).max(0));
    filter.with("nb_samples", fade.length).with("curve", "tri")
}

/// Where reading a source begins so that a clip's sample comes out right.
#[derive(Debug, PartialEq, Eq)]
struct Reading {
    /// Where to seek to, from the container's start; None reads from there.
    seek: Option<Span>,
    /// The first source sample that counts, on the container's clock.
    start: i64,
    /// How many output samples come before the wanted one.
    skip: i64,
}

impl Reading {
    fn of(voice: &Voice, sample: i64, rate: u32) -> Self {
        let (source_rate, origin) = (voice.audio.sample_rate, voice.media.origin);
        let common = gcd(source_rate, rate);
        let (block_in, block_out) = (i64::from(source_rate / common), i64::from(rate / common));
        // a tenth of a second lets the resampler's filter settle
        let settle = i64::from(rate) / 10 / block_out + 1;
        let block = sample.div_euclid(block_out) - settle;
        let in_point = Time(origin.0 + voice.clip.in_point.0);
        let start = sample_at(in_point, source_rate) + block * block_in;
        let time = i128::from(start) * i128::from(FLICKS_PER_SECOND) / i128::from(source_rate);
        let time = i64::try_from(time).unwrap_or(0) - origin.0;
        // half a second lets any decoder settle; a program stream's seek is not exact
        let room = if voice.media.exact_seek { FLICKS_PER_SECOND / 2 } else { 10 * FLICKS_PER_SECOND };
        let seek = (time > room).then_some(Span(time - room));
        Self { seek, start, skip: sample - block * block_out }
    }
}

const fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { gcd(b, a % b) }
}
