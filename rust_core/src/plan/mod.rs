//! From the folded timeline to units of work: a pure function of the project, its sources and the request.

mod chain;
mod colours;
mod edges;
mod encode;
mod fit;
mod grid;
mod joining;
mod joint;
mod layers;
mod laying;
mod picture;
mod pieces;
mod preview;
mod range;
mod reading;
mod request;
mod runs;
mod sound;
mod source;
mod timeline;
mod unit;
mod units;
mod whole;

use serde::Serialize;

pub use preview::{Shown, effect_filter};
pub use request::{Build, Colours, Encoder, PictureCoding, Range, Request, ScriptOption, SoundCoding, Whole};
pub use sound::{BLOCK, packets};
pub use timeline::{Laid, Lane, Timeline};
pub use unit::{Expect, Unit, UnitKind};

use crate::command::Argv;
use crate::error::{Code, CoreError};
use crate::media::Library;
use crate::model::{Clip, Output};
use grid::Grid;
use picture::Piece;
use range::Wanted;
use unit::{Draft, Hash};
use units::{Heard, Units};

/// A film as units of work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// A hash of all of it.
    pub plan_hash: String,
    /// How many frames.
    pub frames: i64,
    /// How many samples.
    pub samples: i64,
    /// How many samples the first packet of sound holds that come before those of the film.
    pub lead: i64,
    /// The film's format.
    pub output: Output,
    /// The picture's pieces, in order and without a gap.
    pub segments: Vec<Segment>,
    /// The sound's chunks, in order and without a gap; none in a silent film, or where it is coded in one go.
    pub sound: Vec<Chunk>,
    /// The unit that is all of the picture, made from the segments, where they can't be joined by copy.
    pub whole_picture: Option<String>,
    /// The unit that is all of the sound, where that is coded in one go.
    pub whole_sound: Option<String>,
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

/// The plan of a timeline. Refuses an empty one, or one without what is wanted of it (`nothing_to_render`), a source that
/// the library lacks (`source_missing`), a range that is none of it and a text without a font (`malformed_request`).
pub fn plan(timeline: &Timeline, library: &Library, request: &Request) -> Result<Plan, CoreError> {
    let output = timeline.output;
    let grid = Grid::of(timeline, library)?;
    if grid.frames == 0 {
        return Err(CoreError::new(Code::NothingToRender, "the timeline has no frame"));
    }
    let wanted = Wanted::of(request.range, &grid, output)?;
    let mut units = Units::new(library, request);
    let (segments, whole_picture) = match &request.picture {
        None => (Vec::new(), None),
        Some(coding) => {
            let segments = seen(&grid, &wanted, output, request, coding, &mut units)?;
            let whole = coding.whole.as_ref().map(|whole| units.whole_picture(&segments, &wanted, output, whole));
            (segments, whole)
        }
    };
    let heard = match &request.sound {
        Some(coding) if sound::any(&grid) => units.sound(&grid, &wanted, output, coding)?,
        _ => Heard::default(),
    };
    if request.picture.is_none() && heard.is_nothing() {
        return Err(CoreError::new(Code::NothingToRender, "nothing is heard in the timeline"));
    }
    let Heard { chunks: sound, whole: whole_sound, lead } = heard;
    let plan = Plan {
        plan_hash: String::new(),
        frames: wanted.count(),
        samples: wanted.heard(),
        lead,
        output: output.clone(),
        segments,
        sound,
        whole_picture,
        whole_sound,
        units: units.all,
    };
    Ok(Plan { plan_hash: hash(&plan), ..plan })
}

/// The pieces of the picture as far as they are wanted. One that is wanted as a whole is what it is in the whole film.
fn seen(
    grid: &Grid,
    wanted: &Wanted,
    output: &Output,
    request: &Request,
    coding: &PictureCoding,
    units: &mut Units,
) -> Result<Vec<Segment>, CoreError> {
    let (begin, end) = wanted.frames;
    let mut segments = Vec::new();
    for stretch in &layers::stretches(grid, output) {
        for piece in pieces::pieces(stretch, output.fps) {
            let piece = Piece { from: piece.from.max(begin), to: piece.to.min(end), ..piece };
            if piece.from < piece.to {
                let key = units.add(segment(&piece, output, request, coding)?);
                segments.push(Segment { key, start_frame: piece.from - begin, frames: piece.to - piece.from });
            }
        }
    }
    Ok(segments)
}

fn hash(plan: &Plan) -> String {
    let mut hash = Hash::begin("stoat-plan-2");
    hash.count(plan.segments.len());
    for segment in &plan.segments {
        hash.add(&segment.key);
    }
    for chunk in &plan.sound {
        hash.add(&chunk.key);
    }
    for whole in [&plan.whole_picture, &plan.whole_sound].into_iter().flatten() {
        hash.add(whole);
    }
    if plan.lead > 0 {
        hash.add(&plan.lead.to_string());
    }
    hash.add(&plan.samples.to_string()).end()
}

fn segment(piece: &Piece, output: &Output, request: &Request, coding: &PictureCoding) -> Result<Draft, CoreError> {
    let frames = piece.to - piece.from;
    let (width, height) = coding.size.unwrap_or((output.width, output.height));
    let mut drawn = picture::draw(piece, output, &request.fonts, coding)?;
    let mut argv = Argv::default();
    argv.words(&["-copyts"]).asked(&coding.piece.before);
    encode::globals(&mut argv);
    argv.append(&mut drawn.sources.argv);
    argv.graph(drawn.graph, request.ffmpeg.script_option.option());
    encode::picture(&mut argv, output, &coding.piece, frames);
    let pixels = i64::from(output.width) * i64::from(output.height);
    let layers = i64::try_from(piece.stretch.levels.len()).unwrap_or(i64::MAX);
    Ok(Draft {
        kind: UnitKind::Segment,
        suffix: coding.piece.suffix.clone(),
        first: Vec::new(),
        argv,
        weight: 1 + frames * (pixels / 1000) * (2 + layers) / 150,
        expect: Expect { frames: Some(frames), width: Some(width), height: Some(height), ..Expect::default() },
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
