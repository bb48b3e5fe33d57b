//! The part of the film that is wanted, in frames and samples of the film.

use crate::error::{Code, CoreError};
use crate::model::Output;
use crate::plan::grid::Grid;
use crate::plan::request::Range;
use crate::time::sample_at;

/// Frames and samples `[from, to)` of the film.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// Its frames.
    pub frames: (i64, i64),
    /// The samples that sound with them.
    pub samples: (i64, i64),
}

impl Wanted {
    /// What `range` comes to; refuses one without a frame (`empty_range`) and one that the film does not reach
    /// (`outside_timeline`).
    pub fn of(range: Option<Range>, grid: &Grid, output: &Output) -> Result<Self, CoreError> {
        let Some(range) = range else {
            return Ok(Self { frames: (0, grid.frames), samples: (0, grid.samples) });
        };
        let from = output.fps.boundary(range.start);
        let end = range.end.map_or(grid.frames, |end| output.fps.boundary(end));
        let to = if range.still { from + 1 } else { end };
        if from < 0 || from >= grid.frames || to > grid.frames {
            let message = format!("the film has {} frames, and frames {from} to {to} are wanted", grid.frames);
            return Err(CoreError::new(Code::OutsideTimeline, message).at("range"));
        }
        if to <= from {
            return Err(CoreError::new(Code::EmptyRange, "the range has no frame").at("range"));
        }
        let sample = |frame| sample_at(output.fps.start_of(frame), output.sample_rate);
        Ok(Self { frames: (from, to), samples: (sample(from), sample(to)) })
    }

    /// How many frames.
    pub const fn count(&self) -> i64 {
        self.frames.1 - self.frames.0
    }

    /// How many samples.
    pub const fn heard(&self) -> i64 {
        self.samples.1 - self.samples.0
    }
}
