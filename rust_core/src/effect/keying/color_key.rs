//! One colour made transparent.

use crate::effect::brush::to_rgb;
use crate::effect::{Brush, Definition, Does, Given, Parameter, Takes};
use crate::error::CoreError;
use crate::graph::{Filter, Picture, Value, Wire};

/// One colour made transparent.
pub static EFFECT: Definition = Definition {
    effect_type: "color_key",
    display_name: "Color Key",
    description: "Makes transparent what is near one exact colour, light and dark included",
    category: "keying",
    ai_hint: "Use this for drawings and logos on a plain ground; for a lit screen use chroma_key",
    parameters: &[
        Parameter::colour("color", "Which colour", "black"),
        Parameter::decimal("similarity", "How far from the colour it still counts; 1 is every colour", [10, 1000, 100]),
        Parameter::decimal("blend", "Over how much of a distance it goes on to become opaque", [0, 1000, 0]),
    ],
    example: r#"{"color": "white", "similarity": 0.4}"#,
    takes: Takes::Clips,
    rules: None,
    does: Does::opens(paint),
};

fn paint(given: Given, brush: &mut Brush, wire: Wire<Picture>) -> Result<Wire<Picture>, CoreError> {
    let colour = given.colour("color")?;
    let [similarity, blend] = given.decimals(["similarity", "blend"])?;
    let key = Filter::new("colorkey").with("color", Value::Colour(colour));
    let key = key.with("similarity", similarity).with("blend", blend);
    Ok(brush.keyed(wire, to_rgb("rgba").into_iter().chain([key])))
}
