//! The picture of one piece of the film as a filter graph: layers laid on each other, text written on them, all of it
//! faded. Everything is told from the piece's own start, so that two pieces that look the same are the same.

use crate::colour::{Rgb, Yuv};
use crate::error::{Code, CoreError};
use crate::graph::{Expr, FileName, Filter, Graph, Picture, Value, Wire};
use crate::model::Output;
use crate::plan::colours::tags;
use crate::plan::fit::Placement;
use crate::plan::grid::Fade;
use crate::plan::layers::{Layer, Stretch, has_alpha};
use crate::plan::request::Request;
use crate::plan::source::{self, Sources};
use crate::plan::title::Title;

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

/// The graph of a piece; refuses a text without a font.
pub fn draw(piece: &Piece, output: &Output, request: &Request) -> Result<Drawn, CoreError> {
    let (graph, sources, fonts) = (Graph::default(), Sources::default(), Vec::new());
    let mut painter = Painter { graph, sources, fonts, piece, output, request };
    let mut canvas = None;
    for layer in &piece.stretch.layers {
        canvas = Some(painter.lay(canvas, layer)?);
    }
    let mut canvas = match canvas {
        Some(canvas) => canvas,
        None => painter.background()?,
    };
    for title in &piece.stretch.titles {
        canvas = painter.write(canvas, title, painter.size())?;
    }
    if !piece.stretch.fades.is_empty() {
        let background = painter.background()?;
        let faded = painter.fade(canvas, &piece.stretch.fades);
        canvas = painter.overlay(background, faded, 0, 0);
    }
    let Painter { mut graph, sources, fonts, .. } = painter;
    let tagged = graph.then(canvas, tags());
    // what a source says of itself (its light levels, its captions) is not true of the film
    let tagged = graph.then(tagged, Filter::new("sidedata").with("mode", "delete"));
    Ok(Drawn { graph: graph.finish(tagged), sources, fonts })
}

