//! The picture of one piece of the film as a filter graph: layers laid on each other, changed by their effects, all of it
//! faded. Everything is told from the piece's own start, so that two pieces that look the same are the same.

use std::collections::BTreeMap;

use crate::colour::Rgb;
use crate::effect::{Brush, Fade, Given, Letters, Painted, Subject};
use crate::error::CoreError;
use crate::graph::{Expr, Filter, Graph, Picture, Wire, tags};
use crate::model::{Id, Output};
use crate::plan::colours::for_encoder;
use crate::plan::fit::Placement;
use crate::plan::layers::{Layer, Stretch, has_alpha};
use crate::plan::request::Colours;
use crate::plan::source::{self, Sources};

/// Frames `[from, to)` of a stretch.
#[derive(Debug, Clone, Copy)]
pub struct Piece<'s, 'g, 'a> {
    /// The stretch that it is part of.
    pub stretch: &'s Stretch<'g, 'a>,
    /// Its first frame, of the film.
    pub from: i64,
    /// The frame after its last.
    pub to: i64,
}

/// A piece as a graph.
#[derive(Debug)]
pub struct Drawn {
    /// What `-filter_complex` takes, and the label that leaves it.
    pub graph: (String, String),
    /// Its inputs and text files.
    pub sources: Sources,
    /// The fonts drawn with.
    pub fonts: Vec<String>,
}

/// The graph of a piece, in the colours that its encoder takes; refuses a text without a font.
pub fn draw(
    piece: &Piece,
    output: &Output,
    fonts: &BTreeMap<Id, String>,
    colours: Colours,
) -> Result<Drawn, CoreError> {
    let (graph, sources, letters) = (Graph::default(), Sources::default(), Letters::of(fonts));
    let mut painter = Painter { graph, sources, letters, piece, output };
    let mut canvas = None;
    for layer in &piece.stretch.layers {
        canvas = Some(painter.lay(canvas, layer)?);
    }
    let canvas = match canvas {
        Some(canvas) => canvas,
        None => painter.background()?,
    };
    let canvas = painter.finish(canvas)?;
    let Painter { mut graph, mut sources, letters, .. } = painter;
    for (name, text) in letters.files {
        sources.argv.file(&name, text);
    }
    let tagged = graph.then(canvas, tags());
    // what a source says of itself (its light levels, its captions) is not true of the film
    let tagged = graph.then(tagged, Filter::new("sidedata").with("mode", "delete"));
    let given = graph.through(tagged, for_encoder(colours));
    Ok(Drawn { graph: graph.finish(given), sources, fonts: letters.used })
}

struct Painter<'p, 's, 'g, 'a> {
    graph: Graph,
    sources: Sources,
    letters: Letters<'p>,
    piece: &'p Piece<'s, 'g, 'a>,
    output: &'p Output,
}

/// A picture on its way to the canvas.
struct Sheet {
    wire: Wire<Picture>,
    /// Its size.
    size: (i64, i64),
    /// Whether it carries opacity.
    alpha: bool,
    /// The number of its first frame, counted from the start of its source.
    number: i64,
}

impl Painter<'_, '_, '_, '_> {
    const fn frames(&self) -> i64 {
        self.piece.to - self.piece.from
    }

    fn size(&self) -> (i64, i64) {
        (i64::from(self.output.width), i64::from(self.output.height))
    }

    /// A layer on what lies beneath it.
    fn lay(&mut self, beneath: Option<Wire<Picture>>, layer: &Layer) -> Result<Wire<Picture>, CoreError> {
        let (shot, placement) = (layer.shot, layer.placement);
        let span = (self.piece.from, self.frames());
        let mut sheet = Sheet {
            wire: source::frames(&mut self.graph, &mut self.sources, layer, span, self.output),
            size: (placement.kept.width, placement.kept.height),
            alpha: has_alpha(&shot.video.pix_fmt),
            number: self.output.fps.boundary(shot.clip.in_point) + self.piece.from - shot.from,
        };
        let mut corner = (placement.x, placement.y);
        for painted in &layer.paintings {
            // the rectangle is there from the first effect that needs it on, also while that one rests
            if shot.reaches_out(painted) && sheet.size != (placement.rectangle.width, placement.rectangle.height) {
                sheet = self.pad(sheet, &placement);
                corner = (placement.rectangle.x, placement.rectangle.y);
            }
            sheet = self.paint(sheet, painted)?;
        }
        if !layer.fades.is_empty() {
            sheet = self.fade(sheet, &layer.fades);
        }
        if beneath.is_none() && !sheet.alpha && placement.is_canvas(self.output) {
            return Ok(sheet.wire);
        }
        let beneath = match beneath {
            Some(beneath) => beneath,
            None => self.background()?,
        };
        Ok(self.graph.overlay(beneath, sheet.wire, corner))
    }

