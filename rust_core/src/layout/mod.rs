//! Layouts: where several clips lie on one canvas. Each family has one file; discovery, schemas and checks go by that. A new
//! one is its file and its line in [`ALL`].

mod describe;
mod grid;
mod picture_in_picture;
mod rectangles;
mod side_by_side;
mod style;
mod top_and_bottom;

pub use describe::definitions;
pub use style::Style;

use serde::Serialize;
use serde_json::{Map, Value as Json};

use crate::effect::{Given, Parameter, Patch, normalised};
use crate::error::{Code, CoreError};
use crate::keyframes::Keyframes;
use crate::limits::out_of_range;
use crate::model::{Effect, Micro, Transform, Window};

/// Every layout, in the order of discovery.
static ALL: [&Definition; 5] =
    [&picture_in_picture::LAYOUT, &side_by_side::LAYOUT, &top_and_bottom::LAYOUT, &grid::LAYOUT, &rectangles::LAYOUT];

/// What a layout is and takes.
struct Definition {
    /// The name in requests.
    name: &'static str,
    /// The name for people.
    display_name: &'static str,
    /// What it does, exactly.
    description: &'static str,
    /// When an agent should choose it.
    ai_hint: &'static str,
    /// Its own parameters; those of the frames come with every layout.
    parameters: &'static [Parameter],
    /// Parameters that show what it does, as JSON.
    example: &'static str,
    /// How many clips it takes, at least and at most.
    clips: [usize; 2],
    /// Where they lie.
    places: Places,
}

/// How a layout finds its places.
enum Places {
    /// By its parameters.
    Reckoned(fn(Given, &Canvas) -> Result<Vec<Place>, CoreError>),
    /// A request has them, as `rectangles`.
    Given,
}

/// What a layout is for.
struct Canvas {
    width: i64,
    height: i64,
    clips: usize,
}

impl Canvas {
    /// A part of the shorter side as a part of the width and of the height.
    fn even(&self, Micro(part): Micro) -> (i64, i64) {
        let short = self.width.min(self.height);
        (part * short / self.width, part * short / self.height)
    }
}

/// Where a clip comes to lie.
#[derive(Debug, Serialize)]
pub struct Place {
    /// Its rectangle.
    pub transform: Transform,
    /// Whether it gets the frame of the layout.
    pub framed: bool,
}

impl Place {
    /// All of the canvas, as a ground for others.
    const GROUND: Self = Self { transform: Transform::FULL, framed: false };

    /// A framed rectangle in millionths of the canvas.
    const fn at([x, y, width, height]: [i64; 4]) -> Self {
        let transform =
            Transform { x: Micro(x), y: Micro(y), width: Micro(width), height: Micro(height), ..Transform::FULL };
        Self { transform, framed: true }
    }
}

/// Where clips come to lie, in their order, and how frames look.
#[derive(Debug, Serialize)]
pub struct Laid {
    /// The places, one a clip; later clips lie over earlier ones.
    pub places: Vec<Place>,
    /// The look of every frame.
    pub style: Style,
}

/// A layout of `clips` clips on a canvas of a size, from the JSON object of a request.
///
/// Refuses `unknown_layout`, `out_of_range` for another number of clips than it takes and numbers out of range, and
/// `bad_parameter` for what it does not take.
pub fn laid(name: &str, params: &[u8], clips: usize, (width, height): (u32, u32)) -> Result<Laid, CoreError> {
    let found = ALL.into_iter().find(|layout| layout.name == name);
    let layout = found.ok_or_else(|| {
        let names: Vec<_> = ALL.iter().map(|layout| layout.name).collect();
        CoreError::new(Code::UnknownLayout, format!("a layout is one of {}", names.join(", "))).at("layout")
    })?;
    let [least, most] = layout.clips;
    if !(least..=most).contains(&clips) {
        let wanted = if least == most { format!("{least}") } else { format!("{least} to {most}") };
        return Err(out_of_range("clips", format!("{name} takes {wanted} clips")));
    }
    let mut asked: Map<String, Json> = serde_json::from_slice(params).map_err(|error| {
        CoreError::new(Code::BadParameter, format!("params is a JSON object: {error}")).at("params")
    })?;
    let rectangles = if matches!(layout.places, Places::Given) { asked.remove("rectangles") } else { None };
    let all: Vec<&Parameter> = layout.parameters.iter().chain(&style::PARAMETERS).collect();
    let params = normalised(name, &all, &asked, Patch::Defaults, None)?;
    let (kind, window, keyframes) = (name.to_owned(), Window::WHOLE, Keyframes::new());
    let chosen = Effect { id: name.into(), kind, params, window, keyframes };
    let canvas = Canvas { width: i64::from(width), height: i64::from(height), clips };
    let places = match layout.places {
        Places::Reckoned(places) => places(Given(&chosen), &canvas)?,
        Places::Given => rectangles::read(rectangles.as_ref(), clips)?,
    };
    Ok(Laid { places, style: Style::of(Given(&chosen))? })
}

/// Start and length of two parts of a whole, `gap` apart; the first has `ratio` of it, gap aside.
const fn parted(ratio: i64, gap: i64) -> [(i64, i64); 2] {
    let first = (1_000_000 - gap) * ratio / 1_000_000;
    [(0, first), (first + gap, 1_000_000 - first - gap)]
}
