//! Part of the picture, as large as all of it.

use crate::effect::{Brush, Definition, Does, Given, Parameter, Takes};
use crate::error::CoreError;
use crate::graph::{Filter, Picture, Wire};
use crate::model::Micro;

/// Part of the picture, as large as all of it.
pub static EFFECT: Definition = Definition {
    effect_type: "zoom",
    display_name: "Zoom",
    description: "Enlarges part of the picture to its full size; the part's edges come to lie on even pixels",
    category: "geometry",
    ai_hint: "Use this to come closer, or to cut away edges",
    parameters: &[
        Parameter::decimal("factor", "How many times larger", [1000, 20_000, 1500]),
        Parameter::decimal("x", "Which part across: 0 is the left, 0.5 the middle, 1 the right", [0, 1000, 500]),
        Parameter::decimal("y", "Which part down: 0 is the top, 0.5 the middle, 1 the bottom", [0, 1000, 500]),
    ],
    example: r#"{"factor": 2, "x": 0.25}"#,
    takes: Takes::ClipsAndFilm,
    rules: None,
    does: Does::paints(paint),
};

fn paint(given: Given, brush: &mut Brush, wire: Wire<Picture>) -> Result<Wire<Picture>, CoreError> {
    let (width, height) = brush.on.size;
    let ([factor, x, y], whole) = (given.decimals(["factor", "x", "y"])?, Micro::ONE.0);
    let part = Micro(whole * whole / factor.0);
    let (across, down) = (part.even_part_of(width).max(2), part.even_part_of(height).max(2));
    let crop = Filter::new("crop").with("w", across).with("h", down);
    let crop = crop.with("x", x.even_part_of(width - across)).with("y", y.even_part_of(height - down));
    let scale = Filter::new("scale").with("w", width).with("h", height).with("flags", "bicubic+accurate_rnd+bitexact");
    Ok(brush.graph.through(wire, [crop, scale, Filter::new("setsar").with("sar", 1_i64)]))
}
