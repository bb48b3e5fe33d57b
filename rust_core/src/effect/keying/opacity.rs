//! Half transparent, or more, or less.

use crate::effect::{Brush, Definition, Does, Given, Parameter, Takes};
use crate::error::CoreError;
use crate::graph::{Expr, Filter, Picture, Wire};

/// Half transparent, or more, or less.
pub static EFFECT: Definition = Definition {
    effect_type: "opacity",
    display_name: "Opacity",
    description: "Lets what lies beneath show through, evenly; on the whole film that is its background",
    category: "keying",
    ai_hint: "Use this to lay one picture over another",
    parameters: &[Parameter::decimal("amount", "How much of it is left: 0 is nothing, 1 all of it", [0, 1000, 500])],
    example: r#"{"amount": 0.6}"#,
    takes: Takes::ClipsAndFilm,
    rules: None,
    does: Does::opens(paint),
};

fn paint(given: Given, brush: &mut Brush, wire: Wire<Picture>) -> Result<Wire<Picture>, CoreError> {
    let opacity = Expr::formula("floor(val*{}+0.5)", &[given.decimal("amount")?]);
    let wire = brush.with_opacity(wire);
    Ok(brush.graph.then(wire, Filter::new("lutyuv").with("a", opacity)))
}
