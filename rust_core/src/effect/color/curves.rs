//! A look by curves of red, green and blue.

use crate::effect::{Brush, Definition, Does, Given, Parameter, Takes};
use crate::error::CoreError;
use crate::graph::{Filter, Picture, Wire};

/// A look by curves of red, green and blue.
pub static EFFECT: Definition = Definition {
    effect_type: "curves",
    display_name: "Curves",
    description: "Bends red, green and blue by the curves of a preset: smooth lines through a few points",
    category: "color",
    ai_hint: "Use this for a quick look: contrast, matte, lighten, darken, cross_process or vintage",
    parameters: &[Parameter::choice(
        "preset",
        "Which curves",
        &["contrast", "matte", "lighten", "darken", "cross_process", "vintage"],
    )],
    example: r#"{"preset": "vintage"}"#,
    takes: Takes::ClipsAndFilm,
    rules: None,
    does: Does::paints(paint),
};

fn paint(given: Given, brush: &mut Brush, wire: Wire<Picture>) -> Result<Wire<Picture>, CoreError> {
    let [red, green, blue] = points(given.text("preset")?).ok_or_else(|| given.unreadable("preset"))?;
    let curves = Filter::new("curves").with("red", red).with("green", green).with("blue", blue);
    Ok(brush.in_rgb(wire, [curves]))
}

/// Points `in/out` of red, green and blue, from 0 to 1.
fn points(preset: &str) -> Option<[&'static str; 3]> {
    Some(match preset {
        "contrast" => ["0/0 0.25/0.18 0.75/0.82 1/1"; 3],
        "matte" => ["0/0.12 0.5/0.5 1/0.9"; 3],
        "lighten" => ["0/0 0.4/0.52 1/1"; 3],
        "darken" => ["0/0 0.6/0.48 1/1"; 3],
        "cross_process" => ["0/0 0.3/0.2 0.7/0.85 1/1", "0/0 0.3/0.25 0.7/0.8 1/1", "0/0.15 0.5/0.5 1/0.8"],
        "vintage" => ["0/0.1 0.5/0.55 1/0.95", "0/0.05 0.5/0.5 1/0.92", "0/0.15 0.5/0.45 1/0.75"],
        _ => return None,
    })
}
