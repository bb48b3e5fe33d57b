//! The units of a plan, each once, and those of its sound.

use std::collections::BTreeSet;

use crate::command::Argv;
use crate::error::CoreError;
use crate::media::Library;
use crate::model::Output;
use crate::plan::grid::{Grid, Voice};
use crate::plan::request::Request;
use crate::plan::sound::{self, Part};
use crate::plan::unit::{Draft, Expect, Unit, UnitKind};
use crate::plan::{Chunk, encode, reading};

/// The units of a plan as they are found, each once.
#[derive(Debug)]
pub struct Units<'r> {
    library: &'r Library,
    request: &'r Request,
    known: BTreeSet<String>,
    /// In the order in which they were added.
    pub all: Vec<Unit>,
}

impl<'r> Units<'r> {
    /// None yet.
    pub const fn new(library: &'r Library, request: &'r Request) -> Self {
        Self { library, request, known: BTreeSet::new(), all: Vec::new() }
    }

    /// The key of a unit, which is kept where it is new.
    pub fn add(&mut self, draft: Draft) -> String {
        let unit = draft.named(self.library, &self.request.ffmpeg.build);
        let key = unit.key.clone();
        if self.known.insert(key.clone()) {
            self.all.push(unit);
        }
        key
    }

    /// The film's sound in chunks, after the takes that they read.
    pub fn sound(&mut self, grid: &Grid, output: &Output) -> Result<Vec<Chunk>, CoreError> {
        let mut takes = sound::Takes::new();
        for voice in sound::takes(grid) {
            let draft = self.take(voice, output)?;
            takes.insert(voice.clip.id.clone(), self.add(draft));
        }
        let mut chunks = Vec::new();
        for part in sound::parts(grid) {
            let draft = self.mix(part, grid, &takes, output)?;
            chunks.push(Chunk { key: self.add(draft), skip: part.skip, packets: part.packets });
        }
        Ok(chunks)
    }

    fn take(&self, voice: &Voice, output: &Output) -> Result<Draft, CoreError> {
        let (argv, sources) = self.heard(sound::take(voice, output)?);
        Ok(audio(UnitKind::Audio, argv, sources, voice.to - voice.from, output))
    }

    fn mix(&self, part: Part, grid: &Grid, takes: &sound::Takes, output: &Output) -> Result<Draft, CoreError> {
        let (argv, sources) = self.heard(sound::mix(part, grid, takes, output)?);
        Ok(audio(UnitKind::Mix, argv, sources, part.to - part.from, output))
    }

    /// The arguments that give a graph of sound, but for what it is written as.
    fn heard(&self, (graph, mut sources): sound::Mixed) -> (Argv, reading::Sources) {
        let mut argv = Argv::default();
        argv.words(&["-copyts"]);
        encode::globals(&mut argv);
        argv.append(&mut sources.argv);
        argv.graph(graph, self.request.ffmpeg.script_option.option());
        (argv, sources)
    }
}

/// A unit of sound: a take, or a part of the mix.
fn audio(kind: UnitKind, mut argv: Argv, sources: reading::Sources, samples: i64, output: &Output) -> Draft {
    let (suffix, cost) = if kind == UnitKind::Mix {
        encode::aac(&mut argv, output);
        (".m4a", 35)
    } else {
        encode::pcm(&mut argv, output);
        (".wav", 10)
    };
    let (samples, sample_rate, channels) = (Some(samples), Some(output.sample_rate), Some(2));
    Draft {
        kind,
        suffix,
        argv,
        weight: 1 + samples.unwrap_or(0) * cost / i64::from(output.sample_rate),
        expect: Expect { samples, sample_rate, channels, ..Expect::default() },
        needs: sources.units,
        media: sources.media,
        fonts: Vec::new(),
    }
}
