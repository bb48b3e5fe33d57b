//! Brown as an old photograph.

use crate::effect::{Brush, Definition, Does, Given, Parameter, Takes};
use crate::error::CoreError;
use crate::graph::{Expr, Picture, Wire};
use crate::model::Micro;

/// Brown as an old photograph.
pub static EFFECT: Definition = Definition {
    effect_type: "sepia",
    display_name: "Sepia",
    description: "Gives everything the colour of sepia ink; how light things are stays",
    category: "color",
    ai_hint: "Use this to make footage look old",
    parameters: &[Parameter::decimal("amount", "How far: 0 leaves it as it is, 1 is all sepia", [0, 1000, 1000])],
    example: r#"{"amount": 0.8}"#,
    takes: Takes::ClipsAndFilm,
    rules: None,
    does: Does::paints(paint),
};

fn paint(given: Given, brush: &mut Brush, wire: Wire<Picture>) -> Result<Wire<Picture>, CoreError> {
    let amount = given.decimal("amount")?;
    let toward = |level| Expr::formula("val+({}-val)*{}", &[Micro(level), amount]);
    Ok(brush.planes(wire, [("u", toward(103_000_000)), ("v", toward(150_000_000))]))
}
