//! What an effect on sound works with: the graph that its sound is part of, and how much it must hear around what it changes.

use std::borrow::Cow;

use super::gains::{Course, Gains, evenly};
use super::given::Given;
use super::moving;
use crate::error::CoreError;
use crate::graph::{Expr, Filter, Graph, Sound, Wire};
use crate::model::{Effect as Instance, Micro};
use crate::time::{FLICKS_PER_SECOND, Span, Time, sample_at};

/// How sound is changed.
#[derive(Debug)]
pub enum Sounding {
    /// By filters.
    Filters {
        /// As many samples leave them as enter, none of them late.
        tune: Tune,
        /// What it has to hear.
        hears: Hears,
    },
    /// By what of left and right is heard on each side, moment by moment.
    Gains(fn(Given) -> Result<Gains, CoreError>),
}

/// Sound, in stereo, with an effect on it.
pub type Tune = fn(Given, &mut Desk, Wire<Sound>) -> Result<Wire<Sound>, CoreError>;

/// What the sound of one moment depends on.
#[derive(Debug, Clone, Copy)]
pub enum Hears {
    /// That moment alone.
    Itself,
    /// The sound around it.
    Around(fn(Given) -> Result<Reach, CoreError>),
    /// All of the sound from where it begins: it can't begin in the middle.
    All(Reach),
}

/// How far around a moment the sound is heard that it depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reach {
    /// Before it.
    pub before: Span,
    /// After it.
    pub after: Span,
}

impl Reach {
    /// Only before, so many thousandths of a second.
    pub const fn back(milliseconds: i64) -> Self {
        Self { before: Span(milliseconds * (FLICKS_PER_SECOND / 1000)), after: Span::ZERO }
    }

    /// Both, one behind the other.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self { before: Span(self.before.0 + other.before.0), after: Span(self.after.0 + other.after.0) }
    }
}

/// An effect on the sound of a thing, in samples from its first.
#[derive(Debug, Clone, Copy)]
pub struct Heard<'a> {
    /// The effect that it is.
    pub effect: &'a Instance,
    /// How.
    pub sounding: &'static Sounding,
    /// The first sample that it changes; None where that is the thing's own.
    pub from: Option<i64>,
    /// The sample after the last; None where that is the thing's end.
    pub to: Option<i64>,
    /// How far it hears.
    pub reach: Reach,
}

impl<'a> Heard<'a> {
    /// An effect on samples `[from, to)` of `whole`.
    pub fn of(
        effect: &'a Instance,
        sounding: &'static Sounding,
        (from, to): (i64, i64),
        whole: i64,
    ) -> Result<Self, CoreError> {
        let reach = match sounding.hears() {
            Hears::Itself => Reach::back(0),
            Hears::Around(reach) => reach(Given(effect))?,
            Hears::All(reach) => reach,
        };
        Ok(Self { effect, sounding, from: (from > 0).then_some(from), to: (to < whole).then_some(to), reach })
    }

    /// Whether more is heard than the moment itself.
    pub const fn remembers(&self) -> bool {
        !matches!(self.sounding.hears(), Hears::Itself)
    }

    /// The wire with the effect on it.
    pub fn tune(&self, desk: &mut Desk, wire: Wire<Sound>) -> Result<Wire<Sound>, CoreError> {
        match self.sounding {
            Sounding::Filters { tune, .. } => tune(Given(self.effect), desk, wire),
            Sounding::Gains(gains) => {
                let at = |t| gains(Given(&moving::at(self.effect, t)));
                desk.gains(wire, &Course::of(self.effect.keyframes.values(), desk.rate, &at))
            }
        }
    }

    /// The desk for the wire of samples `first` and on of what the effect is on.
    pub fn desk<'d>(&self, graph: &'d mut Graph, rate: u32, (first, length): (i64, i64)) -> Desk<'d> {
        Desk { graph, rate, from: first - self.from.unwrap_or(0), length }
    }

    /// The effect as it is at a sample of what it is on.
    pub fn at(&self, sample: i64, rate: u32) -> Cow<'a, Instance> {
        moving::at(self.effect, Time((sample - self.from.unwrap_or(0)) * (FLICKS_PER_SECOND / i64::from(rate))))
    }
}

impl Sounding {
    const fn hears(&self) -> Hears {
        match self {
            Self::Filters { hears, .. } => *hears,
            Self::Gains(_) => Hears::Itself,
        }
    }
}

/// The graph of some sound as an effect sees it.
#[derive(Debug)]
pub struct Desk<'d> {
    /// The graph.
    pub graph: &'d mut Graph,
    /// Samples a second.
    pub rate: u32,
    /// The sound's first sample, counted from the effect's own.
    pub from: i64,
    /// How many samples there are.
    pub length: i64,
}

impl Desk<'_> {
    /// `filters`, one after the other.
    pub fn through(&mut self, wire: Wire<Sound>, filters: impl IntoIterator<Item = Filter>) -> Wire<Sound> {
        self.graph.through(wire, filters)
    }

    /// Left and right, each from both.
    pub fn matrix(&mut self, wire: Wire<Sound>, gains: Gains) -> Wire<Sound> {
        match gains {
            _ if gains == evenly(Micro::ONE) => wire,
            [[gain @ Micro(0..), _], _] if gains == evenly(gain) => {
                self.graph.then(wire, Filter::new("volume").with("volume", gain))
            }
            _ => self.graph.then(wire, Filter::new("pan").with("args", Expr::matrix(gains))),
        }
    }

    /// The wire times a formula of `t`, the seconds since its first sample.
    pub fn multiplied(&mut self, wire: Wire<Sound>, by: &Expr) -> Wire<Sound> {
        self.evaluated(wire, ["val(0)*{}", "val(1)*{}"].map(|side| by.clone().within(side)))
    }

    /// Left and right by formulas of `val(0)`, `val(1)`, `n` and `t`.
    pub fn evaluated(&mut self, wire: Wire<Sound>, sides: [Expr; 2]) -> Wire<Sound> {
        let wire = self.graph.then(wire, Filter::new("aeval").with("exprs", Expr::sides(sides)));
        self.graph.then(wire, Filter::new("aformat").with("sample_fmts", "fltp").with("channel_layouts", "stereo"))
    }

    /// The wire without its first samples: what a filter was late.
    pub fn sooner(&mut self, wire: Wire<Sound>, samples: i64) -> Wire<Sound> {
        let wire = self.graph.then(wire, Filter::new("atrim").with("start_sample", samples));
        self.graph.clock(wire, Expr::of("N"), self.rate)
    }

    /// The wire `samples` later, silence before it.
    pub fn later(&mut self, wire: Wire<Sound>, samples: i64) -> Wire<Sound> {
        self.graph.then(wire, Filter::new("adelay").with("delays", Expr::samples(samples)).with("all", 1_i64))
    }

    /// How many samples a length is.
    pub fn samples(&self, length: Time) -> i64 {
        sample_at(length, self.rate)
    }

    /// A frequency in hertz, at most 0.49 of the sample rate: a filter has no place above half of it.
    pub fn hertz(&self, frequency: Micro) -> Micro {
        frequency.min(Micro(i64::from(self.rate) * 490_000))
    }
}
