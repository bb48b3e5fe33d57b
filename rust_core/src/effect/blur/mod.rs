//! What blurs and sharpens.

pub mod box_blur;
pub mod emboss;
pub mod gaussian_blur;
pub mod motion_blur;
pub mod pixelate;
pub mod region_blur;
pub mod sharpen;

use super::{Brush, Given};
use crate::error::CoreError;
use crate::graph::{Filter, Picture, Wire};
use crate::model::Micro;

/// A blur of light and dark, and of colour, whose planes are half as wide; opacity stays.
fn gaussian(Micro(radius): Micro) -> [Filter; 2] {
    let blur = |radius, planes: i64| {
        Filter::new("gblur").with("sigma", Micro(radius)).with("steps", 3_i64).with("planes", planes)
    };
    [blur(radius, 1), blur(radius / 2, 6)]
}

/// A rectangle of a picture, on even pixels.
struct Area {
    x: i64,
    y: i64,
    width: i64,
    height: i64,
}

impl Area {
    /// What the parameters x, y, width and height name of a picture of a size.
    fn of(given: Given, (width, height): (i64, i64)) -> Result<Self, CoreError> {
        let [left, top, wide, high] = given.decimals(["x", "y", "width", "height"])?;
        let x = left.even_part_of(width).min(width - 2);
        let y = top.even_part_of(height).min(height - 2);
        let right = Micro(left.0 + wide.0).even_part_of(width).clamp(x + 2, width);
        let bottom = Micro(top.0 + high.0).even_part_of(height).clamp(y + 2, height);
        Ok(Self { x, y, width: right - x, height: bottom - y })
    }

    /// `filters` on this part of an opaque picture.
    fn change(
        &self,
        brush: &mut Brush,
        wire: Wire<Picture>,
        filters: impl IntoIterator<Item = Filter>,
    ) -> Wire<Picture> {
        let [whole, part] = brush.graph.twice(wire);
        let crop = Filter::new("crop").with("w", self.width).with("h", self.height);
        let part = brush.graph.then(part, crop.with("x", self.x).with("y", self.y));
        let changed = brush.graph.through(part, filters);
        brush.graph.overlay(whole, changed, (self.x, self.y))
    }
}
