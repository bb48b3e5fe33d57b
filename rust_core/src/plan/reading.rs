//! The very samples of a clip, whichever of them are asked for.
//!
//! They are the same in every unit that reads them: decoding begins earlier than needed, and the resampler always starts
//! on the same phase, counted from the clip's first sample. Only where a container counts whole milliseconds does a seek
//! land up to half of one beside the truth; there the clip is read once, into a unit of its own.

use crate::command::{Argv, Slot};
use crate::effect::Heard;
use crate::graph::{Expr, Filter, Graph, Sound, Wire};
use crate::media::MediaFile;
use crate::model::{Id, Micro, Output};
use crate::plan::grid::{Voice, sample_at};
use crate::time::{FLICKS_PER_SECOND, Span, Time};

/// The inputs of a unit of sound, as they grow.
#[derive(Debug, Default)]
pub struct Sources {
    /// Their arguments.
    pub argv: Argv,
    /// The files of the library among them.
    pub media: Vec<Id>,
    /// The units among them.
    pub units: Vec<String>,
}

impl Sources {
    fn open(&mut self, seek: Option<Span>) -> (usize, &mut Argv) {
        self.argv.words(&["-threads", "1"]);
        if let Some(seek) = seek {
            self.argv.seconds("-ss", seek);
        }
        (self.media.len() + self.units.len(), self.argv.words(&["-protocol_whitelist", "file"]))
    }

    fn file(&mut self, media: &MediaFile, seek: Option<Span>) -> usize {
        let (input, argv) = self.open(seek);
        argv.demuxer(&media.demuxer).words(&["-i"]).slot(Slot::Media(media.id.clone()));
        self.media.push(media.id.clone());
        input
    }

    fn unit(&mut self, key: &str, seek: Option<Span>) -> usize {
        let (input, argv) = self.open(seek);
        argv.words(&["-f", "wav", "-i"]).slot(Slot::Unit(key.to_owned()));
        self.units.push(key.to_owned());
        input
    }
}

/// Whether a clip's sound has to be read in one go.
pub fn needs_take(voice: &Voice) -> bool {
    voice.media.demuxer.counts_milliseconds() || voice.effects.iter().any(Heard::remembers)
}

/// Samples `[from, to)` of a clip, counted from its first, as stereo at the output's rate. Silence stands where the source
/// has no sound. `take` is the unit that holds all of the clip's sound, where there is one.
pub fn read(
    graph: &mut Graph,
    sources: &mut Sources,
    voice: &Voice,
    take: Option<&str>,
    output: &Output,
    (from, to): (i64, i64),
) -> Wire<Sound> {
    let rate = output.sample_rate;
    let (input, stream, start, skip, source_rate) = if let Some(key) = take {
        let start = from - voice.whole().0;
        let time = sample_time(start, rate);
        let seek = (time > SETTLE).then_some(Span(time - SETTLE));
        (sources.unit(key, seek), 0, start, 0, rate)
    } else {
        let begin = Beginning::of(voice, from, rate);
        if begin.is_after(voice) {
            return graph.silence(to - from, rate);
        }
        (sources.file(voice.media, begin.seek), voice.audio.index, begin.start, begin.skip, voice.audio.sample_rate)
    };
    // without end: a resampler that is given nothing from the start on fails, and a file may end before it says
    let wire = graph.stream(input, stream);
    let wire = graph.then(wire, Filter::new("apad"));
    let wire = graph.then(wire, Filter::new("asettb").with("expr", Expr::ratio(1, i64::from(source_rate))));
    let wire = graph.then(wire, Filter::new("asetpts").with("expr", Expr::of("PTS").plus(-start)));
    // cuts what is before the start, and fills with silence where the source has none
    let fill = Filter::new("aresample").with("osr", source_rate).with("async", 1_i64);
    // min_comp: at the start even a gap below its millisecond is filled; min_hard_comp: a gap later on is silence as long as it is
    let fill = fill.with("min_comp", Micro(0)).with("min_hard_comp", Micro(2_000)).with("first_pts", 0_i64);
    let wire = graph.then(wire, fill);
    let wire = stereo(graph, wire, voice.audio.channels, take.is_some());
    let wire = graph.then(wire, Filter::new("aresample").with("osr", rate));
    let trim = Filter::new("atrim").with("start_sample", skip).with("end_sample", skip + to - from);
    let wire = graph.then(wire, trim);
    graph.clock(wire, Expr::of("N"), rate)
}

/// One channel is heard on both sides, as loud as it was; more than two are mixed down by FFmpeg's matrix.
fn stereo(graph: &mut Graph, wire: Wire<Sound>, channels: u32, is_stereo: bool) -> Wire<Sound> {
    let wire = if channels == 1 && !is_stereo {
        graph.then(wire, Filter::new("pan").with("args", "stereo|c0=c0|c1=c0"))
    } else {
        wire
    };
    let format = Filter::new("aformat").with("sample_fmts", "fltp");
    graph.then(wire, format.with("channel_layouts", "stereo"))
}

/// Half a second lets any decoder settle.
const SETTLE: i64 = FLICKS_PER_SECOND / 2;

/// Where reading a source begins so that a clip's sample comes out right.
#[derive(Debug, PartialEq, Eq)]
struct Beginning {
    /// Where to seek to, from the container's start; None reads from there.
    seek: Option<Span>,
    /// The first source sample that counts, on the container's clock.
    start: i64,
    /// How many output samples come before the wanted one.
    skip: i64,
}

impl Beginning {
    fn of(voice: &Voice, sample: i64, rate: u32) -> Self {
        let (source_rate, origin) = (voice.audio.sample_rate, voice.media.origin);
        let common = gcd(source_rate, rate);
        let (block_in, block_out) = (i64::from(source_rate / common), i64::from(rate / common));
        // a tenth of a second lets the resampler's filter settle
        let settle = i64::from(rate) / 10 / block_out + 1;
        let (moment, past) = voice.begin;
        let sample = past + sample;
        let block = sample.div_euclid(block_out) - settle;
        let start = sample_at(Time(origin.0 + moment.0), source_rate) + block * block_in;
        let time = sample_time(start, source_rate) - origin.0;
        // a program stream's seek is not exact
        let room = if voice.media.exact_seek { SETTLE } else { 10 * FLICKS_PER_SECOND };
        let seek = (time > room).then_some(Span(time - room));
        Self { seek, start, skip: sample - block * block_out }
    }

    /// Whether all of the source's sound lies before it.
    fn is_after(&self, voice: &Voice) -> bool {
        let end = voice.media.origin.0 + voice.audio.start.0 + voice.audio.duration.0;
        sample_time(self.start, voice.audio.sample_rate) >= end
    }
}

/// When a sample is heard, in flicks, cut to whole ones.
fn sample_time(sample: i64, rate: u32) -> i64 {
    let time = i128::from(sample) * i128::from(FLICKS_PER_SECOND);
    i64::try_from(time.div_euclid(i128::from(rate))).unwrap_or(i64::MAX)
}

const fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { gcd(b, a % b) }
}
