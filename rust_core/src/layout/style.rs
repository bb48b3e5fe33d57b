//! How the frames of a layout look: the effects that its clips get, and how pictures meet their rectangles.

use serde::Serialize;

use crate::effect::{Given, Parameter, find};
use crate::error::CoreError;
use crate::model::{Fit, Params, Value};

/// What every layout takes besides its own parameters.
pub static PARAMETERS: [Parameter; 5] = [
    Parameter::choice("fit", "How a picture of another shape meets its rectangle", &["cover", "contain", "stretch"]),
    Parameter::decimal(
        "border_width",
        "Width of a line along each edge, as a part of the shorter side; 0 is none",
        [0, 500, 0],
    ),
    Parameter::colour("border_color", "Colour of the line", "white"),
    Parameter::decimal("radius", "Radius of the corners, as a part of the shorter side", [0, 500, 0]),
    Parameter::decimal("shadow", "How dark a shadow each throws: 0 is none, 1 black", [0, 1000, 0]),
];

/// The look of a frame.
#[derive(Debug, Serialize)]
pub struct Style {
    /// How the picture meets its rectangle.
    pub fit: Fit,
    /// The parameters of `border`; none where there is no border.
    pub border: Option<Params>,
    /// Those of `drop_shadow`.
    pub shadow: Option<Params>,
}

impl Style {
    pub(super) fn of(given: Given) -> Result<Self, CoreError> {
        let [width, radius, shadow] = given.decimals(["border_width", "radius", "shadow"])?.map(|value| value.0);
        let named = |name: &str, value| (name.to_owned(), value);
        let color = named("color", Value::Text(given.text("border_color")?.to_owned()));
        let border: Params = [named("width", Value::Int(width)), named("radius", Value::Int(radius)), color].into();
        let fit = match given.text("fit")? {
            "contain" => Fit::Contain,
            "stretch" => Fit::Stretch,
            _ => Fit::Cover,
        };
        Ok(Self {
            fit,
            border: (width > 0 || radius > 0).then_some(border),
            shadow: if shadow > 0 { Some(shaded(Value::Int(shadow))?) } else { None },
        })
    }
}

/// A shadow of some darkness, as usual in everything else.
fn shaded(opacity: Value) -> Result<Params, CoreError> {
    let usual = find("drop_shadow")?.parameters.iter();
    let mut params: Params =
        usual.filter_map(|parameter| Some((parameter.name.to_owned(), parameter.default.value()?))).collect();
    params.insert("opacity".to_owned(), opacity);
    Ok(params)
}
