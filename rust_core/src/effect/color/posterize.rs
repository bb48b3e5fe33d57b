//! Few levels of each colour.

use crate::effect::{Brush, Definition, Does, Given, Parameter, Takes};
use crate::error::CoreError;
use crate::graph::{Expr, Picture, Wire};
use crate::model::Micro;

/// Few levels of each colour.
pub static EFFECT: Definition = Definition {
    effect_type: "posterize",
    display_name: "Posterize",
    description: "Leaves a number of even levels of red, green and blue",
    category: "color",
    ai_hint: "Use this for a flat, printed look",
    parameters: &[Parameter::whole("levels", "How many levels of each of red, green and blue", [2, 64, 6])],
    example: r#"{"levels": 4}"#,
    takes: Takes::ClipsAndFilm,
    rules: None,
    does: Does::paints(paint),
};

fn paint(given: Given, brush: &mut Brush, wire: Wire<Picture>) -> Result<Wire<Picture>, CoreError> {
    let levels = given.whole("levels")?;
    let [count, last] = [levels, levels - 1].map(|number| Micro(1_000_000 * number));
    let level = Expr::formula("min(floor(val*{}/256),{})*255/{}", &[count, last, last]);
    Ok(brush.channels(wire, [level.clone(), level.clone(), level]))
}
