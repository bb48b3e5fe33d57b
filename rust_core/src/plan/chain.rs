//! Effects and fades on a stretch of sound, each on the samples of its window and on no others.

use crate::effect::{Count, Heard, Reach, STRAIGHT, evenly};
use crate::error::CoreError;
use crate::graph::{Expr, Filter, Graph, Sound, Wire};
use crate::model::Micro;
use crate::plan::grid::Fade;

/// Where an effect begins or ends within its clip, it is blended in or out over a thousandth of a second inside its window.
const BLENDS_A_SECOND: i64 = 1000;

/// Samples `[first, first + length)` of a thing, as `effects` and fades count them.
#[derive(Debug, Clone, Copy)]
pub struct Stretch {
    /// The number of its first sample.
    pub first: i64,
    /// How many there are.
    pub length: i64,
    /// Samples a second.
    pub rate: u32,
}

impl Stretch {
    /// The number of the sample after its last.
    pub const fn end(self) -> i64 {
        self.first + self.length
    }

    /// The stretch with what is around it, as far as `effects` hear.
    pub fn reaching(self, effects: &[Heard]) -> Self {
        let reach = effects.iter().fold(Reach::back(0), |reach, heard| reach.plus(heard.reach));
        let count = Count::Samples(self.rate);
        let (before, after) = (count.of(reach.before), count.of(reach.after));
        Self { first: self.first - before, length: before + self.length + after, ..self }
    }

    /// Samples `[from, to)` of it.
    pub fn cut(self, graph: &mut Graph, wire: Wire<Sound>, (from, to): (i64, i64)) -> Wire<Sound> {
        if (from, to) == (self.first, self.end()) {
            return wire;
        }
        let trim = Filter::new("atrim").with("start_sample", from - self.first).with("end_sample", to - self.first);
        let wire = graph.then(wire, trim);
        graph.clock(wire, Expr::of("N"), self.rate)
    }

    /// The stretch with `effects` on it, first applied first.
    pub fn affected(self, graph: &mut Graph, wire: Wire<Sound>, effects: &[Heard]) -> Result<Wire<Sound>, CoreError> {
        effects.iter().try_fold(wire, |wire, heard| self.affect(graph, wire, heard))
    }

    fn affect(self, graph: &mut Graph, wire: Wire<Sound>, heard: &Heard) -> Result<Wire<Sound>, CoreError> {
        let end = self.end();
        let (from, to) = (heard.from.unwrap_or(self.first), heard.to.unwrap_or(end));
        if to.min(end) <= from.max(self.first) {
            return Ok(wire);
        }
        let mut desk = heard.desk(graph, self.rate, (self.first, self.length));
        let blend = (i64::from(self.rate) / BLENDS_A_SECOND).min((to - from) / 2).max(1);
        let rise = heard.from.map(|start| Fade { rises: true, start, length: blend, curve: STRAIGHT });
        let fall = heard.to.map(|end| Fade { rises: false, start: end - blend, length: blend, curve: STRAIGHT });
        let edges: Vec<Fade> = rise.into_iter().chain(fall).collect();
        if !edges.iter().any(|edge| self.meets(edge)) {
            return heard.tune(&mut desk, wire);
        }
        // what the effect changes, faded at its edges, is added to the sound as it was: outside that adds nothing
        let [whole, before, after] = desk.graph.spread(wire);
        let after = heard.tune(&mut desk, after)?;
        let before = desk.matrix(before, evenly(Micro(-1_000_000)));
        let change = graph.sum(vec![after, before]);
        let change = self.faded(graph, change, &edges);
        Ok(graph.sum(vec![whole, change]))
    }

    /// Whether `fade` leaves anything but all of some of it.
    const fn meets(self, fade: &Fade) -> bool {
        if fade.rises { self.first < fade.end() } else { fade.start < self.end() }
    }

    /// What `fades` leave of it.
    pub fn faded(self, graph: &mut Graph, wire: Wire<Sound>, fades: &[Fade]) -> Wire<Sound> {
        let under_way: Vec<&Fade> = fades.iter().filter(|fade| self.meets(fade)).collect();
        if under_way.is_empty() {
            return wire;
        }
        let veiled = under_way.iter().fold(wire, |wire, fade| {
            // told from the fade's own start, or from the first sample where that is later
            let timed = graph.clock(wire, Expr::of("N").plus((self.first - fade.start).max(0)), self.rate);
            graph.then(timed, self::fade(fade, self.first))
        });
        graph.clock(veiled, Expr::of("N"), self.rate)
    }
}

/// The filter that leaves of sound what `fade` leaves, where sample `first` of the fade's own count has time stamp 0, or
/// the fade's start where that is earlier.
pub fn fade(fade: &Fade, first: i64) -> Filter {
    let filter = Filter::new("afade").with("type", if fade.rises { "in" } else { "out" });
    let filter = filter.with("start_sample", (fade.start - first).max(0));
    filter.with("nb_samples", fade.length).with("curve", fade.curve)
}
