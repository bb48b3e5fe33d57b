//! Only what lies in a shape, or outside it.

use crate::effect::{Brush, Definition, Does, Given, Parameter, Takes};
use crate::error::CoreError;
use crate::graph::{Expr, Picture, Wire};

/// Only what lies in a shape, or outside it.
pub static EFFECT: Definition = Definition {
    effect_type: "shape_mask",
    display_name: "Shape Mask",
    description: "Keeps what lies inside a shape, or outside it, with an edge as soft as wanted",
    category: "keying",
    ai_hint: "Use this for a round picture, a spotlight or a keyhole",
    parameters: &[
        Parameter::choice("shape", "Which shape", &["ellipse", "rectangle", "diamond"]),
        Parameter::choice("keep", "Which side stays", &["inside", "outside"]),
        Parameter::decimal("x", "Its middle across, as a part of the width", [0, 1000, 500]),
        Parameter::decimal("y", "Its middle down, as a part of the height", [0, 1000, 500]),
        Parameter::decimal("width", "Its width, as a part of the picture's", [10, 2000, 600]),
        Parameter::decimal("height", "Its height, as a part of the picture's", [10, 2000, 600]),
        Parameter::decimal("feather", "How much of the way from its edge to its middle is soft", [0, 1000, 50]),
    ],
    example: r#"{"shape": "ellipse", "width": 0.7, "height": 0.9, "feather": 0.2}"#,
    takes: Takes::ClipsAndFilm,
    rules: None,
    does: Does::opens(paint),
};

fn paint(given: Given, brush: &mut Brush, wire: Wire<Picture>) -> Result<Wire<Picture>, CoreError> {
    // 0 in the middle, 1 on the edge
    let distance = match given.text("shape")? {
        "rectangle" => "max(abs((X+0.5)/W-{})*2/{},abs((Y+0.5)/H-{})*2/{})",
        "diamond" => "abs((X+0.5)/W-{})*2/{}+abs((Y+0.5)/H-{})*2/{}",
        _ => "hypot(((X+0.5)/W-{})*2/{},((Y+0.5)/H-{})*2/{})",
    };
    let distance = Expr::formula(distance, &given.decimals(["x", "width", "y", "height"])?);
    let inside = distance.within("(1-{})").times(&Expr::formula("255/max({},0.001)", &[given.decimal("feather")?]));
    let level = match given.text("keep")? {
        "outside" => inside.within("255-clip({},0,255)"),
        _ => inside,
    };
    let mask = brush.mask(level);
    Ok(brush.cut_out(wire, mask))
}
