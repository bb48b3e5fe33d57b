//! The picture seen from an angle.

use crate::effect::{Brush, Definition, Does, Given, Parameter, Takes};
use crate::error::CoreError;
use crate::graph::{Expr, Filter, Picture, Wire};

/// The picture seen from an angle.
pub static EFFECT: Definition = Definition {
    effect_type: "perspective",
    display_name: "Perspective",
    description: "Pulls four points of the picture to its corners, straight lines staying straight. Each corner has \
                  two numbers: how far inside the picture its point lies",
    category: "geometry",
    ai_hint: "Use this to set falling lines straight, such as a screen or a house shot from below",
    parameters: &[
        Parameter::decimal("top_left_x", "How far in from the top left corner, as a part of the width", [0, 450, 0]),
        Parameter::decimal("top_left_y", "How far in from the top left corner, as a part of the height", [0, 450, 0]),
        Parameter::decimal("top_right_x", "How far in from the top right corner, as a part of the width", [0, 450, 0]),
        Parameter::decimal("top_right_y", "How far in from the top right corner, as a part of the height", [0, 450, 0]),
        Parameter::decimal(
            "bottom_left_x",
            "How far in from the bottom left corner, as a part of the width",
            [0, 450, 0],
        ),
        Parameter::decimal(
            "bottom_left_y",
            "How far in from the bottom left corner, as a part of the height",
            [0, 450, 0],
        ),
        Parameter::decimal(
            "bottom_right_x",
            "How far in from the bottom right corner, as a part of the width",
            [0, 450, 0],
        ),
        Parameter::decimal(
            "bottom_right_y",
            "How far in from the bottom right corner, as a part of the height",
            [0, 450, 0],
        ),
    ],
    example: r#"{"top_left_x": 0.2, "top_right_x": 0.2}"#,
    takes: Takes::ClipsAndFilm,
    rules: None,
    does: Does::paints(paint),
};

fn paint(given: Given, brush: &mut Brush, wire: Wire<Picture>) -> Result<Wire<Picture>, CoreError> {
    let mut filter = Filter::new("perspective");
    for (corner, [x_key, y_key]) in CORNERS {
        let [x, y] = given.decimals([corner.x, corner.y])?;
        filter = filter.with(x_key, Expr::formula(corner.across, &[x])).with(y_key, Expr::formula(corner.down, &[y]));
    }
    Ok(brush.graph.then(wire, filter.with("sense", "source").with("interpolation", "linear")))
}

struct Corner {
    x: &'static str,
    y: &'static str,
    across: &'static str,
    down: &'static str,
}

const LEFT: &str = "W*{}";
const RIGHT: &str = "W*(1-{})";
const TOP: &str = "H*{}";
const BOTTOM: &str = "H*(1-{})";

/// The corners and the filter's names for them.
const CORNERS: [(Corner, [&str; 2]); 4] = [
    (Corner { x: "top_left_x", y: "top_left_y", across: LEFT, down: TOP }, ["x0", "y0"]),
    (Corner { x: "top_right_x", y: "top_right_y", across: RIGHT, down: TOP }, ["x1", "y1"]),
    (Corner { x: "bottom_left_x", y: "bottom_left_y", across: LEFT, down: BOTTOM }, ["x2", "y2"]),
    (Corner { x: "bottom_right_x", y: "bottom_right_y", across: RIGHT, down: BOTTOM }, ["x3", "y3"]),
];
