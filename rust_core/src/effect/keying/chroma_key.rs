//! A screen of one colour made transparent.

use crate::effect::{Brush, Definition, Does, Given, Parameter, Takes};
use crate::error::CoreError;
use crate::graph::{Filter, Picture, Value, Wire};

/// A screen of one colour made transparent.
pub static EFFECT: Definition = Definition {
    effect_type: "chroma_key",
    display_name: "Chroma Key",
    description: "Makes transparent what has a colour, however light it is there: green or blue screens",
    category: "keying",
    ai_hint: "Use this to put somebody who was shot before a green or blue screen on another background",
    parameters: &[
        Parameter::colour("color", "The colour of the screen", "lime"),
        Parameter::decimal(
            "similarity",
            "How far from the colour it still is the screen; 1 is every colour",
            [10, 1000, 150],
        ),
        Parameter::decimal("blend", "Over how much of a distance it goes on to become opaque", [0, 1000, 50]),
    ],
    example: r##"{"color": "#00ff00", "similarity": 0.2}"##,
    takes: Takes::Clips,
    rules: None,
    does: Does::opens(paint),
};

fn paint(given: Given, brush: &mut Brush, wire: Wire<Picture>) -> Result<Wire<Picture>, CoreError> {
    let screen = given.colour("color")?.to_bt709();
    let [similarity, blend] = given.decimals(["similarity", "blend"])?;
    let format = Filter::new("format").with("pix_fmts", "yuva420p");
    let key = Filter::new("chromakey").with("color", Value::Colour(screen.packed())).with("yuv", 1_i64);
    Ok(brush.keyed(wire, [format, key.with("similarity", similarity).with("blend", blend)]))
}