    /// The canvas with the effects on the whole film; what they open shows its background.
    fn finish(&mut self, canvas: Wire<Picture>) -> Result<Wire<Picture>, CoreError> {
        let mut sheet = Sheet { wire: canvas, size: self.size(), alpha: false, number: 0 };
        for painted in &self.piece.stretch.paintings {
            sheet = self.paint(sheet, painted)?;
        }
        if !self.piece.stretch.fades.is_empty() {
            sheet = self.fade(sheet, &self.piece.stretch.fades);
        }
        if !sheet.alpha {
            return Ok(sheet.wire);
        }
        let background = self.background()?;
        Ok(self.graph.overlay(background, sheet.wire, (0, 0)))
    }

    /// The rectangle that a clip was given, empty around its picture.
    fn pad(&mut self, sheet: Sheet, placement: &Placement) -> Sheet {
        let rectangle = placement.rectangle;
        let pad = Filter::new("pad").with("w", rectangle.width).with("h", rectangle.height);
        let pad = pad.with("x", placement.x - rectangle.x).with("y", placement.y - rectangle.y);
        let format = Filter::new("format").with("pix_fmts", "yuva420p");
        let wire = self.graph.through(sheet.wire, [format, pad.with("color", "black@0")]);
        Sheet { wire, size: (rectangle.width, rectangle.height), alpha: true, ..sheet }
    }

    /// A picture with an effect on it.
    fn paint(&mut self, sheet: Sheet, painted: &Painted) -> Result<Sheet, CoreError> {
        let on = Subject {
            size: sheet.size,
            fps: self.output.fps,
            frames: self.frames(),
            past: self.piece.from - painted.from,
            lasts: painted.to - painted.from,
            number: sheet.number,
        };
        let mut brush = Brush { graph: &mut self.graph, letters: &mut self.letters, on, alpha: sheet.alpha };
        let wire = (painted.painting.paint)(Given(painted.effect), &mut brush, sheet.wire)?;
        Ok(Sheet { wire, alpha: brush.alpha, ..sheet })
    }

    /// The opacity that `fades` leave.
    fn fade(&mut self, sheet: Sheet, fades: &[Fade]) -> Sheet {
        let wire = self.graph.then(sheet.wire, Filter::new("format").with("pix_fmts", "yuva420p"));
        let wire = self.graph.through(wire, fades.iter().flat_map(|fade| veil(fade, self.piece.from)));
        Sheet { wire: self.graph.counted(wire, self.output.fps), alpha: true, ..sheet }
    }

    /// The output's background for every frame of the piece.
    fn background(&mut self) -> Result<Wire<Picture>, CoreError> {
        let colour = Rgb::parse(&self.output.background).map_err(|error| error.at("output.background"))?;
        Ok(self.graph.plane(colour.to_bt709(), self.size(), self.frames(), self.output.fps))
    }
}

/// The filters that leave of a wire with opacity what `fade` leaves, from frame `first` on of the fade's own count. The
/// clock counts frames as seconds afterwards: `fade` can start in its middle by time only, and in whole seconds its
/// weights are exact fractions of frames.
pub fn veil(fade: &Fade, first: i64) -> [Filter; 3] {
    let filter = Filter::new("fade").with("type", if fade.rises { "in" } else { "out" }).with("start_time", 0_i64);
    [
        Filter::new("settb").with("expr", 1_i64),
        Filter::new("setpts").with("expr", Expr::of("N").plus(first - fade.start)),
        filter.with("duration", fade.length).with("alpha", 1_i64),
    ]
}
