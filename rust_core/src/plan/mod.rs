//! From the folded timeline to units of work: a pure function of the project, its sources and the request.

mod assemble;
mod colours;
mod encode;
mod fit;
mod grid;
mod layers;
mod picture;
mod pieces;
mod preview;
mod reading;
mod request;
mod sound;
mod source;
mod timeline;
mod unit;

use std::collections::BTreeSet;

use serde::Serialize;

pub use assemble::Assemble;
pub use preview::{Shown, effect_filter};
pub use request::{Build, Preset, Request, ScriptOption};
pub use timeline::{Laid, Lane, Timeline};
pub use unit::{Expect, Unit, UnitKind};

use crate::command::Argv;
use crate::error::{Code, CoreError};
use crate::media::Library;
use crate::model::{Clip, Output};
use grid::Grid;
use picture::Piece;
use unit::{Draft, Hash};

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
    /// Every unit, once.
    pub units: Vec<Unit>,
    /// The sound's key, where anything is heard.
    pub mix: Option<String>,
    /// The last process.
    pub assemble: Assemble,
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

/// The plan of a timeline. Refuses an empty one (`nothing_to_render`), a source that the library lacks
/// (`source_missing`) and a text without a font (`malformed_request`).
pub fn plan(timeline: &Timeline, library: &Library, request: &Request) -> Result<Plan, CoreError> {
    let output = timeline.output;
    let grid = Grid::of(timeline, library)?;
    if grid.frames == 0 {
        return Err(CoreError::new(Code::NothingToRender, "the timeline has no frame"));
    }
    let mut units = Units { library, request, known: BTreeSet::new(), all: Vec::new() };
    let mut segments = Vec::new();
    for stretch in &layers::stretches(&grid, output) {
        for piece in pieces::pieces(stretch, output.fps) {
            let key = units.add(segment(&piece, output, request)?);
            segments.push(Segment { key, start_frame: piece.from, frames: piece.to - piece.from });
        }
    }
    let mix = sound::any(&grid).then(|| units.sound(&grid, output));
    let keys = segments.iter().map(|segment| segment.key.as_str());
    let assemble = assemble::assemble(keys.clone(), mix.as_deref(), output);
    let mut hash = Hash::begin("stoat-plan-1");
    keys.chain(mix.as_deref()).for_each(|key| {
        hash.add(key);
    });
    let (frames, samples, units) = (grid.frames, grid.samples, units.all);
    Ok(Plan { plan_hash: hash.end(), frames, samples, output: output.clone(), segments, units, mix, assemble })
}

struct Units<'r> {
    library: &'r Library,
    request: &'r Request,
    known: BTreeSet<String>,
    all: Vec<Unit>,
}

impl Units<'_> {
    /// The key of a unit, which is kept where it is new.
    fn add(&mut self, draft: Draft) -> String {
        let unit = draft.named(self.library, &self.request.ffmpeg.build);
        let key = unit.key.clone();
        if self.known.insert(key.clone()) {
            self.all.push(unit);
        }
        key
    }

    /// The film's sound: its parts, and the encode that needs them.
    fn sound(&mut self, grid: &Grid, output: &Output) -> String {
        let takes = sound::takes(grid).map(|voice| {
            let draft = audio(voice.to - voice.from, sound::take(voice, output), output, self.request);
            (voice.clip.id.clone(), self.add(draft))
        });
        let takes: sound::Takes = takes.collect();
        let parts = sound::parts(grid, output).into_iter().map(|part| {
            self.add(audio(part.to - part.from, sound::mix(part, grid, &takes, output), output, self.request))
        });
        let keys: Vec<String> = parts.collect();
        let mut argv = Argv::default();
        argv.words(&["-protocol_whitelist", "file"]).joined(keys.iter().map(|key| format!("{key}.wav")));
        argv.words(&["-map", "0:a:0"]);
        encode::aac(&mut argv, output);
        self.add(Draft {
            kind: UnitKind::Mix,
            suffix: ".m4a",
            argv,
            weight: 1 + grid.samples * 25 / i64::from(output.sample_rate),
            expect: heard(grid.samples, output),
            needs: keys,
            media: Vec::new(),
            fonts: Vec::new(),
        })
    }
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

fn audio(samples: i64, (graph, mut sources): sound::Mixed, output: &Output, request: &Request) -> Draft {
    let mut argv = Argv::default();
    argv.words(&["-copyts"]);
    encode::globals(&mut argv);
    argv.append(&mut sources.argv);
    argv.graph(graph, request.ffmpeg.script_option.option());
    encode::pcm(&mut argv, output);
    Draft {
        kind: UnitKind::Audio,
        suffix: ".wav",
        argv,
        weight: 1 + samples * 10 / i64::from(output.sample_rate),
        expect: heard(samples, output),
        needs: sources.units,
        media: sources.media,
        fonts: Vec::new(),
    }
}

fn heard(samples: i64, output: &Output) -> Expect {
    Expect { samples: Some(samples), sample_rate: Some(output.sample_rate), channels: Some(2), ..Expect::default() }
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
