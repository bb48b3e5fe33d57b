//! What graphs of pictures are made of: clocks, copies, planes of one colour, one picture on another.

use super::{Expr, Filter, Graph, Picture, Value, Wire};
use crate::colour::Yuv;
use crate::time::Rate;

/// Says what the film's colours are, so that every segment's headers are the same.
pub fn tags() -> Filter {
    Filter::new("setparams")
        .with("range", "tv")
        .with("color_primaries", "bt709")
        .with("color_trc", "bt709")
        .with("colorspace", "bt709")
}

impl Graph {
    /// The wire's one frame, held until there are `frames`; their stamps count frames.
    pub fn held(&mut self, wire: Wire<Picture>, frames: i64, fps: Rate) -> Wire<Picture> {
        let wire = self.then(wire, Filter::new("tpad").with("stop", -1_i64).with("stop_mode", "clone"));
        let wire = self.then(wire, Filter::new("trim").with("end_frame", frames));
        self.counted(wire, fps)
    }

    /// The wire's stamps count frames from 0 on.
    pub fn counted(&mut self, wire: Wire<Picture>, fps: Rate) -> Wire<Picture> {
        let base = Expr::ratio(i64::from(fps.den()), i64::from(fps.num()));
        let wire = self.then(wire, Filter::new("settb").with("expr", base));
        self.then(wire, Filter::new("setpts").with("expr", Expr::of("N")))
    }

    /// Black of a size, for one frame.
    pub fn canvas(&mut self, (width, height): (i64, i64), fps: Rate) -> Wire<Picture> {
        let source = Filter::new("color").with("color", "black").with("size", Value::Size(width, height));
        let wire = self.source(source.with("rate", fps));
        self.then(wire, Filter::new("trim").with("end_frame", 1_i64))
    }

    /// One colour all over, for `frames` frames. Its numbers are set plane by plane: FFmpeg's own way from RGB depends on
    /// its version.
    pub fn plane(&mut self, colour: Yuv, size: (i64, i64), frames: i64, fps: Rate) -> Wire<Picture> {
        let filters = [
            Filter::new("format").with("pix_fmts", "yuv420p"),
            Filter::new("lutyuv").with("y", colour.luma).with("u", colour.blue).with("v", colour.red),
            Filter::new("setsar").with("sar", 1_i64),
            tags(),
        ];
        let canvas = self.canvas(size, fps);
        let wire = self.through(canvas, filters);
        self.held(wire, frames, fps)
    }

    /// A picture on another, its upper left corner at a place.
    pub fn overlay(&mut self, beneath: Wire<Picture>, above: Wire<Picture>, (x, y): (i64, i64)) -> Wire<Picture> {
        let overlay = Filter::new("overlay").with("x", x).with("y", y).with("format", "yuv420");
        self.join(vec![beneath, above], overlay)
    }
}
