//! From the folded timeline to units of work: a pure function of the project, its sources and the request.

mod colours;
mod encode;
mod fit;
mod grid;
mod layers;
mod laying;
mod picture;
mod pieces;
mod preview;
mod reading;
mod request;
mod runs;
mod sound;
mod source;
mod timeline;
mod unit;
mod units;

use serde::Serialize;

pub use preview::{Shown, effect_filter};
pub use request::{Build, Preset, Request, ScriptOption};
pub use sound::{BLOCK, packets};
pub use timeline::{Laid, Lane, Timeline};
pub use unit::{Expect, Unit, UnitKind};

use crate::command::Argv;
use crate::error::{Code, CoreError};
use crate::media::Library;
use crate::model::{Clip, Output};
use grid::Grid;
use picture::Piece;
use unit::{Draft, Hash};
use units::Units;

/// A film as units of work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// A hash of all of it.
    pub plan_hash: String,
    /// How many frames.
    pub frames: i64,
    /// How many samples.
    pub samples: i64,
    /// The film's format.
    pub output: Output,
    /// The picture's pieces, in order and without a gap.
    pub segments: Vec<Segment>,
    /// The sound's chunks, in order and without a gap; none in a silent film.
    pub sound: Vec<Chunk>,
    /// Every unit, once.
    pub units: Vec<Unit>,
}

/// Where a unit's picture stands in the film.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Segment {
    /// The unit.
    pub key: String,
    /// Its first frame.
    pub start_frame: i64,
    /// How many.
    pub frames: i64,
}

/// A unit's packets in the film.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Chunk {
    /// The unit.
    pub key: String,
    /// How many of its packets come before those of the film.
    pub skip: i64,
    /// How many are the film's.
    pub packets: i64,
}

/// The plan of a timeline. Refuses an empty one (`nothing_to_render`), a source that the library lacks
/// (`source_missing`) and a text without a font (`malformed_request`).
pub fn plan(timeline: &Timeline, library: &Library, request: &Request) -> Result<Plan, CoreError> {
    let output = timeline.output;
    let grid = Grid::of(timeline, library)?;
    if grid.frames == 0 {
        return Err(CoreError::new(Code::NothingToRender, "the timeline has no frame"));
    }
    let mut units = Units::new(library, request);
    let mut segments = Vec::new();
    for stretch in &layers::stretches(&grid, output) {
        for piece in pieces::pieces(stretch, output.fps) {
            let key = units.add(segment(&piece, output, request)?);
            segments.push(Segment { key, start_frame: piece.from, frames: piece.to - piece.from });
        }
    }
    let sound = if sound::any(&grid) { units.sound(&grid, output) } else { Vec::new() };
    let (frames, samples, units) = (grid.frames, grid.samples, units.all);
    let plan_hash = hash(&segments, &sound, samples);
    Ok(Plan { plan_hash, frames, samples, output: output.clone(), segments, sound, units })
}

fn hash(segments: &[Segment], sound: &[Chunk], samples: i64) -> String {
    let mut hash = Hash::begin("stoat-plan-2");
    hash.count(segments.len());
    for segment in segments {
        hash.add(&segment.key);
    }
    for chunk in sound {
        hash.add(&chunk.key);
    }
    hash.add(&samples.to_string()).end()
}

fn segment(piece: &Piece, output: &Output, request: &Request) -> Result<Draft, CoreError> {
    let frames = piece.to - piece.from;
    let mut drawn = picture::draw(piece, output, request)?;
    let mut argv = Argv::default();
    argv.words(&["-copyts"]);
    encode::globals(&mut argv);
    argv.append(&mut drawn.sources.argv);
    argv.graph(drawn.graph, request.ffmpeg.script_option.option());
    encode::segment(&mut argv, output, request.preset, frames);
    let pixels = i64::from(output.width) * i64::from(output.height);
    let layers = i64::try_from(piece.stretch.layers.len()).unwrap_or(i64::MAX);
    Ok(Draft {
        kind: UnitKind::Segment,
        suffix: ".mp4",
        argv,
        weight: 1 + frames * (pixels / 1000) * (2 + layers) / 150,
        expect: Expect {
            frames: Some(frames),
            width: Some(output.width),
            height: Some(output.height),
            ..Expect::default()
        },
        needs: Vec::new(),
        media: drawn.sources.media,
        fonts: drawn.fonts,
    })
}

fn missing(clip: &Clip) -> CoreError {
    CoreError::new(Code::SourceMissing, "the library does not have the source of a clip")
        .about(&*clip.id)
        .about(&*clip.source.media)
}

fn stream_missing(clip: &Clip, what: &str) -> CoreError {
    CoreError::new(Code::SourceMissing, format!("the source of a clip has no {what} any more"))
        .about(&*clip.id)
        .about(&*clip.source.media)
}
