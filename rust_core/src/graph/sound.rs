//! What graphs of sound are made of: clocks, copies, silence.

use super::{Expr, Filter, Graph, Sound, Wire};

impl Graph {
    /// The wire's stamps count samples at `rate`, from `moment` on.
    pub fn clock(&mut self, wire: Wire<Sound>, moment: Expr, rate: u32) -> Wire<Sound> {
        // concat leaves a clock of microseconds behind
        let wire = self.then(wire, Filter::new("asettb").with("expr", Expr::ratio(1, i64::from(rate))));
        self.then(wire, Filter::new("asetpts").with("expr", moment))
    }

    /// Stereo of which nothing is heard.
    pub fn silence(&mut self, samples: i64, rate: u32) -> Wire<Sound> {
        let source = Filter::new("anullsrc").with("sample_rate", rate);
        let wire = self.source(source.with("channel_layout", "stereo"));
        let wire = self.then(wire, Filter::new("atrim").with("end_sample", samples));
        self.then(wire, Filter::new("aformat").with("sample_fmts", "fltp"))
    }

    /// The plain sum of wires: none of them changes how loud another is.
    pub fn sum(&mut self, wires: Vec<Wire<Sound>>) -> Wire<Sound> {
        let count = i64::try_from(wires.len()).unwrap_or(i64::MAX);
        let sum = Filter::new("amix").with("inputs", count).with("normalize", 0_i64).with("duration", "longest");
        self.join(wires, sum)
    }

    /// The same sound on several wires.
    pub fn spread<const N: usize>(&mut self, wire: Wire<Sound>) -> [Wire<Sound>; N] {
        let count = i64::try_from(N).unwrap_or(i64::MAX);
        let split = self.extend(wire, Filter::new("asplit").with("outputs", count));
        [(); N].map(|()| self.leave(split))
    }
}
