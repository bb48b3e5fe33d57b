//! The picture of one piece of the film as a filter graph: layers laid on each other, changed by their effects, all of it
//! faded. Everything is told from the piece's own start, so that two pieces that look the same are the same.

use std::collections::BTreeMap;

use crate::colour::Rgb;
use crate::effect::{Brush, Fade, Given, Letters, Painted, Subject};
use crate::error::CoreError;
use crate::graph::{Expr, Filter, Graph, Picture, Wire, tags};
use crate::model::{Id, Output};
use crate::plan::colours::for_encoder;
use crate::plan::fit::Area;
use crate::plan::layers::{Level, Stretch};
use crate::plan::request::PictureCoding;
use crate::plan::runs::Values;
use crate::plan::source::Sources;

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

/// The graph of a piece, in the colours and the size that its encoder takes; refuses a text without a font.
pub fn draw(
    piece: &Piece,
    output: &Output,
    fonts: &BTreeMap<Id, String>,
    coding: &PictureCoding,
) -> Result<Drawn, CoreError> {
    let (graph, sources, letters) = (Graph::default(), Sources::default(), Letters::of(fonts));
    let mut painter = Painter { graph, sources, letters, piece, output };
    let mut canvas = None;
    for level in &piece.stretch.levels {
        canvas = Some(match level {
            Level::Clip(layer) => painter.lay(canvas, layer)?,
            Level::Join(join) => painter.join(canvas, join)?,
        });
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
    let given = graph.through(tagged, for_encoder(coding.colours, coding.size));
    Ok(Drawn { graph: graph.finish(given), sources, fonts: letters.used })
}

/// A graph in the making.
pub struct Painter<'p, 's, 'g, 'a> {
    /// The graph.
    pub graph: Graph,
    /// Its inputs.
    pub sources: Sources,
    letters: Letters<'p>,
    /// What it is of.
    pub piece: &'p Piece<'s, 'g, 'a>,
    /// The film's format.
    pub output: &'p Output,
}

/// A picture on its way to the canvas.
pub struct Sheet {
    /// Its frames.
    pub wire: Wire<Picture>,
    /// What it covers, in pixels of the canvas.
    pub area: Area,
    /// Whether it carries opacity.
    pub alpha: bool,
    /// How many frames it has.
    pub frames: i64,
    /// The number of its first frame, counted from the start of its source.
    pub number: i64,
}

impl Painter<'_, '_, '_, '_> {
    /// How many frames the piece has.
    pub const fn frames(&self) -> i64 {
        self.piece.to - self.piece.from
    }

    /// The size of the canvas.
    pub fn size(&self) -> (i64, i64) {
        (i64::from(self.output.width), i64::from(self.output.height))
    }

    /// A picture that covers the canvas.
    pub fn whole(&self, wire: Wire<Picture>) -> Sheet {
        let (width, height) = self.size();
        let area = Area { x: 0, y: 0, width, height };
        Sheet { wire, area, alpha: false, number: 0, frames: self.frames() }
    }

    /// The canvas with the effects on the whole film; what they open shows its background.
    fn finish(&mut self, canvas: Wire<Picture>) -> Result<Wire<Picture>, CoreError> {
        let paintings = &self.piece.stretch.paintings;
        let mut sheet = self.moving(self.whole(canvas), &Values::of(paintings), |painter, sheet, from| {
            paintings.iter().try_fold(sheet, |sheet, painted| painter.paint(sheet, painted, from))
        })?;
        if !self.piece.stretch.fades.is_empty() {
            sheet = self.fade(sheet, &self.piece.stretch.fades);
        }
        if !sheet.alpha {
            return Ok(sheet.wire);
        }
        let background = self.background()?;
        Ok(self.graph.overlay(background, sheet.wire, (0, 0)))
    }

    /// A picture, whose first frame is number `from` of the film, with an effect on it.
    pub fn paint(&mut self, sheet: Sheet, painted: &Painted, from: i64) -> Result<Sheet, CoreError> {
        let on = Subject {
            size: (sheet.area.width, sheet.area.height),
            fps: self.output.fps,
            frames: sheet.frames,
            past: from - painted.from,
            early: painted.early,
            lasts: painted.to - painted.from,
            number: sheet.number,
        };
        let mut brush = Brush { graph: &mut self.graph, letters: &mut self.letters, on, alpha: sheet.alpha };
        let effect = painted.at(from, self.output.fps);
        let wire = (painted.painting.paint)(Given(&effect), &mut brush, sheet.wire)?;
        Ok(Sheet { wire, alpha: brush.alpha, ..sheet })
    }

    /// The opacity that `fades` leave.
    pub fn fade(&mut self, sheet: Sheet, fades: &[Fade]) -> Sheet {
        let wire = self.graph.then(sheet.wire, Filter::new("format").with("pix_fmts", "yuva420p"));
        let wire = self.graph.through(wire, fades.iter().flat_map(|fade| veil(fade, self.piece.from)));
        Sheet { wire: self.graph.counted(wire, self.output.fps), alpha: true, ..sheet }
    }

    /// The output's background for every frame of the piece.
    pub fn background(&mut self) -> Result<Wire<Picture>, CoreError> {
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
