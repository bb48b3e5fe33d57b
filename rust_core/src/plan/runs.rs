//! What moves, as runs of frames in which nothing does.

use crate::effect::Painted;
use crate::error::CoreError;
use crate::graph::Filter;
use crate::model::{Params, Transform};
use crate::plan::grid::Shot;
use crate::plan::layers::Layer;
use crate::plan::picture::{Painter, Sheet};
use crate::time::Rate;

/// The values that may move.
pub struct Values<'v, 'a> {
    paintings: &'v [&'v Painted<'a>],
    /// The clip whose rectangle moves.
    shot: Option<&'v Shot<'a>>,
}

impl<'v, 'a> Values<'v, 'a> {
    /// Those of effects.
    pub const fn of(paintings: &'v [&'v Painted<'a>]) -> Self {
        Self { paintings, shot: None }
    }

    /// Those of a layer.
    pub fn of_layer(layer: &'v Layer<'v, 'a>) -> Self {
        Self { paintings: &layer.paintings, shot: layer.motion.then_some(layer.shot) }
    }

    fn at(&self, frame: i64, fps: Rate) -> (Vec<Params>, Option<Transform>) {
        let params = self.paintings.iter().map(|painted| painted.at(frame, fps).into_owned().params);
        (params.collect(), self.shot.map(|shot| shot.transform_at(frame, fps)))
    }

    /// Frames `[first, last)`, parted where a value changes.
    fn runs(&self, (first, last): (i64, i64), fps: Rate) -> Vec<(i64, i64)> {
        if self.shot.is_none() && !self.paintings.iter().any(|painted| painted.run.moves) {
            return vec![(first, last)];
        }
        let values: Vec<_> = (first..last).map(|frame| (frame, self.at(frame, fps))).collect();
        let runs = values.chunk_by(|(_, before), (_, after)| before == after);
        let frames = |run: &[(i64, _)]| Some((run.first()?.0, run.last()?.0 + 1));
        runs.filter_map(frames).collect()
    }
}

impl Painter<'_, '_, '_, '_> {
    /// `draw` on a picture. Where a value moves, the picture is parted into runs of frames over which every value is the
    /// same, each is drawn as if nothing had ever moved, and they are put together again. `draw` is told at which frame of
    /// the film its run begins.
    pub fn moving(
        &mut self,
        sheet: Sheet,
        values: &Values,
        draw: impl Fn(&mut Self, Sheet, i64) -> Result<Sheet, CoreError>,
    ) -> Result<Sheet, CoreError> {
        let (fps, first) = (self.output.fps, self.piece.from);
        let runs = values.runs((first, self.piece.to), fps);
        let [_, _, ..] = runs.as_slice() else { return draw(self, sheet, first) };
        let Sheet { wire, area, alpha, frames, number } = sheet;
        let mut drawn = Vec::new();
        for (wire, (from, to)) in self.graph.copies(wire, runs.len()).into_iter().zip(runs) {
            let trim = Filter::new("trim").with("start_frame", from - first).with("end_frame", to - first);
            let wire = self.graph.then(wire, trim);
            let wire = self.graph.counted(wire, fps);
            let part = Sheet { wire, area, alpha, frames: to - from, number: number + from - first };
            drawn.push(draw(self, part, from)?);
        }
        let (area, alpha) = drawn.first().map_or((area, alpha), |part| (part.area, part.alpha));
        let count = i64::try_from(drawn.len()).unwrap_or(i64::MAX);
        let wires = drawn.into_iter().map(|part| part.wire).collect();
        let whole = self.graph.join(wires, Filter::new("concat").with("n", count));
        Ok(Sheet { wire: self.graph.counted(whole, fps), area, alpha, frames, number })
    }
}
