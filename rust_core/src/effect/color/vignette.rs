//! Darker toward the corners.

use crate::colour::Yuv;
use crate::effect::{Brush, Definition, Does, Given, Parameter, Takes};
use crate::error::CoreError;
use crate::graph::{Expr, Picture, Wire};

/// Darker toward the corners.
pub static EFFECT: Definition = Definition {
    effect_type: "vignette",
    display_name: "Vignette",
    description: "Darkens the picture from a circle in its middle to its corners",
    category: "color",
    ai_hint: "Use this to draw the eye to the middle",
    parameters: &[
        Parameter::decimal("amount", "How dark the corners are: 1 is black", [0, 1000, 500]),
        Parameter::decimal("size", "Where it begins, as a part of the way from the middle to a corner", [0, 990, 300]),
    ],
    example: r#"{"amount": 0.8, "size": 0.2}"#,
    takes: Takes::ClipsAndFilm,
    rules: None,
    does: Does::paints(paint),
};

fn paint(given: Given, brush: &mut Brush, wire: Wire<Picture>) -> Result<Wire<Picture>, CoreError> {
    let [amount, size] = given.decimals(["amount", "size"])?;
    let shade = "255*{}*pow(clip((hypot((X+0.5)/W-0.5,(Y+0.5)/H-0.5)*sqrt(2)-{})/(1-{}),0,1),2)";
    let mask = brush.mask(Expr::formula(shade, &[amount, size, size]));
    let black = Yuv { luma: 16, blue: 128, red: 128 };
    Ok(brush.colours(wire, |brush, colours| brush.stencil(colours, black, mask)))
}
