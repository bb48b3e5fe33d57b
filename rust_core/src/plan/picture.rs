//! The picture of one piece of the film as a filter graph: every layer's frames by the frame rule, scaled, faded, laid on
//! each other. Everything is told from the piece's own start, so that two pieces that look the same are the same.

use crate::colour::Rgb;
use crate::command::{Argv, Slot};
use crate::error::{Code, CoreError};
use crate::graph::{Expr, FileName, Filter, Graph, Picture, Wire};
use crate::media::{MediaFile, Rotation, VideoStream};
use crate::model::{Id, MediaKind, Output};
use crate::plan::colours::{conversion, is_native, tags};
use crate::plan::fit::Placement;
use crate::plan::grid::Fade;
use crate::plan::layers::{Layer, Stretch, has_alpha};
use crate::plan::request::Request;
use crate::plan::title::Title;
use crate::time::{FLICKS_PER_SECOND, Span, Time};

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

/// A unit's picture: its inputs and files are in `argv`.
#[derive(Debug, Default)]
pub struct Pictures {
    /// The inputs, so far, and the text files.
    pub argv: Argv,
    /// The sources read.
    pub media: Vec<Id>,
    /// The fonts drawn with.
    pub fonts: Vec<String>,
    inputs: usize,
    titles: usize,
}

/// The graph of a piece: what `-filter_complex` takes and the label that leaves it.
pub fn draw(piece: &Piece, output: &Output, request: &Request) -> Result<((String, String), Pictures), CoreError> {
    let mut painter = Painter { graph: Graph::default(), seen: Pictures::default(), piece, output, request };
    let mut canvas = None;
    for layer in &piece.stretch.layers {
        canvas = Some(painter.lay(canvas, layer)?);
    }
    let mut canvas = match canvas {
        Some(canvas) => canvas,
        None => painter.background()?,
    };
    for title in &piece.stretch.titles {
        canvas = painter.write(canvas, title)?;
    }
    if !piece.stretch.fades.is_empty() {
        let background = painter.background()?;
        let faded = painter.fade(canvas, &piece.stretch.fades);
        canvas = painter.overlay(background, faded, 0, 0);
    }
    let Painter { mut graph, seen, .. } = painter;
    let tagged = graph.then(canvas, tags());
    Ok((graph.finish(tagged), seen))
}

struct Painter<'p, 's, 'g, 'a> {
    graph: Graph,
    seen: Pictures,
    piece: &'p Piece<'s, 'g, 'a>,
    output: &'p Output,
    request: &'p Request,
}

type Picturing = Wire<Picture>;

impl Painter<'_, '_, '_, '_> {
    const fn frames(&self) -> i64 {
        self.piece.to - self.piece.from
    }

    /// A layer on what lies beneath it.
    fn lay(&mut self, beneath: Option<Picturing>, layer: &Layer) -> Result<Picturing, CoreError> {
        let placement = layer.placement;
        let see_through = has_alpha(&layer.shot.video.pix_fmt) || !layer.fades.is_empty();
        let mut picture = self.source(layer);
        let (mut x, mut y) = (placement.x, placement.y);
        if !layer.titles.is_empty() {
            if (x, y) != (placement.rectangle.x, placement.rectangle.y) || placement.kept != inner(&placement) {
                picture = self.pad(picture, &placement);
                (x, y) = (placement.rectangle.x, placement.rectangle.y);
            }
            for title in &layer.titles {
                picture = self.write(picture, title)?;
            }
        }
        if !layer.fades.is_empty() {
            picture = self.fade(picture, &layer.fades);
        }
        if beneath.is_none() && !see_through && placement.is_canvas(self.output) {
            return Ok(picture);
        }
        let beneath = match beneath {
            Some(beneath) => beneath,
            None => self.background()?,
        };
        Ok(self.overlay(beneath, picture, x, y))
    }

