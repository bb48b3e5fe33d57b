//! The sound of the film in parts that are mixed straight from the sources and encoded, each by itself.
//!
//! AAC codes every packet together with the one before it, so packets of two encodes don't join. But begun a little
//! earlier, on the same grid of packets, an encoder has come to the very same packets when its part begins: the packets of
//! the parts are those of one encode of the whole.

use std::collections::BTreeMap;

use crate::graph::{Expr, Filter, Graph, Sound, Wire};
use crate::model::{Id, Micro, Output, Track};
use crate::plan::grid::{Fade, Gain, Grid, Voice};
use crate::plan::reading::{self, Sources, clock, needs_take, read};

/// How many samples an AAC packet holds.
pub const BLOCK: i64 = 1024;

/// How many packets a part has.
const PART: i64 = 512;

/// How many packets an encoder begins before its part; 4 are enough for all but one packet in a thousand.
const BEFORE: i64 = 16;

/// How many packets it goes on after its part: it looks ahead.
const AFTER: i64 = 2;

/// How many packets hold so many samples: the first is the encoder's own beginning and holds nothing of them.
pub const fn packets(samples: i64) -> i64 {
    samples.saturating_add(BLOCK - 1).div_euclid(BLOCK) + 1
}

/// Samples `[from, to)` of the film, and which of the packets that they become are the film's. Packet n of the film holds
/// the samples before number n × [`BLOCK`]; the first is silence that an encoder puts before everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// The first sample.
    pub from: i64,
    /// The sample after the last.
    pub to: i64,
    /// How many packets come before the part's own.
    pub skip: i64,
    /// How many packets are its own.
    pub packets: i64,
}

impl Part {
    /// The part with only those of its packets that are among packets `[from, to)` of the film; None without any.
    pub fn within(self, from: i64, to: i64) -> Option<Self> {
        let first = self.from.div_euclid(BLOCK) + self.skip;
        let (begin, end) = (first.max(from), to.min(first + self.packets));
        (begin < end).then_some(Self { skip: self.skip + begin - first, packets: end - begin, ..self })
    }
}

/// The parts of a film whose sound is not coded in parts: samples without any before or after them.
pub fn plain_parts(grid: &Grid) -> Vec<Part> {
    let length = PART * BLOCK;
    let starts = (0..).map(|number| number * length).take_while(|start| *start < grid.samples);
    starts.map(|from| Part { from, to: grid.samples.min(from + length), skip: 0, packets: 0 }).collect()
}

/// The parts of the film, in order and without a gap. They lie on one grid, whatever is in them.
pub fn parts(grid: &Grid) -> Vec<Part> {
    let all = packets(grid.samples);
    let starts = (0..).map(|number| number * PART).take_while(|start| *start < all);
    let part = |start: i64| {
        let (begin, end) = ((start - BEFORE).max(0), all.min(start + PART));
        let to = grid.samples.min((end + AFTER) * BLOCK);
        Part { from: begin * BLOCK, to, skip: start - begin, packets: end - start }
    };
    starts.map(part).collect()
}

/// The units that hold the whole sound of a clip, by clip.
pub type Takes = BTreeMap<Id, String>;

/// A graph with what leaves it, and its inputs.
pub type Mixed = ((String, String), Sources);

/// The clips whose sound has to be read in one go.
pub fn takes<'g, 'a>(grid: &'g Grid<'a>) -> impl Iterator<Item = &'g Voice<'a>> {
    let voices = grid.voices.iter().flat_map(|(_, voices)| voices);
    voices.filter(|voice| voice.from < voice.to && needs_take(voice))
}

/// The whole sound of a clip, before its gains and fades.
pub fn take(voice: &Voice, output: &Output) -> Mixed {
    let (mut graph, mut sources) = (Graph::default(), Sources::default());
    let wire = read(&mut graph, &mut sources, voice, None, output, (0, voice.to - voice.from));
    (graph.finish(wire), sources)
}

/// The graph of a part: what `-filter_complex` takes and the label that leaves it.
pub fn mix(part: Part, grid: &Grid, takes: &Takes, output: &Output) -> Mixed {
    let mut mixer = Mixer { graph: Graph::default(), sources: Sources::default(), takes, part, output };
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
    let Mixer { graph, sources, .. } = mixer;
    (graph.finish(timed), sources)
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
    sources: Sources,
    takes: &'m Takes,
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
        let take = self.takes.get(&voice.clip.id).map(String::as_str);
        let wire = read(&mut self.graph, &mut self.sources, voice, take, self.output, (from, to));
        let wire = self.fade(wire, &voice.fades, from, to - from);
        let gain = gains.filter(|gain| *gain != Micro::ONE).map(Expr::decimal).reduce(|a, b| a.times(&b));
        match gain {
            Some(gain) => self.graph.then(wire, Filter::new("volume").with("volume", gain)),
            None => wire,
        }
    }

    /// The gain that `fades` leave on `length` samples whose first is number `first` in the fades' count.
    fn fade(&mut self, wire: Wire<Sound>, fades: &[Fade], first: i64, length: i64) -> Wire<Sound> {
        let works = |fade: &&Fade| if fade.rises { first < fade.end() } else { fade.start < first + length };
        let under_way: Vec<&Fade> = fades.iter().filter(works).collect();
        if under_way.is_empty() {
            return wire;
        }
        let veiled = under_way.iter().fold(wire, |wire, fade| {
            // told from the fade's own start, or from the first sample where that is later
            let timed = self.clock(wire, Expr::of("N").plus((first - fade.start).max(0)));
            self.graph.then(timed, self::fade(fade, first))
        });
        self.clock(veiled, Expr::of("N"))
    }

    fn clock(&mut self, wire: Wire<Sound>, moment: Expr) -> Wire<Sound> {
        clock(&mut self.graph, wire, moment, self.output.sample_rate)
    }

    fn silence(&mut self, samples: i64) -> Wire<Sound> {
        reading::silence(&mut self.graph, samples, self.output.sample_rate)
    }
}

/// The filter that leaves of sound what `fade` leaves, where sample `first` of the fade's own count has time stamp 0, or
/// the fade's start where that is earlier.
pub fn fade(fade: &Fade, first: i64) -> Filter {
    let filter = Filter::new("afade").with("type", if fade.rises { "in" } else { "out" });
    let filter = filter.with("start_sample", (fade.start - first).max(0));
    filter.with("nb_samples", fade.length).with("curve", "tri")
}
