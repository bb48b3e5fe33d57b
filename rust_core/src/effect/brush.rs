//! What an effect paints with: the graph of a piece of film, and what the effect is on.

use std::collections::BTreeMap;

use crate::colour::Yuv;
use crate::error::{Code, CoreError};
use crate::graph::{Expr, FileName, Filter, Graph, Picture, Wire, tags};
use crate::model::{Id, Micro};
use crate::time::Rate;

/// What an effect is on, told from the first frame of the piece that is drawn.
#[derive(Debug, Clone, Copy)]
pub struct Subject {
    /// Width and height of the picture in pixels of the film, both even.
    pub size: (i64, i64),
    /// Frames a second.
    pub fps: Rate,
    /// How many frames are drawn.
    pub frames: i64,
    /// How many frames of the effect come before them.
    pub past: i64,
    /// How many frames before its first the effect works too.
    pub early: i64,
    /// How many frames the effect lasts.
    pub lasts: i64,
    /// The number of the first one, counted in frames of the film from the start of the clip's source.
    pub number: i64,
}

/// The graph of a piece as an effect sees it.
#[derive(Debug)]
pub struct Brush<'b, 'l> {
    /// The graph.
    pub graph: &'b mut Graph,
    /// Fonts, and files for text.
    pub letters: &'b mut Letters<'l>,
    /// What the effect is on.
    pub on: Subject,
    /// Whether the picture carries opacity.
    pub alpha: bool,
}

impl Brush<'_, '_> {
    /// One colour all over.
    pub fn plane(&mut self, colour: Yuv) -> Wire<Picture> {
        self.graph.plane(colour, self.on.size, self.on.frames, self.on.fps)
    }

