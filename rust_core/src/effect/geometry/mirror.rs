//! One half, and its mirror image.

use crate::effect::{Brush, Definition, Does, Given, Parameter, Takes};
use crate::error::CoreError;
use crate::graph::{Filter, Picture, Wire};
use crate::model::Micro;

/// One half, and its mirror image.
pub static EFFECT: Definition = Definition {
    effect_type: "mirror",
    display_name: "Mirror",
    description: "Keeps one half of the picture and shows its mirror image in the other",
    category: "geometry",
    ai_hint: "Use this for a symmetrical, kaleidoscopic look",
    parameters: &[Parameter::choice("keep", "Which half stays", &["left", "right", "top", "bottom"])],
    example: r#"{"keep": "right"}"#,
    takes: Takes::ClipsAndFilm,
    rules: None,
    does: Does::paints(paint),
};

fn paint(given: Given, brush: &mut Brush, wire: Wire<Picture>) -> Result<Wire<Picture>, CoreError> {
    let (keep, (width, height)) = (given.text("keep")?, brush.on.size);
    let across = matches!(keep, "left" | "right");
    let [flip, stack] = if across { ["hflip", "hstack"] } else { ["vflip", "vstack"] };
    let whole = if across { width } else { height };
    let first = Micro(500_000).even_part_of(whole);
    let [kept, flipped] = brush.graph.twice(wire);
    let flipped = brush.graph.then(flipped, Filter::new(flip));
    let [before, after] = if matches!(keep, "left" | "top") { [kept, flipped] } else { [flipped, kept] };
    let part = |from, length| {
        let crop = Filter::new("crop");
        if across { crop.with("w", length).with("x", from) } else { crop.with("h", length).with("y", from) }
    };
    let before = brush.graph.then(before, part(0, first));
    let after = brush.graph.then(after, part(first, whole - first));
    Ok(brush.graph.join(vec![before, after], Filter::new(stack)))
}
