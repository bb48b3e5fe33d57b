//! Where a picture of some shape comes to lie on the canvas. All positions and sizes are even: chroma is half as wide.

use crate::media::{Rotation, VideoStream};
use crate::model::{Fit, Micro, Output, Transform};

/// A rectangle in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Area {
    /// Left edge.
    pub x: i64,
    /// Upper edge.
    pub y: i64,
    /// Width.
    pub width: i64,
    /// Height.
    pub height: i64,
}

/// How a picture gets to its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placement {
    /// The size that it is scaled to, upright.
    pub scaled: (i64, i64),
    /// What is left of it after cropping, in the scaled picture.
    pub kept: Area,
    /// Where that lies on the canvas.
    pub x: i64,
    /// Where that lies on the canvas.
    pub y: i64,
    /// The rectangle that the clip was given.
    pub rectangle: Area,
    /// Degrees in millionths, clockwise around the rectangle's middle, less than a turn.
    pub rotation: Micro,
    /// How much of the picture is there.
    pub opacity: Micro,
}

impl Placement {
    /// Where `video` lies on the canvas of `output`.
    pub fn of(video: &VideoStream, fit: Fit, transform: Transform, output: &Output) -> Self {
        let rectangle = rectangle(transform, output);
        let (width, height) = (rectangle.width, rectangle.height);
        let (shape_x, shape_y) = shape(video);
        // the picture's width at the rectangle's height, and the other way round
        let by_height = even(i128::from(height) * shape_x, shape_y);
        let by_width = even(i128::from(width) * shape_y, shape_x);
        let wider = i128::from(width) * shape_y < i128::from(height) * shape_x;
        let scaled = match fit {
            Fit::Stretch => (width, height),
            Fit::Contain if wider => (width, by_width.min(height)),
            Fit::Contain => (by_height.min(width), height),
            Fit::Cover if wider => (by_height.max(width), height),
            Fit::Cover => (width, by_width.max(height)),
        };
        let (kept_width, kept_height) = (scaled.0.min(width), scaled.1.min(height));
        Self {
            scaled,
            kept: Area {
                x: middle(scaled.0, kept_width),
                y: middle(scaled.1, kept_height),
                width: kept_width,
                height: kept_height,
            },
            x: rectangle.x + middle(width, kept_width),
            y: rectangle.y + middle(height, kept_height),
            rectangle,
            rotation: Micro(transform.rotation.0.rem_euclid(360_000_000)),
            opacity: transform.opacity,
        }
    }

    /// What the picture covers of the canvas.
    pub const fn shown(&self) -> Area {
        Area { x: self.x, y: self.y, width: self.kept.width, height: self.kept.height }
    }

    /// Whether no pixel of the canvas is left free.
    pub fn fills(&self, output: &Output) -> bool {
        self.rotation == Micro(0)
            && self.opacity == Micro::ONE
            && self.x <= 0
            && self.y <= 0
            && self.x + self.kept.width >= i64::from(output.width)
            && self.y + self.kept.height >= i64::from(output.height)
    }

    /// Whether it is exactly the canvas.
    pub fn is_canvas(&self, output: &Output) -> bool {
        (self.x, self.y, self.kept.width, self.kept.height) == (0, 0, i64::from(output.width), i64::from(output.height))
    }
}

impl Area {
    /// The square, but for what is even, around which this can turn without leaving it; its middle is the same.
    pub fn turned(self) -> Self {
        let across = (self.width * self.width + self.height * self.height).isqrt() + 2;
        // the same even offset on both sides
        let grown = |length: i64| length + (across - length).max(0).div_euclid(4) * 4 + 4;
        let (width, height) = (grown(self.width), grown(self.height));
        let (x, y) = (self.x - (width - self.width) / 2, self.y - (height - self.height) / 2);
        Self { x, y, width, height }
    }

    /// This with `room` on every side.
    pub const fn grown(self, room: i64) -> Self {
        Self { x: self.x - room, y: self.y - room, width: self.width + 2 * room, height: self.height + 2 * room }
    }

    /// How far this reaches beyond another, at the side at which it does so most.
    pub fn beyond(self, other: Self) -> i64 {
        let right = self.x + self.width - other.x - other.width;
        let down = self.y + self.height - other.y - other.height;
        [0, other.x - self.x, other.y - self.y, right, down].into_iter().max().unwrap_or(0)
    }

    /// The least that covers this and another.
    pub fn with(self, other: Self) -> Self {
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        let width = (self.x + self.width).max(other.x + other.width) - x;
        let height = (self.y + self.height).max(other.y + other.height) - y;
        Self { x, y, width, height }
    }

    /// What of this lies in another.
    pub fn within(self, other: Self) -> Option<Self> {
        let (x, y) = (self.x.max(other.x), self.y.max(other.y));
        let width = (self.x + self.width).min(other.x + other.width) - x;
        let height = (self.y + self.height).min(other.y + other.height) - y;
        (width > 0 && height > 0).then_some(Self { x, y, width, height })
    }
}

/// The rectangle of the canvas that a transform names.
fn rectangle(transform: Transform, output: &Output) -> Area {
    let edge = |fraction: i64, whole: u32| Micro(fraction).even_part_of(i64::from(whole));
    let (left, right) = (transform.x.0, transform.x.0 + transform.width.0);
    let (top, bottom) = (transform.y.0, transform.y.0 + transform.height.0);
    let (x, y) = (edge(left, output.width), edge(top, output.height));
    Area { x, y, width: (edge(right, output.width) - x).max(2), height: (edge(bottom, output.height) - y).max(2) }
}

/// Width to height as it is shown, upright.
fn shape(video: &VideoStream) -> (i128, i128) {
    let width = i128::from(video.width) * i128::from(video.sar.num.max(1));
    let height = i128::from(video.height) * i128::from(video.sar.den);
    match video.rotation {
        Rotation::Upright | Rotation::Over => (width, height),
        Rotation::Right | Rotation::Left => (height, width),
    }
}

/// The even number nearest to a fraction, at least 2.
fn even(numerator: i128, denominator: i128) -> i64 {
    i64::try_from(2 * (numerator + denominator).div_euclid(2 * denominator)).unwrap_or(i64::MAX).max(2)
}

/// The even offset that puts `inner` in the middle of `outer`.
const fn middle(outer: i64, inner: i64) -> i64 {
    (outer - inner) / 4 * 2
}
