//! Edges made clearer.

use crate::effect::{Brush, Definition, Does, Given, Parameter, Takes};
use crate::error::CoreError;
use crate::graph::{Filter, Picture, Wire};

/// Edges made clearer.
pub static EFFECT: Definition = Definition {
    effect_type: "sharpen",
    display_name: "Sharpen",
    description: "Adds to light and dark what a blur of the same width would take away",
    category: "blur",
    ai_hint: "Use this on footage that is a little soft; not on what is out of focus",
    parameters: &[
        Parameter::decimal("amount", "How much: 0 leaves it as it is", [0, 5000, 1000]),
        Parameter::choice(
            "width",
            "How wide the edges are that it finds: 3, 5 or 7 pixels of the film",
            &["medium", "fine", "broad"],
        ),
    ],
    example: r#"{"amount": 1.5}"#,
    takes: Takes::ClipsAndFilm,
    rules: None,
    does: Does::paints(paint),
};

fn paint(given: Given, brush: &mut Brush, wire: Wire<Picture>) -> Result<Wire<Picture>, CoreError> {
    let width: i64 = match given.text("width")? {
        "fine" => 3,
        "broad" => 7,
        _ => 5,
    };
    let filter = Filter::new("unsharp").with("lx", width).with("ly", width).with("la", given.decimal("amount")?);
    Ok(brush.colours(wire, |brush, colours| brush.graph.then(colours, filter.with("ca", 0_i64))))
}
