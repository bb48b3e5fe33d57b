//! Two colours, one for the dark and one for the light.

use crate::effect::{Brush, Definition, Does, Given, Parameter, Takes};
use crate::error::CoreError;
use crate::graph::{Expr, Picture, Wire};
use crate::model::Micro;

/// Two colours, one for the dark and one for the light.
pub static EFFECT: Definition = Definition {
    effect_type: "duotone",
    display_name: "Duotone",
    description: "Replaces grey values by the colours between two: shadows for black, highlights for white",
    category: "color",
    ai_hint: "Use this for a poster-like look in two colours",
    parameters: &[
        Parameter::colour("shadows", "What black becomes", "navy"),
        Parameter::colour("highlights", "What white becomes", "yellow"),
    ],
    example: r##"{"shadows": "#1a1a4d", "highlights": "#ffd9a0"}"##,
    takes: Takes::ClipsAndFilm,
    rules: None,
    does: Does::paints(paint),
};

fn paint(given: Given, brush: &mut Brush, wire: Wire<Picture>) -> Result<Wire<Picture>, CoreError> {
    let (low, high) = (given.colour("shadows")?, given.colour("highlights")?);
    let grey = brush.planes(wire, [("u", Expr::of("128")), ("v", Expr::of("128"))]);
    let between = |[low, high]: [u8; 2]| {
        let [low, high] = [low, high].map(|level| Micro(1_000_000 * i64::from(level)));
        Expr::formula("{}+({}-{})*val/255", &[low, high, low])
    };
    let channels = [[low.red, high.red], [low.green, high.green], [low.blue, high.blue]];
    Ok(brush.channels(grey, channels.map(between)))
}
