//! Text on the picture. The text goes through a file, unexpanded: no character of it can mean anything to FFmpeg.

use crate::colour::Rgb;
use crate::error::{Code, CoreError};
use crate::graph::{Expr, FileName, Filter};
use crate::model::{Effect, Id, Value};
use crate::plan::grid::{Count, Fade};
use crate::text;
use crate::time::Time;

/// Where a title stands in its rectangle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Position {
    /// In the middle.
    Center,
    /// In the middle of the upper edge.
    Top,
    /// In the middle of the lower edge.
    Bottom,
    /// In a corner.
    TopLeft,
    /// In a corner.
    TopRight,
    /// In a corner.
    BottomLeft,
    /// In a corner.
    BottomRight,
}

/// A text on frames `[from, to)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Title<'a> {
    /// The effect that it is, for its font.
    pub effect: &'a Id,
    /// What is drawn, normalised.
    pub text: String,
    /// Where.
    pub position: Position,
    /// In pixels of the output.
    pub font_size: i64,
    /// In what colour.
    pub colour: Rgb,
    /// Its first frame.
    pub from: i64,
    /// The frame after its last.
    pub to: i64,
    /// Its fades, in the same count.
    pub fades: Vec<Fade>,
}

impl<'a> Title<'a> {
    /// The title that a `text_overlay` effect asks for on `whole` frames.
    pub fn of(effect: &'a Effect, count: Count, whole: i64) -> Result<Self, CoreError> {
        let (from, to) = window(effect, count, whole);
        let (rise, fall) = (count.at(Time(number(effect, "fade_in")?)), count.at(Time(number(effect, "fade_out")?)));
        let mut fades = Vec::new();
        if rise > 0 {
            fades.push(Fade { rises: true, start: from, length: rise });
        }
        if fall > 0 {
            fades.push(Fade { rises: false, start: to - fall, length: fall });
        }
        Ok(Self {
            effect: &effect.id,
            text: text::normalised(word(effect, "text")?)?,
            position: position(word(effect, "position")?)?,
            font_size: number(effect, "font_size")?,
            colour: Rgb::parse(word(effect, "font_color")?)?,
            from,
            to,
            fades,
        })
    }

    /// The same, `frames` later.
    #[must_use]
    pub fn shifted(mut self, frames: i64) -> Self {
        self.from += frames;
        self.to += frames;
        for fade in &mut self.fades {
            fade.start += frames;
        }
        self
    }

    /// Whether it shows at `frame`.
    pub const fn shows(&self, frame: i64) -> bool {
        self.from <= frame && frame < self.to
    }

    /// The filter that draws it in `colour` on a stretch of `frames` that starts at frame `start` of the same count.
    pub fn filter(&self, file: FileName, font: FileName, colour: Rgb, start: i64, frames: i64) -> Filter {
        let (x, y) = self.position.place();
        let filter = Filter::new("drawtext")
            .with("fontfile", crate::graph::Value::File(font))
            .with("textfile", crate::graph::Value::File(file))
            .with("expansion", "none")
            .with("fontsize", self.font_size)
            .with("fontcolor", crate::graph::Value::Colour(colour))
            .with("x", Expr::of(x))
            .with("y", Expr::of(y));
        match self.opacity(start, frames) {
            Some(opacity) => filter.with("alpha", opacity),
            None => filter,
        }
    }

    /// Its opacity while one of its fades is on its way, by the stretch's own frame number.
    fn opacity(&self, start: i64, frames: i64) -> Option<Expr> {
        let near = |fade: &&Fade| fade.start < start + frames && start < fade.end();
        self.fades.iter().filter(near).map(|fade| weight(*fade, start)).reduce(|a, b| a.times(&b))
    }
}

fn weight(fade: Fade, start: i64) -> Expr {
    if fade.rises {
        Expr::rising(fade.start - start, fade.length)
    } else {
        Expr::falling(fade.start - start, fade.length)
    }
}

impl Position {
    /// The upper left corner of the text, by the picture's and the text's own sizes: an edge is a twentieth away.
    const fn place(self) -> (&'static str, &'static str) {
        const MIDDLE: (&str, &str) = ("(w-text_w)/2", "(h-text_h)/2");
        const NEAR: &str = "h/20";
        const FAR: (&str, &str) = ("w-text_w-h/20", "h-text_h-h/20");
        match self {
            Self::Center => MIDDLE,
            Self::Top => (MIDDLE.0, NEAR),
            Self::Bottom => (MIDDLE.0, FAR.1),
            Self::TopLeft => (NEAR, NEAR),
            Self::TopRight => (FAR.0, NEAR),
            Self::BottomLeft => (NEAR, FAR.1),
            Self::BottomRight => FAR,
        }
    }
}

/// The frames of an effect's window within `whole`.
pub fn window(effect: &Effect, count: Count, whole: i64) -> (i64, i64) {
    let start = effect.window.start;
    let end = effect.window.duration.map_or(whole, |duration| count.at(start.plus(duration)));
    (count.at(start), end.min(whole))
}

/// A parameter that is a whole number, a time or a decimal.
pub fn number(effect: &Effect, name: &str) -> Result<i64, CoreError> {
    match effect.params.get(name) {
        Some(Value::Int(number)) => Ok(*number),
        _ => Err(unreadable(effect, name)),
    }
}

fn word<'a>(effect: &'a Effect, name: &str) -> Result<&'a str, CoreError> {
    match effect.params.get(name) {
        Some(Value::Text(text)) => Ok(text),
        _ => Err(unreadable(effect, name)),
    }
}

fn position(name: &str) -> Result<Position, CoreError> {
    Ok(match name {
        "center" => Position::Center,
        "top" => Position::Top,
        "bottom" => Position::Bottom,
        "top_left" => Position::TopLeft,
        "top_right" => Position::TopRight,
        "bottom_left" => Position::BottomLeft,
        "bottom_right" => Position::BottomRight,
        _ => return Err(CoreError::new(Code::BadParameter, "no such position").at("params.position")),
    })
}

fn unreadable(effect: &Effect, name: &str) -> CoreError {
    CoreError::new(Code::BadParameter, format!("{} needs {name}", effect.kind))
        .at(format!("params.{name}"))
        .about(&*effect.id)
}
