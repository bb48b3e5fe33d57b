//! The picture moved within its frame.

use crate::effect::{Brush, Definition, Does, Given, Parameter, Takes};
use crate::error::CoreError;
use crate::graph::{Filter, Picture, Wire};

/// The picture moved within its frame.
pub static EFFECT: Definition = Definition {
    effect_type: "pan",
    display_name: "Pan",
    description: "Moves the picture within its own frame, by even pixels: what leaves it is cut off, and what lies \
                  beneath shows where it came from",
    category: "geometry",
    ai_hint: "Use this to shift a picture; to place a whole clip elsewhere use its transform",
    parameters: &[
        Parameter::decimal("x", "How far to the right, as a part of the width; negative to the left", [-950, 950, 0]),
        Parameter::decimal("y", "How far down, as a part of the height; negative up", [-950, 950, 0]),
    ],
    example: r#"{"x": 0.25}"#,
    takes: Takes::ClipsAndFilm,
    rules: None,
    does: Does::opens(paint),
};

fn paint(given: Given, brush: &mut Brush, wire: Wire<Picture>) -> Result<Wire<Picture>, CoreError> {
    let (width, height) = brush.on.size;
    let [x, y] = given.decimals(["x", "y"])?;
    let right = x.even_part_of(width).clamp(2 - width, width - 2);
    let down = y.even_part_of(height).clamp(2 - height, height - 2);
    let crop = Filter::new("crop").with("w", width - right.abs()).with("h", height - down.abs());
    let pad = Filter::new("pad").with("w", width).with("h", height).with("x", right.max(0)).with("y", down.max(0));
    let wire = brush.with_opacity(wire);
    let crop = crop.with("x", (-right).max(0)).with("y", (-down).max(0));
    Ok(brush.graph.through(wire, [crop, pad.with("color", "black@0")]))
}