    /// A clip's own frames at the output's rate, in the size that they have on the canvas.
    fn source(&mut self, layer: &Layer) -> Picturing {
        let (shot, video) = (layer.shot, layer.shot.video);
        let frame = self.output.fps.frame();
        let offset = Span((self.piece.from - shot.from) * frame.0);
        let still = shot.media.kind == MediaKind::Image;
        let start = if still { Time::ZERO } else { shot.clip.in_point.plus(offset) };
        let input = self.open(shot.media, video, start, still);
        let mut wire = self.graph.stream(input, video.index);
        // where frames are doubled they are scaled before, where they are dropped after
        let scale_first = still || video.no_faster_than(frame);
        if !still {
            let origin = shot.media.origin.0 + start.0 + video.stamp_error().0;
            wire = self.graph.then(wire, Filter::new("settb").with("expr", Expr::ratio(1, FLICKS_PER_SECOND)));
            wire = self.graph.then(wire, Filter::new("setpts").with("expr", Expr::of("PTS").plus(-origin)));
        }
        if scale_first {
            wire = self.shape(wire, video, &layer.placement);
        }
        if !still {
            // round=up: a frame shows from its own time on, never before it
            let rate = Filter::new("fps").with("fps", self.output.fps).with("round", "up").with("start_time", 0_i64);
            wire = self.graph.then(wire, rate);
        }
        wire = self.graph.then(wire, Filter::new("tpad").with("stop", -1_i64).with("stop_mode", "clone"));
        wire = self.graph.then(wire, Filter::new("trim").with("end_frame", self.frames()));
        wire = self.clock(wire, 0);
        if scale_first { wire } else { self.shape(wire, video, &layer.placement) }
    }

    /// One more input; its number.
    fn open(&mut self, media: &MediaFile, video: &VideoStream, start: Time, still: bool) -> usize {
        let argv = &mut self.seen.argv;
        argv.words(&["-threads", "1", "-noautorotate"]);
        if !still {
            seek(argv, media, video, start);
        }
        argv.words(&["-protocol_whitelist", "file"]).demuxer(&media.demuxer);
        argv.words(&["-i"]).slot(Slot::Media(media.id.clone()));
        self.seen.media.push(media.id.clone());
        self.seen.inputs += 1;
        self.seen.inputs - 1
    }

    /// Upright, in its size on the canvas, in the film's colours.
    fn shape(&mut self, wire: Picturing, video: &VideoStream, placement: &Placement) -> Picturing {
        let turns: &[(&'static str, Option<&'static str>)] = match video.rotation {
            Rotation::Upright => &[],
            Rotation::Right => &[("transpose", Some("clock"))],
            Rotation::Over => &[("hflip", None), ("vflip", None)],
            Rotation::Left => &[("transpose", Some("cclock"))],
        };
        let mut wire = wire;
        for (name, dir) in turns {
            let turn = Filter::new(name);
            wire = self.graph.then(
                wire,
                match dir {
                    Some(dir) => turn.with("dir", *dir),
                    None => turn,
                },
            );
        }
        let (width, height) = placement.scaled;
        let kept = placement.kept;
        let same_size =
            video.rotation == Rotation::Upright && (i64::from(video.width), i64::from(video.height)) == (width, height);
        if !(same_size && is_native(video)) {
            wire = self.graph.then(wire, conversion(video, width, height));
            let format = if has_alpha(&video.pix_fmt) { "yuva420p" } else { "yuv420p" };
            wire = self.graph.then(wire, Filter::new("format").with("pix_fmts", format));
        }
        if (kept.width, kept.height) != (width, height) {
            let crop = Filter::new("crop").with("w", kept.width).with("h", kept.height);
            wire = self.graph.then(wire, crop.with("x", kept.x).with("y", kept.y));
        }
        self.graph.then(wire, Filter::new("setsar").with("sar", 1_i64))
    }

    /// The rectangle that a clip was given, empty around its picture, for text that reaches beyond the picture.
    fn pad(&mut self, wire: Picturing, placement: &Placement) -> Picturing {
        let rectangle = placement.rectangle;
        let pad = Filter::new("pad").with("w", rectangle.width).with("h", rectangle.height);
        let pad = pad.with("x", placement.x - rectangle.x).with("y", placement.y - rectangle.y);
        let wire = self.graph.then(wire, Filter::new("format").with("pix_fmts", "yuva420p"));
        self.graph.then(wire, pad.with("color", "black@0"))
    }

