//! A clip's picture on its way to the canvas: into its rectangle, changed by its effects, turned, laid on what is beneath.

use crate::effect::Given;
use crate::error::CoreError;
use crate::graph::{Expr, Filter, Picture, Wire};
use crate::model::Micro;
use crate::plan::fit::{Area, Placement};
use crate::plan::layers::{Layer, has_alpha};
use crate::plan::picture::{Painter, Sheet};
use crate::plan::runs::Values;
use crate::plan::source;

impl Painter<'_, '_, '_, '_> {
    /// A layer on what lies beneath it.
    pub fn lay(&mut self, beneath: Option<Wire<Picture>>, layer: &Layer) -> Result<Wire<Picture>, CoreError> {
        let shot = layer.shot;
        let span = (self.piece.from, self.frames());
        // a rectangle that moves has another size at every frame: the picture is fitted run by run
        let resting = (!layer.motion).then_some(&layer.placement);
        let sheet = Sheet {
            wire: source::frames(&mut self.graph, &mut self.sources, shot, resting, span, self.output),
            area: layer.placement.shown(),
            alpha: has_alpha(&shot.video.pix_fmt),
            frames: self.frames(),
            number: self.output.fps.boundary(shot.clip.in_point) + self.piece.from - shot.from,
        };
        let sheet = self.moving(sheet, &Values::of_layer(layer), |painter, sheet, from| {
            if !layer.motion {
                return painter.placed(sheet, layer, &layer.placement, from);
            }
            let placement = shot.placement(from, painter.output);
            let wire = source::shape(&mut painter.graph, sheet.wire, shot.video, &placement);
            let placed = painter.placed(Sheet { wire, area: placement.shown(), ..sheet }, layer, &placement, from)?;
            Ok(painter.on_canvas(placed))
        })?;
        let sheet = if layer.fades.is_empty() { sheet } else { self.fade(sheet, &layer.fades) };
        if beneath.is_none() && !sheet.alpha && layer.placement.is_canvas(self.output) {
            return Ok(sheet.wire);
        }
        let beneath = match beneath {
            Some(beneath) => beneath,
            None => self.background()?,
        };
        Ok(self.graph.overlay(beneath, sheet.wire, (sheet.area.x, sheet.area.y)))
    }

    /// A fitted picture with its effects, as opaque and turned as its rectangle is from frame `from` of the film on.
    fn placed(&mut self, sheet: Sheet, layer: &Layer, placement: &Placement, from: i64) -> Result<Sheet, CoreError> {
        let painted = layer.paintings.iter().try_fold(sheet, |sheet, painted| {
            // the rectangle is there from the first effect that needs it on, also while that one rests
            let sheet = if layer.shot.reaches_out(painted) { self.reaching(sheet, placement.rectangle) } else { sheet };
            let room = painted.painting.room.map_or(Ok(0), |room| room(Given(painted.effect)))?;
            let wide = sheet.area.grown(room);
            let sheet = self.reaching(sheet, wide);
            self.paint(sheet, painted, from)
        })?;
        let veiled = self.veil(painted, placement.opacity);
        Ok(if placement.rotation == Micro(0) { veiled } else { self.turn(veiled, placement) })
    }

    /// As much of a picture as `opacity` leaves.
    fn veil(&mut self, sheet: Sheet, opacity: Micro) -> Sheet {
        if opacity == Micro::ONE {
            return sheet;
        }
        let format = Filter::new("format").with("pix_fmts", "yuva420p");
        let thinner = Filter::new("lutyuv").with("a", Expr::formula("floor(val*{}+0.5)", &[opacity]));
        Sheet { wire: self.graph.through(sheet.wire, [format, thinner]), alpha: true, ..sheet }
    }

    /// A picture turned around the middle of its rectangle, with room for all of it.
    fn turn(&mut self, sheet: Sheet, placement: &Placement) -> Sheet {
        let turned = placement.rectangle.grown(sheet.area.beyond(placement.rectangle)).turned();
        let sheet = self.reaching(sheet, turned);
        let angle = Expr::formula("{}*PI/180", &[placement.rotation]);
        let rotate = Filter::new("rotate").with("angle", angle).with("fillcolor", "black@0");
        Sheet { wire: self.graph.then(sheet.wire, rotate), ..sheet }
    }

    /// A picture on a canvas that is empty around it.
    fn on_canvas(&mut self, sheet: Sheet) -> Sheet {
        let canvas = self.canvas();
        let (sheet, seen) = match sheet.area.within(canvas) {
            Some(seen) => (sheet, seen),
            // none of it is to be seen, wherever it lies
            None => (Sheet { area: canvas, ..self.veil(sheet, Micro(0)) }, Area { width: 2, height: 2, ..canvas }),
        };
        let crop = Filter::new("crop").with("w", seen.width).with("h", seen.height);
        let crop = crop.with("x", seen.x - sheet.area.x).with("y", seen.y - sheet.area.y);
        let wire = self.graph.then(sheet.wire, crop);
        self.reaching(Sheet { wire, area: seen, ..sheet }, canvas)
    }

    /// A picture that also covers `area`, empty where it was not.
    fn reaching(&mut self, sheet: Sheet, area: Area) -> Sheet {
        let whole = sheet.area.with(area);
        if whole == sheet.area {
            return sheet;
        }
        let pad = Filter::new("pad").with("w", whole.width).with("h", whole.height);
        let pad = pad.with("x", sheet.area.x - whole.x).with("y", sheet.area.y - whole.y);
        let format = Filter::new("format").with("pix_fmts", "yuva420p");
        let wire = self.graph.through(sheet.wire, [format, pad.with("color", "black@0")]);
        Sheet { wire, area: whole, alpha: true, ..sheet }
    }

    /// The canvas and a little more: what a pixel at its edge becomes depends on those beside it.
    fn canvas(&self) -> Area {
        let (width, height) = self.size();
        Area { x: -2, y: -2, width: width + 4, height: height + 4 }
    }
}