    /// The planes `y`, `u` and `v` by formulas of `val`, to the nearest level in range. What is not named stays.
    pub fn planes<const N: usize>(&mut self, wire: Wire<Picture>, planes: [(&'static str, Expr); N]) -> Wire<Picture> {
        let table = planes.into_iter().fold(Filter::new("lutyuv"), |filter, (plane, level)| {
            let range = if plane == "y" { "clip(floor({}+0.5),16,235)" } else { "clip(floor({}+0.5),16,240)" };
            filter.with(plane, level.within(range))
        });
        self.graph.then(wire, table)
    }

    /// Red, green and blue by formulas of `val`, each from 0 to 255.
    pub fn channels(&mut self, wire: Wire<Picture>, levels: [Expr; 3]) -> Wire<Picture> {
        let table = ["r", "g", "b"].into_iter().zip(levels).fold(Filter::new("lutrgb"), |filter, (channel, level)| {
            filter.with(channel, level.within("clip(floor({}+0.5),0,255)"))
        });
        self.in_rgb(wire, [table])
    }

    /// `filters` on red, green and blue from 0 to 255.
    pub fn in_rgb(&mut self, wire: Wire<Picture>, filters: impl IntoIterator<Item = Filter>) -> Wire<Picture> {
        let (full, film) = if self.alpha { ("gbrap", "yuva420p") } else { ("gbrp", "yuv420p") };
        let back = Filter::new("scale").with("flags", EXACT).with("in_range", "pc").with("out_color_matrix", "bt709");
        let wire = self.graph.through(wire, to_rgb(full));
        let wire = self.graph.through(wire, filters);
        self.graph.through(wire, [back.with("out_range", "tv"), Filter::new("format").with("pix_fmts", film)])
    }

    /// `paint` on the colours alone; opacity stays as it is.
    pub fn colours(
        &mut self,
        wire: Wire<Picture>,
        paint: impl FnOnce(&mut Self, Wire<Picture>) -> Wire<Picture>,
    ) -> Wire<Picture> {
        if !self.alpha {
            return paint(self, wire);
        }
        let [colours, opacity] = self.graph.twice(wire);
        let opacity = self.graph.through(opacity, [Filter::new("alphaextract"), tags()]);
        let colours = self.graph.then(colours, Filter::new("format").with("pix_fmts", "yuv420p"));
        self.alpha = false;
        let painted = paint(self, colours);
        self.alpha = true;
        self.graph.join(vec![painted, opacity], Filter::new("alphamerge"))
    }

    /// The picture with opacity, which it has or is given.
    pub fn with_opacity(&mut self, wire: Wire<Picture>) -> Wire<Picture> {
        self.alpha = true;
        self.graph.then(wire, Filter::new("format").with("pix_fmts", "yuva420p"))
    }

    /// The same mask for every frame: a formula of X, Y, W and H that gives 0 where nothing shows, 255 where all does.
    ///
    /// Masks say that they are in the film's range, which they are not: `FFmpeg` 8 converts one of two pictures that meet
    /// with different ranges.
    pub fn mask(&mut self, level: Expr) -> Wire<Picture> {
        let canvas = self.graph.canvas(self.on.size, self.on.fps);
        let grey = Filter::new("format").with("pix_fmts", "gray");
        let drawn = Filter::new("geq").with("lum", level.within("clip(floor({}+0.5),0,255)"));
        let wire = self.graph.through(canvas, [grey, drawn, Filter::new("setsar").with("sar", 1_i64), tags()]);
        self.graph.held(wire, self.on.frames, self.on.fps)
    }

    /// What `mask` leaves of the picture.
    pub fn cut_out(&mut self, wire: Wire<Picture>, mask: Wire<Picture>) -> Wire<Picture> {
        if !self.alpha {
            self.alpha = true;
            return self.graph.join(vec![wire, mask], Filter::new("alphamerge"));
        }
        let [colours, opacity] = self.graph.twice(wire);
        let opacity = self.graph.through(opacity, [Filter::new("alphaextract"), tags()]);
        let both = self.graph.join(vec![opacity, mask], Filter::new("blend").with("all_mode", "multiply"));
        let both = self.graph.then(both, tags());
        self.graph.join(vec![colours, both], Filter::new("alphamerge"))
    }

    /// What is left of the picture where `filters`, the last of which makes opacity from colours, leave it.
    pub fn keyed(&mut self, wire: Wire<Picture>, filters: impl IntoIterator<Item = Filter>) -> Wire<Picture> {
        let [wire, seen] = self.graph.twice(wire);
        let seen = self.graph.through(seen, filters);
        let mask = self.graph.through(seen, [Filter::new("alphaextract"), tags()]);
        self.cut_out(wire, mask)
    }

    /// A mask of what `letters` draw in white, at most `opacity` of it.
    pub fn lettering(&mut self, letters: impl IntoIterator<Item = Filter>, opacity: Micro) -> Wire<Picture> {
        let wire = self.plane(Yuv { luma: 16, blue: 128, red: 128 });
        let level = Expr::formula("clip((val-16)*255/219,0,255)*{}", &[opacity]);
        let grey = Filter::new("extractplanes").with("planes", "y");
        let masked = [Filter::new("lutyuv").with("y", level), grey, tags()];
        self.graph.through(wire, letters.into_iter().chain(masked))
    }

    /// One colour over the picture, as much of it as `mask` leaves.
    pub fn stencil(&mut self, wire: Wire<Picture>, colour: Yuv, mask: Wire<Picture>) -> Wire<Picture> {
        let paint = self.plane(colour);
        let paint = self.graph.join(vec![paint, mask], Filter::new("alphamerge"));
        self.graph.overlay(wire, paint, (0, 0))
    }
}

const EXACT: &str = "bicubic+accurate_rnd+full_chroma_int+full_chroma_inp+bitexact";

/// To red, green and blue from 0 to 255, in a pixel format.
pub fn to_rgb(format: &'static str) -> [Filter; 2] {
    let scale = Filter::new("scale").with("flags", EXACT).with("in_color_matrix", "bt709").with("in_range", "tv");
    [scale.with("out_range", "pc"), Filter::new("format").with("pix_fmts", format)]
}

/// The fonts there are for text, and the files that texts are read from.
#[derive(Debug)]
pub struct Letters<'l> {
    fonts: Option<&'l BTreeMap<Id, String>>,
    /// Texts by the names of their files.
    pub files: Vec<(FileName, String)>,
    /// The fonts drawn with.
    pub used: Vec<String>,
}

impl<'l> Letters<'l> {
    /// With the font that was chosen for each effect, by the hash of its content.
    pub const fn of(fonts: &'l BTreeMap<Id, String>) -> Self {
        Self { fonts: Some(fonts), files: Vec::new(), used: Vec::new() }
    }

    /// To look at: with whichever font there will be.
    pub const fn any() -> Self {
        Self { fonts: None, files: Vec::new(), used: Vec::new() }
    }

    /// The font of an effect; refuses one without.
    pub fn font(&mut self, effect: &Id) -> Result<FileName, CoreError> {
        let Some(fonts) = self.fonts else { return Ok(FileName::any_font()) };
        let sha256 = fonts
            .get(effect)
            .ok_or_else(|| CoreError::new(Code::MalformedRequest, "a text has no font").at("fonts").about(&**effect))?;
        let bad_hash = || CoreError::new(Code::MalformedRequest, "a font is named by its hash").at("fonts");
        let font = FileName::font(sha256).ok_or_else(bad_hash)?;
        self.used.push(sha256.clone());
        Ok(font)
    }

    /// A new file that holds `text`.
    pub fn file(&mut self, text: String) -> FileName {
        let name = FileName::title(self.files.len());
        self.files.push((name.clone(), text));
        name
    }
}
