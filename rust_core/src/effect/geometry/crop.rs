//! Edges cut off.

use crate::effect::{Brush, Definition, Does, Given, Parameter, Takes};
use crate::error::CoreError;
use crate::graph::{Filter, Picture, Wire};
use crate::limits::out_of_range;
use crate::model::Micro;

/// Edges cut off.
pub static EFFECT: Definition = Definition {
    effect_type: "crop",
    display_name: "Crop",
    description: "Takes away the edges of the picture; what is left stays where it is, and what lies beneath shows \
                  around it. Edges come to lie on even pixels",
    category: "geometry",
    ai_hint: "Use this to cut away what should not be seen at an edge",
    parameters: &[
        Parameter::decimal("left", "How much goes at the left, as a part of the width", [0, 990, 0]),
        Parameter::decimal("right", "How much goes at the right, as a part of the width", [0, 990, 0]),
        Parameter::decimal("top", "How much goes at the top, as a part of the height", [0, 990, 0]),
        Parameter::decimal("bottom", "How much goes at the bottom, as a part of the height", [0, 990, 0]),
    ],
    example: r#"{"left": 0.1, "right": 0.1}"#,
    takes: Takes::ClipsAndFilm,
    rules: Some(something_stays),
    does: Does::opens(paint),
};

fn paint(given: Given, brush: &mut Brush, wire: Wire<Picture>) -> Result<Wire<Picture>, CoreError> {
    let ((width, height), edges) = (brush.on.size, given.decimals(["left", "right", "top", "bottom"])?);
    let [left, right] = [edges[0], Micro(1_000_000 - edges[1].0)].map(|edge| edge.even_part_of(width));
    let [top, bottom] = [edges[2], Micro(1_000_000 - edges[3].0)].map(|edge| edge.even_part_of(height));
    let (left, top) = (left.min(width - 2), top.min(height - 2));
    let crop = Filter::new("crop").with("w", (right - left).max(2)).with("h", (bottom - top).max(2));
    let pad = Filter::new("pad").with("w", width).with("h", height).with("x", left).with("y", top);
    let wire = brush.with_opacity(wire);
    Ok(brush.graph.through(wire, [crop.with("x", left).with("y", top), pad.with("color", "black@0")]))
}

fn something_stays(given: Given) -> Result<(), CoreError> {
    for (one, other) in [("left", "right"), ("top", "bottom")] {
        if given.decimal(one)?.0 + given.decimal(other)?.0 >= 1_000_000 {
            return Err(out_of_range(
                &format!("params.{other}"),
                format!("{one} and {other} together are less than 1"),
            ));
        }
    }
    Ok(())
}
