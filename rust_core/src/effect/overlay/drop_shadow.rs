//! A soft shadow behind the picture.

use crate::effect::{Brush, Definition, Does, Given, Parameter, Takes};
use crate::error::CoreError;
use crate::graph::{Expr, Filter, Picture, Wire, tags};
use crate::model::Micro;

/// A soft shadow behind the picture.
pub static EFFECT: Definition = Definition {
    effect_type: "drop_shadow",
    display_name: "Drop Shadow",
    description: "Lays a soft shadow of the picture behind it, to its lower right and also outside its rectangle; where \
                  the picture is transparent it throws none. Effects after it work on picture and shadow together",
    category: "overlay",
    ai_hint: "Use this, as the last effect, to lift a picture in a picture off what lies beneath",
    parameters: &[
        Parameter::decimal("opacity", "How dark it is: 1 is all of its colour", [0, 1000, 500]),
        Parameter::colour("color", "Its colour", "black"),
        Parameter {
            keyframable: false,
            ..Parameter::whole("distance", "How far it lies to the right and down, in pixels of the film", [0, 100, 8])
        },
        Parameter {
            keyframable: false,
            ..Parameter::whole("blur", "Standard deviation of its blur in pixels of the film", [1, 50, 6])
        },
    ],
    example: r#"{"opacity": 0.6, "distance": 10, "blur": 5}"#,
    takes: Takes::Clips,
    rules: None,
    does: Does::beyond(paint, room),
};

/// Pixels on every side in which the shadow has vanished: where its distance ends and three deviations of its blur do.
fn room(given: Given) -> Result<i64, CoreError> {
    let reach = given.whole("distance")? + 3 * given.whole("blur")?;
    Ok((reach + 1) / 2 * 2)
}

fn paint(given: Given, brush: &mut Brush, wire: Wire<Picture>) -> Result<Wire<Picture>, CoreError> {
    let (opacity, distance, blur) = (given.decimal("opacity")?, given.whole("distance")?, given.whole("blur")?);
    let ((width, height), colour) = (brush.on.size, given.colour("color")?.to_bt709());
    let wire = brush.with_opacity(wire);
    let [picture, shape] = brush.graph.twice(wire);
    let crop = Filter::new("crop").with("w", width - distance).with("h", height - distance).with("x", 0_i64);
    let pad = Filter::new("pad").with("w", width).with("h", height).with("x", distance).with("y", distance);
    let soft = Filter::new("gblur").with("sigma", Micro(1_000_000 * blur)).with("steps", 3_i64);
    let thin = Filter::new("lut").with("c0", Expr::formula("floor(val*{}+0.5)", &[opacity]));
    let shadow = [Filter::new("alphaextract"), crop.with("y", 0_i64), pad.with("color", "black"), soft, thin, tags()];
    let shadow = brush.graph.through(shape, shadow);
    let dark = brush.plane(colour);
    let shadow = brush.graph.join(vec![dark, shadow], Filter::new("alphamerge"));
    Ok(brush.graph.overlay(shadow, picture, (0, 0)))
}
