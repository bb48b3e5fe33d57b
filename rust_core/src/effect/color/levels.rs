//! New ends for black and white.

use crate::effect::{Brush, Definition, Does, Given, Parameter, Takes};
use crate::error::CoreError;
use crate::graph::{Expr, Picture, Wire};
use crate::limits::out_of_range;

/// New ends for black and white.
pub static EFFECT: Definition = Definition {
    effect_type: "levels",
    display_name: "Levels",
    description: "Stretches what lies between black_in and white_in over black_out to white_out, in red, green and \
                  blue alike, with a gamma for what is between",
    category: "color",
    ai_hint: "Use this to set the black and white points, or to fade a picture to pale",
    parameters: &[
        Parameter::decimal(
            "black_in",
            "What becomes the darkest, as a part of the way from black to white",
            [0, 1000, 0],
        ),
        Parameter::decimal("white_in", "What becomes the lightest", [0, 1000, 1000]),
        Parameter::decimal("gamma", "Above 1 the tones between are lighter", [100, 10_000, 1000]),
        Parameter::decimal("black_out", "How light the darkest is", [0, 1000, 0]),
        Parameter::decimal("white_out", "How light the lightest is", [0, 1000, 1000]),
    ],
    example: r#"{"black_in": 0.1, "white_in": 0.9, "gamma": 1.1}"#,
    takes: Takes::ClipsAndFilm,
    rules: Some(ends_differ),
    does: Does::paints(paint),
};

fn paint(given: Given, brush: &mut Brush, wire: Wire<Picture>) -> Result<Wire<Picture>, CoreError> {
    let levels =
        given.decimals(["black_out", "white_out", "black_out", "black_in", "white_in", "black_in", "gamma"])?;
    let level = Expr::formula("255*({}+({}-{})*pow(clip((val/255-{})/({}-{}),0,1),1/{}))", &levels);
    Ok(brush.channels(wire, [level.clone(), level.clone(), level]))
}

fn ends_differ(given: Given) -> Result<(), CoreError> {
    if given.decimal("black_in")? < given.decimal("white_in")? {
        return Ok(());
    }
    Err(out_of_range("params.white_in", "white_in must be greater than black_in"))
}
