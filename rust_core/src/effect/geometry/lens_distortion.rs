//! Lines bent as by a lens, or bent back.

use crate::effect::{Brush, Definition, Does, Given, Parameter, Takes};
use crate::error::CoreError;
use crate::graph::{Filter, Picture, Wire};

/// Lines bent as by a lens, or bent back.
pub static EFFECT: Definition = Definition {
    effect_type: "lens_distortion",
    display_name: "Lens Distortion",
    description: "Moves every point along its line from the middle: one at r, counted so that a corner is at 1, shows \
                  what was at r times 1 + bend r2 + edge r4. Where nothing was, what lies beneath shows",
    category: "geometry",
    ai_hint: "Use this to straighten a wide lens (negative bend) or to imitate one",
    parameters: &[
        Parameter::decimal("bend", "Factor on the square of the distance", [-1000, 1000, -200]),
        Parameter::decimal("edge", "Factor on its fourth power", [-1000, 1000, 0]),
    ],
    example: r#"{"bend": -0.25}"#,
    takes: Takes::ClipsAndFilm,
    rules: None,
    does: Does::opens(paint),
};

fn paint(given: Given, brush: &mut Brush, wire: Wire<Picture>) -> Result<Wire<Picture>, CoreError> {
    let [bend, edge] = given.decimals(["bend", "edge"])?;
    let wire = brush.with_opacity(wire);
    let lens = Filter::new("lenscorrection").with("k1", bend).with("k2", edge);
    Ok(brush.graph.then(wire, lens.with("i", "bilinear").with("fc", "black@0")))
}