struct Painter<'p, 's, 'g, 'a> {
    graph: Graph,
    sources: Sources,
    fonts: Vec<String>,
    piece: &'p Piece<'s, 'g, 'a>,
    output: &'p Output,
    request: &'p Request,
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
        let placement = layer.placement;
        let span = (self.piece.from, self.frames());
        let mut picture = source::frames(&mut self.graph, &mut self.sources, layer, span, self.output);
        let mut opaque = !has_alpha(&layer.shot.video.pix_fmt);
        let (mut x, mut y) = (placement.x, placement.y);
        if !layer.titles.is_empty() && !placement.fills_rectangle() {
            picture = self.pad(picture, &placement);
            (x, y, opaque) = (placement.rectangle.x, placement.rectangle.y, false);
        }
        for title in &layer.titles {
            picture = self.write(picture, title, (placement.rectangle.width, placement.rectangle.height))?;
        }
        if !layer.fades.is_empty() {
            picture = self.fade(picture, &layer.fades);
            opaque = false;
        }
        if beneath.is_none() && opaque && placement.is_canvas(self.output) {
            return Ok(picture);
        }
        let beneath = match beneath {
            Some(beneath) => beneath,
            None => self.background()?,
        };
        Ok(self.overlay(beneath, picture, x, y))
    }

    /// The rectangle that a clip was given, empty around its picture, for text that reaches beyond the picture.
    fn pad(&mut self, wire: Wire<Picture>, placement: &Placement) -> Wire<Picture> {
        let rectangle = placement.rectangle;
        let pad = Filter::new("pad").with("w", rectangle.width).with("h", rectangle.height);
        let pad = pad.with("x", placement.x - rectangle.x).with("y", placement.y - rectangle.y);
        let wire = self.graph.then(wire, Filter::new("format").with("pix_fmts", "yuva420p"));
        self.graph.then(wire, pad.with("color", "black@0"))
    }

    /// A text on a picture of `size`.
    fn write(&mut self, wire: Wire<Picture>, title: &Title, size: (i64, i64)) -> Result<Wire<Picture>, CoreError> {
        let sha256 = self.request.fonts.get(title.effect).ok_or_else(|| {
            CoreError::new(Code::MalformedRequest, "a text has no font").at("fonts").about(&**title.effect)
        })?;
        let bad_hash = || CoreError::new(Code::MalformedRequest, "a font is named by its hash").at("fonts");
        let font = FileName::font(sha256).ok_or_else(bad_hash)?;
        let file = FileName::title(self.fonts.len());
        self.sources.argv.file(&file, title.text.clone());
        self.fonts.push(sha256.clone());
        if title.colour.is_grey() {
            let letters = title.filter(file, font, title.colour, self.piece.from, self.frames());
            return Ok(self.graph.then(wire, letters));
        }
        let letters = title.filter(file, font, Rgb::WHITE, self.piece.from, self.frames());
        let coloured = self.stencil(letters, title.colour.to_bt709(), size);
        Ok(self.overlay(wire, coloured, 0, 0))
    }

    /// A plane of one colour, seen where `letters` are drawn. Until 7, drawtext itself takes every colour by BT.601's
    /// matrix: only greys come out right.
    fn stencil(&mut self, letters: Filter, colour: Yuv, size: (i64, i64)) -> Wire<Picture> {
        let black = Yuv { luma: 16, blue: 128, red: 128 };
        let mask = self.plane(black, size);
        let mask = self.graph.then(mask, letters);
        let stretch = Expr::of("clip((val-16)*255/219,0,255)");
        let mask = self.graph.then(mask, Filter::new("lutyuv").with("y", stretch));
        let mask = self.graph.then(mask, Filter::new("extractplanes").with("planes", "y"));
        let mask = self.graph.then(mask, Filter::new("setparams").with("range", "pc"));
        let paint = self.plane(colour, size);
        self.graph.join(vec![paint, mask], Filter::new("alphamerge"))
    }

    /// The opacity that `fades` leave.
    fn fade(&mut self, wire: Wire<Picture>, fades: &[Fade]) -> Wire<Picture> {
        let wire = self.graph.then(wire, Filter::new("format").with("pix_fmts", "yuva420p"));
        let filters = fades.iter().flat_map(|fade| veil(fade, self.piece.from));
        let wire = filters.fold(wire, |wire, filter| self.graph.then(wire, filter));
        source::counted(&mut self.graph, wire, self.output.fps)
    }

    fn overlay(&mut self, beneath: Wire<Picture>, above: Wire<Picture>, x: i64, y: i64) -> Wire<Picture> {
        let overlay = Filter::new("overlay").with("x", x).with("y", y).with("format", "yuv420");
        self.graph.join(vec![beneath, above], overlay)
    }

    /// The output's background for every frame of the piece.
    fn background(&mut self) -> Result<Wire<Picture>, CoreError> {
        let colour = Rgb::parse(&self.output.background).map_err(|error| error.at("output.background"))?;
        Ok(self.plane(colour.to_bt709(), self.size()))
    }

    /// One colour all over, for every frame of the piece. Its numbers are set plane by plane: FFmpeg's own way from RGB
    /// depends on its version.
    fn plane(&mut self, colour: Yuv, (width, height): (i64, i64)) -> Wire<Picture> {
        let source = Filter::new("color").with("color", "black").with("size", Value::Size(width, height));
        let wire = self.graph.source(source.with("rate", self.output.fps));
        let filters = [
            Filter::new("trim").with("end_frame", 1_i64),
            Filter::new("format").with("pix_fmts", "yuv420p"),
            Filter::new("lutyuv").with("y", colour.luma).with("u", colour.blue).with("v", colour.red),
            Filter::new("setsar").with("sar", 1_i64),
            tags(),
        ];
        let wire = filters.into_iter().fold(wire, |wire, filter| self.graph.then(wire, filter));
        let frames = self.frames();
        source::held(&mut self.graph, wire, frames, self.output.fps)
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
