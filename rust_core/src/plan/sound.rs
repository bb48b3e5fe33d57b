//! The sound of the film in parts that are mixed straight from the sources and encoded, each by itself.
//!
//! AAC codes every packet together with the one before it, so packets of two encodes don't join. But begun a little
//! earlier, on the same grid of packets, an encoder has come to the very same packets when its part begins: the packets of
//! the parts are those of one encode of the whole.

use std::collections::BTreeMap;

use crate::effect::{Course, Desk, evenly};
use crate::error::CoreError;
use crate::graph::{Expr, Filter, Graph, Sound, Wire};
use crate::model::{Id, Output, Track};
use crate::plan::chain::Stretch;
use crate::plan::grid::{Grid, Voice};
use crate::plan::reading::{Sources, needs_take, read};
use crate::transform::VOLUME;

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
    voices.filter(|voice| voice.heard.0 < voice.heard.1 && needs_take(voice))
}

/// The whole sound of a clip, with what transitions add to it, and with its effects as far as the last that hears more than the moment.
///
/// They hear the source beyond the clip's ends as far as they reach: a clip that is cut in two sounds as it did.
pub fn take(voice: &Voice, output: &Output) -> Result<Mixed, CoreError> {
    let (mut graph, mut sources) = (Graph::default(), Sources::default());
    let rate = output.sample_rate;
    let (effects, (from, to)) = (voice.taken(), voice.whole());
    let stretch = Stretch { first: from, length: to - from, rate }.reaching(effects);
    let span = (stretch.first, stretch.first + stretch.length);
    let wire = read(&mut graph, &mut sources, voice, None, output, span);
    let wire = stretch.affected(&mut graph, wire, effects)?;
    let wire = stretch.cut(&mut graph, wire, (from, to));
    Ok((graph.finish(wire), sources))
}

/// The graph of a part: what `-filter_complex` takes and the label that leaves it.
pub fn mix(part: Part, grid: &Grid, takes: &Takes, output: &Output) -> Result<Mixed, CoreError> {
    let (rate, overall) = (output.sample_rate, &grid.overall);
    let own = Stretch { first: part.from, length: part.to - part.from, rate };
    let stretch = own.reaching(&overall.sound_effects);
    let mut mixer = Mixer { graph: Graph::default(), sources: Sources::default(), takes, stretch, output };
    let mut tracks = Vec::new();
    for (track, voices) in &grid.voices {
        let heard: Vec<_> = heard(voices, stretch).collect();
        if !heard.is_empty() {
            tracks.push(mixer.track(track, &heard)?);
        }
    }
    let sum = if tracks.len() > 1 { mixer.graph.sum(tracks) } else { mixer.only(tracks) };
    let Mixer { mut graph, sources, .. } = mixer;
    let affected = stretch.affected(&mut graph, sum, &overall.sound_effects)?;
    let affected = stretch.cut(&mut graph, affected, (part.from, part.to));
    let faded = own.faded(&mut graph, affected, &overall.sound_fades);
    let timed = graph.clock(faded, Expr::of("N"), rate);
    Ok((graph.finish(timed), sources))
}

/// Whether anything is heard at all.
pub fn any(grid: &Grid) -> bool {
    grid.voices.iter().any(|(_, voices)| voices.iter().any(|voice| voice.heard.0 < voice.heard.1.min(grid.samples)))
}

/// The voices that sound in a stretch; they are in order.
fn heard<'v, 'a>(voices: &'v [Voice<'a>], stretch: Stretch) -> impl Iterator<Item = &'v Voice<'a>> {
    let first = voices.partition_point(|voice| voice.heard.1 <= stretch.first);
    let ahead = voices.iter().skip(first).take_while(move |voice| voice.heard.0 < stretch.end());
    ahead.filter(|voice| voice.heard.0 < voice.heard.1)
}

/// Voices of one track as rows in which no two sound at once: one row, or two where a clip goes over into the next.
fn rows<'v, 'a>(voices: &[&'v Voice<'a>]) -> Vec<Vec<&'v Voice<'a>>> {
    let mut rows: Vec<Vec<&Voice>> = Vec::new();
    for voice in voices {
        let free = |row: &&mut Vec<&Voice>| row.last().is_none_or(|last| last.heard.1 <= voice.heard.0);
        match rows.iter_mut().find(free) {
            Some(row) => row.push(voice),
            None => rows.push(vec![voice]),
        }
    }
    rows
}

struct Mixer<'m> {
    graph: Graph,
    sources: Sources,
    takes: &'m Takes,
    stretch: Stretch,
    output: &'m Output,
}

impl Mixer<'_> {
    /// A track's sound over the whole stretch. Where clips go over into each other, every other one is a row of its own.
    fn track(&mut self, track: &Track, voices: &[&Voice]) -> Result<Wire<Sound>, CoreError> {
        let rows = rows(voices).into_iter().map(|row| self.row(track, &row)).collect::<Result<Vec<_>, _>>()?;
        Ok(if rows.len() > 1 { self.graph.sum(rows) } else { self.only(rows) })
    }

    /// Clips one after the other over the whole stretch, with silence between them.
    fn row(&mut self, track: &Track, voices: &[&Voice]) -> Result<Wire<Sound>, CoreError> {
        let mut wires = Vec::new();
        let mut reached = self.stretch.first;
        for voice in voices {
            let (from, to) = (voice.heard.0.max(self.stretch.first), voice.heard.1.min(self.stretch.end()));
            if reached < from {
                wires.push(self.silence(from - reached));
            }
            wires.push(self.voice(voice, track, (from - voice.from, to - voice.from))?);
            reached = to;
        }
        if reached < self.stretch.end() {
            wires.push(self.silence(self.stretch.end() - reached));
        }
        let count = i64::try_from(wires.len()).unwrap_or(i64::MAX);
        let concat = Filter::new("concat").with("n", count).with("v", 0_i64).with("a", 1_i64);
        Ok(if count > 1 { self.graph.join(wires, concat) } else { self.only(wires) })
    }

    /// Samples `[from, to)` of a clip, counted from its first: with its effects, its fades and its volume.
    fn voice(&mut self, voice: &Voice, track: &Track, (from, to): (i64, i64)) -> Result<Wire<Sound>, CoreError> {
        let take = self.takes.get(&voice.clip.id).map(String::as_str);
        let wire = read(&mut self.graph, &mut self.sources, voice, take, self.output, (from, to));
        let stretch = Stretch { first: from, length: to - from, rate: self.output.sample_rate };
        let wire = stretch.affected(&mut self.graph, wire, voice.untaken())?;
        let wire = stretch.faded(&mut self.graph, wire, &voice.fades);
        let mut desk = Desk { graph: &mut self.graph, rate: stretch.rate, from, length: to - from };
        let curve = voice.clip.keyframes.get(VOLUME);
        let wire = desk.gains(wire, &Course::of(curve, stretch.rate, &|t| Ok(evenly(voice.clip.volume_at(t)))))?;
        Ok(desk.matrix(wire, evenly(track.volume)))
    }

    /// The one wire that there is, or silence.
    fn only(&mut self, mut wires: Vec<Wire<Sound>>) -> Wire<Sound> {
        wires.pop().unwrap_or_else(|| self.silence(self.stretch.length))
    }

    fn silence(&mut self, samples: i64) -> Wire<Sound> {
        self.graph.silence(samples, self.output.sample_rate)
    }
}
