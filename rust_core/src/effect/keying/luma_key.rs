//! What is dark, or light, made transparent.

use crate::effect::{Brush, Definition, Does, Given, Parameter, Takes};
use crate::error::CoreError;
use crate::graph::{Expr, Filter, Picture, Wire, tags};

/// What is dark, or light, made transparent.
pub static EFFECT: Definition = Definition {
    effect_type: "luma_key",
    display_name: "Luma Key",
    description: "Makes transparent what is darker, or lighter, than a level",
    category: "keying",
    ai_hint: "Use this for smoke, fire and light leaks on black, or for ink on white",
    parameters: &[
        Parameter::choice("remove", "What goes", &["dark", "light"]),
        Parameter::decimal("level", "Up to, or from, where, as a part of the way from black to white", [0, 1000, 100]),
        Parameter::decimal("softness", "Over how much of the way it goes on to become opaque", [0, 1000, 50]),
    ],
    example: r#"{"remove": "dark", "level": 0.2, "softness": 0.1}"#,
    takes: Takes::Clips,
    rules: None,
    does: Does::opens(paint),
};

fn paint(given: Given, brush: &mut Brush, wire: Wire<Picture>) -> Result<Wire<Picture>, CoreError> {
    let [level, softness] = given.decimals(["level", "softness"])?;
    let opaque = match given.text("remove")? {
        "light" => "255*clip(({}-(val-16)/219)/max({},0.001),0,1)",
        _ => "255*clip(((val-16)/219-{})/max({},0.001),0,1)",
    };
    let opaque = Expr::formula(opaque, &[level, softness]).within("floor({}+0.5)");
    let [wire, light] = brush.graph.twice(wire);
    let light = brush.graph.through(light, [Filter::new("extractplanes").with("planes", "y"), tags()]);
    let mask = brush.graph.then(light, Filter::new("lut").with("c0", opaque));
    Ok(brush.cut_out(wire, mask))
}