    fn write(&mut self, wire: Picturing, title: &Title) -> Result<Picturing, CoreError> {
        let sha256 = self.request.fonts.get(title.effect).ok_or_else(|| {
            CoreError::new(Code::MalformedRequest, "a text has no font").at("fonts").about(&**title.effect)
        })?;
        let bad_hash = || CoreError::new(Code::MalformedRequest, "a font is named by its hash").at("fonts");
        let font = FileName::font(sha256).ok_or_else(bad_hash)?;
        let file = FileName::title(self.seen.titles);
        self.seen.titles += 1;
        self.seen.argv.file(&file, title.text.clone());
        self.seen.fonts.push(sha256.clone());
        Ok(self.graph.then(wire, title.filter(file, font, self.piece.from, self.frames())))
    }

    /// The opacity that `fades` leave.
    fn fade(&mut self, wire: Picturing, fades: &[Fade]) -> Picturing {
        let mut wire = self.graph.then(wire, Filter::new("format").with("pix_fmts", "yuva420p"));
        for fade in fades {
            for filter in veil(fade, self.piece.from) {
                wire = self.graph.then(wire, filter);
            }
        }
        self.clock(wire, 0)
    }

    /// Frame `n` of the wire is frame `first + n` of the output's clock.
    fn clock(&mut self, wire: Picturing, first: i64) -> Picturing {
        let fps = self.output.fps;
        let base = Expr::ratio(i64::from(fps.den()), i64::from(fps.num()));
        let wire = self.graph.then(wire, Filter::new("settb").with("expr", base));
        self.graph.then(wire, Filter::new("setpts").with("expr", Expr::of("N").plus(first)))
    }

    fn overlay(&mut self, beneath: Picturing, above: Picturing, x: i64, y: i64) -> Picturing {
        let overlay = Filter::new("overlay").with("x", x).with("y", y).with("format", "yuv420");
        self.graph.join(vec![beneath, above], overlay)
    }

    /// The output's background for every frame of the piece. The numbers are set plane by plane: FFmpeg's own way from
    /// RGB depends on its version.
    fn background(&mut self) -> Result<Picturing, CoreError> {
        let yuv = Rgb::parse(&self.output.background).map_err(|error| error.at("output.background"))?.to_bt709();
        let source = Filter::new("color")
            .with("color", "black")
            .with("size", crate::graph::Value::Size(self.output.width, self.output.height))
            .with("rate", self.output.fps);
        let wire = self.graph.source(source);
        let wire = self.graph.then(wire, Filter::new("trim").with("end_frame", 1_i64));
        let wire = self.graph.then(wire, Filter::new("format").with("pix_fmts", "yuv420p"));
        let planes = Filter::new("lutyuv").with("y", yuv.luma).with("u", yuv.blue).with("v", yuv.red);
        let wire = self.graph.then(wire, planes);
        let wire = self.graph.then(wire, Filter::new("setsar").with("sar", 1_i64));
        let wire = self.graph.then(wire, tags());
        let wire = self.graph.then(wire, Filter::new("tpad").with("stop", -1_i64).with("stop_mode", "clone"));
        let wire = self.graph.then(wire, Filter::new("trim").with("end_frame", self.frames()));
        Ok(self.clock(wire, 0))
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

/// The part of a placement's rectangle that its picture would be if it filled it.
const fn inner(placement: &Placement) -> crate::plan::fit::Area {
    crate::plan::fit::Area {
        x: placement.kept.x,
        y: placement.kept.y,
        width: placement.rectangle.width,
        height: placement.rectangle.height,
    }
}

/// Begins reading a little before the frame that shows at source time `start`: the graph drops what is too early, and a
/// seek is in microseconds.
fn seek(argv: &mut Argv, media: &MediaFile, video: &VideoStream, start: Time) {
    let moment = media.origin.plus(Span(start.0 + video.stamp_error().0));
    let shown = video.shown_at(moment).since(media.origin);
    // a seek in a program stream may land late or on a broken picture: leave it room
    let room = if media.exact_seek { FLICKS_PER_SECOND / 20 } else { 10 * FLICKS_PER_SECOND };
    if shown.0 > room {
        argv.seconds("-ss", Span(shown.0 - room));
    }
}
