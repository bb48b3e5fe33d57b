//! Smeared in one direction.

use crate::effect::{Brush, Definition, Does, Given, Parameter, Takes};
use crate::error::CoreError;
use crate::graph::{Expr, Filter, Picture, Wire};
use crate::model::Micro;

/// Smeared in one direction.
pub static EFFECT: Definition = Definition {
    effect_type: "motion_blur",
    display_name: "Motion Blur",
    description: "Makes every pixel the mean of a line of pixels across or down. The outline of a picture that is \
                  partly transparent stays as it is",
    category: "blur",
    ai_hint: "Use this to suggest speed",
    parameters: &[
        Parameter::choice("direction", "Which way", &["horizontal", "vertical"]),
        Parameter::whole(
            "length",
            "How long the line is in pixels of the film; an even length is taken as one more",
            [3, 49, 15],
        ),
    ],
    example: r#"{"direction": "horizontal", "length": 21}"#,
    takes: Takes::ClipsAndFilm,
    rules: None,
    does: Does::paints(paint),
};

fn paint(given: Given, brush: &mut Brush, wire: Wire<Picture>) -> Result<Wire<Picture>, CoreError> {
    let way = match given.text("direction")? {
        "vertical" => "column",
        _ => "row",
    };
    let half = given.whole("length")? / 2;
    let [luma, chroma] = [2 * half + 1, 2 * (half / 2) + 1];
    let planes =
        [(["0m", "0rdiv", "0mode"], luma), (["1m", "1rdiv", "1mode"], chroma), (["2m", "2rdiv", "2mode"], chroma)];
    let blur = planes.into_iter().fold(Filter::new("convolution"), |filter, ([weights, factor, mode], length)| {
        filter.with(weights, Expr::ones(length)).with(factor, Micro(1_000_000 / length)).with(mode, way)
    });
    Ok(brush.graph.then(wire, blur))
}
