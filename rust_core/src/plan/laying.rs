//! A clip's picture on its way to the canvas: into its rectangle, changed by its effects, turned, laid on what is beneath.

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
            size: (layer.placement.kept.width, layer.placement.kept.height),
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
            let fitted = Sheet { wire, size: (placement.kept.width, placement.kept.height), ..sheet };
            let placed = painter.placed(fitted, layer, &placement, from)?;
            Ok(painter.on_canvas(placed, corner(layer, &placement)))
        })?;
        let sheet = if layer.fades.is_empty() { sheet } else { self.fade(sheet, &layer.fades) };
        if beneath.is_none() && !sheet.alpha && layer.placement.is_canvas(self.output) {
            return Ok(sheet.wire);
        }
        let beneath = match beneath {
            Some(beneath) => beneath,
            None => self.background()?,
        };
        let Area { x, y, .. } = if layer.motion { self.canvas() } else { corner(layer, &layer.placement) };
        Ok(self.graph.overlay(beneath, sheet.wire, (x, y)))
    }

    /// A fitted picture with its effects, as opaque and turned as its rectangle is from frame `from` of the film on.
    fn placed(&mut self, sheet: Sheet, layer: &Layer, placement: &Placement, from: i64) -> Result<Sheet, CoreError> {
        let painted = layer.paintings.iter().try_fold(sheet, |sheet, painted| {
            // the rectangle is there from the first effect that needs it on, also while that one rests
            let padded = if layer.shot.reaches_out(painted) { self.pad(sheet, placement) } else { sheet };
            self.paint(padded, painted, from)
        })?;
        let veiled = self.veil(painted, placement.opacity);
        Ok(if placement.rotation == Micro(0) { veiled } else { self.turn(veiled, placement) })
    }

    /// The rectangle that a clip was given, empty around its picture.
    fn pad(&mut self, sheet: Sheet, placement: &Placement) -> Sheet {
        let rectangle = placement.rectangle;
        if sheet.size == (rectangle.width, rectangle.height) {
            return sheet;
        }
        let place = Area { x: placement.x - rectangle.x, y: placement.y - rectangle.y, ..placement.kept };
        self.within(sheet, place, (rectangle.width, rectangle.height))
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
        let (sheet, rectangle) = (self.pad(sheet, placement), placement.rectangle);
        let turned = rectangle.turned();
        let place = Area { x: rectangle.x - turned.x, y: rectangle.y - turned.y, ..rectangle };
        let sheet = self.within(sheet, place, (turned.width, turned.height));
        let angle = Expr::formula("{}*PI/180", &[placement.rotation]);
        let rotate = Filter::new("rotate").with("angle", angle).with("fillcolor", "black@0");
        Sheet { wire: self.graph.then(sheet.wire, rotate), ..sheet }
    }

    /// A picture in its place on a canvas that is empty around it.
    fn on_canvas(&mut self, sheet: Sheet, place: Area) -> Sheet {
        let canvas = self.canvas();
        let (sheet, place, seen) = match place.within(canvas) {
            Some(seen) => (sheet, place, seen),
            // none of it is to be seen, wherever it lies
            None => (self.veil(sheet, Micro(0)), canvas, Area { width: 2, height: 2, ..canvas }),
        };
        let crop = Filter::new("crop").with("w", seen.width).with("h", seen.height);
        let crop = crop.with("x", seen.x - place.x).with("y", seen.y - place.y);
        let wire = self.graph.then(sheet.wire, crop);
        let part = Area { x: seen.x - canvas.x, y: seen.y - canvas.y, ..seen };
        self.within(Sheet { wire, ..sheet }, part, (canvas.width, canvas.height))
    }

    /// A picture at a place of a larger one that is empty around it.
    fn within(&mut self, sheet: Sheet, place: Area, size: (i64, i64)) -> Sheet {
        let pad = Filter::new("pad").with("w", size.0).with("h", size.1).with("x", place.x).with("y", place.y);
        let format = Filter::new("format").with("pix_fmts", "yuva420p");
        let wire = self.graph.through(sheet.wire, [format, pad.with("color", "black@0")]);
        Sheet { wire, size, alpha: true, ..sheet }
    }

    /// The canvas and a little more: what a pixel at its edge becomes depends on those beside it.
    fn canvas(&self) -> Area {
        let (width, height) = self.size();
        Area { x: -2, y: -2, width: width + 4, height: height + 4 }
    }
}

/// What a layer's picture covers when it is placed.
fn corner(layer: &Layer, placement: &Placement) -> Area {
    if placement.rotation != Micro(0) {
        placement.rectangle.turned()
    } else if layer.paintings.iter().any(|painted| layer.shot.reaches_out(painted)) {
        placement.rectangle
    } else {
        Area { x: placement.x, y: placement.y, ..placement.kept }
    }
}
