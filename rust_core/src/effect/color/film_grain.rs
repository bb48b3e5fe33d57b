//! Grain that is another one on every frame.

use crate::effect::{Brush, Definition, Does, Given, Parameter, Takes};
use crate::error::CoreError;
use crate::graph::tags;
use crate::graph::{Expr, Filter, Picture, Wire};

/// Grain that is another one on every frame.
pub static EFFECT: Definition = Definition {
    effect_type: "film_grain",
    display_name: "Film Grain",
    description: "Adds grain to light and dark. Which grain a frame has is told by its place in the clip's source, so \
                  that it is the same however the film is cut",
    category: "color",
    ai_hint: "Use this to make clean footage look like film",
    parameters: &[Parameter::decimal(
        "strength",
        "Its standard deviation, as a part of the way from black to white",
        [5, 200, 40],
    )],
    example: r#"{"strength": 0.06}"#,
    takes: Takes::Clips,
    rules: None,
    does: Does::paints(paint),
};

fn paint(given: Given, brush: &mut Brush, wire: Wire<Picture>) -> Result<Wire<Picture>, CoreError> {
    // a normal deviate of FFmpeg's noise is its strength divided by the root of 3
    let strength = (given.decimal("strength")?.0 * 219 * 1_732_051 / 1_000_000 + 500_000) / 1_000_000;
    let ((width, height), frames, fps) = (brush.on.size, brush.on.frames, brush.on.fps);
    // one sheet of grain, larger than the picture; every frame sees another part of it
    let sheet = brush.graph.canvas((width + ROOM, height + ROOM), fps);
    let noise = Filter::new("noise").with("all_seed", 1_i64).with("c0_strength", strength);
    let grey = Filter::new("lutyuv").with("y", 128_i64).with("u", 128_i64).with("v", 128_i64);
    let sheet = brush.graph.through(sheet, [Filter::new("format").with("pix_fmts", "yuv420p"), grey, noise]);
    let sheet = brush.graph.held(sheet, frames, fps);
    let (number, place) = (brush.on.number, Expr::scattered);
    let part = Filter::new("crop")
        .with("w", width)
        .with("h", height)
        .with("x", place(97, number, ROOM))
        .with("y", place(61, number, ROOM));
    let grain = brush.graph.through(sheet, [part, Filter::new("setsar").with("sar", 1_i64), tags()]);
    Ok(brush.colours(wire, |brush, colours| {
        let colours = brush.graph.then(colours, tags());
        let light =
            Filter::new("blend").with("c0_mode", "grainmerge").with("c1_mode", "normal").with("c2_mode", "normal");
        let grained = brush.graph.join(vec![colours, grain], light);
        brush.planes(grained, [("y", Expr::of("val"))])
    }))
}

/// How far the sheet of grain reaches beyond the picture, in pixels.
const ROOM: i64 = 128;
